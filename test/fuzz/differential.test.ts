/**
 * All ways of verifying give the same verdicts, whatever is sent and whatever changes in between. SCMS_FUZZ says how many items,
 * SCMS_FUZZ_SEED which; a difference names its item and stops the run.
 */
import { expect, it } from 'vitest';
import { kernelsHere, runSession } from './differential.ts';
import { Dice } from './mutate.ts';
import { createWorld } from './world.ts';

const COUNT = Number(process.env.SCMS_FUZZ ?? 6000);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);
const SIZE = 200;
/** Batches between two worlds of memories; more in long runs, which make new verifiers less often. */
const BATCHES = process.env.SCMS_FUZZ ? 25 : 5;
/** Sessions between two with a pool, and between two with a slow kernel. */
const POOL_EVERY = 4;
const SLOW_EVERY = 6;
const REPORT_EVERY = 100_000;

it('every way of verifying gives the same verdicts', async () => {
  const world = await createWorld();
  const dice = new Dice(SEED);
  const [, ...others] = kernelsHere();
  const started = performance.now();
  const codes = new Map<string, number>();
  let [items, verdicts, reported] = [0, 0, 0];
  for (let i = 0; items < COUNT; i++) {
    const quick = others.filter((name) => name !== 'native');
    const kernels = i % SLOW_EVERY === 0 ? ['native'] : quick.slice(i % quick.length, (i % quick.length) + 1);
    const outcome = await runSession(world, dice, {
      batches: BATCHES,
      size: SIZE,
      withPool: i % POOL_EVERY === 0,
      kernels,
    });
    items += outcome.items;
    verdicts += outcome.verdicts;
    for (const [code, count] of outcome.codes) codes.set(code, (codes.get(code) ?? 0) + count);
    if (process.env.SCMS_FUZZ && items - reported >= REPORT_EVERY) {
      reported = items;
      console.info(`${items} items, ${verdicts} verdicts, ${Math.round((performance.now() - started) / 1000)} s`);
    }
  }
  const list = [...codes].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code}: ${count}`);
  if (process.env.SCMS_FUZZ) console.info(`${items} items, ${verdicts} verdicts\n  ${list.join('\n  ')}`);
  // Without these the ways would agree by refusing everything.
  for (const code of [
    'ok',
    'badSignature',
    'badChainSignature',
    'implicitReconstructed',
    'issuerNotFound',
    'certificateNotFound',
    'certificateRevoked',
    'nonCanonicalSignature',
  ]) {
    expect(codes.get(code) ?? 0, code).toBeGreaterThan(0);
  }
  expect(codes.size).toBeGreaterThan(40);
}, 36_000_000);
