import type { Tally } from './tally.ts';

/** One thing to verify, as it was found in an input. */
export interface InputRecord {
  /**
   * The file's path, `-` for standard input, or a name that the caller gave. A file in an archive follows its archive behind
   * `!/`: `batch.zip!/413/413_0.cert`.
   */
  readonly source: string;
  /**
   * Byte of the source, unpacked, at which the record begins: the first byte of its line, document, frame or structure, layers
   * included.
   */
  readonly offset: number;
  /** Line number from 1. Text only. */
  readonly line?: number | undefined;
  /** The structure without the layers around it; of an unreadable record, what was there. The receiver owns these bytes. */
  readonly bytes: Uint8Array;
  /** Layers that were taken off, outermost first, what lies behind the structure last: `ethernet`, `wsmp3`, `zeroPadding`, … */
  readonly layers: readonly string[];
  /** PSID that the WSMP header carried. */
  readonly lowerLayerPsid?: number | undefined;
  /** When the frame was captured, in TAI microseconds since 2004-01-01T00:00:00Z. Captures only. */
  readonly captureTime?: bigint | undefined;
  /** Sender of the frame: MAC address, or IP address and port. Captures only. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Why this is no structure: what the bytes look like, and what to do. */
  readonly unreadable?: string | undefined;
}

/** A record before it knows which input it came from. */
export interface Piece extends Omit<InputRecord, 'source' | 'layers'> {
  /** None if absent. */
  readonly layers?: readonly string[] | undefined;
  /** Path inside the archive that the piece was found in. */
  readonly entry?: string | undefined;
}

/** The start of a piece. */
export type Place = Pick<Piece, 'offset' | 'line'>;

/**
 * Cuts bytes that arrive in chunks into pieces. The pieces do not depend on where the chunks were cut. A chunk must not change
 * until all pieces of its `push` have been taken; the pieces themselves are copies. Synchronous: the waiting is done outside.
 */
export interface RecordParser {
  push(chunk: Uint8Array): Iterable<Piece>;
  /** The input is over: what is still held becomes a piece. */
  end(): Iterable<Piece>;
  /** Where the parser accounts for every byte. A parser without one reads text. */
  readonly tally?: Tally;
}

/** The layers of a record as one name: `ethernet/ipv4/udp/wsmp3`; `undefined` if there are none. */
export function unwrapOf({ layers }: Pick<Piece, 'layers'>): string | undefined {
  return layers === undefined || layers.length === 0 ? undefined : layers.join('/');
}
