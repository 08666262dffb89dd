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
  return [{ code: 'inconsistentValidityRegion', detail: `${region.tag} not inside the issuer's ${issuerRegion.tag}` }];
}

type Region<T extends GeographicRegionValue['tag']> = Extract<GeographicRegionValue, { tag: T }>['value'];

function regionInside(inner: GeographicRegionValue, outer: GeographicRegionValue): boolean {
  if (inner.tag === 'unknown' || outer.tag === 'unknown') return false;
  if (outer.tag === 'identifiedRegion') {
    return inner.tag !== 'identifiedRegion' || identifiedInside(inner.value, outer.value);
  }
  if (inner.tag === 'identifiedRegion') return false;
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
  const granted = new Set(outer.flatMap((region) => codesOf(region)));
  const covered = (code: string): boolean => {
    // "410/3/7" is covered by itself, by "410/3" and by "410".
    for (let end = code.length; end > 0; end = code.lastIndexOf('/', end - 1)) {
      if (granted.has(code.slice(0, end))) return true;
    }
    return false;
  };
  return inner.every((region) => region.tag !== 'unknown' && codesOf(region).every(covered));
}

function codesOf(region: Region<'identifiedRegion'>[number]): string[] {
  switch (region.tag) {
    case 'unknown':
      return [];
    case 'countryOnly':
      return [`${region.value}`];
    case 'countryAndRegions':
      return region.value.regions.map((code) => `${region.value.countryOnly}/${code}`);
    case 'countryAndSubregions':
      return region.value.regionAndSubregions.flatMap(({ region: code, subregions }) =>
        subregions.map((sub) => `${region.value.countryOnly}/${code}/${sub}`),
      );
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
