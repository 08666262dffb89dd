import { concat } from '../bytes.ts';
import { MAX_ENTRY_NAME_BYTES } from '../limits.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece, RecordParser } from '../record.ts';
import type { Tally } from '../tally.ts';
import { holdsStructure } from '../unwrap.ts';

/** Makes the parser for one file of an archive. */
export type OpenEntry = (path: string) => RecordParser;

/** A file up to this is looked at as one record first: it has a frame of its own (DECISIONS D41). */
const ONE_RECORD_BYTES = 64 * 1024;

/** One file of an archive: a single record, perhaps in layers and padded, or an input of any form. */
export class Entry {
  readonly path: string;
  private readonly parser: RecordParser;
  private readonly tally: Tally;
  private held: Uint8Array[] | undefined = [];
  private heldBytes = 0;

  constructor(path: string, open: OpenEntry, tally: Tally) {
    this.path = path;
    this.parser = open(path);
    this.tally = tally;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    if (this.held !== undefined && this.heldBytes + chunk.length <= ONE_RECORD_BYTES) {
      this.held.push(chunk.slice());
      this.heldBytes += chunk.length;
      return;
    }
    yield* this.letGo();
    yield* this.named(this.parser.push(chunk));
  }

  *end(): Generator<Piece> {
    if (this.held !== undefined) {
      const bytes = concat(this.held);
      if (bytes.length > 0 && holdsStructure(bytes)) {
        this.tally.size += bytes.length;
        yield* this.named([this.tally.piece(pieceOf({ offset: 0 }, bytes), bytes.length)]);
        return;
      }
      yield* this.letGo();
    }
    yield* this.named(this.parser.end());
  }

  private *letGo(): Generator<Piece> {
    if (this.held === undefined) return;
    const bytes = concat(this.held);
    this.held = undefined;
    if (bytes.length > 0) yield* this.named(this.parser.push(bytes));
  }

  /** A piece of an archive within this one has a path already. */
  private *named(pieces: Iterable<Piece>): Generator<Piece> {
    for (const piece of pieces) {
      yield { ...piece, entry: piece.entry === undefined ? this.path : `${this.path}!/${piece.entry}` };
    }
  }
}

/** A path in an archive as text. Bytes that are not UTF-8 become U+FFFD; its printer escapes control characters. */
export function entryPath(bytes: Uint8Array): string {
  const path = new TextDecoder().decode(bytes.subarray(0, MAX_ENTRY_NAME_BYTES));
  return path.startsWith('./') ? path.slice(2) : path;
}
