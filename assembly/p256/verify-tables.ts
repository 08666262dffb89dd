/**
 * ECDSA verification under keys that have tables: u1·G + u2·Q is an entry of every position of the generator's table and of the key's, added
 * up in affine coordinates. Every signature has a verdict of its own; nothing here is probabilistic.
 */
import {
  BASE_POSITIONS,
  BASE_TABLE,
  BASE_WINDOW,
  BLOCK_EXCEPTIONAL,
  BLOCK_POINT,
  CHUNK_BLOCKS,
  ISSUER_TABLE,
  ISSUER_TABLE_BYTES,
  ISSUER_WINDOW,
  ITEM_U1,
  ITEM_U2,
  JACOBIAN_BYTES,
  KEY,
  KEY_TABLE,
  KEY_TABLE_BYTES,
  KEY_WINDOW,
  STATUS,
  TABLE_SLOT,
} from '../memory';
import { LANES } from './field';
import { listDigits, listDigitsLane, readAhead } from './fixed-digits';
import { addReferences, sumOf, sumToPairs } from './fixed-sum';
import { buildFixedTable, positionsFor } from './fixed-table';
import { blocksOf, itemOf, loadAffine } from './keys';
import { pointInfinity } from './point';
import { SCALAR_BYTES } from './scalar';
import { beginSignatures, judgeBlock, judgeSum } from './signatures';
import { NOT_JUDGED } from '../status';

const RESULT: usize = memory.data(<i32>JACOBIAN_BYTES, 16);

@inline
function windowOf(issuer: bool): i32 {
  return issuer ? ISSUER_WINDOW : KEY_WINDOW;
}

@inline
function tableAt(issuer: bool, slot: i32): usize {
  return issuer ? ISSUER_TABLE + <usize>slot * ISSUER_TABLE_BYTES : KEY_TABLE + <usize>slot * KEY_TABLE_BYTES;
}

/**
 * Builds the table of the key that is the first item of KEY into a slot of its kind; STATUS of the first item says whether there
 * was a point to build it of. What the slot held before is gone either way.
 */
export function buildKeyTable(issuer: bool, slot: i32): void {
  store<u8>(STATUS, NOT_JUDGED);
  loadAffine(BLOCK_POINT, KEY, 1);
  buildFixedTable(tableAt(issuer, slot), windowOf(issuer), BLOCK_POINT);
}

/** The generator's table; once, at start-up. */
export function buildBaseTable(generator: usize): void {
  buildFixedTable(BASE_TABLE, BASE_WINDOW, generator);
}

/** Judges the first `count` ≤ CAPACITY items under the tables in TABLE_SLOT, all of one kind; `hashed` as in beginSignatures. */
export function verifyByTables(count: i32, hashed: bool, issuer: bool): void {
  if (count <= 0) return;
  beginSignatures(count, hashed);
  const blocks = blocksOf(count);
  for (let first = 0; first < blocks; first += CHUNK_BLOCKS) verifyChunk(first, min(CHUNK_BLOCKS, blocks - first), count, issuer);
}

/** Blocks `first` … of a call; scratch is counted from the first block of the chunk. */
function verifyChunk(first: i32, blocks: i32, count: i32, issuer: bool): void {
  const window = windowOf(issuer);
  const terms = BASE_POSITIONS + positionsFor(window);
  for (let i = 0; i < blocks; i++) {
    listDigits(i, first + i, count, terms, 0, ITEM_U1, BASE_WINDOW, BASE_TABLE);
    for (let lane = 0; lane < LANES; lane++) {
      const known = itemOf(first + i, lane, count);
      const item: usize = known < 0 ? 0 : known;
      const table = tableAt(issuer, load<u16>(TABLE_SLOT + 2 * item));
      listDigitsLane(i, lane, terms, BASE_POSITIONS, ITEM_U2 + item * SCALAR_BYTES, window, table);
    }
  }
  readAhead(blocks, terms);
  const distance = sumToPairs(blocks, terms);
  for (let i = 0; i < blocks; i++) {
    const sum = sumOf(i, terms);
    if (!load<u8>(BLOCK_EXCEPTIONAL + <usize>i) && judgeSum(sum, sum + distance, first + i, count)) continue;
    pointInfinity(RESULT);
    addReferences(RESULT, i, terms);
    judgeBlock(RESULT, first + i, count);
  }
}
