import { MAX_LINE_OCTETS } from './limits.ts';
import { concat } from './octets.ts';

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export interface Line {
  /** Octet of the input at which the line begins, behind a byte order mark. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** Without CR and LF; may be a view of the chunk it came in. */
  readonly bytes: Uint8Array;
  /** The line exceeds {@link MAX_LINE_OCTETS}: `bytes` is its beginning. */
  readonly tooLong: boolean;
}

/** Cuts chunks into lines that end in LF or CR LF. What it holds is bounded by the longest line allowed. */
export class LineSplitter {
  /** Octet of the input at which the line being collected begins. */
  private offset = 0;
  private line = 1;
  private held: Uint8Array[] = [];
  private heldOctets = 0;
  /** Octets of the line being collected, kept or not. */
  private seenOctets = 0;

  *push(chunk: Uint8Array): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      yield this.close(chunk.subarray(start, end), 1);
      start = end + 1;
    }
    if (start < chunk.length) this.hold(chunk.subarray(start));
  }

  /** The last line, if the input does not end in LF. */
  *end(): Generator<Line> {
    if (this.seenOctets > 0) yield this.close(new Uint8Array(0), 0);
  }

  /** Copies, because whoever gave the chunk may use its buffer again. One octet above the bound tells what exceeds it. */
  private hold(part: Uint8Array): void {
    this.seenOctets += part.length;
    const kept = part.slice(0, MAX_LINE_OCTETS + 1 - this.heldOctets);
    if (kept.length === 0) return;
    this.held.push(kept);
    this.heldOctets += kept.length;
  }

  private close(part: Uint8Array, ending: number): Line {
    const octets = this.seenOctets + part.length;
    const whole = this.held.length === 0 ? part : concat([...this.held, part]);
    const mark = this.offset === 0 && BYTE_ORDER_MARK.every((octet, i) => whole[i] === octet) ? 3 : 0;
    const end = whole[whole.length - 1] === CR ? whole.length - 1 : whole.length;
    const bytes = whole.subarray(mark, end);
    const tooLong = bytes.length > MAX_LINE_OCTETS;
    const line = {
      offset: this.offset + mark,
      line: this.line,
      bytes: tooLong ? bytes.subarray(0, MAX_LINE_OCTETS) : bytes,
      tooLong,
    };
    this.offset += octets + ending;
    this.line++;
    this.held = [];
    this.heldOctets = 0;
    this.seenOctets = 0;
    return line;
  }
}
