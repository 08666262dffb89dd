import { RForm } from './kernel.ts';
import type { KeyState } from './key-tables.ts';
import type { Core, Regions } from './regions.ts';
import type { SignatureSource } from './signature-source.ts';

/** The signatures of a round as the scheduler takes them: what they are over is in the module's memory, keys are here. */
export class RoundSignatures implements SignatureSource {
  readonly hashed = false;
  readonly hasAlternative = false;
  /** Key of each signature; undefined if it is a point. Of an implicit certificate's, `issuers` has the known key above. */
  readonly keys: (KeyState | undefined)[];
  readonly issuers: (KeyState | undefined)[];
  /** Whether there is another implicit certificate between the two. */
  readonly uppers: boolean[];
  /** The signature that has to hold before; −1 if there is none. */
  readonly requirements: Int16Array;
  readonly #core: Core;
  readonly #regions: Regions;

  constructor(core: Core) {
    this.#core = core;
    this.#regions = core.regions;
    const { roundCapacity } = core.regions;
    this.keys = new Array(roundCapacity).fill(undefined);
    this.issuers = new Array(roundCapacity).fill(undefined);
    this.uppers = new Array(roundCapacity).fill(false);
    this.requirements = new Int16Array(roundCapacity);
  }

  requirementOf(index: number): number {
    return this.requirements[index] as number;
  }

  keyOf(index: number): KeyState | undefined {
    return this.keys[index];
  }

  hasY(index: number): boolean {
    return this.#regions.signatureForm[index] !== RForm.xOnly;
  }

  isImplicit(index: number): boolean {
    return this.issuers[index] !== undefined;
  }

  hasUpper(index: number): boolean {
    return this.uppers[index] as boolean;
  }

  issuerOf(index: number): KeyState {
    return this.issuers[index] as KeyState;
  }

  place(indices: readonly number[]): void {
    this.#regions.order.set(indices);
    this.#core.call.placeSignatures(indices.length);
  }

  placePoints(count: number): void {
    this.#core.call.placeKeys(count);
  }

  placePairs(count: number): void {
    this.#core.call.placeImplicit(count);
  }

  placeAlternative(): never {
    throw new Error('signatures of a round have no alternative');
  }

  placeUpper(count: number): void {
    this.#core.call.placeUpper(count);
  }
}
