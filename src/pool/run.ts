import type { Verdict } from '../verdict/index.ts';
import { costOf } from '../verifier/cost.ts';
import { checkItem } from '../verifier/items.ts';
import { withTags } from '../verifier/tags.ts';
import type { Item } from '../verifier/types.ts';
import { OrderedResults } from './ordered.ts';
import type { PoolWorker } from './pool-worker.ts';

/**
 * Batches of full cost that a worker may have before reading waits for it, beside the one that goes beyond: closing a pool waits for them. Of
 * known senders maxQueue is reached before.
 */
const BATCHES_WAITING = 1;

export interface RunLimits {
  readonly maxBatch: number;
  /** Items that are sent to a thread which has nothing to do. */
  readonly idleBatch: number;
  readonly maxQueue: number;
  readonly maxWaitMs: number;
  /** Whether every error is asked for, which costs more. */
  readonly isThorough: boolean;
}

/** A batch that is not sent yet, and the places of its items in the input. */
interface Filling {
  items: Item[];
  indices: number[];
  cost: number;
}

const emptyBatch = (): Filling => ({ items: [], indices: [], cost: 0 });

/** One pass of items through the workers. */
export class Run {
  private readonly workers: readonly PoolWorker[];
  private readonly limits: RunLimits;
  private readonly workerOf: (item: Item) => number;
  private readonly results = new OrderedResults<Verdict>();
  private readonly filling: Filling[];
  /** Batches of each worker that are not verified yet. */
  private readonly pending: number[];
  /** What they cost. */
  private readonly pendingCost: number[];
  private read = 0;
  private reading = true;
  private cancelled = false;
  private timer: NodeJS.Timeout | undefined;
  private roomMade: (() => void) | undefined;
  private leaveSource: (() => void) | undefined;

  constructor(workers: readonly PoolWorker[], limits: RunLimits, workerOf: (item: Item) => number) {
    this.workers = workers;
    this.limits = limits;
    this.workerOf = workerOf;
    this.filling = workers.map(emptyBatch);
    this.pending = workers.map(() => 0);
    this.pendingCost = workers.map(() => 0);
  }

  /** A source that fails has failed behind what it gave before: the verdicts on that come first. */
  start(items: Iterable<Item> | AsyncIterable<Item>): void {
    const fed = Symbol.asyncIterator in items ? this.feedLive(items) : this.feed(items);
    fed.then(
      () => this.end(),
      (error) => this.stop(error),
    );
  }

  async take(): Promise<Verdict[] | undefined> {
    const verdicts = await this.results.take();
    this.roomMade?.();
    return verdicts;
  }

  /** Drops what has not begun. With a reason, whoever takes results gets it. */
  cancel(reason: unknown): void {
    this.cancelled = true;
    if (reason !== undefined) this.results.fail(reason);
    this.stopReading();
  }

  /** Reads no further; behind the verdicts on what was read, whoever takes results gets the error. */
  stop(error: unknown): void {
    this.end({ error });
    this.stopReading();
  }

  private stopReading(): void {
    if (!this.reading) return;
    this.reading = false;
    clearTimeout(this.timer);
    this.roomMade?.();
    this.leaveSource?.();
  }

  private end(ending?: { readonly error: unknown }): void {
    this.flush();
    this.results.end(this.read, ending);
  }

  private async feed(items: Iterable<Item>): Promise<void> {
    // Reading goes on after the call has come back, and whose list it is may use it for something else then.
    const list = Array.isArray(items) ? [...items] : items;
    for (const item of list) {
      if (this.isFull) await this.room();
      if (!this.reading) return;
      // A batch that was handed in is sent once this function waits: threads should not wait until all room is filled.
      if (this.accept(item)) await undefined;
    }
  }

  private async feedLive(items: AsyncIterable<Item>): Promise<void> {
    const source = items[Symbol.asyncIterator]();
    // Said at once, and not with the next item: a source that waits may wait for ever.
    this.leaveSource = () => void Promise.resolve(source.return?.()).catch(() => {});
    for (;;) {
      const { done, value } = await source.next();
      if (done) {
        this.leaveSource = undefined;
        return;
      }
      if (this.isFull) await this.room();
      if (!this.reading) return;
      this.accept(value);
      // A stream may pause; what has come must not wait for what has not.
      this.timer ??= setTimeout(() => this.flush(), this.limits.maxWaitMs);
    }
  }

  private get isFull(): boolean {
    if (this.read - this.results.delivered >= this.limits.maxQueue) return true;
    return this.pendingCost.some((cost, worker) => cost > BATCHES_WAITING * this.batchCostOf(worker));
  }

  private batchCostOf(worker: number): number {
    return (this.workers[worker] as PoolWorker).batchCost;
  }

  /** Says whether it has handed in a batch. */
  private accept(item: Item): boolean {
    checkItem(item, this.read);
    const worker = this.workerOf(item);
    const cost = costOf(item, this.limits.isThorough);
    const isTooMuch = (this.filling[worker] as Filling).cost + cost > this.batchCostOf(worker);
    if (isTooMuch) this.dispatch(worker);
    const batch = this.filling[worker] as Filling;
    batch.items.push(item);
    batch.indices.push(this.read++);
    batch.cost += cost;
    const enough = this.pending[worker] === 0 ? this.limits.idleBatch : this.limits.maxBatch;
    if (batch.items.length < enough) return isTooMuch;
    this.dispatch(worker);
    return true;
  }

  /** Waits until the consumer has taken enough. */
  private async room(): Promise<void> {
    while (this.reading && this.isFull) {
      this.workers.forEach((_, worker) => {
        this.dispatchIfIdle(worker);
      });
      await new Promise<void>((resolve) => {
        this.roomMade = resolve;
      });
    }
  }

  /**
   * What is being filled must not hold up what waits for room. The result that everybody waits for is either with a busy
   * worker or being filled for an idle one; the batches of busy workers may fill further.
   */
  private dispatchIfIdle(worker: number): void {
    if (this.pending[worker] === 0) this.dispatch(worker);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (let worker = 0; worker < this.workers.length; worker++) this.dispatch(worker);
  }

  private dispatch(worker: number): void {
    const { items, indices, cost } = this.filling[worker] as Filling;
    if (items.length === 0) return;
    this.filling[worker] = emptyBatch();
    (this.pending[worker] as number)++;
    (this.pendingCost[worker] as number) += cost;
    (this.workers[worker] as PoolWorker)
      .verify(items, () => !this.cancelled, cost)
      .then(
        (verdicts = []) => {
          (this.pending[worker] as number)--;
          (this.pendingCost[worker] as number) -= cost;
          withTags(items, verdicts);
          for (let i = 0; i < verdicts.length; i++) this.results.set(indices[i] as number, verdicts[i] as Verdict);
          if (this.isFull) this.dispatchIfIdle(worker);
          else this.roomMade?.();
        },
        (error) => this.results.fail(error),
      );
  }
}
