import { CHAIN_BYTES, type LinkageKernel, WORDS_PER_VALUE } from '../kernel/linkage-kernel.ts';
import { CHUNK_ENTRIES, Control, chunksOf, type ExpandPart, type ExpandPlan, jEndOf, livesIn } from './build-plan.ts';
import type { ChainColumns } from './index-data.ts';
import { BucketSorter, Scatterer } from './linkage-table-writer.ts';

/** What one thread does of a build. Threads take chunks, then partitions, as they come, until none are left. */
export class BuildWork {
  private readonly plan: ExpandPlan;
  private readonly kernel: LinkageKernel;
  private readonly scatterer = new Scatterer();
  private readonly sorter = new BucketSorter();
  private words = new Uint32Array(0);

  constructor(plan: ExpandPlan, kernel: LinkageKernel) {
    this.plan = plan;
    this.kernel = kernel;
  }

  /** Expands the next chunk of entries into all tables that it belongs to. False where none was left, or all is off. */
  expandNext(): boolean {
    const { control, parts } = this.plan;
    if (Atomics.load(control, Control.cancelled) !== 0) return false;
    let chunk = Atomics.add(control, Control.nextChunk, 1);
    for (const part of parts) {
      const chunks = chunksOf(part);
      if (chunk < chunks) {
        this.expandChunk(part, chunk * CHUNK_ENTRIES);
        Atomics.add(control, Control.chunksDone, 1);
        return true;
      }
      chunk -= chunks;
    }
    return false;
  }

  /** Sorts the next partition. False where none was left, or all is off. */
  sortNext(): boolean {
    const { control, tables } = this.plan;
    if (Atomics.load(control, Control.cancelled) !== 0) return false;
    let partition = Atomics.add(control, Control.nextPartition, 1);
    for (const open of tables) {
      if (partition < open.filled.length) {
        this.sorter.sort(open, partition);
        return true;
      }
      partition -= open.filled.length;
    }
    return false;
  }

  private expandChunk({ columns, tables, moved }: ExpandPart, from: number): void {
    const to = Math.min(columns.count, from + CHUNK_ENTRIES);
    const entryOctets = CHAIN_BYTES * columns.chainsPerEntry;
    const chains = columns.chains.slice(from * entryOctets, to * entryOctets);
    let at = columns.period;
    for (const index of tables) {
      const open = this.plan.tables[index];
      if (open === undefined) throw new Error(`no table ${index} in this plan`);
      const { period } = open.table;
      this.kernel.evolve(chains, period - at);
      at = period;
      const count = this.expandInto(columns, chains, from, to, period);
      this.scatterer.scatter(open, this.words, count);
    }
    if (moved) {
      this.kernel.evolve(chains, moved.period - at);
      moved.chains.set(chains, from * entryOctets);
    }
  }

  /** Values of the entries from `from` to `to`, whose chains stand at the period, into `words`; their number. */
  private expandInto(columns: ChainColumns, chains: Uint8Array, from: number, to: number, period: number): number {
    const entryOctets = CHAIN_BYTES * columns.chainsPerEntry;
    const runs = runsOf(columns, from, to, period, this.plan.inclusiveJMax);
    const count = runs.reduce((sum, run) => sum + (run.to - run.from) * run.jEnd, 0);
    if (this.words.length < count * WORDS_PER_VALUE) this.words = new Uint32Array(count * WORDS_PER_VALUE);
    let at = 0;
    for (const run of runs) {
      const some = chains.subarray((run.from - from) * entryOctets, (run.to - from) * entryOctets);
      const first = columns.firstEntry + run.from;
      this.kernel.expand(some, columns.chainsPerEntry, 0, run.jEnd, first, this.words.subarray(at));
      at += (run.to - run.from) * run.jEnd * WORDS_PER_VALUE;
    }
    return count;
  }
}

/** Entries in a row that have as many values each. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly jEnd: number;
}

/** The entries that live in a period, in runs: a kernel treats several entries at a time. */
function runsOf({ iMax, jMax }: ChainColumns, from: number, to: number, period: number, inclusive: boolean): Run[] {
  const runs: Run[] = [];
  const valuesOf = (entry: number): number =>
    livesIn(period, iMax[entry] as number) ? jEndOf(jMax?.[entry] as number, inclusive) : 0;
  for (let entry = from; entry < to; ) {
    const jEnd = valuesOf(entry);
    const start = entry;
    while (entry < to && valuesOf(entry) === jEnd) entry++;
    if (jEnd > 0) runs.push({ from: start, to: entry, jEnd });
  }
  return runs;
}
