import { DASH, DIGIT_0, HEX_VALUE } from '../values/ascii.ts';

/** How a dump shows bytes: numbers of a base, each for so many bytes, in one order. */
export interface DumpKind {
  readonly form: string;
  readonly base: 2 | 8 | 10 | 16;
  /** Bytes in one number. */
  readonly size: number;
  readonly isLittleEndian: boolean;
}

/** Digits that a number of a kind has; decimal numbers are not filled up to a width. */
const OCTAL_DIGITS: Readonly<Record<number, number>> = { 1: 3, 2: 6, 4: 11, 8: 22 };

const SIZES = [1, 2, 4, 8] as const;
const BASE_NAMES = { 2: 'binary', 8: 'octal', 10: 'decimal', 16: 'hex' } as const;

export const DUMP_KINDS: readonly DumpKind[] = [
  kindOf(2, 1, false),
  ...([16, 8, 10] as const).flatMap((base) =>
    SIZES.flatMap((size) => (size === 1 ? [false] : [false, true]).map((isLittle) => kindOf(base, size, isLittle))),
  ),
];

function kindOf(base: DumpKind['base'], size: number, isLittleEndian: boolean): DumpKind {
  const order = isLittleEndian ? 'little-endian' : 'big-endian';
  const form = size === 1 ? `${BASE_NAMES[base]} bytes` : `${order} ${BASE_NAMES[base]} words of ${size} bytes`;
  return { form, base, size, isLittleEndian };
}

/** Whether a dump of a kind may begin with the number [from, to): words are shorter only if nothing follows. */
export function isFirstNumber(kind: DumpKind, text: Uint8Array, from: number, to: number, isAlone: boolean): boolean {
  const isFull = kind.base !== 16 || to - from === 2 * kind.size || isAlone;
  return isFull && writeNumber(kind, text, from, to, new Uint8Array(kind.size), 0) > 0;
}

/**
 * Writes the bytes of the number [from, to) of `text` to `out` at `at`; gives how many, 0 if it is no number of the kind.
 * The last hex number of a dump may be shorter.
 */
export function writeNumber(
  { base, size, isLittleEndian }: DumpKind,
  text: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  const digits = to - from;
  if (base === 16) {
    if (digits === 0 || digits > 2 * size || digits % 2 !== 0) return 0;
    const length = digits >> 1;
    for (let i = 0; i < length; i++) {
      const value = (HEX_VALUE[text[from + 2 * i]!]! << 4) | HEX_VALUE[text[from + 2 * i + 1]!]!;
      if (value < 0) return 0;
      out[isLittleEndian ? at + length - 1 - i : at + i] = value;
    }
    return length;
  }
  if (base === 8 && digits !== OCTAL_DIGITS[size]) return 0;
  if (base === 2 && digits !== 8) return 0;
  const value = valueOfDigits(base, size, text, from, to);
  if (value === undefined) return 0;
  for (let i = 0, rest = value; i < size; i++, rest >>= 8n) {
    out[isLittleEndian ? at + i : at + size - 1 - i] = Number(rest & 0xffn);
  }
  return size;
}

/** `undefined` unless all are digits of the base and the value fits, negative decimals in two's complement. */
function valueOfDigits(base: number, size: number, text: Uint8Array, from: number, to: number): bigint | undefined {
  const isNegative = base === 10 && text[from] === DASH;
  const first = isNegative ? from + 1 : from;
  if (first === to || to - first > 22) return undefined;
  let value = 0n;
  for (let i = first; i < to; i++) {
    const digit = text[i]! - DIGIT_0;
    if (digit < 0 || digit >= base) return undefined;
    value = value * BigInt(base) + BigInt(digit);
  }
  const bits = BigInt(8 * size);
  if (isNegative) return value <= 1n << (bits - 1n) ? (1n << bits) - value : undefined;
  return value < 1n << bits ? value : undefined;
}
