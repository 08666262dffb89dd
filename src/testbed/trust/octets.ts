import { concatBytes } from '@noble/hashes/utils.js';
import { encode, octets, sequence, sequenceOf, uint16, utf8 } from '../../coer/index.ts';

/**
 * Containers of root management are put together from finished bytes, so that what they carry stays as it was signed, and
 * so that flawed parts can stand in them.
 */

/** Bytes that are written as they are. */
const raw = {
  ...octets(),
  encode: (value: Uint8Array, writer: { bytes(octets: Uint8Array): void }) => writer.bytes(value),
};
const rawList = sequenceOf(raw, 0, 65_535);

/** SEQUENCE OF. */
export function listOf(items: readonly Uint8Array[]): Uint8Array {
  return encode(rawList, [...items]);
}

/** An open type or OCTET STRING. */
export function opened(content: Uint8Array): Uint8Array {
  return encode(octets(), content);
}

export function uint16Of(value: number): Uint8Array {
  return encode(uint16, value);
}

export function textOf(value: string): Uint8Array {
  return encode(sequence({ text: utf8(255) }), { text: value });
}

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts);
