import type { Piece } from '../record.ts';
import { asciiString, hasAt, isLetter, LESS, trimmed } from '../values/ascii.ts';
import { hexBytes } from '../values/hex.ts';
import { standing } from '../values/structure.ts';
import { type Line, LineStore } from './line.ts';

const XML = 'an XML document, not bytes: take the hex or base64 out of it first, for example with xmllint --xpath';
const HTML = 'an HTML page, not bytes: it may have been saved in place of the file';
const HTTP = 'an HTTP response with its headers, not bytes: save the body only (curl without -i)';

/** A document of markup, or an HTTP response: one item for all of it, which says what it is. */
export class ForeignText {
  private readonly store = new LineStore();
  private readonly problem: string;
  private root: string | undefined;
  private isClosed = false;

  constructor(first: Line) {
    this.problem = problemOf(first.text)!;
    this.add(first);
  }

  /** Takes lines up to the end of the root element, or all of a response; `false` for a record of hex. */
  takes(line: Line): boolean {
    if (this.isClosed || isRecord(line.text)) return false;
    this.add(line);
    return true;
  }

  isComplete(): boolean {
    return this.isClosed;
  }

  *pieces(): Generator<Piece> {
    yield { ...this.store.place(0), bytes: this.store.kept(), unreadable: this.problem };
  }

  private add(line: Line): void {
    if (this.store.text.length < 1 << 20) this.store.add(line);
    if (this.problem === HTTP) return;
    const text = asciiString(line.text, line.text.length);
    this.root ??= /<([A-Za-z][\w:.-]*)/.exec(text)?.[1];
    this.isClosed =
      this.root !== undefined && (text.includes(`</${this.root}>`) || text.trimEnd().endsWith(`<${this.root}/>`));
  }
}

export function beginsForeignText(text: Uint8Array): boolean {
  return problemOf(text) !== undefined;
}

function problemOf(text: Uint8Array): string | undefined {
  const bare = trimmed(text);
  if (hasAt(bare, 0, 'HTTP/')) return HTTP;
  // How Node shows bytes.
  if (hasAt(bare, 0, '<Buffer ')) return undefined;
  if (bare[0] !== LESS || !(bare[1] === 0x3f || bare[1] === 0x21 || isLetter(bare[1]))) return undefined;
  return /^<(!doctype )?html/i.test(asciiString(bare, 20)) ? HTML : XML;
}

function isRecord(text: Uint8Array): boolean {
  const bytes = hexBytes(trimmed(text));
  return bytes !== undefined && standing(bytes) === 'whole';
}
