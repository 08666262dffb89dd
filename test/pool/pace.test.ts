/** The bound on the cost of a thread's batches follows what batches took. */
import { describe, expect, it } from 'vitest';
import { BATCH_MS, Pace } from '../../src/pool/pace.ts';
import { BATCH_COST } from '../../src/verifier/cost.ts';

/** The pace of a thread that is warm. */
function warmPace(): Pace {
  const pace = new Pace();
  for (let i = 0; i < 3; i++) pace.took(10 * BATCH_MS, 100);
  return pace;
}

describe('the bound on a batch', () => {
  it('is the largest while a thread warms up', () => {
    expect(warmPace().batchCost).toBe(BATCH_COST);
  });

  it('is the largest as long as batches take their time or less', () => {
    const pace = warmPace();
    for (const ms of [0, 1, BATCH_MS / 2, BATCH_MS]) pace.took(ms, BATCH_COST);
    expect(pace.batchCost).toBe(BATCH_COST);
  });

  it('falls at once to what a thread can do in that time', () => {
    const pace = warmPace();
    pace.took(8 * BATCH_MS, BATCH_COST);
    expect(pace.batchCost).toBe(BATCH_COST / 8);
  });

  it('at most doubles with each batch that is quicker', () => {
    const pace = warmPace();
    pace.took(8 * BATCH_MS, BATCH_COST);
    const bounds = Array.from({ length: 4 }, () => {
      pace.took(1, BATCH_COST);
      return pace.batchCost;
    });
    expect(bounds).toEqual([1024, 2048, 4096, 4096]);
  });

  it('never falls so low that handing batches over is all that a thread does', () => {
    const pace = warmPace();
    for (let i = 0; i < 10; i++) pace.took(30_000, 1);
    expect(pace.batchCost).toBe(128);
  });

  it('does not fall for a few items that came alone, and took more for each', () => {
    const pace = warmPace();
    for (let i = 0; i < 10; i++) pace.took(BATCH_MS / 2, 2);
    expect(pace.batchCost).toBe(BATCH_COST);
  });

  it('ignores batches without a time', () => {
    const pace = warmPace();
    pace.took(Number.NaN, 100);
    pace.took(-1, 100);
    expect(pace.batchCost).toBe(BATCH_COST);
  });
});
