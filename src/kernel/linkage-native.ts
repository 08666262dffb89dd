/**
 * The linkage kernel on node:crypto. Slower in bulk than the WASM ones, and independent of them: it is the one to compare with.
 *
 * node:crypto is asked for at creation, not imported, so that a browser can load this file.
 */
import { checkEvolve, checkExpand, checkGroupValues } from './linkage-checks.ts';
import {
  CHAIN_BYTES,
  type ChainsPerEntry,
  LINKAGE_VALUE_BYTES,
  type LinkageKernel,
  WORDS_PER_VALUE,
} from './linkage-kernel.ts';
import { type NodeCrypto, nodeCrypto } from './node-crypto.ts';

const LA_ID_OCTETS = 2;
const SEED_OCTETS = CHAIN_BYTES - LA_ID_OCTETS;
const HASH_INPUT_OCTETS = 32;
const BLOCK_OCTETS = 16;
/** Where j stands in a block. */
const J_AT = LA_ID_OCTETS;

/** @throws Error where there is no node:crypto. */
export function createNativeLinkageKernel(): LinkageKernel {
  const crypto = nodeCrypto();
  if (!crypto) throw new Error("linkage kernel 'native' needs node:crypto, which this platform does not have");
  return new NativeLinkageKernel(crypto);
}

class NativeLinkageKernel implements LinkageKernel {
  readonly name = 'native';
  readonly memoryBytes = 0;
  readonly #crypto: NodeCrypto;

  constructor(crypto: NodeCrypto) {
    this.#crypto = crypto;
  }

  evolve(chains: Uint8Array, steps: number): void {
    checkEvolve(chains, steps);
    const input = new Uint8Array(HASH_INPUT_OCTETS);
    for (let at = 0; at < chains.length; at += CHAIN_BYTES) {
      input.set(chains.subarray(at, at + CHAIN_BYTES));
      for (let step = 0; step < steps; step++) {
        const digest = this.#crypto.createHash('sha256').update(input).digest();
        input.set(digest.subarray(0, SEED_OCTETS), LA_ID_OCTETS);
      }
      chains.set(input.subarray(0, CHAIN_BYTES), at);
    }
  }

  expand(
    chains: Uint8Array,
    chainsPerEntry: ChainsPerEntry,
    jStart: number,
    jEnd: number,
    firstEntry: number,
    out: Uint32Array,
  ): void {
    const count = checkExpand(chains, chainsPerEntry, jStart, jEnd, firstEntry, out);
    const blocks = new Uint8Array(BLOCK_OCTETS * (jEnd - jStart));
    for (let j = jStart; j < jEnd; j++) blocks[BLOCK_OCTETS * (j - jStart) + J_AT + 3] = j;
    let word = 0;
    for (let entry = 0; entry < count; entry++) {
      const values = this.#valuesOf(chains, entry, chainsPerEntry, blocks);
      for (let at = 0; at < blocks.length; at += BLOCK_OCTETS) {
        out[word] = values.getUint32(at);
        out[word + 1] = values.getUint32(at + 4);
        out[word + 2] = (values.getUint8(at + 8) << 24) | (firstEntry + entry);
        word += WORDS_PER_VALUE;
      }
    }
  }

  groupValues(chains: Uint8Array, chainsPerEntry: ChainsPerEntry, jValue: Uint8Array): Uint8Array {
    const count = checkGroupValues(chains, chainsPerEntry, jValue);
    const block = new Uint8Array(BLOCK_OCTETS);
    block.set(jValue, J_AT);
    const out = new Uint8Array(LINKAGE_VALUE_BYTES * count);
    for (let entry = 0; entry < count; entry++) {
      const { buffer } = this.#valuesOf(chains, entry, chainsPerEntry, block);
      out.set(new Uint8Array(buffer, 0, LINKAGE_VALUE_BYTES), LINKAGE_VALUE_BYTES * entry);
    }
    return out;
  }

  /** plv, or the two of them ⊕, of each block, 16 octets a block; the blocks lack la_id, which is put into them here. */
  #valuesOf(chains: Uint8Array, entry: number, chainsPerEntry: ChainsPerEntry, blocks: Uint8Array): DataView {
    const values = new Uint8Array(blocks.length);
    for (let chain = 0; chain < chainsPerEntry; chain++) {
      const at = CHAIN_BYTES * (chainsPerEntry * entry + chain);
      const laId = chains.subarray(at, at + LA_ID_OCTETS);
      const seed = chains.subarray(at + LA_ID_OCTETS, at + CHAIN_BYTES);
      for (let block = 0; block < blocks.length; block += BLOCK_OCTETS) blocks.set(laId, block);
      const encrypted = this.#crypto.createCipheriv('aes-128-ecb', seed, null).setAutoPadding(false).update(blocks);
      for (let i = 0; i < values.length; i++) values[i]! ^= encrypted[i]! ^ blocks[i]!;
    }
    return new DataView(values.buffer);
  }
}
