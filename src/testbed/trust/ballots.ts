import { decodeOrThrow, encode } from '../../coer/index.ts';
import { Certificate, EndorsementPdu, type TbsElectorEndorsement } from '../../dot2/index.ts';
import type { Credential } from '../certificates.ts';
import { type MessageFlaws, type MessageRequest, signMessage } from '../messages.ts';
import { PSID_SCMS } from '../permissions.ts';
import { concat, listOf } from './octets.ts';

const CCM_VERSION = 1;

/** The proposition of a vote, and how it is signed; every field of the message can be changed to make it invalid. */
export interface VoteRequest extends Partial<MessageRequest>, MessageFlaws {
  readonly type: TbsElectorEndorsement['type'];
  /** The certificate it is about. */
  readonly subject: Pick<Credential, 'bytes'>;
  /** TAI microseconds. */
  readonly effectiveTime?: bigint | undefined;
}

/** Signs a vote: one SignedElectorEndorsement. */
export function vote(elector: Credential, { type, subject, effectiveTime, ...message }: VoteRequest): Uint8Array {
  const certificate = decodeOrThrow(Certificate, subject.bytes);
  const payload = encode(EndorsementPdu, {
    version: CCM_VERSION,
    content: { tag: 'ccm', value: { tag: 'tbsElectorEndorsement', value: { type, certificate, effectiveTime } } },
  });
  return signMessage(elector, { psid: PSID_SCMS, payload, ...message });
}

/** An elector's vote for a quorum (DECISIONS D35). */
export function quorumVote(
  elector: Credential,
  sequenceNumber: number,
  quorum: number,
  message: Partial<MessageRequest> & MessageFlaws = {},
): Uint8Array {
  const payload = encode(EndorsementPdu, {
    version: CCM_VERSION,
    content: { tag: 'ccm', value: { tag: 'tbsQuorumEndorsement', value: { sequenceNumber, quorum } } },
  });
  return signMessage(elector, { psid: PSID_SCMS, payload, ...message });
}

/** An ElectorBallot of finished votes. */
export function ballotOf(votes: readonly Uint8Array[]): Uint8Array {
  return listOf(votes);
}

/** An ElectorBallot by these electors. */
export function ballot(electors: readonly Credential[], request: VoteRequest): Uint8Array {
  return ballotOf(electors.map((elector) => vote(elector, request)));
}

/** The CRLs and ballots of a composite CRL. */
export interface CompositeCrlParts {
  readonly crls?: readonly Uint8Array[];
  readonly revokedRootCAs?: readonly Uint8Array[];
  readonly revokedElectors?: readonly Uint8Array[];
}

/** A CompositeCrl of finished CRLs and ballots. */
export function compositeCrlOf({
  crls = [],
  revokedRootCAs = [],
  revokedElectors = [],
}: CompositeCrlParts): Uint8Array {
  return concat(Uint8Array.of(0), listOf(crls), listOf(revokedRootCAs), listOf(revokedElectors));
}
