/**
 * Tables of a point that is multiplied again and again: for every position of a scalar's digits the odd multiples
 * (2e + 1)·2^start·P, e < 2^(width−1), affine and compact. With the digits of scalar.ts (recode: odd and signed, never zero) a
 * product is one entry of every position, added up: no doubling.
 *
 * Positions are `window` bits wide, the lowest of them one more, so that 256 / window of them make 256 bits: no entry is one that no
 * scalar needs. Entries of all positions lie behind one another.
 *
 * A position's entries double in number at each step, as sums of what is there and one power of two, with inversions shared by
 * all positions. No sum is exceptional: odd + even multiples below 2^17 of a point of prime order, and the
 * difference is no multiple of the order.
 */
import { BLOCK_POWER, INVERSE_ENTRIES, JACOBIAN_BYTES, MAX_POSITIONS, POINT_BYTES, POSITIONS } from '../memory';
import { affineDoubleAnnounce, affineDoubleFinish, affineSumFinish } from './affine';
import { COMPACT_BYTES, gatherCompact, packCompact } from './compact';
import { FE_BYTES, LANES, feCopyLaneFrom, feSub } from './field';
import { digitStart } from './scalar';
import { pointDouble, pointFromAffine, pointToAffine } from './point';
import { inversesBegin, inversesPop, inversesPush, inversesRun, inversesSlot } from './shared-inverse';

/** Octets of an entry: x, then y. One line of a cache, and tables begin with one. */
const ENTRY_BYTES: usize = 2 * COMPACT_BYTES;

const MULTIPLE: usize = memory.data(<i32>(JACOBIAN_BYTES), 16);
const ENTRY: usize = memory.data(<i32>(POINT_BYTES), 16);
const SUM: usize = memory.data(<i32>(POINT_BYTES), 16);
const Z_INVERSE: usize = memory.data(<i32>FE_BYTES, 16);
const LIST: usize = memory.data(4 * LANES, 16);

/** How many positions a table of this window has. */
@inline
export function positionsFor(window: i32): i32 {
  return 256 / window;
}

/** How many of them, the lowest, are one bit wider. */
@inline
export function wideFor(window: i32): i32 {
  return 256 % window;
}

/** Where the entries of a position stand. `wide` is {@link wideFor} the window, here and below: a division that loops do without. */
@inline
function entriesOf(table: usize, window: i32, wide: i32, position: i32): usize {
  return table + ((<usize>(position + min(position, wide))) << (window - 1)) * ENTRY_BYTES;
}

/** Reference to the entry that a recoded digit names: the address, and the sign of the digit in the lowest bit. */
@inline
export function entryReference(table: usize, window: i32, wide: i32, position: i32, digit: u32): u32 {
  return <u32>(entriesOf(table, window, wide, position) + <usize>(digit >> 1) * ENTRY_BYTES) | (digit & 1);
}

/** Builds the table of the point in lane 0 of `point`, affine. Positions at most MAX_POSITIONS. */
export function buildFixedTable(table: usize, window: i32, point: usize): void {
  const positions = positionsFor(window);
  const wide = wideFor(window);
  const blocks = blocksFor(positions);
  powersOf(point, window);
  for (let position = 0; position < positions; position++) packAt(table, window, wide, position, 0, positionPoint(position));
  for (let block = 0; block < blocks; block++) memory.copy(power(block), POSITIONS + <usize>block * JACOBIAN_BYTES, POINT_BYTES);
  doublePowers(blocks);
  for (let have = 1; have < 1 << (window - 1); have <<= 1) {
    addPowers(table, window, wide, positions, have);
    doublePowers(blocks);
  }
  addPowers(table, window, wide, wide, 1 << (window - 1));
}

@inline
function blocksFor(positions: i32): i32 {
  return (positions + LANES - 1) / LANES;
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

/** POSITIONS := 2^start·P, affine, position i in lane i mod LANES; positions past the last repeat the first. */
function powersOf(point: usize, window: i32): void {
  const positions = positionsFor(window);
  const wide = wideFor(window);
  const blocks = blocksFor(positions);
  pointFromAffine(MULTIPLE, point);
  for (let position = 0; position < blocks * LANES; position++) {
    const to = positionPoint(position);
    const lane = position % LANES;
    const from = position < positions ? MULTIPLE : POSITIONS;
    for (let part: usize = 0; part < 3; part++) feCopyLaneFrom(to + part * FE_BYTES, lane, from + part * FE_BYTES, 0);
    if (position >= positions - 1) continue;
    const next = digitStart(window, wide, position + 1);
    for (let bit = digitStart(window, wide, position); bit < next; bit++) pointDouble(MULTIPLE, MULTIPLE);
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

/** Entry `entry` of a position := its lane of a point. */
function packAt(table: usize, window: i32, wide: i32, position: i32, entry: i32, point: usize): void {
  const to = entriesOf(table, window, wide, position) + <usize>entry * ENTRY_BYTES;
  packCompact(to, point, position % LANES);
  packCompact(to + COMPACT_BYTES, point + FE_BYTES, position % LANES);
}

/** References to the same entry of all positions of a block; the padding repeats the first position. */
function listEntries(table: usize, window: i32, wide: i32, positions: i32, block: i32, entry: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    let position = block * LANES + lane;
    if (position >= positions) position = 0;
    const from = entriesOf(table, window, wide, position) + <usize>entry * ENTRY_BYTES;
    store<u32>(LIST + ((<usize>lane) << 2), <u32>from);
  }
}

/** As many entries again, for the first `positions` positions that `have` so many: each is one of those plus the power. */
function addPowers(table: usize, window: i32, wide: i32, positions: i32, have: i32): void {
  for (let from = 0; from < have; from += CHUNK) addPower(table, window, wide, positions, have, from);
}

/** Entries have + from … := entries from … plus the power, for up to CHUNK of them. */
function addPower(table: usize, window: i32, wide: i32, positions: i32, have: i32, from: i32): void {
  const blocks = blocksFor(positions);
  const to = min(have, from + CHUNK);
  inversesBegin();
  for (let entry = from; entry < to; entry++) {
    for (let block = 0; block < blocks; block++) {
      listEntries(table, window, wide, positions, block, entry);
      gatherCompact(ENTRY, LIST, 0);
      feSub(inversesSlot(), power(block), ENTRY);
      inversesPush();
    }
  }
  inversesRun();
  for (let entry = to - 1; entry >= from; entry--) {
    for (let block = blocks - 1; block >= 0; block--) {
      listEntries(table, window, wide, positions, block, entry);
      gatherCompact(ENTRY, LIST, 0);
      gatherCompact(ENTRY + FE_BYTES, LIST, COMPACT_BYTES);
      affineSumFinish(SUM, ENTRY, power(block));
      const last = min(positions, (block + 1) * LANES);
      for (let position = block * LANES; position < last; position++) packAt(table, window, wide, position, have + entry, SUM);
    }
  }
}

function doublePowers(blocks: i32): void {
  inversesBegin();
  for (let block = 0; block < blocks; block++) affineDoubleAnnounce(power(block));
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) affineDoubleFinish(power(block), power(block));
}
