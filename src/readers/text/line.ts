import { MAX_KEPT_BYTES } from '../limits.ts';
import { ASTERISK, trimmed } from '../values/ascii.ts';
import { MAX_BLOCK_BYTES } from '../values/limits.ts';

/** A line of text, without its end. */
export interface Line {
  /** Byte of the input at which it begins. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** A view, valid until the next line is asked for. */
  readonly text: Uint8Array;
}

/** Lines that belong together, copied: their text stands in one buffer, each behind the one before. */
export class LineStore {
  private buffer = new Uint8Array(256);
  private readonly starts: number[] = [];
  private length = 0;
  private readonly offsets: number[] = [];
  private readonly numbers: number[] = [];
  /** Bytes of text given, kept or not. */
  private given = 0;

  /** Beyond {@link MAX_BLOCK_BYTES} lines are counted and not kept. */
  get isOverfull(): boolean {
    return this.given > MAX_BLOCK_BYTES;
  }

  get count(): number {
    return this.starts.length;
  }

  /** All text kept, lines one behind the other. */
  get text(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  add({ text, offset, line }: Line, separator?: number): void {
    this.given += text.length;
    if (this.isOverfull) return;
    const end = this.length + text.length;
    this.reserve(end + 1);
    this.buffer.set(text, this.length);
    if (separator !== undefined) this.buffer[end] = separator;
    this.starts.push(this.length);
    this.length = separator === undefined ? end : end + 1;
    this.offsets.push(offset);
    this.numbers.push(line);
  }

  /** Line `i` as it was added, with the separator if there was one. */
  at(i: number): Line {
    const text = this.buffer.subarray(this.starts[i]!, this.starts[i + 1] ?? this.length);
    return { text, offset: this.offsets[i]!, line: this.numbers[i]! };
  }

  /** The line in which byte `at` of the text is. */
  lineAt(at: number): number {
    return lastAtOrBefore(this.starts, at);
  }

  *from(first: number): Generator<Line> {
    for (let i = first; i < this.count; i++) yield this.at(i);
  }

  place(i: number): { offset: number; line: number } {
    return { offset: this.offsets[i]!, line: this.numbers[i]! };
  }

  /** The beginning of the text, for a piece that cannot be read. */
  kept(): Uint8Array {
    return this.text.slice(0, MAX_KEPT_BYTES);
  }

  private reserve(length: number): void {
    if (length <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(length, 2 * this.buffer.length));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** The index of the last of ascending numbers that is at most `at`; 0 if none is. */
export function lastAtOrBefore(ascending: readonly number[], at: number): number {
  let low = 0;
  for (let high = ascending.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether a line is the `*` that stands for repeated lines in a dump. */
export function isRepeat(text: Uint8Array): boolean {
  const bare = trimmed(text);
  return bare.length === 1 && bare[0] === ASTERISK;
}
