import { pieceOf } from '../pieces.ts';
import type { Piece, Place } from '../record.ts';
import { endsOfStructures } from '../structures/ends.ts';
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
