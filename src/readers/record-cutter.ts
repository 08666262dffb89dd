import { isGzip } from './archives/gzip.ts';
import { concat, plainBytes } from './bytes.ts';
import { ForeignParser } from './foreign-parser.ts';
import type { Format, SniffedFormat } from './format-names.ts';
import { classify, sniffFormat } from './formats.ts';
import { MAX_ARCHIVE_NESTING, MAX_WHOLE_BYTES, SNIFF_BYTES } from './limits.ts';
import { createParser } from './parsers.ts';
import { certificatesOf } from './pieces.ts';
import type { Piece, RecordParser } from './record.ts';
import { Tally } from './tally.ts';

/** How to cut an input: its format, its name and the bound on the bytes held. */
export interface CutterOptions {
  /** Read the input as this; told from its content by default. */
  readonly format?: Format | undefined;
  /** Names the input in errors; `-` by default. */
  readonly source?: string | undefined;
  /** Hand out chain files whole, instead of the certificates in them. */
  readonly keepChainFiles?: boolean | undefined;
  /** Bound on inputs that have to be held whole (JSON documents, ZIP archives), in bytes; 512 MiB by default. */
  readonly maxWholeBytes?: number | undefined;
  /** Adds up several inputs. */
  readonly tally?: Tally | undefined;
}

/**
 * Cuts the bytes of one input in any form into pieces: recognises the form by its content, takes archives and captures apart,
 * takes off the layers around each structure. Knows no files and no platform: it runs in any thread, and in a browser.
 *
 * Whatever cannot be read is a piece with `unreadable`, and reading goes on behind it. Pieces do not depend on where the chunks
 * were cut. A chunk must not change until all pieces of its `push` have been taken.
 */
export class RecordCutter implements RecordParser {
  readonly tally: Tally;
  private readonly options: CutterOptions;
  private readonly nesting: number;
  private parser: RecordParser | undefined;
  /** What has come while the form was not clear. */
  private head: Uint8Array = new Uint8Array(0);

  /** @param nesting archives that this input lies in. */
  constructor(options: CutterOptions = {}, nesting = 0) {
    this.options = options;
    this.nesting = nesting;
    this.tally = options.tally ?? new Tally();
    if (options.format !== undefined) this.parser = this.create(options.format);
  }

  /** @throws ReaderError if the input exceeds a bound. */
  *push(received: Uint8Array): Generator<Piece> {
    const chunk = plainBytes(received);
    if (this.parser !== undefined) {
      yield* this.feed(this.parser, chunk);
      return;
    }
    this.head = this.head.length === 0 ? chunk : concat([this.head, chunk]);
    const format = this.decide();
    if (format === undefined) {
      if (this.head === chunk) this.head = chunk.slice();
      return;
    }
    yield* this.begin(format);
  }

  *end(): Generator<Piece> {
    if (this.parser === undefined && this.head.length > 0) yield* this.begin(sniffFormat(this.head));
    if (this.parser !== undefined) yield* this.expanded(this.parser.end());
  }

  private *begin(format: SniffedFormat | 'gzip'): Generator<Piece> {
    const { head } = this;
    this.head = new Uint8Array(0);
    this.parser = this.create(format);
    yield* this.feed(this.parser, head);
  }

  private *feed(parser: RecordParser, chunk: Uint8Array): Generator<Piece> {
    if (parser.tally === undefined) {
      this.tally.size += chunk.length;
      this.tally.bytes.text += chunk.length;
    }
    yield* this.expanded(parser.push(chunk));
  }

  private *expanded(pieces: Iterable<Piece>): Generator<Piece> {
    const isText = this.parser?.tally === undefined;
    for (const piece of pieces) {
      this.tally.found++;
      if (isText && piece.unreadable !== undefined) this.tally.unreadable++;
      const certificates = this.options.keepChainFiles ? undefined : certificatesOf(piece);
      if (certificates === undefined) yield piece;
      else yield* this.takeApart(piece, certificates);
    }
  }

  /** What is between the certificates of a chain file is framing. */
  private takeApart(piece: Piece, certificates: readonly Piece[]): readonly Piece[] {
    const { bytes } = this.tally;
    const kept = certificates.reduce((sum, part) => sum + part.bytes.length, 0);
    if (piece.line === undefined) {
      bytes.records -= piece.bytes.length - kept;
      bytes.framing += piece.bytes.length - kept;
    }
    return certificates;
  }

  /** Always from the same beginning, however the bytes arrive. */
  private decide(): SniffedFormat | 'gzip' | undefined {
    const { head } = this;
    if (isGzip(head)) return 'gzip';
    return classify(head.subarray(0, SNIFF_BYTES), head.length >= SNIFF_BYTES);
  }

  private create(format: SniffedFormat | 'gzip'): RecordParser {
    const { source = '-', maxWholeBytes = MAX_WHOLE_BYTES, keepChainFiles } = this.options;
    const { tally } = this;
    const isArchive = format === 'zip' || format === 'tar' || format === 'gzip';
    if (isArchive && this.nesting >= MAX_ARCHIVE_NESTING) {
      const complaint = `an archive inside ${MAX_ARCHIVE_NESTING} others, which is not opened: unpack it first`;
      return new ForeignParser(tally, complaint);
    }
    const open = (): RecordParser =>
      new RecordCutter({ source, tally, keepChainFiles, maxWholeBytes }, this.nesting + 1);
    return createParser(format, source, maxWholeBytes, { tally, open });
  }
}
