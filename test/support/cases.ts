/** Small inputs of every kind that the field has, which live outside the repository. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the cases: SCMS_CASES, else ../shared/cases beside the project; undefined where there is none. */
export function casesDir(): string | undefined {
  const folder = process.env.SCMS_CASES ?? join(PROJECT, '..', 'shared', 'cases');
  return existsSync(folder) ? folder : undefined;
}

/** A describe block that is skipped, with a notice, where the cases are absent. */
export function describeWithCases(name: string, body: (folder: string) => void): void {
  const folder = casesDir();
  if (folder !== undefined) {
    describe(name, () => body(folder));
  } else {
    console.warn(`skipped, no cases found (set SCMS_CASES): ${name}`);
    describe.skip(name, () => it('needs cases', () => {}));
  }
}
