/** IEEE 1609.2 structures, declared once: decoding, encoding, canonical form, times. */
export * from './basic.ts';
export {
  canonicalCertificate,
  canonicalToBeSigned,
  canonicalToBeSignedData,
  wholeCertificateHash,
} from './canonical.ts';
export * from './certificate.ts';
export { certificatesOfChainFile, LocalChainFile } from './chain-file.ts';
export {
  EccP256CurvePoint,
  EccP384CurvePoint,
  PublicEncryptionKey,
  PublicVerificationKey,
  Signature,
} from './crypto.ts';
export * from './signed-data.ts';
export { decodeStructureAt, STRUCTURES, type StructureKind, sniffStructure } from './structures.ts';
export { formatTai, parseTime, taiFromUnixMs, unixMsFromTai, validityMicros } from './time.ts';
