/** Questions about trust, and about the files and CRLs of a tree. */
import { toHex } from '../coer/index.ts';
import { type Decision, flagMeaning, type VoteDecision } from '../trust/index.ts';
import { type Check, decisionsOn, type Finding, findingOf, type Ground, notThere, QUESTION } from './finding.ts';
import type { Party } from './party.ts';
import type { BallotDocument } from './types.ts';
import type { World } from './world.ts';

export class FileQuestions {
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  private get world(): World {
    return this.ground.world;
  }

  trusted({ state }: Party, name: string): Finding {
    if (!this.world.has(name)) return notThere(name);
    const hash = toHex(this.world.subject(name).fullHash);
    const list = this.world.electors.has(name) ? state.electors : state.roots;
    if (list.some((one) => one.hash === hash)) return { got: 'Y', code: 'OK', why: 'in the trust store' };
    if (state.tombstones.some((one) => one.hash === hash))
      return { got: 'N', code: 'TOMBSTONE', why: 'removed by votes' };
    const waits = state.pending.some((one) => one.kind === 'ballot' && one.subject.hash === hash);
    return {
      got: 'N',
      code: waits ? 'PENDING' : 'UNKNOWN',
      why: waits ? 'waits for its time' : 'never introduced here',
    };
  }

  crl(party: Party, root: string): Finding {
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`the CRLG of ${root}`);
    const { decisions } = party.ask([{ name: QUESTION, octets: this.ground.forge.crls.fresh(root) }]);
    return findingOf(decisionsOn(decisions, 'crl')[0]);
  }

  chainFile(party: Party, check: Check<'chainFile'>): Finding {
    const { root, addRoots = [], addElectors = [] } = check;
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`what is below ${root}`);
    const isIssued = [...this.ground.made.values()].some(({ components }) => components === root);
    if (check.issued && !isIssued) return notThere(`a chain file with ${root}`);
    const form = party.isComponent ? 'global' : 'local';
    const known = party.state.chainFiles[form].newest?.version[0] ?? 0;
    const madeOf = (type: 'addRoot' | 'addElector') => (ballot: BallotDocument) =>
      this.ground.forge.ballot(type, ballot);
    const ballots = [...addRoots.map(madeOf('addRoot')), ...addElectors.map(madeOf('addElector'))];
    const raHostname = party.isComponent ? null : party.raHostname;
    const octets = this.ground.forge.chainFileOctets(raHostname, known + 1, root, ballots);
    const { decisions } = party.ask([{ name: QUESTION, octets }]);
    return certificatesFinding(decisions.filter(({ artefact }) => artefact === QUESTION));
  }

  policy(party: Party, root: string): Finding {
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`the PG of ${root}`);
    const chainFile = party.state.chainFiles[party.isComponent ? 'global' : 'local'].newest?.version[0] ?? 1;
    const { decisions } = party.ask([{ name: QUESTION, octets: this.ground.forge.policy(root, chainFile) }]);
    return findingOf(decisionsOn(decisions, 'policy')[0]);
  }

  policyInForce({ state: { policy } }: Party): Finding {
    if (policy === null) return { got: 'N', code: 'P_DEFAULTS', why: "the device's own defaults" };
    return { got: 'Y', code: 'OK', why: `${policy.policyId} is in force` };
  }

  /** The votes for a root in the newest chain file that was made, as the party counts them today. */
  endorsements(party: Party, root: string): Finding {
    if (!this.world.trees.has(root)) return notThere(root);
    const ballot = [...this.ground.made.values()]
      .filter(({ kind }) => kind === 'chainFile')
      .flatMap(({ ballots }) => ballots)
      .filter(({ type, subject }) => type === 'addRoot' && subject === root)
      .at(-1);
    if (ballot === undefined) return notThere(`a chain file with votes for ${root}`);
    const { decisions } = party.ask([{ name: QUESTION, octets: ballot.octets }]);
    const [decision] = decisionsOn(decisions, 'addRoot');
    if (decision === undefined) return findingOf(undefined);
    const value = (decision.votes ?? []).filter(({ counted }) => counted).map((vote) => this.voterName(vote));
    return { ...findingOf(decision), value: value.sort().join(',') };
  }

  private voterName({ voter }: VoteDecision): string {
    return voter === null ? 'an unknown elector' : (this.world.nameOf(voter) ?? voter);
  }
}

/** Whether a file brought all its certificates in. */
function certificatesFinding(decisions: readonly Decision[]): Finding {
  const file = decisions.find(({ proposition }) => proposition === 'chainFile');
  const certificates = decisions.filter(({ proposition }) => proposition === 'certificate');
  const refused = certificates.filter(({ decision }) => decision === 'REJECT');
  if (file === undefined) return findingOf(undefined);
  if (file.decision === 'REJECT') return findingOf(file);
  const [first] = refused;
  if (first === undefined) {
    return { got: 'Y', code: 'OK', why: `the file and all ${certificates.length} certificates are accepted` };
  }
  const got = refused.length === certificates.length ? 'N' : '?';
  const why = `${refused.length} of ${certificates.length} certificates refused: ${first.detail ?? ''}`;
  return { got, code: first.code, why };
}

export function tolerance({ state, flags }: Party): Finding {
  const left = state.electors.length - state.quorum;
  const shown = flags.filter((flag) => flag === 'DEGRADED' || flag === 'FROZEN');
  const value = [`${state.electors.length}/${left}`, ...shown].join(' ');
  const [flag] = shown;
  const why =
    flag === undefined ? `${state.electors.length} electors, quorum ${state.quorum}` : flagMeaning(flag, state);
  return { got: left >= 0 ? 'Y' : 'N', code: shown[0] ?? 'OK', why, value };
}
