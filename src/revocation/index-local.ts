import type { LinkageKernel } from '../kernel/linkage-kernel.ts';
import { Control, countValues, type ExpandPlan, isSmall } from './build-plan.ts';
import { BuildWork } from './build-work.ts';
import type { ChainColumns, CrlIndex, LinkageTable } from './index-data.ts';
import { openTable } from './linkage-table-writer.ts';

/**
 * What a thread may spend on one period that nobody expanded, in hashes: a tenth of a second at most, so that whoever has certificates
 * of odd periods cannot stop it.
 */
export const MAX_LOCAL_STEPS = 2 ** 20;

/** Expands a period of a small CRL in this thread; a reason where that is not to be done. */
export function expandLocally(
  { chains }: CrlIndex,
  period: number,
  inclusiveJMax: boolean,
  kernel: LinkageKernel,
): LinkageTable | string {
  const values = chains.reduce((sum, columns) => sum + columns.values, 0);
  if (!isSmall(chains)) return `${values} linkage values a period are too many to expand on demand`;
  const refused = tooFar(chains, period);
  if (refused !== undefined) return refused;
  const living = chains.filter(({ lastPeriod }) => period <= lastPeriod);
  const open = openTable(
    period,
    living.reduce((sum, columns) => sum + countValues(columns, period, inclusiveJMax), 0),
  );
  const plan: ExpandPlan = {
    inclusiveJMax,
    parts: living.map((columns) => ({ columns, tables: [0] })),
    tables: [open],
    control: new Int32Array(Control.cells),
  };
  const work = new BuildWork(plan, kernel);
  while (work.expandNext());
  while (work.sortNext());
  return open.table;
}

/** Why seeds are not moved on as far as a period; undefined where they may be. */
export function tooFar(columns: readonly ChainColumns[], period: number): string | undefined {
  const steps = columns.reduce(
    (sum, { count, chainsPerEntry, period: at }) => sum + count * chainsPerEntry * Math.max(0, period - at),
    0,
  );
  return steps > MAX_LOCAL_STEPS ? `${steps} steps of seeds are too many to take on demand` : undefined;
}
