import { ReaderError } from './errors.ts';
import {
  MAX_DECOMPRESSED_BYTES,
  MAX_FRUITLESS_UNFOLDING,
  MAX_UNFOLDING,
  UNFOLDED_FREELY_BYTES,
  UNFOLDED_PER_RECORD_BYTES,
} from './limits.ts';

/** Watches what a compressed input unfolds to (DECISIONS D25). */
export class Unfolding {
  private readonly source: string;
  private readonly found: () => number;
  private packed = 0;
  private unfolded = 0;

  /** @param found records and other frames so far in what it unfolds to. */
  constructor(source: string, packed = 0, found: () => number = () => 0) {
    this.source = source;
    this.packed = packed;
    this.found = found;
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
    const fruitless = this.unfolded - UNFOLDED_PER_RECORD_BYTES * this.found();
    if (fruitless > UNFOLDED_FREELY_BYTES && fruitless > MAX_FRUITLESS_UNFOLDING * this.packed) {
      throw new ReaderError(
        this.source,
        this.unfolded,
        `${this.packed} bytes unfold to more than ${MAX_FRUITLESS_UNFOLDING} times as many (${this.unfolded}) that hold hardly any records: unpack and inspect it first`,
      );
    }
  }
}
