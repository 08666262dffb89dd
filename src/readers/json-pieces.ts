import { octetsOfDocument } from './documents.ts';
import { pieceOf } from './pieces.ts';
import type { Piece } from './record.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];
const BOM_OR_BLANK = [0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d];

/**
 * A JSON list of documents, or one document over several lines. The list is cut at the commas of its own level before
 * anything is parsed: so each document's place is known, and one that is broken costs only itself.
 */
export function* jsonPieces(bytes: Uint8Array): Generator<Piece> {
  const start = bytes.findIndex((octet) => !BOM_OR_BLANK.includes(octet));
  if (start < 0) return;
  const lines = new LineCounter(bytes);
  if (bytes[start] !== OPENING[0]) {
    yield* documentPieces(bytes, start, bytes.length, lines);
    return;
  }
  const end = yield* elementPieces(bytes, start + 1, lines);
  yield* leftover(bytes, end, lines);
}

/** The elements from `offset` on; returns the offset behind the list, `undefined` where it does not end. */
function* elementPieces(bytes: Uint8Array, offset: number, lines: LineCounter): Generator<Piece, number | undefined> {
  let start = offset;
  for (let depth = 0, at = offset; at < bytes.length; at++) {
    const octet = bytes[at]!;
    if (octet === QUOTE) at = endOfString(bytes, at);
    else if (OPENING.includes(octet)) depth++;
    else if (CLOSING.includes(octet) && depth > 0) depth--;
    else if (CLOSING.includes(octet)) {
      yield* documentPieces(bytes, start, at, lines);
      return at + 1;
    } else if (octet === COMMA && depth === 0) {
      yield* documentPieces(bytes, start, at, lines);
      start = at + 1;
    }
  }
  yield* documentPieces(bytes, start, bytes.length, lines);
  return undefined;
}

/** The offset of the closing quote, or of the last octet. */
function endOfString(bytes: Uint8Array, quote: number): number {
  let at = quote + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length - 1);
}

function documentPieces(bytes: Uint8Array, from: number, to: number, lines: LineCounter): Piece[] {
  const skip = bytes.subarray(from, to).findIndex((octet) => !BOM_OR_BLANK.includes(octet));
  if (skip < 0) return [];
  const offset = from + skip;
  const line = lines.at(offset);
  const document = bytes.subarray(offset, to);
  const found = octetsOfDocument(new TextDecoder().decode(document));
  if ('unreadable' in found) return [{ offset, line, bytes: document.slice(), unreadable: found.unreadable }];
  return [pieceOf({ offset, line }, found.bytes)];
}

/** A list that does not end has lost what was to follow, and octets behind its end are nothing known: both are said. */
function* leftover(bytes: Uint8Array, end: number | undefined, lines: LineCounter): Generator<Piece> {
  const offset = end ?? bytes.length;
  const rest = bytes.slice(offset);
  const line = lines.at(offset);
  if (end === undefined) yield { offset, line, bytes: rest, unreadable: 'the JSON list does not end' };
  else if (rest.some((octet) => !BOM_OR_BLANK.includes(octet)))
    yield { offset, line, bytes: rest, unreadable: 'octets behind the end of the JSON list' };
}

/** Line numbers for offsets that only grow. */
class LineCounter {
  private readonly bytes: Uint8Array;
  private offset = 0;
  private line = 1;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  at(offset: number): number {
    for (; this.offset < offset; this.offset++) if (this.bytes[this.offset] === NEWLINE) this.line++;
    return this.line;
  }
}
