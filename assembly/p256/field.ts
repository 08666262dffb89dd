/**
 * The field F_p of P-256, p = 2^256 − 2^224 + 2^192 + 2^96 − 1, on LANES values at a time: the only interface the layers
 * above may use. Which arithmetic stands behind it is decided at compile time.
 *
 * Elements are addresses; output first; every output may alias an input of its own call. Classes of element (product,
 * tight, lazy) are defined in field-radix29.ts and field-fma.ts; the double-precision field settles what is called lazy here. All inputs of this library are public: nothing here is constant-time.
 */
import * as fma from './field-fma';
import * as radix29 from './field-radix29';
import * as scalar from './field-scalar';
import * as simd from './field-simd';

export { octetsBelowP } from './limbs';

/** Values in one field element: how many verifications run in lock-step. */
export const LANES: i32 = ASC_FEATURE_RELAXED_SIMD ? 4 : ASC_FEATURE_SIMD ? 2 : 1;
/** Octets of a field element. */
export const FE_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 160 : 40 * LANES;

/** out := a·b (Montgomery). In: lazy(ma), lazy(mb), ma·mb ≤ 6, values' product ≤ 16p². Out: a product. */
@inline
export function feMul(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feMul(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feMul(out, a, b);
  else scalar.feMul(out, a, b);
}

/** out := a² (Montgomery). In: lazy(2). Out: a product. */
@inline
export function feSqr(out: usize, a: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSqr(out, a);
  else if (ASC_FEATURE_SIMD) simd.feSqr(out, a);
  else scalar.feSqr(out, a);
}

/** out := a + b. In: tight. Out: tight. */
@inline
export function feAdd(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feAdd(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feAdd(out, a, b);
  else scalar.feAdd(out, a, b);
}

/** out := a − b. In: tight. Out: tight. */
@inline
export function feSub(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSub(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feSub(out, a, b);
  else scalar.feSub(out, a, b);
}

/** out := a − 2b. In: tight. Out: tight. */
@inline
export function feSubTwice(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSubTwice(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feSubTwice(out, a, b);
  else scalar.feSubTwice(out, a, b);
}

/** out := a − 4b. In: tight. Out: tight. */
@inline
export function feSubFourTimes(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSubFourTimes(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feSubFourTimes(out, a, b);
  else scalar.feSubFourTimes(out, a, b);
}

/** out := a − b − 2c. In: tight. Out: tight. */
@inline
export function feSubSubTwice(out: usize, a: usize, b: usize, c: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSubSubTwice(out, a, b, c);
  else if (ASC_FEATURE_SIMD) simd.feSubSubTwice(out, a, b, c);
  else scalar.feSubSubTwice(out, a, b, c);
}

/** out := 3a. In: tight. Out: tight. */
@inline
export function feTriple(out: usize, a: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feTriple(out, a);
  else if (ASC_FEATURE_SIMD) simd.feTriple(out, a);
  else scalar.feTriple(out, a);
}

/** out := −a in the lanes whose bit is set, a in the others. In: tight. Out: tight. */
@inline
export function feNegateLanes(out: usize, a: usize, lanes: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feNegateLanes(out, a, lanes);
  else if (ASC_FEATURE_SIMD) simd.feNegateLanes(out, a, lanes);
  else scalar.feNegateLanes(out, a, lanes);
}

/** out := a + b. In: tight. Out: lazy(2), value < 3p. */
@inline
export function feAddLazy(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feAdd(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feAddLazy(out, a, b);
  else scalar.feAddLazy(out, a, b);
}

/** out := a − b. In: a tight, b a product. Out: lazy(3), value < 3.5p. */
@inline
export function feSubLazy(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feSub(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feSubLazy(out, a, b);
  else scalar.feSubLazy(out, a, b);
}

/** out := 2a − b. In: tight. Out: lazy(5), value < 5p. */
@inline
export function feDoubleSubLazy(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feDoubleSub(out, a, b);
  else if (ASC_FEATURE_SIMD) simd.feDoubleSubLazy(out, a, b);
  else scalar.feDoubleSubLazy(out, a, b);
}

/** Lane k of out := lane k of the element at the k-th u32 address of `list`, plus `offset` octets. */
@inline
export function feGather(out: usize, list: usize, offset: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feGather(out, list, offset);
  else if (ASC_FEATURE_SIMD) simd.feGather(out, list, offset);
  else scalar.feGather(out, list, offset);
}

@inline
export function feCopy(out: usize, a: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feCopy(out, a);
  else radix29.feCopy(out, a);
}

export function feCopyLane(out: usize, a: usize, lane: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feCopyLane(out, a, lane);
  else radix29.feCopyLane(out, a, lane);
}

/** Every lane zero, which is tight. */
export function feZero(out: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feZero(out);
  else radix29.feZero(out);
}

/** Lane `lane` := 32 big-endian octets, as they are (not Montgomery). Tight, whatever the octets are. */
export function feFromOctetsLane(out: usize, lane: i32, octets: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feFromOctetsLane(out, lane, octets);
  else radix29.feFromOctetsLane(out, lane, octets);
}

/** Lane `lane` of `a` as 32 big-endian octets, reduced below p. In: a product, already out of Montgomery form. */
export function feToOctetsLane(octets: usize, a: usize, lane: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feToOctetsLane(octets, a, lane);
  else radix29.feToOctetsLane(octets, a, lane);
}

/** Whether a lane of a product is 0 mod p. */
export function feProductIsZeroLane(a: usize, lane: i32): bool {
  if (ASC_FEATURE_RELAXED_SIMD) return fma.feProductIsZeroLane(a, lane);
  else return radix29.feProductIsZeroLane(a, lane);
}

/** Whether any lane of a product may be 0 mod p: quick, and wrong about once in 2^28 products; never misses one. */
@inline
export function feProductMayBeZero(a: usize): bool {
  if (ASC_FEATURE_RELAXED_SIMD) return fma.feProductMayBeZero(a);
  else return radix29.feProductMayBeZero(a);
}

/** Whether the arithmetic of this build works on this machine; asked before anything else. */
export function fieldWorks(): bool {
  if (ASC_FEATURE_RELAXED_SIMD) return fma.fmaIsFused();
  else return true;
}

/** Nine canonical limbs of a value below 2^256 into every lane. */
function feFill(out: usize, limbs: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.feFill(out, limbs);
  else radix29.feFill(out, limbs);
}

/** 1 as a plain value: multiplying by it leaves Montgomery form. */
export const FE_PLAIN_ONE: usize = memory.data(<i32>FE_BYTES, 16);
/** 1 in Montgomery form. */
export const FE_ONE: usize = memory.data(<i32>FE_BYTES, 16);
const R_SQUARED: usize = memory.data(<i32>FE_BYTES, 16);
const ONE_LIMBS: usize = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** Fills the constants; once, before anything else. */
export function feInit(): void {
  feFill(R_SQUARED, ASC_FEATURE_RELAXED_SIMD ? fma.R_SQUARED_LIMBS : radix29.R_SQUARED_LIMBS);
  feFill(FE_PLAIN_ONE, ONE_LIMBS);
  feToMontgomery(FE_ONE, FE_PLAIN_ONE);
}

/** out := a·R. In: tight (any 256-bit value is). Out: a product. */
export function feToMontgomery(out: usize, a: usize): void {
  feMul(out, a, R_SQUARED);
}

/** out := a·R⁻¹. In: lazy(5). Out: a product, whose value is even ≤ p. */
export function feFromMontgomery(out: usize, a: usize): void {
  feMul(out, a, FE_PLAIN_ONE);
}

/** out := a^(2^n), n ≥ 1. In: tight. Out: a product. */
export function feSqrTimes(out: usize, a: usize, n: i32): void {
  feSqr(out, a);
  for (let i = 1; i < n; i++) feSqr(out, out);
}

// a^(2^k − 1) for the k of the two chains below.
const X2: usize = memory.data(<i32>FE_BYTES, 16);
const X4: usize = memory.data(<i32>FE_BYTES, 16);
const X8: usize = memory.data(<i32>FE_BYTES, 16);
const X16: usize = memory.data(<i32>FE_BYTES, 16);
const X32: usize = memory.data(<i32>FE_BYTES, 16);
const CHAIN: usize = memory.data(<i32>FE_BYTES, 16);
const BASE: usize = memory.data(<i32>FE_BYTES, 16);

/** out := a^(2^n)·b. */
@inline
function shiftMultiply(out: usize, a: usize, n: i32, b: usize): void {
  feSqrTimes(out, a, n);
  feMul(out, out, b);
}

function powersOfTwoMinusOne(a: usize): void {
  feCopy(BASE, a);
  shiftMultiply(X2, BASE, 1, BASE);
  shiftMultiply(X4, X2, 2, X2);
  shiftMultiply(X8, X4, 4, X4);
  shiftMultiply(X16, X8, 8, X8);
  shiftMultiply(X32, X16, 16, X16);
}

/**
 * out := a⁻¹ = a^(p−2); 0 for a = 0. In: tight. Out: a product. out may alias a.
 * p − 2 in binary, from the top: 32 ones, 31 zeros, a one, 96 zeros, 94 ones, a zero, a one.
 */
export function feInvert(out: usize, a: usize): void {
  powersOfTwoMinusOne(a);
  shiftMultiply(CHAIN, X32, 32, BASE); // 1^32 0^31 1
  shiftMultiply(CHAIN, CHAIN, 128, X32); // 0^96 1^32
  shiftMultiply(CHAIN, CHAIN, 32, X32); // 1^32, 64 ones so far
  shiftMultiply(CHAIN, CHAIN, 16, X16); // 80
  shiftMultiply(CHAIN, CHAIN, 8, X8); // 88
  shiftMultiply(CHAIN, CHAIN, 4, X4); // 92
  shiftMultiply(CHAIN, CHAIN, 2, X2); // 94
  shiftMultiply(out, CHAIN, 2, BASE); // 01
}

/**
 * out := a^((p+1)/4), the square root of a where a is a square (p ≡ 3 mod 4); the caller squares to find out.
 * (p+1)/4 = 2^254 − 2^222 + 2^190 + 2^94: 32 ones, 31 zeros, a one, 95 zeros, a one, 94 zeros. In: tight. Out: a product.
 */
export function feSquareRoot(out: usize, a: usize): void {
  powersOfTwoMinusOne(a);
  shiftMultiply(CHAIN, X32, 32, BASE);
  shiftMultiply(CHAIN, CHAIN, 96, BASE);
  feSqrTimes(out, CHAIN, 94);
}
