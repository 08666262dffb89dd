import { Gunzip } from 'fflate';
import { concat } from '../bytes.ts';
import { crc32 } from '../layers/crc32.ts';
import type { Piece, RecordParser } from '../record.ts';
import type { Tally } from '../tally.ts';
import { Unfolding } from '../unfolding.ts';

/** RFC 1952: magic number and the only method there is. No other format that is read here begins so. */
const GZIP_MAGIC = [0x1f, 0x8b, 0x08];

/** Given to the unpacker at a time: what it has not taken yet it copies for each member of the file. */
const STEP_BYTES = 2 * 1024;

/** Members that a file may have, beyond one for each so many bytes that it unfolds to: each costs more than its bytes. */
const MAX_MEMBERS = 4096;
const BYTES_A_MEMBER = 1024;

/** RFC 1952 §2.3: CRC-32 and length of what a member holds, behind its data. */
const TRAILER_BYTES = 8;
/** Packed bytes that are kept for the trailer of a member, which is found when the header of the next one has come. */
const RECENT_BYTES = 8 * 1024;

export function isGzip(head: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, i) => head[i] === byte);
}

/**
 * A gzip file within another input, or where nothing outside has unpacked it: what it unfolds to is an input of its own. Damage
 * is an unreadable piece behind everything that came before it.
 */
export class GzipParser implements RecordParser {
  readonly tally: Tally;
  private readonly inner: RecordParser;
  private readonly unfolding: Unfolding;
  /** Finds damage first; what it unfolds is not used. */
  private readonly ahead = new Gunzip(() => {});
  private readonly gunzip: Gunzip;
  private unfolded: Uint8Array[] = [];
  /** The last packed bytes, and how many there were in all. */
  private recent: Uint8Array = new Uint8Array(0);
  private bytesIn = 0;
  /** CRC-32 and length of what the present member has unfolded to. */
  private sum = 0;
  private length = 0;
  private bytesOut = 0;
  private members = 0;
  private damage: string | undefined;

  constructor(source: string, tally: Tally, inner: RecordParser) {
    this.tally = tally;
    this.inner = inner;
    this.unfolding = new Unfolding(source, 0, () => tally.found);
    this.gunzip = new Gunzip((chunk) => this.takeUnfolded(chunk));
    this.gunzip.onmember = (start) => this.startMember(start);
  }

  /** @throws ReaderError for one that unfolds beyond what is allowed. */
  *push(chunk: Uint8Array): Generator<Piece> {
    for (let at = 0; at < chunk.length && this.damage === undefined; at += STEP_BYTES) {
      yield* this.step(chunk.slice(at, at + STEP_BYTES), false);
    }
  }

  *end(): Generator<Piece> {
    if (this.damage === undefined) yield* this.step(new Uint8Array(0), true);
    this.damage ??= damageOf(() => this.checkTrailer(this.bytesIn));
    yield* this.inner.end();
    if (this.damage === undefined) return;
    const unreadable = `the gzip data are damaged or break off after ${this.bytesOut} unpacked bytes: ${this.damage}`;
    yield this.tally.piece({ offset: this.bytesOut, bytes: new Uint8Array(0), unreadable }, 0);
  }

  private takeUnfolded(chunk: Uint8Array): void {
    this.unfolded.push(chunk);
    this.sum = crc32(chunk, 0, chunk.length, this.sum);
    this.length += chunk.length;
  }

  /** Compares what a member has unfolded to with its trailer, which ends at this packed byte: fflate does not look at it. */
  private checkTrailer(end: number): void {
    const at = end - TRAILER_BYTES - (this.bytesIn - this.recent.length);
    if (at < 0) throw new Error('the checksum is missing');
    const trailer = new DataView(this.recent.buffer, this.recent.byteOffset + at, TRAILER_BYTES);
    if (trailer.getUint32(0, true) !== this.sum) throw new Error('the checksum is wrong');
    if (trailer.getUint32(4, true) !== this.length >>> 0) throw new Error('the length is wrong');
    this.sum = 0;
    this.length = 0;
  }

  /** Called for every member but the first. */
  private startMember(start: number): void {
    this.checkTrailer(start);
    this.members++;
    if (this.members > MAX_MEMBERS + this.bytesOut / BYTES_A_MEMBER) {
      throw new Error(`more than ${MAX_MEMBERS} members that hold next to nothing`);
    }
  }

  /** What has been unfolded of the bytes given last is lost if there is damage in them: byte by byte, that is nothing. */
  private upToDamage(part: Uint8Array): void {
    damageOf(() => {
      for (let at = 0; at < part.length; at++) this.gunzip.push(part.slice(at, at + 1), false);
    });
  }

  private *step(part: Uint8Array, isLast: boolean): Generator<Piece> {
    this.unfolding.takeIn(part.length);
    this.recent = concat([this.recent.subarray(-RECENT_BYTES), part]);
    this.bytesIn += part.length;
    this.damage = damageOf(() => this.ahead.push(part, isLast));
    if (this.damage === undefined) this.damage = damageOf(() => this.gunzip.push(part, isLast));
    else this.upToDamage(part);
    for (const chunk of this.unfolded.splice(0)) {
      this.bytesOut += chunk.length;
      this.unfolding.giveOut(chunk.length);
      yield* this.inner.push(chunk);
    }
  }
}

function damageOf(unfold: () => void): string | undefined {
  try {
    unfold();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
