import {
  choice,
  enumerated,
  type Infer,
  optional,
  sequence,
  sequenceOf,
  uint8,
  uint16,
  uint64,
} from '../coer/index.ts';
import { Certificate } from './certificate.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/**
 * CAMP SCMS PoC root management: the structure that electors sign, and ballots of it. Neither type has an extension
 * marker.
 */

/** The propositions of an elector's vote on a certificate. */
export const EndorsementType = enumerated(['addRoot', 'addElector', 'removeRoot', 'removeElector']);

/** The certificate is repeated in every vote, whole. That it is an explicit one is a rule. */
export const TbsElectorEndorsement = sequence({
  type: EndorsementType,
  certificate: Certificate,
  /** Time64 from which the vote counts. */
  effectiveTime: optional(uint64),
});
export type TbsElectorEndorsement = Infer<typeof TbsElectorEndorsement>;

/**
 * The vote of an elector on the quorum. No public module has such a structure: its number keeps votes of one change from being
 * used for another.
 */
export const TbsQuorumEndorsement = sequence({ sequenceNumber: uint16, quorum: uint8 });

const CertificateManagementPdu = choice({
  tbsElectorEndorsement: TbsElectorEndorsement,
  tbsQuorumEndorsement: TbsQuorumEndorsement,
});

/** ScmsPDU of version 1; of its alternatives only certificate management is an elector's. */
export const EndorsementPdu = sequence({ version: uint8, content: choice({ ccm: CertificateManagementPdu }) });
export interface EndorsementPdu extends Infer<typeof EndorsementPdu> {}

/** One vote: signed data around an {@link EndorsementPdu}, with its bytes as received. */
export const SignedElectorEndorsement = sequence({ data: Ieee1609Dot2Data }, { span: true });
export interface SignedElectorEndorsement extends Infer<typeof SignedElectorEndorsement> {}

/** Votes that are decoded at all; more end the decoding before any of them is looked at. How many may count is a rule. */
export const MAX_DECODED_VOTES = 64;
/** Ballots of one list (DECISIONS D25). */
export const MAX_BALLOTS = 64;

/** The votes about one certificate. */
export const ElectorBallot = sequence(
  { endorsements: sequenceOf(SignedElectorEndorsement, 0, MAX_DECODED_VOTES) },
  { span: true },
);
export interface ElectorBallot extends Infer<typeof ElectorBallot> {}
/** A list of ballots, bounded before any is decoded. */
export const ElectorBallots = sequenceOf(ElectorBallot, 0, MAX_BALLOTS);
