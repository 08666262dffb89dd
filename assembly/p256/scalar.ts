/**
 * Arithmetic mod n, the order of P-256, one value at a time: nine limbs of 29 bits (u32), canonical (< n) unless said
 * otherwise, 40 octets each. Montgomery with R = 2^261.
 */
import {
  LIMB_MASK,
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

export const SCALAR_BYTES: usize = 40;

/** n = ffffffff 00000000 ffffffff ffffffff bce6faad a7179e84 f3b9cac2 fc632551. */
export const N_LIMBS: usize = memory.data<u32>(
  [0x1c632551, 0x1dce5617, 0x05e7a13c, 0x0df55b4e, 0x1ffffbce, 0x1fffffff, 0x0003ffff, 0x1fe00000, 0x00ffffff, 0],
  16,
);
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
/** −n⁻¹ mod 2^29. */
const N_INVERSE: u64 = 0x0e00bc4f;

const N0: u64 = 0x1c632551;
const N1: u64 = 0x1dce5617;
const N2: u64 = 0x05e7a13c;
const N3: u64 = 0x0df55b4e;
const N4: u64 = 0x1ffffbce;
const N5: u64 = 0x1fffffff;
const N6: u64 = 0x0003ffff;
const N7: u64 = 0x1fe00000;
const N8: u64 = 0x00ffffff;

/**
 * out := a·b·R⁻¹ mod n, canonical: Montgomery multiplication by rows. out may alias a or b.
 *
 * In: limbs < 2^29, a·b < n·2^260 (both below 2^256, not necessarily below n, is enough).
 * A column collects at most nine rows of a·b and nine of q·n, each < 2^58, and a carry < 2^35 from below: < 2^63.
 * The value is (a·b + q·n)/R < n/2 + n before the last subtraction.
 */
export function scalarMul(out: usize, a: usize, b: usize): void {
  const b0: u64 = load<u32>(b);
  const b1: u64 = load<u32>(b, 4);
  const b2: u64 = load<u32>(b, 8);
  const b3: u64 = load<u32>(b, 12);
  const b4: u64 = load<u32>(b, 16);
  const b5: u64 = load<u32>(b, 20);
  const b6: u64 = load<u32>(b, 24);
  const b7: u64 = load<u32>(b, 28);
  const b8: u64 = load<u32>(b, 32);
  let t0: u64 = 0;
  let t1: u64 = 0;
  let t2: u64 = 0;
  let t3: u64 = 0;
  let t4: u64 = 0;
  let t5: u64 = 0;
  let t6: u64 = 0;
  let t7: u64 = 0;
  let t8: u64 = 0;
  for (let i: usize = 0; i < 9; i++) {
    const x: u64 = load<u32>(a + (i << 2));
    t0 += x * b0;
    const q = ((t0 & LIMB_MASK) * N_INVERSE) & LIMB_MASK;
    const carry = (t0 + q * N0) >> 29;
    t0 = t1 + x * b1 + q * N1 + carry;
    t1 = t2 + x * b2 + q * N2;
    t2 = t3 + x * b3 + q * N3;
    t3 = t4 + x * b4 + q * N4;
    t4 = t5 + x * b5 + q * N5;
    t5 = t6 + x * b6 + q * N6;
    t6 = t7 + x * b7 + q * N7;
    t7 = t8 + x * b8 + q * N8;
    t8 = 0;
  }
  store<u32>(out, <u32>(t0 & LIMB_MASK));
  t1 += t0 >> 29;
  store<u32>(out, <u32>(t1 & LIMB_MASK), 4);
  t2 += t1 >> 29;
  store<u32>(out, <u32>(t2 & LIMB_MASK), 8);
  t3 += t2 >> 29;
  store<u32>(out, <u32>(t3 & LIMB_MASK), 12);
  t4 += t3 >> 29;
  store<u32>(out, <u32>(t4 & LIMB_MASK), 16);
  t5 += t4 >> 29;
  store<u32>(out, <u32>(t5 & LIMB_MASK), 20);
  t6 += t5 >> 29;
  store<u32>(out, <u32>(t6 & LIMB_MASK), 24);
  t7 += t6 >> 29;
  store<u32>(out, <u32>(t7 & LIMB_MASK), 28);
  store<u32>(out, <u32>(t7 >> 29), 32);
  limbsSubtractIfNotLess(out, N_LIMBS);
}

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

/** out := a⁻¹, both in Montgomery form; 0 for a = 0. out may alias a. The integer for a is a·R; R³ makes a⁻¹·R of its inverse. */
export function scalarInvert(out: usize, a: usize): void {
  limbsToOctets(OCTETS, a);
  invertOctets(OCTETS, OCTETS, MODULUS_N);
  octetsToLimbs(out, OCTETS);
  scalarMul(out, out, R_SQUARED);
  scalarMul(out, out, R_SQUARED);
}

const ACCUMULATOR: usize = memory.data(40, 16);
const CARRY: usize = memory.data(40, 16);

/**
 * Inverts `count` ≥ 1 scalars in place, in Montgomery form, none of them zero: one inversion and three multiplications each
 * (Montgomery's trick). `prefixes` is scratch of the same size.
 */
export function scalarInvertAll(scalars: usize, count: i32, prefixes: usize): void {
  memory.copy(prefixes, scalars, SCALAR_BYTES);
  for (let i: usize = 1; i < <usize>count; i++) {
    scalarMul(prefixes + i * SCALAR_BYTES, prefixes + (i - 1) * SCALAR_BYTES, scalars + i * SCALAR_BYTES);
  }
  scalarInvert(ACCUMULATOR, prefixes + <usize>(count - 1) * SCALAR_BYTES);
  for (let i: usize = count - 1; i > 0; i--) {
    scalarMul(CARRY, ACCUMULATOR, prefixes + (i - 1) * SCALAR_BYTES);
    scalarMul(ACCUMULATOR, ACCUMULATOR, scalars + i * SCALAR_BYTES);
    memory.copy(scalars + i * SCALAR_BYTES, CARRY, SCALAR_BYTES);
  }
  memory.copy(scalars, ACCUMULATOR, SCALAR_BYTES);
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
