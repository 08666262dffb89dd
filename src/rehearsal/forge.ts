/** Makes the artefacts of a rehearsal, octet by octet as the SCMS would: votes, ballots, files, CRLs, policies, CTLs. */

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
import { CrlForge } from './crl-forge.ts';
import type { ArtefactDocument, BallotDocument, Scenario } from './types.ts';
import { COMPONENTS, type World } from './world.ts';

/** A made artefact: octets, and what they say, in the scenario's names. */
export interface MadeArtefact {
  readonly name: string;
  readonly kind: ArtefactDocument['kind'];
  readonly octets: Uint8Array;
  /** The form for EEs, where they get another: the local chain file that their RA makes of the global one. */
  readonly forEndEntities?: Uint8Array;
  /** The tree whose component certificates it brings. */
  readonly components?: string;
  /** One line a part. */
  readonly contents: readonly string[];
  readonly ballots: readonly MadeBallot[];
}

/** A ballot with what it says. */
export interface MadeBallot {
  readonly type: EndorsementType;
  readonly subject: string;
  readonly votes: readonly string[];
  readonly effectiveDay: number | null;
  readonly octets: Uint8Array;
}

/** The RA of every EE. */
export const RA_HOSTNAME = 'ra.testbed';
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
    const crls = this.crls.of(document.crls);
    const octets = compositeCrlOf({
      crls: crls.octets,
      revokedElectors: electors.map((ballot) => ballot.octets),
      revokedRootCAs: roots.map((ballot) => ballot.octets),
    });
    const ballots = [...electors, ...roots];
    return { name, kind: 'compositeCrl', octets, contents: [...ballots.map(textOf), ...crls.contents], ballots };
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
      octets: this.chainFileOctets('global', version, root, ballots),
      forEndEntities: this.chainFileOctets('local', version, root, ballots),
      contents: [`version ${version}`, ...ballots.map(textOf), `certificates of ${root}/${COMPONENTS.join(', ')}`],
      ballots,
    };
  }

  /** A chain file with the components of a tree: the GCCF of the PG, or the LCCF that an RA makes of it. */
  chainFileOctets(form: 'global' | 'local', version: number, root: string, ballots: readonly MadeBallot[]): Uint8Array {
    const { components } = this.world.tree(root);
    const octetsOf = (type: EndorsementType): Uint8Array[] =>
      ballots.filter((ballot) => ballot.type === type).map(({ octets }) => octets);
    const parts = {
      rootCAEndorsements: octetsOf('addRoot'),
      electorEndorsements: octetsOf('addElector'),
      ma: components.ma,
      certs: COMPONENTS.filter((component) => component !== 'ma').map((component) => components[component]),
    };
    if (form === 'global') return globalChainFile(version, parts);
    return localChainFile({ gccfVersion: version, lccfVersion: 1, raHostname: RA_HOSTNAME }, parts);
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
      return { ...base, octets: homeCompositeCrl(made.octets, request), contents: [...contents, ...made.contents] };
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

  /** What a CTL of this rehearsal's group says; effective now where no date is given. */
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

  /** The octets of a ballot, about anything. */
  ballotAbout(type: EndorsementType, subject: Speaker, votes: readonly string[], effectiveDay?: number): Uint8Array {
    return ballotOf(votes.map((elector) => this.vote(type, subject, elector, effectiveDay)));
  }

  private vote(type: EndorsementType, subject: Speaker, elector: string, effectiveDay?: number): Uint8Array {
    const key = JSON.stringify([type, subject.name, elector, effectiveDay]);
    const known = this.votes.get(key);
    if (known !== undefined) return known;
    const effectiveTime = effectiveDay === undefined ? undefined : this.dayStarts[effectiveDay - 1];
    // Nobody can look up the digest of an elector that was not there at the start.
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
