import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { ToBeSignedData } from '../../dot2/index.ts';
import type { RelevanceOptions } from '../../verifier/types.ts';
import type { Credential } from '../certificates.ts';
import { CURVES } from '../keys.ts';
import type { MessageRequest } from '../messages.ts';
import { PSID_BSM, PSID_SERVICE_ADVERTISEMENT } from '../permissions.ts';
import type { Random } from '../random.ts';
import type { Scms } from '../scms.ts';
import { negated } from '../sign.ts';
import { type Case, type Fault, fault, implicitLeaf, message, PAYLOAD, type Specimen, special } from './support.ts';

/** What a genuine message says of its times, its data and itself, and what the receiver makes of it (§5.2.4.2). */

const SECOND = 1_000_000n;
const HERE = { latitude: 425_000_000, longitude: -835_000_000, elevation: 4096 };
/** 0.01 degree further north: 1.1 km. */
const THERE = { ...HERE, latitude: HERE.latitude + 100_000 };

/** Start and end of the signing certificate below: a week and an hour. */
const startOf = (scms: Scms): bigint => BigInt(scms.start) * SECOND;
const endOf = (scms: Scms): bigint => startOf(scms) + 169n * 3600n * SECOND;

type Header = (scms: Scms) => Partial<MessageRequest>;
type Surroundings = (scms: Scms) => Omit<Case, 'bytes'>;

const WHERE = { depth: 0, signature: 'ok' } as const;
const NONE: Surroundings = () => ({});

function byDevice(header: Header, surroundings: Surroundings) {
  return (scms: Scms, random: Random): Case => ({
    bytes: message(scms, implicitLeaf(scms, random), header(scms)),
    ...surroundings(scms),
  });
}
const header = (
  name: string,
  description: string,
  change: Header,
  around: Surroundings = NONE,
  where: Parameters<typeof fault>[3] = WHERE,
): Fault => fault('message', name, description, where, byDevice(change, around));
const good = (name: string, description: string, change: Header, around: Surroundings = NONE): Specimen =>
  special('message', name, description, byDevice(change, around));

const timeless: Partial<MessageRequest> = { generationTime: undefined };
const relevance =
  (options: RelevanceOptions): Surroundings =>
  () => ({ options: { relevance: options } });

const TIMES: readonly Fault[] = [
  header('futureCertificateAtGenerationTime', 'generated a microsecond before the certificate was valid', (scms) => ({
    generationTime: startOf(scms) - 1n,
  })),
  header('expiredCertificateAtGenerationTime', 'generated a microsecond after the certificate had expired', (scms) => ({
    generationTime: endOf(scms) + 1n,
  })),
  header('expiryDateTooEarly', 'expires before the certificate is valid', (scms) => ({
    ...timeless,
    expiryTime: startOf(scms) - 1n,
  })),
  header('expiryDateTooLate', 'expires after the certificate', (scms) => ({ expiryTime: endOf(scms) + 1n })),
  header(
    'notYetValid/message',
    'no generation time, verified before the certificate is valid',
    () => timeless,
    (scms) => ({
      options: { at: startOf(scms) - SECOND },
    }),
    { depth: 1, signature: 'ok' },
  ),
  header(
    'certificateExpired/message',
    'no generation time, verified after the certificate has expired',
    () => timeless,
    (scms) => ({
      options: { at: endOf(scms) + SECOND },
    }),
    { depth: 1, signature: 'ok' },
  ),
];

const external =
  (data: Uint8Array): Surroundings =>
  () => ({ item: { externalData: data } });
const hashOf = (data: Uint8Array): { extDataHash: NonNullable<ToBeSignedData['payload']['extDataHash']> } => ({
  extDataHash: { tag: 'sha256HashedData', value: sha256(data) },
});
const OTHER = PAYLOAD.slice(1);

const CONSISTENCY: readonly Fault[] = [
  header('expiryTimeBeforeGenerationTime', 'expires a second before it was generated', (scms) => ({
    expiryTime: scms.at - SECOND,
  })),
  header('expiryTimeBeforeGenerationTime/equal', 'expires when it is generated', (scms) => ({ expiryTime: scms.at })),
  header('extDataHashDoesntMatch', 'other external data', () => hashOf(PAYLOAD), external(OTHER)),
  header(
    'extDataHashDoesntMatch/sha384',
    'other external data, hashed with SHA-384',
    () => ({ extDataHash: { tag: 'sha384HashedData', value: sha384(PAYLOAD) } }),
    external(OTHER),
  ),
  header('noExtDataHashProvided', 'external data is hashed, and none is handed in', () => hashOf(PAYLOAD)),
  header('noExtDataHashPresent', 'external data is handed in, and none is hashed', () => ({}), external(PAYLOAD)),
  header(
    'PSIDsDontMatch',
    'the layer below carried another PSID',
    () => ({}),
    () => ({
      item: { lowerLayerPsid: PSID_SERVICE_ADVERTISEMENT },
    }),
  ),
];

const NEAR = { latitude: HERE.latitude, longitude: HERE.longitude, maxDistanceMetres: 1000 };

const RELEVANCE: readonly Fault[] = [
  header(
    'generationTimeNotAvailable',
    'no generation time to check its age by',
    () => timeless,
    relevance({ maxAgeSeconds: 5 }),
  ),
  header(
    'generationTimeNotAvailable/future',
    'no generation time to compare with now',
    () => timeless,
    relevance({ maxFutureSeconds: 5 }),
  ),
  header(
    'generationLocationNotAvailable',
    'no location to check its distance by',
    () => ({}),
    relevance({ position: NEAR }),
  ),
  header(
    'generationTimeTooFarInPast',
    'older than five seconds',
    (scms) => ({ generationTime: scms.at - 5n * SECOND - 1n }),
    relevance({ maxAgeSeconds: 5 }),
  ),
  header(
    'tooFarInFuture',
    'generated more than a second from now',
    (scms) => ({ generationTime: scms.at + SECOND + 1n }),
    relevance({ maxFutureSeconds: 1 }),
  ),
  header(
    'expiryTimeInPast',
    'expired a second ago',
    (scms) => ({ generationTime: scms.at - 9n * SECOND, expiryTime: scms.at - SECOND }),
    relevance({ checkExpiry: true }),
  ),
  fault(
    'message',
    'certificateExpired/relevance',
    'the certificate has expired since',
    { signature: 'ok' },
    byDevice(
      () => ({}),
      (scms) => ({
        options: { at: endOf(scms) + SECOND, relevance: { checkCertificateExpiry: true } },
      }),
    ),
  ),
  header(
    'generationLocationTooDistant',
    'generated more than a kilometre away',
    () => ({ generationLocation: THERE }),
    relevance({ position: NEAR }),
  ),
];

const REPLAY_WINDOW = { relevance: { replayWindowSeconds: 30 } };

function replay(name: string, description: string, again: (scms: Scms, signer: Credential) => Uint8Array): Fault {
  return fault('message', name, description, WHERE, (scms, random) => {
    const signer = implicitLeaf(scms, random);
    return { bytes: again(scms, signer), before: [message(scms, signer)], options: REPLAY_WINDOW };
  });
}

const REPLAY: readonly Fault[] = [
  replay('replayedSpdu', 'the same octets again', (scms, signer) => message(scms, signer)),
  replay('replayedSpdu/negated', 'the same message with the other signature of the same value', (scms, signer) =>
    message(scms, signer, { alterSignature: (raw) => negated(CURVES.ecdsaNistP256, raw) }),
  ),
  replay('replayedSpdu/digest', 'the same message with a digest for its certificate', (scms, signer) =>
    message(scms, signer, { signer: 'digest' }),
  ),
];

export const HEADER_FAULTS: readonly Fault[] = [...TIMES, ...CONSISTENCY, ...RELEVANCE, ...REPLAY];

export const HEADER_SPECIALS: readonly Specimen[] = [
  good('times/start', 'generated when the certificate starts', (scms) => ({ generationTime: startOf(scms) })),
  good('times/end', 'generated when the certificate ends', (scms) => ({ generationTime: endOf(scms) })),
  good('times/expiry at end', 'expires with the certificate', (scms) => ({ expiryTime: endOf(scms) })),
  good('times/none', 'neither time', () => timeless),
  good(
    'times/late',
    'verified years after it was generated',
    () => ({}),
    (scms) => ({
      options: { at: scms.at + 100_000_000n * SECOND },
    }),
  ),
  good('externalData', 'external data with the right hash', () => hashOf(PAYLOAD), external(PAYLOAD)),
  good(
    'externalData/sha384',
    'external data with the right SHA-384 hash',
    () => ({ extDataHash: { tag: 'sha384HashedData', value: sha384(PAYLOAD) } }),
    external(PAYLOAD),
  ),
  good(
    'lowerLayerPsid',
    'the layer below carried the same PSID',
    () => ({}),
    () => ({
      item: { lowerLayerPsid: PSID_BSM },
    }),
  ),
  good(
    'relevance/at the limits',
    'as old and as far away as is allowed',
    (scms) => ({ generationTime: scms.at - 5n * SECOND, generationLocation: HERE, expiryTime: scms.at }),
    relevance({
      maxAgeSeconds: 5,
      maxFutureSeconds: 0,
      checkExpiry: true,
      checkCertificateExpiry: true,
      position: NEAR,
    }),
  ),
  special('message', 'replay/another message', 'the same data a moment later', (scms, random) => {
    const signer = implicitLeaf(scms, random);
    const bytes = message(scms, signer, { generationTime: scms.at + 100_000n });
    return { bytes, before: [message(scms, signer)], options: REPLAY_WINDOW };
  }),
];
