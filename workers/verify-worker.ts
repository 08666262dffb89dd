import { workerData } from 'piscina';
import { stateOf } from '../src/pool/thread-totals.ts';
import {
  checkVersion,
  clockMs,
  type Job,
  type JobResult,
  packLists,
  packVerdicts,
  stamp,
  unpackItems,
  unpackLists,
  type WorkerSetup,
} from '../src/pool/wire.ts';
import type { Verdict } from '../src/verdict/index.ts';
import type { Item } from '../src/verifier/types.ts';
import { Verifier } from '../src/verifier/verifier.ts';

/**
 * A thread of the pool: decodes a job, gives its items to the verifier, encodes the result. No rules here. Outside a pool, importing it
 * does nothing.
 */
const verifier = workerData ? verifierOf(workerData as WorkerSetup) : undefined;

function verifierOf({ kernel, kernelModule, policy }: WorkerSetup): Verifier {
  return new Verifier({
    ...policy,
    trust: { roots: [] },
    kernel,
    ...(kernelModule && { kernelModule }),
    trustRevision: 0,
    crlRevision: 0,
    recordChanges: true,
  });
}

/** The task of a pool's thread: a batch of items in, packed verdicts out. */
export default function verifyJob(job: Job): JobResult {
  if (verifier === undefined) {
    throw new Error('scms-verify/worker runs in the threads of a pool: createPool takes its URL as workerUrl');
  }
  const arrivedMs = clockMs();
  checkVersion(job);
  const warnings = job.trust && verifier.setTrust(job.trust.material, job.trust.revision);
  if (verifier.trustRevision !== job.trustRevision) {
    throw new Error(`this thread has trust revision ${verifier.trustRevision}, not ${job.trustRevision}`);
  }
  if (job.revocation) verifier.setRevocation(job.revocation.data, job.revocation.revision);
  if (verifier.crlRevision !== job.crlRevision) {
    throw new Error(`this thread has CRL revision ${verifier.crlRevision}, not ${job.crlRevision}`);
  }
  if (job.learned) verifier.learn(unpackLists(job.learned));
  if (job.accepted) verifier.remember(job.accepted);
  const verdicts = packVerdicts(verdictsOn(verifier, unpackItems(job.items)));
  const learned = packLists(verifier.takeLearned());
  const accepted = verifier.takeAccepted();
  const { version, sentMs } = stamp();
  const times = { toWorkerMs: arrivedMs - job.sentMs, busyMs: sentMs - arrivedMs };
  return { version, verdicts, learned, accepted, ...(warnings && { warnings }), ...times, state: stateOf(verifier) };
}

/** Items that a fresh verifier makes its templates of. */
const FIRST_LESSON = 64;

/** A verifier without templates verifies a few items first: the rest of a large batch then takes the fast path. */
function verdictsOn(verifier: Verifier, items: readonly Item[]): Verdict[] {
  if (verifier.metrics.templates > 0 || items.length <= FIRST_LESSON) return verifier.verify(items);
  return [...verifier.verify(items.slice(0, FIRST_LESSON)), ...verifier.verify(items.slice(FIRST_LESSON))];
}
