import { sniffStructure } from '../dot2/index.ts';
import type { Pin } from '../verifier/types.ts';
import { ReaderError } from './errors.ts';
import { RecordCutter } from './record-cutter.ts';
import { wholeFiles } from './sources/whole-files.ts';
import { readValue } from './values/value.ts';

/** Trust material is small; the largest chain file possible stays below. */
const MAX_TRUST_FILE_OCTETS = 64 * 1024 * 1024;

/**
 * The structures of a trust file, or of all files of a folder or archive, in any form that input has.
 * Hex and base64 may be wrapped over several lines. Chain files stay whole, so that nobody takes what is in one for an
 * anchor. A structure that does not decode is handed on as it is: what to say about it is the verifier's business.
 * @throws ReaderError where a file cannot be read, holds nothing, or has text that is no octets.
 */
export async function readWhole(path: string): Promise<Uint8Array[]> {
  const structures: Uint8Array[] = [];
  for await (const file of wholeFiles([path], MAX_TRUST_FILE_OCTETS)) {
    if (file instanceof ReaderError) throw file;
    structures.push(...structuresOf(file.name, file.bytes));
  }
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
  for await (const file of wholeFiles([path], MAX_TRUST_FILE_OCTETS)) {
    if (file instanceof ReaderError) throw file;
    pins.push(...pinsOf(file.name, new TextDecoder().decode(file.bytes)));
  }
  if (pins.length === 0) throw new ReaderError(path, undefined, 'no records');
  return pins;
}

function pinsOf(name: string, text: string): Pin[] {
  const list = parseJson(name, text);
  if (!Array.isArray(list)) throw new ReaderError(name, undefined, 'not a JSON list of {certificate, publicKey}');
  return list.map((entry, index) =>
    pinOf(entry, (problem) => new ReaderError(name, undefined, `entry ${index + 1}: ${problem}`)),
  );
}

/**
 * The structures that bytes hold, in whatever form.
 * @throws ReaderError where something in them is no structure.
 */
export function structuresOf(source: string, bytes: Uint8Array): Uint8Array[] {
  const cutter = new RecordCutter({ source, keepChainFiles: true });
  const pieces = [...cutter.push(bytes), ...cutter.end()];
  for (const { offset, unreadable } of pieces) if (unreadable) throw new ReaderError(source, offset, unreadable);
  return pieces.map((piece) => piece.bytes);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
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

/** By its first octet and an odd length: which curve it is on is the verifier's business. */
function isPoint(key: Uint8Array): boolean {
  return key.length >= 33 && key.length % 2 === 1 && (key[0] === 2 || key[0] === 3 || key[0] === 4);
}
