import { MAX_KEPT_BYTES } from '../limits.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece, Place } from '../record.ts';
import { linesIn } from '../values/byte-queue.ts';
import { documentRecords } from './records.ts';
import { DocumentScanner, type Member } from './scanner.ts';

/** A place in text, where a line is always known. */
export type TextPlace = Required<Place>;

/**
 * The pieces of one checked document, at the places of the objects that they are from.
 *
 * @param document Its text, from the first to the last byte.
 * @param members What {@link DocumentScanner} found in it.
 */
export function documentPieces(document: Uint8Array, members: readonly Member[], place: TextPlace): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let { line } = place;
  for (const record of documentRecords(document, members)) {
    if (record.at > at) line += linesIn(document, at, record.at);
    at = record.at;
    const here = { offset: place.offset + at, line };
    if ('bytes' in record.read) pieces.push(pieceOf(here, record.read.bytes));
    else if (!isBulkHeader(document)) {
      const bytes = document.slice(at, Math.min(document.length, at + MAX_KEPT_BYTES));
      pieces.push({ ...here, bytes, unreadable: record.read.unreadable });
    }
  }
  return pieces;
}

/** The pieces of text that is one document, blanks around it aside; `undefined` if it is none. */
export function wholeDocumentPieces(text: Uint8Array, place: TextPlace): Piece[] | undefined {
  const scanner = new DocumentScanner();
  if (scanner.scan(text, 0, text.length, true) !== 'done' || scanner.at < text.length) return undefined;
  return documentPieces(text, scanner.members, place);
}

/** The line that `tshark -T ek` puts in front of each packet: it holds nothing. */
function isBulkHeader(document: Uint8Array): boolean {
  return document.length < 500 && /^\{\s*"index"\s*:\s*\{[^{}[\]]*\}\s*\}$/.test(new TextDecoder().decode(document));
}
