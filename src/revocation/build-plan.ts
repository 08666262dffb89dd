import type { ChainColumns } from './index-data.ts';
import type { OpenTable } from './linkage-table-writer.ts';

/** What threads are given to expand: plain data over shared memory. */
export interface ExpandPlan {
  readonly inclusiveJMax: boolean;
  readonly parts: readonly ExpandPart[];
  /** All tables to be made; parts name theirs by position. */
  readonly tables: OpenTable[];
  /** Cells of {@link Control}. */
  readonly control: Int32Array;
}

/** Entries of one kind of one CRL. */
export interface ExpandPart {
  readonly columns: ChainColumns;
  /** Tables to be filled, by ascending period, none before that of the chains. */
  readonly tables: readonly number[];
  /** Where chains are left that have been moved on, and to which period. */
  readonly moved?: { readonly chains: Uint8Array; readonly period: number };
}

/** Entries that are treated together: their values stay in the nearer caches on the way from the kernel to the table. */
export const CHUNK_ENTRIES = 1024;

/** What threads tell each other, and what they are told, in one shared array. */
export const Control = {
  /** The next chunk that nobody has taken. */
  nextChunk: 0,
  /** The next partition, counted through all tables. */
  nextPartition: 1,
  /** Not 0: stop. */
  cancelled: 2,
  /** Chunks that are done. */
  chunksDone: 3,
  /** How many cells there are. */
  cells: 4,
} as const;

export function chunksOf({ columns }: ExpandPart): number {
  return Math.ceil(columns.count / CHUNK_ENTRIES);
}

/** Whether an entry says something about a period: it ends with iMax. That seeds run one way is seen to elsewhere. */
export function livesIn(period: number, iMax: number): boolean {
  return period <= iMax;
}

/** One more than the last j. */
export function jEndOf(jMax: number, inclusiveJMax: boolean): number {
  return inclusiveJMax ? jMax + 1 : jMax;
}

/** Linkage values of a period. */
export function countValues(columns: ChainColumns, period: number, inclusiveJMax: boolean): number {
  const { count, iMax, jMax } = columns;
  let values = 0;
  for (let entry = 0; entry < count; entry++) {
    if (livesIn(period, iMax[entry] as number)) values += jEndOf(jMax?.[entry] as number, inclusiveJMax);
  }
  return values;
}

/**
 * Values a period up to which a CRL's periods are expanded when somebody asks, by the thread that is asked. Its seeds therefore
 * stay where the CRL has them, while those of larger CRLs move on with the periods.
 */
export const SMALL_CRL_VALUES = 65_536;

/** Whether a period of these entries is expanded when somebody asks for it. */
export function isSmall(columns: readonly ChainColumns[]): boolean {
  return columns.reduce((sum, { values }) => sum + values, 0) <= SMALL_CRL_VALUES;
}
