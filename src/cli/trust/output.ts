/** What the `trust` commands print. */
import { formatTai } from '../../dot2/time.ts';
import { flagsOf } from '../../trust/flags.ts';
import type { Decision, TrustSettings, TrustState } from '../../trust/types.ts';
import { painter, printable } from '../shared/terminal.ts';

export const TRUST_FORMATS = ['table', 'ndjson'] as const;
export type TrustFormat = (typeof TRUST_FORMATS)[number];

/** A table for people, lines of JSON for pipes. */
export function trustFormat(format: TrustFormat | undefined): TrustFormat {
  return format ?? (process.stdout.isTTY ? 'table' : 'ndjson');
}

/** The last line of every command that reads or changes a store. */
export interface StateLine {
  readonly revision: number;
  /** HashedId8 of each. */
  readonly electors: readonly string[];
  readonly roots: readonly string[];
  readonly quorum: number;
  readonly flags: readonly string[];
}

export function stateLine(state: TrustState, now = BigInt(state.clock)): StateLine {
  return {
    revision: state.revision,
    electors: state.electors.map(({ hashedId8 }) => hashedId8),
    roots: state.roots.map(({ hashedId8 }) => hashedId8),
    quorum: state.quorum,
    flags: flagsOf(state, now),
  };
}

const DECISION_STYLES = { ACCEPT: 'green', ACCEPT_NOOP: 'dim', PENDING: 'yellow', REJECT: 'red' } as const;

/** One decision, its votes beneath it. */
export function decisionText(decision: Decision): string {
  const paint = painter(process.stdout);
  const { artefact, part, proposition, subject, code, detail, effectiveTime, votes = [] } = decision;
  const verdict = paint(DECISION_STYLES[decision.decision], decision.decision.padEnd(11));
  const what = [proposition, subject].filter((text) => text !== null).join(' ');
  const where = printable(`${artefact}${part ? ` ${part}` : ''}`);
  const more = [detail && printable(detail), effectiveTime && `from ${timeText(effectiveTime)}`]
    .filter(Boolean)
    .join(', ');
  const lines = votes.map(
    ({ voter, counted, code: why }) =>
      `               ${counted ? 'counted' : 'void   '}  ${voter ?? '-'.padEnd(16)}  ${why}`,
  );
  return [`${verdict}  ${code.padEnd(16)}  ${what}  ${where}${more ? `: ${more}` : ''}`, ...lines].join('\n');
}

export function stateText(state: TrustState, now = BigInt(state.clock)): string {
  const { revision, electors, roots, quorum, flags } = stateLine(state, now);
  const list = (names: readonly string[]): string => (names.length > 0 ? names.join(' ') : 'none');
  return [
    `revision ${revision}, quorum ${quorum} of ${electors.length}${flags.length > 0 ? `, ${flags.join(' ')}` : ''}`,
    `  electors  ${list(electors)}`,
    `  roots     ${list(roots)}`,
  ].join('\n');
}

/** Every line has the same fields, and times as people write them. */
export function decisionLine({ effectiveTime, votes = [], ...decision }: Decision): object {
  return { ...decision, ...(effectiveTime !== undefined && { effectiveTime: timeText(effectiveTime) }), votes };
}

export function timeText(micros: string): string {
  return formatTai(BigInt(micros));
}

/** Decisions and the state after them, in the format that was asked for; `more` goes into the last line of NDJSON. */
export function decisionsOutput(
  decisions: readonly Decision[],
  state: TrustState,
  format: TrustFormat,
  more: object = {},
): string {
  if (format === 'table') return `${[...decisions.map(decisionText), stateText(state)].join('\n')}\n`;
  return [...decisions.map(decisionLine), { state: { ...stateLine(state), ...more } }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** The settings of a store, one a line. */
export function settingsText(settings: TrustSettings): string {
  const { maxElectors, maxRoots, raHostname, electorGroupId, implicitRootRevocation } = settings;
  const lines = [
    ['room for', `${maxElectors} electors, ${maxRoots} roots`],
    ['RA', raHostname ?? 'any'],
    ['elector group', electorGroupId ?? 'none: no CTL is accepted'],
    ['implicit root revocation', implicitRootRevocation],
  ];
  return lines.map(([name, value]) => `  ${`${name}`.padEnd(24)}  ${printable(value as string)}\n`).join('');
}
