/** Everything that exists in a rehearsal, with its private keys: electors, roots with the certificates below them, devices. */
import { toHex } from '../coer/index.ts';
import { pseudonymFields } from '../testbed/devices.ts';
import {
  type Credential,
  chainAt,
  createScms,
  enrolmentCertificate,
  generateKey,
  hashedId8,
  implicitApplicationCertificate,
  issueExplicit,
  issueImplicit,
  type LinkageChain,
  linkageValues,
  named,
  PSID_BSM,
  PSID_SCMS,
  Random,
  type Scms,
  SERIES_COMPONENT,
  scmsRole,
  WEEK_SECONDS,
  yearsFrom,
} from '../testbed/index.ts';
import { chainBelowRoot, signMessage } from '../testbed/messages.ts';
import { createElector } from '../testbed/trust/index.ts';
import type { PartyKind, RevokedDocument } from './types.ts';

/** 2024-01-01T00:00:00Z, the start of the testbed's first week. */
const START = 631_152_000 + 5;
const MICROS = 1_000_000n;
const ELECTOR_YEARS = 10;

/** Component certificates by their short names, in the order in which chain files list them. */
export const COMPONENTS = ['ica', 'pca', 'eca', 'ra', 'la1', 'la2', 'ma', 'crlg', 'pg'] as const;
export type ComponentName = (typeof COMPONENTS)[number];
/** Those that issue certificates. */
export const CAS: readonly ComponentName[] = ['ica', 'pca', 'eca'];

/** A root and the certificates below it. */
export interface Tree {
  readonly name: string;
  readonly scms: Scms;
  readonly components: Readonly<Record<ComponentName, Credential>>;
  /** Whether the components have been made; before that only the root is there. */
  hasComponents: boolean;
  /** Whether devices have certificates under it. */
  hasDevices: boolean;
}

/** What an EE asks its RA and sends with, under one root. */
export interface DeviceCertificates {
  readonly enrolment: Credential;
  /** A pseudonym of the current week, or an application certificate. */
  readonly sending: Credential;
}

/** Devices that belong to no party stand for all others; those of parties and of revoked things have numbers of their own. */
const ANY_DEVICE = 0;
const FIRST_PARTY = 100;
const FIRST_REVOKED = 1000;

export class World {
  readonly seed: string;
  readonly random: Random;
  readonly electors = new Map<string, Credential>();
  readonly trees = new Map<string, Tree>();
  /** TAI microseconds. */
  now: bigint;
  private readonly revoked: readonly RevokedDocument[];
  private readonly namesById = new Map<string, string>();
  private readonly issued = new Map<string, Credential>();

  constructor(seed: string, revoked: readonly RevokedDocument[] = []) {
    this.seed = seed;
    this.random = new Random(`rehearsal ${seed}`);
    this.revoked = revoked;
    this.now = BigInt(START) * MICROS;
  }

  createElector(name: string): void {
    const years = ELECTOR_YEARS;
    const elector = createElector(this.random, { name: `elector-${name}.testbed`, start: START - WEEK_SECONDS, years });
    this.electors.set(name, elector);
    this.remember(name, elector);
  }

  createRoot(name: string): void {
    const scms = createScms({ seed: `rehearsal ${this.seed} tree ${name}`, start: START, electors: 0 });
    const { ica, pca, eca, ra, ma, crlg } = scms;
    const [la1, la2, pg] = (['la', 'la', 'pg'] as const).map((role, i) =>
      issueExplicit({
        issuer: ica,
        key: generateKey(scms.random.fork(`${role} ${i}`)),
        fields: {
          id: named(`${role}${i < 2 ? i + 1 : ''}.testbed`),
          cracaId: scms.cracaId,
          crlSeries: SERIES_COMPONENT,
          validityPeriod: yearsFrom(START, 10),
          appPermissions: [scmsRole(role)],
        },
      }),
    ) as [Credential, Credential, Credential];
    const components = { ica, pca, eca, ra, la1, la2, ma, crlg, pg };
    this.trees.set(name, { name, scms, components, hasComponents: false, hasDevices: false });
    this.remember(name, scms.root);
    for (const component of COMPONENTS) this.remember(`${name}/${component}`, components[component]);
  }

  elector(name: string): Credential {
    return present(this.electors.get(name), `elector ${name}`);
  }

  tree(name: string): Tree {
    return present(this.trees.get(name), `root ${name}`);
  }

  /** An elector or root. */
  subject(name: string): Credential {
    return this.electors.get(name) ?? this.tree(name).scms.root;
  }

  /** Whether there is an elector or root of this name. */
  has(name: string): boolean {
    return this.electors.has(name) || this.trees.has(name);
  }

  /** The name of the certificate with this HashedId8, or this certificate hash; undefined if unknown. */
  nameOf(id: string): string | undefined {
    return this.namesById.get(id);
  }

  private remember(name: string, credential: Credential): void {
    this.namesById.set(toHex(hashedId8(credential)), name);
    this.namesById.set(toHex(credential.fullHash), name);
  }

  /** An elector that no party knows, to ask about. */
  probeElector(): Credential {
    return this.once('probe elector', () =>
      createElector(this.random, { name: 'probe.testbed', start: START - WEEK_SECONDS, years: ELECTOR_YEARS }),
    );
  }

  /** A root that no party knows, to ask about. */
  probeRoot(): Credential {
    return this.once(
      'probe root',
      () => createScms({ seed: `rehearsal ${this.seed} probe`, start: START, electors: 0 }).root,
    );
  }

  /** Weeks since the first. */
  get week(): number {
    return Math.floor((Number(this.now / MICROS) - START) / WEEK_SECONDS);
  }

  /** Current period. */
  get period(): number {
    return Math.floor(START / WEEK_SECONDS) + this.week;
  }

  /** Time32. */
  get seconds(): number {
    return Number(this.now / MICROS);
  }

  /** Certificates of a device that stands for all others under a root. */
  anyDevice(root: string, kind: PartyKind): DeviceCertificates {
    return this.deviceCertificates(root, ANY_DEVICE, kind);
  }

  /** Certificates of the EE that is the party with this position in the scenario. */
  partyDevice(root: string, position: number, kind: PartyKind): DeviceCertificates {
    return this.deviceCertificates(root, FIRST_PARTY + position, kind);
  }

  /** The number that linkage chains of a revoked device follow from. */
  revokedDevice(name: string): number {
    return FIRST_REVOKED + this.revoked.findIndex((each) => each.name === name);
  }

  /** The certificate of a revoked thing under a root; a continued chain is that of its first root. */
  revokedCertificate(thing: RevokedDocument, root: string): Credential {
    const device = this.revokedDevice(thing.name);
    if (thing.kind === 'hash') return this.application(root, device);
    const continued = thing.chain === 'continued' ? this.tree(thing.root).scms.linkageAuthorities : undefined;
    return this.pseudonym(root, device, continued);
  }

  /** The enrolment certificate of a revoked device under a root. */
  revokedEnrolment(name: string, root: string): Credential {
    return this.enrolment(root, this.revokedDevice(name));
  }

  private deviceCertificates(root: string, device: number, kind: PartyKind): DeviceCertificates {
    const sending = kind === 'rsu' ? this.application(root, device) : this.pseudonym(root, device);
    return { enrolment: this.enrolment(root, device), sending };
  }

  private enrolment(root: string, device: number): Credential {
    const { scms } = this.tree(root);
    return this.once(`${root} enrolment ${device}`, () =>
      enrolmentCertificate(scms, { label: `enrolment of ${device}`, fields: { validityPeriod: yearsFrom(START, 5) } }),
    );
  }

  private pseudonym(root: string, device: number, chains?: Scms['linkageAuthorities']): Credential {
    const { scms } = this.tree(root);
    const { week } = this;
    return this.once(`${root} pseudonym ${device} ${week} ${chains ? 'continued' : ''}`, () =>
      pseudonymOf(scms, device, week, chains),
    );
  }

  private application(root: string, device: number): Credential {
    const { scms } = this.tree(root);
    return this.once(`${root} application ${device}`, () =>
      implicitApplicationCertificate(scms, {
        label: `application of ${device}`,
        fields: { validityPeriod: { start: START, duration: { tag: 'years', value: 3 } } },
      }),
    );
  }

  /** A BSM of now with the chain of its signer. */
  message(signer: Credential): Uint8Array {
    return this.signed(signer, PSID_BSM);
  }

  /** What a device asks of its RA, signed now with its enrolment certificate and with the chain of that. */
  request(enrolment: Credential): Uint8Array {
    return this.signed(enrolment, PSID_SCMS);
  }

  private signed(signer: Credential, psid: number): Uint8Array {
    const payload = Uint8Array.of(0x00, 0x14);
    return signMessage(signer, { psid, payload, generationTime: this.now, signer: 'chain' });
  }

  /** The CA certificates above a certificate, encoded, without the root. */
  helpFor(credential: Credential): Uint8Array[] {
    return chainBelowRoot(credential)
      .slice(1)
      .map(({ bytes }) => bytes);
  }

  private once(label: string, make: () => Credential): Credential {
    const known = this.issued.get(label) ?? make();
    this.issued.set(label, known);
    return known;
  }
}

/** A device's first pseudonym of one week; its linkage chains are of these authorities. */
function pseudonymOf(scms: Scms, device: number, week: number, chains = scms.linkageAuthorities): Credential {
  const [first, second] = chains.map((authority) => chainAt(authority.chainOf(device), scms.firstPeriod + week)) as [
    LinkageChain,
    LinkageChain,
  ];
  const [value] = linkageValues(first, second, [0]) as [Uint8Array];
  const key = generateKey(scms.random.fork(`pseudonym of ${device} in week ${week}`));
  return issueImplicit({ issuer: scms.pca, secret: key.d, fields: pseudonymFields(scms, week, value) });
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`there is no ${what}`);
  return value;
}
