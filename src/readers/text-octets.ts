import { base64Bytes } from './values/base64.ts';
import { hexBytes } from './values/hex.ts';

/** Octets written as text. Both functions give `undefined` for anything that is not wholly in their form. */

const SEPARATORS = /[\s:]/g;

/** Hex in either case, with `0x` in front and blanks or colons between if need be. At least one octet. */
export function fromHex(text: string): Uint8Array | undefined {
  return hexBytes(ascii(text.replace(SEPARATORS, '').replace(/^0x/i, '')));
}

/** Base64 with either alphabet, padded or not. At least one octet. */
export function fromBase64(text: string): Uint8Array | undefined {
  return base64Bytes(ascii(text.trim()));
}

/** One byte a character; those beyond ASCII become 0, which neither form has. */
function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 0x80 ? unit : 0;
  }
  return bytes;
}
