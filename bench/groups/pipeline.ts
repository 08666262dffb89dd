/** The whole way: bytes on disk, through the readers, to verdicts, over batch sizes and threads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, type Pool } from '../../src/pool/index.ts';
import { readRecords } from '../../src/readers/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item } from '../../src/verifier/index.ts';
import { checkVerdicts, type Load, type Traffic } from '../inputs/traffic.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

const BATCH_SIZES = [1, 4, 16, 64, 256, 1024, 4096];
const THREADS = [1, 2];

/** Items of a file: some batches for each thread, and neither so few that nothing can be timed nor so many that it lasts. */
function itemsFor(batch: number, quick: boolean): number {
  return quick ? Math.max(256, Math.min(2 * batch, 8192)) : Math.max(2048, Math.min(8 * batch, 16_384));
}

const OPERATION = 'messages of 16 senders, file to verdicts';

/** A group for each batch size: its pools exist only while they are needed. */
export function pipelineGroups(traffic: Traffic): Group[] {
  return BATCH_SIZES.map((batch) => ({
    section: 'pipeline',
    title: `files to verdicts, batches of ${batch}`,
    comparesWithOpenssl: false,
    open: (context) => openPipeline(context, traffic, batch),
  }));
}

async function openPipeline({ quick }: Context, traffic: Traffic, batch: number): Promise<Opened> {
  const pools = await Promise.all(
    THREADS.map((threads) => createPool({ ...traffic.options, threads, maxBatch: batch })),
  );
  const load = traffic.recurringMessages(itemsFor(batch, quick));
  const folder = mkdtempSync(join(tmpdir(), 'scms-verify-bench-'));
  const file = join(folder, 'messages.oer');
  writeFileSync(file, Buffer.concat(load.items.map(({ bytes }) => bytes)));
  const shape = { operation: OPERATION, batch, items: load.items.length, isAsync: true };
  const [one, two] = pools.map(
    (pool): Task => ({
      ...shape,
      kernel: pool.kernelName,
      threads: pool.threads,
      run: async () => checkVerdicts(await judge(pool, file), load),
    }),
  ) as [Task, Task];
  return {
    tasks: [one, { ...two, relative: { oneThread: one } }, ...(batch === 1 ? [reading(file, load)] : [])],
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

async function judge(pool: Pool, file: string): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const verdicts of pool.verifyBatches(itemsOf(file))) for (const verdict of verdicts) all.push(verdict);
  return all;
}

async function* itemsOf(file: string): AsyncGenerator<Item> {
  for await (const { bytes } of readRecords([file])) yield { kind: 'message', bytes };
}

/** What the main thread does alone: no pipeline can be faster than that, however many threads it has. */
function reading(file: string, { items }: Load): Task {
  return {
    operation: 'messages of 16 senders, file to records, not judged',
    kernel: 'TypeScript',
    batch: 1,
    items: items.length,
    isAsync: true,
    run: async () => {
      let records = 0;
      for await (const _ of itemsOf(file)) records++;
      must(records === items.length, `${records} records instead of ${items.length}`);
    },
  };
}
