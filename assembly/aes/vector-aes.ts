/**
 * AES-128 encryption on vectors (SIMD builds; FIPS 197): KEYS keys at a time, with as many states of each as there is room for.
 * Octets are pairs over GF(2^4) (tower.ts), states are turned instead of shifted (permutations.ts), and round keys contain the
 * constant of the S-box that they are added to.
 *
 * One round is done of all states before the next: what hides the time that look-ups take is that states do not wait for each
 * other. Nothing but the tables has to stay in registers.
 */
import { highNibbles, lookUp, mapped, ofInverse, reciprocal } from './lookup';
import {
  DOUBLE_SUB_P,
  DOUBLE_SUB_R,
  INVERSE,
  LAST_SUB_P,
  LAST_SUB_R,
  LOW_NIBBLES,
  OCTET_HIGH,
  OCTET_LOW,
  PAIR_HIGH,
  PAIR_LOW,
  SCALED_INVERSE,
  SUB_P,
  SUB_R,
  nibbleTablesInit,
} from './nibble-tables';
import { above, below, permutationsInit, turnAfter, turned } from './permutations';
import { AFFINE_CONSTANT, multiply8, pairOf } from './tower';

/** Keys that are worked on together. */
export const KEYS: usize = 4;
/** States of a key at most. */
export const STATES_PER_KEY: usize = 64;

const STATES: usize = memory.data(4 * 64 * 16, 16);
/** Round keys 0…10, each of KEYS keys. The last is in octets of AES. */
const ROUND_KEYS: usize = memory.data(11 * 4 * 16, 16);
const ROUND_KEY_STRIDE: usize = 16 * KEYS;
/** What the key schedule adds to the first word in rounds 1…10: Rcon and the S-box's constant. */
const ROUND_CONSTANTS: usize = memory.data(11 * 16, 16);
/** The S-box's constant in every octet, as pairs. */
const SUB_CONSTANT: usize = memory.data(16, 16);

export function vectorAesInit(): void {
  nibbleTablesInit();
  permutationsInit();
  memory.fill(SUB_CONSTANT, <u8>pairOf(AFFINE_CONSTANT), 16);
  let rcon: u32 = 1;
  for (let round: usize = 1; round <= 10; round++) {
    const at = ROUND_CONSTANTS + (round << 4);
    v128.store(at, v128.load(SUB_CONSTANT));
    for (let word: usize = 0; word < 16; word += 4) store<u8>(at + word, pairOf(rcon ^ AFFINE_CONSTANT));
    rcon = multiply8(rcon, 2);
  }
}

/** State `index` of a key. */
@inline
export function stateAt(key: usize, index: usize): usize {
  return STATES + ((key * STATES_PER_KEY + index) << 4);
}

/** What the state after the last round is added to, without the S-box's constant again: octets of AES. */
@inline
export function lastRoundKey(key: usize): v128 {
  return v128.load(ROUND_KEYS + 10 * ROUND_KEY_STRIDE + (key << 4));
}

/** Four keys, a word of each in a vector, to one vector a key, turned. */
@inline
function storeRoundKeys(round: i32, w0: v128, w1: v128, w2: v128, w3: v128): void {
  const at = ROUND_KEYS + <usize>round * ROUND_KEY_STRIDE;
  const order = turned(round == 10 ? 0 : turnAfter(round));
  const low01 = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
  v128.store(at, lookUp(v128.shuffle<i64>(low01, low23, 0, 2), order));
  v128.store(at, lookUp(v128.shuffle<i64>(low01, low23, 1, 3), order), 16);
  v128.store(at, lookUp(v128.shuffle<i64>(high01, high23, 0, 2), order), 32);
  v128.store(at, lookUp(v128.shuffle<i64>(high01, high23, 1, 3), order), 48);
}

@inline
function pairs(octets: v128): v128 {
  return mapped(PAIR_LOW, PAIR_HIGH, octets);
}

/** The round keys of KEYS keys of 16 octets, `stride` octets apart. */
export function scheduleKeys(keys: usize, stride: usize): void {
  const k0 = pairs(v128.load(keys));
  const k1 = pairs(v128.load(keys + stride));
  const k2 = pairs(v128.load(keys + 2 * stride));
  const k3 = pairs(v128.load(keys + 3 * stride));
  const low01 = v128.shuffle<i32>(k0, k1, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(k2, k3, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(k0, k1, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(k2, k3, 2, 6, 3, 7);
  let w0 = v128.shuffle<i64>(low01, low23, 0, 2);
  let w1 = v128.shuffle<i64>(low01, low23, 1, 3);
  let w2 = v128.shuffle<i64>(high01, high23, 0, 2);
  let w3 = v128.shuffle<i64>(high01, high23, 1, 3);
  storeRoundKeys(0, w0, w1, w2, w3);
  const constant = v128.load(SUB_CONSTANT);
  for (let round = 1; round <= 10; round++) {
    // RotWord moves what stands one row down, in every word.
    const rotated = lookUp(w3, below(0));
    const sub = ofInverse(SUB_P, SUB_R, rotated);
    w0 = v128.xor(v128.xor(w0, sub), v128.load(ROUND_CONSTANTS + ((<usize>round) << 4)));
    w1 = v128.xor(w1, w0);
    w2 = v128.xor(w2, w1);
    w3 = v128.xor(w3, w2);
    const a0 = v128.xor(w0, constant);
    const a1 = v128.xor(w1, constant);
    const a2 = v128.xor(w2, constant);
    const a3 = v128.xor(w3, constant);
    if (round < 10) storeRoundKeys(round, a0, a1, a2, a3);
    else storeRoundKeys(round, octets(a0), octets(a1), octets(a2), octets(a3));
  }
}

@inline
function octets(x: v128): v128 {
  return mapped(OCTET_LOW, OCTET_HIGH, x);
}

/** State 0 of a key := a block of plaintext with round key 0 added. */
@inline
export function startBlock(key: usize, block: v128): void {
  const state = lookUp(pairs(block), turned(turnAfter(0)));
  v128.store(stateAt(key, 0), v128.xor(state, v128.load(ROUND_KEYS + (key << 4))));
}

/** Round 1…9 of the first `count` states of every key. */
export function roundOfStates(round: i32, count: i32): void {
  const turn = turnAfter(round);
  const down = below(turn);
  const up = above(turn);
  const mask = v128.load(LOW_NIBBLES);
  const inverse = v128.load(INVERSE);
  const scaledInverse = v128.load(SCALED_INVERSE);
  const subP = v128.load(SUB_P);
  const subR = v128.load(SUB_R);
  const doubleP = v128.load(DOUBLE_SUB_P);
  const doubleR = v128.load(DOUBLE_SUB_R);
  const keys = ROUND_KEYS + <usize>round * ROUND_KEY_STRIDE;
  for (let key: usize = 0; key < KEYS; key++) {
    const roundKey = v128.load(keys + (key << 4));
    const start = stateAt(key, 0);
    for (let at = start, end = start + ((<usize>count) << 4); at < end; at += 16) {
      const x = v128.load(at);
      const i = v128.and(x, mask);
      const k = highNibbles(x, mask);
      const j = v128.xor(i, k);
      const scaled = lookUp(scaledInverse, k);
      const p = reciprocal(inverse, i, j, scaled);
      const r = reciprocal(inverse, j, i, scaled);
      const sub = v128.xor(lookUp(subP, p), lookUp(subR, r));
      const double = v128.xor(lookUp(doubleP, p), lookUp(doubleR, r));
      // 2a + 3b + c + d of a column: 2a + b, the same one row down, and d.
      const sum = v128.xor(double, lookUp(sub, down));
      v128.store(at, v128.xor(v128.xor(sum, roundKey), v128.xor(lookUp(sum, down), lookUp(sub, up))));
    }
  }
}

/** What the last round makes of a state, in octets of AES, before the last round key. */
@inline
export function lastRound(state: v128): v128 {
  return ofInverse(LAST_SUB_P, LAST_SUB_R, state);
}
