import { decodeStructureAt, sniffStructure } from '../dot2/index.ts';
import { isPlausibleHeader, LOG_HEADER_OCTETS, logPayloadLength } from './log-header.ts';
import { classifyText } from './text/index.ts';
import { unwrapLayers } from './unwrap.ts';

/** Forms of input; gzip around any of them goes without saying. */
export const FORMATS = ['coer', 'hex', 'base64', 'ndjson', 'json', 'obulog'] as const;
export type Format = (typeof FORMATS)[number];

const LF = 0x0a;

/**
 * The format of an input, from its content: `head` is its beginning, or all of it. Names and extensions do not count.
 * Binary that is nothing known is `coer` and text that is nothing known is `hex`, so that every octet reaches a verdict.
 */
export function sniffFormat(head: Uint8Array): Format {
  return classify(head, true) ?? 'coer';
}

/**
 * As {@link sniffFormat} for a beginning that may still grow: `undefined` while more octets could change the answer, which
 * lets a live line of text be judged as soon as it has come. Once an answer is given, more octets never change it.
 */
export function classify(head: Uint8Array, complete: boolean): Format | undefined {
  if (head.length < 4 && !complete) return undefined;
  const text = classifyText(head, complete);
  if (text !== 'binary') return text;
  return complete ? classifyBinary(head) : undefined;
}

/** A structure that decodes first; then a log, which its first record shows; then whatever claims to be a structure. */
function classifyBinary(head: Uint8Array): Format {
  const kind = sniffStructure(head);
  if (kind !== undefined && decodeStructureAt(kind, head).ok) return 'coer';
  return startsAsLog(head) ? 'obulog' : 'coer';
}

function startsAsLog(head: Uint8Array): boolean {
  if (!isPlausibleHeader(head, 0)) return false;
  const end = LOG_HEADER_OCTETS + logPayloadLength(head, 0);
  if (end <= head.length && unwrapLayers(head.subarray(LOG_HEADER_OCTETS, end))) return true;
  if (sniffStructure(head) !== undefined) return false;
  if (end >= head.length) return end === head.length || sniffStructure(head, LOG_HEADER_OCTETS) !== undefined;
  return isPlausibleHeader(head, head[end] === LF ? end + 1 : end);
}
