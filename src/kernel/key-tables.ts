import type { KernelKey } from './kernel-batch.ts';
import { octetKey } from './octet-key.ts';

/** Which tables a key has: none, the small one, or the wide one for keys under which very much comes. */
export const TableKind = { none: -1, key: 0, issuer: 1 } as const;
export type TableKind = (typeof TableKind)[keyof typeof TableKind];

/** What is known of a public key, by its point: how much it was used, and which table it has. */
export interface KeyState {
  readonly point: Uint8Array;
  table: TableKind;
  slot: number;
  /** Uses that verified, halved every {@link HALF_LIFE} rounds. */
  score: number;
  /** The same of uses that did not verify. */
  tried: number;
  /** Whether the table is only lent, for uses that did not verify: any key that has paid for a table takes it away. */
  isLent: boolean;
  /** Round in which `score` and `tried` were last brought up to date, and in which the key was last used. */
  round: number;
  /** The equation that the key has a place in, and which. */
  equation: number;
  place: number;
}

/** Rounds after which a use counts half: keys that stopped coming make room. */
const HALF_LIFE = 64;
/**
 * Uses that pay for a table. The small one takes about as long as 35 verifications without, and is built at half of that, because what
 * came so often in a short while will come again; the wide one saves a sixth of one with the small table, and takes as long as some
 * 25,000 of those savings. It is built at a sixth of that: under an issuer who signed so much, much more will come.
 */
const TABLE_THRESHOLD = 16;
const WIDE_TABLE_THRESHOLD = 4096;
/** Tables lent in one round: the batch that names many keys for the first time must not take much longer for it. */
const MOST_LENT_A_ROUND = 8;
/** Failed uses after which a lent table goes from one key to another: twice what it costs to build. */
const LENT_TABLE_THRESHOLD = 70;
/** States kept; those without a table are forgotten first. */
const MAX_STATES = 16_384;

/** The tables themselves are in the kernel's memory: this says which slot is whose. */
export interface TableRoom {
  readonly keyTables: number;
  readonly issuerTables: number;
  /** Builds the table of a point; false when it is not on the curve. */
  build(kind: TableKind, slot: number, point: Uint8Array): boolean;
}

/**
 * The bounded cache of key tables. A key gets a table when its uses have paid for one; a full cache gives the place of the table
 * with the least score, and only to a key that has more. A table depends on the point alone, so that no change of trust touches it.
 *
 * Signatures that do not verify pay only for room that is left over: with a table, rubbish in the name of a CA costs less than half, and
 * its sender cannot take a table from a key that is used.
 */
export class KeyTables {
  built = 0;
  evicted = 0;
  readonly #room: TableRoom;
  readonly #byObject = new WeakMap<KernelKey, KeyState>();
  readonly #byPoint = new Map<string, KeyState>();
  readonly #slots: (KeyState | undefined)[][];
  #round = 0;
  /** Tables lent in this round. */
  #lent = 0;

  constructor(room: TableRoom) {
    this.#room = room;
    this.#slots = [new Array(room.keyTables).fill(undefined), new Array(room.issuerTables).fill(undefined)];
  }

  /** Keys that are known now. */
  get known(): number {
    return this.#byPoint.size;
  }

  /** A new round: keys used in earlier ones may lose their tables from now on. */
  begin(): void {
    this.#round++;
    this.#lent = 0;
  }

  /** The state of a key object; the same for every object of the same point. */
  of(key: KernelKey): KeyState {
    let state = this.#byObject.get(key);
    if (state === undefined) {
      state = this.ofPoint(key.point);
      this.#byObject.set(key, state);
    }
    return state;
  }

  ofPoint(point: Uint8Array): KeyState {
    const name = octetKey(point);
    const known = this.#byPoint.get(name);
    if (known !== undefined) return known;
    const state: KeyState = {
      point: point.slice(),
      table: TableKind.none,
      slot: -1,
      score: 0,
      tried: 0,
      isLent: false,
      round: 0,
      equation: 0,
      place: 0,
    };
    if (this.#byPoint.size >= MAX_STATES) this.#forget();
    this.#byPoint.set(name, state);
    return state;
  }

  /** Notes that a key is needed in this round: its table stays. */
  need(state: KeyState): void {
    this.#cool(state);
  }

  /** Counts a use that verified; `gain` is what of a verification a table would save (1 all but a little). */
  use(state: KeyState, gain: number): void {
    this.#cool(state);
    state.score += gain;
  }

  /** Counts a use that did not verify. */
  try(state: KeyState): void {
    this.#cool(state);
    state.tried++;
  }

  /** Gives a key the table that its uses have paid for, if there is room. The table it has then is in `state`. */
  provide(state: KeyState): void {
    if (state.isLent && state.score >= TABLE_THRESHOLD) state.isLent = false;
    if (state.table !== TableKind.issuer && state.score >= WIDE_TABLE_THRESHOLD) this.#place(state, TableKind.issuer);
    if (state.table === TableKind.none && state.score >= TABLE_THRESHOLD) this.#place(state, TableKind.key);
    if (state.table === TableKind.none && state.score + state.tried >= TABLE_THRESHOLD) this.#lend(state);
  }

  /** Gives a key a small table, whatever it was used for. */
  force(state: KeyState): void {
    state.score = Math.max(state.score, TABLE_THRESHOLD);
    this.#place(state, TableKind.key, true);
  }

  #cool(state: KeyState): void {
    if (state.round === this.#round) return;
    const left = this.#left(state);
    state.score *= left;
    state.tried *= left;
    state.round = this.#round;
  }

  /** What is left of a key's uses now. */
  #left({ round }: KeyState): number {
    return 0.5 ** ((this.#round - round) / HALF_LIFE);
  }

  #place(state: KeyState, kind: 0 | 1, force = false): void {
    const slots = this.#slots[kind] as (KeyState | undefined)[];
    let slot = slots.indexOf(undefined);
    if (slot < 0) slot = slots.findIndex((holder) => holder?.isLent);
    if (slot < 0) {
      slot = coldest(slots, (holder) => holder.score * this.#left(holder));
      const holder = slots[slot] as KeyState;
      // One that is used in this round stays, so that what was planned with it holds.
      if (holder.round === this.#round || (!force && 2 * holder.score * this.#left(holder) > state.score)) return;
    }
    this.#build(state, kind, slot);
  }

  /** Gives a key a free place, or that of another key that has it lent and was tried less. */
  #lend(state: KeyState): void {
    if (this.#lent >= MOST_LENT_A_ROUND) return;
    const slots = this.#slots[TableKind.key] as (KeyState | undefined)[];
    let slot = slots.indexOf(undefined);
    if (slot < 0) {
      if (state.tried < LENT_TABLE_THRESHOLD) return;
      const triedNow = (holder: KeyState): number =>
        holder.isLent ? holder.tried * this.#left(holder) : Number.POSITIVE_INFINITY;
      slot = coldest(slots, triedNow);
      if (2 * triedNow(slots[slot] as KeyState) > state.tried) return;
    }
    this.#lent++;
    this.#build(state, TableKind.key, slot);
    state.isLent = state.table === TableKind.key;
  }

  /** Builds a key's table in a place, and takes that from its holder. */
  #build(state: KeyState, kind: 0 | 1, slot: number): void {
    const slots = this.#slots[kind] as (KeyState | undefined)[];
    const holder = slots[slot];
    if (holder !== undefined) {
      holder.table = TableKind.none;
      holder.slot = -1;
      holder.isLent = false;
      this.evicted++;
    }
    slots[slot] = undefined;
    if (!this.#room.build(kind, slot, state.point)) {
      // Off the curve: nothing will ever pay for it.
      state.score = Number.NEGATIVE_INFINITY;
      state.tried = Number.NEGATIVE_INFINITY;
      return;
    }
    this.built++;
    if (state.table !== TableKind.none) (this.#slots[state.table] as (KeyState | undefined)[])[state.slot] = undefined;
    slots[slot] = state;
    state.table = kind;
    state.slot = slot;
    state.isLent = false;
  }

  /** Forgets the older half of the states that have no table. */
  #forget(): void {
    let left = MAX_STATES / 2;
    for (const [name, state] of this.#byPoint) {
      if (left === 0) return;
      if (state.table !== TableKind.none) continue;
      this.#byPoint.delete(name);
      left--;
    }
  }
}

/** The place whose holder has the least of something; every place has a holder. */
function coldest(slots: readonly (KeyState | undefined)[], scoreOf: (holder: KeyState) => number): number {
  let found = 0;
  let least = Number.POSITIVE_INFINITY;
  slots.forEach((holder, slot) => {
    const score = scoreOf(holder as KeyState);
    if (score < least) {
      least = score;
      found = slot;
    }
  });
  return found;
}
