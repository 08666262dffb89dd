import { toHex } from '../../coer/index.ts';
import { crc32 } from './crc32.ts';
import type { Frame } from './frame.ts';

export const ZERO_PADDING = 'zeroPadding';
/** Bytes behind a packet that a link put there, and that are neither zeros nor a frame check sequence. */
export const TRAILER = 'trailer';
const FCS = 'fcs';
const FCS_BYTES = 4;

/** Whether the bytes from `start` to `end` are all zero. */
export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * Ends a frame's content at `end` and names what lies behind it: zeros, and a frame check sequence that agrees with the frame
 * in front of it, which begins at `frameStart`. Anything else behind a message is a problem (DECISIONS D41).
 */
export function endContent(frame: Frame, end: number, frameStart: number): void {
  const { bytes, end: last } = frame;
  frame.end = end;
  const names = trailersAt(bytes, end, last, frameStart);
  if (names !== undefined) {
    frame.trailers.unshift(...names);
    return;
  }
  const first = toHex(bytes.subarray(end, Math.min(last, end + 8)));
  const isMore = last - end > 8;
  frame.fails(
    `${last - end} byte(s) behind the message (${first}${isMore ? '…' : ''}) that are neither zero padding nor a frame check ` +
      'sequence that agrees with the frame',
  );
}

/**
 * Ends a packet at `end`, as its own length says. A link may put anything behind it, which is named: {@link TRAILER} if it is
 * neither zeros nor a frame check sequence. Only a capture says that such bytes belong to the frame.
 */
export function endPacket(frame: Frame, end: number, frameStart: number): void {
  if (end >= frame.end) return;
  frame.trailers.unshift(...(trailersAt(frame.bytes, end, frame.end, frameStart) ?? [TRAILER]));
  frame.end = end;
}

/** Names of what is from `start` to `end`; `undefined` if it is something else than zeros and a frame check sequence. */
function trailersAt(bytes: Uint8Array, start: number, end: number, frameStart: number): string[] | undefined {
  if (start === end) return [];
  if (isZero(bytes, start, end)) return [ZERO_PADDING];
  const fcs = end - FCS_BYTES;
  if (fcs < start || !isZero(bytes, start, fcs) || !isFcsAt(bytes, frameStart, fcs)) return undefined;
  return fcs > start ? [ZERO_PADDING, FCS] : [FCS];
}

/** Takes off the frame check sequence that a header has announced. */
export function takeFcs(frame: Frame): void {
  if (frame.length < FCS_BYTES) return;
  frame.end -= FCS_BYTES;
  frame.trailers.push(FCS);
}

/** Least significant byte first, as captures have it. */
function isFcsAt(bytes: Uint8Array, start: number, at: number): boolean {
  const [a, b, c, d] = bytes.subarray(at, at + FCS_BYTES) as unknown as [number, number, number, number];
  return crc32(bytes, start, at) === (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
