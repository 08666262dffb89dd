/** Linkage values, block after block (builds without SIMD). */
import { keyWord, lastColumn, mixed, mixedColumn, scheduleKey } from '../aes/scalar-aes';
import { CHAINS, CHAIN_OCTETS, LA_ID_OCTETS, RECORD_OCTETS, VALUES, VALUE_OCTETS } from './memory';

/** The first nine octets of what {@link finish} makes, in three words as they lie in memory; of the last word one octet counts. */
let output0: u32 = 0;
let output1: u32 = 0;
let output2: u32 = 0;

/** Rounds 3…10 of a state after round 2. Of the last only the columns with octets of the value. */
@inline
function finish(c0: u32, c1: u32, c2: u32, c3: u32): void {
  for (let round = 3; round < 10; round++) {
    const d0 = mixedColumn(c0, c1, c2, c3) ^ keyWord(round, 0);
    const d1 = mixedColumn(c1, c2, c3, c0) ^ keyWord(round, 1);
    const d2 = mixedColumn(c2, c3, c0, c1) ^ keyWord(round, 2);
    const d3 = mixedColumn(c3, c0, c1, c2) ^ keyWord(round, 3);
    c0 = d0;
    c1 = d1;
    c2 = d2;
    c3 = d3;
  }
  output0 = lastColumn(c0, c1, c2, c3) ^ keyWord(10, 0);
  output1 = lastColumn(c1, c2, c3, c0) ^ keyWord(10, 1);
  output2 = lastColumn(c2, c3, c0, c1) ^ keyWord(10, 2);
}

/** Adds plv(i, j) of a chain to the octets of `count` records, or begins them with it. */
function addChain(to: usize, chain: usize, begins: bool, jStart: i32, count: i32): void {
  scheduleKey(chain + LA_ID_OCTETS);
  const laId: u32 = load<u16>(chain);
  // Rounds 0…2 of the block with j = 0, without what its octet 5 adds: j changes nothing else (see shared-rounds.ts).
  const s0 = laId ^ keyWord(0, 0);
  const s1 = keyWord(0, 1);
  const s2 = keyWord(0, 2);
  const s3 = keyWord(0, 3);
  const first = mixed(s0, 0) ^ mixed(s2, 2) ^ mixed(s3, 3) ^ keyWord(1, 0);
  const t1 = mixedColumn(s1, s2, s3, s0) ^ keyWord(1, 1);
  const t2 = mixedColumn(s2, s3, s0, s1) ^ keyWord(1, 2);
  const t3 = mixedColumn(s3, s0, s1, s2) ^ keyWord(1, 3);
  const u0 = mixed(t1, 1) ^ mixed(t2, 2) ^ mixed(t3, 3) ^ keyWord(2, 0);
  const u1 = mixed(t1, 0) ^ mixed(t2, 1) ^ mixed(t3, 2) ^ keyWord(2, 1);
  const u2 = mixed(t2, 0) ^ mixed(t3, 1) ^ mixed(t1, 3) ^ keyWord(2, 2);
  const u3 = mixed(t3, 0) ^ mixed(t1, 2) ^ mixed(t2, 3) ^ keyWord(2, 3);
  for (let j: u32 = jStart; j < <u32>(jStart + count); j++, to += RECORD_OCTETS) {
    const block1 = j << 8;
    const t0 = first ^ mixed(s1 ^ block1, 1);
    finish(u0 ^ mixed(t0, 0), u1 ^ mixed(t0, 3), u2 ^ mixed(t0, 2), u3 ^ mixed(t0, 1));
    let word0 = output0 ^ laId;
    let word1 = output1 ^ block1;
    let word2 = output2 << 24;
    if (!begins) {
      word0 ^= load<u32>(to);
      word1 ^= load<u32>(to, 4);
      word2 ^= load<u32>(to, 8);
    }
    store<u32>(to, word0);
    store<u32>(to, word1, 4);
    store<u32>(to, word2, 8);
  }
}

/** Records of the first `count` entries in CHAINS, for j from `jStart` to `jEnd` − 1. */
export function expandScalar(count: i32, chainsPerEntry: i32, jStart: i32, jEnd: i32, firstEntry: i32): void {
  const values = jEnd - jStart;
  let chain = CHAINS;
  let to = VALUES;
  for (let entry = 0; entry < count; entry++) {
    for (let i = 0; i < chainsPerEntry; i++, chain += CHAIN_OCTETS) addChain(to, chain, i == 0, jStart, values);
    for (const end = to + <usize>values * RECORD_OCTETS; to < end; to += RECORD_OCTETS) {
      store<u32>(to, bswap(load<u32>(to)));
      store<u32>(to, bswap(load<u32>(to, 4)), 4);
      store<u32>(to, load<u32>(to, 8) | (firstEntry + entry), 8);
    }
  }
}

/** The group values of the first `count` entries; `jValue` as it lies in memory. */
export function groupValuesScalar(count: i32, chainsPerEntry: i32, jValue: u32): void {
  let chain = CHAINS;
  for (let entry = 0; entry < count; entry++) {
    const to = VALUES + <usize>entry * VALUE_OCTETS;
    memory.fill(to, 0, VALUE_OCTETS);
    for (let i = 0; i < chainsPerEntry; i++, chain += CHAIN_OCTETS) {
      scheduleKey(chain + LA_ID_OCTETS);
      const block0 = <u32>load<u16>(chain) | (jValue << 16);
      const block1 = jValue >> 16;
      encryptStart(block0, block1);
      store<u32>(to, load<u32>(to) ^ output0 ^ block0);
      store<u32>(to, load<u32>(to, 4) ^ output1 ^ block1, 4);
      store<u8>(to, load<u8>(to, 8) ^ <u8>output2, 8);
    }
  }
}

/** Encrypts a block of which two words are not zero. */
function encryptStart(block0: u32, block1: u32): void {
  let c0 = block0 ^ keyWord(0, 0);
  let c1 = block1 ^ keyWord(0, 1);
  let c2 = keyWord(0, 2);
  let c3 = keyWord(0, 3);
  for (let round = 1; round < 3; round++) {
    const d0 = mixedColumn(c0, c1, c2, c3) ^ keyWord(round, 0);
    const d1 = mixedColumn(c1, c2, c3, c0) ^ keyWord(round, 1);
    const d2 = mixedColumn(c2, c3, c0, c1) ^ keyWord(round, 2);
    const d3 = mixedColumn(c3, c0, c1, c2) ^ keyWord(round, 3);
    c0 = d0;
    c1 = d1;
    c2 = d2;
    c3 = d3;
  }
  finish(c0, c1, c2, c3);
}
