import { endOfStructure, sniffStructure } from '../../dot2/index.ts';

const LF = 0x0a;
const CR = 0x0d;

/** The ends of structures back to back that fill all bytes, line ends behind them aside; `undefined` if they do not. */
export function endsOfStructures(bytes: Uint8Array): number[] | undefined {
  let to = bytes.length;
  while (to > 0 && isLineEnd(bytes[to - 1])) to--;
  const ends: number[] = [];
  // A structure may itself end in bytes that look like line ends.
  for (let at = 0; at < to; at = ends.at(-1)!) {
    const kind = sniffStructure(bytes, at);
    const end = kind && endOfStructure(kind, bytes, at);
    if (typeof end !== 'number') return undefined;
    ends.push(end);
  }
  return ends.length > 0 ? ends : undefined;
}

/** Bytes without the line end that an editor or a shell has put behind the structures in them. */
export function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (!isLineEnd(bytes[bytes.length - 1])) return bytes;
  return bytes.subarray(0, endsOfStructures(bytes)?.at(-1) ?? bytes.length);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
