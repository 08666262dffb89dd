/**
 * Root management: electors, roots and what hangs from them, as a pure state machine. CAMP ballots and the CTL of IEEE
 * 1609.2.1 are two front doors to the same state.
 */
export { type Applied, applyBundle, applyDue, nextEvent } from './apply.ts';
export { type BallotCertificates, certificatesOfBallots } from './ballot-certificates.ts';
export { misbehaviourAuthorities } from './chain-files.ts';
export { MAX_COMPONENTS } from './components.ts';
export { createTrustState, type TrustInit } from './create.ts';
export { type ArtefactDescription, describeArtefact } from './describe.ts';
export {
  flagMeaning,
  flagsOf,
  isValidAt,
  liveElectors,
  quorumFlag,
  type ValidityState,
  validityStateOf,
  votingPower,
} from './flags.ts';
export { type LintFinding, lint } from './lint.ts';
export { crlsOf, trustMaterialOf } from './material.ts';
export { isQuorumVote } from './quorum.ts';
export * from './types.ts';
