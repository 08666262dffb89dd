/** Root management: the bundle that a device with nine electors may get at most in one go, from bytes to decisions. */
import { createKernel } from '../../src/kernel/index.ts';
import { type CurveName, createScms } from '../../src/testbed/index.ts';
import { ballot, createElector, createRoot, globalChainFile } from '../../src/testbed/trust/index.ts';
import { applyBundle, createTrustState, type TrustContext, type TrustState } from '../../src/trust/index.ts';
import { createTrustContext } from '../../src/verifier/trust-context.ts';
import { type Group, must, type Task } from '../measure.ts';

const ELECTORS = 9;
const QUORUM = 5;
const BALLOTS = 10;
const VOTES = BALLOTS * ELECTORS;

export const TRUST_GROUP: Group = {
  section: 'operations',
  title: `root management: ${BALLOTS} ballots of ${ELECTORS} votes, bytes in to decisions`,
  comparesWithOpenssl: false,
  open: () => ({ tasks: [bundleOf('ecdsaNistP256', 'P-256'), bundleOf('ecdsaNistP384', 'P-384')] }),
};

function bundleOf(curve: CurveName, name: string): Task {
  const scms = createScms({ seed: `bench ${curve}` });
  const { random, start } = scms;
  const electors = Array.from({ length: ELECTORS }, (_, i) => createElector(random, { name: `${i}`, curve, start }));
  const roots = Array.from({ length: BALLOTS }, (_, i) => createRoot(random, { name: `${i}`, start }));
  const rootCAEndorsements = roots.map((subject) => ballot(electors, { type: 'addRoot', subject }));
  const octets = globalChainFile(1, { ma: scms.ma, rootCAEndorsements });
  const kernelInstance = createKernel('auto');
  let context: TrustContext;
  let state: TrustState;
  return {
    operation: `votes of electors on ${name}`,
    kernel: kernelInstance.name,
    batch: VOTES,
    // A device that has just been loaded: it knows its electors' keys, and nothing of what comes.
    prepare: () => {
      context = createTrustContext({ kernelInstance });
      const init = { electors: electors.map(({ bytes }) => bytes), quorum: QUORUM, at: scms.at };
      ({ state } = createTrustState(init, context));
    },
    run: () => {
      const applied = applyBundle(state, [{ name: 'gccf', octets }], scms.at, context);
      must(applied.state.roots.length === BALLOTS, `${applied.state.roots.length} of ${BALLOTS} roots were accepted`);
    },
  };
}
