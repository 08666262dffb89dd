import type { Piece } from '../record.ts';
import { asciiString, COLON, hasAt, isBlank, isHexDigit, PIPE, skipBlanks } from '../values/ascii.ts';
import { MAX_BLOCK_BYTES, MAX_REPEATED_BYTES } from '../values/limits.ts';
import { choose, type Rated, type Read, rated } from '../values/readings.ts';
import { DUMP_KINDS, type DumpKind } from './dump-kinds.ts';
import { charactersOfRow, numbersOfRow, type Row, type RowLimits } from './dump-rows.ts';
import { isRepeat, type Line, LineStore, lastAtOrBefore } from './line.ts';
import { structures } from './structures.ts';

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
const RADICES = [16, 8, 10] as const;
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

  constructor(first: Line) {
    this.last = offsetOf(first.text)!;
    this.store.add(first);
  }

  /** Takes the line if it goes on with the dump; `false` if the dump ends before it. */
  takes(line: Line): boolean {
    if (this.isEnded) return false;
    if (!isRepeat(line.text)) {
      const offset = offsetOf(line.text);
      if (offset === undefined || !follows(this.last, offset)) return false;
      this.last = offset;
      this.isEnded = offset.dataStart >= line.text.length;
    }
    this.store.add(line);
    return true;
  }

  isComplete(): boolean {
    return this.isEnded;
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
    const { read, starts } = readDump(this.store);
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
function readDump(store: LineStore): { read: Read; starts: number[] } {
  const results: (Rated & { starts: number[]; agrees: boolean | undefined })[] = [];
  for (const radix of RADICES) {
    const offsets = offsetsOf(store, radix);
    if (offsets === undefined) continue;
    for (const kind of [...DUMP_KINDS, undefined]) {
      const found = new Assembly(store, offsets, kind).bytes();
      if (found) results.push({ ...rated([{ form: kind?.form ?? 'characters', bytes: found.bytes }])[0]!, ...found });
    }
  }
  // The column of characters shows the order of the bytes, which words alone do not.
  const agreeing = results.filter(({ agrees }) => agrees);
  const candidates = agreeing.length > 0 ? agreeing : results;
  const read = choose(candidates, complaintOf(store));
  const chosen = 'bytes' in read ? candidates.find(({ bytes }) => bytes === read.bytes) : undefined;
  return { read, starts: chosen?.starts ?? [0] };
}

function complaintOf(store: LineStore): string {
  const words = asciiString(store.at(0).text).split(/\s+/);
  if (words.some((word) => NAMED_CHARACTERS.has(word)))
    return 'a dump of named characters (od -a), which lack their highest bits';
  return 'a dump whose lines do not agree with their offsets, or of a form that is not known; use xxd';
}

/** The offsets of all lines but repeats, by index; `undefined` if they are no numbers of the base. */
function offsetsOf(store: LineStore, radix: number): Map<number, number> | undefined {
  const offsets = new Map<number, number>();
  for (let i = 0; i < store.count; i++) {
    const { text } = store.at(i);
    if (isRepeat(text)) continue;
    const { digits, isPrefixed } = offsetOf(text)!;
    if (isPrefixed && radix !== 16) return undefined;
    if (radix === 8 ? /[^0-7]/.test(digits) : radix === 10 && /\D/.test(digits)) return undefined;
    offsets.set(i, Number.parseInt(digits, radix));
  }
  return offsets;
}

/** One attempt to read a dump: with one base of offsets and one kind of numbers. */
class Assembly {
  private readonly store: LineStore;
  private readonly offsets: Map<number, number>;
  private readonly kind: DumpKind | undefined;
  private readonly parts: Uint8Array[] = [];
  private readonly starts: number[] = [];
  private length = 0;
  private repeated = 0;
  private most: number | undefined;
  private column: number | undefined;
  private agrees: boolean | undefined;

  constructor(store: LineStore, offsets: Map<number, number>, kind: DumpKind | undefined) {
    this.store = store;
    this.offsets = offsets;
    this.kind = kind;
  }

  bytes(): { bytes: Uint8Array; starts: number[]; agrees: boolean | undefined } | undefined {
    const base = this.offsets.get(0)!;
    for (let i = 0; i < this.store.count; i++) {
      this.starts.push(this.length);
      const offset = this.offsets.get(i);
      if (offset === undefined) continue;
      if (this.offsets.get(i - 1) === undefined && i > 0 && !this.repeat(offset - base)) return undefined;
      if (this.length !== offset - base) return undefined;
      const { text } = this.store.at(i);
      const { end, dataStart } = offsetOf(text)!;
      if (dataStart >= text.length && i > 0) continue;
      if (!this.addRow({ text, offsetEnd: end, dataStart }, this.sizeOf(i))) return undefined;
    }
    // Behind a repeat there has to be an offset that says how often.
    if (this.offsets.get(this.store.count - 1) === undefined) return undefined;
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, starts: this.starts, agrees: this.agrees };
  }

  private addRow(row: Row, size: number | undefined): boolean {
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
    const next = this.offsets.get(i + 1);
    return next === undefined ? undefined : next - this.offsets.get(i)!;
  }

  /** The row before a `*`, again until `to`. */
  private repeat(to: number): boolean {
    const row = this.parts.at(-1);
    if (row === undefined || row.length === 0) return false;
    const missing = to - this.length;
    this.repeated += missing;
    if (missing <= 0 || missing % row.length !== 0 || this.repeated > MAX_REPEATED_BYTES) return false;
    for (let at = 0; at < missing; at += row.length) this.add(row);
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
