/** Regions inside regions, shape by shape, and locations in them (IEEE 1609.2 §6.4.17). */
import { describe, expect, it } from 'vitest';
import { checkRegionNesting, distanceMetres, isKnownLocation, regionContains } from '../../src/certificates/index.ts';
import { type GeographicRegionValue, LATITUDE_UNKNOWN, LONGITUDE_UNKNOWN } from '../../src/dot2/index.ts';
import { cpuMs } from '../support/cpu.ts';
import { at, circle, counties, countries, type Degrees, polygon, rectangles, states } from '../support/regions.ts';

const FUTURE: GeographicRegionValue = { tag: 'unknown', index: 4, value: new Uint8Array(0) };
const ELL = rectangles([44, -84, 42, -83], [43, -84, 42, -82]);
const NOTCHED = polygon([42, -84], [44, -84], [43, -83.5], [44, -83], [42, -83]);

function nests(inner: GeographicRegionValue | undefined, outer: GeographicRegionValue | undefined): boolean {
  const findings = checkRegionNesting(inner, outer);
  expect(findings.map(({ code }) => code)).toEqual(findings.length ? ['inconsistentValidityRegion'] : []);
  return findings.length === 0;
}

describe('a region inside its issuer’s', () => {
  it.each<[string, GeographicRegionValue | undefined, GeographicRegionValue | undefined]>([
    ['none in none', undefined, undefined],
    ['one in none', countries(410), undefined],
    ['none in one', undefined, countries(410)],
    ['circle in circle, touching from inside', circle([0, 0], 1000), circle([0, 0], 1000)],
    ['circle in circle, off centre', circle([0, 0.001], 800), circle([0, 0], 912)],
    ['circle in circle, across the antimeridian', circle([0, 179.999], 100), circle([0, -179.999], 400)],
    ['rectangle in circle', rectangles([0.003, -0.003, -0.003, 0.003]), circle([0, 0], 500)],
    ['rectangle in circle, across the antimeridian', rectangles([0.1, 179.9, -0.1, -179.9]), circle([0, 180], 20_000)],
    ['polygon in circle', polygon([0.004, 0], [0, 0.004], [0, -0.004]), circle([0, 0], 500)],
    ['circle in rectangle', circle([42.5, -83.5], 40_000), rectangles([43, -84, 42, -83])],
    ['circle in an L, over the seam', circle([42.5, -83], 40_000), ELL],
    ['circle without radius in rectangle', circle([42.5, -83.5], 0), rectangles([43, -84, 42, -83])],
    ['circle without radius on its corner', circle([43, -84], 0), rectangles([43, -84, 42, -83])],
    ['circle in rectangle, across the antimeridian', circle([0, 180], 10_000), rectangles([1, 179, -1, -179])],
    ['circle in rectangle, west of the antimeridian', circle([0, -179.95], 10_000), rectangles([1, 179, -1, -179])],
    ['rectangle in rectangle, equal', rectangles([43, -84, 42, -83]), rectangles([43, -84, 42, -83])],
    ['rectangle in an L', rectangles([42.9, -83.9, 42.1, -82.1]), ELL],
    ['an L in rectangle', ELL, rectangles([44, -84, 42, -82])],
    ['rectangle in three strips', rectangles([3, 0, 0, 3]), rectangles([3, 0, 2, 3], [2, 0, 1, 3], [1, 0, 0, 3])],
    ['rectangle across the antimeridian in one', rectangles([1, 179, -1, -179]), rectangles([2, 178, -2, -178])],
    ['rectangle on one side of it', rectangles([1, 179, -1, 180]), rectangles([2, 178, -2, -178])],
    ['polygon in rectangle', polygon([42, -84], [43, -84], [42.5, -83]), rectangles([43, -84, 42, -83])],
    ['polygon with a bend in an L', polygon([42, -84], [44, -84], [44, -83], [43, -83], [43, -82], [42, -82]), ELL],
    ['circle in polygon', circle([42.5, -83.5], 30_000), NOTCHED],
    ['rectangle in polygon', rectangles([43, -84, 42, -83]), NOTCHED],
    ['polygon in polygon', polygon([42, -84], [44, -84], [42, -83.5]), NOTCHED],
    ['polygon in itself', NOTCHED, NOTCHED],
    ['countries', countries(840), countries(410, 840)],
    ['state in its country', states(840, 26, 27), countries(410, 840)],
    ['state among states', states(840, 26), states(840, 25, 26)],
    ['county in its country', counties(840, 26, 161), countries(840)],
    ['county in its state', counties(840, 26, 161), states(840, 26)],
    ['county among counties', counties(840, 26, 161), counties(840, 26, 160, 161)],
    ['circle under a country, which takes a map', circle([0, 0], 10), countries(840)],
    ['rectangle under a country', rectangles([1, 0, 0, 1]), states(840, 1)],
    ['polygon under a country', NOTCHED, counties(840, 1, 1)],
  ])('%s', (_, inner, outer) => {
    expect(nests(inner, outer)).toBe(true);
  });

  it.each<[string, GeographicRegionValue, GeographicRegionValue]>([
    ['circle in circle, a metre too wide', circle([0, 0], 1001), circle([0, 0], 1000)],
    ['circle in circle, off centre', circle([0, 0.001], 802), circle([0, 0], 912)],
    ['rectangle in circle, a corner outside', rectangles([0.004, -0.003, -0.003, 0.003]), circle([0, 0], 500)],
    ['rectangle the long way round the world', rectangles([0.1, -179.8, -0.1, 179.8]), circle([0, 180], 40_000)],
    [
      'polygon the long way round the world',
      polygon([0.1, -179.8], [-0.1, -179.8], [0, 179.8]),
      circle([0, 180], 40_000),
    ],
    ['rectangle around the pole', rectangles([89.95, -91, 89.9, 91]), circle([89.9, 0], 16_000)],
    ['polygon in circle, a corner outside', polygon([0.005, 0], [0, 0.004], [0, -0.004]), circle([0, 0], 500)],
    ['circle in rectangle, too far north', circle([42.7, -83.5], 40_000), rectangles([43, -84, 42, -83])],
    ['circle in rectangle, too far east', circle([42.5, -83.3], 40_000), rectangles([43, -84, 42, -83])],
    ['circle without radius beside rectangle', circle([44, -83.5], 0), rectangles([43, -84, 42, -83])],
    ['circle in an L, over its inner corner', circle([43.1, -82.9], 40_000), ELL],
    ['circle around the pole', circle([89.99, 0], 10_000), rectangles([90, -179.9999999, 80, 180])],
    ['circle beyond the antimeridian', circle([0, 179.95], 10_000), rectangles([1, 179, -1, 180])],
    ['rectangle one unit too far north', rectangles([43.0000001, -84, 42, -83]), rectangles([43, -84, 42, -83])],
    ['rectangle one unit too far south', rectangles([43, -84, 41.9999999, -83]), rectangles([43, -84, 42, -83])],
    ['rectangle one unit too far west', rectangles([43, -84.0000001, 42, -83]), rectangles([43, -84, 42, -83])],
    ['rectangle one unit too far east', rectangles([43, -84, 42, -82.9999999]), rectangles([43, -84, 42, -83])],
    ['rectangle over a gap of one unit', rectangles([2, 0, 0, 1]), rectangles([2, 0, 1.0000001, 1], [1, 0, 0, 1])],
    ['the second of two rectangles', rectangles([1, 0, 0, 1], [9, 0, 8, 1]), rectangles([2, 0, 0, 2])],
    ['the box around an L', rectangles([44, -84, 42, -82]), ELL],
    [
      'rectangle across the antimeridian in one up to it',
      rectangles([1, 179, -1, -179]),
      rectangles([2, 178, -2, 180]),
    ],
    ['rectangle round the other side', rectangles([1, -179, -1, 179]), rectangles([2, 178, -2, -178])],
    [
      'polygon in rectangle, a corner one unit outside',
      polygon([42, -84], [43.0000001, -84], [42.5, -83]),
      rectangles([43, -84, 42, -83]),
    ],
    [
      'polygon across the inner corner of an L',
      polygon([42, -84], [44, -84], [42, -82]),
      rectangles([44, -84, 42, -83.5], [42.5, -84, 42, -82]),
    ],
    ['circle in polygon, over its outline', circle([42.5, -83.5], 60_000), NOTCHED],
    ['circle in the notch', circle([43.9, -83.5], 100), NOTCHED],
    ['rectangle over the notch', rectangles([43.5, -84, 42, -83]), NOTCHED],
    ['polygon over the notch', polygon([42, -84], [44, -84], [44, -83]), NOTCHED],
    ['another country', countries(124), countries(410, 840)],
    ['one country too many', countries(840, 124), countries(410, 840)],
    ['country in a state', countries(840), states(840, 26)],
    ['another state', states(840, 27), states(840, 26)],
    ['state of another country', states(124, 26), states(840, 26)],
    ['state in a county', states(840, 26), counties(840, 26, 161)],
    ['another county', counties(840, 26, 162), counties(840, 26, 161)],
    ['county of another state', counties(840, 27, 161), states(840, 26)],
    ['country whose code another begins with', countries(84), countries(840)],
    ['state whose code another begins with', states(840, 2), states(840, 26)],
    ['country under a circle', countries(840), circle([0, 0], 60_000)],
    ['country under a rectangle', countries(840), rectangles([90, -179.9999999, -90, 180])],
    ['country under a polygon', countries(840), NOTCHED],
    ['a region from the future', FUTURE, circle([0, 0], 60_000)],
    ['a region under one from the future', circle([0, 0], 1), FUTURE],
    [
      'a code from the future',
      { tag: 'identifiedRegion', value: [{ tag: 'unknown', index: 3, value: new Uint8Array(0) }] },
      countries(840),
    ],
  ])('not: %s', (_, inner, outer) => {
    expect(nests(inner, outer)).toBe(false);
  });

  it('costs no more than a moment, however many figures it has', () => {
    const many = rectangles(
      ...Array.from({ length: 256 }, (_, i) => [80 - i / 10, i / 10, -80 + i / 10, 170 - i / 10] as const),
    );
    const zigzag = polygon(
      ...Array.from({ length: 256 }, (_, i): Degrees => (i === 255 ? [-1, 100] : [1 + (i % 2) / 10, i / 3])),
    );
    const started = cpuMs();
    for (const inner of [many, zigzag]) for (const outer of [many, zigzag]) checkRegionNesting(inner, outer);
    expect(cpuMs() - started).toBeLessThan(2000);
  });
});

describe('a location', () => {
  it('lies in a circle up to its radius', () => {
    const metres = distanceMetres(at([42.5, -83.5]), at([42.5, -83.4]));
    expect(regionContains(circle([42.5, -83.5], Math.ceil(metres)), at([42.5, -83.4]))).toBe(true);
    expect(regionContains(circle([42.5, -83.5], Math.floor(metres)), at([42.5, -83.4]))).toBe(false);
    expect(regionContains(circle([0, 0], 0), at([0, 0]))).toBe(true);
    expect(regionContains(circle([0, 0], 0), at([0, 0.0000001]))).toBe(false);
    expect(regionContains(circle([0, 179.99999], 10), at([0, -179.99999]))).toBe(true);
  });

  it.each<[boolean, Degrees]>([
    [true, [43, -84]],
    [true, [42, -83]],
    [true, [42.5, -83]],
    [false, [43.0000001, -83.5]],
    [false, [41.9999999, -83.5]],
    [false, [42.5, -84.0000001]],
    [false, [42.5, -82.9999999]],
  ])('lies in a rectangle with its edges: %s %j', (inside, place) => {
    expect(regionContains(rectangles([43, -84, 42, -83]), at(place))).toBe(inside);
    expect(regionContains(rectangles([1, 0, 0, 1], [43, -84, 42, -83]), at(place))).toBe(inside);
  });

  it.each<[boolean, Degrees]>([
    [true, [0, 170]],
    [true, [0, 180]],
    [true, [0, -180]],
    [true, [0, -170]],
    [false, [0, 169.9999999]],
    [false, [0, -169.9999999]],
    [false, [0, 0]],
  ])('lies in a rectangle across the antimeridian: %s %j', (inside, place) => {
    expect(regionContains(rectangles([1, 170, -1, -170]), at(place))).toBe(inside);
  });

  it('lies in a polygon with its outline', () => {
    expect(regionContains(NOTCHED, at([43, -83.5]))).toBe(true);
    expect(regionContains(NOTCHED, at([43.5, -83.75]))).toBe(true);
    expect(regionContains(NOTCHED, at([43.0000001, -83.5]))).toBe(false);
  });

  it('is not compared with lists of codes', () => {
    expect(regionContains(countries(840), at([42, -84]))).toBeUndefined();
    expect(regionContains(FUTURE, at([42, -84]))).toBeUndefined();
  });

  it('may be unknown', () => {
    const place = at([1, 1]);
    expect(isKnownLocation(place)).toBe(true);
    expect(isKnownLocation({ ...place, latitude: LATITUDE_UNKNOWN })).toBe(false);
    expect(isKnownLocation({ ...place, longitude: LONGITUDE_UNKNOWN })).toBe(false);
  });

  it('that is none on earth lies nowhere', () => {
    // 100° north is 80° north on the other side, for a formula that does not look.
    expect(regionContains(circle([80, 180], 1000), { latitude: 1_000_000_000, longitude: 0 })).toBe(false);
    expect(regionContains(circle([-80, 0], 1000), { latitude: 1_000_000_000, longitude: 0 })).toBe(false);
    expect(regionContains(circle([0, -170], 1000), { latitude: 0, longitude: 1_900_000_000 })).toBe(false);
  });
});

describe('what regions may cost to compare', () => {
  const ring = (corners: number, degrees: number, center: Degrees = [0, 0]): GeographicRegionValue =>
    polygon(
      ...Array.from({ length: corners }, (_, i): Degrees => {
        const angle = (2 * Math.PI * i) / corners;
        return [center[0] + degrees * Math.sin(angle), center[1] + degrees * Math.cos(angle)];
      }),
    );
  const strips = (count: number, degrees: number): GeographicRegionValue =>
    rectangles(...Array.from({ length: count }, (_, i) => [1, i * degrees, 0, (i + 1) * degrees] as const));
  const detail = (inner: GeographicRegionValue, outer: GeographicRegionValue): string | undefined =>
    checkRegionNesting(inner, outer)[0]?.detail;

  it.each<[string, GeographicRegionValue, GeographicRegionValue]>([
    ['circle in polygon of 256 corners', circle([0, 0], 60_000), ring(256, 30)],
    ['circle at the edge of a polygon of 256 corners', circle([0, 29.5], 1000), ring(256, 30)],
    ['polygon of 8 corners in one of 256', ring(8, 2), ring(256, 30)],
    ['polygon of 256 corners in a rectangle', ring(256, 2), rectangles([3, -3, -3, 3])],
    ['circle in one of 256 rectangles', circle([0.5, 60.5], 1000), strips(256, 0.7)],
    ['16 rectangles in 32', strips(16, 2), strips(32, 1)],
    ['polygon of 8 corners in 256 rectangles', ring(8, 0.4, [0.5, 60.5]), strips(256, 0.7)],
    ['256 countries in 256', countries(...numbers(256)), countries(...numbers(256))],
  ])('%s: compared', (_, inner, outer) => {
    expect(nests(inner, outer)).toBe(true);
  });

  it.each<[string, GeographicRegionValue, GeographicRegionValue]>([
    ['polygon of 256 corners in one of 256', ring(256, 20), ring(256, 30)],
    ['polygon of 256 corners in a circle', ring(256, 0.1), circle([0, 0], 60_000)],
    ['polygon of 64 corners in 64 rectangles', ring(64, 0.25, [0.5, 0.3]), strips(64, 0.01)],
    ['256 rectangles in 256', strips(256, 0.5), strips(256, 0.5)],
    ['circle among 256 corners', circle([0, 0], 60_000), ring(256, 0.1)],
  ])('%s: refused, and it is said why', (_, inner, outer) => {
    expect(nests(inner, outer)).toBe(false);
    expect(detail(inner, outer)).toMatch(/too large to tell: \d+ comparisons, at most 512$/);
  });

  it('says nothing of size where a region is just elsewhere', () => {
    expect(detail(ring(8, 2, [60, 60]), ring(256, 30))).not.toContain('too large');
  });
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
