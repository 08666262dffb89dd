/** The sweep against every pair of edges, where corners meet, touch and line up as often as they can. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/certificates/geometry.ts';
import { signOfDifference } from '../../src/certificates/side.ts';
import { isSimplePolygon } from '../../src/certificates/simple-polygon.ts';

const RUNS = Number(process.env.SCMS_FUZZ ?? 20_000);

const turn = (a: Point, b: Point, c: Point): bigint =>
  BigInt(b.longitude - a.longitude) * BigInt(c.latitude - a.latitude) -
  BigInt(b.latitude - a.latitude) * BigInt(c.longitude - a.longitude);
const opposite = (x: bigint, y: bigint): boolean => (x > 0n && y < 0n) || (x < 0n && y > 0n);
const between = (a: number, p: number, b: number): boolean => Math.min(a, b) <= p && p <= Math.max(a, b);
const touches = (a: Point, b: Point, p: Point): boolean =>
  turn(a, b, p) === 0n && between(a.latitude, p.latitude, b.latitude) && between(a.longitude, p.longitude, b.longitude);
const meet = (a: Point, b: Point, c: Point, d: Point): boolean =>
  (opposite(turn(a, b, c), turn(a, b, d)) && opposite(turn(c, d, a), turn(c, d, b))) ||
  touches(a, b, c) ||
  touches(a, b, d) ||
  touches(c, d, a) ||
  touches(c, d, b);

/** §6.4.21, pair by pair. */
function isSimpleByPairs(polygon: readonly Point[]): boolean {
  const n = polygon.length;
  const corner = (i: number): Point => polygon[i % n] as Point;
  if (n < 3) return false;
  for (let i = 0; i < n; i++) {
    const [a, b] = [corner(i), corner(i + 1)];
    if (a.latitude === b.latitude && a.longitude === b.longitude) return false;
    for (let j = i + 1; j < n; j++) {
      const [c, d] = [corner(j), corner(j + 1)];
      if (j === i + 1 || (i === 0 && j === n - 1)) {
        const [shared, one, other] = j === i + 1 ? [b, a, d] : [a, b, c];
        if (touches(one, shared, other) || touches(shared, other, one)) return false;
      } else if (meet(a, b, c, d)) return false;
    }
  }
  return true;
}

const corners = (max: number): fc.Arbitrary<Point> =>
  fc.record({ latitude: fc.integer({ min: 0, max }), longitude: fc.integer({ min: 0, max }) });

/** The same outline from another corner, in the other direction, elsewhere, or much larger. */
const moved = (polygon: readonly Point[], from: number, how: number): Point[] => {
  const rotated = polygon.map((_, i) => polygon[(i + from) % polygon.length] as Point);
  if (how & 1) rotated.reverse();
  const scale = how & 2 ? 2 ** 28 : 1;
  const shift = how & 4 ? -(2 ** 31) : 0;
  return rotated.map(({ latitude, longitude }) => {
    const [x, y] = how & 8 ? [longitude, latitude] : [latitude, longitude];
    return { latitude: scale * x + shift, longitude: scale * y + shift };
  });
};

describe('simple polygons', () => {
  it.each([2, 3, 5, 8])('are those whose pairs of edges keep apart, on a grid of %d', (size) => {
    let simple = 0;
    fc.assert(
      fc.property(
        fc.array(corners(size), { minLength: 3, maxLength: 9 }),
        fc.nat(8),
        fc.nat(15),
        (polygon, from, how) => {
          const other = moved(polygon, from, how);
          const expected = isSimpleByPairs(polygon);
          if (expected) simple++;
          expect(isSimplePolygon(other)).toBe(expected);
        },
      ),
      { numRuns: RUNS / 4 },
    );
    expect(simple).toBeGreaterThan(RUNS / 200);
  });

  it('are so after one corner was moved, or are not', () => {
    const spokes = fc.array(fc.integer({ min: 3, max: 40 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(spokes, fc.nat(), corners(40), fc.nat(15), (lengths, victim, to, how) => {
        const star = lengths.map((length, i) => {
          const angle = (2 * Math.PI * i) / lengths.length;
          return { latitude: Math.round(length * Math.cos(angle)), longitude: Math.round(length * Math.sin(angle)) };
        });
        const changed = star.with(victim % star.length, to);
        for (const polygon of [star, changed]) {
          expect(isSimplePolygon(moved(polygon, victim % star.length, how))).toBe(isSimpleByPairs(polygon));
        }
      }),
      { numRuns: RUNS / 20 },
    );
  });

  it('may have every edge beside every other', () => {
    const comb: Point[] = Array.from({ length: 254 }, (_, i) => ({ latitude: i % 2 ? 1000 : 0, longitude: 10 * i }));
    const closed = [...comb, { latitude: 2000, longitude: 2540 }, { latitude: 2000, longitude: -10 }];
    const crossing = [...comb, { latitude: 2000, longitude: 2540 }, { latitude: -10, longitude: 15 }];
    expect([closed, crossing].map(isSimplePolygon)).toEqual([closed, crossing].map(isSimpleByPairs));
    expect([closed, crossing].map(isSimplePolygon)).toEqual([true, false]);
  });

  it('have three corners at least', () => {
    expect(isSimplePolygon([])).toBe(false);
    expect(isSimplePolygon([{ latitude: 0, longitude: 0 }])).toBe(false);
  });
});

describe('the sign of a difference of products', () => {
  it('is exact', () => {
    const factor = fc.integer({ min: -(2 ** 33), max: 2 ** 33 });
    const near = fc.tuple(factor, factor, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }));
    const exact = (a: number, b: number, c: number, d: number): number => {
      const difference = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
      return difference > 0n ? 1 : difference < 0n ? -1 : 0;
    };
    fc.assert(
      fc.property(near, ([a, b, u, v]) => {
        // Close products, and equal ones in another order.
        const close = [Math.max(-(2 ** 33), Math.min(2 ** 33, a + u)), Math.max(-(2 ** 33), Math.min(2 ** 33, b + v))];
        for (const [c, d] of [close, [b, a], [-a, -b], [a, -b]] as [number, number][]) {
          expect(signOfDifference(a, b, c, d)).toBe(exact(a, b, c, d));
        }
      }),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(factor, factor, factor, factor, (a, b, c, d) => {
        expect(signOfDifference(a, b, c, d)).toBe(exact(a, b, c, d));
      }),
      { numRuns: 2000 },
    );
  });
});
