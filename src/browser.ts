/**
 * scms-verify without threads and files: what runs in browsers and other places without Node. Bundlers take this entry by the condition
 * `browser`; {@link createVerifier} verifies in the calling thread, such as a Web Worker.
 * An index of CRLs is built in Node ({@link RevocationData} survives structured clone).
 *
 * @packageDocumentation
 */
export { parseTime } from './dot2/time.ts';
export type { KernelName } from './kernel/kernel.ts';
export type { KernelMetrics } from './kernel/metrics.ts';
export type { AcceptedCrl, CrlInput, CrlKind, CrlScope, CrlVerdict, RevocationData } from './revocation/index.ts';
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
