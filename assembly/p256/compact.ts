/**
 * Coordinates of table entries in 32 octets each, so that an entry is one line of the cache: tables are larger than the caches, and
 * fetching an entry costs as much as arithmetic does. What lives shorter is kept as it is (fePackLane), which costs nothing to read.
 */
import * as forDoubles from './compact-fma';
import * as radix29 from './compact-radix29';
import { LANES, feNegateLanes } from './field';

/** Octets of a compact value. */
export const COMPACT_BYTES: usize = 32;

/** COMPACT_BYTES octets := lane `lane` of a, by itself. In: tight. */
export function packCompact(compact: usize, a: usize, lane: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) forDoubles.pack(compact, a, lane);
  else radix29.pack(compact, a, lane);
}

@inline
function addressOf(list: usize, lane: usize): usize {
  return <usize>(load<u32>(list + (lane << 2)) & ~1);
}

/**
 * Lane k of out := the compact value `offset` octets behind the k-th reference of the list: one u32 a lane, an address whose
 * lowest bit is a sign, which is not looked at here. Out: tight.
 */
@inline
export function gatherCompact(out: usize, list: usize, offset: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) forDoubles.gather(out, list, offset);
  else if (ASC_FEATURE_SIMD) radix29.unpackTwo(out, addressOf(list, 0) + offset, addressOf(list, 1) + offset);
  else radix29.unpack(out, addressOf(list, 0) + offset);
}

/** The same with the sign of the references: negated where it is set. Out: tight. */
@inline
export function gatherCompactSigned(out: usize, list: usize, offset: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    forDoubles.gatherSigned(out, list, offset);
  } else {
    gatherCompact(out, list, offset);
    let negative = 0;
    for (let lane = 0; lane < LANES; lane++) {
      negative |= (load<u32>(list + ((<usize>lane) << 2)) & 1) << lane;
    }
    if (negative) feNegateLanes(out, out, negative);
  }
}
