import { readEmbedded } from '../json/embedded.ts';
import { MAX_KEPT_BYTES } from '../limits.ts';
import { pieceOf } from '../pieces.ts';
import type { Piece } from '../record.ts';
import { ASTERISK, asciiString, CURLY_OPEN, HASH, isBlank, isDigit, SLASH, trimmed } from '../values/ascii.ts';
import { base64Bytes } from '../values/base64.ts';
import { hexBytes } from '../values/hex.ts';
import { MAX_WRAPPED_LINE_BYTES } from '../values/limits.ts';
import { choose, type Rated, rated } from '../values/readings.ts';
import { isEntire } from '../values/structure.ts';
import { ratedValue } from '../values/value.ts';
import { Armour, beginsArmour } from './armour.ts';
import { Columns, haveSameColumns, isHeader } from './columns.ts';
import { beginsDump, Dump, RepeatBudget } from './dump.ts';
import { type Field, fieldsOf } from './fields.ts';
import { beginsForeignText, ForeignText } from './foreign-text.ts';
import { beginsForwardMessage, ForwardMessage } from './forward-message.ts';
import type { Line } from './line.ts';
import { beginsLiteral, isLengthDefinition, LiteralBlock } from './literal-block.ts';
import { fits, Run, type WrappedForm } from './run.ts';

/** What lines are taken for that could be several things, and what is missing where they are nothing. */
export type TextMode = 'hex' | 'base64' | 'json';

const COMPLAINTS: Readonly<Record<TextMode, string>> = {
  hex: 'not hex, or half a byte too much, and no other text form of bytes',
  base64: 'not base64',
  json: 'not JSON',
};

/** Words are shorter; programs that wrap base64 put 64 or 76 characters on a line. */
const LEAST_WRAPPED_BASE64 = 40;

const UPPER_A = 0x41;
const LOWER_G = 0x67;

/** Lines that are no block after all are gone through so often, whatever they begin like. */
const MOST_LEVELS = 2;

const NONE: Piece[] = [];

/** Lines that belong together. */
interface Block {
  /** Takes the line if it belongs to the block; `false` if the block ends before it. */
  takes(line: Line): boolean;
  /** Whether the block ends with the last line taken. */
  isComplete(): boolean;
  pieces(alone: (line: Line) => Iterable<Piece>, again: (lines: Iterable<Line>) => Iterable<Piece>): Iterable<Piece>;
}

/**
 * Lines of text to pieces. A line that is a record by itself is a piece at once; lines that begin a wrapped message, a dump,
 * armour or a literal are held until it ends. Blank lines and comments (`#`, `//`) are passed over.
 */
export class TextLines {
  private readonly mode: TextMode;
  private readonly level: number;
  private block: Block | undefined;
  private readonly columns = new Columns();
  /** A line that belongs to the one behind it: no piece if that is read. */
  private header: Piece | undefined;
  private isFirst = true;
  private readonly repeats = new RepeatBudget();

  /** @param level how often these lines have been taken for a block that they are not. */
  constructor(mode: TextMode, level = 0) {
    this.mode = mode;
    this.level = level;
  }

  /** Whether lines are being held that go on with brackets. */
  get isInLiteral(): boolean {
    const { block } = this;
    return block instanceof LiteralBlock || block instanceof ForeignText || block instanceof Dump;
  }

  /** Whether blank lines mean nothing here: no block could end with them. */
  get ignoresBlankLines(): boolean {
    return this.block === undefined;
  }

  line(line: Line): Iterable<Piece> {
    const { header } = this;
    if (header && this.block === undefined && trimmed(line.text).length > 0 && !belongsTo(header.bytes, line.text)) {
      this.header = undefined;
      return [header, ...this.settled(this.fresh(line))];
    }
    if (this.block === undefined) return this.settled(this.fresh(line));
    if (this.block.takes(line)) return this.block.isComplete() ? this.flush() : NONE;
    return this.behindBlock(line);
  }

  /** A block may hold many pieces: they are made one by one. */
  private *behindBlock(line: Line): Generator<Piece> {
    yield* this.flush();
    yield* this.settled(this.fresh(line));
  }

  /**
   * A line that begins with a bracket, while lines are held that go on with brackets: whether it belongs to them. If not, they
   * have ended, and the line may be JSON.
   */
  offer(line: Line): { isTaken: boolean; pieces: Iterable<Piece> } {
    const isTaken = this.block?.takes(line) ?? false;
    return { isTaken, pieces: isTaken && !this.block?.isComplete() ? [] : this.flush() };
  }

  /** What is still held; for the end of the input and for text that is something else. */
  end(): Iterable<Piece> {
    return this.block === undefined && this.header === undefined ? NONE : this.rest();
  }

  private *rest(): Generator<Piece> {
    yield* this.flush();
    if (this.header) yield this.header;
    this.header = undefined;
  }

  private *flush(): Generator<Piece> {
    const block = this.block;
    this.block = undefined;
    if (block === undefined) return;
    const alone = (line: Line) => this.alone(line);
    const again = (lines: Iterable<Line>) => this.again(lines);
    for (const piece of block.pieces(alone, again)) yield* this.settled([piece]);
  }

  /** Lines of a block that turned out to be none. */
  private *again(lines: Iterable<Line>): Generator<Piece> {
    const inner = this.level < MOST_LEVELS ? new TextLines(this.mode, this.level + 1) : undefined;
    for (const line of lines) yield* inner ? inner.line(line) : this.alone(line);
    if (inner) yield* inner.end();
  }

  /** Pieces behind the header that may be in front of them. */
  private settled(pieces: Piece[]): Piece[] {
    const { header } = this;
    const first = pieces[0];
    if (header === undefined || first === undefined) return pieces;
    this.header = undefined;
    return first.unreadable === undefined ? pieces : [header, ...pieces];
  }

  private fresh(line: Line): Piece[] {
    const text = trimmed(line.text);
    if (text.length === 0 || isComment(text)) return NONE;
    const isFirst = this.isFirst;
    this.isFirst = false;
    const hex = hexBytes(text);
    const bytes = hex ?? (mayBeBase64(text) ? base64Bytes(text) : undefined);
    if (bytes && isEntire(bytes)) return [pieceOf(placeOf(line), bytes)];
    this.block = this.blockFrom(line, text, hex);
    if (this.block) return this.block.isComplete() ? [...this.flush()] : [];
    const pieces = this.alone(line);
    if (pieces[0]?.unreadable !== undefined && ((isFirst && isHeader(text)) || isCaption(text))) {
      this.header = pieces[0];
      return [];
    }
    return pieces;
  }

  private blockFrom(line: Line, text: Uint8Array, hex: Uint8Array | undefined): Block | undefined {
    if (hex) return this.runFrom('hex', line, text, rated([{ form: 'hex', bytes: hex }]));
    if (beginsArmour(text)) return new Armour(line);
    if (beginsDump(line.text)) return new Dump(line, this.repeats);
    if (beginsForeignText(text)) return new ForeignText(line);
    if (beginsForwardMessage(text)) return new ForwardMessage(line);
    if (beginsLiteral(text)) return new LiteralBlock(line);
    const whole = isHalfByteMore(text) ? hexBytes(text, 0, text.length - 1) : undefined;
    if (whole) return this.runFrom('hex', line, text, rated([{ form: 'hex', bytes: whole }]));
    const readings = ratedValue(text, 'anyBase64');
    const form = fits('rows', text) ? 'rows' : fits('base64', text) ? 'base64' : undefined;
    return form && this.runFrom(form, line, text, readings);
  }

  /** A run, if the line may be the first of a wrapped message. */
  private runFrom(form: WrappedForm, line: Line, text: Uint8Array, readings: readonly Rated[]): Run | undefined {
    const first = { ...line, text };
    if (readings.some((reading) => reading.standing === 'cut')) return new Run(form, first, true);
    if (readings.some((reading) => reading.standing !== 'unknown')) return undefined;
    const isShort = readings.every(({ bytes }) => bytes.length <= MAX_WRAPPED_LINE_BYTES);
    const isLikely = form !== 'base64' || text.length >= LEAST_WRAPPED_BASE64;
    return isShort && isLikely && text.length <= 6 * MAX_WRAPPED_LINE_BYTES ? new Run(form, first, false) : undefined;
  }

  /** The pieces of a line as if no other were there. */
  private alone(line: Line): Piece[] {
    const text = trimmed(line.text);
    const readings = ratedValue(text, this.mode === 'base64' ? 'anyBase64' : 'any');
    const read = choose(readings, COMPLAINTS[this.mode]);
    if ('bytes' in read) return [pieceOf(placeOf(line), read.bytes)];
    const embedded = text.indexOf(CURLY_OPEN) < 0 ? [] : readEmbedded(line.text, placeOf(line));
    if (embedded.length > 0) return embedded;
    if (isLengthDefinition(text)) return [];
    return this.fromFields(line, readings.length > 0 ? read.unreadable : undefined);
  }

  private fromFields(line: Line, complaint: string | undefined): Piece[] {
    const fields: Field[] = [];
    let longest: Rated | undefined;
    for (const field of fieldsOf(line.text)) {
      const best = field.readings.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a));
      if (best.bytes.length > (longest?.bytes.length ?? 0)) longest = best;
      if (field.readings.some((reading) => reading.standing !== 'unknown')) fields.push(field);
    }
    const whole = fields.filter(({ readings }) => readings.some((reading) => reading.standing === 'whole'));
    const chosen = whole.length > 0 ? whole : fields.length === 1 ? fields : [];
    const found = chosen.map((field) => ({ field, read: choose(field.readings, '') }));
    const pieces = found.flatMap(({ field, read }) =>
      'bytes' in read ? [this.pieceOfField(line, field, read.bytes, found.length)] : [],
    );
    if (pieces.length > 0) {
      if (pieces.length === 1 && whole.length === 1) this.columns.learn(line.text, found[0]!.field.from);
      return pieces;
    }
    const column = this.columns.valueOf(line.text);
    const bytes = column && hexBytes(trimmed(column.text));
    if (bytes) return [pieceOf(placeOf(line), bytes)];
    const unreadable =
      complaint ?? `${COMPLAINTS[this.mode]}${column ? `; column ${column.number} is not hex` : looksLike(longest)}`;
    return [{ ...placeOf(line), bytes: line.text.slice(0, MAX_KEPT_BYTES), unreadable }];
  }

  private pieceOfField(line: Line, { from }: Field, bytes: Uint8Array, count: number): Piece {
    return pieceOf(count === 1 ? placeOf(line) : { offset: line.offset + from, line: line.line }, bytes);
  }
}

/** Whether a line is blank or a comment. */
export function isComment(text: Uint8Array): boolean {
  if (text[0] !== SLASH) return text[0] === HASH;
  const { length } = text;
  if (text[1] === ASTERISK) return length > 3 && text[length - 2] === ASTERISK && text[length - 1] === SLASH;
  // Two slashes are characters of base64 as well; a blank behind them is not.
  return text[1] === SLASH && length > 2 && isBlank(text[2]!);
}

/** Every structure, and every layer in front of one that is taken off, begins so in base64: with 00 to 04, or with 80. */
function mayBeBase64(text: Uint8Array): boolean {
  return text[0] === UPPER_A || text[0] === LOWER_G;
}

/** Whether a line names the columns of the line behind it, or is the line that tcpdump puts in front of the bytes of a packet. */
function belongsTo(header: Uint8Array, text: Uint8Array): boolean {
  return isCaption(header) ? beginsDump(text) : haveSameColumns(header, text);
}

function isCaption(text: Uint8Array): boolean {
  return isDigit(text[0]) && /^\d\d:\d\d:\d\d\.\d+ \w/.test(asciiString(text, 40));
}

/** Hex digits of which the last is half a byte, as lines wrapped at an odd width have them. */
function isHalfByteMore(text: Uint8Array): boolean {
  return text.length % 2 === 1 && text.length > 1 && fits('hex', text);
}

function placeOf({ offset, line }: Line): { offset: number; line: number } {
  return { offset, line };
}

function looksLike(longest: Rated | undefined): string {
  return longest === undefined
    ? ''
    : `; what looks like ${longest.form} of ${longest.bytes.length} bytes decodes as no structure`;
}
