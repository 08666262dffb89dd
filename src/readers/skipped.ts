import { MAX_KEPT_BYTES } from './limits.ts';

/** A stretch that has come to its end. */
export interface SkippedWhole {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** A stretch of an input in which no record was found. Only its beginning is kept. */
export class Skipped {
  /** Byte of the input at which it begins. */
  readonly offset: number;
  length = 0;
  private store = new Uint8Array(0);
  private kept = 0;

  constructor(offset: number) {
    this.offset = offset;
  }

  /** Copies what it keeps. */
  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    const part = bytes.subarray(0, MAX_KEPT_BYTES - this.kept);
    if (part.length === 0) return;
    const needed = this.kept + part.length;
    if (needed > this.store.length) {
      const larger = new Uint8Array(Math.min(MAX_KEPT_BYTES, 2 * needed));
      larger.set(this.store.subarray(0, this.kept));
      this.store = larger;
    }
    this.store.set(part, this.kept);
    this.kept = needed;
  }

  /** What the stretch is with its last part: `bytes` are a copy of what is kept of it. */
  closedBy(last: Uint8Array, start: number, end: number): SkippedWhole {
    // Most stretches lie in one chunk.
    const isShort = this.length === 0 && end - start <= MAX_KEPT_BYTES;
    if (isShort) return { offset: this.offset, length: end - start, bytes: last.slice(start, end), isWhole: true };
    this.add(last.subarray(start, end));
    return this;
  }

  /** Whether all of it was kept. */
  get isWhole(): boolean {
    return this.kept === this.length;
  }

  /** A copy of what was kept. */
  get bytes(): Uint8Array {
    return this.store.slice(0, this.kept);
  }
}
