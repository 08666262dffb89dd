/**
 * What stands between the products of the pairs' formulas (verify-one.ts): every sum, difference and change of halves that the next
 * product waits for, in one pass over the limbs. As separate additions and joins these took as long as half of the products.
 *
 * (a, b) is a pair with a in its first half. A point is (X, X) and (Z, Y). Classes of element and their bounds: field-radix29.ts and,
 * for the multiples of p that keep differences above zero, field-simd.ts. No output may be one of the inputs, unless it says so.
 */
import * as scalar from './field-scalar';
import { SPREAD_1, SPREAD_2, SPREAD_4, SPREAD_PRODUCT, at, settle, twice } from './field-simd';
import { PAIR_HALF } from './pair';

/** First half of `a`, second half of `b`. */
@inline
function halves(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 5, 2, 7);
}

/** The first half of a vector twice. */
@inline
function firstTwice(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 0, 0, 2, 2);
}

/** The second half of a vector twice. */
@inline
function secondTwice(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 1, 3, 3);
}

/** Halves exchanged. */
@inline
function swapped(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 0, 3, 2);
}

@inline
function zero(): v128 {
  return i64x2.splat(0);
}

/** One half (40 octets) in the scalar build. Not memory.copy, which is a call in the engine and takes longer than five loads. */
@inline
function copyHalf(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a));
  store<u64>(out, load<u64>(a, 8), 8);
  store<u64>(out, load<u64>(a, 16), 16);
  store<u64>(out, load<u64>(a, 24), 24);
  store<u64>(out, load<u64>(a, 32), 32);
}

// ---- Doubling

/** left := (X − δ, X), right := (X + δ, 2γ) of (X, X) and (δ, γ). In: tight, products. Out: lazy(3) and tight; lazy(2). */
@inline
export function doubleFactors(left: usize, right: usize, xx: usize, squares: usize): void {
  if (ASC_FEATURE_SIMD) {
    doubleFactorsAt(left, right, xx, squares, 0);
    doubleFactorsAt(left, right, xx, squares, 1);
    doubleFactorsAt(left, right, xx, squares, 2);
    doubleFactorsAt(left, right, xx, squares, 3);
    doubleFactorsAt(left, right, xx, squares, 4);
  } else {
    scalar.feSubLazy(left, xx, squares);
    copyHalf(left + PAIR_HALF, xx + PAIR_HALF);
    scalar.feAddLazy(right, xx, squares);
    scalar.feAddLazy(right + PAIR_HALF, squares + PAIR_HALF, squares + PAIR_HALF);
  }
}

@inline
function doubleFactorsAt(left: usize, right: usize, xx: usize, squares: usize, v: i32): void {
  const x = at(xx, v);
  const s = at(squares, v);
  v128.store(left + ((<usize>v) << 4), i32x4.add(x, halves(i32x4.sub(at(SPREAD_PRODUCT, v), s), zero())));
  v128.store(right + ((<usize>v) << 4), i32x4.add(s, halves(x, s)));
}

/** out := (α, 2γ) with α = 3τ, of (τ, –) and (–, 2γ). In: products; lazy(2). Out: tight, and tight or lazy(2). */
@inline
export function doubleSlope(out: usize, products: usize, right: usize): void {
  if (ASC_FEATURE_SIMD) {
    // Limbs < 3·2^29 + 3·2^29, value < 4.5p + 2p.
    settle(
      out,
      doubleSlopeAt(products, right, 0),
      doubleSlopeAt(products, right, 1),
      doubleSlopeAt(products, right, 2),
      doubleSlopeAt(products, right, 3),
      doubleSlopeAt(products, right, 4),
    );
  } else {
    scalar.feTriple(out, products);
    copyHalf(out + PAIR_HALF, right + PAIR_HALF);
  }
}

@inline
function doubleSlopeAt(products: usize, right: usize, v: i32): v128 {
  const p = at(products, v);
  return i32x4.add(halves(i32x4.add(p, twice(p)), at(right, v)), at(SPREAD_1, v));
}

/** xx := X' = α² − 4·2β in both halves, of (α², –) and (–, 2β). In: products. Out: tight. */
@inline
export function doubleX(xx: usize, squares: usize, products: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      xx,
      doubleXAt(squares, products, 0),
      doubleXAt(squares, products, 1),
      doubleXAt(squares, products, 2),
      doubleXAt(squares, products, 3),
      doubleXAt(squares, products, 4),
    );
  } else {
    scalar.feSubFourTimes(xx, squares, products + PAIR_HALF);
    copyHalf(xx + PAIR_HALF, xx);
  }
}

@inline
function doubleXAt(squares: usize, products: usize, v: i32): v128 {
  return i32x4.sub(i32x4.add(firstTwice(at(squares, v)), at(SPREAD_4, v)), i32x4.shl(secondTwice(at(products, v)), 2));
}

/**
 * left := (α, Y), right := (4β − X', Z) of (α, –), (Z, Y), (–, 2β) and (X', X'). In: tight. Out: tight; lazy(5), value < 5p, and tight.
 */
@inline
export function doubleLastFactors(left: usize, right: usize, slope: usize, zy: usize, products: usize, xx: usize): void {
  if (ASC_FEATURE_SIMD) {
    doubleLastFactorsAt(left, right, slope, zy, products, xx, 0);
    doubleLastFactorsAt(left, right, slope, zy, products, xx, 1);
    doubleLastFactorsAt(left, right, slope, zy, products, xx, 2);
    doubleLastFactorsAt(left, right, slope, zy, products, xx, 3);
    doubleLastFactorsAt(left, right, slope, zy, products, xx, 4);
  } else {
    copyHalf(left, slope);
    copyHalf(left + PAIR_HALF, zy + PAIR_HALF);
    scalar.feDoubleSubLazy(right, products + PAIR_HALF, xx);
    copyHalf(right + PAIR_HALF, zy);
  }
}

@inline
function doubleLastFactorsAt(left: usize, right: usize, slope: usize, zy: usize, products: usize, xx: usize, v: i32): void {
  const z = at(zy, v);
  const b = secondTwice(at(products, v));
  v128.store(left + ((<usize>v) << 4), halves(at(slope, v), z));
  v128.store(
    right + ((<usize>v) << 4),
    halves(i32x4.add(i32x4.sub(at(SPREAD_1, v), at(xx, v)), twice(b)), swapped(z)),
  );
}

/** zy := (2YZ, Y' = α(4β − X') − 2·4γ²) of (α(4β − X'), YZ) and (–, 4γ²). In: products. Out: tight. */
@inline
export function doubleZY(zy: usize, products: usize, squares: usize): void {
  if (ASC_FEATURE_SIMD) {
    // Limbs of the first half < 2·2^29 + 4·2^29, value < 3p + 4p.
    settle(
      zy,
      doubleZYAt(products, squares, 0),
      doubleZYAt(products, squares, 1),
      doubleZYAt(products, squares, 2),
      doubleZYAt(products, squares, 3),
      doubleZYAt(products, squares, 4),
    );
  } else {
    scalar.feAdd(zy, products + PAIR_HALF, products + PAIR_HALF);
    scalar.feSubTwice(zy + PAIR_HALF, products, squares + PAIR_HALF);
  }
}

@inline
function doubleZYAt(products: usize, squares: usize, v: i32): v128 {
  const p = swapped(at(products, v));
  const lifted = i32x4.add(p, at(SPREAD_2, v));
  return halves(i32x4.add(lifted, p), i32x4.sub(lifted, twice(at(squares, v))));
}

// ---- Addition of an affine point

/** squaredFirst := (Z², Z), squaredLast := (Z, Z²) of (Z², –) and (Z, –). As they are. */
@inline
export function addFactors(squaredFirst: usize, squaredLast: usize, squares: usize, zy: usize): void {
  if (ASC_FEATURE_SIMD) {
    addFactorsAt(squaredFirst, squaredLast, squares, zy, 0);
    addFactorsAt(squaredFirst, squaredLast, squares, zy, 1);
    addFactorsAt(squaredFirst, squaredLast, squares, zy, 2);
    addFactorsAt(squaredFirst, squaredLast, squares, zy, 3);
    addFactorsAt(squaredFirst, squaredLast, squares, zy, 4);
  } else {
    copyHalf(squaredFirst, squares);
    copyHalf(squaredFirst + PAIR_HALF, zy);
    copyHalf(squaredLast, zy);
    copyHalf(squaredLast + PAIR_HALF, squares);
  }
}

@inline
function addFactorsAt(squaredFirst: usize, squaredLast: usize, squares: usize, zy: usize, v: i32): void {
  const z = at(zy, v);
  const s = at(squares, v);
  v128.store(squaredFirst + ((<usize>v) << 4), halves(s, swapped(z)));
  v128.store(squaredLast + ((<usize>v) << 4), halves(z, swapped(s)));
}

/** out := (H = U − X, yZ) of (U, yZ) and (X, –). In and out: tight. */
@inline
export function addHeight(out: usize, products: usize, xx: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      out,
      addHeightAt(products, xx, 0),
      addHeightAt(products, xx, 1),
      addHeightAt(products, xx, 2),
      addHeightAt(products, xx, 3),
      addHeightAt(products, xx, 4),
    );
  } else {
    scalar.feSub(out, products, xx);
    copyHalf(out + PAIR_HALF, products + PAIR_HALF);
  }
}

@inline
function addHeightAt(products: usize, xx: usize, v: i32): v128 {
  return i32x4.sub(i32x4.add(at(products, v), at(SPREAD_1, v)), halves(at(xx, v), zero()));
}

/** out := (H, r = S − Y) of (H, –), (–, S) and (–, Y). In and out: tight. */
@inline
export function addSlope(out: usize, height: usize, products: usize, zy: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      out,
      addSlopeAt(height, products, zy, 0),
      addSlopeAt(height, products, zy, 1),
      addSlopeAt(height, products, zy, 2),
      addSlopeAt(height, products, zy, 3),
      addSlopeAt(height, products, zy, 4),
    );
  } else {
    copyHalf(out, height);
    scalar.feSub(out + PAIR_HALF, products + PAIR_HALF, zy + PAIR_HALF);
  }
}

@inline
function addSlopeAt(height: usize, products: usize, zy: usize, v: i32): v128 {
  return i32x4.sub(i32x4.add(halves(at(height, v), at(products, v)), at(SPREAD_1, v)), halves(zero(), at(zy, v)));
}

/** left := (H, X), right := (H², H²) of (H, –), (–, X) and (H², –). As they are. */
@inline
export function addCubeFactors(left: usize, right: usize, slope: usize, xx: usize, squares: usize): void {
  if (ASC_FEATURE_SIMD) {
    addCubeFactorsAt(left, right, slope, xx, squares, 0);
    addCubeFactorsAt(left, right, slope, xx, squares, 1);
    addCubeFactorsAt(left, right, slope, xx, squares, 2);
    addCubeFactorsAt(left, right, slope, xx, squares, 3);
    addCubeFactorsAt(left, right, slope, xx, squares, 4);
  } else {
    copyHalf(left, slope);
    copyHalf(left + PAIR_HALF, xx + PAIR_HALF);
    copyHalf(right, squares);
    copyHalf(right + PAIR_HALF, squares);
  }
}

@inline
function addCubeFactorsAt(left: usize, right: usize, slope: usize, xx: usize, squares: usize, v: i32): void {
  v128.store(left + ((<usize>v) << 4), halves(at(slope, v), at(xx, v)));
  v128.store(right + ((<usize>v) << 4), firstTwice(at(squares, v)));
}

/** xx := X' = r² − H³ − 2V in both halves, of (–, r²) and (H³, V). In: products. Out: tight. */
@inline
export function addX(xx: usize, squares: usize, cubes: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      xx,
      addXAt(squares, cubes, 0),
      addXAt(squares, cubes, 1),
      addXAt(squares, cubes, 2),
      addXAt(squares, cubes, 3),
      addXAt(squares, cubes, 4),
    );
  } else {
    scalar.feSubSubTwice(xx, squares + PAIR_HALF, cubes, cubes + PAIR_HALF);
    copyHalf(xx + PAIR_HALF, xx);
  }
}

@inline
function addXAt(squares: usize, cubes: usize, v: i32): v128 {
  const c = at(cubes, v);
  const taken = i32x4.add(firstTwice(c), twice(secondTwice(c)));
  return i32x4.sub(i32x4.add(secondTwice(at(squares, v)), at(SPREAD_4, v)), taken);
}

/** left := (Y, r), right := (H³, V − X') of (–, Y), (–, r), (H³, V) and (X', X'). In: tight. Out: tight; tight and lazy(4), < 3.5p. */
@inline
export function addLastFactors(left: usize, right: usize, zy: usize, slope: usize, cubes: usize, xx: usize): void {
  if (ASC_FEATURE_SIMD) {
    addLastFactorsAt(left, right, zy, slope, cubes, xx, 0);
    addLastFactorsAt(left, right, zy, slope, cubes, xx, 1);
    addLastFactorsAt(left, right, zy, slope, cubes, xx, 2);
    addLastFactorsAt(left, right, zy, slope, cubes, xx, 3);
    addLastFactorsAt(left, right, zy, slope, cubes, xx, 4);
  } else {
    copyHalf(left, zy + PAIR_HALF);
    copyHalf(left + PAIR_HALF, slope + PAIR_HALF);
    copyHalf(right, cubes);
    scalar.feSub(right + PAIR_HALF, cubes + PAIR_HALF, xx + PAIR_HALF);
  }
}

@inline
function addLastFactorsAt(left: usize, right: usize, zy: usize, slope: usize, cubes: usize, xx: usize, v: i32): void {
  v128.store(left + ((<usize>v) << 4), halves(swapped(at(zy, v)), at(slope, v)));
  v128.store(
    right + ((<usize>v) << 4),
    i32x4.add(at(cubes, v), halves(zero(), i32x4.sub(at(SPREAD_1, v), at(xx, v)))),
  );
}

/** zy := (Z', Y' = r(V − X') − YH³) of (Z', –) and (YH³, r(V − X')). In: products. Out: tight. */
@inline
export function addZY(zy: usize, products: usize, last: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      zy,
      addZYAt(products, last, 0),
      addZYAt(products, last, 1),
      addZYAt(products, last, 2),
      addZYAt(products, last, 3),
      addZYAt(products, last, 4),
    );
  } else {
    copyHalf(zy, products);
    scalar.feSub(zy + PAIR_HALF, last + PAIR_HALF, last);
  }
}

@inline
function addZYAt(products: usize, last: usize, v: i32): v128 {
  const l = at(last, v);
  return i32x4.sub(i32x4.add(halves(at(products, v), l), at(SPREAD_1, v)), halves(zero(), swapped(l)));
}

/** out := (x, −y) of (x, y). In and out: tight. out may be the point. */
@inline
export function negatedPoint(out: usize, point: usize): void {
  if (ASC_FEATURE_SIMD) {
    settle(
      out,
      negatedAt(point, 0),
      negatedAt(point, 1),
      negatedAt(point, 2),
      negatedAt(point, 3),
      negatedAt(point, 4),
    );
  } else {
    copyHalf(out, point);
    scalar.feNegateLanes(out + PAIR_HALF, point + PAIR_HALF, 1);
  }
}

@inline
function negatedAt(point: usize, v: i32): v128 {
  const p = at(point, v);
  const spread = at(SPREAD_1, v);
  return halves(i32x4.add(spread, p), i32x4.sub(spread, p));
}
