/** CRLs in threads: the verdicts of the verifier in this one, whatever the threads and batches; swapped under a stream; kept over deaths. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import {
  type Credential,
  createScms,
  mixture,
  PSID_BSM,
  pseudonyms,
  type Scms,
  SERIES_COMPONENT,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { type Item, Verifier, type VerifierOptions } from '../../src/verifier/index.ts';
import { devicesRevoked, revocationOf } from '../support/crls.ts';
import { FAILING_WORKER_URL, take, withPool } from './support.ts';

const DEVICES = 12;
const REVOKED = [1, 4, 7, 10];

let scms: Scms;
let usual: VerifierOptions;
let senders: Credential[];
let items: Item[];
/** Devices 1, 4, 7, 10 by their seeds; every issuer covered. */
let old: RevocationData;
/** Devices 2 and 7 instead. */
let fresh: RevocationData;
/** The PCA. */
let withoutPca: RevocationData;

beforeAll(async () => {
  scms = createScms({ seed: 'revocation in threads', electors: 1 });
  usual = { trust: scms.trust(), at: scms.at };
  senders = [
    ...pseudonyms(scms, { devices: DEVICES, perWeek: 2 }),
    ...pseudonyms(scms, { devices: DEVICES, perWeek: 1, explicit: true }),
  ];
  items = [...messagesOf(senders, 6), ...senders.map(({ bytes }): Item => ({ kind: 'certificate', bytes }))];
  items.push(...[...mixture(scms, 400, 3)].map(({ item }) => item));
  const components = { kind: 'fullHashCrl', series: SERIES_COMPONENT } as const;
  old = await revocationOf(scms, [devicesRevoked(...REVOKED), components]);
  fresh = await revocationOf(scms, [devicesRevoked(2, 7), components]);
  withoutPca = await revocationOf(scms, [devicesRevoked(), { ...components, certificates: [scms.pca] }]);
});

/** Messages of each sender in turn: the first attaches its certificate, and every third. */
function messagesOf(by: readonly Credential[], rounds: number): Item[] {
  return Array.from({ length: rounds }, (_, round) =>
    by.map((sender, n): Item => {
      const bytes = signMessage(sender, {
        psid: PSID_BSM,
        payload: Uint8Array.of(round, n),
        generationTime: scms.at + BigInt(1000 * round + n),
        signer: round % 3 === 0 ? 'certificate' : 'digest',
      });
      return { kind: 'message', bytes };
    }),
  ).flat();
}

const inline = (revocation: RevocationData | undefined, of: readonly Item[], fastPath = true): Verdict[] =>
  new Verifier({ ...usual, revocation, fastPath }).verify(of);
const codesOf = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ code }) => code);

describe('a pool with CRLs', () => {
  it('says what one verifier says, for any number of threads and any batch size', async () => {
    const expected = inline(old, items, false);
    expect(inline(old, items)).toEqual(expected);
    const revoked = expected.filter(({ code }) => code === 'certificateRevoked').length;
    expect(revoked).toBeGreaterThanOrEqual(7 * 3 * REVOKED.length);
    expect(revoked).toBeLessThan(items.length / 2);
    for (const [threads, maxBatch] of [
      [1, 1000],
      [2, 7],
      [2, 1],
      [5, 64],
    ] as const) {
      await withPool({ ...usual, revocation: old, threads, maxBatch }, async (pool) => {
        expect(await pool.verifyAll(items), `${threads} threads, ${maxBatch}`).toStrictEqual(expected);
        expect(pool.crlRevision).toBe(1);
      });
    }
  });

  it('holds CRLs once for all threads', () => {
    const buffers = old.crls.flatMap(({ tables, hashes }) =>
      [...tables, ...(hashes ? [hashes] : [])].flatMap(buffersIn),
    );
    expect(buffers.length).toBeGreaterThan(1);
    for (const buffer of buffers) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('flips known senders of every thread at once where their CA is revoked, and back', async () => {
    await withPool({ ...usual, threads: 3 }, async (pool) => {
      const known = messagesOf(senders, 4);
      expect(new Set(codesOf(await pool.verifyAll(known)))).toEqual(new Set(['ok']));
      await pool.setRevocation(withoutPca);
      const digests = known.slice(senders.length, 3 * senders.length);
      const verdicts = await pool.verifyAll(digests);
      expect(new Set(codesOf(verdicts))).toEqual(new Set(['certificateRevoked']));
      for (const verdict of verdicts) {
        expect(verdict).toMatchObject({ depth: 2, crlRevision: 1, revokedBy: { rule: 'hash', depth: 2 } });
      }
      await pool.setRevocation(undefined);
      expect(new Set(codesOf(await pool.verifyAll(digests)))).toEqual(new Set(['ok']));
      expect(pool.crlRevision).toBe(2);
    });
  });

  it('swaps under a running stream: each verdict is right under the old or the new, and from some point all are new', async () => {
    const rounds = messagesOf(senders, 12);
    const byRevision = [inline(undefined, rounds), inline(old, rounds), inline(fresh, rounds)];
    expect(codesOf(byRevision[1] as Verdict[])).not.toEqual(codesOf(byRevision[2] as Verdict[]));
    await withPool({ ...usual, revocation: old, threads: 2, maxBatch: 16, maxWaitMs: 1 }, async (pool) => {
      let read = 0;
      let swapped = Number.POSITIVE_INFINITY;
      const stream = (async function* (): AsyncGenerator<Item> {
        for (let i = 0; i < rounds.length; i++) {
          if (i % 24 === 0) await sleep(2);
          if (i === rounds.length >> 1) {
            void pool.setRevocation(fresh).then(() => {
              swapped = Math.min(swapped, read);
            });
          }
          if (i === Math.floor(0.75 * rounds.length)) while (swapped > rounds.length) await sleep(1);
          read = i + 1;
          yield rounds[i] as Item;
        }
      })();
      const verdicts = await take(pool.verify(stream));
      const revisions = verdicts.map(({ crlRevision }) => crlRevision);
      expect(new Set(revisions)).toEqual(new Set([1, 2]));
      expect(revisions[0]).toBe(1);
      verdicts.forEach((verdict, i) => {
        const right = byRevision[verdict.crlRevision]?.[i] as Verdict;
        expect({ ...verdict, crlRevision: 0 }).toEqual({ ...right, crlRevision: 0 });
      });
      expect(swapped).toBeLessThan(rounds.length);
      expect(new Set(revisions.slice(swapped))).toEqual(new Set([2]));
    });
  });

  it('keeps what is in force where the new data is none', async () => {
    await withPool({ ...usual, revocation: old, threads: 1 }, async (pool) => {
      const expected = inline(old, items);
      for (const junk of [{}, { crls: 3 }, { ...old, crls: [{}] }]) {
        await expect(pool.setRevocation(junk as never)).rejects.toThrow();
      }
      expect(await pool.verifyAll(items)).toEqual(expected);
      expect(pool.metrics().crashes).toBe(0);
    });
    await expect(withPool({ ...usual, revocation: {} as never, threads: 1 }, async () => {})).rejects.toThrow();
  });

  it('gives them to the thread that follows one that died', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scms-pool-'));
    const trap = join(folder, 'trap');
    writeFileSync(trap, '');
    const some = [...items.slice(0, 100), { kind: 'certificate', bytes: Buffer.from(`trap:once ${trap};`) } as Item];
    some.push(...items.slice(100));
    await withPool(
      { ...usual, revocation: old, threads: 1, maxBatch: 16, workerUrl: FAILING_WORKER_URL },
      async (pool) => {
        expect(await pool.verifyAll(some)).toStrictEqual(inline(old, some));
        expect(pool.metrics().crashes).toBe(1);
        await pool.setRevocation(fresh);
        writeFileSync(trap, '');
        const renewed = inline(fresh, some).map((verdict) => ({ ...verdict, crlRevision: 2 }));
        expect(codesOf(await pool.verifyAll(some))).toEqual(codesOf(renewed));
        expect(pool.metrics().crashes).toBe(2);
      },
    );
    rmSync(folder, { recursive: true });
  });

  it('counts what it asks', async () => {
    await withPool({ ...usual, revocation: old, threads: 2 }, async (pool) => {
      await pool.verifyAll(messagesOf(senders, 3));
      const { lookups, hits, notEvaluated, localTables } = pool.metrics().revocation;
      expect(lookups).toBeGreaterThanOrEqual(senders.length);
      // The issuers and anchors of each thread, and senders that two paths have asked for.
      expect(lookups).toBeLessThan(2 * senders.length + 20);
      expect(hits).toBeGreaterThanOrEqual(3 * REVOKED.length);
      expect([notEvaluated, localTables]).toEqual([0, 0]);
    });
  });
});

describe('periods that nobody expanded', () => {
  it('are expanded by each thread for proven messages alone, at most four', async () => {
    const weeks = 7;
    const many = [...pseudonyms(scms, { devices: 3, weeks, perWeek: 1, explicit: true })];
    const data = await revocationOf(scms, [devicesRevoked(1)], []);
    const traffic = many.flatMap((sender): Item[] => {
      const { start } = sender.toBeSigned.validityPeriod;
      const generationTime = BigInt(start + 3600) * 1_000_000n;
      const bytes = signMessage(sender, {
        psid: PSID_BSM,
        payload: Uint8Array.of(1),
        generationTime,
        signer: 'certificate',
      });
      return [{ kind: 'message', bytes }];
    });
    const expected = inline(data, traffic, false);
    expect(codesOf(expected)).toEqual(many.map(({ device }) => (device === 1 ? 'certificateRevoked' : 'ok')));
    expect(inline(data, [...traffic, ...traffic]).slice(traffic.length)).toEqual(expected);
    await withPool({ ...usual, revocation: data, threads: 2, maxBatch: 3 }, async (pool) => {
      for (let round = 0; round < 3; round++) expect(await pool.verifyAll(traffic)).toStrictEqual(expected);
      const { localTables } = pool.metrics().revocation;
      expect(localTables).toBeGreaterThan(3);
      expect(localTables).toBeLessThanOrEqual(2 * 4);
    });
  });

  it('make no difference between threads for certificates that nothing has proven', async () => {
    const data = await revocationOf(scms, [devicesRevoked(1)], []);
    const implicit = [...pseudonyms(scms, { devices: 4, perWeek: 1 })];
    const mixed = [...messagesOf(implicit, 1), ...implicit.map(({ bytes }): Item => ({ kind: 'certificate', bytes }))];
    const rounds = [...mixed, ...mixed, ...mixed];
    const expected = inline(data, rounds, false);
    expect(new Set(codesOf(expected))).toEqual(new Set(['ok', 'certificateRevoked', 'revocationNotEvaluated']));
    expect(inline(data, rounds)).toEqual(expected);
    await withPool({ ...usual, revocation: data, threads: 5, maxBatch: 2 }, async (pool) => {
      expect(await pool.verifyAll(rounds)).toStrictEqual(expected);
    });
  });
});

function buffersIn(value: object): ArrayBufferLike[] {
  return Object.values(value).flatMap((field) => (ArrayBuffer.isView(field) ? [field.buffer] : []));
}
