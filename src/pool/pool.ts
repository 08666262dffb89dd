import { availableParallelism } from 'node:os';
import type { KernelName } from '../kernel/kernel.ts';
import { compileKernelModule, createKernel } from '../kernel/load.ts';
import { type RevocationData, RevocationIndex } from '../revocation/index.ts';

import type { Verdict } from '../verdict/index.ts';
import { SIGNER_SETS } from '../verifier/learned.ts';
import { checkedPolicy } from '../verifier/policy.ts';
import type { Item, TrustMaterial, TrustWarning, VerifierOptions } from '../verifier/types.ts';
import { PoolWorker, type Snapshot, type WorkerMetrics } from './pool-worker.ts';
import { Router } from './routing.ts';
import { Run, type RunLimits } from './run.ts';
import { sumOf, type ThreadState } from './thread-totals.ts';
import { ownedTrust, type WorkerSetup } from './wire.ts';

/** Trust, policy and limits of a pool. */
export interface PoolOptions extends VerifierOptions {
  /** Threads; as many as the machine runs in parallel where absent. */
  readonly threads?: number;
  /** Items a batch at most; 1,024 where absent. A thread that has nothing to do gets fewer at a time. */
  readonly maxBatch?: number;
  /** Items that are read at most before the consumer was handed their verdicts; four batches a thread where absent. */
  readonly maxQueue?: number;
  /** Longest that an item waits for its batch to fill, in milliseconds. */
  readonly maxWaitMs?: number;
  /**
   * Milliseconds that a thread may take for a batch; 30,000 if absent. One that has not answered by then is ended, and its batch is verified
   * again on a fresh thread, item by item if needed: what no thread answers in time is `undecided`, `internalFailure`.
   */
  readonly maxAnswerMs?: number;
  /** The worker module, for bundlers that moved it. */
  readonly workerUrl?: URL;
}

/** How to end a verification early. */
export interface VerifyOptions {
  /** Aborting ends the iteration with the signal's reason; the pool stays usable. */
  readonly signal?: AbortSignal;
}

/**
 * Counts of a pool since it was made. `kernel` and `verifier` are sums over all threads, those that died included, as
 * of the last batch that came back from each; the kernels' self-tests and the trust material count as well. `templates` and
 * `memoryBytes` are what the threads that live hold now; the memory of a kernel is fixed when its thread starts.
 */
export interface PoolMetrics extends WorkerMetrics, ThreadState {
  readonly threads: number;
  /** Batches that wait now, those with a thread included. */
  readonly queueLength: number;
  /** Milliseconds between sending a batch and the thread's first step on it, on average. */
  readonly latencyToWorkerMs: number;
  /** Items verified by each thread: how evenly the senders are spread. */
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
/** Batches a worker that may be on their way: one being verified, one waiting, the rest being filled or delivered. */
const BATCHES_IN_FLIGHT = 4;
/** A batch takes a hundredth of a second to a tenth; the first one of a thread also brings back what its predecessor knew. */
const DEFAULT_MAX_ANSWER_MS = 30_000;
/** Items without a signer that go to a worker before it is the turn of the next: a list that fills few batches occupies all. */
const SPREAD = 64;
const WORKER_URL = new URL('../../workers/verify-worker.js', import.meta.url);

/**
 * The verifier on several threads. The splitter only finds the signer of each message and sends all messages of a signer to
 * the same thread, in order; a thread does everything else. Verdicts come in the order of the items and are the same for any
 * number of threads.
 */
export class Pool {
  readonly kernelName: KernelName;
  private readonly workers: readonly PoolWorker[];
  private readonly limits: RunLimits;
  private readonly router = new Router();
  private snapshot: Snapshot;
  private trustWarnings: readonly TrustWarning[] = [];
  private closing: Promise<void> | undefined;
  private readonly runs = new Set<Run>();
  private readonly lists = new Set<Promise<unknown>>();
  private spread = 0;
  /** PoolWorker that each set of signers has been given; −1 for none yet. */
  private readonly workerBySet = new Int16Array(SIGNER_SETS).fill(-1);
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
    const { workerUrl = WORKER_URL, maxAnswerMs = DEFAULT_MAX_ANSWER_MS, ...policy } = others;
    if (!(maxAnswerMs > 0)) throw new RangeError(`maxAnswerMs must be positive, not ${maxAnswerMs}`);
    const count = positive('threads', threads);
    if (!(maxWaitMs >= 0)) throw new RangeError(`maxWaitMs must not be negative, nor ${maxWaitMs}`);
    this.limits = {
      maxBatch: positive('maxBatch', maxBatch),
      idleBatch: Math.min(IDLE_BATCH, maxBatch),
      maxQueue: positive('maxQueue', maxQueue ?? count * maxBatch * BATCHES_IN_FLIGHT),
      maxWaitMs,
      isThorough: policy.allErrors === true,
    };
    this.snapshot = {
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
    this.workers = Array.from(
      { length: count },
      () => new PoolWorker(workerUrl, setup, () => this.snapshot, { maxAnswerMs }),
    );
  }

  /** Trust material that could not be used. */
  get warnings(): readonly TrustWarning[] {
    return this.trustWarnings;
  }

  get trustRevision(): number {
    return this.snapshot.trust.revision;
  }

  /** Counts changes of revocation data; 0 where there was never any. */
  get crlRevision(): number {
    return this.snapshot.revocation.revision;
  }

  get threads(): number {
    return this.workers.length;
  }

  /** Counters since the pool was made. */
  metrics(): PoolMetrics {
    const sum = (name: keyof WorkerMetrics): number =>
      this.workers.reduce((total, worker) => total + worker.metrics[name], 0);
    return {
      threads: this.workers.length,
      items: sum('items'),
      batches: sum('batches'),
      retries: sum('retries'),
      crashes: sum('crashes'),
      restarts: sum('restarts'),
      busyMs: sum('busyMs'),
      queueLength: this.workers.reduce((total, worker) => total + worker.queueLength, 0),
      latencyToWorkerMs: this.latencyToWorkerMs(),
      itemsByLane: this.workers.map(({ metrics }) => metrics.items),
      ...sumOf(this.workers.map(({ threadTotals }) => threadTotals.totals())),
    };
  }

  /**
   * Verdicts of a stream, in order. Reads ahead of the consumer by a bounded number of items and no further; leaving the loop
   * cancels what has not begun.
   *
   * The bytes of an item must not change before its verdict is handed out: they wait for their batch, and are sent again if a thread
   * fails. Afterwards the caller may reuse them.
   */
  async *verify(
    items: Iterable<Item> | AsyncIterable<Item>,
    options: VerifyOptions = {},
  ): AsyncGenerator<Verdict, void> {
    // Not `yield*`, which takes half as long again for each.
    for await (const verdicts of this.verifyBatches(items, options)) for (const verdict of verdicts) yield verdict;
  }

  /** Verdicts of a list, in order. The bytes of the items must not change before it resolves or rejects; see {@link verify}. */
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
    const run = new Run(this.workers, this.limits, (item) => this.workerOf(item));
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
   * Replaces the trust material. Batches that begin after this call are verified under it; resolves when every thread has it,
   * with what of it could not be used. `revision`: what verdicts name it by.
   */
  async setTrust(material: TrustMaterial, revision = this.trustRevision + 1): Promise<readonly TrustWarning[]> {
    this.mustBeOpen();
    this.snapshot = { ...this.snapshot, trust: { material: ownedTrust(material), revision } };
    return this.bringSnapshot();
  }

  /**
   * Replaces the revocation data, in all threads without a copy of what is large. Batches that begin after this call are verified
   * under it, every batch as a whole under the old or the new; resolves when every thread has it.
   *
   * @throws Error where the data is none; then the old one stays in force.
   */
  async setRevocation(data: RevocationData | undefined): Promise<void> {
    this.mustBeOpen();
    const revocation = { data: checkedRevocation(data), revision: this.crlRevision + 1 };
    this.snapshot = { ...this.snapshot, revocation };
    await this.bringSnapshot();
  }

  /**
   * Lets what is on its way finish, then ends the threads: lists are verified to their end; streams are read no further, and
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
  async bringSnapshot(): Promise<readonly TrustWarning[]> {
    const [first = []] = await Promise.all(this.workers.map((worker) => worker.bringSnapshot()));
    this.trustWarnings = first;
    return first;
  }

  private async finish(): Promise<void> {
    await Promise.allSettled(this.lists);
    for (const run of this.runs) run.stop(new Error('the pool was closed before the stream had ended'));
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private latencyToWorkerMs(): number {
    const jobs = this.workers.reduce((total, { latency }) => total + latency.jobs, 0);
    return jobs === 0 ? 0 : this.workers.reduce((total, { latency }) => total + latency.toWorkerMs, 0) / jobs;
  }

  /** Sets go to workers in turn as they first appear, and stay there: a handful of senders is spread as evenly as many. */
  private workerOfSet(set: number): number {
    const known = this.workerBySet[set] as number;
    if (known >= 0) return known;
    const worker = this.setsSeen++ % this.workers.length;
    this.workerBySet[set] = worker;
    return worker;
  }

  /** All messages of a signer to one worker; what has no signer goes round, {@link SPREAD} items to each in turn. */
  private workerOf(item: Item): number {
    const set = this.router.setOf(item);
    if (set !== undefined) return this.workerOfSet(set);
    return Math.floor(this.spread++ / Math.min(SPREAD, this.limits.maxBatch)) % this.workers.length;
  }

  private mustBeOpen(): void {
    if (this.closing) throw new Error('the pool is closed');
  }
}

/** Starts a pool; rejects where threads cannot run here. @throws as the constructor of `Verifier`, and WorkerStartError. */
export async function createPool(options: PoolOptions): Promise<Pool> {
  const pool = new Pool(options);
  try {
    await pool.bringSnapshot();
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
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
