/** Draws the trust of the system as one party sees it; every state and every edge is an answer of engine or verifier. */
import { toHex } from '../coer/index.ts';
import type { EndorsementType } from '../trust/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { CertificateQuestions } from './certificate-questions.ts';
import type { Counted, Party } from './party.ts';
import type { NodeState, Topology, TopologyEdge, TopologyNode } from './result.ts';
import { CAS, COMPONENTS, type ComponentName, type Tree, type World } from './world.ts';

const electorId = (name: string): string => `elector:${name}`;
const rootId = (name: string): string => `root:${name}`;

export class Cartographer {
  private readonly world: World;
  private readonly questions: CertificateQuestions;
  private readonly parties: readonly Party[];

  constructor(world: World, questions: CertificateQuestions, parties: readonly Party[]) {
    this.world = world;
    this.questions = questions;
    this.parties = parties;
  }

  async draw(viewer: Party): Promise<Topology> {
    const nodes: TopologyNode[] = [...this.world.electors.keys()].map((name) => this.anchorNode(viewer, name));
    const edges: TopologyEdge[] = this.voteEdges(viewer);
    for (const tree of this.world.trees.values()) {
      nodes.push(this.anchorNode(viewer, tree.name));
      if (!tree.hasComponents) continue;
      const components = await this.componentNodes(viewer, tree);
      nodes.push(...components);
      edges.push(...components.map((node) => chainEdge(issuerId(tree, node), node)));
    }
    for (const party of this.parties) {
      const { certificatesUnder: root } = party;
      if (root === null) continue;
      const node = await this.endEntityNode(viewer, party, root);
      nodes.push(node);
      edges.push(chainEdge(`${root}/pca`, node));
    }
    return { nodes, edges };
  }

  /** An elector or a root. */
  private anchorNode({ state, flags }: Party, name: string): TopologyNode {
    const isElector = this.world.electors.has(name);
    const hash = toHex(this.world.subject(name).fullHash);
    const common = isElector
      ? { id: electorId(name), kind: 'elector' as const, label: name, tree: null }
      : { id: rootId(name), kind: 'root' as const, label: name, tree: name };
    const says = (nodeState: NodeState, code: string, why: string): TopologyNode => ({
      ...common,
      state: nodeState,
      code,
      why,
    });
    if ((isElector ? state.electors : state.roots).some((one) => one.hash === hash)) {
      if (isElector && flags.includes('FROZEN')) return says('frozen', 'FROZEN', 'fewer electors than the quorum');
      if (isElector && flags.includes('DEGRADED')) return says('degraded', 'DEGRADED', 'no elector may be lost');
      return says('trusted', 'OK', 'in the trust store');
    }
    if (state.tombstones.some((one) => one.hash === hash)) return says('revoked', 'TOMBSTONE', 'removed');
    if (state.pending.some((one) => one.kind === 'ballot' && one.subject.hash === hash)) {
      return says('pending', 'PENDING', 'waits for its time');
    }
    return says('unknown', 'UNKNOWN', 'never introduced here');
  }

  private async componentNodes(viewer: Party, tree: Tree): Promise<TopologyNode[]> {
    const verdicts = await this.questions.judgeComponents(viewer, tree);
    return COMPONENTS.map((component, i) => {
      const verdict = verdicts[i] as Verdict;
      const kind = CAS.includes(component) ? 'ca' : 'component';
      const common = {
        id: `${tree.name}/${component}`,
        kind,
        label: component.toUpperCase(),
        tree: tree.name,
      } as const;
      return {
        ...common,
        ...this.standing(viewer, tree.name, verdict.verdict === 'valid', verdict.code, verdict.detail),
      };
    });
  }

  /** An invalid certificate below a root has the state of the root, unless it was revoked by itself. */
  private standing(
    viewer: Party,
    root: string,
    isValid: boolean,
    code: string,
    why: string,
  ): Pick<TopologyNode, 'state' | 'code' | 'why'> {
    if (isValid) return { state: 'trusted', code: 'OK', why: 'its whole chain is valid' };
    if (code === 'certificateRevoked') return { state: 'revoked', code, why };
    const above = this.anchorNode(viewer, root).state;
    return { state: above === 'revoked' || above === 'pending' ? above : 'unknown', code, why };
  }

  private async endEntityNode(viewer: Party, party: Party, root: string): Promise<TopologyNode> {
    const { got, code, why } = await this.questions.hears(viewer, party);
    const common = { id: `ee:${party.name}`, kind: 'ee', label: party.name, tree: root } as const;
    return { ...common, ...this.standing(viewer, root, got === 'Y', code, why) };
  }

  /** Votes of the ballots that the party got about each certificate, as it counted them when they came. */
  private voteEdges({ state, counted, countedCtl }: Party): TopologyEdge[] {
    const names = (list: readonly { readonly hash: string }[]): string[] =>
      list.flatMap(({ hash }) => this.world.nameOf(hash) ?? []);
    const ballots = [...counted.values()].flatMap((one) => {
      const subject = this.world.nameOf(one.decision.subject as string);
      return subject === undefined ? [] : this.edgesOf(one, one.decision.proposition as EndorsementType, subject);
    });
    if (countedCtl === undefined) return ballots;
    // Signatures of the CTL in force are votes for everything that it approves.
    const approved = [
      ...names(state.electors).flatMap((name) => this.edgesOf(countedCtl, 'addElector', name)),
      ...names(state.roots).flatMap((name) => this.edgesOf(countedCtl, 'addRoot', name)),
    ];
    return [...ballots, ...approved.filter(({ from, to }) => from !== to)];
  }

  private edgesOf({ decision, day }: Counted, type: EndorsementType, subject: string): TopologyEdge[] {
    const to = this.world.electors.has(subject) ? electorId(subject) : rootId(subject);
    return (decision.votes ?? []).flatMap(({ voter, counted, code }) => {
      const name = voter === null ? undefined : this.world.nameOf(voter);
      if (name === undefined) return [];
      return [{ kind: 'vote' as const, from: electorId(name), to, holds: counted, type, code, countedOn: day }];
    });
  }
}

function chainEdge(from: string, { id, state, code }: TopologyNode): TopologyEdge {
  return { kind: 'chain', from, to: id, holds: state === 'trusted', type: null, code, countedOn: null };
}

function issuerId(tree: Tree, { id }: TopologyNode): string {
  const { issuer } = tree.components[id.split('/')[1] as ComponentName];
  const above = COMPONENTS.find((name) => tree.components[name] === issuer);
  return above === undefined ? rootId(tree.name) : `${tree.name}/${above}`;
}
