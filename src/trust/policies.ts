import { encode, toHex } from '../coer/index.ts';
import {
  type Certificate,
  type GlobalPolicy,
  Ieee1609Dot2Data,
  type LocalPolicy,
  type PolicyFile,
} from '../dot2/index.ts';
import { type OctetsPart, policyOf } from './artefacts.ts';
import type { Draft } from './draft.ts';
import { votingPower } from './flags.ts';
import { fromHex } from './material.ts';
import type { Source } from './motions.ts';
import { timedValues, valueAt } from './time-series.ts';
import type { Decision, PendingPolicy, StoredPolicy } from './types.ts';
import { PSID_SCMS } from './votes.ts';

interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** ScmsSsp, alternative `pg`: first octet of the SSP of PSID 35. */
const PG_ROLE = 0x82;

/** P1–P6 (B.0 step 7): policy files in the order of their generation. */
export function settlePolicies(draft: Draft, parts: readonly OctetsPart[]): void {
  const due = draft.state.pending.filter(
    (one): one is PendingPolicy => one.kind === 'policy' && BigInt(one.effectiveTime) <= draft.now,
  );
  for (const entry of due) draft.drop(entry);
  const waited = due.map(({ artefact, octets }) => ({
    source: { artefact, part: 'pending' },
    octets: fromHex(octets),
  }));
  const opened = [...waited, ...parts].map(({ source, octets }) => ({ source, octets, opened: policyOf(octets) }));
  const readable: { source: Source; octets: Uint8Array; policy: PolicyFile }[] = [];
  for (const { source, octets, opened: file } of opened) {
    if (file) readable.push({ source, octets, policy: file.policy });
    else decide(draft, source, 'REJECT', { code: 'P_ENCODING', detail: 'no policy file' });
  }
  readable.sort((a, b) => {
    const [first, second] = [timesOf(a.policy).generationTime, timesOf(b.policy).generationTime];
    if (first !== second) return first < second ? -1 : 1;
    return toHex(a.octets) < toHex(b.octets) ? -1 : 1;
  });
  for (const { source, octets, policy } of readable) settleOne(draft, source, octets, policy);
  followQuorumSeries(draft);
}

function timesOf({ content }: PolicyFile): { policyId: string; generationTime: bigint; activeTime: bigint } {
  return (content.value as { value: GlobalPolicy | LocalPolicy }).value;
}

function decide(
  draft: Draft,
  { artefact, part }: Source,
  decision: Decision['decision'],
  more: Partial<Decision>,
): void {
  draft.decisions.push({ artefact, part, proposition: 'policy', subject: null, decision, code: 'OK', ...more });
}

function settleOne(draft: Draft, source: Source, octets: Uint8Array, file: PolicyFile): void {
  const { generationTime, activeTime, policyId } = timesOf(file);
  const hex = toHex(octets);
  if (draft.state.policy?.octets === hex) {
    decide(draft, source, 'ACCEPT_NOOP', {});
    return;
  }
  const global = globalOf(file);
  const failure = whyRefused(draft, octets, file, global) ?? whyOld(draft, generationTime, activeTime);
  if (failure || global === undefined) {
    decide(draft, source, 'REJECT', failure ?? { code: 'P_ENCODING', detail: 'no global policy' });
    return;
  }
  if (activeTime > draft.now) {
    const effectiveTime = activeTime.toString();
    const same = draft.state.pending.find((one) => one.kind === 'policy' && one.octets === hex);
    const entry: PendingPolicy = { kind: 'policy', effectiveTime, artefact: source.artefact, octets: hex };
    if (same === undefined && !draft.wait(entry, undefined)) {
      decide(draft, source, 'REJECT', { code: 'B_PENDING_FULL', detail: 'too much is waiting already' });
    } else {
      decide(draft, source, 'PENDING', { effectiveTime });
    }
    return;
  }
  draft.state.policy = {
    policyId,
    generationTime: generationTime.toString(),
    activeTime: activeTime.toString(),
    certChainFileId: timedValues(global.certChainFileId) ?? [],
    overdueCrlToleranceSeconds: timedValues(global.overdueCrlToleranceSeconds) ?? [],
    quorum: (global.quorum && timedValues(global.quorum)) ?? [],
    octets: hex,
  };
  decide(draft, source, 'ACCEPT', {});
  const quorum = valueAt(draft.state.policy.quorum, draft.now);
  if (quorum !== null) changeByPolicy(draft, source, quorum);
}

/** The global policy of a file, its own or the one inside a local one. */
function globalOf({ content }: PolicyFile): GlobalPolicy | undefined {
  if (content.tag !== 'policy') return undefined;
  if (content.value.tag === 'global') return content.value.value;
  const inner = policyOf(encode(Ieee1609Dot2Data, content.value.value.global));
  if (inner?.policy.content.tag !== 'policy' || inner.policy.content.value.tag !== 'global') return undefined;
  return inner.policy.content.value.value;
}

/** P1, P3, P4. */
function whyRefused(
  draft: Draft,
  octets: Uint8Array,
  { content }: PolicyFile,
  global: GlobalPolicy | undefined,
): Failure | undefined {
  if (content.tag !== 'policy' || global === undefined) return { code: 'P_ENCODING', detail: 'no global policy' };
  const local = content.value.tag === 'local' ? content.value.value : undefined;
  const messages = local ? [octets, encode(Ieee1609Dot2Data, local.global)] : [octets];
  const unsigned = whyNotSigned(draft, messages);
  if (unsigned) return unsigned;
  const series = [
    global.certChainFileId,
    global.overdueCrlToleranceSeconds,
    global.iPeriodMinutes,
    global.minCertsPerIPeriod,
    global.shuffleThreshold,
    ...(global.quorum ? [global.quorum] : []),
    ...(local ? [local.certsPerIPeriod, local.shuffleThreshold] : []),
  ];
  if (series.some((one) => timedValues(one) === undefined)) {
    return { code: 'P_SERIES', detail: 'a time series that is not in order' };
  }
  if (local && !narrows(local, global)) {
    return { code: 'P_WIDER', detail: 'the local policy permits what the global one does not' };
  }
  return undefined;
}

/** P1: each part is signed by a policy generator whose chain stands. */
function whyNotSigned(draft: Draft, messages: readonly Uint8Array[]): Failure | undefined {
  for (const { ok, code, detail, signer } of draft.context.judgeMessages(draft.chainTrust(), messages)) {
    if (!ok) return { code: 'P_SIGNATURE', detail: `${code}: ${detail}` };
    if (signer === undefined || !isPolicyGenerator(signer)) {
      return { code: 'P_SIGNER', detail: 'the signer is no policy generator' };
    }
  }
  return undefined;
}

function isPolicyGenerator({ toBeSigned }: Certificate): boolean {
  return (toBeSigned.appPermissions ?? []).some(
    ({ psid, ssp }) => psid === PSID_SCMS && ssp?.tag === 'opaque' && ssp.value[0] === PG_ROLE,
  );
}

/** P3: at every time at which either changes, no fewer certificates and no less shuffling. */
function narrows(local: LocalPolicy, global: GlobalPolicy): boolean {
  const pairs = [
    [local.certsPerIPeriod, global.minCertsPerIPeriod],
    [local.shuffleThreshold, global.shuffleThreshold],
  ] as const;
  return pairs.every(([own, least]) => {
    const [values, floors] = [timedValues(own) ?? [], timedValues(least) ?? []];
    return [...values, ...floors].every(({ start }) => {
      const at = BigInt(start);
      return (valueAt(values, at) ?? 0) >= (valueAt(floors, at) ?? 0);
    });
  });
}

/** P2. */
function whyOld({ state: { policy } }: Draft, generationTime: bigint, activeTime: bigint): Failure | undefined {
  if (policy === null) return undefined;
  const older = generationTime <= BigInt(policy.generationTime) || activeTime < BigInt(policy.activeTime);
  return older ? { code: 'P_ROLLBACK', detail: 'not newer than the policy in force' } : undefined;
}

/** P8, RR4: a policy is in force as long as its signer's chain stands; without it the device has its own defaults. */
export function recheckPolicy(draft: Draft): void {
  const { policy } = draft.state;
  if (policy === null) return;
  const octets = fromHex(policy.octets);
  const failure = whyNotSigned(draft, [octets]);
  if (failure === undefined) return;
  draft.state.policy = null;
  decide(draft, { artefact: '', part: 'policy' }, 'ACCEPT', { code: 'P_DROPPED', detail: failure.detail });
}

/** P4: a series changes its value by itself when its time comes. */
function followQuorumSeries(draft: Draft): void {
  const { policy } = draft.state;
  const started = policy?.quorum.find(({ start }) => BigInt(start) === draft.now);
  if (policy && started) changeByPolicy(draft, { artefact: '', part: 'policy' }, started.value);
}

/**
 * P5, P6: a policy can raise the quorum as far as there are electors, never lower it: whoever signs policies stands below the
 * root that the quorum guards (E-2).
 */
function changeByPolicy(draft: Draft, { artefact }: Source, quorum: number): void {
  const { state, now } = draft;
  const about = { artefact, part: 'quorum', proposition: 'quorum' as const, subject: null };
  if (quorum === state.quorum) return;
  const most = votingPower(state, now);
  const detail = `${quorum}: now ${state.quorum}, floor ${state.floor}, electors ${most}`;
  if (state.mode === 'ctl' || quorum < state.quorum || quorum < state.floor || quorum > most) {
    draft.decisions.push({
      ...about,
      decision: 'REJECT',
      code: state.mode === 'ctl' ? 'MODE_CTL' : 'P_QUORUM',
      detail,
    });
    return;
  }
  state.quorum = quorum;
  draft.decisions.push({ ...about, decision: 'ACCEPT', code: 'OK', detail });
}

/** Times after `after` at which the policy changes something by itself. */
export function policyEvents(policy: StoredPolicy | null, after: bigint): bigint[] {
  return (policy?.quorum ?? []).map(({ start }) => BigInt(start)).filter((start) => start > after);
}
