import { type DecodeResult, decodePrefix, type Schema } from '../coer/index.ts';
import { Certificate } from './certificate.ts';
import { ChainFile, GLOBAL_CHAIN_FILE_PREFIX, LOCAL_CHAIN_FILE_PREFIX } from './chain-file.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/** The structures that a file may hold, told apart by their first octets. */
export type StructureKind = 'certificate' | 'data' | 'localChainFile' | 'globalChainFile';

export const STRUCTURES: Readonly<Record<StructureKind, Schema<unknown>>> = {
  certificate: Certificate,
  data: Ieee1609Dot2Data,
  localChainFile: ChainFile,
  globalChainFile: ChainFile,
};

/**
 * What the octets at `offset` claim to be, `undefined` where they claim nothing known. A claim is a hint for readers;
 * the strict decoder decides.
 */
export function sniffStructure(bytes: Uint8Array, offset = 0): StructureKind | undefined {
  const [first, second, third] = bytes.subarray(offset, offset + 3);
  if (first === undefined || second === undefined || third === undefined) return undefined;
  // CertificateBase: preamble (80 = signature present), version 3, type 00 explicit / 01 implicit.
  if ((first === 0x80 || first === 0x00) && second === 0x03 && third <= 0x01) return 'certificate';
  // Ieee1609Dot2Data: protocol version 3 and a content tag.
  if (first === 0x03 && second >= 0x80 && second <= 0x84) return 'data';
  if (LOCAL_CHAIN_FILE_PREFIX.every((octet, i) => bytes[offset + i] === octet)) return 'localChainFile';
  if (GLOBAL_CHAIN_FILE_PREFIX.every((octet, i) => bytes[offset + i] === octet)) return 'globalChainFile';
  return undefined;
}

/** Whether a structure is a container of certificates that nobody signed. */
export function isChainFile(kind: StructureKind | undefined): kind is 'localChainFile' | 'globalChainFile' {
  return kind === 'localChainFile' || kind === 'globalChainFile';
}

/** Decodes the structure of a known kind that starts at `offset` and says where it ends. */
export function decodeStructureAt(kind: StructureKind, bytes: Uint8Array, offset = 0): DecodeResult<unknown> {
  return decodePrefix(STRUCTURES[kind], bytes, offset);
}
