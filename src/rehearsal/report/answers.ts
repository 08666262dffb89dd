/** The truth table of a day: objects down, parties across; then every answer with its reason. */
import { element, escaped, text } from '../../markup.ts';
import type { Cell, DayResult } from '../result.ts';
import { answerText, dayBefore, expectedText, gotText, type Lane, partyMark, plural, SYSTEM } from './lane.ts';

export function truthTable(lane: Lane, day: DayResult): string {
  const wrong = day.cells.filter(({ matched }) => !matched);
  const right = day.cells.length - wrong.length;
  const count =
    wrong.length === 0
      ? text('p', { class: 'fine' }, `✓ All ${plural(day.cells.length, 'answer')} are as expected.`)
      : text('p', { class: 'failed' }, `✗ ${plural(wrong.length, 'answer')} not as expected, ${right} as expected.`);
  return [
    count,
    wrong.length === 0 ? '' : failures(`Answers of day ${day.day} not as expected`, wrong),
    matrix(lane, day),
    everyAnswer(lane, day),
  ].join('\n');
}

/** Answers that are not what they should be, in full. */
export function failures(label: string, cells: readonly Cell[], dayLink?: (cell: Cell) => string): string {
  const head = [...(dayLink ? ['Day'] : []), 'Party', 'Object', 'Expected', 'Got', 'Code', 'Why'];
  const lines = cells.map((cell) =>
    element(
      'tr',
      { class: 'failed' },
      ...(dayLink ? [element('td', {}, dayLink(cell))] : []),
      text('td', {}, partyName(cell.party)),
      text('th', { scope: 'row' }, cell.object),
      text('td', {}, expectedText(cell)),
      text('td', {}, `✗ ${gotText(cell)}`),
      element('td', {}, breakable(cell.code)),
      text('td', {}, cell.why),
    ),
  );
  return scrolling(label, element('table', { class: 'failures' }, headRow(head), element('tbody', {}, ...lines)));
}

function partyName(party: string): string {
  return party === SYSTEM ? 'whole system' : party;
}

/** One line an object; an object that a table has twice for a party has both answers in one place. */
function matrix(lane: Lane, day: DayResult): string {
  const columns = [...lane.parties.map(({ name }) => name), SYSTEM].filter((party) =>
    lane.rows.some((row) => row.party === party),
  );
  const before = new Map(dayBefore(lane, day)?.cells.map((cell) => [cell.row, cell]));
  const cells = new Map(day.cells.map((cell) => [cell.row, cell]));
  const bodies = groupsOf(lane.rows, ({ table }) => table).map(([table, rows]) =>
    element(
      'tbody',
      {},
      element(
        'tr',
        { class: 'group' },
        text(
          'th',
          { scope: 'rowgroup', colspan: columns.length + 1 },
          table === null ? 'Beyond the tables' : `Table ${table}`,
        ),
      ),
      ...groupsOf(rows, ({ object }) => object).map(([object, ofOne]) =>
        element(
          'tr',
          {},
          text('th', { scope: 'row' }, object),
          ...columns.map((party) => {
            const own = ofOne.flatMap((row) => (row.party === party ? (cells.get(row.row) ?? []) : []));
            return matrixCell(own, before);
          }),
        ),
      ),
    ),
  );
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      text('th', { scope: 'col' }, 'Object'),
      ...columns.map((party) =>
        text('th', { scope: 'col', 'data-column': partyMark(lane, party) ?? 'system' }, partyName(party)),
      ),
    ),
  );
  return scrolling(`Truth table of day ${day.day}`, element('table', { class: 'matrix' }, head, ...bodies));
}

function matrixCell(cells: readonly Cell[], before: ReadonlyMap<number, Cell>): string {
  if (cells.length === 0) return element('td');
  const failed = cells.some(({ matched }) => !matched);
  const parts = cells.map((cell) => {
    const old = before.get(cell.row);
    const changed = old !== undefined && answerText(old) !== answerText(cell);
    return [
      cell.matched ? '' : text('strong', {}, `✗ expected ${expectedText(cell)}, got `),
      text('b', { class: answerClass(cell) }, cell.got),
      restOf(cell),
      changed ? element('small', { class: 'was' }, 'Δ was ', breakable(answerText(old))) : '',
    ].join('');
  });
  const title = cells.flatMap(({ got, why }) => (got === 'N' ? why : [])).join('; ') || undefined;
  return element('td', { class: failed ? 'failed' : undefined, title }, parts.join('<br>'));
}

function answerClass({ got }: Cell): string | undefined {
  return got === 'Y' ? 'yes' : got === 'N' ? 'no' : undefined;
}

/** The reason behind the letter. */
function restOf(cell: Cell): string {
  const rest = answerText(cell).slice(cell.got.length + 1);
  return rest === '' ? '' : ` ${element('span', {}, breakable(rest))}`;
}

/** A long code may be broken where its words meet. */
export function breakable(content: string): string {
  return content
    .split(/(?<=_)|(?<=[a-z])(?=[A-Z])/)
    .map(escaped)
    .join('<wbr>');
}

function everyAnswer(lane: Lane, day: DayResult): string {
  const lines = day.cells.map((cell) =>
    element(
      'tr',
      { class: cell.matched ? undefined : 'failed', 'data-party': partyMark(lane, cell.party) },
      text('th', { scope: 'row' }, cell.object),
      text('td', {}, cell.party),
      text('td', {}, expectedText(cell)),
      text('td', {}, `${cell.matched ? '' : '✗ '}${gotText(cell)}`),
      element('td', {}, breakable(cell.code)),
      text('td', {}, [cell.why, ...(cell.text === undefined ? [] : [`sources: ${cell.text}`])].join('; ')),
    ),
  );
  const head = headRow(['Object', 'Party', 'Expected', 'Got', 'Code', 'Why']);
  return element(
    'details',
    {},
    text('summary', {}, `Every answer of day ${day.day} with its reason`),
    scrolling(
      `Answers of day ${day.day}`,
      element('table', { class: 'answers' }, head, element('tbody', {}, ...lines)),
    ),
  );
}

// ------------------------------------------------------------------------------------------------------------- pieces

export function headRow(titles: readonly string[]): string {
  return element('thead', {}, element('tr', {}, ...titles.map((title) => text('th', { scope: 'col' }, title))));
}

/** What may be wider than a telephone scrolls by itself, also by keyboard. */
export function scrolling(label: string, ...children: readonly string[]): string {
  return element('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, ...children);
}

/** In the order in which groups first appear. */
export function groupsOf<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): [Key, Item[]][] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
