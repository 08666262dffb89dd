import { decodeStructureAt, sniffStructure } from '../../dot2/index.ts';
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
  if (kind === undefined) {
    if (unwrapLayers(bytes) === undefined) return 'unknown';
    return holdsStructure(bytes) ? 'whole' : 'begins';
  }
  const decoded = decodeStructureAt(kind, bytes);
  if (decoded.ok && decoded.end === bytes.length) return 'whole';
  if (holdsStructure(bytes)) return 'whole';
  return !decoded.ok && CURED_BY_MORE.includes(decoded.error.code) ? 'cut' : 'begins';
}

/** Whether a structure begins in the first bytes, as it does behind layers, and goes on behind the last: see {@link Standing}. */
export function hidesCutStructure(bytes: Uint8Array): boolean {
  const most = Math.min(bytes.length - 3, MAX_LAYER_BYTES);
  for (let at = 1; at <= most; at++) {
    if (!mayBegin(bytes[at]!)) continue;
    const kind = sniffStructure(bytes, at);
    const decoded = kind && decodeStructureAt(kind, bytes, at);
    if (decoded && !decoded.ok && CURED_BY_MORE.includes(decoded.error.code)) return true;
  }
  return false;
}

/** First bytes of the structures that {@link sniffStructure} knows. */
function mayBegin(byte: number): boolean {
  return byte === 0x03 || byte === 0x80 || byte === 0x00;
}
