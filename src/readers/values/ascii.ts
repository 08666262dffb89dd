/** Text as it arrives: bytes, of which only ASCII means anything to a form of bytes. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const APOSTROPHE = 0x27;
export const ROUND_OPEN = 0x28;
export const ROUND_CLOSE = 0x29;
export const ASTERISK = 0x2a;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const DIGIT_0 = 0x30;
export const DIGIT_7 = 0x37;
export const DIGIT_9 = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const SQUARE_OPEN = 0x5b;
export const BACKSLASH = 0x5c;
export const SQUARE_CLOSE = 0x5d;
export const BACKTICK = 0x60;
export const CURLY_OPEN = 0x7b;
export const PIPE = 0x7c;
export const CURLY_CLOSE = 0x7d;

/** Everything below is a blank or a control character, RS (0x1e) between documents among them. */
export const FIRST_VISIBLE = 0x21;
export const LAST_VISIBLE = 0x7e;

/** Value of a hex digit of either case; -1 for any other byte. */
export const HEX_VALUE = table('0123456789abcdef', 'ABCDEF', 10);

/** Value of a character of base64 or base64url; -1 for any other byte. */
export const BASE64_VALUE = table('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '-_', 62);

function table(digits: string, others: string, valueOfFirstOther: number): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  for (let i = 0; i < others.length; i++) values[others.charCodeAt(i)] = valueOfFirstOther + i;
  return values;
}

export function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && HEX_VALUE[byte]! >= 0;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}

export function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

export function isAlphanumeric(byte: number | undefined): boolean {
  return isDigit(byte) || isLetter(byte);
}

export function isBlank(byte: number): boolean {
  return byte < FIRST_VISIBLE;
}

/** The index of the first visible byte in [from, to), `to` if all are blank. */
export function skipBlanks(text: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && text[at]! < FIRST_VISIBLE) at++;
  return at;
}

/** `text` without blanks at its ends; a view. */
export function trimmed(text: Uint8Array): Uint8Array {
  const from = skipBlanks(text, 0, text.length);
  let to = text.length;
  while (to > from && text[to - 1]! < FIRST_VISIBLE) to--;
  return from === 0 && to === text.length ? text : text.subarray(from, to);
}

/** A copy of `text` without any blanks. Not by `filter`, which takes many bytes of memory for each. */
export function withoutBlanks(text: Uint8Array): Uint8Array {
  const visible = new Uint8Array(text.length);
  let length = 0;
  for (const byte of text) if (byte >= FIRST_VISIBLE) visible[length++] = byte;
  return visible.subarray(0, length);
}

/** Whether `text` has the ASCII characters of `word` at `at`. */
export function hasAt(text: Uint8Array, at: number, word: string): boolean {
  if (at < 0 || at + word.length > text.length) return false;
  for (let i = 0; i < word.length; i++) if (text[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** One character a byte, for short stretches that are compared or shown: a byte beyond ASCII becomes `?`. */
export function asciiString(text: Uint8Array, most = 4096): string {
  let out = '';
  for (const byte of text.subarray(0, most)) out += String.fromCharCode(byte < 0x80 ? byte : 0x3f);
  return out;
}
