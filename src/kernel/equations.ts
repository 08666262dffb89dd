/** Verifies signatures by batch equations with bisection (assembly/p256/batch.ts). */
import { EquationSize, LEAF } from './equation-size.ts';
import { Status } from './kernel.ts';
import type { KeyState } from './key-tables.ts';
import type { KernelMetrics } from './metrics.ts';
import type { Core, Regions } from './regions.ts';
import type { SignatureSource } from './signature-source.ts';

/** How keys are given to verifyByEquation (assembly/p256/batch.ts). */
const KEY_SHARED = 0;
const KEY_AFFINE = 1;
const KEY_COMPRESSED = 2;
const KEY_IMPLICIT = 3;

/** Fewest signatures that an equation is worth: with less, its buckets cost more than they save. */
const MIN_EQUATION = 12;

/** What the keys of signatures are, for equations: known, points, or made by implicit certificates. */
export const KINDS = ['known', 'point', 'implicit'] as const;
export type Kind = (typeof KINDS)[number];

export class Equations {
  readonly #core: Core;
  readonly #regions: Regions;
  readonly #counts: KernelMetrics;
  /** Each kind by itself: a flood of minted implicit certificates makes nothing dearer for known senders. */
  readonly #sizes: Readonly<Record<Kind, EquationSize>>;
  #equation = 0;

  /** @param counts What is counted is added there. */
  constructor(core: Core, counts: KernelMetrics) {
    this.#core = core;
    this.#regions = core.regions;
    this.#counts = counts;
    const { capacity } = core.regions;
    this.#sizes = {
      known: new EquationSize(capacity),
      point: new EquationSize(capacity),
      implicit: new EquationSize(capacity),
    };
  }

  /** Takes note of signatures that no equation was tried for: how many of them were bad. */
  saw(kind: Kind, count: number, bad: number): void {
    this.#sizes[kind].saw(count, bad);
  }

  /** Equations of one kind. What they leave open is added to `rest`; returns what no equation is worth trying for. */
  verify(
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
    const { status } = this.#regions;
    for (let k = 0; k < indices.length; k++) out[indices[k] as number] = status[k] as number;
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
}
