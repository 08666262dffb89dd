/**
 * scms-verify: judges IEEE 1609.2 certificates and signed messages in bulk.
 *
 * `createVerifier` judges in this thread; `createPool` does the same on a pool of threads. Both give one {@link Verdict} for
 * each {@link Item}, in order.
 *
 * @packageDocumentation
 */
export { parseTime } from './dot2/time.ts';
export type { KernelName } from './kernel/kernel.ts';
export type { KernelMetrics } from './kernel/metrics.ts';
export {
  createPool,
  Pool,
  type PoolMetrics,
  type PoolOptions,
  type ThreadState,
  type VerifyOptions,
  WorkerStartError,
} from './pool/index.ts';
export {
  CODES,
  type Code,
  type Failure,
  type FailureCode,
  type ItemKind,
  RESULT_NAMES,
  type ResultName,
  type SignatureState,
  STAGES,
  type Stage,
  type Verdict,
} from './verdict/index.ts';
export {
  createVerifier,
  type Item,
  LENIENT_RULES,
  type LenientRule,
  type Pin,
  type Policy,
  type RelevanceOptions,
  type TrustMaterial,
  type TrustWarning,
  Verifier,
  type VerifierMetrics,
  type VerifierOptions,
} from './verifier/index.ts';
