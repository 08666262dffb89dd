import { BACKSLASH, FIRST_VISIBLE, GREATER, LAST_VISIBLE, PIPE, SPACE, skipBlanks, TAB } from '../values/ascii.ts';
import { type DumpKind, writeNumber } from './dump-kinds.ts';

/** One line of a dump behind its offset. */
export interface Row {
  readonly text: Uint8Array;
  /** Where the offset ends and where the data begin, in `text`. */
  readonly offsetEnd: number;
  readonly dataStart: number;
}

/** What a row shows. */
export interface RowBytes {
  readonly bytes: Uint8Array;
  /** Whether the column of characters shows the same bytes; `undefined` if there is none. */
  readonly agrees: boolean | undefined;
  /** Where the first thing behind the data begins: the column of characters of all rows. */
  readonly column: number | undefined;
}

/** What is known of a row from the rows around it. */
export interface RowLimits {
  /** Bytes in the row, if the next offset tells. */
  readonly size: number | undefined;
  /** Bytes in a full row, if an earlier row told. */
  readonly most: number | undefined;
  /** Where the column of characters began in an earlier row. */
  readonly column: number | undefined;
}

/**
 * The bytes of a row of numbers. If its size is known, so many numbers are data, and what follows them must be a column of
 * characters: nothing, or the same bytes, or at least no more numbers. Else data are the numbers whose characters stand
 * behind them, or those left of the column of characters, or all there are if nothing else is.
 */
export function numbersOfRow(kind: DumpKind, row: Row, limits: RowLimits): RowBytes | undefined {
  const { size, most } = limits;
  const numbers = new RowNumbers(kind, row, size ?? most ?? Number.POSITIVE_INFINITY);
  if (size !== undefined) {
    if (numbers.filled < size) return undefined;
    const result = numbers.result(numbers.countFor(size), size);
    return result.agrees === false && !numbers.hasColumnAt(result.column) ? undefined : result;
  }
  for (let count = numbers.count; count > 0; count--) {
    const result = numbers.result(count);
    if (result.agrees) return result;
  }
  const all = numbers.result(numbers.count);
  if (all.agrees === undefined) return numbers.count > 0 ? all : undefined;
  const left = limits.column === undefined ? 0 : numbers.countBefore(limits.column);
  return left > 0 && left === numbers.count ? numbers.result(left) : undefined;
}

class RowNumbers {
  private readonly row: Row;
  private readonly kind: DumpKind;
  private readonly size: number;
  private readonly bytes: Uint8Array;
  /** Behind each number: its end in the text, and the bytes up to it. */
  private readonly ends: number[] = [];
  private readonly sums: number[] = [];

  constructor(kind: DumpKind, row: Row, most: number) {
    this.row = row;
    this.kind = kind;
    this.size = kind.size;
    const { text } = row;
    this.bytes = new Uint8Array(text.length * kind.size);
    let filled = 0;
    for (let at = row.dataStart; at < text.length && filled < most; ) {
      const end = endOfToken(text, at);
      const written = writeNumber(kind, text, at, end, this.bytes, filled);
      if (written === 0) break;
      filled += written;
      this.ends.push(end);
      this.sums.push(filled);
      at = skipBlanks(text, end, text.length);
    }
  }

  get count(): number {
    return this.ends.length;
  }

  get filled(): number {
    return this.sums.at(-1) ?? 0;
  }

  /** Whether something other than a number begins here, with a gap or a bar before it. */
  hasColumnAt(column: number | undefined): boolean {
    if (column === undefined) return true;
    const { text } = this.row;
    const end = endOfToken(text, column);
    const isNumber = writeNumber(this.kind, text, column, end, new Uint8Array(this.size), 0) > 0;
    const hasGap = text[column - 2]! < FIRST_VISIBLE || text[column - 1] === TAB;
    return !isNumber && (hasGap || text[column] === PIPE || text[column] === GREATER);
  }

  countFor(size: number): number {
    return Math.ceil(size / this.size);
  }

  countBefore(column: number): number {
    return this.ends.filter((end) => end <= column).length;
  }

  result(count: number, size = this.sums[count - 1] ?? 0): RowBytes {
    const bytes = this.bytes.slice(0, size);
    const { text } = this.row;
    const start = skipBlanks(text, this.ends[count - 1] ?? this.row.dataStart, text.length);
    if (start >= text.length) return { bytes, agrees: undefined, column: undefined };
    return { bytes, agrees: charactersOf(bytes) === shownCharacters(text, start), column: start };
  }
}

/** What dumps show beside bytes: printable ASCII as it is, a dot for anything else. Blanks at the ends may have been lost. */
function charactersOf(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte >= SPACE && byte <= LAST_VISIBLE ? String.fromCharCode(byte) : '.';
  return out.trim();
}

/** The column of characters from `start` on, without the bars or angles that some programs put around it. */
function shownCharacters(text: Uint8Array, start: number): string {
  let shown = '';
  for (const byte of text.subarray(start)) shown += String.fromCharCode(byte);
  const bare = /^\|(.*)\|\s*$/s.exec(shown) ?? /^>(.*)<\s*$/s.exec(shown);
  return (bare?.[1] ?? shown).trim();
}

/** Escapes that `od -c` and `hexdump -c` show. */
const CHARACTER_ESCAPES: Readonly<Record<string, number>> = {
  '0': 0,
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 92,
};
const CELL = 4;
const MOST_CELLS = 256;

/** Whether a row may consist of cells: each begins with a blank. */
export function mayBeCells(text: Uint8Array, offsetEnd: number): boolean {
  for (let at = offsetEnd; at < text.length; at += CELL) if (text[at]! >= FIRST_VISIBLE) return false;
  return true;
}

/** The bytes of a row of `od -c` or `hexdump -c`: cells of four characters behind the offset. */
export function charactersOfRow({ text, offsetEnd }: Row, { size, most }: RowLimits): RowBytes | undefined {
  const cells = Math.ceil((text.length - offsetEnd) / CELL);
  const count = size ?? Math.min(cells, most ?? cells);
  // Blanks at the end of a line stand for spaces and may have been lost.
  if (count > (most ?? MOST_CELLS) || count === 0) return undefined;
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value = characterOf(text.subarray(offsetEnd + CELL * i, offsetEnd + CELL * (i + 1)));
    if (value === undefined) return undefined;
    bytes[i] = value;
  }
  return { bytes, agrees: undefined, column: undefined };
}

function characterOf(cell: Uint8Array): number | undefined {
  const shown = String.fromCharCode(...cell).trim();
  if (shown.length === 0) return SPACE;
  if (shown.length === 1) return shown.charCodeAt(0);
  if (shown.length === 2 && shown.charCodeAt(0) === BACKSLASH) return CHARACTER_ESCAPES[shown[1]!];
  return /^[0-3][0-7]{2}$/.test(shown) ? Number.parseInt(shown, 8) : undefined;
}

function endOfToken(text: Uint8Array, from: number): number {
  let at = from;
  while (at < text.length && text[at]! >= FIRST_VISIBLE) at++;
  return at;
}
