import { Inflate } from 'fflate';
import { ReaderError } from '../errors.ts';
import { isHidden, isPrivateKeyFile } from '../file-names.ts';
import { crc32 } from '../layers/crc32.ts';
import { MAX_ARCHIVE_ENTRIES } from '../limits.ts';
import type { Piece } from '../record.ts';
import type { Tally } from '../tally.ts';
import { Unfolding } from '../unfolding.ts';
import { Entry, entryPath, type OpenEntry } from './entry.ts';
import { type ZipEntry, zipData, zipDirectory, zipLocalEntries } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;
const OTHER_METHODS: ReadonlyMap<number, string> = new Map([
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'Zstandard'],
  [95, 'XZ'],
  [98, 'PPMd'],
]);

/** Deflate unfolds at most 1,032-fold, so one step of this size never holds more than 16 MiB. */
const INFLATE_STEP_BYTES = 16 * 1024;

/**
 * The files of a ZIP archive, which has to be there as a whole: its directory stands at its end. Nothing is written anywhere.
 *
 * @throws ReaderError for an archive that unfolds beyond what is allowed.
 */
export function* zipPieces(bytes: Uint8Array, source: string, tally: Tally, open: OpenEntry): Generator<Piece> {
  const directory = zipDirectory(bytes);
  const unfolding = new Unfolding(source, bytes.length, () => tally.found);
  const entries = boundedList(directory ?? zipLocalEntries(bytes), source);
  const overlapping = overlaps(bytes, entries);
  let packed = 0;
  for (const entry of entries) {
    const path = entryPath(entry.path);
    if (path.endsWith('/') || isHidden(path)) continue;
    if (isPrivateKeyFile(path)) {
      tally.privateKeyFiles++;
      continue;
    }
    const data = zipData(bytes, entry);
    const problem = problemOf(entry, data, overlapping.has(entry));
    if (problem !== undefined || data === undefined) {
      yield complaint(tally, path, problem ?? 'its data do not lie in the archive');
      continue;
    }
    packed += data.end - data.start;
    yield* entryPieces(new Entry(path, open, tally), entry, bytes.subarray(data.start, data.end), tally, unfolding);
  }
  tally.size += bytes.length - packed;
  tally.framing(bytes.length - packed);
  if (directory === undefined) {
    const unreadable = 'the archive has no directory at its end: it is damaged, or breaks off';
    yield tally.piece({ offset: bytes.length, bytes: new Uint8Array(0), unreadable }, 0);
  }
}

function boundedList(entries: Iterable<ZipEntry>, source: string): ZipEntry[] {
  const list: ZipEntry[] = [];
  for (const entry of entries) {
    if (list.length === MAX_ARCHIVE_ENTRIES) {
      throw new ReaderError(source, 0, `more than ${MAX_ARCHIVE_ENTRIES} files in one archive`);
    }
    list.push(entry);
  }
  return list;
}

/** Entries whose data overlap those of another: that is how small archives unfold without end. */
function overlaps(bytes: Uint8Array, entries: readonly ZipEntry[]): ReadonlySet<ZipEntry> {
  const placed = entries.flatMap((entry) => {
    const data = zipData(bytes, entry);
    return data === undefined || data.end === data.start ? [] : [{ entry, ...data }];
  });
  placed.sort((a, b) => a.start - b.start);
  const found = new Set<ZipEntry>();
  let reach = 0;
  for (const { entry, start, end } of placed) {
    if (start < reach) found.add(entry);
    reach = Math.max(reach, end);
  }
  return found;
}

function problemOf(
  entry: ZipEntry,
  data: { readonly start: number; readonly end: number } | undefined,
  isOverlapping: boolean,
): string | undefined {
  if (entry.isEncrypted) return 'it is encrypted: unpack it first (7z x IN)';
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    const name = OTHER_METHODS.get(entry.method) ?? `method ${entry.method}`;
    return `it is compressed with ${name}, which is not read: unpack it first (7z x IN)`;
  }
  if (data === undefined) return 'its data do not lie in the archive: it is damaged, or breaks off';
  return isOverlapping ? 'its data overlap those of another file of the archive' : undefined;
}

function* entryPieces(
  entry: Entry,
  { method, crc }: ZipEntry,
  data: Uint8Array,
  tally: Tally,
  unfolding: Unfolding,
): Generator<Piece> {
  let sum = 0;
  let problem: string | undefined;
  for (const chunk of method === STORED ? [data] : inflated(data, (text) => (problem = text))) {
    unfolding.giveOut(chunk.length);
    sum = crc32(chunk, 0, chunk.length, sum);
    yield* entry.push(chunk);
  }
  yield* entry.end();
  if (problem === undefined && sum !== crc) problem = 'its checksum is wrong: it is damaged';
  if (problem !== undefined) yield complaint(tally, entry.path, problem);
}

function* inflated(data: Uint8Array, fails: (problem: string) => void): Generator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => chunks.push(chunk));
  for (let at = 0; at < data.length || at === 0; at += INFLATE_STEP_BYTES) {
    try {
      inflate.push(data.subarray(at, at + INFLATE_STEP_BYTES), at + INFLATE_STEP_BYTES >= data.length);
    } catch (error) {
      fails(`it is damaged: ${(error as Error).message}`);
      return;
    }
    yield* chunks.splice(0);
  }
}

function complaint(tally: Tally, entry: string, problem: string): Piece {
  return tally.piece({ offset: 0, entry, bytes: new Uint8Array(0), unreadable: problem }, 0);
}
