import { JsonStream, type Step } from '../json/json-stream.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import type { Piece, RecordParser } from '../record.ts';
import { COMMA, CR, CURLY_OPEN, FIRST_VISIBLE, LF, SQUARE_OPEN, skipBlanks } from '../values/ascii.ts';
import { ByteQueue } from '../values/byte-queue.ts';
import type { Line } from './line.ts';
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
  /** Blanks that were used up before the bracket at the start of the queue. */
  private indent = 0;
  private readonly found: Piece[] = [];

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
      const { isOpen } = this.json;
      if (!isOpen) {
        this.skipSeparators();
        this.skipEmptyLines();
      }
      const indent = isOpen ? 0 : this.toBracket();
      if (indent !== undefined) {
        const step = this.json.step(this.found, isComplete, indent);
        if (!isOpen && (step === 'outside' || this.json.isOpen)) yield* this.lines.end();
        yield* this.found;
        this.found.length = 0;
        if (step === 'more') return;
        this.note(step);
      } else if (this.queue.length === 0) return;
      else {
        const end = this.lineEnd(isComplete);
        if (end === undefined) return;
        if (!this.lines.isInLiteral || !this.isBracketAhead()) yield* this.line(end);
        else {
          const { isTaken, pieces } = this.lines.offer(this.textLine(end));
          yield* pieces;
          if (isTaken) this.endLine(end);
        }
      }
    }
  }

  private note(step: Step): void {
    this.indent = 0;
    this.searched = 0;
    this.blanks = 0;
    if (step === 'outside') this.isBehindDocument = true;
    if (step === 'text') this.isText = true;
  }

  /** Blanks and commas behind a document, and the end of its line. */
  private skipSeparators(): void {
    if (!this.isBehindDocument) return;
    const { buffer, start, end } = this.queue;
    let at = start;
    while (at < end && (buffer[at] === COMMA || (buffer[at]! < FIRST_VISIBLE && buffer[at] !== LF))) at++;
    const isLineEnd = at < end && buffer[at] === LF;
    if (isLineEnd) this.isBehindDocument = false;
    this.use(isLineEnd ? at + 1 - start : at - start, isLineEnd ? 1 : 0);
  }

  /** Lines without a single byte, of which a small archive may hold millions. */
  private skipEmptyLines(): void {
    const { buffer, start, end } = this.queue;
    if (buffer[start] !== LF || !this.lines.ignoresBlankLines || this.isTooLong || this.indent > 0) return;
    let at = start;
    while (at < end && buffer[at] === LF) at++;
    this.isText = false;
    this.isBehindDocument = false;
    this.use(at - start, at - start);
  }

  /**
   * If the next visible byte of the line is a bracket that may begin a document, uses up the blanks before it, and gives how many
   * they are: infinite if a document is before it in the line.
   */
  private toBracket(): number | undefined {
    if (this.isText || this.isTooLong || this.lines.isInLiteral) return undefined;
    const { buffer, start, end } = this.queue;
    let at = start + this.blanks;
    while (at < end && buffer[at]! < FIRST_VISIBLE && buffer[at] !== LF) at++;
    this.blanks = at - start;
    if (at === end || (buffer[at] !== CURLY_OPEN && buffer[at] !== SQUARE_OPEN)) return undefined;
    this.indent += at - start;
    this.use(at - start, 0);
    return this.isBehindDocument ? Number.POSITIVE_INFINITY : this.indent;
  }

  /** The bytes of the next line without its end; `undefined` if they have not all come. */
  private lineEnd(isComplete: boolean): number | undefined {
    const { buffer, start, end } = this.queue;
    const at = buffer.subarray(start, end).indexOf(LF, this.searched);
    if (at >= 0) return at;
    this.searched = this.queue.length;
    return isComplete || this.queue.length > MAX_LINE_BYTES + 1 ? this.queue.length : undefined;
  }

  /** A line of so many bytes, without its end. */
  private *line(length: number): Generator<Piece> {
    const line = this.textLine(length);
    const isLong = line.text.length > MAX_LINE_BYTES;
    if (isLong && !this.isTooLong) {
      yield* this.lines.end();
      const unreadable = `line longer than ${MAX_LINE_BYTES} bytes; the rest of it is not kept`;
      yield { offset: line.offset, line: line.line, bytes: line.text.slice(0, MAX_LINE_BYTES), unreadable };
    } else if (!this.isTooLong) yield* this.lines.line(line);
    this.isTooLong = length === this.queue.length && (this.isTooLong || isLong);
    this.endLine(length);
  }

  private textLine(length: number): Line {
    const { buffer, start, offset, line } = this.queue;
    const bytes = length > 0 && buffer[start + length - 1] === CR ? length - 1 : length;
    return { offset, line, text: buffer.subarray(start, start + bytes) };
  }

  private endLine(length: number): void {
    const hasEnd = length < this.queue.length;
    this.use(hasEnd ? length + 1 : length, hasEnd ? 1 : 0);
    this.isBehindDocument = false;
    this.isText = false;
  }

  private isBracketAhead(): boolean {
    const { buffer, start, end } = this.queue;
    const byte = buffer[skipBlanks(buffer, start, end)];
    return !this.isText && !this.isTooLong && (byte === CURLY_OPEN || byte === SQUARE_OPEN);
  }

  private use(bytes: number, lines: number): void {
    this.queue.skip(bytes, lines);
    this.searched = 0;
    this.blanks = 0;
  }
}
