import type { KernelName } from '../kernel/kernel.ts';
import {
  CHUNK_ENTRIES,
  Control,
  chunksOf,
  countValues,
  type ExpandPart,
  type ExpandPlan,
  isSmall,
  jEndOf,
} from './build-plan.ts';
import { type BuildWorkers, inlineWorkers, type Phase } from './build-workers.ts';
import {
  type ChainColumns,
  type CrlAbout,
  type CrlIndex,
  type LinkageTable,
  MAX_TABLE_ENTRIES,
  type RevocationData,
} from './index-data.ts';
import { buildHashTable } from './index-hashes.ts';
import { type OpenTable, openTable, overflowed } from './linkage-table-writer.ts';
import { sharedInt32, sharedOctets, toShared } from './shared-arrays.ts';
import type { AcceptedCrl, LinkageEntries } from './types.ts';

/** Periods to expand, threads, and an earlier build to go on from. */
export interface BuildOptions {
  /** Periods to expand; any number, in any order. */
  readonly periods: readonly number[];
  /**
   * Threads that expand; 0, the default, does it in this one, with pauses for what else it has to do, and so does any number where there
   * is little to do.
   */
  readonly threads?: number;
  readonly kernel?: KernelName | 'auto';
  /** Expands j = jMax too (DECISIONS D26). */
  readonly inclusiveJMax?: boolean;
  /** Ends the build: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** What was built before: whatever of it is still right is taken over, and seeds go on from where they stand. */
  readonly previous?: RevocationData;
  /** The module of the threads, for bundlers that moved it. */
  readonly workerUrl?: URL;
}

/** How far a build has come. */
export interface BuildProgress {
  readonly phase: Phase;
  /** Entries that were expanded, of all that have to be. */
  readonly entries: number;
  readonly total: number;
  readonly seconds: number;
}

/**
 * Builds the index of CRLs that are in force: every one that is given counts, which of them replace others was decided before
 * (`crl-continuity`). Nothing is visible before all of it is done, and `previous` is left as it is.
 *
 * @throws RangeError where a CRL has more entries or values than a table can hold, or a period is none.
 */
export async function buildRevocation(
  accepted: readonly AcceptedCrl[],
  options: BuildOptions,
): Promise<RevocationData> {
  const { signal, inclusiveJMax = false } = options;
  signal?.throwIfAborted();
  const periods = checkedPeriods(options.periods);
  const drafts = accepted.map((crl) => draftOf(crl, periods, inclusiveJMax, previousOf(crl, options)));
  const plan = planOf(drafts, inclusiveJMax);
  if (plan.parts.length > 0) await carryOut(plan, options);
  return { inclusiveJMax, periods, crls: drafts.map((draft) => finished(draft, plan)) };
}

/** What is done sooner than threads are started, in chunks of entries. */
const CHUNKS_WORTH_THREADS = 16;

/** A CRL on its way into the index. */
interface Draft {
  readonly about: CrlAbout;
  readonly ready: Omit<CrlIndex, 'about' | 'chains'>;
  readonly chains: readonly ChainColumns[];
  /** Periods that have to be expanded, and how many values they have. */
  readonly missing: readonly { readonly period: number; readonly values: number }[];
  /** The period to which the seeds are moved meanwhile; undefined where they stay. */
  readonly movedTo: number | undefined;
  /** Filled in by {@link planOf}: positions of the missing tables, and chains that are being moved. */
  tables: readonly number[];
  moved: readonly ChainColumns[];
}

function checkedPeriods(periods: readonly number[]): number[] {
  for (const period of periods) {
    if (!Number.isInteger(period) || period < 0 || period > 0xffff) throw new RangeError(`${period} is no period`);
  }
  return [...new Set(periods)].sort((a, b) => a - b);
}

function previousOf({ id }: AcceptedCrl, { previous, inclusiveJMax = false }: BuildOptions): CrlIndex | undefined {
  if (previous?.inclusiveJMax !== inclusiveJMax) return undefined;
  return previous.crls.find(({ about }) => about.id === id);
}

function draftOf(
  crl: AcceptedCrl,
  periods: readonly number[],
  inclusiveJMax: boolean,
  previous: CrlIndex | undefined,
): Draft {
  const { hashes, individuals, singleSeeds, groups, groupSingleSeeds, ...about } = crl;
  checkEntries(crl);
  const columns = columnsOf(crl, [individuals, singleSeeds], 0, inclusiveJMax);
  const firstGroup = (individuals?.count ?? 0) + (singleSeeds?.count ?? 0);
  const wanted = periods.filter((period) => columns.some((one) => saysSomething(one, period)));
  const tables = (previous?.tables ?? []).filter(({ period }) => wanted.includes(period));
  const missing = wanted.filter((period) => !tables.some((table) => table.period === period));
  const chains = sourceOf(columns, previous, missing[0]);
  return {
    about,
    ready: {
      ...(hashes && { hashes: previous?.hashes ?? buildHashTable(hashes) }),
      groups: previous?.groups ?? columnsOf(crl, [groups, groupSingleSeeds], firstGroup, inclusiveJMax),
      tables,
    },
    chains,
    missing: missing.map((period) => ({
      period,
      values: columns.reduce((sum, one) => sum + countValues(one, period, inclusiveJMax), 0),
    })),
    movedTo: isSmall(columns) ? undefined : missing.at(-1),
    tables: [],
    moved: [],
  };
}

function checkEntries({ source, individuals, singleSeeds }: AcceptedCrl): void {
  const entries = (individuals?.count ?? 0) + (singleSeeds?.count ?? 0);
  if (entries > MAX_TABLE_ENTRIES) {
    throw new RangeError(`${source}: ${entries} linkage entries; a table tells ${MAX_TABLE_ENTRIES} (2^24) apart`);
  }
}

/** Seeds of a CRL run from iRev to the latest iMax. */
function saysSomething({ period: iRev, lastPeriod }: ChainColumns, period: number): boolean {
  return iRev <= period && period <= lastPeriod;
}

function columnsOf(
  { source, iRev }: AcceptedCrl,
  lists: readonly (LinkageEntries | undefined)[],
  first: number,
  inclusiveJMax: boolean,
): ChainColumns[] {
  const columns: ChainColumns[] = [];
  let firstEntry = first;
  for (const list of lists) {
    if (list === undefined || list.count === 0) continue;
    if (iRev === undefined) throw new RangeError(`${source}: linkage entries without iRev`);
    const { count, chainsPerEntry, jMax } = list;
    columns.push({
      count,
      firstEntry,
      chainsPerEntry,
      chains: toShared(list.chains),
      period: iRev,
      iMax: toShared(list.iMax),
      ...(jMax && { jMax: toShared(jMax) }),
      lastPeriod: list.iMax.reduce((latest, iMax) => Math.max(latest, iMax), 0),
      values: jMax ? jMax.reduce((sum, one) => sum + jEndOf(one, inclusiveJMax), 0) : count,
    });
    firstEntry += count;
  }
  return columns;
}

/** The seeds to start from: those of the index before, unless they have gone past the first period that is missing. */
function sourceOf(
  columns: readonly ChainColumns[],
  previous: CrlIndex | undefined,
  firstMissing: number | undefined,
): readonly ChainColumns[] {
  if (previous === undefined) return columns;
  const usable = firstMissing === undefined || previous.chains.every(({ period }) => period <= firstMissing);
  return usable ? previous.chains : columns;
}

/** One plan for all CRLs, so that threads have no pause between them. */
function planOf(drafts: readonly Draft[], inclusiveJMax: boolean): ExpandPlan {
  const tables: OpenTable[] = [];
  const parts: ExpandPart[] = [];
  for (const draft of drafts) {
    draft.tables = draft.missing.map(({ period, values }) => tables.push(openTable(period, values)) - 1);
    draft.moved = draft.chains.map((columns) => movedOn(columns, draft.movedTo));
    draft.chains.forEach((columns, index) => {
      const mine = draft.tables.filter((_, i) => (draft.missing[i]?.period as number) <= columns.lastPeriod);
      const { chains, period } = draft.moved[index] as ChainColumns;
      const moved = chains === columns.chains ? undefined : { chains, period };
      if (mine.length > 0 || moved) parts.push({ columns, tables: mine, ...(moved && { moved }) });
    });
  }
  return { inclusiveJMax, parts, tables, control: sharedInt32(Control.cells) };
}

function movedOn(columns: ChainColumns, period: number | undefined): ChainColumns {
  if (period === undefined || period <= columns.period) return columns;
  return { ...columns, chains: sharedOctets(columns.chains.length), period };
}

function finished({ about, ready, tables, moved }: Draft, plan: ExpandPlan): CrlIndex {
  const made = tables.map((index) => (plan.tables[index] as OpenTable).table);
  const all: LinkageTable[] = [...ready.tables, ...made].sort((a, b) => a.period - b.period);
  return { about, ...ready, chains: moved, tables: all };
}

async function carryOut(plan: ExpandPlan, options: BuildOptions): Promise<void> {
  const { signal, threads = 0, kernel = 'auto', workerUrl } = options;
  const chunks = plan.parts.reduce((sum, part) => sum + chunksOf(part) * Math.max(1, part.tables.length), 0);
  const workers =
    threads === 0 || chunks < CHUNKS_WORTH_THREADS
      ? inlineWorkers(kernel)
      : (await import('./build-threads.ts')).threadWorkers(threads, kernel, workerUrl);
  try {
    await runPhase(workers, plan, 'expand', options);
    await makeRoom(workers, plan, options);
    await runPhase(workers, plan, 'sort', options);
  } finally {
    await workers.close();
  }
  signal?.throwIfAborted();
}

/**
 * Values spread evenly over partitions, unless somebody chose seeds until they do not. The first attempt has counted what room
 * is needed then; only tables that had too little are filled again.
 */
async function makeRoom(workers: BuildWorkers, plan: ExpandPlan, options: BuildOptions): Promise<void> {
  const { tables } = plan;
  const short = new Set(tables.flatMap((open, index) => (overflowed(open) ? [index] : [])));
  if (short.size === 0) return;
  for (const index of short) {
    const { table, filled } = tables[index] as OpenTable;
    tables[index] = openTable(table.period, table.count, filled);
  }
  const parts = plan.parts.flatMap(({ columns, tables: its }): ExpandPart[] => {
    const mine = its.filter((index) => short.has(index));
    return mine.length > 0 ? [{ columns, tables: mine }] : [];
  });
  await runPhase(workers, { ...plan, parts, control: sharedInt32(Control.cells) }, 'expand', options);
}

async function runPhase(workers: BuildWorkers, plan: ExpandPlan, phase: Phase, options: BuildOptions): Promise<void> {
  const { signal, onProgress } = options;
  const started = performance.now();
  const total = plan.parts.reduce((sum, { columns }) => sum + columns.count, 0);
  const chunks = plan.parts.reduce((sum, part) => sum + chunksOf(part), 0);
  const cancel = (): void => void Atomics.store(plan.control, Control.cancelled, 1);
  const report = (): void => {
    const done = Atomics.load(plan.control, Control.chunksDone);
    const entries = done === chunks ? total : Math.min(total, done * CHUNK_ENTRIES);
    onProgress?.({ phase, entries, total, seconds: (performance.now() - started) / 1000 });
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    if (signal?.aborted) cancel();
    await workers.run(plan, phase, report);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  signal?.throwIfAborted();
  report();
}
