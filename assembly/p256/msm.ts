/**
 * Multi-scalar multiplication: Σ k·P over many terms, by buckets (N. Pippenger, "On the evaluation of powers and related problems",
 * FOCS 1976) with signed digits, affine buckets and shared inversions.
 *
 * Window w of a scalar is a digit d, −2^(c−1) < d ≤ 2^(c−1): the point goes, with the sign of d, into bucket |d| of the window. What
 * is then wanted of a window, Σ j·B[j], is split by the bits of j: with j = 2^l·hi + lo, sums over rows (same hi) and columns (same
 * lo) are made first, and of those, for every bit, the sum of the ones that have it. A bit of a window is a bit of the whole, so
 * what is left is one point for each of 257 bits or so, and a Horner scheme, which is run in LANES parts side by side.
 */
import { LENGTHS, OFFSETS, JACOBIAN_BYTES, POINT_BYTES, REFS, TERM_POINT, TERM_SCALAR } from '../memory';
import { FE_BYTES, FE_ONE, LANES, PACKED_BYTES, feCopyLane, feCopyLaneFrom, feGatherPacked, feGatherPackedSigned } from './field';
import { NOTHING, listSumsBegin, sumLists } from './list-sums';
import { pointAddAffine, pointDouble, pointInfinity, pointIsInfinityLanes, pointToAffine } from './point';
import { WORDS_BYTES, bitsOf, scalarToWords } from './scalar';
import { inversesBegin, inversesPop, inversesPush, inversesRun, inversesSlot } from './shared-inverse';

/** Widest window: 8 bits, 128 buckets. */
export const MAX_WINDOW: i32 = 8;

const ACCUMULATOR: usize = memory.data(<i32>JACOBIAN_BYTES, 16);
const RESULT: usize = memory.data(<i32>JACOBIAN_BYTES, 16);
const BEFORE: usize = memory.data(<i32>JACOBIAN_BYTES, 16);
const ADDEND: usize = memory.data(<i32>(POINT_BYTES), 16);
const AFFINE: usize = memory.data(<i32>(POINT_BYTES), 16);
const LIST: usize = memory.data(4 * LANES, 16);

@inline
function word(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

/** Lists and references are taken from the front as the stages need them. */
let nextList: i32 = 0;
let nextRef: i32 = 0;

/** The window that makes the fewest additions for `count` terms, half of them with scalars of 128 bits. */
export function windowFor(count: i32): i32 {
  let best = 2;
  let fewest: i32 = i32.MAX_VALUE;
  for (let c = 2; c <= MAX_WINDOW; c++) {
    const windows = 257 / c + 1;
    const additions = ((3 * windows * count) >> 2) + windows * ((1 << c) + 4 * c);
    if (additions < fewest) {
      fewest = additions;
      best = c;
    }
  }
  return best;
}

/**
 * Whether Σ scalar·point over the first `count` ≤ TERMS terms is infinity. TERM_POINT has references to packed points (lowest bit a
 * sign), TERM_SCALAR the addresses of canonical scalars. `a` and `b` are references to two points of different x.
 */
export function msmIsInfinity(count: i32, a: u32, b: u32): bool {
  const c = windowFor(count);
  const windows = 257 / c + 1; // 256 bits and a carry
  listSumsBegin(a, b);
  nextList = 0;
  nextRef = 0;
  const buckets = fillBuckets(count, c, windows);
  sumLists(REFS, OFFSETS, LENGTHS, windows << (c - 1));
  const sides = splitBuckets(buckets, c, windows);
  const bits = splitBits(sides, c, windows);
  return hornerIsInfinity(bits, windows * c);
}

/** The scalar at hand. */
const WORDS: usize = memory.data(WORDS_BYTES, 16);

/** Lists 0 … windows·2^(c−1) − 1, one a bucket. Returns the first list. */
function fillBuckets(count: i32, c: i32, windows: i32): i32 {
  const half = 1 << (c - 1);
  const lists = windows << (c - 1);
  memory.fill(LENGTHS, 0, (<usize>lists) << 2);
  // Twice through the digits: to count, and to put them where they belong.
  for (let pass = 0; pass < 2; pass++) {
    if (pass == 1) layOut(0, lists);
    for (let term = 0; term < count; term++) {
      scalarToWords(WORDS, load<u32>(word(TERM_SCALAR, term)));
      const point = load<u32>(word(TERM_POINT, term));
      let carry = 0;
      for (let w = 0; w < windows; w++) {
        let digit = (<i32>bitsOf(WORDS, w * c) & ((1 << c) - 1)) + carry;
        carry = 0;
        if (digit == 0) continue;
        let sign: u32 = 0;
        if (digit > half) {
          digit = (1 << c) - digit;
          sign = 1;
          carry = 1;
          if (digit == 0) continue;
        }
        const list = (w << (c - 1)) + digit - 1;
        const length = load<i32>(word(LENGTHS, list));
        if (pass == 1) putRef(list, length, point ^ sign);
        store<i32>(word(LENGTHS, list), length + 1);
      }
    }
  }
  nextList = lists;
  return 0;
}

/** Gives lists from `first` on their places by their lengths, and empties them. */
function layOut(first: i32, count: i32): void {
  for (let list = first; list < first + count; list++) {
    store<u32>(word(OFFSETS, list), nextRef);
    nextRef += load<i32>(word(LENGTHS, list));
    store<i32>(word(LENGTHS, list), 0);
  }
}

@inline
function putRef(list: i32, position: i32, reference: u32): void {
  store<u32>(word(REFS, <i32>load<u32>(word(OFFSETS, list)) + position), reference);
}

/** What a summed list names; NOTHING where it is empty. */
@inline
function sumOfList(list: i32): u32 {
  if (load<i32>(word(LENGTHS, list)) == 0) return NOTHING;
  return load<u32>(word(REFS, load<u32>(word(OFFSETS, list))));
}

/** A fresh list with room for `room` references. */
@inline
function newList(room: i32): i32 {
  const list = nextList++;
  store<u32>(word(OFFSETS, list), nextRef);
  store<i32>(word(LENGTHS, list), 0);
  nextRef += room;
  return list;
}

@inline
function append(list: i32, reference: u32): void {
  if (reference == NOTHING) return;
  const length = load<i32>(word(LENGTHS, list));
  putRef(list, length, reference);
  store<i32>(word(LENGTHS, list), length + 1);
}

/** Low bits of a bucket's number that make its column. */
@inline
function columnBits(c: i32): i32 {
  return c >> 1;
}

/** Columns 1 … 2^l − 1, then rows 1 … 2^(c−1−l), of every window, summed. Returns the first of these lists. */
function splitBuckets(buckets: i32, c: i32, windows: i32): i32 {
  const l = columnBits(c);
  const columns = (1 << l) - 1;
  const rows = 1 << (c - 1 - l);
  const first = nextList;
  for (let w = 0; w < windows; w++) {
    const column = nextList;
    for (let i = 0; i < columns; i++) newList(rows + 1);
    const row = nextList;
    for (let i = 0; i < rows; i++) newList(columns + 1);
    for (let j = 1; j <= 1 << (c - 1); j++) {
      const sum = sumOfList(buckets + (w << (c - 1)) + j - 1);
      const lo = j & columns;
      const hi = j >> l;
      if (lo > 0) append(column + lo - 1, sum);
      if (hi > 0) append(row + hi - 1, sum);
    }
  }
  sumLists(REFS, word(OFFSETS, first), word(LENGTHS, first), nextList - first);
  return first;
}

/** For every bit of every window the sum of what counts there: list first + bit. Returns the first. */
function splitBits(sides: i32, c: i32, windows: i32): i32 {
  const l = columnBits(c);
  const columns = (1 << l) - 1;
  const rows = 1 << (c - 1 - l);
  const first = nextList;
  for (let w = 0; w < windows; w++) {
    const column = sides + w * (columns + rows);
    const row = column + columns;
    for (let bit = 0; bit < l; bit++) {
      const list = newList(columns);
      for (let lo = 1; lo <= columns; lo++) if ((lo >> bit) & 1) append(list, sumOfList(column + lo - 1));
    }
    for (let bit = 0; bit < c - l; bit++) {
      const list = newList(rows);
      for (let hi = 1; hi <= rows; hi++) if ((hi >> bit) & 1) append(list, sumOfList(row + hi - 1));
    }
  }
  sumLists(REFS, word(OFFSETS, first), word(LENGTHS, first), nextList - first);
  return first;
}

/**
 * Whether Σ 2^bit·(sum of list first + bit) is infinity. Lane k takes the bits from k·part on, and the parts are put together by
 * doubling the higher one `part` times.
 */
function hornerIsInfinity(first: i32, bits: i32): bool {
  const part = (bits + LANES - 1) / LANES;
  pointInfinity(ACCUMULATOR);
  for (let step = part - 1; step >= 0; step--) {
    pointDouble(ACCUMULATOR, ACCUMULATOR);
    let present = 0;
    let any: u32 = NOTHING;
    for (let lane = 0; lane < LANES; lane++) {
      const bit = lane * part + step;
      const sum = bit < bits ? sumOfList(first + bit) : NOTHING;
      store<u32>(word(LIST, lane), sum);
      if (sum == NOTHING) continue;
      present |= 1 << lane;
      any = sum;
    }
    if (present == 0) continue;
    for (let lane = 0; lane < LANES; lane++) if (!(present & (1 << lane))) store<u32>(word(LIST, lane), any);
    feGatherPacked(ADDEND, LIST, 0);
    feGatherPackedSigned(ADDEND + FE_BYTES, LIST, PACKED_BYTES);
    memory.copy(BEFORE, ACCUMULATOR, JACOBIAN_BYTES);
    pointAddAffine(ACCUMULATOR, ACCUMULATOR, ADDEND);
    for (let lane = 0; lane < LANES; lane++) if (!(present & (1 << lane))) copyLane(ACCUMULATOR, lane, BEFORE, lane);
  }
  return combinedIsInfinity(part);
}

/** Lane `lane` of a Jacobian point := lane `from` of another. */
function copyLane(out: usize, lane: i32, point: usize, from: i32): void {
  for (let part: usize = 0; part < 3; part++) feCopyLaneFrom(out + part * FE_BYTES, lane, point + part * FE_BYTES, from);
}

/** Whether Σ 2^(part·k)·(lane k of ACCUMULATOR) is infinity. */
function combinedIsInfinity(part: i32): bool {
  const infinite = pointIsInfinityLanes(ACCUMULATOR);
  // Affine, so that the complete mixed addition can put the lanes together; an infinite lane is left out.
  for (let lane = 0; lane < LANES; lane++) if (infinite & (1 << lane)) feCopyLane(ACCUMULATOR + 2 * FE_BYTES, FE_ONE, lane);
  inversesBegin();
  memory.copy(inversesSlot(), ACCUMULATOR + 2 * FE_BYTES, FE_BYTES);
  inversesPush();
  inversesRun();
  inversesPop(BEFORE);
  pointToAffine(AFFINE, ACCUMULATOR, BEFORE);
  pointInfinity(RESULT);
  for (let lane = LANES - 1; lane >= 0; lane--) {
    if (lane < LANES - 1) for (let i = 0; i < part; i++) pointDouble(RESULT, RESULT);
    if (infinite & (1 << lane)) continue;
    for (let to = 0; to < LANES; to++) {
      feCopyLaneFrom(ADDEND, to, AFFINE, lane);
      feCopyLaneFrom(ADDEND + FE_BYTES, to, AFFINE + FE_BYTES, lane);
    }
    pointAddAffine(RESULT, RESULT, ADDEND);
  }
  return (pointIsInfinityLanes(RESULT) & 1) != 0;
}
