import { decodeStructureAt, sniffStructure } from '../../dot2/index.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece, Place } from '../record.ts';
import { CR, LF } from '../values/ascii.ts';
import { standing } from '../values/structure.ts';

/** The structures that the bytes of a text hold: one, or several back to back as the file had them; else all as one piece. */
export function* structures(bytes: Uint8Array, placeAt: (at: number) => Place): Generator<Piece> {
  const ends = standing(bytes) === 'whole' ? undefined : endsOfStructures(bytes);
  if (ends === undefined) {
    yield pieceOf(placeAt(0), bytes);
    return;
  }
  let start = 0;
  for (const end of ends) {
    yield pieceOf(placeAt(start), bytes.slice(start, end));
    start = end;
  }
}

/** The ends of structures back to back that fill all bytes, line ends behind them aside; `undefined` if they do not. */
function endsOfStructures(bytes: Uint8Array): number[] | undefined {
  let to = bytes.length;
  while (to > 0 && (bytes[to - 1] === LF || bytes[to - 1] === CR)) to--;
  const ends: number[] = [];
  for (let at = 0; at < to; at = ends.at(-1)!) {
    const kind = sniffStructure(bytes, at);
    const decoded = kind && decodeStructureAt(kind, bytes, at);
    // A structure may itself end in bytes that look like line ends.
    if (!decoded?.ok) return undefined;
    ends.push(decoded.end);
  }
  return ends.length > 0 ? ends : undefined;
}
