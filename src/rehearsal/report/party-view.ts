/** A party at the end of a day: what it holds, how it sees the system, what it counted and decided. */
import { element, escaped, text } from '../../markup.ts';
import type { DayResult, NamedDecision, PartyDay, PartyState, Tally, Topology } from '../result.ts';
import { groupsOf } from './answers.ts';
import { drawTopology } from './drawing/topology.ts';
import { dayBefore, type Lane, partyMark, partyOf, plural, timeText } from './lane.ts';
import { namesOf } from './overview.ts';
import { STATES } from './states.ts';

export function partyView(lane: Lane, day: DayResult, own: PartyDay): string {
  const { party, state, topology } = own;
  const title = lane.parties.find(({ name }) => name === party)?.title ?? '';
  const id = `party-${partyMark(lane, party)}-${day.day}${lane.suffix}`;
  const before = dayBefore(lane, day);
  const drawing = drawTopology({
    topology,
    before: before === undefined ? null : (partyOf(before, party)?.topology ?? null),
    state,
    party,
    label: `Trust as ${party} sees it on day ${day.day}`,
  });
  return element(
    'article',
    { class: 'party', 'data-party': partyMark(lane, party), 'aria-labelledby': id },
    element('h4', { id }, escaped(party), text('small', {}, title)),
    element('div', { class: 'flags' }, ...flagsOf(state)),
    ...own.notes.map((note) => text('p', {}, note)),
    element('div', { class: 'picture' }, drawing),
    element('div', { class: 'words' }, facts(own), votes(own), decisions(own), inWords(topology), holdings(state)),
  );
}

function flagsOf({ flags, maySend, certificatesUnder }: PartyState): string[] {
  const sends = maySend ? `may send, under ${certificatesUnder ?? 'no root'}` : 'silent: may not send';
  return [
    ...(maySend === null ? [] : [text('span', { class: maySend ? 'sends' : 'silent' }, sends)]),
    ...flags.map((flag) => text('b', { class: 'flag' }, flag)),
  ];
}

function facts({ received, missed, state }: PartyDay): string {
  const { electors, quorum, tolerance, roots, tombstones, pending } = state;
  const spare = tolerance < 0 ? 'nothing can be decided' : `${tolerance} may yet be lost`;
  return definitions([
    ['Electors', `${namesOf(electors)}; ${plural(quorum, 'vote')} needed; ${spare}`],
    ['Roots', namesOf(roots)],
    ['Removed', tombstones.length === 0 ? null : tombstones.map(({ role, name }) => `${role} ${name}`).join(', ')],
    ...pending.map(({ what, effectiveTime, votes: by }): [string, string] => [
      'Waiting',
      `${what} until ${timeText(effectiveTime)}${by.length === 0 ? '' : `, votes ${by.join(' ')}`}`,
    ]),
    ['Got today', received.length === 0 ? 'nothing' : received.join(', ')],
    ['Missed', missed.length === 0 ? null : missed.join(', ')],
  ]);
}

function definitions(lines: readonly (readonly [string, string | null])[]): string {
  return element(
    'dl',
    {},
    ...lines.map(([term, words]) => (words === null ? '' : text('dt', {}, term) + text('dd', {}, words))),
  );
}

// -------------------------------------------------------------------------------------------------------------- votes

/** Votes of today's artefacts: those counted, a mark if they are enough, then the void ones with their reasons. */
function votes({ tallies }: PartyDay): string {
  if (tallies.length === 0) return '';
  return element('div', { class: 'tallies' }, text('h5', {}, 'Votes counted today'), ...tallies.map(tallyBlock));
}

function tallyBlock(tally: Tally): string {
  const { artefact, part, proposition, decision, code, counted, needed, effectiveTime } = tally;
  const from = effectiveTime === null ? '' : `, from ${timeText(effectiveTime)}`;
  return element(
    'div',
    { class: 'tally' },
    element(
      'p',
      {},
      element('b', {}, escaped(proposition)),
      ` ${escaped(`in ${artefact} ${part}`.trim())}: ${decisionText(decision, code)}${escaped(from)}`,
    ),
    element('ul', { class: 'votes', 'aria-label': `Votes on ${proposition}` }, ...slots(tally)),
    text('p', { class: 'count' }, `${counted} counted, ${needed} needed`),
  );
}

function slots({ votes: cast, counted, needed }: Tally): string[] {
  const good = cast.filter((vote) => vote.counted);
  const bad = cast.filter((vote) => !vote.counted);
  const filled = good.map(({ voter }) => text('li', { class: 'counted' }, `✓ ${voter}`));
  const missing = Array.from({ length: Math.min(Math.max(0, needed - counted), 20) }, () =>
    text('li', { class: 'missing' }, 'missing'),
  );
  const mark = text('li', { class: 'mark' }, `${needed} needed`);
  const enough = [...filled, ...missing];
  return [
    ...enough.slice(0, needed),
    mark,
    ...enough.slice(needed),
    ...bad.map(({ voter, code }) =>
      element('li', { class: 'void' }, element('s', {}, escaped(voter)), ` void: ${escaped(code)}`),
    ),
  ];
}

// ---------------------------------------------------------------------------------------------------------- decisions

function decisionText(decision: string, code: string): string {
  const words = code === 'OK' ? decision : `${decision} ${code}`;
  return element('span', { class: `decision ${decision.toLowerCase()}` }, escaped(words));
}

/** Decisions of today, equal ones grouped. */
function decisions({ decisions: all }: PartyDay): string {
  if (all.length === 0) return '';
  const groups = groupsOf(all, ({ artefact, decision, code, detail }) =>
    JSON.stringify([artefact, decision, code, code === 'OK' ? '' : detail]),
  );
  const lines = groups.map(([, group]) => {
    const { artefact, decision, code, detail } = group[0] as NamedDecision;
    const why = code === 'OK' || detail === '' ? '' : `: ${detail}`;
    return element(
      'li',
      {},
      decisionText(decision, code),
      escaped(` ${artefact}: ${group.map(({ what }) => what).join(', ')}${why}`),
    );
  });
  return element('details', {}, text('summary', {}, plural(all.length, 'decision')), element('ul', {}, ...lines));
}

/** The drawing in words, for screen readers. */
function inWords({ nodes, edges }: Topology): string {
  const labelOf = (id: string): string => {
    const node = nodes.find((one) => one.id === id);
    return node === undefined
      ? id
      : node.kind === 'elector' || node.kind === 'root'
        ? `${node.kind} ${node.label}`
        : id.replace(/^ee:/, 'EE ');
  };
  const states = STATES.flatMap((state) => {
    const reasons = groupsOf(
      nodes.filter((node) => node.state === state),
      ({ code }) => code,
    );
    return reasons.map(([code, those]): [string, string] => [
      code === 'OK' ? state : `${state}, ${code}`,
      those.map(({ id }) => labelOf(id)).join(', '),
    ]);
  });
  const ballots = groupsOf(
    edges.filter(({ kind }) => kind === 'vote'),
    ({ type, to }) => `${type} ${labelOf(to)}`,
  ).map(([proposition, those]): [string, string] => [
    proposition,
    those.map(({ from, holds, code }) => `${labelOf(from)} ${holds ? 'counted' : `void ${code}`}`).join(', '),
  ]);
  return element('details', {}, text('summary', {}, 'The drawing in words'), definitions([...states, ...ballots]));
}

function holdings({ revision, floor, chainFiles, ctl, policy, crls, components, electors, roots }: PartyState): string {
  const lines: [string, string | null][] = [
    ['Revision', `${revision}; electors never fewer than ${floor}`],
    ['Chain files', `global ${chainFiles.global ?? 'none'}, local ${chainFiles.local ?? 'none'}`],
    ['CTL', ctl === null ? null : `${ctl}`],
    ['Policy', policy === null ? 'defaults of the device' : `${policy.policyId}, ${timeText(policy.generationTime)}`],
    ...crls.map(({ root, series, issueDate, nextCrl, overdue }): [string, string] => [
      `CRL of ${root}, series ${series}`,
      `issued ${timeText(issueDate)}, next ${timeText(nextCrl)}${overdue ? ', overdue' : ''}`,
    ]),
    ...components.map(({ root, names }): [string, string] => [`Certificates under ${root}`, names.join(' ')]),
    ['HashedId8', [...electors, ...roots].map(({ name, hashedId8 }) => `${name} ${hashedId8}`).join(', ')],
  ];
  return element('details', {}, text('summary', {}, 'What it holds'), definitions(lines));
}
