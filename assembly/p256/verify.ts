/**
 * ECDSA verification of signatures in lock-step, under keys that nothing is known about but the key itself, or what an implicit certificate
 * makes it of: tables of odd multiples with shared inversions, 255 doublings side by side, and u1·G from the generator's table.
 */
import {
  BASE_POSITIONS,
  BASE_TABLE,
  BASE_WINDOW,
  BLOCK_ADDEND,
  BLOCK_EXCEPTIONAL,
  BLOCK_ISSUER,
  BLOCK_POINT,
  BLOCK_TABLE,
  CHUNK_BLOCKS,
  COMPRESSED,
  IMPLICIT_INPUT,
  ISSUER_COMPRESSED,
  ISSUER_INPUT,
  ITEM_DIGEST,
  ITEM_OWN,
  ITEM_SHARED,
  ITEM_U1,
  ITEM_U2,
  KEY,
  JACOBIAN_BYTES,
  POINT_BYTES,
  POINT_DIGITS,
  SECOND_DIGITS,
  SECOND_TABLE,
  STATUS,
  THIRD_DIGITS,
  THIRD_TABLE,
} from '../memory';
import { hashPairs } from '../sha256/stream';
import { INFINITY, NOT_JUDGED } from '../status';
import { LANES } from './field';
import { addReferences, sumOf, sumReferences } from './fixed-sum';
import { listDigits, readAhead } from './fixed-digits';
import { blocksOf, itemOf, loadAffine, loadCompressed } from './keys';
import { multiply, multiplyMany, recodeChunk } from './multiply';
import { pointAddAffine, pointIsInfinityLanes } from './point';
import { SCALAR_BYTES, scalarFromOctets, scalarMul, scalarReduce, scalarToMontgomery } from './scalar';
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
  recodeChunk(POINT_DIGITS, ITEM_U2, first, blocks, count);
  buildBlockTables(BLOCK_TABLE, BLOCK_POINT + <usize>first * POINT_BYTES, blocks);
  sumBase(first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    multiply(RESULT, i);
    judgeWithBase(i, first + i, count);
  }
}

/**
 * Judges the first `count` ≤ CAPACITY items under the keys of implicit certificates, Q = e·P + Q_CA: P in COMPRESSED, Q_CA in KEY, and what
 * e is the hash of in IMPLICIT_INPUT. Where `upper`, the issuer has an implicit certificate too: Q_CA = f·P' + Q', with P' in
 * ISSUER_COMPRESSED, Q' in KEY, and what f is the hash of in ISSUER_INPUT.
 *
 * Q is not made: u2·Q is (u2·e)·P + u2·Q_CA, which costs a third more than u2·Q, and two thirds of making Q first. Q is infinity exactly
 * where that sum is, because u2 is not zero.
 */
export function verifyImplicit(count: i32, hashed: bool, upper: bool): void {
  if (count <= 0) return;
  beginSignatures(count, hashed);
  if (upper) {
    loadCompressed(ISSUER_COMPRESSED, count);
    memory.copy(BLOCK_ISSUER, BLOCK_POINT, POINT_BYTES * <usize>blocksOf(count));
  }
  loadCompressed(COMPRESSED, count);
  loadAffine(BLOCK_ADDEND, KEY, count);
  weigh(ITEM_OWN, IMPLICIT_INPUT, count);
  if (upper) weigh(ITEM_SHARED, ISSUER_INPUT, count);
  const blocks = blocksOf(count);
  for (let first = 0; first < blocks; first += CHUNK_BLOCKS) {
    verifyImplicitChunk(first, min(CHUNK_BLOCKS, blocks - first), count, upper);
  }
}

const E: usize = memory.data(40, 16);

/** scalars := u2·e mod n of every item, e the hash of 64 octets at `inputs`. */
function weigh(scalars: usize, inputs: usize, count: i32): void {
  hashPairs(ITEM_DIGEST, inputs, count);
  for (let i: usize = 0; i < <usize>count; i++) {
    const scalar = scalars + i * SCALAR_BYTES;
    scalarFromOctets(E, ITEM_DIGEST + 32 * i);
    scalarReduce(E);
    scalarToMontgomery(scalar, ITEM_U2 + i * SCALAR_BYTES);
    scalarMul(scalar, scalar, E);
  }
}

function verifyImplicitChunk(first: i32, blocks: i32, count: i32, upper: bool): void {
  const at = <usize>first * POINT_BYTES;
  recodeChunk(POINT_DIGITS, ITEM_OWN, first, blocks, count);
  recodeChunk(SECOND_DIGITS, ITEM_U2, first, blocks, count);
  buildBlockTables(BLOCK_TABLE, BLOCK_POINT + at, blocks);
  buildBlockTables(SECOND_TABLE, BLOCK_ADDEND + at, blocks);
  if (upper) {
    recodeChunk(THIRD_DIGITS, ITEM_SHARED, first, blocks, count);
    buildBlockTables(THIRD_TABLE, BLOCK_ISSUER + at, blocks);
  }
  sumBase(first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    multiplyMany(RESULT, i, upper);
    refuseInfinity(first + i, count);
    judgeWithBase(i, first + i, count);
  }
}

/** Items whose key is infinity get that status. */
function refuseInfinity(block: i32, count: i32): void {
  const infinite = pointIsInfinityLanes(RESULT);
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (!(infinite & (1 << lane)) || item < 0 || load<u8>(STATUS + <usize>item) != NOT_JUDGED) continue;
    store<u8>(STATUS + <usize>item, INFINITY);
  }
}

/** u1·G of the blocks of a chunk. */
function sumBase(first: i32, blocks: i32, count: i32): void {
  for (let i = 0; i < blocks; i++) {
    listDigits(i, first + i, count, BASE_POSITIONS, 0, ITEM_U1, BASE_WINDOW, BASE_TABLE);
  }
  readAhead(blocks, BASE_POSITIONS);
  sumReferences(blocks, BASE_POSITIONS);
}

/** Statuses of block `i` of a chunk, `block` of the call, from u2·Q in RESULT. */
function judgeWithBase(i: i32, block: i32, count: i32): void {
  // Exceptional only where u1 = 0 or made to measure: then one after the other, in formulas for every case.
  if (load<u8>(BLOCK_EXCEPTIONAL + <usize>i)) addReferences(RESULT, i, BASE_POSITIONS);
  else pointAddAffine(RESULT, RESULT, sumOf(i, BASE_POSITIONS));
  judgeBlock(RESULT, block, count);
}
