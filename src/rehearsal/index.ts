/** Recoveries rehearsed day by day with real keys, encodings, trust engine and verifier, and compared with their truth tables. */
export {
  type CachedCrl,
  type CrlLine,
  type CrlPlace,
  mayFollow,
  purgeable,
  type Reset,
  type ResetDecision,
  type ResetSituation,
  type RevokedEntry,
  resetCrls,
} from './crl-reset.ts';
export { type Complaint, checkScenario, parseScenario, ScenarioError } from './document.ts';
export { createEngine, type Engine, type EngineOptions } from './engine.ts';
export { type PlayOptions, play } from './play.ts';
export * from './result.ts';
export { BUILT_IN, type BuiltIn, builtInScenario, isBuiltIn, scenarioBeside } from './scenarios.ts';
export * from './types.ts';
