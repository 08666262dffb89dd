/**
 * Evolution of seeds: ls(i + 1) is the first 16 octets of SHA-256( la_id ‖ ls(i) ‖ 14 zero octets ). With its padding that is one
 * block, of which only the first 18 octets, four words and a half, are not the same for every chain.
 */
import { compress } from '../sha256/compress';
import { SCHEDULE, compressScheduled4 } from '../sha256/compress4';
import { INITIAL } from '../sha256/initial';
import { CHAINS, CHAIN_OCTETS, LA_ID_OCTETS } from './memory';

/** Bits of the 32 octets that are hashed, as the padding says them. */
const MESSAGE_BITS: u32 = 256;
const PADDING_BIT: u32 = 0x80000000;

/** Chains side by side, and their state: word i of lane l is u32 l of vector i. */
const LANES: usize = 4;
const STATE: usize = memory.data(8 * 16, 16);

/** Takes the first `count` chains in CHAINS `steps` periods further. */
export function evolve(count: i32, steps: i32): void {
  const end = CHAINS + <usize>count * CHAIN_OCTETS;
  if (ASC_FEATURE_SIMD) {
    // What is behind the last chain of the call goes along: nobody reads it.
    for (let chain = CHAINS; chain < end; chain += LANES * CHAIN_OCTETS) evolveLanes(chain, steps);
  } else {
    for (let chain = CHAINS; chain < end; chain += CHAIN_OCTETS) evolveOne(chain, steps);
  }
}

function evolveLanes(chains: usize, steps: i32): void {
  for (let lane: usize = 0; lane < LANES; lane++) {
    const chain = chains + lane * CHAIN_OCTETS;
    const at = SCHEDULE + (lane << 2);
    for (let word: usize = 0; word < 4; word++) store<u32>(at + (word << 4), bswap(load<u32>(chain + (word << 2))));
    store<u32>(at, (<u32>bswap<u16>(load<u16>(chain, 16))) << 16, 64);
  }
  for (let word: usize = 5; word < 15; word++) {
    v128.store(SCHEDULE + (word << 4), i32x4.splat(word == 8 ? PADDING_BIT : 0));
  }
  v128.store(SCHEDULE, i32x4.splat(MESSAGE_BITS), 240);

  for (let step = 0; step < steps; step++) {
    for (let word: usize = 0; word < 8; word++) {
      v128.store(STATE + (word << 4), v128.load32_splat(INITIAL + (word << 2)));
    }
    compressScheduled4(STATE);
    // The seed begins in the middle of a word.
    let before = v128.and(v128.load(SCHEDULE), i32x4.splat(0xffff0000));
    for (let at: usize = 0; at < 64; at += 16) {
      const word = v128.load(STATE + at);
      v128.store(SCHEDULE + at, v128.or(before, i32x4.shr_u(word, 16)));
      before = i32x4.shl(word, 16);
    }
    v128.store(SCHEDULE, before, 64);
  }

  for (let lane: usize = 0; lane < LANES; lane++) {
    const chain = chains + lane * CHAIN_OCTETS;
    const at = SCHEDULE + (lane << 2);
    for (let word: usize = 0; word < 4; word++) store<u32>(chain + (word << 2), bswap(load<u32>(at + (word << 4))));
    store<u16>(chain, bswap<u16>(<u16>(load<u32>(at, 64) >> 16)), 16);
  }
}

/** The block of the chain that is evolved alone. */
const BLOCK: usize = memory.data(64, 16);

function evolveOne(chain: usize, steps: i32): void {
  memory.fill(BLOCK, 0, 64);
  store<u32>(BLOCK, bswap(PADDING_BIT), 32);
  store<u32>(BLOCK, bswap(MESSAGE_BITS), 60);
  memory.copy(BLOCK, chain, CHAIN_OCTETS);
  for (let step = 0; step < steps; step++) {
    memory.copy(STATE, INITIAL, 32);
    compress(STATE, BLOCK);
    for (let at: usize = 0; at < 16; at += 4) store<u32>(BLOCK + LA_ID_OCTETS + at, bswap(load<u32>(STATE + at)));
  }
  memory.copy(chain, BLOCK, CHAIN_OCTETS);
}
