import { createHash } from 'node:crypto';
import type { Decision, SettingsArtefact } from '../types.ts';

/**
 * The journal of a trust store: artefacts, times and decisions, as a chain of hashes. Each record's hash covers the one
 * before it, so that none can be changed, taken out or put in without every later hash changing. A writer who replaces
 * all of it is detected only by comparing the newest hash, the head, with a copy kept elsewhere (DECISIONS D33).
 */

/** An artefact as the journal names it; its bytes are kept beside the journal under their SHA-256. */
export interface JournalFile {
  readonly name: string;
  readonly sha256: string;
  readonly authenticated?: boolean;
}

/** A change of quorum, with its votes. */
export interface JournalQuorum {
  readonly name: string;
  readonly quorum: number;
  readonly votes: readonly string[];
}

/** A change of settings. */
export type JournalSettings = SettingsArtefact;

/** An artefact as an entry of the journal names it. */
export type JournalArtefact = JournalFile | JournalQuorum | JournalSettings;

/**
 * The rules that decisions follow. An entry says which; those of other rules are not derived again, because they would come to
 * something else. Raise it with every change of a decision or of what a state holds.
 */
export const RULES_REVISION = 2;

/** What the first record says beside its artefacts: the choices of the device. */
export interface JournalInit {
  /** SHA-256 of each certificate. */
  readonly electors: readonly string[];
  readonly roots: readonly string[];
  readonly quorum: number;
  readonly maxElectors: number;
  readonly maxRoots: number;
  readonly raHostname: string | null;
  readonly electorGroupId: string | null;
  readonly implicitRootRevocation: string;
}

/** One entry of the journal: time, artefacts, decisions, and the hash of the entry before it. */
export interface JournalEntry {
  /** From 0, without gaps. */
  readonly number: number;
  /** The time of the decisions: TAI microseconds since 2004, decimal. */
  readonly at: string;
  /** {@link RULES_REVISION} of the release that wrote it; default: 1. */
  readonly rules?: number;
  /** The first entry, and only it. */
  readonly init?: JournalInit;
  /**
   * SHA-256 of the state before it, which is kept beside the artefacts. Present if the entry before it follows other rules: what
   * comes after is derived from that state.
   */
  readonly base?: string;
  readonly artefacts: readonly JournalArtefact[];
  readonly decisions: readonly Decision[];
  /** Revision of the state after it, and SHA-256 of that state's JSON. */
  readonly revision: number;
  readonly state: string;
}

/** An entry with its place in the chain. */
export interface JournalRecord {
  readonly hash: string;
  readonly entry: JournalEntry;
}

export const HASH_DIGITS = 64;
/** What the hash of the first record covers in place of one before it. */
export const BEFORE_FIRST = '0'.repeat(HASH_DIGITS);

export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A record as it is stored: its hash, and the text that it covers together with the hash before it. */
export function sealed(entry: JournalEntry, previous: string): { hash: string; record: string } {
  const text = JSON.stringify(entry);
  const hash = sha256Hex(previous + text);
  return { hash, record: `${hash} ${text}` };
}

/** Raised if a store was changed by anything but this program. */
export class TrustStoreDamaged extends Error {
  constructor(folder: string, detail: string) {
    super(`${folder}: the trust store is damaged: ${detail}`);
    this.name = 'TrustStoreDamaged';
  }
}

/**
 * Opens a stored record.
 *
 * @throws TrustStoreDamaged if it does not follow `previous`.
 */
export function opened(folder: string, record: string, number: number, previous: string): JournalRecord {
  const [hash, text] = [record.slice(0, HASH_DIGITS), record.slice(HASH_DIGITS + 1)];
  if (record[HASH_DIGITS] !== ' ' || sha256Hex(previous + text) !== hash) {
    throw new TrustStoreDamaged(folder, `entry ${number} does not have the hash that it carries`);
  }
  const entry = JSON.parse(text) as JournalEntry;
  if (entry.number !== number) throw new TrustStoreDamaged(folder, `entry ${entry.number} stands in place ${number}`);
  return { hash, entry };
}
