import { ReaderError } from './errors.ts';
import { MAX_DECOMPRESSED_BYTES, MAX_UNFOLDING, UNFOLDED_FREELY_BYTES } from './limits.ts';

/** Watches what a compressed input unfolds to (DECISIONS D25). */
export class Unfolding {
  private readonly source: string;
  private packed = 0;
  private unfolded = 0;

  constructor(source: string, packed = 0) {
    this.source = source;
    this.packed = packed;
  }

  takeIn(bytes: number): void {
    this.packed += bytes;
  }

  /** @throws ReaderError beyond the bounds. */
  giveOut(bytes: number): void {
    this.unfolded += bytes;
    if (this.unfolded > MAX_DECOMPRESSED_BYTES) {
      throw new ReaderError(this.source, this.unfolded, `more than ${MAX_DECOMPRESSED_BYTES} bytes when unpacked`);
    }
    if (this.unfolded > UNFOLDED_FREELY_BYTES && this.unfolded > MAX_UNFOLDING * this.packed) {
      throw new ReaderError(
        this.source,
        this.unfolded,
        `${this.packed} bytes unfold to more than ${MAX_UNFOLDING} times as many (${this.unfolded}): unpack and inspect it first`,
      );
    }
  }
}
