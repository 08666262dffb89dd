/**
 * One inversion for many elements (Montgomery's trick), as a stack: push them all, invert once, pop the inverses in
 * reverse. Three multiplications an element. P. L. Montgomery, Math. Comp. 48 (1987), §10.3.1.
 *
 * One zero would make every inverse of its lane zero. A push notices it by its product, puts 1 in its place, and says so; what
 * comes back for that lane is then of no use, and the caller takes another way there.
 */
import { INVERSE_STACK } from '../memory';
import { FE_BYTES, FE_ONE, LANES, feCopy, feCopyLane, feInvert, feMul, feProductIsZeroLane, feProductMayBeZero } from './field';

/** Element, and the product of all before it; the product of all stands behind the last entry. */
const ENTRY: usize = 2 * FE_BYTES;

const ACCUMULATOR: usize = memory.data(<i32>FE_BYTES, 16);
let top: usize = INVERSE_STACK;

export function inversesBegin(): void {
  top = INVERSE_STACK;
  feCopy(top + FE_BYTES, FE_ONE);
}

/** Where the next element is to be written, before {@link inversesPush}. */
@inline
export function inversesSlot(): usize {
  return top;
}

/**
 * Takes the element that stands in the slot: tight, |value| < p or below 1.5p as the field has it. Bit `lane` of the result is
 * set where it was 0 mod p.
 */
@inline
export function inversesPush(): i32 {
  feMul(top + ENTRY + FE_BYTES, top + FE_BYTES, top);
  let zero = 0;
  if (feProductMayBeZero(top + ENTRY + FE_BYTES)) zero = replaceZeros();
  top += ENTRY;
  return zero;
}

function replaceZeros(): i32 {
  let zero = 0;
  for (let lane = 0; lane < LANES; lane++) {
    if (!feProductIsZeroLane(top + ENTRY + FE_BYTES, lane)) continue;
    zero |= 1 << lane;
    feCopyLane(top, FE_ONE, lane);
  }
  if (zero) feMul(top + ENTRY + FE_BYTES, top + FE_BYTES, top);
  return zero;
}

export function inversesRun(): void {
  feInvert(ACCUMULATOR, top + FE_BYTES);
}

/** out := the inverse of what was pushed last. Out: a product. */
@inline
export function inversesPop(out: usize): void {
  top -= ENTRY;
  feMul(out, ACCUMULATOR, top + FE_BYTES);
  feMul(ACCUMULATOR, ACCUMULATOR, top);
}
