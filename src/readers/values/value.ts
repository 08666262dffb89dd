import {
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  FIRST_VISIBLE,
  QUOTE,
  ROUND_CLOSE,
  ROUND_OPEN,
  SEMICOLON,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  skipBlanks,
} from './ascii.ts';
import { base64Bytes } from './base64.ts';
import { unescaped } from './escapes.ts';
import { hexBytes } from './hex.ts';
import { hexReadings, numberReadings } from './numbers.ts';
import { choose, isAsciiText, type Rated, type Read, type Reading, rated } from './readings.ts';
import { isKnown, standing } from './structure.ts';

/**
 * What is known of a value from where it stands: it is `hex`, or `base64`, or `any` form, with base64 only if its bytes are
 * something known (words look like base64), or `anyBase64`, with base64 like every other form.
 */
export type Expectation = 'hex' | 'base64' | 'any' | 'anyBase64';

const COMPLAINTS: Readonly<Record<Expectation, string>> = {
  hex: 'not hex, or half a byte too much',
  base64: 'not base64',
  any: 'not hex, or half a byte too much, and no other text form of bytes',
  anyBase64: 'not base64',
};

const CLOSING: Readonly<Record<number, number>> = {
  [SQUARE_OPEN]: SQUARE_CLOSE,
  [CURLY_OPEN]: CURLY_CLOSE,
  [ROUND_OPEN]: ROUND_CLOSE,
};

/** Shorter words are no evidence of base64. */
const LEAST_WEAK_BASE64 = 24;

const LOWER_B = 0x62;
const LOWER_H = 0x68;
const LOWER_X = 0x78;

/** The bytes that a value stands for, by the rule of {@link choose}. All of `text` is the value, blanks around it aside. */
export function readValue(text: Uint8Array, expected: Expectation): Read {
  // Hex that begins as a structure is nothing else: as base64 its first digit would be a byte that begins none.
  const plain = expected === 'base64' ? undefined : hexBytes(text);
  if (plain && isKnown(plain)) return { bytes: plain };
  return choose(ratedValue(text, expected), COMPLAINTS[expected]);
}

/** All readings of a value, and of the text that it spells if it is hex of hex. */
export function ratedValue(text: Uint8Array, expected: Expectation): Rated[] {
  return withInner(rated(valueReadings(text, 0, text.length, expected)));
}

/** All readings of what is between the quotes of a string of a program. */
export function ratedString(content: Uint8Array): Rated[] {
  return withInner(rated(anyReadings(content, 0, content.length, true, true)));
}

function withInner(readings: Rated[]): Rated[] {
  const hidden = readings.filter(mayHideText);
  if (hidden.length === 0) return readings;
  const inner = hidden.flatMap(({ form, bytes }) =>
    rated(valueReadings(bytes, 0, bytes.length, 'any'))
      .filter((reading) => reading.standing === 'whole')
      .map((reading) => ({ ...reading, form: `${form} of ${reading.form}` })),
  );
  return inner.length === 0 ? readings : [...readings, ...inner];
}

/** Hex of the shortest structure has so many digits. */
const LEAST_HIDDEN_BYTES = 6;

function mayHideText({ standing, bytes }: Rated): boolean {
  return standing === 'unknown' && bytes.length >= LEAST_HIDDEN_BYTES && isAsciiText(bytes);
}

export function valueReadings(text: Uint8Array, start: number, stop: number, expected: Expectation): Reading[] {
  let from = skipBlanks(text, start, stop);
  let to = stop;
  while (to > from && (text[to - 1]! < FIRST_VISIBLE || text[to - 1] === COMMA || text[to - 1] === SEMICOLON)) to--;
  const isInQuotes = isQuoted(text, from, to);
  if (isInQuotes) {
    from = skipBlanks(text, from + 1, to - 1);
    to--;
    while (to > from && text[to - 1]! < FIRST_VISIBLE) to--;
  }
  if (from >= to) return [];
  if (expected === 'base64') return base64Readings(text, from, to, false);
  if (expected === 'hex') {
    const plain = hexBytes(text, from, to);
    return plain ? [{ form: 'hex', bytes: plain }] : hexReadings(text, from, to);
  }
  return anyReadings(text, from, to, expected === 'any', isInQuotes);
}

function anyReadings(
  text: Uint8Array,
  from: number,
  to: number,
  isBase64Weak: boolean,
  isInQuotes: boolean,
): Reading[] {
  const plain = hexBytes(text, from, to);
  // Digits of hex are characters of base64 as well; that they mean base64 takes bytes that decode.
  if (plain) return [{ form: 'hex', bytes: plain }, ...base64Structure(text, from, to)];
  const numbers = numberReadings(text, from, to);
  if (numbers.length > 0) return [...numbers, ...base64Structure(text, from, to)];
  const list = bracketReadings(text, from, to);
  if (list.length > 0) return list;
  const literal = literalReadings(text, from, to, isInQuotes);
  return literal.length > 0 ? literal : base64Readings(text, from, to, isBase64Weak);
}

/** `[3, 129, 0]`, `{0x03, 0x81}`, `(3, 129)`, all of it. */
function bracketReadings(text: Uint8Array, from: number, to: number): Reading[] {
  const closing = CLOSING[text[from]!];
  return closing !== undefined && text[to - 1] === closing ? numberReadings(text, from + 1, to - 1, true) : [];
}

/** `'0381'H` of ASN.1, `X'0381'` of SQL, `\x0381` of PostgreSQL, `b'\x03'` of Python, and the escapes of C without quotes. */
function literalReadings(text: Uint8Array, from: number, to: number, isInQuotes: boolean): Reading[] {
  const isSuffixed = (text[to - 1]! | 0x20) === LOWER_H && isQuoted(text, from, to - 1);
  if (isSuffixed) return hexReadings(text, from + 1, to - 2);
  const first = text[from]! | 0x20;
  if (first === LOWER_X && isQuoted(text, from + 1, to)) return hexReadings(text, from + 2, to - 1);
  if (first === LOWER_B && isQuoted(text, from + 1, to)) return bytesLiteral(text, from + 2, to - 1);
  if (text.indexOf(BACKSLASH, from) < 0) return [];
  const readings: Reading[] = [];
  const escapes = isInQuotes || isOneWord(text, from, to) ? unescaped(text, from, to) : undefined;
  // Escapes that leave text are those of text.
  if (escapes) readings.push({ form: 'escapes', bytes: escapes, isWeak: isAsciiText(escapes) });
  const behind = text[from] === BACKSLASH && text[from + 1] === LOWER_X ? hexBytes(text, from + 2, to) : undefined;
  if (behind) readings.push({ form: 'hex', bytes: behind });
  return readings;
}

/** Without quotes, escapes are a value only if nothing else is: they stand in code and prose as well. */
function isOneWord(text: Uint8Array, from: number, to: number): boolean {
  if (text[from] !== BACKSLASH) return false;
  for (let at = from; at < to; at++) {
    const byte = text[at]!;
    if (byte < FIRST_VISIBLE || byte === QUOTE || byte === APOSTROPHE) return false;
  }
  return true;
}

/** What is between the quotes of a bytes literal, as bytes: characters stand for themselves. */
function bytesLiteral(text: Uint8Array, from: number, to: number): Reading[] {
  const bytes = unescaped(text, from, to) ?? text.slice(from, to);
  return [{ form: 'a bytes literal', bytes, isWeak: isAsciiText(bytes) }];
}

function base64Readings(text: Uint8Array, from: number, to: number, isWeak: boolean): Reading[] {
  const bytes = base64Bytes(text, from, to);
  if (bytes && isWeak && to - from < LEAST_WEAK_BASE64 && !isKnown(bytes)) return [];
  return bytes ? [{ form: 'base64', bytes, isWeak }] : [];
}

/** The bytes as base64, if they are a whole structure. */
function base64Structure(text: Uint8Array, from: number, to: number): Reading[] {
  const bytes = base64Bytes(text, from, to);
  return bytes && standing(bytes) === 'whole' ? [{ form: 'base64', bytes, isWeak: true }] : [];
}

/** Whether a pair of quotes is around [from, to), and none of them inside but behind a backslash. */
function isQuoted(text: Uint8Array, from: number, to: number): boolean {
  const quote = text[from];
  if (to - from < 2 || (quote !== QUOTE && quote !== APOSTROPHE && quote !== BACKTICK)) return false;
  let at = from + 1;
  while (at < to && text[at] !== quote) at += text[at] === BACKSLASH ? 2 : 1;
  return at === to - 1;
}
