/**
 * Two values of F_p side by side, for one signature at a time: the formulas of a point have pairs of products that do not wait for
 * each other. Integer arithmetic in every build, because of the four-lane field a single product would take as long as four.
 *
 * A pair is 80 octets, limbs of 29 bits as in field-radix29.ts: there the element of two lanes, in the scalar build two elements behind
 * one another. Montgomery with R = 2^261; classes of element as there.
 */
import { COMPACT_BYTES } from './compact';
import * as compactFma from './compact-fma';
import * as compactRadix29 from './compact-radix29';
import * as radix29 from './field-radix29';
import * as scalar from './field-scalar';
import * as simd from './field-simd';
import { R_SQUARED_LIMBS } from './field-radix29';
import { LIMB_MASK, limbsToOctets } from './limbs';
import { MODULUS_P, invertOctets } from './modular-inverse';

export const PAIR_BYTES: usize = 80;
/** In the scalar build, from the first half to the second. */
export const PAIR_HALF: usize = 40;

/** out := a·b. In: as feMul of the integer fields, lazy(ma) and lazy(mb) with ma·mb ≤ 6. Out: products. */
@inline
export function pairMul(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_SIMD) {
    simd.feMul(out, a, b);
  } else {
    scalar.feMul(out, a, b);
    scalar.feMul(out + PAIR_HALF, a + PAIR_HALF, b + PAIR_HALF);
  }
}

/** out := a². In: lazy(2). Out: products. */
@inline
export function pairSqr(out: usize, a: usize): void {
  if (ASC_FEATURE_SIMD) {
    simd.feSqr(out, a);
  } else {
    scalar.feSqr(out, a);
    scalar.feSqr(out + PAIR_HALF, a + PAIR_HALF);
  }
}

/** out := a + b. In and out: tight. */
@inline
export function pairAdd(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_SIMD) {
    simd.feAdd(out, a, b);
  } else {
    scalar.feAdd(out, a, b);
    scalar.feAdd(out + PAIR_HALF, a + PAIR_HALF, b + PAIR_HALF);
  }
}

/** out := a − b. In and out: tight. */
@inline
export function pairSub(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_SIMD) {
    simd.feSub(out, a, b);
  } else {
    scalar.feSub(out, a, b);
    scalar.feSub(out + PAIR_HALF, a + PAIR_HALF, b + PAIR_HALF);
  }
}

/** Vector at `v` of {@link pairJoin}: a half is every other u32, so two limbs of each make [a, b, a, b]. */
@inline
function joinVector(out: usize, a: usize, fromA: usize, b: usize, fromB: usize, v: usize): void {
  const x = v128.load(a + v);
  const y = v128.load(b + v);
  if (fromA == 0 && fromB == 0) v128.store(out + v, v128.shuffle<i32>(x, y, 0, 4, 2, 6));
  else if (fromA == 0) v128.store(out + v, v128.shuffle<i32>(x, y, 0, 5, 2, 7));
  else if (fromB == 0) v128.store(out + v, v128.shuffle<i32>(x, y, 1, 4, 3, 6));
  else v128.store(out + v, v128.shuffle<i32>(x, y, 1, 5, 3, 7));
}

/** First half of out := the half of a that `fromA` names (0 or 1), second half := that of b. out may be a or b. */
@inline
export function pairJoin(out: usize, a: usize, fromA: usize, b: usize, fromB: usize): void {
  if (ASC_FEATURE_SIMD) {
    joinVector(out, a, fromA, b, fromB, 0);
    joinVector(out, a, fromA, b, fromB, 16);
    joinVector(out, a, fromA, b, fromB, 32);
    joinVector(out, a, fromA, b, fromB, 48);
    joinVector(out, a, fromA, b, fromB, 64);
  } else {
    memory.copy(JOINED, a + fromA * PAIR_HALF, PAIR_HALF);
    memory.copy(out + PAIR_HALF, b + fromB * PAIR_HALF, PAIR_HALF);
    memory.copy(out, JOINED, PAIR_HALF);
  }
}
const JOINED: usize = memory.data(40, 16);

@inline
export function pairCopy(out: usize, a: usize): void {
  memory.copy(out, a, PAIR_BYTES);
}

const OCTETS: usize = memory.data(32, 16);
const PLAIN: usize = memory.data(80, 16);
const R_SQUARED: usize = memory.data(80, 16);
export const PAIR_ONE: usize = memory.data(80, 16);
const PAIR_PLAIN_ONE: usize = memory.data(80, 16);
const ONE_OCTETS: usize = memory.data<u8>(
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  16,
);

/** Fills the constants; once. */
export function pairInit(): void {
  limbsToOctets(OCTETS, R_SQUARED_LIMBS);
  pairFromOctets(R_SQUARED, 0, OCTETS);
  pairFromOctets(R_SQUARED, 1, OCTETS);
  pairFromOctets(PAIR_PLAIN_ONE, 0, ONE_OCTETS);
  pairFromOctets(PAIR_PLAIN_ONE, 1, ONE_OCTETS);
  pairMul(PAIR_ONE, PAIR_PLAIN_ONE, R_SQUARED);
}

/** Half `half` of out := 32 big-endian octets, plain. */
export function pairFromOctets(out: usize, half: i32, octets: usize): void {
  if (ASC_FEATURE_SIMD) radix29.feFromOctetsLane(out, half, octets);
  else radix29.feFromOctetsLane(out + <usize>half * PAIR_HALF, 0, octets);
}

/**
 * out := the affine point (x, y) that a table entry is, an address whose lowest bit is not part of it. Entries are in the form of the
 * lanes' field: where that is doubles, its R is 2^260, and x and y are doubled to have the 2^261 of pairs.
 */
export function pairFromEntry(out: usize, reference: u32): void {
  const entry = <usize>(reference & ~1);
  if (ASC_FEATURE_RELAXED_SIMD) {
    compactFma.toOctets(OCTETS, entry);
    pairFromOctets(out, 0, OCTETS);
    compactFma.toOctets(OCTETS, entry + COMPACT_BYTES);
    pairFromOctets(out, 1, OCTETS);
    pairAdd(out, out, out);
  } else if (ASC_FEATURE_SIMD) {
    compactRadix29.unpackTwo(out, entry, entry + COMPACT_BYTES);
  } else {
    compactRadix29.unpack(out, entry);
    compactRadix29.unpack(out + PAIR_HALF, entry + COMPACT_BYTES);
  }
}

export function pairToMontgomery(out: usize, a: usize): void {
  pairMul(out, a, R_SQUARED);
}

/** Whether half `half` of products is 0 mod p. */
export function pairIsZero(a: usize, half: i32): bool {
  if (ASC_FEATURE_SIMD) return radix29.feProductIsZeroLane(a, half);
  else return radix29.feProductIsZeroLane(a + <usize>half * PAIR_HALF, 0);
}

/** Whether half 0 of products may be 0 mod p: looks at the lowest limb only, as feProductMayBeZero does. */
@inline
export function pairFirstMayBeZero(a: usize): bool {
  return ((load<u32>(a) + 1) & <u32>LIMB_MASK) < 2;
}

/** Half `half` of products, out of Montgomery form, as 32 big-endian octets. */
function pairToOctets(octets: usize, a: usize, half: i32): void {
  if (ASC_FEATURE_SIMD) radix29.feToOctetsLane(octets, a, half);
  else radix29.feToOctetsLane(octets, a + <usize>half * PAIR_HALF, 0);
}

/** Both halves of out := the inverse of half `half` of a, which is not zero. In: a product. out may alias a. */
export function pairInvert(out: usize, a: usize, half: i32): void {
  pairMul(PLAIN, a, PAIR_PLAIN_ONE);
  pairToOctets(OCTETS, PLAIN, half);
  invertOctets(OCTETS, OCTETS, MODULUS_P);
  pairFromOctets(PLAIN, 0, OCTETS);
  pairFromOctets(PLAIN, 1, OCTETS);
  pairMul(out, PLAIN, R_SQUARED);
}

/** Bit `half` is set where a = b mod p. In: tight. */
export function pairEqual(a: usize, b: usize): i32 {
  pairSub(PLAIN, a, b);
  pairMul(PLAIN, PLAIN, PAIR_PLAIN_ONE);
  return (pairIsZero(PLAIN, 0) ? 1 : 0) | (pairIsZero(PLAIN, 1) ? 2 : 0);
}
