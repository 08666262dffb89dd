import {
  APOSTROPHE,
  BACKSLASH,
  BASE64_VALUE,
  COLON,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  DASH,
  EQUALS,
  FIRST_VISIBLE,
  isAlphanumeric,
  isHexDigit,
  QUOTE,
  ROUND_CLOSE,
  ROUND_OPEN,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  skipBlanks,
} from '../values/ascii.ts';
import { endOfHexEscapes } from '../values/escapes.ts';
import { numberReadings } from '../values/numbers.ts';
import { type Rated, rated } from '../values/readings.ts';
import { ratedString, ratedValue } from '../values/value.ts';

/** A stretch of a line that looks like bytes. */
export interface Field {
  readonly from: number;
  readonly to: number;
  readonly readings: readonly Rated[];
}

/** Shorter stretches are numbers, times and identifiers. */
const LEAST_HEX_DIGITS = 8;
const LEAST_BASE64_CHARACTERS = 24;
const LEAST_NUMBERS = 4;
/** Longer words in a row are fields of their own. */
const MOST_WORD_DIGITS = 16;

const LOWER_X = 0x78;

const CLOSING: Readonly<Record<number, number>> = {
  [SQUARE_OPEN]: SQUARE_CLOSE,
  [CURLY_OPEN]: CURLY_CLOSE,
  [ROUND_OPEN]: ROUND_CLOSE,
};

/**
 * The stretches of a line of text that look like bytes: words of hex or base64, rows of pairs, lists in brackets, strings in
 * quotes. A stretch ends where its word, row, bracket or string ends; nothing is searched for inside one. Time is linear.
 */
export function* fieldsOf(text: Uint8Array): Generator<Field> {
  const strings = new Strings(text);
  for (let at = 0; at < text.length; ) {
    const field = fieldAt(text, at, strings);
    if (field) yield field;
    at = field ? field.to : behind(text, at);
  }
}

function behind(text: Uint8Array, at: number): number {
  return isAlphanumeric(text[at]) ? endOfWord(text, at) : at + 1;
}

function fieldAt(text: Uint8Array, at: number, strings: Strings): Field | undefined {
  const byte = text[at]!;
  if (isAlphanumeric(byte)) return wordField(text, at);
  if (byte === QUOTE || byte === APOSTROPHE) return strings.fieldAt(at);
  if (byte === BACKSLASH) return escapeField(text, at);
  if (CLOSING[byte] !== undefined) return bracketField(text, at);
  // The two characters of base64 that are no letters or digits may begin a word of it.
  return BASE64_VALUE[byte]! >= 0 ? base64Field(text, at) : undefined;
}

function wordField(text: Uint8Array, at: number): Field | undefined {
  const end = endOfWord(text, at);
  const isPrefixed = text[at] === 0x30 && ((text[at + 1] ?? 0) | 0x20) === LOWER_X;
  const digits = isPrefixed ? at + 2 : at;
  if (!areHexDigits(text, digits, end)) return base64Field(text, at);
  const row = end - digits <= MOST_WORD_DIGITS ? rowFrom(text, at, end, isPrefixed) : undefined;
  if (row) return row;
  if (end - digits < LEAST_HEX_DIGITS || (end - digits) % 2 !== 0) return base64Field(text, at);
  return { from: at, to: end, readings: ratedValue(text.subarray(at, end), 'any') };
}

/** `03 81 00 40`, `03:81:00:40`, `0381 0040`, `0x03, 0x81`: numbers of one length, one separator between all of them. */
function rowFrom(text: Uint8Array, at: number, firstEnd: number, isPrefixed: boolean): Field | undefined {
  const separator = text[firstEnd];
  if (separator !== SPACE && separator !== COLON && separator !== DASH && separator !== COMMA) return undefined;
  const length = firstEnd - at;
  let count = 1;
  let end = firstEnd;
  while (text[end] === separator) {
    const next = isPrefixed ? skipBlanks(text, end + 1, text.length) : end + 1;
    const nextEnd = endOfWord(text, next);
    if (nextEnd === next || nextEnd - next > length || !areHexDigits(text, isPrefixed ? next + 2 : next, nextEnd))
      break;
    if (isPrefixed && (text[next] !== 0x30 || (text[next + 1]! | 0x20) !== LOWER_X)) break;
    end = nextEnd;
    count++;
    if (nextEnd - next < length) break;
  }
  if (count < LEAST_NUMBERS) return undefined;
  return field(at, end, rated(numberReadings(text, at, end)));
}

/** A word of base64 that is something known: words of languages look like base64. */
function base64Field(text: Uint8Array, at: number): Field | undefined {
  if (at > 0 && BASE64_VALUE[text[at - 1]!]! >= 0) return undefined;
  let end = at;
  while (end < text.length && BASE64_VALUE[text[end]!]! >= 0) end++;
  for (let pads = 0; pads < 2 && text[end] === EQUALS; pads++) end++;
  if (end - at < LEAST_BASE64_CHARACTERS) return undefined;
  const readings = ratedValue(text.subarray(at, end), 'base64').filter(({ standing }) => standing !== 'unknown');
  return field(at, end, readings);
}

/** `\x03\x81…`, or the `\x0381…` of PostgreSQL. */
function escapeField(text: Uint8Array, at: number): Field | undefined {
  if (text[at + 1] !== LOWER_X) return undefined;
  const escapes = endOfHexEscapes(text, at, text.length);
  const word = endOfWord(text, at + 2);
  const end = Math.max(escapes, word);
  if (end - at < LEAST_HEX_DIGITS) return undefined;
  return field(at, end, ratedValue(text.subarray(at, end), 'any'));
}

function bracketField(text: Uint8Array, at: number): Field | undefined {
  const end = endOfNumbers(text, at + 1);
  if (text[end] !== CLOSING[text[at]!]) return undefined;
  return field(at, end + 1, ratedValue(text.subarray(at, end + 1), 'any'), LEAST_NUMBERS);
}

/** The index behind the characters of which lists of numbers are made, casts such as `(byte)` among them. */
export function endOfNumbers(text: Uint8Array, from: number): number {
  let at = from;
  while (at < text.length) {
    const byte = text[at]!;
    if (byte === ROUND_OPEN) {
      const close = endOfWord(text, at + 1);
      if (close === at + 1 || text[close] !== ROUND_CLOSE) return at;
      at = close + 1;
    } else if (isHexDigit(byte) || byte < FIRST_VISIBLE || byte === COMMA || byte === COLON || byte === DASH) at++;
    else if ((byte | 0x20) === LOWER_X || 'uli'.includes(String.fromCharCode(byte | 0x20))) at++;
    else return at;
  }
  return at;
}

/** Strings in quotes; those one behind the other are one literal if the first is cut off. */
class Strings {
  private readonly text: Uint8Array;
  /** Strings before this index have been tried as one literal. */
  private joinedTo = 0;
  /** Quotes that nothing closes any more: none of them is looked for again. */
  private readonly unclosed = new Set<number>();

  constructor(text: Uint8Array) {
    this.text = text;
  }

  fieldAt(at: number): Field | undefined {
    const end = this.endOfString(at);
    if (end === undefined) return undefined;
    const readings = ratedString(this.text.subarray(at + 1, end - 1)).filter(isEvidence);
    if (at >= this.joinedTo && readings.some(({ standing }) => standing === 'cut')) {
      const literal = this.literalFrom(at);
      this.joinedTo = literal.to;
      if (literal.readings.some(({ standing }) => standing === 'whole')) return literal;
    }
    return field(at, end, readings);
  }

  private literalFrom(start: number): Field {
    const parts: number[] = [];
    let to = start;
    for (let at: number | undefined = start; at !== undefined; at = this.nextString(to)) {
      const end = this.endOfString(at);
      if (end === undefined) break;
      for (let i = at + 1; i < end - 1; i++) parts.push(this.text[i]!);
      to = end;
    }
    return { from: start, to, readings: ratedString(Uint8Array.from(parts)) };
  }

  /** The index behind the closing quote; `undefined` if there is none. */
  private endOfString(at: number): number | undefined {
    const quote = this.text[at]!;
    if (this.unclosed.has(quote)) return undefined;
    for (let end = at + 1; end < this.text.length; end++) {
      if (this.text[end] === BACKSLASH) end++;
      else if (this.text[end] === quote) return end + 1;
    }
    this.unclosed.add(quote);
    return undefined;
  }

  /** The quote of a string with nothing but blanks, and perhaps a letter of Python, before it. */
  private nextString(from: number): number | undefined {
    let at = skipBlanks(this.text, from, this.text.length);
    if ((this.text[at]! | 0x20) === 0x62) at++;
    return this.text[at] === QUOTE || this.text[at] === APOSTROPHE ? at : undefined;
  }
}

/** Short strings are names, numbers and times. */
function isEvidence({ standing, bytes }: Rated): boolean {
  return standing !== 'unknown' || bytes.length >= LEAST_BASE64_CHARACTERS;
}

function endOfWord(text: Uint8Array, from: number): number {
  let at = from;
  while (isAlphanumeric(text[at])) at++;
  return at;
}

function areHexDigits(text: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isHexDigit(text[at])) return false;
  return from < to;
}

function field(from: number, to: number, readings: readonly Rated[], leastBytes = 1): Field | undefined {
  return readings.some(({ bytes }) => bytes.length >= leastBytes) ? { from, to, readings } : undefined;
}
