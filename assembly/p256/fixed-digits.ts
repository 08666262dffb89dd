/** References of a scalar's digits, for the sums of fixed-sum.ts. */
import { REFERENCES } from '../memory';
import { LANES } from './field';
import { entryReference, positionsFor, wideFor } from './fixed-table';
import { REFERENCE_BYTES, referencesOf } from './fixed-sum';
import { itemOf } from './keys';
import { SCALAR_BYTES, recode } from './scalar';

const DIGITS: usize = memory.data(2 * 64, 16);

/**
 * The references of one scalar an item, from position `first` of `terms` on, in block
 * `block` of a chunk, which is block `itemBlock` of the call: the entries of `table` for its digits. The padding of
 * the last block repeats the first item.
 */
export function listDigits(
  block: i32, itemBlock: i32, count: i32, terms: i32, first: i32, scalars: usize, window: i32, table: usize,
): void {
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(itemBlock, lane, count);
    listDigitsLane(block, lane, terms, first, scalars + <usize>(item < 0 ? 0 : item) * SCALAR_BYTES, window, table);
  }
}

/** The same for one lane and one scalar. */
export function listDigitsLane(
  block: i32, lane: i32, terms: i32, first: i32, scalar: usize, window: i32, table: usize,
): void {
  const positions = positionsFor(window);
  const wide = wideFor(window);
  recode(scalar, window, wide, positions, DIGITS);
  const references = referencesOf(block, terms, first) + ((<usize>lane) << 2);
  for (let i = 0; i < positions; i++) {
    const digit: u32 = load<u16>(DIGITS + ((<usize>i) << 1));
    store<u32>(references + <usize>i * 4 * LANES, entryReference(table, window, wide, i, digit));
  }
}

/** What was read ahead; nobody looks at it. */
export let touched: u64 = 0;

/**
 * Reads every entry that the first `blocks` blocks refer to, a line of the cache each: tables are larger than the second-level cache,
 * and in a loop that does nothing else the misses overlap, while between the additions each would be waited for.
 */
export function readAhead(blocks: i32, terms: i32): void {
  const end = referencesOf(blocks, terms, 0);
  let seen: u64 = 0;
  for (let at = REFERENCES; at < end; at += REFERENCE_BYTES) {
    for (let lane: usize = 0; lane < <usize>LANES; lane++) seen |= load<u64>(<usize>(load<u32>(at + 4 * lane) & ~1));
  }
  touched |= seen;
}
