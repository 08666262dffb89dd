/**
 * What the blocks of a chain have in common (SIMD builds). They differ in octet 5 only, the last of j. Round 1 spreads it over
 * a column, round 2 over the state, one octet of that column over each: so both are done once for j = 0, and for any other
 * j what changes is looked up.
 */
import { KEYS, roundOfStates, startBlock, stateAt } from '../aes/vector-aes';
import { affine, invert8, mixFactor, multiply8, pairOf } from '../aes/tower';

/** Where a state that was not worked on yet holds octet 5. */
const VARYING: usize = 13;
/** Where a state after round 1 holds the octets of its first column. */
const ROW_0: usize = 0;
const ROW_1: usize = 13;
const ROW_2: usize = 10;
const ROW_3: usize = 7;

/** Pair of each j. */
const J_PAIR: usize = memory.data(256);
/** By pair of what enters the S-box in round 1: the column that it adds, as pairs. */
const COLUMN: usize = memory.data(4 * 256, 16);
/** By pair of what enters the S-box in round 2, for each row of the first column: the state that it adds. */
const STATE_0: usize = memory.data(16 * 256, 16);
const STATE_1: usize = memory.data(16 * 256, 16);
const STATE_2: usize = memory.data(16 * 256, 16);
const STATE_3: usize = memory.data(16 * 256, 16);

/** For each key: octet 5 before round 1, what the first column after it lacks, and the state after round 2 without its contribution. */
const OCTET_5: usize = memory.data(4 * 4, 16);
const FIRST_COLUMN: usize = memory.data(4 * 4, 16);
const BASE: usize = memory.data(4 * 16, 16);

export function sharedRoundsInit(): void {
  for (let octet: u32 = 0; octet < 256; octet++) {
    const pair: usize = pairOf(octet);
    const sub = affine(invert8(octet));
    store<u8>(J_PAIR + octet, pair);
    for (let row: usize = 0; row < 4; row++) {
      store<u8>(COLUMN + (pair << 2) + row, pairOf(multiply8(mixFactor(<u32>row, 1), sub)));
      // ShiftRows takes row r of the first column to column −r.
      store<u8>(STATE_0 + (pair << 4) + row, pairOf(multiply8(mixFactor(<u32>row, 0), sub)));
      store<u8>(STATE_1 + (pair << 4) + 12 + row, pairOf(multiply8(mixFactor(<u32>row, 1), sub)));
      store<u8>(STATE_2 + (pair << 4) + 8 + row, pairOf(multiply8(mixFactor(<u32>row, 2), sub)));
      store<u8>(STATE_3 + (pair << 4) + 4 + row, pairOf(multiply8(mixFactor(<u32>row, 3), sub)));
    }
  }
}

@inline
function column(pair: u32): u32 {
  return load<u32>(COLUMN + ((<usize>pair) << 2));
}

/** What the first column after round 1 adds to the state after round 2. */
@inline
function contribution(first: u32): v128 {
  return v128.xor(
    v128.xor(
      v128.load(STATE_0 + ((<usize>(first & 255)) << 4)),
      v128.load(STATE_1 + ((<usize>((first >> 8) & 255)) << 4)),
    ),
    v128.xor(
      v128.load(STATE_2 + ((<usize>((first >> 16) & 255)) << 4)),
      v128.load(STATE_3 + ((<usize>(first >> 24)) << 4)),
    ),
  );
}

/** Rounds 0…2 of the blocks with j = 0, under the keys that are scheduled; `chains` are what they are of, `stride` octets apart. */
export function shareRounds(chains: usize, stride: usize): void {
  for (let key: usize = 0; key < KEYS; key++) {
    startBlock(key, i32x4(load<u16>(chains + key * stride), 0, 0, 0));
    store<u32>(OCTET_5 + (key << 2), load<u8>(stateAt(key, 0) + VARYING));
  }
  roundOfStates(1, 1);
  for (let key: usize = 0; key < KEYS; key++) {
    const state = stateAt(key, 0);
    const first: u32 =
      load<u8>(state + ROW_0) |
      ((<u32>load<u8>(state + ROW_1)) << 8) |
      ((<u32>load<u8>(state + ROW_2)) << 16) |
      ((<u32>load<u8>(state + ROW_3)) << 24);
    v128.store(BASE + (key << 4), contribution(first));
    store<u32>(FIRST_COLUMN + (key << 2), first ^ column(load<u32>(OCTET_5 + (key << 2))));
  }
  roundOfStates(2, 1);
  for (let key: usize = 0; key < KEYS; key++) {
    const at = BASE + (key << 4);
    v128.store(at, v128.xor(v128.load(at), v128.load(stateAt(key, 0))));
  }
}

/** The states after round 2 of the blocks with j from `jStart` on, `count` of each key. */
export function spread(jStart: i32, count: i32): void {
  for (let key: usize = 0; key < KEYS; key++) {
    const octet5 = load<u32>(OCTET_5 + (key << 2));
    const first = load<u32>(FIRST_COLUMN + (key << 2));
    const base = v128.load(BASE + (key << 4));
    let j = J_PAIR + <usize>jStart;
    for (let at = stateAt(key, 0), end = stateAt(key, count); at < end; at += 16, j++) {
      v128.store(at, v128.xor(base, contribution(first ^ column(octet5 ^ load<u8>(j)))));
    }
  }
}
