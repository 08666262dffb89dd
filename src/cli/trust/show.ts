import { stat } from 'node:fs/promises';
import { applyDue } from '../../trust/apply.ts';
import { misbehaviourAuthorities } from '../../trust/chain-files.ts';
import { flagMeaning, flagsOf, quorumFlag, validityStateOf, votingPower } from '../../trust/flags.ts';
import { removalText } from '../../trust/material.ts';
import type { FileVersions, Pending, TrustedCertificate, TrustState } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { Exit, usageError } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { timeOrNow, warnAbout, withStore } from '../shared/trust-store.ts';
import { settingsText, stateLine, stateText, type TrustFormat, timeText, trustFormat } from './output.ts';

export interface TrustShowFlags {
  at?: bigint;
  format?: TrustFormat;
}

/** `scms-verify trust show`: a trust store, or what artefacts say. */
export async function showTrust(names: readonly string[], flags: TrustShowFlags): Promise<number> {
  const [first = '', ...others] = names;
  if (!(await isStoreName(first))) {
    const { showArtefacts } = await import('./show-artefacts.ts');
    return showArtefacts(names, flags.format);
  }
  if (others.length > 0) throw usageError('one trust store at a time, and no artefacts beside it');
  return showStore(first, flags);
}

/** A directory, or nothing at all, is looked for as a trust store; everything else is an artefact. */
async function isStoreName(name: string): Promise<boolean> {
  if (name === '-') return false;
  const found = await stat(name).catch(() => undefined);
  return found === undefined || found.isDirectory();
}

async function showStore(folder: string, { at, format }: TrustShowFlags): Promise<number> {
  const { state: stored, head, warnings } = await withStore(folder, (store) => store.snapshot());
  warnAbout(folder, warnings);
  const clock = BigInt(stored.clock);
  // By default at the present, as a reader of the store sees it, which may hold a later time than this machine has.
  const now = at ?? (timeOrNow(undefined) > clock ? timeOrNow(undefined) : clock);
  const { state } = applyDue(stored, now, createTrustContext());
  const out = new Stdout();
  const json = (): string =>
    `${JSON.stringify({ state: { ...stateLine(state, now), ...detailsOf(state, now), head } })}\n`;
  await out.write(trustFormat(format) === 'ndjson' ? json() : tableOf(state, now, head));
  await out.end();
  return Exit.allValid;
}

const secondsText = (seconds: number): string => timeText(`${seconds}000000`);

/** All but the bytes of what is trusted. */
function detailsOf(state: TrustState, now: bigint): object {
  const { mode, floor, settings, ctl, policy } = state;
  return {
    mode,
    floor,
    clock: timeText(state.clock),
    at: timeText(now.toString()),
    notes: notesOf(state, now),
    settings,
    validity: [...state.electors, ...state.roots].map((one) => validityOf(one, now)),
    tombstones: state.tombstones.map((tombstone) => ({
      role: tombstone.role,
      hashedId8: tombstone.hashedId8,
      hash: tombstone.hash,
      end: timeText(tombstone.end),
      removal: removalText(tombstone, state),
    })),
    pending: state.pending.map((pending) => ({
      proposition: propositionOf(pending),
      effectiveTime: timeText(pending.effectiveTime),
      artefact: pending.artefact,
    })),
    chainFiles: state.chainFiles,
    misbehaviourAuthorities: misbehaviourAuthorities(state).map(({ hashedId8 }) => hashedId8),
    certificates: state.certificates.map(({ hashedId8, role, source, authenticated = false, end }) => {
      return { hashedId8, role, source, authenticated, end: timeText(end) };
    }),
    crls: state.crls.map(({ parts, issueDate, nextCrl, ...crl }) => ({
      ...crl,
      issueDate: secondsText(issueDate),
      nextCrl: secondsText(nextCrl),
      parts: parts.map(({ sha256 }) => sha256),
    })),
    policy: policy && {
      policyId: policy.policyId,
      generationTime: timeText(policy.generationTime),
      activeTime: timeText(policy.activeTime),
    },
    ctl: ctl && { sequenceNumber: ctl.sequenceNumber, effectiveTime: timeText(ctl.effectiveTime) },
  };
}

function validityOf(one: TrustedCertificate, now: bigint): object {
  const { hashedId8, start, end } = one;
  return { hashedId8, start: timeText(start), end: timeText(end), state: validityStateOf(one, now) };
}

function propositionOf(pending: Pending): string {
  if (pending.kind === 'ballot') return `${pending.type} ${pending.subject.hashedId8}`;
  return pending.kind === 'ctl' ? `ctl ${pending.sequenceNumber}` : 'policy';
}

/** What an operator has to know, and what follows: one sentence a line. */
function notesOf(state: TrustState, now: bigint): string[] {
  const ofFlags = flagsOf(state, now).map((flag) => `${flag}: ${flagMeaning(flag, state, now)}`);
  return [...ofFlags, ...state.electors.flatMap((elector) => noteOn(elector, state, now) ?? [])];
}

function noteOn(elector: TrustedCertificate, state: TrustState, now: bigint): string | undefined {
  const { hashedId8, start, end } = elector;
  switch (validityStateOf(elector, now)) {
    case 'valid':
      return undefined;
    case 'notYetValid':
      return `elector ${hashedId8} is not valid before ${timeText(start)}: its votes do not count until then`;
    case 'expired':
      return `elector ${hashedId8} expired on ${timeText(end)}: its votes do not count, as if it were lost`;
    case 'expiring':
      return `elector ${hashedId8} expires on ${timeText(end)}: ${afterwards(state, BigInt(end) + 1n)}`;
  }
}

/** How many can vote at a later time if nothing changes. */
function afterwards(state: TrustState, at: bigint): string {
  const live = votingPower(state, at);
  const flag = quorumFlag(live, state.quorum);
  return `then ${live} can vote and the quorum is ${state.quorum}${flag ? ` (${flag})` : ''}`;
}

const MARKS = { valid: '', notYetValid: ', not valid yet', expiring: ', expiring', expired: ', EXPIRED' } as const;

function tableOf(state: TrustState, now: bigint, head: string): string {
  const until = (what: string, one: TrustedCertificate): string =>
    `  ${what.padEnd(8)}  ${one.hashedId8}, until ${timeText(one.end)}${MARKS[validityStateOf(one, now)]}`;
  const ma = misbehaviourAuthorities(state).map(({ hashedId8 }) => hashedId8);
  const { global, local } = state.chainFiles;
  const lines = [
    stateText(state, now),
    `  mode      ${state.mode}, floor of the quorum ${state.floor}, clock ${timeText(state.clock)}`,
    ...state.electors.map((one) => until('elector', one)),
    ...state.roots.map((one) => until('root', one)),
    ...state.tombstones.map((one) => `  removed   ${removalText(one, state)}, remembered until ${timeText(one.end)}`),
    ...state.pending.map((one) => `  waits     ${propositionOf(one)}, from ${timeText(one.effectiveTime)}`),
    `  files     global ${versionText(global)}, local ${versionText(local)}`,
    `  CAs       ${state.certificates.length} component certificates, MA ${ma.join(' ') || 'none'}`,
    ...state.crls.map(
      ({ craca, crlSeries, issueDate, nextCrl }) =>
        `  CRL       ${craca} series ${crlSeries}, issued ${secondsText(issueDate)}, next ${secondsText(nextCrl)}`,
    ),
    `  policy    ${state.policy ? `${state.policy.policyId}, from ${timeText(state.policy.activeTime)}` : "the device's own defaults"}`,
    ...(state.ctl ? [`  CTL       ${state.ctl.sequenceNumber}, from ${timeText(state.ctl.effectiveTime)}`] : []),
    `  head      ${head}`,
    `settings\n${settingsText(state.settings).trimEnd()}`,
    ...notesOf(state, now),
  ];
  return `${lines.join('\n')}\n`;
}

function versionText({ newest, authenticated }: FileVersions): string {
  const text = (version: FileVersions['newest']): string => version?.version.join('.') ?? 'none';
  if (authenticated === null) return newest === null ? 'none' : `${text(newest)} (not authenticated)`;
  if (newest?.sha256 === authenticated.sha256) return `${text(authenticated)} (authenticated)`;
  return `${text(authenticated)} (authenticated), ${text(newest)} shown whole`;
}
