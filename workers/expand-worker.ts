import type { LinkageKernel } from '../src/kernel/linkage-kernel.ts';
import { createLinkageKernel } from '../src/kernel/linkage-load.ts';
import type { ExpandJob } from '../src/revocation/build-threads.ts';
import { BuildWork } from '../src/revocation/build-work.ts';

/** A thread that helps to build a revocation index: its results lie in the plan's shared memory. */
let kernel: LinkageKernel | undefined;

export default function expand(job: ExpandJob): void {
  kernel ??= createLinkageKernel(job.kernel);
  const work = new BuildWork(job.plan, kernel);
  const next = job.phase === 'expand' ? () => work.expandNext() : () => work.sortNext();
  while (next());
}
