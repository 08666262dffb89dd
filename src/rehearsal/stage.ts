/** Does what a scenario says: makes things, moves artefacts, lets components and RAs decide what they pass on; records each day. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../coer/index.ts';
import { type Credential, hashedId8 } from '../testbed/index.ts';
import type { CertificateQuestions } from './certificate-questions.ts';
import type { Forge, MadeArtefact } from './forge.ts';
import { type Party, raHostnameOf } from './party.ts';
import type { DayEvent, Move, ResetResult } from './result.ts';
import type { ActionDocument, EventKind } from './types.ts';
import { COMPONENTS, type World } from './world.ts';

/** What happened on a day, in order. */
export interface DayRecord {
  readonly moves: Move[];
  readonly events: DayEvent[];
  readonly resets: ResetResult[];
}

export interface StageGround {
  readonly world: World;
  readonly forge: Forge;
  /** Every artefact that was made so far. */
  readonly made: Map<string, MadeArtefact>;
  readonly parties: readonly Party[];
  readonly certificates: CertificateQuestions;
  /** Trust stores again as devices start with them. */
  readonly bootstrap: (party: Party, electors: readonly string[], root: string) => void;
}

type Action<K extends ActionDocument['do']> = Extract<ActionDocument, { do: K }>;

/** An artefact on its way to some parties. */
interface Shipment {
  readonly artefacts: readonly MadeArtefact[];
  readonly from: string;
  readonly to: readonly Party[];
  readonly why: string;
}

export class Stage {
  private readonly ground: StageGround;
  private record: DayRecord = newRecord();

  constructor(ground: StageGround) {
    this.ground = ground;
  }

  startDay(): void {
    this.record = newRecord();
  }

  get today(): DayRecord {
    return this.record;
  }

  async act(action: ActionDocument): Promise<void> {
    const { world, forge, made } = this.ground;
    switch (action.do) {
      case 'createElector':
        world.createElector(action.name);
        this.tell('made', action.name, { contents: [lineOf('elector certificate', world.elector(action.name))] });
        return;
      case 'createRoot':
        world.createRoot(action.name);
        this.tell('made', action.name, { contents: [lineOf('root certificate', world.tree(action.name).scms.root)] });
        return;
      case 'createComponents':
        this.createComponents(action.root);
        return;
      case 'issue': {
        const artefact = forge.make(action.artefact, action);
        made.set(action.artefact, artefact);
        if (artefact.reset !== undefined) this.reset(artefact.reset);
        return;
      }
      case 'send':
        this.send(action);
        return;
      case 'forward':
        this.forward(action);
        return;
      case 'enrol':
        for (const name of action.parties) this.enrol(this.party(name), action);
        return;
      case 'download':
        for (const name of action.parties) await this.download(this.party(name), action);
    }
  }

  private party(name: string): Party {
    return this.ground.parties.find((party) => party.name === name) as Party;
  }

  private artefact(name: string): MadeArtefact {
    return this.ground.made.get(name) as MadeArtefact;
  }

  private tell(kind: EventKind, name: string, more: Partial<DayEvent>): void {
    this.record.events.push({ kind, name, from: null, to: [], code: 'OK', why: '', contents: [], ...more });
  }

  private createComponents(root: string): void {
    const tree = this.ground.world.tree(root);
    tree.hasComponents = true;
    this.tell('made', `components of ${root}`, {
      contents: COMPONENTS.map((name) => lineOf(`certificate of ${root}/${name}`, tree.components[name])),
    });
  }

  /** K8: RAs keep the entries that are carried over; their blacklists have no others. */
  private reset(reset: ResetResult): void {
    this.record.resets.push(reset);
    const kept = reset.entries.flatMap(({ name, action }) => (action === 'carryOver' ? [name] : []));
    for (const party of this.ground.parties) party.blacklist = party.blacklist.filter((name) => kept.includes(name));
  }

  // ---------------------------------------------------------------------------------------------------------- artefacts

  private send({ artefacts, from, to, why }: Action<'send'>): void {
    const addressed = this.ground.parties.filter(({ name }) => to === undefined || to.includes(name));
    this.ship({ artefacts: artefacts.map((name) => this.artefact(name)), from, to: addressed, why });
  }

  /** What arrives at each party is one bundle. */
  private ship({ artefacts, from, to, why }: Shipment): void {
    const misses = ({ document }: Party, { name }: MadeArtefact): boolean => document.misses?.includes(name) ?? false;
    for (const party of to) {
      const arriving = artefacts.filter((artefact) => !misses(party, artefact));
      party.today.missed.push(...artefacts.filter((artefact) => misses(party, artefact)).map(({ name }) => name));
      if (arriving.length > 0) party.receive(arriving);
    }
    for (const artefact of artefacts) {
      const got = to.filter((party) => !misses(party, artefact));
      const device = got.find(({ isComponent }) => !isComponent);
      this.moved({
        ...{ artefact: artefact.name, kind: artefact.kind, from, why, contents: artefact.contents },
        to: got.map(({ name }) => name),
        missedBy: to.filter((party) => misses(party, artefact)).map(({ name }) => name),
        ...sizeOf(artefact.octets),
        local: artefact.localFor && device ? sizeOf(artefact.localFor(raHostnameOf(device.document))) : null,
      });
    }
  }

  private moved(move: Move): void {
    const { artefact, from, to, why } = move;
    this.record.moves.push(move);
    this.tell('moved', artefact, { from, to, why });
  }

  private forward({ by, artefacts, to, why }: Action<'forward'>): void {
    const recipients = this.ground.parties.filter(({ name }) => to.includes(name));
    const held = this.heldBy(this.party(by), artefacts, to);
    if (held.length > 0) this.ship({ artefacts: held, from: by, to: recipients, why });
  }

  /** What a component may pass on; the rest is recorded as withheld. */
  private heldBy(holder: Party, artefacts: readonly string[], to: readonly string[]): MadeArtefact[] {
    return artefacts.flatMap((name) => {
      const failure = holder.whyNotHeld(name);
      if (failure === undefined) return [this.artefact(name)];
      this.tell('withheld', name, { from: holder.name, to, ...failure });
      return [];
    });
  }

  // --------------------------------------------------------------------------------------------------------- enrolment

  private enrol(party: Party, { root, erase, why }: Action<'enrol'>): void {
    const tree = this.ground.world.tree(root);
    tree.hasDevices = true;
    party.enrolledUnder = root;
    if (erase !== undefined) this.ground.bootstrap(party, erase.electors, root);
    const enrolment = party.enrolment as Credential;
    this.moved({
      ...{ artefact: `enrolment of ${party.name}`, kind: 'enrolment', from: `${root}/eca`, why },
      ...{ to: [party.name], missedBy: [], local: null },
      contents: [
        lineOf(`enrolment certificate under ${root}`, enrolment),
        ...(erase === undefined ? [] : [`a new trust store: electors ${erase.electors.join(' ')}, root ${root}`]),
      ],
      ...sizeOf(enrolment.bytes),
    });
  }

  private async download(party: Party, { artefacts, certificates, why }: Action<'download'>): Promise<void> {
    const ra = this.party(party.document.ra as string);
    const { got, code, why: says } = await this.ground.certificates.authenticates(ra, party);
    const isIn = got === 'Y';
    this.tell(isIn ? 'authenticated' : 'refused', party.name, { from: party.name, to: [ra.name], code, why: says });
    if (!isIn) return;
    for (const artefact of this.heldBy(ra, artefacts, [party.name])) {
      this.ship({ artefacts: [artefact], from: ra.name, to: [party], why });
    }
    if (certificates) this.certify(party, ra, why);
  }

  private certify(party: Party, ra: Party, why: string): void {
    party.certificatesUnder = party.enrolledUnder;
    const sending = party.sending as Credential;
    const name = `certificates of ${party.name}`;
    const kind = party.document.kind === 'rsu' ? 'application certificate' : 'pseudonym certificate of this week';
    const contents = [lineOf(`${kind} under ${party.certificatesUnder}`, sending)];
    this.tell('made', name, { from: `${party.certificatesUnder}/pca`, contents });
    this.moved({
      ...{ artefact: name, kind: 'certificates', from: ra.name, to: [party.name], missedBy: [], why, contents },
      ...{ ...sizeOf(sending.bytes), local: null },
    });
  }
}

function newRecord(): DayRecord {
  return { moves: [], events: [], resets: [] };
}

function lineOf(what: string, credential: Credential): string {
  return `${what}, ${credential.bytes.length} bytes, HashedId8 ${toHex(hashedId8(credential))}`;
}

function sizeOf(octets: Uint8Array): { octets: number; sha256: string } {
  return { octets: octets.length, sha256: toHex(sha256(octets)) };
}
