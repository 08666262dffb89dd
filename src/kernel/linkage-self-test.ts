/**
 * Known answers that a linkage kernel must give before it is trusted on a machine. They reach every lane, one and two seeds, and
 * the ends of the range of j; they do not replace the tests. The device of two periods is CAMP's (lv.txt, which has j = 8 and
 * j = 6), and so is the group (glv.txt); values for other j are the same device's, computed by node:crypto.
 */
import { CHAIN_BYTES, J_LIMIT, type LinkageKernel, WORDS_PER_VALUE } from './linkage-kernel.ts';

function octets(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function hex(array: Iterable<number>, digits: number): string {
  return Array.from(array, (value) => value.toString(16).padStart(digits, '0')).join('');
}

/** The device's two chains at a period, and values for some j: of both, and of each alone. */
interface Period {
  readonly chains: readonly [string, string];
  readonly values: readonly (readonly [j: number, both: string])[];
  readonly single: readonly [j: number, first: string, second: string];
}

const NOW: Period = {
  chains: ['8e094840ed221502d9ab6786bf68fba9f210', '59ce6b71a7eb5755f16e89981d2189a6daea'],
  values: [
    [0, 'e068fd506a86f2cb99'],
    [8, '688acf70e25ec01f32'],
    [255, '8557c0e58ef36b4815'],
  ],
  single: [8, '61f391b5d930e103ed', '09795ec53b6e211cdf'],
};
const NEXT: Period = {
  chains: ['8e09bd8f57949b4b60800cc97dbc6cd73edf', '59ce228c371780f1e0ec424659bbaebc54a1'],
  values: [
    [0, '3772939ef22a9eb4c7'],
    [6, '38479fda0b161a5357'],
    [255, '6fac42e1f39e9c94b9'],
  ],
  single: [8, '346b9ed3696eed055b', '80da2c296b0fb89546'],
};
/** More entries than are worked on side by side, and in an odd number. */
const PERIODS = [NOW, NEXT, NOW, NOW, NEXT];

const GROUP = {
  chains: '8e096b71a7eb5755f16e89981d2189a6daea59cecc4db977f595ad233f0f4e65408d9a9c',
  jValue: '4840ed22',
  value: '66d7fd69915a3c9e0c',
};

/** The first wrong answer of a linkage kernel, or undefined if it gives every known answer. */
export function linkageSelfTest(kernel: LinkageKernel): string | undefined {
  return evolutionFault(kernel) ?? pairFault(kernel) ?? singleFault(kernel) ?? groupFault(kernel);
}

function chainsOf(periods: readonly Period[]): Uint8Array {
  return octets(periods.flatMap(({ chains }) => chains).join(''));
}

function evolutionFault(kernel: LinkageKernel): string | undefined {
  const chains = chainsOf(PERIODS.map(() => NOW)).subarray(0, 9 * CHAIN_BYTES);
  kernel.evolve(chains, 1);
  const expected = chainsOf(PERIODS.map(() => NEXT)).subarray(0, chains.length);
  return hex(chains, 2) === hex(expected, 2) ? undefined : 'seed evolution is wrong';
}

/** The three words of a value. */
function record(value: string, entry: number): string {
  return value + entry.toString(16).padStart(6, '0');
}

function wordsOf(out: Uint32Array, index: number): string {
  return hex(out.subarray(WORDS_PER_VALUE * index, WORDS_PER_VALUE * (index + 1)), 8);
}

function pairFault(kernel: LinkageKernel): string | undefined {
  const firstEntry = 0xfffff0;
  const out = new Uint32Array(WORDS_PER_VALUE * J_LIMIT * PERIODS.length);
  kernel.expand(chainsOf(PERIODS), 2, 0, J_LIMIT, firstEntry, out);
  for (const [entry, { values }] of PERIODS.entries()) {
    for (const [j, value] of values) {
      if (wordsOf(out, J_LIMIT * entry + j) !== record(value, firstEntry + entry)) {
        return `the linkage value of two seeds is wrong for j = ${j}`;
      }
    }
  }
  return undefined;
}

function singleFault(kernel: LinkageKernel): string | undefined {
  const [j] = NOW.single;
  const out = new Uint32Array(WORDS_PER_VALUE * 2 * PERIODS.length);
  kernel.expand(chainsOf(PERIODS), 1, j, j + 1, 0, out);
  for (const [index, value] of PERIODS.flatMap(({ single: [, first, second] }) => [first, second]).entries()) {
    if (wordsOf(out, index) !== record(value, index)) return 'the linkage value of a single seed is wrong';
  }
  return undefined;
}

function groupFault(kernel: LinkageKernel): string | undefined {
  const values = kernel.groupValues(octets(GROUP.chains.repeat(3)), 2, octets(GROUP.jValue));
  return hex(values, 2) === GROUP.value.repeat(3) ? undefined : 'the group linkage value is wrong';
}
