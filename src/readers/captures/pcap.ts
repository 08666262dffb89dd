import { MAX_FRAME_BYTES } from '../limits.ts';
import type { Piece } from '../record.ts';
import { ResynchronisingParser } from '../resynchronising-parser.ts';
import type { Skipped } from '../skipped.ts';
import { uint32At } from './integers.ts';
import { type TakeHeaders, withFcs } from './link-types.ts';
import { PacketReader } from './packets.ts';
import { taiOfStamp } from './time.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const NANOSECONDS = 0xa1b23c4d;
/** Bits of the link type field: a frame check sequence is there, and its length in units of two bytes. */
const FCS_PRESENT = 0x0400_0000;
const FCS_LENGTH_SHIFT = 28;

/** Record headers in a row that make a place credible where frames go on behind damage. */
const CHAIN_OF_HEADERS = 3;
/** Frames in a row lie less than this apart. */
const MAX_GAP_SECONDS = 400 * 86_400;

/** With this much ahead every decision can be made. */
const LOOKAHEAD_BYTES = CHAIN_OF_HEADERS * (RECORD_HEADER_BYTES + MAX_FRAME_BYTES) + RECORD_HEADER_BYTES;

interface FileHeader {
  readonly isLittleEndian: boolean;
  /** Fractions of a second in a time stamp. */
  readonly fractions: number;
  readonly snapLength: number;
  readonly packets: PacketReader;
}

/**
 * A capture of libpcap (draft-ietf-opsawg-pcap), as a stream. A frame is taken as soon as it has come if its lengths agree; a
 * record whose header makes no sense is skipped up to where headers that do follow each other.
 */
export class PcapParser extends ResynchronisingParser {
  private header: FileHeader | undefined;

  protected *take(): Generator<Piece> {
    if (this.header === undefined && !this.takeFileHeader()) {
      if (this.isEnded) this.skipRest();
      return;
    }
    while (this.canDecide()) {
      const piece = this.skipped === undefined ? this.takeNext() : this.resynchronise();
      if (piece !== undefined) yield piece;
    }
  }

  protected complaintOf({ length }: Skipped, isRest: boolean): string {
    return `${length} byte(s) of the capture that are no frame${isRest ? ': it is damaged, or breaks off' : ''}`;
  }

  /** A file that is shorter than its header. */
  private skipRest(): void {
    if (this.window.bytes.length === 0) return;
    this.startSkipping();
    this.position = this.window.bytes.length;
  }

  private takeFileHeader(): boolean {
    const { bytes } = this.window;
    if (bytes.length < FILE_HEADER_BYTES) return false;
    const view = viewOf(bytes);
    const isLittleEndian = view.getUint8(0) === 0xd4 || view.getUint8(0) === 0x4d;
    const isNano = view.getUint32(0, isLittleEndian) === NANOSECONDS;
    const linkField = view.getUint32(20, isLittleEndian);
    const hasFcs = (linkField & FCS_PRESENT) !== 0 && linkField >>> FCS_LENGTH_SHIFT === 2;
    const adapt = (take: TakeHeaders): TakeHeaders => (hasFcs ? withFcs(take) : take);
    this.header = {
      isLittleEndian,
      fractions: isNano ? 1_000_000_000 : 1_000_000,
      snapLength: view.getUint32(16, isLittleEndian),
      packets: new PacketReader(linkField & 0xffff, this.tally, adapt),
    };
    this.tally.framing(FILE_HEADER_BYTES);
    this.position = FILE_HEADER_BYTES;
    return true;
  }

  /** Whether what is at hand is enough to go on. */
  private canDecide(): boolean {
    const left = this.window.bytes.length - this.position;
    if (this.isEnded) return left > 0;
    if (left >= LOOKAHEAD_BYTES) return true;
    if (left < RECORD_HEADER_BYTES || this.skipped !== undefined) return false;
    const end = this.endOfRecord(this.position);
    return end !== undefined && end <= this.window.bytes.length && this.hasWholeFrame(this.position);
  }

  private takeNext(): Piece | undefined {
    const at = this.position;
    const { bytes } = this.window;
    const end = this.endOfRecord(at);
    const isThere = end !== undefined && end <= bytes.length;
    if (isThere && this.hasWholeFrame(at)) return this.takeRecord(at, end);
    // Before a header is believed whose two lengths do not agree.
    if (this.goesBack()) return undefined;
    if (isThere && (end === bytes.length || this.startsChain(end, CHAIN_OF_HEADERS - 1, false)))
      return this.takeRecord(at, end);
    this.startSkipping();
    this.position++;
    return undefined;
  }

  /**
   * Goes back to a record that begins in the last one taken: that one was cut short. If it holds a message all the same, only
   * what ends behind it can be another record.
   */
  private goesBack(): boolean {
    const { bytes, base } = this.window;
    const from = this.lastTaken - base;
    this.lastTaken = -1;
    if (from < 0) return false;
    const isWhole = this.packets.vouchesFor(bytes.subarray(from + RECORD_HEADER_BYTES, this.position));
    for (let at = from + 1; at < this.position; at++) {
      const end = this.endOfRecord(at);
      if (end === undefined || (isWhole && end <= this.position) || !this.isCredible(at)) continue;
      this.goBackTo(at);
      return true;
    }
    return false;
  }

  private resynchronise(): Piece | undefined {
    if (this.isCredible(this.position)) return this.closeSkipped();
    this.position++;
    return undefined;
  }

  /** Whether frames go on at `at`: one with a message that decodes, or headers that follow each other. */
  private isCredible(at: number): boolean {
    const { bytes } = this.window;
    const end = this.endOfRecord(at);
    if (end === undefined || end > bytes.length) return false;
    const frame = bytes.subarray(at + RECORD_HEADER_BYTES, end);
    return this.packets.vouchesFor(frame) || this.startsChain(at, CHAIN_OF_HEADERS, true);
  }

  private takeRecord(at: number, end: number): Piece | undefined {
    const { isLittleEndian, fractions, packets } = this.header as FileHeader;
    const view = viewOf(this.window.bytes);
    const seconds = view.getUint32(at, isLittleEndian);
    const fraction = view.getUint32(at + 4, isLittleEndian);
    this.lastTaken = this.window.base + at;
    this.position = end;
    return packets.pieceOf({
      offset: this.window.base + at,
      length: end - at,
      bytes: this.window.bytes.subarray(at + RECORD_HEADER_BYTES, end),
      wireLength: view.getUint32(at + 12, isLittleEndian),
      time: taiOfStamp(seconds, fraction * (1_000_000_000 / fractions)),
    });
  }

  /** Where the record at `at` ends if its header makes sense; perhaps behind the bytes at hand. */
  private endOfRecord(at: number): number | undefined {
    const { bytes } = this.window;
    if (at + RECORD_HEADER_BYTES > bytes.length) return undefined;
    const { isLittleEndian, fractions } = this.header as FileHeader;
    const captured = uint32At(bytes, at + 8, isLittleEndian);
    const wire = uint32At(bytes, at + 12, isLittleEndian);
    const isPossible = captured > 0 && captured <= MAX_FRAME_BYTES && captured <= wire;
    if (!isPossible || uint32At(bytes, at + 4, isLittleEndian) >= fractions) return undefined;
    return at + RECORD_HEADER_BYTES + captured;
  }

  /** Whether all of the frame was captured, or as much as the capture takes: then no length of the header can be wrong alone. */
  private hasWholeFrame(at: number): boolean {
    const { bytes } = this.window;
    const { isLittleEndian, snapLength } = this.header as FileHeader;
    const captured = uint32At(bytes, at + 8, isLittleEndian);
    return captured === uint32At(bytes, at + 12, isLittleEndian) || captured === snapLength;
  }

  private get packets(): PacketReader {
    return (this.header as FileHeader).packets;
  }

  /** Whether so many records follow each other from here, or fill the rest; if `isStrict`, each with the whole of its frame. */
  private startsChain(from: number, count: number, isStrict: boolean): boolean {
    const { length } = this.window.bytes;
    let at = from;
    let before = from;
    for (let i = 0; i < count && at < length; i++) {
      const end = this.endOfRecord(at);
      if (end === undefined || end > length || (isStrict && !this.hasWholeFrame(at))) return false;
      if (i > 0 && !this.isNear(at, before)) return false;
      before = at;
      at = end;
    }
    return true;
  }

  /** Whether two records are of about the same time. */
  private isNear(at: number, before: number): boolean {
    const { bytes } = this.window;
    const { isLittleEndian } = this.header as FileHeader;
    const seconds = uint32At(bytes, at, isLittleEndian) - uint32At(bytes, before, isLittleEndian);
    return Math.abs(seconds) <= MAX_GAP_SECONDS;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
