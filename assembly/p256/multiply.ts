/** Scalar multiplication of points that nothing is known about, one or several at a time, on the tables of one block. */
import {
  BLOCK_TABLE,
  DIGITS,
  POINT_BYTES,
  POINT_DIGITS,
  SECOND_DIGITS,
  SECOND_TABLE,
  TABLE_ENTRIES,
  THIRD_DIGITS,
  THIRD_TABLE,
  WINDOW,
} from '../memory';
import { FE_BYTES, LANES, feGather, feNegateLanes } from './field';
import { pointAddAffine, pointDouble, pointFromAffine } from './point';
import { SCALAR_BYTES, recode } from './scalar';

const ADDEND: usize = memory.data(<i32>(POINT_BYTES), 16);
const SOURCES: usize = memory.data(4 * LANES, 16);

/**
 * ADDEND := for each lane the table entry that its digit names. `digits` is the digit of lane 0, lane k's is k·stride octets
 * behind it.
 */
@inline
function gather(table: usize, digits: usize, stride: usize): void {
  let negative = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const digit: u32 = load<u16>(digits + <usize>lane * stride);
    store<u32>(SOURCES + ((<usize>lane) << 2), <u32>(table + <usize>(digit >> 1) * POINT_BYTES));
    negative |= (digit & 1) << lane;
  }
  feGather(ADDEND, SOURCES, 0);
  feGather(ADDEND + FE_BYTES, SOURCES, FE_BYTES);
  feNegateLanes(ADDEND + FE_BYTES, ADDEND + FE_BYTES, negative);
}

@inline
function tableOf(tables: usize, block: i32): usize {
  return tables + <usize>(block * TABLE_ENTRIES) * POINT_BYTES;
}

@inline
function digitOf(digits: usize, block: i32, i: i32): usize {
  return digits + <usize>(block * LANES * DIGITS + i) * 2;
}

/**
 * `digits` := POINT_DIGITS, or those of another point, of one scalar (40 octets) an item, for the blocks of a chunk. The padding repeats
 * the first item.
 */
export function recodeChunk(digits: usize, scalars: usize, first: i32, blocks: i32, count: i32): void {
  for (let i = 0; i < blocks * LANES; i++) {
    const item = first * LANES + i;
    const scalar = scalars + (item < count ? <usize>item : 0) * SCALAR_BYTES;
    recode(scalar, WINDOW, 0, DIGITS, digits + <usize>(i * DIGITS) * 2);
  }
}

/** Bit position of the highest digit, where the multiplication starts. */
const TOP: i32 = WINDOW * (DIGITS - 1);

/** out := e·P for the lanes of block `block` of a chunk: e in POINT_DIGITS, P's multiples in BLOCK_TABLE. */
export function multiply(out: usize, block: i32): void {
  begin(out, block);
  for (let bit = TOP - 1; bit >= 0; bit--) {
    pointDouble(out, out);
    if (bit % WINDOW == 0) addDigit(out, BLOCK_TABLE, POINT_DIGITS, block, bit / WINDOW);
  }
}

/**
 * out := e·P + f·Q, and + g·R where `three`: f and g in SECOND_DIGITS and THIRD_DIGITS, the multiples in SECOND_TABLE and THIRD_TABLE. All
 * share their doublings (E. G. Straus, "Addition chains of vectors", American Mathematical Monthly 71, 1964).
 */
export function multiplyMany(out: usize, block: i32, three: bool): void {
  begin(out, block);
  addOthers(out, block, DIGITS - 1, three);
  for (let bit = TOP - 1; bit >= 0; bit--) {
    pointDouble(out, out);
    if (bit % WINDOW != 0) continue;
    addDigit(out, BLOCK_TABLE, POINT_DIGITS, block, bit / WINDOW);
    addOthers(out, block, bit / WINDOW, three);
  }
}

/** out := the entry of the highest digit. */
@inline
function begin(out: usize, block: i32): void {
  gather(tableOf(BLOCK_TABLE, block), digitOf(POINT_DIGITS, block, DIGITS - 1), 2 * DIGITS);
  pointFromAffine(out, ADDEND);
}

@inline
function addDigit(out: usize, tables: usize, digits: usize, block: i32, i: i32): void {
  gather(tableOf(tables, block), digitOf(digits, block, i), 2 * DIGITS);
  pointAddAffine(out, out, ADDEND);
}

@inline
function addOthers(out: usize, block: i32, i: i32, three: bool): void {
  addDigit(out, SECOND_TABLE, SECOND_DIGITS, block, i);
  if (three) addDigit(out, THIRD_TABLE, THIRD_DIGITS, block, i);
}
