/** Linkage values, KEYS chains at a time (SIMD builds). */
import { lookUp } from '../aes/lookup';
import { KEYS, STATES_PER_KEY, lastRound, lastRoundKey, roundOfStates, scheduleKeys, startBlock, stateAt } from '../aes/vector-aes';
import { CHAINS, CHAIN_OCTETS, LA_ID_OCTETS, RECORD_OCTETS, VALUES, VALUE_OCTETS } from './memory';
import { shareRounds, spread } from './shared-rounds';

/** From octets of a value to a record, of which the entry's number is left out: words are big-endian, memory is not. */
const RECORD_ORDER: usize = memory.data<u8>([3, 2, 1, 0, 7, 6, 5, 4, 128, 128, 128, 8, 128, 128, 128, 128], 16);

/** What is added to the last rounds of an entry's blocks: its last round keys, and the blocks themselves without j. */
@inline
function addedTo(chains: usize, key: usize, chainsPerEntry: i32): v128 {
  const laId = load<u16>(chains + key * CHAIN_OCTETS);
  const first = v128.xor(lastRoundKey(key), i32x4(laId, 0, 0, 0));
  if (chainsPerEntry == 1) return first;
  const otherId = load<u16>(chains + (key + 1) * CHAIN_OCTETS);
  return v128.xor(first, v128.xor(lastRoundKey(key + 1), i32x4(otherId, 0, 0, 0)));
}

/** Records of one entry, whose first block is that of `key`. */
@inline
function records(to: usize, added: v128, key: usize, chainsPerEntry: i32, jStart: i32, count: i32, entry: i32): void {
  const order = v128.load(RECORD_ORDER);
  const number = i32x4(0, 0, entry, 0);
  for (let index: usize = 0; index < <usize>count; index++) {
    let value = v128.xor(lastRound(v128.load(stateAt(key, index))), added);
    // j is in both authorities' blocks, and falls out.
    if (chainsPerEntry == 2) value = v128.xor(value, lastRound(v128.load(stateAt(key + 1, index))));
    else value = v128.xor(value, i32x4(0, (jStart + <i32>index) << 8, 0, 0));
    const record = v128.or(lookUp(value, order), number);
    v128.store64_lane(to, record, 0);
    v128.store32_lane(to, record, 2, 8);
    to += RECORD_OCTETS;
  }
}

/** Records of the first `count` entries in CHAINS, for j from `jStart` to `jEnd` − 1. */
export function expandVector(count: i32, chainsPerEntry: i32, jStart: i32, jEnd: i32, firstEntry: i32): void {
  const perEntry = RECORD_OCTETS * <usize>(jEnd - jStart);
  const together = <i32>KEYS / chainsPerEntry;
  for (let entry = 0; entry < count; entry += together) {
    const chains = CHAINS + <usize>(entry * chainsPerEntry) * CHAIN_OCTETS;
    const entries = min(together, count - entry);
    scheduleKeys(chains + LA_ID_OCTETS, CHAIN_OCTETS);
    shareRounds(chains, CHAIN_OCTETS);
    for (let j = jStart; j < jEnd; j += <i32>STATES_PER_KEY) {
      const some = min(<i32>STATES_PER_KEY, jEnd - j);
      spread(j, some);
      for (let round = 3; round < 10; round++) roundOfStates(round, some);
      for (let i = 0; i < entries; i++) {
        const key = <usize>(i * chainsPerEntry);
        const to = VALUES + <usize>(entry + i) * perEntry + <usize>(j - jStart) * RECORD_OCTETS;
        const added = addedTo(chains, key, chainsPerEntry);
        if (chainsPerEntry == 2) records(to, added, key, 2, j, some, firstEntry + entry + i);
        else records(to, added, key, 1, j, some, firstEntry + entry + i);
      }
    }
  }
}

/** The group values of the first `count` entries; `jValue` as it lies in memory. */
export function groupValuesVector(count: i32, chainsPerEntry: i32, jValue: u32): void {
  const together = <i32>KEYS / chainsPerEntry;
  const j = i64x2((<u64>jValue) << 16, 0);
  for (let entry = 0; entry < count; entry += together) {
    const chains = CHAINS + <usize>(entry * chainsPerEntry) * CHAIN_OCTETS;
    scheduleKeys(chains + LA_ID_OCTETS, CHAIN_OCTETS);
    for (let key: usize = 0; key < KEYS; key++) {
      startBlock(key, v128.xor(j, i32x4(load<u16>(chains + key * CHAIN_OCTETS), 0, 0, 0)));
    }
    for (let round = 1; round < 10; round++) roundOfStates(round, 1);
    for (let i = 0; i < together; i++) {
      const key = <usize>(i * chainsPerEntry);
      let value = v128.xor(lastRound(v128.load(stateAt(key, 0))), addedTo(chains, key, chainsPerEntry));
      if (chainsPerEntry == 2) value = v128.xor(value, lastRound(v128.load(stateAt(key + 1, 0))));
      else value = v128.xor(value, j);
      // 16 octets, of which the next value takes back what is not this one's.
      v128.store(VALUES + <usize>(entry + i) * VALUE_OCTETS, value);
    }
  }
}
