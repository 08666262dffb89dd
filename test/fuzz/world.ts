/** Everything that differential tests send, and everything that it may be verified under: the PKI of the benchmarks, whose attacks it shares. */
import { FAMILIES, Scene } from '../../bench/inputs/attacks/index.ts';
import { Traffic } from '../../bench/inputs/traffic.ts';
import { decode } from '../../src/coer/index.ts';
import { type GeographicRegionValue, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import {
  app,
  applicationCertificate,
  buildSpecimen,
  type Credential,
  createScms,
  FAULTS,
  implicitApplicationCertificate,
  type MessageRequest,
  PSID_BSM,
  PSID_SERVICE_ADVERTISEMENT,
  PSID_TRAVELLER_INFORMATION,
  publicPoint,
  SPECIALS,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Item, Policy, TrustMaterial } from '../../src/verifier/index.ts';
import { devicesRevoked, revocationOf } from '../support/crls.ts';
import { type Dice, mutant, type Seed } from './mutate.ts';

/** Items of an attack that are made before they come again. */
const OF_AN_ATTACK = 8;
/** Larger ones are left to the benchmarks: mutants of them would take all the time. */
const LARGEST = 6000;

const PSIDS = [PSID_BSM, PSID_SERVICE_ADVERTISEMENT, PSID_TRAVELLER_INFORMATION];
const REGION: GeographicRegionValue = {
  tag: 'circularRegion',
  value: { center: { latitude: 420_000_000, longitude: -840_000_000 }, radius: 900 },
};

export interface World {
  readonly trusts: readonly TrustMaterial[];
  readonly revocations: readonly (RevocationData | undefined)[];
  /** The first is the one that most batches are verified under. */
  readonly policies: readonly Policy[];
  /** The next batch: good traffic in order, mutants, attacks, items that came before, certificates out of messages. */
  batch(dice: Dice, size: number): Item[];
}

export async function createWorld(): Promise<World> {
  const traffic = new Traffic();
  const { scms } = traffic;
  const scene = new Scene(traffic);
  const attacks = (await Promise.all(FAMILIES.map((family) => family.attacks(scene)))).flat();
  const hostile = attacks
    .flatMap(({ take }) => take(OF_AN_ATTACK).items)
    .filter(({ bytes }) => bytes.length <= LARGEST);
  const faulty = [...FAULTS, ...SPECIALS].flatMap((specimen): Item[] => {
    const { bytes, item, options, trust } = buildSpecimen(specimen, scms);
    return options === undefined && trust === undefined ? [{ kind: specimen.kind, bytes, ...item }] : [];
  });
  const senders = sendersOf(traffic);
  const seeds = [...seedsOf(traffic, senders), ...hostile.filter((_, i) => i % OF_AN_ATTACK === 0), ...faulty].map(
    ({ kind, bytes }): Seed => ({ kind, bytes }),
  );
  const usable = seeds.filter(({ bytes }) => bytes.length > 0);
  const past: Item[] = [];

  const next = (dice: Dice): Item => {
    const choice = dice.below(20);
    if (choice < 7) return message(dice.pick(senders), scms.at + BigInt(dice.below(2 ** 30)), dice);
    if (choice < 13) {
      const { seed, bytes } = mutant(usable, dice);
      return { kind: dice.below(32) === 0 ? otherKind(seed.kind) : seed.kind, bytes };
    }
    if (choice < 15) return dice.pick(hostile);
    if (choice < 16) return dice.pick(faulty);
    const again = past.length > 0 ? dice.pick(past) : dice.pick(hostile);
    return choice < 18 ? again : (signerOf(again) ?? again);
  };
  return {
    trusts: trustsOf(traffic, senders),
    revocations: [
      undefined,
      await revocationOf(scms, [devicesRevoked(1, 2)]),
      await revocationOf(scms, [{ kind: 'fullHashCrl', certificates: senders.slice(0, 2) }]),
      await revocationOf(scms, [devicesRevoked(0)]),
    ],
    policies: policiesOf(scms.at),
    batch: (dice, size) =>
      Array.from({ length: size }, () => {
        const item = next(dice);
        if (past.length < 512) past.push(item);
        else past[dice.below(512)] = item;
        return item;
      }),
  };
}

function sendersOf({ scms, recurring }: Traffic): Credential[] {
  return [
    ...recurring,
    ...['one', 'two', 'three'].map((label) => applicationCertificate(scms, { label })),
    ...['four', 'five'].map((label) => implicitApplicationCertificate(scms, { label })),
    applicationCertificate(scms, { label: 'six', issuer: scms.worldwidePca }),
    applicationCertificate(scms, { label: 'seven', issuer: scms.worldwidePca, fields: { region: REGION } }),
    implicitApplicationCertificate(scms, { label: 'eight', issuer: scms.worldwidePca, fields: { region: REGION } }),
    applicationCertificate(scms, { label: 'nine', fields: { appPermissions: [app(PSID_SERVICE_ADVERTISEMENT)] } }),
  ];
}

function seedsOf(traffic: Traffic, senders: readonly Credential[]): Item[] {
  const { scms } = traffic;
  const cas = [scms.root, scms.ica, scms.pca, scms.worldwideIca, scms.worldwidePca, scms.crlg];
  const messages = senders.flatMap((sender) =>
    (['certificate', 'digest', 'chain'] as const).map((signer): Item => {
      const request = { psid: PSID_BSM, payload: Uint8Array.of(1, 2, 3), generationTime: scms.at, signer };
      return { kind: 'message', bytes: signMessage(sender, request) };
    }),
  );
  return [
    ...[...cas, ...senders].map(({ bytes }): Item => ({ kind: 'certificate', bytes })),
    ...messages,
    ...traffic.firstMessages('explicit', 0, 8).items,
    ...traffic.firstMessages('implicit', 0, 8).items,
  ];
}

/** A message signed as it stands; every third breaks a rule in fields that its like have elsewhere, or keeps to it there. */
function message(sender: Credential, generationTime: bigint, dice: Dice): Item {
  const signer = dice.pick(['digest', 'digest', 'certificate', 'chain'] as const);
  const rForm = dice.pick(['compressed', 'compressed', 'x-only', 'uncompressed'] as const);
  const usual = { psid: PSID_BSM, payload: dice.octets(8), generationTime, signer, rForm };
  const varied = dice.below(3) === 0 ? dice.pick(VARIATIONS)(generationTime, dice) : {};
  const bytes = signMessage(sender, { ...usual, ...varied });
  const below = dice.below(16);
  return { kind: 'message', bytes, ...(below < 2 && { lowerLayerPsid: below === 0 ? usual.psid : 0x83 }) };
}

const HOUR = 3600n * 1_000_000n;
const location = (latitude: number) => ({ latitude, longitude: -840_000_000, elevation: 0 });

const VARIATIONS: readonly ((generationTime: bigint, dice: Dice) => Partial<MessageRequest>)[] = [
  (_, dice) => ({ psid: dice.pick(PSIDS) }),
  (at, dice) => ({ generationTime: at + BigInt(dice.below(4000) - 2000) * HOUR }),
  (at, dice) => ({ expiryTime: at + BigInt(dice.below(400) - 50) * HOUR }),
  (_, dice) => ({ generationLocation: location(420_000_000 + dice.pick([0, 0, 5000, 900_000, 480_000_001])) }),
  (at, dice) => ({ psid: dice.pick(PSIDS), expiryTime: at + BigInt(dice.below(100)) * HOUR }),
];

const otherKind = (kind: Item['kind']): Item['kind'] => (kind === 'message' ? 'certificate' : 'message');

/** The certificate that a message attaches, as an item. */
function signerOf({ kind, bytes }: Item): Item | undefined {
  const decoded = kind === 'message' ? decode(Ieee1609Dot2Data, bytes) : undefined;
  if (!decoded?.ok || decoded.value.content.tag !== 'signedData') return undefined;
  const { signer } = decoded.value.content.value;
  if (signer.tag !== 'certificate') return undefined;
  return { kind: 'certificate', bytes: signer.value[0]?.encoded as Uint8Array };
}

function trustsOf({ scms, options: { trust } }: Traffic, senders: readonly Credential[]): TrustMaterial[] {
  const other = createScms({ seed: 'fuzz, another', rootCurve: 'ecdsaNistP384', caCurve: 'ecdsaNistP384' });
  const [pinned] = senders as [Credential];
  return [
    trust,
    { roots: trust.roots },
    { roots: [], certificates: trust.certificates ?? [] },
    {
      roots: [...trust.roots, ...other.trust().roots],
      certificates: [...(trust.certificates ?? []), scms.worldwidePca.bytes],
    },
    { ...trust, pins: [{ certificate: pinned.bytes, publicKey: publicKeyOf(pinned) }] },
    { roots: other.trust().roots, certificates: trust.certificates ?? [] },
  ];
}

function publicKeyOf({ key }: Credential): Uint8Array {
  const { x, y } = publicPoint(key);
  return Uint8Array.of(4, ...x, ...y);
}

function policiesOf(at: bigint): Policy[] {
  const YEAR = 365n * 24n * 3600n * 1_000_000n;
  return [
    { at },
    { at, allErrors: true },
    { at, requireLocation: true },
    { at: at + 20n * YEAR },
    { at: at - YEAR },
    { at, atOwnStart: true },
    { at, lenient: ['min-chain-length', 'request-chain-length'] },
    { at, requireCrl: true },
    { at, overdue: 'reject' },
    { at, relevance: { maxAgeSeconds: 1e9, replayWindowSeconds: 1e6 } },
    { at, relevance: { maxFutureSeconds: 100, checkExpiry: true, checkCertificateExpiry: true } },
  ];
}
