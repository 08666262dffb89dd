// Runs every example; fails if one does.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')) {
  console.log(`— ${name}`);
  execFileSync(process.execPath, [join(folder, name)], { stdio: 'inherit' });
}
