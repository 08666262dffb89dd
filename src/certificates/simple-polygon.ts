import type { Point } from './geometry.ts';
import { signOfDifference } from './side.ts';

/**
 * §6.4.21: at least three points, and an outline that neither crosses nor touches itself.
 *
 * A line sweeps over the corners from south to north (corners of one latitude from west to east), and only edges that become neighbours
 * on it are compared: what meets first has been neighbours before (M. I. Shamos, D. Hoey, "Geometric intersection problems", FOCS 1976).
 * Comparing all pairs would let 256 corners cost as much as 50 messages.
 */
export function isSimplePolygon(polygon: readonly Point[]): boolean {
  if (polygon.length < 3) return false;
  if (sweep === undefined || sweep.capacity < polygon.length) sweep = new Sweep(Math.max(polygon.length, 256));
  return sweep.isSimple(polygon);
}

/** Made once: five arrays for each polygon would cost as much as the sweep. */
let sweep: Sweep | undefined;

/** More than a polygon can have. */
const CORNERS = 2 ** 16;

class Sweep {
  readonly capacity: number;
  private count = 0;
  private readonly latitude: Float64Array;
  private readonly longitude: Float64Array;
  private readonly keys: Float64Array;
  /** Corners in the order in which the line meets them. */
  private readonly corners: Uint32Array;
  /** Edges on the line, from west to east, so many. Edge i goes from corner i to the next one. */
  private readonly edges: Int32Array;
  private onLine = 0;
  /** The ends of each edge, in the order in which the line meets them. */
  private readonly lower: Int32Array;
  private readonly upper: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.latitude = new Float64Array(capacity);
    this.longitude = new Float64Array(capacity);
    this.keys = new Float64Array(capacity);
    this.corners = new Uint32Array(capacity);
    this.edges = new Int32Array(capacity);
    this.lower = new Int32Array(capacity);
    this.upper = new Int32Array(capacity);
  }

  isSimple(polygon: readonly Point[]): boolean {
    this.load(polygon);
    const { count, corners } = this;
    for (let i = 0; i < count; i++) if (this.foldsBack(i)) return false;
    this.order();
    for (let k = 0; k < count; k++) {
      const corner = corners[k] as number;
      if (k > 0 && this.compare(corners[k - 1] as number, corner) === 0) return false;
      if (!this.pass(corner)) return false;
    }
    return true;
  }

  private load(polygon: readonly Point[]): void {
    const count = polygon.length;
    this.count = count;
    this.onLine = 0;
    for (let i = 0; i < count; i++) {
      const { latitude, longitude } = polygon[i] as Point;
      this.latitude[i] = latitude;
      this.longitude[i] = longitude;
    }
    for (let i = 0; i < count; i++) {
      const next = i + 1 < count ? i + 1 : 0;
      const isUpwards = this.compare(i, next) < 0;
      this.lower[i] = isUpwards ? i : next;
      this.upper[i] = isUpwards ? next : i;
    }
  }

  private order(): void {
    const { count, latitude, corners } = this;
    // Numbers sort ten times as fast as by a function: the latitude with the corner behind it, 33 and 16 bits.
    const keys = this.keys.subarray(0, count);
    for (let i = 0; i < count; i++) keys[i] = (latitude[i] as number) * CORNERS + i;
    keys.sort();
    let isSorted = true;
    for (let k = 0; k < count; k++) {
      const key = keys[k] as number;
      corners[k] = key - Math.floor(key / CORNERS) * CORNERS;
      if (k > 0 && this.compare(corners[k - 1] as number, corners[k] as number) > 0) isSorted = false;
    }
    if (!isSorted) corners.subarray(0, count).sort((i, j) => this.compare(i, j));
  }

  /** Order of corners on the way of the line; 0 for the same place. */
  private compare(i: number, j: number): number {
    const { latitude, longitude } = this;
    return (latitude[i] as number) - (latitude[j] as number) || (longitude[i] as number) - (longitude[j] as number);
  }

  /** Moves the line past a corner; false where something meets there or before. */
  private pass(corner: number): boolean {
    const { count, edges } = this;
    const before = corner === 0 ? count - 1 : corner - 1;
    const after = corner === count - 1 ? 0 : corner + 1;
    // Edge `before` leads to this corner, edge `corner` away from it.
    const beforeEnds = this.upper[before] === corner;
    const ownEnds = this.upper[corner] === corner;
    const place = this.placeOf(corner);
    if (!beforeEnds && !ownEnds) return this.begin(corner, before, after, place);
    // What goes through the corner has to be what ends there.
    if (beforeEnds && ownEnds) {
      if (place + 1 >= this.onLine) return false;
      const [west, east] = [edges[place], edges[place + 1]];
      if (!(west === before && east === corner) && !(west === corner && east === before)) return false;
      this.remove(place);
      return this.keepsApart(place - 1, place);
    }
    if (place >= this.onLine || edges[place] !== (beforeEnds ? before : corner)) return false;
    edges[place] = beforeEnds ? corner : before;
    return this.keepsApart(place - 1, place) && this.keepsApart(place, place + 1);
  }

  /** Both edges of a corner begin. */
  private begin(corner: number, before: number, after: number, place: number): boolean {
    const { edges } = this;
    if (place < this.onLine && this.sideOf(edges[place] as number, corner) === 0) return false;
    const side = this.side(corner, before, after);
    if (side === 0) return false;
    for (let i = this.onLine - 1; i >= place; i--) edges[i + 2] = edges[i] as number;
    this.onLine += 2;
    // What lies to the east of an edge is on its right.
    edges[place] = side < 0 ? before : corner;
    edges[place + 1] = side < 0 ? corner : before;
    return this.keepsApart(place - 1, place) && this.keepsApart(place + 1, place + 2);
  }

  private remove(place: number): void {
    const { edges } = this;
    this.onLine -= 2;
    for (let i = place; i < this.onLine; i++) edges[i] = edges[i + 2] as number;
  }

  /** How many edges lie to the west of a corner. */
  private placeOf(corner: number): number {
    let low = 0;
    let high = this.onLine;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sideOf(this.edges[middle] as number, corner) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** On which side of an edge, taken in the direction of the line, a corner lies: less than zero is east of it. */
  private sideOf(edge: number, corner: number): number {
    return this.side(this.lower[edge] as number, this.upper[edge] as number, corner);
  }

  /** Whether the edges at two places of the line have no point in common but a corner that is both's; nothing is beyond the ends. */
  private keepsApart(west: number, east: number): boolean {
    const { edges, count } = this;
    if (west < 0 || east >= this.onLine) return true;
    const a = edges[west] as number;
    const c = edges[east] as number;
    const b = a === count - 1 ? 0 : a + 1;
    const d = c === count - 1 ? 0 : c + 1;
    // Neighbours in the outline share a corner; that they do not fold back has been seen.
    if (b === c || d === a) return true;
    const abc = this.side(a, b, c);
    const abd = this.side(a, b, d);
    if (abc * abd > 0) return true;
    const cda = this.side(c, d, a);
    const cdb = this.side(c, d, b);
    if (abc * abd < 0 && cda * cdb < 0) return false;
    return !(
      (abc === 0 && this.isBetween(a, b, c)) ||
      (abd === 0 && this.isBetween(a, b, d)) ||
      (cda === 0 && this.isBetween(c, d, a)) ||
      (cdb === 0 && this.isBetween(c, d, b))
    );
  }

  /** Whether edge i and the next one have more in common than their corner, or the edge is none. */
  private foldsBack(i: number): boolean {
    const { count } = this;
    const b = i + 1 < count ? i + 1 : 0;
    const d = b + 1 < count ? b + 1 : 0;
    if (this.compare(i, b) === 0) return true;
    return this.side(i, b, d) === 0 && (this.isBetween(i, b, d) || this.isBetween(b, d, i));
  }

  /** On which side of a→b the corner c lies. */
  private side(a: number, b: number, c: number): number {
    const { latitude, longitude } = this;
    const aLatitude = latitude[a] as number;
    const aLongitude = longitude[a] as number;
    return signOfDifference(
      (longitude[b] as number) - aLongitude,
      (latitude[c] as number) - aLatitude,
      (latitude[b] as number) - aLatitude,
      (longitude[c] as number) - aLongitude,
    );
  }

  /** Whether a corner on the line through two others lies between them, or is one of them. */
  private isBetween(a: number, b: number, c: number): boolean {
    const { latitude, longitude } = this;
    return isWithin(latitude[a], latitude[c], latitude[b]) && isWithin(longitude[a], longitude[c], longitude[b]);
  }
}

function isWithin(one = 0, value = 0, other = 0): boolean {
  return (one <= value && value <= other) || (other <= value && value <= one);
}
