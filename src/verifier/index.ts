export type { CrlJudgement, CrlOptions } from './crl-judge.ts';
export type {
  Item,
  LenientRule,
  Pin,
  Policy,
  RelevanceOptions,
  TrustMaterial,
  TrustWarning,
  VerifierOptions,
} from './types.ts';
export { LENIENT_RULES } from './types.ts';
export { createVerifier, Verifier, type VerifierMetrics } from './verifier.ts';
