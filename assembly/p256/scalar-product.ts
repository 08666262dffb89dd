/**
 * Multiplication mod n = ffffffff 00000000 ffffffff ffffffff bce6faad a7179e84 f3b9cac2 fc632551, the order of P-256; see scalar.ts for
 * what a scalar is.
 */
import { LIMB_MASK, limbsSubtractIfNotLess } from './limbs';

/** n as limbs. */
export const N_LIMBS: usize = memory.data<u32>(
  [0x1c632551, 0x1dce5617, 0x05e7a13c, 0x0df55b4e, 0x1ffffbce, 0x1fffffff, 0x0003ffff, 0x1fe00000, 0x00ffffff, 0],
  16,
);
/** The highest limb of n. */
const N_TOP: u32 = 0xffffff;

/**
 * n = 2^256 − 2^224 + 2^192 − N4·2^116 + N3·2^87 + N2·2^58 + N1·2^29 + N0: five products for a multiple of it in place of nine, and
 * three shifts, 2^24 in column 8, −2^21 in column 7 and 2^18 in column 6.
 */
const N0: i64 = 0x1c632551;
const N1: i64 = 0x1dce5617;
const N2: i64 = 0x05e7a13c;
const N3: i64 = 0x0df55b4e;
const N4: i64 = 0x432;
/** −n⁻¹ mod 2^58. */
const N_INVERSE: u64 = 0xd1c8aaee00bc4f;

const MASK: i64 = <i64>LIMB_MASK;

/** What has to be added times n so that the two lowest columns vanish: two limbs of a quotient. Higher bits fall off at 2^64 unneeded. */
@inline
function quotients(t0: i64, t1: i64): i64 {
  return <i64>(((<u64>t0 + (<u64>t1 << 29)) * N_INVERSE) & 0x3ffffffffffffff);
}

/**
 * out := a·b·R⁻¹ mod n, canonical: Montgomery multiplication by rows, two at a time: the rows wait for their quotients, and one 64-bit
 * product makes two of them. Written out, because as a loop it takes 36 ns in place of 31. out may alias a or b.
 *
 * In: limbs < 2^29, a·b < n·2^260 (both below 2^256, not necessarily below n, is enough).
 * A column collects at most nine products of a·b and five of q·n, each < 2^58, shifted quotients < 2^54 and a carry < 2^35: |t| < 2^62.
 * The value is (a·b + q·n)/R < n/2 + n before the last subtraction, and not negative.
 */
export function scalarMul(out: usize, a: usize, b: usize): void {
  const b0: i64 = load<u32>(b);
  const b1: i64 = load<u32>(b, 4);
  const b2: i64 = load<u32>(b, 8);
  const b3: i64 = load<u32>(b, 12);
  const b4: i64 = load<u32>(b, 16);
  const b5: i64 = load<u32>(b, 20);
  const b6: i64 = load<u32>(b, 24);
  const b7: i64 = load<u32>(b, 28);
  const b8: i64 = load<u32>(b, 32);
  let x: i64, y: i64, q: i64, r: i64;
  let t0: i64 = 0;
  let t1: i64 = 0;
  let t2: i64 = 0;
  let t3: i64 = 0;
  let t4: i64 = 0;
  let t5: i64 = 0;
  let t6: i64 = 0;
  let t7: i64 = 0;
  // limbs 0 and 1 of a
  x = load<u32>(a); y = load<u32>(a, 4);
  t0 += x * b0; t1 += x * b1 + y * b0;
  q = quotients(t0, t1); r = q >> 29; q &= MASK;
  t1 += q * N1 + r * N0 + ((t0 + q * N0) >> 29);
  t0 = t2 + x * b2 + y * b1 + q * N2 + r * N1 + (t1 >> 29);
  t1 = t3 + x * b3 + y * b2 + q * N3 + r * N2;
  t2 = t4 + x * b4 + y * b3 - q * N4 + r * N3;
  t3 = t5 + x * b5 + y * b4 - r * N4;
  t4 = t6 + x * b6 + y * b5 + (q << 18);
  t5 = t7 + x * b7 + y * b6 - (q << 21) + (r << 18);
  t6 = x * b8 + y * b7 + (q << 24) - (r << 21);
  t7 = y * b8 + (r << 24);
  // limbs 2 and 3 of a
  x = load<u32>(a, 8); y = load<u32>(a, 12);
  t0 += x * b0; t1 += x * b1 + y * b0;
  q = quotients(t0, t1); r = q >> 29; q &= MASK;
  t1 += q * N1 + r * N0 + ((t0 + q * N0) >> 29);
  t0 = t2 + x * b2 + y * b1 + q * N2 + r * N1 + (t1 >> 29);
  t1 = t3 + x * b3 + y * b2 + q * N3 + r * N2;
  t2 = t4 + x * b4 + y * b3 - q * N4 + r * N3;
  t3 = t5 + x * b5 + y * b4 - r * N4;
  t4 = t6 + x * b6 + y * b5 + (q << 18);
  t5 = t7 + x * b7 + y * b6 - (q << 21) + (r << 18);
  t6 = x * b8 + y * b7 + (q << 24) - (r << 21);
  t7 = y * b8 + (r << 24);
  // limbs 4 and 5 of a
  x = load<u32>(a, 16); y = load<u32>(a, 20);
  t0 += x * b0; t1 += x * b1 + y * b0;
  q = quotients(t0, t1); r = q >> 29; q &= MASK;
  t1 += q * N1 + r * N0 + ((t0 + q * N0) >> 29);
  t0 = t2 + x * b2 + y * b1 + q * N2 + r * N1 + (t1 >> 29);
  t1 = t3 + x * b3 + y * b2 + q * N3 + r * N2;
  t2 = t4 + x * b4 + y * b3 - q * N4 + r * N3;
  t3 = t5 + x * b5 + y * b4 - r * N4;
  t4 = t6 + x * b6 + y * b5 + (q << 18);
  t5 = t7 + x * b7 + y * b6 - (q << 21) + (r << 18);
  t6 = x * b8 + y * b7 + (q << 24) - (r << 21);
  t7 = y * b8 + (r << 24);
  // limbs 6 and 7 of a
  x = load<u32>(a, 24); y = load<u32>(a, 28);
  t0 += x * b0; t1 += x * b1 + y * b0;
  q = quotients(t0, t1); r = q >> 29; q &= MASK;
  t1 += q * N1 + r * N0 + ((t0 + q * N0) >> 29);
  t0 = t2 + x * b2 + y * b1 + q * N2 + r * N1 + (t1 >> 29);
  t1 = t3 + x * b3 + y * b2 + q * N3 + r * N2;
  t2 = t4 + x * b4 + y * b3 - q * N4 + r * N3;
  t3 = t5 + x * b5 + y * b4 - r * N4;
  t4 = t6 + x * b6 + y * b5 + (q << 18);
  t5 = t7 + x * b7 + y * b6 - (q << 21) + (r << 18);
  t6 = x * b8 + y * b7 + (q << 24) - (r << 21);
  t7 = y * b8 + (r << 24);
  // limb 8 of a
  x = load<u32>(a, 32);
  t0 += x * b0;
  q = quotients(t0, 0) & MASK;
  t0 = t1 + x * b1 + q * N1 + ((t0 + q * N0) >> 29);
  t1 = t2 + x * b2 + q * N2;
  t2 = t3 + x * b3 + q * N3;
  t3 = t4 + x * b4 - q * N4;
  t4 = t5 + x * b5;
  t5 = t6 + x * b6 + (q << 18);
  t6 = t7 + x * b7 - (q << 21);
  t7 = x * b8 + (q << 24);
  store<u32>(out, <u32>(t0 & MASK));
  t1 += t0 >> 29;
  store<u32>(out, <u32>(t1 & MASK), 4);
  t2 += t1 >> 29;
  store<u32>(out, <u32>(t2 & MASK), 8);
  t3 += t2 >> 29;
  store<u32>(out, <u32>(t3 & MASK), 12);
  t4 += t3 >> 29;
  store<u32>(out, <u32>(t4 & MASK), 16);
  t5 += t4 >> 29;
  store<u32>(out, <u32>(t5 & MASK), 20);
  t6 += t5 >> 29;
  store<u32>(out, <u32>(t6 & MASK), 24);
  t7 += t6 >> 29;
  store<u32>(out, <u32>(t7 & MASK), 28);
  const top = <u32>(t7 >> 29);
  store<u32>(out, top, 32);
  if (top >= N_TOP) limbsSubtractIfNotLess(out, N_LIMBS);
}
