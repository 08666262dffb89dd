/**
 * The field of P-256 on 128-bit vectors, two lanes. See field-radix29.ts for the layout and the classes of element.
 *
 * Vector v of an element holds, as u32: [limb 2v of lane 0, limb 2v of lane 1, limb 2v+1 of lane 0, limb 2v+1 of lane 1].
 * A product of two limbs is `extmul_low`, which multiplies the two low u32 of its operands into two u64: one column sum a
 * lane. Odd limbs are moved down to the low half when they are loaded.
 */

/** 2^29 − 1 in each u32. */
const MASK32: usize = memory.data<u32>([0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff], 16);
/** 2^29 − 1 in each u64. */
const MASK64: usize = memory.data<u64>([0x1fffffff, 0x1fffffff], 16);
/** 2^21 in each u64; see {@link feMul}. */
const LIFT: usize = memory.data<u64>([0x200000, 0x200000], 16);
/** The part of limb 8 below 2^256; the padding above it is zero. */
const TOP_MASK: usize = memory.data<u32>([0xffffff, 0xffffff, 0, 0], 16);

@inline
function product(x: v128, y: v128): v128 {
  return i64x2.extmul_low_i32x4_u(x, y);
}

@inline
function addProduct(column: v128, x: v128, y: v128): v128 {
  return i64x2.add(column, i64x2.extmul_low_i32x4_u(x, y));
}

@inline
function addShifted(column: v128, digit: v128, bits: i32): v128 {
  return i64x2.add(column, i64x2.shl(digit, bits));
}

/** The odd limb of a vector, moved to where `extmul_low` reads. */
@inline
function odd(vector: v128): v128 {
  return v128.shuffle<i32>(vector, vector, 2, 3, 2, 3);
}

/** Two columns to one vector of limbs, carries cut off. */
@inline
function limbPair(even: v128, oddColumn: v128, mask: v128): v128 {
  return v128.and(v128.shuffle<i32>(even, oddColumn, 0, 2, 4, 6), mask);
}

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
 *
 * Order: a column is summed up by itself, in two sums, and meets the carry of the one below last. Were all added to the carry, each
 * of some 140 additions would wait for the one before; so only two operations a column do. 30 % off a product in a chain.
 */
export function feMul(out: usize, a: usize, b: usize): void {
  const mask = v128.load(MASK64);
  const lift = v128.load(LIFT);
  const a0 = v128.load(a, 0);
  const a2 = v128.load(a, 16);
  const a4 = v128.load(a, 32);
  const a6 = v128.load(a, 48);
  const a8 = v128.load(a, 64);
  const a1 = odd(a0), a3 = odd(a2), a5 = odd(a4), a7 = odd(a6);
  const b0 = v128.load(b, 0);
  const b2 = v128.load(b, 16);
  const b4 = v128.load(b, 32);
  const b6 = v128.load(b, 48);
  const b8 = v128.load(b, 64);
  const b1 = odd(b0), b3 = odd(b2), b5 = odd(b4), b7 = odd(b6);
  // column 0
  let c = product(a0, b0), t: v128, u: v128;
  const q0 = v128.and(c, mask), m0 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 1
  t = product(a0, b1); t = addProduct(t, a1, b0);
  c = i64x2.add(c, t);
  const q1 = v128.and(c, mask), m1 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 2
  t = product(a0, b2); t = addProduct(t, a1, b1); t = addProduct(t, a2, b0);
  c = i64x2.add(c, t);
  const q2 = v128.and(c, mask), m2 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 3
  t = product(a0, b3); u = product(a1, b2); t = addProduct(t, a2, b1);
  u = addProduct(u, a3, b0); t = addShifted(t, q0, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q3 = v128.and(c, mask), m3 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 4
  t = product(a0, b4); u = product(a1, b3); t = addProduct(t, a2, b2);
  u = addProduct(u, a3, b1); t = addProduct(t, a4, b0); u = addShifted(u, q1, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q4 = v128.and(c, mask), m4 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 5
  t = product(a0, b5); u = product(a1, b4); t = addProduct(t, a2, b3);
  u = addProduct(u, a3, b2); t = addProduct(t, a4, b1); u = addProduct(u, a5, b0);
  t = addShifted(t, q2, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q5 = v128.and(c, mask), m5 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 6
  t = product(a0, b6); u = product(a1, b5); t = addProduct(t, a2, b4);
  u = addProduct(u, a3, b3); t = addProduct(t, a4, b2); u = addProduct(u, a5, b1);
  t = addProduct(t, a6, b0); u = addShifted(u, q0, 18); t = addShifted(t, q3, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q6 = v128.and(c, mask), m6 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 7
  t = product(a0, b7); u = product(a1, b6); t = addProduct(t, a2, b5);
  u = addProduct(u, a3, b4); t = addProduct(t, a4, b3); u = addProduct(u, a5, b2);
  t = addProduct(t, a6, b1); u = addProduct(u, a7, b0); t = i64x2.add(t, lift);
  u = addShifted(u, m0, 21); t = addShifted(t, q1, 18); u = addShifted(u, q4, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q7 = v128.and(c, mask), m7 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 8
  t = product(a0, b8); u = product(a1, b7); t = addProduct(t, a2, b6);
  u = addProduct(u, a3, b5); t = addProduct(t, a4, b4); u = addProduct(u, a5, b3);
  t = addProduct(t, a6, b2); u = addProduct(u, a7, b1); t = addProduct(t, a8, b0);
  u = addShifted(u, q0, 24); t = addShifted(t, m1, 21); u = addShifted(u, q2, 18);
  t = addShifted(t, q5, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q8 = v128.and(c, mask), m8 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 9
  t = product(a1, b8); u = product(a2, b7); t = addProduct(t, a3, b6);
  u = addProduct(u, a4, b5); t = addProduct(t, a5, b4); u = addProduct(u, a6, b3);
  t = addProduct(t, a7, b2); u = addProduct(u, a8, b1); t = addShifted(t, q1, 24);
  u = addShifted(u, m2, 21); t = addShifted(t, q3, 18); u = addShifted(u, q6, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r0 = c; c = i64x2.shr_u(c, 29);
  // column 10
  t = product(a2, b8); u = product(a3, b7); t = addProduct(t, a4, b6);
  u = addProduct(u, a5, b5); t = addProduct(t, a6, b4); u = addProduct(u, a7, b3);
  t = addProduct(t, a8, b2); u = addShifted(u, q2, 24); t = addShifted(t, m3, 21);
  u = addShifted(u, q4, 18); t = addShifted(t, q7, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r1 = c; c = i64x2.shr_u(c, 29);
  // column 11
  t = product(a3, b8); u = product(a4, b7); t = addProduct(t, a5, b6);
  u = addProduct(u, a6, b5); t = addProduct(t, a7, b4); u = addProduct(u, a8, b3);
  t = addShifted(t, q3, 24); u = addShifted(u, m4, 21); t = addShifted(t, q5, 18);
  u = addShifted(u, q8, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r2 = c; c = i64x2.shr_u(c, 29);
  // column 12
  t = product(a4, b8); u = product(a5, b7); t = addProduct(t, a6, b6);
  u = addProduct(u, a7, b5); t = addProduct(t, a8, b4); u = addShifted(u, q4, 24);
  t = addShifted(t, m5, 21); u = addShifted(u, q6, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r3 = c; c = i64x2.shr_u(c, 29);
  // column 13
  t = product(a5, b8); u = product(a6, b7); t = addProduct(t, a7, b6);
  u = addProduct(u, a8, b5); t = addShifted(t, q5, 24); u = addShifted(u, m6, 21);
  t = addShifted(t, q7, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r4 = c; c = i64x2.shr_u(c, 29);
  // column 14
  t = product(a6, b8); u = product(a7, b7); t = addProduct(t, a8, b6);
  u = addShifted(u, q6, 24); t = addShifted(t, m7, 21); u = addShifted(u, q8, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r5 = c; c = i64x2.shr_u(c, 29);
  // column 15
  t = product(a7, b8); t = addProduct(t, a8, b7); t = addShifted(t, q7, 24);
  t = addShifted(t, m8, 21);
  c = i64x2.add(c, t);
  const r6 = c; c = i64x2.shr_u(c, 29);
  // column 16
  t = product(a8, b8); t = i64x2.sub(t, lift); t = addShifted(t, q8, 24);
  c = i64x2.add(c, t);
  const r7 = c; const r8 = i64x2.shr_u(c, 29);
  const mask32 = v128.load(MASK32);
  v128.store(out, limbPair(r0, r1, mask32));
  v128.store(out, limbPair(r2, r3, mask32), 16);
  v128.store(out, limbPair(r4, r5, mask32), 32);
  v128.store(out, limbPair(r6, r7, mask32), 48);
  v128.store(out, v128.shuffle<i32>(r8, i64x2.splat(0), 0, 2, 4, 6), 64);
}

/**
 * out := a²·R⁻¹ mod p, per lane. As {@link feMul}, with the mixed products taken once from doubled limbs.
 *
 * In:  a lazy(m), m ≤ 2, value < 4p. The doubled limbs are < 4·(2^29 + 8) < 2^32. Out: a product. out may alias a.
 */
export function feSqr(out: usize, a: usize): void {
  const mask = v128.load(MASK64);
  const lift = v128.load(LIFT);
  const a0 = v128.load(a, 0);
  const a2 = v128.load(a, 16);
  const a4 = v128.load(a, 32);
  const a6 = v128.load(a, 48);
  const a8 = v128.load(a, 64);
  const a1 = odd(a0), a3 = odd(a2), a5 = odd(a4), a7 = odd(a6);
  const d0 = i32x4.add(a0, a0);
  const d1 = i32x4.add(a1, a1);
  const d2 = i32x4.add(a2, a2);
  const d3 = i32x4.add(a3, a3);
  const d4 = i32x4.add(a4, a4);
  const d5 = i32x4.add(a5, a5);
  const d6 = i32x4.add(a6, a6);
  const d7 = i32x4.add(a7, a7);
  // column 0
  let c = product(a0, a0), t: v128, u: v128;
  const q0 = v128.and(c, mask), m0 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 1
  t = product(d0, a1);
  c = i64x2.add(c, t);
  const q1 = v128.and(c, mask), m1 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 2
  t = product(d0, a2); t = addProduct(t, a1, a1);
  c = i64x2.add(c, t);
  const q2 = v128.and(c, mask), m2 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 3
  t = product(d0, a3); t = addProduct(t, d1, a2); t = addShifted(t, q0, 9);
  c = i64x2.add(c, t);
  const q3 = v128.and(c, mask), m3 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 4
  t = product(d0, a4); t = addProduct(t, d1, a3); t = addProduct(t, a2, a2);
  t = addShifted(t, q1, 9);
  c = i64x2.add(c, t);
  const q4 = v128.and(c, mask), m4 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 5
  t = product(d0, a5); t = addProduct(t, d1, a4); t = addProduct(t, d2, a3);
  t = addShifted(t, q2, 9);
  c = i64x2.add(c, t);
  const q5 = v128.and(c, mask), m5 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 6
  t = product(d0, a6); u = product(d1, a5); t = addProduct(t, d2, a4);
  u = addProduct(u, a3, a3); t = addShifted(t, q0, 18); u = addShifted(u, q3, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q6 = v128.and(c, mask), m6 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 7
  t = product(d0, a7); u = product(d1, a6); t = addProduct(t, d2, a5);
  u = addProduct(u, d3, a4); t = i64x2.add(t, lift); u = addShifted(u, m0, 21);
  t = addShifted(t, q1, 18); u = addShifted(u, q4, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q7 = v128.and(c, mask), m7 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 8
  t = product(d0, a8); u = product(d1, a7); t = addProduct(t, d2, a6);
  u = addProduct(u, d3, a5); t = addProduct(t, a4, a4); u = addShifted(u, q0, 24);
  t = addShifted(t, m1, 21); u = addShifted(u, q2, 18); t = addShifted(t, q5, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const q8 = v128.and(c, mask), m8 = v128.andnot(mask, c); c = i64x2.shr_u(c, 29);
  // column 9
  t = product(d1, a8); u = product(d2, a7); t = addProduct(t, d3, a6);
  u = addProduct(u, d4, a5); t = addShifted(t, q1, 24); u = addShifted(u, m2, 21);
  t = addShifted(t, q3, 18); u = addShifted(u, q6, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r0 = c; c = i64x2.shr_u(c, 29);
  // column 10
  t = product(d2, a8); u = product(d3, a7); t = addProduct(t, d4, a6);
  u = addProduct(u, a5, a5); t = addShifted(t, q2, 24); u = addShifted(u, m3, 21);
  t = addShifted(t, q4, 18); u = addShifted(u, q7, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r1 = c; c = i64x2.shr_u(c, 29);
  // column 11
  t = product(d3, a8); u = product(d4, a7); t = addProduct(t, d5, a6);
  u = addShifted(u, q3, 24); t = addShifted(t, m4, 21); u = addShifted(u, q5, 18);
  t = addShifted(t, q8, 9);
  c = i64x2.add(c, i64x2.add(t, u));
  const r2 = c; c = i64x2.shr_u(c, 29);
  // column 12
  t = product(d4, a8); u = product(d5, a7); t = addProduct(t, a6, a6);
  u = addShifted(u, q4, 24); t = addShifted(t, m5, 21); u = addShifted(u, q6, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r3 = c; c = i64x2.shr_u(c, 29);
  // column 13
  t = product(d5, a8); u = product(d6, a7); t = addShifted(t, q5, 24);
  u = addShifted(u, m6, 21); t = addShifted(t, q7, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r4 = c; c = i64x2.shr_u(c, 29);
  // column 14
  t = product(d6, a8); u = product(a7, a7); t = addShifted(t, q6, 24);
  u = addShifted(u, m7, 21); t = addShifted(t, q8, 18);
  c = i64x2.add(c, i64x2.add(t, u));
  const r5 = c; c = i64x2.shr_u(c, 29);
  // column 15
  t = product(d7, a8); t = addShifted(t, q7, 24); t = addShifted(t, m8, 21);
  c = i64x2.add(c, t);
  const r6 = c; c = i64x2.shr_u(c, 29);
  // column 16
  t = product(a8, a8); t = i64x2.sub(t, lift); t = addShifted(t, q8, 24);
  c = i64x2.add(c, t);
  const r7 = c; const r8 = i64x2.shr_u(c, 29);
  const mask32 = v128.load(MASK32);
  v128.store(out, limbPair(r0, r1, mask32));
  v128.store(out, limbPair(r2, r3, mask32), 16);
  v128.store(out, limbPair(r4, r5, mask32), 32);
  v128.store(out, limbPair(r6, r7, mask32), 48);
  v128.store(out, v128.shuffle<i32>(r8, i64x2.splat(0), 0, 2, 4, 6), 64);
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
export const SPREAD_PRODUCT: usize = memory.data<u32>(
  [
    0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe,
    0x3ffffffe, 0x3ffffffe, 0x200003fe, 0x200003fe,
    0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff,
    0x2007ffff, 0x2007ffff, 0x3fbfffff, 0x3fbfffff,
    0x01fffffe, 0x01fffffe, 0, 0,
  ],
  16,
);
export const SPREAD_1: usize = memory.data<u32>(
  [
    0x5ffffffe, 0x5ffffffe, 0x5ffffffd, 0x5ffffffd,
    0x5ffffffd, 0x5ffffffd, 0x400003fd, 0x400003fd,
    0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe,
    0x4007fffe, 0x4007fffe, 0x5fbffffe, 0x5fbffffe,
    0x01fffffd, 0x01fffffd, 0, 0,
  ],
  16,
);
export const SPREAD_2: usize = memory.data<u32>(
  [
    0x7ffffffc, 0x7ffffffc, 0x7ffffffc, 0x7ffffffc,
    0x7ffffffc, 0x7ffffffc, 0x600007fc, 0x600007fc,
    0x5ffffffd, 0x5ffffffd, 0x5ffffffd, 0x5ffffffd,
    0x600ffffd, 0x600ffffd, 0x7f7ffffd, 0x7f7ffffd,
    0x03fffffc, 0x03fffffc, 0, 0,
  ],
  16,
);
export const SPREAD_4: usize = memory.data<u32>(
  [
    0xbffffff8, 0xbffffff8, 0xbffffffa, 0xbffffffa,
    0xbffffffa, 0xbffffffa, 0xa0000ffa, 0xa0000ffa,
    0x9ffffffb, 0x9ffffffb, 0x9ffffffb, 0x9ffffffb,
    0xa01ffffb, 0xa01ffffb, 0xbefffffb, 0xbefffffb,
    0x07fffffa, 0x07fffffa, 0, 0,
  ],
  16,
);

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
export function settle(out: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  const zero = i64x2.splat(0);
  const mask = v128.load(MASK32);
  const h = i32x4.shr_u(v4, 24); // limb 8's lanes; the padding is zero
  const hOdd = v128.shuffle<i32>(h, h, 2, 3, 0, 1);
  v0 = i32x4.add(v0, h);
  v1 = i32x4.sub(v1, i32x4.shl(hOdd, 9));
  v3 = i32x4.add(i32x4.sub(v3, i32x4.shl(h, 18)), i32x4.shl(hOdd, 21));
  const c0 = i32x4.shr_u(v0, 29);
  const c1 = i32x4.shr_u(v1, 29);
  const c2 = i32x4.shr_u(v2, 29);
  const c3 = i32x4.shr_u(v3, 29);
  v128.store(out, i32x4.add(v128.and(v0, mask), v128.shuffle<i32>(zero, c0, 0, 1, 4, 5)));
  v128.store(out, i32x4.add(v128.and(v1, mask), v128.shuffle<i32>(c0, c1, 2, 3, 4, 5)), 16);
  v128.store(out, i32x4.add(v128.and(v2, mask), v128.shuffle<i32>(c1, c2, 2, 3, 4, 5)), 32);
  v128.store(out, i32x4.add(v128.and(v3, mask), v128.shuffle<i32>(c2, c3, 2, 3, 4, 5)), 48);
  v128.store(out, i32x4.add(v128.and(v4, v128.load(TOP_MASK)), v128.shuffle<i32>(c3, zero, 2, 3, 4, 5)), 64);
}

/** Vector v of an element. */
@inline
export function at(element: usize, v: i32): v128 {
  return v128.load(element + ((<usize>v) << 4));
}

@inline
export function twice(vector: v128): v128 {
  return i32x4.add(vector, vector);
}

/** Vector v of a + spread. */
@inline
function lifted(a: usize, spread: usize, v: i32): v128 {
  return i32x4.add(at(a, v), at(spread, v));
}

/** out := a + b. In: both tight. Out: lazy(2), value < 3p. */
export function feAddLazy(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.add(at(a, 0), at(b, 0)), 0);
  v128.store(out, i32x4.add(at(a, 1), at(b, 1)), 16);
  v128.store(out, i32x4.add(at(a, 2), at(b, 2)), 32);
  v128.store(out, i32x4.add(at(a, 3), at(b, 3)), 48);
  v128.store(out, i32x4.add(at(a, 4), at(b, 4)), 64);
}

/** out := a − b. In: a tight, b a product. Out: lazy(3), value < 3.5p. */
export function feSubLazy(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.sub(lifted(a, SPREAD_PRODUCT, 0), at(b, 0)), 0);
  v128.store(out, i32x4.sub(lifted(a, SPREAD_PRODUCT, 1), at(b, 1)), 16);
  v128.store(out, i32x4.sub(lifted(a, SPREAD_PRODUCT, 2), at(b, 2)), 32);
  v128.store(out, i32x4.sub(lifted(a, SPREAD_PRODUCT, 3), at(b, 3)), 48);
  v128.store(out, i32x4.sub(lifted(a, SPREAD_PRODUCT, 4), at(b, 4)), 64);
}

/** out := 2a − b. In: a and b tight. Out: lazy(5), value < 5p. */
export function feDoubleSubLazy(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.add(at(a, 0), i32x4.sub(lifted(a, SPREAD_1, 0), at(b, 0))), 0);
  v128.store(out, i32x4.add(at(a, 1), i32x4.sub(lifted(a, SPREAD_1, 1), at(b, 1))), 16);
  v128.store(out, i32x4.add(at(a, 2), i32x4.sub(lifted(a, SPREAD_1, 2), at(b, 2))), 32);
  v128.store(out, i32x4.add(at(a, 3), i32x4.sub(lifted(a, SPREAD_1, 3), at(b, 3))), 48);
  v128.store(out, i32x4.add(at(a, 4), i32x4.sub(lifted(a, SPREAD_1, 4), at(b, 4))), 64);
}

/** out := a − b. In: tight. Out: tight. */
export function feSub(out: usize, a: usize, b: usize): void {
  settle(
    out,
    i32x4.sub(lifted(a, SPREAD_1, 0), at(b, 0)),
    i32x4.sub(lifted(a, SPREAD_1, 1), at(b, 1)),
    i32x4.sub(lifted(a, SPREAD_1, 2), at(b, 2)),
    i32x4.sub(lifted(a, SPREAD_1, 3), at(b, 3)),
    i32x4.sub(lifted(a, SPREAD_1, 4), at(b, 4)),
  );
}

/** out := a − 2b. In: tight. Out: tight. */
export function feSubTwice(out: usize, a: usize, b: usize): void {
  settle(
    out,
    i32x4.sub(lifted(a, SPREAD_2, 0), twice(at(b, 0))),
    i32x4.sub(lifted(a, SPREAD_2, 1), twice(at(b, 1))),
    i32x4.sub(lifted(a, SPREAD_2, 2), twice(at(b, 2))),
    i32x4.sub(lifted(a, SPREAD_2, 3), twice(at(b, 3))),
    i32x4.sub(lifted(a, SPREAD_2, 4), twice(at(b, 4))),
  );
}

/** out := a − 4b. In: tight. Out: tight. */
export function feSubFourTimes(out: usize, a: usize, b: usize): void {
  settle(
    out,
    i32x4.sub(lifted(a, SPREAD_4, 0), i32x4.shl(at(b, 0), 2)),
    i32x4.sub(lifted(a, SPREAD_4, 1), i32x4.shl(at(b, 1), 2)),
    i32x4.sub(lifted(a, SPREAD_4, 2), i32x4.shl(at(b, 2), 2)),
    i32x4.sub(lifted(a, SPREAD_4, 3), i32x4.shl(at(b, 3), 2)),
    i32x4.sub(lifted(a, SPREAD_4, 4), i32x4.shl(at(b, 4), 2)),
  );
}

/** out := a − b − 2c. In: tight. Out: tight. */
export function feSubSubTwice(out: usize, a: usize, b: usize, c: usize): void {
  settle(
    out,
    i32x4.sub(lifted(a, SPREAD_4, 0), i32x4.add(at(b, 0), twice(at(c, 0)))),
    i32x4.sub(lifted(a, SPREAD_4, 1), i32x4.add(at(b, 1), twice(at(c, 1)))),
    i32x4.sub(lifted(a, SPREAD_4, 2), i32x4.add(at(b, 2), twice(at(c, 2)))),
    i32x4.sub(lifted(a, SPREAD_4, 3), i32x4.add(at(b, 3), twice(at(c, 3)))),
    i32x4.sub(lifted(a, SPREAD_4, 4), i32x4.add(at(b, 4), twice(at(c, 4)))),
  );
}

/** out := a + b. In: tight. Out: tight. */
export function feAdd(out: usize, a: usize, b: usize): void {
  settle(
    out,
    i32x4.add(lifted(a, SPREAD_1, 0), at(b, 0)),
    i32x4.add(lifted(a, SPREAD_1, 1), at(b, 1)),
    i32x4.add(lifted(a, SPREAD_1, 2), at(b, 2)),
    i32x4.add(lifted(a, SPREAD_1, 3), at(b, 3)),
    i32x4.add(lifted(a, SPREAD_1, 4), at(b, 4)),
  );
}

/** out := 3a. In: tight. Out: tight. */
export function feTriple(out: usize, a: usize): void {
  settle(
    out,
    i32x4.add(lifted(a, SPREAD_1, 0), twice(at(a, 0))),
    i32x4.add(lifted(a, SPREAD_1, 1), twice(at(a, 1))),
    i32x4.add(lifted(a, SPREAD_1, 2), twice(at(a, 2))),
    i32x4.add(lifted(a, SPREAD_1, 3), twice(at(a, 3))),
    i32x4.add(lifted(a, SPREAD_1, 4), twice(at(a, 4))),
  );
}

/** out := −a in the lanes whose bit is set in `lanes`, a in the others. In: tight. Out: tight. out may alias a. */
export function feNegateLanes(out: usize, a: usize, lanes: i32): void {
  const negate = i32x4.replace_lane(i32x4.splat(-(lanes & 1)), 1, -((lanes >> 1) & 1));
  const chosen = v128.shuffle<i32>(negate, negate, 0, 1, 0, 1);
  settle(
    out,
    v128.bitselect(i32x4.sub(at(SPREAD_1, 0), at(a, 0)), lifted(a, SPREAD_1, 0), chosen),
    v128.bitselect(i32x4.sub(at(SPREAD_1, 1), at(a, 1)), lifted(a, SPREAD_1, 1), chosen),
    v128.bitselect(i32x4.sub(at(SPREAD_1, 2), at(a, 2)), lifted(a, SPREAD_1, 2), chosen),
    v128.bitselect(i32x4.sub(at(SPREAD_1, 3), at(a, 3)), lifted(a, SPREAD_1, 3), chosen),
    v128.bitselect(i32x4.sub(at(SPREAD_1, 4), at(a, 4)), lifted(a, SPREAD_1, 4), chosen),
  );
}

/** Lane k of out := lane k of the element at address k of the list (one u32 address a lane), `offset` octets behind it. */
export function feGather(out: usize, list: usize, offset: usize): void {
  const first: usize = <usize>load<u32>(list) + offset;
  const second: usize = <usize>load<u32>(list, 4) + offset;
  for (let v = 0; v < 5; v++) {
    v128.store(out + ((<usize>v) << 4), v128.shuffle<i32>(at(first, v), at(second, v), 0, 5, 2, 7));
  }
}

/** Lane k of out := the packed element at address k of the list, whose lowest bit is not part of the address. */
export function feGatherPacked(out: usize, list: usize, offset: usize): void {
  const first: usize = <usize>(load<u32>(list) & ~1) + offset;
  const second: usize = <usize>(load<u32>(list, 4) & ~1) + offset;
  for (let v: usize = 0; v < 5; v++) {
    const x = v128.load64_zero(first + 8 * v);
    const y = v128.load64_zero(second + 8 * v);
    v128.store(out + 16 * v, v128.shuffle<i32>(x, y, 0, 4, 1, 5));
  }
}

/** out := a − b − c. In: tight. Out: tight. */
export function feSubBoth(out: usize, a: usize, b: usize, c: usize): void {
  settle(
    out,
    i32x4.sub(lifted(a, SPREAD_2, 0), i32x4.add(at(b, 0), at(c, 0))),
    i32x4.sub(lifted(a, SPREAD_2, 1), i32x4.add(at(b, 1), at(c, 1))),
    i32x4.sub(lifted(a, SPREAD_2, 2), i32x4.add(at(b, 2), at(c, 2))),
    i32x4.sub(lifted(a, SPREAD_2, 3), i32x4.add(at(b, 3), at(c, 3))),
    i32x4.sub(lifted(a, SPREAD_2, 4), i32x4.add(at(b, 4), at(c, 4))),
  );
}
