/**
 * Compact values of the double-precision field: a value v of about |v| < 2^255, kept as the 256-bit integer v + BIAS, four u64, lowest first.
 *
 * BIAS has half of each digit's range in every digit: 2^51 in digits 0…3, 2^47 in digit 4. So the five fields of 52 (and 48) bits are
 * the balanced digits of v, each with its bias: reading one takes a shift, a mask, the exponent of 2^52 put in front of it, and one
 * subtraction, and no carry.
 */
import {
  FMA_FIELD_DOWN,
  FMA_FIELD_EXPONENT,
  FMA_FIELD_MASK,
  FMA_TOP_FIELD_DOWN,
} from './fma-constants';
import { P0, P1, P3, P4, valueToOctets } from './field-fma';

const FIELD: i64 = 0xfffffffffffff;
/** Half of a field's range, and of the highest one's. */
const HALF: i64 = 0x8000000000000;
const TOP_HALF: i64 = 0x800000000000;

/** The fields of two values, word k of each in `wk`, as digits 0…4 of half of an element's lanes; `sign` turns signs (its highest bits). */
@inline
function digitsOut(out: usize, w0: v128, w1: v128, w2: v128, w3: v128, sign: v128): void {
  const mask = v128.load(FMA_FIELD_MASK);
  const exponent = v128.load(FMA_FIELD_EXPONENT);
  const down = v128.load(FMA_FIELD_DOWN);
  const f1 = v128.or(i64x2.shr_u(w0, 52), i64x2.shl(w1, 12));
  const f2 = v128.or(i64x2.shr_u(w1, 40), i64x2.shl(w2, 24));
  const f3 = v128.or(i64x2.shr_u(w2, 28), i64x2.shl(w3, 36));
  v128.store(out, v128.xor(f64x2.sub(v128.or(v128.and(w0, mask), exponent), down), sign));
  v128.store(out, v128.xor(f64x2.sub(v128.or(v128.and(f1, mask), exponent), down), sign), 32);
  v128.store(out, v128.xor(f64x2.sub(v128.or(v128.and(f2, mask), exponent), down), sign), 64);
  v128.store(out, v128.xor(f64x2.sub(v128.or(v128.and(f3, mask), exponent), down), sign), 96);
  v128.store(out, v128.xor(f64x2.sub(v128.or(i64x2.shr_u(w3, 16), exponent), v128.load(FMA_TOP_FIELD_DOWN)), sign), 128);
}

/** Word k of two compact values. */
@inline
function words(first: usize, second: usize, k: usize): v128 {
  return v128.load64_lane(second + 8 * k, v128.load64_zero(first + 8 * k), 1);
}

@inline
function lanesOut(out: usize, first: usize, second: usize, sign: v128): void {
  digitsOut(out, words(first, second, 0), words(first, second, 1), words(first, second, 2), words(first, second, 3), sign);
}

/** See compact.ts. Out: tight, digits 0…3 in [−2^51, 2^51), digit 4 in [−2^47, 2^47). */
export function gather(out: usize, list: usize, offset: usize): void {
  const none = i64x2.splat(0);
  lanesOut(out, <usize>(load<u32>(list) & ~1) + offset, <usize>(load<u32>(list, 4) & ~1) + offset, none);
  lanesOut(out + 16, <usize>(load<u32>(list, 8) & ~1) + offset, <usize>(load<u32>(list, 12) & ~1) + offset, none);
}

/** See compact.ts. Out: tight. */
export function gatherSigned(out: usize, list: usize, offset: usize): void {
  const a = load<u32>(list);
  const b = load<u32>(list, 4);
  const c = load<u32>(list, 8);
  const d = load<u32>(list, 12);
  const low = i64x2.replace_lane(i64x2.splat(<i64>((<u64>a) << 63)), 1, <i64>((<u64>b) << 63));
  const high = i64x2.replace_lane(i64x2.splat(<i64>((<u64>c) << 63)), 1, <i64>((<u64>d) << 63));
  lanesOut(out, <usize>(a & ~1) + offset, <usize>(b & ~1) + offset, low);
  lanesOut(out + 16, <usize>(c & ~1) + offset, <usize>(d & ~1) + offset, high);
}

/**
 * See compact.ts. In: tight. Where |v| is 2^255 or more, p is added or taken off: of 2^255 ≤ |v| ≤ 0.62·2^256 that leaves at most p − 2^255,
 * less than 2^255 by some 2^224, so that the second attempt fits.
 */
export function pack(compact: usize, a: usize, lane: i32): void {
  const from = a + ((<usize>lane) << 3);
  const d0 = <i64>load<f64>(from);
  const d1 = <i64>load<f64>(from, 32);
  const d2 = <i64>load<f64>(from, 64);
  const d3 = <i64>load<f64>(from, 96);
  const d4 = <i64>load<f64>(from, 128);
  if (fieldsOut(compact, d0, d1, d2, d3, d4)) return;
  if (d4 < 0) fieldsOut(compact, d0 + P0, d1 + P1, d2, d3 + P3, d4 + P4);
  else fieldsOut(compact, d0 - P0, d1 - P1, d2, d3 - P3, d4 - P4);
}

/** Writes digits with their biases, carries gone up. False where the value does not fit. In: |digits| ≤ 2^53. */
@inline
function fieldsOut(compact: usize, d0: i64, d1: i64, d2: i64, d3: i64, d4: i64): bool {
  d0 += HALF;
  d1 += HALF + (d0 >> 52);
  d2 += HALF + (d1 >> 52);
  d3 += HALF + (d2 >> 52);
  d4 += TOP_HALF + (d3 >> 52);
  const f1 = <u64>(d1 & FIELD);
  const f2 = <u64>(d2 & FIELD);
  const f3 = <u64>(d3 & FIELD);
  store<u64>(compact, <u64>(d0 & FIELD) | (f1 << 52));
  store<u64>(compact, (f1 >> 12) | (f2 << 40), 8);
  store<u64>(compact, (f2 >> 24) | (f3 << 28), 16);
  store<u64>(compact, (f3 >> 36) | (<u64>d4 << 16), 24);
  return d4 >> 48 == 0;
}

/** A compact value as 32 big-endian octets, canonical, and still in the form that it is in. */
export function toOctets(octets: usize, compact: usize): void {
  const w0 = load<u64>(compact);
  const w1 = load<u64>(compact, 8);
  const w2 = load<u64>(compact, 16);
  const w3 = load<u64>(compact, 24);
  valueToOctets(
    octets,
    <i64>(w0 & FIELD) - HALF,
    <i64>(((w0 >> 52) | (w1 << 12)) & FIELD) - HALF,
    <i64>(((w1 >> 40) | (w2 << 24)) & FIELD) - HALF,
    <i64>(((w2 >> 28) | (w3 << 36)) & FIELD) - HALF,
    <i64>(w3 >> 16) - TOP_HALF,
  );
}
