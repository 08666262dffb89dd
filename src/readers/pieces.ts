import { certificatesOfChainFile, decodeStructureAt, type LocalChainFile, sniffStructure } from '../dot2/index.ts';
import type { Piece, Place } from './record.ts';
import { unwrap } from './unwrap.ts';

/** The pieces that some octets stand for: themselves without their layers, or the certificates of a chain file. */
export function piecesOf(place: Place, bytes: Uint8Array): Piece[] {
  const inner = unwrap(bytes);
  const certificates = chainFileCertificates(inner.bytes);
  if (certificates) return certificates.map((one) => ({ ...place, bytes: one.slice(), unwrap: 'localChainFile' }));
  if (inner.layers.length === 0) return [{ ...place, bytes }];
  const piece = { ...place, bytes: inner.bytes, unwrap: inner.layers.join('+') };
  return [inner.lowerLayerPsid === undefined ? piece : { ...piece, lowerLayerPsid: inner.lowerLayerPsid }];
}

/** The certificates of a local chain file that takes up all the octets; `undefined` where they are none. */
function chainFileCertificates(bytes: Uint8Array): Uint8Array[] | undefined {
  if (sniffStructure(bytes) !== 'localChainFile') return undefined;
  const decoded = decodeStructureAt('localChainFile', bytes);
  if (!decoded.ok || decoded.end !== bytes.length) return undefined;
  return certificatesOfChainFile(decoded.value as LocalChainFile);
}
