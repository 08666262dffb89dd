import { signOfDifference } from './side.ts';

/**
 * Geometry of regions. Coordinates are integers of 1e-7 degree; polygons and rectangles are figures of the
 * latitude/longitude plane, circles are geodesic on WGS 84 (IEEE 1609.2 §6.4.17 ff.).
 */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const RADIANS = Math.PI / 180 / 1e7;
const WGS84_MAJOR_METRES = 6_378_137;
const WGS84_FLATTENING = 1 / 298.257223563;
const WGS84_MINOR_METRES = WGS84_MAJOR_METRES * (1 - WGS84_FLATTENING);

/**
 * Geodesic distance in metres: Vincenty's inverse formula (Survey Review XXIII/176, 1975), millimetre accuracy where it
 * converges. It does not for nearly antipodal points; half a meridian is then close enough for any radius of 16 bits.
 */
export function distanceMetres(a: Point, b: Point): number {
  const f = WGS84_FLATTENING;
  const L = (b.longitude - a.longitude) * RADIANS;
  const U1 = Math.atan((1 - f) * Math.tan(a.latitude * RADIANS));
  const U2 = Math.atan((1 - f) * Math.tan(b.latitude * RADIANS));
  const [sinU1, cosU1, sinU2, cosU2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let round = 0; round < 100; round++) {
    const [sinLambda, cosLambda] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
    if (sinSigma === 0) return 0;
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sinLambda) / sinSigma;
    const cos2Alpha = 1 - sinAlpha * sinAlpha;
    const cos2SigmaM = cos2Alpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cos2Alpha;
    const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
    const correction = sigma + C * sinSigma * (cos2SigmaM + C * cosSigma * (2 * cos2SigmaM ** 2 - 1));
    const next = L + (1 - C) * f * sinAlpha * correction;
    if (Math.abs(next - lambda) < 1e-12) return vincentyLength(cos2Alpha, sigma, sinSigma, cosSigma, cos2SigmaM);
    lambda = next;
  }
  return Math.PI * WGS84_MINOR_METRES;
}

function vincentyLength(
  cos2Alpha: number,
  sigma: number,
  sinSigma: number,
  cosSigma: number,
  cos2SigmaM: number,
): number {
  const u2 = (cos2Alpha * (WGS84_MAJOR_METRES ** 2 - WGS84_MINOR_METRES ** 2)) / WGS84_MINOR_METRES ** 2;
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const inner =
    cosSigma * (2 * cos2SigmaM ** 2 - 1) - (B / 6) * cos2SigmaM * (4 * sinSigma ** 2 - 3) * (4 * cos2SigmaM ** 2 - 3);
  return WGS84_MINOR_METRES * A * (sigma - B * sinSigma * (cos2SigmaM + (B / 4) * inner));
}

/** An axis-parallel box that does not cross the antimeridian; its edges belong to it. */
export interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

const HALF_TURN = 1_800_000_000;

/** The boxes of a rectangle given by its corners: two where it crosses the antimeridian. */
export function boxesOf(northWest: Point, southEast: Point): Box[] {
  const [north, south] = [northWest.latitude, southEast.latitude];
  const [west, east] = [northWest.longitude, southEast.longitude];
  if (west < east) return [{ south, north, west, east }];
  return [
    { south, north, west, east: HALF_TURN },
    { south, north, west: -HALF_TURN, east },
  ];
}

export function boxContains(box: Box, { latitude, longitude }: Point): boolean {
  return latitude >= box.south && latitude <= box.north && longitude >= box.west && longitude <= box.east;
}

const TURN = 2 * HALF_TURN;

/** The plane cut along every edge of some boxes, and the pieces that a union covers. */
interface Pieces {
  readonly latitudes: readonly number[];
  readonly longitudes: readonly number[];
  /** Row by row, from the south-west: 1 where no box of the union lies. The last row and column are no pieces. */
  readonly bare: Int32Array;
}

function cut(boxes: readonly Box[], union: readonly Box[]): Pieces {
  const sorted = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  const latitudes = sorted(boxes.flatMap(({ south, north }) => [south, north]));
  const longitudes = sorted(boxes.flatMap(({ west, east }) => [west, east]));
  const row = new Map(latitudes.map((latitude, i) => [latitude, i]));
  const column = new Map(longitudes.map((longitude, i) => [longitude, i]));
  const width = longitudes.length;
  // How many boxes begin less how many end at each corner; summed up from the south-west, how many cover each piece.
  const depth = new Int32Array(latitudes.length * width);
  for (const { south, north, west, east } of union) {
    const [low, high] = [(row.get(south) as number) * width, (row.get(north) as number) * width];
    const [left, right] = [column.get(west) as number, column.get(east) as number];
    for (const [at, step] of [
      [low + left, 1],
      [low + right, -1],
      [high + left, -1],
      [high + right, 1],
    ] as const) {
      depth[at] = (depth[at] as number) + step;
    }
  }
  sumUp(depth, width);
  return { latitudes, longitudes, bare: depth.map((boxesHere) => (boxesHere > 0 ? 0 : 1)) };
}

/** Replaces each number of a table by the sum of everything to its south-west, itself included. */
function sumUp(table: Int32Array, width: number): void {
  for (let i = 0; i < table.length; i++) {
    const west = i % width > 0 ? (table[i - 1] as number) : 0;
    const south = i >= width ? (table[i - width] as number) : 0;
    const both = i % width > 0 && i >= width ? (table[i - width - 1] as number) : 0;
    table[i] = (table[i] as number) + west + south - both;
  }
}

/** Steps in which a comparison of boxes has to come to its end: each looks at one box of the union. */
const MAX_STEPS = 4096;

/**
 * Whether boxes lie inside a union of boxes, exactly: what one box of the union leaves uncovered has to be covered by those behind it. A
 * comparison that takes more steps than any honest one is refused.
 */
export function boxesInsideUnion(inner: readonly Box[], union: readonly Box[]): boolean {
  const steps = { left: MAX_STEPS };
  return inner.every((box) => union.some((one) => isInside(box, one)) || isCovered(box, union, 0, steps));
}

function isInside({ south, north, west, east }: Box, by: Box): boolean {
  return by.south <= south && north <= by.north && by.west <= west && east <= by.east;
}

function isCovered(box: Box, union: readonly Box[], from: number, steps: { left: number }): boolean {
  const { south, north, west, east } = box;
  for (let i = from; i < union.length; i++) {
    if (steps.left-- <= 0) return false;
    const by = union[i] as Box;
    if (isInside(box, by)) return true;
    if (by.south >= north || by.north <= south || by.west >= east || by.east <= west) continue;
    const [low, high] = [Math.max(south, by.south), Math.min(north, by.north)];
    return (
      (south >= low || isCovered({ south, north: low, west, east }, union, i + 1, steps)) &&
      (high >= north || isCovered({ south: high, north, west, east }, union, i + 1, steps)) &&
      (west >= by.west || isCovered({ south: low, north: high, west, east: by.west }, union, i + 1, steps)) &&
      (by.east >= east || isCovered({ south: low, north: high, west: by.east, east }, union, i + 1, steps))
    );
  }
  return false;
}

/** Whether a polygon lies inside a union of boxes: no piece that the union leaves bare holds any of its inside. */
export function polygonInsideUnion(polygon: readonly Point[], union: readonly Box[]): boolean {
  const around = boxAround(polygon);
  if (boxesInsideUnion([around], union)) return true;
  const { latitudes, longitudes, bare } = cut([around, ...union], union);
  const edges = edgesOf(polygon);
  for (let r = 0; r + 1 < latitudes.length; r++) {
    for (let c = 0; c + 1 < longitudes.length; c++) {
      if (bare[r * longitudes.length + c] === 0) continue;
      const [south, north] = [latitudes[r] as number, latitudes[r + 1] as number];
      const [west, east] = [longitudes[c] as number, longitudes[c + 1] as number];
      const piece = { south, north, west, east };
      if (edges.some(([a, b]) => entersBox(piece, a, b))) return false;
      // No edge goes through it, hence it lies inside or outside as a whole.
      if (holdsMiddle(polygon, piece)) return false;
    }
  }
  return true;
}

/** Whether a polygon, none of whose edges goes through a box, holds that box. */
function holdsMiddle(polygon: readonly Point[], { south, north, west, east }: Box): boolean {
  // Doubled, so that the middle has whole coordinates too.
  const doubled = polygon.map(({ latitude, longitude }) => ({ latitude: 2 * latitude, longitude: 2 * longitude }));
  return polygonContains(doubled, { latitude: south + north, longitude: west + east });
}

/** Whether a segment has a point strictly inside a box: nothing separates the two, neither an axis nor its own line. */
function entersBox({ south, north, west, east }: Box, a: Point, b: Point): boolean {
  if (Math.max(a.latitude, b.latitude) <= south || Math.min(a.latitude, b.latitude) >= north) return false;
  if (Math.max(a.longitude, b.longitude) <= west || Math.min(a.longitude, b.longitude) >= east) return false;
  const sides = [
    turn(a, b, { latitude: south, longitude: west }),
    turn(a, b, { latitude: south, longitude: east }),
    turn(a, b, { latitude: north, longitude: west }),
    turn(a, b, { latitude: north, longitude: east }),
  ] as const;
  return Math.max(...sides) > 0 && Math.min(...sides) < 0;
}

/** The box around some points. */
export function boxAround(polygon: readonly Point[]): Box {
  const latitudes = polygon.map(({ latitude }) => latitude);
  const longitudes = polygon.map(({ longitude }) => longitude);
  return {
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
    west: Math.min(...longitudes),
    east: Math.max(...longitudes),
  };
}

/** Boxes that cover a circle: two where it crosses the antimeridian, undefined where it reaches a pole. */
export function boxesOfCircle(center: Point, radiusMetres: number): Box[] | undefined {
  // Shortest degrees of latitude and of longitude on WGS 84, so that the box is never too small.
  const metresPerLatitude = 110_574 / 1e7;
  const dLat = radiusMetres / metresPerLatitude;
  const widestLatitude = (Math.abs(center.latitude) + dLat) * RADIANS;
  if (widestLatitude >= Math.PI / 2) return undefined;
  const dLon = radiusMetres / ((111_319 / 1e7) * Math.cos(widestLatitude));
  if (dLon >= HALF_TURN) return undefined;
  const [south, north] = [center.latitude - dLat, center.latitude + dLat];
  const [west, east] = [center.longitude - dLon, center.longitude + dLon];
  if (west >= -HALF_TURN && east <= HALF_TURN) return [{ south, north, west, east }];
  return [
    { south, north, west: west < -HALF_TURN ? west + TURN : west, east: HALF_TURN },
    { south, north, west: -HALF_TURN, east: east > HALF_TURN ? east - TURN : east },
  ];
}

/**
 * Whether a box or polygon, given by its corners, lies in a circle: its corners do, and the whole figure on the centre's
 * side of the earth. A figure of the plane that has one corner on either side of the antimeridian goes the long way round
 * between them, however close to the centre both are. So does one around a pole, and is refused with it.
 */
export function outlineInsideCircle(outline: readonly Point[], center: Point, radiusMetres: number): boolean {
  const sameSide = [-TURN, 0, TURN].some((shift) =>
    outline.every(({ longitude }) => Math.abs(longitude + shift - center.longitude) <= HALF_TURN / 2),
  );
  return sameSide && outline.every((corner) => distanceMetres(corner, center) <= radiusMetres);
}

/** On which side of a→b the point c lies: the sign of the triangle's area, exactly. */
function turn(a: Point, b: Point, c: Point): number {
  return signOfDifference(
    b.longitude - a.longitude,
    c.latitude - a.latitude,
    b.latitude - a.latitude,
    c.longitude - a.longitude,
  );
}

function onSegment(a: Point, b: Point, p: Point): boolean {
  return (
    turn(a, b, p) === 0 &&
    Math.min(a.longitude, b.longitude) <= p.longitude &&
    p.longitude <= Math.max(a.longitude, b.longitude) &&
    Math.min(a.latitude, b.latitude) <= p.latitude &&
    p.latitude <= Math.max(a.latitude, b.latitude)
  );
}

/** Whether two segments cross at a point inside both. */
function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

export type Edge = readonly [Point, Point];

export function edgesOf(polygon: readonly Point[]): Edge[] {
  return polygon.map((point, i) => [point, polygon[(i + 1) % polygon.length] as Point]);
}

/** The edges of a polygon that have a point between two latitudes: no others decide about anything there. */
export function edgesBetween(polygon: readonly Point[], { south, north }: Pick<Box, 'south' | 'north'>): Edge[] {
  const edges: Edge[] = [];
  for (let i = 0; i < polygon.length; i++) {
    const [a, b] = [polygon[i] as Point, polygon[i + 1 < polygon.length ? i + 1 : 0] as Point];
    if (Math.max(a.latitude, b.latitude) >= south && Math.min(a.latitude, b.latitude) <= north) edges.push([a, b]);
  }
  return edges;
}

/** Whether the box around an edge meets another box. */
export function edgeMeets([a, b]: Edge, { south, north, west, east }: Box): boolean {
  if (Math.max(a.latitude, b.latitude) < south || Math.min(a.latitude, b.latitude) > north) return false;
  return Math.max(a.longitude, b.longitude) >= west && Math.min(a.longitude, b.longitude) <= east;
}

/** Whether a point lies in a polygon; the outline belongs to it. The edges at the latitude of the point are enough. */
export function polygonContains(
  polygon: readonly Point[],
  point: Point,
  edges: readonly Edge[] = edgesOf(polygon),
): boolean {
  let inside = false;
  for (const [a, b] of edges) {
    if (onSegment(a, b, point)) return true;
    if (a.latitude > point.latitude !== b.latitude > point.latitude) {
      const side = turn(a, b, point);
      if (b.latitude > a.latitude ? side > 0 : side < 0) inside = !inside;
    }
  }
  return inside;
}

const midpoint = (a: Point, b: Point): Point => ({
  latitude: Math.round((a.latitude + b.latitude) / 2),
  longitude: Math.round((a.longitude + b.longitude) / 2),
});

/**
 * Whether one simple polygon lies inside another: its vertices and edge midpoints do, no edges cross, and no corner of the
 * outer one lies strictly inside. An outline that only touches is inside. Of the outer one the edges at the latitudes of the inner one
 * are enough.
 */
export function polygonInsidePolygon(
  inner: readonly Point[],
  outer: readonly Point[],
  outerEdges: readonly Edge[] = edgesOf(outer),
): boolean {
  const innerEdges = edgesOf(inner);
  const corners = outerEdges.map(([corner]) => corner);
  if (!inner.every((point) => polygonContains(outer, point, outerEdges))) return false;
  for (const [a, b] of innerEdges) {
    if (outerEdges.some(([c, d]) => segmentsCross(a, b, c, d))) return false;
    // Between two points where the outer outline touches this edge, the edge may still run outside.
    const touching = corners.filter((corner) => onSegment(a, b, corner));
    const stops = [a, ...touching, b].sort((p, q) => along(a, b, p) - along(a, b, q));
    for (let i = 0; i + 1 < stops.length; i++) {
      const [from, to] = [stops[i] as Point, stops[i + 1] as Point];
      // A rounded midpoint is off the edge by half a unit (5 mm); shorter stretches than that decide nothing.
      if (Math.abs(from.latitude - to.latitude) + Math.abs(from.longitude - to.longitude) < 2) continue;
      const middle = midpoint(from, to);
      if (!polygonContains(outer, middle, outerEdges) && !outerEdges.some(([c, d]) => nearSegment(c, d, middle)))
        return false;
    }
  }
  return !corners.some((corner) => strictlyInside(inner, innerEdges, corner));
}

function strictlyInside(polygon: readonly Point[], edges: readonly Edge[], point: Point): boolean {
  return polygonContains(polygon, point, edges) && !edges.some(([a, b]) => onSegment(a, b, point));
}

function along(a: Point, b: Point, p: Point): number {
  return (
    (p.longitude - a.longitude) * (b.longitude - a.longitude) + (p.latitude - a.latitude) * (b.latitude - a.latitude)
  );
}

/** Within one unit of a segment: as far as rounding can have moved a point of it. */
function nearSegment(a: Point, b: Point, p: Point): boolean {
  const length = Math.hypot(b.longitude - a.longitude, b.latitude - a.latitude);
  const t = Math.max(0, Math.min(1, along(a, b, p) / (length * length)));
  const x = a.longitude + t * (b.longitude - a.longitude) - p.longitude;
  const y = a.latitude + t * (b.latitude - a.latitude) - p.latitude;
  return Math.hypot(x, y) <= 1;
}

/** Shortest geodesic distance from a point to edges of an outline, sampled along each edge so that it is never too long. */
export function distanceToEdges(edges: readonly Edge[], point: Point): number {
  let shortest = Number.POSITIVE_INFINITY;
  // Nearest point in a plane scaled by the cosine of the latitude: exact for the short distances that radii have.
  const scale = Math.cos(point.latitude * RADIANS);
  for (const [a, b] of edges) {
    const dx = (b.longitude - a.longitude) * scale;
    const dy = b.latitude - a.latitude;
    const px = (point.longitude - a.longitude) * scale;
    const py = point.latitude - a.latitude;
    const t = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
    const nearest = {
      latitude: a.latitude + t * dy,
      longitude: a.longitude + t * (b.longitude - a.longitude),
    };
    shortest = Math.min(shortest, distanceMetres(point, nearest));
  }
  return shortest;
}
