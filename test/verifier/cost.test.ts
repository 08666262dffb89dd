/** What a batch is estimated to cost, and that estimates miss nothing expensive. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Forger } from '../../bench/inputs/attacks/forger.ts';
import { Traffic } from '../../bench/inputs/traffic.ts';
import type { CurveName } from '../../src/testbed/index.ts';
import { BATCH_COST, costOf, runsOf } from '../../src/verifier/cost.ts';
import type { Item } from '../../src/verifier/index.ts';

const traffic = new Traffic();
const forger = new Forger(traffic.scms, 'cost');
const RARE = ['ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const;
const sized = (length: number): Item => ({ kind: 'message', bytes: new Uint8Array(length) });

describe('the estimate for an item', () => {
  it('of a known sender is one message, of a new one a few', () => {
    const digests = traffic.recurringMessages(64).items.filter(({ bytes }) => bytes.length < 160);
    expect(digests.length).toBeGreaterThan(16);
    for (const item of digests) expect(costOf(item, false)).toBe(1);
    for (const item of traffic.firstMessages('implicit', 0, 32).items) expect(costOf(item, false)).toBe(6);
  });

  it.each([0, 1, 160, 161, 384, 385, 1000, 4096, 4097, 60_000, 2 ** 20])('grows with its size: %s bytes', (length) => {
    expect(costOf(sized(length), false)).toBeGreaterThanOrEqual(Math.max(1, Math.floor(length / 192)));
    expect(costOf(sized(length + 1), false)).toBeGreaterThanOrEqual(costOf(sized(length), false));
    expect(costOf(sized(length), true)).toBeGreaterThanOrEqual(costOf(sized(length), false));
  });

  it.each(RARE)('counts a verification on %s, wherever its signature is', (curve: CurveName) => {
    for (const keyForm of ['compressed', 'uncompressed'] as const) {
      for (const count of [1, 2, 5, 8]) {
        const chain = forger.chain(count, 'self', curve, { keyForm });
        const { bytes } = forger.message(chain);
        expect(costOf({ kind: 'message', bytes }, false), `${count}, ${keyForm}`).toBeGreaterThanOrEqual(100);
        // Every certificate and the message itself, if all of them are verified.
        expect(costOf({ kind: 'message', bytes }, true), `${count}, ${keyForm}`).toBeGreaterThanOrEqual(
          100 * (count + 1),
        );
        for (const { bytes: one } of chain) {
          if (one.length > 160) expect(costOf({ kind: 'message', bytes: one }, false)).toBeGreaterThanOrEqual(100);
        }
      }
    }
  });

  it('of deployed curves is rarely taken for another', () => {
    const items = [
      ...traffic.firstMessages('explicit', 0, 200).items,
      ...traffic.firstMessages('implicit', 0, 200).items,
    ];
    expect(items.filter((item) => costOf(item, false) > 100).length).toBeLessThanOrEqual(4);
  });
});

describe('runs', () => {
  it('hold all items in order, each run no more than a batch may cost or one item', () => {
    const lengths = fc.array(fc.oneof(fc.nat(400), fc.nat(5000), fc.nat(300_000)), { maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.boolean(), (all, isThorough) => {
        const items = all.map(sized);
        const runs = [...runsOf(items, isThorough)];
        expect(runs.flat()).toEqual(items);
        for (const run of runs) {
          expect(run.length).toBeGreaterThan(0);
          const cost = run.reduce((sum, item) => sum + costOf(item, isThorough), 0);
          if (run.length > 1) expect(cost).toBeLessThanOrEqual(BATCH_COST);
        }
        // None could have been joined with the next.
        runs.slice(1).forEach((run, i) => {
          const before = runs[i] as readonly Item[];
          const joined = [...before, run[0] as Item].reduce((sum, item) => sum + costOf(item, isThorough), 0);
          expect(joined).toBeGreaterThan(BATCH_COST);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('of nothing are none, and a batch of known senders is one', () => {
    expect([...runsOf([], false)]).toEqual([]);
    const { items } = traffic.recurringMessages(1024);
    expect([...runsOf(items, false)]).toEqual([items]);
  });
});
