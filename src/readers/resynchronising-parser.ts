import type { Piece, RecordParser } from './record.ts';
import { Skipped } from './skipped.ts';
import { Tally } from './tally.ts';
import { Window } from './window.ts';

/**
 * What parsers of records with a header share: bytes that are no record are skipped, as one unreadable piece, up to where records
 * go on; and the last record taken stays at hand, because it may have swallowed the beginning of the next.
 */
export abstract class ResynchronisingParser implements RecordParser {
  readonly tally: Tally;
  protected readonly window = new Window();
  /** In the window: what lies in front of it is decided. */
  protected position = 0;
  protected isEnded = false;
  /** Byte of the input at which the last record that was taken begins; −1 if it is not to be looked into again. */
  protected lastTaken = -1;
  protected skipped: Skipped | undefined;
  /** Position in the window from which on skipped bytes have not been added yet. */
  private putAside = 0;

  constructor(tally = new Tally()) {
    this.tally = tally;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    this.tally.size += chunk.length;
    this.window.push(chunk);
    yield* this.cut();
    this.window.settle();
  }

  *end(): Generator<Piece> {
    this.isEnded = true;
    yield* this.cut();
    const last = this.closeSkipped();
    if (last !== undefined) yield last;
  }

  /** Takes what can be decided of the bytes at hand; all of them if {@link isEnded}. */
  protected abstract take(): Iterable<Piece>;

  /** Why a stretch is unreadable; `isRest` if the input ends with it. */
  protected abstract complaintOf(skipped: Skipped, isRest: boolean): string;

  /** Begins to skip, unless it has begun. */
  protected startSkipping(): void {
    if (this.skipped !== undefined) return;
    this.skipped = new Skipped(this.window.base + this.position);
    this.putAside = this.position;
  }

  /** Ends skipping at the position. */
  protected closeSkipped(): Piece | undefined {
    const { skipped } = this;
    if (skipped === undefined) return undefined;
    skipped.add(this.window.bytes.subarray(this.putAside, this.position));
    this.skipped = undefined;
    const { offset, length, bytes } = skipped;
    const isRest = this.isEnded && this.position === this.window.bytes.length;
    return this.tally.piece({ offset, bytes, unreadable: this.complaintOf(skipped, isRest) }, length);
  }

  /** Goes back to a record in the last one taken: from there on its bytes count for that. */
  protected goBackTo(at: number): void {
    this.tally.takeBackFromLast(this.position - at);
    this.position = at;
  }

  private *cut(): Generator<Piece> {
    yield* this.take();
    this.skipped?.add(this.window.bytes.subarray(this.putAside, this.position));
    const keepFrom = this.lastTaken < 0 ? this.position : this.lastTaken - this.window.base;
    this.window.drop(keepFrom);
    this.position -= keepFrom;
    this.putAside = this.position;
  }
}
