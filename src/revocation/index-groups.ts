import { LINKAGE_VALUE_BYTES, type LinkageKernel } from '../kernel/linkage-kernel.ts';
import { octetKey } from '../kernel/octet-key.ts';
import { livesIn } from './build-plan.ts';
import type { ChainColumns } from './index-data.ts';
import { equalsAt } from './index-hashes.ts';
import { tooFar } from './index-local.ts';
import { RecentlyUsed } from './recently-used.ts';

/** Group entries of a CRL that a certificate is compared with. Each takes two AES keys of its own. */
export const MAX_GROUP_ENTRIES = 16_384;

/** Values for one jValue that are kept: cards without a group of their own all carry the same one. */
const KEPT_VALUES = 8;

/**
 * Group entries, evaluated for the certificate that asks: nobody can expand them, because j is whatever its jValue says. Seeds are
 * moved to a period once.
 */
export class GroupEntries {
  private readonly columns: readonly ChainColumns[];
  private readonly kernel: LinkageKernel;
  private readonly chains: RecentlyUsed<number, readonly ChainColumns[]>;
  private readonly values = new RecentlyUsed<string, readonly Uint8Array[]>(KEPT_VALUES);

  constructor(columns: readonly ChainColumns[], kernel: LinkageKernel, periods: number) {
    this.columns = columns;
    this.kernel = kernel;
    this.chains = new RecentlyUsed(periods);
  }

  /** Entries that may have a value in a period. */
  living(period: number): number {
    return this.livingIn(period).reduce((sum, { count }) => sum + count, 0);
  }

  /** The entry that a group linkage value comes from, −1, or a reason why nobody knows. */
  find(period: number, jValue: Uint8Array, value: Uint8Array): number | string {
    const living = this.livingIn(period);
    if (living.length === 0) return -1;
    const entries = living.reduce((sum, { count }) => sum + count, 0);
    if (entries > MAX_GROUP_ENTRIES) return `${entries} group entries are too many to evaluate for one certificate`;
    const refused = tooFar(living, period);
    if (refused !== undefined) return refused;
    const at = this.chains.get(period) ?? this.chains.set(period, this.movedTo(living, period));
    const key = `${period}/${octetKey(jValue)}`;
    const values = this.values.get(key) ?? this.values.set(key, this.evaluate(at, jValue));
    return search(at, values, period, value);
  }

  private livingIn(period: number): readonly ChainColumns[] {
    return this.columns.filter((columns) => columns.period <= period && period <= columns.lastPeriod);
  }

  private movedTo(entries: readonly ChainColumns[], period: number): ChainColumns[] {
    return entries.map((columns) => {
      const chains = new Uint8Array(columns.chains);
      this.kernel.evolve(chains, period - columns.period);
      return { ...columns, chains, period };
    });
  }

  private evaluate(entries: readonly ChainColumns[], jValue: Uint8Array): Uint8Array[] {
    return entries.map(({ chains, chainsPerEntry }) => this.kernel.groupValues(chains, chainsPerEntry, jValue));
  }
}

function search(
  columns: readonly ChainColumns[],
  values: readonly Uint8Array[],
  period: number,
  value: Uint8Array,
): number {
  for (const [index, { count, firstEntry, iMax }] of columns.entries()) {
    const these = values[index] as Uint8Array;
    for (let entry = 0; entry < count; entry++) {
      if (equalsAt(these, entry * LINKAGE_VALUE_BYTES, value) && livesIn(period, iMax[entry] as number)) {
        return firstEntry + entry;
      }
    }
  }
  return -1;
}
