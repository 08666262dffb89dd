/**
 * Arithmetic mod n, the order of P-256, one value at a time: nine limbs of 29 bits (u32), canonical (< n) unless said
 * otherwise, 40 octets each. Montgomery with R = 2^261.
 */
import {
  limbsAdd,
  limbsAreZero,
  limbsLess,
  limbsSubtract,
  limbsSubtractIfNotLess,
  limbsToOctets,
  limbsToWords,
  octetsToLimbs,
} from './limbs';
import { MODULUS_N, invertOctets } from './modular-inverse';
import { N_LIMBS, scalarMul } from './scalar-product';

export { N_LIMBS, scalarMul };

export const SCALAR_BYTES: usize = 40;

/** p − n: r below this may stand for x = r or x = r + n. */
export const P_MINUS_N_LIMBS: usize = memory.data<u32>(
  [0x039cdaae, 0x0231a9e8, 0x1a185ec3, 0x120aa6b1, 0x00000431, 0, 0, 0, 0, 0],
  16,
);
/** 2^522 mod n. */
const R_SQUARED: usize = memory.data<u32>(
  [0x148d9ef5, 0x0f4e7f75, 0x14c6a651, 0x03f8b765, 0x165861f1, 0x1256d7d8, 0x1c185b23, 0x0d4cab0f, 0x0084b655, 0],
  16,
);
/** out := 32 big-endian octets, not reduced. */
export function scalarFromOctets(out: usize, octets: usize): void {
  octetsToLimbs(out, octets);
}

/** out := a + b mod n, all canonical. out may alias a or b. */
export function scalarAdd(out: usize, a: usize, b: usize): void {
  limbsAdd(out, a, b);
  limbsSubtractIfNotLess(out, N_LIMBS);
}

/** a := a mod n, for a < 2^256 < 2n. */
export function scalarReduce(a: usize): void {
  limbsSubtractIfNotLess(a, N_LIMBS);
}

/** Whether 0 < a < n. */
export function scalarInRange(a: usize): bool {
  return !limbsAreZero(a) && limbsLess(a, N_LIMBS);
}

/** Whether a + n is still below p, so that x(R) may be a + n where r = a. */
export function scalarHasSecondX(a: usize): bool {
  return limbsLess(a, P_MINUS_N_LIMBS);
}

export function scalarToMontgomery(out: usize, a: usize): void {
  scalarMul(out, a, R_SQUARED);
}

const OCTETS: usize = memory.data(32, 16);

/** out := a⁻¹·R for a, itself not in Montgomery form; 0 for a = 0. out may alias a. */
function scalarInvert(out: usize, a: usize): void {
  limbsToOctets(OCTETS, a);
  invertOctets(OCTETS, OCTETS, MODULUS_N);
  octetsToLimbs(out, OCTETS);
  scalarToMontgomery(out, out);
}

/** R times the inverse of a prefix. */
const ACCUMULATOR: usize = memory.data(40, 16);

/**
 * inverses := s⁻¹·R (Montgomery form) of `count` ≥ 1 scalars s, canonical, not in that form and none of them zero: one inversion, and
 * three multiplications each (Montgomery's trick).
 *
 * Prefixes are in `inverses` first: P[0] = s[0], P[i] = P[i−1]·s[i]·R⁻¹. With A[i] = R/P[i], A[i]·P[i−1]·R⁻¹ is R/s[i], and
 * A[i]·s[i]·R⁻¹ is A[i−1]: the powers of R come out even.
 */
export function scalarInvertAll(inverses: usize, scalars: usize, count: i32): void {
  memory.copy(inverses, scalars, SCALAR_BYTES);
  const end = <usize>count * SCALAR_BYTES;
  for (let at = SCALAR_BYTES; at < end; at += SCALAR_BYTES) {
    scalarMul(inverses + at, inverses + at - SCALAR_BYTES, scalars + at);
  }
  scalarInvert(ACCUMULATOR, inverses + end - SCALAR_BYTES);
  for (let at = end - SCALAR_BYTES; at > 0; at -= SCALAR_BYTES) {
    scalarMul(inverses + at, ACCUMULATOR, inverses + at - SCALAR_BYTES);
    scalarMul(ACCUMULATOR, ACCUMULATOR, scalars + at);
  }
  memory.copy(inverses, ACCUMULATOR, SCALAR_BYTES);
}

/** Octets of a scalar as little-endian words, with the zeros behind it that {@link bitsOf} may read. */
export const WORDS_BYTES: i32 = 48;

/** words := a as four u64, lowest first, and zeros: digits can then be read at any bit by one load. */
export function scalarToWords(words: usize, a: usize): void {
  limbsToWords(words, a);
  store<u64>(words, 0, 32);
  store<u64>(words, 0, 40);
}

/** The bits from `position` ≤ 263 on: at least 57 of them. */
@inline
export function bitsOf(words: usize, position: i32): u64 {
  return load<u64>(words + <usize>(position >> 3)) >> <u64>(position & 7);
}

const WORDS: usize = memory.data(WORDS_BYTES, 16);
const ODD: usize = memory.data(40, 16);

/** The lowest bit of digit `position`, where digits are `window` bits wide and the lowest `wide` of them one more. */
@inline
export function digitStart(window: i32, wide: i32, position: i32): i32 {
  return position * window + min(position, wide);
}

/**
 * A scalar k < n as `count` odd signed digits, lowest first, the lowest `wide` of them of window + 1 bits, the others of `window`:
 * k = Σ d[i]·2^start(i) mod n, and every digit is odd, |d| < 2^width. So that no digit is zero there must be an odd number to start
 * from: an even k is replaced by n − k with all signs turned (k = 0 becomes −n, which is infinity as it should be).
 * M. Joye, M. Tunstall, "Exponent recoding and regular exponentiation algorithms", AFRICACRYPT 2009, algorithm 6.
 * A digit is stored as u16: bits 1… the table index (|d| − 1)/2, bit 0 the sign. window·count + wide ≥ 256, window + 1 ≤ 16.
 */
export function recode(k: usize, window: i32, wide: i32, count: i32, out: usize): void {
  let turned: u32 = 0;
  store<u32>(ODD, 0, 36);
  if (load<u32>(k) & 1) {
    memory.copy(ODD, k, 36);
  } else {
    limbsSubtract(ODD, N_LIMBS, k);
    turned = 1;
  }
  scalarToWords(WORDS, ODD);
  for (let i = 0; i < count; i++) {
    let digit = <i32>bitsOf(WORDS, digitStart(window, wide, i)) | 1;
    const width = i < wide ? window + 1 : window;
    if (i < count - 1) digit = (digit & ((2 << width) - 1)) - (1 << width);
    const negative: u32 = digit < 0 ? 1 : 0;
    const size: u32 = negative ? -digit : digit;
    store<u16>(out + ((<usize>i) << 1), <u16>((size & ~1) | (negative ^ turned)));
  }
}
