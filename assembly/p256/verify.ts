/**
 * ECDSA verification of signatures in lock-step, under keys that nothing is known about but the key itself: tables of odd multiples
 * with shared inversions, 255 doublings side by side, and u1·G from the generator's table.
 */
import {
  BASE_POSITIONS,
  BASE_TABLE,
  BASE_WINDOW,
  BLOCK_EXCEPTIONAL,
  BLOCK_POINT,
  CHUNK_BLOCKS,
  ITEM_U1,
  ITEM_U2,
  KEY,
  JACOBIAN_BYTES,
  POINT_BYTES,
} from '../memory';
import { addReferences, sumOf, sumReferences } from './fixed-sum';
import { listDigits, readAhead } from './fixed-digits';
import { blocksOf, loadAffine } from './keys';
import { multiply, recodeChunk } from './multiply';
import { pointAddAffine } from './point';
import { beginSignatures, judgeBlock } from './signatures';
import { buildBlockTables } from './table';

const RESULT: usize = memory.data(<i32>JACOBIAN_BYTES, 16);

/** Judges the first `count` ≤ CAPACITY items under the keys in KEY; `hashed` as in beginSignatures. */
export function verify(count: i32, hashed: bool): void {
  if (count <= 0) return;
  beginSignatures(count, hashed);
  loadAffine(BLOCK_POINT, KEY, count);
  const blocks = blocksOf(count);
  for (let first = 0; first < blocks; first += CHUNK_BLOCKS) verifyChunk(first, min(CHUNK_BLOCKS, blocks - first), count);
}

/** Blocks `first` … of a call; scratch is counted from the first block of the chunk. */
function verifyChunk(first: i32, blocks: i32, count: i32): void {
  recodeChunk(ITEM_U2, first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    listDigits(i, first + i, count, BASE_POSITIONS, 0, ITEM_U1, BASE_WINDOW, BASE_TABLE);
  }
  readAhead(blocks, BASE_POSITIONS);
  sumReferences(blocks, BASE_POSITIONS);
  buildBlockTables(BLOCK_POINT + <usize>first * POINT_BYTES, blocks);
  for (let i = 0; i < blocks; i++) {
    multiply(RESULT, i);
    // Exceptional only where u1 = 0 or made to measure: then one after the other, in formulas for every case.
    if (load<u8>(BLOCK_EXCEPTIONAL + <usize>i)) addReferences(RESULT, i, BASE_POSITIONS);
    else pointAddAffine(RESULT, RESULT, sumOf(i, BASE_POSITIONS));
    judgeBlock(RESULT, first + i, count);
  }
}
