import { JsonStream, type Step } from '../json/json-stream.ts';
import { MAX_LINE_OCTETS } from '../limits.ts';
import type { Piece, RecordParser } from '../record.ts';
import { COMMA, CR, CURLY_OPEN, FIRST_VISIBLE, LF, SQUARE_OPEN } from '../values/ascii.ts';
import { ByteQueue } from '../values/byte-queue.ts';
import { TextLines, type TextMode } from './text-lines.ts';

/**
 * Cuts text into pieces: lines in all forms of {@link TextLines}, and JSON documents wherever a bracket begins one, in any
 * order. Each piece comes as soon as its text has.
 */
export class TextParser implements RecordParser {
  private readonly queue = new ByteQueue();
  private readonly json = new JsonStream(this.queue);
  private readonly lines: TextLines;
  /** A document has ended in this line: separators may follow it. */
  private isBehindDocument = false;
  /** The bracket at the start of the queue begins no JSON. */
  private isText = false;
  /** The beginning of this line is a piece already, and the rest of it is passed over. */
  private isTooLong = false;
  /** Bytes of the queue in which no line end was found. */
  private searched = 0;
  /** Bytes at the start of the queue that are blank. */
  private blanks = 0;

  /** @param offset Bytes of the input before the text. */
  constructor(mode: TextMode, offset = 0) {
    this.lines = new TextLines(mode);
    this.queue.offset = offset;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    this.queue.append(chunk);
    yield* this.pieces(false);
  }

  *end(): Generator<Piece> {
    yield* this.pieces(true);
    yield* this.lines.end();
  }

  private *pieces(isComplete: boolean): Generator<Piece> {
    for (;;) {
      const indent = this.json.isOpen ? 0 : this.toBracket();
      if (this.json.isOpen || indent !== undefined) {
        const pieces: Piece[] = [];
        const wasOpen = this.json.isOpen;
        const step = this.json.step(pieces, isComplete, indent ?? 0);
        if (!wasOpen && this.json.isOpen) yield* this.lines.end();
        yield* pieces;
        if (step === 'more') return;
        this.note(step);
      } else if (this.queue.length === 0) return;
      else {
        const end = this.lineEnd(isComplete);
        if (end === undefined) return;
        yield* this.line(end);
      }
    }
  }

  private note(step: Step): void {
    this.searched = 0;
    this.blanks = 0;
    if (step === 'outside') this.isBehindDocument = true;
    if (step === 'text') this.isText = true;
  }

  /**
   * If the next visible byte of the line is a bracket that may begin a document, uses up what is before it, and gives the blanks
   * before it in the line: infinite if a document is.
   */
  private toBracket(): number | undefined {
    if (this.isText || this.isTooLong || this.lines.isInLiteral) return undefined;
    const { buffer, start, end } = this.queue;
    let at = start + this.blanks;
    for (; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === LF || (byte >= FIRST_VISIBLE && !(byte === COMMA && this.isBehindDocument))) break;
    }
    if (this.isBehindDocument && at > start) this.use(at - start, 0);
    else this.blanks = at - start;
    if (at === end || (buffer[at] !== CURLY_OPEN && buffer[at] !== SQUARE_OPEN)) return undefined;
    if (this.isBehindDocument) return Number.POSITIVE_INFINITY;
    this.use(at - start, 0);
    return at - start;
  }

  /** The bytes of the next line without its end; `undefined` if they have not all come. */
  private lineEnd(isComplete: boolean): number | undefined {
    const { buffer, start, end } = this.queue;
    const at = buffer.subarray(start, end).indexOf(LF, this.searched);
    if (at >= 0) return at;
    this.searched = this.queue.length;
    return isComplete || this.queue.length > MAX_LINE_OCTETS + 1 ? this.queue.length : undefined;
  }

  private *line(length: number): Generator<Piece> {
    const { buffer, start, offset, line } = this.queue;
    const hasEnd = buffer[start + length] === LF && length < this.queue.length;
    const bytes = length > 0 && buffer[start + length - 1] === CR ? length - 1 : length;
    const text = buffer.subarray(start, start + bytes);
    const { isTooLong } = this;
    this.isTooLong = !hasEnd && (isTooLong || bytes > MAX_LINE_OCTETS);
    if (!isTooLong && bytes > MAX_LINE_OCTETS) {
      yield* this.lines.end();
      const unreadable = `line longer than ${MAX_LINE_OCTETS} bytes; the rest of it is not kept`;
      yield { offset, line, bytes: text.slice(0, MAX_LINE_OCTETS), unreadable };
    } else if (!isTooLong) yield* this.lines.line({ offset, line, text });
    this.use(hasEnd ? length + 1 : length, hasEnd ? 1 : 0);
    this.isBehindDocument = false;
    this.isText = false;
  }

  private use(bytes: number, lines: number): void {
    this.queue.skip(bytes, lines);
    this.searched = 0;
    this.blanks = 0;
  }
}
