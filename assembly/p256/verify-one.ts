/**
 * One signature with nothing else in flight and nothing known of its key: the time until the verdict is what counts. Points are
 * Jacobian, and the products of a formula go two at a time (pair.ts): a doubling takes four steps, a mixed addition six.
 *
 * u2·Q: 255 doublings and some 43 additions from the odd multiples Q … 15Q (width-5 NAF); u1·G: the entries of the generator's table. The
 * formulas are not complete: where a Z becomes zero (equal or opposite points met, or infinity), the complete ones judge instead.
 */
import { BASE_POSITIONS, BASE_TABLE, BASE_WINDOW, BLOCK_POINT, ITEM_R, ITEM_U1, ITEM_U2, KEY, STATUS } from '../memory';
import { BAD_SIGNATURE, NOT_JUDGED, OK } from '../status';
import { FE_BYTES, LANES, PACKED_BYTES, feGatherPacked, feToOctetsLane } from './field';
import { entryReference } from './fixed-table';
import { loadAffine } from './keys';
import { limbsAdd, limbsToOctets } from './limbs';
import {
  PAIR_BYTES,
  PAIR_ONE,
  pairAdd,
  pairAddLazy,
  pairCopy,
  pairDoubleSubLazy,
  pairEqual,
  pairFromOctets,
  pairInvert,
  pairIsZero,
  pairJoin,
  pairMul,
  pairSecondMayBeZero,
  pairSqr,
  pairSub,
  pairSubBoth,
  pairSubFourTimes,
  pairSubLazy,
  pairSubSubTwice,
  pairSubTwice,
  pairToMontgomery,
  pairTriple,
} from './pair';
import { N_LIMBS, WORDS_BYTES, bitsOf, recode, scalarHasSecondX, scalarToWords } from './scalar';
import { beginSignatures } from './signatures';
import { verify } from './verify';

/** Width of the NAF, odd multiples that it needs, and the positions of its digits. */
const WIDTH: i32 = 5;
const MULTIPLES: i32 = 8;
const POSITIONS: i32 = 257;

/** The point so far: (X, Y), and Z in the second half. */
export const XY: usize = memory.data(80, 16);
export const ZZ: usize = memory.data(80, 16);
/** Whether the point so far is infinity, and whether an addition was exceptional. */
let infinite: bool = true;
let exceptional: bool = false;

/** The point so far := nothing yet. */
export function singleBegin(): void {
  infinite = true;
  exceptional = false;
}

/** Whether the formulas did not hold for an addition since then. */
export function singleIsExceptional(): bool {
  return exceptional;
}

/** Odd multiples of the key, affine pairs (x, y), and their Z while they are made. */
const TABLE: usize = memory.data(<i32>PAIR_BYTES * MULTIPLES, 16);
const TABLE_Z: usize = memory.data(<i32>PAIR_BYTES * MULTIPLES, 16);
const PREFIX: usize = memory.data(<i32>PAIR_BYTES * MULTIPLES, 16);
const DIGITS: usize = memory.data(POSITIONS + WIDTH, 16);
const WORDS: usize = memory.data(WORDS_BYTES, 16);
const BASE_DIGITS: usize = memory.data(2 * 64, 16);

const T0: usize = memory.data(80, 16);
const T1: usize = memory.data(80, 16);
const T2: usize = memory.data(80, 16);
const T3: usize = memory.data(80, 16);
const T4: usize = memory.data(80, 16);
const T5: usize = memory.data(80, 16);
const ENTRY: usize = memory.data(80, 16);
const NEGATED: usize = memory.data(80, 16);
const ZERO: usize = memory.data(80, 16);
const DOUBLED: usize = memory.data(80, 16);
const U: usize = memory.data(40, 16);
const OCTETS: usize = memory.data(32, 16);

/**
 * (XY, ZZ) := 2·(XY, ZZ): dbl-2001-b of the Explicit-Formulas Database in four steps, two of them squares:
 *   δ = Z²  γ = Y²  |  2β = X·2γ  τ = (X − δ)(X + δ), α = 3τ  |  α²  (Y + Z)², Z' = (Y + Z)² − γ − δ  |  (4β − X')α  4γ²
 * Bounds of the products as in pointDouble: 1·2, 3·2, 5·1, 2·2, all at most 6; of the squares lazy(2).
 */
export function singleDouble(): void {
  pairJoin(T0, ZZ, 1, XY, 1); // Z, Y
  pairSqr(T1, T0); // δ, γ
  pairSubLazy(T3, XY, T1); // X − δ: lazy(3)
  pairAddLazy(T4, XY, T1); // X + δ: lazy(2)
  pairAddLazy(T5, T1, T1); // –, 2γ: lazy(2)
  pairJoin(T0, XY, 0, T3, 0); // X, X − δ
  pairJoin(T2, T5, 1, T4, 0); // 2γ, X + δ
  pairMul(T2, T0, T2); // 2β, τ
  pairAddLazy(T4, ZZ, XY); // –, Y + Z: lazy(2)
  pairTriple(T3, T2); // –, α
  pairJoin(T0, T3, 1, T4, 1); // α, Y + Z
  pairSqr(T4, T0); // α², (Y + Z)²
  pairSubFourTimes(T0, T4, T2); // X', –
  pairDoubleSubLazy(T2, T2, T0); // 4β − X': lazy(5)
  pairJoin(XY, T2, 0, T5, 1); // 4β − X', 2γ
  pairJoin(T2, T3, 1, T5, 1); // α, 2γ
  pairMul(T2, XY, T2); // (4β − X')α, 4γ²
  pairJoin(T5, T1, 0, T1, 0); // δ
  pairSubBoth(ZZ, T4, T1, T5); // –, Z'
  pairJoin(T5, T2, 1, T2, 1); // 4γ²
  pairSubTwice(T2, T2, T5); // Y', –
  pairJoin(XY, T0, 0, T2, 0);
}

/**
 * (XY, ZZ) += an affine point: madd as in pointAddAffine, in six steps:
 *   –  Z²  |  U = xZ²  yZ  |  S = (yZ)Z²  Z' = Z(U − X)  |  H²  r² with r = S − Y  |  H³  V = XH²  |  r(V − X')  YH³
 */
export function singleAdd(point: usize): void {
  if (infinite) {
    pairCopy(XY, point);
    pairCopy(ZZ, PAIR_ONE);
    infinite = false;
    return;
  }
  pairSqr(T0, ZZ); // –, Z²
  pairJoin(T1, T0, 1, ZZ, 1); // Z², Z
  pairMul(T1, point, T1); // U, yZ
  pairSub(T2, T1, XY); // H, –
  pairJoin(T3, T1, 1, ZZ, 1); // yZ, Z
  pairJoin(T4, T0, 1, T2, 0); // Z², H
  pairMul(ZZ, T3, T4); // S, Z'
  if (pairSecondMayBeZero(ZZ) && pairIsZero(ZZ, 1)) exceptional = true;
  pairJoin(T4, XY, 1, XY, 1); // Y, Y
  pairSub(T4, ZZ, T4); // r, –
  pairJoin(T1, T2, 0, T4, 0); // H, r
  pairSqr(T0, T1); // H², r²
  pairJoin(T2, T2, 0, XY, 0); // H, X
  pairJoin(T5, T0, 0, T0, 0); // H², H²
  pairMul(T2, T2, T5); // H³, V
  pairJoin(T5, T2, 1, T2, 1); // V, V
  pairJoin(T0, T0, 1, T0, 1); // r², –
  pairSubSubTwice(T0, T0, T2, T5); // X', –
  pairSub(T5, T5, T0); // V − X', –
  pairJoin(T3, T4, 0, XY, 1); // r, Y
  pairJoin(T4, T5, 0, T2, 0); // V − X', H³
  pairMul(T3, T3, T4);
  pairJoin(T5, T3, 1, T3, 1);
  pairSub(T3, T3, T5); // Y', –
  pairJoin(XY, T0, 0, T3, 0);
}

/**
 * TABLE := Q, 3Q … 15Q, affine, from Q in its first place. With 2Q = (X, Y, Z) all is done on the curve that (x, y) → (xZ², yZ³) leads
 * to, where 2Q is affine: the additions know nothing of the curve. One inversion brings everything back.
 */
function makeTable(): void {
  pairCopy(XY, TABLE);
  pairCopy(ZZ, PAIR_ONE);
  singleDouble();
  pairCopy(DOUBLED, XY);
  pairCopy(TABLE_Z, ZZ);
  // Q on the other curve
  pairSqr(T0, ZZ); // –, Z²
  pairJoin(T1, T0, 1, ZZ, 1); // Z², Z
  pairJoin(T2, PAIR_ONE, 1, T0, 1); // 1, Z²
  pairMul(T1, T1, T2); // Z², Z³
  pairMul(XY, TABLE, T1);
  pairCopy(ZZ, PAIR_ONE);
  infinite = false;
  for (let i: usize = 1; i < <usize>MULTIPLES; i++) {
    singleAdd(DOUBLED);
    pairCopy(TABLE + i * PAIR_BYTES, XY);
    // What Z is on the curve of Q, and the product of all so far.
    pairMul(TABLE_Z + i * PAIR_BYTES, ZZ, TABLE_Z);
    if (i == 1) pairCopy(PREFIX + PAIR_BYTES, TABLE_Z + PAIR_BYTES);
    else pairMul(PREFIX + i * PAIR_BYTES, PREFIX + (i - 1) * PAIR_BYTES, TABLE_Z + i * PAIR_BYTES);
  }
  if (exceptional) return;
  pairInvert(T5, PREFIX + <usize>(MULTIPLES - 1) * PAIR_BYTES, 1);
  for (let i: usize = MULTIPLES - 1; i > 0; i--) {
    if (i == 1) pairCopy(T0, T5);
    else pairMul(T0, T5, PREFIX + (i - 1) * PAIR_BYTES); // –, 1/Z
    pairMul(T5, T5, TABLE_Z + i * PAIR_BYTES);
    pairSqr(T1, T0); // –, 1/Z²
    pairJoin(T2, T1, 1, T0, 1); // 1/Z², 1/Z
    pairJoin(T0, PAIR_ONE, 1, T1, 1); // 1, 1/Z²
    pairMul(T1, T2, T0); // 1/Z², 1/Z³
    pairMul(TABLE + i * PAIR_BYTES, TABLE + i * PAIR_BYTES, T1);
  }
}

/** out := −p: the y negated. */
@inline
function negated(out: usize, p: usize): void {
  pairSub(T0, ZERO, p);
  pairJoin(out, p, 0, T0, 1);
}

/** DIGITS := the width-5 NAF of a scalar, i8 each: zero or odd, |d| ≤ 15. Returns the highest position that is not zero, or −1. */
function recodeNaf(scalar: usize): i32 {
  memory.fill(DIGITS, 0, POSITIONS + WIDTH);
  scalarToWords(WORDS, scalar);
  let carry: u32 = 0;
  let highest = -1;
  for (let i = 0; i < POSITIONS; ) {
    const bits = <u32>bitsOf(WORDS, i);
    if ((bits & 1) == carry) {
      i++;
      continue;
    }
    let digit = <i32>((bits & 31) + carry);
    carry = digit > 16 ? 1 : 0;
    if (carry) digit -= 32;
    store<i8>(DIGITS + <usize>i, <i8>digit);
    highest = i;
    i += WIDTH;
  }
  return highest;
}

/** Judges the first item; KEY and the rest as for {@link verify}. */
export function verifyOne(hashed: bool): void {
  beginSignatures(1, hashed);
  loadAffine(BLOCK_POINT, KEY, 1);
  if (load<u8>(STATUS) != NOT_JUDGED) return;
  singleBegin();
  pairFromOctets(TABLE, 0, KEY);
  pairFromOctets(TABLE, 1, KEY + 32);
  pairToMontgomery(TABLE, TABLE);
  makeTable();
  infinite = true;
  for (let i = recodeNaf(ITEM_U2); i >= 0; i--) {
    if (!infinite) singleDouble();
    const digit: i32 = load<i8>(DIGITS + <usize>i);
    if (digit == 0) continue;
    const entry = TABLE + <usize>(abs(digit) >> 1) * PAIR_BYTES;
    if (digit < 0) negated(NEGATED, entry);
    singleAdd(digit < 0 ? NEGATED : entry);
  }
  addBase();
  // The flag outlives the table: a point that was made wrongly there judges nothing either.
  if (exceptional || infinite) {
    verify(1, hashed);
    return;
  }
  store<u8>(STATUS, matchesR() ? OK : BAD_SIGNATURE);
}

const LIST: usize = memory.data(4 * LANES, 16);
const COORDINATE: usize = memory.data(<i32>FE_BYTES, 16);

/**
 * (XY, ZZ) += u1·G. The table is in the form of the lanes' field: where that has R = 2^260, an entry is doubled to have the pairs' 2^261.
 */
function addBase(): void {
  recode(ITEM_U1, BASE_WINDOW, BASE_POSITIONS, BASE_DIGITS);
  for (let i = 0; i < BASE_POSITIONS; i++) {
    const digit: u32 = load<u16>(BASE_DIGITS + ((<usize>i) << 1));
    const entry = entryReference(BASE_TABLE, BASE_WINDOW, i, digit);
    for (let lane = 0; lane < LANES; lane++) store<u32>(LIST + ((<usize>lane) << 2), entry);
    for (let half = 0; half < 2; half++) {
      feGatherPacked(COORDINATE, LIST, <usize>half * PACKED_BYTES);
      feToOctetsLane(OCTETS, COORDINATE, 0);
      pairFromOctets(ENTRY, half, OCTETS);
    }
    if (ASC_FEATURE_RELAXED_SIMD) pairAdd(ENTRY, ENTRY, ENTRY);
    if (digit & 1) {
      negated(NEGATED, ENTRY);
      singleAdd(NEGATED);
    } else {
      singleAdd(ENTRY);
    }
  }
}

/** Whether x of the point so far is r mod n: X = r·Z², or (r + n)·Z² where r + n is below p. */
function matchesR(): bool {
  limbsToOctets(OCTETS, ITEM_R);
  pairFromOctets(T0, 0, OCTETS);
  const second = scalarHasSecondX(ITEM_R);
  if (second) {
    limbsAdd(U, ITEM_R, N_LIMBS);
    limbsToOctets(OCTETS, U);
  }
  pairFromOctets(T0, 1, OCTETS);
  pairToMontgomery(T0, T0);
  pairSqr(T1, ZZ);
  pairJoin(T2, T1, 1, T1, 1);
  pairMul(T0, T0, T2);
  pairJoin(T1, XY, 0, XY, 0);
  return pairEqual(T0, T1) != 0;
}
