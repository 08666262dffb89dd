/** Tags and the bytes of items through a pool: tags stay in the calling thread, bytes are the caller's again with the verdict. */
import { describe, expect, it } from 'vitest';
import { FAILING_WORKER_URL, take, traffic, withPool } from './support.ts';

const { options, items, verdicts } = traffic('pooled tags', 240, 7);
const tags = items.map((_, i) => () => i);
const tagged = items.map((item, i) => ({ ...item, tag: tags[i] }));
const withoutTag = ({ tag: _, ...verdict }: (typeof verdicts)[number]) => verdict;

describe('tags through a pool', () => {
  it.each(['list', 'stream'])(
    'come back with their verdicts from a %s, though no thread could copy them',
    async (form) => {
      await withPool({ ...options, threads: 2, maxBatch: 16 }, async (pool) => {
        const found = form === 'list' ? await pool.verifyAll(tagged) : await take(pool.verify(tagged));
        found.forEach(({ tag }, i) => {
          expect(tag).toBe(tags[i]);
        });
        expect(found.map(withoutTag)).toEqual(verdicts);
      });
    },
  );

  it('come back with the verdicts on items that end their thread', async () => {
    await withPool({ ...options, threads: 1, workerUrl: FAILING_WORKER_URL }, async (pool) => {
      const deadly = { kind: 'message' as const, bytes: Buffer.from('trap:exit;'), tag: 'deadly' };
      const found = await pool.verifyAll([{ ...deadly, tag: 'first' }, deadly]);
      expect(found.map(({ tag }) => tag)).toEqual(['first', 'deadly']);
    });
  });

  it('make no verdict of what was cancelled', async () => {
    await withPool({ ...options, threads: 1, maxBatch: 4 }, async (pool) => {
      for await (const verdict of pool.verify(tagged)) {
        expect(withoutTag(verdict)).toEqual(verdicts[0]);
        break;
      }
      expect((await pool.verifyAll(tagged)).map(withoutTag)).toEqual(verdicts);
    });
  });
});

describe('bytes of items through a pool', () => {
  it('may be overwritten once their verdicts are there: later verdicts are those of untouched bytes', async () => {
    await withPool({ ...options, threads: 2, maxBatch: 16 }, async (pool) => {
      const found = [];
      for (const from of [0, 80, 160]) {
        const mine = items.slice(from, from + 80).map((item) => ({ ...item, bytes: item.bytes.slice() }));
        found.push(...(await pool.verifyAll(mine)));
        for (const { bytes } of mine) bytes.fill(0xa5);
      }
      expect(found).toEqual(verdicts);
    });
  });

  it('may be overwritten by a stream with each verdict that it has got', async () => {
    await withPool({ ...options, threads: 2, maxBatch: 16 }, async (pool) => {
      const mine = items.map((item) => ({ ...item, bytes: item.bytes.slice() }));
      const found = [];
      for await (const verdict of pool.verify(mine)) {
        mine[found.length]?.bytes.fill(0xa5);
        found.push(verdict);
      }
      expect(found).toEqual(verdicts);
    });
  });
});
