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
  BLOCK_RESULT,
  BLOCK_TABLE,
  CHUNK_BLOCKS,
  COMPRESSED,
  IMPLICIT_INPUT,
  ISSUER_COMPRESSED,
  ISSUER_INPUT,
  ITEM_DIGEST,
  ITEM_INVERSE,
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
import { BAD_SIGNATURE, INFINITY, NOT_JUDGED, OK, OK_ALTERNATIVE } from '../status';
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
const E: usize = memory.data(40, 16);

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
  sumBase(ITEM_U1, first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    multiply(RESULT, i);
    judgeWithBase(i, first + i, count);
  }
}

/**
 * The same, and where INPUT does not hold over what stands in IMPLICIT_INPUT: OK_ALTERNATIVE where that does. Both have u2·Q in common, so that
 * the second costs no more than another u1·G.
 */
export function verifyEither(count: i32, hashed: bool): void {
  if (count <= 0) return;
  beginSignatures(count, hashed);
  loadAffine(BLOCK_POINT, KEY, count);
  if (hashed) memory.copy(ITEM_DIGEST, IMPLICIT_INPUT, 32 * <usize>count);
  else hashPairs(ITEM_DIGEST, IMPLICIT_INPUT, count);
  for (let i: usize = 0; i < <usize>count; i++) {
    scalarFromOctets(E, ITEM_DIGEST + 32 * i); // up to 2^256 − 1, which scalarMul takes
    scalarMul(ITEM_OWN + i * SCALAR_BYTES, E, ITEM_INVERSE + i * SCALAR_BYTES);
  }
  const blocks = blocksOf(count);
  for (let first = 0; first < blocks; first += CHUNK_BLOCKS) {
    verifyEitherChunk(first, min(CHUNK_BLOCKS, blocks - first), count);
  }
}

function verifyEitherChunk(first: i32, blocks: i32, count: i32): void {
  recodeChunk(POINT_DIGITS, ITEM_U2, first, blocks, count);
  buildBlockTables(BLOCK_TABLE, BLOCK_POINT + <usize>first * POINT_BYTES, blocks);
  sumBase(ITEM_U1, first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    multiply(RESULT, i);
    memory.copy(BLOCK_RESULT + <usize>i * JACOBIAN_BYTES, RESULT, JACOBIAN_BYTES);
    judgeWithBase(i, first + i, count);
  }
  sumBase(ITEM_OWN, first, blocks, count);
  for (let i = 0; i < blocks; i++) {
    const reopened = reopen(first + i, count);
    if (reopened == 0) continue;
    memory.copy(RESULT, BLOCK_RESULT + <usize>i * JACOBIAN_BYTES, JACOBIAN_BYTES);
    judgeWithBase(i, first + i, count);
    nameAlternative(reopened, first + i, count);
  }
}

/** Makes the bad signatures of a block ones that nobody has judged. Bit `lane` of what it returns is set where it has. */
function reopen(block: i32, count: i32): i32 {
  let reopened = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (item < 0 || load<u8>(STATUS + <usize>item) != BAD_SIGNATURE) continue;
    store<u8>(STATUS + <usize>item, NOT_JUDGED);
    reopened |= 1 << lane;
  }
  return reopened;
}

/** What holds now holds over the alternative. */
function nameAlternative(reopened: i32, block: i32, count: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    if (!(reopened & (1 << lane))) continue;
    const item: usize = itemOf(block, lane, count);
    if (load<u8>(STATUS + item) == OK) store<u8>(STATUS + item, OK_ALTERNATIVE);
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
  sumBase(ITEM_U1, first, blocks, count);
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

/** A multiple of G for the blocks of a chunk, one scalar an item. */
function sumBase(scalars: usize, first: i32, blocks: i32, count: i32): void {
  for (let i = 0; i < blocks; i++) {
    listDigits(i, first + i, count, BASE_POSITIONS, 0, scalars, BASE_WINDOW, BASE_TABLE);
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
