/** Threads die: no verdict is lost, no thread is waited for in vain, and only the item that kills pays for it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPool, type Pool, WorkerStartError } from '../../src/pool/index.ts';
import { applicationCertificate, PSID_BSM, type Scms, signMessage } from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { createVerifier, type Item, type VerifierOptions } from '../../src/verifier/index.ts';
import { FAILING_WORKER_URL, type Traffic, take, traffic, withPool } from './support.ts';

const COUNT = 40;
const SIZE = 8;

let usual: Traffic;
let folder: string;
let unhandled: unknown[];
const noteUnhandled = (error: unknown): void => void unhandled.push(error);
beforeAll(() => {
  usual = traffic('crashes.test', COUNT);
  folder = mkdtempSync(join(tmpdir(), 'scms-pool-'));
  process.env.SCMS_TEST_NO_THREADS = join(folder, 'no threads');
  unhandled = [];
  process.on('uncaughtExceptionMonitor', noteUnhandled);
});
afterEach(() => {
  expect(unhandled).toEqual([]);
});
afterAll(() => {
  process.off('uncaughtExceptionMonitor', noteUnhandled);
  delete process.env.SCMS_TEST_NO_THREADS;
  rmSync(folder, { recursive: true });
});

const trap = (text: string): Item => ({ kind: 'certificate', bytes: Buffer.from(`trap:${text};`) });
let armed = 0;
function trapOnce(): Item {
  const path = join(folder, `trap ${armed++}`);
  writeFileSync(path, '');
  return trap(`once ${path}`);
}

/** One trap in each batch of every worker: what has no signer goes round, a batch to each in turn. */
const trapForEach = (workers: number): Item[] =>
  Array.from({ length: workers * SIZE }, (_, i) => (i % SIZE === 0 ? trapOnce() : trap('none')));

/** Traffic with something put in, and what the verifier in this thread says of it. */
function withAt(at: number, ...items: Item[]): { items: Item[]; verdicts: Verdict[] } {
  const all = [...usual.items];
  all.splice(at, 0, ...items);
  return { items: all, verdicts: createVerifier(usual.options).verify(all) };
}

const failing = <T>(options: Partial<VerifierOptions>, threads: number, use: (pool: Pool) => Promise<T>): Promise<T> =>
  withPool({ ...usual.options, ...options, threads, maxBatch: SIZE, workerUrl: FAILING_WORKER_URL }, use);

describe('a thread that dies once', () => {
  it.each([
    ['first', 0],
    ['last of a batch', SIZE - 1],
    ['first of the second batch', SIZE],
    ['middle', COUNT >> 1],
    ['last', COUNT],
  ])('loses nothing: %s record', async (_, at) => {
    const { items, verdicts } = withAt(at, trapOnce());
    await failing({}, 1, async (pool) => {
      expect(await pool.verifyAll(items)).toStrictEqual(verdicts);
      const { batches, ...counted } = pool.metrics();
      expect(counted).toMatchObject({ crashes: 1, retries: 1, items: COUNT + 1 });
      expect(batches).toBe(Math.ceil((COUNT + 1) / SIZE));
    });
  });

  it('loses nothing with several threads, each of which dies', async () => {
    const { items, verdicts } = withAt(30, ...trapForEach(3));
    await failing({}, 3, async (pool) => {
      expect(await pool.verifyAll(items)).toStrictEqual(verdicts);
      expect(pool.metrics().crashes).toBeGreaterThanOrEqual(3);
      for (const one of pool.metrics().itemsByLane) expect(one).toBeGreaterThan(0);
    });
  });

  it('hands on what it had learned', async () => {
    const { attached, digests } = senders(usual.scms, 8);
    await failing({}, 2, async (pool) => {
      const codes = async (items: Item[]) => [...new Set((await pool.verifyAll(items)).map(({ code }) => code))];
      expect(await codes(attached)).toEqual(['ok']);
      await pool.verifyAll(trapForEach(2));
      expect(pool.metrics().crashes).toBeGreaterThanOrEqual(2);
      expect(await codes(digests)).toEqual(['ok']);
      // And what the second thread got, the third gets as well.
      await pool.verifyAll(trapForEach(2));
      expect(await codes(digests)).toEqual(['ok']);
    });
  });

  it('takes the present trust from the pool, not the one it began with', async () => {
    const { attached } = senders(usual.scms, 4);
    await failing({}, 1, async (pool) => {
      await pool.setTrust({ roots: [] });
      const verdicts = await pool.verifyAll([trapOnce(), ...attached]);
      expect(verdicts.map(({ trustRevision }) => trustRevision)).toEqual([2, 2, 2, 2, 2]);
      expect(verdicts.map(({ code }) => code)).not.toContain('ok');
      expect(pool.metrics().crashes).toBe(1);
      await pool.setTrust(usual.options.trust);
      const after = await pool.verifyAll([trapOnce(), ...attached]);
      expect(after.slice(1).map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'ok']);
      expect(pool.metrics()).toMatchObject({ crashes: 2, retries: 2 });
    });
  });
});

describe('a thread that dies with nothing to do', () => {
  afterEach(() => {
    delete process.env.PISCINA_DISABLE_ATOMICS;
  });

  it('is replaced by one that knows everything', async () => {
    // An idle thread sleeps so soundly that its timers do not run, unless this is set.
    process.env.PISCINA_DISABLE_ATOMICS = '1';
    const { attached, digests } = senders(usual.scms, 4);
    await failing({}, 1, async (pool) => {
      for (let round = 0; round < 2; round++) {
        expect((await pool.verifyAll(attached)).map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'ok']);
        await pool.verifyAll([trap('later')]);
        await sleep(300);
        expect((await pool.verifyAll(digests)).map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'ok']);
      }
      // No job failed, so nothing had to be verified again.
      expect(pool.metrics()).toMatchObject({ crashes: 0, retries: 0, restarts: 2 });
    });
  });
});

describe('an item that always kills', () => {
  it.each(['exit', 'throw', 'uncaught'])('is undecided, and nothing else: %s', async (how) => {
    const at = 27;
    const { items, verdicts } = withAt(at, trap(how));
    const expected = [...verdicts];
    await failing({}, 2, async (pool) => {
      const [result] = [await pool.verifyAll(items)];
      const poisoned = result[at] as Verdict;
      expect(poisoned).toMatchObject({
        kind: 'certificate',
        verdict: 'undecided',
        code: 'internalFailure',
        signature: 'notChecked',
        trustRevision: 1,
        publicKey: null,
      });
      expect(poisoned.detail).toMatch({ exit: /code: 7/, throw: /sprung/, uncaught: /nobody catches/ }[how] as RegExp);
      expected[at] = poisoned;
      expect(result).toStrictEqual(expected);
      const { crashes, retries } = pool.metrics();
      expect(retries).toBe(1);
      // The batch twice, then its halves down to the one item.
      expect(crashes).toBeGreaterThanOrEqual(3);
      expect(crashes).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(SIZE)));
      expect(await pool.verifyAll(usual.items)).toHaveLength(COUNT);
      expect(pool.metrics().crashes).toBe(crashes);
    });
  });

  it('gets the verdict that the verifier would give of its own failure', async () => {
    await failing({ allErrors: true }, 1, async (pool) => {
      const [verdict] = await pool.verifyAll([trap('exit')]);
      expect(verdict?.errors).toEqual([{ code: 'internalFailure', depth: 0, detail: verdict?.detail }]);
    });
    await failing({}, 1, async (pool) => {
      const [verdict] = await pool.verifyAll([{ ...trap('exit'), kind: 'message' }]);
      expect(verdict).toMatchObject({ kind: 'message', psid: null, generationTime: null, signer: null });
      expect(verdict).not.toHaveProperty('errors');
      expect(verdict).not.toHaveProperty('publicKey');
    });
  });

  it('may come more than once', async () => {
    const { items, verdicts } = withAt(10, trap('exit'), trap('throw'), trapOnce());
    await failing({}, 2, async (pool) => {
      const result = await pool.verifyAll(items);
      const kinds = result.map(({ code }, i) => (code === 'internalFailure' ? i : -1)).filter((i) => i >= 0);
      expect(kinds).toEqual([10, 11]);
      expect(result.filter((_, i) => i !== 10 && i !== 11)).toStrictEqual(
        verdicts.filter((_, i) => i !== 10 && i !== 11),
      );
    });
  });

  it('does not hold up cancellation, nor closing', async () => {
    await failing({}, 1, async (pool) => {
      const controller = new AbortController();
      const items = [...usual.items.slice(0, SIZE), trap('exit'), ...usual.items];
      await expect(async () => {
        for await (const _ of pool.verify(items, { signal: controller.signal })) controller.abort('enough');
      }).rejects.toBe('enough');
      const last = pool.verifyAll([trap('exit'), ...usual.items.slice(0, 3)]);
      await pool.close();
      expect((await last).map(({ code }) => code)).toContain('internalFailure');
    });
  });
});

describe('threads that cannot start', () => {
  it.each(['broken-worker.mjs', 'exiting-worker.mjs', 'there-is-none.mjs'])('are said at once: %s', async (name) => {
    const workerUrl = new URL(`./fixtures/${name}`, import.meta.url);
    const started = performance.now();
    for (const threads of [1, 3]) {
      const made = createPool({ ...usual.options, threads, workerUrl });
      await expect(made).rejects.toThrow(WorkerStartError);
      await expect(made).rejects.toThrow('no worker thread can be started');
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('are said also when it begins later, and are forgotten when it ends', async () => {
    const forbidden = process.env.SCMS_TEST_NO_THREADS as string;
    await failing({}, 2, async (pool) => {
      expect(await pool.verifyAll(usual.items)).toStrictEqual(usual.verdicts);
      writeFileSync(forbidden, '');
      const started = performance.now();
      await expect(pool.verifyAll(usual.items)).rejects.toThrow(WorkerStartError);
      // In each worker a batch twice, then a job without items; no halves, which would say no more.
      expect(pool.metrics().crashes).toBeLessThanOrEqual(12);
      await expect(take(pool.verify(usual.items))).rejects.toThrow(WorkerStartError);
      await expect(pool.setTrust(usual.options.trust)).rejects.toThrow(WorkerStartError);
      expect(performance.now() - started).toBeLessThan(40_000);
      rmSync(forbidden);
      await pool.setTrust(usual.options.trust);
      expect((await pool.verifyAll(usual.items)).map(({ code }) => code)).toEqual(
        usual.verdicts.map(({ code }) => code),
      );
      expect(existsSync(forbidden)).toBe(false);
    });
  });
});

function senders(scms: Scms, count: number): { attached: Item[]; digests: Item[] } {
  const credentials = Array.from({ length: count }, (_, i) => applicationCertificate(scms, { label: `sender ${i}` }));
  const messages = (signer: 'certificate' | 'digest'): Item[] =>
    credentials.map((credential) => ({
      kind: 'message',
      bytes: signMessage(credential, { psid: PSID_BSM, payload: new Uint8Array(1), generationTime: scms.at, signer }),
    }));
  return { attached: messages('certificate'), digests: messages('digest') };
}
