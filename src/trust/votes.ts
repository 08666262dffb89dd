import { decode, toHex } from '../coer/index.ts';
import {
  type Certificate,
  canonicalToBeSignedData,
  EndorsementPdu,
  PSID_SCMS,
  type SignedData,
  type SignedElectorEndorsement,
} from '../dot2/index.ts';
import { isValidAt } from './flags.ts';
import { isSame, keyOf } from './identity.ts';
import type {
  CertificateFacts,
  Identity,
  Tombstone,
  TrustContext,
  TrustedCertificate,
  VoteDecision,
  VoteJob,
  VoteOutcome,
} from './types.ts';

const ENDORSEMENT_VERSION = 1;
const DATA_VERSION = 3;
/** Bytes of one vote; deployed certificates have 200. */
export const MAX_VOTE_OCTETS = 16_384;
/** How far a clock may lag behind that of a signer (V10). */
export const CLOCK_TOLERANCE_MICROS = 60_000_000n;

/** Why a vote is void, or a signature of a CTL not counted (ROOT-MANAGEMENT B.1). */
export type VoidCode =
  | 'V_ENCODING'
  | 'V_HEADER'
  | 'V_CONTENT'
  | 'V_UNKNOWN_ELECTOR'
  | 'V_REVOKED_ELECTOR'
  | 'V_EXPIRED_ELECTOR'
  | 'V_ROLE'
  | 'V_SELF'
  | 'V_SIGNATURE'
  | 'V_FUTURE';

type Content = EndorsementPdu['content']['value'];

/** A decoded vote: what can be said of it without knowing any elector. */
export interface OpenVote {
  /** Undefined if the vote is no signed data. */
  readonly signed: SignedData | undefined;
  /** Undefined if it is no proposition of an elector. */
  readonly content: Content | undefined;
  readonly code: VoidCode | undefined;
}

/** V1–V3, V10: encoding, header, content, and its times. */
export function openVote({ data, encoded }: SignedElectorEndorsement, now: bigint): OpenVote {
  if (data.content.tag !== 'signedData') return { signed: undefined, content: undefined, code: 'V_ENCODING' };
  const signed = data.content.value;
  const content = contentOf(signed);
  if (data.protocolVersion !== DATA_VERSION || (encoded?.length ?? 0) > MAX_VOTE_OCTETS || !isPlain(signed)) {
    return { signed, content, code: 'V_ENCODING' };
  }
  return { signed, content, code: headerCode(signed, now) ?? (content === undefined ? 'V_CONTENT' : undefined) };
}

/** V1: the payload is unsecured data, and nothing of it travels elsewhere. */
export function isPlain({ tbsData: { payload } }: SignedData): boolean {
  if (payload.extDataHash !== undefined || payload.omitted !== undefined) return false;
  return payload.data?.protocolVersion === DATA_VERSION && payload.data.content.tag === 'unsecuredData';
}

/** The encoded subject of a vote; undefined without one. */
export function payloadOf({ tbsData: { payload } }: SignedData): Uint8Array | undefined {
  const content = payload.data?.content;
  return content?.tag === 'unsecuredData' ? content.value : undefined;
}

/** V3. */
function contentOf(signed: SignedData): Content | undefined {
  const payload = payloadOf(signed);
  const decoded = payload && decode(EndorsementPdu, payload);
  if (!decoded?.ok || decoded.value.version !== ENDORSEMENT_VERSION) return undefined;
  const content = decoded.value.content.value;
  // TbsElectorEndorsement holds an ExplicitCertificate.
  if (content.tag === 'tbsElectorEndorsement' && !isExplicit(content.value.certificate)) return undefined;
  return content;
}

function isExplicit(certificate: Certificate): boolean {
  return certificate.type === 'explicit' && keyOf(certificate) !== undefined;
}

/** V2, V10. Extensions that this version does not know may be critical for all one can tell. */
export function headerCode({ tbsData: { payload, headerInfo } }: SignedData, now: bigint): VoidCode | undefined {
  const { psid, expiryTime, generationTime, extensionAdditions } = headerInfo;
  if (psid !== PSID_SCMS || extensionAdditions !== undefined || payload.extensionAdditions !== undefined) {
    return 'V_HEADER';
  }
  if (expiryTime !== undefined && expiryTime < now) return 'V_HEADER';
  if (generationTime !== undefined && generationTime > now + CLOCK_TOLERANCE_MICROS) return 'V_FUTURE';
  return undefined;
}

/** Whom a vote is compared with. */
export interface Electorate {
  readonly voters: readonly TrustedCertificate[];
  readonly tombstones: readonly Tombstone[];
  /** Trusted roots and component certificates: known, but without a vote (V7). */
  readonly others: readonly Identity[];
  readonly now: bigint;
  readonly context: TrustContext;
  /** A broken engine's: see `Rules`. */
  readonly trustsSelfSignature: boolean;
}

/** A signature of an elector on its way to be counted. Outcomes stay: nothing is verified twice in a bundle. */
export class VoteWork {
  readonly signed: SignedData;
  readonly attached: CertificateFacts | undefined;
  private readonly outcomes = new Map<string, VoteOutcome>();
  private data: Uint8Array | undefined;

  constructor(signed: SignedData, context: TrustContext) {
    this.signed = signed;
    const { signer } = signed;
    if (signer.tag !== 'certificate' || signer.value.length !== 1) return;
    [this.attached] = context.examine(signer.value);
  }

  /** How the vote names its signer: HashedId8, null if it names none. */
  get voter(): string | null {
    if (this.signed.signer.tag === 'digest') return toHex(this.signed.signer.value);
    return this.attached ? toHex(this.attached.signerId8) : null;
  }

  /**
   * V4–V8, and the part of V9 that needs no arithmetic: the electors that may have signed, or why none may. Of several reasons that of
   * the last candidate counts: the later the rule that refuses it, the more specific.
   */
  candidates(subject: Pick<Identity, 'hash' | 'key'> | undefined, electorate: Electorate): Named {
    const named = this.named(electorate);
    if (!Array.isArray(named)) return named;
    const fit: TrustedCertificate[] = [];
    let code: VoidCode = 'V_UNKNOWN_ELECTOR';
    for (const voter of named) {
      const why = this.whyNot(voter, subject, electorate);
      if (why === undefined) fit.push(voter);
      else code = why;
    }
    return fit.length > 0 ? fit : code;
  }

  /** V4, V5, V7: the electors that the vote may name as its signer. */
  private named({ voters, tombstones, others, trustsSelfSignature, context }: Electorate): Named {
    const { attached } = this;
    const { signer } = this.signed;
    let matches: (one: Identity) => boolean;
    if (attached !== undefined) {
      const identity = { hash: toHex(attached.hash), key: keyOf(attached.certificate) ?? '' };
      const found = voters.filter(({ hash }) => hash === identity.hash);
      if (found.length > 0) return found;
      if (trustsSelfSignature && context.checkAnchors([attached])[0]?.length === 0) return selfMade(attached);
      matches = (one) => isSame(one, identity);
    } else if (signer.tag === 'digest') {
      const digest = toHex(signer.value);
      const found = voters.filter(({ hashedId8 }) => hashedId8 === digest);
      if (found.length > 0) return found;
      matches = (one) => one.hashedId8 === digest;
    } else {
      return 'V_UNKNOWN_ELECTOR';
    }
    if (tombstones.some((one) => one.role === 'elector' && matches(one))) return 'V_REVOKED_ELECTOR';
    return others.some(matches) ? 'V_ROLE' : 'V_UNKNOWN_ELECTOR';
  }

  /** V6, V8, V9. */
  private whyNot(
    voter: TrustedCertificate,
    subject: Pick<Identity, 'hash' | 'key'> | undefined,
    { now }: Electorate,
  ): VoidCode | undefined {
    const { generationTime } = this.signed.tbsData.headerInfo;
    if (!isValidAt(voter, now)) return 'V_EXPIRED_ELECTOR';
    if (generationTime !== undefined && !isValidAt(voter, generationTime)) return 'V_EXPIRED_ELECTOR';
    if (subject !== undefined && isSame(voter, subject)) return 'V_SELF';
    return this.signed.hashId === hashOfKey(voter) ? undefined : 'V_SIGNATURE';
  }

  /** The signatures that have to be verified before the vote can be counted. */
  jobs(voters: readonly TrustedCertificate[], context: TrustContext): { voter: string; job: VoteJob }[] {
    return voters
      .filter(({ hash }) => !this.outcomes.has(hash))
      .map((voter) => {
        this.data ??= canonicalToBeSignedData(this.signed);
        const algorithm = this.signed.hashId as VoteJob['algorithm'];
        const signer = context.recall(voter.certificate);
        return { voter: voter.hash, job: { signer, algorithm, data: this.data, signature: this.signed.signature } };
      });
  }

  settle(voter: string, outcome: VoteOutcome): void {
    this.outcomes.set(voter, outcome);
  }

  /** V9: the elector under whose key the signature verified. */
  verified(voters: readonly TrustedCertificate[]): TrustedCertificate | undefined {
    return voters.find(({ hash }) => this.outcomes.get(hash) === 'ok');
  }
}

/** The electors that may have signed a vote, or why none may. */
export type Named = readonly TrustedCertificate[] | VoidCode;

/** V9: the hash that goes with a key: as wide as its curve (IEEE 1609.2 §5.3.1). */
function hashOfKey({ key }: TrustedCertificate): VoteJob['algorithm'] {
  return key.length === 2 * 48 ? 'sha384' : 'sha256';
}

function selfMade(facts: CertificateFacts): TrustedCertificate[] {
  const identity = { hash: toHex(facts.hash), key: keyOf(facts.certificate) as string };
  const validity = { start: facts.validity.start.toString(), end: facts.validity.end.toString() };
  return [{ ...identity, ...validity, hashedId8: toHex(facts.signerId8), certificate: toHex(facts.octets) }];
}

/** All signatures of a round in one batch. */
export function verifyRound(
  works: readonly { readonly vote: VoteWork; readonly voters: readonly TrustedCertificate[] }[],
  context: TrustContext,
): void {
  const wanted = works.flatMap(({ vote, voters }) =>
    vote.jobs(voters, context).map(({ voter, job }) => ({ vote, voter, job })),
  );
  if (wanted.length === 0) return;
  const outcomes = context.verifySignatures(wanted.map(({ job }) => job));
  wanted.forEach(({ vote, voter }, i) => {
    vote.settle(voter, outcomes[i] ?? 'bad');
  });
}

/** A vote that counts: whose, and from when. */
export interface CountedVote {
  readonly voter: TrustedCertificate;
  readonly effectiveTime: bigint;
  /** The vote itself, hex. */
  readonly octets: string;
}

export interface Tally {
  /** One an owner of a key (BL4): the earliest of its votes. */
  readonly counted: readonly CountedVote[];
  readonly votes: readonly VoteDecision[];
}
