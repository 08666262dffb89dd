/** Octets and numbers for tests: slow and plain. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

export function toInteger(octets: Uint8Array): bigint {
  return BigInt(`0x${toHex(octets) || '0'}`);
}

/** Big-endian, 32 octets unless said otherwise. */
export function toOctets(value: bigint, length = 32): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, '0'));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A small seeded generator (xorshift128+ on 64-bit words), so that a failure can be repeated. */
export class Random {
  #a: bigint;
  #b: bigint;

  constructor(seed: bigint) {
    this.#a = seed * 0x9e3779b97f4a7c15n + 1n;
    this.#b = seed ^ 0xbf58476d1ce4e5b9n;
    for (let i = 0; i < 8; i++) this.word();
  }

  word(): bigint {
    const mask = (1n << 64n) - 1n;
    let x = this.#a & mask;
    const y = this.#b & mask;
    this.#a = y;
    x ^= (x << 23n) & mask;
    this.#b = (x ^ y ^ (x >> 17n) ^ (y >> 26n)) & mask;
    return (this.#b + y) & mask;
  }

  /** Below `bound`, with 64 bits to spare. */
  below(bound: bigint): bigint {
    let value = 0n;
    for (let bits = 0; bits < bound.toString(2).length + 64; bits += 64) value = (value << 64n) | this.word();
    return value % bound;
  }

  index(bound: number): number {
    return Number(this.below(BigInt(bound)));
  }

  octets(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = Number(this.word() & 255n);
    return out;
  }
}
