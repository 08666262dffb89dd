/** What is bounded, counted and refused where pool and threads meet. */
import { describe, expect, it } from 'vitest';
import { compileKernelModule } from '../../src/kernel/index.ts';
import { WorkerStartError } from '../../src/pool/index.ts';
import { LearnedLog } from '../../src/pool/learned-log.ts';
import { PoolWorker } from '../../src/pool/pool-worker.ts';
import {
  checkVersion,
  packItems,
  packLists,
  packVerdicts,
  stamp,
  unpackItems,
  unpackLists,
  unpackVerdicts,
} from '../../src/pool/wire.ts';
import { createScms, type PseudonymCredential, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';
import { wordsHash } from '../../src/verifier/octets.ts';
import { FAILING_WORKER_URL, take, WORKER_URL, withPool } from './support.ts';

const scms = createScms({ seed: 'bounds' });
const options = { trust: scms.trust(), at: scms.at };
const certificate = (bytes: Uint8Array): Item => ({ kind: 'certificate', bytes });
/** Items that no thread survives. */
const items = (count: number): Item[] => Array.from({ length: count }, () => certificate(Buffer.from('trap:throw;')));

describe('a list that somebody goes on using', () => {
  const bad = (): Item => certificate(new Uint8Array(40));
  const good = certificate(scms.pca.bytes);

  it('has verdicts on the items that were handed in, not on what has taken their places', async () => {
    await withPool({ ...options, threads: 2, maxBatch: 64, workerUrl: WORKER_URL }, async (pool) => {
      const list = Array.from({ length: 2000 }, bad);
      const refilled = pool.verifyAll(list);
      list.fill(good);
      expect(new Set((await refilled).map(({ verdict }) => verdict))).toEqual(new Set(['invalid']));
      const emptied = pool.verifyAll(list);
      list.length = 0;
      expect(await emptied).toHaveLength(2000);
    });
  });

  it('leaves undecided what cannot be read any more, and nothing else', async () => {
    const lost = { ...good } as { kind: 'certificate'; bytes: Uint8Array };
    function* source(): Generator<Item> {
      yield* [good, lost, good];
      lost.bytes = undefined as unknown as Uint8Array;
      yield good;
    }
    await withPool({ ...options, threads: 1, maxBatch: 64, workerUrl: WORKER_URL }, async (pool) => {
      const codes: string[] = [];
      for await (const { code } of pool.verify(source())) codes.push(code);
      expect(codes).toEqual(['ok', 'internalFailure', 'ok', 'ok']);
    });
  });
});

describe('threads that live and verify nothing', () => {
  it('leave a whole row of items undecided, and nothing else', async () => {
    await withPool({ ...options, threads: 1, maxBatch: 80, workerUrl: FAILING_WORKER_URL }, async (pool) => {
      const verdicts = await pool.verifyAll([...items(20), certificate(scms.pca.bytes)]);
      expect(verdicts.map(({ code }) => code)).toEqual([...Array(20).fill('internalFailure'), 'ok']);
      const { crashes, restarts } = pool.metrics();
      expect(restarts).toBe(crashes);
    });
  });

  it('end in an error instead of being started for ever', async () => {
    const setup = { kernel: 'scalar', kernelModule: compileKernelModule('scalar'), policy: { at: scms.at } } as const;
    const trust = { material: scms.trust(), revision: 1 };
    const snapshot = { trust, revocation: { data: undefined, revision: 0 } };
    const worker = new PoolWorker(FAILING_WORKER_URL, setup, () => snapshot, { maxFutileCrashes: 5 });
    await expect(worker.verify(items(40))).rejects.toThrow(WorkerStartError);
    expect(worker.metrics.crashes).toBe(5);
    await worker.close();
  });
});

describe('a list', () => {
  it('is begun with while it is still being read', async () => {
    await withPool({ ...options, threads: 1, workerUrl: WORKER_URL }, async (pool) => {
      let begun = -1;
      function* reading(): Generator<Item> {
        for (let i = 0; i < 1024; i++) yield certificate(scms.pca.bytes);
        begun = pool.metrics().batches;
      }
      expect(await take(pool.verify(reading()))).toHaveLength(1024);
      // One, or two where reading has waited for the first: certificates cost more than messages of known senders.
      expect(begun).toBeGreaterThanOrEqual(1);
    });
  });
});

describe('a thread that dies', () => {
  it('hands on which messages it accepted: a replay is known by the next one', async () => {
    const [vehicle] = pseudonyms(scms, { devices: 1 });
    const bytes = signMessage(vehicle as PseudonymCredential, {
      psid: 0x20,
      payload: new Uint8Array(4),
      generationTime: scms.at,
      signer: 'certificate',
    });
    const message: Item = { kind: 'message', bytes };
    const policy = { relevance: { replayWindowSeconds: 10 } };
    await withPool({ ...options, ...policy, threads: 1, workerUrl: FAILING_WORKER_URL }, async (pool) => {
      expect((await pool.verifyAll([message])).map(({ code }) => code)).toEqual(['ok']);
      expect((await pool.verifyAll(items(1))).map(({ code }) => code)).toEqual(['internalFailure']);
      expect((await pool.verifyAll([message])).map(({ code }) => code)).toEqual(['replayedSpdu']);
    });
  });
});

describe('what a call reads ahead', () => {
  it('is bounded by maxQueue, smaller than a batch too', async () => {
    await withPool({ ...options, threads: 2, maxQueue: 7, workerUrl: WORKER_URL }, async (pool) => {
      let read = 0;
      function* items() {
        for (; read < 100; read++) yield certificate(scms.pca.bytes);
      }
      let taken = 0;
      for await (const { code } of pool.verify(items())) {
        taken++;
        expect(code).toBe('ok');
        expect(read - taken).toBeLessThanOrEqual(2 * 7 + 1);
      }
      expect(taken).toBe(100);
    });
  });

  it('is bounded in bytes: large items do not wait for a batch to fill', async () => {
    await withPool({ ...options, threads: 1, maxBatch: 1000, workerUrl: WORKER_URL }, async (pool) => {
      const large = Array.from({ length: 12 }, () => certificate(new Uint8Array(2 ** 19)));
      expect(await pool.verifyAll(large)).toHaveLength(12);
      expect(pool.metrics().batches).toBe(12);
    });
  });

  it.each([0, -1, 1.5, Number.NaN])('is not %s items', async (maxQueue) => {
    await expect(withPool({ ...options, maxQueue }, async () => {})).rejects.toThrow(RangeError);
  });
});

describe('metrics', () => {
  it('count batches that wait, and how long jobs take to a thread', async () => {
    await withPool({ ...options, threads: 2, maxBatch: 10, workerUrl: WORKER_URL }, async (pool) => {
      expect(pool.metrics()).toMatchObject({ queueLength: 0, restarts: 0, crashes: 0 });
      const verdicts = pool.verifyAll(Array.from({ length: 60 }, () => certificate(scms.pca.bytes)));
      await new Promise(setImmediate);
      expect(pool.metrics().queueLength).toBeGreaterThan(0);
      await verdicts;
      const { queueLength, latencyToWorkerMs, busyMs } = pool.metrics();
      expect(queueLength).toBe(0);
      expect(latencyToWorkerMs).toBeGreaterThan(0);
      expect(latencyToWorkerMs).toBeLessThan(10_000);
      expect(busyMs).toBeGreaterThan(0);
    });
  });
});

describe('the wire', () => {
  it('is refused in another version, or in none', () => {
    checkVersion(stamp());
    expect(() => checkVersion({ version: 1 })).toThrow('wire format 1, not 4');
    expect(() => checkVersion(undefined)).toThrow('different releases');
  });

  it('is refused where its parts do not fit together', () => {
    const items = packItems([certificate(scms.pca.bytes)]);
    expect(() => unpackItems({ ...items, count: 2 })).toThrow('2 items');
    expect(() => unpackItems({ ...items, octets: items.octets.slice(1) })).toThrow('octets');
    const lists = packLists([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    expect(unpackLists(lists)).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    expect(() => unpackLists({ ...lists, octets: Uint8Array.of(1, 2) })).toThrow('lists of 3 octets in 2');
    const verdicts = packVerdicts(createVerifier(options).verify([certificate(scms.pca.bytes)]));
    expect(() => unpackVerdicts({ ...verdicts, count: 2 })).toThrow('2 verdicts');
    for (const texts of [[], [`${verdicts.texts[0]}0`], [verdicts.texts[0]?.slice(1) ?? '']]) {
      expect(() => unpackVerdicts({ ...verdicts, texts })).toThrow('characters for verdicts 0 to 1');
    }
    const table = verdicts.table.slice();
    table[0] = 255;
    expect(() => unpackVerdicts({ ...verdicts, table })).toThrow('no code 255');
    const unknownSigner = packVerdicts([{ ...(unpackVerdicts(verdicts)[0] as Verdict), signer: 'nobody' }]);
    expect(() => unpackVerdicts(unknownSigner)).toThrow('no signer');
  });

  it('never says ok where nobody wrote anything', () => {
    const verdicts = packVerdicts(createVerifier(options).verify([certificate(scms.pca.bytes)]));
    const table = new Float64Array(verdicts.table.length);
    expect(() => unpackVerdicts({ ...verdicts, table, texts: [''] })).toThrow('no code 0');
    const unknownCode = packVerdicts([{ ...(unpackVerdicts(verdicts)[0] as Verdict), code: 'novelty' as never }]);
    expect(() => unpackVerdicts(unknownCode)).toThrow('no code 0');
  });
});

describe('the log of what was learned', () => {
  it('keeps what was learned last, each list once', () => {
    const log = new LearnedLog(3);
    // Every octet is as good as another, and a list may be as short as it likes.
    const list = (n: number) => Uint8Array.of(n, 255 - n, ...Array(n % 4).fill(0x80 + n));
    const add = (...lists: number[]) => log.add(packLists(lists.map(list)));
    const expectAll = (...lists: number[]) => expect(unpackLists(log.all())).toEqual(lists.map(list));
    expectAll();
    add(1, 2, 3);
    add(1);
    expectAll(2, 3, 1);
    add(4);
    expectAll(3, 1, 4);
    add(1, 5, 3, 6);
    expectAll(5, 3, 6);
    for (let n = 0; n < 1000; n++) add(n % 97, 97 + (n % 2));
    expectAll(97, 29, 98);
  });

  it('tells lists apart whose hashes are the same', () => {
    const byHash = new Map<number, Uint8Array>();
    const collision = (): [Uint8Array, Uint8Array] => {
      for (let n = 0; ; n++) {
        const list = new Uint8Array(Uint32Array.of(n, Math.imul(n, 0x85ebca6b) ^ 0x27d4eb2f, n >>> 3).buffer);
        const hash = wordsHash(list, 0, list.length);
        const other = byHash.get(hash);
        if (other !== undefined) return [other, list];
        byHash.set(hash, list);
      }
    };
    const [one, other] = collision();
    const log = new LearnedLog(10);
    log.add(packLists([one, other, one]));
    expect(unpackLists(log.all())).toEqual([other, one]);
    log.add(packLists([other, one, other]));
    expect(unpackLists(log.all())).toEqual([one, other]);
  });

  it('holds no more than twice as many as it keeps', () => {
    const log = new LearnedLog(4);
    for (let n = 0; n < 100; n++) {
      log.add(packLists([Uint8Array.of(n)]));
      expect(log.size).toBeLessThanOrEqual(8);
    }
  });

  it('forgets as fast when it has forgotten much', () => {
    const log = new LearnedLog(20_000);
    const some = (from: number) =>
      packLists(Array.from({ length: 20_000 }, (_, i) => new Uint8Array(Uint32Array.of(from + i, 0, 0, 0).buffer)));
    const timed = (from: number): number => {
      const lists = some(from);
      const started = process.cpuUsage();
      log.add(lists);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1000;
    };
    timed(0);
    // Milliseconds: it takes some tens, and far more where each list is compared with all others.
    expect(Math.min(...[1, 2, 3, 4].map((round) => timed(20_000 * round)))).toBeLessThan(150);
    expect(unpackLists(log.all())[0]).toEqual(new Uint8Array(Uint32Array.of(80_000, 0, 0, 0).buffer));
  });
});
