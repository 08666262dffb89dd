/** Checking many keys against the curve by products over random subsets: whatever is no point is found, wherever it stands. */
import { describe, expect, it } from 'vitest';
import { Status } from '../../src/kernel/kernel.ts';
import { G, liftX, multiply, P } from '../reference/p256.ts';
import { Random, toOctets } from '../support/octets.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

const random = new Random(21n);
/** From this count on the tests over subsets are used; see curve-check.ts. */
const FEWEST = 96;

function pointOctets(x: bigint, form = 2): Uint8Array {
  return Uint8Array.of(form, ...toOctets(x));
}

const good = Array.from({ length: 64 }, () =>
  pointOctets(multiply(1n + random.below(1n << 64n), G)!.x, 2 + random.index(2)),
);

/** x of no point: for it x³ − 3x + b is no square. */
function offCurve(): Uint8Array {
  for (;;) {
    const x = random.below(P);
    if (liftX(x, false) === undefined) return pointOctets(x);
  }
}

describe.each(CORE_NAMES)('curve check, %s', (name) => {
  const core = new TestingCore(name);
  const capacity = core.constant('CAPACITY');

  function statuses(points: readonly Uint8Array[]): Status[] {
    points.forEach((point, i) => {
      core.putOctets(core.constant('COMPRESSED') + 33 * i, point);
    });
    const octets = core.call.randomOctetsFor!(points.length);
    expect(octets).toBeLessThanOrEqual(16 * capacity);
    core.putOctets(core.constant('MULTIPLIERS'), crypto.getRandomValues(new Uint8Array(octets)));
    core.call.checkPoints!(points.length);
    return Array.from(
      core.octets.subarray(core.constant('STATUS'), core.constant('STATUS') + points.length),
    ) as Status[];
  }

  const batch = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => good[i % good.length]!);

  it('accepts points, in any number', () => {
    for (const count of [1, 2, 5, FEWEST - 1, FEWEST, FEWEST + 1, 97, 191, 257, capacity]) {
      expect(statuses(batch(count))).toEqual(new Array(count).fill(Status.ok));
    }
  });

  it('finds the only x that is none, at every place', () => {
    const count = FEWEST + 5;
    for (let place = 0; place < count; place++) {
      const expected = new Array<Status>(count).fill(Status.ok);
      expected[place] = Status.notOnCurve;
      expect(statuses(batch(count).with(place, offCurve()))).toEqual(expected);
    }
  });

  it.each([96, 97, 98, 99, 100, 101, 102, 103, 107, 113])(
    'finds it in the first call of a kernel, %i points',
    (count) => {
      // What fills up the last group of values must be no zero, which a fresh memory is full of.
      const fresh = new TestingCore(name);
      const points = batch(count).with(count - 1, offCurve());
      points.forEach((one, i) => {
        fresh.putOctets(fresh.constant('COMPRESSED') + 33 * i, one);
      });
      const random = crypto.getRandomValues(new Uint8Array(fresh.call.randomOctetsFor!(count)));
      fresh.putOctets(fresh.constant('MULTIPLIERS'), random);
      fresh.call.checkPoints!(count);
      expect(fresh.octets[fresh.constant('STATUS') + count - 1]).toBe(Status.notOnCurve);
      expect(fresh.octets[fresh.constant('STATUS')]).toBe(Status.ok);
    },
  );

  it('makes 64 tests, and any one of them finds what it selects', () => {
    const count = 120;
    const lanes = core.lanes;
    for (const test of [0, 1, 31, 62, 63]) {
      for (let lane = 0; lane < lanes; lane++) {
        batch(count).forEach((one, i) => {
          core.putOctets(core.constant('COMPRESSED') + 33 * i, i === lane ? offCurve() : one);
        });
        const octets = new Uint8Array(core.call.randomOctetsFor!(count));
        // Empty subsets, but for one: the first value of its lane in the first group.
        octets[test * lanes + lane] = 1;
        core.putOctets(core.constant('MULTIPLIERS'), octets);
        core.call.checkPoints!(count);
        expect(core.octets[core.constant('STATUS') + lane], `test ${test}, lane ${lane}`).toBe(Status.notOnCurve);
      }
    }
  });

  it('finds pairs whose product is a square, and many', () => {
    const count = 200;
    for (let round = 0; round < 20; round++) {
      const points = batch(count);
      const expected = new Array<Status>(count).fill(Status.ok);
      // The product of two values that are no squares is one: a single product over all points would accept an even number.
      for (let k = 0; k < [2, 4, 6, 100][round % 4]!; k++) {
        const place = random.index(count);
        points[place] = offCurve();
        expected[place] = Status.notOnCurve;
      }
      expect(statuses(points)).toEqual(expected);
    }
  });

  it('finds the same x twice, side by side or in other lanes', () => {
    const bad = offCurve();
    for (const distance of [1, 2, 3, 4, 8, 24, 32]) {
      const expected = new Array<Status>(150).fill(Status.ok);
      expected[40] = Status.notOnCurve;
      expected[40 + distance] = Status.notOnCurve;
      expect(
        statuses(
          batch(150)
            .with(40, bad)
            .with(40 + distance, bad),
        ),
      ).toEqual(expected);
    }
  });

  it('refuses other forms and x ≥ p beside good points', () => {
    const points = batch(120);
    const expected = new Array<Status>(120).fill(Status.ok);
    const wrong = [
      pointOctets(G.x, 4),
      pointOctets(G.x, 0),
      pointOctets(P),
      pointOctets(P + 5n),
      pointOctets((1n << 256n) - 1n),
    ];
    wrong.forEach((point, i) => {
      points[7 * i + 3] = point;
      expected[7 * i + 3] = Status.notOnCurve;
    });
    expect(statuses(points)).toEqual(expected);
  });
});

describe('what the subsets are drawn from', () => {
  const core = new TestingCore('simd');

  it('matters: with empty subsets nothing would be found, so that the octets must be fresh', () => {
    const count = 128;
    for (let i = 0; i < count; i++)
      core.putOctets(core.constant('COMPRESSED') + 33 * i, i === 60 ? offCurve() : good[i % 64]!);
    core.octets.fill(0, core.constant('MULTIPLIERS'), core.constant('MULTIPLIERS') + core.call.randomOctetsFor!(count));
    core.call.checkPoints!(count);
    expect(core.octets[core.constant('STATUS') + 60]).toBe(Status.ok);
  });
});
