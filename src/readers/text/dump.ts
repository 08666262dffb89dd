import { concat } from '../bytes.ts';
import type { Piece } from '../record.ts';
import { asciiString, COLON, hasAt, isBlank, isHexDigit, PIPE, skipBlanks } from '../values/ascii.ts';
import { MAX_BLOCK_BYTES, MAX_REPEATED_BYTES, REPEATED_BYTES_PER_BYTE } from '../values/limits.ts';
import { choose, distinct, type Read, type Reading, rated } from '../values/readings.ts';
import { DUMP_KINDS, type DumpKind, isFirstNumber } from './dump-kinds.ts';
import { charactersOfRow, mayBeCells, numbersOfRow, type Row, type RowLimits } from './dump-rows.ts';
import { isRepeat, type Line, LineStore, lastAtOrBefore } from './line.ts';
import { structures } from './structures.ts';

/** What the `*` lines of all dumps of an input may stand for. A few characters may claim any number of bytes. */
export class RepeatBudget {
  isSpent = false;
  private spent = 0;
  private text = 0;

  noteText(bytes: number): void {
    this.text += bytes;
  }

  allow(bytes: number): boolean {
    this.isSpent = this.spent + bytes > MAX_REPEATED_BYTES + REPEATED_BYTES_PER_BYTE * this.text;
    if (!this.isSpent) this.spent += bytes;
    return !this.isSpent;
  }
}

/** An offset at the beginning of a line of a dump. */
interface Offset {
  readonly digits: string;
  readonly isPrefixed: boolean;
  readonly hasColon: boolean;
  readonly end: number;
  readonly dataStart: number;
}

const LEAST_OFFSET_DIGITS = 4;
const MOST_OFFSET_DIGITS = 16;
/** Longer lines are no rows of a dump: what they hold is found in them. */
const MOST_ROW_CHARACTERS = 1024;
/** What `od -a` shows in place of bytes, without their highest bits. */
const NAMED_CHARACTERS = new Set([
  'nul',
  'soh',
  'stx',
  'etx',
  'eot',
  'enq',
  'ack',
  'dle',
  'nak',
  'syn',
  'etb',
  'sp',
  'del',
]);

/**
 * A dump of bytes with an offset at the beginning of each line, as `xxd`, `hexdump`, `od`, tcpdump and Wireshark write it, with or
 * without a column of characters. The offsets tell how many bytes each line has, which proves what is data: every base of
 * offsets, base of numbers, size of words and byte order is tried, and only one that agrees with all offsets is taken.
 */
export class Dump {
  private readonly store = new LineStore();
  private last: Offset;
  private isEnded = false;
  /**
   * Blanks before a line that shows the bytes of the row above as another type (`od -tx1 -tc`). It is passed over, because the
   * offsets tell that nothing of the data is missing without it.
   */
  private readonly indent: number;
  private hasOtherTypes = false;
  /** An offset without visible data does not end a dump of characters: it may stand in front of spaces. */
  private readonly hasCells: boolean;
  private readonly budget: RepeatBudget;

  constructor(first: Line, budget: RepeatBudget) {
    this.budget = budget;
    this.last = offsetOf(first.text)!;
    this.indent = this.last.end;
    this.hasCells = mayBeCells(first.text, this.last.end);
    this.store.add(first);
    budget.noteText(first.text.length);
  }

  /** Takes the line if it goes on with the dump; `false` if the dump ends before it. */
  takes(line: Line): boolean {
    if (this.isEnded) return false;
    if (skipBlanks(line.text, 0, line.text.length) >= this.indent) {
      this.hasOtherTypes = true;
      return true;
    }
    if (!isRepeat(line.text)) {
      const offset = offsetOf(line.text);
      if (offset === undefined || !follows(this.last, offset)) return false;
      this.last = offset;
      this.isEnded = offset.dataStart >= line.text.length && !this.hasCells;
    }
    this.store.add(line);
    this.budget.noteText(line.text.length);
    return true;
  }

  isComplete(): boolean {
    return this.isEnded;
  }

  private endsWithOffset(): boolean {
    const { text } = this.store.at(this.store.count - 1);
    const offset = offsetOf(text);
    return offset !== undefined && offset.dataStart >= text.length;
  }

  /** @param alone reads a line as if no other were there. */
  *pieces(alone: (line: Line) => Iterable<Piece>): Generator<Piece> {
    const place = this.store.place(0);
    if (this.store.isOverfull) {
      yield {
        ...place,
        bytes: this.store.kept(),
        unreadable: `more than ${MAX_BLOCK_BYTES} bytes of text in one dump`,
      };
      return;
    }
    if (this.hasOtherTypes && !this.endsWithOffset()) {
      const unreadable = 'a dump with lines that have no offset, and none at its end; use xxd';
      yield { ...place, bytes: this.store.kept(), unreadable };
      return;
    }
    const { read, starts } = readDump(this.store, this.budget);
    if ('bytes' in read) yield* structures(read.bytes, (at) => this.store.place(lastAtOrBefore(starts, at)));
    // One line that begins like a dump may be anything.
    else if (this.store.count === 1) yield* alone(this.store.at(0));
    else yield { ...place, bytes: this.store.kept(), unreadable: read.unreadable };
  }
}

/** Whether a line is the first of a dump: its offset is zero, or looks as only dumps have it, and data follow. */
export function beginsDump(text: Uint8Array): boolean {
  const offset = offsetOf(text);
  if (offset === undefined || offset.dataStart >= text.length) return false;
  const isZero = /^0+$/.test(offset.digits);
  const isDumpLike = (offset.hasColon && offset.digits.length === 8) || text[text.length - 1] === PIPE;
  return isZero || isDumpLike;
}

/** The bytes of a whole dump, and the first byte of each line. */
function readDump(store: LineStore, budget: RepeatBudget): { read: Read; starts: number[] } {
  const results: Assembled[] = [];
  // Decimal numbers do not show how many bytes each is for: it takes a second offset to tell.
  const kinds = kindsOf(store.at(0).text).filter((kind) => store.count > 1 || kind?.base !== 10);
  for (const offsets of offsetsOf(store)) {
    for (const kind of kinds) {
      const found = new Assembly(store, offsets, kind, budget).bytes();
      if (found) results.push(found);
    }
  }
  // The column of characters shows the order of the bytes, which words alone do not.
  const agreeing = results.filter(({ agrees }) => agrees);
  const candidates = distinct(agreeing.length > 0 ? agreeing : results);
  if (candidates.length === 0) return { read: { unreadable: complaintOf(store, budget) }, starts: [] };
  const read = choose(rated(candidates), '');
  const chosen = 'bytes' in read ? candidates.find(({ bytes }) => bytes === read.bytes) : undefined;
  return { read, starts: chosen?.starts ?? [] };
}

/** The kinds of numbers that the first one of a dump may be; `undefined` is a dump of characters. */
function kindsOf(text: Uint8Array): (DumpKind | undefined)[] {
  const { dataStart } = offsetOf(text)!;
  let end = dataStart;
  while (end < text.length && !isBlank(text[end]!)) end++;
  const isAlone = skipBlanks(text, end, text.length) === text.length;
  const kinds: (DumpKind | undefined)[] = DUMP_KINDS.filter((kind) =>
    isFirstNumber(kind, text, dataStart, end, isAlone),
  );
  // Cells of characters are three wide, with blanks before them.
  return end - dataStart <= 3 ? [...kinds, undefined] : kinds;
}

function complaintOf(store: LineStore, budget: RepeatBudget): string {
  if (budget.isSpent)
    return `repeated lines (*) in dumps stand for more than ${REPEATED_BYTES_PER_BYTE} bytes for each byte of text`;
  const words = asciiString(store.at(0).text).split(/\s+/);
  if (words.some((word) => NAMED_CHARACTERS.has(word)))
    return 'a dump of named characters (od -a), which lack their highest bits';
  return 'a dump whose lines do not agree with their offsets, or of a form that is not known; use xxd';
}

/** Of each line the offset in one base; for repeats -1. */
type Offsets = readonly number[];
const NO_OFFSET = -1;

/** The offsets in every base of which their digits are; bases that give the same offsets count once. */
function offsetsOf(store: LineStore): Offsets[] {
  const digits: string[] = [];
  let isPrefixed = false;
  for (let i = 0; i < store.count; i++) {
    const offset = offsetOf(store.at(i).text);
    isPrefixed ||= offset?.isPrefixed ?? false;
    digits.push(offset?.digits ?? '');
  }
  const all = digits.join('');
  const radices = isPrefixed || /[a-f]/.test(all) ? [16] : /[89]/.test(all) ? [16, 10] : [16, 10, 8];
  const found: Offsets[] = [];
  for (const radix of radices) {
    const offsets = digits.map((text) => (text === '' ? NO_OFFSET : Number.parseInt(text, radix)));
    if (!found.some((other) => other.at(-1) === offsets.at(-1) && other[0] === offsets[0])) found.push(offsets);
  }
  return found;
}

/** What an attempt gives. */
interface Assembled extends Reading {
  /** The first byte of each line. */
  readonly starts: number[];
  /** Whether the column of characters shows the same bytes; `undefined` if there is none. */
  readonly agrees: boolean | undefined;
}

/** One attempt to read a dump: with one base of offsets and one kind of numbers. */
class Assembly {
  private readonly store: LineStore;
  private readonly offsets: Offsets;
  private readonly kind: DumpKind | undefined;
  private readonly parts: Uint8Array[] = [];
  private readonly starts: number[] = [];
  private length = 0;
  private readonly budget: RepeatBudget;
  private most: number | undefined;
  private column: number | undefined;
  private agrees: boolean | undefined;

  constructor(store: LineStore, offsets: Offsets, kind: DumpKind | undefined, budget: RepeatBudget) {
    this.store = store;
    this.offsets = offsets;
    this.kind = kind;
    this.budget = budget;
  }

  bytes(): Assembled | undefined {
    const { offsets, store } = this;
    for (let i = 0; i < store.count; i++) {
      this.starts.push(this.length);
      if (offsets[i] === NO_OFFSET) continue;
      const before = offsets[i]! - offsets[0]!;
      if (i > 0 && offsets[i - 1] === NO_OFFSET && !this.repeat(before)) return undefined;
      if (this.length !== before) return undefined;
      const { text } = store.at(i);
      const { end, dataStart } = offsetOf(text)!;
      const isEnd = dataStart >= text.length && i === store.count - 1;
      if (!isEnd && !this.addRow({ text, offsetEnd: end, dataStart }, this.sizeOf(i))) return undefined;
    }
    // Behind a repeat there has to be an offset that says how often.
    if (offsets.at(-1) === NO_OFFSET) return undefined;
    const form = this.kind?.form ?? 'characters';
    return { form, bytes: concat(this.parts), starts: this.starts, agrees: this.agrees };
  }

  private addRow(row: Row, size: number | undefined): boolean {
    // Offsets with more digits need not be greater.
    if (size !== undefined && size <= 0) return false;
    const limits: RowLimits = { size, most: this.most, column: this.column };
    const found = this.kind ? numbersOfRow(this.kind, row, limits) : charactersOfRow(row, limits);
    if (found === undefined) return false;
    this.most ??= found.bytes.length;
    this.column ??= found.column;
    if (found.agrees !== undefined) this.agrees = (this.agrees ?? true) && found.agrees;
    this.add(found.bytes);
    return true;
  }

  /** Bytes in the row at line `i`, if the line behind it tells. */
  private sizeOf(i: number): number | undefined {
    const next = this.offsets[i + 1];
    return next === undefined || next === NO_OFFSET ? undefined : next - this.offsets[i]!;
  }

  /** The row before a `*`, again until `to`. */
  private repeat(to: number): boolean {
    const row = this.parts.at(-1);
    if (row === undefined || row.length === 0) return false;
    const missing = to - this.length;
    if (missing <= 0 || missing % row.length !== 0 || !this.budget.allow(missing)) return false;
    const repeated = new Uint8Array(missing);
    for (let at = 0; at < missing; at += row.length) repeated.set(row, at);
    this.add(repeated);
    this.starts[this.starts.length - 1] = this.length;
    return true;
  }

  private add(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }
}

/** The offset that a line begins with; `undefined` if it begins with anything else. */
function offsetOf(text: Uint8Array): Offset | undefined {
  if (text.length > MOST_ROW_CHARACTERS) return undefined;
  let at = skipBlanks(text, 0, text.length);
  const isPrefixed = hasAt(text, at, '0x');
  if (isPrefixed) at += 2;
  const start = at;
  while (isHexDigit(text[at])) at++;
  if (at - start < LEAST_OFFSET_DIGITS || at - start > MOST_OFFSET_DIGITS) return undefined;
  const digits = asciiString(text.subarray(start, at));
  const hasColon = text[at] === COLON;
  const end = hasColon ? at + 1 : at;
  if (end < text.length && !isBlank(text[end]!)) return undefined;
  return { digits: digits.toLowerCase(), isPrefixed, hasColon, end, dataStart: skipBlanks(text, end, text.length) };
}

/** Whether an offset of the same form is greater, in any base. */
function follows(last: Offset, next: Offset): boolean {
  if (last.hasColon !== next.hasColon || last.isPrefixed !== next.isPrefixed) return false;
  if (last.digits.length !== next.digits.length) return next.digits.length > last.digits.length;
  return next.digits > last.digits;
}
