import type { CoerErrorCode } from './errors.ts';
import type { Trace } from './trace.ts';

/**
 * A bounded read position in received bytes. Schemas move `offset` forward and never read at or past `end`; `end` shrinks
 * while an open type is read, so that its content cannot reach into what follows.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  offset: number;
  end: number;
  /** How many recursive structures are open; see `recursive`. */
  depth = 0;
  /** Elements that all lists to come may have together. */
  elementsLeft: number;
  /** Set only if fields are traced (`annotate`); the fast path has none. */
  readonly trace: Trace | undefined;

  constructor(
    bytes: Uint8Array,
    offset = 0,
    end = bytes.length,
    trace?: Trace,
    maxElements: number = Number.MAX_SAFE_INTEGER,
  ) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    this.trace = trace;
    this.elementsLeft = maxElements;
  }

  /** Fails unless `count` more octets are there. */
  need(count: number): void {
    if (count > this.end - this.offset) this.fail('truncated', `${count} octet(s), ${this.end - this.offset} left`);
  }

  u8(): number {
    if (this.offset >= this.end) this.fail('truncated', '1 octet, 0 left');
    return this.bytes[this.offset++] as number;
  }

  take(count: number): Uint8Array {
    this.need(count);
    const start = this.offset;
    this.offset = start + count;
    return this.bytes.subarray(start, start + count);
  }

  /** Unsigned big-endian integer of at most 6 octets. */
  uint(octets: number): number {
    this.need(octets);
    let value = 0;
    for (let i = 0; i < octets; i++) value = value * 256 + (this.bytes[this.offset++] as number);
    return value;
  }

  /** Length determinant (X.696 §8.6), minimal form only; the length is checked against what is left. */
  length(): number {
    const start = this.offset;
    const first = this.u8();
    if (first < 0x80) {
      if (first > this.end - this.offset)
        this.fail('truncated', `length ${first}, ${this.end - this.offset} left`, start);
      return first;
    }
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) this.fail('lengthForm', `length of ${octets} octets`, start);
    const value = this.uint(octets);
    if (value < 0x80 || value < 256 ** (octets - 1)) this.fail('lengthNotMinimal', `length ${value}`, start);
    if (value > this.end - this.offset)
      this.fail('truncated', `length ${value}, ${this.end - this.offset} left`, start);
    return value;
  }

  fail(code: CoerErrorCode, detail: string, offset = this.offset): never {
    throw new DecodeFailure(code, offset, detail);
  }
}

/**
 * Thrown inside a decode and caught at its edge, where it becomes a value. Deliberately not an Error: building a stack trace
 * for each hostile input would cost more than decoding it.
 */
export class DecodeFailure {
  readonly code: CoerErrorCode;
  readonly offset: number;
  readonly detail: string;
  /** Names of the fields that were open, the innermost first: each container adds its own when the failure passes it. */
  private readonly names: string[] = [];

  constructor(code: CoerErrorCode, offset: number, detail: string) {
    this.code = code;
    this.offset = offset;
    this.detail = detail;
  }

  /** Field names from the outside in. */
  get path(): string {
    return this.names.toReversed().join('.').replaceAll('.[', '[');
  }

  /** What was thrown while a field was read, knowing that field; anything but a failure passes as it is. */
  static inside(name: string, thrown: unknown): unknown {
    if (thrown instanceof DecodeFailure) thrown.names.push(name);
    return thrown;
  }
}
