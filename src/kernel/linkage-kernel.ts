/**
 * The contract of every linkage kernel: seeds of linkage chains to the linkage values of a period (IEEE 1609.2.1; CAMP).
 *
 *   ls(i)     = SHA-256( la_id ‖ ls(i−1) ‖ 14 zero octets ), first 16 octets
 *   B         = la_id ‖ j as 4 octets, big-endian ‖ 10 zero octets
 *   plv(i, j) = AES-128( ls(i), B ) ⊕ B, first 9 octets
 *   lv(i, j)  = plv of one authority ⊕ plv of the other, or with a single seed that one
 *
 * Chains are what revocation lists publish, so variable time is allowed by design. Kernels are synchronous and not re-entrant.
 */
import type { KernelName } from './kernel.ts';

/** Bytes of a chain at a period: la_id (2), then the seed ls(i) (16). */
export const CHAIN_BYTES = 18;
/** Bytes of a linkage value. */
export const LINKAGE_VALUE_BYTES = 9;
/** Words that {@link LinkageKernel.expand} writes for a value. */
export const WORDS_PER_VALUE = 3;
/** Values of j are below this; it is how many an Uint8 can name. */
export const J_LIMIT = 256;
/** Entries are numbered below this: their number shares a word with the last byte of the value. */
export const ENTRY_LIMIT = 1 << 24;
/** Steps of one call at most: IValue is Uint16. */
export const STEP_LIMIT = 0xffff;

/** One chain for a single seed, else one of each of two authorities. */
export type ChainsPerEntry = 1 | 2;

/** Expands seeds to linkage values; synchronous, and not re-entrant. */
export interface LinkageKernel {
  readonly name: KernelName;
  /** Octets of linear memory, fixed at creation; 0 where the kernel has none. */
  readonly memoryBytes: number;

  /** Takes chains, {@link CHAIN_BYTES} each, `steps` periods further, in place. */
  evolve(chains: Uint8Array, steps: number): void;

  /**
   * The values lv(i, j) of each entry at the period that its chains stand at, for j from `jStart` to `jEnd` − 1.
   * `chains` holds the entries' chains one after the other, `chainsPerEntry` each.
   *
   * `out` gets {@link WORDS_PER_VALUE} words a value, the values of an entry in a row: octets 0–3 of the value big-endian; octets
   * 4–7; octet 8 in the top 8 bits with `firstEntry` + the entry's place in `chains` below it. What is longer stays as it is.
   */
  expand(
    chains: Uint8Array,
    chainsPerEntry: ChainsPerEntry,
    jStart: number,
    jEnd: number,
    firstEntry: number,
    out: Uint32Array,
  ): void;

  /**
   * The group linkage value of each entry for the jValue (4 octets) of one certificate: {@link LINKAGE_VALUE_BYTES} octets
   * an entry.
   */
  groupValues(chains: Uint8Array, chainsPerEntry: ChainsPerEntry, jValue: Uint8Array): Uint8Array;
}
