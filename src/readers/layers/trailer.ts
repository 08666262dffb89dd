import { toHex } from '../../coer/index.ts';
import { crc32 } from './crc32.ts';
import type { Frame } from './frame.ts';

export const ZERO_PADDING = 'zeroPadding';
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
  if (end === last) return;
  if (isZero(bytes, end, last)) {
    frame.trailers.push(ZERO_PADDING);
    return;
  }
  const fcs = last - FCS_BYTES;
  if (fcs >= end && isZero(bytes, end, fcs) && isFcsAt(bytes, frameStart, fcs)) {
    if (fcs > end) frame.trailers.push(ZERO_PADDING);
    frame.trailers.push(FCS);
    return;
  }
  const first = toHex(bytes.subarray(end, Math.min(last, end + 8)));
  const isMore = last - end > 8;
  frame.fails(
    `${last - end} byte(s) behind the message (${first}${isMore ? '…' : ''}) that are neither zero padding nor a frame check ` +
      'sequence that agrees with the frame',
  );
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
