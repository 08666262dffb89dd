import { describe, expect, it } from 'vitest';
import { inverse, mod, N, P, power } from '../reference/p256.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, fromLimbs, INTEGER_CORES, R, TestingCore, toLimbs } from '../support/testing-core.ts';

const LIMB = 1n << 29n;
const ONE_AND_A_HALF_P = (3n * P) / 2n;

/** The largest limbs a class of element allows: every limb at `limb`, the top one as far as `value` lets it. */
function extreme(limb: bigint, value: bigint): bigint[] {
  const low = Array.from({ length: 8 }, () => limb);
  const top = (value - 1n - fromLimbs(low)) >> 232n;
  return [...low, top];
}

const TIGHT_MAX = extreme(LIMB + 7n, ONE_AND_A_HALF_P);
const PRODUCT_MAX = extreme(LIMB - 1n, ONE_AND_A_HALF_P);

/** Values at which representations change: next to 0, p, 2^256, powers of two, and single limbs full. */
function edgeValues(): bigint[] {
  const values = new Set<bigint>();
  for (const centre of [
    0n,
    P,
    1n << 256n,
    1n << 255n,
    (3n * P) / 2n - 4n,
    P / 2n,
    1n << 96n,
    1n << 192n,
    1n << 224n,
    R % P,
  ]) {
    for (let d = -3n; d <= 3n; d++) values.add(centre + d);
  }
  for (let i = 0n; i < 9n; i++) {
    values.add((LIMB - 1n) << (29n * i));
    values.add(1n << (29n * i));
  }
  return [...values].filter((value) => value >= 0n && value < ONE_AND_A_HALF_P);
}

/** Tight elements: edge values, extreme limbs with holes in them, and random ones with carries left standing. */
function tightElements(random: Random, count: number): bigint[][] {
  const out = edgeValues().map(toLimbs);
  out.push(TIGHT_MAX, PRODUCT_MAX);
  for (let hole = 0; hole < 9; hole++) {
    out.push(TIGHT_MAX.map((limb, i) => (i === hole ? 0n : limb)));
    out.push(TIGHT_MAX.map((limb, i) => (i === hole ? limb : 0n)));
  }
  while (out.length < count) {
    const limbs = Array.from({ length: 8 }, () => (random.index(4) === 0 ? LIMB + 7n : random.below(LIMB + 8n)));
    out.push([...limbs, random.below((3n << 23n) - 64n)]);
  }
  return out;
}

describe.each(INTEGER_CORES)('field, %s', (name) => {
  const core = new TestingCore(name);
  const { call } = core;
  const random = new Random(1n);
  const elements = tightElements(random, 220);
  const rInverse = inverse(R, P);

  function expectProduct(limbs: bigint[], what: string): void {
    for (let i = 0; i < 8; i++)
      if (limbs[i]! >= LIMB) throw new Error(`${what}: limb ${i} of a product is 2^29 or more`);
    if (fromLimbs(limbs) >= ONE_AND_A_HALF_P) throw new Error(`${what}: a product is 1.5p or more`);
  }

  function expectTight(limbs: bigint[], what: string): void {
    for (let i = 0; i < 8; i++) if (limbs[i]! >= LIMB + 8n) throw new Error(`${what}: limb ${i} is not tight`);
    if (limbs[8]! >= 3n << 23n || fromLimbs(limbs) >= ONE_AND_A_HALF_P) throw new Error(`${what}: value is not tight`);
  }

  /** Runs `operation` on the operand limbs, a different list in each lane, and checks each lane's value and class. */
  function check(
    operation: string,
    operands: bigint[][][],
    expected: (...values: bigint[]) => bigint,
    classOf: (limbs: bigint[], what: string) => void,
  ): void {
    const count = operands[0]!.length;
    const out = core.slot(9);
    for (let i = 0; i < count; i++) {
      const used: bigint[][][] = [];
      for (let lane = 0; lane < core.lanes; lane++) {
        const mine = operands.map((list) => list[(i + lane * 7) % count]!);
        mine.forEach((limbs, k) => {
          core.putLimbs(core.slot(k), lane, limbs);
        });
        used.push(mine);
      }
      call[operation]!(out, ...operands.map((_, k) => core.slot(k)));
      for (let lane = 0; lane < core.lanes; lane++) {
        const values = used[lane]!.map(fromLimbs);
        const limbs = core.limbs(out, lane);
        classOf(limbs, operation);
        const got = mod(fromLimbs(limbs), P);
        if (got !== mod(expected(...values), P)) {
          throw new Error(
            `${operation}(${values.map((value) => value.toString(16)).join(', ')}) = ${got.toString(16)}`,
          );
        }
      }
    }
  }

  const pairs = (): bigint[][][] => {
    const left: bigint[][] = [];
    const right: bigint[][] = [];
    for (let i = 0; i < elements.length; i++) {
      for (let k = 0; k < 24; k++) {
        left.push(elements[i]!);
        right.push(elements[k < 20 ? (i * 7 + k * 11) % elements.length : k]!);
      }
    }
    return [left, right];
  };

  it('multiplies tight elements', () => {
    check('feMul', pairs(), (a, b) => a * b * rInverse, expectProduct);
  });

  it('multiplies at the extreme of what lazy operands may be: ma·mb = 6', () => {
    const lazy = (m: bigint, value: bigint) => extreme(m * (LIMB + 8n) - 1n, value);
    const cases: [bigint[], bigint[]][] = [
      [lazy(3n, (7n * P) / 2n), lazy(2n, 3n * P)], // (X − δ)(X + δ)
      [lazy(5n, 5n * P), TIGHT_MAX], // (4β − X')·α
      [lazy(2n, 3n * P), TIGHT_MAX],
      [TIGHT_MAX, TIGHT_MAX],
    ];
    const left = cases.flatMap(([a, b]) => [a, b, a.map((x, i) => (i % 2 ? x : 0n)), a]);
    const right = cases.flatMap(([a, b]) => [b, a, b, b.map((x, i) => (i % 3 ? x : 0n))]);
    check('feMul', [left, right], (a, b) => a * b * rInverse, expectProduct);
  });

  it('squares', () => {
    check('feSqr', [elements], (a) => a * a * rInverse, expectProduct);
    const lazy = extreme(2n * (LIMB + 8n) - 1n, 3n * P);
    const holes = lazy.map((_, hole) => lazy.map((limb, i) => (i === hole ? 0n : limb)));
    check('feSqr', [[lazy, ...holes]], (a) => a * a * rInverse, expectProduct);
  });

  it('adds and subtracts into tight elements', () => {
    check('feAdd', pairs(), (a, b) => a + b, expectTight);
    check('feSub', pairs(), (a, b) => a - b, expectTight);
    check('feSubTwice', pairs(), (a, b) => a - 2n * b, expectTight);
    check('feSubFourTimes', pairs(), (a, b) => a - 4n * b, expectTight);
    const [a, b] = pairs() as [bigint[][], bigint[][]];
    check('feSubSubTwice', [a, b, [...b].reverse()], (x, y, z) => x - y - 2n * z, expectTight);
    check('feTriple', [elements], (x) => 3n * x, expectTight);
  });

  it('adds and subtracts lazily within the stated bounds', () => {
    const within = (m: bigint, halves: bigint) => (limbs: bigint[], what: string) => {
      if (limbs.some((limb) => limb >= m * (LIMB + 8n))) throw new Error(`${what}: not lazy(${m})`);
      if (fromLimbs(limbs) >= (halves * P) / 2n) throw new Error(`${what}: value is ${halves}/2·p or more`);
    };
    check('feAddLazy', pairs(), (a, b) => a + b, within(2n, 6n));
    check('feDoubleSubLazy', pairs(), (a, b) => 2n * a - b, within(5n, 10n));
    const products = [...edgeValues().map(toLimbs), PRODUCT_MAX];
    const left = products.flatMap(() => elements.slice(0, 40).concat([TIGHT_MAX]));
    const right = products.flatMap((b) => Array.from({ length: 41 }, () => b));
    check('feSubLazy', [left, right], (a, b) => a - b, within(3n, 7n));
  });

  it('negates the lanes it is told to', () => {
    for (let lanes = 0; lanes < 1 << core.lanes; lanes++) {
      elements.forEach((limbs, i) => {
        for (let lane = 0; lane < core.lanes; lane++)
          core.putLimbs(core.slot(0), lane, elements[(i + lane) % elements.length]!);
        call.feNegateLanes!(core.slot(1), core.slot(0), lanes);
        for (let lane = 0; lane < core.lanes; lane++) {
          const value = fromLimbs(elements[(i + lane) % elements.length]!);
          expectTight(core.limbs(core.slot(1), lane), 'feNegateLanes');
          expect(mod(core.get(core.slot(1), lane), P)).toBe(mod((lanes >> lane) & 1 ? -value : value, P));
        }
        expect(limbs.length).toBe(9);
      });
    }
  });

  it('may write over an operand', () => {
    for (const [operation, operands] of [
      ['feMul', 2],
      ['feSqr', 1],
      ['feSub', 2],
      ['feTriple', 1],
      ['feSubSubTwice', 3],
      ['feDoubleSubLazy', 2],
    ] as const) {
      for (let over = 0; over < operands; over++) {
        const put = () => {
          for (let k = 0; k < operands; k++) {
            for (let lane = 0; lane < core.lanes; lane++)
              core.put(core.slot(k), lane, P - 5n * BigInt(k + 1) - BigInt(lane));
          }
        };
        const slots = [0, 1, 2].slice(0, operands).map((k) => core.slot(k));
        put();
        call[operation]!(core.slot(9), ...slots);
        const apart = core.getHex(core.slot(9), core.feBytes);
        put();
        call[operation]!(core.slot(over), ...slots);
        expect(core.getHex(core.slot(over), core.feBytes), operation).toBe(apart);
      }
    }
  });

  it('inverts, and takes square roots', () => {
    const values = [
      1n,
      2n,
      P - 2n,
      P - 1n - BigInt(core.lanes),
      ...Array.from({ length: 12 }, () => random.below(P - 4n) + 1n),
    ];
    for (const value of values) {
      for (let lane = 0; lane < core.lanes; lane++) core.put(core.slot(0), lane, mod((value + BigInt(lane)) * R, P));
      call.feInvert!(core.slot(1), core.slot(0));
      call.feSquareRoot!(core.slot(2), core.slot(0));
      for (let lane = 0; lane < core.lanes; lane++) {
        const x = mod(value + BigInt(lane), P);
        expect(mod(core.get(core.slot(1), lane), P)).toBe(mod(inverse(x, P) * R, P));
        expect(mod(core.get(core.slot(2), lane), P)).toBe(mod(power(x, (P + 1n) / 4n, P) * R, P));
      }
    }
  });

  it('reads and writes octets, reduces once, and tells zero', () => {
    const top = (1n << 256n) - 1n;
    for (const value of [
      0n,
      1n,
      P - 1n,
      P,
      P + 1n,
      top,
      1n << 255n,
      ...Array.from({ length: 20 }, () => random.below(top)),
    ]) {
      const hex = value.toString(16).padStart(64, '0');
      core.putHex(core.slot(8), hex);
      for (let lane = 0; lane < core.lanes; lane++) {
        call.feFromOctetsLane!(core.slot(0), lane, core.slot(8));
        expect(core.get(core.slot(0), lane)).toBe(value);
        call.feToOctetsLane!(core.slot(7), core.slot(0), lane);
        expect(core.getHex(core.slot(7), 32)).toBe(mod(value, P).toString(16).padStart(64, '0'));
        expect(call.feProductIsZeroLane!(core.slot(0), lane)).toBe(value === 0n || value === P ? 1 : 0);
        if (value === 0n || value === P) expect(call.feProductMayBeZero!(core.slot(0))).toBe(1);
      }
      expect(call.octetsBelowP!(core.slot(8))).toBe(value < P ? 1 : 0);
    }
  });

  it('finds a zero in any lane', () => {
    for (let zero = 0; zero < core.lanes; zero++) {
      for (const value of [0n, P]) {
        for (let lane = 0; lane < core.lanes; lane++) core.put(core.slot(0), lane, lane === zero ? value : 12345n);
        expect(call.feProductMayBeZero!(core.slot(0))).toBe(1);
      }
    }
    for (let lane = 0; lane < core.lanes; lane++) core.put(core.slot(0), lane, 12345n);
    expect(call.feProductMayBeZero!(core.slot(0))).toBe(0);
  });
});

describe.each(CORE_NAMES)('scalars mod n, %s', (name) => {
  const core = new TestingCore(name);
  const { call } = core;
  const at = (i: number) => core.slot(0) + 40 * i;
  const random = new Random(2n);
  const edges = [0n, 1n, 2n, N - 1n, N - 2n, N, N + 1n, (1n << 256n) - 1n, P, 1n << 255n, LIMB - 1n];
  const scalars = [...edges, ...Array.from({ length: 30 }, () => random.below(N))];
  const rInverse = inverse(R, N);

  it('multiplies to a canonical value, also from operands of 256 bits that are not reduced', () => {
    for (const a of scalars) {
      for (const b of scalars) {
        expectProduct(a, b);
      }
    }
  });

  function expectProduct(a: bigint, b: bigint): void {
    core.putScalar(at(0), a);
    core.putScalar(at(1), b);
    call.scalarMul!(at(2), at(0), at(1));
    expect(core.getScalar(at(2)), `${a.toString(16)} · ${b.toString(16)}`).toBe(mod(a * b * rInverse, N));
  }

  /** Values below 2^bits whose limbs are all 0 or 2^29 − 1: any nine, and as they come. */
  const extremes = (bits: bigint): bigint[] =>
    [0, 0x1ff, 0x155, 0x0aa, 0x100, 0x001, 0x0ff, 0x1fe, ...Array.from({ length: 24 }, () => random.index(512))].map(
      (pattern) => {
        let value = 0n;
        for (let limb = 0; limb < 9; limb++) if (pattern & (1 << limb)) value |= (LIMB - 1n) << BigInt(29 * limb);
        return value & ((1n << bits) - 1n);
      },
    );

  it('multiplies values whose limbs are as large or as small as can be', () => {
    for (const a of extremes(256n)) for (const b of extremes(256n)) expectProduct(a, b);
  });

  it('multiplies where the limbs of the quotient are as large or as small as can be', () => {
    // The quotient is −a·b/n mod R.
    for (const quotient of extremes(261n)) expectProduct(1n, mod(-quotient * N, R));
  });

  it('multiplies to values around 0, n, and where the highest limb decides', () => {
    const top = 0xffffffn << 232n;
    const results = [
      0n,
      1n,
      2n,
      1n << 250n,
      top - 1n,
      top,
      top + 1n,
      N - (1n << 100n),
      N - (1n << 223n),
      N - 2n,
      N - 1n,
    ];
    for (const result of results) {
      for (const a of scalars.filter((value) => value % N !== 0n)) expectProduct(a, mod(result * R * inverse(a, N), N));
    }
  });

  it('checks ranges, reduces, and knows when r + n is below p', () => {
    for (const a of [...edges, P - N, P - N - 1n, P - N + 1n]) {
      core.putScalar(at(0), a);
      expect(call.scalarInRange!(at(0)), a.toString(16)).toBe(a > 0n && a < N ? 1 : 0);
      expect(call.scalarHasSecondX!(at(0))).toBe(a + N < P ? 1 : 0);
      call.scalarReduce!(at(0));
      expect(core.getScalar(at(0))).toBe(mod(a, N));
    }
  });

  it('inverts many with one inversion', () => {
    const canonical = edges.filter((value) => value > 0n && value < N);
    for (const count of [1, 2, 3, 20]) {
      for (let round = 0; round < canonical.length; round++) {
        const values = Array.from({ length: count }, (_, i) =>
          i % 3 === 0 ? canonical[(round + i) % canonical.length]! : 1n + random.below(N - 1n),
        );
        values.forEach((value, i) => {
          core.putScalar(at(i), value);
        });
        call.scalarInvertAll!(at(60), at(0), count);
        values.forEach((value, i) => {
          expect(core.getScalar(at(60 + i))).toBe(mod(inverse(value, N) * R, N));
          expect(core.getScalar(at(i))).toBe(value);
        });
      }
    }
  });

  const TABLES = [8, 9, 10, 11, 12, 13, 14, 15].map(
    (window) => [`a table of ${window} bits`, window, 256 % window] as const,
  );

  it.each([
    [
      'the point of a caller',
      core.constant('WINDOW'),
      256 - core.constant('WINDOW') * core.constant('DIGITS'),
    ] as const,
    ...TABLES,
  ])('recodes for %s into odd digits that sum up to the scalar', (_, window, rest) => {
    // What a whole number of digits does not fill makes the lowest ones wider; a caller's point has one digit more instead.
    const wide = Math.max(rest, 0);
    const digits = Math.floor(256 / window) + (rest < 0 ? 1 : 0);
    const cases = new Set<bigint>([...scalars.filter((k) => k < N)]);
    for (let i = 0n; i < 256n; i++) cases.add((1n << i) % N);
    for (let d = 1n; d <= 64n; d++) cases.add(N - d).add(d);
    for (const k of cases) {
      core.putScalar(at(0), k);
      call.recode!(at(0), window, wide, digits, at(10));
      let [sum, bit] = [0n, 0n];
      for (let i = 0; i < digits; i++) {
        const stored = core.octets[at(10) + 2 * i]! | (core.octets[at(10) + 2 * i + 1]! << 8);
        const [size, width] = [BigInt(stored | 1), BigInt(i < wide ? window + 1 : window)];
        expect(size).toBeLessThan(1n << width);
        sum += (stored & 1 ? -size : size) << bit;
        bit += width;
      }
      expect(mod(sum, N)).toBe(k);
    }
  });
});
