/** What a pool says of its threads' work: sums that hold over several threads, and over threads that die. */
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel/index.ts';
import type { KernelMetrics } from '../../src/kernel/metrics.ts';
import type { Pool, PoolMetrics } from '../../src/pool/index.ts';
import { ThreadTotals } from '../../src/pool/thread-totals.ts';
import { type Credential, createScms, PSID_BSM, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import type { Item } from '../../src/verifier/index.ts';
import { FAILING_WORKER_URL, WORKER_URL, withPool } from './support.ts';

const scms = createScms({ seed: 'metrics' });
const options = { trust: scms.trust(), at: scms.at, threads: 2, kernel: 'simd', workerUrl: WORKER_URL } as const;

let sent = 0;
const message = (credential: Credential, signer: 'certificate' | 'digest'): Item => ({
  kind: 'message',
  bytes: signMessage(credential, {
    psid: PSID_BSM,
    payload: new Uint8Array(40).fill(sent),
    generationTime: scms.at + BigInt(sent++),
    signer,
  }),
});

const vehicles = [...pseudonyms(scms, { devices: 1 })].slice(0, 16);
/** Of 16 senders, who attach their certificate first and every fifth time. */
const rounds = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => vehicles.map((one) => message(one, i % 5 ? 'digest' : 'certificate'))).flat();

const unseen = pseudonyms(scms, { devices: 40, explicit: true })[Symbol.iterator]();
/** Everybody signs with an explicit certificate that nobody has seen. */
const strangers = (count: number): Item[] =>
  Array.from({ length: count }, () => message(unseen.next().value as Credential, 'certificate'));

const signatures = ({ table, equation, lockstep, single }: KernelMetrics): number =>
  table + equation + lockstep + single;

/** What was counted while `work` was done. */
async function counted(pool: Pool, work: readonly Item[]): Promise<PoolMetrics['kernel'] & PoolMetrics['verifier']> {
  const before = pool.metrics();
  await pool.verifyAll(work);
  const after = pool.metrics();
  const gained = <T extends { readonly [K in keyof T]: number }>(from: T, to: T): T =>
    Object.fromEntries(Object.entries<number>(to).map(([name, n]) => [name, n - (from[name as keyof T] ?? 0)])) as T;
  return { ...gained(before.kernel, after.kernel), ...gained(before.verifier, after.verifier) };
}

const trap = (how: string): Item => ({ kind: 'certificate', bytes: Buffer.from(`trap:${how};`) });

describe('counts', () => {
  it('say that messages of the same 16 senders end in tables and in the fast path', async () => {
    await withPool(options, async (pool) => {
      const first = await counted(pool, rounds(4));
      expect(signatures(first)).toBeGreaterThanOrEqual(64);
      expect(first.fast + first.ordinary).toBe(64);
      // A key gets its table when it has proven to come again.
      for (let i = 0; i < 4; i++) await pool.verifyAll(rounds(30));
      const later = await counted(pool, rounds(30));
      expect(later).toMatchObject({ table: 480, equation: 0, lockstep: 0, single: 0, tablesBuilt: 0 });
      expect(later).toMatchObject({ fast: 480, ordinary: 0, templates: 0, equations: 0, bisections: 0 });
      const { kernel, verifier } = pool.metrics();
      expect(kernel.tablesBuilt).toBeGreaterThanOrEqual(16);
      expect(verifier.fast + verifier.ordinary).toBe(64 + 5 * 480);
      expect(verifier.templates).toBeGreaterThan(0);
    });
  });

  it('say that new senders are verified by equations, and what a wrong signature among them costs', async () => {
    await withPool({ ...options, threads: 1 }, async (pool) => {
      await pool.verifyAll(strangers(4));
      const right = await counted(pool, strangers(40));
      expect(right.equation).toBe(40);
      expect(right).toMatchObject({ bisections: 0, leftOver: 0, fast: 40 });
      const items = strangers(40);
      const bad = Uint8Array.from(items[17]?.bytes as Uint8Array);
      bad[bad.length - 1] = (bad[bad.length - 1] as number) ^ 1;
      items[17] = { kind: 'message', bytes: bad };
      const wrong = await counted(pool, items);
      expect(wrong.bisections).toBeGreaterThan(0);
      expect(wrong.leftOver).toBeGreaterThan(0);
      expect(wrong).toMatchObject({ fast: 39, ordinary: 1 });
      expect(signatures(wrong)).toBeGreaterThanOrEqual(80);
    });
  });

  it('add up over threads that die', async () => {
    await withPool({ ...options, workerUrl: FAILING_WORKER_URL, maxBatch: 16 }, async (pool) => {
      await pool.verifyAll(rounds(10));
      const before = pool.metrics();
      await pool.verifyAll([trap('exit')]);
      const between = pool.metrics();
      expect(between.crashes).toBeGreaterThan(0);
      expect(between.verifier.fast).toBe(before.verifier.fast);
      // The thread that was killed took its templates and its tables with it.
      expect(between.verifier.templates).toBeLessThan(before.verifier.templates);
      expect(between.kernel.table).toBe(before.kernel.table);
      for (const name of Object.keys(before.kernel) as (keyof KernelMetrics)[]) {
        expect(between.kernel[name], name).toBeGreaterThanOrEqual(before.kernel[name]);
      }
      const after = await counted(pool, rounds(10));
      expect(signatures(after)).toBeGreaterThanOrEqual(160);
      expect(after.fast + after.ordinary).toBe(160);
    });
  });

  it('of a thread that is gone stay, and what it held is free', () => {
    const totals = new ThreadTotals();
    const kernel = { ...totals.totals().kernel, table: 5, tablesBuilt: 1 };
    const revocation = { lookups: 4, hits: 1, notEvaluated: 2, localTables: 3 };
    totals.saw({ kernel, verifier: { fast: 7, ordinary: 2, templates: 3 }, revocation, memoryBytes: 1000 });
    totals.threadEnded();
    totals.threadEnded();
    expect(totals.totals()).toMatchObject({
      kernel,
      verifier: { fast: 7, ordinary: 2, templates: 0 },
      revocation: { ...revocation, localTables: 0 },
      memoryBytes: 0,
    });
    // A thread says what it has counted since its start, over and over.
    for (const fast of [1, 4]) {
      totals.saw({
        kernel: { ...kernel, table: fast },
        verifier: { fast, ordinary: 0, templates: 2 },
        revocation,
        memoryBytes: 1000,
      });
    }
    expect(totals.totals()).toMatchObject({
      kernel: { table: 9, tablesBuilt: 2 },
      verifier: { fast: 11, ordinary: 2, templates: 2 },
      memoryBytes: 1000,
    });
  });
});

describe('memory', () => {
  it('is that of as many kernels as there are threads, and does not grow under load', async () => {
    const { memoryBytes } = createKernel('simd');
    expect(memoryBytes).toBeGreaterThan(0);
    await withPool({ ...options, threads: 3 }, async (pool) => {
      expect(pool.metrics().memoryBytes).toBe(3 * memoryBytes);
      // More signers than a kernel keeps tables for, and items of every size.
      const large = Array.from({ length: 40 }, (_, i): Item => ({ kind: 'message', bytes: new Uint8Array(4096 * i) }));
      await pool.verifyAll([...strangers(300), ...large, ...rounds(60)]);
      expect(pool.metrics().memoryBytes).toBe(3 * memoryBytes);
    });
  });

  it('is none with the kernel that has none', async () => {
    await withPool({ ...options, kernel: 'native' }, async (pool) => {
      await pool.verifyAll(rounds(2));
      expect(pool.metrics().memoryBytes).toBe(0);
      expect(signatures(pool.metrics().kernel)).toBeGreaterThanOrEqual(32);
    });
  });
});
