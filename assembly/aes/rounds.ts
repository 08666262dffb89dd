/** Rounds of AES on many states that lie in memory, in pairs (tower.ts) and turned (permutations.ts). */
import { lookUp, lowNibbles, highNibbles, reciprocal } from './lookup';
import { DOUBLE_SUB_P, DOUBLE_SUB_R, INVERSE, SCALED_INVERSE, SUB_P, SUB_R } from './nibble-tables';
import { above, below } from './permutations';

/** Keys that are worked on together. */
export const KEYS: usize = 4;
/** States of a key at most, and octets from one key's states to the next one's. */
export const STATES_PER_KEY: i32 = 64;
export const KEY_STRIDE: usize = 16 * STATES_PER_KEY;
/** STATES_PER_KEY states of each key. */
export const STATES: usize = memory.data(<i32>(KEY_STRIDE * KEYS), 16);
/** Round keys 0…10, of KEYS keys each, as what they are added to. */
export const ROUND_KEYS: usize = memory.data(<i32>(11 * 16 * KEYS), 16);

/** One round of `count` states of each key; `turn` is that of the result. */
@inline
function roundOf(turn: i32, keys: usize, count: i32): void {
  const inverse = v128.load(INVERSE);
  const scaledInverse = v128.load(SCALED_INVERSE);
  const subP = v128.load(SUB_P);
  const subR = v128.load(SUB_R);
  const doubleP = v128.load(DOUBLE_SUB_P);
  const doubleR = v128.load(DOUBLE_SUB_R);
  const bytes = <usize>count << 4;
  for (let key: usize = 0; key < KEYS; key++) {
    const roundKey = v128.load(keys + (key << 4));
    const start = STATES + key * KEY_STRIDE;
    for (let at = start, end = start + bytes; at < end; at += 16) {
      const x = v128.load(at);
      const i = lowNibbles(x);
      const k = highNibbles(x);
      const j = v128.xor(i, k);
      const scaled = lookUp(scaledInverse, k);
      const p = reciprocal(inverse, i, j, scaled);
      const r = reciprocal(inverse, j, i, scaled);
      const sub = v128.xor(lookUp(subP, p), lookUp(subR, r));
      const double = v128.xor(lookUp(doubleP, p), lookUp(doubleR, r));
      // 2a + 3b + c + d of a column: 2a + b, the same a row below (2b + c), and d from above.
      const sum = v128.xor(double, below(sub, turn));
      v128.store(at, v128.xor(v128.xor(sum, roundKey), v128.xor(below(sum, turn), above(sub, turn))));
    }
  }
}

export function round0(keys: usize, count: i32): void {
  roundOf(0, keys, count);
}

export function round1(keys: usize, count: i32): void {
  roundOf(1, keys, count);
}

export function round2(keys: usize, count: i32): void {
  roundOf(2, keys, count);
}

export function round3(keys: usize, count: i32): void {
  roundOf(3, keys, count);
}
