/** Makes the artefacts of a rehearsal, byte for byte as the SCMS would: votes, ballots, files, CRLs, policies, CTLs. */

import { validityMicros } from '../dot2/time.ts';
import type { Credential } from '../testbed/index.ts';
import {
  always,
  ballotOf,
  type CtlRequest,
  compositeCrlOf,
  ctlFile,
  globalChainFile,
  globalPolicy,
  homeCertificateChain,
  homeCompositeCrl,
  localChainFile,
  vote,
} from '../testbed/trust/index.ts';
import type { EndorsementType } from '../trust/types.ts';
import { CrlForge, type MadeCrls } from './crl-forge.ts';
import { type BallotEntry, RESET_RULES } from './crl-reset.ts';
import type { ResetResult } from './result.ts';
import type { ArtefactDocument, BallotDocument, Scenario } from './types.ts';
import { COMPONENTS, type World } from './world.ts';

/** A made artefact: its bytes, and their content in the scenario's names. */
export interface MadeArtefact {
  readonly name: string;
  readonly kind: ArtefactDocument['kind'];
  readonly octets: Uint8Array;
  /** The form for EEs, if they get another: the local chain file that an RA makes of the global one. */
  readonly localFor?: (raHostname: string) => Uint8Array;
  /** The tree whose component certificates it brings. */
  readonly components?: string;
  /** One line a part. */
  readonly contents: readonly string[];
  readonly ballots: readonly MadeBallot[];
  /** The actions on all revoked entries, if it resets CRLs. */
  readonly reset?: ResetResult;
}

/** A ballot with what it says. */
export interface MadeBallot {
  readonly type: EndorsementType;
  readonly subject: string;
  readonly votes: readonly string[];
  readonly effectiveDay: number | null;
  readonly octets: Uint8Array;
}

/** A credential that speaks under a name of the scenario. */
interface Speaker {
  readonly name: string;
  readonly credential: Credential;
}

export class Forge {
  private readonly world: World;
  private readonly scenario: Scenario;
  /** When each day begins, TAI microseconds; the first is day 1. */
  private readonly dayStarts: readonly bigint[];
  readonly crls: CrlForge;
  private readonly votes = new Map<string, Uint8Array>();
  private readonly removed = new Map<string, MadeBallot>();

  constructor(world: World, scenario: Scenario, dayStarts: readonly bigint[]) {
    this.world = world;
    this.scenario = scenario;
    this.dayStarts = dayStarts;
    this.crls = new CrlForge(world, scenario.revoked ?? []);
  }

  make(name: string, document: ArtefactDocument): MadeArtefact {
    switch (document.kind) {
      case 'compositeCrl':
        return this.compositeCrl(name, document);
      case 'chainFile':
        return this.chainFile(name, document);
      case 'ballot': {
        const ballot = this.ballot(document.type, document);
        return { name, kind: 'ballot', octets: ballot.octets, contents: [textOf(ballot)], ballots: [ballot] };
      }
      case 'policy':
        return {
          name,
          kind: 'policy',
          octets: this.policy(document.root, document.chainFile),
          contents: [`policy signed by ${document.root}/pg, names chain file ${document.chainFile}`],
          ballots: [],
        };
      case 'ctl':
        return this.ctl(name, document);
    }
  }

  private compositeCrl(name: string, document: Extract<ArtefactDocument, { kind: 'compositeCrl' }>): MadeArtefact {
    const electors = (document.removeElectors ?? []).map((ballot) => this.ballot('removeElector', ballot));
    const roots = (document.removeRoots ?? []).map((ballot) => this.ballot('removeRoot', ballot));
    const crls = this.crls.of(document.crls, this.removals());
    const octets = compositeCrlOf({
      crls: crls.octets,
      revokedElectors: electors.map((ballot) => ballot.octets),
      revokedRootCAs: roots.map((ballot) => ballot.octets),
    });
    const ballots = [...electors, ...roots];
    for (const ballot of ballots) this.removed.set(removalId(ballot), ballot);
    return {
      ...{ name, kind: 'compositeCrl', octets, ballots },
      contents: [...ballots.map(textOf), ...crls.contents],
      ...resetOf(name, crls, ballots),
    };
  }

  /** Every ballot that a composite CRL has removed something with so far. */
  private removals(): BallotEntry[] {
    return [...this.removed].map(([id, { subject }]) => {
      const { end } = validityMicros(this.world.subject(subject).toBeSigned.validityPeriod);
      const root = this.world.trees.has(subject) ? subject : (this.scenario.roots[0] as string);
      return { kind: 'ballot', id, root, end };
    });
  }

  private chainFile(name: string, document: Extract<ArtefactDocument, { kind: 'chainFile' }>): MadeArtefact {
    const { version, root, addRoots = [], addElectors = [] } = document;
    const electors = addElectors.map((ballot) => this.ballot('addElector', ballot));
    const roots = addRoots.map((ballot) => this.ballot('addRoot', ballot));
    const ballots = [...electors, ...roots];
    return {
      name,
      kind: 'chainFile',
      components: root,
      octets: this.chainFileOctets(null, version, root, ballots),
      localFor: (raHostname) => this.chainFileOctets(raHostname, version, root, ballots),
      contents: [`version ${version}`, ...ballots.map(textOf), `certificates of ${root}/${COMPONENTS.join(', ')}`],
      ballots,
    };
  }

  /** A chain file with the components of a tree: the LCCF of an RA, or the GCCF if none is named. */
  chainFileOctets(
    raHostname: string | null,
    version: number,
    root: string,
    ballots: readonly MadeBallot[],
  ): Uint8Array {
    const { components } = this.world.tree(root);
    const octetsOf = (type: EndorsementType): Uint8Array[] =>
      ballots.filter((ballot) => ballot.type === type).map(({ octets }) => octets);
    const parts = {
      rootCAEndorsements: octetsOf('addRoot'),
      electorEndorsements: octetsOf('addElector'),
      ma: components.ma,
      certs: COMPONENTS.filter((component) => component !== 'ma').map((component) => components[component]),
    };
    if (raHostname === null) return globalChainFile(version, parts);
    return localChainFile({ gccfVersion: version, lccfVersion: 1, raHostname }, parts);
  }

  /** A GPF of now, with the chain of its generator. */
  policy(root: string, chainFile: number): Uint8Array {
    const { pg } = this.world.tree(root).components;
    const policyId = `policy of ${root}`;
    const times = { generationTime: this.world.now, policyId };
    return globalPolicy(pg, { ...times, certChainFileId: always(chainFile) }, { signer: 'chain' });
  }

  private ctl(name: string, document: Extract<ArtefactDocument, { kind: 'ctl' }>): MadeArtefact {
    const { sequence, signers, effectiveDay, quorum, crls, components } = document;
    const request = this.ctlRequest({
      sequence,
      electors: document.electors.map((elector) => this.world.elector(elector)),
      roots: document.roots.map((root) => this.world.tree(root).scms.root),
      signers: signers.map((elector) => this.world.elector(elector)),
      ...(effectiveDay === undefined ? {} : { effectiveDate: this.secondsOfDay(effectiveDay) }),
      ...(quorum === undefined ? {} : { quorum }),
    });
    const lists = [
      `electors ${document.electors.join(' ') || 'none'}`,
      `roots ${document.roots.join(' ') || 'none'}`,
      `signed by ${signers.join(' ')}`,
      ...(effectiveDay === undefined ? [] : [`effective on day ${effectiveDay}`]),
    ];
    const contents = [`CTL ${sequence}: ${lists.join('; ')}`];
    const base = { name, kind: 'ctl' as const, ballots: [] };
    if (crls !== undefined) {
      const made = this.crls.of(crls);
      const octets = homeCompositeCrl(made.octets, request);
      return { ...base, octets, contents: [...contents, ...made.contents], ...resetOf(name, made, []) };
    }
    if (components === undefined) return { ...base, octets: ctlFile(request), contents };
    const tree = this.world.tree(components);
    const others = COMPONENTS.map((component) => tree.components[component]);
    return {
      ...base,
      components,
      octets: homeCertificateChain(request, others),
      contents: [...contents, `certificates of ${components}/${COMPONENTS.join(', ')}`],
    };
  }

  /** The content of a CTL of this rehearsal's group; effective now by default. */
  ctlRequest(list: {
    readonly sequence: number;
    readonly electors: readonly Credential[];
    readonly roots: readonly Credential[];
    readonly signers: readonly Credential[];
    readonly effectiveDate?: number;
    readonly quorum?: number;
  }): CtlRequest {
    const { sequence, effectiveDate = this.world.seconds, ...lists } = list;
    return { electorGroupId: this.electorGroupId, sequenceNumber: sequence, effectiveDate, ...lists };
  }

  get electorGroupId(): Uint8Array {
    return this.world.random.fork('elector group').bytes(8);
  }

  /** A ballot by electors of the scenario about something of the scenario. */
  ballot(type: EndorsementType, { subject, votes, effectiveDay }: BallotDocument): MadeBallot {
    const about = { name: subject, credential: this.world.subject(subject) };
    return {
      type,
      subject,
      votes,
      effectiveDay: effectiveDay ?? null,
      octets: this.ballotAbout(type, about, votes, effectiveDay),
    };
  }

  /** An encoded ballot with any proposition. */
  ballotAbout(type: EndorsementType, subject: Speaker, votes: readonly string[], effectiveDay?: number): Uint8Array {
    return ballotOf(votes.map((elector) => this.vote(type, subject, elector, effectiveDay)));
  }

  private vote(type: EndorsementType, subject: Speaker, elector: string, effectiveDay?: number): Uint8Array {
    const key = JSON.stringify([type, subject.name, elector, effectiveDay]);
    const known = this.votes.get(key);
    if (known !== undefined) return known;
    const effectiveTime = effectiveDay === undefined ? undefined : this.dayStarts[effectiveDay - 1];
    // The digest of an elector that did not exist at the start cannot be looked up.
    const signer = this.scenario.electors.includes(elector) ? 'digest' : 'certificate';
    const made = vote(this.world.elector(elector), { type, subject: subject.credential, effectiveTime, signer });
    this.votes.set(key, made);
    return made;
  }

  /** Time32 at which a day begins. */
  secondsOfDay(day: number): number {
    return Number((this.dayStarts[day - 1] as bigint) / 1_000_000n);
  }
}

function textOf({ type, subject, votes, effectiveDay }: MadeBallot): string {
  const when = effectiveDay === null ? '' : `, effective on day ${effectiveDay}`;
  return `${type} ${subject}, votes ${votes.join(' ')}${when}`;
}

function removalId({ type, subject }: Pick<MadeBallot, 'type' | 'subject'>): string {
  return `${type} ${subject}`;
}

/** What a reset did, entry by entry; ballots are in the artefact, not in a CRL. */
function resetOf(artefact: string, { reset }: MadeCrls, ballots: readonly MadeBallot[]): { reset?: ResetResult } {
  if (reset === undefined) return {};
  const carried = new Set(ballots.map(removalId));
  const entries = reset.decisions.map(({ entry, action, rule, line, iRev }) => ({
    ...{ name: entry.id, kind: entry.kind, root: entry.root, action, rule, why: RESET_RULES[rule] },
    series: line?.crlSeries ?? null,
    seeds: entry.kind === 'linkage' && iRev !== undefined ? { before: entry.iRev, now: iRev } : null,
    inArtefact: entry.kind === 'ballot' ? carried.has(entry.id) : line !== null,
  }));
  const crls = reset.issue.map(({ line, entries: listed }) => {
    return { series: line.crlSeries, entries: listed.map(({ entry }) => entry.id) };
  });
  return { reset: { artefact, root: reset.root, entries, crls } };
}
