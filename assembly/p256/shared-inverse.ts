/**
 * One inversion for many elements (Montgomery's trick), as a stack: push them all, invert once, pop the inverses in
 * reverse. Three multiplications an element. P. L. Montgomery, Math. Comp. 48 (1987), §10.3.1.
 *
 * One zero would make every inverse of its lane zero, so the caller pushes none, in no lane.
 */
import { INVERSE_STACK } from '../memory';
import { FE_BYTES, FE_ONE, feCopy, feInvert, feMul } from './field';

const ACCUMULATOR: usize = memory.data(<i32>FE_BYTES, 16);
let top: usize = INVERSE_STACK;

export function inversesBegin(): void {
  top = INVERSE_STACK;
  feCopy(ACCUMULATOR, FE_ONE);
}

/** In: lazy(5), value < 5p, not 0 mod p in any lane. */
export function inversesPush(a: usize): void {
  feCopy(top, a);
  feCopy(top + FE_BYTES, ACCUMULATOR);
  feMul(ACCUMULATOR, ACCUMULATOR, a);
  top += 2 * FE_BYTES;
}

export function inversesRun(): void {
  feInvert(ACCUMULATOR, ACCUMULATOR);
}

/** out := the inverse of what was pushed last. Out: a product. */
export function inversesPop(out: usize): void {
  top -= 2 * FE_BYTES;
  feMul(out, ACCUMULATOR, top + FE_BYTES);
  feMul(ACCUMULATOR, ACCUMULATOR, top);
}
