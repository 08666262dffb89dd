/** Point decompression and the reconstruction of implicit certificates' keys. */
import {
  BLOCK_ADDEND,
  BLOCK_POINT,
  BLOCK_RESULT,
  BLOCK_TABLE,
  CHUNK_BLOCKS,
  COMPRESSED,
  INPUT,
  ITEM_DIGEST,
  ITEM_U2,
  JACOBIAN_BYTES,
  KEY,
  POINT_BYTES,
  POINT_DIGITS,
  POINT_OUT,
  STATUS,
} from '../memory';
import { hashPairs } from '../sha256/stream';
import { INFINITY, NOT_JUDGED, OK } from '../status';
import { FE_BYTES, FE_ONE, LANES, feCopy, feCopyLane } from './field';
import { blocksOf, itemOf, loadAffine, loadCompressed } from './keys';
import { multiply, recodeChunk } from './multiply';
import { pointAddAffine, pointIsInfinityLanes, pointToAffine, pointToOctets } from './point';
import { SCALAR_BYTES, scalarFromOctets, scalarReduce } from './scalar';
import { inversesBegin, inversesPop, inversesPush, inversesRun, inversesSlot } from './shared-inverse';
import { buildBlockTables } from './table';

const Z_INVERSE: usize = memory.data(<i32>FE_BYTES, 16);
const AFFINE: usize = memory.data(<i32>(POINT_BYTES), 16);

function clearOutput(count: i32): void {
  memory.fill(STATUS, NOT_JUDGED, count);
  memory.fill(POINT_OUT, 0, 64 * <usize>count);
}

/** The lanes of an affine point whose items nobody refused go out, with status OK. */
function emit(point: usize, block: i32, count: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (item < 0 || load<u8>(STATUS + <usize>item) != NOT_JUDGED) continue;
    pointToOctets(point, lane, POINT_OUT + 64 * <usize>item);
    store<u8>(STATUS + <usize>item, OK);
  }
}

/** POINT_OUT := the points in COMPRESSED, for the first `count` ≤ CAPACITY items. */
export function decompress(count: i32): void {
  clearOutput(count);
  loadCompressed(COMPRESSED, count);
  for (let block = 0; block < blocksOf(count); block++) emit(BLOCK_POINT + <usize>block * POINT_BYTES, block, count);
}

/**
 * POINT_OUT := e·P_U + Q_CA for the first `count` ≤ CAPACITY items: P_U in COMPRESSED, Q_CA in KEY, and e the SHA-256 of the 64
 * octets in INPUT with its full width, mod n (IEEE 1609.2 §5.3.2; SEC 4 §2.5 would cut it). Infinity is refused.
 */
export function reconstruct(count: i32): void {
  clearOutput(count);
  if (count <= 0) return;
  hashPairs(ITEM_DIGEST, INPUT, count);
  loadCompressed(COMPRESSED, count);
  loadAffine(BLOCK_ADDEND, KEY, count);
  for (let i: usize = 0; i < <usize>count; i++) {
    scalarFromOctets(ITEM_U2 + i * SCALAR_BYTES, ITEM_DIGEST + 32 * i);
    scalarReduce(ITEM_U2 + i * SCALAR_BYTES);
  }
  const blocks = blocksOf(count);
  for (let first = 0; first < blocks; first += CHUNK_BLOCKS) multiplyChunk(first, min(CHUNK_BLOCKS, blocks - first), count);
  inversesBegin();
  for (let block = 0; block < blocks; block++) {
    feCopy(inversesSlot(), BLOCK_RESULT + <usize>block * JACOBIAN_BYTES + 2 * FE_BYTES);
    inversesPush();
  }
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) {
    inversesPop(Z_INVERSE);
    pointToAffine(AFFINE, BLOCK_RESULT + <usize>block * JACOBIAN_BYTES, Z_INVERSE);
    emit(AFFINE, block, count);
  }
}

/** BLOCK_RESULT := e·P + Q for blocks `first` …, e in ITEM_U2. */
function multiplyChunk(first: i32, blocks: i32, count: i32): void {
  recodeChunk(POINT_DIGITS, ITEM_U2, first, blocks, count);
  buildBlockTables(BLOCK_TABLE, BLOCK_POINT + <usize>first * POINT_BYTES, blocks);
  for (let i = 0; i < blocks; i++) {
    const result = BLOCK_RESULT + <usize>(first + i) * JACOBIAN_BYTES;
    multiply(result, i);
    pointAddAffine(result, result, BLOCK_ADDEND + <usize>(first + i) * POINT_BYTES);
    refuseInfinity(result, first + i, count);
  }
}

/** Lanes that are infinity get their status, and Z = 1, so that the shared inversion stays whole. */
function refuseInfinity(result: usize, block: i32, count: i32): void {
  const infinite = pointIsInfinityLanes(result);
  for (let lane = 0; lane < LANES; lane++) {
    if (!(infinite & (1 << lane))) continue;
    feCopyLane(result + 2 * FE_BYTES, FE_ONE, lane);
    const item = itemOf(block, lane, count);
    if (item >= 0 && load<u8>(STATUS + <usize>item) == NOT_JUDGED) store<u8>(STATUS + <usize>item, INFINITY);
  }
}
