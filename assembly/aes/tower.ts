/**
 * GF(2^8) as pairs over GF(2^4), where an inversion takes look-ups of 16 entries only. After M. Hamburg, "Accelerating AES with
 * Vector Permute Instructions", CHES 2009.
 *
 * GF(2^4) is GF(2)[y] / (y^4 + y + 1). A pair k + i·u with u² = A·u + A is the octet k·16 + i. With j = i + k, the norm
 * N = k² + A·i·j is zero for no pair but zero, and the inverse is P + Q·u with P = (k + A·i) / N and Q = i / N. Then
 *
 *   1/P = j + 1 / (1/i + A/k)        1/R = i + 1 / (1/j + A/k)        where R = (1 + A)·P + A²·Q,
 *
 * so that five look-ups give 1/P and 1/R, and P and R between them are linear in the inverse. 1/0 is a nibble of its own
 * that stays what it is when something is added, and whose inverse is 0: the formulas then hold for every pair.
 *
 * All of this runs once, when tables are made.
 */

/** X² + A·X + A has no root in GF(2^4). */
const A: u32 = 2;
/** 1/0: the highest bit keeps it outside of every table, and look-ups there give 0. */
export const INFINITE: u32 = 0x80;

/** The polynomials of degree 4 and 8 by which products are reduced; the latter is that of AES (FIPS 197 §4.2). */
const MODULUS_4: u32 = 0b10011;
const MODULUS_8: u32 = 0b100011011;

/** Product of polynomials over GF(2) of degree below `bits`, reduced. */
function multiply(x: u32, y: u32, bits: u32, modulus: u32): u32 {
  let product: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) if ((y >> i) & 1) product ^= x << i;
  for (let i: u32 = 2 * bits - 2; i >= bits; i--) if ((product >> i) & 1) product ^= modulus << (i - bits);
  return product;
}

function multiply4(x: u32, y: u32): u32 {
  return multiply(x, y, 4, MODULUS_4);
}

/** Product in the field of AES. */
export function multiply8(x: u32, y: u32): u32 {
  return multiply(x, y, 8, MODULUS_8);
}

/** x^14 = 1/x in GF(2^4); 0 of 0. */
function invert4(x: u32): u32 {
  const x2 = multiply4(x, x);
  const x4 = multiply4(x2, x2);
  return multiply4(multiply4(x2, x4), multiply4(x4, x4));
}

/** 1/n, and A/n, of a nibble. */
export function inverseOf(n: u32): u32 {
  return n == 0 ? INFINITE : invert4(n);
}

export function scaledInverseOf(n: u32): u32 {
  return n == 0 ? INFINITE : multiply4(A, invert4(n));
}

/** Product of two pairs: u² = A·u + A. */
function multiplyPairs(x: u32, y: u32): u32 {
  const high = multiply4(x >> 4, y >> 4);
  const low = multiply4(A, multiply4(x & 15, y & 15));
  const crossed = multiply4(x >> 4, y & 15) ^ multiply4(x & 15, y >> 4);
  return ((high ^ low) << 4) | (crossed ^ low);
}

/** Pair of each octet of AES, and octet of each pair: two isomorphisms, both linear. */
const PAIR: usize = memory.data(256);
const OCTET: usize = memory.data(256);

export function pairOf(octet: u32): u32 {
  return load<u8>(PAIR + octet);
}

export function octetOf(pair: u32): u32 {
  return load<u8>(OCTET + pair);
}

/** What 1/P = `n` adds to the pair that is the inverse: P·(1 + (1 + A)/A²·u). */
export function inversePartOfP(n: u32): u32 {
  const p = invert4(n);
  return (p << 4) | multiply4(p, multiply4(1 ^ A, invert4(multiply4(A, A))));
}

/** What 1/R = `n` adds to it: R/A²·u. */
export function inversePartOfR(n: u32): u32 {
  return multiply4(invert4(n), invert4(multiply4(A, A)));
}

/** The S-box of AES without its constant, of an inverse: linear (FIPS 197 §5.1.1). */
export function affine(inverse: u32): u32 {
  const twice = inverse | (inverse << 8);
  return (twice ^ (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7)) & 0xff;
}

/** 1/x in the field of AES, x^254; 0 of 0. */
export function invert8(x: u32): u32 {
  let product: u32 = 1;
  let power = x;
  for (let bit = 1; bit < 8; bit++) {
    power = multiply8(power, power);
    product = multiply8(product, power);
  }
  return product;
}

/** Factor of row `from` in row `to` of a mixed column (FIPS 197 §5.1.3). */
export function mixFactor(to: u32, from: u32): u32 {
  const distance = (from - to) & 3;
  return distance == 0 ? 2 : distance == 1 ? 3 : 1;
}

/** The constant of the S-box. */
export const AFFINE_CONSTANT: u32 = 0x63;

/** Finds a pair that satisfies the polynomial of AES, as x does there, and takes sums of its powers. */
export function towerInit(): void {
  let root: u32 = 2;
  for (; root < 256; root++) {
    let value: u32 = 0;
    for (let bit = 8; bit >= 0; bit--) value = multiplyPairs(value, root) ^ (((MODULUS_8 >> bit) & 1) << 4);
    if (value == 0) break;
  }
  for (let octet: u32 = 0; octet < 256; octet++) {
    let pair: u32 = 0;
    for (let bit = 7; bit >= 0; bit--) pair = multiplyPairs(pair, root) ^ (((octet >> bit) & 1) << 4);
    store<u8>(PAIR + octet, pair);
    store<u8>(OCTET + pair, octet);
  }
}
