import { decode, toHex } from '../coer/index.ts';
import { SignedElectorEndorsement } from '../dot2/index.ts';
import type { Draft } from './draft.ts';
import { votingPower } from './flags.ts';
import { distinctVotes, MAX_VOTES } from './motions.ts';
import type { QuorumArtefact, VoteDecision } from './types.ts';
import { type CountedVote, openVote, VoteWork, verifyRound } from './votes.ts';

/**
 * A change of quorum by the operator (DECISIONS D35), for ballots that come later. Raising it is a choice of the device;
 * lowering it takes as many votes as it needed until now (P6), each for this number and a sequence number that none has
 * been used for.
 */
export function settleQuorums(draft: Draft, artefacts: readonly QuorumArtefact[]): void {
  const values = new Set(artefacts.map(({ quorum }) => quorum));
  for (const artefact of artefacts) {
    if (values.size > 1) decide(draft, artefact, 'REJECT', 'P_QUORUM', 'several quorums in one bundle');
    else settleOne(draft, artefact);
  }
}

function settleOne(draft: Draft, artefact: QuorumArtefact): void {
  const { state, now } = draft;
  const { quorum } = artefact;
  if (state.mode === 'ctl') {
    decide(draft, artefact, 'REJECT', 'MODE_CTL', 'CTLs say how many electors the next one needs');
    return;
  }
  const most = votingPower(state, now);
  if (!Number.isInteger(quorum) || quorum < state.floor || quorum > most) {
    decide(draft, artefact, 'REJECT', 'P_QUORUM', `${quorum} is not in ${state.floor}..${most}`);
    return;
  }
  if (quorum === state.quorum) {
    decide(draft, artefact, 'ACCEPT_NOOP', 'OK');
    return;
  }
  if (quorum > state.quorum) {
    state.quorum = quorum;
    decide(draft, artefact, 'ACCEPT', 'OK');
    return;
  }
  lower(draft, artefact);
}

function lower(draft: Draft, artefact: QuorumArtefact): void {
  const { state } = draft;
  const { votes: octets = [], quorum } = artefact;
  if (octets.length > MAX_VOTES) {
    decide(draft, artefact, 'REJECT', 'B_SIZE', `${octets.length} votes, at most ${MAX_VOTES}`);
    return;
  }
  const { votes, counted, sequenceNumber } = count(draft, octets, quorum);
  const detail = `${counted} of ${state.quorum} votes`;
  if (counted < state.quorum) {
    decide(draft, artefact, 'REJECT', 'B_QUORUM', detail, votes);
    return;
  }
  if (sequenceNumber <= state.quorumSequence) {
    const known = `sequence number ${sequenceNumber}, ${state.quorumSequence} is known`;
    decide(draft, artefact, 'REJECT', 'P_ROLLBACK', known, votes);
    return;
  }
  state.quorum = quorum;
  state.quorumSequence = sequenceNumber;
  decide(draft, artefact, 'ACCEPT', 'OK', detail, votes);
}

interface Count {
  readonly votes: VoteDecision[];
  /** Distinct votes for that sequence number. */
  readonly counted: number;
  readonly sequenceNumber: number;
}

/** A valid vote, and the number that it is for. */
interface NumberedVote {
  readonly vote: CountedVote;
  readonly sequenceNumber: number;
}

/**
 * Votes are for one sequence number: the highest that has enough of them, or else the one that has most. A vote for another
 * one cannot spoil it.
 */
function elect(valid: readonly NumberedVote[], quorum: number): { sequenceNumber: number; counted: number } {
  const byNumber = new Map<number, CountedVote[]>();
  for (const { vote, sequenceNumber } of valid) {
    byNumber.set(sequenceNumber, [...(byNumber.get(sequenceNumber) ?? []), vote]);
  }
  const numbers = [...byNumber]
    .map(([sequenceNumber, votes]) => ({ sequenceNumber, counted: distinctVotes(votes).length }))
    .sort((a, b) => b.sequenceNumber - a.sequenceNumber);
  const most = Math.max(0, ...numbers.map(({ counted }) => counted));
  const enough = Math.min(most, quorum);
  return numbers.find(({ counted }) => counted >= enough) ?? { sequenceNumber: 0, counted: 0 };
}

function count(draft: Draft, octets: readonly Uint8Array[], quorum: number): Count {
  const electorate = draft.electorate();
  const entries = octets.map((one) => {
    const decoded = decode(SignedElectorEndorsement, one);
    const vote = decoded.ok ? openVote(decoded.value, draft.now) : undefined;
    if (vote?.signed === undefined || vote.code !== undefined) return { code: vote?.code ?? 'V_ENCODING', one };
    const content = vote.content;
    if (content?.tag !== 'tbsQuorumEndorsement' || content.value.quorum !== quorum) return { code: 'V_CONTENT', one };
    const work = new VoteWork(vote.signed, draft.context);
    const named = work.candidates(undefined, electorate);
    return { work, named, sequenceNumber: content.value.sequenceNumber, one };
  });
  verifyRound(
    entries.flatMap(({ work, named }) => (work && typeof named === 'object' ? [{ vote: work, voters: named }] : [])),
    draft.context,
  );
  const judged = entries.map(({ code, work, named, sequenceNumber, one }): NumberedVote | VoteDecision => {
    if (work === undefined || named === undefined) return { voter: null, counted: false, code: code ?? 'V_CONTENT' };
    if (typeof named === 'string') return { voter: work.voter, counted: false, code: named };
    const voter = work.verified(named);
    if (voter === undefined) return { voter: work.voter, counted: false, code: 'V_SIGNATURE' };
    return { vote: { voter, effectiveTime: 0n, octets: toHex(one) }, sequenceNumber };
  });
  const { quorum: needed, quorumSequence } = draft.state;
  const elected = elect(
    judged.filter((one): one is NumberedVote => 'vote' in one),
    needed,
  );
  const owners = new Set<string>();
  const votes = judged.map((one): VoteDecision => {
    if (!('vote' in one)) return one;
    const { key, hashedId8: voter } = one.vote.voter;
    if (one.sequenceNumber !== elected.sequenceNumber) {
      return { voter, counted: false, code: one.sequenceNumber <= quorumSequence ? 'P_ROLLBACK' : 'V_CONTENT' };
    }
    const repeated = owners.has(key);
    owners.add(key);
    return { voter, counted: !repeated, code: repeated ? 'B_DUPLICATE' : 'OK' };
  });
  return { votes, ...elected };
}

function decide(
  draft: Draft,
  { name }: QuorumArtefact,
  decision: 'ACCEPT' | 'ACCEPT_NOOP' | 'REJECT',
  code: string,
  detail?: string,
  votes?: readonly VoteDecision[],
): void {
  draft.decisions.push({
    artefact: name,
    part: '',
    proposition: 'quorum',
    subject: null,
    decision,
    code,
    ...(detail !== undefined && { detail }),
    ...(votes && { votes }),
  });
}

/** Whether bytes are a vote on the quorum: such a vote comes with the number it is for, and not by itself. */
export function isQuorumVote(bytes: Uint8Array): boolean {
  const decoded = decode(SignedElectorEndorsement, bytes);
  return decoded.ok && openVote(decoded.value, 0n).content?.tag === 'tbsQuorumEndorsement';
}
