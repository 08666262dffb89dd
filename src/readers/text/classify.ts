import { DocumentScanner } from '../json/scanner.ts';
import { unwrapLayers } from '../unwrap.ts';
import {
  asciiString,
  CR,
  CURLY_CLOSE,
  CURLY_OPEN,
  DASH,
  isDigit,
  LF,
  QUOTE,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  skipBlanks,
  TAB,
  trimmed,
} from '../values/ascii.ts';
import { base64Bytes } from '../values/base64.ts';
import { hexBytes } from '../values/hex.ts';
import { hexReadings, numberReadings } from '../values/numbers.ts';
import { beginsArmour } from './armour.ts';
import { beginsDump } from './dump.ts';
import { fieldsOf } from './fields.ts';
import { beginsForeignText } from './foreign-text.ts';
import { beginsForwardMessage } from './forward-message.ts';
import { beginsLiteral } from './literal-block.ts';
import { isComment } from './text-lines.ts';
import { asciiOfUtf16, markOf } from './utf16.ts';

/** The formats of text. Every form is read in each of them; they say what a line is taken for that could be several things. */
export type TextFormat = 'hex' | 'base64' | 'ndjson' | 'json';

/** So many lines that show nothing are looked at; behind them only characters count. */
const MOST_LINES = 64;
const RECORD_SEPARATOR = 0x1e;
const DELETE = 0x7f;
const HEX_CHARACTERS = /^[0-9a-fx:\s]+$/i;
const BASE64_CHARACTERS = /^[a-z0-9+/_-]+=*$/i;

interface ContentLine {
  readonly text: Uint8Array;
  /** Whether its end has been seen. */
  readonly isWhole: boolean;
  /** Without control characters: those of the first line tell binary from text. */
  readonly isText: boolean;
}

/**
 * What the beginning of an input shows: a format of text, `binary` if it is no text, `undefined` while more bytes could change
 * the answer. Once there is an answer, more bytes never change it.
 */
export function classifyText(head: Uint8Array, isComplete: boolean): TextFormat | 'binary' | undefined {
  const mark = markOf(head, isComplete);
  if (mark === 'pending') return undefined;
  if (mark === 'utf32') return 'hex';
  const isUtf16 = mark === 'utf16le' || mark === 'utf16be';
  const text = isUtf16 ? asciiOfUtf16(head.subarray(2), mark === 'utf16le') : head.subarray(mark === 'utf8' ? 3 : 0);
  const lines = contentLines(text, isComplete);
  const first = lines[0];
  const start = text[0] ?? LF;
  const isText =
    start < DELETE && isTextByte(start) && (first === undefined || first.text[0] === SQUARE_OPEN || first.isText);
  if (!isText && !isUtf16) return 'binary';
  return formatOf(lines, isComplete);
}

/** The lines that are not blank and no comments, as far as they are looked at. */
function contentLines(text: Uint8Array, isComplete: boolean): ContentLine[] {
  const lines: ContentLine[] = [];
  for (let start = 0; start < text.length && lines.length < MOST_LINES; ) {
    const newline = text.indexOf(LF, start);
    const end = newline < 0 ? text.length : newline;
    const raw = text.subarray(start, end);
    const line = trimmed(raw);
    const isFirst = lines.length === 0;
    if (line.length > 0 && !isComment(line)) {
      lines.push({ text: line, isWhole: newline >= 0 || isComplete, isText: !isFirst || raw.every(isTextByte) });
    }
    start = end + 1;
  }
  return lines;
}

function formatOf(lines: readonly ContentLine[], isComplete: boolean): TextFormat | undefined {
  const [first, second] = lines;
  const start = first && beginsJson(first);
  if (start === 'pending') return undefined;
  if (first && start === 'list') return 'json';
  if (first && start === 'document') return formatOfDocument(first, second, isComplete);
  for (const { text, isWhole } of lines) {
    const format = isWhole ? formatOfLine(text) : undefined;
    if (format) return format;
  }
  if (!isComplete && lines.length < MOST_LINES) return undefined;
  // Lines may have been cut here, so only their characters count. Hex digits are base64 characters too, and go first.
  const shown = lines.map(({ text }) => asciiString(text, text.length));
  if (shown.some((text) => HEX_CHARACTERS.test(text))) return 'hex';
  return shown.some((text) => BASE64_CHARACTERS.test(text)) ? 'base64' : 'hex';
}

/** Whether a line begins as JSON does, a list of numbers only if nothing but JSON is in its line. */
function beginsJson({ text, isWhole }: ContentLine): 'list' | 'document' | 'pending' | undefined {
  const byte = text[0];
  if (byte !== SQUARE_OPEN && byte !== CURLY_OPEN) return undefined;
  const next = text[skipBlanks(text, 1, text.length)];
  if (next === undefined) return !isWhole ? 'pending' : byte === SQUARE_OPEN ? 'list' : 'document';
  if (byte === CURLY_OPEN) return next === QUOTE || next === CURLY_CLOSE ? 'document' : undefined;
  if (next === DASH || isDigit(next)) {
    if (!isWhole) return 'pending';
    const scanner = new DocumentScanner();
    const isList = scanner.scan(text, 0, text.length, false) !== 'failed' && scanner.at === text.length;
    return isList ? 'list' : undefined;
  }
  return next === QUOTE || next === CURLY_OPEN || next === SQUARE_OPEN || next === SQUARE_CLOSE ? 'list' : undefined;
}

/** One document a line, or one over many lines; a first line that is broken shows by a second that begins anew. */
function formatOfDocument(
  first: ContentLine,
  second: ContentLine | undefined,
  isComplete: boolean,
): TextFormat | undefined {
  if (first.isWhole && new DocumentScanner().scan(first.text, 0, first.text.length, true) === 'done') return 'ndjson';
  if (second !== undefined) return second.text[0] === CURLY_OPEN ? 'ndjson' : 'json';
  return isComplete ? 'ndjson' : undefined;
}

/** A line of words may pass as base64, so base64 alone must also hold something known. */
function formatOfLine(text: Uint8Array): TextFormat | undefined {
  if (hexBytes(text) || hexReadings(text, 0, text.length).length > 0) return 'hex';
  const bytes = base64Bytes(text);
  if (bytes && unwrapLayers(bytes)) return 'base64';
  if (beginsArmour(text)) return 'base64';
  const isBlock = beginsDump(text) || beginsForeignText(text) || beginsForwardMessage(text) || beginsLiteral(text);
  if (isBlock || numberReadings(text, 0, text.length).length > 0) return 'hex';
  for (const { readings } of fieldsOf(text)) if (readings.some(({ standing }) => standing !== 'unknown')) return 'hex';
  return undefined;
}

/** No control characters but those of text, among them the separator of JSON text sequences (RFC 7464). */
function isTextByte(byte: number): boolean {
  if (byte < SPACE) return byte === TAB || byte === LF || byte === CR || byte === RECORD_SEPARATOR;
  return byte !== DELETE;
}
