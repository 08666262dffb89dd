import type { KernelName } from '../kernel/kernel.ts';
import { createLinkageKernel } from '../kernel/linkage-load.ts';
import type { ExpandPlan } from './build-plan.ts';
import { BuildWork } from './build-work.ts';

/** Entries are expanded into partitions, then partitions sorted into buckets. */
export type Phase = 'expand' | 'sort';

/** Whoever does the work of a build. */
export interface BuildWorkers {
  /** Resolves when nothing of the phase is left to do. `report` is called every now and then. */
  run(plan: ExpandPlan, phase: Phase, report: () => void): Promise<void>;
  close(): Promise<void>;
}

/** How long the thread is kept from its other work at a time, about. */
const PAUSE_EVERY_MS = 20;

/** This thread alone. */
export function inlineWorkers(kernelName: KernelName | 'auto'): BuildWorkers {
  const kernel = createLinkageKernel(kernelName);
  return {
    async run(plan, phase, report) {
      const work = new BuildWork(plan, kernel);
      let until = performance.now() + PAUSE_EVERY_MS;
      while (phase === 'expand' ? work.expandNext() : work.sortNext()) {
        if (performance.now() < until) continue;
        report();
        await new Promise<void>((resolve) => setImmediate(resolve));
        until = performance.now() + PAUSE_EVERY_MS;
      }
    },
    close: async () => {},
  };
}
