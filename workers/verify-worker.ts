import { workerData } from 'piscina';
import { type Job, type JobResult, packVerdicts, unpackItems, type WorkerSetup } from '../src/pool/wire.ts';
import { Verifier } from '../src/verifier/verifier.ts';

/** A thread of the pool: decodes a job, has its verifier judge it, encodes the result. No rules here. */
const setup = workerData as WorkerSetup;
const { kernel, kernelModule, policy } = setup;
const verifier = new Verifier({
  ...policy,
  trust: { roots: [] },
  kernel,
  ...(kernelModule && { kernelModule }),
  trustRevision: 0,
});

export default function judge(job: Job): JobResult {
  const started = performance.now();
  const warnings = job.trust && verifier.setTrust(job.trust.material, job.trust.revision);
  if (job.learned) verifier.learn(job.learned);
  const verdicts = packVerdicts(verifier.verify(unpackItems(job.items)));
  const learned = verifier.takeLearned();
  return { verdicts, learned, ...(warnings && { warnings }), busyMs: performance.now() - started };
}
