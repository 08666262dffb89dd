import { coerPieces } from './coer.ts';
import { ReaderError } from './errors.ts';
import type { Format } from './formats.ts';
import { MAX_WHOLE_OCTETS } from './limits.ts';
import { LogParser } from './log.ts';
import { concat } from './octets.ts';
import type { Piece, RecordParser } from './record.ts';
import { createTextParser } from './text/index.ts';

/** The parser for a format; `source` names the input in its errors. */
export function createParser(format: Format, source: string, maxWholeOctets = MAX_WHOLE_OCTETS): RecordParser {
  if (format === 'obulog') return new LogParser();
  if (format === 'coer') return new WholeParser(coerPieces, source, maxWholeOctets);
  return createTextParser(format);
}

/** For formats that show their records only once all octets are there. */
class WholeParser implements RecordParser {
  private readonly chunks: Uint8Array[] = [];
  private octets = 0;
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
    this.octets += chunk.length;
    if (this.octets > this.limit) {
      throw new ReaderError(this.source, this.octets, `more than ${this.limit} octets in a format that is read whole`);
    }
    this.chunks.push(chunk);
    return [];
  }

  end(): Iterable<Piece> {
    return this.parse(concat(this.chunks));
  }
}
