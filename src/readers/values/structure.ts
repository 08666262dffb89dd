import { decodeStructureAt, type StructureKind, skimEnd, sniffStructure } from '../../dot2/index.ts';
import { holdsStructure, unwrapLayers } from '../unwrap.ts';

/**
 * What bytes are to IEEE 1609.2:
 * - `whole`: exactly one structure that decodes strictly, perhaps behind layers;
 * - `cut`: the beginning of one, which ends before the structure does;
 * - `begins`: begins as one, and breaks a coding rule or has more bytes behind it;
 * - `unknown`: none of these.
 */
export type Standing = 'whole' | 'cut' | 'begins' | 'unknown';

/** Failures of decoding that more bytes can cure. */
const CURED_BY_MORE: readonly string[] = ['truncated', 'tooManyElements'];

/** The layers in front of a message are looked through this far for a structure that the bytes cut off. */
const MAX_LAYER_BYTES = 96;

export function standing(bytes: Uint8Array): Standing {
  const kind = sniffStructure(bytes);
  const end = kind === undefined ? 0 : endOf(kind, bytes, 0);
  if (kind !== undefined && end === bytes.length && decodeStructureAt(kind, bytes).ok) return 'whole';
  const inner = unwrapLayers(bytes);
  if (inner === undefined) return 'unknown';
  if (inner.layers.length > 0 && holdsStructure(bytes)) return 'whole';
  return end < 0 ? 'cut' : 'begins';
}

/** Whether bytes begin as a structure or as layers around one: they are not `unknown`. */
export function isKnown(bytes: Uint8Array): boolean {
  return unwrapLayers(bytes) !== undefined;
}

/** Whether bytes are as long as the message or certificate that they begin as says: `whole`, or damaged, but not `cut`. */
export function isEntire(bytes: Uint8Array): boolean {
  const kind = sniffStructure(bytes);
  return (kind === 'data' || kind === 'certificate') && skimEnd(kind, bytes) === bytes.length;
}

/** Whether a structure begins in the first bytes, as it does behind layers, and goes on behind the last: see {@link Standing}. */
export function hidesCutStructure(bytes: Uint8Array): boolean {
  const most = Math.min(bytes.length - 3, MAX_LAYER_BYTES);
  for (let at = 1; at <= most; at++) {
    const kind = mayBegin(bytes[at]!) ? sniffStructure(bytes, at) : undefined;
    if (kind && endOf(kind, bytes, at) < 0) return true;
  }
  return false;
}

/** Where the structure at `at` ends; 0 if it is malformed, below 0 if it goes on behind the last byte. */
function endOf(kind: StructureKind, bytes: Uint8Array, at: number): number {
  if (kind === 'data' || kind === 'certificate') return skimEnd(kind, bytes, at);
  const decoded = decodeStructureAt(kind, bytes, at);
  if (decoded.ok) return decoded.end;
  return CURED_BY_MORE.includes(decoded.error.code) ? -1 : 0;
}

/** First bytes of messages and certificates. */
function mayBegin(byte: number): boolean {
  return byte === 0x03 || byte === 0x80 || byte === 0x00;
}
