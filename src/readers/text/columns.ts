import { asciiString, COMMA, PIPE, QUOTE, SEMICOLON, TAB } from '../values/ascii.ts';

const DELIMITERS = [TAB, COMMA, SEMICOLON, PIPE];

/** Names that a table of one column has in its first line, beside those of protocol fields, which have a dot in them. */
const COLUMN_NAMES = new Set([
  'payload',
  'hex',
  'data',
  'message',
  'msg',
  'bytes',
  'asn1',
  'spdu',
  'pdu',
  'raw',
  'base64',
  'b64',
]);

/** The column of a table in which messages were found, so that a damaged one is looked for in the same place. */
export class Columns {
  private delimiter = 0;
  private index = 0;
  private count = 0;

  /** A message was found in a line at `at`. */
  learn(text: Uint8Array, at: number): void {
    this.delimiter = DELIMITERS.find((byte) => text.indexOf(byte) >= 0) ?? 0;
    if (this.delimiter === 0) return;
    this.index = countOf(text, this.delimiter, 0, at);
    this.count = countOf(text, this.delimiter, 0, text.length);
  }

  /** The text in that column of a line with as many columns; `number` counts from 1. */
  valueOf(text: Uint8Array): { text: Uint8Array; number: number } | undefined {
    if (this.delimiter === 0 || countOf(text, this.delimiter, 0, text.length) !== this.count) return undefined;
    let from = 0;
    for (let i = 0; i < this.index; i++) from = text.indexOf(this.delimiter, from) + 1;
    const next = text.indexOf(this.delimiter, from);
    let to = next < 0 ? text.length : next;
    if (text[from] === QUOTE && text[to - 1] === QUOTE && to - from > 1) {
      from++;
      to--;
    }
    return { text: text.subarray(from, to), number: this.index + 1 };
  }
}

/** Whether a line names the columns of a table: identifiers and nothing else. */
export function isHeader(text: Uint8Array): boolean {
  if (text.length > 1000) return false;
  const names = asciiString(text)
    .split(/[\t,;|]/)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  if (!names.every((name) => /^[a-z_][\w. -]*$/i.test(name))) return false;
  return names.length > 1 || names[0]!.includes('.') || COLUMN_NAMES.has(names[0]!.toLowerCase());
}

/** Whether two lines have as many columns. */
export function haveSameColumns(a: Uint8Array, b: Uint8Array): boolean {
  return DELIMITERS.every(
    (byte) => countOf(a, byte, 0, a.length) === 0 || countOf(a, byte, 0, a.length) === countOf(b, byte, 0, b.length),
  );
}

function countOf(text: Uint8Array, byte: number, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf(byte, from); at >= 0 && at < to; at = text.indexOf(byte, at + 1)) count++;
  return count;
}
