/**
 * Whether many compressed points are on the curve, without their y: an x is one of a point where v = x³ − 3x + b is a square.
 *
 * The product of squares is a square. Should one value or more not be, then the product over a random subset is none with a
 * probability of a half, whatever the values are: so TESTS independent subsets that all give squares leave 2^-TESTS for a wrong
 * acceptance. One square root a test instead of one a point. The subsets come from the platform's generator (MULTIPLIERS), chosen when
 * the points are fixed. Where a test fails, or points are few, every point is looked at by itself.
 *
 * The products of all subsets of SUBSET values that follow each other are made once, so that a test takes one factor for each
 * group of values (the method of V. Arlazarov et al. 1970, "four Russians").
 */
import { COMPRESSED, MAX_BLOCKS, MULTIPLIERS, STATUS } from '../memory';
import { NOT_JUDGED, NOT_ON_CURVE, OK } from '../status';
import { FE_BYTES, FE_ONE, LANES, feCopy, feCopyLane, feCopyLaneFrom, feFromOctetsLane, feGather, feMul, feSqr, feSquareRoot, feToMontgomery } from './field';
import { blocksOf, itemOf, loadCompressed } from './keys';
import { octetsBelowP } from './limbs';
import { feEqualLanes, rightSide } from './point';

const TESTS: i32 = 64;
/** Values of a group: 5 make the fewest multiplications for hundreds of points, TESTS and 2^5 − 6 for each group. */
const SUBSET: i32 = 5;
/** Fewest points for which the tests cost less than the points themselves. */
const FEWEST: i32 = 96;

/** Blocks of values, with room to fill up the last group. */
const VALUES: usize = memory.data(<i32>FE_BYTES * (MAX_BLOCKS + SUBSET), 16);
/** Of the group at hand, the product of every subset, lane by lane: bit i of the index for value i. */
const SUBSETS: usize = memory.data(<i32>FE_BYTES * (1 << SUBSET), 16);
/** The product of each test so far, lane by lane. */
const PRODUCTS: usize = memory.data(<i32>FE_BYTES * TESTS, 16);
const X: usize = memory.data(<i32>FE_BYTES, 16);
const FACTOR: usize = memory.data(<i32>FE_BYTES, 16);
const ZERO: usize = memory.data(<i32>FE_BYTES, 16);
const ROOT: usize = memory.data(<i32>FE_BYTES, 16);
const LIST: usize = memory.data(4 * LANES, 16);

/** Octets of MULTIPLIERS that {@link checkPoints} reads for `count` points: at most 13,312 of its 16,384. */
export function randomOctetsFor(count: i32): i32 {
  return groupsOf(count) * TESTS * LANES;
}

@inline
function groupsOf(count: i32): i32 {
  return (blocksOf(count) + SUBSET - 1) / SUBSET;
}

/** STATUS of the first `count` points in COMPRESSED: OK, or NOT_ON_CURVE for what is no point in SEC 1 compressed form. */
export function checkPoints(count: i32): void {
  memory.fill(STATUS, NOT_JUDGED, count);
  if (count < FEWEST) {
    loadCompressed(COMPRESSED, count);
  } else {
    loadValues(count);
    // Those that are refused already stay so; should a test fail, all others are looked at again.
    if (!allSquares(count)) loadCompressed(COMPRESSED, count);
  }
  for (let i: usize = 0; i < <usize>count; i++) if (load<u8>(STATUS + i) == NOT_JUDGED) store<u8>(STATUS + i, OK);
}

@inline
function value(block: i32): usize {
  return VALUES + <usize>block * FE_BYTES;
}

/** VALUES := x³ − 3x + b, 1 where there is no x; never 0, because a group of odd order has no point with y = 0. */
function loadValues(count: i32): void {
  const blocks = blocksOf(count);
  for (let block = 0; block < blocks; block++) {
    let missing = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const known = itemOf(block, lane, count);
      const item: usize = known < 0 ? 0 : known;
      const from = COMPRESSED + 33 * item;
      const form = load<u8>(from);
      feFromOctetsLane(X, lane, from + 1);
      const isX = (form == 2 || form == 3) && octetsBelowP(from + 1);
      if (!isX && known >= 0) store<u8>(STATUS + item, NOT_ON_CURVE);
      if (!isX || known < 0) missing |= 1 << lane;
    }
    feToMontgomery(X, X);
    rightSide(value(block), X);
    for (let lane = 0; lane < LANES; lane++) if (missing & (1 << lane)) feCopyLane(value(block), FE_ONE, lane);
  }
  for (let block = blocks; block < groupsOf(count) * SUBSET; block++) feCopy(value(block), FE_ONE);
}

/** Whether the products over all random subsets are squares. */
function allSquares(count: i32): bool {
  for (let test = 0; test < TESTS; test++) feCopy(PRODUCTS + <usize>test * FE_BYTES, FE_ONE);
  let random = MULTIPLIERS;
  for (let group = 0; group < groupsOf(count); group++) {
    makeSubsets(group * SUBSET);
    for (let test = 0; test < TESTS; test++) {
      for (let lane = 0; lane < LANES; lane++) {
        const subset: usize = load<u8>(random++) & ((1 << SUBSET) - 1);
        store<u32>(LIST + ((<usize>lane) << 2), <u32>(SUBSETS + subset * FE_BYTES));
      }
      feGather(FACTOR, LIST, 0);
      const product = PRODUCTS + <usize>test * FE_BYTES;
      feMul(product, product, FACTOR);
    }
  }
  for (let test = 0; test < TESTS; test += LANES) if (!testsHold(test)) return false;
  return true;
}

function makeSubsets(first: i32): void {
  feCopy(SUBSETS, FE_ONE);
  for (let i = 0; i < SUBSET; i++) {
    const have: usize = 1 << i;
    feCopy(SUBSETS + have * FE_BYTES, value(first + i));
    for (let subset: usize = 1; subset < have; subset++) {
      feMul(SUBSETS + (have + subset) * FE_BYTES, SUBSETS + subset * FE_BYTES, value(first + i));
    }
  }
}

/** Whether LANES tests hold, one in each lane: the product of all lanes of a test is a square. */
function testsHold(first: i32): bool {
  for (let lane = 0; lane < LANES; lane++) {
    const product = PRODUCTS + <usize>(first + lane) * FE_BYTES;
    feCopy(ROOT, product);
    for (let distance = 1; distance < LANES; distance <<= 1) {
      for (let to = 0; to < LANES; to++) feCopyLaneFrom(FACTOR, to, ROOT, to ^ distance);
      feMul(ROOT, ROOT, FACTOR);
    }
    feCopyLane(X, ROOT, lane);
  }
  feSquareRoot(ROOT, X);
  feSqr(ROOT, ROOT);
  // No value is zero, so a product that is would come from something that was never a value; as a square it would hide the others.
  if (feEqualLanes(X, ZERO) != 0) return false;
  return feEqualLanes(ROOT, X) == (1 << LANES) - 1;
}
