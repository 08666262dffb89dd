import {
  isPlausibleHeader,
  LOG_FORM,
  LOG_FORMS,
  LOG_SEPARATOR,
  type LogForm,
  logPayloadLength,
  MAX_LOG_RECORD_BYTES,
} from './layers/log-header.ts';
import { MAX_KEPT_BYTES } from './limits.ts';
import { pieceOf } from './pieces.ts';
import type { Piece } from './record.ts';
import { ResynchronisingParser } from './resynchronising-parser.ts';
import type { Skipped } from './skipped.ts';
import type { Tally } from './tally.ts';
import { holdsStructure } from './unwrap.ts';

/** Headers in a row that make a place a record where no payload can vouch for it. */
const CHAIN_OF_HEADERS = 3;

/** With this much ahead every decision can be made, so none depends on how the input was cut into chunks. */
const LOOKAHEAD_BYTES = CHAIN_OF_HEADERS * MAX_LOG_RECORD_BYTES + LOG_FORM.headerBytes;

/**
 * Cuts a device log into its records.
 *
 * Where the last record ended, the next one is taken if its payload is exactly one well-formed 1609.2 structure, whatever
 * its header looks like; or else if its header makes sense, another such header or the end of the log follows the payload,
 * and no record with a well-formed structure begins inside it. Everything else is garbage up to the next credible record:
 * one whose header makes sense and whose payload is exactly one well-formed structure. Where the payloads of a log are
 * something else, it is one that starts a chain of headers which make sense. So a wrong length costs the record that
 * claims it and not those behind it. Each stretch of garbage is one unreadable piece.
 */
export class LogParser extends ResynchronisingParser {
  /** Known once the beginning of the log has shown it. */
  private form: LogForm | undefined;
  /** What is wrong where skipping began. */
  private complaint = '';
  /** A record has been taken, and the separator behind it has not come yet. */
  private mayBeSeparated = false;

  /** @param form what stands in front of the records; told from the beginning of the log if absent. */
  constructor(tally?: Tally, form?: LogForm) {
    super(tally);
    this.form = form;
  }

  protected complaintOf({ length, isWhole }: Skipped): string {
    const cut = isWhole ? '' : `; only the first ${MAX_KEPT_BYTES} are kept`;
    return `${this.complaint}; ${length} byte(s) up to the next credible record${cut}`;
  }

  private get buffer(): Uint8Array {
    return this.window.bytes;
  }

  private get records(): LogRecords {
    return new LogRecords(this.buffer, this.form ?? LOG_FORM);
  }

  protected *take(): Generator<Piece> {
    if (this.form === undefined && (this.isEnded || this.buffer.length >= LOOKAHEAD_BYTES)) {
      this.form = logFormOf(this.buffer, true) ?? LOG_FORM;
    }
    // A record that vouches for itself need not wait until the form is settled: it settles it.
    this.form ??= logFormOf(this.buffer, false);
    const records = this.records;
    while (this.form !== undefined) {
      this.skipSeparator();
      if (!this.canDecide(records)) break;
      const piece = this.skipped ? this.resynchronise(records) : this.takeNext(records);
      if (piece !== undefined) yield piece;
    }
  }

  private canDecide(records: LogRecords): boolean {
    const left = this.buffer.length - this.position;
    if (this.isEnded) return left > 0;
    if (left >= LOOKAHEAD_BYTES) return true;
    // Live: what comes whole and well-formed is taken at once.
    const end = this.skipped === undefined ? records.endOf(this.position) : undefined;
    return end !== undefined && records.isVouchedFor(this.position, end);
  }

  private skipSeparator(): void {
    if (!this.mayBeSeparated || this.position === this.buffer.length) return;
    this.mayBeSeparated = false;
    if (this.buffer[this.position] !== LOG_SEPARATOR) return;
    this.tally.framing(1);
    this.position++;
  }

  private takeNext(records: LogRecords): Piece | undefined {
    const end = records.endOf(this.position);
    if (end !== undefined && records.isVouchedFor(this.position, end)) return this.takeRecord(records);
    // Before a header is believed by its looks alone.
    if (this.goesBack(records)) return undefined;
    if (records.isRecord(this.position)) return this.takeRecord(records);
    this.complaint = records.complaint(this.position);
    this.startSkipping();
    this.position++;
    return undefined;
  }

  /** Goes back to a record that begins in the last one taken and ends behind it: that one was cut short. */
  private goesBack(records: LogRecords): boolean {
    const { base } = this.window;
    const from = this.lastTaken - base;
    this.lastTaken = -1;
    if (from < 0) return false;
    for (let at = from + 1; at < this.position; at++) {
      if (!records.isVouchedRecord(at) || (records.endOf(at) as number) <= this.position) continue;
      this.goBackTo(at);
      return true;
    }
    return false;
  }

  private resynchronise(records: LogRecords): Piece | undefined {
    if (records.isCredible(this.position)) return this.closeSkipped();
    this.position++;
    return undefined;
  }

  private takeRecord(records: LogRecords): Piece {
    const start = this.position;
    const { form } = records;
    const end = records.endOf(start) as number;
    const offset = this.window.base + start;
    this.position = end;
    this.lastTaken = offset;
    this.mayBeSeparated = true;
    const piece = pieceOf({ offset }, this.buffer.slice(start + form.headerBytes, end));
    const { bytes, layers: inner = [], lowerLayerPsid, unreadable } = piece;
    const layers = inner.length === 0 ? [form.layer] : [form.layer, ...inner];
    return this.tally.piece({ offset, bytes, layers, lowerLayerPsid, unreadable }, end - start);
  }
}

/**
 * The form of a log, by what it begins with: `undefined` if that is no log. Records that hold a structure decide; if `isAll`,
 * so do headers that follow each other.
 */
export function logFormOf(head: Uint8Array, isAll: boolean): LogForm | undefined {
  const vouched = LOG_FORMS.find((form) => {
    const records = new LogRecords(head, form);
    return isPlausibleHeader(form, head, 0) && records.isVouchedRecord(0);
  });
  if (vouched !== undefined || !isAll) return vouched;
  // The other forms have too little that could be wrong for headers alone to show them.
  return new LogRecords(head, LOG_FORM).startsChain(0) ? LOG_FORM : formBehindOddBytes(head);
}

/** How far into an input its first log record may begin. */
const MAX_ODD_BYTES = 4096;

function formBehindOddBytes(head: Uint8Array): LogForm | undefined {
  const logs = LOG_FORMS.map((form) => new LogRecords(head, form));
  // The first place of any form: a shorter header is also the end of a longer one.
  for (let at = 1; at < MAX_ODD_BYTES && at < head.length; at++) {
    const log = logs.find((records) => records.isVouchedRecord(at) && records.isFollowed(at));
    if (log !== undefined) return formOfPayload(logs, at + log.form.headerBytes);
  }
  return undefined;
}

/** A shorter header is also the end of a longer one: of those in front of a payload the one that more records follow, or the longest. */
function formOfPayload(logs: readonly LogRecords[], payloadAt: number): LogForm | undefined {
  const runs = logs.map((records) => records.vouchedRun(payloadAt - records.form.headerBytes));
  return logs[runs.indexOf(Math.max(...runs))]?.form;
}

const NOT_VOUCHED = 1;
const VOUCHED = 2;

/** What may be said of places in a log of one form. */
export class LogRecords {
  readonly form: LogForm;
  private readonly buffer: Uint8Array;
  /** Answers of {@link isVouchedFor} by position, since several places ask of the same record: 0 if not asked yet. */
  private vouched: Uint8Array | undefined;

  constructor(buffer: Uint8Array, form: LogForm) {
    this.buffer = buffer;
    this.form = form;
  }

  isRecord(position: number): boolean {
    const end = this.endOf(position);
    if (end === undefined) return false;
    if (this.isVouchedFor(position, end)) return true;
    if (!isPlausibleHeader(this.form, this.buffer, position) || !this.isBoundary(end)) return false;
    return !this.hidesRecord(position + 1, end);
  }

  isCredible(position: number): boolean {
    return this.isVouchedRecord(position) || this.startsChain(position);
  }

  /** A lying length may by chance lead to where a later record begins: then those between would be swallowed. */
  private hidesRecord(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.isVouchedRecord(at)) return true;
    return false;
  }

  isVouchedRecord(position: number): boolean {
    const end = isPlausibleHeader(this.form, this.buffer, position) ? this.endOf(position) : undefined;
    return end !== undefined && this.isVouchedFor(position, end);
  }

  /** Records that hold a structure and follow each other from here, as far as they are counted. */
  vouchedRun(position: number): number {
    let next = position;
    let count = 0;
    while (next >= 0 && count < CHAIN_OF_HEADERS && this.isVouchedRecord(next)) {
      next = this.behindSeparator(this.endOf(next) as number);
      count++;
    }
    return count;
  }

  /** Whether the payload of the record at `position`, which ends at `end`, is exactly one structure. */
  isVouchedFor(position: number, end: number): boolean {
    this.vouched ??= new Uint8Array(this.buffer.length);
    const known = this.vouched[position];
    if (known) return known === VOUCHED;
    const holds = holdsStructure(this.buffer.subarray(position + this.form.headerBytes, end));
    this.vouched[position] = holds ? VOUCHED : NOT_VOUCHED;
    return holds;
  }

  /**
   * Whether headers that make sense follow each other from here, or fill the rest of the log. Structures in the payloads
   * further on speak against it: in such a log the first would hold one, too, and this is a chance hit.
   */
  startsChain(position: number): boolean {
    let next = position;
    for (let i = 0; i < CHAIN_OF_HEADERS; i++) {
      const end = isPlausibleHeader(this.form, this.buffer, next) ? this.endOf(next) : undefined;
      if (end === undefined || this.isVouchedFor(next, end)) return false;
      next = this.behindSeparator(end);
      // One record alone that fills the rest may be chance.
      if (next === this.buffer.length) return i > 0;
    }
    return true;
  }

  /** Where the record at `position` ends; `undefined` if the log ends first. */
  endOf(position: number): number | undefined {
    const { buffer, form } = this;
    if (position + form.headerBytes > buffer.length) return undefined;
    const end = position + form.headerBytes + logPayloadLength(form, buffer, position);
    return end <= buffer.length ? end : undefined;
  }

  /** Whether the end of the log, or what looks like a header, is behind the record at `position`. */
  isFollowed(position: number): boolean {
    const end = this.endOf(position);
    return end !== undefined && this.isBoundary(end);
  }

  private isBoundary(end: number): boolean {
    const next = this.behindSeparator(end);
    return next === this.buffer.length || isPlausibleHeader(this.form, this.buffer, next);
  }

  behindSeparator(end: number): number {
    return this.buffer[end] === LOG_SEPARATOR ? end + 1 : end;
  }

  complaint(position: number): string {
    const { buffer, form } = this;
    const left = buffer.length - position - form.headerBytes;
    if (left < 0) return 'the log ends inside a record header';
    const claim = logPayloadLength(form, buffer, position);
    if (!isPlausibleHeader(form, buffer, position)) return 'no record header here';
    if (claim > left) return `the record claims ${claim} bytes, ${left} are left`;
    return `the record claims ${claim} bytes, which is not where the next record begins`;
  }
}
