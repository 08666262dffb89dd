import { describe, expect, it } from 'vitest';
import { mod, P } from '../reference/p256.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

/** Values at which a compact value changes its form, and what is next to them; all below p. */
function edgeValues(): bigint[] {
  const centres = [0n, P, 1n << 255n, (1n << 255n) - (1n << 223n), P / 2n, 1n << 208n, 1n << 96n, (1n << 52n) - 1n];
  for (let bit = 51n; bit < 256n; bit += 52n) centres.push(1n << bit, (1n << 256n) - (1n << bit));
  const values = centres.flatMap((centre) => [-2n, -1n, 0n, 1n, 2n].map((d) => centre + d));
  return [...new Set(values)].filter((value) => value >= 0n && value < P);
}

/** A tight element whose digits or limbs are as large as they may be, as small, or nothing: pattern `pattern` in base three. */
function putTight(core: TestingCore, element: number, lane: number, pattern: number): void {
  const choice = (i: number): number => (Math.floor(pattern / 3 ** i) % 3) - 1;
  if (core.lanes === 4) {
    const digits = [0, 1, 2, 3, 4].map((i) => choice(i) * (i < 4 ? 2 ** 51 + 8 : Math.floor(0.62 * 2 ** 48)));
    core.putDigits(element, lane, digits);
  } else {
    const limbs = Array.from({ length: 9 }, (_, i) => [0n, 1n, (1n << 29n) + 7n][choice(i) + 1]!);
    core.putLimbs(element, lane, [...limbs.slice(0, 8), limbs[8]! > 1n ? (3n << 23n) - 64n : limbs[8]!]);
  }
}

describe.each(CORE_NAMES)('compact coordinates, %s', (name) => {
  const core = new TestingCore(name);
  const { call, lanes } = core;
  const random = new Random(64n);
  const values = [...edgeValues(), ...Array.from({ length: 200 }, () => random.below(P))];
  const [element, out, list, compact] = [core.slot(0), core.slot(1), core.slot(2), core.slot(3)];

  /** Lays the values from the i-th on down in compact form, 64 octets apart, and returns them. */
  function pack(i: number): bigint[] {
    return Array.from({ length: lanes }, (_, lane) => {
      const value = values[(i + 5 * lane) % values.length]!;
      core.put(element, lane, value);
      call.packCompact!(compact + 64 * lane, element, lane);
      return value;
    });
  }

  function refer(lane: number, to: number, sign: number): void {
    new DataView(core.octets.buffer).setUint32(list + 4 * lane, compact + 64 * to + sign, true);
  }

  function expectTight(lane: number): void {
    if (name === 'fma') {
      core.digits(out, lane).forEach((digit, i) => {
        expect(Math.abs(digit)).toBeLessThanOrEqual(i < 4 ? 2 ** 51 : 2 ** 47);
      });
    } else {
      for (const limb of core.limbs(out, lane)) expect(limb).toBeLessThan(1n << 29n);
      expect(core.get(out, lane)).toBeLessThanOrEqual(P);
    }
  }

  it('come back as what they were, in any order of lanes', () => {
    for (let i = 0; i < values.length; i++) {
      const packed = pack(i);
      const first = i % lanes;
      for (let lane = 0; lane < lanes; lane++) refer(lane, (first + lane) % lanes, i & 1);
      call.gatherCompact!(out, list, 0);
      for (let lane = 0; lane < lanes; lane++) {
        expectTight(lane);
        expect(mod(core.get(out, lane), P)).toBe(packed[(first + lane) % lanes]);
      }
    }
  });

  it('can be made of any tight element, whatever stands in its digits', () => {
    for (let i = 0; i < 3 ** 9; i += 7) {
      for (let lane = 0; lane < lanes; lane++) putTight(core, element, lane, i + lane);
      const expected = Array.from({ length: lanes }, (_, lane) => mod(core.get(element, lane), P));
      for (let lane = 0; lane < lanes; lane++) {
        call.packCompact!(compact + 64 * lane, element, lane);
        refer(lane, lane, 0);
      }
      call.gatherCompact!(out, list, 0);
      for (let lane = 0; lane < lanes; lane++) {
        expectTight(lane);
        expect(mod(core.get(out, lane), P)).toBe(expected[lane]);
      }
    }
  });

  it('come back negated in the lanes whose reference has a sign', () => {
    for (let i = 0; i < values.length; i++) {
      const packed = pack(i);
      for (let signs = 0; signs < 1 << lanes; signs++) {
        for (let lane = 0; lane < lanes; lane++) refer(lane, lane, (signs >> lane) & 1);
        call.gatherCompactSigned!(out, list, 0);
        for (let lane = 0; lane < lanes; lane++) {
          const value = packed[lane]!;
          expect(mod(core.get(out, lane), P)).toBe(mod((signs >> lane) & 1 ? -value : value, P));
        }
      }
    }
  });
});
