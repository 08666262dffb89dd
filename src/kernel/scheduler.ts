/**
 * Chooses for each signature how it is verified: by its key's table, by a batch equation, in lock-step with others, or singly; and runs
 * them in the module. The choice never changes what comes out, only what it costs.
 */

import { Status, type VerifyPath } from './kernel.ts';
import { type KeyState, KeyTables, TableKind } from './key-tables.ts';
import { type KernelMetrics, noMetrics } from './metrics.ts';
import type { Core, Regions } from './regions.ts';

/** How keys are given to verifyByEquation (assembly/p256/batch.ts). */
const KEY_SHARED = 0;
const KEY_AFFINE = 1;
const KEY_COMPRESSED = 2;
const KEY_IMPLICIT = 3;

/** Fewest signatures that an equation is worth: with less, its buckets cost more than they save. */
const MIN_EQUATION = 12;
/** Smallest equation that failures bring it down to. */
const MIN_ADAPTED = 64;
/** Most signatures that are verified singly rather than in lock-step. */
const MAX_SINGLE = 3;
/** What a table saves where the equation is the alternative: a third of what it saves against lock-step. */
const GAIN_OVER_EQUATION = 1 / 3;

/** Signatures of one run, by index. */
export interface SignatureSource {
  readonly hashed: boolean;
  /** The key, where it is known before the run; else it is a point of the source. */
  keyOf(index: number): KeyState | undefined;
  /** Whether R came with its y, so that an equation can take it. */
  hasY(index: number): boolean;
  /** Whether a key that is a point is an implicit certificate's. */
  isImplicit(index: number): boolean;
  /** The issuer's key of an implicit certificate. */
  issuerOf(index: number): KeyState;
  /** Puts signatures into INPUT, R_FORM, R_VALUE and S_VALUE, in this order. */
  place(indices: readonly number[]): void;
  /** Puts the points that are the keys into COMPRESSED; `place` has been called with the same indices. */
  placePoints(count: number): void;
  /** Puts what e of implicit certificates is the hash of into IMPLICIT_INPUT. */
  placePairs(count: number): void;
}

type Run = (source: SignatureSource, indices: readonly number[], out: Uint8Array) => void;

export class Scheduler {
  readonly #core: Core;
  readonly #regions: Regions;
  readonly tables: KeyTables;
  readonly #counts: KernelMetrics = noMetrics();
  /** Signatures that the next equation takes at most: less while somebody plants bad ones, so that halving costs less. */
  #equationSize: number;
  #equation = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#regions = core.regions;
    this.#equationSize = core.regions.capacity;
    const { key, status, keyTables, issuerTables } = core.regions;
    this.tables = new KeyTables({
      keyTables,
      issuerTables,
      build: (kind, slot, point) => {
        key.set(point);
        core.call.buildKeyTable(kind, slot);
        return status[0] === Status.notJudged;
      },
    });
  }

  get metrics(): KernelMetrics {
    return { ...this.#counts, tablesBuilt: this.tables.built, tablesEvicted: this.tables.evicted };
  }

  /** Judges signatures 0 … count − 1 into `out`, one {@link Status} each. */
  run(source: SignatureSource, count: number, out: Uint8Array, path: VerifyPath): void {
    out.fill(Status.notJudged, 0, count);
    this.tables.begin();
    if (path === 'auto' || path === 'table') this.#provideTables(source, count, path === 'table');
    const byTable: number[][] = [[], []];
    const equations: number[][] = [[], [], []];
    const rest: number[] = [];
    for (let i = 0; i < count; i++) {
      const key = source.keyOf(i);
      if (key !== undefined && key.table !== TableKind.none && (path === 'auto' || path === 'table')) {
        (byTable[key.table] as number[]).push(i);
      } else if ((path === 'auto' || path === 'batch') && source.hasY(i)) {
        (equations[key !== undefined ? 0 : source.isImplicit(i) ? 2 : 1] as number[]).push(i);
      } else {
        rest.push(i);
      }
    }
    byTable.forEach((indices, kind) => {
      this.#inCalls(indices, (some) => this.#byTables(source, some, kind, out));
    });
    equations.forEach((indices, kind) => {
      if (path === 'auto' && indices.length < MIN_EQUATION) rest.push(...indices);
      else this.#byEquations(source, indices, kind, out, rest);
    });
    if (rest.length > 0) this.#byThemselves(source, rest, out, path);
  }

  #provideTables(source: SignatureSource, count: number, force: boolean): void {
    const { tables } = this;
    for (let i = 0; i < count; i++) {
      const key = source.keyOf(i);
      if (key === undefined) continue;
      tables.use(key, source.hasY(i) ? GAIN_OVER_EQUATION : 1);
      this.#counts[key.table === TableKind.none ? 'cacheMisses' : 'cacheHits']++;
      if (force && key.table === TableKind.none) tables.force(key);
    }
    if (force) return;
    for (let i = 0; i < count; i++) {
      const key = source.keyOf(i);
      if (key !== undefined) tables.provide(key);
    }
  }

  /** Cuts indices to what one call takes. */
  #inCalls(indices: readonly number[], run: (some: readonly number[]) => void, size = this.#regions.capacity): void {
    for (let from = 0; from < indices.length; from += size) run(indices.slice(from, from + size));
  }

  #byTables(source: SignatureSource, indices: readonly number[], kind: number, out: Uint8Array): void {
    source.place(indices);
    const { tableSlot } = this.#regions;
    for (let k = 0; k < indices.length; k++) tableSlot[k] = (source.keyOf(indices[k] as number) as KeyState).slot;
    this.#core.call.verifyByTables(indices.length, source.hashed ? 1 : 0, kind);
    this.#takeStatuses(indices, out);
    this.#counts.table += indices.length;
  }

  #takeStatuses(indices: readonly number[], out: Uint8Array): void {
    const { status } = this.#regions;
    for (let k = 0; k < indices.length; k++) out[indices[k] as number] = status[k] as number;
  }

  /** Equations of known keys (0), points (1) or implicit certificates (2); what they leave open is added to `rest`. */
  #byEquations(
    source: SignatureSource,
    indices: readonly number[],
    kind: number,
    out: Uint8Array,
    rest: number[],
  ): void {
    for (let from = 0; from < indices.length; ) {
      const some = indices.slice(from, from + this.#equationSize);
      const taken =
        kind === 0 ? this.#equationOfKeys(source, some, out) : this.#equationOfPoints(source, some, kind, out);
      from += taken;
      this.#takeOpen(some.slice(0, taken), out, rest);
    }
  }

  /** One equation under known keys; returns how many signatures it took. */
  #equationOfKeys(source: SignatureSource, indices: readonly number[], out: Uint8Array): number {
    const shared = this.#share(indices, (i) => source.keyOf(i) as KeyState);
    // With more keys than can be shared every key is its signature's own.
    const isShared = shared.taken === indices.length;
    source.place(indices);
    if (!isShared) {
      const { key } = this.#regions;
      for (let k = 0; k < indices.length; k++) key.set((source.keyOf(indices[k] as number) as KeyState).point, 64 * k);
    }
    this.#evaluate(source, indices, isShared ? KEY_SHARED : KEY_AFFINE, isShared ? shared.points : 0, out);
    return indices.length;
  }

  #equationOfPoints(source: SignatureSource, some: readonly number[], kind: number, out: Uint8Array): number {
    if (kind === 1) {
      source.place(some);
      source.placePoints(some.length);
      this.#evaluate(source, some, KEY_COMPRESSED, 0, out);
      return some.length;
    }
    const shared = this.#share(some, (i) => source.issuerOf(i));
    const indices = some.slice(0, shared.taken);
    source.place(indices);
    source.placePoints(indices.length);
    source.placePairs(indices.length);
    this.#evaluate(source, indices, KEY_IMPLICIT, shared.points, out);
    return indices.length;
  }

  /** Gives keys their places among the shared points, as far as these go. */
  #share(indices: readonly number[], keyOf: (index: number) => KeyState): { taken: number; points: number } {
    const { shared, sharedIndex, sharedKey } = this.#regions;
    const equation = ++this.#equation;
    let points = 0;
    for (let k = 0; k < indices.length; k++) {
      const key = keyOf(indices[k] as number);
      if (key.equation !== equation) {
        if (points === shared) return { taken: k, points };
        key.equation = equation;
        key.place = points++;
        sharedKey.set(key.point, 64 * key.place);
      }
      sharedIndex[k] = key.place;
    }
    return { taken: indices.length, points };
  }

  #evaluate(source: SignatureSource, indices: readonly number[], kind: number, shared: number, out: Uint8Array): void {
    const { multipliers } = this.#regions;
    // Chosen after everything else is fixed, by the platform's generator: nobody can make errors that cancel.
    crypto.getRandomValues(multipliers.subarray(0, 16 * indices.length));
    this.#core.call.verifyByEquation(indices.length, source.hashed ? 1 : 0, kind, shared);
    this.#takeStatuses(indices, out);
    const equations = this.#core.equations.value as number;
    this.#counts.equations += equations;
    this.#counts.bisections += equations - 1;
  }

  /** Moves what an equation did not judge to `rest`, and lets failures decide how large the next one may be. */
  #takeOpen(indices: readonly number[], out: Uint8Array, rest: number[]): void {
    let open = 0;
    for (const index of indices) {
      if (out[index] !== Status.notJudged) continue;
      rest.push(index);
      open++;
    }
    this.#counts.equation += indices.length - open;
    this.#counts.leftOver += open;
    const { capacity } = this.#regions;
    this.#equationSize =
      open > 0 ? Math.max(MIN_ADAPTED, this.#equationSize >> 1) : Math.min(capacity, this.#equationSize << 1);
  }

  /** Each by itself: in lock-step, or one after the other where that is quicker. */
  #byThemselves(source: SignatureSource, indices: readonly number[], out: Uint8Array, path: VerifyPath): void {
    const known = indices.filter((i) => source.keyOf(i) !== undefined);
    const points = indices.filter((i) => source.keyOf(i) === undefined && !source.isImplicit(i));
    const implicit = indices.filter((i) => source.keyOf(i) === undefined && source.isImplicit(i));
    const single = path === 'single' || (path === 'auto' && indices.length <= MAX_SINGLE);
    const size = single ? 1 : this.#regions.capacity;
    const run = (some: readonly number[], loadKeys: Run): void => {
      this.#inCalls(some, (these) => loadKeys(source, these, out), size);
    };
    run(known, (_, these) => {
      const { key } = this.#regions;
      these.forEach((i, k) => {
        key.set((source.keyOf(i) as KeyState).point, 64 * k);
      });
      this.#verify(source, these, out, single);
    });
    run(points, (_, these) => {
      source.place(these);
      source.placePoints(these.length);
      this.#core.call.decompress(these.length);
      this.#verifyUnderOutput(source, these, out, single);
    });
    this.#inCalls(implicit, (these) => this.#verifyImplicit(source, these, out));
  }

  /** In lock-step, also where there is only one: its key is part of the same sum. */
  #verifyImplicit(source: SignatureSource, indices: readonly number[], out: Uint8Array): void {
    const { key } = this.#regions;
    source.place(indices);
    source.placePoints(indices.length);
    source.placePairs(indices.length);
    indices.forEach((i, k) => {
      key.set(source.issuerOf(i).point, 64 * k);
    });
    this.#core.call.verifyImplicit(indices.length, source.hashed ? 1 : 0);
    this.#takeStatuses(indices, out);
    this.#counts.lockstep += indices.length;
  }

  /** Verifies under the points that the last call put out; where it put out none, the key is (0, 0) and off the curve. */
  #verifyUnderOutput(source: SignatureSource, indices: readonly number[], out: Uint8Array, single: boolean): void {
    const { key, points } = this.#regions;
    key.set(points.subarray(0, 64 * indices.length));
    this.#verify(source, indices, out, single);
  }

  #verify(source: SignatureSource, indices: readonly number[], out: Uint8Array, single: boolean): void {
    source.place(indices);
    if (single) this.#core.call.verifyOne(source.hashed ? 1 : 0);
    else this.#core.call.verify(indices.length, source.hashed ? 1 : 0);
    this.#counts[single ? 'single' : 'lockstep'] += indices.length;
    this.#takeStatuses(indices, out);
  }
}
