import { isHidden, isPrivateKeyFile } from '../file-names.ts';
import { isZero } from '../layers/trailer.ts';
import { MAX_ARCHIVE_ENTRIES, MAX_ENTRY_NAME_BYTES } from '../limits.ts';
import type { Piece, RecordParser } from '../record.ts';
import { Skipped } from '../skipped.ts';
import type { Tally } from '../tally.ts';
import { Window } from '../window.ts';
import { Entry, entryPath, type OpenEntry } from './entry.ts';
import { isTarHeader, paxRecords, TAR_BLOCK_BYTES, type TarHeader, tarHeaderAt } from './tar-header.ts';

/** Headers about the file behind them: long names of GNU, records of pax. */
const MAX_META_BYTES = 16 * MAX_ENTRY_NAME_BYTES;

/** What the data behind the last header are. */
type Content =
  | { readonly kind: 'file'; readonly entry: Entry }
  | { readonly kind: 'meta'; readonly type: string; readonly bytes: Uint8Array[] }
  | { readonly kind: 'unread' };

const UNREAD: Content = { kind: 'unread' };

/**
 * A tar archive, as a stream: each file is an input of its own. Written here because the kept packages either unpack to disk, or
 * trust lengths and unchecked checksums; and none says what became of each byte.
 */
export class TarParser implements RecordParser {
  readonly tally: Tally;
  private readonly open: OpenEntry;
  private readonly window = new Window();
  private content: Content = UNREAD;
  /** Bytes of the content that are still to come, and of the padding behind it. */
  private left = 0;
  private padding = 0;
  private entries = 0;
  private longName: Uint8Array | undefined;
  private pax: ReadonlyMap<string, string> = new Map();
  private skipped: Skipped | undefined;
  /** An empty block has been seen: what follows should be empty, too. */
  private isOver = false;

  constructor(tally: Tally, open: OpenEntry) {
    this.tally = tally;
    this.open = open;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    this.window.push(chunk);
    for (;;) {
      const { bytes } = this.window;
      if (this.left > 0 || this.padding > 0) {
        if (bytes.length === 0) break;
        yield* this.readContent(bytes);
      } else if (bytes.length >= TAR_BLOCK_BYTES) {
        yield* this.readBlock(bytes.subarray(0, TAR_BLOCK_BYTES));
      } else break;
    }
    this.window.settle();
  }

  *end(): Generator<Piece> {
    const isCut = this.left > 0;
    if (this.content.kind === 'file') yield* this.content.entry.end();
    const rest = this.window.bytes;
    if (rest.length > 0) this.skip(rest);
    this.window.drop(rest.length);
    yield* this.closeSkipped();
    if (!isCut) return;
    const name = this.content.kind === 'file' ? ` inside ${this.content.entry.path}` : '';
    const unreadable = `the archive breaks off${name}: ${this.left} byte(s) are missing`;
    yield this.tally.piece({ offset: this.window.base, bytes: new Uint8Array(0), unreadable }, 0);
  }

  private *readContent(bytes: Uint8Array): Generator<Piece> {
    const part = bytes.subarray(0, this.left);
    this.left -= part.length;
    const padding = Math.min(this.padding, bytes.length - part.length);
    this.padding -= padding;
    this.frame(padding);
    const { content } = this;
    if (content.kind === 'file') yield* content.entry.push(part);
    else this.frame(part.length);
    if (content.kind === 'meta') content.bytes.push(part.slice());
    this.window.drop(part.length + padding);
    if (this.left === 0) yield* this.closeContent();
  }

  private *closeContent(): Generator<Piece> {
    const { content } = this;
    this.content = UNREAD;
    if (content.kind === 'file') yield* content.entry.end();
    if (content.kind !== 'meta') return;
    const bytes = Uint8Array.from(content.bytes.flatMap((part) => [...part]));
    if (content.type === 'L') this.longName = bytes.subarray(0, lengthUntilZero(bytes));
    if (content.type === 'x') this.pax = paxRecords(bytes);
  }

  private *readBlock(block: Uint8Array): Generator<Piece> {
    if (isZero(block, 0, block.length)) {
      yield* this.closeSkipped();
      this.isOver = true;
      this.frame(block.length);
    } else if (!isTarHeader(block, 0) || this.entries >= MAX_ARCHIVE_ENTRIES) {
      this.skip(block);
    } else {
      yield* this.closeSkipped();
      this.isOver = false;
      this.frame(block.length);
      yield* this.begin(tarHeaderAt(block, 0));
    }
    this.window.drop(block.length);
  }

  /** A header: what its data are, and under which name. */
  private *begin(header: TarHeader): Generator<Piece> {
    const { type } = header;
    const isMeta = type === 'L' || type === 'x' || type === 'g' || type === 'K';
    const size = isMeta ? header.size : sizeOf(header, this.pax);
    this.left = size;
    this.padding = (TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
    if (isMeta) {
      this.content = size <= MAX_META_BYTES ? { kind: 'meta', type, bytes: [] } : UNREAD;
      return;
    }
    const path = this.pax.get('path') ?? entryPath(this.longName ?? header.path);
    this.pax = new Map();
    this.longName = undefined;
    this.entries++;
    this.content = UNREAD;
    if (type === 'S') {
      const unreadable = 'a sparse file of GNU tar: archive it again without --sparse';
      yield this.tally.piece({ offset: 0, entry: path, bytes: new Uint8Array(0), unreadable }, 0);
    }
    if ((type !== '0' && type !== '7') || path.endsWith('/') || isHidden(path)) return;
    if (isPrivateKeyFile(path)) this.tally.privateKeyFiles++;
    else this.content = { kind: 'file', entry: new Entry(path, this.open, this.tally) };
    if (size === 0) yield* this.closeContent();
  }

  private frame(bytes: number): void {
    this.tally.size += bytes;
    this.tally.framing(bytes);
  }

  private skip(bytes: Uint8Array): void {
    this.tally.size += bytes.length;
    this.skipped ??= new Skipped(this.window.base);
    this.skipped.add(bytes);
  }

  private *closeSkipped(): Generator<Piece> {
    const { skipped } = this;
    if (skipped === undefined) return;
    this.skipped = undefined;
    const { offset, length, bytes } = skipped;
    const why =
      this.entries >= MAX_ARCHIVE_ENTRIES
        ? `behind the ${MAX_ARCHIVE_ENTRIES} files that are read of an archive`
        : this.isOver
          ? 'behind the end of the archive'
          : 'where a header of the archive should be: it is damaged, or breaks off';
    yield this.tally.piece({ offset, bytes, unreadable: `${length} byte(s) ${why}` }, length);
  }
}

function sizeOf({ size }: TarHeader, pax: ReadonlyMap<string, string>): number {
  const named = Number(pax.get('size'));
  return Number.isSafeInteger(named) && named >= 0 ? named : size;
}

function lengthUntilZero(bytes: Uint8Array): number {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes.length : end;
}
