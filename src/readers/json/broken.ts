import { concat } from '../bytes.ts';
import { MAX_KEPT_BYTES, MAX_LINE_BYTES } from '../limits.ts';
import type { Piece } from '../record.ts';
import {
  asciiString,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  DASH,
  FIRST_VISIBLE,
  isDigit,
  LF,
  QUOTE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  trimmed,
} from '../values/ascii.ts';
import type { ByteQueue } from '../values/byte-queue.ts';
import { hexBytes } from '../values/hex.ts';
import { standing } from '../values/structure.ts';
import { documentRecords } from './records.ts';
import { DocumentScanner } from './scanner.ts';

/** A document that fails. It begins at the start of the queue. */
export interface Failure {
  readonly problem: string;
  /** Bytes from the beginning of the document to the byte at fault. */
  readonly at: number;
  readonly isInList: boolean;
  /** Blanks before the document in its line; infinite if anything else is before it. */
  readonly indent: number;
}

/**
 * Work on text that is gone through again because a document in it failed: at most so many times the bytes of the
 * input, and some for the first. Beyond that, reading goes on behind what failed.
 */
export class Retries {
  private spent = 0;

  allow(bytes: number, inputBytes: number): boolean {
    if (this.spent + bytes > RETRY_FACTOR * inputBytes + RETRY_BYTES) return false;
    this.spent += bytes;
    return true;
  }
}

const RETRY_FACTOR = 4;
const RETRY_BYTES = 64 * 1024;

/**
 * Finds where reading goes on behind a document that fails. In the line of its beginning that is the next document that can be
 * read, if documents stand one behind the other there; else the end of that line. If the document went on for several lines
 * before it failed, it is the next line that begins a document no further in than the failed one, or that is no part
 * of JSON at all. What is passed over is one piece.
 */
export class BrokenDocument {
  private readonly queue: ByteQueue;
  private readonly failure: Failure;
  private readonly retries: Retries;
  private readonly place: { offset: number; line: number };
  private readonly kept: Uint8Array[] = [];
  private keptBytes = 0;
  private phase: 'inFirstLine' | 'byLines' | 'toLineEnd' = 'inFirstLine';
  /** From the start of the queue: the byte at fault, and up to where places to go on and line ends were looked for. */
  private errorAt: number;
  private at = 1;
  private searched = 0;
  private blankTo = 0;
  /** Documents have no blank lines in them: behind one, behind the byte at fault, reading goes on. */
  isBehindBlankLine = false;
  /** The visible bytes before `at`, with and without commas. */
  private previous = 0;
  private previousButComma = 0;
  private probe: DocumentScanner | undefined;

  constructor(queue: ByteQueue, failure: Failure, retries: Retries) {
    this.queue = queue;
    this.failure = failure;
    this.retries = retries;
    this.place = { offset: queue.offset, line: queue.line };
    this.errorAt = failure.at;
  }

  /** The piece, with the queue where reading goes on; `undefined` as long as that depends on bytes to come. */
  resume(isComplete: boolean): Piece | undefined {
    if (this.phase === 'inFirstLine') return this.inFirstLine(isComplete);
    return this.phase === 'byLines' ? this.byLines(isComplete) : this.toLineEnd(isComplete);
  }

  private inFirstLine(isComplete: boolean): Piece | undefined {
    const lineEnd = this.lineEnd(0);
    if (lineEnd !== undefined && lineEnd < this.errorAt) {
      this.phase = 'byLines';
      this.at = lineEnd + 1;
      return this.byLines(isComplete);
    }
    const isWhole = isComplete || lineEnd !== undefined;
    const limit = lineEnd ?? this.queue.length;
    for (; this.at < limit; this.at++) {
      const byte = this.byteAt(this.at);
      if (byte < FIRST_VISIBLE) continue;
      const isReadable = this.mayFollow(byte) && this.isReadable(limit, isWhole);
      if (isReadable === undefined) return undefined;
      if (isReadable) return this.finish(this.at);
      this.previous = byte;
      if (byte !== COMMA) this.previousButComma = byte;
    }
    if (isWhole) return this.finish(this.failure.isInList ? this.beforeBracket(limit) : limit);
    return limit > MAX_LINE_BYTES ? this.skipToLineEnd() : undefined;
  }

  private byLines(isComplete: boolean): Piece | undefined {
    for (;;) {
      const first = this.firstVisible();
      const end = this.lineEnd(first);
      const isCut = end === undefined && !isComplete;
      if (isCut && this.queue.length - this.at > MAX_LINE_BYTES) return this.skipToLineEnd();
      if (isCut) return this.letGo();
      const to = end ?? this.queue.length;
      if (first < to && this.goesOnWith(this.stretch(first, to), first - this.at)) return this.finish(this.at);
      // Behind the byte at fault one blank line is enough for good; before it, it has to be the last line.
      this.isBehindBlankLine = first === to || (this.isBehindBlankLine && this.at > this.errorAt);
      this.at = to + 1;
      if (to === this.queue.length) return this.finish(to);
    }
  }

  private toLineEnd(isComplete: boolean): Piece | undefined {
    const end = this.lineEnd(0);
    if (end !== undefined || isComplete) return this.finish(end ?? this.queue.length);
    return this.skipToLineEnd();
  }

  /** A line without an end is not held. */
  private skipToLineEnd(): undefined {
    this.phase = 'toLineEnd';
    this.swallow(this.queue.length);
  }

  /** Lines that were passed over are not held while more is awaited. */
  private letGo(): undefined {
    if (this.at <= this.errorAt) return;
    this.swallow(this.at);
    this.errorAt = -1;
    this.at = 0;
  }

  /** Documents follow each other at once, elements of a list behind a comma. */
  private mayFollow(byte: number): boolean {
    if (!this.failure.isInList) return byte === CURLY_OPEN && this.previousButComma === CURLY_CLOSE;
    return this.previous === COMMA && (byte === CURLY_OPEN || byte === SQUARE_OPEN || byte === QUOTE);
  }

  /** Whether a document is at `at` of which a record can be read; `undefined` if that depends on bytes to come. */
  private isReadable(limit: number, isWhole: boolean): boolean | undefined {
    const { buffer, start, offset } = this.queue;
    this.probe ??= new DocumentScanner();
    const before = this.probe.at;
    const result = this.probe.scan(buffer, start + this.at, start + limit, isWhole);
    const isAllowed = this.retries.allow(this.probe.at - before, offset + limit);
    if (isAllowed && result === 'more') return undefined;
    const { at, members } = this.probe;
    this.probe = undefined;
    if (!isAllowed) this.at = limit - 1;
    if (!isAllowed || result !== 'done') return false;
    return documentRecords(this.stretch(this.at, this.at + at), members).some(({ read }) => 'bytes' in read);
  }

  /** Whether reading goes on with a line, given from its first visible byte on. */
  private goesOnWith(line: Uint8Array, indent: number): boolean {
    const byte = line[0]!;
    const { isInList } = this.failure;
    const isOutside = indent <= this.failure.indent;
    const isElement = isInList && (byte === QUOTE || byte === SQUARE_CLOSE);
    const mayBegin = isOutside && (byte === CURLY_OPEN || byte === SQUARE_OPEN || isElement);
    const isAtFault = this.at + indent + line.length >= this.errorAt;
    const isText = this.isBehindBlankLine || (!isInList && isOutside && !isPartOfJson(line));
    if (this.at > this.errorAt) return mayBegin || isText;
    if (isAtFault && isText) return true;
    const isBeginning = mayBegin || this.isBehindBlankLine || (!isInList && isHexRecord(line));
    return isBeginning && this.retries.allow(this.errorAt - this.at, this.queue.offset + this.queue.length);
  }

  /** From `at`, the first byte of the line that is no blank; its end if there is none. */
  private firstVisible(): number {
    let first = Math.max(this.at, this.blankTo);
    while (first < this.queue.length && this.byteAt(first) < FIRST_VISIBLE && this.byteAt(first) !== LF) first++;
    this.blankTo = first;
    return first;
  }

  /** The next line end from `from` on, as far as bytes have come. */
  private lineEnd(from: number): number | undefined {
    const { buffer, start, end } = this.queue;
    const at = buffer.subarray(start, end).indexOf(LF, Math.max(from, this.searched));
    if (at >= 0) return at;
    this.searched = this.queue.length;
    return undefined;
  }

  /** Where the bracket is that ends the list in the line of the failed element; `limit` if none does. */
  private beforeBracket(limit: number): number {
    let at = limit;
    while (at > 1 && this.byteAt(at - 1) < FIRST_VISIBLE) at--;
    return this.byteAt(at - 1) === SQUARE_CLOSE ? at - 1 : limit;
  }

  private finish(bytes: number): Piece {
    this.keep(bytes);
    this.queue.consume(bytes);
    const [first] = this.kept;
    const all = first && this.kept.length === 1 ? first : concat(this.kept);
    let to = all.length;
    while (to > 0 && isSeparator(all[to - 1]!)) to--;
    // Not a view: a small list of bytes costs less than a view of one.
    const text = to === all.length ? all : all.slice(0, to);
    return { ...this.place, bytes: text, unreadable: `not JSON: ${this.failure.problem}` };
  }

  private swallow(bytes: number): void {
    this.keep(bytes);
    this.queue.consume(bytes);
    this.searched = 0;
    this.blankTo = 0;
  }

  private keep(bytes: number): void {
    const { buffer, start } = this.queue;
    const kept = buffer.slice(start, start + Math.min(bytes, MAX_KEPT_BYTES - this.keptBytes));
    this.kept.push(kept);
    this.keptBytes += kept.length;
  }

  private byteAt(at: number): number {
    return this.queue.buffer[this.queue.start + at]!;
  }

  private stretch(from: number, to: number): Uint8Array {
    return this.queue.buffer.subarray(this.queue.start + from, this.queue.start + to);
  }
}

function isHexRecord(line: Uint8Array): boolean {
  const bytes = hexBytes(trimmed(line));
  return bytes !== undefined && standing(bytes) === 'whole';
}

/** Whether a line is the rest of a document over several lines: a member, a number of a list, or brackets. */
function isPartOfJson(line: Uint8Array): boolean {
  const byte = line[0]!;
  if (byte === QUOTE || byte === CURLY_CLOSE || byte === SQUARE_CLOSE || byte === COMMA) return true;
  return (byte === DASH || isDigit(byte)) && line.length < 30 && /^-?\d+(\.\d+)?,?\s*$/.test(asciiString(line));
}

function isSeparator(byte: number): boolean {
  return byte < FIRST_VISIBLE || byte === COMMA;
}
