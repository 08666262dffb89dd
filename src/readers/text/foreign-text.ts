import { type ForeignForm, HTTP_RESPONSE, XML } from '../foreign-forms.ts';
import { foreignText, looksLike } from '../recognise.ts';
import type { Piece } from '../record.ts';
import { asciiString, hasAt, isLetter, LESS, trimmed } from '../values/ascii.ts';
import { hexBytes } from '../values/hex.ts';
import { standing } from '../values/structure.ts';
import { type Line, LineStore } from './line.ts';

/** A document of markup, or an HTTP response: one item for all of it, which says what it is. */
export class ForeignText {
  private readonly store = new LineStore();
  private readonly form: ForeignForm;
  private root: string | undefined;
  private isClosed = false;

  constructor(first: Line) {
    this.form = formOf(first.text)!;
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
    yield { ...this.store.place(0), bytes: this.store.kept(), unreadable: looksLike(this.form) };
  }

  private add(line: Line): void {
    if (this.store.text.length < 1 << 20) this.store.add(line);
    if (this.form === HTTP_RESPONSE) return;
    const text = asciiString(line.text, line.text.length);
    this.root ??= /<([A-Za-z][\w:.-]*)/.exec(text)?.[1];
    this.isClosed =
      this.root !== undefined && (text.includes(`</${this.root}>`) || text.trimEnd().endsWith(`<${this.root}/>`));
  }
}

export function beginsForeignText(text: Uint8Array): boolean {
  return formOf(text) !== undefined;
}

function formOf(text: Uint8Array): ForeignForm | undefined {
  const bare = trimmed(text);
  const form = foreignText(bare);
  if (form !== undefined) return form;
  // How Node shows bytes.
  if (hasAt(bare, 0, '<Buffer ')) return undefined;
  return bare[0] === LESS && (bare[1] === 0x3f || bare[1] === 0x21 || isLetter(bare[1])) ? XML : undefined;
}

function isRecord(text: Uint8Array): boolean {
  const bytes = hexBytes(trimmed(text));
  return bytes !== undefined && standing(bytes) === 'whole';
}
