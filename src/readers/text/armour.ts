import { pieceOf } from '../pieces.ts';
import type { Piece } from '../record.ts';
import { asciiString, COLON, EQUALS, hasAt, trimmed } from '../values/ascii.ts';
import { base64Bytes } from '../values/base64.ts';
import { hexBytes } from '../values/hex.ts';
import { MAX_BLOCK_BYTES } from '../values/limits.ts';
import { choose, type Read, type Reading, rated } from '../values/readings.ts';
import { type Line, LineStore } from './line.ts';
import { fits } from './run.ts';

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const MOST_HEADERS = 32;

/** Base64 between `-----BEGIN X-----` and `-----END X-----` (RFC 7468), perhaps behind headers (RFC 1421): one item. */
export class Armour {
  private readonly lines = new LineStore();
  private readonly content = new LineStore();
  private readonly label: string;
  private isEnded = false;
  private hasChecksum = false;
  private problem: string | undefined;

  constructor(first: Line) {
    this.label = labelOf(first.text, BEGIN);
    this.lines.add(first);
  }

  /**
   * Takes every line up to the end; `false` for one that is none of armour, before which it breaks off: headers and blank lines
   * stand before the content, and no line of it is longer than the first.
   */
  takes(line: Line): boolean {
    if (this.isEnded) return false;
    const text = trimmed(line.text);
    if (hasAt(text, 0, END)) {
      this.isEnded = true;
      const label = labelOf(text, END);
      if (label !== this.label) this.problem = `the armour begins as ${this.label} and ends as ${label}`;
    } else if (this.content.count > 0 || (text.length > 0 && text.indexOf(COLON) < 0)) {
      const isTooLong = this.content.count > 0 && text.length > this.content.at(0).text.length;
      if (text.length === 0 || isTooLong || this.hasChecksum) return false;
      this.hasChecksum = isChecksum(text);
      if (!this.hasChecksum && !fits('base64', text)) return false;
      if (!this.hasChecksum) this.content.add({ ...line, text });
    } else if (this.lines.count > MOST_HEADERS) return false;
    this.lines.add(line);
    return true;
  }

  isComplete(): boolean {
    return this.isEnded;
  }

  /**
   * @param again reads lines as if they stood at the beginning: those of armour without an end may be of something else.
   */
  *pieces(_alone: unknown, again: (lines: Iterable<Line>) => Iterable<Piece>): Generator<Piece> {
    const place = this.lines.place(0);
    if (this.lines.isOverfull) {
      const unreadable = `more than ${MAX_BLOCK_BYTES} bytes of text in one armour`;
      yield { ...place, bytes: this.lines.kept(), unreadable };
    } else if (!this.isEnded) {
      const unreadable = `the armour "${BEGIN}${this.label}${DASHES}" has no end`;
      yield { ...place, bytes: this.lines.at(0).text.slice(), unreadable };
      yield* again(this.lines.from(1));
    } else {
      const read: Read = this.problem ? { unreadable: this.problem } : contentOf(this.content.text);
      if ('bytes' in read) yield pieceOf(place, read.bytes);
      else yield { ...place, bytes: this.lines.kept(), unreadable: read.unreadable };
    }
  }
}

/** Base64, as armour has it; hex, which consists of the same characters, only if that is what decodes. */
function contentOf(text: Uint8Array): Read {
  const readings: Reading[] = [];
  const base64 = base64Bytes(text);
  if (base64) readings.push({ form: 'base64', bytes: base64 });
  const hex = hexBytes(text);
  if (hex) readings.push({ form: 'hex', bytes: hex });
  return choose(rated(readings), 'not base64 between the lines of the armour');
}

export function beginsArmour(text: Uint8Array): boolean {
  const bare = trimmed(text);
  return hasAt(bare, 0, BEGIN) && hasAt(bare, bare.length - DASHES.length, DASHES);
}

/** The last line of OpenPGP's armour (RFC 9580 §6.1): a check of the text, not part of it. */
function isChecksum(text: Uint8Array): boolean {
  return text.length === 5 && text[0] === EQUALS && fits('base64', text.subarray(1));
}

function labelOf(text: Uint8Array, word: string): string {
  return asciiString(trimmed(text), 200).slice(word.length).replace(/-+$/, '');
}
