/** P-256 from its definition (SP 800-186 §3.2.1.3): affine, on BigInt, every case spelled out. */

export interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
}

/** An affine point; undefined is infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined;

export const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const P256: Curve = {
  p: P,
  a: P - 3n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
};
export const G = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

export function mod(value: bigint, m: bigint): bigint {
  const rest = value % m;
  return rest < 0n ? rest + m : rest;
}

/** By the extended Euclidean algorithm; 0 has none and gives 0. */
export function inverse(value: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [m, mod(value, m), 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  return mod(s0, m);
}

export function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n;
  let square = mod(base, m);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % m;
    square = (square * square) % m;
  }
  return result;
}

export function isOnCurve({ x, y }: { x: bigint; y: bigint }, { p, a, b }: Curve = P256): boolean {
  return x < p && y < p && mod(y * y - (x * x * x + a * x + b), p) === 0n;
}

/** The point with that x, even or odd y, or undefined where there is none. p ≡ 3 mod 4. */
export function liftX(x: bigint, odd: boolean, { p, a, b }: Curve = P256): Point {
  if (x >= p) return undefined;
  const square = mod(x * x * x + a * x + b, p);
  const y = power(square, (p + 1n) / 4n, p);
  if (mod(y * y, p) !== square) return undefined;
  return { x, y: ((y & 1n) === 1n) === odd ? y : mod(-y, p) };
}

export function negate(q: Point, { p }: Curve = P256): Point {
  return q && { x: q.x, y: mod(-q.y, p) };
}

export function add(q: Point, r: Point, { p, a }: Curve = P256): Point {
  if (!q) return r;
  if (!r) return q;
  let slope: bigint;
  if (q.x !== r.x) slope = (r.y - q.y) * inverse(r.x - q.x, p);
  else if (q.y === r.y && q.y !== 0n) slope = (3n * q.x * q.x + a) * inverse(2n * q.y, p);
  else return undefined;
  const x = mod(slope * slope - q.x - r.x, p);
  return { x, y: mod(slope * (q.x - x) - q.y, p) };
}

/** k·q for k ≥ 0, bit by bit. */
export function multiply(k: bigint, q: Point, curve: Curve = P256): Point {
  let sum: Point;
  let doubled = q;
  for (let rest = k; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, doubled, curve);
    doubled = add(doubled, doubled, curve);
  }
  return sum;
}

/** ECDSA verification of a digest e, as FIPS 186-5 §6.4.2 states it. */
export function verify(e: bigint, r: bigint, s: bigint, key: { x: bigint; y: bigint }): boolean {
  if (r <= 0n || r >= N || s <= 0n || s >= N || !isOnCurve(key)) return false;
  const w = inverse(s, N);
  const point = add(multiply(mod(e * w, N), G), multiply(mod(r * w, N), key));
  return point !== undefined && point.x % N === r;
}
