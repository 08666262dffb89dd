import type { Credential } from '../testbed/index.ts';
import { type Artefact, type Decision, flagMeaning, flagsOf, type TrustState } from '../trust/index.ts';
import type { Engine } from './engine.ts';
import type { MadeArtefact } from './forge.ts';
import type { PartyDocument } from './types.ts';
import type { World } from './world.ts';

/** Decisions of one bundle, with the quorum that its votes were counted against. */
export interface Reception {
  readonly decisions: readonly Decision[];
  readonly quorum: number;
}

/** A decision on votes, and the day on which it was made; 0 before the first. */
export interface Counted {
  readonly decision: Decision;
  readonly day: number;
}

/** A party of a rehearsal: a device with its trust, and for an EE the certificates that it has. */
export class Party {
  readonly document: PartyDocument;
  /** Among the parties of the scenario. */
  readonly position: number;
  state: TrustState;
  /** Root that its enrolment certificate is under; null for components. */
  enrolledUnder: string | null = null;
  /** Root that the certificates it sends with are under; null for components, and without one. */
  certificatesUnder: string | null = null;
  /** RAs only: devices that it no longer serves, under any certificate. */
  blacklist: readonly string[] = [];
  /** The ballots that have reached it, by type and subject, each as it was decided then; one that was executed stays. */
  readonly counted = new Map<string, Counted>();
  /** The CTL in force, as it was decided when it came. */
  countedCtl: Counted | undefined;
  /** Of the current day. */
  today = newDay();
  private readonly received = new Map<string, Decision | null>();
  private readonly engine: Engine;
  private readonly world: World;
  private day = 0;

  constructor(document: PartyDocument, position: number, state: TrustState, engine: Engine, world: World) {
    this.document = document;
    this.position = position;
    this.state = state;
    this.engine = engine;
    this.world = world;
  }

  get name(): string {
    return this.document.name;
  }

  get isComponent(): boolean {
    return this.document.kind === 'component';
  }

  startDay(day: number): void {
    this.day = day;
    this.today = newDay();
  }

  /** Takes what has reached it as one bundle; an empty one lets time pass. */
  receive(artefacts: readonly MadeArtefact[]): void {
    const { quorum } = this.state;
    const { state, decisions } = this.ask(artefacts.map((artefact) => this.fileOf(artefact)));
    this.state = state;
    this.today.receptions.push({ decisions, quorum });
    this.today.received.push(...artefacts.map(({ name }) => name));
    for (const { name } of artefacts) {
      const refused = decisions.find(({ artefact, decision }) => artefact === name && decision === 'REJECT');
      this.received.set(name, refused ?? null);
    }
    for (const decision of decisions) this.remember(decision);
  }

  /** A later ballot that changes nothing does not hide the one that did. */
  private remember(decision: Decision): void {
    const { proposition, subject, votes } = decision;
    const counted = { decision, day: this.day };
    if (proposition === 'ctl' && decision.decision === 'ACCEPT') this.countedCtl = counted;
    if (votes === undefined || subject === null || proposition === 'ctl') return;
    const key = `${proposition} ${subject}`;
    const isExecuted = this.counted.get(key)?.decision.decision === 'ACCEPT';
    if (!isExecuted || decision.decision === 'ACCEPT') this.counted.set(key, counted);
  }

  /** Why an artefact cannot be passed on: it has not come, or part of it was refused; undefined if it can. */
  whyNotHeld(name: string): { code: string; why: string } | undefined {
    const refused = this.received.get(name);
    if (refused === undefined) return { code: 'NOT_HELD', why: `${name} has not reached ${this.name}` };
    if (refused === null) return undefined;
    return { code: refused.code, why: `${this.name} refused part of ${name}: ${refused.detail ?? refused.code}` };
  }

  /** Re-bootstrapping: everything is forgotten. */
  erase(state: TrustState): void {
    this.state = state;
    this.certificatesUnder = null;
    this.received.clear();
    this.counted.clear();
    this.countedCtl = undefined;
  }

  /** What would become of a bundle: nothing of it is kept. */
  ask(bundle: readonly Artefact[]): { state: TrustState; decisions: Decision[] } {
    return this.engine.applyBundle(this.state, bundle, this.world.now, this.engine.context);
  }

  /** EEs get the local form of what components get whole. */
  private fileOf({ name, octets, localFor }: MadeArtefact): Artefact {
    return { name, octets: (this.isComponent ? undefined : localFor?.(this.raHostname)) ?? octets };
  }

  /** Host name of the RA that serves it. */
  get raHostname(): string {
    return raHostnameOf(this.document);
  }

  /** Its enrolment certificate; undefined for components. */
  get enrolment(): Credential | undefined {
    if (this.enrolledUnder === null) return undefined;
    return this.world.partyDevice(this.enrolledUnder, this.position, this.document.kind).enrolment;
  }

  /** Its certificate of the current week to send with; undefined for components, and without one. */
  get sending(): Credential | undefined {
    if (this.certificatesUnder === null) return undefined;
    return this.world.partyDevice(this.certificatesUnder, this.position, this.document.kind).sending;
  }

  get flags(): ReturnType<typeof flagsOf> {
    return flagsOf(this.state);
  }

  /** What its flags mean and what follows from them, a sentence each. */
  get meanings(): string[] {
    return this.flags.map((flag) => `${flag}: ${flagMeaning(flag, this.state)}`);
  }
}

/** The RA of EEs whose document names none. */
const RA_HOSTNAME = 'ra.testbed';

export function raHostnameOf({ ra }: Pick<PartyDocument, 'ra'>): string {
  return ra === undefined ? RA_HOSTNAME : `${ra.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}.testbed`;
}

interface Today {
  readonly receptions: Reception[];
  readonly received: string[];
  readonly missed: string[];
}

function newDay(): Today {
  return { receptions: [], received: [], missed: [] };
}
