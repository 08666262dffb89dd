/** Compact values of the integer fields: canonical, below p, in Montgomery form; four u64, lowest first. */
import { LIMB_BITS, LIMB_MASK, P_LIMBS, limbsSubtractIfNotLess, wordsToLimbs, limbsToWords } from './limbs';
import { LANES } from './field-radix29';

const LIMBS: usize = memory.data(40, 16);
const MASK: usize = memory.data<u32>([0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff], 16);

/** See compact.ts. In: tight, so less than 1.5p: the carries of its limbs go up, and at most one p has to come off. */
export function pack(compact: usize, a: usize, lane: i32): void {
  let carry: u64 = 0;
  for (let i = 0; i < 9; i++) {
    carry += load<u32>(a + ((<usize>(i * LANES + lane)) << 2));
    store<u32>(LIMBS + ((<usize>i) << 2), <u32>(carry & LIMB_MASK));
    carry >>= LIMB_BITS;
  }
  limbsSubtractIfNotLess(LIMBS, P_LIMBS);
  limbsToWords(compact, LIMBS);
}

/** out := nine limbs of one value, and the padding behind them (scalar build). */
export function unpack(out: usize, compact: usize): void {
  wordsToLimbs(out, compact);
  store<u32>(out, 0, 36);
}

/** Word k of two values. */
@inline
function words(first: usize, second: usize, k: usize): v128 {
  return v128.load64_lane(second + 8 * k, v128.load64_zero(first + 8 * k), 1);
}

/** Two limbs of each of two values in the order of a field element: limb i is in the low bits of `a`, limb i + 1 in those of `b`. */
@inline
function limbsOut(out: usize, a: v128, b: v128): void {
  v128.store(out, v128.and(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.load(MASK)));
}

/** Lanes 0 and 1 of out := the compact values at two addresses (SIMD build). Out: tight. */
export function unpackTwo(out: usize, first: usize, second: usize): void {
  const w0 = words(first, second, 0);
  const w1 = words(first, second, 1);
  const w2 = words(first, second, 2);
  const w3 = words(first, second, 3);
  limbsOut(out, w0, i64x2.shr_u(w0, 29));
  limbsOut(out + 16, v128.or(i64x2.shr_u(w0, 58), i64x2.shl(w1, 6)), i64x2.shr_u(w1, 23));
  limbsOut(out + 32, v128.or(i64x2.shr_u(w1, 52), i64x2.shl(w2, 12)), i64x2.shr_u(w2, 17));
  limbsOut(out + 48, v128.or(i64x2.shr_u(w2, 46), i64x2.shl(w3, 18)), i64x2.shr_u(w3, 11));
  limbsOut(out + 64, i64x2.shr_u(w3, 40), i64x2.splat(0));
}
