/**
 * scms-verify: verifies IEEE 1609.2 certificates and signed messages in bulk.
 *
 * `createVerifier` verifies in this thread; `createPool` does the same on a pool of threads. Both give one {@link Verdict} for
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
  type BuildOptions,
  type BuildProgress,
  buildRevocation,
} from './revocation/build.ts';
export type { AcceptedCrl, CrlInput, CrlKind, CrlScope, CrlVerdict, RevocationData } from './revocation/index.ts';
export { saveRevocation } from './revocation/save.ts';
export { type ExpectedIndex, IndexFileError, openRevocation } from './revocation/save-open.ts';
export {
  CODES,
  type Code,
  type Failure,
  type FailureCode,
  type ItemKind,
  RESULT_NAMES,
  REVOCATION_STATES,
  type ResultName,
  type RevocationHit,
  type RevocationState,
  type RevokedBy,
  type SignatureState,
  STAGES,
  type Stage,
  type Verdict,
  type VerdictWarning,
} from './verdict/index.ts';
export {
  type CrlOptions,
  type CrlResults,
  createVerifier,
  type Item,
  LENIENT_RULES,
  type LenientRule,
  OVERDUE_POLICIES,
  type OverduePolicy,
  type Pin,
  type Policy,
  type RelevanceOptions,
  type RevocationMetrics,
  type TrustMaterial,
  type TrustWarning,
  Verifier,
  type VerifierMetrics,
  type VerifierOptions,
} from './verifier/index.ts';
