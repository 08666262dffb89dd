/** Puts the questions of the truth table to parties. Every answer is one of the trust engine or of the verifier. */
import { toHex } from '../coer/index.ts';
import { type Credential, hashedId8 } from '../testbed/index.ts';
import { compositeCrl, ctlFile } from '../testbed/trust/index.ts';
import type { Decision, DecisionKind, EndorsementType, VoteDecision } from '../trust/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { Item } from '../verifier/types.ts';
import type { Engine } from './engine.ts';
import type { Forge, MadeArtefact, MadeBallot } from './forge.ts';
import type { Party } from './party.ts';
import type { BallotDocument, CheckDocument, Got, Scenario } from './types.ts';
import { COMPONENTS, type Tree, type World } from './world.ts';

/** An answer. */
export interface Finding {
  readonly got: Got;
  readonly code: string;
  readonly why: string;
  readonly decision?: DecisionKind;
  readonly value?: string;
}

/** Something that a question is about and that nobody has made yet. */
const notThere = (what: string): Finding => ({ got: '-', code: 'NOT_THERE', why: `${what} is not there yet` });

type Check<K extends CheckDocument['check']> = Extract<CheckDocument, { check: K }>;
type BallotCheck = Check<'ballot'>;

/** Subjects of fresh ballots "on anything". */
interface Probe {
  readonly type: EndorsementType;
  readonly subject: { readonly name: string; readonly credential: Credential };
}

export class Examiner {
  private readonly scenario: Scenario;
  private readonly world: World;
  private readonly forge: Forge;
  private readonly engine: Engine;
  private readonly parties: ReadonlyMap<string, Party>;
  /** Every artefact that was made so far. */
  private readonly made: ReadonlyMap<string, MadeArtefact>;

  constructor(
    scenario: Scenario,
    parts: {
      readonly world: World;
      readonly forge: Forge;
      readonly engine: Engine;
      readonly parties: ReadonlyMap<string, Party>;
      readonly made: ReadonlyMap<string, MadeArtefact>;
    },
  ) {
    this.scenario = scenario;
    this.world = parts.world;
    this.forge = parts.forge;
    this.engine = parts.engine;
    this.parties = parts.parties;
    this.made = parts.made;
  }

  /** Answers a question that is put to one party. */
  async ask(party: Party, check: CheckDocument): Promise<Finding> {
    switch (check.check) {
      case 'vote':
        return this.vote(party, check);
      case 'ballot':
        return this.ballot(party, check);
      case 'together':
        return this.together(party, check);
      case 'ballots':
        return this.ballots(party, check);
      case 'certificates':
        return this.certificates(party, check);
      case 'message':
        return this.messageOfAnybody(party, check.root);
      case 'hears':
        return this.hears(party, this.party(check.party));
      case 'maySend':
        return this.maySend(party);
      case 'trusted':
        return this.trusted(party, check.name);
      case 'crl':
        return this.crl(party, check.root);
      case 'chainFile':
        return this.chainFile(party, check);
      case 'policy':
        return this.policy(party, check.root);
      case 'policyInForce':
        return this.policyInForce(party);
      case 'endorsements':
        return this.endorsements(party, check.root);
      case 'tolerance':
        return tolerance(party);
      case 'revoked':
        return this.revoked(party, check);
      case 'moves':
      case 'system':
        throw new RangeError(`${check.check} is no question to one party`);
    }
  }

  private party(name: string): Party {
    const party = this.parties.get(name);
    if (party === undefined) throw new RangeError(`there is no party ${name}`);
    return party;
  }

  // ------------------------------------------------------------------------------------------------ votes and ballots

  /** A fresh vote, among those of every elector that the party trusts: whether it counts, not whether it is enough. */
  private vote(party: Party, { by }: Check<'vote'>): Finding {
    const elector = this.world.electors.get(by);
    if (elector === undefined) return notThere(`elector ${by}`);
    const voters = [by, ...this.trustedElectors(party).filter((name) => name !== by)];
    const [decision] = this.propose(party, this.addProbe('addElector'), voters);
    const id = toHex(hashedId8(elector));
    const vote = decision?.votes?.find(({ voter }) => voter === id);
    if (vote === undefined)
      return { got: 'N', code: decision?.code ?? 'NO_DECISION', why: 'the vote was not looked at' };
    return {
      got: vote.counted ? 'Y' : 'N',
      code: vote.code,
      why: vote.counted ? 'the vote counts' : `void: ${vote.code}`,
    };
  }

  private trustedElectors({ state }: Party): string[] {
    return state.electors.flatMap(({ hash }) => this.world.nameOf(hash) ?? []);
  }

  private addProbe(type: 'addElector' | 'addRoot'): Probe {
    const credential = type === 'addElector' ? this.world.probeElector() : this.world.probeRoot();
    return { type, subject: { name: `the ${type} probe`, credential } };
  }

  private ballot(party: Party, check: BallotCheck): Finding {
    const missing = [check.subject, ...check.votes].find((name) => !this.exists(name));
    if (missing !== undefined) return notThere(missing);
    if (check.issued) {
      const carrier = [...this.made.values()].find(({ ballots }) =>
        ballots.some((ballot) => isSameBallot(ballot, check)),
      );
      if (carrier === undefined) return notThere('the ballot');
      const arrived = this.arrivedToday(party, check);
      if (arrived !== undefined) return findingOf(arrived);
    }
    const subject = { name: check.subject, credential: this.world.subject(check.subject) };
    const [decision] = this.propose(party, { type: check.type, subject }, check.votes, check);
    return decision === undefined ? undecided : findingOf(decision);
  }

  private exists(name: string): boolean {
    return this.world.electors.has(name) || this.world.trees.has(name);
  }

  /** What was decided on the ballot when it came today. */
  private arrivedToday(party: Party, check: BallotCheck): Decision | undefined {
    const subject = toHex(hashedId8(this.world.subject(check.subject)));
    const carriers = [...this.made.values()]
      .filter(({ ballots }) => ballots.some((ballot) => isSameBallot(ballot, check)))
      .map(({ name }) => name);
    return party.today.receptions
      .flatMap(({ decisions }) => decisions)
      .find(
        (decision) =>
          carriers.includes(decision.artefact) && decision.proposition === check.type && decision.subject === subject,
      );
  }

  /** Several ballots in one bundle; the answer is about the first. */
  private together(party: Party, { ballots }: Check<'together'>): Finding {
    const missing = ballots.flatMap(({ subject, votes }) => [...votes, ...(subject ? [subject] : [])]);
    const absent = missing.find((name) => !this.exists(name));
    if (absent !== undefined) return notThere(absent);
    const bundle = ballots.map(({ type, subject, votes }, i) => {
      const isElector = type.endsWith('Elector');
      const about =
        subject === null
          ? this.addProbe(isElector ? 'addElector' : 'addRoot').subject
          : { name: subject, credential: this.world.subject(subject) };
      return { name: `question ${i}`, octets: this.forge.ballotAbout(type, about, votes) };
    });
    const { decisions } = party.ask(bundle);
    const decision = decisions.find(({ artefact }) => artefact === 'question 0');
    return decision === undefined ? undecided : findingOf(decision);
  }

  /** Fresh ballots of all four kinds. What would remove a voter is about another elector. */
  private ballots(party: Party, { votes }: Check<'ballots'>): Finding {
    const missing = votes.find((name) => !this.world.electors.has(name));
    if (missing !== undefined) return notThere(missing);
    const probes = [this.addProbe('addElector'), this.addProbe('addRoot'), ...this.removals(votes)];
    const findings = probes.map((probe) => {
      const [decision] = this.propose(party, probe, votes);
      return { probe, finding: decision === undefined ? undecided : findingOf(decision) };
    });
    const answers = new Set(findings.map(({ finding }) => finding.got));
    const [first] = findings as [(typeof findings)[0]];
    if (answers.size === 1) return { ...first.finding, why: `on anything: ${first.finding.why}` };
    const each = findings.map(({ probe, finding }) => `${probe.type} ${finding.got} ${finding.code}`);
    return { got: '?', code: first.finding.code, why: each.join(', ') };
  }

  private removals(votes: readonly string[]): Probe[] {
    const elector = [...this.world.electors].find(([name]) => !votes.includes(name));
    const [root] = this.scenario.roots as [string];
    const removeRoot: Probe = {
      type: 'removeRoot',
      subject: { name: root, credential: this.world.tree(root).scms.root },
    };
    if (elector === undefined) return [removeRoot];
    const [name, credential] = elector;
    return [{ type: 'removeElector', subject: { name, credential } }, removeRoot];
  }

  /** A proposition by these electors, in the form of the scenario; what was decided on it comes first. */
  private propose(
    party: Party,
    { type, subject }: Probe,
    voters: readonly string[],
    { effectiveDay, besideBadCrls = false }: Partial<BallotCheck> = {},
  ): Decision[] {
    if (this.scenario.form === 'ctl') return this.proposeByCtl(party, { type, subject }, voters, effectiveDay);
    const ballot = this.forge.ballotAbout(type, subject, voters, effectiveDay);
    const octets = besideBadCrls ? this.besideBadCrl(type, ballot) : ballot;
    const { decisions } = party.ask([{ name: 'question', octets }]);
    return decisions.filter(({ artefact, proposition }) => artefact === 'question' && proposition === type);
  }

  /** A composite CRL with a ballot, and a CRL whose signature is not its signer's. */
  private besideBadCrl(type: EndorsementType, ballot: Uint8Array): Uint8Array {
    const [root] = this.scenario.roots as [string];
    const list = type === 'removeElector' ? 'revokedElectors' : 'revokedRootCAs';
    return compositeCrl({ crls: [this.forge.freshCrl(root, { bad: true })], [list]: [ballot] });
  }

  /** The next CTL: the party's own lists with one change, signed by these electors. */
  private proposeByCtl(
    party: Party,
    { type, subject }: Probe,
    signers: readonly string[],
    effectiveDay: number | undefined,
  ): Decision[] {
    const { state } = party;
    const changed = (role: 'Elector' | 'Root', list: readonly { readonly hash: string }[]): Credential[] => {
      const others = list
        .flatMap(({ hash }) => this.credentialOf(hash) ?? [])
        .filter((one) => one !== subject.credential);
      return type === `add${role}` ? [...others, subject.credential] : others;
    };
    const kept = (role: 'Elector' | 'Root', list: readonly { readonly hash: string }[]): Credential[] =>
      type.endsWith(role) ? changed(role, list) : list.flatMap(({ hash }) => this.credentialOf(hash) ?? []);
    const request = this.forge.ctlRequest({
      sequence: (state.ctl?.sequenceNumber ?? 0) + 1,
      electors: kept('Elector', state.electors),
      roots: kept('Root', state.roots),
      signers: signers.map((name) => this.world.elector(name)),
      ...(effectiveDay === undefined ? {} : { effectiveDate: this.forge.secondsOfDay(effectiveDay) }),
    });
    const { decisions } = party.ask([{ name: 'question', octets: ctlFile(request) }]);
    return decisions.filter(({ artefact, proposition }) => artefact === 'question' && proposition === 'ctl');
  }

  private credentialOf(hash: string): Credential | undefined {
    const name = this.world.nameOf(hash);
    return name === undefined ? undefined : this.world.subject(name);
  }

  // ---------------------------------------------------------------------------------------- certificates and messages

  private async certificates(party: Party, { kind, root }: Check<'certificates'>): Promise<Finding> {
    const tree = this.world.trees.get(root);
    if (tree === undefined) return notThere(root);
    if (kind === 'component') {
      if (!tree.hasComponents) return notThere(`what is below ${root}`);
      const items = COMPONENTS.map((name) => ({ name, octets: tree.components[name].bytes }));
      return this.judgeAll(party, tree, items);
    }
    if (!tree.hasDevices) return notThere(`a device under ${root}`);
    const device = this.world.anyDevice(root, kind === 'application' ? 'rsu' : 'obe');
    if (kind === 'enrolment')
      return this.judgeAll(party, tree, [{ name: 'enrolment', octets: device.enrolment.bytes }]);
    return this.message(party, device.sending);
  }

  /** Certificates are valid, or what makes the first one not so. An implicit one can be no more than reconstructed. */
  private async judgeAll(
    party: Party,
    tree: Tree,
    certificates: readonly { readonly name: string; readonly octets: Uint8Array }[],
  ): Promise<Finding> {
    const items = certificates.map(({ octets }) => ({ kind: 'certificate' as const, bytes: octets }));
    const verdicts = await this.judge(party, items, helpOf(tree));
    const standing = verdicts.map((verdict) => verdict.verdict === 'valid' || verdict.code === 'implicitReconstructed');
    const bad = standing.indexOf(false);
    const all = new Set(standing);
    const verdict = verdicts[bad === -1 ? 0 : bad] as Verdict;
    const { name } = certificates[bad === -1 ? 0 : bad] as { name: string };
    const why = bad === -1 ? `all stand: ${certificates.map((one) => one.name).join(', ')}` : whyOf(verdict);
    const code = bad === -1 ? 'OK' : verdict.code;
    if (all.size > 1) return { got: '?', code, why: `${name}: ${why}; others stand` };
    return { got: bad === -1 ? 'Y' : 'N', code, why: bad === -1 ? why : `${name}: ${why}` };
  }

  /** The verdict on each component of a tree, in their order. */
  judgeComponents(party: Party, tree: Tree): Promise<Verdict[]> {
    const items = COMPONENTS.map((name) => ({ kind: 'certificate' as const, bytes: tree.components[name].bytes }));
    return this.judge(party, items, helpOf(tree));
  }

  private async messageOfAnybody(party: Party, root: string): Promise<Finding> {
    if (!this.world.trees.get(root)?.hasDevices) return notThere(`a device under ${root}`);
    return this.message(party, this.world.anyDevice(root, 'obe').sending);
  }

  /** A message with its signer's chain, as a party sees it now. */
  async message(party: Party, signer: Credential): Promise<Finding> {
    const [verdict] = (await this.judge(party, [{ kind: 'message', bytes: this.world.message(signer) }])) as [Verdict];
    if (verdict.verdict !== 'valid') return { got: 'N', code: verdict.code, why: whyOf(verdict) };
    const revocation = verdict.revocation === 'notChecked' ? 'no CRL covers it' : `revocation ${verdict.revocation}`;
    return { got: 'Y', code: 'OK', why: `the message and its whole chain stand; ${revocation}` };
  }

  private judge(party: Party, items: readonly Item[], help: readonly Uint8Array[] = []): Promise<Verdict[]> {
    const { state, document } = party;
    return this.engine.judge({ state, help, items, at: this.world.now, overdue: document.overdue ?? 'reject' });
  }

  /** What the party makes of what another one sends now. */
  async hears(party: Party, sender: Party): Promise<Finding> {
    const { certificates } = sender;
    if (certificates === undefined) return notThere(`anything that ${sender.name} sends`);
    return this.message(party, certificates.sending);
  }

  async maySend(party: Party): Promise<Finding> {
    const { certificates } = party;
    if (certificates === undefined) return notThere('a component does not send');
    const { root, enrolment, sending } = certificates;
    const enrolled = await this.judgeAll(party, this.world.tree(root), [
      { name: 'own enrolment', octets: enrolment.bytes },
    ]);
    if (enrolled.got !== 'Y') return enrolled;
    const own = await this.message(party, sending);
    return own.got === 'Y' ? { ...own, why: 'its own certificates stand' } : { ...own, why: `own: ${own.why}` };
  }

  // ------------------------------------------------------------------------------------------------- roots and files

  private trusted({ state }: Party, name: string): Finding {
    if (!this.exists(name)) return notThere(name);
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

  private crl(party: Party, root: string): Finding {
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`the CRLG of ${root}`);
    const { decisions } = party.ask([{ name: 'question', octets: this.forge.freshCrl(root) }]);
    const decision = decisions.find(({ artefact, proposition }) => artefact === 'question' && proposition === 'crl');
    return decision === undefined ? undecided : findingOf(decision);
  }

  private chainFile(party: Party, check: Check<'chainFile'>): Finding {
    const { root, addRoots = [], addElectors = [] } = check;
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`what is below ${root}`);
    const isIssued = [...this.made.values()].some(({ components }) => components === root);
    if (check.issued && !isIssued) return notThere(`a chain file with ${root}`);
    const form = party.isComponent ? 'global' : 'local';
    const known = party.state.chainFiles[form].newest?.version[0] ?? 0;
    const madeOf = (type: 'addRoot' | 'addElector') => (ballot: BallotDocument) => this.forge.ballot(type, ballot);
    const ballots = [...addRoots.map(madeOf('addRoot')), ...addElectors.map(madeOf('addElector'))];
    const octets = this.forge.chainFileOctets(form, known + 1, root, ballots);
    const { decisions } = party.ask([{ name: 'question', octets }]);
    return certificatesFinding(decisions.filter(({ artefact }) => artefact === 'question'));
  }

  private policy(party: Party, root: string): Finding {
    if (!this.world.trees.get(root)?.hasComponents) return notThere(`the PG of ${root}`);
    const chainFile = party.state.chainFiles[party.isComponent ? 'global' : 'local'].newest?.version[0] ?? 1;
    const { decisions } = party.ask([{ name: 'question', octets: this.forge.policy(root, chainFile) }]);
    const decision = decisions.find(({ artefact, proposition }) => artefact === 'question' && proposition === 'policy');
    return decision === undefined ? undecided : findingOf(decision);
  }

  private policyInForce({ state: { policy } }: Party): Finding {
    if (policy === null) return { got: 'N', code: 'P_DEFAULTS', why: "the device's own defaults" };
    return { got: 'Y', code: 'OK', why: `${policy.policyId} is in force` };
  }

  /** The votes for a root in the newest chain file that was made, as the party counts them today. */
  private endorsements(party: Party, root: string): Finding {
    if (!this.world.trees.has(root)) return notThere(root);
    const ballot = [...this.made.values()]
      .filter(({ kind }) => kind === 'chainFile')
      .flatMap(({ ballots }) => ballots)
      .filter(({ type, subject }) => type === 'addRoot' && subject === root)
      .at(-1);
    if (ballot === undefined) return notThere(`a chain file with votes for ${root}`);
    const { decisions } = party.ask([{ name: 'question', octets: ballot.octets }]);
    const [decision] = decisions.filter(
      ({ artefact, proposition }) => artefact === 'question' && proposition === 'addRoot',
    );
    if (decision === undefined) return undecided;
    const value = (decision.votes ?? []).filter(({ counted }) => counted).map((vote) => this.voterName(vote));
    return { ...findingOf(decision), value: value.sort().join(',') };
  }

  voterName({ voter }: VoteDecision): string {
    return voter === null ? 'nobody' : (this.world.nameOf(voter) ?? voter);
  }

  // ------------------------------------------------------------------------------------------------------ revocation

  private async revoked(party: Party, { name, root }: Check<'revoked'>): Promise<Finding> {
    const thing = this.scenario.revoked?.find((each) => each.name === name);
    if (thing === undefined) throw new RangeError(`nothing revoked is called ${name}`);
    if (!this.world.trees.get(root)?.hasDevices) return notThere(`a device under ${root}`);
    return this.message(party, this.world.revokedCertificate(thing, root));
  }
}

const undecided: Finding = { got: '?', code: 'NO_DECISION', why: 'the engine decided nothing' };

const ANSWERS = { ACCEPT: 'Y', ACCEPT_NOOP: 'Y', PENDING: 'Y', REJECT: 'N' } as const;

function findingOf({ decision, code, detail, votes = [] }: Decision): Finding {
  const voids = votes.filter(({ counted }) => !counted).map((vote) => vote.code);
  const counted = votes.length === 0 ? '' : `${votes.length - voids.length} of ${votes.length} votes count`;
  const voidText = voids.length === 0 ? '' : `void: ${[...new Set(voids)].join(', ')}`;
  const why = [decision, detail ?? '', counted, voidText].filter((part) => part !== '').join('; ');
  return { got: ANSWERS[decision], code, decision, why };
}

/** Whether a file brought all its certificates in. */
function certificatesFinding(decisions: readonly Decision[]): Finding {
  const file = decisions.find(({ proposition }) => proposition === 'chainFile');
  const certificates = decisions.filter(({ proposition }) => proposition === 'certificate');
  const refused = certificates.filter(({ decision }) => decision === 'REJECT');
  if (file === undefined) return undecided;
  if (file.decision === 'REJECT') return findingOf(file);
  const [first] = refused;
  if (first === undefined) {
    return { got: 'Y', code: 'OK', why: `the file and all ${certificates.length} certificates stand` };
  }
  const got = refused.length === certificates.length ? 'N' : '?';
  const why = `${refused.length} of ${certificates.length} certificates refused: ${first.detail ?? ''}`;
  return { got, code: first.code, why };
}

function isSameBallot(ballot: MadeBallot, check: BallotCheck): boolean {
  const votes = (list: readonly string[]): string => [...list].sort().join(' ');
  return ballot.type === check.type && ballot.subject === check.subject && votes(ballot.votes) === votes(check.votes);
}

function tolerance({ state, flags }: Party): Finding {
  const left = state.electors.length - state.quorum;
  const shown = flags.filter((flag) => flag === 'DEGRADED' || flag === 'FROZEN');
  const value = [`${state.electors.length}/${left}`, ...shown].join(' ');
  const why = `${state.electors.length} electors, quorum ${state.quorum}`;
  return { got: left >= 0 ? 'Y' : 'N', code: shown[0] ?? 'OK', why, value };
}

function whyOf({ verdict, code, detail }: Verdict): string {
  return `${verdict}, ${code}${detail ? `: ${detail}` : ''}`;
}

function helpOf(tree: Tree): Uint8Array[] {
  return COMPONENTS.map((name) => tree.components[name].bytes);
}
