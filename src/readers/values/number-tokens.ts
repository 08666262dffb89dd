import {
  COLON,
  COMMA,
  DASH,
  DIGIT_0,
  DIGIT_7,
  HEX_VALUE,
  isAlphanumeric,
  isDigit,
  isHexDigit,
  isLetter,
  ROUND_CLOSE,
  ROUND_OPEN,
  skipBlanks,
} from './ascii.ts';

/**
 * Goes through numbers that stand in a row, as `03 81 00`, `0x03, 0x81` or `(byte) 3, -127`: between two of them blanks, or one
 * separator, which is the same everywhere (comma, colon or dash); one more may follow the last. `failed` says that the text is
 * something else.
 */
export class NumberTokens {
  /** The digits of the current number, without prefix, sign and suffix. */
  from = 0;
  to = 0;
  isPrefixed = false;
  isNegative = false;
  failed = false;
  /** The separator met; 0 for blanks alone. */
  separator = 0;
  private at: number;
  private isFirst = true;
  private readonly text: Uint8Array;
  private readonly end: number;
  private readonly isDashSign: boolean;

  constructor(text: Uint8Array, from: number, to: number) {
    this.text = text;
    this.at = from;
    this.end = to;
    this.isDashSign = isDashSign(text, from, to);
  }

  /** Moves to the next number; false behind the last one and where the text fails. */
  next(): boolean {
    this.skipSeparator();
    if (this.failed || this.at >= this.end) return false;
    this.skipCast();
    this.isNegative = this.isDashSign && this.text[this.at] === DASH;
    if (this.isNegative) this.at++;
    this.isPrefixed = this.text[this.at] === DIGIT_0 && ((this.text[this.at + 1] ?? 0) | 0x20) === 0x78;
    if (this.isPrefixed) this.at += 2;
    this.from = this.at;
    while (this.at < this.end && isAlphanumeric(this.text[this.at])) this.at++;
    if (this.isPrefixed && this.from === this.at && this.isFilling()) return false;
    this.to = withoutSuffix(this.text, this.from, this.at);
    this.failed = this.from === this.to || !areHexDigits(this.text, this.from, this.to);
    return !this.failed;
  }

  /**
   * Whether nothing but prefixes without digits follows: `hexdump -e '8/1 "0x%02X,"'` fills its last line up with them. Called
   * once, because the row fails if not.
   */
  private isFilling(): boolean {
    for (let at = this.at; at < this.end; ) {
      at = skipBlanks(this.text, at, this.end);
      if (at < this.end && this.text[at] === COMMA) at = skipBlanks(this.text, at + 1, this.end);
      if (at === this.end) break;
      if (this.text[at] !== DIGIT_0 || ((this.text[at + 1] ?? 0) | 0x20) !== 0x78) return false;
      at += 2;
    }
    this.at = this.end;
    return true;
  }

  private skipSeparator(): void {
    const start = this.at;
    this.at = skipBlanks(this.text, start, this.end);
    if (this.isFirst) {
      this.isFirst = false;
      return;
    }
    const byte = this.text[this.at]!;
    if (this.at < this.end && (byte === COMMA || byte === COLON || (byte === DASH && !this.isDashSign))) {
      if (this.separator !== 0 && this.separator !== byte) this.failed = true;
      this.separator = byte;
      this.at = skipBlanks(this.text, this.at + 1, this.end);
    } else if (this.at === start && this.at < this.end) this.failed = true;
  }

  /** A type in parentheses, as Java puts it before a negative byte. */
  private skipCast(): void {
    if (this.text[this.at] !== ROUND_OPEN || !isLetter(this.text[this.at + 1])) return;
    let at = this.at + 2;
    while (at < this.end && (isAlphanumeric(this.text[at]) || this.text[at] === 0x5f)) at++;
    if (this.text[at] === ROUND_CLOSE && at < this.end) this.at = skipBlanks(this.text, at + 1, this.end);
  }
}

/** What all numbers of a row have in common. */
export interface NumberRow {
  readonly count: number;
  readonly prefixed: number;
  readonly isFirstPrefixed: boolean;
  readonly separator: number;
  /** Digits of the shortest, longest and last number, of all but the last, and of all. */
  readonly shortest: number;
  readonly longest: number;
  readonly last: number;
  readonly digits: number;
  /** All but the last have as many digits as the longest. */
  readonly isUniform: boolean;
  /** Every number not prefixed is decimal, written as programs write it, with these bounds. */
  readonly isDecimal: boolean;
  readonly least: number;
  readonly greatest: number;
  readonly hasSign: boolean;
  /** Some decimal number of three digits begins with 0. */
  readonly hasLeadingZero: boolean;
  /** Every number is three octal digits of a byte; eight binary digits. */
  readonly isOctal: boolean;
  readonly isBinary: boolean;
}

/** `undefined` unless [from, to) of `text` is such a row from end to end. */
export function surveyNumbers(text: Uint8Array, from: number, to: number): NumberRow | undefined {
  const tokens = new NumberTokens(text, from, to);
  const row = {
    count: 0,
    prefixed: 0,
    isFirstPrefixed: false,
    separator: 0,
    shortest: Number.POSITIVE_INFINITY,
    longest: 0,
    last: 0,
    digits: 0,
    isUniform: true,
    isDecimal: true,
    least: 0,
    greatest: 0,
    hasSign: false,
    hasLeadingZero: false,
    isOctal: true,
    isBinary: true,
  };
  while (tokens.next()) {
    const length = tokens.to - tokens.from;
    if (row.count > 0 && row.last !== row.longest) row.isUniform = false;
    if (row.count > 0 && length > row.longest) row.isUniform = false;
    row.count++;
    row.last = length;
    row.digits += length;
    row.shortest = Math.min(row.shortest, length);
    row.longest = Math.max(row.longest, length);
    if (tokens.isNegative) row.hasSign = true;
    if (length === 3 && !tokens.isPrefixed && text[tokens.from] === DIGIT_0) row.hasLeadingZero = true;
    row.isOctal &&= !tokens.isPrefixed && !tokens.isNegative && isOctalByte(text, tokens.from, tokens.to);
    row.isBinary &&= !tokens.isPrefixed && isBinaryByte(text, tokens.from, tokens.to);
    if (tokens.isPrefixed) {
      if (row.count === 1) row.isFirstPrefixed = true;
      row.prefixed++;
      row.isDecimal &&= !tokens.isNegative;
    } else if (row.isDecimal) {
      const value = decimalValue(text, tokens.from, tokens.to);
      if (value === undefined) row.isDecimal = false;
      else if (tokens.isNegative) row.least = Math.min(row.least, -value);
      else row.greatest = Math.max(row.greatest, value);
    }
  }
  row.separator = tokens.separator;
  return tokens.failed || row.count === 0 ? undefined : row;
}

/** A dash is a sign where it stands behind a blank, a separator or a bracket, and else separates: the first one decides. */
function isDashSign(text: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text[at] === DASH) return !isHexDigit(text[at - 1]) || at === from;
  return false;
}

/** Ends of numbers in C (`u`, `UL`) and Rust (`u8`); hex digits stay. */
function withoutSuffix(text: Uint8Array, from: number, to: number): number {
  let end = to;
  if (
    end - from > 2 &&
    text[end - 1] === 0x38 &&
    ((text[end - 2]! | 0x20) === 0x75 || (text[end - 2]! | 0x20) === 0x69)
  ) {
    return end - 2;
  }
  while (end > from && ((text[end - 1]! | 0x20) === 0x75 || (text[end - 1]! | 0x20) === 0x6c)) end--;
  return end;
}

function areHexDigits(text: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (HEX_VALUE[text[at]!]! < 0) return false;
  return true;
}

/** Up to three decimal digits; of one and two digits without a leading zero. */
function decimalValue(text: Uint8Array, from: number, to: number): number | undefined {
  const length = to - from;
  if (length > 3 || (length === 2 && text[from] === DIGIT_0)) return undefined;
  let value = 0;
  for (let at = from; at < to; at++) {
    if (!isDigit(text[at])) return undefined;
    value = value * 10 + text[at]! - DIGIT_0;
  }
  return value;
}

function isOctalByte(text: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 3 || text[from]! > DIGIT_0 + 3) return false;
  for (let at = from; at < to; at++) if (text[at]! < DIGIT_0 || text[at]! > DIGIT_7) return false;
  return true;
}

function isBinaryByte(text: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 8) return false;
  for (let at = from; at < to; at++) if ((text[at]! | 1) !== 0x31) return false;
  return true;
}
