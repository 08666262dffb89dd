/**
 * AES-128 encryption by tables (builds without SIMD; FIPS 197): each table gives what an octet adds to a mixed column. A column is a
 * u32 with row 0 in its lowest octet, as it lies in memory.
 */
import { AFFINE_CONSTANT, affine, invert8, mixFactor, multiply8 } from './tower';

/** The S-box, and by row what an octet of that row adds to its column in rounds 1…9. */
const SUB: usize = memory.data(256, 16);
const ROW_0: usize = memory.data(4 * 256, 16);
const ROW_1: usize = memory.data(4 * 256, 16);
const ROW_2: usize = memory.data(4 * 256, 16);
const ROW_3: usize = memory.data(4 * 256, 16);
/** Round keys 0…10 of the key that is scheduled, four words each. */
export const WORDS: usize = memory.data(11 * 16, 16);

export function scalarAesInit(): void {
  for (let octet: u32 = 0; octet < 256; octet++) {
    const sub = affine(invert8(octet)) ^ AFFINE_CONSTANT;
    store<u8>(SUB + octet, sub);
    for (let to: u32 = 0; to < 4; to++) {
      const at = <usize>((octet << 2) + to);
      store<u8>(ROW_0 + at, multiply8(mixFactor(to, 0), sub));
      store<u8>(ROW_1 + at, multiply8(mixFactor(to, 1), sub));
      store<u8>(ROW_2 + at, multiply8(mixFactor(to, 2), sub));
      store<u8>(ROW_3 + at, multiply8(mixFactor(to, 3), sub));
    }
  }
}

/** Octet of a column, by row. */
@inline
function octetOf(column: u32, row: i32): usize {
  return (column >> (<u32>row << 3)) & 255;
}

@inline
function sub(column: u32, row: i32): u32 {
  return (<u32>load<u8>(SUB + octetOf(column, row))) << (<u32>row << 3);
}

/** What row `row` of `column` adds to a mixed column. */
@inline
export function mixed(column: u32, row: i32): u32 {
  const table = row == 0 ? ROW_0 : row == 1 ? ROW_1 : row == 2 ? ROW_2 : ROW_3;
  return load<u32>(table + (octetOf(column, row) << 2));
}

/** A column of the next state, of the four columns that ShiftRows takes its rows from. */
@inline
export function mixedColumn(row0: u32, row1: u32, row2: u32, row3: u32): u32 {
  return mixed(row0, 0) ^ mixed(row1, 1) ^ mixed(row2, 2) ^ mixed(row3, 3);
}

/** The same of the last round, which mixes nothing. */
@inline
export function lastColumn(row0: u32, row1: u32, row2: u32, row3: u32): u32 {
  return sub(row0, 0) | sub(row1, 1) | sub(row2, 2) | sub(row3, 3);
}

@inline
export function keyWord(round: i32, column: i32): u32 {
  return load<u32>(WORDS + ((<usize>(4 * round + column)) << 2));
}

/** The round keys of the key of 16 octets at `key`. */
export function scheduleKey(key: usize): void {
  memory.copy(WORDS, key, 16);
  let rcon: u32 = 1;
  for (let at = WORDS + 16; at < WORDS + 176; at += 16) {
    const last = rotr(load<u32>(at - 4), 8);
    let word = load<u32>(at - 16) ^ lastColumn(last, last, last, last) ^ rcon;
    store<u32>(at, word);
    for (let i: usize = 4; i < 16; i += 4) {
      word ^= load<u32>(at + i - 16);
      store<u32>(at + i, word);
    }
    rcon = multiply8(rcon, 2);
  }
}
