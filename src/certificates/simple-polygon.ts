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
  return new Sweep(polygon).isSimple();
}

class Sweep {
  private readonly count: number;
  private readonly latitude: Float64Array;
  private readonly longitude: Float64Array;
  /** Edges on the line, from west to east. Edge i goes from corner i to the next one. */
  private readonly edges: number[] = [];

  constructor(polygon: readonly Point[]) {
    this.count = polygon.length;
    this.latitude = Float64Array.from(polygon, ({ latitude }) => latitude);
    this.longitude = Float64Array.from(polygon, ({ longitude }) => longitude);
  }

  isSimple(): boolean {
    const { count } = this;
    for (let i = 0; i < count; i++) if (this.foldsBack(i)) return false;
    const corners = Uint32Array.from({ length: count }, (_, i) => i).sort((i, j) => this.compare(i, j));
    for (let k = 0; k < count; k++) {
      const corner = corners[k] as number;
      if (k > 0 && this.compare(corners[k - 1] as number, corner) === 0) return false;
      if (!this.pass(corner)) return false;
    }
    return true;
  }

  /** Order of corners on the way of the line; 0 for the same place. */
  private compare(i: number, j: number): number {
    const { latitude, longitude } = this;
    return (latitude[i] as number) - (latitude[j] as number) || (longitude[i] as number) - (longitude[j] as number);
  }

  /** Moves the line past a corner; false where something meets there or before. */
  private pass(corner: number): boolean {
    const { count, edges } = this;
    const own = [(corner + count - 1) % count, corner] as const;
    const [first, second] = own.map((edge) => edges.indexOf(edge)) as [number, number];
    if (first >= 0 && second >= 0) return this.end(Math.min(first, second), Math.max(first, second));
    if (first >= 0 || second >= 0) return this.replace(Math.max(first, second), first >= 0 ? own[1] : own[0]);
    return this.begin(corner, own);
  }

  /** Both edges of a corner end: they are neighbours, unless something lies between them and so has met one. */
  private end(first: number, second: number): boolean {
    if (second !== first + 1) return false;
    this.edges.splice(first, 2);
    return this.keepsApart(first - 1, first);
  }

  private replace(place: number, edge: number): boolean {
    this.edges[place] = edge;
    return this.keepsApart(place - 1, place) && this.keepsApart(place, place + 1);
  }

  /** Both edges of a corner begin. */
  private begin(corner: number, [before, after]: readonly [number, number]): boolean {
    const place = this.placeOf(corner);
    if (place < 0) return false;
    const side = this.side(corner, this.farEnd(before, corner), this.farEnd(after, corner));
    if (side === 0) return false;
    // What lies to the east of an edge is on its right.
    this.edges.splice(place, 0, ...(side < 0 ? [before, after] : [after, before]));
    return this.keepsApart(place - 1, place) && this.keepsApart(place + 1, place + 2);
  }

  /** How many edges lie to the west of a corner; −1 where one goes through it. */
  private placeOf(corner: number): number {
    const { edges } = this;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const edge = edges[middle] as number;
      const [from, to] = this.endsOf(edge);
      const side = this.side(from, to, corner);
      if (side === 0) return -1;
      if (side < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The ends of an edge, in the order in which the line meets them. */
  private endsOf(edge: number): [number, number] {
    const next = (edge + 1) % this.count;
    return this.compare(edge, next) < 0 ? [edge, next] : [next, edge];
  }

  private farEnd(edge: number, corner: number): number {
    return edge === corner ? (edge + 1) % this.count : edge;
  }

  /** Whether the edges at two places of the line have no point in common but a corner that is both's; nothing is beyond the ends. */
  private keepsApart(west: number, east: number): boolean {
    const { edges, count } = this;
    if (west < 0 || east >= edges.length) return true;
    const [a, c] = [edges[west] as number, edges[east] as number];
    const [b, d] = [(a + 1) % count, (c + 1) % count];
    // Neighbours in the outline share a corner; that they do not fold back has been seen.
    if (b === c || d === a) return true;
    const [abc, abd, cda, cdb] = [this.side(a, b, c), this.side(a, b, d), this.side(c, d, a), this.side(c, d, b)];
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
    const [b, d] = [(i + 1) % this.count, (i + 2) % this.count];
    if (this.compare(i, b) === 0) return true;
    if (this.side(i, b, d) !== 0) return false;
    return this.isBetween(i, b, d) || this.isBetween(b, d, i);
  }

  /** On which side of a→b the corner c lies. */
  private side(a: number, b: number, c: number): number {
    const { latitude, longitude } = this;
    const [aLatitude, aLongitude] = [latitude[a] as number, longitude[a] as number];
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
