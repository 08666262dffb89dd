import { type Artefact, type Decision, flagsOf, type TrustState } from '../trust/index.ts';
import type { Engine } from './engine.ts';
import type { MadeArtefact } from './forge.ts';
import type { PartyDocument } from './types.ts';
import type { DeviceCertificates, World } from './world.ts';

/** Decisions of one bundle, with the quorum that its votes were counted against. */
export interface Reception {
  readonly decisions: readonly Decision[];
  readonly quorum: number;
}

/** A party of a rehearsal: a device with its trust, and for an EE the certificates that it sends with. */
export class Party {
  readonly document: PartyDocument;
  /** Among the parties of the scenario. */
  readonly position: number;
  state: TrustState;
  /** Name of the root that its own certificates are under; null for components. */
  enrolledUnder: string | null;
  /** Artefacts that have reached it, the latest last. */
  readonly received: MadeArtefact[] = [];
  /** On the CTL in force, when it came. */
  ctlDecision: Decision | undefined;
  /** Of the current day. */
  today: { receptions: Reception[]; received: string[]; missed: string[] } = newDay();
  private readonly engine: Engine;
  private readonly world: World;

  constructor(document: PartyDocument, position: number, state: TrustState, engine: Engine, world: World) {
    this.document = document;
    this.position = position;
    this.state = state;
    this.engine = engine;
    this.world = world;
    this.enrolledUnder = null;
  }

  get name(): string {
    return this.document.name;
  }

  get isComponent(): boolean {
    return this.document.kind === 'component';
  }

  startDay(): void {
    this.today = newDay();
  }

  /** Takes what has reached it as one bundle; an empty one lets time pass. */
  receive(artefacts: readonly MadeArtefact[]): void {
    const { quorum } = this.state;
    const { state, decisions } = this.ask(artefacts.map((artefact) => this.fileOf(artefact)));
    this.state = state;
    this.received.push(...artefacts);
    this.today.receptions.push({ decisions, quorum });
    const accepted = decisions.filter(({ proposition, decision }) => proposition === 'ctl' && decision === 'ACCEPT');
    this.ctlDecision = accepted.at(-1) ?? this.ctlDecision;
    this.today.received.push(...artefacts.map(({ name }) => name));
  }

  /** Re-bootstrapping: everything is forgotten. */
  erase(state: TrustState): void {
    this.state = state;
    this.received.length = 0;
    this.ctlDecision = undefined;
  }

  /** What would become of a bundle: nothing of it is kept. */
  ask(bundle: readonly Artefact[]): { state: TrustState; decisions: Decision[] } {
    return this.engine.applyBundle(this.state, bundle, this.world.now, this.engine.context);
  }

  /** EEs get the local form of what components get whole. */
  private fileOf({ name, octets, forEndEntities }: MadeArtefact): Artefact {
    return { name, octets: (this.isComponent ? undefined : forEndEntities) ?? octets };
  }

  /** Its own certificates of the current week; undefined for components. */
  get certificates(): DeviceCertificates | undefined {
    if (this.enrolledUnder === null) return undefined;
    return this.world.partyDevice(this.enrolledUnder, this.position, this.document.kind);
  }

  get flags(): ReturnType<typeof flagsOf> {
    return flagsOf(this.state);
  }
}

function newDay(): Party['today'] {
  return { receptions: [], received: [], missed: [] };
}
