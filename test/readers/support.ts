/** Structures, containers and inputs for the tests of the readers. */
import { expect } from 'vitest';
import {
  type CutterOptions,
  type InputRecord,
  type Piece,
  type ReadOptions,
  type ReadReport,
  RecordCutter,
  readRecords,
  unwrapOf,
} from '../../src/readers/index.ts';
import { createScms, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import { concat, toHex } from '../support/octets.ts';

const scms = createScms({ seed: 'readers' });
const signer = [...pseudonyms(scms, { devices: 1, perWeek: 1 })][0]!;

/** Explicit, implicit, certificate-signed and digest-signed: one of each. */
export const certificates = [scms.root.bytes, scms.ica.bytes, scms.pca.bytes, signer.bytes];
export const messages = (['certificate', 'digest'] as const).map((form, i) =>
  signMessage(signer, {
    psid: 32,
    payload: Uint8Array.of(0, 20, 0x03, 0x81, i),
    generationTime: scms.at,
    signer: form,
  }),
);
export const structures = [...certificates, ...messages];

/** A log record around a payload, its fields as a device would set them. */
export function logRecord(
  payload: Uint8Array,
  { claim = payload.length, utc = 1_700_000_000, separator = false } = {},
) {
  const header = new DataView(new ArrayBuffer(26));
  header.setUint32(17, utc, true);
  header.setUint16(21, 250, true);
  header.setUint16(24, claim, true);
  return concat(new Uint8Array(header.buffer), payload, separator ? Uint8Array.of(10) : new Uint8Array(0));
}

/** A WSMP header of the plainest kind, PSID 32. */
export function wsm(payload: Uint8Array, psid: Uint8Array = Uint8Array.of(32)): Uint8Array {
  const { length } = payload;
  const field = length < 128 ? Uint8Array.of(length) : Uint8Array.of(0x80 | (length >> 8), length & 255);
  return concat(Uint8Array.of(3, 0), psid, field, payload);
}

/** The records of octets that arrive in the given chunks on standard input. */
export async function readChunks(chunks: readonly Uint8Array[], options: ReadOptions = {}): Promise<InputRecord[]> {
  async function* stdin(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  return collect(readRecords(['-'], { ...options, stdin: stdin() }));
}

export function readOctets(octets: Uint8Array | string, options: ReadOptions = {}): Promise<InputRecord[]> {
  return readChunks([typeof octets === 'string' ? new TextEncoder().encode(octets) : octets], options);
}

export async function readPaths(paths: readonly string[], options: ReadOptions = {}): Promise<InputRecord[]> {
  return collect(readRecords(paths, options));
}

export function hexOf(records: readonly InputRecord[]): string[] {
  return records.map(({ bytes }) => toHex(bytes));
}

async function collect(records: AsyncIterable<InputRecord>): Promise<InputRecord[]> {
  const all: InputRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

/** What a cutter makes of bytes, and what it says became of each of them. */
export function cut(
  bytes: Uint8Array,
  options: CutterOptions = {},
  edges: readonly number[] = [],
): { pieces: Piece[]; report: ReadReport } {
  const cutter = new RecordCutter(options);
  const pieces: Piece[] = [];
  const places = [0, ...edges.filter((edge) => edge < bytes.length), bytes.length].sort((a, b) => a - b);
  for (let i = 1; i < places.length; i++) {
    // A buffer that is used again for each chunk, as sources may do: no piece may keep a view of it.
    const chunk = bytes.slice(places[i - 1], places[i]);
    for (const piece of cutter.push(chunk)) pieces.push(piece);
    chunk.fill(0xee);
  }
  for (const piece of cutter.end()) pieces.push(piece);
  return { pieces, report: cutter.tally.report };
}

/** Every byte of an input is in one of the accounts. */
export function expectAccounted({ bytes, size }: ReadReport, length: number): void {
  const { records, skipped, otherFrames, framing, text } = bytes;
  expect(size).toBe(length);
  expect(records + skipped + otherFrames + framing + text).toBe(length);
  expect(Math.min(records, skipped, otherFrames, framing, text)).toBeGreaterThanOrEqual(0);
}

/** Pieces in the short form that tests compare: offset, length, layers, and whether they are unreadable. */
export function outline(pieces: readonly Piece[]): unknown[] {
  return pieces.map((piece) => [
    piece.offset,
    piece.bytes.length,
    unwrapOf(piece) ?? '',
    piece.unreadable === undefined ? 'ok' : 'unreadable',
  ]);
}
