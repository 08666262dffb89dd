/**
 * Many signatures by one equation, where R came with its y: Σ z·(u1·G + u2·Q − R) = 0 with unpredictable multipliers z. It holds where
 * all signatures do; a set with a wrong one passes with a probability of 2^-128, whoever chose the set, because the multipliers are
 * chosen after it. D. Naccache, D. M'Raïhi, S. Vaudenay, D. Raphaeli, "Can D.S.A. be improved?", EUROCRYPT 1994; M. Bellare, J. Garay,
 * T. Rabin, "Fast batch verification for modular exponentiation and digital signatures", EUROCRYPT 1998 (small exponents test). The group
 * has prime order, so there is no part of small order in which an error could hide.
 *
 * The key of an implicit certificate is never made: with Q = e·P + Q_CA, u2·Q is (u2·e)·P + u2·Q_CA, and what many items have in common,
 * an issuer or a key, is one term.
 *
 * A range that fails is halved until the wrong ones are in ranges of at most LEAF items; those are left NOT_JUDGED, for a way that
 * judges each by itself. So is an item whose R is no point with the x that was sent: the y is a hint, and only x(R) mod n counts.
 */
import {
  BLOCK_ADDEND,
  BLOCK_POINT,
  CAPACITY,
  COMPRESSED,
  IMPLICIT_INPUT,
  ITEM_G,
  ITEM_OWN,
  ITEM_POINT,
  ITEM_SHARED,
  ITEM_U1,
  ITEM_U2,
  ITEM_Z,
  KEY,
  MULTIPLIERS,
  POINT_BYTES,
  R_FORM,
  R_POINT,
  R_VALUE,
  SHARED,
  SHARED_INDEX,
  SHARED_KEY,
  SHARED_POINT,
  SHARED_SCALAR,
  STATUS,
  TERM_POINT,
  TERM_SCALAR,
} from '../memory';
import { hashPairs } from '../sha256/stream';
import { NOT_JUDGED, NOT_ON_CURVE, OK, R_FORM_X_ONLY } from '../status';
import { affineDoubleAnnounce, affineDoubleFinish } from './affine';
import { FE_BYTES, LANES, PACKED_BYTES, feNegateLanes, fePackLane } from './field';
import { GENERATOR, blocksOf, decompressLanes, itemOf, loadAffine, loadCompressed } from './keys';
import { octetsBelowP } from './limbs';
import { msmIsInfinity } from './msm';
import { SCALAR_BYTES, scalarAdd, scalarFromOctets, scalarMul, scalarReduce, scalarToMontgomery } from './scalar';
import { inversesBegin, inversesRun } from './shared-inverse';
import { beginSignatures } from './signatures';

/** How the keys of a call are given. */
export const KEY_SHARED: i32 = 0; // SHARED_INDEX: one of the shared points
export const KEY_AFFINE: i32 = 1; // KEY
export const KEY_COMPRESSED: i32 = 2; // COMPRESSED
export const KEY_IMPLICIT: i32 = 3; // COMPRESSED is P, SHARED_INDEX the issuer's key, IMPLICIT_INPUT what e is the hash of

/** Items that are not worth halving any more: to judge them one by one costs less. */
const LEAF: i32 = 16;
/** Items that all equations of a call together may go over, as a multiple of the items of the call: one bad item needs three. */
const BUDGET: i32 = 4;

/** What the call did, for the host to count. */
export let equations: i32 = 0;

/** G and 2G by themselves. */
const G_PACKED: usize = memory.data(80, 16);
const DOUBLE_PACKED: usize = memory.data(80, 16);
/** One octet an item: not part of any equation. */
const LEFT_OUT: usize = memory.data(CAPACITY, 16);
const SHARED_STATUS: usize = memory.data(SHARED, 16);
const E: usize = memory.data(40, 16);
const E_DIGEST: usize = memory.data(32 * CAPACITY, 16);
const U: usize = memory.data(40, 16);
const R_LANES: usize = memory.data(<i32>(POINT_BYTES), 16);
const X_OCTETS: usize = memory.data(4 * LANES, 16);

let budget: i32 = 0;
let kindOfKeys: i32 = 0;
let sharedPoints: i32 = 0;

/** Fills the constants; once, after keysInit. */
export function batchInit(): void {
  packFirst(G_PACKED, GENERATOR);
  inversesBegin();
  affineDoubleAnnounce(GENERATOR);
  inversesRun();
  affineDoubleFinish(R_LANES, GENERATOR);
  packFirst(DOUBLE_PACKED, R_LANES);
}

/**
 * Judges the first `count` ≤ CAPACITY items, all with keys of one kind, `shared` ≤ SHARED points in SHARED_KEY that are known to be on
 * the curve. Items are OK, refused for what is wrong with their values, or NOT_JUDGED: those are to be judged one by one.
 */
export function verifyByEquation(count: i32, hashed: bool, kind: i32, shared: i32): void {
  equations = 0;
  if (count <= 0) return;
  kindOfKeys = kind;
  sharedPoints = shared;
  loadShared(shared);
  beginSignatures(count, hashed);
  memory.fill(LEFT_OUT, 0, count);
  if (kind == KEY_SHARED || kind == KEY_IMPLICIT) refuseBadShared(count);
  if (kind == KEY_AFFINE) loadAffine(BLOCK_POINT, KEY, count);
  else if (kind != KEY_SHARED) loadCompressed(COMPRESSED, count);
  if (kind != KEY_SHARED) packBlocks(ITEM_POINT, BLOCK_POINT, count);
  if (kind == KEY_IMPLICIT) hashPairs(E_DIGEST, IMPLICIT_INPUT, count);
  for (let block = 0; block < blocksOf(count); block++) loadR(block, count);
  for (let i: usize = 0; i < <usize>count; i++) weigh(i);
  budget = BUDGET * count;
  halve(0, count, false);
}

/** SHARED_POINT := the shared points; SHARED_STATUS of one that is off the curve is not NOT_JUDGED. */
function loadShared(shared: i32): void {
  if (shared == 0) return;
  memory.fill(STATUS, NOT_JUDGED, shared);
  loadAffine(BLOCK_ADDEND, SHARED_KEY, shared);
  memory.copy(SHARED_STATUS, STATUS, shared);
  packBlocks(SHARED_POINT, BLOCK_ADDEND, shared);
}

/** Items under a shared point that is none, or that does not exist, have that status. */
function refuseBadShared(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const index: i32 = load<u8>(SHARED_INDEX + i);
    const status = index < sharedPoints ? load<u8>(SHARED_STATUS + <usize>index) : NOT_ON_CURVE;
    if (status != NOT_JUDGED && load<u8>(STATUS + i) == NOT_JUDGED) store<u8>(STATUS + i, status);
  }
}

function packFirst(packed: usize, point: usize): void {
  fePackLane(packed, point, 0);
  fePackLane(packed + PACKED_BYTES, point + FE_BYTES, 0);
}

/** Packed points, item after item, of affine points, block after block. */
function packBlocks(packed: usize, points: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const point = points + <usize>(i / LANES) * POINT_BYTES;
    const to = packed + <usize>i * 2 * PACKED_BYTES;
    fePackLane(to, point, i % LANES);
    fePackLane(to + PACKED_BYTES, point + FE_BYTES, i % LANES);
  }
}

/** R_POINT := −R of the items of a block; those that have none are left out. */
function loadR(block: i32, count: i32): void {
  let odd = 0;
  let missing = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const known = itemOf(block, lane, count);
    const item: usize = known < 0 ? 0 : known;
    const form = load<u8>(R_FORM + item);
    const x = R_VALUE + 32 * item;
    store<u32>(X_OCTETS + ((<usize>lane) << 2), <u32>x);
    odd |= <i32>(form & 1) << lane;
    if (known < 0 || form == R_FORM_X_ONLY || !octetsBelowP(x) || load<u8>(STATUS + item) != NOT_JUDGED) missing |= 1 << lane;
  }
  missing |= decompressLanes(R_LANES, X_OCTETS, odd, missing);
  feNegateLanes(R_LANES + FE_BYTES, R_LANES + FE_BYTES, -1);
  for (let lane = 0; lane < LANES; lane++) {
    const item = itemOf(block, lane, count);
    if (item < 0) continue;
    if (missing & (1 << lane)) {
      store<u8>(LEFT_OUT + <usize>item, 1);
      continue;
    }
    const to = R_POINT + <usize>item * 2 * PACKED_BYTES;
    fePackLane(to, R_LANES, lane);
    fePackLane(to + PACKED_BYTES, R_LANES + FE_BYTES, lane);
  }
}

/** The scalars of an item: z in 1 … 2^128 for −R, z·u1 for G, z·u2 or z·u2·e for its own point, z·u2 for the shared one. */
function weigh(item: usize): void {
  const z = ITEM_Z + item * SCALAR_BYTES;
  const own = ITEM_OWN + item * SCALAR_BYTES;
  const shared = ITEM_SHARED + item * SCALAR_BYTES;
  multiplierOf(z, MULTIPLIERS + 16 * item);
  scalarToMontgomery(U, z);
  scalarMul(ITEM_G + item * SCALAR_BYTES, U, ITEM_U1 + item * SCALAR_BYTES);
  scalarMul(shared, U, ITEM_U2 + item * SCALAR_BYTES);
  if (kindOfKeys == KEY_IMPLICIT) {
    scalarFromOctets(E, E_DIGEST + 32 * item);
    scalarReduce(E);
    scalarToMontgomery(U, shared);
    scalarMul(own, U, E);
  } else {
    memory.copy(own, shared, SCALAR_BYTES);
  }
}

/** z := 16 octets, plus one: zero would leave the item out. */
function multiplierOf(z: usize, octets: usize): void {
  const low = load<u64>(octets);
  const high = load<u64>(octets, 8);
  const w0 = low + 1;
  const carry: u64 = w0 == 0 ? 1 : 0;
  const w1 = high + carry;
  const w2: u64 = carry & (w1 == 0 ? 1 : 0);
  const mask: u64 = 0x1fffffff;
  memory.fill(z, 0, SCALAR_BYTES);
  store<u32>(z, <u32>(w0 & mask));
  store<u32>(z, <u32>((w0 >> 29) & mask), 4);
  store<u32>(z, <u32>(((w0 >> 58) | (w1 << 6)) & mask), 8);
  store<u32>(z, <u32>((w1 >> 23) & mask), 12);
  store<u32>(z, <u32>(((w1 >> 52) | (w2 << 12)) & mask), 16);
}

@inline
function word(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

@inline
function takesPart(item: i32): bool {
  return load<u8>(STATUS + <usize>item) == NOT_JUDGED && load<u8>(LEFT_OUT + <usize>item) == 0;
}

/** Whether the equation over the items from `from` up to `to` holds. */
function equationHolds(from: i32, to: i32): bool {
  equations++;
  budget -= to - from;
  const gScalar = SHARED_SCALAR + <usize>SHARED * SCALAR_BYTES;
  memory.fill(SHARED_SCALAR, 0, SCALAR_BYTES * (SHARED + 1));
  let terms = 0;
  for (let i = from; i < to; i++) {
    if (!takesPart(i)) continue;
    const at = <usize>i * SCALAR_BYTES;
    terms = term(terms, R_POINT + <usize>i * 2 * PACKED_BYTES, ITEM_Z + at);
    if (kindOfKeys != KEY_SHARED) terms = term(terms, ITEM_POINT + <usize>i * 2 * PACKED_BYTES, ITEM_OWN + at);
    if (kindOfKeys == KEY_SHARED || kindOfKeys == KEY_IMPLICIT) {
      const sum = SHARED_SCALAR + <usize>load<u8>(SHARED_INDEX + <usize>i) * SCALAR_BYTES;
      scalarAdd(sum, sum, ITEM_SHARED + at);
    }
    scalarAdd(gScalar, gScalar, ITEM_G + at);
  }
  for (let i = 0; i < sharedPoints; i++) {
    terms = term(terms, SHARED_POINT + <usize>i * 2 * PACKED_BYTES, SHARED_SCALAR + <usize>i * SCALAR_BYTES);
  }
  terms = term(terms, G_PACKED, gScalar);
  return msmIsInfinity(terms, <u32>G_PACKED, <u32>DOUBLE_PACKED);
}

/** Adds a term; returns how many there are then. */
@inline
function term(terms: i32, point: usize, scalar: usize): i32 {
  store<u32>(word(TERM_POINT, terms), <u32>point);
  store<u32>(word(TERM_SCALAR, terms), <u32>scalar);
  return terms + 1;
}

/**
 * Judges a range: OK for the items of what holds, nothing for what does not and is not worth halving. `fails` says that the range
 * is known to fail. Returns whether all of it holds.
 */
function halve(from: i32, to: i32, fails: bool): bool {
  if (!fails && equationHolds(from, to)) {
    for (let i = from; i < to; i++) if (takesPart(i)) store<u8>(STATUS + <usize>i, OK);
    return true;
  }
  if (to - from <= LEAF || budget <= 0) return false;
  const middle = (from + to) >> 1;
  const left = halve(from, middle, false);
  // Where the left half holds, the right one is what fails.
  halve(middle, to, left);
  return false;
}
