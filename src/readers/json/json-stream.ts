import { pieceOf } from '../pieces.ts';
import type { Piece } from '../record.ts';
import {
  asciiString,
  BASE64_VALUE,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  DASH,
  EQUALS,
  FIRST_VISIBLE,
  isDigit,
  LF,
  QUOTE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
} from '../values/ascii.ts';
import type { ByteQueue } from '../values/byte-queue.ts';
import { ratedValue } from '../values/value.ts';
import { BrokenDocument, Retries } from './broken.ts';
import { documentPieces } from './documents.ts';
import { DocumentScanner } from './scanner.ts';

/**
 * What came of a step:
 * - `again`: something was used up;
 * - `more`: bytes to come decide;
 * - `outside`: what comes next is no JSON;
 * - `text`: nor is what the step began at, although it begins with a bracket.
 */
export type Step = 'again' | 'more' | 'outside' | 'text';

/** Blanks behind a bracket that are waited for; no program writes as many. */
const MOST_BLANKS = 4096;
/** A byte as a string, as `["03","81"]` has them. */
const BYTE_STRING = /^"(?:0x)?[0-9a-f]{2}"/i;
const LONGEST_BYTE_STRING = 6;
const NO_END = 'the JSON list does not end';
/** Behind a blank line, anything else is text that follows a list without an end. */
const ELEMENT_BEGINNINGS: readonly number[] = [CURLY_OPEN, SQUARE_OPEN, QUOTE];

/**
 * JSON documents one behind the other, with blanks, commas, record separators (RFC 7464) or nothing between them, and
 * the elements of a list around them, each of which is a document. One that fails costs itself only.
 */
export class JsonStream {
  private readonly queue: ByteQueue;
  private readonly retries = new Retries();
  private scanner: DocumentScanner | undefined;
  private broken: BrokenDocument | undefined;
  private isInList = false;
  /** The document is a list of numbers, or text that begins like one. */
  private isNumbers = false;
  /** The document has ended; what follows a list of numbers is awaited. */
  private isScanned = false;
  /** Blanks before the document in its line; infinite if anything else is before it. */
  private indent = 0;
  /** Line ends since the last element of the list. */
  private lineEnds = 0;

  constructor(queue: ByteQueue) {
    this.queue = queue;
  }

  /** Whether a document or list has begun that has not ended. */
  get isOpen(): boolean {
    return this.isInList || this.scanner !== undefined || this.broken !== undefined;
  }

  /**
   * Goes on at the start of the queue; if nothing is open, a bracket is there.
   * @param indent Blanks before it in its line, as above.
   */
  step(pieces: Piece[], isComplete: boolean, indent: number): Step {
    if (this.broken) return this.resume(pieces, isComplete);
    if (this.scanner) return this.goOn(this.scanner, pieces, isComplete);
    if (this.isInList) return this.nextElement(pieces, isComplete);
    this.indent = indent;
    return this.begin(pieces, isComplete);
  }

  private begin(pieces: Piece[], isComplete: boolean): Step {
    const { queue } = this;
    const first = this.visibleFrom(1);
    if (first >= queue.length && !isComplete && queue.length <= MOST_BLANKS) return 'more';
    const byte = this.byteAt(first);
    if (this.byteAt(0) === CURLY_OPEN)
      return byte === QUOTE || byte === CURLY_CLOSE ? this.scan(false, pieces, isComplete) : 'text';
    if (byte === DASH || isDigit(byte)) return this.scan(true, pieces, isComplete);
    if (byte === QUOTE && queue.length - first < LONGEST_BYTE_STRING && !isComplete) return 'more';
    if (byte === QUOTE && BYTE_STRING.test(this.textAt(first, LONGEST_BYTE_STRING)))
      return this.scan(true, pieces, isComplete);
    if (byte !== CURLY_OPEN && byte !== SQUARE_OPEN && byte !== QUOTE && byte !== SQUARE_CLOSE) return 'text';
    queue.skip(1, 0);
    this.isInList = true;
    this.indent = Number.POSITIVE_INFINITY;
    return 'again';
  }

  private scan(isNumbers: boolean, pieces: Piece[], isComplete: boolean): Step {
    this.isNumbers = isNumbers;
    this.isScanned = false;
    this.scanner = new DocumentScanner();
    return this.goOn(this.scanner, pieces, isComplete);
  }

  private nextElement(pieces: Piece[], isComplete: boolean): Step {
    const { queue } = this;
    let at = 0;
    let byte = 0;
    for (; at < queue.length; at++) {
      byte = this.byteAt(at);
      if (byte === LF) {
        this.indent = 0;
        this.lineEnds++;
      } else if (byte >= FIRST_VISIBLE && byte !== COMMA) break;
      else this.indent++;
    }
    const isEnd = at >= queue.length;
    queue.consume(at);
    if (isEnd && !isComplete) return 'more';
    const isBehindBlankLine = this.lineEnds > 1;
    this.lineEnds = 0;
    if (!isEnd && byte !== SQUARE_CLOSE && (!isBehindBlankLine || ELEMENT_BEGINNINGS.includes(byte))) {
      return this.scan(false, pieces, isComplete);
    }
    this.isInList = false;
    if (!isEnd && byte === SQUARE_CLOSE) queue.skip(1, 0);
    else pieces.push({ offset: queue.offset, line: queue.line, bytes: new Uint8Array(0), unreadable: NO_END });
    return 'outside';
  }

  private goOn(scanner: DocumentScanner, pieces: Piece[], isComplete: boolean): Step {
    const { queue } = this;
    const result = this.isScanned ? 'done' : scanner.scan(queue.buffer, queue.start, queue.end, isComplete);
    if (result === 'more') return 'more';
    if (result === 'failed') {
      if (this.isNumbers) return this.giveUp();
      const word = this.isInList ? this.recordAhead() : undefined;
      if (word) {
        pieces.push(pieceOf({ offset: queue.offset, line: queue.line }, word.bytes));
        queue.skip(word.length, 0);
        this.scanner = undefined;
        return 'again';
      }
      const { problem, at } = scanner;
      const failure = { problem, at, isInList: this.isInList, indent: this.indent };
      this.scanner = undefined;
      this.broken = new BrokenDocument(queue, failure, this.retries);
      return 'again';
    }
    this.isScanned = true;
    if (this.isNumbers) {
      const step = this.endOfNumbers(scanner.at, isComplete);
      if (step !== 'again') return step;
    }
    this.scanner = undefined;
    const document = queue.buffer.subarray(queue.start, queue.start + scanner.at);
    pieces.push(...documentPieces(document, scanner.members, { offset: queue.offset, line: queue.line }));
    queue.skip(scanner.at, scanner.lines);
    this.indent = Number.POSITIVE_INFINITY;
    return this.isInList ? 'again' : 'outside';
  }

  /** A list of numbers has nothing but JSON behind it in its line: else the numbers are part of some other text. */
  private endOfNumbers(at: number, isComplete: boolean): Step {
    let next = at;
    while (next < this.queue.length && this.byteAt(next) < FIRST_VISIBLE && this.byteAt(next) !== LF) next++;
    if (next >= this.queue.length) return isComplete || next - at > MOST_BLANKS ? 'again' : 'more';
    const byte = this.byteAt(next);
    const isJson = byte === LF || byte === COMMA || byte === CURLY_OPEN || byte === SQUARE_OPEN;
    return isJson ? 'again' : this.giveUp();
  }

  /** A string of a list that has lost its opening quote, or the one before it its closing quote: if it decodes, it is read. */
  private recordAhead(): { bytes: Uint8Array; length: number } | undefined {
    let length = 0;
    while (BASE64_VALUE[this.byteAt(length)]! >= 0 || this.byteAt(length) === EQUALS) length++;
    if (length === 0) return undefined;
    const { buffer, start } = this.queue;
    const readings = ratedValue(buffer.subarray(start, start + length), 'any');
    const whole = readings.find(({ standing }) => standing === 'whole');
    return whole && { bytes: whole.bytes, length };
  }

  private giveUp(): Step {
    this.scanner = undefined;
    this.isNumbers = false;
    return 'text';
  }

  private resume(pieces: Piece[], isComplete: boolean): Step {
    const piece = this.broken!.resume(isComplete);
    if (piece === undefined) return 'more';
    pieces.push(piece);
    this.lineEnds = this.broken!.isBehindBlankLine ? 2 : 0;
    this.broken = undefined;
    this.indent = 0;
    return this.isInList ? 'again' : 'outside';
  }

  private visibleFrom(from: number): number {
    let at = from;
    while (at < this.queue.length && this.byteAt(at) < FIRST_VISIBLE) at++;
    return at;
  }

  private byteAt(at: number): number {
    return this.queue.buffer[this.queue.start + at] ?? 0;
  }

  private textAt(from: number, length: number): string {
    const { buffer, start, end } = this.queue;
    return asciiString(buffer.subarray(start + from, Math.min(end, start + from + length)));
  }
}
