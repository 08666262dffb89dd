/**
 * Curves y² = x³ − 3x + b over P-256's own p with a point of small order, so that every pair of points of a group can be
 * tried. D. S. Kubert, "Universal bounds on the torsion of elliptic curves", Proc. London Math. Soc. 33 (1976), table 3:
 * on y² + (1 − c)xy − βy = x³ − βx², with β and c as below for a parameter d, the point (0, 0) has the order named.
 */
import { add, type Curve, inverse, mod, P, P256, type Point, power } from './p256.ts';

type Parameters = (d: bigint) => { beta: bigint; c: bigint };

const divide = (a: bigint, b: bigint): bigint => mod(a * inverse(b, P), P);

const FAMILIES: Record<number, Parameters> = {
  4: (d) => ({ beta: d, c: 0n }),
  5: (d) => ({ beta: d, c: d }),
  6: (d) => ({ beta: d + d * d, c: d }),
  7: (d) => ({ beta: d ** 3n - d * d, c: d * d - d }),
  8: (d) => ({ beta: (2n * d - 1n) * (d - 1n), c: divide((2n * d - 1n) * (d - 1n), d) }),
  9: (d) => {
    const c = d * d * (d - 1n);
    return { beta: c * (d * (d - 1n) + 1n), c };
  },
  10: (d) => {
    const e = d - (d - 1n) ** 2n;
    const c = divide(2n * d ** 3n - 3n * d * d + d, e);
    return { beta: divide(c * d * d, e), c };
  },
};

export const ORDERS = Object.keys(FAMILIES).map(Number);

function squareRoot(value: bigint): bigint | undefined {
  const root = power(value, (P + 1n) / 4n, P);
  return mod(root * root, P) === mod(value, P) ? root : undefined;
}

/** The short form with a = −3 of the curve for one parameter, and (0, 0) on it; undefined where a cannot be made −3. */
function shortForm({
  beta,
  c,
}: {
  beta: bigint;
  c: bigint;
}): { curve: Curve; generator: { x: bigint; y: bigint } } | undefined {
  const a1 = 1n - c;
  const a2 = -beta;
  const a3 = -beta;
  const b2 = a1 * a1 + 4n * a2;
  const b4 = a1 * a3;
  const b6 = a3 * a3;
  const c4 = b2 * b2 - 24n * b4;
  const c6 = -(b2 ** 3n) + 36n * b2 * b4 - 216n * b6;
  // y² = x³ − 27c4·x − 54c6, and u scales −27c4 to −3: u⁴ = −3/(−27c4). Squares are fourth powers, as p ≡ 3 mod 4.
  const root = squareRoot(divide(-3n, -27n * c4));
  if (root === undefined) return undefined;
  const u = squareRoot(root) ?? squareRoot(P - root);
  if (u === undefined) return undefined;
  const curve = { ...P256, b: mod(-54n * c6 * u ** 6n, P) };
  return { curve, generator: { x: mod(3n * b2 * u * u, P), y: mod(108n * a3 * u ** 3n, P) } };
}

/** All points of a cyclic group of the order named, infinity first, with their curve. */
export function smallGroup(order: number): { curve: Curve; points: Point[] } {
  for (let d = 5n; ; d++) {
    const found = shortForm(FAMILIES[order]!(d));
    if (!found) continue;
    const points: Point[] = [undefined];
    for (let q: Point = found.generator; q; q = add(q, found.generator, found.curve)) points.push(q);
    return { curve: found.curve, points };
  }
}
