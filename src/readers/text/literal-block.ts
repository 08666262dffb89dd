import type { Piece } from '../record.ts';
import {
  APOSTROPHE,
  ASTERISK,
  asciiString,
  BACKSLASH,
  CURLY_CLOSE,
  CURLY_OPEN,
  FIRST_VISIBLE,
  isHexDigit,
  QUOTE,
  ROUND_CLOSE,
  ROUND_OPEN,
  SLASH,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
} from '../values/ascii.ts';
import { MAX_BLOCK_BYTES } from '../values/limits.ts';
import { choose } from '../values/readings.ts';
import { fieldsOf } from './fields.ts';
import { type Line, LineStore } from './line.ts';
import { structures } from './structures.ts';

/** Characters that literals of bytes are made of, beside hex digits, quotes and brackets: prefixes, suffixes, separators. */
const LITERAL_CHARACTERS = new Set([...'xXuUlLiI,:;-=\\'].map((character) => character.charCodeAt(0)));

/**
 * A list or string literal of a program over several lines, from the line that opens a bracket to the one that closes it: C
 * arrays as `xxd -i` and Wireshark write them, lists, `bytes.fromhex(…)` with strings one behind the other.
 */
export class LiteralBlock {
  private readonly lines = new LineStore();
  private readonly code = new LineStore();
  private depth = 0;

  constructor(first: Line) {
    this.add(first);
  }

  /** Takes lines that are made of nothing but literals; `false` for any other, before which the block breaks off. */
  takes(line: Line): boolean {
    if (this.isComplete() || this.lines.isOverfull || !isLiteral(withoutComments(line.text))) return false;
    this.add(line);
    return true;
  }

  isComplete(): boolean {
    return this.depth <= 0;
  }

  /** @param alone reads a line as if no other were there. */
  *pieces(alone: (line: Line) => Iterable<Piece>): Generator<Piece> {
    if (this.lines.isOverfull) {
      const unreadable = `more than ${MAX_BLOCK_BYTES} bytes of text in one literal`;
      yield { ...this.lines.place(0), bytes: this.lines.kept(), unreadable };
      return;
    }
    const literals = this.isComplete() ? this.literals() : [];
    for (const { bytes, at } of literals) yield* structures(bytes, () => this.lines.place(this.code.lineAt(at)));
    if (literals.length === 0) for (let i = 0; i < this.lines.count; i++) yield* alone(this.lines.at(i));
  }

  /** The literals that decode; else the only one there is. */
  private literals(): { bytes: Uint8Array; at: number }[] {
    const fields = [...fieldsOf(this.code.text)].map(({ from, readings }) => ({
      at: from,
      read: choose(readings, ''),
      isWhole: readings.some(({ standing }) => standing === 'whole'),
    }));
    const whole = fields.filter(({ isWhole }) => isWhole);
    return (whole.length > 0 || fields.length > 1 ? whole : fields).flatMap(({ at, read }) =>
      'bytes' in read ? [{ at, bytes: read.bytes }] : [],
    );
  }

  private add(line: Line): void {
    const code = withoutComments(line.text);
    this.depth += depthOf(code);
    this.lines.add(line);
    this.code.add({ ...line, text: code }, SPACE);
  }
}

/** Whether a line opens a bracket and leaves it open, with nothing but the beginning of a literal behind it. */
export function beginsLiteral(text: Uint8Array): boolean {
  const code = withoutComments(text);
  if (depthOf(code) <= 0) return false;
  let at = code.length;
  while (at > 0 && !isOpening(code[at - 1]!)) at--;
  return isLiteral(code.subarray(at));
}

/** `unsigned int name_len = 356;`, which `xxd -i` puts behind an array. */
export function isLengthDefinition(text: Uint8Array): boolean {
  return text.length < 200 && /^\s*(?:[a-z]\w*\s+)+\w*len\w*\s*=\s*\d+\s*;\s*$/i.test(asciiString(text));
}

/** Opening less closing brackets outside strings. */
function depthOf(code: Uint8Array): number {
  let depth = 0;
  for (const byte of outsideStrings(code)) {
    if (isOpening(byte)) depth++;
    else if (byte === SQUARE_CLOSE || byte === CURLY_CLOSE || byte === ROUND_CLOSE) depth--;
  }
  return depth;
}

function isLiteral(code: Uint8Array): boolean {
  for (const byte of outsideStrings(code)) {
    const isBracket = isOpening(byte) || byte === SQUARE_CLOSE || byte === CURLY_CLOSE || byte === ROUND_CLOSE;
    if (!isBracket && byte >= FIRST_VISIBLE && !isHexDigit(byte) && !LITERAL_CHARACTERS.has(byte)) return false;
  }
  return true;
}

function isOpening(byte: number): boolean {
  return byte === SQUARE_OPEN || byte === CURLY_OPEN || byte === ROUND_OPEN;
}

function* outsideStrings(code: Uint8Array): Generator<number> {
  for (let at = 0; at < code.length; at++) {
    const byte = code[at]!;
    if (byte !== QUOTE && byte !== APOSTROPHE) yield byte;
    else at = endOfString(code, at);
  }
}

/** The index of the closing quote, or of the last byte. */
function endOfString(code: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < code.length && code[at] !== code[from]) at += code[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, code.length - 1);
}

/** A line without comments in the manner of C, which may hold the bytes as characters. Strings stay. */
function withoutComments(text: Uint8Array): Uint8Array {
  if (text.indexOf(SLASH) < 0) return text;
  const code = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!;
    if (byte === SLASH && text[at + 1] === SLASH) break;
    if (byte === SLASH && text[at + 1] === ASTERISK) {
      at = endOfComment(text, at + 2);
      continue;
    }
    const end = byte === QUOTE || byte === APOSTROPHE ? endOfString(text, at) : at;
    code.set(text.subarray(at, end + 1), length);
    length += end + 1 - at;
    at = end;
  }
  return code.subarray(0, length);
}

/** The index of the last byte of the comment, or of the line. */
function endOfComment(text: Uint8Array, from: number): number {
  let end = from + 1;
  while (end < text.length && !(text[end] === SLASH && text[end - 1] === ASTERISK)) end++;
  return Math.min(end, text.length - 1);
}
