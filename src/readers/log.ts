import { MAX_KEPT_GARBAGE_OCTETS } from './limits.ts';
import {
  isPlausibleHeader,
  LOG_HEADER_OCTETS,
  LOG_SEPARATOR,
  logPayloadLength,
  MAX_LOG_RECORD_OCTETS,
} from './log-header.ts';
import { concat } from './octets.ts';
import type { Piece, RecordParser } from './record.ts';
import { holdsStructure, unwrap } from './unwrap.ts';

/** Headers in a row that make a place a record where no payload can vouch for it. */
const CHAIN_OF_HEADERS = 3;

/** With this much ahead every decision can be made, so none depends on how the input was cut into chunks. */
const LOOKAHEAD_OCTETS = CHAIN_OF_HEADERS * MAX_LOG_RECORD_OCTETS + LOG_HEADER_OCTETS;

/** A stretch that no record was found in. */
interface Garbage {
  readonly offset: number;
  readonly reason: string;
  kept: Uint8Array[];
  keptOctets: number;
  octets: number;
}

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
export class LogParser implements RecordParser {
  private buffer: Uint8Array = new Uint8Array(0);
  /** Octet of the log at which the buffer begins. */
  private base = 0;
  private position = 0;
  private ended = false;
  private garbage: Garbage | undefined;
  /** Position in the buffer from which garbage has not yet been put aside. */
  private garbageFrom = 0;

  push(chunk: Uint8Array): Piece[] {
    this.buffer = concat([this.buffer.subarray(this.position), chunk]);
    this.base += this.position;
    this.position = 0;
    this.garbageFrom = 0;
    return this.cut();
  }

  end(): Piece[] {
    this.ended = true;
    const pieces = this.cut();
    const last = this.closeGarbage();
    return last ? [...pieces, last] : pieces;
  }

  private cut(): Piece[] {
    const pieces: Piece[] = [];
    while (this.canDecide()) {
      if (this.garbage) this.resynchronise(pieces);
      else this.takeNext(pieces);
    }
    this.putGarbageAside();
    return pieces;
  }

  private canDecide(): boolean {
    const left = this.buffer.length - this.position;
    return this.ended ? left > 0 : left >= LOOKAHEAD_OCTETS;
  }

  private takeNext(pieces: Piece[]): void {
    if (this.isRecord()) {
      pieces.push(this.takeRecord());
      return;
    }
    this.garbage = { ...this.complaint(), kept: [], keptOctets: 0, octets: 0 };
    this.garbageFrom = this.position++;
  }

  private resynchronise(pieces: Piece[]): void {
    if (!this.isCredible()) {
      this.position++;
      return;
    }
    const garbage = this.closeGarbage();
    if (garbage) pieces.push(garbage);
    pieces.push(this.takeRecord());
  }

  private isRecord(): boolean {
    const end = this.endOfRecord(this.position);
    if (end === undefined) return false;
    if (this.isVouchedFor(this.position, end)) return true;
    if (!isPlausibleHeader(this.buffer, this.position) || !this.isBoundary(end)) return false;
    return !this.hidesRecord(this.position + 1, end);
  }

  private isCredible(): boolean {
    return this.isVouchedRecord(this.position) || this.startsChain(this.position);
  }

  /** A lying length may by chance lead to where a later record begins: then those between would be swallowed. */
  private hidesRecord(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.isVouchedRecord(at)) return true;
    return false;
  }

  private isVouchedRecord(position: number): boolean {
    const end = isPlausibleHeader(this.buffer, position) ? this.endOfRecord(position) : undefined;
    return end !== undefined && this.isVouchedFor(position, end);
  }

  private isVouchedFor(position: number, end: number): boolean {
    return holdsStructure(this.buffer.subarray(position + LOG_HEADER_OCTETS, end));
  }

  /**
   * Whether headers that make sense follow each other from here, or fill the rest of the log. Structures in the payloads
   * further on speak against it: in such a log the first would hold one, too, and this is a chance hit.
   */
  private startsChain(position: number): boolean {
    let next = position;
    for (let i = 0; i < CHAIN_OF_HEADERS; i++) {
      const end = isPlausibleHeader(this.buffer, next) ? this.endOfRecord(next) : undefined;
      if (end === undefined || this.isVouchedFor(next, end)) return false;
      next = this.behindSeparator(end);
      // One record alone that fills the rest may be chance.
      if (next === this.buffer.length) return i > 0;
    }
    return true;
  }

  /** Where the record at `position` ends; `undefined` where the log ends first. */
  private endOfRecord(position: number): number | undefined {
    if (position + LOG_HEADER_OCTETS > this.buffer.length) return undefined;
    const end = position + LOG_HEADER_OCTETS + logPayloadLength(this.buffer, position);
    return end <= this.buffer.length ? end : undefined;
  }

  private isBoundary(end: number): boolean {
    const next = this.behindSeparator(end);
    return next === this.buffer.length || isPlausibleHeader(this.buffer, next);
  }

  private behindSeparator(end: number): number {
    return this.buffer[end] === LOG_SEPARATOR ? end + 1 : end;
  }

  private takeRecord(): Piece {
    const end = this.endOfRecord(this.position)!;
    const payload = this.buffer.slice(this.position + LOG_HEADER_OCTETS, end);
    const { bytes, layers, lowerLayerPsid } = unwrap(payload);
    const offset = this.base + this.position;
    this.position = this.behindSeparator(end);
    const piece = { offset, bytes, unwrap: ['obulog', ...layers].join('+') };
    return lowerLayerPsid === undefined ? piece : { ...piece, lowerLayerPsid };
  }

  private complaint(): { offset: number; reason: string } {
    const { buffer, position } = this;
    const offset = this.base + position;
    const left = buffer.length - position - LOG_HEADER_OCTETS;
    if (left < 0) return { offset, reason: 'the log ends inside a record header' };
    const claim = logPayloadLength(buffer, position);
    if (!isPlausibleHeader(buffer, position)) return { offset, reason: 'no record header here' };
    if (claim > left) return { offset, reason: `the record claims ${claim} octets, ${left} are left` };
    return { offset, reason: `the record claims ${claim} octets, which is not where the next record begins` };
  }

  private putGarbageAside(): void {
    const { garbage } = this;
    if (garbage === undefined) return;
    const stretch = this.buffer.slice(this.garbageFrom, this.position);
    const room = MAX_KEPT_GARBAGE_OCTETS - garbage.keptOctets;
    const kept = stretch.subarray(0, room);
    if (kept.length > 0) garbage.kept.push(kept);
    garbage.keptOctets += kept.length;
    garbage.octets += stretch.length;
    this.garbageFrom = this.position;
  }

  private closeGarbage(): Piece | undefined {
    this.putGarbageAside();
    const { garbage } = this;
    if (garbage === undefined) return undefined;
    this.garbage = undefined;
    const lost = garbage.octets - garbage.keptOctets;
    const cut = lost > 0 ? `; only the first ${garbage.keptOctets} are kept` : '';
    const unreadable = `${garbage.reason}; ${garbage.octets} octet(s) up to the next credible record${cut}`;
    return { offset: garbage.offset, bytes: concat(garbage.kept), unreadable };
  }
}
