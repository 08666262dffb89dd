import {
  type GeographicRegionValue,
  LATITUDE_UNKNOWN,
  LONGITUDE_UNKNOWN,
  MAX_LATITUDE,
  MAX_LONGITUDE,
} from '../dot2/index.ts';
import type { Finding } from './finding.ts';
import {
  type Box,
  boxContains,
  boxesInsideUnion,
  boxesOf,
  boxesOfCircle,
  distanceMetres,
  distanceToOutline,
  outlineInsideCircle,
  type Point,
  polygonContains,
  polygonInsidePolygon,
  polygonInsideUnion,
} from './geometry.ts';

/**
 * A certificate's region must lie inside its issuer's (IEEE 1609.2 §6.4.17). Identified regions are compared by their codes.
 * A figure under a list of countries passes: telling whether it lies in them takes a map, and CAs limited to countries issue
 * circles to roadside units. The other way round, a country under a figure, fails.
 */
export function checkRegionNesting(
  region: GeographicRegionValue | undefined,
  issuerRegion: GeographicRegionValue | undefined,
): Finding[] {
  if (region === undefined || issuerRegion === undefined) return [];
  if (regionInside(region, issuerRegion)) return [];
  const size = isDrawn(region) && isDrawn(issuerRegion) ? elementsOf(region) * elementsOf(issuerRegion) : 0;
  const why = size > MAX_COMPARED ? `, or too large to tell: ${size} comparisons, at most ${MAX_COMPARED}` : '';
  const detail = `${region.tag} not inside the issuer's ${issuerRegion.tag}${why}`;
  return [{ code: 'inconsistentValidityRegion', detail }];
}

type Region<T extends GeographicRegionValue['tag']> = Extract<GeographicRegionValue, { tag: T }>['value'];

/**
 * Elements of one figure times those of the other up to which they are compared: eight times what §6.4.17 asks for. Whoever sends a certificate
 * chooses how many it has, and whether they are all as close as can be.
 */
const MAX_COMPARED = 512;

/** Corners or rectangles of a figure. A distance on the ellipsoid costs as much as eight comparisons in the plane. */
function elementsOf(region: Drawn): number {
  return region.tag === 'circularRegion' ? 8 : region.value.length;
}

function regionInside(inner: GeographicRegionValue, outer: GeographicRegionValue): boolean {
  if (inner.tag === 'unknown' || outer.tag === 'unknown') return false;
  if (outer.tag === 'identifiedRegion') {
    return inner.tag !== 'identifiedRegion' || identifiedInside(inner.value, outer.value);
  }
  if (inner.tag === 'identifiedRegion') return false;
  if (elementsOf(inner) * elementsOf(outer) > MAX_COMPARED) return false;
  switch (outer.tag) {
    case 'circularRegion': {
      const { center, radius } = outer.value;
      if (inner.tag === 'circularRegion') {
        return distanceMetres(inner.value.center, center) + inner.value.radius <= radius;
      }
      return outlinesOf(inner).every((outline) => outlineInsideCircle(outline, center, radius));
    }
    case 'rectangularRegion': {
      const union = rectangleBoxes(outer.value);
      if (inner.tag === 'polygonalRegion') return polygonInsideUnion(inner.value, union);
      if (inner.tag === 'rectangularRegion') return boxesInsideUnion(rectangleBoxes(inner.value), union);
      const boxes = boxesOfCircle(inner.value.center, inner.value.radius);
      return boxes !== undefined && boxesInsideUnion(boxes, union);
    }
    case 'polygonalRegion': {
      const polygon = outer.value;
      if (inner.tag === 'circularRegion') {
        const { center, radius } = inner.value;
        return polygonContains(polygon, center) && distanceToOutline(polygon, center) >= radius;
      }
      return outlinesOf(inner).every((outline) => polygonInsidePolygon(outline, polygon));
    }
  }
}

type Drawn = Exclude<GeographicRegionValue, { tag: 'unknown' } | { tag: 'identifiedRegion' }>;

function isDrawn(region: GeographicRegionValue): region is Drawn {
  return region.tag !== 'unknown' && region.tag !== 'identifiedRegion';
}

function rectangleBoxes(rectangles: Region<'rectangularRegion'>): Box[] {
  return rectangles.flatMap(({ northWest, southEast }) => boxesOf(northWest, southEast));
}

function outlinesOf(region: Exclude<Drawn, { tag: 'circularRegion' }>): Point[][] {
  if (region.tag === 'polygonalRegion') return [region.value];
  return rectangleBoxes(region.value).map(({ south, north, west, east }) => [
    { latitude: north, longitude: west },
    { latitude: north, longitude: east },
    { latitude: south, longitude: east },
    { latitude: south, longitude: west },
  ]);
}

/** §6.4.22: by codes, from the country down to the subregion. */
function identifiedInside(inner: Region<'identifiedRegion'>, outer: Region<'identifiedRegion'>): boolean {
  const granted = grantedBy(outer);
  return inner.every((region) => {
    if (region.tag === 'unknown') return false;
    for (const { country, region: code, subregion } of codesOf(region)) {
      // A subregion is covered by itself, by its region, or by its country.
      if (granted.has(codeOf(country, code, subregion))) continue;
      if (granted.has(codeOf(country, code)) || granted.has(codeOf(country))) continue;
      return false;
    }
    return true;
  });
}

const granted = new WeakMap<Region<'identifiedRegion'>, ReadonlySet<number>>();

/** The codes that a CA's region lists, collected once for each CA. */
function grantedBy(outer: Region<'identifiedRegion'>): ReadonlySet<number> {
  const known = granted.get(outer);
  if (known !== undefined) return known;
  const codes = new Set<number>();
  for (const region of outer) {
    for (const { country, region: code, subregion } of codesOf(region)) codes.add(codeOf(country, code, subregion));
  }
  granted.set(outer, codes);
  return codes;
}

/** One number for a country, a region in it or a subregion of that: codes have 16, 8 and 16 bits, and one stands for none. */
function codeOf(country: number, region = -1, subregion = -1): number {
  return (country * 2 ** 9 + region + 1) * 2 ** 17 + subregion + 1;
}

interface Code {
  readonly country: number;
  readonly region?: number;
  readonly subregion?: number;
}

function* codesOf(element: Region<'identifiedRegion'>[number]): Generator<Code> {
  if (element.tag === 'countryOnly') yield { country: element.value };
  if (element.tag === 'countryAndRegions') {
    const { countryOnly: country, regions } = element.value;
    for (const region of regions) yield { country, region };
  }
  if (element.tag === 'countryAndSubregions') {
    const { countryOnly: country, regionAndSubregions } = element.value;
    for (const { region, subregions } of regionAndSubregions) {
      for (const subregion of subregions) yield { country, region, subregion };
    }
  }
}

/** Whether coordinates are known at all (IEEE 1609.2 §6.3.19). */
export function isKnownLocation({ latitude, longitude }: Point): boolean {
  return latitude !== LATITUDE_UNKNOWN && longitude !== LONGITUDE_UNKNOWN;
}

/** Whether a location lies in a region; undefined for regions that are lists of codes, which this verifier cannot draw. */
export function regionContains(region: GeographicRegionValue, location: Point): boolean | undefined {
  if (region.tag === 'unknown' || region.tag === 'identifiedRegion') return undefined;
  // Angles beyond these are nowhere, though a formula would find them on the other side of the pole.
  if (Math.abs(location.latitude) > MAX_LATITUDE || Math.abs(location.longitude) > MAX_LONGITUDE) return false;
  switch (region.tag) {
    case 'circularRegion':
      return distanceMetres(region.value.center, location) <= region.value.radius;
    case 'rectangularRegion':
      return rectangleBoxes(region.value).some((box) => boxContains(box, location));
    case 'polygonalRegion':
      return polygonContains(region.value, location);
  }
}
