/** Root management of the testbed: electors, votes and what carries them. */
export {
  ballot,
  ballotOf,
  type CompositeCrlParts,
  compositeCrlOf,
  quorumVote,
  type VoteRequest,
  vote,
} from './ballots.ts';
export { type ChainFileParts, globalChainFile, type LocalVersion, localChainFile } from './chain-files.ts';
export { policyGenerator } from './components.ts';
export {
  type CtlRequest,
  ctlFile,
  ctlSignature,
  electorEntry,
  homeCertificateChain,
  homeCompositeCrl,
  multiSignedCtl,
  rootEntry,
} from './ctl.ts';
export { createElector, createRoot, type SelfSignedRequest } from './electors.ts';
export { always, globalPolicy, localPolicy } from './policies.ts';
