/** Thrown by {@link SkimCursor} and caught by its user: the structure has more list elements than the caller allowed. */
export const TOO_LONG = Symbol('more list elements than allowed');

/** Bytes of the shortest structure: empty unsecured data. */
const SHORTEST = 3;

/** `skimEnd`: the bytes are no such structure, however many follow. */
export const SKIM_NO_STRUCTURE = 0;
/** `skimEnd`: the structure has more list elements than the caller allowed. */
export const SKIM_TOO_LONG = -1;

/**
 * Moves over COER values and knows no more of them than their size: presence bits, lengths and alternatives. Once bytes are
 * not what they should be, all that is read is zero, nothing moves and lists end: an exception for each of many failures
 * would cost ten times the rest.
 */
export class SkimCursor {
  protected readonly bytes: Uint8Array;
  protected at: number;
  /** Where decoding failed; below 0 if it has not. */
  protected failedAt = -1;
  private elementsLeft: number;

  constructor(bytes: Uint8Array, offset: number, mostElements: number) {
    this.bytes = bytes;
    this.at = offset;
    this.elementsLeft = mostElements;
  }

  get hasFailed(): boolean {
    return this.failedAt >= 0;
  }

  /** After giving up: how many bytes would have had to be there, negated; zero if more of them would not have helped. */
  get missing(): number {
    return this.failedAt > this.bytes.length ? -Math.max(this.failedAt, SHORTEST) : SKIM_NO_STRUCTURE;
  }

  /** Extension additions: a bitmap, then an open type for each bit that is set. */
  protected extensions(): void {
    const length = this.length();
    this.count(length);
    const start = this.at;
    const end = this.skip(Math.max(1, length));
    if (this.hasFailed) return;
    let present = 0;
    for (let at = start + 1; at < end; at++)
      for (let bits = this.bytes[at] as number; bits !== 0; bits &= bits - 1) present++;
    this.count(present);
    for (; this.goesOn(present); present--) this.open();
  }

  /** The alternative; −1 for one behind the first `root`, which travels as an open type and is skipped here. */
  protected extensibleAlternative(root: number): number {
    const alternative = this.alternative();
    if (alternative < root) return alternative;
    this.open();
    return -1;
  }

  protected alternative(): number {
    const tag = this.octet();
    if ((tag & 0xc0) !== 0x80) this.fail();
    return tag & 0x3f;
  }

  /** Elements of a list: a length, then a number of so many octets. */
  protected quantity(): number {
    const elements = this.unsigned(this.length());
    if (this.hasFailed) return 0;
    this.count(elements);
    return elements;
  }

  protected count(elements: number): void {
    this.elementsLeft -= elements;
    if (this.elementsLeft < 0) throw TOO_LONG;
  }

  /** Anything that begins with its length. */
  protected open(): void {
    this.skip(this.length());
  }

  protected length(): number {
    const first = this.octet();
    return first < 0x80 ? first : this.unsigned(first & 0x7f);
  }

  protected unsigned(octets: number): number {
    if (octets > 6) this.fail();
    let value = 0;
    for (let left = octets; this.goesOn(left); left--) value = value * 256 + this.octet();
    return this.hasFailed ? 0 : value;
  }

  protected octet(): number {
    if (this.hasFailed) return 0;
    const octet = this.bytes[this.at++];
    if (octet === undefined) this.fail();
    return octet ?? 0;
  }

  /** Moves on and says where to. */
  protected skip(octets: number): number {
    if (this.hasFailed) return this.at;
    this.at += octets;
    if (this.at > this.bytes.length) this.fail();
    return this.at;
  }

  protected goesOn(count: number): boolean {
    return count > 0 && !this.hasFailed;
  }

  protected fail(): void {
    if (!this.hasFailed) this.failedAt = this.at;
  }
}
