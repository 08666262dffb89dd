import { decodeStructureAt, sniffStructure } from '../dot2/index.ts';
import { isPlausibleHeader, LOG_HEADER_OCTETS, LOG_SEPARATOR, logPayloadLength } from './log-header.ts';
import { parseWsmp } from './wsmp.ts';

export interface Unwrapped {
  readonly bytes: Uint8Array;
  /** Names of the layers taken off, outermost first: `obulog`, `vendor01`, `wsmp3`. */
  readonly layers: readonly string[];
  /** PSID that the WSMP header carried. */
  readonly lowerLayerPsid?: number;
}

/** Octet that some devices put in front of WSMP. */
export const VENDOR_OCTET = 0x01;

/**
 * Takes off the layers that devices leave in front of a message. A layer comes off only where its header parses, its length
 * is exactly what there is, and what remains claims to be a message or a certificate: otherwise nothing is touched.
 */
export function unwrap(bytes: Uint8Array): Unwrapped {
  return unwrapLayers(bytes) ?? { bytes, layers: [] };
}

/** As {@link unwrap}, but `undefined` where no structure shows, neither at once nor behind layers. */
export function unwrapLayers(bytes: Uint8Array): Unwrapped | undefined {
  const isKnown = sniffStructure(bytes) !== undefined;
  const inner = takeLayers(bytes);
  // What decodes as it stands stays as it is: nobody can pass one message off as the envelope of another.
  if (inner && !(isKnown && isWholeStructure(bytes))) return inner;
  return isKnown ? { bytes, layers: [] } : undefined;
}

/** Whether octets are exactly one structure that decodes strictly, behind whatever layers. */
export function holdsStructure(bytes: Uint8Array): boolean {
  const inner = unwrapLayers(bytes);
  return inner !== undefined && isWholeStructure(inner.bytes);
}

function isWholeStructure(bytes: Uint8Array): boolean {
  const kind = sniffStructure(bytes);
  if (kind === undefined) return false;
  const decoded = decodeStructureAt(kind, bytes);
  return decoded.ok && decoded.end === bytes.length;
}

/** All layers down to a message or certificate; `undefined` where there are none, or nothing known below them. */
function takeLayers(bytes: Uint8Array): Unwrapped | undefined {
  const payload = logPayload(bytes);
  if (payload === undefined) return takeRadioLayers(bytes);
  const inner = takeRadioLayers(payload) ?? (isMessage(payload) ? { bytes: payload, layers: [] } : undefined);
  return inner && { ...inner, layers: ['obulog', ...inner.layers] };
}

/** What a device log's header stands in front of, without the separator behind it. */
function logPayload(bytes: Uint8Array): Uint8Array | undefined {
  if (!isPlausibleHeader(bytes, 0)) return undefined;
  const end = LOG_HEADER_OCTETS + logPayloadLength(bytes, 0);
  const isExact = end === bytes.length || (end === bytes.length - 1 && bytes[end] === LOG_SEPARATOR);
  return isExact ? bytes.subarray(LOG_HEADER_OCTETS, end) : undefined;
}

function takeRadioLayers(bytes: Uint8Array): Unwrapped | undefined {
  const isVendor = bytes[0] === VENDOR_OCTET;
  const header = parseWsmp(bytes, isVendor ? 1 : 0);
  if (header === undefined || header.end !== bytes.length) return undefined;
  const message = bytes.subarray(header.start);
  if (!isMessage(message)) return undefined;
  return { bytes: message, layers: isVendor ? ['vendor01', 'wsmp3'] : ['wsmp3'], lowerLayerPsid: header.psid };
}

function isMessage(bytes: Uint8Array): boolean {
  const kind = sniffStructure(bytes);
  return kind === 'data' || kind === 'certificate';
}
