import { toHex } from '../coer/index.ts';
import type { ElectorBallot } from '../dot2/index.ts';
import { isValidAt } from './flags.ts';
import { isSame, trustedOf } from './identity.ts';
import type { EndorsementType, PendingBallot, TrustContext, TrustedCertificate, VoteDecision } from './types.ts';
import {
  type CountedVote,
  type Electorate,
  type OpenVote,
  openVote,
  type Tally,
  type VoidCode,
  VoteWork,
} from './votes.ts';

/** Votes of one ballot (BL1): ten electors fit into the largest store. */
export const MAX_VOTES = 16;

/** The place of a finding: the artefact, and the path in it. */
export interface Source {
  readonly artefact: string;
  readonly part: string;
}

/** A proposition with votes: one of a ballot that has just come, or one that has waited for its time. */
export interface Motion {
  readonly source: Source;
  readonly type: EndorsementType;
  readonly subject: TrustedCertificate;
  /** Distinct votes that it needs. */
  readonly quorum: number;
  /** Votes in the ballot. */
  readonly size: number;
  /** The signatures that have to be verified before {@link tally} can count them. */
  work(electorate: Electorate): { vote: VoteWork; voters: readonly TrustedCertificate[] }[];
  tally(electorate: Electorate): Tally;
}

/** A ballot that is not worth counting: too many votes, in the wrong place, of mixed or of no content. */
export interface FaultyBallot {
  readonly source: Source;
  readonly code: 'B_SIZE' | 'B_CONTEXT' | 'B_MIXED' | 'B_QUORUM';
  readonly detail: string;
  readonly type: EndorsementType | null;
  readonly subject: string | null;
  readonly votes: readonly VoteDecision[];
}

export type OpenedBallot =
  | { readonly ok: true; readonly motion: Motion }
  | { readonly ok: false; readonly fault: FaultyBallot };

interface VoteEntry {
  readonly opened: OpenVote;
  readonly work: VoteWork | undefined;
  readonly effectiveTime: bigint;
  readonly octets: Uint8Array;
}

/**
 * BL1, BL3, BL2, in this order, before anything is worked at: the proposition that a ballot is about. `container` is what
 * the list around it is for; null for a ballot that comes by itself.
 */
export function openBallot(
  ballot: ElectorBallot,
  source: Source,
  container: EndorsementType | null,
  quorum: number,
  now: bigint,
  context: TrustContext,
): OpenedBallot {
  const { endorsements } = ballot;
  const fault = (code: FaultyBallot['code'], detail: string, of: Partial<FaultyBallot> = {}): OpenedBallot => ({
    ok: false,
    fault: { source, code, detail, type: null, subject: null, votes: [], ...of },
  });
  if (endorsements.length < 1 || endorsements.length > MAX_VOTES) {
    return fault('B_SIZE', `${endorsements.length} votes, not 1..${MAX_VOTES}`);
  }
  const opened = endorsements.map((endorsement) => openVote(endorsement, now));
  const propositions = opened.flatMap(({ content }) =>
    content?.tag === 'tbsElectorEndorsement' ? [content.value] : [],
  );
  const [first] = propositions;
  const [facts] = first ? context.examine([first.certificate]) : [];
  const subject = facts && trustedOf(facts);
  if (first === undefined || subject === undefined) {
    const votes = opened.map(({ code }): VoteDecision => ({ voter: null, counted: false, code: code ?? 'V_CONTENT' }));
    return fault('B_QUORUM', `0 of ${quorum} votes`, { votes });
  }
  const { type } = first;
  const about = { type, subject: subject.hashedId8 };
  if (container !== null && type !== container) return fault('B_CONTEXT', `${type} in a list for ${container}`, about);
  const same = propositions.every(
    (one) => one.type === type && toHex(one.certificate.encoded as Uint8Array) === subject.certificate,
  );
  if (!same) return fault('B_MIXED', 'votes about different propositions', about);
  const entries = opened.map((one, i): VoteEntry => {
    const { signed, content, code } = one;
    // An elector's word on the quorum is no vote on a certificate.
    const endorsement = code === undefined && content?.tag === 'tbsElectorEndorsement' ? content.value : undefined;
    return {
      opened: one,
      work: signed && endorsement ? new VoteWork(signed, context) : undefined,
      effectiveTime: endorsement?.effectiveTime ?? 0n,
      octets: endorsements[i]?.encoded as Uint8Array,
    };
  });
  return { ok: true, motion: new FreshMotion(source, type, subject, quorum, entries) };
}

/** Of several votes of one owner the earliest counts, in any order of arrival. */
function isEarlier(a: CountedVote, b: CountedVote): boolean {
  if (a.effectiveTime !== b.effectiveTime) return a.effectiveTime < b.effectiveTime;
  if (a.voter.hash !== b.voter.hash) return a.voter.hash < b.voter.hash;
  return a.octets < b.octets;
}

/** BL4: one vote for each owner of a key. */
export function distinctVotes(votes: readonly CountedVote[]): CountedVote[] {
  const byOwner = new Map<string, CountedVote>();
  for (const vote of votes) {
    const other = byOwner.get(vote.voter.key);
    if (other === undefined || isEarlier(vote, other)) byOwner.set(vote.voter.key, vote);
  }
  return [...byOwner.values()];
}

class FreshMotion implements Motion {
  readonly source: Source;
  readonly type: EndorsementType;
  readonly subject: TrustedCertificate;
  readonly quorum: number;
  private readonly entries: readonly VoteEntry[];

  constructor(
    source: Source,
    type: EndorsementType,
    subject: TrustedCertificate,
    quorum: number,
    entries: readonly VoteEntry[],
  ) {
    this.source = source;
    this.type = type;
    this.subject = subject;
    this.quorum = quorum;
    this.entries = entries;
  }

  get size(): number {
    return this.entries.length;
  }

  work(electorate: Electorate): { vote: VoteWork; voters: readonly TrustedCertificate[] }[] {
    return this.entries.flatMap(({ work }) => {
      const named = work?.candidates(this.subject, electorate);
      return work && named && typeof named !== 'string' ? [{ vote: work, voters: named }] : [];
    });
  }

  tally(electorate: Electorate): Tally {
    const counted: CountedVote[] = [];
    const owners = new Set<string>();
    const votes = this.entries.map((entry): VoteDecision => {
      const { opened, work, effectiveTime, octets } = entry;
      const isVoid = (code: VoidCode): VoteDecision => ({ voter: voterOf(entry), counted: false, code });
      if (work === undefined) return isVoid(opened.code ?? 'V_CONTENT');
      const named = work.candidates(this.subject, electorate);
      if (typeof named === 'string') return isVoid(named);
      const voter = work.verified(named);
      if (voter === undefined) return isVoid('V_SIGNATURE');
      counted.push({ voter, effectiveTime, octets: toHex(octets) });
      const repeated = owners.has(voter.key);
      owners.add(voter.key);
      return { voter: voter.hashedId8, counted: !repeated, code: repeated ? 'B_DUPLICATE' : 'OK' };
    });
    return { counted: distinctVotes(counted), votes };
  }
}

/** How a vote names its elector, void or not. */
function voterOf({ opened, work }: VoteEntry): string | null {
  if (work !== undefined) return work.voter;
  const signer = opened.signed?.signer;
  return signer?.tag === 'digest' ? toHex(signer.value) : null;
}

/** What has waited: its votes verified on receipt, and their voters must still be good (BL6). */
export class WaitingMotion implements Motion {
  readonly source: Source;
  readonly entry: PendingBallot;

  constructor(entry: PendingBallot) {
    this.entry = entry;
    this.source = { artefact: entry.artefact, part: 'pending' };
  }

  get type(): EndorsementType {
    return this.entry.type;
  }

  get subject(): TrustedCertificate {
    return this.entry.subject;
  }

  get quorum(): number {
    return this.entry.quorum;
  }

  get size(): number {
    return this.entry.votes.length;
  }

  work(): [] {
    return [];
  }

  tally({ voters, tombstones, now }: Electorate): Tally {
    const counted: CountedVote[] = [];
    const votes = this.entry.votes.map(({ voter: hash, effectiveTime, octets }): VoteDecision => {
      const voter = voters.find((one) => one.hash === hash);
      if (voter === undefined) {
        const buried = tombstones.find((one) => one.role === 'elector' && one.hash === hash);
        const code: VoidCode = buried ? 'V_REVOKED_ELECTOR' : 'V_UNKNOWN_ELECTOR';
        return { voter: buried?.hashedId8 ?? null, counted: false, code };
      }
      if (!isValidAt(voter, now)) return { voter: voter.hashedId8, counted: false, code: 'V_EXPIRED_ELECTOR' };
      if (isSame(voter, this.subject)) return { voter: voter.hashedId8, counted: false, code: 'V_SELF' };
      counted.push({ voter, effectiveTime: BigInt(effectiveTime), octets });
      return { voter: voter.hashedId8, counted: true, code: 'OK' };
    });
    return { counted, votes };
  }
}
