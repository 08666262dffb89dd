import { availableParallelism } from 'node:os';
import type { KernelName } from '../kernel/kernel.ts';
import { compileKernelModule, createKernel } from '../kernel/load.ts';
import type { RevocationData } from '../revocation/index-data.ts';
import { RevocationIndex } from '../revocation/revocation-index.ts';
import type { Verdict } from '../verdict/index.ts';
import { checkItem } from '../verifier/items.ts';
import { SIGNER_SETS } from '../verifier/learned.ts';
import { Router } from '../verifier/routing.ts';
import type { Item, TrustMaterial, TrustWarning, VerifierOptions } from '../verifier/types.ts';
import { checkedPolicy } from '../verifier/verifier.ts';
import { type Ground, Lane, type LaneMetrics } from './lane.ts';
import { OrderedResults } from './ordered.ts';
import { sumOf, type ThreadState } from './thread-totals.ts';
import { ownedTrust, type WorkerSetup } from './wire.ts';

export interface PoolOptions extends VerifierOptions {
  /** Threads; as many as the machine runs in parallel where absent. */
  readonly threads?: number;
  /** Items a batch at most; 1,024 where absent. A thread that has nothing to do gets fewer at a time. */
  readonly maxBatch?: number;
  /** Items that are read at most before the consumer was handed their verdicts; four batches a thread where absent. */
  readonly maxQueue?: number;
  /** Longest that an item waits for its batch to fill, in milliseconds. */
  readonly maxWaitMs?: number;
  /** The worker module, for bundlers that moved it. */
  readonly workerUrl?: URL;
}

export interface VerifyOptions {
  /** Aborting ends the iteration with the signal's reason; the pool stays usable. */
  readonly signal?: AbortSignal;
}

/**
 * What a pool has counted since it was made. `kernel` and `verifier` are sums over all threads, those that died included, as
 * of the last batch that came back from each; the kernels' self-tests and the trust material count as well. `templates` and
 * `memoryBytes` are what the threads that live hold now; the memory of a kernel is fixed when its thread starts.
 */
export interface PoolMetrics extends LaneMetrics, ThreadState {
  readonly threads: number;
  /** Batches that wait now, those with a thread included. */
  readonly queueLength: number;
  /** Milliseconds between sending a batch and the thread's first step on it, on average. */
  readonly latencyToWorkerMs: number;
  /** Items judged by each thread's lane: how evenly the senders are spread. */
  readonly itemsByLane: readonly number[];
}

/**
 * 1,024 items take a thread about 10 ms where they are alike, and the arithmetic gains by company up to there. A round trip
 * wakes two threads whose caches are cold: at 256 items the main thread spent twice as much on an item.
 */
const DEFAULT_MAX_BATCH = 1024;
/** A thread that has nothing to do gets a smaller batch rather than wait for a large one to fill. */
const IDLE_BATCH = 256;
const DEFAULT_MAX_WAIT_MS = 10;
/** Batches a lane that may be on their way: one being judged, one waiting, the rest being filled or delivered. */
const BATCHES_IN_FLIGHT = 4;
/** Items without a signer that go to a lane before it is the turn of the next: a list that fills few batches occupies all. */
const SPREAD = 64;
/** A batch that holds so many octets is sent, however few its items: memory is bounded, not only their number. */
const MAX_BATCH_OCTETS = 2 ** 20;

const WORKER_URL = new URL('../../workers/verify-worker.js', import.meta.url);

/**
 * The verifier on several threads. The splitter only finds the signer of each message and sends all messages of a signer to
 * the same thread, in order; a thread does everything else. Verdicts come in the order of the items and are the same for any
 * number of threads.
 */
export class Pool {
  readonly kernelName: KernelName;
  private readonly lanes: readonly Lane[];
  private readonly limits: RunLimits;
  private readonly router = new Router();
  private ground: Ground;
  private trustWarnings: readonly TrustWarning[] = [];
  private closing: Promise<void> | undefined;
  private readonly runs = new Set<Run>();
  private readonly lists = new Set<Promise<unknown>>();
  private spread = 0;
  /** Lane that each set of signers has been given; −1 for none yet. */
  private readonly laneBySet = new Int16Array(SIGNER_SETS).fill(-1);
  private setsSeen = 0;

  /** Use {@link createPool}. */
  constructor(options: PoolOptions) {
    const {
      trust,
      trustRevision = 1,
      revocation,
      kernel = 'auto',
      threads = availableParallelism(),
      ...rest
    } = options;
    const { maxBatch = DEFAULT_MAX_BATCH, maxQueue, maxWaitMs = DEFAULT_MAX_WAIT_MS, ...others } = rest;
    const { workerUrl = WORKER_URL, ...policy } = others;
    const count = positive('threads', threads);
    if (!(maxWaitMs >= 0)) throw new RangeError(`maxWaitMs must not be negative, nor ${maxWaitMs}`);
    this.limits = {
      maxBatch: positive('maxBatch', maxBatch),
      idleBatch: Math.min(IDLE_BATCH, maxBatch),
      maxQueue: positive('maxQueue', maxQueue ?? count * maxBatch * BATCHES_IN_FLIGHT),
      maxWaitMs,
    };
    this.ground = {
      trust: { material: ownedTrust(trust), revision: trustRevision },
      revocation: { data: checkedRevocation(revocation), revision: revocation ? 1 : 0 },
    };
    // Whatever cannot work is said here, in this thread, and not by threads that die.
    this.kernelName = createKernel(kernel).name;
    const setup: WorkerSetup = {
      kernel: this.kernelName,
      policy: checkedPolicy(policy),
      ...(this.kernelName !== 'native' && { kernelModule: compileKernelModule(this.kernelName) }),
    };
    this.lanes = Array.from({ length: count }, () => new Lane(workerUrl, setup, () => this.ground));
  }

  /** Trust material that could not be used. */
  get warnings(): readonly TrustWarning[] {
    return this.trustWarnings;
  }

  get trustRevision(): number {
    return this.ground.trust.revision;
  }

  /** Counts changes of revocation data; 0 where there was never any. */
  get crlRevision(): number {
    return this.ground.revocation.revision;
  }

  get threads(): number {
    return this.lanes.length;
  }

  /** Counters since the pool was made. */
  metrics(): PoolMetrics {
    const sum = (name: keyof LaneMetrics): number => this.lanes.reduce((total, lane) => total + lane.metrics[name], 0);
    return {
      threads: this.lanes.length,
      items: sum('items'),
      batches: sum('batches'),
      retries: sum('retries'),
      crashes: sum('crashes'),
      restarts: sum('restarts'),
      busyMs: sum('busyMs'),
      queueLength: this.lanes.reduce((total, lane) => total + lane.queueLength, 0),
      latencyToWorkerMs: this.latencyToWorkerMs(),
      itemsByLane: this.lanes.map(({ metrics }) => metrics.items),
      ...sumOf(this.lanes.map(({ threadTotals }) => threadTotals.totals())),
    };
  }

  /**
   * Verdicts of a stream, in order. Reads ahead of the consumer by a bounded number of items and no further; leaving the loop
   * cancels what has not begun.
   */
  async *verify(
    items: Iterable<Item> | AsyncIterable<Item>,
    options: VerifyOptions = {},
  ): AsyncGenerator<Verdict, void> {
    // Not `yield*`, which takes half as long again for each.
    for await (const verdicts of this.verifyBatches(items, options)) for (const verdict of verdicts) yield verdict;
  }

  /** Verdicts of a list, in order. */
  async verifyAll(items: readonly Item[], options: VerifyOptions = {}): Promise<Verdict[]> {
    const all = collect(this.verifyBatches(items, options));
    this.lists.add(all);
    try {
      return await all;
    } finally {
      this.lists.delete(all);
    }
  }

  /** As {@link verify}, as many verdicts at a time as are ready: for consumers that count every microsecond. */
  async *verifyBatches(
    items: Iterable<Item> | AsyncIterable<Item>,
    { signal }: VerifyOptions = {},
  ): AsyncGenerator<Verdict[], void> {
    this.mustBeOpen();
    signal?.throwIfAborted();
    const run = new Run(this.lanes, this.limits, (item) => this.laneOf(item));
    const abort = (): void => run.cancel(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.runs.add(run);
    try {
      run.start(items);
      for (;;) {
        const verdicts = await run.take();
        if (verdicts === undefined) return;
        yield verdicts;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      this.runs.delete(run);
      run.cancel(undefined);
    }
  }

  /**
   * Replaces the trust material. Batches that begin after this call are judged under it; resolves when every thread has it,
   * with what of it could not be used. `revision`: what verdicts name it by.
   */
  async setTrust(material: TrustMaterial, revision = this.trustRevision + 1): Promise<readonly TrustWarning[]> {
    this.mustBeOpen();
    this.ground = { ...this.ground, trust: { material: ownedTrust(material), revision } };
    return this.bringGround();
  }

  /**
   * Replaces the revocation data, in all threads without a copy of what is large. Batches that begin after this call are judged
   * under it, every batch as a whole under the old or the new; resolves when every thread has it.
   *
   * @throws Error where the data is none; then the old one stays in force.
   */
  async setRevocation(data: RevocationData | undefined): Promise<void> {
    this.mustBeOpen();
    const revocation = { data: checkedRevocation(data), revision: this.crlRevision + 1 };
    this.ground = { ...this.ground, revocation };
    await this.bringGround();
  }

  /**
   * Lets what is on its way finish, then ends the threads: lists are judged to their end; streams are read no further, and
   * reject behind the verdicts on what was read. Later calls wait for the same.
   */
  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Starts the threads and gives them trust material and CRLs. @throws WorkerStartError @internal */
  async bringGround(): Promise<readonly TrustWarning[]> {
    const [first = []] = await Promise.all(this.lanes.map((lane) => lane.bringGround()));
    this.trustWarnings = first;
    return first;
  }

  private async finish(): Promise<void> {
    await Promise.allSettled(this.lists);
    for (const run of this.runs) run.stop(new Error('the pool was closed before the stream had ended'));
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  private latencyToWorkerMs(): number {
    const jobs = this.lanes.reduce((total, { latency }) => total + latency.jobs, 0);
    return jobs === 0 ? 0 : this.lanes.reduce((total, { latency }) => total + latency.toWorkerMs, 0) / jobs;
  }

  /** Sets go to lanes in turn as they first appear, and stay there: a handful of senders is spread as evenly as many. */
  private laneOfSet(set: number): number {
    const known = this.laneBySet[set] as number;
    if (known >= 0) return known;
    const lane = this.setsSeen++ % this.lanes.length;
    this.laneBySet[set] = lane;
    return lane;
  }

  /** All messages of a signer to one lane; what has no signer goes round, {@link SPREAD} items to each in turn. */
  private laneOf(item: Item): number {
    const set = this.router.setOf(item);
    if (set !== undefined) return this.laneOfSet(set);
    return Math.floor(this.spread++ / Math.min(SPREAD, this.limits.maxBatch)) % this.lanes.length;
  }

  private mustBeOpen(): void {
    if (this.closing) throw new Error('the pool is closed');
  }
}

/** Starts a pool; rejects where threads cannot run here. @throws as the constructor of `Verifier`, and WorkerStartError. */
export async function createPool(options: PoolOptions): Promise<Pool> {
  const pool = new Pool(options);
  try {
    await pool.bringGround();
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
  }
}

interface RunLimits {
  readonly maxBatch: number;
  /** Items that are sent to a thread which has nothing to do. */
  readonly idleBatch: number;
  readonly maxQueue: number;
  readonly maxWaitMs: number;
}

/** A batch that is not sent yet, and the places of its items in the input. */
interface Filling {
  items: Item[];
  indices: number[];
  octets: number;
}

const emptyBatch = (): Filling => ({ items: [], indices: [], octets: 0 });

/** One pass of items through the lanes. */
class Run {
  private readonly lanes: readonly Lane[];
  private readonly limits: RunLimits;
  private readonly laneOf: (item: Item) => number;
  private readonly results = new OrderedResults<Verdict>();
  private readonly filling: Filling[];
  /** Batches of each lane that are not judged yet. */
  private readonly pending: number[];
  private read = 0;
  private reading = true;
  private cancelled = false;
  private timer: NodeJS.Timeout | undefined;
  private roomMade: (() => void) | undefined;
  private leaveSource: (() => void) | undefined;

  constructor(lanes: readonly Lane[], limits: RunLimits, laneOf: (item: Item) => number) {
    this.lanes = lanes;
    this.limits = limits;
    this.laneOf = laneOf;
    this.filling = lanes.map(emptyBatch);
    this.pending = lanes.map(() => 0);
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
    return this.read - this.results.delivered >= this.limits.maxQueue;
  }

  /** Says whether it has handed in a batch. */
  private accept(item: Item): boolean {
    checkItem(item, this.read);
    const lane = this.laneOf(item);
    const batch = this.filling[lane] as Filling;
    batch.items.push(item);
    batch.indices.push(this.read++);
    batch.octets += item.bytes.length;
    const enough = this.pending[lane] === 0 ? this.limits.idleBatch : this.limits.maxBatch;
    if (batch.items.length < enough && batch.octets < MAX_BATCH_OCTETS) return false;
    this.dispatch(lane);
    return true;
  }

  /** Waits until the consumer has taken enough. */
  private async room(): Promise<void> {
    while (this.reading && this.isFull) {
      this.lanes.forEach((_, lane) => {
        this.dispatchIfIdle(lane);
      });
      await new Promise<void>((resolve) => {
        this.roomMade = resolve;
      });
    }
  }

  /**
   * What is being filled must not hold up what waits for room. The result that everybody waits for is either with a busy
   * lane or being filled for an idle one; the batches of busy lanes may fill further.
   */
  private dispatchIfIdle(lane: number): void {
    if (this.pending[lane] === 0) this.dispatch(lane);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (let lane = 0; lane < this.lanes.length; lane++) this.dispatch(lane);
  }

  private dispatch(lane: number): void {
    const { items, indices } = this.filling[lane] as Filling;
    if (items.length === 0) return;
    this.filling[lane] = emptyBatch();
    (this.pending[lane] as number)++;
    (this.lanes[lane] as Lane)
      .judge(items, () => !this.cancelled)
      .then(
        (verdicts = []) => {
          (this.pending[lane] as number)--;
          for (let i = 0; i < verdicts.length; i++) this.results.set(indices[i] as number, verdicts[i] as Verdict);
          if (this.isFull) this.dispatchIfIdle(lane);
        },
        (error) => this.results.fail(error),
      );
  }
}

/** Said here, and not by threads that die of it. @throws Error where no thread could read it. */
function checkedRevocation(data: RevocationData | undefined): RevocationData | undefined {
  return data && new RevocationIndex(data).data;
}

async function collect(batches: AsyncIterable<Verdict[]>): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const verdicts of batches) for (const verdict of verdicts) all.push(verdict);
  return all;
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer, not ${value}`);
  return value;
}
