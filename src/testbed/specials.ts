import type { Certificate, HeaderInfo, Ieee1609Dot2Data } from '../dot2/index.ts';
import { type CertificateFields, type Credential, issueImplicit, named } from './certificates.ts';
import { CHAIN_SPECIALS } from './faults/chain.ts';
import { HEADER_SPECIALS } from './faults/headers.ts';
import { PERMISSION_SPECIALS } from './faults/permissions.ts';
import { REGION_SPECIALS } from './faults/regions.ts';
import {
  flipLast,
  implicitLeaf,
  leaf,
  message,
  messageWithChain,
  ones,
  PAYLOAD,
  pcaUnder,
  type Specimen,
  special,
} from './faults/support.ts';
import { CURVES, type CurveName, curvePoint, generateKey, orderOf, type PointForm, publicPoint } from './keys.ts';
import { attached, signedMessage } from './messages.ts';
import { app, PCA_ISSUE_PERMISSIONS, PSID_BSM, SERIES_COMPONENT } from './permissions.ts';
import type { Random } from './random.ts';
import { createScms, type Scms, yearsFrom } from './scms.ts';
import { negated, type RawSignature } from './sign.ts';

/** Rare certificates and messages that nevertheless have to be accepted. */

const P256 = CURVES.ecdsaNistP256;

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const isHigh = (s: Uint8Array): boolean => BigInt(`0x${hex(s)}`) > orderOf(P256) / 2n;
const highS = (raw: RawSignature): RawSignature => (isHigh(raw.s) ? raw : negated(P256, raw));
const lowS = (raw: RawSignature): RawSignature => (isHigh(raw.s) ? negated(P256, raw) : raw);
/** r stands, its y is another: the hint of a signature never decides (DECISIONS D10). */
const wrongY = ({ R, s }: RawSignature): RawSignature => ({ R: { x: R.x, y: flipLast(R.y) }, s });

const FORMS: readonly PointForm[] = ['x-only', 'compressed', 'uncompressed'];

const SIGNATURES: readonly Specimen[] = [
  ...FORMS.flatMap((rForm) => [
    special('message', `rSig/${rForm}`, `rSig ${rForm}`, (scms, random) =>
      message(scms, implicitLeaf(scms, random), { rForm }),
    ),
    special(
      'certificate',
      `rSig/certificate: ${rForm}`,
      `rSig ${rForm} in a certificate`,
      (scms, random) => leaf(scms, random, { rForm }).bytes,
    ),
    special('message', `s/high, ${rForm}`, 's above half the order', (scms, random) =>
      message(scms, implicitLeaf(scms, random), { rForm, alterSignature: highS }),
    ),
    special('message', `s/low, ${rForm}`, 's below half the order', (scms, random) =>
      message(scms, implicitLeaf(scms, random), { rForm, alterSignature: lowS }),
    ),
  ]),
  special('message', 'rSig/wrong y', 'compressed with the wrong y', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { alterSignature: wrongY }),
  ),
  special('message', 'rSig/off the curve', 'uncompressed with a y off the curve', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { alterSignature: wrongY, rForm: 'uncompressed' }),
  ),
  special(
    'certificate',
    'rSig/certificate: wrong y',
    'compressed with the wrong y',
    (scms, random) => leaf(scms, random, { alterSignature: wrongY, rForm: 'compressed' }).bytes,
  ),
  special(
    'certificate',
    's/certificate: high',
    's above half the order',
    (scms, random) => leaf(scms, random, { alterSignature: highS }).bytes,
  ),
];

function encryptionKey(random: Random, form: PointForm) {
  const value = curvePoint(publicPoint(generateKey(random)), form);
  return { supportedSymmAlg: 'aes128Ccm', publicKey: { tag: 'eciesNistP256', value } } as const;
}

const CANONICAL_FORM: readonly Specimen[] = [
  special(
    'certificate',
    'canonical/key',
    'uncompressed key, signed in canonical form',
    (scms, random) => leaf(scms, random, { keyForm: 'uncompressed' }).bytes,
  ),
  special('message', 'canonical/signer', 'by a certificate with an uncompressed key', (scms, random) =>
    message(scms, leaf(scms, random, { keyForm: 'uncompressed' })),
  ),
  special('message', 'canonical/implicit', 'by an uncompressed reconstruction value', (scms, random) =>
    message(scms, implicitLeaf(scms, random, { pointForm: 'uncompressed' })),
  ),
  special(
    'certificate',
    'canonical/encryptionKey',
    'uncompressed encryption key',
    (scms, random) => leaf(scms, random, { fields: { encryptionKey: encryptionKey(random, 'uncompressed') } }).bytes,
  ),
  special('message', 'canonical/CA', 'a CA whose signature has a compressed R', (scms, random) => {
    const ca = pcaUnder(scms, random, scms.ica, { rForm: 'compressed', keyForm: 'uncompressed' });
    return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
  }),
  special('message', 'canonical/header key', 'uncompressed encryption key in the header', (scms, random) =>
    message(scms, implicitLeaf(scms, random), {
      header: { encryptionKey: { tag: 'public', value: encryptionKey(random, 'uncompressed') } },
    }),
  ),
  special('message', 'canonical/payload', 'signed data inside, with nothing in canonical form', (scms, random) => {
    const inner = signedMessage(leaf(scms, random, { keyForm: 'uncompressed', rForm: 'compressed' }), {
      psid: PSID_BSM,
      payload: PAYLOAD,
      signer: 'certificate',
      rForm: 'uncompressed',
    });
    return message(scms, implicitLeaf(scms, random), { payload: inner });
  }),
  special(
    'message',
    'canonical/digest',
    'the digest of a certificate that is not in canonical form',
    (scms, random) => {
      const signer = leaf(scms, random, { keyForm: 'uncompressed', rForm: 'compressed' });
      return { bytes: message(scms, signer, { signer: 'digest' }), before: [message(scms, signer)] };
    },
  ),
];

const unknownAddition = { bitmapBits: 12, unknown: [{ index: 11, octets: Uint8Array.of(1, 2, 3) }] };

const withHeader = (name: string, header: Partial<HeaderInfo>): Specimen =>
  special('message', `header/${name}`, `${name} in the header`, (scms, random) =>
    message(scms, implicitLeaf(scms, random), { header }),
  );
const withFields = (name: string, fields: Partial<CertificateFields>): Specimen =>
  special(
    'certificate',
    `certificate/${name}`,
    `a certificate with ${name}`,
    (scms, random) => leaf(scms, random, { fields }).bytes,
  );
const octets = (length: number): Uint8Array => new Uint8Array(length).fill(length);

const FIELDS: readonly Specimen[] = [
  withHeader('p2pcdLearningRequest', { p2pcdLearningRequest: octets(3) }),
  withHeader('missingCrlIdentifier', { missingCrlIdentifier: { cracaId: octets(3), crlSeries: 1 } }),
  withHeader('symmetric encryptionKey', {
    encryptionKey: { tag: 'symmetric', value: { tag: 'aes128Ccm', value: octets(16) } },
  }),
  withHeader('inlineP2pcdRequest', { inlineP2pcdRequest: [octets(3), ones(3)] }),
  withHeader('pduFunctionalType', { pduFunctionalType: 2 }),
  withHeader('contributedExtensions', { contributedExtensions: [{ contributorId: 2, extns: [octets(5)] }] }),
  withHeader('unknown extension', { extensionAdditions: unknownAddition }),
  special('message', 'header/requestedCertificate', 'another certificate in the header', (scms, random) => {
    const requestedCertificate = attachedCertificate(scms.pca);
    return message(scms, implicitLeaf(scms, random), { header: { requestedCertificate } });
  }),
  special('message', 'header/everything', 'every field of the header', (scms, random) =>
    message(scms, implicitLeaf(scms, random), {
      expiryTime: scms.at + 1_000_000n,
      generationLocation: { latitude: 425_000_000, longitude: -835_000_000, elevation: 4096 },
      header: {
        p2pcdLearningRequest: octets(3),
        missingCrlIdentifier: { cracaId: octets(3), crlSeries: 1 },
        encryptionKey: { tag: 'public', value: encryptionKey(random, 'compressed') },
        inlineP2pcdRequest: [octets(3)],
        requestedCertificate: attachedCertificate(scms.pca),
        pduFunctionalType: 1,
        contributedExtensions: [{ contributorId: 1, extns: [octets(1)] }],
        extensionAdditions: unknownAddition,
      },
    }),
  ),
  withFields('flags', { flags: octets(1) }),
  withFields('appExtensions', { appExtensions: [{ id: 1, content: octets(4) }] }),
  withFields('an unknown extension', { extensionAdditions: unknownAddition }),
  withFields('an assurance level', { assuranceLevel: octets(1) }),
  withFields('rollover', { canRequestRollover: null }),
  withFields('a binary id', { id: { tag: 'binaryId', value: octets(64) } }),
  withFields('no id', { id: { tag: 'none', value: null } }),
  withFields('a group linkage value', {
    id: {
      tag: 'linkageData',
      value: {
        iCert: 425,
        linkageValue: octets(9),
        groupLinkageValue: { jValue: Uint8Array.of(0, 0, 0, 15), value: ones(9) },
      },
    },
  }),
  withFields('a bitmap SSP', {
    appPermissions: [{ psid: PSID_BSM, ssp: { tag: 'bitmapSsp', value: Uint8Array.of(1, 0xf0) } }],
  }),
  withFields('twenty PSIDs', { appPermissions: Array.from({ length: 20 }, (_, psid) => app(psid + 1000)) }),
];

function attachedCertificate(credential: Credential) {
  const signer = attached([credential]);
  return (signer as Extract<typeof signer, { tag: 'certificate' }>).value[0] as Certificate;
}

const encrypted = (random: Random): Ieee1609Dot2Data => ({
  protocolVersion: 3,
  content: {
    tag: 'encryptedData',
    value: {
      recipients: [{ tag: 'pskRecipInfo', value: random.bytes(8) }],
      ciphertext: { tag: 'aes128ccm', value: { nonce: random.bytes(12), ccmCiphertext: random.bytes(40) } },
    },
  },
});

const PAYLOADS: readonly Specimen[] = [
  special('message', 'payload/empty', 'data of no octets', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { payload: new Uint8Array(0) }),
  ),
  special('message', 'payload/long', 'data of 70,000 octets', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { payload: new Uint8Array(70_000) }),
  ),
  special('message', 'payload/encrypted', 'encrypted data inside signed data', (scms, random) =>
    message(scms, implicitLeaf(scms, random), { payload: encrypted(random) }),
  ),
  special('message', 'payload/signed', 'signed data inside signed data', (scms, random) => {
    const inner = signedMessage(leaf(scms, random), { psid: PSID_BSM, payload: PAYLOAD, signer: 'certificate' });
    return message(scms, implicitLeaf(scms, random), { payload: inner });
  }),
];

/** A whole SCMS on other curves; the leaf's key follows, or is P-256. */
function onCurves(name: string, rootCurve: CurveName, caCurve: CurveName, leafCurve: CurveName): Specimen[] {
  const build = (random: Random): { scms: Scms; signer: Credential } => {
    const scms = createScms({ seed: random.bytes(32), rootCurve, caCurve, electors: 0 });
    return { scms, signer: leaf(scms, random, { key: generateKey(random, leafCurve) }) };
  };
  return [
    special('message', `curve/${name}`, `root ${rootCurve}, CAs ${caCurve}, signer ${leafCurve}`, (_, random) => {
      const { scms, signer } = build(random);
      return { bytes: message(scms, signer), trust: scms.trust() };
    }),
    special('certificate', `curve/certificate: ${name}`, `root ${rootCurve}, CAs ${caCurve}`, (_, random) => {
      const { scms, signer } = build(random);
      return { bytes: signer.bytes, trust: scms.trust() };
    }),
  ];
}

const CURVE_CHAINS: readonly Specimen[] = [
  ...onCurves('P-384', 'ecdsaNistP384', 'ecdsaNistP384', 'ecdsaNistP256'),
  ...onCurves('P-384 throughout', 'ecdsaNistP384', 'ecdsaNistP384', 'ecdsaNistP384'),
  ...onCurves('P-384 root only', 'ecdsaNistP384', 'ecdsaNistP256', 'ecdsaNistP256'),
  ...onCurves('brainpoolP256r1', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP256r1'),
  ...onCurves('brainpoolP384r1', 'ecdsaBrainpoolP384r1', 'ecdsaBrainpoolP384r1', 'ecdsaBrainpoolP384r1'),
  ...onCurves('brainpool and P-256', 'ecdsaBrainpoolP384r1', 'ecdsaNistP256', 'ecdsaBrainpoolP256r1'),
];

/** A CA whose certificate is implicit: nothing proves it but what is signed below it. */
function implicitCa(scms: Scms, random: Random): Credential {
  return issueImplicit({
    issuer: scms.ica,
    secret: generateKey(random).d,
    fields: {
      id: named('implicit-ca'),
      cracaId: scms.cracaId,
      crlSeries: SERIES_COMPONENT,
      validityPeriod: yearsFrom(scms.start, 10),
      certIssuePermissions: PCA_ISSUE_PERMISSIONS,
    },
  });
}

const IMPLICIT_CAS: readonly Specimen[] = [
  special('message', 'implicit/CA', 'an implicit certificate by an implicit CA', (scms, random) => {
    const ca = implicitCa(scms, random);
    return messageWithChain(scms, [implicitLeaf(scms, random, { issuer: ca }), ca]);
  }),
  special('message', 'implicit/CA of explicit', 'an explicit certificate by an implicit CA', (scms, random) => {
    const ca = implicitCa(scms, random);
    return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
  }),
];

/** Unusual, and right: every one has to be `valid`. */
export const SPECIALS: readonly Specimen[] = [
  ...SIGNATURES,
  ...CANONICAL_FORM,
  ...FIELDS,
  ...PAYLOADS,
  ...CURVE_CHAINS,
  ...IMPLICIT_CAS,
  ...REGION_SPECIALS,
  ...CHAIN_SPECIALS,
  ...PERMISSION_SPECIALS,
  ...HEADER_SPECIALS,
];
