import { formatTai } from '../dot2/index.ts';
import { type BallotPart, openArtefacts, type Parts } from './artefacts.ts';
import {
  type ChainFileWork,
  decideFiles,
  dropForeignFiles,
  judgeFiles,
  openChainFiles,
  settleCertificates,
  settleImplicitRevocations,
} from './chain-files.ts';
import type { Judgement } from './components.ts';
import { settleCrls } from './crls.ts';
import { settleCtls } from './ctl.ts';
import { Draft } from './draft.ts';
import { type FaultyBallot, type Motion, openBallot } from './motions.ts';
import { policyEvents, recheckPolicy, settlePolicies } from './policies.ts';
import { settleQuorums } from './quorum.ts';
import { RULES, type Rules } from './rules.ts';
import { checkSettings, settleSettings } from './settings.ts';
import { settleAdditions, settleRemovals } from './settle.ts';
import type { Artefact, Decision, SettingsArtefact, TrustContext, TrustState } from './types.ts';

/** The state after a bundle, and the decision on each part of it. */
export interface Applied {
  readonly state: TrustState;
  readonly decisions: Decision[];
}

/**
 * Applies the artefacts of one bundle (order of work: docs/root-management.md). Pure: the same state, bundle, time and context give the
 * same state and decisions. Neither the order nor the number of copies of artefacts, ballots and votes changes the resulting trust.
 * An empty bundle lets time pass: pending propositions take effect.
 *
 * @throws TypeError for a value that is no artefact; RangeError for a setting that no device may have.
 */
export function applyBundle(
  state: TrustState,
  bundle: readonly Artefact[],
  now: bigint,
  context: TrustContext,
): Applied {
  return applyUnder(RULES, state, bundle, now, context);
}

/** As {@link applyBundle}, by other rules than ours: for tests that have to notice. @internal */
export function applyUnder(
  rules: Rules,
  state: TrustState,
  bundle: readonly Artefact[],
  now: bigint,
  context: TrustContext,
): Applied {
  bundle.forEach(checkArtefact);
  if (now < BigInt(state.clock)) return { state, decisions: clockBack(state, bundle, now) };
  const due = dueUnder(rules, state, now, context);
  const last = applyStep(rules, due.state, bundle, now, context);
  return { state: last.state, decisions: [...due.decisions, ...last.decisions] };
}

/**
 * Pending propositions take effect at their own times, one before the next, however seldom the store is used. For readers of a state
 * without a new bundle: {@link applyBundle} begins with it.
 */
export function applyDue(state: TrustState, now: bigint, context: TrustContext): Applied {
  return dueUnder(RULES, state, now, context);
}

function dueUnder(rules: Rules, state: TrustState, now: bigint, context: TrustContext): Applied {
  const decisions: Decision[] = [];
  let at = state;
  for (let event = nextEvent(at, now); event !== undefined; event = nextEvent(at, now)) {
    const step = applyStep(rules, at, [], event, context);
    at = step.state;
    decisions.push(...step.decisions);
  }
  return { state: at, decisions };
}

function checkArtefact(artefact: Artefact, index: number): void {
  const isFile = 'octets' in artefact && artefact.octets instanceof Uint8Array;
  const isQuorum = 'quorum' in artefact && typeof artefact.quorum === 'number';
  const isSettings = 'settings' in artefact && typeof artefact.settings === 'object' && artefact.settings !== null;
  if (typeof artefact.name !== 'string' || [isFile, isQuorum, isSettings].filter(Boolean).length !== 1) {
    throw new TypeError(`artefact ${index}: a name with one of octets, quorum and settings is needed`);
  }
  if (isSettings) checkSettings((artefact as SettingsArtefact).settings);
}

/** A clock that goes back would revive what tombstones hold down (DECISIONS D33). */
function clockBack({ clock }: TrustState, bundle: readonly Artefact[], now: bigint): Decision[] {
  const names = bundle.length > 0 ? bundle.map(({ name }) => name) : [''];
  return names.map((artefact) => ({
    artefact,
    part: '',
    proposition: null,
    subject: null,
    decision: 'REJECT',
    code: 'CLOCK_BACK',
    detail: `${formatTai(now)} is before ${formatTai(BigInt(clock))}, the latest time that this state has seen`,
  }));
}

/** The next moment, up to `now` if given, at which a pending proposition of the state takes effect. */
export function nextEvent({ pending, policy, clock }: TrustState, now?: bigint): bigint | undefined {
  const last = BigInt(clock);
  const times = [...pending.map(({ effectiveTime }) => BigInt(effectiveTime)), ...policyEvents(policy, last)];
  const due = times.filter((time) => last < time && (now === undefined || time <= now));
  return due.reduce<bigint | undefined>(
    (first, time) => (first === undefined || time < first ? time : first),
    undefined,
  );
}

function applyStep(
  rules: Rules,
  state: TrustState,
  bundle: readonly Artefact[],
  now: bigint,
  context: TrustContext,
): Applied {
  const draft = new Draft(state, now, context, rules);
  const parts = openArtefacts(bundle);
  draft.decisions.push(...parts.refused);
  const rootsBefore = new Set(state.roots.map(({ hash }) => hash));
  // A CTL speaks for electors and roots alone, from the moment it is accepted (DECISIONS D34, E-30).
  settleCtls(draft, parts.ctls);
  const all = openChainFiles(draft, parts.chainFiles);
  const motions = settleBallots(draft, parts.ballots, all);
  const brings = all.length > 0 || parts.certificates.length > 0;
  const judgement = brings ? judgeFiles(draft, all, parts.certificates) : undefined;
  const files = judgement ? dropForeignFiles(draft, all, judgement) : [];
  if (draft.state.mode === 'ballots') settleImplicitRevocations(draft, files, rootsBefore, motions);
  settleBelow(draft, parts, files, judgement, state);
  decideFiles(draft, files, state.chainFiles);
  return { state: draft.finish(), decisions: draft.decisions };
}

/** Steps 5 to 7: everything that hangs from roots. */
function settleBelow(
  draft: Draft,
  parts: Parts,
  files: readonly ChainFileWork[],
  judgement: Judgement | undefined,
  before: TrustState,
): void {
  const touched = (): boolean =>
    draft.state.roots !== before.roots ||
    draft.state.crls !== before.crls ||
    draft.state.certificates !== before.certificates;
  if (touched() || files.length > 0 || parts.certificates.length > 0) {
    settleCertificates(draft, files, parts.certificates, judgement);
  }
  settleCrls(draft, parts.crls);
  if (draft.state.crls !== before.crls) settleCertificates(draft, [], []);
  if (touched()) recheckPolicy(draft);
  settlePolicies(draft, parts.policies);
  settleQuorums(draft, parts.quorums);
  settleSettings(draft, parts.settings);
}

function refuseBallots(draft: Draft, parts: readonly BallotPart[]): void {
  for (const { source } of parts) {
    const about = { ...source, proposition: null, subject: null };
    draft.decisions.push({ ...about, decision: 'REJECT', code: 'MODE_CTL', detail: 'a CTL is in force' });
  }
}

/** Steps 2 to 4. A quorum that changes counts from the next bundle. @returns the motions that each file brings. */
function settleBallots(
  draft: Draft,
  alone: readonly BallotPart[],
  files: readonly ChainFileWork[],
): Map<ChainFileWork, readonly Motion[]> {
  if (draft.state.mode === 'ctl') {
    refuseBallots(draft, [...alone, ...files.flatMap(({ ballots }) => ballots)]);
    return new Map();
  }
  const ofFiles = new Map(files.map((file) => [file, file.ballots.flatMap((one) => openPart(draft, one))]));
  const motions = [...alone.flatMap((part) => openPart(draft, part)), ...[...ofFiles.values()].flat()];
  if (draft.rules.inFileOrder) for (const motion of motions) settleMotions(draft, [motion]);
  else settleMotions(draft, motions);
  return ofFiles;
}

function settleMotions(draft: Draft, motions: readonly Motion[]): void {
  settleRemovals(draft, motions);
  settleAdditions(draft, 'addElector', motions);
  settleAdditions(draft, 'addRoot', motions);
}

function openPart(draft: Draft, { source, container, ballot, besides }: BallotPart): Motion[] {
  if (draft.rules.removalsNeedCrls && besides.length > 0) {
    const { verdicts } = draft.context.verifyCrls(draft.chainTrust(), besides);
    if (verdicts.some(({ ok }) => !ok)) return [];
  }
  const opened = openBallot(ballot, source, container, draft.state.quorum, draft.now, draft.context);
  if (opened.ok) return [opened.motion];
  draft.decisions.push(faultDecision(opened.fault));
  return [];
}

function faultDecision({ source, code, detail, type, subject, votes }: FaultyBallot): Decision {
  const { artefact, part } = source;
  return { artefact, part, proposition: type, subject, decision: 'REJECT', code, detail, votes };
}
