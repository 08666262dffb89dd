import {
  asciiString,
  BACKSLASH,
  COLON,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  DASH,
  isDigit,
  QUOTE,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
  skipBlanks,
} from '../values/ascii.ts';
import { numberReadings } from '../values/numbers.ts';
import { type Rated, rated } from '../values/readings.ts';
import { ratedValue } from '../values/value.ts';
import { unescapedString } from './strings.ts';

/** A string or list of a document that may be bytes. */
export interface Value {
  /** Names and indexes on the way to it: `data.raw[0]`; empty for the document itself. */
  path(): string;
  /** The document, or the element of a list in it, to which the value belongs: a record of its own. */
  readonly scope: number;
  /** The text of a string without its escapes; `undefined` for a list. */
  readonly text: Uint8Array | undefined;
  readonly readings: readonly Rated[];
}

/** How a path goes on from the value around. */
interface Step {
  readonly around: Step | undefined;
  /** A name without its quotes, or an index. */
  readonly from: number;
  readonly to: number;
  readonly index: number | undefined;
}

/** Shorter text is no structure in any form. */
const LEAST_TEXT = 4;
const MOST_PATH_CHARACTERS = 120;
/** What tshark puts behind the name of a field for its bytes: a list of hex, position, length, bit mask and type. */
const RAW_SUFFIX = '_raw';
/** A byte as a string: `"03"`, `"0x03"`. */
const BYTE_STRING = /^"(?:0x)?[0-9a-f]{2}"$/i;

/** All strings, lists of numbers and lists of bytes as strings of a checked document, in order. */
export function* valuesOf(document: Uint8Array): Generator<Value> {
  yield* new Walk(document).value(undefined, skipBlanks(document, 0, document.length));
}

class Walk {
  private readonly document: Uint8Array;
  private at = 0;

  constructor(document: Uint8Array) {
    this.document = document;
  }

  *value(step: Step | undefined, scope: number): Generator<Value> {
    this.skipSpace();
    const byte = this.document[this.at];
    if (byte === CURLY_OPEN) yield* this.object(step, scope);
    else if (byte === SQUARE_OPEN) yield* this.list(step, scope);
    else if (byte === QUOTE) yield* this.string(step, scope);
    else this.skipScalar();
  }

  private *object(step: Step | undefined, scope: number): Generator<Value> {
    for (this.at++; this.nextItem(CURLY_CLOSE); ) {
      const from = this.at + 1;
      this.skipString();
      const to = this.at - 1;
      this.skipSpace();
      this.at++;
      yield* this.value({ around: step, from, to, index: undefined }, scope);
    }
  }

  private *list(step: Step | undefined, scope: number): Generator<Value> {
    const bytes = this.bytesOfList();
    if (bytes) {
      yield { path: () => this.pathOf(step), scope, text: undefined, readings: bytes };
      return;
    }
    const isRaw = this.endsAsRaw(step);
    let index = 0;
    for (this.at++; this.nextItem(SQUARE_CLOSE); index++) {
      yield* this.value({ around: step, from: 0, to: 0, index }, isRaw ? scope : this.at);
    }
  }

  private *string(step: Step | undefined, scope: number): Generator<Value> {
    const from = this.at + 1;
    const hasEscapes = this.skipString();
    const to = this.at - 1;
    if (to - from < LEAST_TEXT) return;
    const text = hasEscapes ? unescapedString(this.document, from, to) : this.document.subarray(from, to);
    yield { path: () => this.pathOf(step), scope, text, readings: ratedValue(text, 'any') };
  }

  /** The bytes of a list of numbers, or of bytes as strings, behind which the walk goes on; `undefined` for another list. */
  private bytesOfList(): Rated[] | undefined {
    const first = skipBlanks(this.document, this.at + 1, this.document.length);
    const byte = this.document[first]!;
    if (byte !== QUOTE && byte !== DASH && !isDigit(byte)) return undefined;
    const head = asciiString(this.document.subarray(first, first + 6));
    const isBytes = byte !== QUOTE || BYTE_STRING.test(head.slice(0, head.indexOf('"', 1) + 1));
    const end = isBytes ? this.endOfFlatList() : undefined;
    if (end === undefined) return undefined;
    const text = this.document.slice(this.at + 1, end);
    // Quotes become blanks: what is left is a row of numbers.
    for (let i = 0; i < text.length; i++) if (text[i] === QUOTE) text[i] = SPACE;
    const readings = numberReadings(text, 0, text.length, true).filter(({ form }) =>
      byte === QUOTE ? form.startsWith('hex') : form === 'decimal numbers',
    );
    if (readings.length === 0) return undefined;
    this.at = end + 1;
    return rated(readings);
  }

  /** The index of the bracket that ends the list here, if nothing is nested in it. */
  private endOfFlatList(): number | undefined {
    for (let at = this.at + 1; ; at++) {
      const byte = this.document[at];
      if (byte === SQUARE_CLOSE) return at;
      if (byte === undefined || byte === SQUARE_OPEN || byte === CURLY_OPEN || byte === COLON) return undefined;
    }
  }

  private endsAsRaw(step: Step | undefined): boolean {
    if (step === undefined || step.index !== undefined) return false;
    return asciiString(this.document.subarray(step.to - RAW_SUFFIX.length, step.to)) === RAW_SUFFIX;
  }

  /** Moves to the next member or element; `false` behind the last, and behind the bracket. */
  private nextItem(closing: number): boolean {
    this.skipSpace();
    if (this.document[this.at] === COMMA) {
      this.at++;
      this.skipSpace();
    }
    if (this.document[this.at] !== closing && this.at < this.document.length) return true;
    this.at++;
    return false;
  }

  private skipSpace(): void {
    this.at = skipBlanks(this.document, this.at, this.document.length);
  }

  /** Moves behind the closing quote; whether there were escapes. */
  private skipString(): boolean {
    let hasEscapes = false;
    for (this.at++; this.at < this.document.length && this.document[this.at] !== QUOTE; this.at++) {
      if (this.document[this.at] === BACKSLASH) {
        hasEscapes = true;
        this.at++;
      }
    }
    this.at++;
    return hasEscapes;
  }

  private skipScalar(): void {
    while (this.at < this.document.length) {
      const byte = this.document[this.at]!;
      if (byte === COMMA || byte === CURLY_CLOSE || byte === SQUARE_CLOSE || byte <= SPACE) return;
      this.at++;
    }
  }

  private pathOf(step: Step | undefined): string {
    const parts: string[] = [];
    let characters = 0;
    for (let at = step; at !== undefined && characters < MOST_PATH_CHARACTERS; at = at.around) {
      const name = asciiString(this.document.subarray(at.from, at.to), MOST_PATH_CHARACTERS);
      const part = at.index === undefined ? name : `[${at.index}]`;
      parts.unshift(part);
      characters += part.length;
    }
    return parts.join('.').replaceAll('.[', '[').slice(-MOST_PATH_CHARACTERS);
  }
}
