/** Linkage kernels for tests: their output as values, and the same by definition. */
import { CHAIN_BYTES, type ChainsPerEntry, type LinkageKernel, WORDS_PER_VALUE } from '../../src/kernel/index.ts';
import { type LinkageChain, linkageValues, preLinkageValues } from '../../src/testbed/linkage.ts';
import { concat, toHex } from './octets.ts';

/** A value with the number of its entry. */
export interface Value {
  readonly value: string;
  readonly entry: number;
}

/** What no kernel may write over. */
const UNTOUCHED = 0xdeadbeef;

export interface Request {
  readonly chains: Uint8Array;
  readonly chainsPerEntry: ChainsPerEntry;
  readonly jStart: number;
  readonly jEnd: number;
  readonly firstEntry?: number;
}

/** What `expand` writes; that it writes no more is checked. */
export function expandBy(kernel: LinkageKernel, request: Request): Value[] {
  const { chains, chainsPerEntry, jStart, jEnd, firstEntry = 0 } = request;
  const values = (chains.length / CHAIN_BYTES / chainsPerEntry) * (jEnd - jStart);
  const out = new Uint32Array(WORDS_PER_VALUE * (values + 2)).fill(UNTOUCHED);
  kernel.expand(chains, chainsPerEntry, jStart, jEnd, firstEntry, out);
  if (out.subarray(WORDS_PER_VALUE * values).some((word) => word !== UNTOUCHED)) {
    throw new Error(`${kernel.name} writes behind the values that were asked for`);
  }
  return Array.from({ length: values }, (_, i) => {
    const hex = Array.from(out.subarray(WORDS_PER_VALUE * i, WORDS_PER_VALUE * (i + 1)), (word) =>
      word.toString(16).padStart(8, '0'),
    ).join('');
    return { value: hex.slice(0, 18), entry: Number.parseInt(hex.slice(18), 16) };
  });
}

/** The same by the testbed, which computes value by value. */
export function expandByDefinition({ chains, chainsPerEntry, jStart, jEnd, firstEntry = 0 }: Request): Value[] {
  const js = Array.from({ length: jEnd - jStart }, (_, i) => jStart + i);
  const entryOctets = CHAIN_BYTES * chainsPerEntry;
  return Array.from({ length: chains.length / entryOctets }, (_, index) => {
    const [first, second] = chainsOf(chains.subarray(entryOctets * index, entryOctets * (index + 1)));
    const values = second ? linkageValues(first!, second, js) : preLinkageValues(first!, js);
    return values.map((value) => ({ value: toHex(value), entry: firstEntry + index }));
  }).flat();
}

/** The chains that lie one after the other in `octets`. */
export function chainsOf(octets: Uint8Array): LinkageChain[] {
  return Array.from({ length: octets.length / CHAIN_BYTES }, (_, i) => {
    const chain = octets.slice(CHAIN_BYTES * i, CHAIN_BYTES * (i + 1));
    return { laId: chain.subarray(0, 2), seed: chain.subarray(2), i: 0 };
  });
}

export function octetsOf(chains: readonly LinkageChain[]): Uint8Array {
  return concat(...chains.flatMap(({ laId, seed }) => [laId, seed]));
}
