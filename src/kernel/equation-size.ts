/**
 * How many signatures the next equation may take, so that wrong ones cannot make equations cost more than they save.
 *
 * The share of wrong signatures is estimated from those that came of late. An equation of 1 / (4·share) fails about once in four; if
 * that is fewer than {@link SMALLEST}, each signature by itself costs less (64 in one equation, one of them wrong: three times the
 * equation, and sixteen in lock-step).
 */

/** Signatures that an equation leaves open together (assembly/p256/batch.ts): one of them at least is wrong, or its y is. */
export const LEAF = 16;
/** Smallest equation that failures bring it down to. */
const SMALLEST = 16;
/** Signatures after which those before them count half. */
const MEMORY = 512;

export class EquationSize {
  readonly #capacity: number;
  #share = 0;

  /** @param capacity Signatures that an equation can take. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Signatures for the next equation; 0: none is worth trying now. */
  get next(): number {
    const size = Math.min(this.#capacity, Math.floor(1 / (4 * this.#share)));
    return size < SMALLEST ? 0 : size;
  }

  /** Takes in how many of some signatures were wrong. */
  saw(signatures: number, wrong: number): void {
    if (signatures === 0) return;
    this.#share += (wrong / signatures - this.#share) * (signatures / (signatures + MEMORY));
  }
}
