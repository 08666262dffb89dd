import { type Found, octetsOfDocument } from './documents.ts';
import { MAX_LINE_OCTETS } from './limits.ts';
import { type Line, LineSplitter } from './lines.ts';
import { pieceOf } from './pieces.ts';
import type { Piece, RecordParser } from './record.ts';
import { fromBase64, fromHex } from './text-octets.ts';

export type LineFormat = 'hex' | 'base64' | 'ndjson';

const HASH = '#'.charCodeAt(0);
const FIRST_VISIBLE = 0x21;

const READ_LINE: Readonly<Record<LineFormat, (line: Uint8Array) => Found>> = {
  hex: (line) => found(fromHex(latin1(line)), 'not hex, or half an octet too much'),
  base64: (line) => found(fromBase64(latin1(line)), 'not base64'),
  ndjson: (line) => octetsOfDocument(new TextDecoder().decode(line)),
};

/** One record a line. Blank lines and those that begin with # are passed over. */
export class TextParser implements RecordParser {
  private readonly splitter = new LineSplitter();
  private readonly read: (line: Uint8Array) => Found;

  constructor(format: LineFormat) {
    this.read = READ_LINE[format];
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    for (const line of this.splitter.push(chunk)) yield* this.pieces(line);
  }

  *end(): Generator<Piece> {
    for (const line of this.splitter.end()) yield* this.pieces(line);
  }

  private pieces({ offset, line, bytes, tooLong }: Line): Piece[] {
    if (tooLong) {
      const unreadable = `line longer than ${MAX_LINE_OCTETS} octets; the rest of it is not kept`;
      return [{ offset, line, bytes: bytes.slice(), unreadable }];
    }
    if (isSkipped(bytes)) return [];
    const found = this.read(bytes);
    if ('unreadable' in found) return [{ offset, line, bytes: bytes.slice(), unreadable: found.unreadable }];
    return [pieceOf({ offset, line }, found.bytes)];
  }
}

/** Whether a line is blank or a comment. */
export function isSkipped(line: Uint8Array): boolean {
  const first = line.find((octet) => octet >= FIRST_VISIBLE);
  return first === undefined || first === HASH;
}

function found(bytes: Uint8Array | undefined, complaint: string): Found {
  return bytes ? { bytes } : { unreadable: complaint };
}

/** One character an octet: whatever is not ASCII fails as hex and base64 without being mistaken for anything. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
