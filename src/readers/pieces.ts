import {
  type ChainFile,
  certificatesOfChainFile,
  decodeStructureAt,
  isChainFile,
  isWholeStructure,
  sniffStructure,
} from '../dot2/index.ts';
import { isDamagedAtHead } from './damaged-head.ts';
import { recognise, unreadableText } from './recognise.ts';
import type { Piece, Place } from './record.ts';
import { unwrapLayers } from './unwrap.ts';

/**
 * The piece that bytes with a frame of their own are: a line, a document, a datagram, a file of an archive. Layers are taken
 * off; what neither is nor begins as a structure is unreadable, and says what it looks like.
 */
export function pieceOf(place: Place, bytes: Uint8Array): Piece {
  const inner = unwrapLayers(bytes);
  if (inner === undefined) return unreadablePiece(place, bytes);
  const { layers, lowerLayerPsid, from, to } = inner;
  if (layers.length === 0 && mayBeForeign(bytes)) return unreadablePiece(place, bytes);
  return { offset: place.offset, line: place.line, bytes: inner.bytes, layers, lowerLayerPsid, from, to };
}

/** Bytes that are no structure, as a piece that says so; `length` is what was there, if less was kept. */
export function unreadablePiece(place: Place, bytes: Uint8Array, length = bytes.length): Piece {
  const { offset, line } = place;
  if (isDamagedAtHead(bytes)) return { offset, line, bytes };
  return { offset, line, bytes, unreadable: unreadableText(bytes, length) };
}

/**
 * Whether bytes that begin as a structure are something else by all that is known. Only those that begin with a zero share
 * their beginning with foreign forms: certificates without a signature.
 */
function mayBeForeign(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && !isWholeStructure(bytes) && recognise(bytes) !== undefined;
}

/** First byte of a chain file. */
const CHAIN_FILE_VERSION = 1;

/**
 * The certificates of a piece that is a chain file, `undefined` for any other. In binary files each certificate is given its
 * own place; in text it shares that of its line or document.
 */
export function certificatesOf(piece: Piece): readonly Piece[] | undefined {
  const { bytes, offset, unreadable, line, layers = [] } = piece;
  // Every piece comes through here, and one look is enough for nearly all of them.
  if (bytes[0] !== CHAIN_FILE_VERSION || unreadable !== undefined) return undefined;
  const kind = sniffStructure(bytes);
  if (!isChainFile(kind)) return undefined;
  const decoded = decodeStructureAt(kind, bytes);
  if (!decoded.ok || decoded.end !== bytes.length) return undefined;
  return certificatesOfChainFile(decoded.value as ChainFile).map((certificate) => ({
    ...piece,
    // The decoder hands out views of what it was given.
    offset: line === undefined ? offset + certificate.byteOffset - bytes.byteOffset : offset,
    bytes: certificate.slice(),
    layers: [...layers, kind],
  }));
}
