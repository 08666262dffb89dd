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
  let pending: u64 = 0;
  let bits: i32 = 0;
  let at: usize = out;
  for (let word = 7; word >= 0; word--) {
    pending |= (<u64>bswap<u32>(load<u32>(octets + ((<usize>word) << 2)))) << bits;
    bits += 32;
    while (bits >= LIMB_BITS) {
      store<u32>(at, <u32>(pending & LIMB_MASK));
      at += 4;
      pending >>= LIMB_BITS;
      bits -= LIMB_BITS;
    }
  }
  store<u32>(at, <u32>pending);
}

/** Nine canonical limbs of a value below 2^256 to 32 big-endian octets. */
export function limbsToOctets(octets: usize, limbs: usize): void {
  let pending: u64 = 0;
  let bits: i32 = 0;
  let word = 7;
  for (let i: usize = 0; i < 9; i++) {
    pending |= (<u64>load<u32>(limbs + (i << 2))) << bits;
    bits += LIMB_BITS;
    if (bits >= 32) {
      store<u32>(octets + ((<usize>word) << 2), bswap<u32>(<u32>pending));
      word--;
      pending >>= 32;
      bits -= 32;
    }
  }
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
