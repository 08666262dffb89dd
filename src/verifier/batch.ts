import type { Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import type { FastItem } from './fast/fast-item.ts';
import type { FullPath } from './full-path.ts';
import type { VerifierState } from './state.ts';
import type { Item } from './types.ts';
import { failedVerdict, type Work } from './work.ts';

/** Verdicts by the path that they came about. */
export interface PathCounts {
  fast: number;
  ordinary: number;
}

/**
 * Verifies a batch: the fast path takes what it can, the full path the rest, and verdicts are given in the order of the items, since each may
 * teach what the next ones are verified with. If the verifier itself fails, the batch is halved until only the items that make it fail are
 * left: they are `internalFailure`.
 */
export class BatchVerifier {
  readonly counts: PathCounts = { fast: 0, ordinary: 0 };
  private readonly state: VerifierState;
  private readonly full: FullPath;

  constructor(state: VerifierState, full: FullPath) {
    this.state = state;
    this.full = full;
  }

  verifyOrBisect(items: readonly Item[], context: BatchContext): Verdict[] {
    let fastItems: readonly (FastItem | undefined)[];
    let works: readonly (Work | undefined)[];
    try {
      fastItems = this.state.fast?.verifyBatch(items, context, this.state.learned) ?? [];
      works = this.full.prepare(items, fastItems, context);
    } catch (error) {
      if (items.length === 1) return items.map((item) => internalFailure(item, error, context));
      const middle = items.length >> 1;
      const halves = [items.slice(0, middle), items.slice(middle)];
      return halves.flatMap((half) => this.verifyOrBisect(half, context));
    }
    // From here on items change what is known, each once: one that fails must not take back what others have changed.
    return items.map((item, i) => {
      try {
        return this.concludeInTurn(item, fastItems[i], works[i], context);
      } catch (error) {
        return internalFailure(item, error, context);
      }
    });
  }

  private concludeInTurn(
    item: Item,
    fastItem: FastItem | undefined,
    work: Work | undefined,
    context: BatchContext,
  ): Verdict {
    const { fast, learned, replays } = this.state;
    const verdict = fastItem && fast?.conclude(fastItem, learned, replays);
    if (verdict !== undefined) {
      this.counts.fast++;
      return verdict;
    }
    this.counts.ordinary++;
    // An item that has become unclear meanwhile is verified by itself: now everything before it has been learned.
    const [ready] = work ? [work] : this.full.prepare([item], [], context);
    return this.full.conclude(ready as Work, context.for(item.at));
  }
}

export function internalFailure(item: Pick<Item, 'kind'>, error: unknown, context: BatchContext): Verdict {
  return failedVerdict(item, 'internalFailure', (error as Error).message, context);
}
