/**
 * One signature with nothing else in flight and nothing known of its key: the time until the verdict is what counts. Points are
 * Jacobian, and the products of a formula go two at a time (pair.ts): a doubling takes four steps, a mixed addition six.
 *
 * u2·Q: 255 doublings and some 43 additions from the odd multiples Q … 15Q (width-5 NAF); u1·G: the entries of the generator's table. The
 * formulas are not complete: where a Z becomes zero (equal or opposite points met, or infinity), the complete ones judge instead.
 */
import { BASE_POSITIONS, BASE_TABLE, BASE_WINDOW, BLOCK_POINT, ITEM_R, ITEM_U1, ITEM_U2, KEY, STATUS } from '../memory';
import { BAD_SIGNATURE, NOT_JUDGED, OK } from '../status';
import { entryReference, wideFor } from './fixed-table';
import { loadAffine } from './keys';
import { limbsAdd, limbsToOctets } from './limbs';
import {
  PAIR_BYTES,
  PAIR_ONE,
  pairCopy,
  pairEqual,
  pairFirstMayBeZero,
  pairFromOctets,
  pairFromEntry,
  pairInvert,
  pairIsZero,
  pairJoin,
  pairMul,
  pairSqr,
  pairToMontgomery,
} from './pair';
import {
  addCubeFactors,
  addFactors,
  addHeight,
  addLastFactors,
  addSlope,
  addX,
  addZY,
  doubleFactors,
  doubleLastFactors,
  doubleSlope,
  doubleX,
  doubleZY,
  negatedPoint,
} from './pair-steps';
import { N_LIMBS, WORDS_BYTES, bitsOf, recode, scalarHasSecondX, scalarToWords } from './scalar';
import { beginSignatures } from './signatures';
import { verify } from './verify';

/** Width of the NAF, odd multiples that it needs, and the positions of its digits. */
const WIDTH: i32 = 5;
const MULTIPLES: i32 = 8;
const POSITIONS: i32 = 257;

/** The point so far: (X, X) and (Z, Y). So laid out, no product of a doubling waits for a join that is not part of a sum. */
export const XX: usize = memory.data(80, 16);
export const ZY: usize = memory.data(80, 16);
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
const ENTRY: usize = memory.data(80, 16);
const NEGATED: usize = memory.data(80, 16);
const DOUBLED: usize = memory.data(80, 16);
const U: usize = memory.data(40, 16);
const OCTETS: usize = memory.data(32, 16);

/**
 * The point so far, doubled: dbl-2001-b of the Explicit-Formulas Database as in pointDouble, in four steps, two of them squares:
 *   δ = Z²  γ = Y²  |  τ = (X − δ)(X + δ)  2β = X·2γ  |  α² with α = 3τ  4γ² = (2γ)²  |  α(4β − X')  YZ
 * Bounds of the products: 3·2 and 1·2, 5·1 and 1·1, all at most 6; of the squares lazy(2).
 */
export function singleDouble(): void {
  pairSqr(T0, ZY); // δ, γ
  doubleFactors(T1, T2, XX, T0);
  pairMul(T1, T1, T2); // τ, 2β
  doubleSlope(T3, T1, T2); // α, 2γ
  pairSqr(T0, T3); // α², 4γ²
  doubleX(XX, T0, T1);
  doubleLastFactors(T2, T4, T3, ZY, T1, XX);
  pairMul(T2, T2, T4); // α(4β − X'), YZ
  doubleZY(ZY, T2, T0);
}

/**
 * The point so far += an affine point (x, y): madd as in pointAddAffine, in six steps:
 *   Z²  –  |  U = xZ²  yZ  |  Z' = Z(U − X)  S = (yZ)Z²  |  H² with H = U − X  r² with r = S − Y  |  H³  V = XH²  |  YH³  r(V − X')
 */
export function singleAdd(point: usize): void {
  if (infinite) {
    pairJoin(XX, point, 0, point, 0);
    pairJoin(ZY, PAIR_ONE, 0, point, 1);
    infinite = false;
    return;
  }
  pairSqr(T0, ZY); // Z², –
  addFactors(T1, T2, T0, ZY); // (Z², Z), (Z, Z²)
  pairMul(T1, point, T1); // U, yZ
  addHeight(T3, T1, XX); // H, yZ
  pairMul(T2, T2, T3); // Z', S
  if (pairFirstMayBeZero(T2) && pairIsZero(T2, 0)) exceptional = true;
  addSlope(T1, T3, T2, ZY); // H, r
  pairSqr(T0, T1); // H², r²
  addCubeFactors(T3, T4, T1, XX, T0);
  pairMul(T3, T3, T4); // H³, V
  addX(XX, T0, T3);
  addLastFactors(T0, T4, ZY, T1, T3, XX);
  pairMul(T0, T0, T4); // YH³, r(V − X')
  addZY(ZY, T2, T0);
}

/**
 * TABLE := Q, 3Q … 15Q, affine, from Q in its first place. With 2Q = (X, Y, Z) all is done on the curve that (x, y) → (xZ², yZ³) leads
 * to, where 2Q is affine: the additions know nothing of the curve. One inversion brings everything back.
 */
function makeTable(): void {
  infinite = true;
  singleAdd(TABLE);
  singleDouble();
  pairJoin(DOUBLED, XX, 0, ZY, 1);
  pairJoin(TABLE_Z, ZY, 0, ZY, 0);
  // Q on the other curve
  pairSqr(T0, TABLE_Z); // Z², Z²
  pairJoin(T1, PAIR_ONE, 0, TABLE_Z, 0); // 1, Z
  pairMul(T1, T1, T0); // Z², Z³
  pairMul(ENTRY, TABLE, T1);
  infinite = true;
  singleAdd(ENTRY);
  for (let i: usize = 1; i < <usize>MULTIPLES; i++) {
    singleAdd(DOUBLED);
    pairJoin(TABLE + i * PAIR_BYTES, XX, 0, ZY, 1);
    // What Z is on the curve of Q, and the product of all so far.
    pairJoin(T0, ZY, 0, ZY, 0);
    pairMul(TABLE_Z + i * PAIR_BYTES, T0, TABLE_Z);
    if (i == 1) pairCopy(PREFIX + PAIR_BYTES, TABLE_Z + PAIR_BYTES);
    else pairMul(PREFIX + i * PAIR_BYTES, PREFIX + (i - 1) * PAIR_BYTES, TABLE_Z + i * PAIR_BYTES);
  }
  if (exceptional) return;
  pairInvert(T4, PREFIX + <usize>(MULTIPLES - 1) * PAIR_BYTES, 1);
  for (let i: usize = MULTIPLES - 1; i > 0; i--) {
    if (i == 1) pairCopy(T0, T4);
    else pairMul(T0, T4, PREFIX + (i - 1) * PAIR_BYTES); // 1/Z, 1/Z
    pairMul(T4, T4, TABLE_Z + i * PAIR_BYTES);
    pairSqr(T1, T0); // 1/Z², 1/Z²
    pairJoin(T0, PAIR_ONE, 0, T0, 1); // 1, 1/Z
    pairMul(T1, T1, T0); // 1/Z², 1/Z³
    pairMul(TABLE + i * PAIR_BYTES, TABLE + i * PAIR_BYTES, T1);
  }
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
  announceBase();
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
    if (digit < 0) negatedPoint(NEGATED, entry);
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

/** What {@link announceBase} read, so that it is read: the host never looks at it. */
export let announced: u64 = 0;

/**
 * The entries of the generator's table for u1, and a first look at each: the table is larger than the caches, and long
 * before the entries are needed their misses overlap, with one another and with what comes in between.
 */
function announceBase(): void {
  recode(ITEM_U1, BASE_WINDOW, wideFor(BASE_WINDOW), BASE_POSITIONS, BASE_DIGITS);
  let seen: u64 = 0;
  for (let i = 0; i < BASE_POSITIONS; i++) {
    const entry = <usize>(entryReference(BASE_TABLE, BASE_WINDOW, wideFor(BASE_WINDOW), i, load<u16>(BASE_DIGITS + ((<usize>i) << 1))) & ~1);
    seen |= load<u64>(entry);
  }
  announced |= seen;
}

/** The point so far += u1·G, announced before. */
function addBase(): void {
  for (let i = 0; i < BASE_POSITIONS; i++) {
    const digit: u32 = load<u16>(BASE_DIGITS + ((<usize>i) << 1));
    pairFromEntry(ENTRY, entryReference(BASE_TABLE, BASE_WINDOW, wideFor(BASE_WINDOW), i, digit));
    if (digit & 1) negatedPoint(ENTRY, ENTRY);
    singleAdd(ENTRY);
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
  pairSqr(T1, ZY);
  pairJoin(T1, T1, 0, T1, 0); // Z², Z²
  pairMul(T0, T0, T1);
  return pairEqual(T0, XX) != 0;
}
