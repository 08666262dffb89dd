/** One thing to be judged, as it was found in an input. */
export interface InputRecord {
  /** The file's path, or `-` for standard input. */
  readonly source: string;
  /** Octet of the (decompressed) source at which the record's line, document or structure begins. */
  readonly offset: number;
  /** Line number from 1; text formats only. */
  readonly line?: number;
  /** The structure, without the layers named in `unwrap`; of an unreadable record, what was there. */
  readonly bytes: Uint8Array;
  /** Layers taken off, outermost first, joined by `+`: `obulog`, `vendor01`, `wsmp3`, `localChainFile`. */
  readonly unwrap?: string;
  /** PSID that the WSMP header carried. */
  readonly lowerLayerPsid?: number;
  /** Why the record could not be taken out of its container. */
  readonly unreadable?: string;
}

/** A record before it knows which input it came from. */
export type Piece = Omit<InputRecord, 'source'>;

/** Where a piece begins. */
export type Place = Pick<Piece, 'offset' | 'line'>;

/**
 * Cuts octets that arrive in chunks into pieces. The pieces do not depend on where the chunks were cut. Synchronous: the
 * waiting is done outside.
 */
export interface RecordParser {
  push(chunk: Uint8Array): Iterable<Piece>;
  /** The input is over: whatever is still held becomes a piece. */
  end(): Iterable<Piece>;
}
