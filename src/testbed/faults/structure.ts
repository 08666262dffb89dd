import { encode } from '../../coer/index.ts';
import { type Certificate, EE_APP, Ieee1609Dot2Data, type SignatureValue } from '../../dot2/index.ts';
import { hashedId8 } from '../certificates.ts';
import { CURVES, curvePoint, generateKey, multiplyBase, publicKeyValue, publicPoint } from '../keys.ts';
import { signMessage, unsecured } from '../messages.ts';
import {
  app,
  groupFor,
  groupForAll,
  PCA_ISSUE_PERMISSIONS,
  PSID_BSM,
  PSID_TRAVELLER_INFORMATION,
} from '../permissions.ts';
import {
  type Fault,
  fault,
  implicitLeaf,
  type LeafRequest,
  leaf,
  message,
  messageWithChain,
  PAYLOAD,
  pcaUnder,
} from './support.ts';

/** Faults of a certificate or message by itself, whatever its issuer. Everything is signed as it stands. */

const SIGNED = { depth: 0, signature: 'ok' } as const;
const UNSIGNED = { depth: 0, signature: 'notChecked' } as const;
/** The documents do not say what becomes of the signature where its own form is at fault. */
const ITSELF = { depth: 0 } as const;

/** An alternative that no edition has. */
const future = (index: number, octets: Uint8Array = new Uint8Array(0)) =>
  ({ tag: 'unknown', index, value: octets }) as const;
type Fields = LeafRequest['fields'];

const certificate = (name: string, description: string, request: LeafRequest): Fault =>
  fault('certificate', name, description, SIGNED, (scms, random) => leaf(scms, random, request).bytes);

const withFields = (name: string, description: string, fields: Fields): Fault =>
  certificate(name, description, { fields });

/** A CA certificate with these groups; the certificate itself is the item. */
const withGroups = (
  name: string,
  description: string,
  certIssuePermissions: NonNullable<Fields>['certIssuePermissions'],
): Fault =>
  fault(
    'certificate',
    name,
    description,
    SIGNED,
    (scms, random) => pcaUnder(scms, random, scms.ica, { fields: { certIssuePermissions } }).bytes,
  );

const group = PCA_ISSUE_PERMISSIONS[0] as NonNullable<NonNullable<Fields>['certIssuePermissions']>[number];
const OFF_CURVE = { x: new Uint8Array(32).fill(5), y: new Uint8Array(32).fill(7) };
/** x = 7 has no point on P-256: 7³ − 21 + b is no square. */
const NO_ROOT = Uint8Array.of(...new Uint8Array(31), 7);
const ABOVE_FIELD = new Uint8Array(32).fill(0xff);

function nistKey(
  value: Extract<Certificate['toBeSigned']['verifyKeyIndicator'], { tag: 'reconstructionValue' }>['value'],
) {
  return { tag: 'verificationKey', value: { tag: 'ecdsaNistP256', value } } as const;
}
const sSig = new Uint8Array(32).fill(1);
const FILL_SIGNATURE: SignatureValue = {
  tag: 'ecdsaNistP256Signature',
  value: { rSig: { tag: 'fill', value: null }, sSig },
};

const WRONG_STRUCTURE: readonly Fault[] = [
  fault(
    'message',
    'unexpectedStructure/certificate',
    'a certificate where a message belongs',
    UNSIGNED,
    (scms, random) => leaf(scms, random).bytes,
  ),
  fault(
    'certificate',
    'unexpectedStructure/message',
    'a message where a certificate belongs',
    UNSIGNED,
    (scms, random) => message(scms, leaf(scms, random)),
  ),
  fault('message', 'notSigned/unsecuredData', 'unsecured data', UNSIGNED, () =>
    encode(Ieee1609Dot2Data, unsecured(PAYLOAD)),
  ),
  fault('message', 'notSigned/encryptedData', 'encrypted data', UNSIGNED, (_, random) =>
    encode(Ieee1609Dot2Data, {
      protocolVersion: 3,
      content: {
        tag: 'encryptedData',
        value: {
          recipients: [{ tag: 'pskRecipInfo', value: random.bytes(8) }],
          ciphertext: { tag: 'aes128ccm', value: { nonce: random.bytes(12), ccmCiphertext: random.bytes(40) } },
        },
      },
    }),
  ),
  fault('message', 'notSigned/signedCertificateRequest', 'a certificate request', UNSIGNED, (_, random) =>
    encode(Ieee1609Dot2Data, {
      protocolVersion: 3,
      content: { tag: 'signedCertificateRequest', value: random.bytes(60) },
    }),
  ),
];

const VERSIONS: readonly Fault[] = [
  certificate('unsupportedVersion/certificate 2', 'certificate version 2', { version: 2 }),
  certificate('unsupportedVersion/certificate 4', 'certificate version 4', { version: 4 }),
  fault('message', 'unsupportedVersion/protocol 2', 'protocolVersion 2', SIGNED, (scms, random) =>
    message(scms, leaf(scms, random), { protocolVersion: 2 }),
  ),
  fault('message', 'unsupportedVersion/signer', 'a signing certificate of version 4', { depth: 1 }, (scms, random) =>
    message(scms, leaf(scms, random, { version: 4 })),
  ),
];

const FUTURE_ALTERNATIVES: readonly Fault[] = [
  fault(
    'certificate',
    'unsupportedCriticalInformationField/type',
    'certificate type 2',
    ITSELF,
    (scms, random) => leaf(scms, random, { type: 'unknown(2)' }).bytes,
  ),
  fault(
    'certificate',
    'unsupportedCriticalInformationField/issuer',
    'issuer alternative 4',
    UNSIGNED,
    (scms, random) => leaf(scms, random, { issuerField: future(4, hashedId8(scms.pca)) }).bytes,
  ),
  fault(
    'certificate',
    'unsupportedCriticalInformationField/self hash',
    'self-signed with hash algorithm 5',
    ITSELF,
    (scms, random) => leaf(scms, random, { issuerField: { tag: 'self', value: 'unknown(5)' } }).bytes,
  ),
  withFields('unsupportedCriticalInformationField/id', 'id alternative 4', { id: future(4, sSig) }),
  fault(
    'certificate',
    'unsupportedCriticalInformationField/region',
    'region alternative 4',
    SIGNED,
    (scms, random) => leaf(scms, random, { issuer: scms.worldwidePca, fields: { region: future(4, sSig) } }).bytes,
  ),
  fault(
    'certificate',
    'unsupportedCriticalInformationField/identified region',
    'identified region alternative 3',
    SIGNED,
    (scms, random) => {
      const region = { tag: 'identifiedRegion', value: [future(3, sSig)] } as const;
      const fields = { region: { ...region, value: [...region.value] } };
      return leaf(scms, random, { issuer: scms.worldwidePca, fields }).bytes;
    },
  ),
  withGroups('unsupportedCriticalInformationField/subjectPermissions', 'subjectPermissions alternative 2', [
    { ...group, subjectPermissions: future(2) },
  ]),
  certificate('unsupportedCriticalInformationField/verifyKeyIndicator', 'verifyKeyIndicator alternative 2', {
    verifyKeyIndicator: future(2, sSig),
  }),
  certificate('unsupportedCriticalInformationField/key', 'verification key alternative 7', {
    verifyKeyIndicator: { tag: 'verificationKey', value: future(7, sSig) },
  }),
  fault(
    'certificate',
    'unsupportedCriticalInformationField/signature',
    'signature alternative 7',
    ITSELF,
    (scms, random) => leaf(scms, random, { signature: future(7, sSig) }).bytes,
  ),
  fault('message', 'unsupportedCriticalInformationField/hashId', 'hashId 7', ITSELF, (scms, random) =>
    message(scms, leaf(scms, random), { hashId: 'unknown(7)' }),
  ),
  fault('message', 'unsupportedCriticalInformationField/signer', 'signer alternative 3', ITSELF, (scms, random) =>
    message(scms, leaf(scms, random), { signer: future(3, sSig) }),
  ),
  fault(
    'message',
    'unsupportedCriticalInformationField/message signature',
    'signature alternative 7',
    ITSELF,
    (scms, random) => message(scms, leaf(scms, random), { signature: future(7, sSig) }),
  ),
  fault(
    'message',
    'unsupportedCriticalInformationField/extDataHash',
    'extDataHash alternative 3',
    SIGNED,
    (scms, random) => message(scms, leaf(scms, random), { extDataHash: future(3, sSig) }),
  ),
];

const KEY_AND_SIGNATURE: readonly Fault[] = [
  fault(
    'certificate',
    'missingSignature',
    'an explicit certificate without signature',
    UNSIGNED,
    (scms, random) => leaf(scms, random, { signature: null }).bytes,
  ),
  fault('certificate', 'unexpectedSignature', 'an implicit certificate with a signature', ITSELF, (scms, random) => {
    const rSig = curvePoint(multiplyBase(CURVES.ecdsaNistP256, 7n), 'x-only');
    return implicitLeaf(scms, random, { signature: { tag: 'ecdsaNistP256Signature', value: { rSig, sSig } } }).bytes;
  }),
  fault(
    'certificate',
    'keyIndicatorMismatch/explicit',
    'explicit with a reconstruction value',
    SIGNED,
    (scms, random) => {
      const value = curvePoint(publicPoint(generateKey(random)), 'compressed');
      return leaf(scms, random, { verifyKeyIndicator: { tag: 'reconstructionValue', value } }).bytes;
    },
  ),
  fault('certificate', 'keyIndicatorMismatch/implicit', 'implicit with a verification key', ITSELF, (scms, random) => {
    const verifyKeyIndicator = { tag: 'verificationKey', value: publicKeyValue(generateKey(random)) } as const;
    return implicitLeaf(scms, random, { verifyKeyIndicator }).bytes;
  }),
  fault(
    'certificate',
    'keyIndicatorMismatch/self',
    'an implicit certificate issued by itself',
    ITSELF,
    (scms, random) => implicitLeaf(scms, random, { issuerField: { tag: 'self', value: 'sha256' } }).bytes,
  ),
  certificate('invalidPointForm/x-only key', 'a key without its y', { keyForm: 'x-only' }),
  certificate('invalidPointForm/fill key', 'a key that is fill', {
    verifyKeyIndicator: nistKey({ tag: 'fill', value: null }),
  }),
  withFields('invalidPointForm/x-only encryptionKey', 'an encryption key without its y', {
    encryptionKey: {
      supportedSymmAlg: 'aes128Ccm',
      publicKey: { tag: 'eciesNistP256', value: curvePoint(multiplyBase(CURVES.ecdsaNistP256, 7n), 'x-only') },
    },
  }),
  fault(
    'certificate',
    'invalidPointForm/x-only reconstruction value',
    'a reconstruction value without its y',
    UNSIGNED,
    (scms, random) => implicitLeaf(scms, random, { pointForm: 'x-only' }).bytes,
  ),
  fault(
    'certificate',
    'invalidPointForm/fill signature',
    'a certificate signature with fill for R',
    ITSELF,
    (scms, random) => leaf(scms, random, { signature: FILL_SIGNATURE }).bytes,
  ),
  fault(
    'message',
    'invalidPointForm/fill message signature',
    'a message signature with fill for R',
    ITSELF,
    (scms, random) => message(scms, leaf(scms, random), { signature: FILL_SIGNATURE }),
  ),
  certificate('invalidPublicKey/uncompressed', 'an uncompressed key off its curve', {
    verifyKeyIndicator: nistKey({ tag: 'uncompressed', value: OFF_CURVE }),
  }),
  certificate('invalidPublicKey/no root', 'a compressed key whose x has no point', {
    verifyKeyIndicator: nistKey({ tag: 'compressed-y-0', value: NO_ROOT }),
  }),
  certificate('invalidPublicKey/above the field', 'a compressed key whose x is no field element', {
    verifyKeyIndicator: nistKey({ tag: 'compressed-y-1', value: ABOVE_FIELD }),
  }),
  fault(
    'certificate',
    'invalidPublicKey/reconstruction value',
    'a reconstruction value whose x has no point',
    UNSIGNED,
    (scms, random) => {
      const verifyKeyIndicator = {
        tag: 'reconstructionValue',
        value: { tag: 'compressed-y-0', value: NO_ROOT },
      } as const;
      return implicitLeaf(scms, random, { verifyKeyIndicator }).bytes;
    },
  ),
  fault(
    'message',
    'invalidPublicKey/signer',
    'a signing certificate with a key off its curve',
    { depth: 1 },
    (scms, random) =>
      message(scms, leaf(scms, random, { verifyKeyIndicator: nistKey({ tag: 'uncompressed', value: OFF_CURVE }) })),
  ),
];

const bitmapRange = (sspValue: number[], sspBitmask: number[]) =>
  ({
    tag: 'bitmapSspRange',
    value: { sspValue: Uint8Array.from(sspValue), sspBitmask: Uint8Array.from(sspBitmask) },
  }) as const;

const PERMISSION_LISTS: readonly Fault[] = [
  withFields('noPermissions', 'a certificate without permissions', { appPermissions: undefined }),
  withFields('noPermissions/empty list', 'an empty list of permissions', { appPermissions: [] }),
  withFields('duplicatePSID', 'a PSID twice', { appPermissions: [app(PSID_BSM), app(PSID_BSM)] }),
  withFields('duplicatePSID/other SSP', 'a PSID twice, with two SSPs', {
    appPermissions: [app(PSID_BSM, [1]), app(PSID_TRAVELLER_INFORMATION), app(PSID_BSM, [2])],
  }),
  fault(
    'message',
    'duplicatePSID/signer',
    'a signing certificate with a PSID twice',
    { depth: 1, signature: 'ok' },
    (scms, random) => message(scms, leaf(scms, random, { fields: { appPermissions: [app(PSID_BSM), app(PSID_BSM)] } })),
  ),
  withGroups('duplicateAllPermissions', 'two groups for all PSIDs', [
    groupForAll({ min: 1, range: 0 }, EE_APP),
    groupForAll({ min: 1, range: -1 }, EE_APP),
  ]),
  withGroups('invalidChainLength/zero', 'minChainLength 0', [groupForAll({ min: 0, range: 0 }, EE_APP)]),
  withGroups('invalidChainLength/negative', 'minChainLength −1', [groupForAll({ min: -1, range: 0 }, EE_APP)]),
  withGroups('invalidChainLength/range', 'chainLengthRange −2', [groupForAll({ min: 1, range: -2 }, EE_APP)]),
  withGroups('invalidSspRange', 'a bitmap range whose value is longer than its mask', [
    groupFor([{ psid: PSID_BSM, sspRange: bitmapRange([1, 2], [0xff]) }], { min: 1, range: 0 }),
  ]),
];

const MESSAGES: readonly Fault[] = [
  fault('message', 'noPayload', 'neither data, extDataHash nor omitted', SIGNED, (scms, random) =>
    signMessage(leaf(scms, random), { psid: PSID_BSM, generationTime: scms.at, signer: 'certificate' }),
  ),
  fault('message', 'inconsistentInputParameters/unrelated', 'an unrelated second certificate', ITSELF, (scms, random) =>
    messageWithChain(scms, [leaf(scms, random), leaf(scms, random)]),
  ),
  fault(
    'message',
    'inconsistentInputParameters/other CA',
    'a CA that did not issue the first',
    ITSELF,
    (scms, random) => messageWithChain(scms, [leaf(scms, random), scms.worldwidePca]),
  ),
  fault(
    'message',
    'inconsistentInputParameters/gap',
    'the CA above the issuer, without the issuer',
    ITSELF,
    (scms, random) => messageWithChain(scms, [leaf(scms, random), scms.ica]),
  ),
  fault('message', 'inconsistentInputParameters/third', 'an unrelated third certificate', ITSELF, (scms, random) =>
    messageWithChain(scms, [leaf(scms, random), scms.pca, scms.worldwideIca]),
  ),
];

export const STRUCTURE_FAULTS: readonly Fault[] = [
  ...WRONG_STRUCTURE,
  ...VERSIONS,
  ...FUTURE_ALTERNATIVES,
  ...KEY_AND_SIGNATURE,
  ...PERMISSION_LISTS,
  ...MESSAGES,
];
