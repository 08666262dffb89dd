/** Cases of root management that live outside the repository: files of one SCMS, with a removal, forgeries and CTLs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesDir } from '../support/cases.ts';

/** The bytes of a case by its name, such as `gccf1`. */
export function caseOctets(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(casesDir() ?? '', 'root-management', `${name}.oer`)));
}
