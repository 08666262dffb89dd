import { ReaderError } from './errors.ts';
import type { Format } from './format-names.ts';
import type { InputRecord, Piece } from './record.ts';
import { RecordCutter } from './record-cutter.ts';
import { ByteSource, sourceOf } from './sources/byte-source.ts';
import { type FoundFile, findInputs } from './sources/inputs.ts';
import { type ReadReport, Tally } from './tally.ts';

/** How to read an input: its format and its name. */
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

/** Names of files and folders (`-` for standard input), bytes, or a source of bytes. */
export type RecordSource = string | readonly string[] | Uint8Array | AsyncIterable<Uint8Array>;

/** The records of an input as they come, and a report on the rest of it. */
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

/**
 * One asynchronous step for each chunk, not for each record: that would cost more than reading the record. So the records of a
 * chunk are handed on together up to here.
 */
async function* recordsOf(
  source: RecordSource,
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<InputRecord, void, undefined> {
  for await (const { name, pieces } of batchesOf(source, options, tally)) {
    for (const piece of pieces) yield recordOf(name, piece);
  }
}

/** Pieces of one chunk, and the source that they are from. */
interface Batch {
  readonly name: string;
  readonly pieces: Iterable<Piece>;
}

async function* batchesOf(source: RecordSource, options: ReadOptions, tally: Tally): AsyncGenerator<Batch> {
  if (typeof source === 'string' || Array.isArray(source)) {
    yield* batchesOfFiles(typeof source === 'string' ? [source] : source, options, tally);
    return;
  }
  const name = options.name ?? '-';
  const chunks = source instanceof Uint8Array ? once(source) : (source as AsyncIterable<Uint8Array>);
  const records = new Counter();
  yield* records.of(batchesOfSource(new ByteSource(name, chunks), options, tally));
  if (records.count === 0) throw nothingIn(name, tally.report);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Counts the pieces of batches as they are taken. */
class Counter {
  count = 0;

  async *of(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    for await (const { name, pieces } of batches) yield { name, pieces: this.counted(pieces) };
  }

  private *counted(pieces: Iterable<Piece>): Generator<Piece> {
    for (const piece of pieces) {
      this.count++;
      yield piece;
    }
  }
}

async function* batchesOfFiles(names: readonly string[], options: ReadOptions, tally: Tally): AsyncGenerator<Batch> {
  let isAnythingRead = false;
  for (const { name, files, privateKeyFiles, unopened } of await findInputs(names)) {
    tally.privateKeyFiles += privateKeyFiles;
    tally.warnings.push(...unopened.map(({ message }) => message));
    const records = new Counter();
    for (const file of files) yield* records.of(batchesOfFile(file, options, tally));
    // An empty file among others in a folder is ordinary; an input that has nothing to verify is a mistake. Private key files
    // among the files that a shell has put in place of `*` are left alone like those of a folder.
    if (records.count === 0 && (files.length > 0 || privateKeyFiles === 0)) throw nothingIn(name, tally.report);
    isAnythingRead ||= records.count > 0;
  }
  if (!isAnythingRead && names.length > 0) throw nothingIn(names[0] as string, tally.report);
}

/** A file of a folder that cannot be opened or read on costs itself only. */
async function* batchesOfFile(file: FoundFile, options: ReadOptions, tally: Tally): AsyncGenerator<Batch> {
  const batches = batchesOfSource(sourceOf(file, options.stdin), options, tally);
  if (!file.isEntry) {
    yield* batches;
    return;
  }
  let isLost = false;
  const lose = (error: unknown): void => {
    if (!(error instanceof ReaderError)) throw error;
    tally.warnings.push(error.message);
    isLost = true;
  };
  try {
    for await (const { name, pieces } of batches) {
      yield { name, pieces: guarded(pieces, lose) };
      if (isLost) return;
    }
  } catch (error) {
    lose(error);
  }
}

/** Pieces are cut when they are taken, and that is when a bound may be met. */
function* guarded(pieces: Iterable<Piece>, lose: (error: unknown) => void): Generator<Piece> {
  try {
    yield* pieces;
  } catch (error) {
    lose(error);
  }
}

async function* batchesOfSource(
  source: ByteSource,
  { format, keepChainFiles }: ReadOptions,
  tally: Tally,
): AsyncGenerator<Batch> {
  const { name } = source;
  const cutter = new RecordCutter({ format, source: name, keepChainFiles, tally });
  for await (const chunk of source.chunks(() => tally.found)) yield { name, pieces: cutter.push(chunk) };
  yield { name, pieces: cutter.end() };
  if (source.damage === undefined) return;
  const piece = { offset: source.offset, bytes: new Uint8Array(0), unreadable: source.damage };
  yield { name, pieces: [tally.piece(piece, 0)] };
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
