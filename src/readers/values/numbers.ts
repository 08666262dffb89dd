import { HEX_VALUE } from './ascii.ts';
import { type NumberRow, NumberTokens, surveyNumbers } from './number-tokens.ts';
import type { Reading } from './readings.ts';

/** Digits of one word in dumps of 16, 32 and 64 bits. */
const WORD_DIGITS = [4, 8, 16];

/**
 * Every way to take a row of numbers as bytes: hex with separators, `0x` lists, words in either byte order, decimal, octal and
 * binary lists. `[]` if [from, to) of `text` is no such row. `isBracketed`: it stands between brackets, which prose does not.
 */
export function numberReadings(text: Uint8Array, from: number, to: number, isBracketed = false): Reading[] {
  const row = surveyNumbers(text, from, to);
  if (row === undefined) return [];
  const source: Source = { text, from, to, row };
  return row.prefixed === 0 ? plainReadings(source, isBracketed) : prefixedReadings(source);
}

/** The readings of {@link numberReadings} that take the digits as hex in the order in which they stand. */
export function hexReadings(text: Uint8Array, from: number, to: number): Reading[] {
  return numberReadings(text, from, to).filter(({ form }) => form.startsWith(HEX));
}

const HEX = 'hex';

interface Source {
  readonly text: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly row: NumberRow;
}

function plainReadings(source: Source, isBracketed: boolean): Reading[] {
  const { row } = source;
  if (row.count === 1) return [];
  const readings: Reading[] = row.hasSign ? [] : hexRow(source);
  const isDecimal = row.isDecimal && !(row.hasLeadingZero && row.shortest !== 3);
  if (isDecimal && isByteRange(row)) {
    readings.push({ form: 'decimal numbers', bytes: listed(source, decimalByte), isWeak: !isBracketed });
  }
  if (row.isOctal) readings.push({ form: 'octal bytes', bytes: listed(source, octalByte), isWeak: true });
  if (row.isBinary) readings.push({ form: 'binary bytes', bytes: listed(source, binaryByte), isWeak: true });
  return readings;
}

function hexRow(source: Source): Reading[] {
  const { row } = source;
  const { shortest, longest, last, separator } = row;
  if (longest === 2 && shortest === 2) return [{ form: 'hex pairs', bytes: joined(source) }];
  if (longest <= 2) return [{ form: 'hex numbers', bytes: listed(source, hexByte), isWeak: true }];
  if (row.digits % 2 !== 0) return [];
  const isGrouped = row.isUniform && last <= longest && last % 2 === 0 && WORD_DIGITS.includes(longest);
  // Irregular groups are read only where nothing but blanks and colons is between digits that belong together.
  if (!isGrouped && separator !== 0 && separator !== 0x3a) return [];
  const readings: Reading[] = [{ form: HEX, bytes: joined(source) }];
  if (isGrouped) readings.push(...swappedReadings(source, longest));
  return readings;
}

/** Each number a byte (`0x03, 0x81`), a word, or one alone the whole (`0x0381…`). Numbers without prefix among them are decimal. */
function prefixedReadings(source: Source): Reading[] {
  const { row } = source;
  const { shortest, longest, count, prefixed } = row;
  if (count === 1) return row.digits % 2 === 0 ? [{ form: HEX, bytes: joined(source) }] : [];
  if (longest <= 2 && prefixed === count) return [{ form: 'hex numbers with 0x', bytes: listed(source, hexByte) }];
  if (prefixed === count && shortest === longest && WORD_DIGITS.includes(longest)) {
    return [{ form: HEX, bytes: joined(source) }, ...swappedReadings(source, longest)];
  }
  const readings: Reading[] = [];
  // A prefix in front of the first of equal groups belongs to all of them.
  const isGrouped = row.isUniform && longest % 2 === 0 && row.last <= longest && row.last % 2 === 0;
  if (prefixed === 1 && row.isFirstPrefixed && row.separator === 0 && isGrouped && !row.hasSign) {
    readings.push({ form: HEX, bytes: joined(source) });
  }
  if (longest <= 3 && row.isDecimal && isByteRange(row) && !row.hasLeadingZero) {
    readings.push({ form: 'numbers, some of them with 0x', bytes: listed(source, prefixedOrDecimalByte) });
  }
  return readings;
}

/**
 * Words whose bytes stand in reverse, as a dump on a little-endian machine shows them; a shorter last word as well. The last may
 * be filled up with zeros.
 */
function swappedReadings(source: Source, digits: number): Reading[] {
  const bytes = joined(source);
  const size = digits / 2;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  const form = `little-endian words of ${size} bytes`;
  const readings: Reading[] = [{ form, bytes, isWeak: true }];
  for (let end = bytes.length - 1; end > bytes.length - size && bytes[end] === 0; end--) {
    readings.push({ form: `${form}, filled up with zeros`, bytes: bytes.slice(0, end), isWeak: true });
  }
  return readings;
}

function isByteRange({ least, greatest }: NumberRow): boolean {
  return least < 0 ? least >= -128 && greatest <= 127 : greatest <= 255;
}

/** All digits one behind the other, as hex. */
function joined({ text, from, to, row }: Source): Uint8Array {
  const bytes = new Uint8Array(row.digits >> 1);
  const tokens = new NumberTokens(text, from, to);
  let digits = 0;
  while (tokens.next()) {
    for (let at = tokens.from; at < tokens.to; at++, digits++) {
      bytes[digits >> 1]! |= HEX_VALUE[text[at]!]! << (digits % 2 === 0 ? 4 : 0);
    }
  }
  return bytes;
}

/** A byte for each number. */
function listed(
  { text, from, to, row }: Source,
  byteOf: (text: Uint8Array, tokens: NumberTokens) => number,
): Uint8Array {
  const bytes = new Uint8Array(row.count);
  const tokens = new NumberTokens(text, from, to);
  for (let i = 0; tokens.next(); i++) bytes[i] = byteOf(text, tokens);
  return bytes;
}

function hexByte(text: Uint8Array, tokens: NumberTokens): number {
  return inBase(16, text, tokens);
}

function octalByte(text: Uint8Array, tokens: NumberTokens): number {
  return inBase(8, text, tokens);
}

function binaryByte(text: Uint8Array, tokens: NumberTokens): number {
  return inBase(2, text, tokens);
}

function decimalByte(text: Uint8Array, tokens: NumberTokens): number {
  const value = inBase(10, text, tokens);
  return tokens.isNegative ? 256 - value : value;
}

function prefixedOrDecimalByte(text: Uint8Array, tokens: NumberTokens): number {
  return tokens.isPrefixed ? hexByte(text, tokens) : decimalByte(text, tokens);
}

function inBase(base: number, text: Uint8Array, tokens: NumberTokens): number {
  let value = 0;
  for (let at = tokens.from; at < tokens.to; at++) value = value * base + HEX_VALUE[text[at]!]!;
  return value;
}
