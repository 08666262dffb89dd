/** Validity periods: both ends belong to them, to the microsecond. */
import { describe, expect, it } from 'vitest';
import { validityMicros } from '../../src/dot2/index.ts';
import {
  brokenBy,
  CERTIFICATE_ITEM_RULES,
  CHAIN_RULES,
  type ChainFacts,
  micros,
  periodOf,
} from '../../src/rules/index.ts';

const issuer = { start: 1_000_000n, end: 9_000_000n };

describe('validity', () => {
  it.each([
    [0n, 0n, []],
    [1n, -1n, []],
    [-1n, 0n, ['inconsistentStartTimes']],
    [0n, 1n, ['inconsistentExpiryTimes']],
    [-1n, 1n, ['inconsistentStartTimes', 'inconsistentExpiryTimes']],
  ])('may start %dµs and end %dµs after its issuer’s: %j', (start, end, codes) => {
    const child = { start: issuer.start + start, end: issuer.end + end };
    const rules = CHAIN_RULES.filter(({ reads }) => reads.includes('validity'));
    const facts = { validity: periodOf(child), issuerValidity: periodOf(issuer) } as ChainFacts;
    expect(rules).toHaveLength(2);
    expect(brokenBy(rules, facts).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [issuer.start - 1n, ['notYetValid']],
    [issuer.start, []],
    [issuer.end, []],
    [issuer.end + 1n, ['certificateExpired']],
  ])('is judged at %d: %j', (at, codes) => {
    const facts = { type: 'explicit', trust: 'root', validity: periodOf(issuer), verifiedAt: micros(at) } as const;
    expect(brokenBy(CERTIFICATE_ITEM_RULES, facts).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['microseconds', 7, 7n],
    ['milliseconds', 7, 7_000n],
    ['seconds', 7, 7_000_000n],
    ['minutes', 7, 420_000_000n],
    ['hours', 169, 608_400_000_000n],
    ['sixtyHours', 1, 216_000_000_000n],
    ['years', 1, 31_556_952_000_000n],
    ['years', 65_535, 65_535n * 31_556_952_000_000n],
  ] as const)('lasts %s: %d', (tag, value, micros) => {
    expect(validityMicros({ start: 2 ** 32 - 1, duration: { tag, value } })).toEqual({
      start: 4_294_967_295_000_000n,
      end: 4_294_967_295_000_000n + micros,
    });
  });
});

describe('a time as rules compare it', () => {
  const edges = [0n, 1n, 2n ** 53n - 2n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n, -1n, -(2n ** 53n)];

  it('is as exact as a bigint, and a number while that is safe', () => {
    for (const a of edges) {
      expect(BigInt(micros(a))).toBe(a);
      expect(typeof micros(a)).toBe(a < 2n ** 53n && a > -(2n ** 53n) ? 'number' : 'bigint');
      for (const b of edges) {
        expect([micros(a) < micros(b), micros(a) <= micros(b), micros(a) >= micros(b)]).toEqual([
          a < b,
          a <= b,
          a >= b,
        ]);
      }
    }
  });
});
