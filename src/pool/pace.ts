import { BATCH_COST } from '../verifier/cost.ts';

/** How long a batch should take: what closes a pool, or changes its trust, waits for the batches that threads have. */
export const BATCH_MS = 60;

/** Smallest bound on the cost of a batch, and smallest batch that says something of others: with less, most is handing it over. */
const LEAST_COST = 128;

/** Batches of a new thread that say nothing: its code and its tables are being made. */
const COLD_BATCHES = 3;

/**
 * Bounds the next batch of a thread by what the last ones took: estimates are made for a usual machine, and an attacker chooses items that cost
 * more than they look. Decides how input is cut into batches, and thereby when verdicts come, never what they are.
 */
export class Pace {
  private bound = BATCH_COST;
  private batches = 0;

  /** Estimated cost that the next batch may have. */
  get batchCost(): number {
    return this.bound;
  }

  /** Takes note of a batch: milliseconds of the thread, and the estimate. The bound falls at once and at most doubles. */
  took(ms: number, cost: number): void {
    if (!(ms > 0) || ++this.batches <= COLD_BATCHES) return;
    const isSmall = cost < LEAST_COST && ms <= BATCH_MS;
    const affordable = isSmall ? BATCH_COST : Math.floor((BATCH_MS / ms) * cost);
    this.bound = Math.min(BATCH_COST, Math.max(LEAST_COST, Math.min(2 * this.bound, affordable)));
  }
}
