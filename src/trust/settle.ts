import { type Draft, MAX_PENDING, roleOf } from './draft.ts';
import { isSame, keyOf } from './identity.ts';
import { distinctVotes, type Motion, type Source, WaitingMotion } from './motions.ts';
import type {
  CertificateFacts,
  Decision,
  EndorsementType,
  PendingBallot,
  StoredVote,
  TrustedCertificate,
  VoteDecision,
} from './types.ts';
import { type CountedVote, type Electorate, type Tally, verifyRound } from './votes.ts';

/** All motions of one type about one certificate, with what waits of it already. */
interface Group {
  readonly type: EndorsementType;
  readonly subject: TrustedCertificate;
  readonly motions: readonly Motion[];
  readonly waiting: WaitingMotion | undefined;
}

/** What the votes of a group come to. */
interface Outcome {
  readonly group: Group;
  /** As those have it that voted with a quorum: encodings of one certificate may differ, and junk must not choose. */
  readonly subject: TrustedCertificate;
  /** Of each motion. */
  readonly tallies: readonly Tally[];
  readonly waitingTally: Tally | undefined;
  /** Motions that have their quorum (BL5). */
  readonly passing: readonly Motion[];
  /** Whether what waits is due and has lost its quorum meanwhile. */
  readonly lapsed: boolean;
  /** The moment at which a quorum of votes is effective (BL6); undefined if none has a quorum. */
  readonly effective: bigint | undefined;
  readonly quorum: number;
  /** The votes behind it. */
  readonly votes: readonly CountedVote[];
}

interface Failure {
  readonly code: string;
  readonly detail: string;
}

/**
 * Removals (step 2): all of them are decided on the state before any of them, and those
 * that pass are applied together.
 */
export function settleRemovals(draft: Draft, motions: readonly Motion[]): void {
  const electorate = draft.electorate();
  const groups = groupsOf(draft, motions, ['removeElector', 'removeRoot']).filter((group) => {
    const failure = roleFailure(draft, group);
    if (failure) rejectAll(draft, group, failure);
    return failure === undefined;
  });
  const outcomes = outcomesOf(draft, groups, electorate);
  for (const outcome of outcomes) {
    const { group, effective } = outcome;
    if (effective === undefined || (effective > draft.now && !draft.isInForce(group.type, group.subject))) {
      conclude(draft, outcome);
      continue;
    }
    // RE4, RE5, RR7: removing a subject that is not, or no longer, trusted has no effect but a tombstone.
    const known = draft.listOf(roleOf(group.type)).some((one) => isSame(one, group.subject));
    const expired = BigInt(group.subject.end) < draft.now;
    if (!expired) draft.remove(roleOf(group.type), outcome.subject, storedVotes(outcome.votes));
    draft.drop(group.waiting?.entry);
    accepted(draft, outcome, known && !expired);
  }
}

/**
 * Additions (steps 3 and 4): the least fixed point. An elector that a round has added votes in the next one, and no other
 * does, so that the order of ballots does not matter.
 */
export function settleAdditions(draft: Draft, type: 'addElector' | 'addRoot', motions: readonly Motion[]): void {
  let open = groupsOf(draft, motions, [type]);
  for (;;) {
    open = open.filter((group) => {
      const failure = buriedFailure(draft, group) ?? roleFailure(draft, group);
      if (failure) rejectAll(draft, group, failure);
      return failure === undefined;
    });
    const outcomes = outcomesOf(draft, open, draft.electorate());
    const settled = new Set(enactReady(draft, outcomes));
    // Ballots beside one that passed may yet get their voters: those are decided on the final electors too.
    const rest = type === 'addRoot' ? [] : outcomes.filter(({ group }) => settled.has(group)).flatMap(restOf);
    open = [...open.filter((group) => !settled.has(group)), ...rest];
    if (settled.size === 0 || type === 'addRoot') {
      for (const outcome of outcomes) if (open.includes(outcome.group)) conclude(draft, outcome);
      return;
    }
  }
}

/** The ballots of a settled group that have no quorum so far. */
function restOf({ group, passing }: Outcome): Group[] {
  const motions = group.motions.filter((motion) => !passing.includes(motion));
  return motions.length > 0 ? [{ ...group, motions, waiting: undefined }] : [];
}

/** Enacts propositions that have their votes and their time, by ascending certificate hash: if room is short, the order of arrival must not decide. */
function enactReady(draft: Draft, outcomes: readonly Outcome[]): Group[] {
  const { now } = draft;
  const ready = outcomes.filter(({ effective, group }) => {
    return effective !== undefined && (effective <= now || draft.isInForce(group.type, group.subject));
  });
  const fresh = ready.filter(({ group }) => !draft.isInForce(group.type, group.subject));
  const failures = subjectFailures(draft, fresh);
  for (const outcome of ready) {
    const { group } = outcome;
    const role = roleOf(group.type);
    const isNew = !draft.isInForce(group.type, group.subject);
    const failure = failures.get(group) ?? (isNew && !draft.hasRoom(role) ? storeFull(role) : undefined);
    draft.drop(group.waiting?.entry);
    if (failure) {
      rejectPassing(draft, outcome, failure, isLater(group) ? restOf(outcome).flatMap(({ motions }) => motions) : []);
      continue;
    }
    if (isNew) draft.add(role, outcome.subject);
    accepted(draft, outcome, isNew);
  }
  return ready.map(({ group }) => group);
}

function storeFull(role: 'elector' | 'root'): Failure {
  return { code: role === 'elector' ? 'AE_STORE_FULL' : 'AR_STORE_FULL', detail: 'no room for another one' };
}

/** Sorted by certificate hash, each with its pending votes; due propositions are included without any new motion. */
function groupsOf(draft: Draft, motions: readonly Motion[], types: readonly EndorsementType[]): Group[] {
  const bySubject = new Map<string, Motion[]>();
  const keyOfMotion = ({ type, subject }: Pick<Motion, 'type' | 'subject'>): string => `${subject.hash} ${type}`;
  for (const motion of motions) {
    if (!types.includes(motion.type)) continue;
    const list = bySubject.get(keyOfMotion(motion)) ?? [];
    bySubject.set(keyOfMotion(motion), list);
    list.push(motion);
  }
  for (const entry of draft.state.pending) {
    if (entry.kind !== 'ballot' || !types.includes(entry.type) || BigInt(entry.effectiveTime) > draft.now) continue;
    if (!bySubject.has(keyOfMotion(entry))) bySubject.set(keyOfMotion(entry), []);
  }
  return [...bySubject]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => {
      const [hash, type] = key.split(' ') as [string, EndorsementType];
      const entry = draft.pendingBallot(type, hash);
      const waiting = entry && new WaitingMotion(entry);
      return { type, subject: firstEncoding([...list, ...(waiting ? [waiting] : [])]), motions: list, waiting };
    });
}

/** Encodings of one certificate may differ; which of them is taken must not depend on the order of ballots. */
function firstEncoding(motions: readonly Motion[]): TrustedCertificate {
  const subjects = motions.map(({ subject }) => subject);
  return subjects.reduce((first, one) => (one.certificate < first.certificate ? one : first));
}

/** Counts the votes of all groups; their signatures are verified in one batch. */
function outcomesOf(draft: Draft, groups: readonly Group[], electorate: Electorate): Outcome[] {
  verifyRound(
    groups.flatMap(({ motions }) => motions.flatMap((motion) => motion.work(electorate))),
    draft.context,
  );
  return groups.map((group) => outcomeOf(draft, group, electorate));
}

function outcomeOf(draft: Draft, group: Group, electorate: Electorate): Outcome {
  const { motions, waiting } = group;
  const isQuorum = (motion: Motion, { counted }: Tally): boolean =>
    draft.rules.isQuorum(counted.length, motion.size, motion.quorum);
  const tallies = motions.map((motion) => motion.tally(electorate));
  const passing = motions.filter((motion, i) => isQuorum(motion, tallies[i] as Tally));
  const waitingTally = waiting?.tally(electorate);
  const waitingPasses = waiting !== undefined && isQuorum(waiting, waitingTally as Tally);
  const due = waiting !== undefined && isDue(draft, waiting);
  const lapsed = due && !waitingPasses && passing.length === 0;
  const all = [...passing, ...(waitingPasses && (due || passing.length > 0) ? [waiting] : [])];
  // Any sender could put the votes of several ballots into one, so they count as one ballot.
  const votes = distinctVotes([
    ...motions.flatMap((motion, i) => (passing.includes(motion) ? (tallies[i] as Tally).counted : [])),
    ...(all.length > 0 ? (waitingTally?.counted ?? []) : []),
  ]);
  const quorum = Math.max(0, ...all.map((motion) => motion.quorum));
  const effective = all.length === 0 ? undefined : effectiveMoment(votes, quorum);
  const subject = all.length === 0 ? group.subject : firstEncoding(all);
  return { group, subject, tallies, waitingTally, passing, lapsed, effective, quorum, votes };
}

/** BL6: the time from which as many votes as the quorum are effective. */
function effectiveMoment(votes: readonly CountedVote[], quorum: number): bigint {
  const times = votes.map(({ effectiveTime }) => effectiveTime).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return times[Math.min(quorum, times.length) - 1] ?? 0n;
}

/** AE2, AR2: no certificate comes back, nor any other of the same key. */
function buriedFailure(draft: Draft, { type, subject }: Group): Failure | undefined {
  if (!draft.rules.isBuried(subject, draft.state.tombstones)) return undefined;
  const code = type === 'addElector' ? 'AE_TOMBSTONE' : 'AR_TOMBSTONE';
  return { code, detail: 'this certificate or its key was removed' };
}

const ROLE_CODES: Readonly<Record<EndorsementType, string>> = {
  addElector: 'AE_ROLE',
  addRoot: 'AR_ROLE',
  removeElector: 'RE_ROLE',
  removeRoot: 'RR_ROLE',
};

/**
 * AE3 and its mirror images: no certificate is elector and CA at once, and each is removed in its own role. Component certificates do
 * not block a removal, and those of unauthenticated files do not block an addition either (DECISIONS D42): any
 * CA could issue one for the key of an elector.
 */
function roleFailure({ state }: Draft, { type, subject }: Group): Failure | undefined {
  const others = {
    addElector: [...state.roots, ...state.certificates.filter(({ authenticated }) => authenticated)],
    removeElector: state.roots,
    addRoot: state.electors,
    removeRoot: state.electors,
  }[type];
  if (!others.some((one) => isSame(one, subject))) return undefined;
  return { code: ROLE_CODES[type], detail: `the certificate or its key is trusted as something else` };
}

/** AE1, AR1: whether the subject is a usable certificate. Self-signatures in one batch. */
function subjectFailures(draft: Draft, outcomes: readonly Outcome[]): Map<Group, Failure> {
  const facts = outcomes.map(({ subject }) => draft.context.recall(subject.certificate));
  const findings = draft.context.checkAnchors(facts);
  const failures = new Map<Group, Failure>();
  outcomes.forEach(({ group }, i) => {
    const role = roleOf(group.type);
    const detail = whyUnfit(role, facts[i] as CertificateFacts, findings[i] ?? [], draft.now);
    if (detail !== undefined) failures.set(group, { code: role === 'elector' ? 'AE_CERT' : 'AR_CERT', detail });
  });
  return failures;
}

/** Why a certificate cannot be an elector or a root; undefined if it can. */
export function whyUnfit(
  role: 'elector' | 'root',
  { certificate, validity }: CertificateFacts,
  findings: readonly { readonly code: string; readonly detail: string }[],
  now: bigint,
): string | undefined {
  const { toBeSigned, issuer, type } = certificate;
  if (type !== 'explicit' || keyOf(certificate) === undefined) return 'not an explicit certificate';
  if (issuer.tag !== 'self') return 'not self-signed';
  // Electors may have no permissions at all (DECISIONS D31).
  const finding = findings.find(({ code }) => role === 'root' || code !== 'noPermissions');
  if (finding) return `${finding.code}: ${finding.detail}`;
  if (validity.end < now) return 'expired';
  if (toBeSigned.encryptionKey !== undefined) return 'it has an encryption key';
  const issues = (toBeSigned.certIssuePermissions?.length ?? 0) > 0;
  if (role === 'elector' && issues) return 'an elector that may issue certificates';
  if (role === 'root' && !issues) return 'a root that may not issue certificates';
  return undefined;
}

/** What has no quorum is refused; what has one, but not its time, waits. */
function conclude(draft: Draft, outcome: Outcome): void {
  const { group, passing, effective, lapsed } = outcome;
  if (lapsed) draft.drop(group.waiting?.entry);
  const failing = group.motions.filter((motion) => !passing.includes(motion));
  for (const motion of failing) decideMotion(draft, outcome, motion, 'REJECT', noQuorum(outcome, motion));
  if (lapsed && group.waiting) decideMotion(draft, outcome, group.waiting, 'REJECT', noQuorum(outcome, group.waiting));
  if (effective === undefined) return;
  const failure = isAddition(group.type) ? subjectFailures(draft, [outcome]).get(group) : undefined;
  if (failure) {
    draft.drop(group.waiting?.entry);
    rejectPassing(draft, outcome, failure, failing);
    return;
  }
  const entry = waitingEntry(outcome, effective);
  const room = draft.wait(entry, group.waiting?.entry);
  for (const motion of decidedOf(draft, outcome).filter((one) => !failing.includes(one))) {
    if (room) decideMotion(draft, outcome, motion, 'PENDING', { code: 'OK', effectiveTime: entry.effectiveTime });
    else decideMotion(draft, outcome, motion, 'REJECT', pendingFull());
  }
}

/** Whether ballots without a quorum are decided in a later round. */
const isLater = ({ type }: Group): boolean => type === 'addElector';

const isAddition = (type: EndorsementType): boolean => type === 'addElector' || type === 'addRoot';

function pendingFull(): Failure {
  return { code: 'B_PENDING_FULL', detail: `${MAX_PENDING} propositions are waiting already` };
}

function noQuorum({ group, tallies, waitingTally }: Outcome, motion: Motion): Failure {
  const tally = motion === group.waiting ? waitingTally : tallies[group.motions.indexOf(motion)];
  const counted = `${tally?.counted.length ?? 0} of ${motion.quorum} votes`;
  return { code: 'B_QUORUM', detail: motion.size === 1 ? `${counted}: a single vote` : counted };
}

function waitingEntry({ group, subject, quorum, votes, passing }: Outcome, effective: bigint): PendingBallot {
  const { waiting } = group;
  const names = [...passing.map(({ source }) => source.artefact), ...(waiting ? [waiting.source.artefact] : [])].sort();
  const fresh = storedVotes(votes);
  // Pending votes are kept even if their voter is not valid at this moment: only its validity at the effective time counts.
  const kept = (waiting?.entry.votes ?? []).filter(({ voter }) => !fresh.some((one) => one.voter === voter));
  return {
    kind: 'ballot',
    type: group.type,
    subject,
    votes: [...fresh, ...kept].sort((a, b) => (a.voter < b.voter ? -1 : 1)),
    quorum,
    effectiveTime: effective.toString(),
    artefact: names[0] ?? '',
  };
}

function storedVotes(votes: readonly CountedVote[]): StoredVote[] {
  return votes
    .map(({ voter, effectiveTime, octets }) => ({ voter: voter.hash, effectiveTime: effectiveTime.toString(), octets }))
    .sort((a, b) => (a.voter < b.voter ? -1 : 1));
}

/** Motions that a decision is due on: those of the bundle, and what has waited once its time has come. */
function decidedOf(draft: Draft, { group: { motions, waiting } }: Outcome): Motion[] {
  return waiting !== undefined && isDue(draft, waiting) ? [...motions, waiting] : [...motions];
}

const isDue = (draft: Draft, { entry }: WaitingMotion): boolean => BigInt(entry.effectiveTime) <= draft.now;

/** The first that brought it about is accepted, the others change nothing any more. */
function accepted(draft: Draft, outcome: Outcome, changes: boolean): void {
  let first = changes;
  for (const motion of decidedOf(draft, outcome)) {
    const passes = motion === outcome.group.waiting ? !outcome.lapsed : outcome.passing.includes(motion);
    if (!passes && isLater(outcome.group) && motion !== outcome.group.waiting) continue;
    if (!passes) {
      decideMotion(draft, outcome, motion, 'REJECT', noQuorum(outcome, motion));
      continue;
    }
    decideMotion(draft, outcome, motion, first ? 'ACCEPT' : 'ACCEPT_NOOP', { code: 'OK' });
    first = false;
  }
}

function rejectPassing(draft: Draft, outcome: Outcome, failure: Failure, decided: readonly Motion[] = []): void {
  for (const motion of decidedOf(draft, outcome)) {
    if (decided.includes(motion)) continue;
    const passes = motion === outcome.group.waiting || outcome.passing.includes(motion);
    decideMotion(draft, outcome, motion, 'REJECT', passes ? failure : noQuorum(outcome, motion));
  }
}

/** Refuses motions whose votes were not looked at. */
function rejectAll(draft: Draft, group: Group, failure: Failure): void {
  const { waiting } = group;
  // A tombstone is final; any other reason may no longer hold at the effective time.
  const over = waiting && (isDue(draft, waiting) || failure.code.endsWith('_TOMBSTONE'));
  if (over) draft.drop(waiting.entry);
  for (const { source, type, subject } of over ? [...group.motions, waiting] : group.motions) {
    draft.decisions.push({ ...about(source, type, subject.hashedId8), decision: 'REJECT', ...failure });
  }
}

function decideMotion(
  draft: Draft,
  { group, tallies, waitingTally }: Outcome,
  motion: Motion,
  decision: Decision['decision'],
  more: { code: string; detail?: string; effectiveTime?: string },
): void {
  const tally = motion === group.waiting ? waitingTally : tallies[group.motions.indexOf(motion)];
  const votes: readonly VoteDecision[] = tally?.votes ?? [];
  draft.record(motion.source, decision);
  draft.decisions.push({ ...about(motion.source, group.type, group.subject.hashedId8), decision, ...more, votes });
}

function about(
  { artefact, part }: Source,
  proposition: EndorsementType,
  subject: string,
): Pick<Decision, 'artefact' | 'part' | 'proposition' | 'subject'> {
  return { artefact, part, proposition, subject };
}
