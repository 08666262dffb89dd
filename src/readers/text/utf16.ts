import type { Piece, RecordParser } from '../record.ts';

/** Stands for every character beyond ASCII: no form of bytes has it outside of strings that do not matter. */
const OTHER = 0x3f;

/** The byte order marks that text may begin with. */
export type Mark = 'utf8' | 'utf16le' | 'utf16be' | 'utf32';

/** The byte order mark of `head`, and `pending` if more bytes could make one of it. */
export function markOf(head: Uint8Array, isComplete: boolean): Mark | 'pending' | undefined {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf8';
  if (a === 0xfe && b === 0xff) return 'utf16be';
  const isLittle = a === 0xff && b === 0xfe;
  if (isLittle && c === 0 && d === 0) return 'utf32';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf32';
  if (!isComplete && head.length < 4 && isBeginning(head)) return 'pending';
  return isLittle ? 'utf16le' : undefined;
}

function isBeginning(head: Uint8Array): boolean {
  return [
    [0xef, 0xbb, 0xbf],
    [0xfe, 0xff],
    [0xff, 0xfe, 0, 0],
    [0, 0, 0xfe, 0xff],
  ].some((mark) => head.every((byte, i) => byte === mark[i]));
}

/** UTF-16 behind its mark as ASCII, one byte a character, with the places of pieces in the input as it came. */
export class Utf16Parser implements RecordParser {
  private readonly inner: RecordParser;
  private readonly isLittle: boolean;
  /** The first byte of a character cut by the end of a chunk. */
  private half: number | undefined;

  constructor(inner: RecordParser, isLittle: boolean) {
    this.inner = inner;
    this.isLittle = isLittle;
  }

  /** The input without its mark, of which the places count. */
  *push(chunk: Uint8Array): Generator<Piece> {
    yield* this.placed(this.inner.push(this.ascii(chunk)));
  }

  *end(): Generator<Piece> {
    if (this.half !== undefined) yield* this.placed(this.inner.push(Uint8Array.of(OTHER)));
    yield* this.placed(this.inner.end());
  }

  private *placed(pieces: Iterable<Piece>): Generator<Piece> {
    for (const piece of pieces) yield { ...piece, offset: 2 + 2 * piece.offset };
  }

  private ascii(chunk: Uint8Array): Uint8Array {
    const held = this.half;
    const bytes = held === undefined ? chunk : new Uint8Array(chunk.length + 1);
    if (held !== undefined) {
      bytes[0] = held;
      bytes.set(chunk, 1);
    }
    this.half = bytes.length % 2 === 1 ? bytes[bytes.length - 1] : undefined;
    return asciiOfUtf16(bytes, this.isLittle);
  }
}

/** Whole characters of UTF-16 without a mark, one byte each. */
export function asciiOfUtf16(bytes: Uint8Array, isLittle: boolean): Uint8Array {
  const text = new Uint8Array(bytes.length >> 1);
  for (let i = 0; i < text.length; i++) {
    const low = bytes[isLittle ? 2 * i : 2 * i + 1]!;
    const high = bytes[isLittle ? 2 * i + 1 : 2 * i]!;
    text[i] = high === 0 && low < 0x80 ? low : OTHER;
  }
  return text;
}
