/** Sixteen look-ups at once, and what AES makes of them. */
import { INVERSE, LOW_NIBBLES, SCALED_INVERSE } from './nibble-tables';

/** Entry of `table` for each octet of `index`, which is below 16, or at least 128 and then gives 0. */
@inline
export function lookUp(table: v128, index: v128): v128 {
  // The relaxed one is a single instruction. Engines may differ in what it does of 16…127 only.
  if (ASC_FEATURE_RELAXED_SIMD) return i8x16.relaxed_swizzle(table, index);
  return i8x16.swizzle(table, index);
}

@inline
export function highNibbles(x: v128, mask: v128): v128 {
  return v128.and(i32x4.shr_u(x, 4), mask);
}

/** A linear map of octets, by tables of its values for the low and for the high nibble. */
@inline
export function mapped(low: usize, high: usize, x: v128): v128 {
  const mask = v128.load(LOW_NIBBLES);
  return v128.xor(lookUp(v128.load(low), v128.and(x, mask)), lookUp(v128.load(high), highNibbles(x, mask)));
}

/** 1/P of pairs k + i·u with j = i + k and `scaled` = A/k; and with i and j exchanged 1/R (tower.ts). */
@inline
export function reciprocal(inverse: v128, i: v128, j: v128, scaled: v128): v128 {
  return v128.xor(lookUp(inverse, v128.xor(lookUp(inverse, i), scaled)), j);
}

/** Values, by tables over 1/P and over 1/R, of the inverses of pairs. */
@inline
export function ofInverse(tableP: usize, tableR: usize, x: v128): v128 {
  const inverse = v128.load(INVERSE);
  const mask = v128.load(LOW_NIBBLES);
  const i = v128.and(x, mask);
  const k = highNibbles(x, mask);
  const j = v128.xor(i, k);
  const scaled = lookUp(v128.load(SCALED_INVERSE), k);
  const p = reciprocal(inverse, i, j, scaled);
  const r = reciprocal(inverse, j, i, scaled);
  return v128.xor(lookUp(v128.load(tableP), p), lookUp(v128.load(tableR), r));
}
