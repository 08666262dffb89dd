/** Geometry against published distances and against slower algorithms that share nothing with it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Box,
  boxAround,
  boxesInsideUnion,
  distanceMetres,
  distanceToEdges,
  edgesBetween,
  edgesOf,
  type Point,
  polygonContains,
  polygonInsidePolygon,
  polygonInsideUnion,
} from '../../src/certificates/geometry.ts';
import { isSimplePolygon } from '../../src/certificates/simple-polygon.ts';
import { cpuMs } from '../support/cpu.ts';
import { at, type Degrees } from '../support/regions.ts';

const degrees = (d: number, minutes: number, seconds: number): number =>
  Math.sign(d) * (Math.abs(d) + minutes / 60 + seconds / 3600);

describe('distance', () => {
  // Geoscience Australia: Flinders Peak to Buninyong on GRS 80, whose figure is that of WGS 84 to a tenth of a millimetre.
  it('is that of the published Vincenty example', () => {
    const flindersPeak: Degrees = [degrees(-37, 57, 3.7203), degrees(144, 25, 29.5244)];
    const buninyong: Degrees = [degrees(-37, 39, 10.1561), degrees(143, 55, 35.3839)];
    expect(distanceMetres(at(flindersPeak), at(buninyong))).toBeCloseTo(54_972.271, 1);
  });

  // Lengths of arcs of the WGS 84 ellipsoid: NIMA TR8350.2, quarter meridian 10,001,965.729 m, equatorial radius 6,378,137 m.
  it.each<[string, Degrees, Degrees, number]>([
    ['a degree along the equator', [0, 0], [0, 1], 111_319.4908],
    ['a degree of the meridian at the equator', [0, 0], [1, 0], 110_574.3886],
    ['a degree of the meridian at the pole', [89, 0], [90, 0], 111_693.8647],
    ['a quarter of the meridian', [0, 0], [90, 0], 10_001_965.7293],
    ['across the antimeridian', [0, 179.5], [0, -179.5], 111_319.4908],
    ['across the pole', [89, 0], [89, 180], 2 * 111_693.8647],
    ['nowhere', [51, 7], [51, 7], 0],
    ['the same place at the pole', [90, 10], [90, 130], 0],
  ])('%s', (_, a, b, metres) => {
    expect(distanceMetres(at(a), at(b))).toBeCloseTo(metres, 2);
    expect(distanceMetres(at(b), at(a))).toBeCloseTo(metres, 2);
  });

  it('stays far where the formula does not converge', () => {
    expect(distanceMetres(at([0, 0]), at([0.3, 179.8]))).toBeGreaterThan(19_900_000);
    expect(distanceMetres(at([0, 0]), at([0, 180]))).toBeGreaterThan(19_900_000);
  });

  it('is that of a sphere, but for the flattening', () => {
    const place = fc.tuple(
      fc.double({ min: -89, max: 89, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    fc.assert(
      fc.property(place, place, (a, b) => {
        const unit = ([latitude, longitude]: [number, number]): number[] => {
          const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
          return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
        };
        const [u, v] = [unit(a), unit(b)];
        const chord = Math.hypot(...u.map((value, i) => value - (v[i] as number)));
        const sphere = 2 * 6_371_008.8 * Math.asin(Math.min(1, chord / 2));
        const metres = distanceMetres(at(a), at(b));
        expect(Math.abs(metres - sphere)).toBeLessThan(0.0057 * sphere + 0.1);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Point in polygon by winding number, in whole numbers: no ray, no parity. */
function windingContains(polygon: readonly Point[], { latitude, longitude }: Point): boolean {
  let winding = 0;
  for (let i = 0; i < polygon.length; i++) {
    const [a, b] = [polygon[i] as Point, polygon[(i + 1) % polygon.length] as Point];
    const area =
      BigInt(b.longitude - a.longitude) * BigInt(latitude - a.latitude) -
      BigInt(longitude - a.longitude) * BigInt(b.latitude - a.latitude);
    const between = (low: number, value: number, high: number): boolean =>
      Math.min(low, high) <= value && value <= Math.max(low, high);
    if (area === 0n && between(a.latitude, latitude, b.latitude) && between(a.longitude, longitude, b.longitude)) {
      return true;
    }
    if (a.latitude <= latitude && b.latitude > latitude && area > 0n) winding++;
    if (a.latitude > latitude && b.latitude <= latitude && area < 0n) winding--;
  }
  return winding !== 0;
}

/** Star-shaped, hence simple: corners by growing angle around a centre, each at its own distance. */
const starPolygon = (scale: number): fc.Arbitrary<Point[]> =>
  fc.array(fc.integer({ min: 3, max: 10 }), { minLength: 3, maxLength: 12 }).map((radii) =>
    radii.map((radius, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return {
        latitude: Math.round(scale * radius * Math.sin(angle)),
        longitude: Math.round(scale * radius * Math.cos(angle)),
      };
    }),
  );

const gridPoint = (limit: number): fc.Arbitrary<Point> =>
  fc.record({
    latitude: fc.integer({ min: -limit, max: limit }),
    longitude: fc.integer({ min: -limit, max: limit }),
  });

/** All points of the grid that a figure covers, as a slow truth. The grid is doubled, so that edges have middles. */
function* grid(limit: number): Generator<Point> {
  for (let latitude = -limit; latitude <= limit; latitude++) {
    for (let longitude = -limit; longitude <= limit; longitude++) yield { latitude, longitude };
  }
}

describe('polygons', () => {
  it.each([1, 10, 1e6, 1e8])('hold the points that the winding number says (scale %d)', (scale) => {
    fc.assert(
      fc.property(starPolygon(scale), gridPoint(11), (polygon, { latitude, longitude }) => {
        fc.pre(isSimplePolygon(polygon));
        const point = { latitude: latitude * scale, longitude: longitude * scale };
        expect(polygonContains(polygon, point)).toBe(windingContains(polygon, point));
      }),
      { numRuns: 3000 },
    );
  });

  it('hold their corners and the points of their edges, also far apart', () => {
    // The products of these differences are beyond 2^53: the last unit must not be lost.
    const far = [
      { latitude: -900_000_000, longitude: -1_799_999_999 },
      { latitude: 899_999_999, longitude: 1_799_999_999 },
      { latitude: -900_000_000, longitude: 1_799_999_999 },
    ];
    for (const corner of far) expect(polygonContains(far, corner)).toBe(true);
    const a = far[0] as Point;
    const b = far[1] as Point;
    for (const part of [0.1, 0.25, 0.75]) {
      const point = {
        latitude: Math.round(a.latitude + part * (b.latitude - a.latitude)),
        longitude: Math.round(a.longitude + part * (b.longitude - a.longitude)),
      };
      for (const step of [-1, 0, 1]) {
        const near = { ...point, longitude: point.longitude + step };
        expect(polygonContains(far, near)).toBe(windingContains(far, near));
      }
    }
  });

  it('are simple when no two edges meet', () => {
    const square = [at([0, 0]), at([0, 1]), at([1, 1]), at([1, 0])];
    expect(isSimplePolygon(square)).toBe(true);
    expect(isSimplePolygon(square.slice(0, 2))).toBe(false);
    expect(isSimplePolygon([at([0, 0]), at([1, 1]), at([0, 1]), at([1, 0])])).toBe(false);
    expect(isSimplePolygon([at([0, 0]), at([0, 1]), at([0, 2])])).toBe(false);
    expect(isSimplePolygon([...square, at([0, 0])])).toBe(false);
    // A corner on another edge.
    expect(isSimplePolygon([at([0, 0]), at([0, 2]), at([1, 2]), at([0, 1]), at([1, 0])])).toBe(false);
  });

  it('lie in polygons only where each of their points does', () => {
    const scale = 4;
    const limit = 44;
    fc.assert(
      fc.property(starPolygon(2), starPolygon(scale), gridPoint(8), (small, outer, shift) => {
        const inner = small.map(({ latitude, longitude }) => ({
          latitude: latitude + shift.latitude,
          longitude: longitude + shift.longitude,
        }));
        fc.pre(isSimplePolygon(inner) && isSimplePolygon(outer));
        const inside = polygonInsidePolygon(inner, outer);
        expect(polygonInsidePolygon(inner, outer, edgesBetween(outer, boxAround(inner)))).toBe(inside);
        for (const point of grid(limit)) {
          if (inside && polygonContains(inner, point) && !polygonContains(outer, point)) {
            // Rounding may move a point of an edge by less than a unit, never a point inside.
            const onOutline = [...inner.keys()].some((i) =>
              windingContains([inner[i] as Point, inner[(i + 1) % inner.length] as Point], point),
            );
            expect(onOutline).toBe(true);
          }
        }
        if (!inside) return;
        for (const corner of outer) expect(windingContains(inner, corner) && !onOutline(inner, corner)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, boolean, Degrees[]]>([
    [
      'the whole',
      true,
      [
        [0, 0],
        [0, 4],
        [4, 4],
        [4, 3],
        [1, 2],
        [4, 1],
        [4, 0],
      ],
    ],
    [
      'beside the notch',
      true,
      [
        [0, 0],
        [0, 1],
        [3, 0.5],
      ],
    ],
    [
      'under the notch, touching its corner',
      true,
      [
        [0, 0],
        [0, 4],
        [1, 4],
        [1, 0],
      ],
    ],
    [
      'along the notch',
      true,
      [
        [0, 2],
        [1, 2],
        [4, 3],
        [4, 4],
      ],
    ],
    [
      'across the notch between corners of the outline',
      false,
      [
        [4, 1],
        [0, 2],
        [4, 3],
      ],
    ],
    [
      'across the notch off its middle, with every corner and middle inside',
      false,
      [
        [2, 0],
        [2, 2.5],
        [2.01, 0],
      ],
    ],
    [
      'across the notch',
      false,
      [
        [2, 0.5],
        [2, 3.5],
        [0.5, 2],
      ],
    ],
    [
      'around',
      false,
      [
        [-1, -1],
        [-1, 5],
        [5, 5],
        [5, -1],
      ],
    ],
    [
      'beside',
      false,
      [
        [5, 5],
        [5, 6],
        [6, 6],
      ],
    ],
    [
      'sharing an edge from outside',
      false,
      [
        [0, 0],
        [0, 4],
        [-1, 2],
      ],
    ],
    [
      'with one corner outside',
      false,
      [
        [1, 1],
        [1, 3],
        [-0.0000001, 2],
      ],
    ],
  ])('%s of a polygon with a notch: %s', (_, inside, points) => {
    const notched = (
      [
        [0, 0],
        [0, 4],
        [4, 4],
        [4, 3],
        [1, 2],
        [4, 1],
        [4, 0],
      ] as const
    ).map(at);
    expect(polygonInsidePolygon(points.map(at), notched)).toBe(inside);
    expect(polygonInsidePolygon(points.map(at).reverse(), [...notched].reverse())).toBe(inside);
  });

  it('hold points by the edges at their latitude alone', () => {
    fc.assert(
      fc.property(starPolygon(4), gridPoint(44), (polygon, point) => {
        const edges = edgesBetween(polygon, { south: point.latitude, north: point.latitude });
        expect(polygonContains(polygon, point, edges)).toBe(polygonContains(polygon, point));
      }),
      { numRuns: 500 },
    );
  });

  it('knows how far their outline is', () => {
    const square = (
      [
        [42, -84],
        [43, -84],
        [43, -83],
        [42, -83],
      ] as const
    ).map(at);
    expect(distanceToEdges(edgesOf(square), at([42.01, -83.5]))).toBeCloseTo(
      distanceMetres(at([42, -83.5]), at([42.01, -83.5])),
      0,
    );
    expect(distanceToEdges(edgesOf(square), at([42, -83.5]))).toBe(0);
  });
});

function onOutline(polygon: readonly Point[], point: Point): boolean {
  return polygon.some((a, i) => windingContains([a, polygon[(i + 1) % polygon.length] as Point], point));
}

const smallBox = fc
  .tuple(
    fc.integer({ min: -8, max: 7 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: -8, max: 7 }),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([south, height, west, width]): Box => ({ south, north: south + height, west, east: west + width }));
const inBox = ({ south, north, west, east }: Box, latitude: number, longitude: number): boolean =>
  south <= latitude && latitude <= north && west <= longitude && longitude <= east;

describe('unions of boxes', () => {
  it('hold a box when they hold the middle of each unit square of it', () => {
    fc.assert(
      fc.property(
        fc.array(smallBox, { minLength: 1, maxLength: 3 }),
        fc.array(smallBox, { minLength: 1, maxLength: 8 }),
        (inner, union) => {
          const covered = inner.every((box) => {
            for (let latitude = box.south + 0.5; latitude < box.north; latitude++) {
              for (let longitude = box.west + 0.5; longitude < box.east; longitude++) {
                if (!union.some((one) => inBox(one, latitude, longitude))) return false;
              }
            }
            return true;
          });
          expect(boxesInsideUnion(inner, union)).toBe(covered);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('hold a polygon when they hold every point of a fine grid of it', () => {
    fc.assert(
      fc.property(starPolygon(1), fc.array(smallBox, { minLength: 1, maxLength: 8 }), (polygon, union) => {
        fc.pre(isSimplePolygon(polygon));
        const scaled = (factor: number): Point[] =>
          polygon.map(({ latitude, longitude }) => ({ latitude: latitude * factor, longitude: longitude * factor }));
        let covered = true;
        for (const { latitude, longitude } of grid(110)) {
          if (
            covered &&
            windingContains(scaled(10), { latitude, longitude }) &&
            !onOutline(scaled(10), { latitude, longitude })
          ) {
            covered = union.some((one) => inBox(one, latitude / 10, longitude / 10));
          }
        }
        // A finer sliver than the grid may be left bare: the exact answer may be stricter, never laxer.
        if (polygonInsideUnion(polygon, union)) expect(covered).toBe(true);
        else if (covered) expect(slivers(scaled(10), union)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('hold a polygon with a bend in an L, and not across its corner', () => {
    const ell: Box[] = [
      { south: 0, north: 10, west: 0, east: 4 },
      { south: 0, north: 4, west: 0, east: 10 },
    ];
    const points = (...list: [number, number][]): Point[] =>
      list.map(([latitude, longitude]) => ({ latitude, longitude }));
    expect(polygonInsideUnion(points([0, 0], [10, 0], [10, 4], [4, 4], [4, 10], [0, 10]), ell)).toBe(true);
    expect(polygonInsideUnion(points([1, 1], [9, 1], [9, 3], [3, 3], [3, 9], [1, 9]), ell)).toBe(true);
    expect(polygonInsideUnion(points([0, 0], [8, 0], [0, 8]), ell)).toBe(true);
    expect(polygonInsideUnion(points([0, 0], [9, 0], [0, 9]), ell)).toBe(false);
    // Around a bare piece that none of its edges enters.
    const ring: Box[] = [
      { south: 0, north: 9, west: 0, east: 3 },
      { south: 0, north: 9, west: 6, east: 9 },
      { south: 0, north: 3, west: 0, east: 9 },
      { south: 6, north: 9, west: 0, east: 9 },
    ];
    expect(polygonInsideUnion(points([0, 0], [9, 0], [9, 9], [0, 9]), ring)).toBe(false);
    expect(polygonInsideUnion(points([0, 0], [9, 0], [9, 3], [3, 3], [3, 9], [0, 9]), ring)).toBe(true);
  });

  it('of 256 boxes hold 256 others or not within a moment', () => {
    const small = Array.from({ length: 255 }, (_, i): Box => {
      const low = 10 * i + 1;
      return { south: low, north: low + 5, west: low, east: low + 5 };
    });
    const large = { south: 0, north: 5000, west: 0, east: 5000 };
    const started = cpuMs();
    expect(boxesInsideUnion(new Array<Box>(256).fill(large), [...small, large])).toBe(true);
    expect(boxesInsideUnion([...small, large], small)).toBe(false);
    // Testing each piece against each box took 0.8 s for one of them: minutes for all.
    expect(cpuMs() - started).toBeLessThan(1000);
  });
});

/** Whether a polygon has a part outside the boxes that is too thin for the grid: looked for on a grid ten times as fine. */
function slivers(polygon: readonly Point[], union: readonly Box[]): boolean {
  const fine = polygon.map(({ latitude, longitude }) => ({ latitude: latitude * 10, longitude: longitude * 10 }));
  for (const corner of fine) {
    for (let dy = -60; dy <= 60; dy++) {
      for (let dx = -60; dx <= 60; dx++) {
        const point = { latitude: corner.latitude + dy, longitude: corner.longitude + dx };
        if (windingContains(fine, point) && !onOutline(fine, point)) {
          if (!union.some((one) => inBox(one, point.latitude / 100, point.longitude / 100))) return true;
        }
      }
    }
  }
  return false;
}
