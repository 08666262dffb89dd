/**
 * A frame whose headers are taken off one after the other. What is left lies between `start` and `end`; one of `other` and
 * `problem` is set if that is no message.
 */
export class Frame {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
  readonly layers: string[] = [];
  psid: number | undefined;
  from: string | undefined;
  to: string | undefined;
  /** What the headers say is inside, if that is something else than IEEE 1609.2. */
  other: string | undefined;
  /** Why there is no message although the headers announce one. */
  problem: string | undefined;
  /** Layers behind the message, which are named last. */
  readonly trailers: string[] = [];

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** Bytes that are left. */
  get length(): number {
    return this.end - this.start;
  }

  /** An unsigned integer of the frame's rest, big-endian; NaN behind its end. */
  byte(at: number): number {
    return this.start + at < this.end ? (this.bytes[this.start + at] as number) : Number.NaN;
  }

  uint16(at: number): number {
    return this.byte(at) * 256 + this.byte(at + 1);
  }

  uint16Le(at: number): number {
    return this.byte(at) + this.byte(at + 1) * 256;
  }

  uint32(at: number): number {
    return this.uint16(at) * 0x10000 + this.uint16(at + 2);
  }

  uint32Le(at: number): number {
    return this.uint16Le(at) + this.uint16Le(at + 2) * 0x10000;
  }

  /** Takes off a header of so many bytes. */
  take(layer: string, length: number): void {
    this.layers.push(layer);
    this.start += length;
  }

  /** Leaves the frame as one that carries something else. */
  isOther(kind: string): void {
    this.other = kind;
  }

  fails(problem: string): void {
    this.problem = problem;
  }

  /** All layers that were taken off. */
  get names(): readonly string[] {
    return this.trailers.length === 0 ? this.layers : [...this.layers, ...this.trailers];
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }
}

export function macAddress(frame: Frame, at: number): string {
  const parts: string[] = [];
  for (let i = 0; i < 6; i++) parts.push(hexByte(frame.byte(at + i)));
  return parts.join(':');
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

export function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}
