/**
 * The field of P-256 in 64-bit integer arithmetic, one lane. See field-radix29.ts for the layout and the classes of element.
 */
import { FE_BYTES } from './field-radix29';
import { LIMB_MASK } from './limbs';

/** See {@link feMul}. */
const LIFT: u64 = 1 << 21;

/**
 * out := a·b·R⁻¹ mod p, per lane: Montgomery multiplication by columns (product scanning).
 *
 * In:  a lazy(ma), b lazy(mb) with ma·mb ≤ 6; the product of their values at most 16p².
 * Out: a product. out may alias a or b.
 *
 * Column k of a·b receives at most nine products, so it is < 9·6·2^58·(1 + 2^-26)² < 55·2^58; the reduction adds < 2^54 and
 * the carry is < 2^35, and the sum stays below 2^64 without a carry in mid-column.
 *
 * Reduction: p ≡ −1 mod 2^96, so the digit to cancel in column k is the column itself, q[k], and adding q[k]·p means
 *   q·2^256 → q<<24 in column k+8      −q·2^224 → −(q<<21) in column k+7
 *   q·2^192 → q<<18 in column k+6       q·2^96  →   q<<9  in column k+3      −q cancels.
 * Unsigned columns cannot take the −(q<<21): (2^29 − 1 − q)<<21 is added in its place. The surplus of the nine columns
 * 7…15 is Σ (2^29 − 1)·2^21·2^(29k) = 2^21·(2^(29·16) − 2^(29·7)), taken off again by ±2^21 in columns 7 and 16 (LIFT).
 * Column 16 cannot go negative: the columns below it are reduced, so it holds ⌊total / 2^(29·16)⌋ of a total ≥ 0.
 *
 * Value: (a·b + q·p)/R with q < R and R = 2^261 > 32p, so < 16p²/32p + p = 1.5p.
 */
export function feMul(out: usize, a: usize, b: usize): void {
  const a0: u64 = load<u32>(a, 0);
  const a1: u64 = load<u32>(a, 4);
  const a2: u64 = load<u32>(a, 8);
  const a3: u64 = load<u32>(a, 12);
  const a4: u64 = load<u32>(a, 16);
  const a5: u64 = load<u32>(a, 20);
  const a6: u64 = load<u32>(a, 24);
  const a7: u64 = load<u32>(a, 28);
  const a8: u64 = load<u32>(a, 32);
  const b0: u64 = load<u32>(b, 0);
  const b1: u64 = load<u32>(b, 4);
  const b2: u64 = load<u32>(b, 8);
  const b3: u64 = load<u32>(b, 12);
  const b4: u64 = load<u32>(b, 16);
  const b5: u64 = load<u32>(b, 20);
  const b6: u64 = load<u32>(b, 24);
  const b7: u64 = load<u32>(b, 28);
  const b8: u64 = load<u32>(b, 32);
  let c: u64 = a0 * b0;
  const q0 = c & LIMB_MASK, m0 = q0 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b1 + a1 * b0;
  const q1 = c & LIMB_MASK, m1 = q1 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b2 + a1 * b1 + a2 * b0;
  const q2 = c & LIMB_MASK, m2 = q2 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + (q0 << 9);
  const q3 = c & LIMB_MASK, m3 = q3 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (q1 << 9);
  const q4 = c & LIMB_MASK, m4 = q4 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + (q2 << 9);
  const q5 = c & LIMB_MASK, m5 = q5 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + (q3 << 9) + (q0 << 18);
  const q6 = c & LIMB_MASK, m6 = q6 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 + (q4 << 9) + (q1 << 18) + (m0 << 21) + LIFT;
  const q7 = c & LIMB_MASK, m7 = q7 ^ LIMB_MASK;
  c >>= 29;
  c += a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 + (q5 << 9) + (q2 << 18) + (m1 << 21) + (q0 << 24);
  const q8 = c & LIMB_MASK, m8 = q8 ^ LIMB_MASK;
  c >>= 29;
  c += a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 + (q6 << 9) + (q3 << 18) + (m2 << 21) + (q1 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 0);
  c >>= 29;
  c += a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 + (q7 << 9) + (q4 << 18) + (m3 << 21) + (q2 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 4);
  c >>= 29;
  c += a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 + (q8 << 9) + (q5 << 18) + (m4 << 21) + (q3 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 8);
  c >>= 29;
  c += a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 + (q6 << 18) + (m5 << 21) + (q4 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 12);
  c >>= 29;
  c += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + (q7 << 18) + (m6 << 21) + (q5 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 16);
  c >>= 29;
  c += a6 * b8 + a7 * b7 + a8 * b6 + (q8 << 18) + (m7 << 21) + (q6 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 20);
  c >>= 29;
  c += a7 * b8 + a8 * b7 + (m8 << 21) + (q7 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 24);
  c >>= 29;
  c += a8 * b8 + (q8 << 24) - LIFT;
  store<u32>(out, <u32>(c & LIMB_MASK), 28);
  c >>= 29;
  store<u32>(out, <u32>c, 32);
}

/**
 * out := a²·R⁻¹ mod p, per lane. As {@link feMul}, with the mixed products taken once from doubled limbs.
 *
 * In:  a lazy(m), m ≤ 2, value < 4p. The doubled limbs are < 4·(2^29 + 8) < 2^32. Out: a product. out may alias a.
 */
export function feSqr(out: usize, a: usize): void {
  const a0: u64 = load<u32>(a, 0);
  const a1: u64 = load<u32>(a, 4);
  const a2: u64 = load<u32>(a, 8);
  const a3: u64 = load<u32>(a, 12);
  const a4: u64 = load<u32>(a, 16);
  const a5: u64 = load<u32>(a, 20);
  const a6: u64 = load<u32>(a, 24);
  const a7: u64 = load<u32>(a, 28);
  const a8: u64 = load<u32>(a, 32);
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1;
  let c: u64 = a0 * a0;
  const q0 = c & LIMB_MASK, m0 = q0 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a1;
  const q1 = c & LIMB_MASK, m1 = q1 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a2 + a1 * a1;
  const q2 = c & LIMB_MASK, m2 = q2 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a3 + d1 * a2 + (q0 << 9);
  const q3 = c & LIMB_MASK, m3 = q3 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a4 + d1 * a3 + a2 * a2 + (q1 << 9);
  const q4 = c & LIMB_MASK, m4 = q4 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a5 + d1 * a4 + d2 * a3 + (q2 << 9);
  const q5 = c & LIMB_MASK, m5 = q5 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + (q3 << 9) + (q0 << 18);
  const q6 = c & LIMB_MASK, m6 = q6 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + (q4 << 9) + (q1 << 18) + (m0 << 21) + LIFT;
  const q7 = c & LIMB_MASK, m7 = q7 ^ LIMB_MASK;
  c >>= 29;
  c += d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4 + (q5 << 9) + (q2 << 18) + (m1 << 21) + (q0 << 24);
  const q8 = c & LIMB_MASK, m8 = q8 ^ LIMB_MASK;
  c >>= 29;
  c += d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 + (q6 << 9) + (q3 << 18) + (m2 << 21) + (q1 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 0);
  c >>= 29;
  c += d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 + (q7 << 9) + (q4 << 18) + (m3 << 21) + (q2 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 4);
  c >>= 29;
  c += d3 * a8 + d4 * a7 + d5 * a6 + (q8 << 9) + (q5 << 18) + (m4 << 21) + (q3 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 8);
  c >>= 29;
  c += d4 * a8 + d5 * a7 + a6 * a6 + (q6 << 18) + (m5 << 21) + (q4 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 12);
  c >>= 29;
  c += d5 * a8 + d6 * a7 + (q7 << 18) + (m6 << 21) + (q5 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 16);
  c >>= 29;
  c += d6 * a8 + a7 * a7 + (q8 << 18) + (m7 << 21) + (q6 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 20);
  c >>= 29;
  c += d7 * a8 + (m8 << 21) + (q7 << 24);
  store<u32>(out, <u32>(c & LIMB_MASK), 24);
  c >>= 29;
  c += a8 * a8 + (q8 << 24) - LIFT;
  store<u32>(out, <u32>(c & LIMB_MASK), 28);
  c >>= 29;
  store<u32>(out, <u32>c, 32);
}

/*
 * Multiples of p spread over large limbs, so that a subtraction limb by limb never goes below zero. `kp spread by u` is k·p
 * with u·2^29 lent to each limb from the one above; its limbs 0…7 are ≥ u·2^29 − u and < (u + 1)·2^29, and its limb 8 is
 * ≥ k·2^24 − u − 1. What each may have subtracted:
 *   SPREAD_PRODUCT  2p by 1   a product            (limbs < 2^29, limb 8 < 1.5·2^24)
 *   SPREAD_1        2p by 2   a tight element
 *   SPREAD_2        4p by 3   twice a tight element
 *   SPREAD_4        8p by 5   four times a tight element, or the sum of up to four
 * and after the subtraction limbs 3 and 6 of the last three are still ≥ 2^29 − 65, as the fold asks.
 */
const SPREAD_PRODUCT: usize = memory.data<u32>(
  [0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x200003fe, 0x1fffffff, 0x1fffffff, 0x2007ffff, 0x3fbfffff, 0x01fffffe],
  16,
);
const SPREAD_1: usize = memory.data<u32>(
  [0x5ffffffe, 0x5ffffffd, 0x5ffffffd, 0x400003fd, 0x3ffffffe, 0x3ffffffe, 0x4007fffe, 0x5fbffffe, 0x01fffffd],
  16,
);
const SPREAD_2: usize = memory.data<u32>(
  [0x7ffffffc, 0x7ffffffc, 0x7ffffffc, 0x600007fc, 0x5ffffffd, 0x5ffffffd, 0x600ffffd, 0x7f7ffffd, 0x03fffffc],
  16,
);
const SPREAD_4: usize = memory.data<u32>(
  [0xbffffff8, 0xbffffffa, 0xbffffffa, 0xa0000ffa, 0x9ffffffb, 0x9ffffffb, 0xa01ffffb, 0xbefffffb, 0x07fffffa],
  16,
);

@inline
function l(element: usize, i: i32): u64 {
  return load<u32>(element + ((<usize>i) << 2));
}

/**
 * out := Σ limbs, carried and folded: in come the limbs of a linear combination, out goes a tight element.
 *
 * In:  limbs < 2^32, limbs 3 and 6 ≥ 2^28, value < 2^261.
 * The part above 2^256, h = limb 8 >> 24 < 32, goes back in by 2^256 ≡ 2^224 − 2^192 − 2^96 + 1 (mod p): h<<21 into limb 7,
 * −h<<18 into limb 6, −h<<9 into limb 3 (both < 2^28, so neither goes negative), h into limb 0. Then every limb hands its
 * carry (< 8) to the next one, once, side by side.
 * Out: limbs 0…7 < 2^29 + 8, value < 2^256·(1 + 2^-20) < 1.001p.
 */
@inline
function settle(out: usize, l0: u64, l1: u64, l2: u64, l3: u64, l4: u64, l5: u64, l6: u64, l7: u64, l8: u64): void {
  const h = l8 >> 24;
  l0 += h;
  l3 -= h << 9;
  l6 -= h << 18;
  l7 += h << 21;
  store<u32>(out, <u32>(l0 & LIMB_MASK));
  store<u32>(out, <u32>((l1 & LIMB_MASK) + (l0 >> 29)), 4);
  store<u32>(out, <u32>((l2 & LIMB_MASK) + (l1 >> 29)), 8);
  store<u32>(out, <u32>((l3 & LIMB_MASK) + (l2 >> 29)), 12);
  store<u32>(out, <u32>((l4 & LIMB_MASK) + (l3 >> 29)), 16);
  store<u32>(out, <u32>((l5 & LIMB_MASK) + (l4 >> 29)), 20);
  store<u32>(out, <u32>((l6 & LIMB_MASK) + (l5 >> 29)), 24);
  store<u32>(out, <u32>((l7 & LIMB_MASK) + (l6 >> 29)), 28);
  store<u32>(out, <u32>((l8 & 0xffffff) + (l7 >> 29)), 32);
}

/** out := a + b. In: both tight. Out: lazy(2), value < 3p. */
export function feAddLazy(out: usize, a: usize, b: usize): void {
  for (let i = 0; i < 9; i++) store<u32>(out + ((<usize>i) << 2), <u32>(l(a, i) + l(b, i)));
}

/** out := a − b. In: a tight, b a product. Out: lazy(3), value < 3.5p. */
export function feSubLazy(out: usize, a: usize, b: usize): void {
  for (let i = 0; i < 9; i++) store<u32>(out + ((<usize>i) << 2), <u32>(l(a, i) + l(SPREAD_PRODUCT, i) - l(b, i)));
}

/** out := 2a − b. In: a and b tight. Out: lazy(5), value < 5p. */
export function feDoubleSubLazy(out: usize, a: usize, b: usize): void {
  for (let i = 0; i < 9; i++) store<u32>(out + ((<usize>i) << 2), <u32>(2 * l(a, i) + l(SPREAD_1, i) - l(b, i)));
}

/** out := a − b. In: tight. Out: tight. */
export function feSub(out: usize, a: usize, b: usize): void {
  settle(
    out,
    l(a, 0) + l(SPREAD_1, 0) - l(b, 0),
    l(a, 1) + l(SPREAD_1, 1) - l(b, 1),
    l(a, 2) + l(SPREAD_1, 2) - l(b, 2),
    l(a, 3) + l(SPREAD_1, 3) - l(b, 3),
    l(a, 4) + l(SPREAD_1, 4) - l(b, 4),
    l(a, 5) + l(SPREAD_1, 5) - l(b, 5),
    l(a, 6) + l(SPREAD_1, 6) - l(b, 6),
    l(a, 7) + l(SPREAD_1, 7) - l(b, 7),
    l(a, 8) + l(SPREAD_1, 8) - l(b, 8),
  );
}

/** out := a − 2b. In: tight. Out: tight. */
export function feSubTwice(out: usize, a: usize, b: usize): void {
  settle(
    out,
    l(a, 0) + l(SPREAD_2, 0) - 2 * l(b, 0),
    l(a, 1) + l(SPREAD_2, 1) - 2 * l(b, 1),
    l(a, 2) + l(SPREAD_2, 2) - 2 * l(b, 2),
    l(a, 3) + l(SPREAD_2, 3) - 2 * l(b, 3),
    l(a, 4) + l(SPREAD_2, 4) - 2 * l(b, 4),
    l(a, 5) + l(SPREAD_2, 5) - 2 * l(b, 5),
    l(a, 6) + l(SPREAD_2, 6) - 2 * l(b, 6),
    l(a, 7) + l(SPREAD_2, 7) - 2 * l(b, 7),
    l(a, 8) + l(SPREAD_2, 8) - 2 * l(b, 8),
  );
}

/** out := a − 4b. In: tight. Out: tight. */
export function feSubFourTimes(out: usize, a: usize, b: usize): void {
  settle(
    out,
    l(a, 0) + l(SPREAD_4, 0) - 4 * l(b, 0),
    l(a, 1) + l(SPREAD_4, 1) - 4 * l(b, 1),
    l(a, 2) + l(SPREAD_4, 2) - 4 * l(b, 2),
    l(a, 3) + l(SPREAD_4, 3) - 4 * l(b, 3),
    l(a, 4) + l(SPREAD_4, 4) - 4 * l(b, 4),
    l(a, 5) + l(SPREAD_4, 5) - 4 * l(b, 5),
    l(a, 6) + l(SPREAD_4, 6) - 4 * l(b, 6),
    l(a, 7) + l(SPREAD_4, 7) - 4 * l(b, 7),
    l(a, 8) + l(SPREAD_4, 8) - 4 * l(b, 8),
  );
}

/** out := a − b − 2c. In: tight. Out: tight. */
export function feSubSubTwice(out: usize, a: usize, b: usize, c: usize): void {
  settle(
    out,
    l(a, 0) + l(SPREAD_4, 0) - l(b, 0) - 2 * l(c, 0),
    l(a, 1) + l(SPREAD_4, 1) - l(b, 1) - 2 * l(c, 1),
    l(a, 2) + l(SPREAD_4, 2) - l(b, 2) - 2 * l(c, 2),
    l(a, 3) + l(SPREAD_4, 3) - l(b, 3) - 2 * l(c, 3),
    l(a, 4) + l(SPREAD_4, 4) - l(b, 4) - 2 * l(c, 4),
    l(a, 5) + l(SPREAD_4, 5) - l(b, 5) - 2 * l(c, 5),
    l(a, 6) + l(SPREAD_4, 6) - l(b, 6) - 2 * l(c, 6),
    l(a, 7) + l(SPREAD_4, 7) - l(b, 7) - 2 * l(c, 7),
    l(a, 8) + l(SPREAD_4, 8) - l(b, 8) - 2 * l(c, 8),
  );
}

/** out := a + b. In: tight. Out: tight. */
export function feAdd(out: usize, a: usize, b: usize): void {
  settle(
    out,
    l(a, 0) + l(SPREAD_1, 0) + l(b, 0),
    l(a, 1) + l(SPREAD_1, 1) + l(b, 1),
    l(a, 2) + l(SPREAD_1, 2) + l(b, 2),
    l(a, 3) + l(SPREAD_1, 3) + l(b, 3),
    l(a, 4) + l(SPREAD_1, 4) + l(b, 4),
    l(a, 5) + l(SPREAD_1, 5) + l(b, 5),
    l(a, 6) + l(SPREAD_1, 6) + l(b, 6),
    l(a, 7) + l(SPREAD_1, 7) + l(b, 7),
    l(a, 8) + l(SPREAD_1, 8) + l(b, 8),
  );
}

/** out := 3a. In: tight. Out: tight. */
export function feTriple(out: usize, a: usize): void {
  settle(
    out,
    3 * l(a, 0) + l(SPREAD_1, 0),
    3 * l(a, 1) + l(SPREAD_1, 1),
    3 * l(a, 2) + l(SPREAD_1, 2),
    3 * l(a, 3) + l(SPREAD_1, 3),
    3 * l(a, 4) + l(SPREAD_1, 4),
    3 * l(a, 5) + l(SPREAD_1, 5),
    3 * l(a, 6) + l(SPREAD_1, 6),
    3 * l(a, 7) + l(SPREAD_1, 7),
    3 * l(a, 8) + l(SPREAD_1, 8),
  );
}

/** out := −a in the lanes whose bit is set in `lanes`, a in the others. In: tight. Out: tight. out may alias a. */
export function feNegateLanes(out: usize, a: usize, lanes: i32): void {
  if (lanes == 0) {
    if (out != a) memory.copy(out, a, FE_BYTES);
    return;
  }
  settle(
    out,
    l(SPREAD_1, 0) - l(a, 0),
    l(SPREAD_1, 1) - l(a, 1),
    l(SPREAD_1, 2) - l(a, 2),
    l(SPREAD_1, 3) - l(a, 3),
    l(SPREAD_1, 4) - l(a, 4),
    l(SPREAD_1, 5) - l(a, 5),
    l(SPREAD_1, 6) - l(a, 6),
    l(SPREAD_1, 7) - l(a, 7),
    l(SPREAD_1, 8) - l(a, 8),
  );
}

/** Lane k of out := lane k of the element at address k of the list (one u32 address a lane). */
export function feGather(out: usize, list: usize, offset: usize): void {
  memory.copy(out, <usize>load<u32>(list) + offset, FE_BYTES);
}
