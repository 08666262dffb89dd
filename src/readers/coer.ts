import { decodeStructureAt, sniffStructure } from '../dot2/index.ts';
import { pieceOf } from './pieces.ts';
import type { Piece } from './record.ts';
import { VENDOR_OCTET } from './unwrap.ts';
import { parseWsmp } from './wsmp.ts';

/**
 * Structures back to back. Nothing but the strict decoder says where one ends, so behind one that does not decode there is
 * no way to find the next: the rest becomes one piece, and the verifier names what is wrong with it.
 */
export function* coerPieces(bytes: Uint8Array): Generator<Piece> {
  for (let offset = 0; offset < bytes.length; ) {
    const end = endOfStructure(bytes, offset) ?? endOfWrapped(bytes, offset) ?? bytes.length;
    yield pieceOf({ offset }, bytes.slice(offset, end));
    offset = end;
  }
}

function endOfStructure(bytes: Uint8Array, offset: number): number | undefined {
  const kind = sniffStructure(bytes, offset);
  const decoded = kind && decodeStructureAt(kind, bytes, offset);
  return decoded?.ok ? decoded.end : undefined;
}

/** A message behind a WSMP header, and perhaps a vendor's octet: the header says how long it is. */
function endOfWrapped(bytes: Uint8Array, offset: number): number | undefined {
  const end = parseWsmp(bytes, bytes[offset] === VENDOR_OCTET ? offset + 1 : offset)?.end;
  if (end === undefined) return undefined;
  return pieceOf({ offset }, bytes.subarray(offset, end)).unwrap === undefined ? undefined : end;
}
