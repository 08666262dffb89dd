import {
  type ChainFile,
  certificatesOfChainFile,
  decodeStructureAt,
  isChainFile,
  sniffStructure,
} from '../dot2/index.ts';
import type { Piece, Place } from './record.ts';
import { unwrap } from './unwrap.ts';

/** The piece that some octets are when the layers in front of them are gone. */
export function pieceOf(place: Place, bytes: Uint8Array): Piece {
  const inner = unwrap(bytes);
  if (inner.layers.length === 0) return { ...place, bytes };
  const piece = { ...place, bytes: inner.bytes, unwrap: inner.layers.join('+') };
  return inner.lowerLayerPsid === undefined ? piece : { ...piece, lowerLayerPsid: inner.lowerLayerPsid };
}

/**
 * The certificates of a piece that is a chain file, any other piece as it is. In binary files each certificate is
 * given its own place; in text it shares that of its line or document.
 */
export function expandChainFile(piece: Piece): readonly Piece[] {
  const { bytes, offset, unreadable, line } = piece;
  const kind = sniffStructure(bytes);
  if (unreadable !== undefined || !isChainFile(kind)) return [piece];
  const decoded = decodeStructureAt(kind, bytes);
  if (!decoded.ok || decoded.end !== bytes.length) return [piece];
  return certificatesOfChainFile(decoded.value as ChainFile).map((certificate) => ({
    ...piece,
    // The decoder hands out views of what it was given.
    offset: line === undefined ? offset + certificate.byteOffset - bytes.byteOffset : offset,
    bytes: certificate.slice(),
    unwrap: kind,
  }));
}
