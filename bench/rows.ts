/** From measurements to rows: rates, spreads, and ratios against what was measured in the same rounds. */
import type { ClockName } from './clock.ts';
import { type Mark, type Met, met } from './marks.ts';
import {
  type Compared,
  clockOf,
  type Measured,
  median,
  type PeerName,
  quantile,
  type Section,
  type Task,
} from './measure.ts';
import type { Rates } from './openssl.ts';
import type { Work } from './work.ts';

/** One row of every table. */
export interface Row {
  readonly section: Section;
  readonly operation: string;
  readonly kernel: string;
  readonly threads: number;
  /** Items in flight together. */
  readonly batch: number;
  /** Items a second: the median. */
  readonly perSecond: number;
  /** An item's share of the time, in microseconds. */
  readonly microseconds: number;
  /** Distance between the quartiles of all runs, in percent of the median. */
  readonly spread: number;
  /** Runs that were measured. */
  readonly samples: number;
  /** Time that the process got, or time that went by. */
  readonly clock: ClockName;
  /**
   * This rate over another of the same run; more than 1 is faster. `openssl`, `nodeCrypto` and `noble` are what those need for
   * the same cryptography; `oneThread`, `normal`, `unattacked` and `plain` are this project's own rows.
   */
  readonly ratio: Readonly<Record<string, number>>;
  /** Peers whose rate is higher; none for the peers' own rows. */
  readonly losesTo: readonly string[];
  /** Not this project's code. Computed from single operations where an item needs several. */
  readonly peer?: true;
  /** The figures to reach, and what they are of: see {@link Mark}. */
  readonly reach?: number;
  readonly stretch?: number;
  readonly markOf?: Mark['of'];
  /** Which of them is met. */
  readonly met?: Met;
}

const PEERS: Readonly<Record<PeerName, { readonly label: string; readonly multiplies: string }>> = {
  openssl: { label: 'openssl speed', multiplies: 'openssl speed' },
  nodeCrypto: { label: 'node:crypto, key prepared', multiplies: 'node:crypto, ECDH' },
  noble: { label: '@noble/curves', multiplies: '@noble/curves' },
};

/** A rate of items, from rates of the single operations that an item needs. */
export function rateOfWork(rates: Partial<Rates>, { verify, multiply }: Work): number {
  const seconds = (count: number, rate: number | undefined): number => (count === 0 ? 0 : count / (rate ?? Number.NaN));
  return 1 / (seconds(verify, rates.verify) + seconds(multiply, rates.multiply));
}

/** Rates of each peer's single operations, round by round. */
type PeerRates = Partial<Record<PeerName, Partial<Rates>[]>>;

/** The measurements of a group. */
export interface GroupResult {
  readonly section: Section;
  readonly measured: readonly Measured[];
  readonly peerRows: readonly Compared[];
  /** What OpenSSL's speed program did in each round; empty where it is not compared with. */
  readonly openssl: readonly Rates[];
}

/** The rows of a group, operation by operation. */
export function rowsOf({ section, measured, peerRows, openssl }: GroupResult): Row[] {
  const peers = peerRates(measured, openssl);
  const ours = measured
    .filter(({ task }) => task.makes === undefined)
    .map((one) => rowOf(section, one, ratiosOf(one, measured, peers)));
  const theirs = peerRows.flatMap((compared) => rowsOfPeers(section, compared, peers));
  return byOperation([...ours, ...theirs]);
}

/** Operations in the order of their first rows, and inside an operation the order that there was. */
export function byOperation(rows: readonly Row[]): Row[] {
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  return operations.flatMap((operation) => rows.filter((row) => row.operation === operation));
}

function peerRates(measured: readonly Measured[], openssl: readonly Rates[]): PeerRates {
  const rates: PeerRates = openssl.length > 0 ? { openssl: [...openssl] } : {};
  for (const { task, rounds: perRound } of measured) {
    if (!task.makes) continue;
    const { peer, operation } = task.makes;
    rates[peer] = perRound.map((rate, round) => ({ ...rates[peer]?.[round], [operation]: rate }));
  }
  return rates;
}

/** Round by round first, because the machine is not equally fast in all of them; then the one in the middle. */
function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((rate, round) => rate / (theirs[round] as number)));
}

function ratiosOf({ task, rounds }: Measured, all: readonly Measured[], peers: PeerRates): Record<string, number> {
  const ratios: Record<string, number> = {};
  const { work, relative } = task;
  if (work) Object.assign(ratios, peerRatios(rounds, work, peers));
  for (const [name, other] of Object.entries(relative ?? {})) {
    const theirs = all.find((one) => one.task === other);
    if (theirs) ratios[name] = ratioOf(rounds, theirs.rounds);
  }
  return ratios;
}

function peerRatios(rounds: readonly number[], work: Work, peers: PeerRates): Record<string, number> {
  const ratios: Record<string, number> = {};
  const add = (name: string, rates: readonly Partial<Rates>[]): void => {
    const ratio = ratioOf(
      rounds,
      rates.map((round) => rateOfWork(round, work)),
    );
    if (!Number.isNaN(ratio)) ratios[name] = ratio;
  };
  for (const [name, rates] of Object.entries(peers)) add(name, rates);
  const { openssl, nodeCrypto } = peers;
  if (openssl && nodeCrypto && work.multiply > 0) {
    add(
      'opensslAndNodeEcdh',
      openssl.map(({ verify }, round) => ({
        verify: verify as number,
        multiply: nodeCrypto[round]?.multiply as number,
      })),
    );
  }
  return ratios;
}

function rowOf(section: Section, { task, rounds, samples }: Measured, ratio: Record<string, number>): Row {
  const perSecond = median(rounds);
  const { operation, kernel, threads = 1, batch, mark, isPeer } = task;
  return {
    section,
    operation,
    kernel,
    threads,
    batch,
    perSecond,
    microseconds: 1e6 / perSecond,
    spread: (100 * (quantile(samples, 0.75) - quantile(samples, 0.25))) / median(samples),
    samples: samples.length,
    clock: clockOf(task),
    ratio,
    losesTo: isPeer ? [] : lostTo(ratio),
    ...(isPeer && { peer: true }),
    ...(mark && marksOf(mark, mark.of === 'microseconds' ? 1e6 / perSecond : ratio[mark.of])),
  };
}

function marksOf(mark: Mark, value: number | undefined): Pick<Row, 'reach' | 'stretch' | 'markOf' | 'met'> {
  return { reach: mark.reach, stretch: mark.stretch, markOf: mark.of, met: met(mark, value) };
}

function lostTo(ratio: Readonly<Record<string, number>>): string[] {
  return Object.keys(PEERS).filter((name) => (ratio[name] ?? 1) < 1);
}

function rowsOfPeers(section: Section, { operation, work }: Compared, peers: PeerRates): Row[] {
  return Object.entries(peers).flatMap(([name, rates]): Row[] => {
    const rounds = rates.map((round) => rateOfWork(round, work));
    if (Number.isNaN(median(rounds))) return [];
    const { label, multiplies } = PEERS[name as PeerName];
    const kernel = work.verify > 0 ? label : multiplies;
    const task: Task = { operation, kernel, batch: 1, isPeer: true, run: () => {} };
    const { [name]: _itself, ...ratio } = peerRatios(rounds, work, peers);
    return [rowOf(section, { task, rounds, samples: rounds }, ratio)];
  });
}

/**
 * Of each operation with figures to reach, the row of ours that comes nearest to them or goes furthest beyond; under attack the worst row
 * for each figure.
 */
export function bestMarked(rows: readonly Row[]): Row[] {
  const marked = rows.filter(({ markOf }) => markOf !== undefined);
  const best = new Map<string, Row>();
  for (const row of marked) {
    const isAttack = row.section === 'under attack';
    const name = isAttack ? `${row.section} ${row.markOf} ${row.reach}` : row.operation;
    const known = best.get(name);
    if (known === undefined || (isAttack ? isWorse(row, known) : row.perSecond > known.perSecond)) best.set(name, row);
  }
  return [...best.values()];
}

function isWorse(row: Row, than: Row): boolean {
  const of = row.markOf as string;
  return (row.ratio[of] as number) < (than.ratio[of] as number);
}

export const RATIO_NAMES: Readonly<Record<string, string>> = {
  openssl: 'OpenSSL',
  nodeCrypto: 'node:crypto',
  noble: 'noble',
  opensslAndNodeEcdh: 'OpenSSL verify + node ECDH',
  oneThread: 'one thread',
  normal: 'the cost of a normal message',
  unattacked: 'without the attack',
  plain: 'without the option',
};

/** A ratio with what it is against. */
export function formatNamedRatio(name: string, ratio: number): string {
  // Of an attack people ask what it costs, not how fast it is.
  return `${formatRatio(name === 'normal' ? 1 / ratio : ratio)} ${RATIO_NAMES[name] ?? name}`;
}

/** A ratio as people read it: two or three digits that count. */
export function formatRatio(ratio: number): string {
  if (ratio < 0.095) return `${ratio.toPrecision(2)}×`;
  return `${ratio.toFixed(ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0)}×`;
}

export function formatRate(perSecond: number): string {
  return (perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(3))).toLocaleString('en');
}

/** A figure to reach, with its unit. */
export function formatFigure(of: Mark['of'], figure: number): string {
  if (of === 'microseconds') return `≤ ${figure} µs`;
  return of === 'normal' ? `≤ ${Number((1 / figure).toPrecision(3))}×` : `≥ ${Number(figure.toPrecision(3))}×`;
}

/** The figure of a row that has a mark. */
export function formatMarked({ markOf, microseconds, ratio }: Row): string {
  if (markOf === 'microseconds') return `${formatTime(microseconds)} µs`;
  const value = markOf && ratio[markOf];
  return value === undefined ? '–' : formatNamedRatio(markOf as string, value);
}

/** What the marks say of a row, in words; empty where it has none. */
export function formatMark({ markOf, reach, stretch, met: which }: Row): string {
  if (markOf === undefined || reach === undefined || stretch === undefined) return '';
  if (which === 'stretch') return `stretch ${formatFigure(markOf, stretch)}: met`;
  const verdict = which === 'reach' ? 'met' : which === 'missed' ? 'missed' : 'unknown';
  return `target ${formatFigure(markOf, reach)}: ${verdict}`;
}

export function formatTime(microseconds: number): string {
  return microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toPrecision(3);
}

/** In words, because colour alone tells some readers nothing. */
export function formatLosses({ losesTo }: Row): string {
  return losesTo.length === 0 ? '' : `loses to ${losesTo.map((name) => RATIO_NAMES[name]).join(', ')}`;
}
