import { BASE64_VALUE, EQUALS } from './ascii.ts';

/**
 * The bytes that base64 spells, of [from, to) of `text`: either alphabet (RFC 4648 clauses 4 and 5), padded or not, with
 * nothing between the characters. `undefined` for anything else, for a length that no bytes have and for no characters.
 */
export function base64Bytes(text: Uint8Array, from = 0, to = text.length): Uint8Array | undefined {
  let end = to;
  while (end > from && to - end < 2 && text[end - 1] === EQUALS) end--;
  const characters = end - from;
  if (characters === 0 || characters % 4 === 1) return undefined;
  if (end < to && (to - from) % 4 !== 0) return undefined;
  const bytes = new Uint8Array((characters * 3) >> 2);
  const whole = end - (characters % 4);
  let signs = 0;
  let out = 0;
  for (let at = from; at < whole; at += 4) {
    const bits =
      (BASE64_VALUE[text[at]!]! << 18) |
      (BASE64_VALUE[text[at + 1]!]! << 12) |
      (BASE64_VALUE[text[at + 2]!]! << 6) |
      BASE64_VALUE[text[at + 3]!]!;
    signs |= bits;
    bytes[out++] = bits >> 16;
    bytes[out++] = bits >> 8;
    bytes[out++] = bits;
  }
  if (whole < end) {
    const third = end - whole === 3 ? BASE64_VALUE[text[whole + 2]!]! : 0;
    const bits = (BASE64_VALUE[text[whole]!]! << 18) | (BASE64_VALUE[text[whole + 1]!]! << 12) | (third << 6);
    signs |= bits;
    bytes[out++] = bits >> 16;
    if (end - whole === 3) bytes[out++] = bits >> 8;
  }
  return signs < 0 ? undefined : bytes;
}
