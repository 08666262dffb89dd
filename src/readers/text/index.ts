/** Text and JSON, as records. Takes bytes, knows no input or output. */

import { concat } from '../bytes.ts';
import { MAX_KEPT_BYTES } from '../limits.ts';
import type { Piece, RecordParser } from '../record.ts';
import type { TextFormat } from './classify.ts';
import type { TextMode } from './text-lines.ts';
import { TextParser } from './text-parser.ts';
import { type Mark, markOf, Utf16Parser } from './utf16.ts';

export { classifyText, type TextFormat } from './classify.ts';

const MODES: Readonly<Record<TextFormat, TextMode>> = { hex: 'hex', base64: 'base64', ndjson: 'json', json: 'json' };

/** The parser for text of a format, whatever byte order mark it begins with. */
export function createTextParser(format: TextFormat): RecordParser {
  return new MarkedText(MODES[format]);
}

/** Waits for the first bytes to show a byte order mark. */
class MarkedText implements RecordParser {
  private readonly mode: TextMode;
  private head: Uint8Array = new Uint8Array(0);
  private inner: RecordParser | undefined;

  constructor(mode: TextMode) {
    this.mode = mode;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    if (this.inner) yield* this.inner.push(chunk);
    else yield* this.begin(chunk, false);
  }

  *end(): Generator<Piece> {
    if (!this.inner) yield* this.begin(new Uint8Array(0), true);
    if (this.inner) yield* this.inner.end();
  }

  private *begin(chunk: Uint8Array, isComplete: boolean): Generator<Piece> {
    this.head = this.head.length === 0 ? chunk : concat([this.head, chunk]);
    const mark = markOf(this.head, isComplete);
    if (mark === 'pending') {
      // The caller may reuse the chunk.
      this.head = this.head.slice();
      return;
    }
    const { inner, markBytes } = behindMark(mark, this.mode);
    const text = this.head.subarray(markBytes);
    this.inner = inner;
    this.head = new Uint8Array(0);
    yield* inner.push(text);
  }
}

function behindMark(mark: Mark | undefined, mode: TextMode): { inner: RecordParser; markBytes: number } {
  switch (mark) {
    case 'utf8':
      return { inner: new TextParser(mode, 3), markBytes: 3 };
    case 'utf16le':
    case 'utf16be':
      return { inner: new Utf16Parser(new TextParser(mode), mark === 'utf16le'), markBytes: 2 };
    case 'utf32':
      return { inner: new Utf32Text(), markBytes: 0 };
    default:
      return { inner: new TextParser(mode), markBytes: 0 };
  }
}

/** Named, not read: nothing writes messages so. */
class Utf32Text implements RecordParser {
  private readonly kept: Uint8Array[] = [];
  private keptBytes = 0;

  push(chunk: Uint8Array): Piece[] {
    const kept = chunk.slice(0, MAX_KEPT_BYTES - this.keptBytes);
    this.kept.push(kept);
    this.keptBytes += kept.length;
    return [];
  }

  end(): Piece[] {
    const unreadable = 'UTF-32 text: convert it to UTF-8 first (iconv -f UTF-32 -t UTF-8)';
    return [{ offset: 0, line: 1, bytes: concat(this.kept), unreadable }];
  }
}
