import { numberToBytesBE } from '@noble/curves/utils.js';
import type { HeaderInfo, SignatureValue } from '../../dot2/index.ts';
import { hashedId8 } from '../certificates.ts';
import { CURVES, curvePoint, generateKey, multiplyBase, orderOf, publicPoint } from '../keys.ts';
import { attached } from '../messages.ts';
import { PSID_TRAVELLER_INFORMATION } from '../permissions.ts';
import type { RawSignature } from '../sign.ts';
import {
  edit,
  type Fault,
  fault,
  flipLast,
  HEADER,
  implicitLeaf,
  leaf,
  message,
  messageWithChain,
  ones,
  PAYLOAD_FIELD,
  pcaUnder,
  trustWith,
} from './support.ts';

/**
 * Signatures that do not hold.
 *
 * Without a fault: `reconstructionFailed`. The key of an implicit certificate is e·P_U + Q_CA; for it to be infinity P_U
 * would have to be −e⁻¹·Q_CA, but e is a hash over the certificate that contains P_U, and over the CA certificate that
 * contains Q_CA: such a pair would be a fixed point of SHA-256. The kernel is tested with bare numbers.
 * For the same reason no good signature has an x(R) of n or more: Q would have to be chosen after e.
 */

const P256 = CURVES.ecdsaNistP256;
const ORDER = numberToBytesBE(orderOf(P256), 32);
const ZERO = new Uint8Array(32);

const altered: readonly [string, string, (raw: RawSignature) => RawSignature][] = [
  ['s = 0', 's is zero', (raw) => ({ ...raw, s: ZERO })],
  ['s = n', 's is the order', (raw) => ({ ...raw, s: ORDER })],
  ['s above n', 's is above the order', (raw) => ({ ...raw, s: ones(32) })],
  ['s flipped', 'a bit of s is flipped', (raw) => ({ ...raw, s: flipLast(raw.s) })],
  ['r = 0', 'r is zero', ({ R, s }) => ({ R: { ...R, x: ZERO }, s })],
  ['r = n', 'r is the order', ({ R, s }) => ({ R: { ...R, x: ORDER }, s })],
  ['r above n', 'r is above the order', ({ R, s }) => ({ R: { ...R, x: ones(32) }, s })],
  ['r flipped', 'a bit of r is flipped', ({ R, s }) => ({ R: { ...R, x: flipLast(R.x) }, s })],
];
const BAD = { depth: 0, signature: 'bad' } as const;

const OF_CERTIFICATES: readonly Fault[] = [
  ...altered.map(([name, description, alterSignature]) =>
    fault(
      'certificate',
      `badSignature/certificate: ${name}`,
      description,
      BAD,
      (scms, random) => leaf(scms, random, { alterSignature }).bytes,
    ),
  ),
  fault(
    'certificate',
    'badSignature/certificate: another key',
    'signed with another key',
    BAD,
    (scms, random) => leaf(scms, random, { signingKey: generateKey(random) }).bytes,
  ),
  fault('certificate', 'badSignature/certificate: own key', 'signed with its own key', BAD, (scms, random) => {
    const key = generateKey(random);
    return leaf(scms, random, { key, signingKey: key }).bytes;
  }),
  fault(
    'certificate',
    'badSignature/certificate: another issuer',
    'names an issuer that did not sign it',
    BAD,
    (scms, random) =>
      leaf(scms, random, {
        issuerField: { tag: 'sha256AndDigest', value: hashedId8(scms.worldwidePca) },
      }).bytes,
  ),
  ...(['id.name', 'cracaId', 'crlSeries', 'validityPeriod.duration.hours'] as const).map((field) =>
    fault('certificate', `badSignature/certificate: ${field}`, `${field} changed after signing`, BAD, (scms, random) =>
      edit('certificate', leaf(scms, random).bytes, `toBeSigned.${field}`, flipLast),
    ),
  ),
  fault(
    'certificate',
    'badSignature/certificate: key replaced',
    'the key replaced after signing',
    BAD,
    (scms, random) => {
      const path = 'toBeSigned.verifyKeyIndicator.verificationKey.ecdsaNistP256';
      const other = curvePoint(publicPoint(generateKey(random)), 'compressed');
      return edit('certificate', leaf(scms, random).bytes, path, () => [
        other.tag === 'compressed-y-0' ? 0x82 : 0x83,
        ...(other.value as Uint8Array),
      ]);
    },
  ),
  fault(
    'certificate',
    'badSignature/certificate: CA',
    'a CA with a wrong signature',
    BAD,
    (scms, random) => pcaUnder(scms, random, scms.ica, { alterSignature: ({ R, s }) => ({ R, s: flipLast(s) }) }).bytes,
  ),
];

/** Every field of a header set, so that each can be changed. */
const FULL: Partial<HeaderInfo> = {
  p2pcdLearningRequest: Uint8Array.of(1, 2, 3),
  missingCrlIdentifier: { cracaId: Uint8Array.of(4, 5, 6), crlSeries: 1 },
  pduFunctionalType: 1,
  inlineP2pcdRequest: [Uint8Array.of(7, 8, 9)],
  extensionAdditions: { bitmapBits: 6, unknown: [{ index: 5, octets: Uint8Array.of(1) }] },
};

const CHANGED_FIELDS = [
  `${PAYLOAD_FIELD}.data.content.unsecuredData`,
  `${HEADER}.generationTime`,
  `${HEADER}.expiryTime`,
  `${HEADER}.generationLocation`,
  `${HEADER}.p2pcdLearningRequest`,
  `${HEADER}.missingCrlIdentifier`,
  `${HEADER}.pduFunctionalType`,
  `${HEADER}.inlineP2pcdRequest`,
  `${HEADER}.extension 5`,
];

const OF_MESSAGES: readonly Fault[] = [
  ...altered.flatMap(([name, description, alterSignature]) =>
    (['x-only', 'compressed'] as const).map((rForm) =>
      fault('message', `badSignature/${name}, ${rForm}`, description, BAD, (scms, random) =>
        message(scms, implicitLeaf(scms, random), { alterSignature, rForm }),
      ),
    ),
  ),
  ...CHANGED_FIELDS.map((path) =>
    fault('message', `badSignature/${path.split('.').at(-1)}`, 'changed after signing', BAD, (scms, random) => {
      const bytes = message(scms, implicitLeaf(scms, random), {
        expiryTime: scms.at + 1_000_001n,
        generationLocation: { latitude: 425_000_000, longitude: -835_000_000, elevation: 4096 },
        header: FULL,
      });
      return edit('message', bytes, path, flipLast);
    }),
  ),
  fault('message', 'badSignature/psid', 'the PSID changed to another that the signer has', BAD, (scms, random) =>
    edit(
      'message',
      message(scms, implicitLeaf(scms, random), { psid: PSID_TRAVELLER_INFORMATION }),
      `${HEADER}.psid`,
      () => [1, 0x87],
    ),
  ),
  fault('message', 'badSignature/another key', 'signed with another key', BAD, (scms, random) =>
    message(scms, leaf(scms, random), { signingKey: generateKey(random) }),
  ),
  fault('message', 'badSignature/key of the issuer', 'signed with the key of the PCA', BAD, (scms, random) =>
    message(scms, implicitLeaf(scms, random), { signingKey: scms.pca.key }),
  ),
  fault(
    'message',
    'badSignature/another certificate',
    'sent with a certificate that did not sign it',
    BAD,
    (scms, random) => message(scms, implicitLeaf(scms, random), { signer: attached([implicitLeaf(scms, random)]) }),
  ),
  fault(
    'message',
    'badSignature/another certificate of the key',
    'signed as the holder of another certificate for the same key',
    BAD,
    (scms, random) => {
      const key = generateKey(random);
      const other = leaf(scms, random, { key, fields: { crlSeries: 77 } });
      return message(scms, leaf(scms, random, { key }), { signer: attached([other]) });
    },
  ),
  fault('message', 'badSignature/hashId', 'names SHA-384, signed with SHA-256', BAD, (scms, random) =>
    message(scms, implicitLeaf(scms, random), { hashId: 'sha384' }),
  ),
  fault('message', 'badSignature/another curve', 'a signature on a curve that the key is not on', BAD, (scms, random) =>
    message(scms, leaf(scms, random), { signingKey: generateKey(random, 'ecdsaBrainpoolP256r1') }),
  ),
  fault(
    'message',
    'badSignature/another digest',
    'a message under the digest of another sender',
    BAD,
    (scms, random) => {
      const [one, two] = [implicitLeaf(scms, random), implicitLeaf(scms, random)];
      const bytes = message(scms, one, { signer: { tag: 'digest', value: hashedId8(two) } });
      return { bytes, before: [message(scms, two)] };
    },
  ),
];

/** Fields of an implicit certificate that may be changed without breaking another rule. */
const IMPLICIT_FIELDS = ['id.name', 'cracaId', 'crlSeries', 'validityPeriod.duration.hours', 'appPermissions.[3].psid'];
const ATTACHED = 'content.signedData.signer.certificate.[0]';

const OF_IMPLICIT_CERTIFICATES: readonly Fault[] = [
  ...IMPLICIT_FIELDS.map((field) =>
    fault(
      'message',
      `badSignature/implicit: ${field}`,
      `${field} of the implicit certificate changed`,
      BAD,
      (scms, random) =>
        edit('message', message(scms, implicitLeaf(scms, random)), `${ATTACHED}.toBeSigned.${field}`, flipLast),
    ),
  ),
  fault(
    'message',
    'badSignature/implicit: y of P_U',
    'the other y of the reconstruction value',
    BAD,
    (scms, random) => {
      const path = `${ATTACHED}.toBeSigned.verifyKeyIndicator.reconstructionValue.(tag)`;
      return edit('message', message(scms, implicitLeaf(scms, random)), path, flipLast);
    },
  ),
  fault('message', 'badSignature/implicit: P_U', 'another reconstruction value', BAD, (scms, random) => {
    const point = curvePoint(multiplyBase(P256, generateKey(random).d), 'compressed');
    const verifyKeyIndicator = { tag: 'reconstructionValue', value: point } as const;
    const own = implicitLeaf(scms, random);
    return message(scms, own, { signer: attached([implicitLeaf(scms, random, { verifyKeyIndicator })]) });
  }),
  fault(
    'message',
    'badSignature/implicit: issuer',
    'another issuer than the one that it is from',
    BAD,
    (scms, random) =>
      edit('message', message(scms, implicitLeaf(scms, random)), `${ATTACHED}.issuer.sha256AndDigest`, () =>
        hashedId8(scms.worldwidePca),
      ),
  ),
];

const flipS = ({ R, s }: RawSignature): RawSignature => ({ R, s: flipLast(s) });

const OF_CHAINS: readonly Fault[] = [
  fault(
    'message',
    'badChainSignature/signer',
    'the signing certificate has a wrong signature',
    { depth: 1, signature: 'notChecked' },
    (scms, random) => message(scms, leaf(scms, random, { alterSignature: flipS })),
  ),
  fault(
    'message',
    'badChainSignature/self-made',
    'a certificate that its holder signed in the PCA’s name',
    { depth: 1, signature: 'notChecked' },
    (scms, random) => {
      const key = generateKey(random);
      return message(scms, leaf(scms, random, { key, signingKey: key }));
    },
  ),
  fault(
    'message',
    'badChainSignature/CA',
    'the CA above the signer has a wrong signature',
    { depth: 2, signature: 'notChecked' },
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { alterSignature: flipS });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
    },
  ),
  fault(
    'message',
    'badChainSignature/CA of implicit',
    'an implicit certificate by a CA with a wrong signature',
    { depth: 2, signature: 'notChecked' },
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { signingKey: generateKey(random) });
      return messageWithChain(scms, [implicitLeaf(scms, random, { issuer: ca }), ca]);
    },
  ),
  fault(
    'message',
    'badChainSignature/two',
    'signer and CA have wrong signatures: the one nearer to the root decides',
    { depth: 2, signature: 'notChecked' },
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { alterSignature: flipS });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca, alterSignature: flipS }), ca]);
    },
  ),
];

const NON_CANONICAL: readonly Fault[] = [
  fault(
    'certificate',
    'nonCanonicalSignature/key',
    'uncompressed key, signed as it stands',
    { depth: 0 },
    (scms, random) => leaf(scms, random, { keyForm: 'uncompressed', overRaw: true }).bytes,
  ),
  fault(
    'certificate',
    'nonCanonicalSignature/encryptionKey',
    'uncompressed encryption key, signed as it stands',
    { depth: 0 },
    (scms, random) => {
      const publicKey = {
        tag: 'eciesNistP256',
        value: curvePoint(publicPoint(generateKey(random)), 'uncompressed'),
      } as const;
      const encryptionKey = { supportedSymmAlg: 'aes128Ccm', publicKey } as const;
      return leaf(scms, random, { fields: { encryptionKey }, overRaw: true }).bytes;
    },
  ),
  fault(
    'message',
    'nonCanonicalSignature/encryptionKey of message',
    'uncompressed encryption key in the header, signed as it stands',
    { depth: 0 },
    (scms, random) => {
      const publicKey = {
        tag: 'eciesNistP256',
        value: curvePoint(publicPoint(generateKey(random)), 'uncompressed'),
      } as const;
      const encryptionKey = { tag: 'public', value: { supportedSymmAlg: 'aes128Ccm', publicKey } } as const;
      return message(scms, leaf(scms, random), { header: { encryptionKey }, overRaw: true });
    },
  ),
  fault(
    'message',
    'nonCanonicalSignature/signer',
    'the signing certificate hashed as it stands',
    { depth: 0 },
    (scms, random) => {
      const signer = leaf(scms, random, { keyForm: 'uncompressed' });
      return message(scms, signer, { signerInput: signer.bytes });
    },
  ),
];

/** The generator of the SM2 curve (GB/T 32918.5), as good a public key as any. */
const SM2_POINT = Uint8Array.from(
  Buffer.from('32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7', 'hex'),
);
const SM2_KEY = {
  tag: 'verificationKey',
  value: { tag: 'ecsigSm2', value: { tag: 'compressed-y-0', value: SM2_POINT } },
} as const;
function sm2Signature(octets: Uint8Array): SignatureValue {
  return { tag: 'sm2Signature', value: { rSig: octets.slice(0, 32), sSig: octets.slice(32, 64) } };
}
const UNCHECKED = { depth: 0, signature: 'notChecked' } as const;

const UNSUPPORTED: readonly Fault[] = [
  fault('message', 'unsupportedAlgorithm/SM2', 'signed with an SM2 key', UNCHECKED, (scms, random) => {
    const signer = leaf(scms, random, { verifyKeyIndicator: SM2_KEY });
    return message(scms, signer, { hashId: 'sm3', signature: sm2Signature(random.bytes(64)) });
  }),
  fault('message', 'unsupportedAlgorithm/SM3', 'hashed with SM3', UNCHECKED, (scms, random) =>
    message(scms, leaf(scms, random), { hashId: 'sm3' }),
  ),
  fault('certificate', 'unsupportedAlgorithm/SM2 issuer', 'issued with an SM2 key', UNCHECKED, (scms, random) => {
    const ca = pcaUnder(scms, random, scms.ica, { verifyKeyIndicator: SM2_KEY });
    return {
      bytes: leaf(scms, random, { issuer: ca, signature: sm2Signature(random.bytes(64)) }).bytes,
      trust: trustWith(scms, ca),
    };
  }),
];

const UNPROVEN: readonly Fault[] = [
  fault(
    'certificate',
    'implicitReconstructed',
    'an implicit certificate by itself',
    UNCHECKED,
    (scms, random) => implicitLeaf(scms, random).bytes,
  ),
  fault(
    'certificate',
    'implicitReconstructed/minted',
    'an implicit certificate that needs no CA to be made',
    UNCHECKED,
    (scms, random) => {
      const verifyKeyIndicator = {
        tag: 'reconstructionValue',
        value: curvePoint(multiplyBase(P256, generateKey(random).d), 'compressed'),
      } as const;
      return implicitLeaf(scms, random, { verifyKeyIndicator }).bytes;
    },
  ),
];

export const SIGNATURE_FAULTS: readonly Fault[] = [
  ...OF_CERTIFICATES,
  ...OF_MESSAGES,
  ...OF_IMPLICIT_CERTIFICATES,
  ...OF_CHAINS,
  ...NON_CANONICAL,
  ...UNSUPPORTED,
  ...UNPROVEN,
];
