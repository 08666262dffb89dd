import { VENDOR_BYTE } from '../layers/datagram.ts';
import { WSMP_CUT, wsmpHeaderAt } from '../layers/wsmp.ts';
import { MAX_STRUCTURE_BYTES } from '../limits.ts';
import { type Extent, more, NONE, structureAt, type View, wsmpMessageAt } from './candidates.ts';

const GN_FIRST = 0x12;
const GN_BASIC_HEADER_BYTES = 4;

/** A message behind headers that say where it ends: WSMP, perhaps behind a vendor's byte, and secured GeoNetworking. */
export function framedAt(view: View, at: number): Extent {
  const { bytes } = view;
  const first = bytes[at];
  if (first === GN_FIRST) {
    const start = at + GN_BASIC_HEADER_BYTES;
    if (start + 3 > bytes.length) return more(view, start + 3);
    return bytes[start] === 0x03 ? structureAt(view, start, MAX_STRUCTURE_BYTES) : NONE;
  }
  return wsmpMessageAt(view, first === VENDOR_BYTE ? at + 1 : at);
}

/** Where the frame ends that a WSMP header announces, whatever is in it. */
export function frameBoundAt(view: View, at: number): Extent {
  const { bytes } = view;
  const header = wsmpHeaderAt(bytes, bytes[at] === VENDOR_BYTE ? at + 1 : at);
  if (header === undefined) return NONE;
  if (header === WSMP_CUT) return more(view, bytes.length + 1);
  if (header.end > bytes.length) return more(view, header.end);
  return header.end > header.start ? header.end : NONE;
}
