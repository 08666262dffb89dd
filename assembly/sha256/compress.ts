/** The SHA-256 compression function, one stream (FIPS 180-4 §6.2.2). */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
export const ROUND_CONSTANTS: usize = memory.data<u32>(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
  16,
);

/** The message schedule: 64 words. */
const SCHEDULE: usize = memory.data(256, 16);

/** T1 of round 8·k + r: h + Σ1(e) + Ch(e, f, g) + K + W; `w` is the address of the schedule's word 8·k. */
@inline
function temporary(e: u32, f: u32, g: u32, h: u32, w: usize, r: i32): u32 {
  const at = w + ((<usize>r) << 2);
  const sigma = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
  return h + sigma + (((f ^ g) & e) ^ g) + load<u32>(at - SCHEDULE + ROUND_CONSTANTS) + load<u32>(at);
}

/** T2: Σ0(a) + Maj(a, b, c). */
@inline
function majority(a: u32, b: u32, c: u32): u32 {
  return (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + (((a | b) & c) | (a & b));
}

/** Takes the 64 octets at `block` into the eight words at `state`. */
export function compress(state: usize, block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(SCHEDULE + i, bswap(load<u32>(block + i)));
  for (let at = SCHEDULE + 64; at < SCHEDULE + 256; at += 4) {
    const w15 = load<u32>(at - 60);
    const w2 = load<u32>(at - 8);
    const s0 = rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >> 3);
    const s1 = rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >> 10);
    store<u32>(at, load<u32>(at - 64) + s0 + load<u32>(at - 28) + s1);
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  let t: u32 = 0;
  // Eight rounds, after which every word is back in its own variable.
  for (let w = SCHEDULE; w < SCHEDULE + 256; w += 32) {
    t = temporary(e, f, g, h, w, 0);
    d += t;
    h = t + majority(a, b, c);
    t = temporary(d, e, f, g, w, 1);
    c += t;
    g = t + majority(h, a, b);
    t = temporary(c, d, e, f, w, 2);
    b += t;
    f = t + majority(g, h, a);
    t = temporary(b, c, d, e, w, 3);
    a += t;
    e = t + majority(f, g, h);
    t = temporary(a, b, c, d, w, 4);
    h += t;
    d = t + majority(e, f, g);
    t = temporary(h, a, b, c, w, 5);
    g += t;
    c = t + majority(d, e, f);
    t = temporary(g, h, a, b, w, 6);
    f += t;
    b = t + majority(c, d, e);
    t = temporary(f, g, h, a, w, 7);
    e += t;
    a = t + majority(b, c, d);
  }
  store<u32>(state, load<u32>(state, 0) + a, 0);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}
