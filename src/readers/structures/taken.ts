import { MAX_REEXAMINED_BYTES } from '../limits.ts';
import type { Tally } from '../tally.ts';

/** Pieces in a row that are looked into again: one that was cut short, and what its neighbour's remains were taken for. */
const PIECES = 3;

interface Taken {
  start: number;
  length: number;
  /** Bytes of it that count as records, or as skipped; the others are framing. */
  content: number;
  isUnreadable: boolean;
}

/** The last pieces that were taken, for going back into them. All places are bytes of the input. */
export class TakenPieces {
  // Filled again and again: there is one for every record.
  private readonly ring: Taken[] = Array.from({ length: PIECES }, () => ({
    start: 0,
    length: 0,
    content: 0,
    isUnreadable: false,
  }));
  private count = 0;
  private next = 0;

  /** A piece was taken that begins at `start`, right behind the last one or a line end. */
  add(start: number, length: number, content: number, isUnreadable: boolean): void {
    const taken = this.ring[this.next] as Taken;
    taken.start = start;
    taken.length = length;
    taken.content = isUnreadable ? length : content;
    taken.isUnreadable = isUnreadable;
    this.next = (this.next + 1) % PIECES;
    this.count = length > MAX_REEXAMINED_BYTES ? 0 : Math.min(this.count + 1, PIECES);
  }

  forget(): void {
    this.count = 0;
  }

  /** Where the first of them begins; −1 if there is none to look into. */
  get start(): number {
    return this.count === 0 ? -1 : this.back(this.count).start;
  }

  /** What lies behind `from` is the beginning of another piece: it is taken off the accounts of these. */
  giveBack(from: number, to: number, tally: Tally): void {
    let end = to;
    for (let i = 1; i <= this.count && end > from; i++) {
      const piece = this.back(i);
      const length = end - Math.max(from, piece.start);
      const content = Math.min(length, piece.content);
      tally.takeBack(content, piece.isUnreadable ? 'skipped' : 'records');
      // Headers, and the line end behind the piece.
      tally.takeBack(length - content, 'framing');
      end = piece.start;
    }
    this.forget();
  }

  /** The last, the last but one, … */
  private back(i: number): Taken {
    return this.ring[(this.next - i + PIECES) % PIECES] as Taken;
  }
}
