import { sniffStructure } from '../dot2/index.ts';
import type { Pin } from '../verifier/types.ts';
import { ReaderError } from './errors.ts';
import { parseJson } from './json/parse.ts';
import { RecordCutter } from './record-cutter.ts';
import { wholeFiles } from './sources/whole-files.ts';
import { readValue } from './values/value.ts';

/** Trust material is small; the largest chain file possible stays below. */
const MAX_TRUST_FILE_BYTES = 64 * 1024 * 1024;

/** The structures of trust files. */
export interface TrustFilesRead {
  /** Structures, whether they decode or not: what to say about one that does not is the verifier's business. */
  readonly structures: readonly Uint8Array[];
  /** What could not be read as a structure, and files that could not be read. */
  readonly problems: readonly ReaderError[];
}

/**
 * The structures of a trust file, or of all files of a folder or archive, in any form that input has. Chain files stay whole,
 * so that a certificate in one is never taken for an anchor.
 *
 * @throws ReaderError for a name that does not exist.
 */
export async function readTrustFiles(path: string): Promise<TrustFilesRead> {
  const structures: Uint8Array[] = [];
  const problems: ReaderError[] = [];
  for await (const file of wholeFiles([path], MAX_TRUST_FILE_BYTES)) {
    if (file instanceof ReaderError) {
      problems.push(file);
      continue;
    }
    const read = structuresIn(file.name, file.bytes);
    structures.push(...read.structures);
    problems.push(...read.problems);
  }
  return { structures, problems };
}

/**
 * As {@link readTrustFiles}, for what must be read whole, such as anchors.
 *
 * @throws ReaderError also for anything that is no structure, and if there is none.
 */
export async function readWhole(path: string): Promise<readonly Uint8Array[]> {
  const { structures, problems } = await readTrustFiles(path);
  if (problems[0] !== undefined) throw problems[0];
  if (structures.length === 0) throw new ReaderError(path, undefined, 'no records');
  return structures;
}

/**
 * Pins: a JSON list of `{certificate, publicKey}`, both in hex; other members do not matter. Of a folder or archive, the pins of
 * all files.
 * @throws ReaderError that names the entry, from 1, and what is wrong with it.
 */
export async function readPins(path: string): Promise<Pin[]> {
  const pins: Pin[] = [];
  for await (const file of wholeFiles([path], MAX_TRUST_FILE_BYTES)) {
    if (file instanceof ReaderError) throw file;
    pins.push(...pinsOf(file.name, file.bytes));
  }
  if (pins.length === 0) throw new ReaderError(path, undefined, 'no records');
  return pins;
}

function pinsOf(name: string, text: Uint8Array): Pin[] {
  const list = jsonOf(name, text);
  if (!Array.isArray(list)) throw new ReaderError(name, undefined, 'not a JSON list of {certificate, publicKey}');
  return list.map((entry, index) =>
    pinOf(entry, (problem) => new ReaderError(name, undefined, `entry ${index + 1}: ${problem}`)),
  );
}

/** The structures that bytes hold, in whatever form; chain files whole. */
export function structuresIn(source: string, bytes: Uint8Array): TrustFilesRead {
  const cutter = new RecordCutter({ source, keepChainFiles: true });
  const structures: Uint8Array[] = [];
  const problems: ReaderError[] = [];
  try {
    for (const pieces of [cutter.push(bytes), cutter.end()]) {
      for (const { offset, unreadable, bytes: found } of pieces) {
        if (unreadable === undefined) structures.push(found);
        else problems.push(new ReaderError(source, offset, unreadable));
      }
    }
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error;
    problems.push(error);
  }
  return { structures, problems };
}

function jsonOf(path: string, text: Uint8Array): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ReaderError(path, undefined, `not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function pinOf(entry: unknown, refuse: (problem: string) => ReaderError): Pin {
  if (typeof entry !== 'object' || entry === null) throw refuse('not an object');
  const { certificate, publicKey } = entry as { certificate?: unknown; publicKey?: unknown };
  const pin = { certificate: hexMember(certificate), publicKey: hexMember(publicKey) };
  if (pin.certificate === undefined) throw refuse('certificate is missing or not hex');
  if (sniffStructure(pin.certificate) !== 'certificate') throw refuse('certificate is not a 1609.2 certificate');
  if (pin.publicKey === undefined) throw refuse('publicKey is missing or not hex');
  if (!isPoint(pin.publicKey)) throw refuse('publicKey is not a SEC 1 point, compressed or uncompressed');
  return { certificate: pin.certificate, publicKey: pin.publicKey };
}

function hexMember(value: unknown): Uint8Array | undefined {
  const read = typeof value === 'string' ? readValue(new TextEncoder().encode(value), 'hex') : undefined;
  return read && 'bytes' in read ? read.bytes : undefined;
}

/** By its first byte and an odd length: which curve it is on is the verifier's business. */
function isPoint(key: Uint8Array): boolean {
  return key.length >= 33 && key.length % 2 === 1 && (key[0] === 2 || key[0] === 3 || key[0] === 4);
}
