/** The catalogue of faults through the pool: the same verdicts for any kernel, number of threads and batch size. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelName } from '../../src/kernel/index.ts';
import { createPool, type PoolOptions } from '../../src/pool/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';
import { WORKER_URL } from '../pool/support.ts';
import { type Catalogue, createCatalogue, expectAsCatalogued, mixture } from '../support/catalogue.ts';

let catalogue: Catalogue;
beforeAll(() => {
  catalogue = createCatalogue();
});

async function pooled(options: PoolOptions, items: readonly Item[]): Promise<Verdict[]> {
  const pool = await createPool({ ...options, workerUrl: WORKER_URL });
  try {
    return await pool.verifyAll(items);
  } finally {
    await pool.close();
  }
}

describe.each<KernelName>(['fma', 'simd', 'scalar', 'native'])('the catalogue, pooled (%s)', (kernel) => {
  it.each([1, 2, 5].flatMap((threads) => [1, 7, 1000].map((maxBatch) => ({ threads, maxBatch }))))(
    'comes out as inline: $threads thread(s), batches of $maxBatch',
    async ({ threads, maxBatch }) => {
      const { items, places } = mixture(catalogue);
      const options = { trust: catalogue.scms.trust(), at: catalogue.scms.at, kernel };
      const verdicts = await pooled({ ...options, threads, maxBatch }, items);
      expect(verdicts).toEqual(createVerifier(options).verify(items));
      for (const [at, specimen] of places) expectAsCatalogued(specimen, verdicts[at]);
    },
  );
});

describe('faults that need a policy or trust of their own, pooled', () => {
  it('come out as catalogued', async () => {
    const own = [...catalogue.faults, ...catalogue.specials].filter(({ usual }) => !usual);
    expect(own.length).toBeGreaterThan(50);
    for (const { specimen, items, options } of own) {
      const verdicts = await pooled({ ...options, threads: 1 }, items);
      expectAsCatalogued(specimen, verdicts[verdicts.length - 1]);
    }
  });
});
