import { AUTHORITY } from './authority.ts';
import { CONTENTS, HEADERS } from './contents.ts';
import { DATES, ORDER } from './order.ts';
import { CHAIN, SIGNERS } from './signers.ts';
import type { CrlSpecimen } from './specimen.ts';

export { crlGenerator, withOtherSignature } from './making.ts';
export { CRL_SPECIALS } from './specials.ts';
export { buildCrlSpecimen, type CrlCase, type CrlSpecimen, inputsOf } from './specimen.ts';

/** Every known way for a CRL to be wrong. */
export const CRL_FAULTS: readonly CrlSpecimen[] = [
  ...CONTENTS,
  ...HEADERS,
  ...AUTHORITY,
  ...CHAIN,
  ...DATES,
  ...SIGNERS,
  ...ORDER,
];
