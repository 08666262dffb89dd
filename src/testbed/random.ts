import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Reproducible bytes: SHA-256 of seed and counter. Same seed, same bytes, on every machine. Not for secrets: the seed reveals
 * every key made from it.
 */
export class Random {
  private readonly seed: Uint8Array;
  private counter = 0;
  private pool: Uint8Array = new Uint8Array(0);

  constructor(seed: string | Uint8Array) {
    this.seed = sha256(typeof seed === 'string' ? utf8ToBytes(seed) : seed);
  }

  /** A generator of its own for one purpose: it depends on seed and label, never on what was drawn before. */
  fork(label: string): Random {
    return new Random(concatBytes(this.seed, utf8ToBytes(label)));
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.pool.length === 0) this.pool = this.nextBlock();
      const part = this.pool.subarray(0, count - filled);
      out.set(part, filled);
      filled += part.length;
      this.pool = this.pool.subarray(part.length);
    }
    return out;
  }

  private nextBlock(): Uint8Array {
    const counter = new Uint8Array(8);
    new DataView(counter.buffer).setUint32(4, this.counter++);
    return sha256(concatBytes(this.seed, counter));
  }

  /** Uniform integer in 0 … limit − 1, for limits far below 2^48. */
  below(limit: number): number {
    return Math.floor((Number(bytesToNumberBE(this.bytes(6))) / 2 ** 48) * limit);
  }

  /** Uniform integer in 1 … order − 1. */
  scalar(order: bigint): bigint {
    const octets = Math.ceil(order.toString(2).length / 8);
    for (;;) {
      const value = bytesToNumberBE(this.bytes(octets));
      if (value > 0n && value < order) return value;
    }
  }
}
