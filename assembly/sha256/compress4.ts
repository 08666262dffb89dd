/**
 * The SHA-256 compression function on four streams at a time (SIMD build only): word i of stream l is u32 lane l of vector i.
 */
import { ROUND_CONSTANTS } from './compress';

/** The message schedule: 64 vectors, of which the first 16 are the block. */
export const SCHEDULE: usize = memory.data(1024, 16);

@inline
function rotateRight(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
}

/**
 * T1 of round 8·k + r; `w` is the address of the schedule's vector 8·k. Rounds wait for one another by way of Σ1(e), which takes
 * longest, so it is added last.
 */
@inline
function temporary(e: v128, f: v128, g: v128, h: v128, w: usize, r: i32): v128 {
  const at = w + ((<usize>r) << 4);
  const sigma = v128.xor(v128.xor(rotateRight(e, 6), rotateRight(e, 11)), rotateRight(e, 25));
  const choice = v128.bitselect(f, g, e);
  const constant = v128.load32_splat(((at - SCHEDULE) >> 2) + ROUND_CONSTANTS);
  return i32x4.add(i32x4.add(i32x4.add(h, i32x4.add(constant, v128.load(at))), choice), sigma);
}

/** The same, and the schedule's vector 16 further on. */
@inline
function temporaryAndNext(e: v128, f: v128, g: v128, h: v128, w: usize, r: i32): v128 {
  const at = w + ((<usize>r) << 4);
  const w1 = v128.load(at, 16);
  const w14 = v128.load(at, 224);
  const s0 = v128.xor(v128.xor(rotateRight(w1, 7), rotateRight(w1, 18)), i32x4.shr_u(w1, 3));
  const s1 = v128.xor(v128.xor(rotateRight(w14, 17), rotateRight(w14, 19)), i32x4.shr_u(w14, 10));
  v128.store(at, i32x4.add(i32x4.add(v128.load(at), s0), i32x4.add(v128.load(at, 144), s1)), 256);
  return temporary(e, f, g, h, w, r);
}

/** T2. */
@inline
function majority(a: v128, b: v128, c: v128): v128 {
  const sigma = v128.xor(v128.xor(rotateRight(a, 2), rotateRight(a, 13)), rotateRight(a, 22));
  return i32x4.add(sigma, v128.bitselect(c, a, v128.xor(a, b)));
}

/** 16 octets of a block as four big-endian words. */
@inline
function words(block: usize, at: usize): v128 {
  const octets = v128.load(block + at);
  return v128.shuffle<i8>(octets, octets, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Takes one block of 64 octets of each stream into the eight vectors at `state`. */
export function compress4(state: usize, block0: usize, block1: usize, block2: usize, block3: usize): void {
  // Four 4×4 transpositions: from four words of one stream to one word of four streams.
  for (let i: usize = 0; i < 64; i += 16) {
    const x0 = words(block0, i);
    const x1 = words(block1, i);
    const x2 = words(block2, i);
    const x3 = words(block3, i);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    const at = SCHEDULE + (i << 2);
    v128.store(at, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(at, v128.shuffle<i64>(low01, low23, 1, 3), 16);
    v128.store(at, v128.shuffle<i64>(high01, high23, 0, 2), 32);
    v128.store(at, v128.shuffle<i64>(high01, high23, 1, 3), 48);
  }
  compressScheduled4(state);
}

/** The same with the blocks in SCHEDULE already. */
export function compressScheduled4(state: usize): void {
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  let t = i64x2.splat(0);
  // Eight rounds a turn, after which every vector is back in its own variable. The schedule is made between the rounds, to fill the
  // time in which they wait for one another: a third less than one after the other.
  let w = SCHEDULE;
  for (; w < SCHEDULE + 768; w += 128) {
    t = temporaryAndNext(e, f, g, h, w, 0);
    d = i32x4.add(d, t);
    h = i32x4.add(t, majority(a, b, c));
    t = temporaryAndNext(d, e, f, g, w, 1);
    c = i32x4.add(c, t);
    g = i32x4.add(t, majority(h, a, b));
    t = temporaryAndNext(c, d, e, f, w, 2);
    b = i32x4.add(b, t);
    f = i32x4.add(t, majority(g, h, a));
    t = temporaryAndNext(b, c, d, e, w, 3);
    a = i32x4.add(a, t);
    e = i32x4.add(t, majority(f, g, h));
    t = temporaryAndNext(a, b, c, d, w, 4);
    h = i32x4.add(h, t);
    d = i32x4.add(t, majority(e, f, g));
    t = temporaryAndNext(h, a, b, c, w, 5);
    g = i32x4.add(g, t);
    c = i32x4.add(t, majority(d, e, f));
    t = temporaryAndNext(g, h, a, b, w, 6);
    f = i32x4.add(f, t);
    b = i32x4.add(t, majority(c, d, e));
    t = temporaryAndNext(f, g, h, a, w, 7);
    e = i32x4.add(e, t);
    a = i32x4.add(t, majority(b, c, d));
  }
  // The last sixteen need no more of it. One loop that asks whether there is more to make takes a fifth longer.
  for (; w < SCHEDULE + 1024; w += 128) {
    t = temporary(e, f, g, h, w, 0);
    d = i32x4.add(d, t);
    h = i32x4.add(t, majority(a, b, c));
    t = temporary(d, e, f, g, w, 1);
    c = i32x4.add(c, t);
    g = i32x4.add(t, majority(h, a, b));
    t = temporary(c, d, e, f, w, 2);
    b = i32x4.add(b, t);
    f = i32x4.add(t, majority(g, h, a));
    t = temporary(b, c, d, e, w, 3);
    a = i32x4.add(a, t);
    e = i32x4.add(t, majority(f, g, h));
    t = temporary(a, b, c, d, w, 4);
    h = i32x4.add(h, t);
    d = i32x4.add(t, majority(e, f, g));
    t = temporary(h, a, b, c, w, 5);
    g = i32x4.add(g, t);
    c = i32x4.add(t, majority(d, e, f));
    t = temporary(g, h, a, b, w, 6);
    f = i32x4.add(f, t);
    b = i32x4.add(t, majority(c, d, e));
    t = temporary(f, g, h, a, w, 7);
    e = i32x4.add(e, t);
    a = i32x4.add(t, majority(b, c, d));
  }
  v128.store(state, i32x4.add(v128.load(state, 0), a), 0);
  v128.store(state, i32x4.add(v128.load(state, 16), b), 16);
  v128.store(state, i32x4.add(v128.load(state, 32), c), 32);
  v128.store(state, i32x4.add(v128.load(state, 48), d), 48);
  v128.store(state, i32x4.add(v128.load(state, 64), e), 64);
  v128.store(state, i32x4.add(v128.load(state, 80), f), 80);
  v128.store(state, i32x4.add(v128.load(state, 96), g), 96);
  v128.store(state, i32x4.add(v128.load(state, 112), h), 112);
}
