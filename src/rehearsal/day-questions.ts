/** Questions about a whole day: what moved, what else happened, what a reset of CRLs left, and how a day compares with an earlier one. */
import { type Check, type Finding, notThere } from './finding.ts';
import type { Move, PartyState } from './result.ts';
import type { DayRecord } from './stage.ts';

export function movesFinding(moves: readonly Move[]): Finding {
  const kinds = moves.map(({ kind }) => kind);
  const value = kinds.length === 0 ? 'none' : kinds.filter((kind, i) => kind !== kinds[i - 1]).join(', ');
  const why = moves
    .map(({ artefact, from, to }) => `${artefact} from ${from} to ${to.join(' ') || 'no party'}`)
    .join('; ');
  return { got: kinds.length === 0 ? 'N' : 'Y', code: 'OK', why: why || 'nothing moves', value };
}

/** Whether events of this kind and name, together, reach all these parties. */
export function happensFinding({ events }: DayRecord, { event, name, from, to = [] }: Check<'happens'>): Finding {
  const named = events.filter((one) => one.kind === event && one.name === name);
  const those = named.filter((one) => from === undefined || one.from === from);
  const reached = new Set(those.flatMap((one) => one.to));
  const missing = to.filter((party) => !reached.has(party));
  const [first] = those;
  if (first === undefined) return { got: 'N', code: 'NOT_TODAY', why: `${name} is not ${event} today` };
  if (missing.length > 0) return { got: 'N', code: 'NOT_TODAY', why: `${name} does not reach ${missing.join(' ')}` };
  const what = [`${name} is ${event}`, ...those.flatMap(({ why, contents }) => [why, ...contents])];
  return { got: 'Y', code: first.code, why: what.filter((part) => part !== '').join('; ') };
}

export function resetFinding({ resets }: DayRecord, name: string): Finding {
  const reset = resets.at(-1);
  if (reset === undefined) return notThere('a reset of CRLs');
  const entry = reset.entries.find((one) => one.name === name);
  if (entry === undefined) return { got: '?', code: 'NOT_REVOKED', why: `the reset says nothing about ${name}` };
  const { action, rule, series, why, inArtefact } = entry;
  const value = `${action} ${rule}`;
  const place = series === null ? '' : `, now in the CRL of ${reset.root}, series ${series}`;
  const stays = action !== 'remove';
  if (stays !== inArtefact && action !== 'carryOver') {
    return { got: '?', code: rule, why: `${reset.artefact} ${inArtefact ? 'has' : 'lacks'} it: ${why}`, value };
  }
  return { got: stays ? 'Y' : 'N', code: rule, why: `${why}${place}`, value };
}

type Fact = readonly [name: string, was: string, is: string];

/** Whether a party is as it was, but for electors that others have taken the place of. */
export function equivalenceFinding(
  was: PartyState,
  is: PartyState,
  replaced: Readonly<Record<string, string>>,
): Finding {
  const value = Object.entries(replaced)
    .map(([from, to]) => `${to} for ${from}`)
    .join(', ');
  const facts = factsOf(was, is, replaced);
  const differing = facts.filter(([, before, after]) => before !== after);
  const told = (list: readonly Fact[]): string => list.map(([name, a, b]) => `${name} ${b}, was ${a}`).join('; ');
  if (differing.length > 0) return { got: 'N', code: 'DIFFERS', why: told(differing), value };
  const same = facts.map(([name, , after]) => `${name} ${after}`).join('; ');
  const others = told(historyOf(was, is).filter(([, before, after]) => before !== after));
  return { got: 'Y', code: 'OK', why: `the same: ${same}. What has passed: ${others || 'nothing'}`, value };
}

/** What makes a state what it is. */
function factsOf(was: PartyState, is: PartyState, replaced: Readonly<Record<string, string>>): Fact[] {
  const sorted = (names: readonly string[]): string => [...names].sort().join(' ') || 'none';
  const fact = (name: string, tell: (state: PartyState) => string): Fact => [name, tell(was), tell(is)];
  return [
    [
      'electors',
      sorted(was.electors.map(({ name }) => replaced[name] ?? name)),
      sorted(is.electors.map(({ name }) => name)),
    ],
    fact('quorum', ({ quorum }) => `${quorum}`),
    fact('floor', ({ floor }) => `${floor}`),
    fact('electors that may be lost', ({ tolerance }) => `${tolerance}`),
    fact('roots', ({ roots }) => sorted(roots.map(({ name }) => name))),
    fact('waiting', ({ pending }) => sorted(pending.map(({ what }) => what))),
    fact('flags', ({ flags }) => sorted(flags)),
    fact('component certificates', ({ components }) =>
      sorted(components.map(({ root, names }) => `${names.length} under ${root}`)),
    ),
    fact('CRLs', ({ crls }) =>
      sorted(crls.map(({ root, series, overdue }) => `${root}/${series}${overdue ? ' overdue' : ''}`)),
    ),
    fact('policy', ({ policy }) => policy?.policyId ?? 'defaults'),
    fact(
      'certificates',
      ({ enrolledUnder, certificatesUnder }) => `${enrolledUnder ?? 'none'}, ${certificatesUnder ?? 'none'}`,
    ),
    fact('may send', ({ maySend }) => `${maySend ?? 'does not'}`),
  ];
}

/** What time and the change itself leave behind. */
function historyOf(was: PartyState, is: PartyState): Fact[] {
  const fact = (name: string, tell: (state: PartyState) => string): Fact => [name, tell(was), tell(is)];
  return [
    fact('removed for good', ({ tombstones }) => tombstones.map(({ name }) => name).join(' ') || 'none'),
    fact('revision', ({ revision }) => `${revision}`),
    fact('chain file', ({ chainFiles }) => chainFiles.global ?? chainFiles.local ?? 'none'),
    fact('CTL', ({ ctl }) => `${ctl ?? 'none'}`),
    fact(
      'newest CRL',
      ({ crls }) =>
        crls
          .map(({ issueDate }) => issueDate)
          .sort()
          .at(-1) ?? 'none',
    ),
  ];
}
