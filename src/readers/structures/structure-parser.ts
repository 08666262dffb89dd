import { sniffStructure } from '../../dot2/index.ts';
import { MAX_STRUCTURE_BYTES, MAX_WHOLE_BYTES } from '../limits.ts';
import { pieceOf, unreadablePiece } from '../pieces.ts';
import { lengthInWsmp2 } from '../recognise.ts';
import type { Piece, RecordParser } from '../record.ts';
import { Skipped } from '../skipped.ts';
import { Tally } from '../tally.ts';
import { holdsStructure } from '../unwrap.ts';
import { Window } from '../window.ts';
import { AttachedCertificates } from './attached.ts';
import {
  crossing,
  type Extent,
  isStructureItself,
  LOOK_AHEAD_BYTES,
  LOOK_BACK_BYTES,
  MAY_RESUME,
  NONE,
  resumesAt,
  SearchCredit,
  structureAt,
  type View,
} from './candidates.ts';
import { frameBoundAt, framedAt } from './framed.ts';
import { TakenPieces } from './taken.ts';

/** An input up to this is looked at as one frame before anything is searched for in it. */
const ONE_FRAME_BYTES = 64 * 1024;

/** A structure that is waited for is looked at again whenever bytes come up to this, then in growing steps. */
const IMPATIENT_BYTES = 64 * 1024;

/** CR and LF behind a structure that are taken for its line end. */
const MAX_LINE_END_BYTES = 4;

/**
 * Structures back to back, perhaps in WSMP or GeoNetworking, as a stream. Behind what is none, reading goes on at the next
 * structure that decodes whole and strictly; what lies between is one piece. Linear: what a place costs does not grow with
 * what lies behind it, except for what {@link SearchCredit} counts.
 */
export class StructureParser implements RecordParser {
  readonly tally: Tally;
  private readonly window = new Window();
  private readonly credit = new SearchCredit();
  private readonly attached = new AttachedCertificates();
  /** What is at hand since the last chunk came. */
  private view: View = { bytes: this.window.bytes, base: 0, isEnded: false, credit: this.credit };
  private isEnded = false;
  /** In the window: where the next structure should begin, or how far the search has come. */
  private position = 0;
  /** Bytes of the input that have to be there before looking again is of any use. */
  private wanted = 0;
  /** Set while searching. */
  private skipped: Skipped | undefined;
  /** In the window: up to where the bytes before `position` have been added to `skipped`. */
  private putAside = 0;
  private readonly taken = new TakenPieces();
  /** Bytes of the input between which a search has found a structure. */
  private resumedAt = -1;
  private resumedEnd = -1;
  /** Byte of the input at which the frame ends that a header in front of `skipped` announces. */
  private frameEnd: number | undefined;

  constructor(tally = new Tally()) {
    this.tally = tally;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    this.tally.size += chunk.length;
    this.window.push(chunk);
    if (this.window.base + this.window.bytes.length >= this.wanted) yield* this.cut();
    this.window.settle();
  }

  *end(): Generator<Piece> {
    this.isEnded = true;
    yield* this.cut();
    const last = this.closeSkipped();
    if (last !== undefined) yield last;
  }

  private *cut(): Generator<Piece> {
    const { bytes, base } = this.window;
    this.view = { bytes, base, isEnded: this.isEnded, credit: this.credit };
    this.wanted = 0;
    while (this.wanted === 0 && this.position < bytes.length) {
      const piece = this.skipped === undefined ? this.next() : this.search();
      if (piece !== undefined) yield piece;
    }
    this.release();
  }

  /** The piece at the position, if there is one; else begins a search, or waits. */
  private next(): Piece | undefined {
    const { view } = this;
    const { position: start } = this;
    const offset = this.window.base + start;
    const isResumed = offset === this.resumedAt;
    const end = isResumed
      ? this.resumedEnd - this.window.base
      : structureAt(view, start, offset === 0 ? MAX_WHOLE_BYTES : MAX_STRUCTURE_BYTES);
    if (end > 0) return this.take({ offset, bytes: view.bytes.slice(start, end) }, end);
    if (this.waits(end)) return undefined;
    const framed = framedAt(view, start);
    if (framed > 0) return this.take(pieceOf({ offset }, view.bytes.slice(start, framed)), framed);
    if (this.waits(framed)) return undefined;
    if (offset === 0) return this.oneFrame();
    if (this.skipsLineEnd(view)) return undefined;
    if (this.wanted === 0) this.startSearch(view);
    return undefined;
  }

  private take(piece: Piece, end: number): Piece {
    const length = end - this.position;
    const { bytes, unreadable } = piece;
    this.taken.add(this.window.base + this.position, length, bytes.length, unreadable !== undefined);
    this.position = end;
    return this.tally.piece(piece, length);
  }

  /** Whether an answer was a wish for more bytes, which is then noted. */
  private waits(extent: Extent, from = this.position): boolean {
    if (extent >= 0) return false;
    const held = this.window.bytes.length - from;
    const step = held > IMPATIENT_BYTES ? held >> 3 : 1;
    this.wanted = this.window.base + Math.max(-extent, this.window.bytes.length + step);
    return true;
  }

  /** An input that begins with nothing known may be one frame of a network, whole. */
  private oneFrame(): Piece | undefined {
    const { bytes } = this.window;
    if (!this.isEnded && bytes.length <= ONE_FRAME_BYTES) {
      this.wanted = ONE_FRAME_BYTES + 1;
      return undefined;
    }
    const isOne = bytes.length <= ONE_FRAME_BYTES && (holdsStructure(bytes) || lengthInWsmp2(bytes) !== undefined);
    if (this.isEnded && isOne) return this.take(pieceOf({ offset: 0 }, bytes.slice()), bytes.length);
    this.startSearch(this.view);
    return undefined;
  }

  /** CR and LF between two structures, or behind the last. */
  private skipsLineEnd(view: View): boolean {
    const { bytes } = view;
    const start = this.position;
    let end = start;
    while (end - start < MAX_LINE_END_BYTES && (bytes[end] === 0x0a || bytes[end] === 0x0d)) end++;
    if (end === start) return false;
    const isLast = end === bytes.length;
    if (isLast && !this.isEnded) {
      this.waits(-(bytes.length + 1));
      return false;
    }
    const following = isLast ? end : this.continuesAt(view, end);
    if (this.waits(following) || following === NONE) return false;
    this.tally.framing(end - start);
    this.position = end;
    return true;
  }

  private continuesAt(view: View, at: number): Extent {
    const end = structureAt(view, at, MAX_STRUCTURE_BYTES);
    return end === NONE ? framedAt(view, at) : end;
  }

  private startSearch(view: View): void {
    if (this.goesBack(view)) return;
    const bound = frameBoundAt(view, this.position);
    if (this.waits(bound)) return;
    const { base } = this.window;
    this.skipped = new Skipped(base + this.position);
    this.frameEnd = bound === NONE ? undefined : base + bound;
    this.putAside = this.position;
    this.attached.begin(sniffStructure(view.bytes, this.position) === 'data');
    this.position++;
  }

  /** Goes back to a structure that begins in one of the last taken and ends behind them; or waits until it is clear. */
  private goesBack(view: View): boolean {
    const { start } = this.taken;
    if (start < 0) return false;
    const found = crossing(view, start - view.base + 1, this.position);
    if (this.waits(found)) return true;
    if (found === NONE) {
      this.taken.forget();
      return false;
    }
    this.taken.giveBack(view.base + found, view.base + this.position, this.tally);
    this.position = found;
    return true;
  }

  /** Moves on to where reading can be resumed; gives the piece in front of it. */
  private search(): Piece | undefined {
    const { view } = this;
    const { bytes, isEnded } = view;
    const frameEnd = this.frameEnd === undefined ? bytes.length : this.frameEnd - this.window.base;
    const last = isEnded ? bytes.length : bytes.length - LOOK_AHEAD_BYTES;
    const stop = Math.min(frameEnd, last);
    let at = this.position;
    for (; at < stop; at++) {
      if (MAY_RESUME[bytes[at] as number] === 0) continue;
      const found = resumesAt(view, at);
      if (found === NONE) continue;
      // Not passed over: one that was cut short reaches into what follows.
      const attached = this.attached.isAt(view, at, found);
      if (attached > 0) continue;
      this.position = at;
      if (this.waits(found, at) || this.waits(attached, at)) return undefined;
      if (isStructureItself(bytes, at)) {
        this.resumedAt = view.base + at;
        this.resumedEnd = view.base + found;
      }
      return this.closeSkipped();
    }
    this.position = Math.max(at, this.position);
    if (this.frameEnd !== undefined && at === frameEnd) return this.closeSkipped();
    if (!isEnded) this.waits(-(bytes.length + 1), at);
    return undefined;
  }

  private closeSkipped(): Piece | undefined {
    const { skipped } = this;
    if (skipped === undefined) return undefined;
    this.skipped = undefined;
    const { offset, length, bytes, isWhole } = skipped.closedBy(this.window.bytes, this.putAside, this.position);
    const piece = isWhole ? pieceOf({ offset }, bytes) : unreadablePiece({ offset }, bytes, length);
    const notes = [
      ...(isWhole ? [] : [`only the first ${bytes.length} are kept`]),
      ...(this.credit.takeDenied() ? ['too much in it leads far to look for containers and long lists'] : []),
    ];
    const noted =
      piece.unreadable === undefined || notes.length === 0
        ? piece
        : { ...piece, unreadable: [piece.unreadable, ...notes].join('; ') };
    return this.tally.piece(noted, length);
  }

  /** Lets go of what is no longer needed. */
  private release(): void {
    if (this.skipped === undefined) {
      const { start } = this.taken;
      this.drop(start < 0 ? this.position : start - this.window.base);
      return;
    }
    const keepFrom = Math.max(this.putAside, this.position - LOOK_BACK_BYTES);
    this.skipped.add(this.window.bytes.subarray(this.putAside, keepFrom));
    this.putAside = keepFrom;
    this.drop(keepFrom);
  }

  private drop(count: number): void {
    this.window.drop(count);
    this.position -= count;
    this.putAside -= count;
  }
}
