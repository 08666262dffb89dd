import {
  choice,
  extensibleChoice,
  fixedOctets,
  type Infer,
  nothing,
  octets,
  optional,
  recursive,
  type Schema,
  sequence,
  sequenceOf,
  uint8,
  uint16,
  uint64,
} from '../coer/index.ts';
import { HashAlgorithm, HashedId3, HashedId8, Psid, ThreeDLocation } from './basic.ts';
import { Certificate } from './certificate.ts';
import { EncryptedDataEncryptionKey, EncryptionKey, Signature, SymmetricCiphertext } from './crypto.ts';

/** IEEE 1609.2 §6.3: secured protocol data units (SPDUs). */

/** Ieee1609Dot2Data open at the same time. Deployed messages need two (signed payload in a frame). */
export const MAX_NESTING = 4;
/** Certificates that a signer may attach; deployed messages attach one. */
export const MAX_ATTACHED_CERTIFICATES = 8;
const MAX_P2PCD_REQUESTS = 64;
const MAX_RECIPIENTS = 256;

/** §6.3.11; the hash of data that travels elsewhere. */
const HashedData = extensibleChoice(
  { sha256HashedData: fixedOctets(32) },
  { sha384HashedData: fixedOctets(48), sm3HashedData: fixedOctets(32) },
);
/** §6.3.7. */
const SignedDataPayload = sequence(
  {
    // Not the schema exported below, which counts a level itself: each would be counted twice.
    data: optional(recursive((): Schema<Ieee1609Dot2Data> => dataSchema, MAX_NESTING)),
    extDataHash: optional(HashedData),
  },
  { extensions: { omitted: nothing }, literal: (data, extDataHash, omitted) => ({ data, extDataHash, omitted }) },
);

/** §6.3.16. */
const MissingCrlIdentifier = sequence({ cracaId: HashedId3, crlSeries: uint16 }, { extensions: {} });

/** 2022: header extensions of other bodies (ETSI, ISO), kept as open types. */
const ContributedExtensionBlock = sequence({ contributorId: uint8, extns: sequenceOf(octets(), 1, 64) });

/** §6.3.9: PSID, times, location and further fields of a signed message. */
export const HeaderInfo = sequence(
  {
    psid: Psid,
    generationTime: optional(uint64),
    expiryTime: optional(uint64),
    generationLocation: optional(ThreeDLocation),
    p2pcdLearningRequest: optional(HashedId3),
    missingCrlIdentifier: optional(MissingCrlIdentifier),
    encryptionKey: optional(EncryptionKey),
  },
  {
    extensions: {
      inlineP2pcdRequest: sequenceOf(HashedId3, 0, MAX_P2PCD_REQUESTS),
      requestedCertificate: Certificate,
      pduFunctionalType: uint8,
      contributedExtensions: sequenceOf(ContributedExtensionBlock, 1, 64),
    },
    // biome-ignore format: the fields, then the extensions
    literal: (
      psid, generationTime, expiryTime, generationLocation, p2pcdLearningRequest, missingCrlIdentifier, encryptionKey,
      inlineP2pcdRequest, requestedCertificate, pduFunctionalType, contributedExtensions,
    ) => ({
      psid, generationTime, expiryTime, generationLocation, p2pcdLearningRequest, missingCrlIdentifier, encryptionKey,
      inlineP2pcdRequest, requestedCertificate, pduFunctionalType, contributedExtensions,
    }),
  },
);
export type HeaderInfo = Infer<typeof HeaderInfo>;

/** §6.3.6: payload and header, which the signature covers. */
export const ToBeSignedData = sequence(
  { payload: SignedDataPayload, headerInfo: HeaderInfo },
  { span: true, literal: (payload, headerInfo) => ({ payload, headerInfo }) },
);
export interface ToBeSignedData extends Infer<typeof ToBeSignedData> {}

/** §6.3.25: the signer by digest, by certificates, or the data itself. */
export const SignerIdentifier = extensibleChoice({
  digest: HashedId8,
  certificate: sequenceOf(Certificate, 1, MAX_ATTACHED_CERTIFICATES),
  self: nothing,
});

/** §6.3.4: data with its signer and signature. */
export const SignedData = sequence(
  {
    hashId: HashAlgorithm,
    tbsData: ToBeSignedData,
    signer: SignerIdentifier,
    signature: Signature,
  },
  { literal: (hashId, tbsData, signer, signature) => ({ hashId, tbsData, signer, signature }) },
);
export interface SignedData extends Infer<typeof SignedData> {}

/** §6.3.30 ff. */
const SymmRecipientInfo = sequence({ recipientId: HashedId8, encKey: SymmetricCiphertext });
const PKRecipientInfo = sequence({ recipientId: HashedId8, encKey: EncryptedDataEncryptionKey });
const RecipientInfo = choice({
  pskRecipInfo: HashedId8,
  symmRecipInfo: SymmRecipientInfo,
  certRecipInfo: PKRecipientInfo,
  signedDataRecipInfo: PKRecipientInfo,
  rekRecipInfo: PKRecipientInfo,
});
const EncryptedData = sequence({
  recipients: sequenceOf(RecipientInfo, 1, MAX_RECIPIENTS),
  ciphertext: SymmetricCiphertext,
});

const contentSchema = extensibleChoice(
  {
    unsecuredData: octets(),
    signedData: SignedData,
    encryptedData: EncryptedData,
    signedCertificateRequest: octets(),
  },
  { signedX509CertificateRequest: octets() },
);

/** §6.3.2. */
export interface Ieee1609Dot2Data {
  protocolVersion: number;
  content: Infer<typeof contentSchema>;
}
const dataSchema: Schema<Ieee1609Dot2Data> = sequence(
  { protocolVersion: uint8, content: contentSchema },
  { literal: (protocolVersion, content) => ({ protocolVersion, content }) },
);
/** The outermost data counts as the first level of nesting. */
export const Ieee1609Dot2Data: Schema<Ieee1609Dot2Data> = recursive(() => dataSchema, MAX_NESTING);
