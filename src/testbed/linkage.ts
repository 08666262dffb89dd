import { createCipheriv } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from './random.ts';

/**
 * Linkage values (IEEE 1609.2.1, CAMP): two authorities each keep a chain of seeds for a device. A seed
 * of period i gives that period's pre-linkage values and, one way only, the seed of period i + 1.
 */
const SEED_OCTETS = 16;
const LINKAGE_VALUE_BYTES = 9;
const BLOCK_OCTETS = 16;

/** A device's chain at one authority: its seed (16 bytes) at period `i`. `laId` is 2 bytes. */
export interface LinkageChain {
  readonly laId: Uint8Array;
  readonly i: number;
  readonly seed: Uint8Array;
}

/** ls(i + 1) = first 16 bytes of SHA-256( la_id ‖ ls(i) ‖ 14 zeros ). */
export function evolveSeed(laId: Uint8Array, seed: Uint8Array): Uint8Array {
  const input = new Uint8Array(32);
  input.set(laId, 0);
  input.set(seed, laId.length);
  return sha256(input).slice(0, SEED_OCTETS);
}

/** The chain at a later period. */
export function chainAt({ laId, i, seed }: LinkageChain, period: number): LinkageChain {
  if (period < i) throw new RangeError(`period ${period} lies before ${i}: seeds run one way`);
  let evolved = seed;
  for (let at = i; at < period; at++) evolved = evolveSeed(laId, evolved);
  return { laId, i: period, seed: evolved };
}

/**
 * plv(i, j) for each given j: first 9 bytes of AES-128(ls(i), B) ⊕ B with B = la_id ‖ j ‖ 10 zeros (Davies-Meyer).
 * For a group certificate j is its jValue.
 */
export function preLinkageValues({ laId, seed }: LinkageChain, js: readonly number[]): Uint8Array[] {
  const blocks = new Uint8Array(js.length * BLOCK_OCTETS);
  const view = new DataView(blocks.buffer);
  js.forEach((j, at) => {
    blocks.set(laId, at * BLOCK_OCTETS);
    view.setUint32(at * BLOCK_OCTETS + laId.length, j);
  });
  const encrypted = createCipheriv('aes-128-ecb', seed, null).setAutoPadding(false).update(blocks);
  return js.map((_, at) => {
    const start = at * BLOCK_OCTETS;
    return xor(encrypted.subarray(start, start + LINKAGE_VALUE_BYTES), blocks.subarray(start));
  });
}

/** lv(i, j) = plv1(i, j) ⊕ plv2(i, j) for each given j; both chains must be at the same period. */
export function linkageValues(first: LinkageChain, second: LinkageChain, js: readonly number[]): Uint8Array[] {
  if (first.i !== second.i) throw new RangeError(`chains at periods ${first.i} and ${second.i}`);
  const other = preLinkageValues(second, js);
  return preLinkageValues(first, js).map((plv, at) => xor(plv, other[at] as Uint8Array));
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from(a, (octet, at) => octet ^ (b[at] as number));
}

/** One of the two authorities that between them, and only between them, can link a device's certificates. */
export interface LinkageAuthority {
  readonly laId: Uint8Array;
  /** The device's chain from the first period on. */
  chainOf(device: number): LinkageChain;
}

/** Makes a linkage authority whose chains follow from a seeded source. */
export function createLinkageAuthority(random: Random, laId: Uint8Array, firstPeriod: number): LinkageAuthority {
  return {
    laId,
    chainOf: (device) => ({ laId, i: firstPeriod, seed: random.fork(`device ${device}`).bytes(SEED_OCTETS) }),
  };
}
