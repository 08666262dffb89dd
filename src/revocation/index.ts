/** Revocation without what needs Node: files and threads (`build.ts`, `save.ts`, `save-open.ts`) are imported by their names. */
export { jEndOf, livesIn } from './build-plan.ts';
export { entriesOf, entryCount, kindOf, mergeEntries, positionOf } from './crl-columns.ts';
export { continuityOf, type LineInForce, type StandingCrl } from './crl-lines.ts';
export {
  type CrlSigner,
  checkCrlAuthority,
  checkCrlContents,
  checkCrlDates,
  checkCrlHeader,
  checkCrlOverdue,
  checkCrlPsid,
  crlPayload,
  DEFAULT_TOLERANCE_SECONDS,
  type Named,
} from './crl-rules.ts';
export { type ChainCertificate, type ChainedCrl, revokedSigners } from './crl-signers.ts';
export type { CrlInput, CrlVerdict } from './crl-verdict.ts';
export { bytesOf, type ChainColumns, type CrlIndex, type HashTable, type RevocationData } from './index-data.ts';
export { buildHashTable, findHash } from './index-hashes.ts';
export { RevocationIndex } from './revocation-index.ts';
export {
  type AcceptedCrl,
  ANY_CRACA,
  type CrlKind,
  type CrlScope,
  type LinkageEntries,
  type LinkageQuery,
  type RevocationAnswer,
  type RevocationQuery,
} from './types.ts';
