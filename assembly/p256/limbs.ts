/**
 * One integer below 2^261 as nine limbs of 29 bits (u32, lowest first), 36 octets: what scalars mod n are, and what field
 * elements become on their way in and out.
 */

export const LIMB_BITS: i32 = 29;
export const LIMB_MASK: u64 = 0x1fffffff;

/** p = 2^256 − 2^224 + 2^192 + 2^96 − 1. */
export const P_LIMBS: usize = memory.data<u32>(
  [0x1fffffff, 0x1fffffff, 0x1fffffff, 0x000001ff, 0x00000000, 0x00000000, 0x00040000, 0x1fe00000, 0x00ffffff],
  16,
);

/** Scratch for one value. */
const WIDE: usize = memory.data(40, 16);

/** 32 big-endian octets to nine canonical limbs. */
export function octetsToLimbs(out: usize, octets: usize): void {
  limbsOf(
    out,
    bswap<u64>(load<u64>(octets, 24)),
    bswap<u64>(load<u64>(octets, 16)),
    bswap<u64>(load<u64>(octets, 8)),
    bswap<u64>(load<u64>(octets)),
  );
}

/** Four words, lowest first, to nine canonical limbs. */
export function wordsToLimbs(out: usize, words: usize): void {
  limbsOf(out, load<u64>(words), load<u64>(words, 8), load<u64>(words, 16), load<u64>(words, 24));
}

@inline
function limbsOf(out: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  store<u32>(out, <u32>(w0 & LIMB_MASK));
  store<u32>(out, <u32>((w0 >> 29) & LIMB_MASK), 4);
  store<u32>(out, <u32>(((w0 >> 58) | (w1 << 6)) & LIMB_MASK), 8);
  store<u32>(out, <u32>((w1 >> 23) & LIMB_MASK), 12);
  store<u32>(out, <u32>(((w1 >> 52) | (w2 << 12)) & LIMB_MASK), 16);
  store<u32>(out, <u32>((w2 >> 17) & LIMB_MASK), 20);
  store<u32>(out, <u32>(((w2 >> 46) | (w3 << 18)) & LIMB_MASK), 24);
  store<u32>(out, <u32>((w3 >> 11) & LIMB_MASK), 28);
  store<u32>(out, <u32>(w3 >> 40), 32);
}

@inline
function limb(limbs: usize, i: usize): u64 {
  return load<u32>(limbs + (i << 2));
}

@inline
function word0(limbs: usize): u64 {
  return limb(limbs, 0) | (limb(limbs, 1) << 29) | (limb(limbs, 2) << 58);
}

@inline
function word1(limbs: usize): u64 {
  return (limb(limbs, 2) >> 6) | (limb(limbs, 3) << 23) | (limb(limbs, 4) << 52);
}

@inline
function word2(limbs: usize): u64 {
  return (limb(limbs, 4) >> 12) | (limb(limbs, 5) << 17) | (limb(limbs, 6) << 46);
}

@inline
function word3(limbs: usize): u64 {
  return (limb(limbs, 6) >> 18) | (limb(limbs, 7) << 11) | (limb(limbs, 8) << 40);
}

/** Nine canonical limbs of a value below 2^256 to four words, lowest first. */
export function limbsToWords(words: usize, limbs: usize): void {
  store<u64>(words, word0(limbs));
  store<u64>(words, word1(limbs), 8);
  store<u64>(words, word2(limbs), 16);
  store<u64>(words, word3(limbs), 24);
}

/** Nine canonical limbs of a value below 2^256 to 32 big-endian octets. */
export function limbsToOctets(octets: usize, limbs: usize): void {
  store<u64>(octets, bswap<u64>(word3(limbs)));
  store<u64>(octets, bswap<u64>(word2(limbs)), 8);
  store<u64>(octets, bswap<u64>(word1(limbs)), 16);
  store<u64>(octets, bswap<u64>(word0(limbs)), 24);
}

export function limbsLess(a: usize, b: usize): bool {
  for (let i = 8; i >= 0; i--) {
    const x = load<u32>(a + ((<usize>i) << 2));
    const y = load<u32>(b + ((<usize>i) << 2));
    if (x != y) return x < y;
  }
  return false;
}

export function limbsAreZero(a: usize): bool {
  let any: u32 = 0;
  for (let i: usize = 0; i < 9; i++) any |= load<u32>(a + (i << 2));
  return any == 0;
}

/** out := a − b, for a ≥ b, both canonical. out may alias a or b. */
export function limbsSubtract(out: usize, a: usize, b: usize): void {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < 9; i++) {
    const difference = <i64>load<u32>(a + (i << 2)) - <i64>load<u32>(b + (i << 2)) + borrow;
    store<u32>(out + (i << 2), <u32>(difference & <i64>LIMB_MASK));
    borrow = difference >> LIMB_BITS;
  }
}

/** out := a + b, both canonical and the sum below 2^261. out may alias a or b. */
export function limbsAdd(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < 9; i++) {
    const sum = <u64>load<u32>(a + (i << 2)) + <u64>load<u32>(b + (i << 2)) + carry;
    store<u32>(out + (i << 2), <u32>(sum & LIMB_MASK));
    carry = sum >> LIMB_BITS;
  }
}

/** a := a − modulus if a ≥ modulus. */
export function limbsSubtractIfNotLess(a: usize, modulus: usize): void {
  if (!limbsLess(a, modulus)) limbsSubtract(a, a, modulus);
}

/** Whether 32 big-endian octets are a coordinate: below p. */
export function octetsBelowP(octets: usize): bool {
  octetsToLimbs(WIDE, octets);
  return limbsLess(WIDE, P_LIMBS);
}
