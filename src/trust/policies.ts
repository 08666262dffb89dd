import { decode, encode, toHex } from '../coer/index.ts';
import {
  type GlobalPolicy,
  Ieee1609Dot2Data,
  type LocalPolicy,
  type PolicyFile,
  type SignedData,
  scmsRoleOf,
} from '../dot2/index.ts';
import { type OctetsPart, policyOf } from './artefacts.ts';
import type { Draft } from './draft.ts';
import { votingPower } from './flags.ts';
import { issuerDigestOf } from './identity.ts';
import { fromHex } from './material.ts';
import type { Source } from './motions.ts';
import { timedValues, valueAt } from './time-series.ts';
import type { Decision, PendingPolicy, StoredPolicy } from './types.ts';

interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** A policy file, and certificates that its signature was verified with before. */
interface Signed {
  readonly octets: Uint8Array;
  readonly signers: readonly string[];
}

/** P1–P6 (step 7): policy files in the order of their generation. */
export function settlePolicies(draft: Draft, parts: readonly OctetsPart[]): void {
  const due = draft.state.pending.filter(
    (one): one is PendingPolicy => one.kind === 'policy' && BigInt(one.effectiveTime) <= draft.now,
  );
  for (const entry of due) draft.drop(entry);
  const waited = due.map(({ artefact, octets, signers = [] }) => ({
    source: { artefact, part: 'pending' },
    octets: fromHex(octets),
    signers,
  }));
  const fresh = parts.map(({ source, octets }) => ({ source, octets, signers: [] }));
  const readable: (Signed & { source: Source; policy: PolicyFile })[] = [];
  for (const { source, octets, signers } of [...waited, ...fresh]) {
    const file = policyOf(octets);
    if (file) readable.push({ source, octets, signers, policy: file.policy });
    else decide(draft, source, 'REJECT', { code: 'P_ENCODING', detail: 'no policy file' });
  }
  readable.sort((a, b) => {
    const [first, second] = [timesOf(a.policy).generationTime, timesOf(b.policy).generationTime];
    if (first !== second) return first < second ? -1 : 1;
    return toHex(a.octets) < toHex(b.octets) ? -1 : 1;
  });
  for (const { source, policy, ...signed } of readable) settleOne(draft, source, signed, policy);
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

function settleOne(draft: Draft, source: Source, signed: Signed, file: PolicyFile): void {
  const { generationTime, activeTime, policyId } = timesOf(file);
  const hex = toHex(signed.octets);
  if (draft.state.policy?.octets === hex) {
    decide(draft, source, 'ACCEPT_NOOP', {});
    return;
  }
  const global = globalOf(file);
  const failure = whyRefused(draft, signed, file, global) ?? whyOld(draft, signed, file);
  if (failure || global === undefined) {
    decide(draft, source, 'REJECT', failure ?? { code: 'P_ENCODING', detail: 'no global policy' });
    return;
  }
  const { signers, root } = chainOf(draft, signed, file);
  if (activeTime > draft.now) {
    const effectiveTime = activeTime.toString();
    const same = draft.state.pending.find((one) => one.kind === 'policy' && one.octets === hex);
    const entry: PendingPolicy = { kind: 'policy', effectiveTime, artefact: source.artefact, octets: hex, signers };
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
    signers,
    ...(root !== undefined && { root }),
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
  signed: Signed,
  file: PolicyFile,
  global: GlobalPolicy | undefined,
): Failure | undefined {
  const { content } = file;
  if (content.tag !== 'policy' || global === undefined) return { code: 'P_ENCODING', detail: 'no global policy' };
  const local = content.value.tag === 'local' ? content.value.value : undefined;
  const unsigned = whyNotSigned(draft, messagesOf(signed, file), signed.signers);
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

/** The signed parts of a policy file: itself, and the global policy inside a local one. */
function messagesOf({ octets }: Signed, { content }: PolicyFile): Uint8Array[] {
  if (content.tag !== 'policy' || content.value.tag !== 'local') return [octets];
  return [octets, encode(Ieee1609Dot2Data, content.value.value.global)];
}

/** The component certificates known now, and those that a policy was verified with before. */
function knownWith({ state }: Draft, signers: readonly string[]): string[] {
  return [...new Set([...state.certificates.map(({ certificate }) => certificate), ...signers])];
}

/** The known certificates, and the root, that the signatures of a policy file hang from. */
function chainOf(draft: Draft, signed: Signed, file: PolicyFile): { signers: string[]; root: string | undefined } {
  const namesOf = (hash: string, hashedId8: string): string[] => [hash.slice(-16), hashedId8];
  const known = knownWith(draft, signed.signers).map((hex) => {
    const { certificate, hash, signerId8 } = draft.context.recall(hex);
    return { hex, issuer: issuerDigestOf(certificate), names: namesOf(toHex(hash), toHex(signerId8)) };
  });
  const wanted = messagesOf(signed, file).flatMap(signerNamesOf);
  const signers = new Set<string>();
  // Grows while it is walked.
  for (const name of wanted) {
    for (const { hex, issuer, names } of known) {
      if (signers.has(hex) || !names.includes(name)) continue;
      signers.add(hex);
      if (issuer !== undefined) wanted.push(issuer);
    }
  }
  const root = draft.state.roots.find(({ hash, hashedId8 }) =>
    namesOf(hash, hashedId8).some((name) => wanted.includes(name)),
  );
  return { signers: [...signers].sort(), root: root?.hash };
}

/** HashedId8s that lead from a message to its signer's chain: the signer's, or the issuers' of the certificates attached. */
function signerNamesOf(message: Uint8Array): string[] {
  const decoded = decode(Ieee1609Dot2Data, message);
  if (!decoded.ok || decoded.value.content.tag !== 'signedData') return [];
  const { signer } = decoded.value.content.value as SignedData;
  if (signer.tag === 'digest') return [toHex(signer.value)];
  if (signer.tag !== 'certificate') return [];
  return signer.value.flatMap((certificate) => issuerDigestOf(certificate) ?? []);
}

/** P1: each part is signed by a policy generator with a valid chain. */
function whyNotSigned(draft: Draft, messages: readonly Uint8Array[], signers: readonly string[]): Failure | undefined {
  const trust = draft.chainTrust(knownWith(draft, signers));
  for (const { ok, code, detail, signer } of draft.context.verifyMessages(trust, messages)) {
    if (!ok) return { code: 'P_SIGNATURE', detail: `${code}: ${detail}` };
    if (signer === undefined || scmsRoleOf(signer.toBeSigned) !== 'pg') {
      return { code: 'P_SIGNER', detail: 'the signer is no policy generator' };
    }
  }
  return undefined;
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

/** P2. A policy that was dropped counts for its root as long as no newer one is in force. */
function whyOld(draft: Draft, signed: Signed, file: PolicyFile): Failure | undefined {
  const { policy, droppedPolicy } = draft.state;
  const times = timesOf(file);
  if (policy !== null && isOlder(times, policy)) {
    return { code: 'P_ROLLBACK', detail: 'not newer than the policy in force' };
  }
  if (droppedPolicy && isOlder(times, droppedPolicy) && chainOf(draft, signed, file).root === droppedPolicy.root) {
    return { code: 'P_ROLLBACK', detail: 'not newer than the policy that was dropped' };
  }
  return undefined;
}

function isOlder(
  { generationTime, activeTime }: { generationTime: bigint; activeTime: bigint },
  than: Pick<StoredPolicy, 'generationTime' | 'activeTime'>,
): boolean {
  return generationTime <= BigInt(than.generationTime) || activeTime < BigInt(than.activeTime);
}

/**
 * P8, RR4: a policy is in force as long as its signer's chain is valid; without it the device has its own defaults. The chain is
 * the one that it was accepted with: a file that leaves a certificate out does not affect it (I5).
 */
export function recheckPolicy(draft: Draft): void {
  const { policy } = draft.state;
  if (policy === null) return;
  const failure = whyNotSigned(draft, [fromHex(policy.octets)], policy.signers ?? []);
  if (failure === undefined) return;
  const { root, generationTime, activeTime } = policy;
  draft.state.policy = null;
  if (root !== undefined) draft.state.droppedPolicy = { root, generationTime, activeTime };
  decide(draft, { artefact: '', part: 'policy' }, 'ACCEPT', { code: 'P_DROPPED', detail: failure.detail });
}

/** P4: a series changes its value by itself when its time comes. */
function followQuorumSeries(draft: Draft): void {
  const { policy } = draft.state;
  const started = policy?.quorum.find(({ start }) => BigInt(start) === draft.now);
  if (policy && started) changeByPolicy(draft, { artefact: '', part: 'policy' }, started.value);
}

/**
 * P5, P6: a policy can raise the quorum as far as there are electors, never lower it: the signer of policies is below the
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
