import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedResults } from '../../src/pool/ordered.ts';

async function takeAll<T extends {}>(results: OrderedResults<T>): Promise<T[]> {
  const all: T[] = [];
  for (let some = await results.take(); some !== undefined; some = await results.take()) all.push(...some);
  return all;
}

describe('results that finish in any order', () => {
  it('are handed out in the order of their input', async () => {
    const order = fc.nat(40).chain((count) => {
      const indices = Array.from({ length: count }, (_, i) => i);
      return fc.shuffledSubarray(indices, { minLength: count });
    });
    await fc.assert(
      fc.asyncProperty(order, fc.scheduler(), async (indices, scheduler) => {
        const results = new OrderedResults<number>();
        for (const index of indices)
          void scheduler.schedule(Promise.resolve()).then(() => results.set(index, 10 * index));
        void scheduler.schedule(Promise.resolve()).then(() => results.end(indices.length));
        const all = takeAll(results);
        await scheduler.waitAll();
        expect(await all).toEqual(Array.from(indices, (_, i) => 10 * i));
        expect(results.delivered).toBe(indices.length);
      }),
      { numRuns: 200 },
    );
  });

  it('end where there is none', async () => {
    const results = new OrderedResults<number>();
    results.end(0);
    expect(await results.take()).toBeUndefined();
  });

  it('come before the error that ends them', async () => {
    const results = new OrderedResults<string>();
    results.end(2, { error: new Error('the source failed') });
    results.set(1, 'b');
    results.set(0, 'a');
    expect(await results.take()).toEqual(['a', 'b']);
    await expect(results.take()).rejects.toThrow('the source failed');
  });

  it('are dropped by a failure', async () => {
    const results = new OrderedResults<string>();
    results.set(0, 'a');
    results.fail('first');
    results.fail('second');
    await expect(results.take()).rejects.toBe('first');
  });

  it('fail even with null, and while somebody waits', async () => {
    const results = new OrderedResults<string>();
    const waiting = results.take();
    results.fail(null);
    await expect(waiting).rejects.toBeNull();
  });
});
