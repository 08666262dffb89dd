import { DASH, DIGIT_0, DOT, hasAt, isDigit } from '../values/ascii.ts';
import { MAX_NUMBER_CHARACTERS } from './limits.ts';

const LITERALS = ['true', 'false', 'null'] as const;
const LOWER_E = 0x65;
const PLUS = 0x2b;

/** No value, and a number beyond {@link MAX_NUMBER_CHARACTERS}. */
export const NO_SCALAR = 0;
export const LONG_NUMBER = -1;

/**
 * The index behind the number, `true`, `false` or `null` at `at`; {@link NO_SCALAR} or {@link LONG_NUMBER} if there is none.
 * `undefined` if the bytes end before it is clear.
 */
export function endOfScalar(document: Uint8Array, at: number, isComplete: boolean): number | undefined {
  const first = document[at]!;
  if (first === DASH || isDigit(first)) return endOfNumber(document, at, isComplete);
  for (const literal of LITERALS) {
    if (hasAt(document, at, literal)) return at + literal.length;
    const left = document.length - at;
    if (!isComplete && left < literal.length && hasAt(document, at, literal.slice(0, left))) return undefined;
  }
  return NO_SCALAR;
}

function endOfNumber(document: Uint8Array, at: number, isComplete: boolean): number | undefined {
  let end = at;
  while (end < document.length && end - at <= MAX_NUMBER_CHARACTERS && isNumberCharacter(document[end]!)) end++;
  if (end - at > MAX_NUMBER_CHARACTERS) return LONG_NUMBER;
  if (end === document.length && !isComplete) return undefined;
  return isNumber(document, at, end) ? end : NO_SCALAR;
}

function isNumberCharacter(byte: number): boolean {
  return isDigit(byte) || byte === DASH || byte === PLUS || byte === DOT || (byte | 0x20) === LOWER_E;
}

/** Whether [from, to) is a number of RFC 8259 clause 6. */
function isNumber(document: Uint8Array, from: number, to: number): boolean {
  let at = document[from] === DASH ? from + 1 : from;
  const integer = endOfDigits(document, at, to);
  if (integer === at || (document[at] === DIGIT_0 && integer > at + 1)) return false;
  at = integer;
  if (at < to && document[at] === DOT) {
    const fraction = endOfDigits(document, at + 1, to);
    if (fraction === at + 1) return false;
    at = fraction;
  }
  if (at < to && (document[at]! | 0x20) === LOWER_E) {
    const sign = document[at + 1];
    const digits = sign === PLUS || sign === DASH ? at + 2 : at + 1;
    at = endOfDigits(document, digits, to);
    if (at === digits) return false;
  }
  return at === to;
}

function endOfDigits(document: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(document[at])) at++;
  return at;
}
