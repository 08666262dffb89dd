/**
 * Tables of odd multiples P, 3P, 5P …, affine, for digits that are odd and signed (scalar.ts, recode).
 *
 * A table doubles in size at each step: from P … (2^k − 1)P and 2^k·P come the next as sums, with one inversion for the
 * whole step and for all blocks. Five inversions make sixteen entries where one after the other would take sixteen.
 * No sum is exceptional: all multiples here are odd + even, below 2^6, of a point of prime order n.
 */
import { BLOCK_POWER, POINT_BYTES, TABLE_ENTRIES } from '../memory';
import { affineDoubleAnnounce, affineDoubleFinish, affineSumAnnounce, affineSumFinish } from './affine';
import { inversesBegin, inversesRun } from './shared-inverse';

/**
 * For each of `blocks` affine points at `points`, `entries` (a power of two) odd multiples at `tables`. `powers` is
 * scratch, a point a block. The largest step pushes blocks·entries/2 denominators.
 */
function buildTables(tables: usize, points: usize, powers: usize, blocks: i32, entries: i32): void {
  const stride = <usize>entries * POINT_BYTES;
  for (let i: usize = 0; i < <usize>blocks; i++) {
    memory.copy(tables + i * stride, points + i * POINT_BYTES, POINT_BYTES);
    memory.copy(powers + i * POINT_BYTES, points + i * POINT_BYTES, POINT_BYTES);
  }
  // powers := 2^k·P for the doubling of a table of 2^(k−1) entries
  doublePowers(powers, blocks);
  for (let have = 1; have < entries; have <<= 1) {
    inversesBegin();
    for (let i: usize = 0; i < <usize>blocks; i++) {
      const table = tables + i * stride;
      for (let j: usize = 0; j < <usize>have; j++) affineSumAnnounce(table + j * POINT_BYTES, powers + i * POINT_BYTES);
    }
    inversesRun();
    for (let i: isize = blocks - 1; i >= 0; i--) {
      const table = tables + i * stride;
      for (let j: isize = have - 1; j >= 0; j--) {
        const from = table + j * POINT_BYTES;
        affineSumFinish(from + <usize>have * POINT_BYTES, from, powers + i * POINT_BYTES);
      }
    }
    if (have << 1 < entries) doublePowers(powers, blocks);
  }
}

function doublePowers(powers: usize, blocks: i32): void {
  inversesBegin();
  for (let i: usize = 0; i < <usize>blocks; i++) affineDoubleAnnounce(powers + i * POINT_BYTES);
  inversesRun();
  for (let i: isize = blocks - 1; i >= 0; i--) affineDoubleFinish(powers + i * POINT_BYTES, powers + i * POINT_BYTES);
}

/** `tables` := BLOCK_TABLE, or those of another point, of `blocks` ≤ CHUNK_BLOCKS affine points. In: points of P-256, in every lane. */
export function buildBlockTables(tables: usize, points: usize, blocks: i32): void {
  buildTables(tables, points, BLOCK_POWER, blocks, TABLE_ENTRIES);
}
