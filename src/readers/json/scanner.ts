import {
  BACKSLASH,
  COLON,
  COMMA,
  CURLY_CLOSE,
  CURLY_OPEN,
  isHexDigit,
  LF,
  QUOTE,
  SPACE,
  SQUARE_CLOSE,
  SQUARE_OPEN,
} from '../values/ascii.ts';
import { readValue } from '../values/value.ts';
import { MAX_JSON_DOCUMENT_BYTES, MAX_JSON_NESTING, MAX_JSON_TOKENS, MAX_NUMBER_CHARACTERS } from './limits.ts';
import { type MemberPath, memberPath, nameAt, OTHER_NAME, PAYLOAD } from './members.ts';
import { endOfScalar, LONG_NUMBER, NO_SCALAR } from './scalars.ts';
import { unescapedString } from './strings.ts';

/** A string of a document in a place where bytes are. Indexes count from the beginning of the document. */
export interface Member {
  readonly path: MemberPath;
  /** The string without its quotes. */
  readonly from: number;
  readonly to: number;
  readonly hasEscapes: boolean;
  /** Where the object begins that it belongs to. */
  readonly object: number;
}

export type ScanResult = 'more' | 'done' | 'failed';

/** What may come next. */
const VALUE = 0;
const VALUE_OR_END = 1;
const NAME_OR_END = 2;
const NAME_ONLY = 3;
const NAME_SEPARATOR = 4;
const SEPARATOR_OR_END = 5;

const OBJECT = 0;
const LIST = 1;

const ESCAPES = new Set([...'"\\/bfnrtu'].map((character) => character.charCodeAt(0)));
const LOWER_U = 0x75;

/** 1 for bytes that stand for themselves in a string. */
const IS_PLAIN = new Uint8Array(256).fill(1, SPACE);
IS_PLAIN[QUOTE] = 0;
IS_PLAIN[BACKSLASH] = 0;

const MALFORMED_ESCAPE = 'a malformed escape in a string';
const CONTROL_CHARACTER = 'a line end or control character in a string';

/** An object that has not ended. */
interface ObjectFrame {
  readonly start: number;
  /** Members found before it. */
  readonly found: number;
  /** The member of it that counts most so far. */
  best: Member | undefined;
}

/**
 * Goes through one JSON document (RFC 8259) as its bytes come, checks it, and notes the members in which bytes are; an object
 * that has one is that record, and nothing inside it counts. No value is built in memory. Nesting, size, and the number
 * of names and values are bounded.
 */
export class DocumentScanner {
  /** Bytes gone through; where the document fails, the byte at fault. */
  at = 0;
  /** Why the document failed. */
  problem = '';
  readonly members: Member[] = [];
  /** Line ends gone through: a document has them between its tokens only. */
  lines = 0;
  private expected = VALUE;
  private depth = 0;
  private tokens = 0;
  private readonly kinds: number[] = [];
  /** The name of the current member at each depth; {@link OTHER_NAME} in lists. */
  private readonly names: number[] = [OTHER_NAME];
  private readonly frames: ObjectFrame[] = [];
  /** A string that the bytes so far cut off: how far it was gone through; 0 for none. */
  private stringAt = 0;
  private hasEscapes = false;

  /**
   * Goes on through the document, which is [start, end) of `bytes`: all that was given before, and what has come since.
   * @param isComplete No more will come.
   */
  scan(bytes: Uint8Array, start: number, end: number, isComplete: boolean): ScanResult {
    const size = Math.min(end - start, MAX_JSON_DOCUMENT_BYTES);
    const document = bytes.subarray(start, start + size);
    const isAll = isComplete && size === end - start;
    for (;;) {
      this.skipSpace(document);
      if (this.at >= size) break;
      const before = this.at;
      const result = this.step(document, isAll);
      if (result !== undefined) return result;
      if (this.at === before) break;
    }
    if (size < end - start) return this.fail(`a document of more than ${MAX_JSON_DOCUMENT_BYTES} bytes`);
    return isComplete ? this.fail('the document does not end') : 'more';
  }

  private skipSpace(document: Uint8Array): void {
    let { at } = this;
    for (; at < document.length && isSpace(document[at]!); at++) if (document[at] === LF) this.lines++;
    this.at = at;
  }

  /** Takes one token; `undefined` to go on, without having moved if the token is cut off. */
  private step(document: Uint8Array, isComplete: boolean): ScanResult | undefined {
    const byte = document[this.at]!;
    switch (this.expected) {
      case VALUE:
        return this.value(document, byte, isComplete);
      case VALUE_OR_END:
        return byte === SQUARE_CLOSE ? this.close() : this.value(document, byte, isComplete);
      case NAME_OR_END:
        return byte === CURLY_CLOSE ? this.close() : this.name(document, byte);
      case NAME_ONLY:
        return this.name(document, byte);
      case NAME_SEPARATOR:
        return byte === COLON ? this.expect(VALUE) : this.fail('expected ":"');
      default: {
        const isList = this.kinds[this.depth] === LIST;
        if (byte === (isList ? SQUARE_CLOSE : CURLY_CLOSE)) return this.close();
        if (byte === COMMA) return this.expect(isList ? VALUE : NAME_ONLY);
        return this.fail(isList ? 'expected "," or "]"' : 'expected "," or "}"');
      }
    }
  }

  private expect(expected: number): undefined {
    this.at++;
    this.expected = expected;
  }

  private value(document: Uint8Array, byte: number, isComplete: boolean): ScanResult | undefined {
    if (byte === CURLY_OPEN) return this.open(OBJECT);
    if (byte === SQUARE_OPEN) return this.open(LIST);
    if (byte === QUOTE) return this.string(document);
    const end = endOfScalar(document, this.at, isComplete);
    if (end === undefined) return undefined;
    if (end === NO_SCALAR) return this.fail('expected a value');
    if (end === LONG_NUMBER) return this.fail(`a number of more than ${MAX_NUMBER_CHARACTERS} characters`);
    this.at = end;
    return this.closeValue();
  }

  private string(document: Uint8Array): ScanResult | undefined {
    const from = this.at + 1;
    const to = this.endOfString(document);
    if (to < 0) return to === CUT ? undefined : 'failed';
    if (this.depth > 0 && this.names[this.depth] !== OTHER_NAME && from < to) this.note(document, from, to);
    this.at = to + 1;
    return this.closeValue();
  }

  private name(document: Uint8Array, byte: number): ScanResult | undefined {
    if (byte !== QUOTE) return this.fail('expected a name in quotes');
    const from = this.at + 1;
    const to = this.endOfString(document);
    if (to < 0) return to === CUT ? undefined : 'failed';
    const name = this.hasEscapes ? unescapedString(document, from, to) : undefined;
    this.names[this.depth] = name ? nameAt(name, 0, name.length) : nameAt(document, from, to);
    this.at = to + 1;
    this.expected = NAME_SEPARATOR;
    return this.count();
  }

  /** The index of the closing quote of the string that begins here; {@link CUT} or {@link FAILED}. */
  private endOfString(document: Uint8Array): number {
    let at = this.stringAt;
    if (at === 0) {
      at = this.at + 1;
      this.hasEscapes = false;
    }
    for (;;) {
      while (at < document.length && IS_PLAIN[document[at]!] === 1) at++;
      const byte = document[at];
      if (byte === QUOTE) {
        this.stringAt = 0;
        return at;
      }
      const end = byte === BACKSLASH ? endOfEscape(document, at) : byte === undefined ? CUT : FAILED;
      if (end === FAILED) return this.failString(at, byte === BACKSLASH ? MALFORMED_ESCAPE : CONTROL_CHARACTER);
      if (end === CUT) {
        this.stringAt = at;
        return CUT;
      }
      this.hasEscapes = true;
      at = end;
    }
  }

  private failString(at: number, problem: string): number {
    this.at = at;
    this.fail(problem);
    return FAILED;
  }

  /** A string whose name may lead to bytes. */
  private note(document: Uint8Array, from: number, to: number): void {
    const { depth, names } = this;
    const path = memberPath(names[depth]!, names[depth - 1] ?? OTHER_NAME, names[depth - 2] ?? OTHER_NAME);
    if (path === undefined) return;
    const frame = this.frames[depth - path.levels]!;
    if (frame.best && frame.best.path.rank < path.rank) return;
    const member: Member = { path, from, to, hasEscapes: this.hasEscapes, object: frame.start };
    if (path === PAYLOAD && !('bytes' in readValue(memberText(document, member), 'any'))) return;
    frame.best = member;
  }

  private open(kind: number): ScanResult | undefined {
    if (this.depth === MAX_JSON_NESTING) return this.fail(`nested more than ${MAX_JSON_NESTING} deep`);
    this.depth++;
    this.kinds[this.depth] = kind;
    this.names[this.depth] = OTHER_NAME;
    if (kind === OBJECT) this.frames[this.depth] = { start: this.at, found: this.members.length, best: undefined };
    this.at++;
    this.expected = kind === OBJECT ? NAME_OR_END : VALUE_OR_END;
    return this.count();
  }

  private close(): ScanResult | undefined {
    if (this.kinds[this.depth] === OBJECT) {
      const { found, best } = this.frames[this.depth]!;
      if (best) {
        this.members.length = found;
        this.members.push(best);
      }
    }
    this.depth--;
    this.at++;
    return this.closeValue();
  }

  private closeValue(): ScanResult | undefined {
    if (this.depth === 0) return 'done';
    this.expected = SEPARATOR_OR_END;
    return this.count();
  }

  private count(): ScanResult | undefined {
    if (++this.tokens <= MAX_JSON_TOKENS) return undefined;
    return this.fail(`a document of more than ${MAX_JSON_TOKENS} names and values`);
  }

  private fail(problem: string): 'failed' {
    this.problem = problem;
    return 'failed';
  }
}

/** The text of a string without its escapes. */
export function memberText(
  document: Uint8Array,
  { from, to, hasEscapes }: Pick<Member, 'from' | 'to' | 'hasEscapes'>,
): Uint8Array {
  return hasEscapes ? unescapedString(document, from, to) : document.subarray(from, to);
}

const CUT = -1;
const FAILED = -2;

/** The index behind the escape at `at`; {@link CUT} if the bytes end inside it. */
function endOfEscape(document: Uint8Array, at: number): number {
  const letter = document[at + 1];
  if (letter === undefined) return CUT;
  if (!ESCAPES.has(letter)) return FAILED;
  if (letter !== LOWER_U) return at + 2;
  for (let i = at + 2; i < at + 6; i++) {
    if (i >= document.length) return CUT;
    if (!isHexDigit(document[i])) return FAILED;
  }
  return at + 6;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c);
}
