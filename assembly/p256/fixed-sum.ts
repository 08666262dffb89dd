/**
 * Sums of table entries, the same number for every item: how u·G and u·Q are made where tables of all 2^(w·i)·P exist. No doubling
 * is left; the additions are affine and share their inversions over all items of a call.
 *
 * The entries are named by references (an address, lowest bit the sign), block after block, LANES references for each of `terms`
 * positions. Pairs are added until one point is left, like a tournament; every round has one inversion.
 */
import { BLOCK_EXCEPTIONAL, POINT_BYTES, REFERENCES, SUMS } from '../memory';
import { COMPACT_BYTES, gatherCompact, gatherCompactSigned } from './compact';
import { FE_BYTES, LANES, feSub } from './field';
import { affineSumAnnounce, affineSumFinish } from './affine';
import { pointAddAffine } from './point';
import { inversesBegin, inversesPush, inversesRun, inversesSlot } from './shared-inverse';

const FIRST: usize = memory.data(<i32>(POINT_BYTES), 16);
const SECOND: usize = memory.data(<i32>(POINT_BYTES), 16);
const X: usize = memory.data(<i32>FE_BYTES, 16);

/** Octets of one reference of every lane. */
export const REFERENCE_BYTES: usize = 4 * LANES;

/** The references of position `term` of a block. */
@inline
export function referencesOf(block: i32, terms: i32, term: i32): usize {
  return REFERENCES + <usize>(block * terms + term) * REFERENCE_BYTES;
}

/** The affine point that references name. */
@inline
function gatherPoint(out: usize, references: usize): void {
  gatherCompact(out, references, 0);
  gatherCompactSigned(out + FE_BYTES, references, COMPACT_BYTES);
}

/** Where the sum of a block stands after {@link sumReferences}: affine, unless the block is exceptional. */
@inline
export function sumOf(block: i32, terms: i32): usize {
  return SUMS + <usize>block * strideOf(terms);
}

/**
 * The sums of `terms` ≥ 2 references in each of `blocks` blocks. BLOCK_EXCEPTIONAL of a block is not zero where two points of equal
 * x met in one of its lanes: equal, opposite, or on the way through infinity; its sum is then worthless.
 */
export function sumReferences(blocks: i32, terms: i32): void {
  const distance = sumToPairs(blocks, terms);
  if (distance != 0) round(blocks, 1, distance, strideOf(terms));
}

/**
 * The same but for the last addition: two points are left, the first where the sum would be and the second so many octets behind it as
 * is returned. Of `terms` = 2 one point is left, and 0 is returned.
 */
export function sumToPairs(blocks: i32, terms: i32): usize {
  memory.fill(BLOCK_EXCEPTIONAL, 0, blocks);
  firstRound(blocks, terms);
  let left = (terms + 1) >> 1;
  let step: usize = POINT_BYTES;
  for (; left > 2; left = (left + 1) >> 1) {
    round(blocks, left >> 1, step, strideOf(terms));
    step <<= 1;
  }
  return left == 2 ? step : 0;
}

/** From the sums of a block to those of the next. */
@inline
function strideOf(terms: i32): usize {
  return <usize>((terms + 1) >> 1) * POINT_BYTES;
}

function note(block: i32, zero: i32): void {
  if (zero) store<u8>(BLOCK_EXCEPTIONAL + <usize>block, 1);
}

/** From references to half as many points. */
function firstRound(blocks: i32, terms: i32): void {
  const pairs = terms >> 1;
  inversesBegin();
  for (let block = 0; block < blocks; block++) {
    let references = referencesOf(block, terms, 0);
    for (let i = 0; i < pairs; i++) {
      gatherCompact(X, references, 0);
      gatherCompact(inversesSlot(), references + REFERENCE_BYTES, 0);
      feSub(inversesSlot(), inversesSlot(), X);
      note(block, inversesPush());
      references += 2 * REFERENCE_BYTES;
    }
  }
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) {
    let references = referencesOf(block, terms, 2 * pairs);
    let out = sumOf(block, terms) + <usize>pairs * POINT_BYTES;
    if (terms & 1) gatherPoint(out, references);
    for (let i = pairs - 1; i >= 0; i--) {
      references -= 2 * REFERENCE_BYTES;
      out -= POINT_BYTES;
      gatherPoint(FIRST, references);
      gatherPoint(SECOND, references + REFERENCE_BYTES);
      affineSumFinish(out, FIRST, SECOND);
    }
  }
}

/** Adds `pairs` pairs of points in each block; points stand `step` octets apart, and a sum takes the place of its first one. */
function round(blocks: i32, pairs: i32, step: usize, stride: usize): void {
  inversesBegin();
  for (let block = 0; block < blocks; block++) {
    let at = SUMS + <usize>block * stride;
    for (let i = 0; i < pairs; i++) {
      note(block, affineSumAnnounce(at, at + step));
      at += 2 * step;
    }
  }
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) {
    let at = SUMS + <usize>block * stride + <usize>(2 * pairs) * step;
    for (let i = 0; i < pairs; i++) {
      at -= 2 * step;
      affineSumFinish(at, at, at + step);
    }
  }
}

/** result := result + all references of a block, in every case: Jacobian, one after the other. For exceptional blocks. */
export function addReferences(result: usize, block: i32, terms: i32): void {
  for (let term = 0; term < terms; term++) {
    gatherPoint(FIRST, referencesOf(block, terms, term));
    pointAddAffine(result, result, FIRST);
  }
}
