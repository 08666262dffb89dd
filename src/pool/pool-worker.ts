import { Piscina } from 'piscina';
import { REPLAY_PER_SET, type SeenMessage } from '../messages/index.ts';
import { type Verdict, verdictOn } from '../verdict/index.ts';
import { SIGNER_SETS, SIGNERS_PER_SET } from '../verifier/learned.ts';
import type { Item, TrustMaterial, TrustWarning } from '../verifier/types.ts';
import { answerWithin } from './answer.ts';
import { JobQueue } from './job-queue.ts';
import { LearnedLog } from './learned-log.ts';
import { Pace } from './pace.ts';
import { ThreadTotals } from './thread-totals.ts';
import {
  checkVersion,
  type Job,
  type JobResult,
  type NumberedRevocation,
  packItems,
  stamp,
  unpackVerdicts,
  type WorkerSetup,
} from './wire.ts';

/** Accepted messages that a worker remembers for the next thread: as many as the replay memory of a thread that is full. */
const MAX_ACCEPTED = SIGNER_SETS * REPLAY_PER_SET;

/** Trust material with its revision, shared by all workers of a pool. */
export interface NumberedTrust {
  readonly material: TrustMaterial;
  readonly revision: number;
}

/** What every thread of a pool verifies under. */
export interface Snapshot {
  readonly trust: NumberedTrust;
  readonly revocation: NumberedRevocation;
}

/** What a worker counts. */
export interface WorkerMetrics {
  items: number;
  batches: number;
  /** Batches that had to be verified again because their thread died. */
  retries: number;
  crashes: number;
  /** Threads started after the first. */
  restarts: number;
  /** Milliseconds that threads worked. */
  busyMs: number;
}

/** What a pool adds up to an average: jobs that came back, and milliseconds between sending them and their first step. */
interface Latency {
  jobs: number;
  toWorkerMs: number;
}

/**
 * Threads that may die in a row without verifying a single item between them. A batch of 1024 items that all kill needs 2049; an
 * installation whose threads start and then fail at everything must still end in an error some day.
 */
const MAX_FUTILE_CRASHES = 4096;

export interface WorkerLimits {
  readonly maxFutileCrashes?: number;
  /** Milliseconds after which a thread that has not answered is ended; it never is if absent. */
  readonly maxAnswerMs?: number;
}

/** Thrown where threads cannot be started at all: waiting for one would be waiting for ever. */
export class WorkerStartError extends Error {
  constructor(cause: unknown, what = 'no worker thread can be started') {
    super(`${what}: ${(cause as Error)?.message ?? cause}`, { cause });
    this.name = 'WorkerStartError';
  }
}

/**
 * One thread and the batches that wait for it. Piscina hands tasks to whichever thread is free; a sender's messages have to
 * meet in one thread, hence one single-thread Piscina a worker. One job at a time is with the thread, so that after a crash
 * nothing can overtake the batch that is verified again.
 */
export class PoolWorker {
  // The first thread is no restart.
  readonly metrics: WorkerMetrics = { items: 0, batches: 0, retries: 0, crashes: 0, restarts: -1, busyMs: 0 };
  readonly latency: Latency = { jobs: 0, toWorkerMs: 0 };
  /** What the threads say that they have done, in jobs that came back. */
  readonly threadTotals = new ThreadTotals();
  private readonly pace = new Pace();
  private readonly workerUrl: URL;
  private readonly setup: WorkerSetup;
  private readonly snapshot: () => Snapshot;
  private readonly maxFutileCrashes: number;
  private readonly maxAnswerMs: number;
  /** Undefined until the next job needs a thread. */
  private threads: Piscina | undefined;
  /** Revision that the thread has; undefined for a thread that has had no job yet. */
  private revision: number | undefined;
  private crlRevision: number | undefined;
  /** What this worker's threads have learned, for the next one should this one die. */
  private readonly learned = new LearnedLog(SIGNER_SETS * SIGNERS_PER_SET);
  /** Messages that they accepted and would know again. */
  private accepted: SeenMessage[] = [];
  /** What of the revision could not be used. Whichever job brought the revision was told. */
  private warnings: readonly TrustWarning[] = [];
  private futileCrashes = 0;
  private readonly jobs = new JobQueue();

  constructor(workerUrl: URL, setup: WorkerSetup, snapshot: () => Snapshot, limits: WorkerLimits = {}) {
    this.maxFutileCrashes = limits.maxFutileCrashes ?? MAX_FUTILE_CRASHES;
    this.maxAnswerMs = limits.maxAnswerMs ?? Number.POSITIVE_INFINITY;
    this.workerUrl = workerUrl;
    this.setup = setup;
    this.snapshot = snapshot;
  }

  /** Jobs that wait, the one with the thread included. */
  get queueLength(): number {
    return this.jobs.length;
  }

  /** Estimated cost of the largest batch that the thread should be given now. */
  get batchCost(): number {
    return this.pace.batchCost;
  }

  /**
   * Verifies a batch after everything that was handed in before. `isWanted` is asked when its turn comes; `cost` is what the batch was
   * estimated to cost.
   */
  verify(items: readonly Item[], isWanted: () => boolean = () => true, cost?: number): Promise<Verdict[] | undefined> {
    return this.jobs.add(async () => {
      if (!isWanted()) return undefined;
      const before = this.metrics.busyMs;
      const verdicts = await this.verifyNow(items);
      if (cost !== undefined) this.pace.took(this.metrics.busyMs - before, cost);
      return verdicts;
    });
  }

  /**
   * Brings the thread to the present trust material and CRLs before any batch that waits; gives what of the former could not be used.
   */
  bringSnapshot(): Promise<readonly TrustWarning[]> {
    return this.jobs.add(async () => {
      try {
        return await this.probe();
      } catch (error) {
        await this.crashed(error);
        return this.mustStart();
      }
    }, true);
  }

  /** Waits for everything that was handed in, then ends the thread. */
  async close(): Promise<void> {
    await this.jobs.idle();
    await this.abandonThread();
  }

  /**
   * A batch whose thread died is verified again on a fresh one; a batch that killed two is cut down until the items that do it
   * are found, so that their neighbours still get their verdicts.
   */
  private async verifyNow(items: readonly Item[]): Promise<Verdict[]> {
    this.metrics.batches++;
    this.metrics.items += items.length;
    try {
      return await this.attempt(items);
    } catch (error) {
      await this.crashed(error);
      this.metrics.retries++;
      return this.verifyAfterCrash(items);
    }
  }

  private async verifyAfterCrash(items: readonly Item[]): Promise<Verdict[]> {
    try {
      return await this.attempt(items);
    } catch (error) {
      await this.crashed(error);
      // Is it an item, or can no thread live here?
      await this.mustStart();
      if (items.length > 1) {
        const middle = items.length >> 1;
        const first = await this.verifyAfterCrash(items.slice(0, middle));
        return [...first, ...(await this.verifyAfterCrash(items.slice(middle)))];
      }
      return items.map((item) => this.failed(item, error));
    }
  }

  private async attempt(items: readonly Item[]): Promise<Verdict[]> {
    const verdicts = unpackVerdicts((await this.send(items)).verdicts);
    if (verdicts.length !== items.length) throw new Error(`${verdicts.length} verdicts for ${items.length} items`);
    this.futileCrashes = 0;
    return verdicts;
  }

  private async probe(): Promise<readonly TrustWarning[]> {
    await this.send([]);
    return this.warnings;
  }

  /** A machine under load may fail to start a thread once; one that fails twice in a row cannot. */
  private async mustStart(): Promise<readonly TrustWarning[]> {
    try {
      return await this.probe();
    } catch (error) {
      await this.crashed(error);
    }
    try {
      return await this.probe();
    } catch (error) {
      await this.crashed(error);
      throw new WorkerStartError(error);
    }
  }

  private async send(items: readonly Item[]): Promise<JobResult> {
    const { trust, revocation } = this.snapshot();
    const packed = packItems(items);
    const job: Job = {
      ...stamp(),
      items: packed,
      trustRevision: trust.revision,
      ...(this.revision !== trust.revision && { trust }),
      crlRevision: revocation.revision,
      ...(this.crlRevision !== revocation.revision && { revocation }),
      ...(this.revision === undefined && { learned: this.learned.all(), accepted: this.accepted }),
    };
    const answer: Promise<JobResult> = this.thread().run(job, {
      transferList: [packed.octets.buffer as ArrayBuffer, packed.table.buffer as ArrayBuffer],
    });
    const result = await answerWithin(answer, this.maxAnswerMs);
    checkVersion(result);
    this.revision = trust.revision;
    this.crlRevision = revocation.revision;
    if (result.warnings) this.warnings = result.warnings;
    this.metrics.busyMs += result.busyMs;
    this.threadTotals.saw(result.state);
    this.latency.jobs++;
    this.latency.toWorkerMs += result.toWorkerMs;
    this.learned.add(result.learned);
    this.rememberAccepted(result.accepted);
    return result;
  }

  /** None where replays are not looked for. The oldest half goes where more have come than the memory itself holds. */
  private rememberAccepted(accepted: readonly SeenMessage[]): void {
    if (accepted.length === 0) return;
    this.accepted = this.accepted.length > MAX_ACCEPTED ? this.accepted.slice(-MAX_ACCEPTED / 2) : this.accepted;
    this.accepted.push(...accepted);
  }

  /**
   * The thread, or a new one. Piscina would replace a dead thread by itself, but a job that waits for a replacement which
   * dies as well is never answered. It hands a job at once to the thread that it was made with: then one of the two ends.
   */
  private thread(): Piscina {
    if (this.threads !== undefined) return this.threads;
    const threads = new Piscina({
      filename: this.workerUrl.href,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: this.setup,
    });
    this.threads = threads;
    this.metrics.restarts++;
    // Without a listener the death of an idle thread would end the process; the next job will start another one.
    threads.on('error', () => {});
    threads.on('workerDestroy', () => {
      if (this.threads === threads) void this.abandonThread();
    });
    return threads;
  }

  /**
   * A thread that failed once is not used again, whether it died or not: nobody knows what it still knows.
   * @throws WorkerStartError where so many did so that there is no point in going on.
   */
  private async crashed(error: unknown): Promise<void> {
    this.metrics.crashes++;
    await this.abandonThread();
    if (++this.futileCrashes >= this.maxFutileCrashes) {
      throw new WorkerStartError(error, `${this.futileCrashes} worker threads in a row judged nothing`);
    }
  }

  private async abandonThread(): Promise<void> {
    const { threads } = this;
    this.threads = undefined;
    this.revision = undefined;
    this.crlRevision = undefined;
    this.threadTotals.threadEnded();
    await threads?.destroy();
  }

  /** The verdict on an item that no thread survives. */
  private failed({ kind }: Item, error: unknown): Verdict {
    const { trust, revocation } = this.snapshot();
    const detail = `the thread that judged it died: ${(error as Error)?.message ?? error}`;
    const revisions = { trustRevision: trust.revision, crlRevision: revocation.revision };
    return verdictOn(kind, [{ code: 'internalFailure', depth: 0, detail }], {}, revisions, this.setup.policy.allErrors);
  }
}
