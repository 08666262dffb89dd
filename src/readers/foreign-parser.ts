import { looksLike, recognise } from './recognise.ts';
import type { Piece, RecordParser } from './record.ts';
import { Skipped } from './skipped.ts';
import type { Tally } from './tally.ts';

/** An input that is named and not read: one unreadable piece. */
export class ForeignParser implements RecordParser {
  readonly tally: Tally;
  private readonly skipped = new Skipped(0);
  private readonly complaint: string | undefined;

  /** @param complaint why it is not read; by default what it looks like, and what to do. */
  constructor(tally: Tally, complaint?: string) {
    this.tally = tally;
    this.complaint = complaint;
  }

  push(chunk: Uint8Array): Piece[] {
    this.tally.size += chunk.length;
    this.skipped.add(chunk);
    return [];
  }

  *end(): Generator<Piece> {
    const { bytes, length } = this.skipped;
    const found = recognise(bytes);
    const looks = found === undefined ? 'this is nothing that is read here' : looksLike(found);
    const unreadable = this.complaint ?? looks;
    yield this.tally.piece({ offset: 0, bytes, unreadable }, length);
  }
}
