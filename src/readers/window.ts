import { plainBytes } from './bytes.ts';

/**
 * The part of an input that is still needed: bytes are appended at its end and dropped from its front. A chunk that arrives
 * while nothing is held is looked at where it lies; only what is left of it is copied, by {@link settle}.
 */
export class Window {
  /** The bytes at hand. */
  bytes: Uint8Array = EMPTY;
  /** Offset in the input of the first of them. */
  base = 0;
  private store = EMPTY;
  /** Where the bytes at hand lie in the store, if they do. */
  private start = 0;
  private isStored = true;

  push(received: Uint8Array): void {
    const chunk = plainBytes(received);
    if (this.bytes.length === 0) {
      this.bytes = chunk;
      this.isStored = false;
      return;
    }
    this.settle();
    const held = this.bytes.length;
    const needed = held + chunk.length;
    if (this.start + needed > this.store.length) {
      const room = needed <= this.store.length / 2 ? this.store : new Uint8Array(Math.max(LEAST_STORE, 2 * needed));
      room.set(this.bytes, 0);
      this.store = room;
      this.start = 0;
    }
    this.store.set(chunk, this.start + held);
    this.bytes = this.store.subarray(this.start, this.start + needed);
  }

  /** Drops bytes from the front. */
  drop(count: number): void {
    if (count === 0) return;
    this.bytes = this.bytes.subarray(count);
    this.base += count;
    if (this.isStored) this.start += count;
  }

  /** Makes what is at hand independent of the chunk that it came in. */
  settle(): void {
    if (this.isStored) return;
    const { bytes } = this;
    if (bytes.length > this.store.length) this.store = new Uint8Array(Math.max(LEAST_STORE, 2 * bytes.length));
    this.store.set(bytes, 0);
    this.start = 0;
    this.bytes = this.store.subarray(0, bytes.length);
    this.isStored = true;
  }
}

const EMPTY = new Uint8Array(0);
const LEAST_STORE = 4096;
