import { decodeStructureAt, SKIM_TOO_LONG, skimEnd, sniffStructure } from '../../dot2/index.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece } from '../record.ts';
import { BASE64_VALUE, EQUALS, HEX_VALUE, SPACE, trimmed } from '../values/ascii.ts';
import { base64Bytes } from '../values/base64.ts';
import { hexBytes } from '../values/hex.ts';
import { MAX_BLOCK_BYTES, MAX_UNDECIDED_BYTES, MAX_WRAPPED_LINE_BYTES } from '../values/limits.ts';
import { surveyNumbers } from '../values/number-tokens.ts';
import { hidesCutStructure, standing } from '../values/structure.ts';
import { readValue } from '../values/value.ts';
import { isRepeat, type Line, LineStore, lastAtOrBefore } from './line.ts';

/** How the text of a wrapped line spells bytes: digits or characters that go on in the next line, or a row of numbers. */
export type WrappedForm = 'hex' | 'base64' | 'rows';

/** Attempts to decode at lines inside damaged text read at most so many times its bytes. */
const RECOVERY_FACTOR = 4;
/** Lists of a structure inside damaged text with more elements are decoded at once, and counted. */
const MOST_SKIMMED_ELEMENTS = 256;

/**
 * Lines that may be one message, wrapped as `xxd -p`, `base64`, `fold` or `od -An` do: the first is cut off, and those behind it
 * are no records of their own. What is decoded is all of them together. If that fails, reading resumes at each line
 * where a structure begins that decodes; text in between is one damaged message if its lines are too short for messages of
 * their own, else each line is read alone.
 */
export class Run {
  private readonly form: WrappedForm;
  private readonly store = new LineStore();
  /** Of each line, the bits before it. */
  private readonly starts: number[] = [];
  private bits = 0;
  private readonly width: number;
  private lastWidth = 0;
  private widest = 0;
  /** The first line begins a message, or layers in front of one. Until then everything is held for a few lines only. */
  private isSure: boolean;
  private wasWhole = false;
  /** A line stands for repeated ones, and nothing says how many. */
  private hasRepeat = false;
  /** Bytes at the last attempt to decode before the end. */
  private tried = 0;

  constructor(form: WrappedForm, first: Line, isCut: boolean) {
    this.form = form;
    this.width = bitsOf(form, first.text);
    this.isSure = isCut;
    this.add(first);
  }

  /** Takes the line if it may go on with the message; `false` if the run ends before it. Blanks around it say nothing. */
  takes({ offset, line: number, text }: Line): boolean {
    const line = { offset, line: number, text: trimmed(text) };
    if (this.form !== 'base64' && isRepeat(line.text)) {
      this.hasRepeat = true;
      return true;
    }
    const bits = fits(this.form, line.text) ? bitsOf(this.form, line.text) : 0;
    if (bits === 0 || this.store.isOverfull) return false;
    if (bits > this.width && bits > MAX_WRAPPED_LINE_BYTES * 8) return false;
    const bytes = this.bytesOf(line.text);
    const itself = bytes === undefined ? 'unknown' : standing(bytes);
    if (this.hasRepeat && itself === 'unknown') {
      this.add(line);
      return true;
    }
    const isFull = this.lastWidth === this.width;
    // A structure inside a message may happen to fill one line of it; two in a row are records.
    if (itself === 'whole' && !(this.isSure && !this.wasWhole && isFull && bits <= MAX_WRAPPED_LINE_BYTES * 8))
      return false;
    if (itself === 'cut' || itself === 'begins') {
      if (!this.isSure || !isFull || bits > MAX_WRAPPED_LINE_BYTES * 8) return false;
    }
    if (!this.isSure && !isFull) return false;
    if (this.bits > MAX_UNDECIDED_BYTES * 8) this.isSure ||= this.hidesStructure();
    if (!this.isSure && this.bits > MAX_UNDECIDED_BYTES * 8) return false;
    this.add(line);
    this.wasWhole = itself === 'whole';
    return true;
  }

  /** Whether the lines taken are complete for certain: no need to wait for what follows. */
  isComplete(): boolean {
    const bytes = this.bits / 8;
    if (!this.isSure || this.hasRepeat || this.lastWidth === this.width || bytes < 2 * this.tried) return false;
    this.tried = bytes;
    const all = this.bytes();
    return all !== undefined && standing(all) === 'whole';
  }

  /** @param alone reads a line as if no other were there. */
  *pieces(alone: (line: Line) => Iterable<Piece>): Generator<Piece> {
    if (this.store.isOverfull) {
      const unreadable = `more than ${MAX_BLOCK_BYTES} bytes of text in one wrapped message`;
      yield { ...this.store.place(0), bytes: this.store.kept(), unreadable };
      return;
    }
    if (this.hasRepeat) {
      const unreadable =
        'a dump without offsets in which * stands for lines left out: nothing says how many (use od -v)';
      yield { ...this.store.place(0), bytes: this.store.kept(), unreadable };
      return;
    }
    const bytes = this.store.count === 1 ? undefined : this.bytes();
    if (bytes === undefined && this.form === 'rows' && this.isSure && this.store.count > 1) yield this.refused();
    else if (bytes === undefined) yield* this.linesAlone(0, this.store.count, alone);
    else if (standing(bytes) === 'whole') yield pieceOf(this.store.place(0), bytes);
    else yield* this.recovered(bytes, alone);
  }

  /** Rows of numbers that together could be several things. */
  private refused(): Piece {
    const read = readValue(this.store.text, 'any');
    const unreadable = 'unreadable' in read ? read.unreadable : '';
    return { ...this.store.place(0), bytes: this.store.kept(), unreadable };
  }

  /** Structures back to back, each from where the last ended, or from a later line if what is between is damaged. */
  private *recovered(bytes: Uint8Array, alone: (line: Line) => Iterable<Piece>): Generator<Piece> {
    let budget = RECOVERY_FACTOR * bytes.length;
    for (let from = 0; from < bytes.length; ) {
      let to = endOfStructure(bytes, from);
      if (to !== undefined) {
        yield pieceOf(this.store.place(this.lineAt(from)), bytes.slice(from, to));
        from = to;
        continue;
      }
      to = bytes.length;
      for (let line = this.lineAt(from) + 1; line < this.store.count && budget > 0; line++) {
        const start = this.starts[line]! / 8;
        if (!Number.isInteger(start) || sniffStructure(bytes, start) === undefined) continue;
        const { isWhole, read } = attempt(bytes, start);
        budget -= read;
        if (!isWhole) continue;
        to = start;
        break;
      }
      yield* this.damaged(bytes, from, to, alone);
      from = to;
    }
  }

  private *damaged(
    bytes: Uint8Array,
    from: number,
    to: number,
    alone: (line: Line) => Iterable<Piece>,
  ): Generator<Piece> {
    const first = this.lineAt(from);
    const next = to === bytes.length ? this.store.count : this.lineAt(to);
    const isOneMessage = sniffStructure(bytes, from) !== undefined && this.widest <= MAX_WRAPPED_LINE_BYTES * 8;
    const isInsideLine = this.starts[first] !== from * 8;
    if (isOneMessage || isInsideLine) yield pieceOf(this.store.place(first), bytes.slice(from, to));
    else yield* this.linesAlone(first, next, alone);
  }

  private *linesAlone(from: number, to: number, alone: (line: Line) => Iterable<Piece>): Generator<Piece> {
    for (let i = from; i < to; i++) yield* alone(this.store.at(i));
  }

  private add(line: Line): void {
    this.starts.push(this.bits);
    this.lastWidth = bitsOf(this.form, line.text);
    this.widest = Math.max(this.widest, this.lastWidth);
    this.bits += this.lastWidth;
    this.store.add(line, this.form === 'rows' ? SPACE : undefined);
  }

  /** Whether the bytes so far begin a structure, which lines of a byte or two do not show, or layers in front of one. */
  private hidesStructure(): boolean {
    const bytes = this.bytes();
    return bytes !== undefined && (standing(bytes) === 'cut' || hidesCutStructure(bytes));
  }

  private bytes(): Uint8Array | undefined {
    return this.bytesOf(this.store.text);
  }

  private bytesOf(text: Uint8Array): Uint8Array | undefined {
    if (this.form === 'hex') return hexBytes(text, 0, text.length - (text.length % 2));
    if (this.form === 'base64') return base64Bytes(text);
    const read = readValue(text, 'any');
    return 'bytes' in read ? read.bytes : undefined;
  }

  /** The line in which byte `at` of the decoded bytes begins. */
  private lineAt(at: number): number {
    return lastAtOrBefore(this.starts, at * 8);
  }
}

/** Whether a line consists of nothing but what the form is made of. `text` has no blanks at its ends. */
export function fits(form: WrappedForm, text: Uint8Array): boolean {
  if (form === 'hex') return text.every((byte) => HEX_VALUE[byte]! >= 0);
  if (form === 'base64') return text.subarray(0, charactersOf(text)).every((byte) => BASE64_VALUE[byte]! >= 0);
  return surveyNumbers(text, 0, text.length) !== undefined;
}

function bitsOf(form: WrappedForm, text: Uint8Array): number {
  if (form === 'hex') return text.length * 4;
  if (form === 'base64') return charactersOf(text) * 6;
  const row = surveyNumbers(text, 0, text.length);
  if (row === undefined) return 0;
  return row.longest === 2 || row.isDecimal || row.isOctal ? row.count * 8 : row.digits * 4;
}

function charactersOf(text: Uint8Array): number {
  let end = text.length;
  while (end > 0 && text.length - end < 2 && text[end - 1] === EQUALS) end--;
  return end;
}

function endOfStructure(bytes: Uint8Array, from: number): number | undefined {
  const kind = sniffStructure(bytes, from);
  const decoded = kind && decodeStructureAt(kind, bytes, from);
  return decoded?.ok ? decoded.end : undefined;
}

/** Whether a structure decodes at a line, and the bytes that it took to tell; what is cheap to rule out counts as none. */
function attempt(bytes: Uint8Array, from: number): { isWhole: boolean; read: number } {
  const kind = sniffStructure(bytes, from)!;
  if (kind === 'data' || kind === 'certificate') {
    const end = skimEnd(kind, bytes, from, MOST_SKIMMED_ELEMENTS);
    if (end <= 0 && end !== SKIM_TOO_LONG) return { isWhole: false, read: 0 };
  }
  const decoded = decodeStructureAt(kind, bytes, from);
  return { isWhole: decoded.ok, read: (decoded.ok ? decoded.end : decoded.error.offset) - from };
}
