import { type DecodeFailure, type DecodeResult, decodePrefix, endOfValue, type Schema } from '../coer/index.ts';
import { Certificate } from './certificate.ts';
import { ChainFile, GLOBAL_CHAIN_FILE_PREFIX, LOCAL_CHAIN_FILE_PREFIX } from './chain-file.ts';
import { CompositeCrl, SCMS_COMPOSITE_CRL_PREFIX, ScmsCompositeCrlPdu } from './composite-crl.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';
import { skimEnd } from './skim.ts';

/** The structures that a file may hold, recognised by their first bytes. */
export type StructureKind =
  | 'certificate'
  | 'data'
  | 'localChainFile'
  | 'globalChainFile'
  | 'compositeCrl'
  | 'scmsCompositeCrl';

/** The schema of each kind of structure that a file may hold. */
export const STRUCTURES: Readonly<Record<StructureKind, Schema<unknown>>> = {
  certificate: Certificate,
  data: Ieee1609Dot2Data,
  localChainFile: ChainFile,
  globalChainFile: ChainFile,
  compositeCrl: CompositeCrl,
  scmsCompositeCrl: ScmsCompositeCrlPdu,
};

/**
 * The kind that the bytes at `offset` claim, `undefined` for an unknown one. A claim is a hint for readers;
 * the strict decoder decides.
 */
export function sniffStructure(bytes: Uint8Array, offset = 0): StructureKind | undefined {
  const first = bytes[offset];
  const second = bytes[offset + 1] as number;
  const third = bytes[offset + 2];
  if (first === undefined || first > 0x80 || third === undefined) return undefined;
  // CertificateBase: preamble (80 = signature present), version 3, type 00 explicit / 01 implicit.
  if ((first === 0x80 || first === 0x00) && second === 0x03 && third <= 0x01) return 'certificate';
  // Ieee1609Dot2Data: protocol version 3 and a content tag.
  if (first === 0x03 && second >= 0x80 && second <= 0x84) return 'data';
  if (beginsWith(bytes, offset, LOCAL_CHAIN_FILE_PREFIX)) return 'localChainFile';
  if (beginsWith(bytes, offset, GLOBAL_CHAIN_FILE_PREFIX)) return 'globalChainFile';
  if (beginsWith(bytes, offset, SCMS_COMPOSITE_CRL_PREFIX)) return 'scmsCompositeCrl';
  // CompositeCrl of CAMP: preamble 00, a count of one octet, a first SecuredCrl (signed data).
  if (first === 0 && second === 1 && beginsWith(bytes, offset + 3, SIGNED_DATA_PREFIX)) return 'compositeCrl';
  return undefined;
}

const SIGNED_DATA_PREFIX = [0x03, 0x81] as const;

function beginsWith(bytes: Uint8Array, offset: number, prefix: ArrayLike<number>): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[offset + i] !== prefix[i]) return false;
  return true;
}

/** Whether a structure is an unsigned container of certificates. */
export function isChainFile(kind: StructureKind | undefined): kind is 'localChainFile' | 'globalChainFile' {
  return kind === 'localChainFile' || kind === 'globalChainFile';
}

/** The end of the structure of a known kind that starts at `offset`, or why it does not decode strictly. */
export function endOfStructure(kind: StructureKind, bytes: Uint8Array, offset = 0): number | DecodeFailure {
  return endOfValue(STRUCTURES[kind], bytes, offset);
}

/** Whether the bytes are exactly one structure that decodes strictly. */
export function isWholeStructure(bytes: Uint8Array): boolean {
  const kind = sniffStructure(bytes);
  if (kind === undefined) return false;
  // Moving over the fields rules out most other bytes at a small part of the cost.
  const isFramed = (kind !== 'data' && kind !== 'certificate') || skimEnd(kind, bytes) === bytes.length;
  return isFramed && endOfStructure(kind, bytes) === bytes.length;
}

/** Decodes the structure of a known kind that starts at `offset` and says where it ends. */
export function decodeStructureAt(kind: StructureKind, bytes: Uint8Array, offset = 0): DecodeResult<unknown> {
  return decodePrefix(STRUCTURES[kind], bytes, offset);
}
