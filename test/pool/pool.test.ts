/** The pool with the shipped worker: the same verdicts as in one thread, in order, and nothing read that has no room. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPool, Pool, type PoolOptions } from '../../src/pool/index.ts';
import { PoolWorker } from '../../src/pool/pool-worker.ts';
import {
  applicationCertificate,
  type Credential,
  implicitApplicationCertificate,
  PSID_BSM,
  type Scms,
  signMessage,
} from '../../src/testbed/index.ts';
import { BATCH_COST } from '../../src/verifier/cost.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';
import { signerSet } from '../../src/verifier/learned.ts';
import { some } from '../support/tier.ts';
import { type Traffic, take, traffic, WORKER_URL, withPool } from './support.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

let usual: Traffic;
let pool: Pool;
beforeAll(async () => {
  usual = traffic('pool.test', 1500, 4);
  pool = await createPool({ ...usual.options, threads: 2, maxBatch: 50, workerUrl: WORKER_URL });
});
afterAll(() => pool.close());

async function* streamOf(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

/** A stream that has nothing more to say for now; `left` once it was told to end. */
function quietAfter(items: readonly Item[]): AsyncIterable<Item> & { left: boolean } {
  let at = 0;
  return {
    left: false,
    [Symbol.asyncIterator]() {
      return {
        next: () => (at < items.length ? Promise.resolve({ value: items[at++] as Item }) : new Promise(() => {})),
        return: () => {
          this.left = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
}

interface Senders {
  readonly attached: Item[];
  readonly digests: Item[];
}

/** Messages that attach their certificate, and messages that name it by digest. */
function messagesOf(scms: Scms, credentials: readonly Credential[]): Senders {
  const messages = (signer: 'certificate' | 'digest'): Item[] =>
    credentials.map((credential, i) => ({
      kind: 'message',
      bytes: signMessage(credential, {
        psid: PSID_BSM,
        payload: Uint8Array.of(i),
        generationTime: scms.at + BigInt(signer === 'digest'),
        signer,
      }),
    }));
  return { attached: messages('certificate'), digests: messages('digest') };
}

const senders = (scms: Scms, count: number): Senders =>
  messagesOf(
    scms,
    Array.from({ length: count }, (_, i) => applicationCertificate(scms, { label: `sender ${i}` })),
  );

/** Senders whose certificates fall into one set of signers: names are tried until enough of them do. */
function crowd(scms: Scms, count: number): Senders {
  const issue = (name: string): Credential =>
    implicitApplicationCertificate(scms, { label: 'crowd', fields: { id: { tag: 'name', value: name } } });
  const octets = Buffer.from(issue('000000').bytes);
  const at = octets.indexOf('000000');
  const names = new Map<number, string[]>();
  for (let i = 0; ; i++) {
    const name = i.toString().padStart(6, '0');
    octets.write(name, at);
    const set = signerSet(createHash('sha256').update(octets).digest().subarray(-8));
    const others = names.get(set) ?? [];
    names.set(set, [...others, name]);
    if (others.length + 1 === count) return messagesOf(scms, [...others, name].map(issue));
  }
}

describe('verdicts', () => {
  it('are of every kind in this traffic', () => {
    const codes = new Set(usual.verdicts.map(({ code }) => code));
    expect(codes.size).toBeGreaterThan(50);
    expect(usual.verdicts.filter(({ code, signer }) => code === 'ok' && signer === 'digest').length).toBeGreaterThan(
      400,
    );
  });

  describe.each(some([2, 1, 5], 1))('of %d threads', (threads) => {
    it.each(some([7, 1, 1000], 2))('are those of the verifier in this thread, in batches of %d', async (maxBatch) => {
      await withPool({ ...usual.options, threads, maxBatch }, async (own) => {
        expect(own.threads).toBe(threads);
        expect(await own.verifyAll(usual.items)).toStrictEqual(usual.verdicts);
        const { items, batches, crashes, retries, itemsByLane } = own.metrics();
        expect({ items, crashes, retries }).toEqual({ items: usual.items.length, crashes: 0, retries: 0 });
        expect(batches).toBeGreaterThanOrEqual(Math.ceil(items / maxBatch));
        expect(itemsByLane.reduce((sum, one) => sum + one)).toBe(items);
        for (const one of itemsByLane) expect(one).toBeGreaterThan(0);
      });
    });
  });

  it('say the same with all errors and leniency', async () => {
    const options = { ...usual.options, allErrors: true, lenient: ['min-chain-length'] } as const;
    const items = usual.items.slice(0, 600);
    await withPool({ ...options, threads: 2 }, async (own) => {
      expect(await own.verifyAll(items)).toStrictEqual(createVerifier(options).verify(items));
    });
  });

  it('refuse a replay whatever the number of threads', async () => {
    const options = { ...usual.options, relevance: { replayWindowSeconds: 60 } };
    const items = [...usual.items.slice(0, 200), ...usual.items.slice(0, 200)];
    const expected = createVerifier(options).verify(items);
    expect(expected.filter(({ code }) => code === 'replayedSpdu').length).toBeGreaterThan(80);
    for (const threads of [1, 2, 3]) {
      const verdicts = await withPool({ ...options, threads, maxBatch: 16 }, (own) => own.verifyAll(items));
      expect(verdicts).toStrictEqual(expected);
    }
  });

  it('do not depend on what a set of signers has forgotten', async () => {
    // 16 signer lists a set are kept: 30 senders of one set, and 30 of others.
    const scms = usual.scms;
    const many = crowd(scms, 30);
    const others = senders(scms, 30);
    const items = [...many.attached, ...others.attached, ...many.digests, ...others.digests, ...many.attached];
    const expected = createVerifier(usual.options).verify(items);
    expect(expected.filter(({ code }) => code === 'certificateNotFound')).toHaveLength(14);
    for (const [threads, maxBatch] of [
      [1, 7],
      [2, 3],
      [5, 11],
    ] as const) {
      const verdicts = await withPool({ ...usual.options, threads, maxBatch }, (own) => own.verifyAll(items));
      expect(verdicts).toStrictEqual(expected);
    }
  });
});

describe('a stream', () => {
  it('comes out in order, one by one and as many as are ready', async () => {
    const some = usual.items.slice(0, 300);
    expect(await take(pool.verify(streamOf(some)))).toEqual(usual.verdicts.slice(0, 300));
    expect((await take(pool.verifyBatches(some))).flat()).toEqual(usual.verdicts.slice(0, 300));
    expect(await take(pool.verify(new Set(some.slice(0, 50))))).toEqual(usual.verdicts.slice(0, 50));
  });

  it('may be empty', async () => {
    expect(await pool.verifyAll([])).toEqual([]);
    expect(await take(pool.verify(streamOf([])))).toEqual([]);
  });

  it('is read ahead of its consumer by a bounded number of items', async () => {
    await withPool({ ...usual.options, threads: 2, maxBatch: 5, maxWaitMs: 1 }, async (own) => {
      const room = 2 * 5 * 4;
      for (const live of [true, false]) {
        let read = 0;
        const count = function* () {
          for (const item of usual.items) {
            read++;
            yield item;
          }
        };
        let taken = 0;
        for await (const _ of own.verify(live ? streamOf(count()) : count())) {
          taken++;
          await sleep(taken < 5 ? 30 : 0);
          // What the consumer was handed in one piece, and as much again; one item is in the hand that waits.
          expect(read - taken).toBeLessThanOrEqual(2 * room + 1);
          if (taken === 300) break;
        }
        expect(read).toBeGreaterThan(room);
      }
    });
  });

  it('goes on where less may be read than fills a batch', async () => {
    for (const maxQueue of [1, 3]) {
      await withPool({ ...usual.options, threads: 2, maxBatch: 100, maxQueue, maxWaitMs: 60_000 }, async (own) => {
        const some = usual.items.slice(0, 40);
        expect(await own.verifyAll(some)).toEqual(usual.verdicts.slice(0, 40));
        expect(await take(own.verify(streamOf(some)))).toEqual(usual.verdicts.slice(0, 40));
      });
    }
  });

  it('fills its batches although it waits for room', async () => {
    await withPool({ ...usual.options, threads: 2, maxBatch: 20 }, async (own) => {
      await take(own.verify(usual.items));
      expect(own.metrics().batches).toBeLessThan(2 * (usual.items.length / 20));
    });
  });

  it('that pauses gets its verdicts although no batch is full', async () => {
    const options = { ...usual.options, threads: 2, maxBatch: 1000 };
    for (const [maxWaitMs, least, most] of [
      [5, 0, 2000],
      [400, 350, 3000],
    ] as const) {
      await withPool({ ...options, maxWaitMs }, async (own) => {
        const verdicts = own.verify(quietAfter(usual.items.slice(0, 3)));
        const started = performance.now();
        for (let i = 0; i < 3; i++) expect((await verdicts.next()).value).toEqual(usual.verdicts[i]);
        const waited = performance.now() - started;
        expect(waited).toBeGreaterThan(least);
        expect(waited).toBeLessThan(most);
        await verdicts.return();
      });
    }
  });

  it('sends an idle thread what there is of a few hundred, and a busy one a whole batch', async () => {
    // A slow machine would get smaller batches.
    vi.spyOn(PoolWorker.prototype, 'batchCost', 'get').mockReturnValue(BATCH_COST);
    const some = usual.items.slice(0, 1400);
    for (const [maxBatch, most] of [
      [1000, 3],
      [100, 14],
    ] as const) {
      await withPool({ ...usual.options, threads: 1, maxBatch, maxWaitMs: 60_000 }, async (own) => {
        // The stream goes on only when the first verdict has come: nothing may wait for a batch of 1,000 to fill.
        let verified = (): void => {};
        const first = new Promise<void>((resolve) => {
          verified = resolve;
        });
        async function* source(): AsyncGenerator<Item> {
          yield* some.slice(0, 256);
          await first;
          yield* some.slice(256);
        }
        const verdicts: unknown[] = [];
        for await (const verdict of own.verify(source())) {
          verdicts.push(verdict);
          verified();
        }
        expect(verdicts).toEqual(usual.verdicts.slice(0, 1400));
        expect(own.metrics().batches).toBeLessThanOrEqual(most + 1);
      });
    }
  });

  it('waits in a batch no longer than maxWaitMs, however slowly it comes', async () => {
    const maxWaitMs = 40;
    await withPool({ ...usual.options, threads: 1, maxWaitMs }, async (own) => {
      const sentAt: number[] = [];
      async function* slow(): AsyncGenerator<Item> {
        for (const item of usual.items.slice(0, 30)) {
          sentAt.push(performance.now());
          yield item;
          await sleep(10);
        }
      }
      const waits: number[] = [];
      for await (const _ of own.verify(slow())) waits.push(performance.now() - (sentAt[waits.length] as number));
      expect(waits).toHaveLength(30);
      waits.sort((a, b) => a - b);
      // What comes beside is the verifying, and a machine that is busy with other things.
      expect(waits[15]).toBeLessThan(maxWaitMs + 100);
      // Several share a batch: some of them have waited for the others.
      expect(own.metrics().batches).toBeLessThan(20);
    });
  });

  it('that fails gives the verdicts on what came before, then its own error', async () => {
    const failing = async function* () {
      yield* usual.items.slice(0, 120);
      throw new RangeError('the cable was cut');
    };
    for (let round = 0; round < 3; round++) {
      const verdicts: unknown[] = [];
      await expect(async () => {
        for await (const verdict of pool.verify(failing())) verdicts.push(verdict);
      }).rejects.toThrow(new RangeError('the cable was cut'));
      expect(verdicts).toHaveLength(120);
    }
    const broken = function* () {
      yield usual.items[0] as Item;
      throw new RangeError('torn');
    };
    await expect(take(pool.verify(broken()))).rejects.toThrow('torn');
    expect(await pool.verifyAll(usual.items.slice(0, 9))).toEqual(usual.verdicts.slice(0, 9));
  });

  it('that gives something else than items ends with an error, and is left', async () => {
    const stream = quietAfter([{ kind: 'message' } as Item]);
    await expect(take(pool.verify(stream))).rejects.toThrow(TypeError);
    expect(stream.left).toBe(true);
  });

  it('may be one of several at a time', async () => {
    const parts = [usual.items.slice(0, 500), usual.items.slice(0, 300), usual.items.slice(0, 40)];
    const results = await Promise.all([
      pool.verifyAll(parts[0] as Item[]),
      take(pool.verify(streamOf(parts[1] as Item[]))),
      pool.verifyAll(parts[2] as Item[]),
    ]);
    expect(results.map((verdicts) => verdicts.length)).toEqual([500, 300, 40]);
    // A fresh verifier and one that has seen more may differ only where a digest was not known yet.
    results.forEach((verdicts, i) => {
      expect(verdicts).toEqual(usual.verdicts.slice(0, parts[i]?.length));
    });
  });
});

describe('cancellation', () => {
  it('ends the iteration with the reason, and the pool goes on', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const verdicts: unknown[] = [];
    let left = false;
    const endless = async function* () {
      try {
        for (;;) yield* usual.items.slice(0, 100);
      } finally {
        left = true;
      }
    };
    await expect(async () => {
      for await (const verdict of pool.verify(endless(), { signal: controller.signal })) {
        verdicts.push(verdict);
        if (verdicts.length === 150) controller.abort(reason);
      }
    }).rejects.toBe(reason);
    // The verdicts that were handed over in one piece with the last one may still come.
    expect(verdicts.length).toBeLessThan(150 + 2 * 50 * 4);
    await sleep(5);
    expect(left).toBe(true);
    expect(await pool.verifyAll(usual.items.slice(0, 20))).toEqual(usual.verdicts.slice(0, 20));
  });

  it('drops what has not begun', async () => {
    await withPool({ ...usual.options, threads: 1, maxBatch: 100 }, async (own) => {
      for await (const _ of own.verify(usual.items)) break;
      await own.verifyAll([]);
      await own.setTrust(usual.options.trust);
      expect(own.metrics().items).toBeLessThanOrEqual(200);
    });
  });

  it('does not wait for a stream that is quiet', async () => {
    const controller = new AbortController();
    const stream = quietAfter([]);
    const next = pool.verify(stream, { signal: controller.signal }).next();
    setTimeout(() => controller.abort(), 10);
    await expect(next).rejects.toThrow(/abort/i);
    expect(stream.left).toBe(true);
  });

  it('leaves the stream when the loop is left', async () => {
    const stream = quietAfter(usual.items.slice(0, 3));
    for await (const _ of pool.verify(stream)) break;
    expect(stream.left).toBe(true);
  });

  it('refuses to begin once aborted', async () => {
    let read = 0;
    const items = (function* (): Generator<Item> {
      read++;
      yield usual.items[0] as Item;
    })();
    await expect(take(pool.verify(items, { signal: AbortSignal.abort('no') }))).rejects.toBe('no');
    expect(read).toBe(0);
  });

  it('takes any reason, and says it once', async () => {
    for (const reason of [null, 0, 'text', undefined]) {
      const controller = new AbortController();
      const verdicts = pool.verify(quietAfter(usual.items.slice(0, 3)), { signal: controller.signal });
      await verdicts.next();
      controller.abort(reason);
      const rest = take(verdicts);
      if (reason === undefined) await expect(rest).rejects.toThrow(/abort/i);
      else await expect(rest).rejects.toBe(reason);
      expect(await verdicts.next()).toEqual({ done: true, value: undefined });
    }
  });

  it('leaves nothing listening on the signal', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await pool.verifyAll(usual.items.slice(0, 5), { signal });
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe('a change of trust', () => {
  it('takes effect with the next batch, and verdicts name its revision', async () => {
    await withPool({ ...usual.options, threads: 2, maxBatch: 10 }, async (own) => {
      const { attached, digests } = senders(usual.scms, 12);
      const codes = async (items: readonly Item[]): Promise<string[]> => {
        const verdicts = await own.verifyAll(items);
        expect(new Set(verdicts.map(({ trustRevision }) => trustRevision))).toEqual(new Set([own.trustRevision]));
        return [...new Set(verdicts.map(({ code, verdict }) => `${verdict} ${code}`))];
      };
      expect(await codes(attached)).toEqual(['valid ok']);
      expect(await codes(digests)).toEqual(['valid ok']);

      // Everything is learned and cached by now; none of it may outlive its root.
      const warnings = await own.setTrust({ ...usual.options.trust, roots: [] });
      expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['issuerNotFound']));
      expect(own.trustRevision).toBe(2);
      expect(await codes(attached)).not.toContain('valid ok');
      expect(await codes(digests)).not.toContain('valid ok');
      const cas = usual.items.filter(({ kind }) => kind === 'certificate');
      expect(await codes(cas.slice(0, 40))).not.toContain('valid ok');

      expect(await own.setTrust(usual.options.trust)).toEqual([]);
      expect(await codes(digests)).toEqual(['valid ok']);
      expect(own.trustRevision).toBe(3);
    });
  });

  it('says what of it could not be used, also while batches are on their way', async () => {
    const roots = [Uint8Array.of(1, 2, 3), ...usual.options.trust.roots];
    await withPool({ ...usual.options, threads: 2, maxBatch: 10 }, async (own) => {
      expect(own.warnings).toEqual([]);
      const busy = own.verifyAll(usual.items.slice(0, 400));
      const [first, second] = await Promise.all([
        own.setTrust({ roots }),
        own.setTrust({ ...usual.options.trust, roots }),
      ]);
      expect(first).toMatchObject([{ list: 'roots', index: 0 }]);
      expect(second).toEqual(first);
      expect(own.warnings).toEqual(first);
      const revisions = (await busy).map(({ trustRevision }) => trustRevision);
      expect(revisions.every((revision) => revision === 1 || revision === 3)).toBe(true);
      await own.setTrust(usual.options.trust);
      expect(own.warnings).toEqual([]);
    });
  });

  it('does not change behind the pool', async () => {
    const roots = usual.options.trust.roots.map((root) => root.slice());
    await withPool({ ...usual.options, trust: { ...usual.options.trust, roots }, threads: 1 }, async (own) => {
      roots[0]?.fill(0);
      await own.setTrust({ ...usual.options.trust });
      expect(await own.verifyAll(usual.items.slice(0, 10))).toMatchObject(
        usual.verdicts.slice(0, 10).map(({ code }) => ({ code })),
      );
    });
  });

  it('is refused where it is none, and then nothing has changed', async () => {
    await expect(pool.setTrust({} as never)).rejects.toThrow(TypeError);
    expect(pool.trustRevision).toBe(1);
  });
});

describe('closing', () => {
  const open = (options: Partial<PoolOptions> = {}): Promise<Pool> =>
    createPool({ ...usual.options, threads: 2, maxBatch: 20, workerUrl: WORKER_URL, ...options });

  it('lets lists finish, however long', async () => {
    const own = await open();
    const lists = [own.verifyAll(usual.items), own.verifyAll(usual.items.slice(0, 500))];
    await own.close();
    const [first, second] = await Promise.all(lists);
    expect(first).toHaveLength(1500);
    expect(second).toHaveLength(500);
    expect(own.metrics()).toMatchObject({ crashes: 0, retries: 0, items: 2000 });
  });

  it('ends streams behind what was read of them', async () => {
    const own = await open();
    let read = 0;
    const endless = async function* () {
      for (;;) {
        for (const item of usual.items.slice(0, 100)) {
          read++;
          yield item;
        }
      }
    };
    let taken = 0;
    let closed: Promise<void> | undefined;
    await expect(async () => {
      for await (const verdict of own.verify(endless())) {
        expect(verdict).toEqual(usual.verdicts[taken % 100]);
        if (++taken === 30) closed = own.close();
      }
    }).rejects.toThrow('closed');
    await closed;
    expect(taken).toBeGreaterThanOrEqual(read - 1);
    expect(own.metrics()).toMatchObject({ crashes: 0, items: taken });
  });

  it('does not wait for streams that are quiet, or that nobody reads', async () => {
    const own = await open();
    const quiet = quietAfter(usual.items.slice(0, 3));
    const waiting = take(own.verify(quiet));
    const forgotten = own.verify(usual.items);
    await forgotten.next();
    const settled = expect(waiting).rejects.toThrow('closed');
    await own.close();
    await settled;
    expect(quiet.left).toBe(true);
  });

  it('may be asked for twice, and then everything is refused', async () => {
    const own = await open();
    const [first, second] = [own.close(), own.close()];
    await Promise.all([first, second, own.close()]);
    await expect(own.verifyAll(usual.items)).rejects.toThrow('the pool is closed');
    await expect(own.verify([]).next()).rejects.toThrow('the pool is closed');
    await expect(own.setTrust(usual.options.trust)).rejects.toThrow('the pool is closed');
    await own[Symbol.asyncDispose]();
  });
});

describe('options', () => {
  const refused = (options: Partial<PoolOptions>): Promise<Pool> =>
    createPool({ trust: { roots: [] }, workerUrl: WORKER_URL, ...options });

  it.each([0, -1, 1.5, Number.NaN])('refuse %d threads and batches of as many', async (number) => {
    await expect(refused({ threads: number })).rejects.toThrow(RangeError);
    await expect(refused({ maxBatch: number })).rejects.toThrow(RangeError);
  });

  it('refuse what the verifier refuses, before a thread is started', async () => {
    await expect(refused({ kernel: 'abacus' as never })).rejects.toThrow(/abacus/);
    await expect(refused({ lenient: ['everything'] as never })).rejects.toThrow(RangeError);
    await expect(refused({ maxWaitMs: -1 })).rejects.toThrow(RangeError);
    await expect(refused({ maxWaitMs: Number.NaN })).rejects.toThrow(RangeError);
    await expect(refused({ trust: undefined as never })).rejects.toThrow(TypeError);
    expect(() => new Pool({ trust: { roots: [] }, threads: 0 })).toThrow('threads must be a positive integer');
  });

  it.each(['scalar', 'simd', 'native'] as const)('name the kernel: %s', async (kernel) => {
    await withPool({ ...usual.options, kernel, threads: 1 }, async (own) => {
      expect(own.kernelName).toBe(kernel);
      expect(await own.verifyAll(usual.items.slice(0, 60))).toEqual(usual.verdicts.slice(0, 60));
    });
  });
});
