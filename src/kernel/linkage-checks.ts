/** Misuse of a linkage kernel throws before any work. */
import {
  CHAIN_BYTES,
  type ChainsPerEntry,
  ENTRY_LIMIT,
  J_LIMIT,
  STEP_LIMIT,
  WORDS_PER_VALUE,
} from './linkage-kernel.ts';

const J_VALUE_OCTETS = 4;

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be an integer from ${least} to ${most}: ${value}`);
  }
}

function countChains(chains: Uint8Array): number {
  if (chains.length % CHAIN_BYTES !== 0) {
    throw new RangeError(`chains has ${chains.length} octets, which are no whole chains of ${CHAIN_BYTES}`);
  }
  return chains.length / CHAIN_BYTES;
}

function countEntries(chains: Uint8Array, chainsPerEntry: ChainsPerEntry): number {
  checkInteger('chainsPerEntry', chainsPerEntry, 1, 2);
  const count = countChains(chains) / chainsPerEntry;
  if (!Number.isInteger(count)) {
    throw new RangeError(`chains has ${chains.length / CHAIN_BYTES} chains, which are no whole pairs`);
  }
  return count;
}

/** How many chains there are. @throws RangeError where they are not whole, or `steps` is out of range. */
export function checkEvolve(chains: Uint8Array, steps: number): number {
  checkInteger('steps', steps, 0, STEP_LIMIT);
  return countChains(chains);
}

/** How many entries there are. @throws RangeError where an operand is out of range, or `out` too short. */
export function checkExpand(
  chains: Uint8Array,
  chainsPerEntry: ChainsPerEntry,
  jStart: number,
  jEnd: number,
  firstEntry: number,
  out: Uint32Array,
): number {
  const count = countEntries(chains, chainsPerEntry);
  checkInteger('jEnd', jEnd, 0, J_LIMIT);
  checkInteger('jStart', jStart, 0, jEnd);
  checkInteger('firstEntry', firstEntry, 0, ENTRY_LIMIT - count);
  const words = WORDS_PER_VALUE * count * (jEnd - jStart);
  if (out.length < words) throw new RangeError(`out has ${out.length} words; ${count} entries need ${words}`);
  return count;
}

/** How many entries there are. @throws RangeError where the chains are not whole, or jValue is not 4 octets. */
export function checkGroupValues(chains: Uint8Array, chainsPerEntry: ChainsPerEntry, jValue: Uint8Array): number {
  if (jValue.length !== J_VALUE_OCTETS) {
    throw new RangeError(`jValue has ${jValue.length} octets instead of ${J_VALUE_OCTETS}`);
  }
  return countEntries(chains, chainsPerEntry);
}
