import {
  choice,
  fixedOctets,
  type Infer,
  openType,
  sequence,
  sequenceOf,
  signed,
  uint8,
  uint16,
} from '../coer/index.ts';
import { HashedId8, Time32 } from './basic.ts';
import { Certificate } from './certificate.ts';
import { ScmsCompositeCrl } from './composite-crl.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/** IEEE 1609.2.1: the certificate trust list (CTL) that electors sign as a whole. */

const HashedId32 = fixedOctets(32);
const HashedId48 = fixedOctets(48);

/** Entries of each list; deployed lists have three electors and two roots. */
const MAX_ENTRIES = 256;
const MAX_CERTIFICATES = 4096;
/** Signatures of one CTL that are decoded at all. */
const MAX_SIGNATURES = 64;

/** The approved lists are all that is trusted; the lists of removals only inform. */
export const FullIeeeTbsCtl = sequence(
  {
    type: uint8,
    electorGroupId: HashedId8,
    sequenceNumber: uint16,
    effectiveDate: Time32,
    electorApprove: sequenceOf(HashedId48, 0, MAX_ENTRIES),
    electorRemove: sequenceOf(HashedId48, 0, MAX_ENTRIES),
    rootCaApprove: sequenceOf(HashedId32, 0, MAX_ENTRIES),
    rootCaRemove: sequenceOf(HashedId32, 0, MAX_ENTRIES),
  },
  { span: true, extensions: { quorum: signed } },
);
export type FullIeeeTbsCtl = Infer<typeof FullIeeeTbsCtl>;

/** One elector's signature: signed data around a {@link ToBeSignedCtlSignature}, with its bytes as received. */
const CtlSignatureSpdu = sequence({ data: Ieee1609Dot2Data }, { span: true });

/** A CTL of IEEE 1609.2.1 with its certificates and the signatures of electors. */
export const MultiSignedCtl = sequence(
  {
    type: uint8,
    tbsCtl: openType(FullIeeeTbsCtl),
    unsigned: openType(sequenceOf(Certificate, 0, MAX_CERTIFICATES)),
    signatures: sequenceOf(CtlSignatureSpdu, 1, MAX_SIGNATURES),
  },
  { span: true },
);
export interface MultiSignedCtl extends Infer<typeof MultiSignedCtl> {}

/** The structure that an elector signs in place of the list itself. */
export const ToBeSignedCtlSignature = sequence({
  electorGroupId: HashedId8,
  ctlType: uint8,
  sequenceNumber: uint16,
  tbsCtlHash: HashedId48,
});

/** The CTL of the home group travels as unsecured data around an ScmsPdu of its own. */
const HomeCertificateChain = sequence(
  { homeCtl: Ieee1609Dot2Data, others: sequenceOf(Certificate, 0, MAX_CERTIFICATES) },
  { extensions: {} },
);

const CertManagementPdu = choice({
  compositeCrl: ScmsCompositeCrl,
  certificateChain: HomeCertificateChain,
  multiSignedCtl: MultiSignedCtl,
  tbsCtlSignature: ToBeSignedCtlSignature,
});

/** Certificate management is the fifth of the alternatives; the others are no trust material. */
const others = sequence({});
/** The ScmsPdu of IEEE 1609.2.1, as far as it carries CTLs. */
export const ScmsPdu = sequence({
  version: uint8,
  content: choice({ acaEe: others, acaLa: others, acaMa: others, acaRa: others, cert: CertManagementPdu }),
});
export interface ScmsPdu extends Infer<typeof ScmsPdu> {}
