/**
 * Sums of many lists of points, affine and packed, with shared inversions: the additions of all lists go into common jobs.
 *
 * A list is a row of references (an address, lowest bit the sign; 0 is infinity) at REFS. Every round halves all lists, until each
 * has one reference or none. Points of equal x need care: equal ones are doubled, opposite ones leave infinity; both are found
 * when their denominator is zero, and are done by themselves.
 */
import { JOBS, JOB_A, JOB_B, JOB_TO, JOB_REF, POINT_BYTES, SLOTS, SLOTS_END, TRASH } from '../memory';
import { affineDoubleAnnounce, affineDoubleFinish, affineSumFinish } from './affine';
import { FE_BYTES, LANES, PACKED_BYTES, feGatherPacked, feGatherPackedSigned, fePackLane, feSub } from './field';
import { feEqualLanes } from './point';
import { inversesBegin, inversesPush, inversesRun, inversesSlot } from './shared-inverse';

/** What stands for infinity in a list. */
export const NOTHING: u32 = 0;

const FIRST: usize = memory.data(<i32>(POINT_BYTES), 16);
const SECOND: usize = memory.data(<i32>(POINT_BYTES), 16);
const SUM: usize = memory.data(<i32>(POINT_BYTES), 16);
const X: usize = memory.data(<i32>FE_BYTES, 16);
const LIST: usize = memory.data(4 * LANES, 16);
/** One octet a block of jobs: the lanes whose points have the same x. */
const EQUAL_X: usize = memory.data(JOBS / LANES, 16);

/** Two references whose sum is harmless, for the padding of the last block of jobs. */
let paddingA: u32 = 0;
let paddingB: u32 = 0;

let jobs: i32 = 0;
/** The next free place for a sum. */
let slot: usize = SLOTS;
/** Where the sums of the running call begin. */
let ownSlots: usize = SLOTS;

/** Gives back all places for sums. `a` and `b` are references to two points of different x. */
export function listSumsBegin(a: u32, b: u32): void {
  paddingA = a;
  paddingB = b;
  slot = SLOTS;
  jobs = 0;
}

@inline
function word(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

/** The affine point that the references of a block name. */
@inline
function gatherPoint(out: usize, references: usize): void {
  feGatherPacked(out, references, 0);
  feGatherPackedSigned(out + FE_BYTES, references, PACKED_BYTES);
}

/** Writes the reference to a + b to `ref`; the sum itself is there after the next {@link flush}. */
@inline
function addPair(a: u32, b: u32, ref: usize): void {
  if (a == NOTHING || b == NOTHING) {
    store<u32>(ref, a | b);
    return;
  }
  // A sum of this call is read by nobody else, so the new one takes its place; one of an earlier call may stand in several lists.
  let to: u32 = a & ~1;
  if (to < <u32>ownSlots || to >= <u32>SLOTS_END) {
    to = <u32>slot;
    slot += 2 * PACKED_BYTES;
  }
  store<u32>(word(JOB_A, jobs), a);
  store<u32>(word(JOB_B, jobs), b);
  store<u32>(word(JOB_TO, jobs), to);
  store<u32>(word(JOB_REF, jobs), <u32>ref);
  store<u32>(ref, to);
  if (++jobs == JOBS) flush();
}

function flush(): void {
  if (jobs == 0) return;
  const blocks = (jobs + LANES - 1) / LANES;
  for (let i = jobs; i < blocks * LANES; i++) {
    store<u32>(word(JOB_A, i), paddingA);
    store<u32>(word(JOB_B, i), paddingB);
    store<u32>(word(JOB_TO, i), <u32>TRASH);
  }
  inversesBegin();
  let special = 0;
  for (let block = 0; block < blocks; block++) {
    feGatherPacked(X, word(JOB_A, block * LANES), 0);
    feGatherPacked(inversesSlot(), word(JOB_B, block * LANES), 0);
    feSub(inversesSlot(), inversesSlot(), X);
    const zero = inversesPush();
    store<u8>(EQUAL_X + <usize>block, <u8>zero);
    special |= zero;
  }
  inversesRun();
  for (let block = blocks - 1; block >= 0; block--) {
    gatherPoint(FIRST, word(JOB_A, block * LANES));
    gatherPoint(SECOND, word(JOB_B, block * LANES));
    affineSumFinish(SUM, FIRST, SECOND);
    const equal: i32 = load<u8>(EQUAL_X + <usize>block);
    for (let lane = 0; lane < LANES; lane++) {
      if (equal & (1 << lane)) continue;
      packPoint(load<u32>(word(JOB_TO, block * LANES + lane)), SUM, lane);
    }
  }
  if (special) {
    for (let i = 0; i < jobs; i++) {
      if (load<u8>(EQUAL_X + <usize>(i / LANES)) & (1 << (i % LANES))) addEqualX(i);
    }
  }
  jobs = 0;
}

@inline
function packPoint(to: u32, point: usize, lane: i32): void {
  fePackLane(to, point, lane);
  fePackLane(<usize>to + PACKED_BYTES, point + FE_BYTES, lane);
}

/** The job of two points of the same x: twice the point, or infinity. */
function addEqualX(job: i32): void {
  for (let lane = 0; lane < LANES; lane++) store<u32>(word(LIST, lane), load<u32>(word(JOB_A, job)));
  gatherPoint(FIRST, LIST);
  for (let lane = 0; lane < LANES; lane++) store<u32>(word(LIST, lane), load<u32>(word(JOB_B, job)));
  gatherPoint(SECOND, LIST);
  if (!(feEqualLanes(FIRST + FE_BYTES, SECOND + FE_BYTES) & 1)) {
    store<u32>(load<u32>(word(JOB_REF, job)), NOTHING);
    return;
  }
  inversesBegin();
  affineDoubleAnnounce(FIRST);
  inversesRun();
  affineDoubleFinish(FIRST, FIRST);
  packPoint(load<u32>(word(JOB_TO, job)), FIRST, 0);
}

/**
 * Sums up `count` lists: list i has `lengths[i]` references (u32) from reference `offsets[i]` (u32) of `refs` on. Afterwards its length is
 * 0 or 1, and its sum, where it has one, is what its first reference names; that may be NOTHING.
 */
export function sumLists(refs: usize, offsets: usize, lengths: usize, count: i32): void {
  let more = true;
  ownSlots = slot;
  while (more) {
    more = false;
    for (let i = 0; i < count; i++) {
      const length = load<i32>(word(lengths, i));
      if (length < 2) continue;
      const list = refs + ((<usize>load<u32>(word(offsets, i))) << 2);
      const pairs = length >> 1;
      for (let j = 0; j < pairs; j++) {
        addPair(load<u32>(word(list, 2 * j)), load<u32>(word(list, 2 * j + 1)), word(list, j));
      }
      if (length & 1) store<u32>(word(list, pairs), load<u32>(word(list, length - 1)));
      const left = (length + 1) >> 1;
      store<i32>(word(lengths, i), left);
      if (left > 1) more = true;
    }
    flush();
  }
}
