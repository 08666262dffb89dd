import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { encode } from '../coer/index.ts';
import { CrlContents } from '../dot2/index.ts';
import type { CrlInput } from '../revocation/crl-verdict.ts';
import { CODES, type FailureCode } from '../verdict/index.ts';
import type { Policy, TrustMaterial } from '../verifier/types.ts';
import { type CertificateFields, type Credential, hashedId8, issueExplicit } from './certificates.ts';
import { hashEntries, hashEntryOf } from './crl-entries.ts';
import { type CrlRequest, type CrlSigning, crlContents, issueCrl, signCrl } from './crls.ts';
import { type Expected, flipLast, icaUnderRoot, trustWith } from './faults/support.ts';
import { generateKey, hashWith, orderOf, publicKeyValue, publicPoint } from './keys.ts';
import { unsecured } from './messages.ts';
import {
  app,
  crlPermission,
  PSID_CRL,
  PSID_SCMS,
  SERIES_COMPONENT,
  SERIES_PSEUDONYM,
  SERIES_ROOT_MANAGED,
} from './permissions.ts';
import type { Random } from './random.ts';
import { type Scms, WEEK_SECONDS, yearsFrom } from './scms.ts';

/** A CRL to verify, and the set-up that it needs. */
export interface CrlCase {
  readonly bytes: Uint8Array;
  /** CRLs that are judged in the same call. */
  readonly others?: readonly Uint8Array[];
  readonly previous?: readonly Uint8Array[];
  /** Beside the time of judgement, which is `scms.at` unless this says otherwise. */
  readonly policy?: Partial<Policy>;
  /** Instead of `scms.trust()`. */
  readonly trust?: TrustMaterial;
}

/** One way for a CRL to be wrong, or one rare way to be right. */
export interface CrlSpecimen {
  /** The code to expect, and `/variant` where there are several. */
  readonly name: string;
  readonly description: string;
  readonly expected: Expected;
  build(scms: Scms, random: Random): CrlCase;
}

type Build = (scms: Scms, random: Random) => Uint8Array | CrlCase;

function specimen(name: string, description: string, expected: Expected, build: Build): CrlSpecimen {
  return {
    name,
    description,
    expected,
    build(scms, random) {
      const built = build(scms, random);
      return built instanceof Uint8Array ? { bytes: built } : built;
    },
  };
}

type Where = Pick<Expected, 'depth' | 'signature'>;
const GENUINE: Where = { depth: 0, signature: 'ok' };

function fault(name: string, description: string, build: Build, where: Where = GENUINE): CrlSpecimen {
  const code = name.split('/')[0] as FailureCode;
  return specimen(name, description, { verdict: CODES[code].verdict, code, ...where }, build);
}

function special(name: string, description: string, build: Build): CrlSpecimen {
  return specimen(name, description, { verdict: 'valid', code: 'ok', ...GENUINE }, build);
}

/** Builds a specimen with a generator of its own: it is the same for any order of building. */
export function buildCrlSpecimen(one: CrlSpecimen, scms: Scms): CrlCase {
  return one.build(scms, scms.random.fork(`crl ${one.name}`));
}

/** The CRLs of a case as they are handed to the verifier: the one that counts first. */
export function inputsOf({ bytes, others = [] }: CrlCase): CrlInput[] {
  return [bytes, ...others].map((octets, i) => ({ bytes: octets, source: `crl ${i}` }));
}

/** A CRL generator like the testbed's, but for some fields, and under another issuer. */
export function crlGenerator(
  scms: Scms,
  random: Random,
  fields: Partial<CertificateFields>,
  issuer: Credential = scms.root,
): Credential {
  const { verifyKeyIndicator: _, encoded: _encoded, ...own } = scms.crlg.toBeSigned;
  return issueExplicit({ issuer, key: generateKey(random), fields: { ...own, ...fields } });
}

const issue =
  (request: CrlRequest, signing: CrlSigning = {}) =>
  (scms: Scms): Uint8Array =>
    issueCrl(scms, request, signing);

/** The contents, changed as octets, signed as they then are. */
const altered =
  (request: CrlRequest, change: (octets: Uint8Array) => Uint8Array) =>
  (scms: Scms): Uint8Array =>
    signCrl(scms, change(encode(CrlContents, crlContents(scms, request))));

/** Signed by a CRL generator of its own, which is in the trust material. */
const byOther =
  (
    fields: (scms: Scms) => Partial<CertificateFields>,
    request: (by: Credential) => CrlRequest = () => ({}),
    psid = PSID_CRL,
  ) =>
  (scms: Scms, random: Random): CrlCase => {
    const by = crlGenerator(scms, random, fields(scms));
    return { bytes: issueCrl(scms, request(by), { by, psid }), trust: trustWith(scms, by) };
  };

const appending =
  (...more: number[]) =>
  (octets: Uint8Array): Uint8Array =>
    Uint8Array.of(...octets, ...more);
const cutBy =
  (count: number) =>
  (octets: Uint8Array): Uint8Array =>
    octets.subarray(0, octets.length - count);
const HASHES = { kind: 'fullHashCrl', filler: 3 } as const;

const CONTENTS: readonly CrlSpecimen[] = [
  fault(
    'truncated/crl',
    'the contents end inside a date',
    altered({}, (octets) => octets.subarray(0, 17)),
  ),
  fault('tooManyElements/crl', 'the last entry lacks its last octet', altered({ filler: 2 }, cutBy(1))),
  fault('trailingBytes/crl', 'an octet follows the contents', altered({ filler: 1 }, appending(0))),
  fault('tooManyElements/hash entry', 'hash entries of neither 14 nor 15 octets', altered(HASHES, cutBy(2))),
  fault(
    'tooManyElements/long hash entry',
    'hash entries with octets left over',
    altered({ ...HASHES, edition: 2016 }, appending(0)),
  ),
  fault(
    'preamblePadding/entry',
    'unused bits are set in the preamble of an entry',
    altered({ filler: 2 }, (octets) => octets.map((octet, i) => (i === octets.length - 33 ? 1 : octet))),
  ),
  fault('unsupportedVersion/crl', 'version 2', issue({ version: 2 })),
  fault(
    'unsupportedCriticalInformationField/crl type',
    'a kind of CRL from the future',
    issue({ typeSpecific: { tag: 'unknown', index: 6, value: Uint8Array.of(0) } }),
  ),
  fault(
    'invalidCrlContents',
    'a linkage-based CRL without any list',
    issue({ typeSpecific: { tag: 'fullLinkedCrl', value: { iRev: 1, indexWithinI: 0 } } }),
  ),
  fault(
    'unexpectedStructure/no data',
    'the payload is a hash of something',
    (scms) =>
      signCrl(scms, new Uint8Array(0), {
        payload: undefined,
        extDataHash: { tag: 'sha256HashedData', value: new Uint8Array(32) },
      }),
    { depth: 0 },
  ),
  fault('unexpectedStructure/hash beside', 'a hash of something stands beside the contents', (scms) => {
    const extDataHash = { tag: 'sha256HashedData', value: new Uint8Array(32) } as const;
    return issueCrl(scms, {}, { extDataHash });
  }),
  fault(
    'notSigned/crl',
    'contents without signature',
    (scms) => {
      const { protocolVersion, content } = unsecured(encode(CrlContents, crlContents(scms)));
      return Uint8Array.of(
        protocolVersion,
        0x80,
        (content.value as Uint8Array).length,
        ...(content.value as Uint8Array),
      );
    },
    { signature: 'notChecked' },
  ),
];

const HERE = { latitude: 425_000_000, longitude: -835_000_000, elevation: 4096 };
const header = (name: string, signing: (scms: Scms) => CrlSigning): CrlSpecimen =>
  fault(`unexpectedCrlHeader/${name}`, `the header has ${name}`, (scms) => issueCrl(scms, {}, signing(scms)));
const HEADERS: readonly CrlSpecimen[] = [
  header('generationTime', (scms) => ({ generationTime: scms.at })),
  header('expiryTime', (scms) => ({ expiryTime: scms.at + 1n })),
  header('generationLocation', () => ({ generationLocation: HERE })),
  header('p2pcdLearningRequest', () => ({ header: { p2pcdLearningRequest: new Uint8Array(3) } })),
  header('missingCrlIdentifier', () => ({
    header: { missingCrlIdentifier: { cracaId: new Uint8Array(3), crlSeries: 1 } },
  })),
  header('encryptionKey', (scms) => ({
    header: {
      encryptionKey: {
        tag: 'public',
        value: {
          supportedSymmAlg: 'aes128Ccm',
          publicKey: { tag: 'eciesNistP256', value: publicKeyValue(scms.crlg.key).value as never },
        },
      },
    },
  })),
];

const SSP = [SERIES_PSEUDONYM];
const opaque = (...octets: number[]) => ({ appPermissions: [app(PSID_CRL, octets)] });
const AUTHORITY: readonly CrlSpecimen[] = [
  fault(
    'crlPSIDMismatch',
    'signed under PSID 35 by a signer that may use it',
    byOther(
      () => ({ appPermissions: [app(PSID_SCMS), crlPermission('issuerIsCraca', SSP)] }),
      () => ({}),
      PSID_SCMS,
    ),
  ),
  fault('unauthorizedPSID/crl', 'signed under PSID 35 by a signer that may not', issue({}, { psid: PSID_SCMS })),
  fault(
    'crlSignerNotAuthorized',
    'a signer with PSID 256 and no SSP',
    byOther(() => ({ appPermissions: [app(PSID_CRL)] })),
  ),
  fault(
    'crlSignerNotAuthorized/version',
    'an SSP of version 2',
    byOther(() => opaque(0, 2, 1, 1, 1, 0, 1)),
  ),
  fault(
    'crlSignerNotAuthorized/more',
    'an SSP with an octet too much',
    byOther(() => opaque(0, 1, 1, 1, 1, 0, 1, 0)),
  ),
  fault(
    'crlSignerNotAuthorized/craca',
    'an SSP with a third kind of CRACA',
    byOther(() => opaque(0, 1, 2, 1, 1, 0, 1)),
  ),
  fault('unauthorizedPSID/root', 'signed by a CA that has no CRL permission', (scms) =>
    issueCrl(scms, {}, { by: scms.ica }),
  ),
  fault('crlSeriesNotPermitted', 'a series that the CRLG does not have', issue({ series: SERIES_ROOT_MANAGED })),
  fault('crlSeriesNotPermitted/root', 'a series that the root leaves to its CRLG', (scms) =>
    issueCrl(scms, {}, { by: scms.root }),
  ),
  fault(
    'crlSeriesNotPermitted/none',
    'a CRLG with no series',
    byOther(() => ({ appPermissions: [crlPermission('issuerIsCraca', [])] })),
  ),
  fault('crlIssuerMismatch', 'crlCraca is the CRLG itself, which acts for its issuer', (scms) =>
    issueCrl(scms, { craca: hashedId8(scms.crlg) }),
  ),
  fault(
    'crlIssuerMismatch/isCraca',
    'crlCraca is the root, and the signer acts for itself',
    byOther(() => ({ appPermissions: [crlPermission('isCraca', SSP)] })),
  ),
  fault('crlIssuerMismatch/ground', 'crlCraca agrees with the root in its last three octets', (scms) => {
    const craca = hashedId8(scms.root).slice();
    craca[0] = (craca[0] as number) ^ 1;
    return issueCrl(scms, { craca });
  }),
  fault('crlIssuerMismatch/root', 'the root, as if it had an issuer', (scms, random) => {
    const root = issueExplicit({
      key: generateKey(random),
      fields: {
        ...scms.root.toBeSigned,
        appPermissions: [crlPermission('issuerIsCraca', SSP)],
      },
    });
    return { bytes: issueCrl(scms, { craca: hashedId8(root) }, { by: root }), trust: { roots: [root.bytes] } };
  }),
];

const CHAIN: readonly CrlSpecimen[] = [
  fault('badSignature/crl', 'the signature is not that of the signer', (scms) => flipLast(issueCrl(scms)), {
    depth: 0,
    signature: 'bad',
  }),
  fault(
    'badSignature/contents',
    'another device is revoked than was signed',
    (scms) => {
      const bytes = issueCrl(scms, { devices: [0] });
      const changed = bytes.slice();
      const seed = 100;
      changed[seed] = (changed[seed] as number) ^ 1;
      return changed;
    },
    { depth: 0, signature: 'bad' },
  ),
  fault(
    'certificateNotFound/crl',
    'nobody knows the signer',
    (scms) => ({
      bytes: issueCrl(scms),
      trust: { roots: scms.trust().roots },
    }),
    { depth: 0, signature: 'notChecked' },
  ),
  fault('certificateNotFound/self', 'signed by nobody in particular', issue({}, { signer: 'self' }), { depth: 0 }),
  fault(
    'issuerNotFound/crl',
    'the root is not known',
    (scms) => ({
      bytes: issueCrl(scms, {}, { signer: 'certificate' }),
      trust: { roots: [] },
    }),
    { depth: 1, signature: 'ok' },
  ),
  fault(
    'chainEndedAtUntrustedRoot/crl',
    'the root is known and not trusted',
    (scms) => ({
      bytes: issueCrl(scms, {}, { signer: 'certificate' }),
      trust: { roots: [], certificates: [scms.root.bytes] },
    }),
    { depth: 2, signature: 'ok' },
  ),
  fault('chainEndedAtUntrustedRoot/pin', 'a pin vouches for the signer, and under no root', (scms) => {
    const { x, y } = publicPoint(scms.crlg.key);
    const publicKey = Uint8Array.of(4, ...x, ...y);
    return {
      bytes: issueCrl(scms),
      trust: { roots: [], pins: [{ certificate: scms.crlg.bytes, publicKey }] },
    };
  }),
  fault(
    'inconsistentChainPermissions/crl',
    'a CRLG that its issuer may not certify',
    (scms, random) => {
      const by = crlGenerator(scms, random, { validityPeriod: yearsFrom(scms.start, 5) }, scms.eca);
      return { bytes: issueCrl(scms, { craca: hashedId8(scms.eca) }, { by, signer: 'certificate' }) };
    },
    { depth: 1, signature: 'ok' },
  ),
];

/** Valid for four weeks from the first one on. */
const shortLived = (scms: Scms) => ({
  validityPeriod: { start: scms.start, duration: { tag: 'hours' as const, value: 4 * 168 } },
});
const DATES: readonly CrlSpecimen[] = [
  fault('crlDatesInconsistent', 'the next CRL is due when this one was issued', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start, nextCrl: scms.start }),
  })),
  fault('crlDatesInconsistent/before', 'the next CRL is due a second before this one', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start + 1, nextCrl: scms.start }),
  })),
  fault('crlIssuedInFuture', 'issued a second after the time of judgement', (scms) => ({
    bytes: issueCrl(scms, { issueDate: Number(scms.at / 1_000_000n) + 1 }),
  })),
  fault(
    'futureCertificateAtGenerationTime/crl',
    'issued a second before its signer was valid',
    byOther(shortLived, ({ toBeSigned }) => {
      const { start } = toBeSigned.validityPeriod;
      return { issueDate: start - 1, nextCrl: start + WEEK_SECONDS };
    }),
  ),
  fault(
    'certificateExpired/crl',
    'the signer has expired at the time of judgement',
    (scms, random) => {
      const built = byOther(shortLived, () => ({ nextCrl: scms.start + 10 * WEEK_SECONDS }))(scms, random);
      return { ...built, policy: { at: BigInt(scms.start + 5 * WEEK_SECONDS) * 1_000_000n } };
    },
    { depth: 1, signature: 'ok' },
  ),
  fault('overdueCRL/crl', 'a second beyond the tolerance', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1) },
  })),
  fault('overdueCRLRejected/crl', 'the same, to be rejected', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1), overdue: 'reject' },
  })),
];

/** So many seconds after the tolerance of a CRL that was issued at the start. */
const overdueAt = (scms: Scms, seconds: number): bigint => BigInt(scms.start + 3 * WEEK_SECONDS + seconds) * 1_000_000n;

/** The root's list of components that are no more. */
const byRoot = (scms: Scms, certificates: readonly Credential[], request: CrlRequest = {}): Uint8Array =>
  issueCrl(scms, { kind: 'fullHashCrl', series: SERIES_ROOT_MANAGED, certificates, ...request }, { by: scms.root });

/** The same certificate with the other s that verifies, which is in its last bytes. */
export function withOtherSignature(credential: Credential): Credential {
  const { curve } = (credential.issuer ?? credential).key;
  const other = (octets: Uint8Array): Uint8Array => {
    const at = octets.length - curve.octets;
    const s = orderOf(curve) - bytesToNumberBE(octets.subarray(at));
    return Uint8Array.of(...octets.subarray(0, at), ...numberToBytesBE(s, curve.octets));
  };
  const canonical = other(credential.canonical);
  return { ...credential, bytes: other(credential.bytes), canonical, fullHash: hashWith(credential.hash, canonical) };
}

const REVOKED: Where = { depth: 1, signature: 'ok' };
const SIGNERS: readonly CrlSpecimen[] = [
  fault(
    'certificateRevoked/crlg',
    "the CRLG is on the root's CRL",
    (scms) => ({
      bytes: issueCrl(scms),
      others: [byRoot(scms, [scms.crlg])],
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/previous',
    "the CRLG is on the root's CRL of last week",
    (scms) => ({
      bytes: issueCrl(scms),
      previous: [byRoot(scms, [scms.crlg], { issueDate: scms.start - 3600 })],
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/overdue',
    'the CRLG is on a CRL of the root that is long overdue',
    (scms) => ({
      bytes: issueCrl(scms, { nextCrl: scms.start + 10 * WEEK_SECONDS }),
      others: [byRoot(scms, [scms.crlg])],
      policy: { at: overdueAt(scms, 1) },
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/n - s',
    'the CRLG writes n − s for s in its certificate',
    (scms) => {
      const twin = withOtherSignature(scms.crlg);
      const { roots } = scms.trust();
      return {
        bytes: issueCrl(scms, {}, { by: twin, signer: 'certificate' }),
        others: [byRoot(scms, [scms.crlg])],
        trust: { roots },
      };
    },
    REVOKED,
  ),
  fault(
    'certificateRevoked/issuer',
    "the CRLG's issuer is on the root's CRL",
    (scms, random) => {
      const ica = icaUnderRoot(scms, random);
      const by = crlGenerator(scms, random, { validityPeriod: yearsFrom(scms.start, 10) }, ica);
      return {
        bytes: issueCrl(scms, { craca: hashedId8(ica) }, { by }),
        others: [byRoot(scms, [ica])],
        trust: trustWith(scms, ica, by),
      };
    },
    { depth: 2, signature: 'ok' },
  ),
  fault(
    'certificateRevoked/itself',
    'a CRL that names its own signer',
    (scms, random) => {
      const by = crlGenerator(scms, random, { crlSeries: SERIES_COMPONENT });
      const request = { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [by] } as const;
      return { bytes: issueCrl(scms, request, { by }), trust: trustWith(scms, by) };
    },
    REVOKED,
  ),
];

const HASH = { kind: 'fullHashCrl' } as const;
const DELTA = { kind: 'deltaHashCrl' } as const;
const ORDER: readonly CrlSpecimen[] = [
  fault('crlRollback', 'a newer CRL is there', (scms) => ({
    bytes: issueCrl(scms),
    others: [issueCrl(scms, { issueDate: scms.start + 1, iRev: scms.firstPeriod - 1 })],
  })),
  fault('crlRollback/previous', 'a newer CRL was in force before', (scms) => ({
    bytes: issueCrl(scms),
    previous: [issueCrl(scms, { issueDate: scms.start + 1 })],
  })),
  fault('crlRollback/serial', 'a newer CRL with a lower serial', (scms) => ({
    bytes: issueCrl(scms, { ...HASH, issueDate: scms.start + 1, serial: 4 }),
    others: [issueCrl(scms, { ...HASH, serial: 5 })],
  })),
  fault('crlRollback/delta', 'a delta that the full CRL has in it', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 1, serial: 5 }),
    others: [issueCrl(scms, { ...HASH, serial: 5 })],
  })),
  fault('crlNotContinuous', 'a delta with no full CRL', issue({ ...DELTA, serial: 1 })),
  fault('crlNotContinuous/gap', 'a delta that skips another', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 2, serial: 2 }),
    others: [issueCrl(scms, HASH)],
  })),
  fault('crlNotContinuous/older', 'a delta that was issued before the full CRL which it follows', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, serial: 1 }),
    others: [issueCrl(scms, { ...HASH, issueDate: scms.start + 1 })],
  })),
  fault('crlNotContinuous/iRev', 'a delta for another iRev', (scms) => ({
    bytes: issueCrl(scms, { kind: 'deltaLinkedCrl', issueDate: scms.start + 1, serial: 1, iRev: scms.firstPeriod + 1 }),
    others: [issueCrl(scms)],
  })),
  fault('crlNotContinuous/two', 'two CRLs with the same date and serial', (scms) => ({
    bytes: issueCrl(scms, HASH),
    others: [issueCrl(scms, { ...HASH, filler: 1 })],
  })),
];

/** Every way for a CRL to be wrong that this testbed knows. */
export const CRL_FAULTS: readonly CrlSpecimen[] = [
  ...CONTENTS,
  ...HEADERS,
  ...AUTHORITY,
  ...CHAIN,
  ...DATES,
  ...SIGNERS,
  ...ORDER,
];

/** CRLs that have to be accepted although something about them is rare. */
export const CRL_SPECIALS: readonly CrlSpecimen[] = [
  ...(['fullHashCrl', 'fullLinkedCrl', 'fullLinkedCrlWithAlg'] as const).flatMap((kind) => [
    special(`${kind}`, `a ${kind} with entries`, issue({ kind, filler: 3, priority: 7 })),
    special(`${kind}/empty`, `a ${kind} that revokes nobody`, issue({ kind })),
  ]),
  special('fullHashCrl/2016', 'entries of 14 octets', issue({ ...HASHES, edition: 2016 })),
  special('fullHashCrl/extended', 'an entry with an extension that nobody knows', (scms) => {
    const { octets } = hashEntries(scms, [hashEntryOf(scms.pca), hashEntryOf(scms.eca)]);
    // The second entry gets the extension bit, a bitmap with one bit, and an open type of one octet behind it.
    const extended = Uint8Array.of(...octets.subarray(0, 15), 0x80, ...octets.subarray(16), 2, 7, 0x80, 1, 0xff);
    const entries = { count: 2, width: 15, octets: extended, starts: Uint32Array.of(0, 15) };
    return issueCrl(scms, { typeSpecific: { tag: 'fullHashCrl', value: { crlSerial: 0, entries } } });
  }),
  special(
    'linkage/every list',
    'individuals, single seeds, groups, groups with single seeds',
    issue({
      devices: [0],
      singleSeeds: [1],
      groups: [2],
      groupSingleSeeds: [3],
    }),
  ),
  special(
    'linkage/every list, WithAlg',
    'the same with its functions named',
    issue({
      kind: 'fullLinkedCrlWithAlg',
      devices: [0],
      singleSeeds: [1],
      groups: [2],
      groupSingleSeeds: [3],
    }),
  ),
  special('delta', 'a delta on the full CRL that comes with it', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 1, serial: 1 }),
    others: [issueCrl(scms, HASH)],
  })),
  special('delta/previous', 'a linkage-based delta on the CRL in force', (scms) => ({
    bytes: issueCrl(scms, { kind: 'deltaLinkedCrl', devices: [1], issueDate: scms.start + 1, serial: 1 }),
    previous: [issueCrl(scms, { devices: [0] })],
  })),
  special('newer', 'a newer CRL with an older iRev', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start + 1, iRev: scms.firstPeriod - 1 }),
    previous: [issueCrl(scms)],
  })),
  special('again', 'the CRL that was in force before', (scms) => ({
    bytes: issueCrl(scms),
    previous: [issueCrl(scms)],
  })),
  special('overdue', 'just within the tolerance', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 0) },
  })),
  special('overdue/ignored', 'far beyond it, where that does not matter', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1000), overdue: 'ignore' },
  })),
  special('root', 'the series that the root issues itself', (scms) => byRoot(scms, [scms.ma])),
  special('attached', 'the signer is attached, and known from nowhere else', (scms) => ({
    bytes: issueCrl(scms, {}, { signer: 'certificate' }),
    trust: { roots: scms.trust().roots },
  })),
  special(
    'isCraca',
    'a CRLG under the root that acts for itself',
    byOther(
      () => ({ appPermissions: [crlPermission('isCraca', SSP)] }),
      (by) => ({ craca: hashedId8(by) }),
    ),
  ),
  special('not revoked/series', 'the CRLG is on a CRL of a series that is not its own', (scms, random) => {
    const by = crlGenerator(scms, random, { crlSeries: SERIES_PSEUDONYM });
    return {
      bytes: issueCrl(scms, {}, { by }),
      others: [byRoot(scms, [by])],
      trust: trustWith(scms, by),
    };
  }),
  special('not revoked/void', 'the CRLG is on the CRL of another that is revoked itself', (scms, random) => {
    const victim = crlGenerator(scms, random, { crlSeries: SERIES_COMPONENT });
    return {
      bytes: issueCrl(scms, {}, { by: victim }),
      others: [
        issueCrl(scms, { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [victim] }),
        byRoot(scms, [scms.crlg]),
      ],
      trust: trustWith(scms, victim),
    };
  }),
  special('not revoked/lifted', 'a newer CRL of the root does not name the CRLG any more', (scms) => ({
    bytes: issueCrl(scms),
    others: [byRoot(scms, [scms.crlg]), byRoot(scms, [], { issueDate: scms.start + 1, serial: 1 })],
  })),
];
