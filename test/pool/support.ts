/** Traffic, and what the verifier in this thread says of it, for tests of the pool. */
import { createPool, type Pool, type PoolOptions } from '../../src/pool/index.ts';
import { createScms, mixture, type Scms } from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { createVerifier, type Item, type VerifierOptions } from '../../src/verifier/index.ts';

/** The thread's code is TypeScript; Node loads what was built from it. */
export const WORKER_URL = new URL('../../dist/workers/verify-worker.js', import.meta.url);
export const FAILING_WORKER_URL = new URL('./fixtures/failing-worker.mjs', import.meta.url);

export interface Traffic {
  readonly scms: Scms;
  readonly options: VerifierOptions;
  readonly items: readonly Item[];
  /** By the verifier in this thread, all items in one batch. */
  readonly verdicts: readonly Verdict[];
}

export function traffic(seed: string, count: number, faultEvery?: number): Traffic {
  const scms = createScms({ seed, electors: 1 });
  const options = { trust: scms.trust(), at: scms.at };
  const items = [...mixture(scms, count, faultEvery)].map(({ item }) => item);
  return { scms, options, items, verdicts: createVerifier(options).verify(items) };
}

/** A pool for one test. */
export async function withPool<T>(options: PoolOptions, use: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = await createPool({ workerUrl: WORKER_URL, ...options });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

export async function take<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
