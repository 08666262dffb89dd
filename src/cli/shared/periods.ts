import { stat } from 'node:fs/promises';
import type { InputRecord } from '../../readers/index.ts';
import type { RevocationData } from '../../revocation/index.ts';
import type { ItemKind } from '../../verdict/index.ts';
import type { Item } from '../../verifier/index.ts';
import type { CrlsInForce } from './crls-in-force.ts';
import { itemOf } from './input.ts';

/** Counts the periods that records ask CRLs about. */
export async function countPeriods(
  records: AsyncIterable<InputRecord> | Iterable<InputRecord>,
  kind: ItemKind,
  crls: CrlsInForce,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for await (const record of records) {
    if (record.unreadable !== undefined) continue;
    const period = crls.periodOf(itemOf(kind, record));
    if (period !== undefined) counts.set(period, (counts.get(period) ?? 0) + 1);
  }
  return counts;
}

/** Whether the input can be read twice: files and directories can. */
export async function isReadableAgain(names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const stats = name === '-' ? undefined : await stat(name).catch(() => undefined);
    if (!stats?.isFile() && !stats?.isDirectory()) return false;
  }
  return true;
}

/**
 * Expands periods that turn up while the input is being verified, for certificates that a message has proven. What is verified
 * meanwhile stays undecided.
 */
export class LatePeriods {
  private readonly crls: CrlsInForce;
  private readonly most: number;
  private readonly use: (data: RevocationData) => Promise<void>;
  private readonly signal: AbortSignal;
  /** The latest first. */
  private wanted: readonly number[];
  private building: Promise<void> | undefined;
  /** What made expanding fail; then no more is tried. */
  failure: Error | undefined;
  private isOver = false;

  constructor(crls: CrlsInForce, most: number, use: (data: RevocationData) => Promise<void>, signal: AbortSignal) {
    this.signal = signal;
    this.crls = crls;
    this.most = most;
    this.use = use;
    this.wanted = crls.periods;
  }

  /** Notes that the signer of this message is proven, and that its period is not expanded. */
  want(item: Item): void {
    const period = this.crls.periodOf(item);
    if (period === undefined || this.most === 0 || this.isOver || this.failure !== undefined) return;
    if (this.wanted[0] !== period) {
      this.wanted = [period, ...this.wanted.filter((one) => one !== period)].slice(0, this.most);
    }
    this.building ??= this.build();
  }

  /** These CRLs are in force no more: what is on its way comes too late, and would bring them back. */
  end(): void {
    this.isOver = true;
  }

  /** Waits for what is on its way. */
  async settle(): Promise<void> {
    await this.building;
  }

  private async build(): Promise<void> {
    try {
      const data = await this.crls.expand(this.wanted, this.signal, true);
      if (!this.isOver) await this.use(data);
    } catch (error) {
      // A run that stops needs no more periods.
      if (!this.signal.aborted) this.failure = error as Error;
    }
    this.building = undefined;
  }
}
