/** The release entry of the linkage module: the only functions and addresses the host sees. */
import { scalarAesInit } from '../aes/scalar-aes';
import { vectorAesInit } from '../aes/vector-aes';
import { expandScalar, groupValuesScalar } from './expand-scalar';
import { expandVector, groupValuesVector } from './expand-vector';
import { sharedRoundsInit } from './shared-rounds';

export { CHAINS, CHAIN_CAPACITY, VALUES, VALUE_CAPACITY } from './memory';
export { evolve } from './evolve';

/** Where the last static region ends; the host checks that the memory reaches that far. */
export const STATIC_END: usize = __heap_base;

/** Tables; once, before any other call. */
export function init(): void {
  if (ASC_FEATURE_SIMD) {
    vectorAesInit();
    sharedRoundsInit();
  } else {
    scalarAesInit();
  }
}

/** See expandVector. */
export function expand(count: i32, chainsPerEntry: i32, jStart: i32, jEnd: i32, firstEntry: i32): void {
  if (ASC_FEATURE_SIMD) expandVector(count, chainsPerEntry, jStart, jEnd, firstEntry);
  else expandScalar(count, chainsPerEntry, jStart, jEnd, firstEntry);
}

/** See groupValuesVector. */
export function groupValues(count: i32, chainsPerEntry: i32, jValue: u32): void {
  if (ASC_FEATURE_SIMD) groupValuesVector(count, chainsPerEntry, jValue);
  else groupValuesScalar(count, chainsPerEntry, jValue);
}
