import { type Applied, applyBundle } from '../apply.ts';
import { createTrustState, type TrustInit } from '../create.ts';
import { readState } from '../settings.ts';
import type { Artefact, ImplicitRootRevocation, TrustContext, TrustState } from '../types.ts';
import { TrustFiles, TrustStoreError } from './files.ts';
import {
  BEFORE_FIRST,
  HASH_DIGITS,
  type JournalArtefact,
  type JournalEntry,
  type JournalInit,
  type JournalRecord,
  opened,
  RULES_REVISION,
  sealed,
  sha256Hex,
  TrustStoreDamaged,
} from './journal.ts';

/** The result of applying a bundle to a store, and the head of its journal. */
export interface AppliedToStore extends Applied {
  readonly head: string;
}

/** How to apply a bundle to a store. */
export interface ApplyOptions {
  /** Decides, and writes nothing. */
  readonly dryRun?: boolean;
}

/** The newest state, the head that belongs to it, and the entries that led there. */
export interface Snapshot {
  readonly state: TrustState;
  /** Hash of the journal's newest entry. */
  readonly head: string;
  readonly length: number;
  /** What of a state that an earlier release wrote is read in another way. */
  readonly warnings: readonly string[];
}

const WAY_OUT = '(scms-verify trust rebuild derives it from the journal)';
/** How often reading starts again because a writer was faster. */
const MOST_ATTEMPTS = 100;

/**
 * The state of trust on disk, with the journal that it came from. Everything of one {@link apply} is committed as a whole: a
 * process that is killed leaves the old revision or the new one. Of several writers each works on what the one before left.
 */
export class StoredTrust {
  private readonly files: TrustFiles;

  private constructor(files: TrustFiles) {
    this.files = files;
  }

  /**
   * Makes a store from what a device is given out of band.
   *
   * @throws RangeError as {@link createTrustState}; TrustStoreError if the directory is not free.
   */
  static create(folder: string, init: TrustInit, context: TrustContext): StoredTrust {
    const { state, decisions } = createTrustState(init, context);
    const store = new StoredTrust(TrustFiles.create(folder));
    const octets = new Map<string, Uint8Array>();
    const journalInit: JournalInit = {
      electors: init.electors.map((one) => keep(octets, one)),
      roots: (init.roots ?? []).map((one) => keep(octets, one)),
      quorum: init.quorum,
      ...state.settings,
    };
    const step = { at: init.at, init: journalInit, artefacts: [], decisions, state };
    const head = store.commit(step, octets, { head: BEFORE_FIRST, length: 0 });
    if (head === undefined) throw new TrustStoreError(folder, 'a trust store is there already');
    return store;
  }

  /**
   * @throws TrustStoreError without a store; TrustStoreDamaged if the newest state is not the one that the journal's
   * newest entry names.
   */
  static open(folder: string): StoredTrust {
    const store = new StoredTrust(TrustFiles.open(folder));
    store.snapshot();
    return store;
  }

  /**
   * Derives the newest state of a store that has lost it from the journal and its artefacts, and keeps it.
   *
   * @param check sees the state before it is kept, and may refuse it by throwing.
   * @throws TrustStoreError without a store; TrustStoreDamaged if the journal does not lead to the state that its newest
   * entry names, or an earlier release wrote that entry.
   */
  static rebuild(folder: string, context: TrustContext, check: (state: TrustState) => void = () => {}): StoredTrust {
    const store = new StoredTrust(TrustFiles.open(folder));
    const derived = store.deriveAll(context);
    const { entry } = store.newest();
    if (derived.state === undefined) {
      const detail = 'an earlier release wrote its newest entry: the state has to come from a copy of the store';
      throw new TrustStoreDamaged(folder, detail);
    }
    check(derived.state);
    store.files.keepState(entry.state, JSON.stringify(derived.state));
    store.snapshot();
    return store;
  }

  get folder(): string {
    return this.files.folder;
  }

  /** The newest state, which another process may have made. @throws TrustStoreDamaged */
  get state(): TrustState {
    return this.snapshot().state;
  }

  /** Hash of the journal's newest entry. */
  get head(): string {
    return this.newest().hash;
  }

  /** What of the newest state is read in another way than the release meant that wrote it. @throws TrustStoreDamaged */
  get warnings(): readonly string[] {
    return this.snapshot().warnings;
  }

  /** Revision of the newest state, without reading that. */
  get revision(): number {
    return this.newest().entry.revision;
  }

  /** @throws TrustStoreDamaged */
  snapshot(): Snapshot {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const { hash, entry } = this.newest();
      const json = this.files.state(entry.state);
      // Old states are taken away: a writer was faster.
      if (json === undefined && this.files.length > entry.number + 1) continue;
      if (json === undefined) {
        throw new TrustStoreDamaged(this.folder, `the newest state is missing ${WAY_OUT}`);
      }
      if (sha256Hex(json) !== entry.state) {
        throw new TrustStoreDamaged(this.folder, `the newest state has another hash ${WAY_OUT}`);
      }
      return { ...readState(JSON.parse(json) as TrustState), head: hash, length: entry.number + 1 };
    }
    throw new TrustStoreError(this.folder, 'it changes faster than it can be read');
  }

  /** Decides a bundle at a time, and keeps it with every decision, also if all of it is refused. @throws as {@link applyBundle} */
  apply(
    bundle: readonly Artefact[],
    now: bigint,
    context: TrustContext,
    { dryRun = false }: ApplyOptions = {},
  ): AppliedToStore {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const before = this.snapshot();
      const { state, decisions } = applyBundle(before.state, bundle, now, context);
      if (dryRun) return { state, decisions, head: before.head };
      const octets = new Map<string, Uint8Array>();
      const artefacts = bundle.map((artefact) => journalArtefact(octets, artefact));
      const step = { at: now, artefacts, decisions, state, ...this.baseOf(octets) };
      const head = this.commit(step, octets, before);
      // Another writer was faster: decide on top of its state.
      if (head !== undefined) return { state, decisions, head };
    }
    throw new TrustStoreError(this.folder, 'others change it all the time');
  }

  /** The journal from its start; its hashes are checked on the way. @throws TrustStoreDamaged */
  *records(): Generator<JournalRecord> {
    const { length } = this.files;
    let previous = BEFORE_FIRST;
    for (let number = 0; number < length; number++) {
      const record = this.record(number, previous);
      previous = record.hash;
      yield record;
    }
  }

  /**
   * Derives every revision again from the artefacts, and compares each decision and state with what the journal says. Of entries
   * that an earlier release wrote by other rules only the chain of hashes is checked.
   *
   * @returns the entries compared.
   * @throws TrustStoreDamaged where something differs, or an artefact is not what its hash says.
   */
  verify(context: TrustContext): number {
    return this.deriveAll(context).count;
  }

  /** The state after the newest entry, undefined if that follows other rules, and how many entries were derived. */
  private deriveAll(context: TrustContext): { readonly state: TrustState | undefined; readonly count: number } {
    let state: TrustState | undefined;
    let count = 0;
    let previous = '';
    for (const { entry } of this.records()) {
      if ((entry.rules ?? 1) !== RULES_REVISION) {
        state = undefined;
      } else {
        const again = this.derive(entry.base === undefined ? state : this.base(entry, previous), entry, context);
        const differs =
          JSON.stringify(again.decisions) !== JSON.stringify(entry.decisions) ||
          again.state.revision !== entry.revision ||
          sha256Hex(JSON.stringify(again.state)) !== entry.state;
        if (differs) {
          throw new TrustStoreDamaged(this.folder, `entry ${entry.number} does not follow from its artefacts`);
        }
        state = again.state;
        count++;
      }
      previous = entry.state;
    }
    return { state, count };
  }

  /** The state that an entry goes on from, if the one before it follows other rules. */
  private base({ base, number }: JournalEntry, previous: string): TrustState {
    if (base !== previous) throw new TrustStoreDamaged(this.folder, `entry ${number} goes on from another state`);
    const octets = this.octets(base, number);
    return readState(JSON.parse(Buffer.from(octets).toString('utf8')) as TrustState).state;
  }

  /** Keeps the newest state beside the artefacts if an earlier release wrote it: no other rules derive it again. */
  private baseOf(octets: Map<string, Uint8Array>): Pick<JournalEntry, 'base'> {
    const { entry } = this.newest();
    if ((entry.rules ?? 1) === RULES_REVISION) return {};
    const json = this.files.state(entry.state);
    if (json === undefined) throw new TrustStoreDamaged(this.folder, 'the newest state is missing');
    return { base: keep(octets, Buffer.from(json)) };
  }

  private derive(state: TrustState | undefined, entry: JournalEntry, context: TrustContext): Applied {
    const { init, number } = entry;
    if ((state === undefined) !== (init !== undefined)) {
      throw new TrustStoreDamaged(this.folder, `entry ${number} cannot stand where it does`);
    }
    const octetsOf = (sha256: string): Uint8Array => this.octets(sha256, number);
    if (init !== undefined) {
      const { electors, roots, implicitRootRevocation, ...settings } = init;
      return createTrustState(
        {
          ...settings,
          implicitRootRevocation: implicitRootRevocation as ImplicitRootRevocation,
          electors: electors.map(octetsOf),
          roots: roots.map(octetsOf),
          at: BigInt(entry.at),
        },
        context,
      );
    }
    const bundle = entry.artefacts.map((artefact): Artefact => {
      if ('quorum' in artefact) {
        const { name, quorum, votes } = artefact;
        return { name, quorum, votes: votes.map(octetsOf) };
      }
      if ('settings' in artefact) return artefact;
      const { sha256, ...rest } = artefact;
      return { ...rest, octets: octetsOf(sha256) };
    });
    return applyBundle(state as TrustState, bundle, BigInt(entry.at), context);
  }

  private octets(sha256: string, number: number): Uint8Array {
    const octets = this.files.octets(sha256);
    if (octets === undefined)
      throw new TrustStoreDamaged(this.folder, `entry ${number}: artefact ${sha256} is missing`);
    if (sha256Hex(octets) !== sha256) {
      throw new TrustStoreDamaged(this.folder, `entry ${number}: artefact ${sha256} has another hash`);
    }
    return octets;
  }

  private newest(): JournalRecord {
    const number = this.files.length - 1;
    const before = number === 0 ? BEFORE_FIRST : (this.files.record(number - 1) ?? '').slice(0, HASH_DIGITS);
    return this.record(number, before);
  }

  private record(number: number, previous: string): JournalRecord {
    const record = this.files.record(number);
    if (record === undefined) throw new TrustStoreDamaged(this.folder, `entry ${number} is missing`);
    return opened(this.folder, record, number, previous);
  }

  /** The new head, or undefined if another writer made that entry meanwhile. */
  private commit(
    { at, init, base, artefacts, decisions, state }: Step,
    octets: ReadonlyMap<string, Uint8Array>,
    before: Pick<Snapshot, 'head' | 'length'>,
  ): string | undefined {
    const json = JSON.stringify(state);
    const sha256 = sha256Hex(json);
    const number = before.length;
    const entry: JournalEntry = {
      number,
      at: String(at),
      rules: RULES_REVISION,
      ...(init && { init }),
      ...(base !== undefined && { base }),
      artefacts,
      decisions,
      revision: state.revision,
      state: sha256,
    };
    const { hash, record } = sealed(entry, before.head);
    return this.files.commit({ number, record, octets, state: { sha256, json } }) ? hash : undefined;
  }
}

/** What an entry is made of. */
interface Step extends Pick<JournalEntry, 'init' | 'base' | 'artefacts' | 'decisions'> {
  readonly at: bigint;
  readonly state: TrustState;
}

/** Notes bytes to be kept, and returns the name they are kept under. */
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
  if ('settings' in artefact) return artefact;
  const sha256 = keep(blobs, artefact.octets);
  return { name, sha256, ...(artefact.authenticated !== undefined && { authenticated: artefact.authenticated }) };
}
