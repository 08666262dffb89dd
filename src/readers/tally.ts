/** The bytes of an input, unpacked, by use. The members add up to {@link ReadReport.size}. */
export interface ByteAccount {
  /** In records that hold a structure, without the layers around it. */
  readonly records: number;
  /** In records that are unreadable, kept or not. */
  readonly skipped: number;
  /** In frames of a capture whose headers say that they carry something else. */
  readonly otherFrames: number;
  /** Headers, layers, padding, separators, and files of an archive that are not read. */
  readonly framing: number;
  /** Lines and JSON: what is in them is text, and its digits are not told apart from its spaces. */
  readonly text: number;
}

/** An account of the bytes read so far. */
export interface ReadReport {
  /** Bytes of all inputs, unpacked; an archive counts with its files unpacked and what is between them. */
  readonly size: number;
  readonly bytes: ByteAccount;
  /** Records with `unreadable`. */
  readonly unreadable: number;
  /** Frames of captures that are no records, by what their headers say they are: `arp`, `tcp`, `udp`, `ipv4 fragment`, … */
  readonly otherFrames: Readonly<Record<string, number>>;
  /** Private key files (`I_J.s`) that were left alone. */
  readonly privateKeyFiles: number;
  /** Entries of directories and archives that could not be opened, each with the reason. They count as unreadable. */
  readonly warnings: readonly string[];
}

/** What is counted of a piece. */
interface Found {
  readonly bytes: Uint8Array;
  readonly unreadable?: string | undefined;
}

/** Adds up a {@link ReadReport}. One for a whole run: parsers, and the parsers of archived files in them, share it. */
export class Tally {
  size = 0;
  /** Pieces and other frames so far, those of archives once for each archive around them. */
  found = 0;
  readonly bytes = { records: 0, skipped: 0, otherFrames: 0, framing: 0, text: 0 };
  unreadable = 0;
  privateKeyFiles = 0;
  readonly warnings: string[] = [];
  private readonly frames = new Map<string, number>();
  /** Where the bytes of the last piece or frame were added, and how many of them are no framing. */
  private last: 'records' | 'skipped' | 'otherFrames' = 'records';
  private lastContent = 0;
  /** Framing that was added behind it. */
  private behind = 0;

  /** A piece that was handed out, and the bytes that it took up with everything around it. */
  piece<T extends Found>(piece: T, length: number): T {
    this.behind = 0;
    if (piece.unreadable !== undefined) {
      this.unreadable++;
      this.bytes.skipped += length;
      this.last = 'skipped';
      this.lastContent = length;
    } else {
      this.last = 'records';
      this.lastContent = piece.bytes.length;
      this.bytes.records += piece.bytes.length;
      this.bytes.framing += length - piece.bytes.length;
    }
    return piece;
  }

  otherFrame(kind: string, length: number): void {
    this.behind = 0;
    this.found++;
    this.bytes.otherFrames += length;
    this.last = 'otherFrames';
    this.lastContent = length;
    this.frames.set(kind, (this.frames.get(kind) ?? 0) + 1);
  }

  /** The last bytes of the last piece, and the framing behind it, turned out to be the first of the next: they count there. */
  takeBackFromLast(length: number): void {
    const content = Math.min(Math.max(length - this.behind, 0), this.lastContent);
    this.takeBack(content, this.last);
    this.takeBack(length - content, 'framing');
  }

  takeBack(length: number, from: 'records' | 'skipped' | 'otherFrames' | 'framing'): void {
    this.bytes[from] -= length;
  }

  framing(length: number): void {
    this.behind += length;
    this.bytes.framing += length;
  }

  get report(): ReadReport {
    const { size, bytes, unreadable, privateKeyFiles, warnings } = this;
    const otherFrames = Object.fromEntries([...this.frames].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
    return { size, bytes: { ...bytes }, unreadable, otherFrames, privateKeyFiles, warnings: [...warnings] };
  }
}
