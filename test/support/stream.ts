/**
 * Seeded randomness for large runs: the key stream of AES-128 in counter mode. `Random` of octets.ts takes a BigInt operation
 * an octet, which two hundred thousand signatures would spend minutes in.
 */
import { type Cipher, createCipheriv, createHash } from 'node:crypto';

const BUFFER = 8192;

export class Stream {
  readonly #cipher: Cipher;
  #buffer = new Uint8Array(0);
  #used = 0;

  constructor(seed: string) {
    const key = createHash('sha256').update(seed).digest().subarray(0, 16);
    this.#cipher = createCipheriv('aes-128-ctr', key, new Uint8Array(16));
  }

  octets(length: number): Uint8Array {
    if (length > BUFFER) throw new RangeError(`${length} octets at once`);
    if (this.#used + length > this.#buffer.length) {
      this.#buffer = new Uint8Array(this.#cipher.update(new Uint8Array(BUFFER)));
      this.#used = 0;
    }
    this.#used += length;
    return this.#buffer.slice(this.#used - length, this.#used);
  }

  integer(octets = 32): bigint {
    return BigInt(`0x${Buffer.from(this.octets(octets)).toString('hex')}`);
  }

  /** 0 ≤ index < bound ≤ 2^32. */
  index(bound: number): number {
    const [a, b, c, d] = this.octets(4) as unknown as [number, number, number, number];
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % bound;
  }

  chance(probability: number): boolean {
    return this.index(1 << 20) < probability * (1 << 20);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.index(from.length)]!;
  }

  /** A shuffled copy. */
  shuffled<T>(from: readonly T[]): T[] {
    const out = [...from];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.index(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}
