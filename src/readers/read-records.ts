import { ReaderError } from './errors.ts';
import type { Format } from './formats.ts';
import type { InputRecord, Piece } from './record.ts';
import { RecordCutter } from './record-cutter.ts';
import { ByteSource, sourceOf } from './sources/byte-source.ts';
import { type FoundFile, findInputs } from './sources/inputs.ts';
import { type ReadReport, Tally } from './tally.ts';

export interface ReadOptions {
  /** Read every input as this; told from the content of each by default. */
  readonly format?: Format | undefined;
  /** In place of standard input, for `-`. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** What records from bytes or an iterable name as their `source`; `-` by default. */
  readonly name?: string | undefined;
  /** Hand out chain files whole, instead of the certificates in them. */
  readonly keepChainFiles?: boolean | undefined;
}

/** Names of files and folders (`-` for standard input), bytes, or whatever gives bytes. */
export type RecordSource = string | readonly string[] | Uint8Array | AsyncIterable<Uint8Array>;

/** The records of an input as they come, and what is to be said of the rest of it. */
export interface RecordStream extends AsyncGenerator<InputRecord, void, undefined> {
  /** What was read so far, beside the records. */
  readonly report: ReadReport;
}

/**
 * The records of files, folders (all files below, in natural order of names), standard input (`-`), bytes or a stream of bytes,
 * in the order of the inputs. The form of each is told by its content: COER structures back to back, device logs, captures
 * (pcap, pcapng), lines of hex or base64, JSON; gzip, zstd (if Node has it), tar and ZIP around any of them. Layers around a
 * structure are taken off and named. All but JSON documents and ZIP archives are streamed: a live source gives each record as
 * soon as it has come.
 *
 * Whatever cannot be read is one record with `unreadable`, and reading goes on behind it. Nothing is verified here.
 *
 * ```ts
 * const records = readRecords(['capture.pcapng', 'batch.zip']);
 * for await (const { source, offset, bytes, layers, captureTime, unreadable } of records) { … }
 * records.report.otherFrames; // { arp: 3, tcp: 120 }
 * ```
 *
 * @throws ReaderError (from `next`) for an input that cannot be opened or holds no record, and for one that exceeds a bound.
 *   Names that do not exist are noticed before the first record, the rest when its turn comes.
 */
export function readRecords(source: RecordSource, options: ReadOptions = {}): RecordStream {
  const tally = new Tally();
  const records = recordsOf(source, options, tally);
  return Object.defineProperty(records, 'report', { get: () => tally.report, enumerable: true }) as RecordStream;
}

async function* recordsOf(
  source: RecordSource,
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<InputRecord, void, undefined> {
  if (typeof source === 'string' || Array.isArray(source)) {
    yield* recordsOfFiles(typeof source === 'string' ? [source] : source, options, tally);
    return;
  }
  const name = options.name ?? '-';
  const chunks = source instanceof Uint8Array ? once(source) : (source as AsyncIterable<Uint8Array>);
  let records = 0;
  for await (const record of recordsOfSource(new ByteSource(name, chunks), options, tally)) {
    records++;
    yield record;
  }
  if (records === 0) throw nothingIn(name, tally.report);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* recordsOfFiles(
  names: readonly string[],
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<InputRecord, void, undefined> {
  for (const { name, files, privateKeyFiles, warnings } of await findInputs(names)) {
    tally.privateKeyFiles += privateKeyFiles;
    tally.warnings.push(...warnings);
    let records = 0;
    for (const file of files) {
      for await (const record of recordsOfFile(file, options, tally)) {
        records++;
        yield record;
      }
    }
    // An empty file among others in a folder is ordinary; an input that has nothing to verify is a mistake.
    if (records === 0) throw nothingIn(name, tally.report);
  }
}

/** A file of a folder that cannot be opened or read on costs itself only. */
async function* recordsOfFile(file: FoundFile, options: ReadOptions, tally: Tally): AsyncGenerator<InputRecord> {
  try {
    yield* recordsOfSource(sourceOf(file, options.stdin), options, tally);
  } catch (error) {
    if (!file.isEntry || !(error instanceof ReaderError)) throw error;
    tally.warnings.push(error.message);
  }
}

async function* recordsOfSource(
  source: ByteSource,
  { format, keepChainFiles }: ReadOptions,
  tally: Tally,
): AsyncGenerator<InputRecord> {
  const { name } = source;
  const cutter = new RecordCutter({ format, source: name, keepChainFiles, tally });
  for await (const chunk of source.chunks()) for (const piece of cutter.push(chunk)) yield recordOf(name, piece);
  for (const piece of cutter.end()) yield recordOf(name, piece);
  if (source.damage !== undefined) {
    const piece = { offset: source.offset, bytes: new Uint8Array(0), unreadable: source.damage };
    yield recordOf(name, tally.piece(piece, 0));
  }
}

const NO_LAYERS: readonly string[] = [];

/** Members that are absent stay so only where they are rare: one shape for most records. */
function recordOf(name: string, piece: Piece): InputRecord {
  const { offset, bytes, layers = NO_LAYERS, entry, line, lowerLayerPsid, captureTime, from, to, unreadable } = piece;
  const source = entry === undefined ? name : `${name}!/${entry}`;
  return { source, offset, line, bytes, layers, lowerLayerPsid, captureTime, from, to, unreadable };
}

function nothingIn(name: string, { otherFrames, privateKeyFiles, warnings }: ReadReport): ReaderError {
  const frames = Object.entries(otherFrames).map(([kind, count]) => `${count} ${kind}`);
  const notes = [
    ...(frames.length === 0 ? [] : [`frames of other kinds: ${frames.join(', ')}`]),
    ...(privateKeyFiles === 0 ? [] : [`private key files, which are left alone: ${privateKeyFiles}`]),
    ...warnings,
  ];
  return new ReaderError(name, undefined, `no records${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`);
}
