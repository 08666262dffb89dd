/** Two threads against one: the bulk operations once more, through a pool. */
import { createPool, type Pool } from '../../src/pool/index.ts';
import { checkVerdicts, type Load, partsOf, type Traffic } from '../inputs/traffic.ts';
import { OPERATIONS, TWO_THREADS } from '../marks.ts';
import type { Context, Group, Opened, Task } from '../measure.ts';

/** Enough batches that the last one of each thread, which may leave the other idle, counts for little. */
const ITEMS = { quick: 2048, thorough: 16_384 };
/** Items that the threads judge before, so that they know the issuer. */
const WARM_UP = 512;
/** Runs with other senders each. */
const RUNS = 2;
/** Items a batch: what a pool does when it is told nothing. */
const BATCH = 1024;

export function threadsGroup(traffic: Traffic): Group {
  return {
    section: 'operations',
    title: 'two threads against one',
    comparesWithOpenssl: false,
    open: (context) => openThreads(context, traffic),
  };
}

async function openThreads({ quick }: Context, traffic: Traffic): Promise<Opened> {
  const options = { ...traffic.options, maxBatch: BATCH };
  const pools = await Promise.all([1, 2].map((threads) => createPool({ ...options, threads })));
  const count = quick ? ITEMS.quick : ITEMS.thorough;
  const tasks = [
    ...pair(OPERATIONS.oneIssuer.title, (first, some) => traffic.certificates(first, some)),
    ...pair(OPERATIONS.recurring.title, (_, some) => traffic.recurringMessages(some)),
    ...pair(OPERATIONS.newExplicit.title, (first, some) => traffic.firstMessages('explicit', first, some)),
    ...pair(OPERATIONS.newImplicit.title, (first, some) => traffic.firstMessages('implicit', first, some)),
  ];
  return {
    tasks,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };

  function pair(title: string, loads: (first: number, count: number) => Load): Task[] {
    const warmUp = loads(0, WARM_UP);
    const runs = partsOf(loads(WARM_UP, RUNS * count), count);
    const [one, two] = pools.map((pool) => poolTask(pool, `${title}; pool`, warmUp, runs)) as [Task, Task];
    return [one, { ...two, mark: TWO_THREADS, relative: { oneThread: one } }];
  }

  /**
   * Trust that is set again makes the threads forget every certificate they have judged: senders are new once more. Their kernels
   * do not forget that a key was there, which is why there are several runs.
   */
  function poolTask(pool: Pool, operation: string, warmUp: Load, runs: readonly Load[]): Task {
    let next = 0;
    return {
      operation,
      kernel: pool.kernelName,
      threads: pool.threads,
      batch: BATCH,
      items: count,
      prepare: async () => {
        await pool.setTrust(traffic.options.trust);
        checkVerdicts(await pool.verifyAll(warmUp.items), warmUp);
      },
      isAsync: true,
      run: async () => {
        const load = runs[next++ % runs.length] as Load;
        checkVerdicts(await pool.verifyAll(load.items), load);
      },
    };
  }
}
