/** Regions in degrees, for tests. */
import type { GeographicRegionValue } from '../../src/dot2/index.ts';

/** [latitude, longitude] in degrees. */
export type Degrees = readonly [number, number];

export const at = ([latitude, longitude]: Degrees) => ({
  latitude: Math.round(latitude * 1e7),
  longitude: Math.round(longitude * 1e7),
});

export const circle = (center: Degrees, radius: number): GeographicRegionValue => ({
  tag: 'circularRegion',
  value: { center: at(center), radius },
});

/** Each as [north, west, south, east]. */
export const rectangles = (
  ...boxes: readonly (readonly [number, number, number, number])[]
): GeographicRegionValue => ({
  tag: 'rectangularRegion',
  value: boxes.map(([north, west, south, east]) => ({ northWest: at([north, west]), southEast: at([south, east]) })),
});

export const polygon = (...points: readonly Degrees[]): GeographicRegionValue => ({
  tag: 'polygonalRegion',
  value: points.map(at),
});

export const countries = (...codes: readonly number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: codes.map((value) => ({ tag: 'countryOnly', value })),
});

export const states = (countryOnly: number, ...regions: number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: [{ tag: 'countryAndRegions', value: { countryOnly, regions } }],
});

export const counties = (countryOnly: number, region: number, ...subregions: number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: [{ tag: 'countryAndSubregions', value: { countryOnly, regionAndSubregions: [{ region, subregions }] } }],
});
