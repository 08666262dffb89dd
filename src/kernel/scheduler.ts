/**
 * Chooses for each signature how it is verified: by its key's table, by a batch equation, in lock-step with others, or singly; and runs
 * them in the module. The choice never changes what comes out, only what it costs.
 */

import { Equations, KINDS, type Kind } from './equations.ts';
import { Status, type VerifyPath } from './kernel.ts';
import { type KeyState, KeyTables, TableKind } from './key-tables.ts';
import { type KernelMetrics, noMetrics } from './metrics.ts';
import type { Core, Regions } from './regions.ts';
import type { SignatureSource } from './signature-source.ts';

/** Most signatures that are verified singly rather than in lock-step. */
const MAX_SINGLE = 3;
/** What a table saves where the equation is the alternative: a third of what it saves against lock-step. */
const GAIN_OVER_EQUATION = 1 / 3;

type Run = (source: SignatureSource, indices: readonly number[], out: Uint8Array) => void;

export class Scheduler {
  readonly #core: Core;
  readonly #regions: Regions;
  readonly tables: KeyTables;
  readonly #counts: KernelMetrics = noMetrics();
  readonly #equations: Equations;

  constructor(core: Core) {
    this.#core = core;
    this.#regions = core.regions;
    this.#equations = new Equations(core, this.#counts);
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
    const untried = KINDS.map((kind) =>
      this.#equations.verify(source, equations[kind], kind, out, rest, path === 'batch'),
    );
    for (const some of untried) rest.push(...some);
    if (rest.length > 0) this.#byThemselves(source, rest, out, path);
    KINDS.forEach((kind, k) => {
      const some = untried[k] as readonly number[];
      this.#equations.saw(kind, some.length, some.filter((i) => out[i] === Status.badSignature).length);
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
