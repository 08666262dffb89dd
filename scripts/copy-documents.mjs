/** Puts what is read at run time, and is no TypeScript, beside the compiled files that read it. */
import { cpSync } from 'node:fs';

const root = new URL('..', import.meta.url);
cpSync(new URL('src/rehearsal/scenarios/', root), new URL('dist/src/rehearsal/scenarios/', root), { recursive: true });
