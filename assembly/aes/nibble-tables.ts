/** The look-ups of 16 entries that AES on vectors consists of, made once from the fields (tower.ts). */
import {
  affine,
  inverseOf,
  inversePartOfP,
  inversePartOfR,
  multiply8,
  octetOf,
  pairOf,
  scaledInverseOf,
  towerInit,
} from './tower';

/** 15 everywhere: the mask of low nibbles. */
export const LOW_NIBBLES: usize = memory.data(16, 16);
/** 1/n and A/n. */
export const INVERSE: usize = memory.data(16, 16);
export const SCALED_INVERSE: usize = memory.data(16, 16);
/** Pair of an octet, by its low and by its high four bits; and the way back. */
export const PAIR_LOW: usize = memory.data(16, 16);
export const PAIR_HIGH: usize = memory.data(16, 16);
export const OCTET_LOW: usize = memory.data(16, 16);
export const OCTET_HIGH: usize = memory.data(16, 16);
/** S-box without its constant, by 1/P and by 1/R: the pair, the pair of its double, the octet. */
export const SUB_P: usize = memory.data(16, 16);
export const SUB_R: usize = memory.data(16, 16);
export const DOUBLE_SUB_P: usize = memory.data(16, 16);
export const DOUBLE_SUB_R: usize = memory.data(16, 16);
export const LAST_SUB_P: usize = memory.data(16, 16);
export const LAST_SUB_R: usize = memory.data(16, 16);

export function nibbleTablesInit(): void {
  towerInit();
  for (let n: u32 = 0; n < 16; n++) {
    store<u8>(LOW_NIBBLES + n, 15);
    store<u8>(INVERSE + n, inverseOf(n));
    store<u8>(SCALED_INVERSE + n, scaledInverseOf(n));
    store<u8>(PAIR_LOW + n, pairOf(n));
    store<u8>(PAIR_HIGH + n, pairOf(n << 4));
    store<u8>(OCTET_LOW + n, octetOf(n));
    store<u8>(OCTET_HIGH + n, octetOf(n << 4));
    const ofP = affine(octetOf(inversePartOfP(n)));
    const ofR = affine(octetOf(inversePartOfR(n)));
    store<u8>(SUB_P + n, pairOf(ofP));
    store<u8>(SUB_R + n, pairOf(ofR));
    store<u8>(DOUBLE_SUB_P + n, pairOf(multiply8(2, ofP)));
    store<u8>(DOUBLE_SUB_R + n, pairOf(multiply8(2, ofR)));
    store<u8>(LAST_SUB_P + n, ofP);
    store<u8>(LAST_SUB_R + n, ofR);
  }
}
