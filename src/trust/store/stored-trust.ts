import { type Applied, applyBundle } from '../apply.ts';
import { createTrustState, type TrustInit } from '../create.ts';
import type { Artefact, Decision, TrustContext, TrustState } from '../types.ts';
import { type Head, TrustDatabase } from './database.ts';
import {
  BEFORE_FIRST,
  type JournalArtefact,
  type JournalEntry,
  type JournalInit,
  type JournalRecord,
  opened,
  sealed,
  sha256Hex,
  TrustStoreDamaged,
} from './journal.ts';

/** What was applied to a store, and where its journal stands now. */
export interface AppliedToStore extends Applied {
  readonly head: string;
}

export interface ApplyOptions {
  /** Decides, and writes nothing. */
  readonly dryRun?: boolean;
}

/**
 * The state of trust on disk, with the journal that it came from. Everything of one {@link apply} is committed as a whole: a
 * process that is killed leaves the old revision or the new one. One writer at a time; others wait.
 */
export class StoredTrust {
  readonly folder: string;
  private readonly database: TrustDatabase;

  private constructor(folder: string, database: TrustDatabase) {
    this.folder = folder;
    this.database = database;
  }

  /**
   * Makes a store from what a device is given out of band.
   *
   * @throws RangeError as {@link createTrustState}; TrustStoreError where the directory is not free.
   */
  static create(folder: string, init: TrustInit, context: TrustContext): StoredTrust {
    const { state, decisions } = createTrustState(init, context);
    const store = new StoredTrust(folder, TrustDatabase.create(folder));
    const blobs = new Map<string, Uint8Array>();
    const { settings } = state;
    const entryOf: JournalInit = {
      electors: init.electors.map((octets) => keep(blobs, octets)),
      roots: (init.roots ?? []).map((octets) => keep(blobs, octets)),
      quorum: init.quorum,
      ...settings,
    };
    store.database.exclusively(() => {
      store.append({ at: init.at, init: entryOf, artefacts: [], decisions, state }, blobs, {
        hash: BEFORE_FIRST,
        length: 0,
      });
    });
    return store;
  }

  /**
   * @throws TrustStoreError where there is no store; TrustStoreDamaged where the newest state is not the one that the journal's
   * newest record names.
   */
  static open(folder: string, { readOnly = false }: { readonly readOnly?: boolean } = {}): StoredTrust {
    const store = new StoredTrust(folder, TrustDatabase.open(folder, { readOnly }));
    try {
      store.read();
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  /** The newest state, which another process may have made. */
  get state(): TrustState {
    return this.read().state;
  }

  /** Revision of the newest state, without reading that. */
  get revision(): number {
    this.database.refresh();
    const { length } = this.database.head;
    return this.record(length - 1, this.hashBefore(length - 1)).entry.revision;
  }

  /** The newest state, and the head that belongs to it. */
  snapshot(): { readonly state: TrustState; readonly head: string } {
    const { state, head } = this.read();
    return { state, head: head.hash };
  }

  /** Hash of the journal's newest record. */
  get head(): string {
    this.database.refresh();
    return this.database.head.hash;
  }

  /** Judges a bundle at a time, and remembers it with every decision, whatever these are. @throws as {@link applyBundle} */
  apply(
    bundle: readonly Artefact[],
    now: bigint,
    context: TrustContext,
    { dryRun = false }: ApplyOptions = {},
  ): AppliedToStore {
    if (dryRun) {
      const { state, head } = this.read();
      return { ...applyBundle(state, bundle, now, context), head: head.hash };
    }
    return this.database.exclusively(() => {
      const { state: before, head } = this.read();
      const { state, decisions } = applyBundle(before, bundle, now, context);
      const blobs = new Map<string, Uint8Array>();
      const artefacts = bundle.map((artefact) => journalArtefact(blobs, artefact));
      const hash = this.append({ at: now, artefacts, decisions, state }, blobs, head);
      return { state, decisions, head: hash };
    });
  }

  /** The journal from its start; its hashes are checked on the way. @throws TrustStoreDamaged */
  *records(): Generator<JournalRecord> {
    this.database.refresh();
    const { length, hash } = this.database.head;
    let previous = BEFORE_FIRST;
    for (let number = 0; number < length; number++) {
      const record = this.record(number, previous);
      previous = record.hash;
      yield record;
    }
    if (previous !== hash) throw new TrustStoreDamaged(this.folder, 'the head is not the last entry');
  }

  /**
   * Derives every revision again from the artefacts, and compares each decision and state with what the journal says.
   *
   * @returns the entries compared.
   * @throws TrustStoreDamaged where something differs, or an artefact is not what its hash says.
   */
  verify(context: TrustContext): number {
    let state: TrustState | undefined;
    let count = 0;
    for (const { entry } of this.records()) {
      const again = this.derive(state, entry, context);
      const differs =
        JSON.stringify(again.decisions) !== JSON.stringify(entry.decisions) ||
        again.state.revision !== entry.revision ||
        sha256Hex(JSON.stringify(again.state)) !== entry.state;
      if (differs) throw new TrustStoreDamaged(this.folder, `entry ${entry.number} does not follow from its artefacts`);
      state = again.state;
      count++;
    }
    return count;
  }

  close(): void {
    this.database.close();
  }

  private derive(state: TrustState | undefined, entry: JournalEntry, context: TrustContext): Applied {
    const { init, number } = entry;
    if ((state === undefined) !== (init !== undefined)) {
      throw new TrustStoreDamaged(this.folder, `entry ${number} cannot stand where it does`);
    }
    const octetsOf = (sha256: string): Uint8Array => this.octets(sha256, number);
    if (init !== undefined) {
      const { electors, roots, ...settings } = init;
      return createTrustState(
        { ...settings, electors: electors.map(octetsOf), roots: roots.map(octetsOf), at: BigInt(entry.at) },
        context,
      );
    }
    const bundle = entry.artefacts.map((artefact): Artefact => {
      if ('quorum' in artefact) {
        const { name, quorum, votes } = artefact;
        return { name, quorum, votes: votes.map(octetsOf) };
      }
      const { sha256, ...rest } = artefact;
      return { ...rest, octets: octetsOf(sha256) };
    });
    return applyBundle(state as TrustState, bundle, BigInt(entry.at), context);
  }

  private octets(sha256: string, number: number): Uint8Array {
    const octets = this.database.blob(sha256);
    if (octets === undefined)
      throw new TrustStoreDamaged(this.folder, `entry ${number}: artefact ${sha256} is missing`);
    if (sha256Hex(octets) !== sha256) {
      throw new TrustStoreDamaged(this.folder, `entry ${number}: artefact ${sha256} has another hash`);
    }
    return octets;
  }

  private read(): { state: TrustState; head: Head } {
    this.database.refresh();
    const { database } = this;
    const { head } = database;
    // The record before it is not needed to know that these three belong together.
    const text = database.record(head.length - 1) ?? '';
    const json = database.state;
    if (text.slice(0, 64) !== head.hash) throw new TrustStoreDamaged(this.folder, 'the head is not the last entry');
    const { entry } = this.record(head.length - 1, this.hashBefore(head.length - 1));
    if (sha256Hex(json) !== entry.state) throw new TrustStoreDamaged(this.folder, 'the state is not the last one');
    return { state: JSON.parse(json) as TrustState, head };
  }

  private hashBefore(number: number): string {
    return number === 0 ? BEFORE_FIRST : (this.database.record(number - 1) ?? '').slice(0, 64);
  }

  private record(number: number, previous: string): JournalRecord {
    const record = this.database.record(number);
    if (record === undefined) throw new TrustStoreDamaged(this.folder, `entry ${number} is missing`);
    return opened(this.folder, record, number, previous);
  }

  private append(
    step: {
      at: bigint;
      init?: JournalInit;
      artefacts: readonly JournalArtefact[];
      decisions: readonly Decision[];
      state: TrustState;
    },
    blobs: ReadonlyMap<string, Uint8Array>,
    before: Head,
  ): string {
    const json = JSON.stringify(step.state);
    const entry: JournalEntry = {
      number: before.length,
      at: String(step.at),
      ...(step.init && { init: step.init }),
      artefacts: step.artefacts,
      decisions: step.decisions,
      revision: step.state.revision,
      state: sha256Hex(json),
    };
    const { hash, record } = sealed(entry, before.hash);
    this.database.append({ hash, length: before.length + 1 }, record, blobs, json);
    return hash;
  }
}

/** Notes octets that are to be kept, and says what they are kept under. */
function keep(blobs: Map<string, Uint8Array>, octets: Uint8Array): string {
  const sha256 = sha256Hex(octets);
  blobs.set(sha256, octets);
  return sha256;
}

function journalArtefact(blobs: Map<string, Uint8Array>, artefact: Artefact): JournalArtefact {
  const { name } = artefact;
  if ('quorum' in artefact) {
    return { name, quorum: artefact.quorum, votes: (artefact.votes ?? []).map((octets) => keep(blobs, octets)) };
  }
  const sha256 = keep(blobs, artefact.octets);
  return { name, sha256, ...(artefact.authenticated !== undefined && { authenticated: artefact.authenticated }) };
}
