/**
 * SHA-256 of messages (FIPS 180-4 §5.1.1, §6.2): many at a time, pairs of hashes at a time, or one that is fed in pieces.
 *
 * In the SIMD build four messages run side by side; a lane whose message is done takes the next one, so different lengths
 * cost nothing but the last few blocks. In the scalar build one follows the other.
 */
import { DIGESTS, MESSAGES, MESSAGE_AT, MESSAGE_LENGTHS, MESSAGE_TO } from '../memory';
import { compress } from './compress';
import { compress4 } from './compress4';
import { INITIAL } from './initial';

/** Octets of a block. */
const BLOCK: usize = 64;

/** One state; four tails of two blocks each. */
const STATE: usize = memory.data(32, 16);
const TAILS: usize = memory.data(4 * 2 * 64, 16);

/** The eight words of a state to 32 big-endian octets. */
function digestOut(out: usize): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(out + i, bswap(load<u32>(STATE + i)));
}

/**
 * tail := the last octets of a message (`rest` < 64 of them at `from`) with their padding: 0x80, zeros, and the length of the
 * whole message in bits as 64-bit big-endian. Returns the blocks it takes: 1 up to 55 octets, else 2.
 */
function pad(tail: usize, from: usize, rest: usize, messageOctets: u64): i32 {
  const blocks = rest <= 55 ? 1 : 2;
  memory.fill(tail, 0, 2 * BLOCK);
  memory.copy(tail, from, rest);
  store<u8>(tail + rest, 0x80);
  store<u64>(tail + <usize>blocks * BLOCK - 8, bswap(messageOctets << 3));
  return blocks;
}

function hashOne(out: usize, message: usize, octets: usize): void {
  memory.copy(STATE, INITIAL, 32);
  const end = message + (octets & ~(BLOCK - 1));
  for (let at = message; at < end; at += BLOCK) compress(STATE, at);
  const blocks = pad(TAILS, end, octets & (BLOCK - 1), octets);
  compress(STATE, TAILS);
  if (blocks == 2) compress(STATE, TAILS + BLOCK);
  digestOut(out);
}

/** Hashes the first `count` ≤ HASH_CAPACITY messages into the digests that they name. */
export function hashMany(count: i32): void {
  if (ASC_FEATURE_SIMD && count > 1) {
    hashManyInLanes(count);
    return;
  }
  for (let i: u32 = 0; i < <u32>count; i++) hashOne(digestOf(i), messageOf(i), octetsOf(i));
}

@inline
function messageOf(i: u32): usize {
  return load<u32>(MESSAGE_AT + ((<usize>i) << 2));
}

@inline
function octetsOf(i: u32): usize {
  return load<u32>(MESSAGE_LENGTHS + ((<usize>i) << 2));
}

@inline
function digestOf(i: u32): usize {
  return DIGESTS + ((<usize>load<u32>(MESSAGE_TO + ((<usize>i) << 2))) << 5);
}

/**
 * out := the hashes of `count` messages of 64 octets each at `pairs`: H(a ‖ b) of two hashes, the outer hash of IEEE 1609.2
 * §5.3.1. The second block is nothing but padding.
 */
export function hashPairs(out: usize, pairs: usize, count: i32): void {
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    pad(TAILS, pairs, 0, 64);
    for (; i + 4 <= <usize>count; i += 4) {
      const from = pairs + i * BLOCK;
      startLane(0);
      startLane(1);
      startLane(2);
      startLane(3);
      compress4(STATES, from, from + BLOCK, from + 2 * BLOCK, from + 3 * BLOCK);
      compress4(STATES, TAILS, TAILS, TAILS, TAILS);
      for (let lane: usize = 0; lane < 4; lane++) laneDigestOut(out + ((i + lane) << 5), lane);
    }
  }
  for (; i < <usize>count; i++) hashOne(out + (i << 5), pairs + i * BLOCK, BLOCK);
}

// ---- Four lanes

/** Word w of lane l at 16·w + 4·l. */
const STATES: usize = memory.data(128, 16);
/** Of each lane, u32: where it reads, whole blocks left there, blocks left of its tail, which message it has. */
const LANES: usize = memory.data(4 * 16, 16);
/** The message of a lane that has none. */
const IDLE: u32 = 0xffffffff;

function startLane(lane: usize): void {
  for (let w: usize = 0; w < 8; w++) store<u32>(STATES + (w << 4) + (lane << 2), load<u32>(INITIAL + (w << 2)));
}

function laneDigestOut(out: usize, lane: usize): void {
  for (let w: usize = 0; w < 8; w++) store<u32>(out + (w << 2), bswap(load<u32>(STATES + (w << 4) + (lane << 2))));
}

@inline
function laneRead(lane: usize): usize {
  return load<u32>(LANES + (lane << 4));
}

/** Gives a lane message `index`. */
function assign(lane: usize, index: u32): void {
  const message = messageOf(index);
  const octets = octetsOf(index);
  const record = LANES + (lane << 4);
  const whole = octets / BLOCK;
  const tail = TAILS + (lane << 7);
  const tailBlocks = pad(tail, message + whole * BLOCK, octets & (BLOCK - 1), octets);
  store<u32>(record, <u32>(whole > 0 ? message : tail));
  store<u32>(record, <u32>whole, 4);
  store<u32>(record, tailBlocks, 8);
  store<u32>(record, index, 12);
  startLane(lane);
}

/** Moves a lane one block on. False when its message is done. */
function advance(lane: usize): bool {
  const record = LANES + (lane << 4);
  const whole = load<u32>(record, 4);
  if (whole > 0) {
    store<u32>(record, whole - 1, 4);
    store<u32>(record, whole > 1 ? load<u32>(record) + <u32>BLOCK : <u32>(TAILS + (lane << 7)));
    return true;
  }
  const tailBlocks = load<u32>(record, 8) - 1;
  store<u32>(record, tailBlocks, 8);
  store<u32>(record, load<u32>(record) + <u32>BLOCK);
  return tailBlocks > 0;
}

function hashManyInLanes(count: i32): void {
  let next: u32 = 0;
  let running = 0;
  for (let lane: usize = 0; lane < 4; lane++) {
    if (next < <u32>count) {
      assign(lane, next);
      next++;
      running++;
    } else {
      rest(lane);
    }
  }
  while (running > 0) {
    compress4(STATES, laneRead(0), laneRead(1), laneRead(2), laneRead(3));
    for (let lane: usize = 0; lane < 4; lane++) {
      const index = load<u32>(LANES + (lane << 4), 12);
      if (index == IDLE || advance(lane)) continue;
      laneDigestOut(digestOf(index), lane);
      if (next < <u32>count) {
        assign(lane, next);
        next++;
      } else {
        rest(lane);
        running--;
      }
    }
  }
}

/** An idle lane goes on hashing a tail that nobody reads. */
function rest(lane: usize): void {
  store<u32>(LANES + (lane << 4), <u32>TAILS);
  store<u32>(LANES + (lane << 4), IDLE, 12);
}

// ---- One message in pieces

let streamed: u64 = 0;
const STREAM_STATE: usize = memory.data(32, 16);

/** Begins a message that is longer than MESSAGES. */
export function streamBegin(): void {
  memory.copy(STREAM_STATE, INITIAL, 32);
  streamed = 0;
}

/** Takes the first `octets` octets of MESSAGES, a multiple of 64, into the streamed message. */
export function streamUpdate(octets: i32): void {
  for (let at: usize = 0; at < <usize>octets; at += BLOCK) compress(STREAM_STATE, MESSAGES + at);
  streamed += octets;
}

/** Takes the last `octets` < 64 octets from MESSAGES, and puts the hash into the first of DIGESTS. */
export function streamEnd(octets: i32): void {
  memory.copy(STATE, STREAM_STATE, 32);
  const blocks = pad(TAILS, MESSAGES, octets, streamed + octets);
  compress(STATE, TAILS);
  if (blocks == 2) compress(STATE, TAILS + BLOCK);
  digestOut(DIGESTS);
}
