/**
 * Chooses for each signature how it is verified: by its key's table, by a batch equation, in lock-step with others, or singly; and runs
 * them in the module. The choice never changes what comes out, only what it costs.
 */

import { EquationSize, LEAF } from './equation-size.ts';
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
/** Most signatures that are verified singly rather than in lock-step. */
const MAX_SINGLE = 3;
/** What a table saves where the equation is the alternative: a third of what it saves against lock-step. */
const GAIN_OVER_EQUATION = 1 / 3;

/** What the keys of signatures are, for equations: known, points, or made by implicit certificates. */
const KINDS = ['known', 'point', 'implicit'] as const;
type Kind = (typeof KINDS)[number];

/** Signatures of one run, by index. */
export interface SignatureSource {
  readonly hashed: boolean;
  /** Whether every signature has another input, to be tried where its own does not hold: under known keys only. */
  readonly hasAlternative: boolean;
  /** The signature that has to hold, or else this one is not verified at all: it comes earlier. −1 where there is none. */
  requirementOf(index: number): number;
  /** The key, where it is known before the run; else it is a point of the source. */
  keyOf(index: number): KeyState | undefined;
  /** Whether R came with its y, so that an equation can take it. */
  hasY(index: number): boolean;
  /** Whether a key that is a point is an implicit certificate's. */
  isImplicit(index: number): boolean;
  /** Whether its issuer's certificate is implicit as well. */
  hasUpper(index: number): boolean;
  /** The known key above an implicit certificate, or above two. */
  issuerOf(index: number): KeyState;
  /** Puts signatures into INPUT, R_FORM, R_VALUE and S_VALUE, in this order. */
  place(indices: readonly number[]): void;
  /** Puts the other inputs where `region` says. */
  placeAlternative(indices: readonly number[], region: Uint8Array): void;
  /** Puts the points that are the keys into COMPRESSED; `place` has been called with the same indices. */
  placePoints(count: number): void;
  /** Puts what e of implicit certificates is the hash of into IMPLICIT_INPUT. */
  placePairs(count: number): void;
  /** Puts the same of implicit issuers, and their points, into ISSUER_INPUT and ISSUER_COMPRESSED. */
  placeUpper(count: number): void;
}

type Run = (source: SignatureSource, indices: readonly number[], out: Uint8Array) => void;

export class Scheduler {
  readonly #core: Core;
  readonly #regions: Regions;
  readonly tables: KeyTables;
  readonly #counts: KernelMetrics = noMetrics();
  /** Each kind by itself: who floods with minted implicit certificates makes nothing dearer for known senders. */
  readonly #sizes: Readonly<Record<Kind, EquationSize>>;
  #equation = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#regions = core.regions;
    const { capacity } = core.regions;
    this.#sizes = {
      known: new EquationSize(capacity),
      point: new EquationSize(capacity),
      implicit: new EquationSize(capacity),
    };
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

  /** Verifies signatures 0 … count − 1 into `out`, one {@link Status} each; what its requirement fails for stays `notJudged`. */
  run(source: SignatureSource, count: number, out: Uint8Array, path: VerifyPath): void {
    out.fill(Status.notJudged, 0, count);
    this.tables.begin();
    const free: number[] = [];
    const bound: number[] = [];
    for (let i = 0; i < count; i++) (source.requirementOf(i) < 0 ? free : bound).push(i);
    this.#runAll(source, free, out, path);
    if (bound.length === 0) return;
    const due = bound.filter((i) => out[source.requirementOf(i)] === Status.ok);
    if (due.length > 0) this.#runAll(source, due, out, path);
  }

  #runAll(source: SignatureSource, indices: readonly number[], out: Uint8Array, path: VerifyPath): void {
    if (path === 'auto' || path === 'table') this.#provideTables(source, indices, path === 'table');
    const byTable: number[][] = [[], []];
    const equations: Record<Kind, number[]> = { known: [], point: [], implicit: [] };
    const rest: number[] = [];
    for (const i of indices) {
      const key = source.keyOf(i);
      if (key !== undefined && key.table !== TableKind.none && (path === 'auto' || path === 'table')) {
        (byTable[key.table] as number[]).push(i);
      } else if ((path === 'auto' || path === 'batch') && source.hasY(i) && !this.#isTwofold(source, i)) {
        equations[key !== undefined ? 'known' : source.isImplicit(i) ? 'implicit' : 'point'].push(i);
      } else {
        rest.push(i);
      }
    }
    byTable.forEach((some, kind) => {
      this.#inCalls(some, (these) => this.#byTables(source, these, kind, out));
    });
    const untried = KINDS.map((kind) => this.#byEquations(source, equations[kind], kind, out, rest, path === 'batch'));
    for (const some of untried) rest.push(...some);
    if (rest.length > 0) this.#byThemselves(source, rest, out, path);
    KINDS.forEach((kind, k) => {
      const some = untried[k] as readonly number[];
      this.#sizes[kind].saw(some.length, some.filter((i) => out[i] === Status.badSignature).length);
    });
    this.#creditTables(source, indices, out);
  }

  #provideTables(source: SignatureSource, indices: readonly number[], force: boolean): void {
    const { tables } = this;
    for (const i of indices) {
      const key = source.keyOf(i);
      if (key === undefined) continue;
      tables.need(key);
      this.#counts[key.table === TableKind.none ? 'cacheMisses' : 'cacheHits']++;
      if (force && key.table === TableKind.none) tables.force(key);
    }
    if (force) return;
    for (const i of indices) {
      const key = source.keyOf(i);
      if (key !== undefined) tables.provide(key);
    }
  }

  /**
   * What verified pays for a table, and the issuer of an implicit certificate is credited as well; what did not verify counts by itself,
   * for tables that nobody else wants.
   */
  #creditTables(source: SignatureSource, indices: readonly number[], out: Uint8Array): void {
    const { tables } = this;
    for (const i of indices) {
      const key = source.keyOf(i) ?? (source.isImplicit(i) ? source.issuerOf(i) : undefined);
      if (key === undefined) continue;
      if (out[i] === Status.ok) tables.use(key, source.keyOf(i) && source.hasY(i) ? GAIN_OVER_EQUATION : 1);
      else if (out[i] === Status.badSignature) tables.try(key);
    }
  }

  /** Cuts indices to what one call takes. */
  #inCalls(indices: readonly number[], run: (some: readonly number[]) => void, size = this.#regions.capacity): void {
    for (let from = 0; from < indices.length; from += size) run(indices.slice(from, from + size));
  }

  #byTables(source: SignatureSource, indices: readonly number[], kind: number, out: Uint8Array): void {
    source.place(indices);
    this.#callTables(source, indices, kind);
    this.#takeStatuses(indices, out);
    this.#retry(source, indices, out, (some) => this.#callTables(source, some, kind));
  }

  #callTables(source: SignatureSource, indices: readonly number[], kind: number): void {
    const { tableSlot } = this.#regions;
    for (let k = 0; k < indices.length; k++) tableSlot[k] = (source.keyOf(indices[k] as number) as KeyState).slot;
    this.#core.call.verifyByTables(indices.length, source.hashed ? 1 : 0, kind);
    this.#counts.table += indices.length;
  }

  /** Calls once more for what does not hold, over the other inputs. */
  #retry(
    source: SignatureSource,
    indices: readonly number[],
    out: Uint8Array,
    call: (some: readonly number[]) => void,
  ): void {
    if (!source.hasAlternative) return;
    const wrong = indices.filter((i) => out[i] === Status.badSignature);
    if (wrong.length === 0) return;
    source.place(wrong);
    source.placeAlternative(wrong, this.#regions.input);
    call(wrong);
    const { status } = this.#regions;
    wrong.forEach((i, k) => {
      if (status[k] === Status.ok) out[i] = Status.okAlternative;
    });
  }

  #takeStatuses(indices: readonly number[], out: Uint8Array): void {
    const { status } = this.#regions;
    for (let k = 0; k < indices.length; k++) out[indices[k] as number] = status[k] as number;
  }

  /** Equations of one kind. What they leave open is added to `rest`; returns what no equation is worth trying for. */
  #byEquations(
    source: SignatureSource,
    indices: readonly number[],
    kind: Kind,
    out: Uint8Array,
    rest: number[],
    force: boolean,
  ): readonly number[] {
    const sizes = this.#sizes[kind];
    for (let from = 0; from < indices.length; ) {
      const some = indices.slice(from, from + (force ? this.#regions.capacity : sizes.next));
      if (!force && some.length < MIN_EQUATION) return indices.slice(from);
      const taken =
        kind === 'known' ? this.#equationOfKeys(source, some, out) : this.#equationOfPoints(source, some, kind, out);
      from += taken;
      sizes.saw(taken, Math.ceil(this.#takeOpen(some.slice(0, taken), out, rest) / LEAF));
    }
    return [];
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

  #equationOfPoints(source: SignatureSource, some: readonly number[], kind: Kind, out: Uint8Array): number {
    if (kind === 'point') {
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

  /** Moves what an equation did not verify to `rest`; says how much that is. */
  #takeOpen(indices: readonly number[], out: Uint8Array, rest: number[]): number {
    let open = 0;
    for (const index of indices) {
      if (out[index] !== Status.notJudged) continue;
      rest.push(index);
      open++;
    }
    this.#counts.equation += indices.length - open;
    this.#counts.leftOver += open;
    return open;
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
    for (const upper of [false, true]) {
      const some = implicit.filter((i) => source.hasUpper(i) === upper);
      this.#inCalls(some, (these) => this.#verifyImplicit(source, these, upper, out));
    }
  }

  /** Whether the key is made of two implicit certificates, which equations do not know. */
  #isTwofold(source: SignatureSource, index: number): boolean {
    return source.keyOf(index) === undefined && source.isImplicit(index) && source.hasUpper(index);
  }

  /** In lock-step, also where there is only one: its key is part of the same sum. */
  #verifyImplicit(source: SignatureSource, indices: readonly number[], upper: boolean, out: Uint8Array): void {
    const { key } = this.#regions;
    source.place(indices);
    source.placePoints(indices.length);
    source.placePairs(indices.length);
    indices.forEach((i, k) => {
      key.set(source.issuerOf(i).point, 64 * k);
    });
    if (upper) source.placeUpper(indices.length);
    this.#core.call.verifyImplicit(indices.length, source.hashed ? 1 : 0, upper ? 1 : 0);
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
    const { call } = this.#core;
    const hashed = source.hashed ? 1 : 0;
    source.place(indices);
    if (single) call.verifyOne(hashed);
    else if (source.hasAlternative) {
      source.placeAlternative(indices, this.#regions.alternative);
      call.verifyEither(indices.length, hashed);
    } else call.verify(indices.length, hashed);
    this.#counts[single ? 'single' : 'lockstep'] += indices.length;
    this.#takeStatuses(indices, out);
    // KEY still holds the one key of a single signature.
    if (single) this.#retry(source, indices, out, () => call.verifyOne(hashed));
  }
}
