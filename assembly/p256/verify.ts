/**
 * ECDSA verification in lock-step (FIPS 186-5 §6.4.2, with the form of r of IEEE 1609.2 §6.3.23).
 *
 * Everything is done for the whole call at a time: ranges, keys, one inversion mod n for all s, tables of the keys with
 * shared inversions, then the double multiplication block by block. An item that is refused early gets harmless values in
 * its lane and keeps its status; every item is judged.
 */
import {
  BASE_DIGITS,
  BASE_POINT_DIGITS,
  BASE_WINDOW,
  BLOCK_POINT,
  BLOCK_RESULT,
  DIGITS,
  INPUT,
  ITEM_DIGEST,
  ITEM_PREFIX,
  ITEM_R,
  ITEM_S,
  KEY,
  POINT_DIGITS,
  R_FORM,
  R_VALUE,
  STATUS,
  S_VALUE,
  WINDOW,
} from '../memory';
import { hashPairs } from '../sha256/stream';
import { BAD_SIGNATURE, NOT_JUDGED, OK, R_FORM_X_ONLY, SCALAR_OUT_OF_RANGE } from '../status';
import { FE_BYTES, LANES, feFromOctetsLane, feMul, feSqr, feToMontgomery } from './field';
import { limbsAdd, limbsToOctets } from './limbs';
import { blocksOf, itemOf, loadAffine } from './keys';
import { multiplyDouble } from './multiply';
import { feEqualLanes, pointIsInfinityLanes } from './point';
import {
  N_LIMBS,
  SCALAR_BYTES,
  recode,
  scalarFromOctets,
  scalarHasSecondX,
  scalarInRange,
  scalarInvertAll,
  scalarMul,
  scalarReduce,
  scalarToMontgomery,
} from './scalar';
import { buildBlockTables } from './table';

const U: usize = memory.data(40, 16);
const ONE: usize = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** Judges the first `count` ≤ CAPACITY items; INPUT holds digests where `hashed`, else 64 octets to be hashed. */
export function verify(count: i32, hashed: bool): void {
  memory.fill(STATUS, NOT_JUDGED, count);
  if (count <= 0) return;
  if (hashed) memory.copy(ITEM_DIGEST, INPUT, 32 * <usize>count);
  else hashPairs(ITEM_DIGEST, INPUT, count);
  for (let i = 0; i < count; i++) loadScalars(i);
  loadAffine(BLOCK_POINT, KEY, count);
  scalarInvertAll(ITEM_S, count, ITEM_PREFIX);
  for (let i = 0; i < count; i++) recodeItem(i);
  const blocks = blocksOf(count);
  buildBlockTables(blocks);
  for (let block = 0; block < blocks; block++) {
    multiplyDouble(BLOCK_RESULT, block);
    judge(block, count);
  }
}

/** ITEM_R := r mod n, ITEM_S := s in Montgomery form; both 1 where the item is refused. */
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
  scalarToMontgomery(s, s);
}

/** The digits of u1 = e·s⁻¹ and u2 = r·s⁻¹ mod n. ITEM_S holds s⁻¹·R, so one multiplication makes each of them. */
function recodeItem(item: i32): void {
  const inverse = ITEM_S + <usize>item * SCALAR_BYTES;
  scalarFromOctets(U, ITEM_DIGEST + 32 * <usize>item); // up to 2^256 − 1, which scalarMul takes
  scalarMul(U, U, inverse);
  recode(U, BASE_WINDOW, BASE_DIGITS, BASE_POINT_DIGITS + <usize>(item * BASE_DIGITS) * 2);
  scalarMul(U, ITEM_R + <usize>item * SCALAR_BYTES, inverse);
  recode(U, WINDOW, DIGITS, POINT_DIGITS + <usize>(item * DIGITS) * 2);
}

const CANDIDATE: usize = memory.data(<i32>FE_BYTES, 16);
const Z_SQUARED: usize = memory.data(<i32>FE_BYTES, 16);
const OCTETS: usize = memory.data(32, 16);

/**
 * The statuses of a block from R = BLOCK_RESULT: R ≠ ∞ and x(R) mod n = r. The affine x is never made: x = X/Z², so
 * X = r·Z² is asked, and X = (r + n)·Z² where r + n is below p (r < p − n ≈ 2^-128·n: only a crafted r). Infinity comes
 * out of the formulas as (t², t³, 0) with t ≠ 0, which no r matches either; it is refused by name all the same.
 */
function judge(block: i32, count: i32): void {
  const infinite = pointIsInfinityLanes(BLOCK_RESULT);
  feSqr(Z_SQUARED, BLOCK_RESULT + 2 * FE_BYTES);
  let equal = 0;
  let second = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    const r = ITEM_R + <usize>(item < 0 ? 0 : item) * SCALAR_BYTES;
    if (scalarHasSecondX(r)) second |= 1 << lane;
    limbsToOctets(OCTETS, r);
    feFromOctetsLane(CANDIDATE, lane, OCTETS);
  }
  equal |= matchesX();
  if (second != 0) {
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      limbsAdd(U, ITEM_R + <usize>(item < 0 ? 0 : item) * SCALAR_BYTES, N_LIMBS);
      limbsToOctets(OCTETS, U);
      feFromOctetsLane(CANDIDATE, lane, OCTETS);
    }
    equal |= matchesX() & second;
  }
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (item < 0 || load<u8>(STATUS + <usize>item) != NOT_JUDGED) continue;
    const holds = (equal & ~infinite & (1 << lane)) != 0;
    store<u8>(STATUS + <usize>item, holds ? OK : BAD_SIGNATURE);
  }
}

/** Bit `lane` is set where the plain value in CANDIDATE is x(R). */
function matchesX(): i32 {
  feToMontgomery(CANDIDATE, CANDIDATE);
  feMul(CANDIDATE, CANDIDATE, Z_SQUARED);
  return feEqualLanes(CANDIDATE, BLOCK_RESULT);
}
