import { APOSTROPHE, BACKSLASH, DIGIT_0, DIGIT_7, HEX_VALUE, isHexDigit, LAST_VISIBLE, QUOTE, SPACE } from './ascii.ts';

/** Escapes of one letter in C and Python. */
const NAMED = new Map(
  Object.entries({ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);

const LOWER_X = 0x78;

/**
 * The bytes of a C or Python string literal, without its quotes: `\x03`, `\201`, `\n`, and ASCII characters as they are.
 * `undefined` unless all of it is such and an escape is among it.
 */
export function unescaped(text: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const bytes = new Uint8Array(to - from);
  let out = 0;
  let escapes = 0;
  for (let at = from; at < to; ) {
    const byte = text[at]!;
    if (byte !== BACKSLASH) {
      if (byte < SPACE || byte > LAST_VISIBLE) return undefined;
      bytes[out++] = byte;
      at++;
      continue;
    }
    const end = endOfEscape(text, at, to);
    if (end === undefined) return undefined;
    bytes[out++] = escapedByte(text, at + 1, end);
    escapes++;
    at = end;
  }
  return escapes === 0 ? undefined : bytes.slice(0, out);
}

/** The index behind the run of `\xHH` that begins at `from`. */
export function endOfHexEscapes(text: Uint8Array, from: number, to: number): number {
  let at = from;
  while (
    at + 4 <= to &&
    text[at] === BACKSLASH &&
    text[at + 1] === LOWER_X &&
    isHexDigit(text[at + 2]) &&
    isHexDigit(text[at + 3])
  ) {
    at += 4;
  }
  return at;
}

function endOfEscape(text: Uint8Array, at: number, to: number): number | undefined {
  const byte = text[at + 1];
  if (byte === undefined || at + 1 >= to) return undefined;
  if (byte === LOWER_X) {
    return at + 4 <= to && isHexDigit(text[at + 2]) && isHexDigit(text[at + 3]) ? at + 4 : undefined;
  }
  if (isOctal(byte)) {
    let end = at + 2;
    while (end < to && end < at + 4 && isOctal(text[end])) end++;
    return octalValue(text, at + 1, end) <= 0xff ? end : undefined;
  }
  const isKnown = NAMED.has(byte) || byte === BACKSLASH || byte === QUOTE || byte === APOSTROPHE;
  return isKnown ? at + 2 : undefined;
}

function escapedByte(text: Uint8Array, from: number, to: number): number {
  const byte = text[from]!;
  if (byte === LOWER_X) return (HEX_VALUE[text[from + 1]!]! << 4) | HEX_VALUE[text[from + 2]!]!;
  if (isOctal(byte)) return octalValue(text, from, to);
  return NAMED.get(byte) ?? byte;
}

function octalValue(text: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 8 + text[at]! - DIGIT_0;
  return value;
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_7;
}
