import { GzipParser } from './archives/gzip.ts';
import { TarParser } from './archives/tar.ts';
import { zipPieces } from './archives/zip.ts';
import { PcapParser } from './captures/pcap.ts';
import { PcapngParser } from './captures/pcapng.ts';
import { ForeignParser } from './foreign-parser.ts';
import type { SniffedFormat } from './format-names.ts';
import { MAX_WHOLE_BYTES } from './limits.ts';
import { LogParser } from './log.ts';
import type { RecordParser } from './record.ts';
import { StructureParser } from './structures/structure-parser.ts';
import { Tally } from './tally.ts';
import { createTextParser } from './text/index.ts';
import { WholeParser } from './whole-parser.ts';

/** What parsers of archives need to read the files in them. */
export interface ParserContext {
  readonly tally: Tally;
  /** Makes the parser for an input inside this one. */
  open(): RecordParser;
}

/** The parser for a format; `source` names the input in its errors. */
export function createParser(
  format: SniffedFormat | 'gzip',
  source: string,
  maxWholeBytes = MAX_WHOLE_BYTES,
  context: ParserContext = alone(),
): RecordParser {
  const { tally } = context;
  const open = (): RecordParser => context.open();
  switch (format) {
    case 'coer':
      return new StructureParser(tally);
    case 'obulog':
      return new LogParser(tally);
    case 'pcap':
      return new PcapParser(tally);
    case 'pcapng':
      return new PcapngParser(tally);
    case 'tar':
      return new TarParser(tally, open);
    case 'zip':
      return Object.assign(new WholeParser((bytes) => zipPieces(bytes, source, tally, open), source, maxWholeBytes), {
        tally,
      });
    case 'gzip':
      return new GzipParser(source, tally, open());
    case 'foreign':
      return new ForeignParser(tally);
    default:
      return createTextParser(format);
  }
}

function alone(): ParserContext {
  const tally = new Tally();
  return { tally, open: () => new StructureParser(tally) };
}
