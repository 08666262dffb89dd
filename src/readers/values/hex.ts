import { HEX_VALUE } from './ascii.ts';

/**
 * The bytes that hex digits spell, of [from, to) of `text`, in either case and with nothing between them.
 * `undefined` for anything else, for an odd number of digits and for none.
 */
export function hexBytes(text: Uint8Array, from = 0, to = text.length): Uint8Array | undefined {
  const length = (to - from) >> 1;
  if (length === 0 || (to - from) % 2 !== 0) return undefined;
  const bytes = new Uint8Array(length);
  // A character that is no digit has the value -1, and that sign survives every step below.
  let signs = 0;
  for (let i = 0, at = from; i < length; i++, at += 2) {
    const value = (HEX_VALUE[text[at]!]! << 4) | HEX_VALUE[text[at + 1]!]!;
    signs |= value;
    bytes[i] = value;
  }
  return signs < 0 ? undefined : bytes;
}
