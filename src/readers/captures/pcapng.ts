import { MAX_FRAME_BYTES, MAX_STRUCTURE_BYTES } from '../limits.ts';
import type { Piece } from '../record.ts';
import { ResynchronisingParser } from '../resynchronising-parser.ts';
import type { Skipped } from '../skipped.ts';
import { uint32At } from './integers.ts';
import { type TakeHeaders, withFcs } from './link-types.ts';
import { PacketReader } from './packets.ts';
import {
  BLOCK_FRAME_BYTES,
  type BlockPacket,
  blockLength,
  INTERFACE_DESCRIPTION,
  type InterfaceDescription,
  interfaceOf,
  isClosed,
  isLittleEndianSection,
  isSectionHeader,
  isWholeSectionHeader,
  mayBeBlock,
  packetOf,
} from './pcapng-blocks.ts';
import { taiOfCount, taiOfStamp } from './time.ts';

/** A block that is looked for behind damage: one with a frame, its options and comments. */
const MAX_SEARCHED_BLOCK_BYTES = MAX_FRAME_BYTES + 64 * 1024;
const TWO_TO_32 = 0x1_0000_0000;
const MICROSECONDS = 1_000_000n;

interface Interface {
  readonly description: InterfaceDescription;
  readonly packets: PacketReader;
}

/**
 * A capture in pcapng, as a stream: sections of either byte order, any number of interfaces. What is no block is skipped up to
 * the next one whose two lengths agree.
 */
export class PcapngParser extends ResynchronisingParser {
  private interfaces: Interface[] = [];
  private isLittleEndian = true;
  private isWaiting = false;

  protected *take(): Generator<Piece> {
    this.isWaiting = false;
    while (!this.isWaiting && this.position < this.window.bytes.length) {
      const piece = this.takeBlock();
      if (piece !== undefined) yield piece;
    }
  }

  protected complaintOf({ length }: Skipped, isRest: boolean): string {
    return `${length} byte(s) of the capture that are no block${isRest ? ': it is damaged, or breaks off' : ''}`;
  }

  /** Takes the block at the position, moves on by a byte behind damage, or waits. */
  private takeBlock(): Piece | undefined {
    const length = this.lengthOfBlock(this.position);
    if (length === 'more') {
      this.isWaiting = true;
      return undefined;
    }
    if (length === undefined) {
      if (this.goesBack()) return undefined;
      this.startSkipping();
      this.position++;
      return undefined;
    }
    // The piece in front of the block first; the block itself is met again.
    return this.skipped === undefined ? this.readBlock(length) : this.closeSkipped();
  }

  /** Goes back to a block that begins in the last one taken and ends behind it: that one was cut short. */
  private goesBack(): boolean {
    const from = this.lastTaken - this.window.base;
    if (this.lastTaken < 0) return false;
    for (let at = from + 1; at < this.position; at++) {
      const length = this.lengthOfBlock(at, true);
      if (length === 'more') {
        this.isWaiting = true;
        return true;
      }
      if (typeof length !== 'number' || at + length <= this.position) continue;
      this.goBackTo(at);
      this.lastTaken = -1;
      return true;
    }
    this.lastTaken = -1;
    return false;
  }

  /** Length of the block at `at`; `undefined` if there is none. */
  private lengthOfBlock(at: number, isSearching = this.skipped !== undefined): number | 'more' | undefined {
    const { bytes } = this.window;
    if (at + BLOCK_FRAME_BYTES > bytes.length) return this.isEnded ? undefined : 'more';
    if (isSearching && !mayBeBlock(bytes, at, this.isLittleEndian)) return undefined;
    const isSection = isSectionHeader(bytes, at);
    const order = isSection ? isLittleEndianSection(bytes, at) : this.isLittleEndian;
    const length = blockLength(bytes, at, order, isSearching ? MAX_SEARCHED_BLOCK_BYTES : MAX_STRUCTURE_BYTES);
    if (length === undefined || (isSection && !isWholeSectionHeader(length))) return undefined;
    if (at + length > bytes.length) return this.isEnded ? undefined : 'more';
    return isClosed(bytes, at, length, order) ? length : undefined;
  }

  private readBlock(length: number): Piece | undefined {
    const { bytes, base } = this.window;
    const at = this.position;
    this.position = at + length;
    this.lastTaken = length <= MAX_SEARCHED_BLOCK_BYTES ? base + at : -1;
    if (isSectionHeader(bytes, at)) {
      this.isLittleEndian = isLittleEndianSection(bytes, at);
      this.interfaces = [];
      this.tally.framing(length);
      return undefined;
    }
    if (uint32At(bytes, at, this.isLittleEndian) === INTERFACE_DESCRIPTION) return this.addInterface(at, length);
    const snapLength = this.interfaces[0]?.description.snapLength ?? 0;
    const packet = packetOf(bytes, at, length, this.isLittleEndian, snapLength);
    if (packet === 'other') {
      this.tally.framing(length);
      return undefined;
    }
    const reader = packet === 'damaged' ? undefined : this.interfaces[packet.interfaceId];
    if (packet === 'damaged' || reader === undefined) {
      const problem =
        packet === 'damaged'
          ? 'whose lengths do not agree'
          : `of interface ${packet.interfaceId}, which is not described`;
      const unreadable = `a packet block ${problem}: the capture is damaged`;
      return this.tally.piece({ offset: base + at, bytes: bytes.slice(at, at + length), unreadable }, length);
    }
    return reader.packets.pieceOf({
      offset: base + at,
      length,
      bytes: bytes.subarray(packet.start, packet.end),
      wireLength: packet.wireLength,
      time: timeOf(packet, reader.description),
    });
  }

  private addInterface(at: number, length: number): Piece | undefined {
    const { bytes, base } = this.window;
    const description = interfaceOf(bytes, at, length, this.isLittleEndian);
    if (description === undefined) {
      const unreadable = 'an interface description that is too short: the capture is damaged';
      return this.tally.piece({ offset: base + at, bytes: bytes.slice(at, at + length), unreadable }, length);
    }
    const adapt = (take: TakeHeaders): TakeHeaders => (description.fcsBytes === 4 ? withFcs(take) : take);
    this.interfaces.push({ description, packets: new PacketReader(description.linkType, this.tally, adapt) });
    this.tally.framing(length);
    return undefined;
  }
}

function timeOf({ stamp }: BlockPacket, { unitsPerSecond, offsetSeconds }: InterfaceDescription): bigint | undefined {
  if (stamp === undefined) return undefined;
  const { high, low } = stamp;
  // Microseconds fit a double until the year 2255, and are what most captures have.
  const units = high * TWO_TO_32 + low;
  if (unitsPerSecond === MICROSECONDS && offsetSeconds === 0n && Number.isSafeInteger(units)) {
    const seconds = Math.floor(units / 1e6);
    return taiOfStamp(seconds, (units - seconds * 1e6) * 1000);
  }
  return taiOfCount((BigInt(high) << 32n) | BigInt(low), unitsPerSecond, offsetSeconds);
}
