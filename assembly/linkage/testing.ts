/** The test entry: everything of the release, and AES by itself. Never shipped. */
import { keyWord, lastColumn, mixedColumn, scheduleKey } from '../aes/scalar-aes';
import { KEYS, lastRound, lastRoundKey, roundOfStates, scheduleKeys, startBlock, stateAt } from '../aes/vector-aes';

export * from './index';

/** Keys and blocks of one call. */
export const BLOCK_CAPACITY: i32 = 64;
/** IN: 16 octets each. */
export const AES_KEYS: usize = memory.data(16 * BLOCK_CAPACITY, 16);
/** IN and OUT: 16 octets each. */
export const AES_BLOCKS: usize = memory.data(16 * BLOCK_CAPACITY, 16);

/** Encrypts block i under key i, for i < count. */
export function encrypt(count: i32): void {
  if (ASC_FEATURE_SIMD) for (let i = 0; i < count; i += <i32>KEYS) encryptTogether(<usize>i << 4);
  else for (let i = 0; i < count; i++) encryptOne(AES_KEYS + (<usize>i << 4), AES_BLOCKS + (<usize>i << 4));
}

function encryptTogether(at: usize): void {
  scheduleKeys(AES_KEYS + at, 16);
  for (let key: usize = 0; key < KEYS; key++) startBlock(key, v128.load(AES_BLOCKS + at + (key << 4)));
  for (let round = 1; round < 10; round++) roundOfStates(round, 1);
  for (let key: usize = 0; key < KEYS; key++) {
    v128.store(AES_BLOCKS + at + (key << 4), v128.xor(lastRound(v128.load(stateAt(key, 0))), lastRoundKey(key)));
  }
}

/** Encrypts the block at `block` in place. */
function encryptOne(key: usize, block: usize): void {
  scheduleKey(key);
  for (let i = 0; i < 4; i++) store<u32>(block + (<usize>i << 2), load<u32>(block + (<usize>i << 2)) ^ keyWord(0, i));
  for (let round = 1; round <= 10; round++) {
    const c0 = load<u32>(block);
    const c1 = load<u32>(block, 4);
    const c2 = load<u32>(block, 8);
    const c3 = load<u32>(block, 12);
    const last = round == 10;
    store<u32>(block, (last ? lastColumn(c0, c1, c2, c3) : mixedColumn(c0, c1, c2, c3)) ^ keyWord(round, 0));
    store<u32>(block, (last ? lastColumn(c1, c2, c3, c0) : mixedColumn(c1, c2, c3, c0)) ^ keyWord(round, 1), 4);
    store<u32>(block, (last ? lastColumn(c2, c3, c0, c1) : mixedColumn(c2, c3, c0, c1)) ^ keyWord(round, 2), 8);
    store<u32>(block, (last ? lastColumn(c3, c0, c1, c2) : mixedColumn(c3, c0, c1, c2)) ^ keyWord(round, 3), 12);
  }
}
