/**
 * What every way of verifying has in common (FIPS 186-5 §6.4.2, with the form of r of IEEE 1609.2 §6.3.23): from octets to the
 * scalars u1 = e/s and u2 = r/s mod n, and from the point u1·G + u2·Q to a status.
 *
 * Everything is done for the whole call at a time, with one inversion mod n for all s. An item that is refused early gets
 * harmless values in its lane and keeps its status; every item is judged.
 */
import { INPUT, ITEM_DIGEST, ITEM_INVERSE, ITEM_R, ITEM_S, ITEM_U1, ITEM_U2, R_FORM, R_VALUE, STATUS, S_VALUE } from '../memory';
import { hashPairs } from '../sha256/stream';
import { BAD_SIGNATURE, NOT_JUDGED, OK, R_FORM_X_ONLY, SCALAR_OUT_OF_RANGE } from '../status';
import {
  FE_BYTES,
  LANES,
  feAdd,
  feFromOctetsLane,
  feMul,
  feProductIsZeroLane,
  feProductMayBeZero,
  feSqr,
  feSub,
  feToMontgomery,
} from './field';
import { itemOf } from './keys';
import { limbsAdd, limbsToOctets } from './limbs';
import { feEqualLanes, pointIsInfinityLanes } from './point';
import {
  N_LIMBS,
  SCALAR_BYTES,
  scalarFromOctets,
  scalarHasSecondX,
  scalarInRange,
  scalarInvertAll,
  scalarMul,
  scalarReduce,
} from './scalar';

const U: usize = memory.data(40, 16);
const ONE: usize = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/**
 * Begins a call for the first `count` ≥ 1 items: STATUS, ITEM_R, and the scalars ITEM_U1 and ITEM_U2, canonical. INPUT holds digests
 * where `hashed`, else 64 octets to be hashed.
 */
export function beginSignatures(count: i32, hashed: bool): void {
  memory.fill(STATUS, NOT_JUDGED, count);
  if (hashed) memory.copy(ITEM_DIGEST, INPUT, 32 * <usize>count);
  else hashPairs(ITEM_DIGEST, INPUT, count);
  for (let i = 0; i < count; i++) loadScalars(i);
  scalarInvertAll(ITEM_INVERSE, ITEM_S, count);
  // s⁻¹·R: one multiplication makes each of u1 and u2.
  for (let i: usize = 0; i < <usize>count; i++) {
    const inverse = ITEM_INVERSE + i * SCALAR_BYTES;
    scalarFromOctets(U, ITEM_DIGEST + 32 * i); // up to 2^256 − 1, which scalarMul takes
    scalarMul(ITEM_U1 + i * SCALAR_BYTES, U, inverse);
    scalarMul(ITEM_U2 + i * SCALAR_BYTES, ITEM_R + i * SCALAR_BYTES, inverse);
  }
}

/** ITEM_R := r mod n, ITEM_S := s; both 1 where the item is refused. */
function loadScalars(item: i32): void {
  const r = ITEM_R + <usize>item * SCALAR_BYTES;
  const s = ITEM_S + <usize>item * SCALAR_BYTES;
  scalarFromOctets(r, R_VALUE + 32 * <usize>item);
  scalarFromOctets(s, S_VALUE + 32 * <usize>item);
  // A coordinate of R may be n or more, r is its residue; an r that was sent as such must be in range itself.
  if (load<u8>(R_FORM + <usize>item) != R_FORM_X_ONLY) scalarReduce(r);
  if (!scalarInRange(r) || !scalarInRange(s)) {
    store<u8>(STATUS + <usize>item, SCALAR_OUT_OF_RANGE);
    memory.copy(r, ONE, SCALAR_BYTES);
    memory.copy(s, ONE, SCALAR_BYTES);
  }
}

const CANDIDATE: usize = memory.data(<i32>FE_BYTES, 16);
const Z_SQUARED: usize = memory.data(<i32>FE_BYTES, 16);
const OCTETS: usize = memory.data(32, 16);

/**
 * The statuses of a block from its result R = u1·G + u2·Q, Jacobian: R ≠ ∞ and x(R) mod n = r. The affine x is never made: x = X/Z²,
 * so X = r·Z² is asked. Infinity comes out of the formulas as (t², t³, 0) with t ≠ 0, which no r matches either; it is refused by name
 * all the same.
 */
export function judgeBlock(result: usize, block: i32, count: i32): void {
  const infinite = pointIsInfinityLanes(result);
  feSqr(Z_SQUARED, result + 2 * FE_BYTES);
  judge(result, Z_SQUARED, infinite, block, count);
}

const SLOPE: usize = memory.data(<i32>FE_BYTES, 16);
const X_BOTH: usize = memory.data(<i32>FE_BYTES, 16);

/**
 * The same for R = p + q, affine and of different x, without an inversion: with D = x(q) − x(p) and N = y(q) − y(p), x(R) is
 * (N/D)² − x(p) − x(q), so X = N² − (x(p) + x(q))·D² and Z = D. False, with nothing judged, where in some lane x(p) = x(q): the two may be
 * the same point then, or opposite ones.
 */
export function judgeSum(p: usize, q: usize, block: i32, count: i32): bool {
  feSub(Z_SQUARED, q, p);
  feSqr(Z_SQUARED, Z_SQUARED);
  if (feProductMayBeZero(Z_SQUARED)) {
    for (let lane = 0; lane < LANES; lane++) if (feProductIsZeroLane(Z_SQUARED, lane)) return false;
  }
  feSub(SLOPE, q + FE_BYTES, p + FE_BYTES);
  feSqr(SLOPE, SLOPE);
  feAdd(X_BOTH, p, q);
  feMul(X_BOTH, X_BOTH, Z_SQUARED);
  feSub(SLOPE, SLOPE, X_BOTH);
  judge(SLOPE, Z_SQUARED, 0, block, count);
  return true;
}

/** Statuses from X and Z²: r·Z² is X, or (r + n)·Z² where r + n is below p (only a crafted r ≈ 2^-128·n). */
function judge(x: usize, zSquared: usize, infinite: i32, block: i32, count: i32): void {
  let equal = 0;
  let second = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    const r = ITEM_R + <usize>(item < 0 ? 0 : item) * SCALAR_BYTES;
    if (scalarHasSecondX(r)) second |= 1 << lane;
    limbsToOctets(OCTETS, r);
    feFromOctetsLane(CANDIDATE, lane, OCTETS);
  }
  equal |= matches(x, zSquared);
  if (second != 0) {
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      limbsAdd(U, ITEM_R + <usize>(item < 0 ? 0 : item) * SCALAR_BYTES, N_LIMBS);
      limbsToOctets(OCTETS, U);
      feFromOctetsLane(CANDIDATE, lane, OCTETS);
    }
    equal |= matches(x, zSquared) & second;
  }
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (item < 0 || load<u8>(STATUS + <usize>item) != NOT_JUDGED) continue;
    const holds = (equal & ~infinite & (1 << lane)) != 0;
    store<u8>(STATUS + <usize>item, holds ? OK : BAD_SIGNATURE);
  }
}

/** Bit `lane` is set where the plain value in CANDIDATE, times Z², is x. */
function matches(x: usize, zSquared: usize): i32 {
  feToMontgomery(CANDIDATE, CANDIDATE);
  feMul(CANDIDATE, CANDIDATE, zSquared);
  return feEqualLanes(CANDIDATE, x);
}
