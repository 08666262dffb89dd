/**
 * Points of y² = x³ − 3x + b over F_p, LANES at a time.
 *
 * Affine: x, y (never infinity). Jacobian: X, Y, Z for (X/Z², Y/Z³); infinity is Z ≡ 0, whatever X and Y. Coordinates are
 * tight and in Montgomery form. No formula uses b, so they hold for every curve with a = −3, which is how they are tested
 * exhaustively on small groups.
 */
import { JACOBIAN_BYTES, POINT_BYTES } from '../memory';
import {
  FE_BYTES,
  FE_ONE,
  LANES,
  feAdd,
  feAddLazy,
  feCopy,
  feCopyLane,
  feDoubleSubLazy,
  feFromMontgomery,
  feFromOctetsLane,
  feMul,
  feProductIsZeroLane,
  feProductMayBeZero,
  feSqr,
  feSquareRoot,
  feSub,
  feSubFourTimes,
  feSubLazy,
  feSubSubTwice,
  feSubTwice,
  feToMontgomery,
  feToOctetsLane,
  feTriple,
  feZero,
} from './field';

/** b, big-endian (FIPS 186-5 / SP 800-186 §3.2.1.3). */
const B_OCTETS: usize = memory.data<u8>(
  [
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc,
    0x65, 0x1d, 0x06, 0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
  ],
  16,
);

/** x and y of the generator, big-endian (ibid.). */
export const GENERATOR_OCTETS: usize = memory.data<u8>(
  [
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
  ],
  16,
);

const B: usize = memory.data(<i32>FE_BYTES, 16);

/** Scratch elements of this file; each function says what it keeps in which. */
const T0: usize = memory.data(<i32>FE_BYTES, 16);
const T1: usize = memory.data(<i32>FE_BYTES, 16);
const T2: usize = memory.data(<i32>FE_BYTES, 16);
const T3: usize = memory.data(<i32>FE_BYTES, 16);
const T4: usize = memory.data(<i32>FE_BYTES, 16);
const T5: usize = memory.data(<i32>FE_BYTES, 16);
const T6: usize = memory.data(<i32>FE_BYTES, 16);
const T7: usize = memory.data(<i32>FE_BYTES, 16);
const DOUBLED: usize = memory.data(<i32>(JACOBIAN_BYTES), 16);
const SUM: usize = memory.data(<i32>(JACOBIAN_BYTES), 16);

/** Fills the constants; once, after feInit. */
export function pointInit(): void {
  for (let lane = 0; lane < LANES; lane++) feFromOctetsLane(B, lane, B_OCTETS);
  feToMontgomery(B, B);
}

/** Lane `lane` of an affine point := 64 octets, x ‖ y, as they are; {@link pointToMontgomery} when all lanes are in. */
export function pointFromOctetsLane(point: usize, lane: i32, octets: usize): void {
  feFromOctetsLane(point, lane, octets);
  feFromOctetsLane(point + FE_BYTES, lane, octets + 32);
}

export function pointToMontgomery(point: usize): void {
  feToMontgomery(point, point);
  feToMontgomery(point + FE_BYTES, point + FE_BYTES);
}

/** Lane `lane` of an affine point to 64 octets. Leaves all lanes of the scratch plain; call lane after lane. */
export function pointToOctets(point: usize, lane: i32, octets: usize): void {
  feFromMontgomery(T0, point);
  feToOctetsLane(octets, T0, lane);
  feFromMontgomery(T0, point + FE_BYTES);
  feToOctetsLane(octets + 32, T0, lane);
}

/** out := x³ − 3x + b. In: x tight. Out: tight. out may not alias x. */
export function rightSide(out: usize, x: usize): void {
  feSqr(out, x);
  feMul(out, out, x);
  feTriple(T7, x);
  feSub(out, out, T7);
  feAdd(out, out, B);
}

/** Bit `lane` is set where a = b mod p. In: tight. */
export function feEqualLanes(a: usize, b: usize): i32 {
  feSub(T7, a, b);
  feFromMontgomery(T7, T7);
  let equal = 0;
  for (let lane = 0; lane < LANES; lane++) {
    if (feProductIsZeroLane(T7, lane)) equal |= 1 << lane;
  }
  return equal;
}

/** Bit `lane` is set where the affine point satisfies the equation of P-256. That x, y < p is checked on the octets. */
export function pointOnCurveLanes(point: usize): i32 {
  rightSide(T0, point);
  feSqr(T1, point + FE_BYTES);
  return feEqualLanes(T0, T1);
}

/**
 * y := a root of x³ − 3x + b, and bit `lane` of the result is set where there is one (SEC 1 §2.3.4, step 2.4.1).
 * In: x tight. Out: y a product.
 */
export function pointSolveY(y: usize, x: usize): i32 {
  rightSide(T0, x);
  feSquareRoot(y, T0);
  feSqr(T1, y);
  return feEqualLanes(T0, T1);
}

/**
 * out := 2p, Jacobian, any p: infinity stays infinity (Z' = 2YZ ≡ 0), and a point of order two (Y ≡ 0) becomes it.
 * dbl-2001-b of the Explicit-Formulas Database (D. J. Bernstein 2001), a = −3, with Z' = 2YZ: 4M + 4S.
 *
 *   δ = Z²   γ = Y²   β = Xγ   α = 3(X − δ)(X + δ)
 *   X' = α² − 8β   Z' = 2YZ   Y' = α(4β − X') − 8γ²
 *
 * 2γ is carried lazily, so 2β = X·2γ and 4γ² = (2γ)² come without a step of their own. out may alias p.
 */
export function pointDouble(out: usize, p: usize): void {
  const x = p;
  const y = p + FE_BYTES;
  const z = p + 2 * FE_BYTES;
  feSqr(T0, z); // δ
  feSqr(T1, y); // γ
  feAddLazy(T1, T1, T1); // 2γ: lazy(2), < 3p
  feMul(T2, x, T1); // 2β: 1·2 ≤ 6, 1.5·3p² ≤ 16p²
  feSubLazy(T3, x, T0); // X − δ: lazy(3), < 3.5p; δ is a product
  feAddLazy(T4, x, T0); // X + δ: lazy(2), < 3p
  feMul(T3, T3, T4); // 3·2 ≤ 6, 3.5·3p² ≤ 16p²
  feTriple(T3, T3); // α
  feAddLazy(T4, y, y); // 2Y: lazy(2)
  feMul(out + 2 * FE_BYTES, T4, z);
  feSqr(T4, T3); // α²
  feSubFourTimes(out, T4, T2); // X'
  feDoubleSubLazy(T5, T2, out); // 4β − X': lazy(5), < 5p
  feMul(T5, T5, T3); // 5·1 ≤ 6, 5·1.5p² ≤ 16p²
  feSqr(T1, T1); // 4γ²: lazy(2), < 3p
  feSubTwice(out + FE_BYTES, T5, T1); // Y'
}

/**
 * out := p + q, p Jacobian and q affine, in every case: p infinite, p = q, p = −q. out may alias p, not q.
 * madd (Cohen, Miyaji, Ono 1998): 8M + 3S.
 *
 *   U = x·Z²   S = y·Z³   H = U − X   r = S − Y
 *   Z' = Z·H   X' = r² − H³ − 2XH²   Y' = r(XH² − X') − YH³
 *
 * The formulas hold unless Z' ≡ 0, that is p infinite or H ≡ 0 (q = ±p). That is looked for first, in all lanes at once.
 */
export function pointAddAffine(out: usize, p: usize, q: usize): void {
  const z = p + 2 * FE_BYTES;
  feSqr(T0, z); // Z²
  feMul(T1, q, T0); // U
  feSub(T1, T1, p); // H
  feMul(T2, z, T1); // Z'
  if (feProductMayBeZero(T2)) {
    addAffineExceptional(out, p, q);
    return;
  }
  addAffineFinish(out, p, q);
}

/** The ordinary rest of {@link pointAddAffine}: T0 = Z², T1 = H, T2 = Z'. */
@inline
function addAffineFinish(out: usize, p: usize, q: usize): void {
  feMul(T0, T0, p + 2 * FE_BYTES); // Z³
  feMul(T0, T0, q + FE_BYTES); // S
  feSub(T0, T0, p + FE_BYTES); // r
  feSqr(T3, T1); // H²
  feMul(T1, T1, T3); // H³
  feMul(T3, T3, p); // XH²
  feMul(T4, T1, p + FE_BYTES); // YH³
  feSqr(T5, T0); // r²
  feSubSubTwice(out, T5, T1, T3); // X'
  feSub(T3, T3, out);
  feMul(T3, T3, T0);
  feSub(out + FE_BYTES, T3, T4); // Y'
  feCopy(out + 2 * FE_BYTES, T2);
}

/**
 * The addition when some lane's Z' looks like zero: the ordinary sum and the double of p are both made, and each lane takes
 * what is right for it. Reached by chance once in 2^28 additions; an attacker may reach it at will.
 */
function addAffineExceptional(out: usize, p: usize, q: usize): void {
  let infinite = 0;
  let sameX = 0;
  feFromMontgomery(T3, p + 2 * FE_BYTES);
  feFromMontgomery(T4, T1);
  for (let lane = 0; lane < LANES; lane++) {
    if (feProductIsZeroLane(T3, lane)) infinite |= 1 << lane;
    if (feProductIsZeroLane(T4, lane)) sameX |= 1 << lane;
  }
  addAffineFinish(SUM, p, q);
  // T0 still is r = S − Y.
  feFromMontgomery(T0, T0);
  let sameY = 0;
  for (let lane = 0; lane < LANES; lane++) {
    if (feProductIsZeroLane(T0, lane)) sameY |= 1 << lane;
  }
  pointDouble(DOUBLED, p);
  for (let lane = 0; lane < LANES; lane++) {
    const bit = 1 << lane;
    if (infinite & bit) {
      feCopyLane(SUM, q, lane);
      feCopyLane(SUM + FE_BYTES, q + FE_BYTES, lane);
      feCopyLane(SUM + 2 * FE_BYTES, FE_ONE, lane);
    } else if (sameX & bit) {
      // q = p is doubled; of q = −p the ordinary formulas have already made infinity, Z' ≡ 0.
      if (sameY & bit) {
        feCopyLane(SUM, DOUBLED, lane);
        feCopyLane(SUM + FE_BYTES, DOUBLED + FE_BYTES, lane);
        feCopyLane(SUM + 2 * FE_BYTES, DOUBLED + 2 * FE_BYTES, lane);
      }
    }
  }
  memory.copy(out, SUM, JACOBIAN_BYTES);
}

/** Bit `lane` is set where a Jacobian point is infinity. */
export function pointIsInfinityLanes(p: usize): i32 {
  feFromMontgomery(T0, p + 2 * FE_BYTES);
  let infinite = 0;
  for (let lane = 0; lane < LANES; lane++) {
    if (feProductIsZeroLane(T0, lane)) infinite |= 1 << lane;
  }
  return infinite;
}

/** out := p as an affine point, given 1/Z. */
export function pointToAffine(out: usize, p: usize, zInverse: usize): void {
  feSqr(T0, zInverse);
  feMul(T1, T0, zInverse);
  feMul(out, p, T0);
  feMul(out + FE_BYTES, p + FE_BYTES, T1);
}

/** out := p as a Jacobian point. */
export function pointFromAffine(out: usize, p: usize): void {
  memory.copy(out, p, POINT_BYTES);
  feCopy(out + 2 * FE_BYTES, FE_ONE);
}

/** out := infinity in all lanes. */
export function pointInfinity(out: usize): void {
  feCopy(out, FE_ONE);
  feCopy(out + FE_BYTES, FE_ONE);
  feZero(out + 2 * FE_BYTES);
}
