import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { createPool, type ThreadState } from '../../pool/index.ts';
import { stateOf } from '../../pool/thread-totals.ts';
import type { RevocationData } from '../../revocation/index.ts';
import type { Verdict } from '../../verdict/index.ts';
import {
  createVerifier,
  type Item,
  type TrustMaterial,
  type TrustWarning,
  type VerifierOptions,
} from '../../verifier/index.ts';

/** The verifier of a run: a pool of threads, or a verifier in this one. The verdicts are the same (DECISIONS D13). */
export interface Engine {
  readonly kernelName: string;
  readonly trustRevision: number;
  readonly warnings: readonly TrustWarning[];
  /** 0: the main thread. */
  readonly threads: number;
  /** What kernels and verifiers have done so far. */
  metrics(): ThreadState;
  /** Verdicts in the order of the items. */
  verify(items: AsyncIterable<Item>): AsyncIterable<Verdict>;
  /** For batches that begin after it, as {@link setRevocation}. */
  setTrust(trust: TrustMaterial, revision: number): Promise<readonly TrustWarning[]>;
  setRevocation(data: RevocationData | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface EngineOptions extends VerifierOptions, BatchLimits {
  readonly threads: number;
}

/** What batching may add to the time until a verdict. */
interface BatchLimits {
  readonly maxBatch?: number;
  readonly maxWaitMs?: number;
}

export async function startEngine({ threads, ...options }: EngineOptions): Promise<Engine> {
  if (threads === 0) return inlineEngine(options);
  const pool = await createPool({ ...options, threads });
  return {
    kernelName: pool.kernelName,
    get trustRevision() {
      return pool.trustRevision;
    },
    warnings: pool.warnings,
    threads,
    metrics() {
      const { kernel, verifier, revocation, memoryBytes } = pool.metrics();
      return { kernel, verifier, revocation, memoryBytes };
    },
    verify: (items) => pool.verify(items),
    setTrust: (trust, revision) => pool.setTrust(trust, revision),
    setRevocation: (data) => pool.setRevocation(data),
    close: () => pool.close(),
  };
}

/** Items verified at a time in the main thread: enough for the batch arithmetic, few enough for Ctrl-C to feel prompt. */
const INLINE_BATCH = 256;
/** Longest that an item waits for its batch to fill: a live stream may pause. */
const INLINE_WAIT_MS = 10;

function inlineEngine({
  maxBatch = INLINE_BATCH,
  maxWaitMs = INLINE_WAIT_MS,
  ...options
}: VerifierOptions & BatchLimits): Engine {
  const verifier = createVerifier(options);
  return {
    kernelName: verifier.kernelName,
    get trustRevision() {
      return verifier.trustRevision;
    },
    warnings: verifier.warnings,
    threads: 0,
    metrics: () => stateOf(verifier),
    async *verify(items) {
      for await (const batch of batchesOf(items, maxBatch, maxWaitMs)) {
        yield* verifier.verify(batch);
        await breathe();
      }
    },
    setTrust: async (trust, revision) => verifier.setTrust(trust, revision),
    setRevocation: async (data) => verifier.setRevocation(data),
    close: async () => {},
  };
}

async function* batchesOf(items: AsyncIterable<Item>, maxBatch: number, maxWaitMs: number): AsyncGenerator<Item[]> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  for (;;) {
    const batch: Item[] = [];
    let result: IteratorResult<Item> | undefined = await next;
    const late = sleep(maxWaitMs, undefined);
    while (result !== undefined && !result.done) {
      batch.push(result.value);
      next = iterator.next();
      if (batch.length === maxBatch) break;
      result = await Promise.race([next, late]);
    }
    if (batch.length > 0) yield batch;
    if (result?.done) return;
  }
}
