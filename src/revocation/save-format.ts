import { createHash } from 'node:crypto';
import type { RevocationData } from './index-data.ts';

/**
 * The file of an index:
 *
 * | octets | what |
 * |---|---|
 * | 8 | `SCMSRIDX` |
 * | 4 | version of this format, little-endian |
 * | 4 | length of the header |
 * | … | header: JSON, {@link Header} |
 * | 32 | SHA-256 of everything before |
 * | … | sections: arrays as they lie in memory (little-endian), one behind the other to the end of the file |
 *
 * Hashes are there against damage: whoever can write the file can write matching ones. It is as trusted as the trust store, and
 * belongs where only those can write who may say what is revoked.
 */
export const MAGIC = 'SCMSRIDX';
export const FORMAT_VERSION = 1;
/** Octets before the header. */
export const PREFIX_OCTETS = MAGIC.length + 8;
export const HASH_OCTETS = 32;
export const MAX_HEADER_OCTETS = 2 ** 26;

export type SectionArray = Uint8Array | Uint16Array | Uint32Array;
/** Octets an item. */
const ARRAY_TYPES = { u8: 1, u16: 2, u32: 4 } as const;
type ArrayType = keyof typeof ARRAY_TYPES;

export interface Section {
  readonly type: ArrayType;
  readonly octets: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

export interface Header {
  /** {@link RevocationData}, in which `{"section": n}` stands for an array. */
  readonly data: unknown;
  readonly sections: readonly Section[];
}

/** Splits data into what goes into the header, and the arrays. */
export function takeApart(data: RevocationData): { readonly plain: unknown; readonly arrays: SectionArray[] } {
  const arrays: SectionArray[] = [];
  const walk = (value: unknown): unknown => {
    if (isSectionArray(value)) return { section: arrays.push(value) - 1 };
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return { plain: walk(data), arrays };
}

/** The reverse; what comes out has yet to be checked. */
export function putTogether(plain: unknown, arrays: readonly SectionArray[]): unknown {
  if (Array.isArray(plain)) return plain.map((one) => putTogether(one, arrays));
  if (typeof plain !== 'object' || plain === null) return plain;
  if ('section' in plain) return arrays[plain.section as number];
  return Object.fromEntries(Object.entries(plain).map(([key, inner]) => [key, putTogether(inner, arrays)]));
}

export function sectionOf(array: SectionArray): Section {
  return { type: typeOf(array), octets: array.byteLength, sha256: hashOf(octetsOf(array)) };
}

export function octetsOf({ buffer, byteOffset, byteLength }: SectionArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** An array of a section's type over all of a buffer. */
export function arrayOver(type: ArrayType, buffer: SharedArrayBuffer): SectionArray {
  if (type === 'u8') return new Uint8Array(buffer);
  return type === 'u16' ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

export function isArrayType(type: string): type is ArrayType {
  return Object.hasOwn(ARRAY_TYPES, type);
}

export function octetsAnItem(type: ArrayType): number {
  return ARRAY_TYPES[type];
}

function typeOf(array: SectionArray): ArrayType {
  return array instanceof Uint8Array ? 'u8' : array instanceof Uint16Array ? 'u16' : 'u32';
}

function isSectionArray(value: unknown): value is SectionArray {
  return value instanceof Uint8Array || value instanceof Uint16Array || value instanceof Uint32Array;
}

/** Octets that are hashed, read or written at a time. */
export const PIECE_OCTETS = 2 ** 24;

export function hashOf(octets: Uint8Array): string {
  const hash = createHash('sha256');
  for (let at = 0; at < octets.length; at += PIECE_OCTETS) hash.update(octets.subarray(at, at + PIECE_OCTETS));
  return hash.digest('hex');
}
