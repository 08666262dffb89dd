import type { Piece } from '../record.ts';
import { CURLY_OPEN, QUOTE, skipBlanks, trimmed } from '../values/ascii.ts';
import { documentPieces, type TextPlace, wholeDocumentPieces } from './documents.ts';
import { DocumentScanner } from './scanner.ts';

/** Beginnings of documents that are tried in one line: behind so many that fail it is prose with braces. */
const MOST_FAILURES = 8;

/**
 * What can be read of JSON documents inside a line of other text: behind the key of a Kafka message or the head of a log line,
 * in a field of CSV with its quotes doubled, or all of the line as a JSON string.
 */
export function readEmbedded(text: Uint8Array, place: TextPlace): Piece[] {
  const bare = trimmed(text);
  if (bare[0] === QUOTE) {
    const pieces = wholeDocumentPieces(bare, place)?.filter(isRead);
    if (pieces && pieces.length > 0) return pieces;
  }
  const pieces: Piece[] = [];
  for (let at = nextObject(text, 0), failures = 0; at >= 0 && failures < MOST_FAILURES; ) {
    const scanner = new DocumentScanner();
    const isDoubled = hasDoubledQuotes(text, at);
    const document = isDoubled ? withoutDoubling(text, at) : text.subarray(at);
    if (scanner.scan(document, 0, document.length, true) === 'done') {
      pieces.push(...documentPieces(document.subarray(0, scanner.at), scanner.members, place).filter(isRead));
      at = isDoubled ? -1 : nextObject(text, at + scanner.at);
    } else {
      failures++;
      at = nextObject(text, at + 1);
    }
  }
  return pieces;
}

function isRead({ unreadable }: Piece): boolean {
  return unreadable === undefined;
}

/** The next brace with a quote behind it; -1 for none. */
function nextObject(text: Uint8Array, from: number): number {
  let at = text.indexOf(CURLY_OPEN, from);
  while (at >= 0 && text[skipBlanks(text, at + 1, text.length)] !== QUOTE) at = text.indexOf(CURLY_OPEN, at + 1);
  return at;
}

function hasDoubledQuotes(text: Uint8Array, at: number): boolean {
  const quote = skipBlanks(text, at + 1, text.length);
  return text[quote + 1] === QUOTE && text[quote + 2] !== QUOTE;
}

/** A field of CSV (RFC 4180) from `at` on, with one quote for two. */
function withoutDoubling(text: Uint8Array, at: number): Uint8Array {
  const out = new Uint8Array(text.length - at);
  let length = 0;
  for (let i = at; i < text.length; i++) {
    out[length++] = text[i]!;
    if (text[i] === QUOTE && text[i + 1] === QUOTE) i++;
  }
  return out.subarray(0, length);
}
