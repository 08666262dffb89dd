import { certificatesOfChainFile, decodeStructureAt, type LocalChainFile, sniffStructure } from '../dot2/index.ts';
import { piecesOf } from './pieces.ts';
import type { Piece } from './record.ts';
import { parseWsmp } from './wsmp.ts';

/**
 * Structures back to back. Nothing but the strict decoder says where one ends, so behind one that does not decode there is
 * no way to find the next: the rest becomes one piece, and the verifier names what is wrong with it.
 */
export function* coerPieces(bytes: Uint8Array): Generator<Piece> {
  for (let offset = 0; offset < bytes.length; ) {
    const taken = takeStructure(bytes, offset) ?? takeWrapped(bytes, offset);
    if (taken === undefined) {
      yield* piecesOf({ offset }, bytes.slice(offset));
      return;
    }
    yield* taken.pieces;
    offset = taken.end;
  }
}

interface Taken {
  readonly pieces: readonly Piece[];
  readonly end: number;
}

function takeStructure(bytes: Uint8Array, offset: number): Taken | undefined {
  const kind = sniffStructure(bytes, offset);
  if (kind === undefined) return undefined;
  const decoded = decodeStructureAt(kind, bytes, offset);
  if (!decoded.ok) return undefined;
  const { end, value } = decoded;
  if (kind !== 'localChainFile') return { pieces: [{ offset, bytes: bytes.slice(offset, end) }], end };
  const certificates = certificatesOfChainFile(value as LocalChainFile);
  return { pieces: certificates.map((one) => certificateOfChainFile(bytes, one)), end };
}

/** The decoder hands out views of what it was given, so a certificate's place is known. */
function certificateOfChainFile(file: Uint8Array, certificate: Uint8Array): Piece {
  const offset = certificate.byteOffset - file.byteOffset;
  return { offset, bytes: certificate.slice(), unwrap: 'localChainFile' };
}

/** A message behind a WSMP header, and perhaps a vendor's octet, both of which say how long it is. */
function takeWrapped(bytes: Uint8Array, offset: number): Taken | undefined {
  const header = parseWsmp(bytes, offset) ?? (bytes[offset] === 1 ? parseWsmp(bytes, offset + 1) : undefined);
  if (header === undefined) return undefined;
  const pieces = piecesOf({ offset }, bytes.slice(offset, header.end));
  return pieces[0]?.unwrap === undefined ? undefined : { pieces, end: header.end };
}
