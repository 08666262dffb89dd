import {
  endOfStructure,
  MAX_NESTING,
  SKIM_NO_STRUCTURE,
  SKIM_TOO_LONG,
  type StructureKind,
  skimEnd,
  sniffStructure,
} from '../../dot2/index.ts';
import { isMessage } from '../layers/message.ts';
import { WSMP_CUT, wsmpHeaderAt } from '../layers/wsmp.ts';
import {
  MAX_REEXAMINED_BYTES,
  MAX_SEARCHED_ELEMENTS,
  MAX_SKIMMED_NESTING,
  MAX_STRUCTURE_BYTES,
  MAX_UNSIGNED_BYTES,
  SEARCH_BYTES_PER_BYTE,
  SEARCH_CREDIT_BYTES,
} from '../limits.ts';

/**
 * What a place in the bytes turned out to be: where the structure there ends (above zero), {@link NONE}, or, negated, how many
 * bytes have to be at hand before it can be told.
 */
export type Extent = number;
export const NONE = 0;

/** What failed attempts to decode long lists and containers may cost: an attacker writes many beginnings that all lead far. */
export class SearchCredit {
  private spent = 0;
  /** Whether something was not tried for want of credit, since the last call. */
  private wasDenied = false;

  /** Whether a costly attempt may be made at this byte of the input. */
  grant(offset: number): boolean {
    const isLeft = this.spent <= SEARCH_CREDIT_BYTES + SEARCH_BYTES_PER_BYTE * offset;
    if (!isLeft) this.wasDenied = true;
    return isLeft;
  }

  spend(bytes: number): void {
    this.spent += bytes;
  }

  takeDenied(): boolean {
    const denied = this.wasDenied;
    this.wasDenied = false;
    return denied;
  }
}

/** Bytes that are looked at, and whether more will come. */
export interface View {
  readonly bytes: Uint8Array;
  /** Byte of the input that they begin at. */
  readonly base: number;
  readonly isEnded: boolean;
  readonly credit: SearchCredit;
}

/** The structure of any kind that decodes strictly at `at`, or is only nested too deep for that, where one is to be expected. */
export function structureAt(view: View, at: number, mostBytes: number): Extent {
  const { bytes, base, credit } = view;
  const kind = sniffStructure(bytes, at);
  if (kind === undefined) return at + LOOK_AHEAD_BYTES > bytes.length ? more(view, bytes.length + 1) : NONE;
  if (!credit.grant(base + at)) return searchedStructure(view, kind, at, mostBytes);
  const end = endOfStructure(kind, bytes, at);
  if (typeof end === 'number') return end - at <= mostBytes ? end : NONE;
  if (kind === 'data' || kind === 'certificate') {
    // A message that is nested too deep is one message all the same, for the decoder to refuse.
    const nesting = end.code === 'nestingTooDeep' ? MAX_SKIMMED_NESTING : MAX_NESTING;
    const skimmed = skimEnd(kind, bytes, at, MAX_SEARCHED_ELEMENTS, nesting);
    if (skimmed > 0 && nesting > MAX_NESTING && skimmed - at <= mostBytes) return skimmed;
    if (skimmed !== SKIM_TOO_LONG) return skimmed < 0 && -skimmed - at <= mostBytes ? more(view, -skimmed) : NONE;
  }
  return afterCostlyFailure(view, at, mostBytes, end);
}

/** The same for a place that is one of many: what is cheap to rule out is ruled out first, and costly attempts are counted. */
function searchedStructure(view: View, kind: StructureKind, at: number, mostBytes: number): Extent {
  const { bytes, base, credit } = view;
  if (kind === 'data' || kind === 'certificate') {
    const end = skimEnd(kind, bytes, at, MAX_SEARCHED_ELEMENTS);
    if (end > 0) return end - at <= mostBytes && endOfStructure(kind, bytes, at) === end ? end : NONE;
    if (end === SKIM_NO_STRUCTURE) return NONE;
    if (end !== SKIM_TOO_LONG) return -end - at <= mostBytes ? more(view, -end) : NONE;
  }
  if (!credit.grant(base + at)) return NONE;
  const end = endOfStructure(kind, bytes, at);
  if (typeof end === 'number') return end - at <= mostBytes ? end : NONE;
  return afterCostlyFailure(view, at, mostBytes, end);
}

function afterCostlyFailure(
  view: View,
  at: number,
  mostBytes: number,
  { code, offset }: { readonly code: string; readonly offset: number },
): Extent {
  const { bytes, isEnded, credit } = view;
  const mayGrow = code === 'truncated' || code === 'tooManyElements';
  if (mayGrow && !isEnded && bytes.length - at < mostBytes) return more(view, bytes.length + 1);
  credit.spend(offset - at);
  return NONE;
}

/** Asks for so many bytes, or gives up if no more will come. */
export function more({ isEnded }: View, bytes: number): Extent {
  return isEnded ? NONE : -bytes;
}

/** WSMP with a message in it that fills it and decodes: where its frame ends. */
export function wsmpMessageAt(view: View, at: number): Extent {
  const { bytes } = view;
  const header = wsmpHeaderAt(bytes, at);
  if (header === undefined) return NONE;
  if (header === WSMP_CUT) return more(view, bytes.length + 1);
  const { start, end } = header;
  if (end > bytes.length) return more(view, end);
  if (!isMessage(bytes, start)) return NONE;
  const kind = sniffStructure(bytes, start) as StructureKind;
  return searchedStructure(view, kind, start, end - start) === end ? end : NONE;
}

/**
 * Whether reading can go on at `at`, behind something that is no structure: a positive answer, {@link NONE}, or a wish for
 * more bytes. Signed data, certificates and containers are hardly met by chance. Data without a signature is, so it must be
 * followed by something that decodes, or by the end.
 */
export function resumesAt(view: View, at: number, mostBytes = MAX_STRUCTURE_BYTES): Extent {
  const { bytes } = view;
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  switch (first) {
    case 0x03:
      if (second === 0x81) return searchedStructure(view, 'data', at, mostBytes);
      if (second <= 0x01) return wsmpMessageAt(view, at);
      return second >= 0x80 && second <= 0x84 ? unsignedAt(view, at) : NONE;
    case 0x0b:
      return wsmpMessageAt(view, at);
    case 0x01:
      if (second === 0x03 || second === 0x0b) return wsmpMessageAt(view, at + 1);
      return second === 0x80 ? sniffedAt(view, at, mostBytes) : NONE;
    case 0x00:
      return second === 0x03 || second === 0x01 ? sniffedAt(view, at, mostBytes) : NONE;
    case 0x02:
      return second === 0x84 ? sniffedAt(view, at, mostBytes) : NONE;
    case 0x80:
      return second === 0x03 ? sniffedAt(view, at, mostBytes) : NONE;
    default:
      return NONE;
  }
}

/**
 * A structure that begins between `from` and `to` and ends behind `to`: where one was cut short, it has taken the beginning of
 * the next for its own end. Where that begins, {@link NONE}, or a wish for more bytes.
 */
export function crossing(view: View, from: number, to: number): Extent {
  const { bytes } = view;
  for (let at = from; at < to; at++) {
    if (MAY_RESUME[bytes[at] as number] === 0 || isUnsigned(bytes, at)) continue;
    const end = resumesAt(view, at, MAX_REEXAMINED_BYTES);
    if (end < 0) return end;
    if (end > to) return at;
  }
  return NONE;
}

function isUnsigned(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x03 && bytes[at + 1] !== 0x81 && (bytes[at + 1] as number) >= 0x80;
}

/** First bytes at which {@link resumesAt} can say yes: six of 256. */
export const MAY_RESUME = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x00, 0x01, 0x02, 0x03, 0x0b, 0x80].includes(byte) ? 1 : 0,
);

/** Whether what {@link resumesAt} has found ends where it says: signed data and certificates do, behind no other header. */
export function isStructureItself(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x80 || (bytes[at] === 0x03 && bytes[at + 1] === 0x81);
}

function sniffedAt(view: View, at: number, mostBytes: number): Extent {
  const kind = sniffStructure(view.bytes, at);
  return kind === undefined ? NONE : searchedStructure(view, kind, at, mostBytes);
}

function unsignedAt(view: View, at: number): Extent {
  if (isPayloadOfSignedData(view.bytes, at)) return NONE;
  const end = searchedStructure(view, 'data', at, MAX_UNSIGNED_BYTES);
  if (end <= 0) return end;
  if (view.isEnded && end === view.bytes.length) return end;
  const kind = sniffStructure(view.bytes, end);
  if (kind === undefined) return end + LOOK_AHEAD_BYTES > view.bytes.length ? more(view, end + LOOK_AHEAD_BYTES) : NONE;
  return searchedStructure(view, kind, end, MAX_STRUCTURE_BYTES);
}

/** Behind `03 81`, a hash and a preamble: what a damaged message was to carry is no message of its own. */
function isPayloadOfSignedData(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 4] === 0x03 && bytes[at - 3] === 0x81 && ((bytes[at - 1] as number) & 0x40) !== 0;
}

/** Bytes in front of a place that {@link resumesAt} looks back at. */
export const LOOK_BACK_BYTES = 4;
/** Bytes from a place on that it needs to begin. */
export const LOOK_AHEAD_BYTES = 5;
