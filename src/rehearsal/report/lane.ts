/** One form of a recovery, as the report shows it: what belongs together on its pages, and how its parts are called. */
import type { Cell, DayResult, PartyDay, RehearsalResult } from '../result.ts';

/** Cells about the whole system have this party. */
export const SYSTEM = '*';

export const FORM_NAMES = { ballots: 'with ballots', ctl: 'by CTL' } as const;

export type Lane = Pick<RehearsalResult, 'scenario' | 'seed' | 'parties' | 'rows' | 'days' | 'summary'> & {
  /** Its name in addresses. */
  readonly key: string;
  /** What tells its anchors and groups of controls from those of the other form; empty for the first. */
  readonly suffix: string;
};

export function lanesOf(result: RehearsalResult): Lane[] {
  const { beside } = result;
  const first = { ...result, key: result.scenario.form, suffix: '' };
  if (beside === null) return [first];
  const key = beside.scenario.form === first.key ? 'beside' : beside.scenario.form;
  return [first, { ...beside, key, suffix: `&form=${key}` }];
}

/** The anchor of a day in the document, which its address ends with. */
export function dayAnchor({ suffix }: Lane, day: number): string {
  return `day=${day}${suffix}`;
}

export function dayBefore({ days }: Lane, { day }: DayResult): DayResult | undefined {
  return days.find((one) => one.day === day - 1);
}

export function partyOf({ parties }: DayResult, name: string): PartyDay | undefined {
  return parties.find(({ party }) => party === name);
}

/** Number of a party, which marks everything that is only about it. */
export function partyMark({ parties }: Lane, name: string): number | undefined {
  const at = parties.findIndex((party) => party.name === name);
  return at === -1 ? undefined : at;
}

/** The answer: `Y`, `N TOMBSTONE`, `Y 3/1`. */
export function answerText({ got, value, code, decision }: Cell): string {
  return [
    got,
    ...(value === undefined ? [] : [value]),
    ...(got === 'Y' && decision !== undefined && decision !== 'ACCEPT' ? [decision] : []),
    ...(got === 'N' || got === '?' ? [code] : []),
  ].join(' ');
}

export function expectedText({ expected, expectedValue, expectedDecision, expectedVerdict }: Cell): string {
  return [expected, expectedValue, expectedDecision, expectedVerdict].filter((part) => part !== undefined).join(' ');
}

/** The answer in the words of the expectation, so that both can be compared. */
export function gotText({ got, value, decision, expectedDecision, verdict, expectedVerdict }: Cell): string {
  const parts = [
    got,
    value,
    expectedDecision === undefined ? undefined : decision,
    expectedVerdict === undefined ? undefined : verdict,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `2024-01-05T01:00:00Z` as people read it. */
export function timeText(time: string): string {
  return time.replace('T', ' ').replace(/(:\d\d):00(\.0+)?Z$/, '$1 UTC');
}
