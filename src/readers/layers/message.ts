import { endOfStructure, type StructureKind, skimEnd, sniffStructure } from '../../dot2/index.ts';
import type { Frame } from './frame.ts';
import { endContent, isZero, ZERO_PADDING } from './trailer.ts';
import { WSMP_CUT, wsmpHeaderAt } from './wsmp.ts';

/** GeoNetworking (ETSI EN 302 636-4-1 §9.6): the basic header, and what follows it. */
const GN_BASIC_HEADER_BYTES = 4;
const GN_VERSIONS = [0, 1];
const GN_SECURED = 2;

/** Whether bytes claim to be a message or a certificate, which layers may be in front of. */
export function isMessage(bytes: Uint8Array, offset = 0): boolean {
  const kind = sniffStructure(bytes, offset);
  return kind === 'data' || kind === 'certificate';
}

/**
 * Whether bytes begin as signed data does: version, content, a known hash, the preamble of a payload. Four bytes that hardly
 * occur by chance, for places where most of what comes is something else.
 */
export function beginsAsSignedData(bytes: Uint8Array, offset = 0): boolean {
  const preamble = bytes[offset + 3];
  return (
    bytes[offset] === 0x03 &&
    bytes[offset + 1] === 0x81 &&
    (bytes[offset + 2] as number) <= 2 &&
    (preamble === 0x40 || preamble === 0x20 || preamble === 0x60)
  );
}

/** Where the message or certificate at `offset` ends if it decodes strictly. */
export function endOfMessage(bytes: Uint8Array, offset = 0): number | undefined {
  const kind = sniffStructure(bytes, offset);
  if (kind !== 'data' && kind !== 'certificate') return undefined;
  // Moving over the fields is cheap; values are only made of what has passed that.
  const end = skimEnd(kind, bytes, offset);
  return end > 0 && endOfStructure(kind, bytes, offset) === end ? end : undefined;
}

/**
 * WSMP: its length ends the message, and what lies behind is padding and a frame check sequence.
 *
 * @param frameStart where the frame check sequence, if there is one, begins to count.
 */
export function takeWsmp(frame: Frame, frameStart: number): void {
  const { bytes, start } = frame;
  const header = wsmpHeaderAt(bytes, start);
  if (header === undefined) {
    frame.fails(wsmpProblem(frame));
    return;
  }
  if (header === WSMP_CUT || header.start > frame.end) {
    frame.fails('a WSMP header that the frame cuts short');
    return;
  }
  if (header.end > frame.end) {
    const announced = header.end - header.start;
    frame.fails(
      `a WSMP header (PSID ${header.psid}) that announces ${announced} bytes, ${frame.end - header.start} are there`,
    );
    return;
  }
  endContent(frame, header.end, frameStart);
  frame.take('wsmp3', header.start - start);
  frame.psid = header.psid;
  endAtStructure(frame);
}

function wsmpProblem(frame: Frame): string {
  const version = frame.byte(0) & 0x07;
  if (version !== 3) return `WSMP version ${version} (IEEE 1609.3-2010 is version 2), of which only version 3 is read`;
  return 'a WSMP header (version 3) that does not parse';
}

export function takeGeonetworking(frame: Frame): void {
  if (frame.length < GN_BASIC_HEADER_BYTES || !GN_VERSIONS.includes(frame.byte(0) >> 4)) {
    frame.fails('a GeoNetworking basic header that does not parse');
    return;
  }
  if ((frame.byte(0) & 0x0f) !== GN_SECURED) {
    frame.isOther('geonetworking (not secured)');
    return;
  }
  frame.take('geonetworking', GN_BASIC_HEADER_BYTES);
  endAtStructure(frame);
}

/** Zeros behind a structure that decodes are padding. Anything else there is left for the decoder to refuse. */
export function endAtStructure(frame: Frame): void {
  const { bytes, start, end: last } = frame;
  // Few structures end in a zero: for all others one look is enough.
  if (last <= start || bytes[last - 1] !== 0) return;
  const content = bytes.subarray(start, last);
  const end = endOfMessage(content);
  if (end === undefined || end === content.length || !isZero(content, end, content.length)) return;
  frame.end = start + end;
  frame.trailers.unshift(ZERO_PADDING);
}

export type { StructureKind };
