/** Questions about votes and ballots, or about the CTLs that take their place. */
import { toHex } from '../coer/index.ts';
import { type Credential, hashedId8 } from '../testbed/index.ts';
import { compositeCrlOf, ctlFile } from '../testbed/trust/index.ts';
import type { Decision, EndorsementType } from '../trust/index.ts';
import { type Check, decisionsOn, type Finding, findingOf, type Ground, notThere, QUESTION } from './finding.ts';
import type { MadeBallot } from './forge.ts';
import type { Party } from './party.ts';
import type { World } from './world.ts';

type BallotCheck = Check<'ballot'>;

/** A proposition. */
interface Probe {
  readonly type: EndorsementType;
  readonly subject: { readonly name: string; readonly credential: Credential };
}

export class BallotQuestions {
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  private get world(): World {
    return this.ground.world;
  }

  /** A fresh vote, among those of every elector that the party trusts: whether it counts, not whether it is enough. */
  vote(party: Party, { by }: Check<'vote'>): Finding {
    const elector = this.world.electors.get(by);
    if (elector === undefined) return notThere(`elector ${by}`);
    const voters = [by, ...this.trustedElectors(party).filter((name) => name !== by)];
    const [decision] = this.propose(party, this.addProbe('addElector'), voters);
    const id = toHex(hashedId8(elector));
    const vote = decision?.votes?.find(({ voter }) => voter === id);
    if (vote === undefined)
      return { got: '?', code: decision?.code ?? 'NO_DECISION', why: 'the vote was not looked at' };
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

  ballot(party: Party, check: BallotCheck): Finding {
    const missing = [check.subject, ...check.votes].find((name) => !this.world.has(name));
    if (missing !== undefined) return notThere(missing);
    if (check.issued) {
      const carrier = [...this.ground.made.values()].find(({ ballots }) =>
        ballots.some((ballot) => isSameBallot(ballot, check)),
      );
      if (carrier === undefined) return notThere('the ballot');
      const arrived = this.arrivedToday(party, check);
      if (arrived !== undefined) return findingOf(arrived);
    }
    const subject = { name: check.subject, credential: this.world.subject(check.subject) };
    const [decision] = this.propose(party, { type: check.type, subject }, check.votes, check);
    return findingOf(decision);
  }

  /** The decision on the ballot when it came today. */
  private arrivedToday(party: Party, check: BallotCheck): Decision | undefined {
    const subject = toHex(hashedId8(this.world.subject(check.subject)));
    const carriers = [...this.ground.made.values()]
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
  together(party: Party, { ballots }: Check<'together'>): Finding {
    const missing = ballots.flatMap(({ subject, votes }) => [...votes, ...(subject ? [subject] : [])]);
    const absent = missing.find((name) => !this.world.has(name));
    if (absent !== undefined) return notThere(absent);
    const bundle = ballots.map(({ type, subject, votes }, i) => {
      const isElector = type.endsWith('Elector');
      const about =
        subject === null
          ? this.addProbe(isElector ? 'addElector' : 'addRoot').subject
          : { name: subject, credential: this.world.subject(subject) };
      return { name: `question ${i}`, octets: this.ground.forge.ballotAbout(type, about, votes) };
    });
    const { decisions } = party.ask(bundle);
    const decision = decisions.find(({ artefact }) => artefact === 'question 0');
    return findingOf(decision);
  }

  /** Fresh ballots of all four kinds. What would remove a voter is about another elector. */
  ballots(party: Party, { votes }: Check<'ballots'>): Finding {
    const missing = votes.find((name) => !this.world.electors.has(name));
    if (missing !== undefined) return notThere(missing);
    const probes = [this.addProbe('addElector'), this.addProbe('addRoot'), ...this.removals(votes)];
    const findings = probes.map((probe) => {
      const [decision] = this.propose(party, probe, votes);
      return { probe, finding: findingOf(decision) };
    });
    const answers = new Set(findings.map(({ finding }) => finding.got));
    const [first] = findings as [(typeof findings)[0]];
    if (answers.size === 1) return { ...first.finding, why: `on anything: ${first.finding.why}` };
    const each = findings.map(({ probe, finding }) => `${probe.type} ${finding.got} ${finding.code}`);
    return { got: '?', code: first.finding.code, why: each.join(', ') };
  }

  private removals(votes: readonly string[]): Probe[] {
    const elector = [...this.world.electors].find(([name]) => !votes.includes(name));
    const [root] = this.ground.scenario.roots as [string];
    const removeRoot: Probe = {
      type: 'removeRoot',
      subject: { name: root, credential: this.world.tree(root).scms.root },
    };
    if (elector === undefined) return [removeRoot];
    const [name, credential] = elector;
    return [{ type: 'removeElector', subject: { name, credential } }, removeRoot];
  }

  /** A proposition by these electors, in the form of the scenario; its decision comes first. */
  private propose(
    party: Party,
    { type, subject }: Probe,
    voters: readonly string[],
    { effectiveDay, besideBadCrls = false }: Partial<BallotCheck> = {},
  ): Decision[] {
    if (this.ground.scenario.form === 'ctl') return this.proposeByCtl(party, { type, subject }, voters, effectiveDay);
    const ballot = this.ground.forge.ballotAbout(type, subject, voters, effectiveDay);
    const octets = besideBadCrls ? this.besideBadCrl(type, ballot) : ballot;
    const { decisions } = party.ask([{ name: QUESTION, octets }]);
    return decisionsOn(decisions, type);
  }

  /** A composite CRL with a ballot, and a CRL whose signature is not its signer's. */
  private besideBadCrl(type: EndorsementType, ballot: Uint8Array): Uint8Array {
    const [root] = this.ground.scenario.roots as [string];
    const list = type === 'removeElector' ? 'revokedElectors' : 'revokedRootCAs';
    return compositeCrlOf({ crls: [this.ground.forge.crls.fresh(root, { bad: true })], [list]: [ballot] });
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
    const request = this.ground.forge.ctlRequest({
      sequence: (state.ctl?.sequenceNumber ?? 0) + 1,
      electors: kept('Elector', state.electors),
      roots: kept('Root', state.roots),
      signers: signers.map((name) => this.world.elector(name)),
      ...(effectiveDay === undefined ? {} : { effectiveDate: this.ground.forge.secondsOfDay(effectiveDay) }),
    });
    const { decisions } = party.ask([{ name: QUESTION, octets: ctlFile(request) }]);
    return decisionsOn(decisions, 'ctl');
  }

  private credentialOf(hash: string): Credential | undefined {
    const name = this.world.nameOf(hash);
    return name === undefined ? undefined : this.world.subject(name);
  }
}

function isSameBallot(ballot: MadeBallot, check: BallotCheck): boolean {
  const votes = (list: readonly string[]): string => [...list].sort().join(' ');
  return ballot.type === check.type && ballot.subject === check.subject && votes(ballot.votes) === votes(check.votes);
}
