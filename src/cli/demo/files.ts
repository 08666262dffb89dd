/** The files of `demo --out`: a small SCMS as its users meet it. Every byte follows from the seed. */
import { gzipSync } from 'node:zlib';
import { toHex } from '../../coer/index.ts';
import { formatTai } from '../../dot2/time.ts';
import { concat } from '../../readers/bytes.ts';
import {
  applicationCertificate,
  ballot,
  type Credential,
  compositeCrlOf,
  createElector,
  createScms,
  deviceChains,
  type Expected,
  generateKey,
  globalChainFile,
  issueCrl,
  issueExplicit,
  linkageValues,
  localChainFile,
  PSID_BSM,
  PSID_TRAVELLER_INFORMATION,
  pseudonyms,
  publicPoint,
  type Scms,
  SERIES_APPLICATION,
  SERIES_COMPONENT,
  SERIES_ROOT_MANAGED,
  signMessage,
  WEEK_SECONDS,
} from '../../testbed/index.ts';
import {
  type BuiltFault,
  buildFaults,
  faultTasks,
  RECONSTRUCTED,
  sendersFor,
  type Task,
  traffic,
  VALID,
} from './work.ts';

export interface DemoFile {
  /** Path below the directory, with slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files, and facts about them for their README. */
export interface DemoFiles {
  readonly files: readonly DemoFile[];
  /** RFC 3339: everything in force is valid then. */
  readonly at: string;
  /** The week (iCert) that certificates and CRLs are of. */
  readonly period: number;
  /** A linkage value of a revoked vehicle, hex. */
  readonly revokedValue: string;
}

/** The last of so many senders are revoked, and the device of the last certificates. */
const REVOKED_SENDERS = 2;
const REVOKED: Expected = { verdict: 'invalid', code: 'certificateRevoked' };
const CERTIFICATES_A_DEVICE = 4;

/** Makes everything but the README. `messages`: how many the vehicles have sent; faults come on top. */
export function demoFiles(seed: string, messages: number): DemoFiles {
  const scms = createScms({ seed });
  const { plain } = buildFaults(scms);
  const senders = sendersFor(messages);
  const revoked = Array.from({ length: REVOKED_SENDERS }, (_, i) => senders - 1 - i);
  const units = roadsideUnits(scms);
  const crls = crlFiles(scms, revoked, units);
  const [first, second] = deviceChains(scms, revoked[0] as number, scms.firstPeriod);
  return {
    files: [
      ...authorityFiles(scms),
      ...crls,
      ...trustFiles(scms, crls),
      ...messageFiles(scms, messages, senders, revoked, units, plain),
      ...certificateFiles(scms, revoked[0] as number, units, plain),
      ...foreignFiles(seed),
      file('my-region.json', `${JSON.stringify(OWN_SCENARIO, null, 2)}\n`),
    ],
    at: formatTai(scms.at),
    period: scms.firstPeriod,
    revokedValue: toHex(linkageValues(first, second, [0])[0] as Uint8Array),
  };
}

function file(name: string, content: Uint8Array | string): DemoFile {
  return { name, bytes: typeof content === 'string' ? Buffer.from(content) : content };
}

/** Certificates below the root by their file names; the MA has a place of its own in chain files. */
function componentsOf(scms: Scms): readonly (readonly [name: string, credential: Credential])[] {
  const { ica, pca, eca, ra, crlg, worldwideIca, worldwidePca } = scms;
  const regional = Object.entries({ ica, pca, eca, ra, crlg });
  return [...regional, ['worldwide-ica', worldwideIca], ['worldwide-pca', worldwidePca]];
}

function authorityFiles(scms: Scms): DemoFile[] {
  const components = componentsOf(scms);
  const certs = components.map(([, credential]) => credential);
  const version = { gccfVersion: 1, lccfVersion: 1, raHostname: 'ra.testbed' };
  return [
    file('root.oer', scms.root.bytes),
    ...components.map(([name, { bytes }]) => file(`${name}.oer`, bytes)),
    file('ma.oer', scms.ma.bytes),
    file('chain.oer', localChainFile(version, { ma: scms.ma, certs })),
  ];
}

// ------------------------------------------------------------------------------------------------------------- CRLs

/** Two roadside units, of which the second is revoked by the hash of its certificate. */
interface Units {
  readonly good: Credential;
  readonly revoked: Credential;
}

function roadsideUnits(scms: Scms): Units {
  const unit = (label: string): Credential => applicationCertificate(scms, { label });
  return { good: unit('roadside unit'), revoked: unit('revoked roadside unit') };
}

function crlFiles(scms: Scms, devices: readonly number[], units: Units): DemoFile[] {
  const pseudonym = issueCrl(scms, { devices, serial: 1 });
  // The week before, when the first of them was not revoked yet.
  const before = issueCrl(scms, {
    devices: devices.slice(1),
    issueDate: scms.start - WEEK_SECONDS,
    iRev: scms.firstPeriod,
  });
  const kind = 'fullHashCrl';
  const application = issueCrl(scms, { kind, series: SERIES_APPLICATION, certificates: [units.revoked] });
  const component = issueCrl(scms, { kind, series: SERIES_COMPONENT });
  const rootManaged = issueCrl(scms, { kind, series: SERIES_ROOT_MANAGED }, { by: scms.root });
  return [
    file('crl.oer', pseudonym),
    file('crls/pseudonym.oer', pseudonym),
    file('crls/application.oer', application),
    file('crls/component.oer', component),
    file('crls/root-managed.oer', rootManaged),
    file('crls-before/pseudonym.oer', before),
  ];
}

// ------------------------------------------------------------------------------------------------------------ trust

/** Electors A, B and C; then A is removed by the votes of B and C, and D comes in its place. */
function trustFiles(scms: Scms, crls: readonly DemoFile[]): DemoFile[] {
  const [a, b, c] = scms.electors as [Credential, Credential, Credential];
  const start = scms.start - WEEK_SECONDS;
  const d = createElector(scms.random, { name: 'elector3.testbed', start, years: 60, curve: 'ecdsaNistP384' });
  const endorsed = (subject: Credential, voters: readonly Credential[]): Uint8Array =>
    ballot(voters, { type: 'addElector', subject });
  const certs = componentsOf(scms).map(([, credential]) => credential);
  const inForce = crls.filter(({ name }) => name.startsWith('crls/')).map(({ bytes }) => bytes);
  const revokedElectors = [ballot([b, c], { type: 'removeElector', subject: a })];
  return [
    ...[a, b, c, d].map(({ bytes }, i) => file(`elector-${'abcd'[i]}.oer`, bytes)),
    file('composite-crl.oer', compositeCrlOf({ crls: inForce, revokedElectors })),
    file(
      'gccf.oer',
      globalChainFile(2, {
        electorEndorsements: [endorsed(b, [c, d]), endorsed(c, [b, d]), endorsed(d, [b, c])],
        rootCAEndorsements: [ballot([b, c], { type: 'addRoot', subject: scms.root })],
        ma: scms.ma,
        certs,
      }),
    ),
  ];
}

/** A scenario document, as short as one can be. */
const OWN_SCENARIO = {
  format: 1,
  name: 'my-region',
  title: 'An elector leaves',
  summary: 'Elector C is removed by the votes of A and B.',
  form: 'ballots',
  quorum: 2,
  electors: ['A', 'B', 'C'],
  roots: ['R1'],
  parties: [{ name: 'SC', title: 'SCMS component', kind: 'component' }],
  days: [
    { title: 'Before', text: 'All three electors are trusted.' },
    {
      title: 'The removal',
      text: 'The composite CRL carries the votes.',
      actions: [
        { do: 'issue', artefact: 'crl', kind: 'compositeCrl', removeElectors: [{ subject: 'C', votes: ['A', 'B'] }] },
        { do: 'send', artefacts: ['crl'], from: 'CRL store', why: 'the votes' },
      ],
    },
  ],
  expect: [{ object: 'C trusted', parties: ['SC'], cells: ['Y', 'N'], check: { check: 'trusted', name: 'C' } }],
};

// --------------------------------------------------------------------------------------------------------- messages

function messageFiles(
  scms: Scms,
  count: number,
  senders: number,
  revoked: readonly number[],
  units: Units,
  faults: readonly BuiltFault[],
): DemoFile[] {
  const good = [...unitMessages(scms, units), ...vehicleMessages(scms, count, senders, revoked)];
  const bytes = good.map(({ item }) => item.bytes);
  return [
    file('message.oer', bytes[0] as Uint8Array),
    file('messages.oer', concat(bytes)),
    // Stored and not compressed: what compression makes differs between versions of zlib.
    file('rsu-log.gz', gzipSync(lines(bytes.map(toHex)), { level: 0 })),
    file('messages.ndjson', lines([...good, ...faultTasks(faults, 'message')].map(lineOf))),
  ];
}

function* vehicleMessages(scms: Scms, count: number, senders: number, revoked: readonly number[]): Generator<Task> {
  const all = traffic(scms, senders);
  for (let i = 0; i < count; i++) {
    const { sender, ...task } = all.next().value;
    yield revoked.includes(sender) ? { ...task, expected: REVOKED } : task;
  }
}

/** A traveller information message of each unit, valid for an hour. */
function unitMessages(scms: Scms, { good, revoked }: Units): Task[] {
  const generationTime = scms.at;
  const expiryTime = scms.at + 3600n * 1_000_000n;
  return [good, revoked].map((unit) => {
    const payload = Buffer.from('road works ahead');
    const psid = PSID_TRAVELLER_INFORMATION;
    const bytes = signMessage(unit, { psid, payload, generationTime, expiryTime, signer: 'certificate' });
    return { item: { kind: 'message', bytes }, expected: unit === good ? VALID : REVOKED };
  });
}

/** A line of JSON: the bytes, the verdict that they get with all of `crls/`, and the name of the fault if there is one. */
function lineOf({ item, expected, fault }: Task): string {
  return JSON.stringify({ hex: toHex(item.bytes), expected: expected.code, ...(fault === undefined ? {} : { fault }) });
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

// ----------------------------------------------------------------------------------------------------- certificates

function certificateFiles(
  scms: Scms,
  revokedDevice: number,
  { good, revoked }: Units,
  faults: readonly BuiltFault[],
): DemoFile[] {
  const request = { devices: revokedDevice + 1, perWeek: CERTIFICATES_A_DEVICE };
  const named = (explicit: boolean): DemoFile[] =>
    [...pseudonyms(scms, { ...request, explicit })]
      .filter(({ device }) => device === 0 || device === revokedDevice)
      .map(({ device, i, j, bytes }) => {
        const vehicle = device === revokedDevice ? 'revoked' : 'vehicle';
        return file(`certs/${vehicle}-${explicit ? 'explicit' : 'implicit'}-${i}-${j}.oer`, bytes);
      });
  const files = [
    ...named(false),
    ...named(true),
    file('certs/roadside-unit.oer', good.bytes),
    file('certs/revoked-roadside-unit.oer', revoked.bytes),
  ];
  const tasks = files.map(({ name, bytes }): Task => {
    const isRevoked = name.includes('revoked');
    const expected = isRevoked ? REVOKED : name.includes('implicit') ? RECONSTRUCTED : VALID;
    return { item: { kind: 'certificate', bytes }, expected };
  });
  return [...files, file('certs.ndjson', lines([...tasks, ...faultTasks(faults, 'certificate')].map(lineOf)))];
}

/** Messages of another SCMS, whose root is not here: pins vouch for the keys of its certificates. */
function foreignFiles(seed: string): DemoFile[] {
  const other = createScms({ seed: `${seed}, another SCMS`, electors: 0 });
  const [vehicle] = pseudonyms(other, { devices: 1, perWeek: 1 }) as Iterable<Credential>;
  const unit = applicationCertificate(other, { label: 'roadside unit' });
  const onP384 = issueExplicit({
    issuer: other.pca,
    key: generateKey(other.random.fork('unit on P-384'), 'ecdsaNistP384'),
    fields: unit.toBeSigned,
  });
  const signers = [vehicle as Credential, unit, onP384];
  const pins = signers.map((signer) => ({ certificate: toHex(signer.bytes), publicKey: toHex(compressed(signer)) }));
  const messages = signers.map((signer) => {
    const psid = signer === vehicle ? PSID_BSM : PSID_TRAVELLER_INFORMATION;
    return signMessage(signer, {
      psid,
      payload: Buffer.from('from elsewhere'),
      generationTime: other.at,
      signer: 'digest',
    });
  });
  return [file('foreign.oer', concat(messages)), file('pins.json', `${JSON.stringify(pins, null, 2)}\n`)];
}

function compressed({ key }: Credential): Uint8Array {
  const { x, y } = publicPoint(key);
  return concat([Uint8Array.of(2 | ((y.at(-1) as number) & 1)), x]);
}
