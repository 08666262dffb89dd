import type { Piece } from '../record.ts';
import {
  APOSTROPHE,
  ASTERISK,
  asciiString,
  BACKSLASH,
  CURLY_CLOSE,
  CURLY_OPEN,
  EQUALS,
  FIRST_VISIBLE,
  isHexDigit,
  QUOTE,
  ROUND_CLOSE,
  ROUND_OPEN,
  SEMICOLON,
  SLASH,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  trimmed,
} from '../values/ascii.ts';
import { MAX_BLOCK_BYTES } from '../values/limits.ts';
import { choose } from '../values/readings.ts';
import { fieldsOf } from './fields.ts';
import { type Line, LineStore } from './line.ts';
import { structures } from './structures.ts';

/** Characters that literals of bytes are made of, beside hex digits, quotes and brackets: prefixes, suffixes, separators. */
const LITERAL_CHARACTERS = new Set([...'xXuUlLiI,;-\\'].map((character) => character.charCodeAt(0)));

/** A line without comments and strings that matter to its shape. */
interface Shape {
  /** Opening less closing brackets. */
  readonly depth: number;
  /** Index of the last bracket that the line leaves open; -1 if it leaves none. */
  readonly open: number;
}

/**
 * A list or string literal of a program over several lines, from the line that opens a bracket to the one that closes it, or
 * from `=` to `;`: C arrays as `xxd -i` and Wireshark write them, strings one behind the other, `bytes.fromhex(…)`, lists.
 */
export class LiteralBlock {
  private readonly lines = new LineStore();
  private readonly code = new LineStore();
  private depth = 0;
  private readonly isAssignment: boolean;
  private isEnded = false;

  constructor(first: Line) {
    const code = codeOf(first.text);
    this.isAssignment = endsWith(code, EQUALS);
    this.add(first, code);
  }

  /** Takes lines that are made of nothing but literals; `false` for any other and for blank ones: there the block breaks off. */
  takes(line: Line): boolean {
    const code = codeOf(line.text);
    if (this.isEnded || this.lines.isOverfull || isBlankLine(line.text) || !isLiteral(code)) return false;
    this.add(line, code);
    return true;
  }

  isComplete(): boolean {
    return this.isEnded;
  }

  /**
   * @param alone reads a line as if no other were there.
   * @param again reads lines as if they stood at the beginning.
   */
  *pieces(alone: (line: Line) => Iterable<Piece>, again: (lines: Iterable<Line>) => Iterable<Piece>): Generator<Piece> {
    if (this.lines.isOverfull) {
      const unreadable = `more than ${MAX_BLOCK_BYTES} bytes of text in one literal`;
      yield { ...this.lines.place(0), bytes: this.lines.kept(), unreadable };
      return;
    }
    const literals = this.isEnded ? this.literals() : [];
    for (const { bytes, at } of literals) yield* structures(bytes, () => this.lines.place(this.code.lineAt(at)));
    if (literals.length > 0) return;
    yield* alone(this.lines.at(0));
    yield* again(this.lines.from(1));
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

  private add(line: Line, code: Uint8Array): void {
    this.depth += shapeOf(code).depth;
    this.isEnded = this.isAssignment ? endsWith(code, SEMICOLON) : this.depth <= 0;
    this.lines.add(line);
    this.code.add({ ...line, text: code }, SPACE);
  }
}

/** Whether a line opens a bracket or an assignment and leaves it open, with nothing but the beginning of a literal behind it. */
export function beginsLiteral(text: Uint8Array): boolean {
  const code = codeOf(text);
  if (endsWith(code, EQUALS)) return isAssignment(trimmed(code));
  const { open } = shapeOf(code);
  return open >= 0 && isLiteral(code.subarray(open + 1));
}

/** `unsigned int name_len = 356;`, which `xxd -i` puts behind an array. */
export function isLengthDefinition(text: Uint8Array): boolean {
  return text.length < 200 && /^\s*(?:[a-z]\w*\s+)+\w*len\w*\s*=\s*\d+\s*;\s*$/i.test(asciiString(text));
}

/** A name, perhaps with brackets, and a blank before the sign: not a key of a configuration that has no value. */
function isAssignment(code: Uint8Array): boolean {
  const before = code[code.length - 2];
  return before === SPACE || before === SQUARE_CLOSE;
}

function shapeOf(code: Uint8Array): Shape {
  let depth = 0;
  const open: number[] = [];
  for (let at = 0; at < code.length; at = behind(code, at)) {
    const byte = code[at]!;
    if (isOpening(byte)) open.push(at);
    else if (isClosing(byte) && open.pop() === undefined) depth--;
  }
  return { depth: depth + open.length, open: open.at(-1) ?? -1 };
}

function isLiteral(code: Uint8Array): boolean {
  for (let at = 0; at < code.length; at = behind(code, at)) {
    const byte = code[at]!;
    const isOfLiteral =
      isOpening(byte) || isClosing(byte) || isHexDigit(byte) || LITERAL_CHARACTERS.has(byte) || isQuote(byte);
    if (byte >= FIRST_VISIBLE && !isOfLiteral) return false;
  }
  return true;
}

/** The index behind the byte at `at`, or behind the string that it begins. */
function behind(code: Uint8Array, at: number): number {
  return isQuote(code[at]!) ? endOfString(code, at) + 1 : at + 1;
}

function isQuote(byte: number): boolean {
  return byte === QUOTE || byte === APOSTROPHE;
}

function isBlankLine(text: Uint8Array): boolean {
  return trimmed(text).length === 0;
}

function isOpening(byte: number): boolean {
  return byte === SQUARE_OPEN || byte === CURLY_OPEN || byte === ROUND_OPEN;
}

function isClosing(byte: number): boolean {
  return byte === SQUARE_CLOSE || byte === CURLY_CLOSE || byte === ROUND_CLOSE;
}

function endsWith(code: Uint8Array, byte: number): boolean {
  let at = code.length - 1;
  while (at >= 0 && code[at]! < FIRST_VISIBLE) at--;
  return at >= 0 && code[at] === byte;
}

/** The index of the closing quote, or of the last byte. */
function endOfString(code: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < code.length && code[at] !== code[from]) at += code[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, code.length - 1);
}

/**
 * A line without what is not code: comments in the manner of C, which may hold the bytes as characters, and the quotes around a
 * string of several lines in Python. Other strings stay.
 */
function codeOf(text: Uint8Array): Uint8Array {
  if (text.indexOf(SLASH) < 0 && !hasTripleQuote(text, 0)) return text;
  const code = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const byte = text[at]!;
    if (byte === SLASH && text[at + 1] === SLASH) break;
    if (byte === SLASH && text[at + 1] === ASTERISK) at = endOfComment(text, at + 2) + 1;
    else if (isTripleQuote(text, at)) at += 3;
    else {
      const end = behind(text, at);
      code.set(text.subarray(at, end), length);
      length += end - at;
      at = end;
    }
  }
  return code.subarray(0, length);
}

function hasTripleQuote(text: Uint8Array, from: number): boolean {
  for (let at = from; at + 2 < text.length; at++) if (isTripleQuote(text, at)) return true;
  return false;
}

function isTripleQuote(text: Uint8Array, at: number): boolean {
  return isQuote(text[at]!) && text[at + 1] === text[at] && text[at + 2] === text[at];
}

/** The index of the last byte of the comment, or of the line. */
function endOfComment(text: Uint8Array, from: number): number {
  let end = from + 1;
  while (end < text.length && !(text[end] === SLASH && text[end - 1] === ASTERISK)) end++;
  return Math.min(end, text.length - 1);
}
