/** What stands between the products of the single path's formulas, at the extremes of every operand, and in which class it comes out. */
import { describe, expect, it } from 'vitest';
import { mod, P } from '../reference/p256.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, fromLimbs, TestingCore } from '../support/testing-core.ts';

const LIMB = 1n << 29n;

/** A class of element: its limbs are below `limb`, its value below `halves`/2·p. */
interface Class {
  readonly limb: bigint;
  readonly halves: bigint;
}

const PRODUCT: Class = { limb: LIMB, halves: 3n };
const TIGHT: Class = { limb: LIMB + 8n, halves: 3n };
const LAZY_2: Class = { limb: 2n * (LIMB + 8n), halves: 6n };
const LAZY_3: Class = { limb: 3n * (LIMB + 8n), halves: 7n };
const LAZY_4: Class = { limb: 4n * (LIMB + 8n), halves: 7n };
const LAZY_5: Class = { limb: 5n * (LIMB + 8n), halves: 10n };

/** Values of the two halves of a pair. */
type Pair = readonly [bigint, bigint];

interface Step {
  readonly name: string;
  readonly inputs: readonly Class[];
  readonly outputs: readonly (readonly [Class, Class])[];
  readonly expected: (...inputs: Pair[]) => readonly Pair[];
}

const BOTH_TIGHT = [TIGHT, TIGHT] as const;

const STEPS: readonly Step[] = [
  {
    name: 'doubleFactors',
    inputs: [TIGHT, PRODUCT],
    outputs: [
      [LAZY_3, TIGHT],
      [LAZY_2, LAZY_2],
    ],
    expected: ([x0, x1], [delta, gamma]) => [
      [x0 - delta, x1],
      [x0 + delta, 2n * gamma],
    ],
  },
  {
    name: 'doubleSlope',
    inputs: [PRODUCT, LAZY_2],
    outputs: [[TIGHT, LAZY_2]],
    expected: ([tau], [, gamma2]) => [[3n * tau, gamma2]],
  },
  {
    name: 'doubleX',
    inputs: [PRODUCT, PRODUCT],
    outputs: [BOTH_TIGHT],
    expected: ([alpha2], [, beta2]) => [[alpha2 - 4n * beta2, alpha2 - 4n * beta2]],
  },
  {
    name: 'doubleLastFactors',
    inputs: [TIGHT, TIGHT, PRODUCT, TIGHT],
    outputs: [BOTH_TIGHT, [LAZY_5, TIGHT]],
    expected: ([alpha], [z, y], [, beta2], [x]) => [
      [alpha, y],
      [2n * beta2 - x, z],
    ],
  },
  {
    name: 'doubleZY',
    inputs: [PRODUCT, PRODUCT],
    outputs: [BOTH_TIGHT],
    expected: ([first, yz], [, gamma4]) => [[2n * yz, first - 2n * gamma4]],
  },
  {
    name: 'addFactors',
    inputs: [PRODUCT, TIGHT],
    outputs: [BOTH_TIGHT, BOTH_TIGHT],
    expected: ([square], [z]) => [
      [square, z],
      [z, square],
    ],
  },
  {
    name: 'addHeight',
    inputs: [PRODUCT, TIGHT],
    outputs: [BOTH_TIGHT],
    expected: ([u, yz], [x]) => [[u - x, yz]],
  },
  {
    name: 'addSlope',
    inputs: [TIGHT, PRODUCT, TIGHT],
    outputs: [BOTH_TIGHT],
    expected: ([h], [, s], [, y]) => [[h, s - y]],
  },
  {
    name: 'addCubeFactors',
    inputs: [TIGHT, TIGHT, PRODUCT],
    outputs: [BOTH_TIGHT, BOTH_TIGHT],
    expected: ([h], [, x], [square]) => [
      [h, x],
      [square, square],
    ],
  },
  {
    name: 'addX',
    inputs: [PRODUCT, PRODUCT],
    outputs: [BOTH_TIGHT],
    expected: ([, r2], [h3, v]) => [[r2 - h3 - 2n * v, r2 - h3 - 2n * v]],
  },
  {
    name: 'addLastFactors',
    inputs: [TIGHT, TIGHT, PRODUCT, TIGHT],
    outputs: [BOTH_TIGHT, [TIGHT, LAZY_4]],
    expected: ([, y], [, r], [h3, v], [, x]) => [
      [y, r],
      [h3, v - x],
    ],
  },
  {
    name: 'addZY',
    inputs: [PRODUCT, PRODUCT],
    outputs: [BOTH_TIGHT],
    expected: ([z], [yh3, last]) => [[z, last - yh3]],
  },
  { name: 'negatedPoint', inputs: [TIGHT], outputs: [BOTH_TIGHT], expected: ([x, y]) => [[x, -y]] },
];

/** The largest element of a class. */
function largest({ limb, halves }: Class): bigint[] {
  const low = Array.from({ length: 8 }, () => limb - 1n);
  return [...low, ((halves * P) / 2n - 1n - fromLimbs(low)) >> 232n];
}

/** Full, empty, full but for one limb, one limb alone, or anything. */
function element(of: Class, random: Random): bigint[] {
  const full = largest(of);
  const at = random.index(9);
  switch (random.index(5)) {
    case 0:
      return full;
    case 1:
      return full.map(() => 0n);
    case 2:
      return full.map((limb, i) => (i === at ? 0n : limb));
    case 3:
      return full.map((limb, i) => (i === at ? limb : 0n));
    default:
      return full.map((limb) => random.below(limb + 1n));
  }
}

describe.each(CORE_NAMES)('steps between products, %s', (name) => {
  const core = new TestingCore(name);
  const words = new Uint32Array(core.memory.buffer);
  const place = (i: number): number => core.constant('SCRATCH') + 96 * i;
  const isSplit = name === 'scalar';
  const wordOf = (at: number, half: number, i: number): number => at / 4 + (isSplit ? 10 * half + i : 2 * i + half);

  function put(at: number, halves: readonly bigint[][]): Pair {
    words.fill(0, at / 4, at / 4 + 20);
    halves.forEach((limbs, half) => {
      limbs.forEach((limb, i) => {
        words[wordOf(at, half, i)] = Number(limb);
      });
    });
    return halves.map(fromLimbs) as unknown as Pair;
  }

  function get(at: number, half: number): bigint[] {
    return Array.from({ length: 9 }, (_, i) => BigInt(words[wordOf(at, half, i)]!));
  }

  function check(step: Step, inputs: readonly (readonly bigint[][])[]): void {
    const outputs = step.outputs.map((_, i) => place(i));
    const sources = inputs.map((_, i) => place(outputs.length + i));
    const values = inputs.map((halves, i) => put(sources[i]!, halves));
    core.call[step.name]!(...outputs, ...sources);
    step.expected(...values).forEach((pair, i) => {
      pair.forEach((value, half) => {
        const limbs = get(outputs[i]!, half);
        const { limb, halves } = step.outputs[i]![half]!;
        const says = { value: mod(fromLimbs(limbs), P), low: limbs.slice(0, 8).every((x) => x < limb) };
        expect(says).toEqual({ value: mod(value, P), low: true });
        expect(fromLimbs(limbs) < (halves * P) / 2n).toBe(true);
      });
    });
  }

  it.each(STEPS)('$name: every half full or empty, and at random', (step) => {
    const random = new Random(41n);
    const count = 2 * step.inputs.length;
    for (let which = 0; which < 1 << count; which++) {
      check(
        step,
        step.inputs.map((of, i) =>
          [0, 1].map((half) => largest(of).map((limb) => ((which >> (2 * i + half)) & 1 ? limb : 0n))),
        ),
      );
    }
    for (let i = 0; i < 400; i++)
      check(
        step,
        step.inputs.map((of) => [element(of, random), element(of, random)]),
      );
  });

  it('negates a point in its own place', () => {
    const [x, y] = put(place(0), [largest(TIGHT), largest(PRODUCT)]);
    core.call.negatedPoint!(place(0), place(0));
    expect([0, 1].map((half) => mod(fromLimbs(get(place(0), half)), P))).toEqual([mod(x, P), mod(-y, P)]);
  });
});
