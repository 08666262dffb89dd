/** Constants of the double-precision field, each twice, so that one load fills a vector; see scripts/generate-fma.mjs. */

/** 1.5·2^104: adding it rounds to multiples of 2^52. Chains start from it, or from its negative. */
export const FMA_BASE: usize = memory.data<f64>([30423614405477506000000000000000.0, 30423614405477506000000000000000.0], 16);
export const FMA_MINUS_BASE: usize = memory.data<f64>([-30423614405477506000000000000000.0, -30423614405477506000000000000000.0], 16);
/** 2^-52, which takes what chains collected down to the next column, and the same for chains that count twice. */
export const FMA_DOWN: usize = memory.data<f64>([2.220446049250313e-16, 2.220446049250313e-16], 16);
export const FMA_DOWN_TWICE: usize = memory.data<f64>([4.440892098500626e-16, 4.440892098500626e-16], 16);
/** 2^44, 2^36 and 2^48 − 2^16: what p adds for a quotient digit, and their negatives. */
export const FMA_TWO44: usize = memory.data<f64>([17592186044416, 17592186044416], 16);
export const FMA_TWO36: usize = memory.data<f64>([68719476736, 68719476736], 16);
export const FMA_TOP_FOLD: usize = memory.data<f64>([281474976645120, 281474976645120], 16);
export const FMA_MINUS_TWO44: usize = memory.data<f64>([-17592186044416, -17592186044416], 16);
export const FMA_MINUS_TWO36: usize = memory.data<f64>([-68719476736, -68719476736], 16);
export const FMA_MINUS_TOP_FOLD: usize = memory.data<f64>([-281474976645120, -281474976645120], 16);
/** 2^-48 and 1.5·2^52: rounding a top digit to multiples of 2^48. */
export const FMA_TOP_DOWN: usize = memory.data<f64>([3.552713678800501e-15, 3.552713678800501e-15], 16);
export const FMA_ROUND: usize = memory.data<f64>([6755399441055744, 6755399441055744], 16);

/** Fields of a compact value: 52 bits, the exponent that makes 2^52 + field of them, and what that is more than the digit: 2^52 + its bias. */
export const FMA_FIELD_MASK: usize = memory.data<u64>([0x000fffffffffffff, 0x000fffffffffffff], 16);
export const FMA_FIELD_EXPONENT: usize = memory.data<u64>([0x4330000000000000, 0x4330000000000000], 16);
export const FMA_FIELD_DOWN: usize = memory.data<f64>([6755399441055744, 6755399441055744], 16);
export const FMA_TOP_FIELD_DOWN: usize = memory.data<f64>([4644337115725824, 4644337115725824], 16);
