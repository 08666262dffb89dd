import { ReaderError } from './errors.ts';
import { classify, type Format, sniffFormat } from './formats.ts';
import { findInputs } from './inputs.ts';
import { SNIFF_OCTETS } from './limits.ts';
import { OctetSource } from './octet-source.ts';
import { concat } from './octets.ts';
import { createParser } from './parsers.ts';
import { expandChainFile } from './pieces.ts';
import type { InputRecord, Piece, RecordParser } from './record.ts';

export interface ReadOptions {
  /** Read every input as this; told from the content of each where absent. */
  readonly format?: Format | undefined;
  /** In place of standard input, for `-`. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * The records of files, directories (all files below, in natural order of names) and standard input (`-`), in the order of
 * the inputs. Lines and device logs are streamed; COER and JSON files are read whole, within a bound.
 *
 * Whatever cannot be taken out of its container is one record with `unreadable`, and reading goes on behind it.
 * @throws ReaderError for an input that cannot be read at all or holds no record. Missing names are noticed before the
 *   first record, the rest when its turn comes.
 */
export async function* readRecords(
  inputs: readonly string[],
  options: ReadOptions = {},
): AsyncGenerator<InputRecord, void, undefined> {
  for (const { name, sources } of await findInputs(inputs)) {
    let records = 0;
    for (const source of sources) {
      for await (const record of recordsOf(source, options)) {
        records++;
        yield record;
      }
    }
    // An empty file among others in a directory is ordinary; an input that has nothing to judge is a mistake.
    if (records === 0) throw new ReaderError(name, 0, `no records in ${name}`);
  }
}

async function* recordsOf(name: string, { format, stdin }: ReadOptions): AsyncGenerator<InputRecord> {
  const source = new OctetSource(name, stdin);
  for await (const pieces of piecesOf(source, format)) {
    for (const piece of pieces) for (const part of expandChainFile(piece)) yield { source: name, ...part };
  }
  if (source.damage !== undefined) {
    yield { source: name, offset: source.offset, bytes: new Uint8Array(0), unreadable: source.damage };
  }
}

/** Whole lists of pieces, because an asynchronous step for each would cost more than reading it. */
async function* piecesOf(source: OctetSource, forced: Format | undefined): AsyncGenerator<Iterable<Piece>> {
  let parser: RecordParser | undefined = forced && createParser(forced, source.name);
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of source.chunks()) {
    if (parser) {
      yield parser.push(chunk);
      continue;
    }
    head = concat([head, chunk]);
    const format = decideFormat(head);
    if (format === undefined) continue;
    parser = createParser(format, source.name);
    yield parser.push(head);
  }
  if (parser === undefined && head.length > 0) {
    parser = createParser(sniffFormat(head), source.name);
    yield parser.push(head);
  }
  if (parser) yield parser.end();
}

/** Always from the same beginning, however the octets arrive. */
function decideFormat(head: Uint8Array): Format | undefined {
  return classify(head.subarray(0, SNIFF_OCTETS), head.length >= SNIFF_OCTETS);
}
