import { isWholeStructure, sniffStructure } from '../dot2/index.ts';
import { endOfLogPayload, mayHaveDeviceLayers, takeDeviceLayers } from './layers/datagram.ts';
import { Frame } from './layers/frame.ts';
import { takeIp } from './layers/internet.ts';
import { ETHERTYPE_GEONETWORKING, ETHERTYPE_WSMP, takeEthernet, takeLlc, takeSll } from './layers/link.ts';
import { endAtStructure, isMessage } from './layers/message.ts';
import { take80211, takeRadiotap } from './layers/radio.ts';
import { TRAILER } from './layers/trailer.ts';

/** A structure without the layers around it, which are named. */
export interface Unwrapped {
  readonly bytes: Uint8Array;
  /** Names of the layers that were taken off, outermost first. */
  readonly layers: readonly string[];
  /** PSID that the WSMP header carried. */
  readonly lowerLayerPsid?: number | undefined;
  /** Addresses that the headers carried. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Takes off the layers around a message that has a frame of its own: a line, a document, a datagram. A layer comes off only if
 * its header parses, its length agrees with the bytes present, and the rest claims to be a message or a certificate; bytes that
 * decode directly are left unchanged. Otherwise no layer is removed (DECISIONS D41).
 */
export function unwrap(bytes: Uint8Array): Unwrapped {
  return unwrapLayers(bytes) ?? { bytes, layers: [] };
}

/** As {@link unwrap}, but `undefined` if no structure shows, neither at once nor behind layers. */
export function unwrapLayers(bytes: Uint8Array): Unwrapped | undefined {
  const isKnown = sniffStructure(bytes) !== undefined;
  if (!mayBeLayered(bytes)) return isKnown ? { bytes, layers: NO_LAYERS } : undefined;
  const frame = takeLayers(bytes);
  // What decodes as it stands stays as it is: a message cannot be passed off as the envelope of another.
  if (frame && !(isKnown && isWholeStructure(bytes))) return unwrappedOf(frame);
  return isKnown ? { bytes, layers: NO_LAYERS } : undefined;
}

const NO_LAYERS: readonly string[] = [];

/** Whether layers could be around a structure: a few looks, which rule it out for nearly everything. */
function mayBeLayered(bytes: Uint8Array): boolean {
  return (
    bytes[bytes.length - 1] === 0 ||
    mayHaveDeviceLayers(bytes) ||
    endOfLogPayload(bytes) !== undefined ||
    CAPTURE_HEADERS.some(({ looksRight }) => looksRight(bytes))
  );
}

/** Whether bytes are exactly one structure that decodes strictly, behind whatever layers. */
export function holdsStructure(bytes: Uint8Array): boolean {
  if (isWholeStructure(bytes)) return true;
  if (!mayBeLayered(bytes) && !isMessage(bytes)) return false;
  const frame = takeLayers(bytes);
  return frame !== undefined && isWholeStructure(frame.content);
}

/** What the headers of a frame left of it. */
export function unwrappedOf(frame: Frame): Unwrapped {
  const { content, names, psid, from, to } = frame;
  return { bytes: content, layers: names, lowerLayerPsid: psid, from, to };
}

/** All layers down to a message or certificate; `undefined` if there are none, or nothing known below them. */
function takeLayers(bytes: Uint8Array): Frame | undefined {
  const frame = new Frame(bytes);
  if (takeDeviceLayers(frame)) return frame;
  const guessed = guessFrame(bytes);
  if (guessed !== undefined && isAllOf(guessed) && isMessage(guessed.content)) return guessed;
  if (!isMessage(bytes)) return undefined;
  endAtStructure(frame);
  return frame.trailers.length > 0 ? frame : undefined;
}

/** Whether nothing is lost with the layers: bytes behind a packet may be messages as well, unless a capture says otherwise. */
function isAllOf({ problem, trailers }: Frame): boolean {
  return problem === undefined && !trailers.includes(TRAILER);
}

interface CaptureHeader {
  looksRight(bytes: Uint8Array): boolean;
  take(frame: Frame): void;
}

const CAPTURE_HEADERS: readonly CaptureHeader[] = [
  { looksRight: (bytes) => isAroundMessages(uint16(bytes, 12)) || isSnap(bytes, 14), take: takeEthernet },
  { looksRight: (bytes) => isWave(uint16(bytes, 0)) || isSnap(bytes, 0), take: (frame) => takeLlc(frame, frame.start) },
  { looksRight: isRadiotap, take: takeRadiotap },
  // Data frames, with and without QoS.
  { looksRight: (bytes) => bytes[0] === 0x08 || bytes[0] === 0x88, take: take80211 },
  {
    looksRight: (bytes) => uint16(bytes, 0) <= 4 && (isAroundMessages(uint16(bytes, 14)) || isSnap(bytes, 16)),
    take: takeSll,
  },
  { looksRight: isIp, take: (frame) => takeIp(frame, frame.byte(0) >> 4) },
];

/**
 * The frame of a capture without link type, by what its headers look like. With `problem` if it claims to carry a
 * message that is not there; `undefined` for everything that claims nothing.
 */
export function guessFrame(bytes: Uint8Array): Frame | undefined {
  for (const { looksRight, take } of CAPTURE_HEADERS) {
    if (!looksRight(bytes)) continue;
    const frame = new Frame(bytes);
    take(frame);
    if (frame.other === undefined && frame.layers.length > 0) return frame;
  }
  return undefined;
}

function uint16(bytes: Uint8Array, at: number): number {
  return at + 1 < bytes.length ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number) : Number.NaN;
}

function isWave(type: number): boolean {
  return type === ETHERTYPE_WSMP || type === ETHERTYPE_GEONETWORKING;
}

function isAroundMessages(type: number): boolean {
  return isWave(type) || type === 0x0800 || type === 0x86dd || type === 0x8100 || type === 0x88a8;
}

function isSnap(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xaa && bytes[at + 1] === 0xaa && bytes[at + 2] === 0x03;
}

/** Version 0, no padding, a little-endian length. */
function isRadiotap(bytes: Uint8Array): boolean {
  const length = (bytes[2] as number) | ((bytes[3] as number) << 8);
  return bytes[0] === 0 && bytes[1] === 0 && length >= 8 && length < bytes.length;
}

function isIp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x45 || (bytes[0] as number) >> 4 === 6;
}
