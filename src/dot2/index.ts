/** IEEE 1609.2 structures, declared once: decoding, encoding, canonical form, times. */
export * from './basic.ts';
export {
  canonicalCertificate,
  canonicalToBeSigned,
  canonicalToBeSignedData,
  wholeCertificateHash,
} from './canonical.ts';
export * from './certificate.ts';
export { type CertificateStore, ChainFile, certificatesOfChainFile, storeOfChainFile } from './chain-file.ts';
export {
  CompositeCrl,
  type CrlContainer,
  type CrlFile,
  type CrlPiece,
  crlsOfFile,
  MAX_COMPOSITE_CRLS,
  ScmsCompositeCrlPdu,
} from './composite-crl.ts';
export {
  CrlContents,
  CrlSsp,
  HASH_ENTRY_BYTES,
  type HashIdCrl,
  type LinkageValueCrl,
  MAX_CRL_ENTRIES,
  MAX_CRL_GROUPS,
} from './crl.ts';
export {
  EccP256CurvePoint,
  EccP384CurvePoint,
  PublicEncryptionKey,
  PublicVerificationKey,
  Signature,
} from './crypto.ts';
export { FullIeeeTbsCtl, MultiSignedCtl, ScmsPdu, ToBeSignedCtlSignature } from './ctl.ts';
export * from './endorsement.ts';
export { GlobalPolicy, LocalPolicy, PolicyFile } from './policy.ts';
export {
  PSID_CRL,
  PSID_MISBEHAVIOUR,
  PSID_SCMS,
  SCMS_ROLES,
  type ScmsRole,
  scmsRoleOf,
} from './scms-role.ts';
export * from './signed-data.ts';
export { SKIM_NO_STRUCTURE, SKIM_TOO_LONG, skimEnd } from './skim.ts';
export {
  decodeStructureAt,
  endOfStructure,
  isChainFile,
  isWholeStructure,
  STRUCTURES,
  type StructureKind,
  sniffStructure,
} from './structures.ts';
export { formatTai, parseTime, taiFromUnixMs, unixMsFromTai, validityMicros } from './time.ts';
