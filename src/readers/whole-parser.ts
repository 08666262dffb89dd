import { concat } from './bytes.ts';
import { ReaderError } from './errors.ts';
import type { Piece, RecordParser } from './record.ts';

/** For formats that show their records only once all bytes are there. */
export class WholeParser implements RecordParser {
  private chunks: Uint8Array[] = [];
  private length = 0;
  private readonly parse: (bytes: Uint8Array) => Iterable<Piece>;
  private readonly source: string;
  private readonly limit: number;

  constructor(parse: (bytes: Uint8Array) => Iterable<Piece>, source: string, limit: number) {
    this.parse = parse;
    this.source = source;
    this.limit = limit;
  }

  /** @throws ReaderError beyond the bound: such files are better given as lines, or in parts. */
  push(chunk: Uint8Array): Piece[] {
    this.length += chunk.length;
    if (this.length > this.limit) {
      throw new ReaderError(this.source, this.length, `more than ${this.limit} bytes in a format that is read whole`);
    }
    this.chunks.push(chunk.slice());
    return [];
  }

  end(): Iterable<Piece> {
    const bytes = this.chunks.length === 1 ? (this.chunks[0] as Uint8Array) : concat(this.chunks);
    this.chunks = [];
    return this.parse(bytes);
  }
}
