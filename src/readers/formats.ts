import { classifyBinary, formatByMagic } from './binary-formats.ts';
import { foreignFile } from './recognise.ts';
import { fromBase64, fromHex } from './text-octets.ts';
import { isSkipped, latin1 } from './text-parser.ts';
import { unwrapLayers } from './unwrap.ts';

/** Forms of input; gzip around any of them goes without saying. */
export const FORMATS = ['coer', 'hex', 'base64', 'ndjson', 'json', 'obulog', 'pcap', 'pcapng', 'zip', 'tar'] as const;
export type Format = (typeof FORMATS)[number];

/** What an input turns out to be: a form that is read, or one that is only named. */
export type SniffedFormat = Format | 'foreign';

const LF = 0x0a;
const LIST_START = '[';
const DOCUMENT_START = '{';
const HEX_CHARACTERS = /^[0-9a-fx:\s]+$/i;
const BASE64_CHARACTERS = /^[a-z0-9+/_-]+=*$/i;

/**
 * The format of an input, from its content: `head` is its beginning, or all of it. Names and extensions do not count.
 * Binary that is nothing known is `coer` and text that is nothing known is `hex`, so that every octet reaches a verdict.
 */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  return classify(head, true) ?? 'coer';
}

/**
 * As {@link sniffFormat} for a beginning that may still grow: `undefined` while more octets could change the answer, which
 * lets a live line of text be judged as soon as it has come. Once an answer is given, more octets never change it.
 */
export function classify(head: Uint8Array, complete: boolean): SniffedFormat | undefined {
  const start = isByteOrderMark(head) ? 3 : 0;
  if (head.length < 4 && !complete) return undefined;
  const magic = formatByMagic(head);
  if (magic !== undefined) return magic;
  if (foreignFile(head) !== undefined) return 'foreign';
  const lines = contentLines(head, start, complete);
  const first = lines[0];
  if (
    isTextOctet(head[start] ?? LF) &&
    (first === undefined || first.text.startsWith(LIST_START) || isText(first.text))
  )
    return classifyText(lines, complete);
  return classifyBinary(head, complete);
}

interface ContentLine {
  readonly text: string;
  /** Whether its end has been seen. */
  readonly whole: boolean;
}

function contentLines(head: Uint8Array, offset: number, complete: boolean): ContentLine[] {
  const lines: ContentLine[] = [];
  for (let start = offset; start < head.length; ) {
    const newline = head.indexOf(LF, start);
    const end = newline < 0 ? head.length : newline;
    const bytes = head.subarray(start, end);
    if (!isSkipped(bytes)) lines.push({ text: latin1(bytes).trim(), whole: newline >= 0 || complete });
    start = end + 1;
  }
  return lines;
}

function classifyText(lines: readonly ContentLine[], complete: boolean): Format | undefined {
  const first = lines[0];
  if (first?.text.startsWith(LIST_START)) return 'json';
  if (first?.text.startsWith(DOCUMENT_START)) return classifyDocument(first, lines[1], complete);
  for (const { text, whole } of lines) {
    const format = whole ? conclusiveLine(text) : undefined;
    if (format) return format;
  }
  if (!complete) return undefined;
  // Lines may have been cut here, so only their characters count. Hex digits are base64 characters too, and go first.
  if (lines.some(({ text }) => HEX_CHARACTERS.test(text))) return 'hex';
  return lines.some(({ text }) => BASE64_CHARACTERS.test(text)) ? 'base64' : 'hex';
}

/** One document a line, or one over many lines; a first line that is broken shows by a second that begins anew. */
function classifyDocument(first: ContentLine, second: ContentLine | undefined, complete: boolean): Format | undefined {
  if (first.whole && isJson(first.text)) return 'ndjson';
  if (second !== undefined) return second.text.startsWith(DOCUMENT_START) ? 'ndjson' : 'json';
  return complete ? 'ndjson' : undefined;
}

/** A line of words may pass as base64, so base64 alone must also hold something known. */
function conclusiveLine(text: string): Format | undefined {
  if (fromHex(text) !== undefined) return 'hex';
  const bytes = fromBase64(text);
  return bytes && unwrapLayers(bytes) ? 'base64' : undefined;
}

function isByteOrderMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

function isTextOctet(octet: number): boolean {
  return octet === 0x09 || octet === LF || octet === 0x0d || (octet >= 0x20 && octet < 0x7f);
}

/** No control characters: those of the first line that counts tell binary from text. */
function isText(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const octet = line.charCodeAt(i);
    if (octet < 0x80 && !isTextOctet(octet)) return false;
  }
  return true;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
