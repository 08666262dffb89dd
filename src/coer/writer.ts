/** Growing output buffer of an encoder. */
export class Writer {
  private buffer = new Uint8Array(256);
  private length = 0;

  private reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.length, this.buffer.length * 2));
      grown.set(this.buffer);
      this.buffer = grown;
    }
    return start;
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  /** Unsigned big-endian integer of at most 6 octets. */
  uint(value: number, octets: number): void {
    const at = this.reserve(octets);
    let rest = value;
    for (let i = octets - 1; i >= 0; i--) {
      this.buffer[at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  bytes(octets: Uint8Array): void {
    const at = this.reserve(octets.length);
    this.buffer.set(octets, at);
  }

  /** Length determinant in its minimal form. */
  lengthOf(value: number): void {
    if (value < 0x80) {
      this.u8(value);
      return;
    }
    const octets = unsignedOctets(value);
    this.u8(0x80 | octets);
    this.uint(value, octets);
  }

  /** What was written; a copy, which the caller owns. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}

/** The fewest octets that hold an unsigned value; at least one. */
export function unsignedOctets(value: number): number {
  let octets = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) octets++;
  return octets;
}
