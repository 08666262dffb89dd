/** Linkage values as lines of JSON, in one order: CRL after CRL, period after period, entry after entry, j after j. */
import { toHex } from '../../coer/index.ts';
import { CHAIN_BYTES, type LinkageKernel, WORDS_PER_VALUE } from '../../kernel/linkage-kernel.ts';
import { type AcceptedCrl, jEndOf, type LinkageEntries, livesIn } from '../../revocation/index.ts';

import { CliError, Exit } from '../shared/exit.ts';

export interface LineSource {
  readonly accepted: readonly AcceptedCrl[];
  /** Ascending. */
  readonly periods: readonly number[];
  readonly kernel: LinkageKernel;
  readonly inclusiveJMax: boolean;
}

/** What a line says. */
export interface ValueLine {
  readonly i: number;
  readonly j: number;
  readonly linkageValue: string;
  readonly la1Id: string;
  readonly la2Id: string | null;
  readonly entry: number;
  readonly crl: string;
}

export const NOT_OURS = 'its last line does not come from these CRLs and periods';

/** Entries whose lines are made together. */
const CHUNK_ENTRIES = 256;

/** Some lines, and how many entries there were up to them. */
export interface Lines {
  readonly text: string;
  readonly entries: number;
}

/** All lines; or only those after a given one, if everything up to it has been written. */
export function* valueLines(source: LineSource, after?: ValueLine): Generator<Lines> {
  let entries = 0;
  let skipping = after !== undefined;
  for (const block of blocksOf(source)) {
    entries += block.to - block.from;
    if (after && skipping && !holds(block, after)) continue;
    let lines = linesOf(block, source);
    if (after && skipping) {
      const text = JSON.stringify(after);
      const at = lines.indexOf(text);
      if (at < 0) break;
      lines = lines.slice(at + 1);
      skipping = false;
    }
    yield { text: lines.map((line) => `${line}\n`).join(''), entries };
  }
  if (skipping) throw new CliError(Exit.inputUnreadable, `--output cannot be resumed: ${NOT_OURS}`);
}

/** Entries of one list of one CRL in one period. */
interface Block {
  readonly crl: AcceptedCrl;
  readonly list: LinkageEntries;
  /** Position in the CRL of the list's first entry. */
  readonly first: number;
  readonly period: number;
  readonly from: number;
  readonly to: number;
}

function* blocksOf({ accepted, periods }: LineSource): Generator<Block> {
  for (const crl of accepted) {
    for (const period of periods) {
      if (period < (crl.iRev ?? 0)) continue;
      let first = 0;
      for (const list of [crl.individuals, crl.singleSeeds]) {
        if (list === undefined) continue;
        for (let from = 0; from < list.count; from += CHUNK_ENTRIES) {
          yield { crl, list, first, period, from, to: Math.min(list.count, from + CHUNK_ENTRIES) };
        }
        first += list.count;
      }
    }
  }
}

function holds({ crl, period, first, from, to }: Block, line: ValueLine): boolean {
  return crl.source === line.crl && period === line.i && first + from <= line.entry && line.entry < first + to;
}

function linesOf({ crl, list, first, period, from, to }: Block, { kernel, inclusiveJMax }: LineSource): string[] {
  const octets = CHAIN_BYTES * list.chainsPerEntry;
  const chains = list.chains.slice(from * octets, to * octets);
  kernel.evolve(chains, period - (crl.iRev as number));
  const lines: string[] = [];
  for (let entry = from; entry < to; entry++) {
    if (!livesIn(period, list.iMax[entry] as number)) continue;
    const own = chains.subarray((entry - from) * octets, (entry - from + 1) * octets);
    const jEnd = jEndOf(list.jMax?.[entry] as number, inclusiveJMax);
    const la2Id = list.chainsPerEntry === 2 ? toHex(own.subarray(CHAIN_BYTES, CHAIN_BYTES + 2)) : null;
    for (const [j, linkageValue] of valuesOf(kernel, own, list.chainsPerEntry, jEnd).entries()) {
      const la1Id = toHex(own.subarray(0, 2));
      const line: ValueLine = { i: period, j, linkageValue, la1Id, la2Id, entry: first + entry, crl: crl.source };
      lines.push(JSON.stringify(line));
    }
  }
  return lines;
}

function valuesOf(kernel: LinkageKernel, chains: Uint8Array, chainsPerEntry: 1 | 2, jEnd: number): string[] {
  const words = new Uint32Array(WORDS_PER_VALUE * jEnd);
  kernel.expand(chains, chainsPerEntry, 0, jEnd, 0, words);
  return Array.from({ length: jEnd }, (_, j) => {
    const [high, low, tail] = [0, 1, 2].map((at) => words[WORDS_PER_VALUE * j + at] as number) as [
      number,
      number,
      number,
    ];
    return hexOf(high, 8) + hexOf(low, 8) + hexOf(tail >>> 24, 2);
  });
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
