/** A day: the source text, artefacts that move, the trust of each party, answers, and differences to the day before. */
import { element, escaped, text } from '../../markup.ts';
import type { Change, DayEvent, DayResult, Move, ResetResult } from '../result.ts';
import { breakable, groupsOf, headRow, scrolling, truthTable } from './answers.ts';
import { dayAnchor, FORM_NAMES, type Lane, partyMark, plural, timeText } from './lane.ts';
import { partyView } from './party-view.ts';

export function daySection(lane: Lane, day: DayResult): string {
  const anchor = dayAnchor(lane, day.day);
  const heading = `title-${anchor}`;
  return element(
    'section',
    { class: 'day', id: anchor, 'data-day': day.day, 'data-says': announcement(lane, day), 'aria-labelledby': heading },
    element(
      'h2',
      { id: heading, tabindex: -1 },
      escaped(`Day ${day.day} of ${lane.days.length}: ${day.title}`),
      text('small', {}, `${FORM_NAMES[lane.scenario.form]}, ${timeText(day.at)}`),
    ),
    text('blockquote', {}, day.text),
    sentences(day),
    text('h3', {}, 'What moves'),
    moves(lane, day.moves),
    others(day.events),
    ...day.resets.map(reset),
    text('h3', {}, 'Who trusts what'),
    element('div', { class: 'parties' }, ...day.parties.map((own) => partyView(lane, day, own))),
    text('h3', {}, 'What is accepted and refused'),
    truthTable(lane, day),
    text('h3', {}, 'What differs from the day before'),
    changes(lane, day),
  );
}

/** What a screen reader says when the day is reached. */
function announcement({ days }: Lane, { day, title, moves: moved, cells, changes: changed }: DayResult): string {
  const wrong = cells.filter(({ matched }) => !matched).length;
  const artefacts = new Set(moved.map(({ artefact }) => artefact)).size;
  return [
    `Day ${day} of ${days.length}: ${title}`,
    artefacts === 0 ? 'nothing moves' : `${plural(artefacts, 'artefact')} on the move`,
    plural(changed.length, 'change'),
    wrong === 0 ? 'all answers as expected' : `${plural(wrong, 'answer')} not as expected`,
  ].join('. ');
}

/** The sentences of the source text, each with the answers that show it. */
function sentences({ day, sentences: all }: DayResult): string {
  if (all.length === 0) return '';
  const lines = all.map(({ ordinal, says, note, shown }) =>
    element(
      'li',
      {},
      escaped(`${day}.${ordinal} ${says}`),
      text(
        'small',
        {},
        [
          ...shown.map(({ object, party, got, matched }) => ` ${matched ? '✓' : '✗'} ${object} (${party}): ${got};`),
          ...(note === null ? [] : [` ${note}`]),
        ].join(''),
      ),
    ),
  );
  return element(
    'details',
    {},
    text('summary', {}, 'The source text, sentence by sentence'),
    element('ul', {}, ...lines),
  );
}

// -------------------------------------------------------------------------------------------------------------- moves

function moves(lane: Lane, list: readonly Move[]): string {
  if (list.length === 0) return text('p', {}, 'Nothing moves on this day.');
  return element('ul', { class: 'moves' }, ...list.map((move) => moveItem(lane, move)));
}

function moveItem(lane: Lane, { artefact, kind, from, to, missedBy, why, contents, octets, sha256 }: Move): string {
  const chip = (party: string, className?: string): string =>
    text('span', { class: className ? `chip ${className}` : 'chip', 'data-mark': partyMark(lane, party) }, party);
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'route' },
      text('span', { class: 'chip source' }, from),
      element('span', { class: 'arrow' }, element('b', {}, escaped(artefact)), text('small', {}, kind)),
      ...(to.length === 0 ? [text('span', { class: 'chip' }, 'nobody')] : to.map((party) => chip(party))),
      ...missedBy.map((party) => chip(`✗ ${party} missed it`, 'missed')),
    ),
    text('p', {}, why),
    element(
      'details',
      {},
      text('summary', {}, `Contents, ${plural(octets, 'octet')}`),
      element('ul', {}, ...contents.map((line) => text('li', {}, line))),
      text('p', { class: 'hash' }, `SHA-256 ${sha256}`),
    ),
  );
}

/** What happens beside artefacts on their way. */
function others(events: readonly DayEvent[]): string {
  const lines = events.flatMap(({ kind, name, from, to, code, why, contents }) => {
    if (kind === 'moved') return [];
    const route = [...(from === null ? [] : [`from ${from}`]), ...(to.length === 0 ? [] : [`to ${to.join(' ')}`])];
    const reason = [...(code === 'OK' ? [] : [code]), ...(why === '' ? [] : [why])].join(': ');
    const says = [`${kind} ${name}`, ...route].join(' ') + (reason === '' ? '' : `: ${reason}`);
    return [element('li', {}, escaped(says), ...contents.map((line) => text('div', { class: 'hash' }, line)))];
  });
  return lines.length === 0 ? '' : text('h4', {}, 'What else happens') + element('ul', {}, ...lines);
}

/** What a reset of CRLs did with each thing that is revoked. */
function reset({ artefact, root, entries, crls }: ResetResult): string {
  const caption = `Reset of CRLs in ${artefact}, below ${root}`;
  const lines = entries.map(({ name, kind, action, rule, why, series, seeds }) => {
    const place = series === null ? '' : `series ${series}${seeds === null ? '' : `, seeds of period ${seeds.now}`}`;
    return element(
      'tr',
      {},
      text('th', { scope: 'row' }, `${name} (${kind})`),
      text('td', {}, action),
      text('td', {}, rule),
      text('td', {}, place),
      text('td', {}, why),
    );
  });
  const issued = crls.map(({ series, entries: listed }) => `series ${series}: ${listed.join(', ') || 'empty (K10)'}`);
  const table = element(
    'table',
    { class: 'changes' },
    text('caption', {}, caption),
    headRow(['Entry', 'What becomes of it', 'Rule', 'CRL', 'Why']),
    element('tbody', {}, ...lines),
  );
  return scrolling(caption, table) + text('p', {}, `CRLs issued: ${issued.join('; ')}.`);
}

// ------------------------------------------------------------------------------------------------------------ changes

/** The same change of several parties is one line. */
function changes(lane: Lane, { day, changes: all }: DayResult): string {
  if (all.length === 0) {
    return text('p', {}, day === 1 ? 'This is the first day.' : 'Nothing differs from the day before.');
  }
  const held = all.filter(({ what }) => what !== 'object');
  const answered = all.filter(({ what }) => what === 'object');
  return [
    held.length === 0 ? '' : changeTable(lane, 'What parties hold', held),
    answered.length === 0 ? '' : changeTable(lane, 'What parties answer', answered),
  ].join('\n');
}

function changeTable({ parties }: Lane, caption: string, list: readonly Change[]): string {
  const groups = groupsOf(list, ({ what, item, before, after }) => JSON.stringify([what, item, before, after]));
  const lines = groups.map(([, group]) => {
    const { item, before, after } = group[0] as Change;
    const who = group.map(({ party }) => party);
    const marks = who.map((name) => parties.findIndex((party) => party.name === name));
    return element(
      'tr',
      { 'data-parties': ` ${marks.join(' ')} ` },
      text('th', { scope: 'row' }, item),
      element('td', {}, breakable(before)),
      element('td', {}, element('b', {}, breakable(after))),
      text('td', {}, who.length === parties.length && parties.length > 1 ? 'all parties' : who.join(', ')),
    );
  });
  const table = element(
    'table',
    { class: 'changes' },
    text('caption', {}, caption),
    headRow(['What', 'Before', 'Now', 'Parties']),
    element('tbody', {}, ...lines),
  );
  return scrolling(caption, table);
}
