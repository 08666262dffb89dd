/** What a party holds, in the scenario's names: for people, reports and comparisons. */

import { toHex } from '../coer/index.ts';
import { formatTai } from '../dot2/time.ts';
import { hashedId8 } from '../testbed/index.ts';
import type { Decision, Pending, TrustState } from '../trust/index.ts';
import { isOverdue } from './overdue.ts';
import type { Party } from './party.ts';
import type { Named, NamedDecision, PartyState, Tally } from './result.ts';
import { COMPONENTS, type World } from './world.ts';

/** The root that something is called after: `R1/pca` is of `R1`. */
const treeOf = (name: string): string => name.split('/')[0] as string;

export class View {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  named(list: readonly { readonly hash: string; readonly hashedId8: string }[]): Named[] {
    return list
      .map(({ hash, hashedId8 }) => ({ name: this.world.nameOf(hash) ?? hashedId8, hashedId8 }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Name of a voter or subject by its HashedId8. */
  nameOf(id: string | null): string {
    return id === null ? 'nobody' : (this.world.nameOf(id) ?? id);
  }

  stateOf(party: Party, maySend: boolean | null): PartyState {
    const { state, flags, enrolledUnder, certificatesUnder } = party;
    const { revision, mode, quorum, floor, electors, roots, tombstones, chainFiles, ctl, policy } = state;
    return {
      revision,
      mode,
      quorum,
      floor,
      electors: this.named(electors),
      tolerance: electors.length - quorum,
      roots: this.named(roots),
      tombstones: tombstones.map(({ role, hash, hashedId8 }) => {
        return { name: this.world.nameOf(hash) ?? hashedId8, hashedId8, role };
      }),
      pending: state.pending.map((entry) => this.pendingOf(entry)),
      flags,
      chainFiles: {
        global: chainFiles.global.newest?.version.join('.') ?? null,
        local: chainFiles.local.newest?.version.join('.') ?? null,
      },
      ctl: ctl?.sequenceNumber ?? null,
      policy: policy && {
        policyId: policy.policyId,
        generationTime: formatTai(BigInt(policy.generationTime)),
      },
      crls: this.crlsOf(state),
      components: this.componentsOf(state),
      maySend,
      enrolledUnder,
      certificatesUnder,
    };
  }

  private pendingOf(entry: Pending): PartyState['pending'][0] {
    const effectiveTime = formatTai(BigInt(entry.effectiveTime));
    if (entry.kind === 'ctl') return { kind: 'ctl', what: `CTL ${entry.sequenceNumber}`, effectiveTime, votes: [] };
    if (entry.kind === 'policy') return { kind: 'policy', what: 'policy', effectiveTime, votes: [] };
    const votes = entry.votes.map(({ voter }) => this.world.nameOf(voter) ?? voter).sort();
    return { kind: 'ballot', what: `${entry.type} ${this.nameOf(entry.subject.hashedId8)}`, effectiveTime, votes };
  }

  private crlsOf(state: TrustState): PartyState['crls'] {
    return state.crls
      .map((crl) => ({
        root: this.world.nameOf(crl.root) ?? crl.root,
        series: crl.crlSeries,
        issueDate: formatTai(BigInt(crl.issueDate) * 1_000_000n),
        nextCrl: formatTai(BigInt(crl.nextCrl) * 1_000_000n),
        overdue: isOverdue(crl, state, this.world.now),
      }))
      .sort((a, b) => (a.root === b.root ? a.series - b.series : a.root < b.root ? -1 : 1));
  }

  private componentsOf({ certificates }: TrustState): PartyState['components'] {
    const held = new Set(certificates.map(({ hash }) => this.world.nameOf(hash)));
    return [...this.world.trees.keys()].flatMap((root) => {
      const names = COMPONENTS.filter((component) => held.has(`${root}/${component}`));
      return names.length > 0 ? [{ root, names }] : [];
    });
  }

  decisionOf({ artefact, part, proposition, subject, decision, code, detail = '' }: Decision): NamedDecision {
    const about = subject === null ? '' : ` ${this.aboutName(proposition, subject)}`;
    return { artefact, part, what: `${proposition ?? 'file'}${about}`, decision, code, detail };
  }

  /** CRLs are about a CRACA, which is a root here. */
  private aboutName(proposition: Decision['proposition'], subject: string): string {
    const name = this.nameOf(subject);
    return proposition === 'crl' ? treeOf(name) : name;
  }

  /** The votes behind a decision; undefined if none were needed. */
  tallyOf(decision: Decision, quorum: number): Tally | undefined {
    const { artefact, part, proposition, subject, votes, code, effectiveTime } = decision;
    if (votes === undefined) return undefined;
    return {
      artefact,
      part,
      proposition: `${proposition ?? 'ballot'}${subject === null ? '' : ` ${this.nameOf(subject)}`}`,
      decision: decision.decision,
      code,
      counted: votes.filter(({ counted }) => counted).length,
      needed: quorum,
      votes: votes.map((vote) => ({ voter: this.nameOf(vote.voter), counted: vote.counted, code: vote.code })),
      effectiveTime: effectiveTime === undefined ? null : formatTai(BigInt(effectiveTime)),
    };
  }

  /** HashedId8 of an elector or root, hex. */
  idOf(name: string): string {
    return toHex(hashedId8(this.world.subject(name)));
  }
}
