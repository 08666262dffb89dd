/** Published test vectors, which live outside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the vectors: SCMS_VECTORS, else ../shared/vectors beside the project; undefined where there is none. */
export function vectorsDir(): string | undefined {
  const folder = process.env.SCMS_VECTORS ?? join(PROJECT, '..', 'shared', 'vectors');
  return existsSync(folder) ? folder : undefined;
}

/** A vector file as text, by its path inside the folder of the vectors. */
export function readVector(path: string): string {
  return readFileSync(join(vectorsDir() ?? '', path), 'utf8');
}

/** A describe block that is skipped, with a notice, where the vectors are absent. */
export function describeWithVectors(name: string, body: () => void): void {
  if (vectorsDir()) {
    describe(name, body);
  } else {
    console.warn(`skipped, no test vectors found (set SCMS_VECTORS): ${name}`);
    // Not `body`: it would run to collect its tests, and many read vectors on the way.
    describe.skip(name, () => it('needs vectors', () => {}));
  }
}

/** The `Key = value` blocks of a CAVP response file, separated by blank lines; lines of the form [name] are left out. */
export function readResponseFile(path: string): Record<string, string>[] {
  return readVector(path)
    .split(/\r?\n\s*\r?\n/)
    .map((block) =>
      Object.fromEntries(
        block
          .split(/\r?\n/)
          .filter((line) => line.includes(' = ') && !line.startsWith('[') && !line.startsWith('#'))
          .map((line) => line.split(' = ', 2) as [string, string]),
      ),
    )
    .filter((record) => Object.keys(record).length > 0);
}
