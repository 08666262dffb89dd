/** The whole run at a glance: a line a party, a column a day, and each answer that is not as it should be. */
import { element, escaped, text } from '../../markup.ts';
import type { DayResult } from '../result.ts';
import { failures, groupsOf, scrolling } from './answers.ts';
import { dayAnchor, FORM_NAMES, type Lane, partyOf, plural, SYSTEM } from './lane.ts';

export function overview(lane: Lane): string {
  const { scenario, days, rows } = lane;
  const id = `overview${lane.suffix}`;
  const system = rows.some(({ party }) => party === SYSTEM)
    ? [{ name: SYSTEM, title: 'questions about all of it' }]
    : [];
  const head = element(
    'thead',
    {},
    element('tr', {}, text('th', { scope: 'col' }, 'Party'), ...days.map((day) => dayHead(lane, day))),
  );
  const lines = [...lane.parties, ...system].map(({ name, title }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, text('b', {}, name === SYSTEM ? 'System' : name), text('small', {}, title)),
      ...days.map((day) => dayCell(lane, day, name)),
    ),
  );
  const label = `All days, ${FORM_NAMES[scenario.form]}`;
  return element(
    'section',
    { class: 'overview', 'aria-labelledby': id },
    text('h2', { id }, label),
    text(
      'p',
      { class: 'about' },
      'Electors and roots that each party trusts at the end of a day, whether it may send, and its answers.',
    ),
    scrolling(`Table of ${label.toLowerCase()}`, element('table', {}, head, element('tbody', {}, ...lines))),
    remarks(
      'What this form does not have',
      scenario.absent.map(({ object, why }) => [object, why]),
    ),
    remarks('How the table was read', notesOf(lane)),
  );
}

/** How the whole run ended, and each answer that is not as it should be. */
export function verdict(lane: Lane): string {
  const { cells, matched, tables, deviations } = lane.summary;
  const failed = cells - matched;
  const byTable = tables.map(
    (one) => `${one.table === null ? 'beyond the tables' : `table ${one.table}`} ${one.matched} of ${one.cells}`,
  );
  const says =
    failed === 0
      ? `✓ All ${plural(cells, 'answer')} as expected`
      : `✗ ${failed} of ${plural(cells, 'answer')} not as expected`;
  const form = FORM_NAMES[lane.scenario.form];
  const line = text('p', { class: failed === 0 ? 'fine' : 'failed' }, `${says}, ${form} (${byTable.join(', ')}).`);
  if (deviations.length === 0) return line;
  const linked = failures(`Answers not as expected, ${form}`, deviations, ({ day }) =>
    text('a', { href: `#${dayAnchor(lane, day)}` }, `Day ${day}`),
  );
  return line + linked;
}

function dayHead(lane: Lane, day: DayResult): string {
  const moved = [...new Set(day.moves.map(({ artefact }) => artefact))];
  return element(
    'th',
    { scope: 'col' },
    element('a', { href: `#${dayAnchor(lane, day.day)}` }, `Day ${day.day}`),
    text('span', {}, day.title),
    text('small', {}, moved.length === 0 ? 'nothing moves' : `moves ${moved.join(', ')}`),
  );
}

function dayCell(lane: Lane, day: DayResult, name: string): string {
  const cells = day.cells.filter(({ party }) => party === name);
  const failed = cells.filter(({ matched }) => !matched).length;
  const state = partyOf(day, name)?.state;
  const values = name === SYSTEM ? cells.filter(({ value }) => value !== undefined) : [];
  const says = [
    ...values.map(({ object, value = '' }) => text('small', {}, object) + text('span', {}, value)),
    state === undefined ? '' : text('span', {}, `${namesOf(state.electors)} · ${rootsText(state.roots)}`),
    state === undefined || state.maySend === null
      ? ''
      : text('span', { class: state.maySend ? 'sends' : 'silent' }, state.maySend ? 'may send' : 'silent'),
    (state?.flags ?? []).map((flag) => text('b', { class: 'flag' }, flag)).join(' '),
    cells.length === 0
      ? ''
      : failed === 0
        ? text('small', { class: 'fine' }, `✓ ${cells.length} as expected`)
        : text('strong', {}, `✗ ${failed} of ${cells.length} not as expected`),
  ];
  return element(
    'td',
    { class: failed > 0 ? 'failed' : undefined, 'data-overview': `${day.day}${lane.suffix}` },
    ...says.map((part) => (part === '' ? '' : element('div', {}, part))),
  );
}

function rootsText(roots: readonly { readonly name: string }[]): string {
  return roots.length === 0 ? 'no root' : namesOf(roots);
}

export function namesOf(list: readonly { readonly name: string }[]): string {
  return list.length === 0 ? 'none' : list.map(({ name }) => name).join(' ');
}

function notesOf({ rows }: Lane): [string, string][] {
  const notes = groupsOf(
    rows.filter(({ note }) => note !== null),
    ({ object, note }) => JSON.stringify([object, note]),
  );
  return notes.map(([, [row]]) => [row?.object ?? '', row?.note ?? '']);
}

function remarks(summary: string, list: readonly (readonly [object: string, remark: string])[]): string {
  if (list.length === 0) return '';
  const lines = list.map(([object, remark]) => element('li', {}, text('b', {}, object), escaped(`: ${remark}`)));
  return element('details', {}, text('summary', {}, `${summary} (${list.length})`), element('ul', {}, ...lines));
}
