/**
 * Constants and per-lane access shared by the two integer fields.
 *
 * A field element is LANES values side by side, each nine limbs of 29 bits: value = Σ limb[i]·2^(29·i).
 * Limb i of lane l is the u32 at `element + 4·(i·LANES + l)`, and a tenth limb of zero pads the element to a whole
 * number of vectors. Arithmetic is in Montgomery form with R = 2^261: the element for x holds x·R mod p.
 *
 * Three classes of element, by what is promised of every lane:
 *
 *   product   limbs 0…7 < 2^29, value < 1.5p. What feMul and feSqr put out.
 *   tight     limbs 0…7 < 2^29 + 8, limb 8 < 1.5·2^24, value < 1.5p. Every product is tight. What is kept in memory.
 *   lazy(m)   limbs < m·(2^29 + 8), value < 5p. Only ever an operand of the next multiplication.
 *
 * No class is canonical: two elements can differ and still be equal mod p.
 */

import { LIMB_MASK, P_LIMBS, limbsSubtractIfNotLess, limbsToOctets, octetsToLimbs } from './limbs';

/** Values in one field element: how many verifications run in lock-step. */
export const LANES: i32 = ASC_FEATURE_SIMD ? 2 : 1;
/** Octets of a field element. */
export const FE_BYTES: usize = 40 * LANES;

/** Scratch of this module for one value of nine u32 limbs. */
const WIDE: usize = memory.data(40, 16);

/** 2^522 mod p, canonical: multiplying by it takes a plain value into Montgomery form. */
export const R_SQUARED_LIMBS: usize = memory.data<u32>(
  [0x00000c00, 0x00000000, 0x1fff0000, 0x1fdfffff, 0x1fbfffff, 0x1fffffff, 0x1fffffff, 0x1ffffffe, 0x00000013],
  16,
);

@inline
function limb(element: usize, lane: i32, i: i32): u64 {
  return load<u32>(element + ((<usize>(i * LANES + lane)) << 2));
}

@inline
function setLimb(element: usize, lane: i32, i: i32, value: u64): void {
  store<u32>(element + ((<usize>(i * LANES + lane)) << 2), <u32>value);
}

/** Nine canonical limbs (u32 each) into every lane of `out`. */
export function feFill(out: usize, limbs: usize): void {
  memory.fill(out, 0, FE_BYTES);
  for (let i = 0; i < 9; i++) {
    for (let lane = 0; lane < LANES; lane++) setLimb(out, lane, i, load<u32>(limbs + ((<usize>i) << 2)));
  }
}

/** Every lane zero, which is tight. */
export function feZero(out: usize): void {
  memory.fill(out, 0, FE_BYTES);
}

export function feCopy(out: usize, a: usize): void {
  memory.copy(out, a, FE_BYTES);
}

export function feCopyLane(out: usize, a: usize, lane: i32): void {
  for (let i = 0; i < 9; i++) setLimb(out, lane, i, limb(a, lane, i));
}

/** Lane `lane` := 32 big-endian octets, as they are (not Montgomery). Any value below 2^256 is tight, since 2^256 < 1.5p. */
export function feFromOctetsLane(out: usize, lane: i32, octets: usize): void {
  octetsToLimbs(WIDE, octets);
  for (let i = 0; i < 9; i++) setLimb(out, lane, i, load<u32>(WIDE + ((<usize>i) << 2)));
}

/**
 * Lane `lane` of `a` as 32 big-endian octets, reduced below p.
 * In: a product, already out of Montgomery form. The value is < 1.5p, so at most one p has to come off.
 */
export function feToOctetsLane(octets: usize, a: usize, lane: i32): void {
  for (let i = 0; i < 9; i++) store<u32>(WIDE + ((<usize>i) << 2), <u32>limb(a, lane, i));
  limbsSubtractIfNotLess(WIDE, P_LIMBS);
  limbsToOctets(octets, WIDE);
}

/** Whether a lane of a *product* is 0 mod p: its value is < 1.5p and its limbs are unique, so it must be exactly 0 or p. */
export function feProductIsZeroLane(a: usize, lane: i32): bool {
  let zero: u64 = 0;
  let equal: u64 = 0;
  for (let i = 0; i < 9; i++) {
    const x = limb(a, lane, i);
    zero |= x;
    equal |= x ^ load<u32>(P_LIMBS + ((<usize>i) << 2));
  }
  return zero == 0 || equal == 0;
}

/**
 * Whether any lane of a product may be 0 mod p. Looks only at the lowest limb, which is then 0 or 2^29 − 1 (p's own), so
 * it is wrong about once in 2^28 products, and the caller confirms with {@link feProductIsZeroLane}.
 */
@inline
export function feProductMayBeZero(a: usize): bool {
  let may = false;
  for (let lane = 0; lane < LANES; lane++) {
    // 0 and 2^29 − 1 are the two values for which (x + 1) mod 2^29 is below 2.
    may = may || ((<u32>limb(a, lane, 0) + 1) & <u32>LIMB_MASK) < 2;
  }
  return may;
}
