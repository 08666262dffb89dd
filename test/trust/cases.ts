/** Cases of root management that live outside the repository: files of one SCMS, with a removal, forgeries and CTLs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { vectorsDir } from '../support/vectors.ts';

const FOLDER = join(vectorsDir() ?? '', '..', 'cases', 'root-management');

/** The octets of a case by its name, such as `gccf1`. */
export const caseOctets = (name: string): Uint8Array => new Uint8Array(readFileSync(casePath(name)));
export const casePath = (name: string): string => join(FOLDER, `${name}.oer`);

/** A describe block that is skipped, with a notice, where the cases are absent. */
export function describeWithCases(name: string, body: () => void): void {
  if (vectorsDir() !== undefined && existsSync(FOLDER)) {
    describe(name, body);
    return;
  }
  console.warn(`skipped, no cases of root management found: ${name}`);
  describe.skip(name, () => it('needs cases', () => {}));
}
