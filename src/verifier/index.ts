export type { CrlOptions, CrlResults } from './crl-checks.ts';
export type {
  ExplainedCandidate,
  ExplainedCertificate,
  ExplainedRule,
  Explanation,
  FactField,
  RuleOutcome,
} from './explain.ts';
export { createTrustContext, type TrustContextOptions } from './trust-context.ts';
export type {
  Item,
  LenientRule,
  OverduePolicy,
  Pin,
  Policy,
  RelevanceOptions,
  TrustMaterial,
  TrustWarning,
  VerifierOptions,
} from './types.ts';
export { LENIENT_RULES, OVERDUE_POLICIES } from './types.ts';
export { createVerifier, type RevocationMetrics, Verifier, type VerifierMetrics } from './verifier.ts';
