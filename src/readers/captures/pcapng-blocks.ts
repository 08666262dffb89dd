import { uint16At, uint32At } from './integers.ts';

/** Blocks of pcapng (draft-ietf-opsawg-pcapng §4): type, total length, body, total length again. */

export const INTERFACE_DESCRIPTION = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Type and length in front, length behind: the shortest block. */
export const BLOCK_FRAME_BYTES = 12;
const LEAST_SECTION_BYTES = 28;

/** Block types that are known, and may follow damage. */
const KNOWN_TYPES: ReadonlySet<number> = new Set([
  INTERFACE_DESCRIPTION,
  PACKET,
  SIMPLE_PACKET,
  4,
  5,
  ENHANCED_PACKET,
  10,
]);

/** Whether a section begins at `at`; false too while there are fewer than 12 bytes. */
export function isSectionHeader(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x0a &&
    bytes[at + 1] === 0x0d &&
    bytes[at + 2] === 0x0d &&
    bytes[at + 3] === 0x0a &&
    at + 12 <= bytes.length &&
    (uint32At(bytes, at + 8, true) === BYTE_ORDER_MAGIC || uint32At(bytes, at + 8, false) === BYTE_ORDER_MAGIC)
  );
}

/** Byte order of the section that begins at `at`. */
export function isLittleEndianSection(bytes: Uint8Array, at: number): boolean {
  return uint32At(bytes, at + 8, true) === BYTE_ORDER_MAGIC;
}

/** Total length of the block at `at`; `undefined` if that can be none. */
export function blockLength(bytes: Uint8Array, at: number, isLittleEndian: boolean, most: number): number | undefined {
  const length = uint32At(bytes, at + 4, isLittleEndian);
  return length < BLOCK_FRAME_BYTES || length % 4 !== 0 || length > most ? undefined : length;
}

/** Whether the length behind the block is the one in front of it. */
export function isClosed(bytes: Uint8Array, at: number, length: number, isLittleEndian: boolean): boolean {
  return uint32At(bytes, at + length - 4, isLittleEndian) === length;
}

/** Whether a block of a known type begins at `at`, by its type alone. */
export function mayBeBlock(bytes: Uint8Array, at: number, isLittleEndian: boolean): boolean {
  return isSectionHeader(bytes, at) || KNOWN_TYPES.has(uint32At(bytes, at, isLittleEndian));
}

export function isWholeSectionHeader(length: number): boolean {
  return length >= LEAST_SECTION_BYTES;
}

export interface InterfaceDescription {
  readonly linkType: number;
  readonly snapLength: number;
  /** Units of its time stamps in a second. */
  readonly unitsPerSecond: bigint;
  /** Added to its time stamps. */
  readonly offsetSeconds: bigint;
  readonly fcsBytes: number;
}

const OPTION_TSRESOL = 9;
const OPTION_FCSLEN = 13;
const OPTION_TSOFFSET = 14;

/** An interface description block whose length has been checked; `undefined` if it is too short. */
export function interfaceOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  isLittleEndian: boolean,
): InterfaceDescription | undefined {
  if (length < 20) return undefined;
  let unitsPerSecond = 1_000_000n;
  let offsetSeconds = 0n;
  let fcsBytes = 0;
  const end = at + length - 4;
  for (let option = at + 16; option + 4 <= end; ) {
    const code = uint16At(bytes, option, isLittleEndian);
    const size = uint16At(bytes, option + 2, isLittleEndian);
    const value = option + 4;
    if (code === 0 || value + size > end) break;
    if (code === OPTION_TSRESOL && size === 1) unitsPerSecond = resolutionOf(bytes[value] as number);
    if (code === OPTION_FCSLEN && size === 1) fcsBytes = bytes[value] as number;
    if (code === OPTION_TSOFFSET && size === 8)
      offsetSeconds = BigInt.asIntN(64, uint64At(bytes, value, isLittleEndian));
    option = value + Math.ceil(size / 4) * 4;
  }
  return {
    linkType: uint16At(bytes, at + 8, isLittleEndian),
    snapLength: uint32At(bytes, at + 12, isLittleEndian),
    unitsPerSecond,
    offsetSeconds,
    fcsBytes,
  };
}

/** A negative power of ten or, with the first bit set, of two. */
function resolutionOf(value: number): bigint {
  const exponent = BigInt(Math.min(value & 0x7f, 63));
  return value & 0x80 ? 2n ** exponent : 10n ** exponent;
}

function uint64At(bytes: Uint8Array, at: number, isLittleEndian: boolean): bigint {
  const [first, second] = [uint32At(bytes, at, isLittleEndian), uint32At(bytes, at + 4, isLittleEndian)];
  const [high, low] = isLittleEndian ? [second, first] : [first, second];
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A frame in a block. */
export interface BlockPacket {
  readonly interfaceId: number;
  readonly start: number;
  readonly end: number;
  readonly wireLength: number;
  /** Units since 1970, in two halves of 32 bits; `undefined` in a simple packet block. */
  readonly stamp: { readonly high: number; readonly low: number } | undefined;
}

/** What a block holds: a frame, none because it is of another type, or nothing that adds up. */
export function packetOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  isLittleEndian: boolean,
  snapLengthOfFirst: number,
): BlockPacket | 'other' | 'damaged' {
  const type = uint32At(bytes, at, isLittleEndian);
  if (type === SIMPLE_PACKET) return simplePacket(bytes, at, length, isLittleEndian, snapLengthOfFirst);
  if (type !== ENHANCED_PACKET && type !== PACKET) return 'other';
  const start = at + 28;
  if (start + 4 > at + length) return 'damaged';
  const captured = uint32At(bytes, at + 20, isLittleEndian);
  const end = start + captured;
  if (end + 4 > at + length) return 'damaged';
  return {
    interfaceId: type === PACKET ? uint16At(bytes, at + 8, isLittleEndian) : uint32At(bytes, at + 8, isLittleEndian),
    start,
    end,
    wireLength: uint32At(bytes, at + 24, isLittleEndian),
    stamp: { high: uint32At(bytes, at + 12, isLittleEndian), low: uint32At(bytes, at + 16, isLittleEndian) },
  };
}

function simplePacket(
  bytes: Uint8Array,
  at: number,
  length: number,
  isLittleEndian: boolean,
  snapLength: number,
): BlockPacket | 'damaged' {
  if (length < 16) return 'damaged';
  const wireLength = uint32At(bytes, at + 8, isLittleEndian);
  const room = length - 16;
  const captured = snapLength > 0 ? Math.min(wireLength, snapLength) : wireLength;
  if (captured > room) return 'damaged';
  return { interfaceId: 0, start: at + 12, end: at + 12 + captured, wireLength, stamp: undefined };
}
