import { Piscina } from 'piscina';
import type { KernelName } from '../kernel/kernel.ts';
import { Control, type ExpandPlan } from './build-plan.ts';
import type { BuildWorkers, Phase } from './build-workers.ts';

/** A thread's part in a phase. */
export interface ExpandJob {
  readonly plan: ExpandPlan;
  readonly phase: Phase;
  readonly kernel: KernelName | 'auto';
}

const WORKER_URL = new URL('../../workers/expand-worker.js', import.meta.url);
const REPORT_EVERY_MS = 50;

/** Threads that live as long as one build. Each gets one job a phase, and takes its work from the shared counters. */
export function threadWorkers(threads: number, kernel: KernelName | 'auto', workerUrl: URL = WORKER_URL): BuildWorkers {
  const pool = new Piscina({ filename: workerUrl.href, minThreads: threads, maxThreads: threads });
  // The jobs reject as well; without a listener the process would end.
  pool.on('error', () => {});
  return {
    async run(plan, phase, report) {
      const timer = setInterval(report, REPORT_EVERY_MS);
      const job: ExpandJob = { plan, phase, kernel };
      const jobs = Array.from({ length: threads }, async () => {
        try {
          await pool.run(job);
        } catch (error) {
          // A chunk that a thread took and did not finish is missing from the table: the others need not go on.
          Atomics.store(plan.control, Control.cancelled, 1);
          throw new Error(`a thread of the build failed: ${(error as Error)?.message ?? error}`, { cause: error });
        }
      });
      const outcomes = await Promise.allSettled(jobs);
      clearInterval(timer);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    },
    close: () => pool.destroy(),
  };
}
