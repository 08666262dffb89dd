/** Validity periods: both ends belong to them, to the microsecond. */
import { describe, expect, it } from 'vitest';
import { checkValidAt, checkValidityNesting } from '../../src/certificates/index.ts';
import { validityMicros } from '../../src/dot2/index.ts';

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
    expect(checkValidityNesting(child, issuer).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [issuer.start - 1n, ['notYetValid']],
    [issuer.start, []],
    [issuer.end, []],
    [issuer.end + 1n, ['certificateExpired']],
  ])('is judged at %d: %j', (at, codes) => {
    expect(checkValidAt(issuer, at).map(({ code }) => code)).toEqual(codes);
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
