/**
 * The field of P-256 in double precision, four lanes: five signed digits of 52 bits each, value = Σ digit[i]·2^(52·i), every digit
 * a double that holds an integer. Digit i of lane l is the f64 at `element + 32·i + 8·l`: two vectors a digit. Arithmetic is in
 * Montgomery form with R = 2^260.
 *
 * Two classes of element, by what is promised of every lane:
 *
 *   tight     |digits 0…3| ≤ 2^51 + 8, |digit 4| ≤ 0.62·2^48, hence |value| ≤ 0.621·2^256 < 0.622p.
 *   product   the same with |value| < 0.54p, and digits 0…3 at most 2^51 + 2. What feMul and feSqr put out.
 *
 * A product: |a·b| ≤ 0.386·2^512, by R that is 0.0242·2^256; the reduction adds |Q|·p/R with |Q| ≤ 2^259·(1 + 2^-49), so the
 * value is below 0.5p + 0.0242·2^256 < 0.54p. Either class is exactly zero, in every digit, where it is 0 mod p: |value| < p,
 * and digits 0…3 below 2^52 leave no other way to write 0.
 *
 * `relaxed_madd` has to be fused here. Where it is not, products are wrong, which {@link fmaIsFused} finds out before first use.
 */
import {
  FMA_BASE,
  FMA_DOWN,
  FMA_MINUS_TOP_FOLD,
  FMA_MINUS_TWO36,
  FMA_MINUS_TWO44,
  FMA_ROUND,
  FMA_TOP_DOWN,
} from './fma-constants';
import { limbsToOctets } from './limbs';

export { feMul, feSqr } from './fma-products';

export const LANES: i32 = 4;
export const FE_BYTES: usize = 160;

/** 2^520 mod p as nine limbs of 29 bits. */
export const R_SQUARED_LIMBS: usize = memory.data<u32>(
  [0x00000300, 0x00000000, 0x1fffc000, 0x1ff7ffff, 0x1fefffff, 0x1fffffff, 0x17ffffff, 0x1fffffff, 0x00000004],
  16,
);

/** Two factors whose product a fused multiply-add keeps, and an unfused one rounds: (2^30 + 1)² = 2^60 + 2^31 + 1. */
const FUSED_FACTOR: usize = memory.data<f64>([1073741825, 1073741825], 16);
const FUSED_ADDEND: usize = memory.data<f64>([-1152921504606846976, -1152921504606846976], 16);

/** Whether this machine's multiply-add rounds once: (2^30 + 1)² − 2^60 is then 2^31 + 1 and not 2^31. */
export function fmaIsFused(): bool {
  const factor = v128.load(FUSED_FACTOR);
  const sum = f64x2.relaxed_madd(factor, factor, v128.load(FUSED_ADDEND));
  return f64x2.extract_lane(sum, 0) == 2147483649 && f64x2.extract_lane(sum, 1) == 2147483649;
}

/** Vector v of an element: digit v / 2 of two lanes. */
@inline
function at(element: usize, v: i32): v128 {
  return v128.load(element + ((<usize>v) << 4));
}

@inline
function twice(vector: v128): v128 {
  return f64x2.add(vector, vector);
}

/** Multiples of 2^52 nearest to integers below 2^103. */
@inline
function rounded(vector: v128): v128 {
  const base = v128.load(FMA_BASE);
  return f64x2.sub(f64x2.add(vector, base), base);
}

/**
 * out := Σ digits, folded and carried: in come the digits of a linear combination of half of the lanes, `half` 0 or 1.
 *
 * In:  |digits 0…3| ≤ 3·2^51 + 32, |digit 4| ≤ 4·2^48.
 * The multiple of 2^256 nearest to digit 4, m ≤ 4, is taken off as m·p: m into digit 0, −m·2^44 into digit 1, −m·2^36 into
 * digit 3, −m·(2^48 − 2^16) into digit 4; all stay below 2^53. Then every digit hands its carry (≤ 2) to the next, once.
 * Out: |digits 0…3| ≤ 2^51 + 2, |digit 4| ≤ 2^47 + 2^18 + 2.
 */
@inline
function settle(out: usize, half: usize, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128): void {
  const round = v128.load(FMA_ROUND);
  const down = v128.load(FMA_DOWN);
  const m = f64x2.sub(f64x2.relaxed_madd(d4, v128.load(FMA_TOP_DOWN), round), round);
  d0 = f64x2.add(d0, m);
  d1 = f64x2.relaxed_madd(m, v128.load(FMA_MINUS_TWO44), d1);
  d3 = f64x2.relaxed_madd(m, v128.load(FMA_MINUS_TWO36), d3);
  d4 = f64x2.relaxed_madd(m, v128.load(FMA_MINUS_TOP_FOLD), d4);
  const c0 = rounded(d0);
  const c1 = rounded(d1);
  const c2 = rounded(d2);
  const c3 = rounded(d3);
  const to = out + 16 * half;
  v128.store(to, f64x2.sub(d0, c0));
  v128.store(to, f64x2.relaxed_madd(c0, down, f64x2.sub(d1, c1)), 32);
  v128.store(to, f64x2.relaxed_madd(c1, down, f64x2.sub(d2, c2)), 64);
  v128.store(to, f64x2.relaxed_madd(c2, down, f64x2.sub(d3, c3)), 96);
  v128.store(to, f64x2.relaxed_madd(c3, down, d4), 128);
}

/** out := a + b. In: tight. Out: tight. */
export function feAdd(out: usize, a: usize, b: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.add(at(a, half), at(b, half)),
      f64x2.add(at(a, half + 2), at(b, half + 2)),
      f64x2.add(at(a, half + 4), at(b, half + 4)),
      f64x2.add(at(a, half + 6), at(b, half + 6)),
      f64x2.add(at(a, half + 8), at(b, half + 8)),
    );
  }
}

/** out := a − b. In: tight. Out: tight. */
export function feSub(out: usize, a: usize, b: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.sub(at(a, half), at(b, half)),
      f64x2.sub(at(a, half + 2), at(b, half + 2)),
      f64x2.sub(at(a, half + 4), at(b, half + 4)),
      f64x2.sub(at(a, half + 6), at(b, half + 6)),
      f64x2.sub(at(a, half + 8), at(b, half + 8)),
    );
  }
}

/** out := a − 2b. In: tight. Out: tight. Digits reach 3·2^51 + 24. */
export function feSubTwice(out: usize, a: usize, b: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.sub(at(a, half), twice(at(b, half))),
      f64x2.sub(at(a, half + 2), twice(at(b, half + 2))),
      f64x2.sub(at(a, half + 4), twice(at(b, half + 4))),
      f64x2.sub(at(a, half + 6), twice(at(b, half + 6))),
      f64x2.sub(at(a, half + 8), twice(at(b, half + 8))),
    );
  }
}

/** out := a − b − c. In: tight. Out: tight. Digits reach 3·2^51 + 24. */
export function feSubBoth(out: usize, a: usize, b: usize, c: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.sub(f64x2.sub(at(a, half), at(b, half)), at(c, half)),
      f64x2.sub(f64x2.sub(at(a, half + 2), at(b, half + 2)), at(c, half + 2)),
      f64x2.sub(f64x2.sub(at(a, half + 4), at(b, half + 4)), at(c, half + 4)),
      f64x2.sub(f64x2.sub(at(a, half + 6), at(b, half + 6)), at(c, half + 6)),
      f64x2.sub(f64x2.sub(at(a, half + 8), at(b, half + 8)), at(c, half + 8)),
    );
  }
}

/**
 * out := x − 2y, for digits 0…3 of x at most 2^52 + 16 and of y at most 2^51 + 8: what four or five times a digit would
 * take out of the exact range is carried first. Digits of x come down to 2^51 and 1 from below: 3·2^51 + 17 at most.
 */
@inline
function settleCarried(
  out: usize, half: usize, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128,
  y0: v128, y1: v128, y2: v128, y3: v128, y4: v128,
): void {
  const down = v128.load(FMA_DOWN);
  const c0 = rounded(x0);
  const c1 = rounded(x1);
  const c2 = rounded(x2);
  const c3 = rounded(x3);
  settle(
    out,
    half,
    f64x2.sub(f64x2.sub(x0, c0), twice(y0)),
    f64x2.sub(f64x2.relaxed_madd(c0, down, f64x2.sub(x1, c1)), twice(y1)),
    f64x2.sub(f64x2.relaxed_madd(c1, down, f64x2.sub(x2, c2)), twice(y2)),
    f64x2.sub(f64x2.relaxed_madd(c2, down, f64x2.sub(x3, c3)), twice(y3)),
    f64x2.sub(f64x2.relaxed_madd(c3, down, x4), twice(y4)),
  );
}

/** out := a − b − 2c. In: tight. Out: tight. The top digit reaches 4·0.62·2^48 + 1. */
export function feSubSubTwice(out: usize, a: usize, b: usize, c: usize): void {
  for (let half = 0; half < 2; half++) {
    settleCarried(
      out,
      half,
      f64x2.sub(at(a, half), at(b, half)),
      f64x2.sub(at(a, half + 2), at(b, half + 2)),
      f64x2.sub(at(a, half + 4), at(b, half + 4)),
      f64x2.sub(at(a, half + 6), at(b, half + 6)),
      f64x2.sub(at(a, half + 8), at(b, half + 8)),
      at(c, half), at(c, half + 2), at(c, half + 4), at(c, half + 6), at(c, half + 8),
    );
  }
}

/**
 * out := a − 4b. In: tight. Out: tight. 4b is exact (≤ 2^53 + 32, a multiple of four) but would not be next to a, so it is
 * carried first: its digits come down to 2^51 and a carry of at most 2.
 */
export function feSubFourTimes(out: usize, a: usize, b: usize): void {
  const down = v128.load(FMA_DOWN);
  for (let half = 0; half < 2; half++) {
    const x0 = twice(twice(at(b, half)));
    const x1 = twice(twice(at(b, half + 2)));
    const x2 = twice(twice(at(b, half + 4)));
    const x3 = twice(twice(at(b, half + 6)));
    const x4 = twice(twice(at(b, half + 8)));
    const c0 = rounded(x0);
    const c1 = rounded(x1);
    const c2 = rounded(x2);
    const c3 = rounded(x3);
    settle(
      out,
      half,
      f64x2.sub(at(a, half), f64x2.sub(x0, c0)),
      f64x2.sub(at(a, half + 2), f64x2.relaxed_madd(c0, down, f64x2.sub(x1, c1))),
      f64x2.sub(at(a, half + 4), f64x2.relaxed_madd(c1, down, f64x2.sub(x2, c2))),
      f64x2.sub(at(a, half + 6), f64x2.relaxed_madd(c2, down, f64x2.sub(x3, c3))),
      f64x2.sub(at(a, half + 8), f64x2.relaxed_madd(c3, down, x4)),
    );
  }
}

/** out := 3a. In: tight. Out: tight. */
export function feTriple(out: usize, a: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.add(twice(at(a, half)), at(a, half)),
      f64x2.add(twice(at(a, half + 2)), at(a, half + 2)),
      f64x2.add(twice(at(a, half + 4)), at(a, half + 4)),
      f64x2.add(twice(at(a, half + 6)), at(a, half + 6)),
      f64x2.add(twice(at(a, half + 8)), at(a, half + 8)),
    );
  }
}

/** out := 2a − b. In: tight. Out: tight. */
export function feDoubleSub(out: usize, a: usize, b: usize): void {
  for (let half = 0; half < 2; half++) {
    settle(
      out,
      half,
      f64x2.sub(twice(at(a, half)), at(b, half)),
      f64x2.sub(twice(at(a, half + 2)), at(b, half + 2)),
      f64x2.sub(twice(at(a, half + 4)), at(b, half + 4)),
      f64x2.sub(twice(at(a, half + 6)), at(b, half + 6)),
      f64x2.sub(twice(at(a, half + 8)), at(b, half + 8)),
    );
  }
}

/** out := −a in the lanes whose bit is set in `lanes`, a in the others. Keeps the class. out may alias a. */
export function feNegateLanes(out: usize, a: usize, lanes: i32): void {
  const first = i64x2.replace_lane(i64x2.splat(<i64>((<u64>lanes) << 63)), 1, <i64>((<u64>(lanes >> 1)) << 63));
  const second = i64x2.replace_lane(i64x2.splat(<i64>((<u64>(lanes >> 2)) << 63)), 1, <i64>((<u64>(lanes >> 3)) << 63));
  for (let v = 0; v < 10; v += 2) {
    v128.store(out + ((<usize>v) << 4), v128.xor(at(a, v), first));
    v128.store(out + ((<usize>v) << 4), v128.xor(at(a, v + 1), second), 16);
  }
}

/** Lane k of out := lane k of the element at address k of the list (one u32 address a lane), `offset` octets behind it. */
export function feGather(out: usize, list: usize, offset: usize): void {
  const first: usize = <usize>load<u32>(list) + offset;
  const second: usize = <usize>load<u32>(list, 4) + offset + 8;
  const third: usize = <usize>load<u32>(list, 8) + offset + 16;
  const fourth: usize = <usize>load<u32>(list, 12) + offset + 24;
  for (let digit: usize = 0; digit < 160; digit += 32) {
    v128.store(out + digit, v128.load64_lane(second + digit, v128.load64_zero(first + digit), 1));
    v128.store(out + digit, v128.load64_lane(fourth + digit, v128.load64_zero(third + digit), 1), 16);
  }
}

/** Lane k of out := the packed element at address k of the list, whose lowest bit is not part of the address. */
export function feGatherPacked(out: usize, list: usize, offset: usize): void {
  const first: usize = <usize>(load<u32>(list) & ~1) + offset;
  const second: usize = <usize>(load<u32>(list, 4) & ~1) + offset;
  const third: usize = <usize>(load<u32>(list, 8) & ~1) + offset;
  const fourth: usize = <usize>(load<u32>(list, 12) & ~1) + offset;
  for (let i: usize = 0; i < 5; i++) {
    const to = out + 32 * i;
    v128.store(to, v128.load64_lane(second + 8 * i, v128.load64_zero(first + 8 * i), 1));
    v128.store(to, v128.load64_lane(fourth + 8 * i, v128.load64_zero(third + 8 * i), 1), 16);
  }
}

/** The same, with the sign turned in the lanes whose list entry has its lowest bit set. */
export function feGatherPackedSigned(out: usize, list: usize, offset: usize): void {
  const a = load<u32>(list);
  const b = load<u32>(list, 4);
  const c = load<u32>(list, 8);
  const d = load<u32>(list, 12);
  const first: usize = <usize>(a & ~1) + offset;
  const second: usize = <usize>(b & ~1) + offset;
  const third: usize = <usize>(c & ~1) + offset;
  const fourth: usize = <usize>(d & ~1) + offset;
  const low = i64x2.replace_lane(i64x2.splat(<i64>((<u64>a) << 63)), 1, <i64>((<u64>b) << 63));
  const high = i64x2.replace_lane(i64x2.splat(<i64>((<u64>c) << 63)), 1, <i64>((<u64>d) << 63));
  for (let i: usize = 0; i < 5; i++) {
    const to = out + 32 * i;
    v128.store(to, v128.xor(low, v128.load64_lane(second + 8 * i, v128.load64_zero(first + 8 * i), 1)));
    v128.store(to, v128.xor(high, v128.load64_lane(fourth + 8 * i, v128.load64_zero(third + 8 * i), 1)), 16);
  }
}

/** 40 octets := lane `lane` of a, by itself. */
export function fePackLane(packed: usize, a: usize, lane: i32): void {
  for (let i = 0; i < 5; i++) store<f64>(packed + ((<usize>i) << 3), digit(a, lane, i));
}

@inline
function digit(element: usize, lane: i32, i: i32): f64 {
  return load<f64>(element + ((<usize>(4 * i + lane)) << 3));
}

@inline
function setDigit(element: usize, lane: i32, i: i32, value: f64): void {
  store<f64>(element + ((<usize>(4 * i + lane)) << 3), value);
}

export function feZero(out: usize): void {
  memory.fill(out, 0, FE_BYTES);
}

export function feCopy(out: usize, a: usize): void {
  for (let v: usize = 0; v < 160; v += 16) v128.store(out + v, v128.load(a + v));
}

export function feCopyLane(out: usize, a: usize, lane: i32): void {
  for (let i = 0; i < 5; i++) setDigit(out, lane, i, digit(a, lane, i));
}

export function feCopyLaneFrom(out: usize, lane: i32, a: usize, from: i32): void {
  for (let i = 0; i < 5; i++) setDigit(out, lane, i, digit(a, from, i));
}

const MASK52: u64 = 0xfffffffffffff;

/** p as five digits of 52 bits; the third is zero. */
export const P0: i64 = 0xfffffffffffff;
export const P1: i64 = 0x00fffffffffff;
const P2: i64 = 0;
export const P3: i64 = 0x0001000000000;
export const P4: i64 = 0x0ffffffff0000;

/** Lane `lane` := the integer Σ d[i]·2^(52·i), digits balanced: |d[i]| < 2^53 in, at most 2^51 out, the carries go up. */
function setBalanced(out: usize, lane: i32, d0: i64, d1: i64, d2: i64, d3: i64, d4: i64): void {
  const half: i64 = 0x8000000000000;
  let carry = (d0 + half) >> 52;
  setDigit(out, lane, 0, <f64>(d0 - (carry << 52)));
  d1 += carry;
  carry = (d1 + half) >> 52;
  setDigit(out, lane, 1, <f64>(d1 - (carry << 52)));
  d2 += carry;
  carry = (d2 + half) >> 52;
  setDigit(out, lane, 2, <f64>(d2 - (carry << 52)));
  d3 += carry;
  carry = (d3 + half) >> 52;
  setDigit(out, lane, 3, <f64>(d3 - (carry << 52)));
  setDigit(out, lane, 4, <f64>(d4 + carry));
}

/** Lane `lane` := 32 big-endian octets, as they are (not Montgomery). p comes off 2^255 and more, so |value| ≤ 2^255: tight. */
export function feFromOctetsLane(out: usize, lane: i32, octets: usize): void {
  const w3 = bswap<u64>(load<u64>(octets));
  const w2 = bswap<u64>(load<u64>(octets, 8));
  const w1 = bswap<u64>(load<u64>(octets, 16));
  const w0 = bswap<u64>(load<u64>(octets, 24));
  const high: i64 = -(<i64>(w3 >> 63));
  setBalanced(
    out,
    lane,
    <i64>(w0 & MASK52) - (P0 & high),
    <i64>(((w0 >> 52) | (w1 << 12)) & MASK52) - (P1 & high),
    <i64>(((w1 >> 40) | (w2 << 24)) & MASK52) - (P2 & high),
    <i64>(((w2 >> 28) | (w3 << 36)) & MASK52) - (P3 & high),
    <i64>(w3 >> 16) - (P4 & high),
  );
}

const OCTETS: usize = memory.data(32, 16);

/** Nine canonical limbs of a value below 2^256 into every lane. */
export function feFill(out: usize, limbs: usize): void {
  limbsToOctets(OCTETS, limbs);
  for (let lane = 0; lane < LANES; lane++) feFromOctetsLane(out, lane, OCTETS);
}

/** Lane `lane` of `a` as 32 big-endian octets, canonical. In: tight, out of Montgomery form. */
export function feToOctetsLane(octets: usize, a: usize, lane: i32): void {
  valueToOctets(
    octets,
    <i64>digit(a, lane, 0),
    <i64>digit(a, lane, 1),
    <i64>digit(a, lane, 2),
    <i64>digit(a, lane, 3),
    <i64>digit(a, lane, 4),
  );
}

/** Five digits as 32 big-endian octets: p goes onto a negative value. In: |value| < p, |digits| ≤ 2^53. */
export function valueToOctets(octets: usize, d0: i64, d1: i64, d2: i64, d3: i64, d4: i64): void {
  // After the carries the sign of the highest digit is the sign of the value.
  const sign: i64 = (d4 + ((d3 + ((d2 + ((d1 + (d0 >> 52)) >> 52)) >> 52)) >> 52)) >> 63;
  d0 += P0 & sign;
  d1 += (P1 & sign) + (d0 >> 52);
  d2 += (P2 & sign) + (d1 >> 52);
  d3 += (P3 & sign) + (d2 >> 52);
  d4 += (P4 & sign) + (d3 >> 52);
  const e0 = <u64>d0 & MASK52;
  const e1 = <u64>d1 & MASK52;
  const e2 = <u64>d2 & MASK52;
  const e3 = <u64>d3 & MASK52;
  const e4 = <u64>d4;
  store<u64>(octets, bswap<u64>((e3 >> 36) | (e4 << 16)));
  store<u64>(octets, bswap<u64>((e2 >> 24) | (e3 << 28)), 8);
  store<u64>(octets, bswap<u64>((e1 >> 12) | (e2 << 40)), 16);
  store<u64>(octets, bswap<u64>(e0 | (e1 << 52)), 24);
}

/** Whether a lane of a tight element is 0 mod p: then every digit is zero. */
export function feProductIsZeroLane(a: usize, lane: i32): bool {
  return (
    digit(a, lane, 0) == 0 &&
    digit(a, lane, 1) == 0 &&
    digit(a, lane, 2) == 0 &&
    digit(a, lane, 3) == 0 &&
    digit(a, lane, 4) == 0
  );
}

/** Whether any lane may be 0 mod p: looks at the lowest digit only, and is wrong about once in 2^50 products. */
@inline
export function feProductMayBeZero(a: usize): bool {
  const zero = f64x2.splat(0);
  return v128.any_true(v128.or(f64x2.eq(v128.load(a), zero), f64x2.eq(v128.load(a, 16), zero)));
}
