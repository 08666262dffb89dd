/**
 * Tables of a point that is multiplied again and again: for every position i of `window` bits the odd multiples
 * (2e + 1)·2^(window·i)·P, e < 2^(window−1), affine and packed. With the digits of scalar.ts (recode: odd and signed, never zero) a
 * product is one entry of every position, added up: no doubling.
 *
 * A position's entries double in number at each step, as sums of what is there and one power of two, with inversions shared by
 * all positions. No sum is exceptional: odd + even multiples below 2^(window·positions) of a point of prime order, and the
 * difference is no multiple of the order.
 */
import { BLOCK_POWER, INVERSE_ENTRIES, JACOBIAN_BYTES, MAX_POSITIONS, POINT_BYTES, POSITIONS } from '../memory';
import { affineDoubleAnnounce, affineDoubleFinish, affineSumFinish } from './affine';
import { FE_BYTES, LANES, PACKED_BYTES, feCopyLaneFrom, feGatherPacked, fePackLane, feSub } from './field';
import { pointDouble, pointFromAffine, pointToAffine } from './point';
import { inversesBegin, inversesPop, inversesPush, inversesRun, inversesSlot } from './shared-inverse';

/** Octets of an entry: x, then y. */
export const ENTRY_BYTES: usize = 2 * PACKED_BYTES;

const MULTIPLE: usize = memory.data(<i32>(JACOBIAN_BYTES), 16);
const ENTRY: usize = memory.data(<i32>(POINT_BYTES), 16);
const SUM: usize = memory.data(<i32>(POINT_BYTES), 16);
const Z_INVERSE: usize = memory.data(<i32>FE_BYTES, 16);
const LIST: usize = memory.data(4 * LANES, 16);

/** Reference to the entry that a recoded digit names: the address, and the sign of the digit in the lowest bit. */
@inline
export function entryReference(table: usize, window: i32, position: i32, digit: u32): u32 {
  const entries = table + (((<usize>position) << (window - 1)) + <usize>(digit >> 1)) * ENTRY_BYTES;
  return <u32>entries | (digit & 1);
}

/** Builds the table of the point in lane 0 of `point`, affine. Positions at most MAX_POSITIONS. */
export function buildFixedTable(table: usize, window: i32, positions: i32, point: usize): void {
  const blocks = (positions + LANES - 1) / LANES;
  powersOf(point, window, positions, blocks);
  for (let position = 0; position < blocks * LANES; position++) packAt(table, window, positions, position, 0, positionPoint(position));
  for (let block = 0; block < blocks; block++) memory.copy(power(block), POSITIONS + <usize>block * JACOBIAN_BYTES, POINT_BYTES);
  doublePowers(blocks);
  for (let have = 1; have < 1 << (window - 1); have <<= 1) {
    for (let from = 0; from < have; from += CHUNK) addPower(table, window, positions, blocks, have, from);
    doublePowers(blocks);
  }
}

/** Positions of the narrowest window, rounded up to lanes. */
const MAX_POSITION_BLOCKS: i32 = MAX_POSITIONS / LANES + 1;
/** Entries of all positions that share an inversion: the stack holds so many for the blocks of MAX_POSITIONS. */
const CHUNK: i32 = INVERSE_ENTRIES / MAX_POSITION_BLOCKS;

/** The point of a position, in its block; which lane it is follows from the position. */
@inline
function positionPoint(position: i32): usize {
  return POSITIONS + <usize>(position / LANES) * JACOBIAN_BYTES;
}

@inline
function power(block: i32): usize {
  return BLOCK_POWER + <usize>block * POINT_BYTES;
}

/** POSITIONS := 2^(window·i)·P, affine, position i in lane i mod LANES; positions past the last repeat the first. */
function powersOf(point: usize, window: i32, positions: i32, blocks: i32): void {
  pointFromAffine(MULTIPLE, point);
  for (let position = 0; position < blocks * LANES; position++) {
    const to = positionPoint(position);
    const lane = position % LANES;
    const from = position < positions ? MULTIPLE : POSITIONS;
    for (let part: usize = 0; part < 3; part++) feCopyLaneFrom(to + part * FE_BYTES, lane, from + part * FE_BYTES, 0);
    if (position < positions - 1) for (let i = 0; i < window; i++) pointDouble(MULTIPLE, MULTIPLE);
  }
  inversesBegin();
  for (let block = 0; block < blocks; block++) {
    memory.copy(inversesSlot(), POSITIONS + <usize>block * JACOBIAN_BYTES + 2 * FE_BYTES, FE_BYTES);
    inversesPush();
  }
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) {
    const at = POSITIONS + <usize>block * JACOBIAN_BYTES;
    inversesPop(Z_INVERSE);
    pointToAffine(at, at, Z_INVERSE);
  }
}

/** Entry `entry` of a position := its lane of a point. Nothing for the padding of the last block. */
function packAt(table: usize, window: i32, positions: i32, position: i32, entry: i32, point: usize): void {
  if (position >= positions) return;
  const to = table + (((<usize>position) << (window - 1)) + <usize>entry) * ENTRY_BYTES;
  fePackLane(to, point, position % LANES);
  fePackLane(to + PACKED_BYTES, point + FE_BYTES, position % LANES);
}

/** LIST := entry `entry` of the positions in a block. */
function listEntries(table: usize, window: i32, positions: i32, block: i32, entry: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    let position = block * LANES + lane;
    if (position >= positions) position = 0;
    const from = table + (((<usize>position) << (window - 1)) + <usize>entry) * ENTRY_BYTES;
    store<u32>(LIST + ((<usize>lane) << 2), <u32>from);
  }
}

/** Entries have + from … := entries from … plus the power, for up to CHUNK of them in every position. */
function addPower(table: usize, window: i32, positions: i32, blocks: i32, have: i32, from: i32): void {
  const to = min(have, from + CHUNK);
  inversesBegin();
  for (let entry = from; entry < to; entry++) {
    for (let block = 0; block < blocks; block++) {
      listEntries(table, window, positions, block, entry);
      feGatherPacked(ENTRY, LIST, 0);
      feSub(inversesSlot(), power(block), ENTRY);
      inversesPush();
    }
  }
  inversesRun();
  for (let entry = to - 1; entry >= from; entry--) {
    for (let block = blocks - 1; block >= 0; block--) {
      listEntries(table, window, positions, block, entry);
      feGatherPacked(ENTRY, LIST, 0);
      feGatherPacked(ENTRY + FE_BYTES, LIST, PACKED_BYTES);
      affineSumFinish(SUM, ENTRY, power(block));
      for (let lane = 0; lane < LANES; lane++) packAt(table, window, positions, block * LANES + lane, have + entry, SUM);
    }
  }
}

function doublePowers(blocks: i32): void {
  inversesBegin();
  for (let block = 0; block < blocks; block++) affineDoubleAnnounce(power(block));
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) affineDoubleFinish(power(block), power(block));
}
