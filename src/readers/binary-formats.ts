import { endOfStructure, SKIM_NO_STRUCTURE, skimEnd, sniffStructure } from '../dot2/index.ts';
import { isTarHeader } from './archives/tar-header.ts';
import { isSectionHeader } from './captures/pcapng-blocks.ts';
import type { Format } from './format-names.ts';
import { isPlausibleHeader, LOG_FORM, logPayloadLength } from './layers/log-header.ts';
import { logFormOf } from './log.ts';
import { recognise } from './recognise.ts';
import { holdsStructure } from './unwrap.ts';

/** Formats that the first bytes tell at once. */
const MAGIC: readonly { readonly format: Format; readonly begins: readonly number[] }[] = [
  { format: 'pcap', begins: [0xd4, 0xc3, 0xb2, 0xa1] },
  { format: 'pcap', begins: [0xa1, 0xb2, 0xc3, 0xd4] },
  { format: 'pcap', begins: [0x4d, 0x3c, 0xb2, 0xa1] },
  { format: 'pcap', begins: [0xa1, 0xb2, 0x3c, 0x4d] },
  { format: 'zip', begins: [0x50, 0x4b, 0x03, 0x04] },
  { format: 'zip', begins: [0x50, 0x4b, 0x05, 0x06] },
];

/** The format that the first bytes say by themselves: captures and archives. `undefined` if they say none, or are too few. */
export function formatByMagic(head: Uint8Array): Format | undefined {
  const found = MAGIC.find(({ begins }) => begins.every((byte, i) => head[i] === byte));
  if (found !== undefined) return found.format;
  if (isSectionHeader(head, 0)) return 'pcapng';
  return isTarHeader(head, 0) ? 'tar' : undefined;
}

/**
 * The format of binary input: a structure that decodes first; then a log, which its first record shows; then whatever claims
 * to be a structure. `undefined` while more bytes could change the answer.
 */
export function classifyBinary(head: Uint8Array, complete: boolean): Format | 'foreign' | undefined {
  const first = firstStructure(head, complete);
  if (first !== 'none') return first === 'more' ? undefined : 'coer';
  if (logFormOf(head, false) !== undefined) return 'obulog';
  if (!complete) return undefined;
  if (recognise(head)?.isFile) return 'foreign';
  return isLog(head) ? 'obulog' : 'coer';
}

function firstStructure(head: Uint8Array, complete: boolean): 'found' | 'more' | 'none' {
  const kind = sniffStructure(head);
  if (kind === undefined) return 'none';
  if (typeof endOfStructure(kind, head) === 'number') return 'found';
  if (complete) return 'none';
  if (kind !== 'data' && kind !== 'certificate') return 'more';
  return skimEnd(kind, head) === SKIM_NO_STRUCTURE ? 'none' : 'more';
}

/** What is a frame as a whole, or begins as a structure, is no log by its looks alone. */
function isLog(head: Uint8Array): boolean {
  if (sniffStructure(head) !== undefined || holdsStructure(head) || recognise(head) !== undefined) return false;
  return logFormOf(head, true) !== undefined || isOneRecord(head);
}

/** A single record, of which the payload is nothing known, or of which the end is missing. */
function isOneRecord(head: Uint8Array): boolean {
  if (!isPlausibleHeader(LOG_FORM, head, 0)) return false;
  const end = LOG_FORM.headerBytes + logPayloadLength(LOG_FORM, head, 0);
  return end === head.length || (end > head.length && sniffStructure(head, LOG_FORM.headerBytes) !== undefined);
}
