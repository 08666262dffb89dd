/**
 * Affine additions and doublings with a shared inversion: announce the denominators of many, run the inversion, then finish them
 * in the reverse order. 5M + 1S an addition, 5M + 2S a doubling, the inversion not counted.
 *
 * The formulas do not hold for points of equal x, and a double needs y ≠ 0 (which the order of the group gives). Announcing says
 * in which lanes x was equal; the results of those lanes are worthless.
 */
import { FE_BYTES, FE_ONE, feAdd, feCopy, feMul, feSqr, feSub, feSubBoth, feSubTwice, feTriple } from './field';
import { inversesPop, inversesPush, inversesSlot } from './shared-inverse';

const LAMBDA: usize = memory.data(<i32>FE_BYTES, 16);
const T: usize = memory.data(<i32>FE_BYTES, 16);
const X: usize = memory.data(<i32>FE_BYTES, 16);

/** Pushes x(q) − x(p), the denominator of p + q. Only the x of the points are read. Returns the lanes where it is zero. */
@inline
export function affineSumAnnounce(p: usize, q: usize): i32 {
  feSub(inversesSlot(), q, p);
  return inversesPush();
}

/** out := p + q: λ = (y(q) − y(p))/(x(q) − x(p)), x' = λ² − x(p) − x(q), y' = λ(x(p) − x') − y(p). out may alias either. */
@inline
export function affineSumFinish(out: usize, p: usize, q: usize): void {
  inversesPop(LAMBDA);
  feSub(T, q + FE_BYTES, p + FE_BYTES);
  feMul(LAMBDA, LAMBDA, T);
  feSqr(T, LAMBDA);
  feSubBoth(X, T, p, q);
  feSub(T, p, X);
  feMul(T, T, LAMBDA);
  feSub(out + FE_BYTES, T, p + FE_BYTES);
  feCopy(out, X);
}

/** Pushes 2·y(p), the denominator of 2p. */
export function affineDoubleAnnounce(p: usize): void {
  feAdd(inversesSlot(), p + FE_BYTES, p + FE_BYTES);
  inversesPush();
}

/** out := 2p: λ = 3(x² − 1)/2y, x' = λ² − 2x, y' = λ(x − x') − y. out may alias p. */
export function affineDoubleFinish(out: usize, p: usize): void {
  inversesPop(LAMBDA);
  feSqr(T, p);
  feSub(T, T, FE_ONE);
  feTriple(T, T);
  feMul(LAMBDA, LAMBDA, T);
  feSqr(T, LAMBDA);
  feSubTwice(X, T, p);
  feSub(T, p, X);
  feMul(T, T, LAMBDA);
  feSub(out + FE_BYTES, T, p + FE_BYTES);
  feCopy(out, X);
}
