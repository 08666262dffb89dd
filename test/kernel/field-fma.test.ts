/** The double-precision field at the bounds it states: extreme digits, values next to 0 and p, and random ones. */
import { describe, expect, it } from 'vitest';
import { inverse, mod, P, power } from '../reference/p256.ts';
import { Random } from '../support/octets.ts';
import { fromDigits, TestingCore, toDigits } from '../support/testing-core.ts';

/** Tight: |digits 0…3| at most this, and the highest. */
const DIGIT = 2 ** 51 + 8;
const TOP = Math.floor(0.62 * 2 ** 48);
const core = new TestingCore('fma');
const { call, R, lanes } = core;
const random = new Random(7n);
const rInverse = inverse(R, P);

/** Elements at the edges of tight: every pattern of extreme, negative and empty digits, edge values, and random ones. */
function elements(): number[][] {
  const out: number[][] = [];
  for (let pattern = 0; pattern < 3 ** 5; pattern++) {
    out.push([0, 1, 2, 3, 4].map((i) => ((Math.floor(pattern / 3 ** i) % 3) - 1) * (i < 4 ? DIGIT : TOP)));
  }
  for (const centre of [0n, P / 2n, -P / 2n, 1n << 96n, 1n << 192n, 1n << 224n, (1n << 255n) - 4n, R % P]) {
    for (let d = -3n; d <= 3n; d++) {
      const value = mod(centre + d, P);
      out.push(toDigits(value >= 1n << 255n ? value - P : value));
    }
  }
  while (out.length < 700) {
    out.push(
      [0, 1, 2, 3, 4].map((i) => {
        const bound = i < 4 ? DIGIT : TOP;
        const choice = random.index(4);
        if (choice === 0) return bound - random.index(9);
        if (choice === 1) return random.index(9) - bound;
        return Number(random.below(BigInt(2 * bound))) - bound;
      }),
    );
  }
  return out;
}

const ELEMENTS = elements();

function expectTight(digits: number[], top: number, what: string): void {
  for (let i = 0; i < 4; i++)
    if (Math.abs(digits[i]!) > 2 ** 51 + 2) throw new Error(`${what}: digit ${i} is ${digits[i]}`);
  if (Math.abs(digits[4]!) > top) throw new Error(`${what}: the top digit is ${digits[4]! / 2 ** 48}·2^48`);
  if (digits.some((digit) => !Number.isInteger(digit))) throw new Error(`${what}: a digit is no integer`);
}

/** Runs an operation on every combination that `pick` names, different ones in every lane. */
function check(operation: string, operands: number, expected: (...values: bigint[]) => bigint, top: number): void {
  const out = core.slot(9);
  const count = ELEMENTS.length;
  for (let i = 0; i < 12 * count; i++) {
    const used: number[][][] = [];
    for (let lane = 0; lane < lanes; lane++) {
      const mine = Array.from(
        { length: operands },
        (_, k) => ELEMENTS[(i * (k === 0 ? 1 : 31 * k + 6) + lane * 101 + k) % count]!,
      );
      mine.forEach((digits, k) => {
        core.putDigits(core.slot(k), lane, digits);
      });
      used.push(mine);
    }
    call[operation]!(out, ...Array.from({ length: operands }, (_, k) => core.slot(k)));
    for (let lane = 0; lane < lanes; lane++) {
      const digits = core.digits(out, lane);
      expectTight(digits, top, operation);
      const values = used[lane]!.map(fromDigits);
      if (mod(fromDigits(digits), P) !== mod(expected(...values), P)) {
        throw new Error(`${operation}(${JSON.stringify(used[lane])}) = ${JSON.stringify(digits)}`);
      }
    }
  }
}

/** |value| of a product is below 0.54p, so its highest digit is not above 0.54·2^48. */
const PRODUCT_TOP = 0.54 * 2 ** 48;
/** What settle leaves: half of 2^48 and what the carries bring. */
const SETTLED_TOP = 2 ** 47 + 2 ** 18 + 2;

describe('field, fma', () => {
  it('knows that its multiply-add is fused', () => {
    expect(call.fieldWorks!()).toBe(1);
  });

  it('multiplies and squares at the extremes of its operands', () => {
    check('feMul', 2, (a, b) => a * b * rInverse, PRODUCT_TOP);
    check('feSqr', 1, (a) => a * a * rInverse, PRODUCT_TOP);
  });

  it('adds and subtracts at the extremes of its operands', () => {
    check('feAdd', 2, (a, b) => a + b, SETTLED_TOP);
    check('feSub', 2, (a, b) => a - b, SETTLED_TOP);
    check('feSubTwice', 2, (a, b) => a - 2n * b, SETTLED_TOP);
    check('feSubFourTimes', 2, (a, b) => a - 4n * b, SETTLED_TOP);
    check('feSubBoth', 3, (a, b, c) => a - b - c, SETTLED_TOP);
    check('feSubSubTwice', 3, (a, b, c) => a - b - 2n * c, SETTLED_TOP);
    check('feTriple', 1, (a) => 3n * a, SETTLED_TOP);
    check('feAddLazy', 2, (a, b) => a + b, SETTLED_TOP);
    check('feSubLazy', 2, (a, b) => a - b, SETTLED_TOP);
    check('feDoubleSubLazy', 2, (a, b) => 2n * a - b, SETTLED_TOP);
  });

  it('negates the lanes it is told to', () => {
    for (let mask = 0; mask < 1 << lanes; mask++) {
      for (let lane = 0; lane < lanes; lane++) core.putDigits(core.slot(0), lane, ELEMENTS[mask * 4 + lane]!);
      call.feNegateLanes!(core.slot(1), core.slot(0), mask);
      for (let lane = 0; lane < lanes; lane++) {
        const value = fromDigits(ELEMENTS[mask * 4 + lane]!);
        expect(fromDigits(core.digits(core.slot(1), lane))).toBe((mask >> lane) & 1 ? -value : value);
      }
    }
  });

  it('may write over an operand', () => {
    for (const [operation, operands] of [
      ['feMul', 2],
      ['feSqr', 1],
      ['feSub', 2],
      ['feSubBoth', 3],
      ['feSubSubTwice', 3],
    ] as const) {
      for (let over = 0; over < operands; over++) {
        const put = () => {
          for (let k = 0; k < operands; k++) {
            for (let lane = 0; lane < lanes; lane++) core.putDigits(core.slot(k), lane, ELEMENTS[300 + 7 * k + lane]!);
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
    for (const value of [1n, 2n, P - 5n, ...Array.from({ length: 12 }, () => random.below(P - 8n) + 1n)]) {
      for (let lane = 0; lane < lanes; lane++) core.put(core.slot(0), lane, mod((value + BigInt(lane)) * R, P));
      call.feInvert!(core.slot(1), core.slot(0));
      call.feSquareRoot!(core.slot(2), core.slot(0));
      for (let lane = 0; lane < lanes; lane++) {
        const x = mod(value + BigInt(lane), P);
        expect(mod(core.get(core.slot(1), lane), P)).toBe(mod(inverse(x, P) * R, P));
        expect(mod(core.get(core.slot(2), lane), P)).toBe(mod(power(x, (P + 1n) / 4n, P) * R, P));
      }
    }
  });

  it('reads and writes octets of any 256-bit value, canonically, and tells zero', () => {
    const top = (1n << 256n) - 1n;
    const values = [0n, 1n, P - 1n, P, P + 1n, top, 1n << 255n, (1n << 255n) - 1n, 1n << 52n, (1n << 208n) - 1n];
    for (const value of [...values, ...Array.from({ length: 40 }, () => random.below(top))]) {
      core.putHex(core.slot(8), value.toString(16).padStart(64, '0'));
      for (let lane = 0; lane < lanes; lane++) {
        call.feFromOctetsLane!(core.slot(0), lane, core.slot(8));
        expectTight(core.digits(core.slot(0), lane), TOP, 'feFromOctetsLane');
        expect(mod(core.get(core.slot(0), lane), P)).toBe(mod(value, P));
        call.feToOctetsLane!(core.slot(7), core.slot(0), lane);
        expect(core.getHex(core.slot(7), 32)).toBe(mod(value, P).toString(16).padStart(64, '0'));
        expect(call.feProductIsZeroLane!(core.slot(0), lane)).toBe(mod(value, P) === 0n ? 1 : 0);
        if (mod(value, P) === 0n) expect(call.feProductMayBeZero!(core.slot(0))).toBe(1);
      }
    }
  });

  it('writes octets of every tight element', () => {
    for (const digits of ELEMENTS) {
      core.putDigits(core.slot(0), 1, digits);
      call.feToOctetsLane!(core.slot(7), core.slot(0), 1);
      expect(core.getHex(core.slot(7), 32)).toBe(mod(fromDigits(digits), P).toString(16).padStart(64, '0'));
    }
  });
});
