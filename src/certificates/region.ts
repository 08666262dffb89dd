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
  boxAround,
  boxContains,
  boxesInsideUnion,
  boxesOf,
  boxesOfCircle,
  distanceMetres,
  distanceToEdges,
  edgeMeets,
  edgesBetween,
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
  const { size, isInside } = comparisonOf(region, issuerRegion);
  if (size <= MAX_COMPARED && isInside()) return [];
  const why = size > MAX_COMPARED ? `, or too large to tell: ${size} comparisons, at most ${MAX_COMPARED}` : '';
  const detail = `${region.tag} not inside the issuer's ${issuerRegion.tag}${why}`;
  return [{ code: 'inconsistentValidityRegion', detail }];
}

type Region<T extends GeographicRegionValue['tag']> = Extract<GeographicRegionValue, { tag: T }>['value'];

/**
 * Comparisons, of an element of one figure with one of the other, up to which it is told whether one lies inside the other: eight times what
 * the lists of §6.4.17 make necessary. Whoever sends a certificate chooses how many elements it has. Only those elements of the issuer's region
 * count that are near: at its latitudes, or around it.
 */
const MAX_COMPARED = 512;
/** What a distance on the ellipsoid costs, and what laying a polygon over a union of boxes divides by, in comparisons. */
const DISTANCE = 8;
const PIECES = 8;

interface Comparison {
  readonly size: number;
  readonly isInside: () => boolean;
}

const NEVER: Comparison = { size: 0, isInside: () => false };

function comparisonOf(inner: GeographicRegionValue, outer: GeographicRegionValue): Comparison {
  if (inner.tag === 'unknown' || outer.tag === 'unknown') return NEVER;
  if (outer.tag === 'identifiedRegion') {
    const isInside = () => inner.tag !== 'identifiedRegion' || identifiedInside(inner.value, outer.value);
    return { size: 0, isInside };
  }
  if (inner.tag === 'identifiedRegion') return NEVER;
  switch (outer.tag) {
    case 'circularRegion':
      return inCircle(inner, outer.value);
    case 'rectangularRegion':
      return inRectangles(inner, rectangleBoxes(outer.value));
    case 'polygonalRegion':
      return inPolygon(inner, outer.value);
  }
}

function inCircle(inner: Drawn, { center, radius }: Region<'circularRegion'>): Comparison {
  if (inner.tag === 'circularRegion') {
    const isInside = () => distanceMetres(inner.value.center, center) + inner.value.radius <= radius;
    return { size: DISTANCE, isInside };
  }
  const isInside = () => outlinesOf(inner).every((outline) => outlineInsideCircle(outline, center, radius));
  return { size: DISTANCE * inner.value.length, isInside };
}

function inRectangles(inner: Drawn, boxes: readonly Box[]): Comparison {
  if (inner.tag === 'polygonalRegion') {
    const union = boxesNear(boxes, [boxAround(inner.value)]);
    const size = Math.ceil((union.length ** 2 * inner.value.length) / PIECES);
    return { size, isInside: () => polygonInsideUnion(inner.value, union) };
  }
  const covered = boxesAround(inner);
  if (covered === undefined) return NEVER;
  const union = boxesNear(boxes, covered);
  return { size: covered.length * union.length, isInside: () => boxesInsideUnion(covered, union) };
}

function inPolygon(inner: Drawn, polygon: Region<'polygonalRegion'>): Comparison {
  const boxes = boxesAround(inner) ?? [boxAround(polygon)];
  const edges = edgesBetween(polygon, {
    south: Math.min(...boxes.map(({ south }) => south)),
    north: Math.max(...boxes.map(({ north }) => north)),
  });
  if (inner.tag === 'circularRegion') {
    const { center, radius } = inner.value;
    const near = edges.filter((edge) => boxes.some((box) => edgeMeets(edge, box)));
    const isInside = () => polygonContains(polygon, center, edges) && distanceToEdges(near, center) >= radius;
    return { size: DISTANCE * near.length, isInside };
  }
  const isInside = () => outlinesOf(inner).every((outline) => polygonInsidePolygon(outline, polygon, edges));
  return { size: inner.value.length * edges.length, isInside };
}

/** Boxes that hold all of a figure; undefined for a circle that reaches a pole. */
function boxesAround(inner: Drawn): readonly Box[] | undefined {
  if (inner.tag === 'circularRegion') return boxesOfCircle(inner.value.center, inner.value.radius);
  return inner.tag === 'polygonalRegion' ? [boxAround(inner.value)] : rectangleBoxes(inner.value);
}

/** Those of a union that meet the box around some boxes. */
function boxesNear(union: readonly Box[], boxes: readonly Box[]): Box[] {
  const around: Box = {
    south: Math.min(...boxes.map(({ south }) => south)),
    north: Math.max(...boxes.map(({ north }) => north)),
    west: Math.min(...boxes.map(({ west }) => west)),
    east: Math.max(...boxes.map(({ east }) => east)),
  };
  return union.filter(
    ({ south, north, west, east }) =>
      south <= around.north && north >= around.south && west <= around.east && east >= around.west,
  );
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
