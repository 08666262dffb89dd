import { LF } from './ascii.ts';

const LEAST_CAPACITY = 64 * 1024;

/**
 * Bytes that have come and are not used up yet, in one stretch of memory, with their place in the input. Adding and
 * taking cost time in proportion to the bytes, however they are cut into chunks.
 */
export class ByteQueue {
  /** The bytes are [start, end) of it; what lies outside is undefined. Valid until the next {@link append}. */
  buffer = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Byte of the input and line, from 1, at `start`. */
  offset = 0;
  line = 1;

  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    if (this.end + chunk.length > this.buffer.length) this.makeRoom(chunk.length);
    this.buffer.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Uses up bytes that hold so many line ends. */
  skip(bytes: number, lines: number): void {
    this.start += bytes;
    this.offset += bytes;
    this.line += lines;
  }

  /** Uses up bytes and counts the line ends in them. */
  consume(bytes: number): void {
    this.skip(bytes, linesIn(this.buffer, this.start, this.start + bytes));
  }

  private makeRoom(bytes: number): void {
    const { length } = this;
    const needed = length + bytes;
    const larger =
      needed <= this.buffer.length / 2 ? this.buffer : new Uint8Array(Math.max(LEAST_CAPACITY, 2 * needed));
    larger.set(this.buffer.subarray(this.start, this.end));
    this.buffer = larger;
    this.start = 0;
    this.end = length;
  }
}

/** Line ends in [from, to) of `bytes`. */
export function linesIn(bytes: Uint8Array, from: number, to: number): number {
  // A view ends the search where the stretch ends, however far away the next line end is.
  const stretch = bytes.subarray(from, to);
  let lines = 0;
  for (let at = stretch.indexOf(LF); at >= 0; at = stretch.indexOf(LF, at + 1)) lines++;
  return lines;
}
