import {
  choice,
  defaulted,
  extensibleChoice,
  extensibleEnum,
  fixedOctets,
  type Infer,
  nothing,
  octets,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  signed,
  uint8,
  uint8In,
  uint16,
  utf8,
} from '../coer/index.ts';
import { GeographicRegion, HashAlgorithm, HashedId3, HashedId8, Psid, ValidityPeriod } from './basic.ts';
import { EccP256CurvePoint, PublicEncryptionKey, PublicVerificationKey, Signature } from './crypto.ts';

/** IEEE 1609.2 §6.4: certificates. Names are those of the ASN.1 module Ieee1609Dot2. */

/** §6.4.11. A present group value does not make a certificate group-revocable: dummies are common. */
const GroupLinkageValue = sequence(
  { jValue: fixedOctets(4), value: fixedOctets(9) },
  { literal: (jValue, value) => ({ jValue, value }) },
);
const LinkageData = sequence(
  {
    iCert: uint16,
    linkageValue: fixedOctets(9),
    groupLinkageValue: optional(GroupLinkageValue),
  },
  { literal: (iCert, linkageValue, groupLinkageValue) => ({ iCert, linkageValue, groupLinkageValue }) },
);

/** §6.4.9: linkage data, a name, a binary identifier, or none. */
export const CertificateId = extensibleChoice({
  linkageData: LinkageData,
  name: utf8(255),
  binaryId: octets(1, 64),
  none: nothing,
});

/** §6.4.7. The alternative also names the hash with which this certificate is hashed and signed. */
export const IssuerIdentifier = extensibleChoice(
  { sha256AndDigest: HashedId8, self: HashAlgorithm },
  { sha384AndDigest: HashedId8, sm3AndDigest: HashedId8 },
);

/** Entries of each permission list: §6.4.28 asks for eight; more than this is refused, never cut. */
const MAX_PERMISSIONS = 256;

const ServiceSpecificPermissions = extensibleChoice({ opaque: octets() }, { bitmapSsp: octets(0, 31) });
/** §6.4.28: a PSID with its service specific permissions. */
export const PsidSsp = sequence(
  { psid: Psid, ssp: optional(ServiceSpecificPermissions) },
  { literal: (psid, ssp) => ({ psid, ssp }) },
);

const BitmapSspRange = sequence(
  { sspValue: octets(1, 32), sspBitmask: octets(1, 32) },
  { literal: (sspValue, sspBitmask) => ({ sspValue, sspBitmask }) },
);
/** All SSPs, a list of them, or a bitmap range. */
export const SspRange = extensibleChoice(
  { opaque: sequenceOf(octets(), 0, MAX_PERMISSIONS), all: nothing },
  { bitmapSspRange: BitmapSspRange },
);
/** §6.4.31: a PSID with the range of SSPs that may be given. */
export const PsidSspRange = sequence(
  { psid: Psid, sspRange: optional(SspRange) },
  { literal: (psid, sspRange) => ({ psid, sspRange }) },
);
const SubjectPermissions = extensibleChoice({ explicit: sequenceOf(PsidSspRange, 0, MAX_PERMISSIONS), all: nothing });

/** EndEntityType ::= BIT STRING {app(0), enrol(1)} (SIZE (8)) without the empty set. */
export const EE_APP = 0x80;
/** The bit of eeType for enrolment certificates. */
export const EE_ENROL = 0x40;
const EndEntityType = uint8In(1, 255);

/** §6.4.30: the permissions that a CA may give, with the length of the chains below it. */
export const PsidGroupPermissions = sequence({
  subjectPermissions: SubjectPermissions,
  minChainLength: defaulted(signed, 1),
  chainLengthRange: defaulted(signed, 0),
  eeType: defaulted(EndEntityType, EE_APP),
});
const GroupPermissionsList = sequenceOf(PsidGroupPermissions, 0, MAX_PERMISSIONS);

/** §6.4.36: the key of an explicit certificate, or the reconstruction value of an implicit one. */
export const VerificationKeyIndicator = extensibleChoice({
  verificationKey: PublicVerificationKey,
  reconstructionValue: EccP256CurvePoint,
});

/** Extensions of the 2022 edition; their content is not verified, but hashed like everything else. */
const AppExtension = sequence({ id: uint8, content: octets() });
const CertIssueExtension = sequence({ id: uint8, permissions: choice({ specific: octets(), all: nothing }) });
const CertRequestExtension = sequence({ id: uint8, permissions: choice({ content: octets(), all: nothing }) });

/** §6.4.8: the fields of a certificate that its issuer signs. */
export const ToBeSignedCertificate = sequence(
  {
    id: CertificateId,
    cracaId: HashedId3,
    crlSeries: uint16,
    validityPeriod: ValidityPeriod,
    region: optional(GeographicRegion),
    assuranceLevel: optional(fixedOctets(1)),
    appPermissions: optional(sequenceOf(PsidSsp, 0, MAX_PERMISSIONS)),
    certIssuePermissions: optional(GroupPermissionsList),
    certRequestPermissions: optional(GroupPermissionsList),
    canRequestRollover: optional(nothing),
    encryptionKey: optional(PublicEncryptionKey),
    verifyKeyIndicator: VerificationKeyIndicator,
  },
  {
    span: true,
    extensions: {
      flags: fixedOctets(1),
      appExtensions: sequenceOf(AppExtension, 1, MAX_PERMISSIONS),
      certIssueExtensions: sequenceOf(CertIssueExtension, 1, MAX_PERMISSIONS),
      certRequestExtension: sequenceOf(CertRequestExtension, 1, MAX_PERMISSIONS),
    },
    // biome-ignore format: the fields, then the extensions
    literal: (
      id, cracaId, crlSeries, validityPeriod, region, assuranceLevel, appPermissions, certIssuePermissions,
      certRequestPermissions, canRequestRollover, encryptionKey, verifyKeyIndicator,
      flags, appExtensions, certIssueExtensions, certRequestExtension,
    ) => ({
      id, cracaId, crlSeries, validityPeriod, region, assuranceLevel, appPermissions, certIssuePermissions,
      certRequestPermissions, canRequestRollover, encryptionKey, verifyKeyIndicator,
      flags, appExtensions, certIssueExtensions, certRequestExtension,
    }),
  },
);
export type ToBeSignedCertificate = Infer<typeof ToBeSignedCertificate>;

const certificateSchema = sequence(
  {
    version: uint8,
    type: extensibleEnum(['explicit', 'implicit']),
    issuer: IssuerIdentifier,
    toBeSigned: ToBeSignedCertificate,
    signature: optional(Signature),
  },
  {
    span: true,
    literal: (version, type, issuer, toBeSigned, signature) => ({ version, type, issuer, toBeSigned, signature }),
  },
);
/** §6.4.3, CertificateBase: explicit and implicit certificates alike; which fields must be there is a rule. */
export interface Certificate extends Infer<typeof certificateSchema> {}
export const Certificate: Schema<Certificate> = certificateSchema;

export type CertificateId = Infer<typeof CertificateId>;
/** A decoded {@link GeographicRegion}. */
export type GeographicRegionValue = Infer<typeof GeographicRegion>;
export type PsidGroupPermissions = Infer<typeof PsidGroupPermissions>;
export type PsidSsp = Infer<typeof PsidSsp>;
export type PsidSspRange = Infer<typeof PsidSspRange>;
export type SspRange = Infer<typeof SspRange>;
/** A decoded {@link PublicVerificationKey}. */
export type PublicVerificationKeyValue = Infer<typeof PublicVerificationKey>;
/** A decoded {@link Signature}. */
export type SignatureValue = Infer<typeof Signature>;
