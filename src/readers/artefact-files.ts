import { isWholeStructure } from '../dot2/index.ts';
import { ReaderError } from './errors.ts';
import { sniffFormat } from './formats.ts';
import { MAX_WHOLE_BYTES, SNIFF_BYTES } from './limits.ts';
import type { Piece } from './record.ts';
import { RecordCutter } from './record-cutter.ts';
import { type WholeFile, wholeFiles } from './sources/whole-files.ts';
import { FIRST_VISIBLE, withoutBlanks } from './values/ascii.ts';
import { base64Bytes } from './values/base64.ts';
import { hexBytes } from './values/hex.ts';

/** A file of root management: one artefact, whole. */
export interface ReadArtefact {
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * Artefacts of root management: one for each COER file, and those that a file of text stands for, also of folders and archives. What
 * follows an artefact in its COER file belongs to it: that is for the strict decoder to refuse.
 *
 * @throws ReaderError for a name that does not exist, and for a file that cannot be read, is empty, of a foreign form, or text that
 *   stands for no bytes.
 */
export async function readArtefacts(names: readonly string[]): Promise<ReadArtefact[]> {
  const artefacts: ReadArtefact[] = [];
  for await (const file of wholeFiles(names, MAX_WHOLE_BYTES)) {
    if (file instanceof ReaderError) throw file;
    artefacts.push(...artefactsOf(file));
  }
  return artefacts;
}

/** The artefacts of one file; see {@link readArtefacts}. */
export function artefactsOf({ name, bytes }: WholeFile): ReadArtefact[] {
  if (bytes.length === 0) throw new ReaderError(name, undefined, 'no bytes');
  const format = sniffFormat(bytes.subarray(0, SNIFF_BYTES));
  if (!TEXT.has(format)) return [{ name, octets: bytes }];
  const cutter = new RecordCutter({ source: name, keepChainFiles: true });
  const pieces = [...cutter.push(bytes), ...cutter.end()];
  const octets = textBytes(bytes, pieces);
  if (octets === undefined) {
    const { offset, unreadable } = pieces.find(isText) ?? { offset: 0, unreadable: 'no records' };
    throw new ReaderError(name, offset, unreadable ?? 'text that stands for no bytes');
  }
  if (octets.length === 1) return [{ name, octets: octets[0]! }];
  return octets.map((one, i) => ({ name: `${name} (${i + 1})`, octets: one }));
}

const TEXT: ReadonlySet<string> = new Set(['hex', 'base64', 'ndjson', 'json']);

/**
 * What text stands for, if all of it stands for bytes. Ballots and bare CTLs are no structures that readers know, so lines that
 * wrap one are not told from lines that are one each: if any line is nothing known, all of the text is tried as one value first.
 */
function textBytes(text: Uint8Array, pieces: readonly Piece[]): Uint8Array[] | undefined {
  if (pieces.length > 0 && pieces.every(isKnown)) return pieces.map(({ bytes }) => bytes);
  const visible = withoutBlanks(text);
  const joined = hexBytes(visible) ?? base64Bytes(visible);
  if (joined !== undefined) return [joined];
  return pieces.length === 0 || pieces.some(isText) ? undefined : pieces.map(({ bytes }) => bytes);
}

function isKnown({ bytes, unreadable }: Piece): boolean {
  return unreadable === undefined && isWholeStructure(bytes);
}

/** Whether a piece is text that stands for no bytes: artefacts begin with a byte that text does not have. */
function isText({ bytes, unreadable }: Piece): boolean {
  const first = bytes[0];
  return unreadable !== undefined && (first === undefined || (first >= FIRST_VISIBLE && first < 0x80));
}
