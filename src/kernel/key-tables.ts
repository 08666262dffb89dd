import { octetKey } from './octet-key.ts';
import type { KernelKey } from './workbench.ts';

/** Which tables a key has: none, the small one, or the wide one for keys under which very much comes. */
export const TableKind = { none: -1, key: 0, issuer: 1 } as const;
export type TableKind = (typeof TableKind)[keyof typeof TableKind];

/** What is known of a public key, by its point: how much it was used, and which table it has. */
export interface KeyState {
  readonly point: Uint8Array;
  table: TableKind;
  slot: number;
  /** Uses, halved every {@link HALF_LIFE} rounds. */
  heat: number;
  /** Round in which `heat` was last brought up to date, and in which the key was last used. */
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
const PAYS = 16;
const PAYS_WIDE = 4096;
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
 * with the least heat, and only to a key that has more. A table depends on the point alone, so that no change of trust touches it.
 */
export class KeyTables {
  built = 0;
  evicted = 0;
  readonly #room: TableRoom;
  readonly #byObject = new WeakMap<KernelKey, KeyState>();
  readonly #byPoint = new Map<string, KeyState>();
  readonly #slots: (KeyState | undefined)[][];
  #round = 0;

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
      heat: 0,
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
    state.heat += gain;
  }

  /** Gives a key the table that its uses have paid for, if there is room. The table it has then is in `state`. */
  provide(state: KeyState): void {
    if (state.table !== TableKind.issuer && state.heat >= PAYS_WIDE) this.#place(state, TableKind.issuer);
    if (state.table === TableKind.none && state.heat >= PAYS) this.#place(state, TableKind.key);
  }

  /** Gives a key a small table, whatever it was used for. */
  force(state: KeyState): void {
    state.heat = Math.max(state.heat, PAYS);
    this.#place(state, TableKind.key, true);
  }

  #cool(state: KeyState): void {
    state.heat = this.#heatNow(state);
    state.round = this.#round;
  }

  #heatNow({ heat, round }: KeyState): number {
    return round === this.#round ? heat : heat * 0.5 ** ((this.#round - round) / HALF_LIFE);
  }

  #place(state: KeyState, kind: 0 | 1, force = false): void {
    const slots = this.#slots[kind] as (KeyState | undefined)[];
    let slot = slots.indexOf(undefined);
    if (slot < 0) {
      slot = this.#coldest(slots);
      const holder = slots[slot] as KeyState;
      // One that is used in this round stays, so that what was planned with it holds.
      if (holder.round === this.#round || (!force && 2 * this.#heatNow(holder) > state.heat)) return;
      holder.table = TableKind.none;
      holder.slot = -1;
      this.evicted++;
    }
    slots[slot] = undefined;
    if (!this.#room.build(kind, slot, state.point)) {
      // Off the curve: nothing will ever pay for it.
      state.heat = Number.NEGATIVE_INFINITY;
      return;
    }
    this.built++;
    if (state.table !== TableKind.none) (this.#slots[state.table] as (KeyState | undefined)[])[state.slot] = undefined;
    slots[slot] = state;
    state.table = kind;
    state.slot = slot;
  }

  #coldest(slots: readonly (KeyState | undefined)[]): number {
    let coldest = 0;
    let least = Number.POSITIVE_INFINITY;
    slots.forEach((holder, slot) => {
      const heat = this.#heatNow(holder as KeyState);
      if (heat < least) {
        least = heat;
        coldest = slot;
      }
    });
    return coldest;
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
