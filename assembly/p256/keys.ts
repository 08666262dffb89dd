/** Points as the host gives them, judged and put into blocks; bad ones are replaced so that their neighbour is unharmed. */
import { BLOCK_POINT, POINT_BYTES, STATUS } from '../memory';
import { NOT_JUDGED, NOT_ON_CURVE } from '../status';
import {
  FE_BYTES,
  LANES,
  feCopyLane,
  feFromMontgomery,
  feFromOctetsLane,
  feNegateLanes,
  feToMontgomery,
  feToOctetsLane,
  octetsBelowP,
} from './field';
import { GENERATOR_OCTETS, pointFromOctetsLane, pointOnCurveLanes, pointSolveY, pointToMontgomery } from './point';

export const GENERATOR: usize = memory.data(<i32>(POINT_BYTES), 16);
const OCTETS: usize = memory.data(32, 16);

/** Fills the constants; once, after pointInit. */
export function keysInit(): void {
  for (let lane = 0; lane < LANES; lane++) pointFromOctetsLane(GENERATOR, lane, GENERATOR_OCTETS);
  pointToMontgomery(GENERATOR);
}

/** How many blocks hold `count` items. */
@inline
export function blocksOf(count: i32): i32 {
  return (count + LANES - 1) / LANES;
}

/** The item in lane `lane` of a block, or −1 in the padding of the last block. */
@inline
export function itemOf(block: i32, lane: i32, count: i32): i32 {
  const item = block * LANES + lane;
  return item < count ? item : -1;
}

@inline
function refuse(item: i32): void {
  if (load<u8>(STATUS + <usize>item) == NOT_JUDGED) store<u8>(STATUS + <usize>item, NOT_ON_CURVE);
}

/** Puts G into the lanes of an affine point whose bit is set. */
function replaceLanes(point: usize, lanes: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    if (lanes & (1 << lane)) {
      feCopyLane(point, GENERATOR, lane);
      feCopyLane(point + FE_BYTES, GENERATOR + FE_BYTES, lane);
    }
  }
}

/**
 * points, block after block, := the affine octets x ‖ y of `count` items (SEC 1 §3.2.2.1 without the order check, which a
 * cofactor of one makes needless). An item with a coordinate ≥ p or off the curve gets NOT_ON_CURVE, unless it was judged
 * already, and G in its lane; so does the padding.
 */
export function loadAffine(points: usize, octets: usize, count: i32): void {
  for (let block = 0; block < blocksOf(count); block++) {
    const point = points + <usize>block * POINT_BYTES;
    let bad = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      const from = item < 0 ? GENERATOR_OCTETS : octets + 64 * <usize>item;
      if (!octetsBelowP(from) || !octetsBelowP(from + 32)) bad |= 1 << lane;
      pointFromOctetsLane(point, lane, from);
    }
    pointToMontgomery(point);
    bad |= ~pointOnCurveLanes(point);
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      if (bad & (1 << lane) && item >= 0) refuse(item);
    }
    replaceLanes(point, bad);
  }
}

const Y_PLAIN: usize = memory.data(<i32>FE_BYTES, 16);

/**
 * point := for every lane the point whose x the 32 octets at its address in `list` (u32) are, below p, and whose y is odd where the
 * bit of `odd` is set. Returns the lanes that have none (and those of `bad`), which are G instead.
 */
export function decompressLanes(point: usize, list: usize, odd: i32, bad: i32): i32 {
  const y = point + FE_BYTES;
  for (let lane = 0; lane < LANES; lane++) feFromOctetsLane(point, lane, load<u32>(list + ((<usize>lane) << 2)));
  feToMontgomery(point, point);
  bad |= ~pointSolveY(y, point);
  feFromMontgomery(Y_PLAIN, y);
  let turn = 0;
  for (let lane = 0; lane < LANES; lane++) {
    feToOctetsLane(OCTETS, Y_PLAIN, lane);
    if ((load<u8>(OCTETS, 31) & 1) != ((odd >> lane) & 1)) turn |= 1 << lane;
  }
  feNegateLanes(y, y, turn);
  replaceLanes(point, bad);
  return bad & ((1 << LANES) - 1);
}

const X_LIST: usize = memory.data(4 * LANES, 16);

/**
 * BLOCK_POINT := the SEC 1 compressed points at `octets`, 33 each (§2.3.4), with the curve check. An item whose first octet is not
 * 02 or 03, whose x is ≥ p or no x of the curve gets NOT_ON_CURVE and G in its lane; so does the padding.
 */
export function loadCompressed(octets: usize, count: i32): void {
  for (let block = 0; block < blocksOf(count); block++) {
    let bad = 0;
    let odd = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      let x = GENERATOR_OCTETS;
      if (item >= 0) {
        const from = octets + 33 * <usize>item;
        x = from + 1;
        const form = load<u8>(from);
        if ((form != 2 && form != 3) || !octetsBelowP(x)) bad |= 1 << lane;
        odd |= <i32>(form & 1) << lane;
      }
      store<u32>(X_LIST + ((<usize>lane) << 2), <u32>x);
    }
    bad = decompressLanes(BLOCK_POINT + <usize>block * POINT_BYTES, X_LIST, odd, bad);
    for (let lane = 0; lane < LANES; lane++) {
      const item = itemOf(block, lane, count);
      if (bad & (1 << lane) && item >= 0) refuse(item);
    }
  }
}
