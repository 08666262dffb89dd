/** Octets written as text. Both functions give `undefined` for anything that is not wholly in their form. */

const SEPARATORS = /[\s:]/g;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Hex in either case, with `0x` in front and blanks or colons between if need be. At least one octet. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(SEPARATORS, '').replace(/^0x/i, '');
  if (digits.length === 0 || digits.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  // Buffer stops without a word at the first character that is no digit.
  const written = Buffer.from(bytes.buffer).write(digits, 'hex');
  return written === bytes.length ? bytes : undefined;
}

/** Base64 with either alphabet, padded or not. At least one octet. */
export function fromBase64(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (!BASE64.test(trimmed)) return undefined;
  const digits = trimmed.replace(/=+$/, '').length;
  if (digits % 4 === 1) return undefined;
  if (trimmed.endsWith('=') && trimmed.length % 4 !== 0) return undefined;
  return new Uint8Array(Buffer.from(trimmed, 'base64'));
}
