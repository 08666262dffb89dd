/** What holds while a pool is attacked: batches are bounded in cost, changes do not wait for them, and no thread is waited for in vain. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FAMILIES, Scene } from '../../bench/inputs/attacks/index.ts';
import { Traffic } from '../../bench/inputs/traffic.ts';
import { PoolWorker } from '../../src/pool/pool-worker.ts';
import { BATCH_COST, costOf } from '../../src/verifier/cost.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';
import { FAILING_WORKER_URL, WORKER_URL, withPool } from './support.ts';

const traffic = new Traffic();
const scene = new Scene(traffic);
const attacks = (await Promise.all(FAMILIES.map((family) => family.attacks(scene)))).flat();
/** Items of an attack. */
function hostile(title: string, count: number): Item[] {
  const attack = attacks.find((one) => one.title === title);
  if (attack === undefined) throw new Error(`no attack '${title}'`);
  return [...attack.take(count).items];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scms-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sum = (items: readonly Item[]): number => items.reduce((total, item) => total + costOf(item, false), 0);

/** The batches that a pool gives its workers. */
async function batchesOf(items: readonly Item[], threads: number): Promise<Item[][]> {
  const batches: Item[][] = [];
  const { verify } = PoolWorker.prototype;
  PoolWorker.prototype.verify = function (this: PoolWorker, some, isWanted, cost) {
    batches.push([...some]);
    return verify.call(this, some, isWanted, cost);
  };
  try {
    const verdicts = createVerifier(traffic.options).verify(items);
    await withPool({ ...traffic.options, threads, workerUrl: WORKER_URL }, async (pool) => {
      expect(await pool.verifyAll(items)).toStrictEqual(verdicts);
    });
  } finally {
    PoolWorker.prototype.verify = verify;
  }
  return batches;
}

describe('a batch', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ['list of 8 self-made certificates, P-384'],
    ['list of 7 certificates in the name of the root, P-256'],
    ['112 permissions to request, under a CA'],
    ['minted implicit certificates, R compressed'],
    ['bad signatures of known senders, payload of 60000 octets'],
  ])('costs no more than a batch may: %s', async (title) => {
    const items = [...traffic.recurringMessages(400).items];
    items.splice(100, 0, ...hostile(title, 200));
    const batches = await batchesOf(items, 2);
    expect(batches.flat()).toHaveLength(items.length);
    for (const batch of batches) if (batch.length > 1) expect(sum(batch)).toBeLessThanOrEqual(BATCH_COST);
  });

  it('of known senders holds as many items as before', async () => {
    // The first ones come while code and tables are cold, and are smaller on a slow machine.
    vi.spyOn(PoolWorker.prototype, 'batchCost', 'get').mockReturnValue(BATCH_COST);
    const batches = await batchesOf(traffic.recurringMessages(3000).items, 1);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(1024);
  });

  it('costs no more than the thread can do in its time', async () => {
    vi.spyOn(PoolWorker.prototype, 'batchCost', 'get').mockReturnValue(200);
    const batches = await batchesOf(traffic.recurringMessages(1000).items, 1);
    expect(batches.flat()).toHaveLength(1000);
    expect(Math.max(...batches.map(sum))).toBeGreaterThan(150);
    for (const batch of batches) expect(sum(batch)).toBeLessThanOrEqual(200);
  });
});

describe('what is read ahead', () => {
  it('is bounded in cost for each worker', async () => {
    const items = hostile('list of 8 self-made certificates, P-256', 600);
    let read = 0;
    let most = 0;
    let done = 0;
    const { verify } = PoolWorker.prototype;
    PoolWorker.prototype.verify = async function (this: PoolWorker, some, isWanted, cost) {
      const verdicts = await verify.call(this, some, isWanted, cost);
      done += sum(some);
      return verdicts;
    };
    function* reading(): Generator<Item> {
      for (const item of items) {
        most = Math.max(most, read - done);
        read += costOf(item, false);
        yield item;
      }
    }
    try {
      await withPool({ ...traffic.options, threads: 1, workerUrl: WORKER_URL }, async (pool) => {
        let count = 0;
        for await (const { code } of pool.verify(reading())) if (code === 'chainEndedAtUntrustedRoot') count++;
        expect(count).toBe(items.length);
      });
    } finally {
      PoolWorker.prototype.verify = verify;
    }
    // Two batches that wait or are with the thread, one that fills, and the item that is too much for it.
    expect(most).toBeLessThanOrEqual(3 * BATCH_COST + costOf(items[0] as Item, false));
  });
});

describe('a change of trust', () => {
  it('does not wait for batches that have not begun', async () => {
    const items = hostile('forged explicit certificates', 4000);
    await withPool({ ...traffic.options, threads: 1, workerUrl: WORKER_URL }, async (pool) => {
      const lists = Array.from({ length: 4 }, (_, i) => pool.verifyAll(items.slice(1000 * i, 1000 * (i + 1))));
      await new Promise(setImmediate);
      expect(pool.metrics().queueLength).toBeGreaterThan(3);
      await pool.setTrust({ roots: [] });
      expect(pool.metrics().queueLength).toBeGreaterThan(1);
      const verdicts = (await Promise.all(lists)).flat();
      const revisions = verdicts.map(({ trustRevision }) => trustRevision);
      expect(revisions.lastIndexOf(1)).toBeLessThan(1024);
      for (const { code, trustRevision } of verdicts) {
        expect(code).toBe(trustRevision === 1 ? 'badChainSignature' : 'issuerNotFound');
      }
    });
  });
});

describe('an aborted run', () => {
  it('ends at once, and leaves only the batch to its thread that it has', async () => {
    await withPool({ ...traffic.options, threads: 1, workerUrl: WORKER_URL }, async (pool) => {
      const controller = new AbortController();
      const all = pool.verifyAll(hostile('forged explicit certificates', 4000), { signal: controller.signal });
      await new Promise(setImmediate);
      const begun = pool.metrics().batches;
      controller.abort(new Error('enough'));
      await expect(all).rejects.toThrow('enough');
      await pool.setTrust(traffic.options.trust);
      expect(pool.metrics().batches).toBeLessThanOrEqual(begun + 1);
    });
  });
});

describe('a thread that does not answer', () => {
  const trap = (text: string): Item => ({ kind: 'certificate', bytes: Buffer.from(`trap:${text};`) });
  const limits = { threads: 1, maxBatch: 8, workerUrl: FAILING_WORKER_URL };

  it('is ended, and its batch is verified again by another', async () => {
    const path = join(folder, 'once');
    writeFileSync(path, '');
    const items = [...traffic.recurringMessages(20).items, trap(`loop ${path}`)];
    const verdicts = createVerifier(traffic.options).verify(items);
    await withPool({ ...traffic.options, ...limits, maxAnswerMs: 3000 }, async (pool) => {
      expect(await pool.verifyAll(items)).toStrictEqual(verdicts);
      expect(pool.metrics()).toMatchObject({ crashes: 1, retries: 1 });
    });
  });

  it('leaves only the item undecided that no thread answers', async () => {
    const good = [...traffic.recurringMessages(20).items];
    const items = good.toSpliced(9, 0, trap('loop'));
    const verdicts = createVerifier(traffic.options).verify(good);
    await withPool({ ...traffic.options, ...limits, maxAnswerMs: 2000 }, async (pool) => {
      const given = await pool.verifyAll(items);
      expect(given[9]).toMatchObject({ verdict: 'undecided', code: 'internalFailure' });
      expect(given[9]?.detail).toContain('no answer within 2000 ms');
      expect(given.toSpliced(9, 1)).toStrictEqual(verdicts);
    });
  });

  it.each([0, -1, Number.NaN])('within %s ms is no limit', async (maxAnswerMs) => {
    await expect(withPool({ ...traffic.options, maxAnswerMs }, async () => {})).rejects.toThrow('maxAnswerMs');
  });
});
