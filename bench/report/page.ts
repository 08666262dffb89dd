/** A run as one page that opens from disk: nothing is loaded from anywhere. */

import { element, escaped, text } from '../../src/markup.ts';
import { describe } from '../machine.ts';
import { SECTIONS } from '../measure.ts';
import type { Results } from '../results.ts';
import {
  bestMarked,
  formatFigure,
  formatLosses,
  formatMark,
  formatMarked,
  formatNamedRatio,
  formatRate,
  formatRatio,
  formatTime,
  type Row,
} from '../rows.ts';
import { type BarGroup, barChart, lineChart } from './charts.ts';
import { STYLE } from './style.ts';

export function page(results: Results): string {
  const { machine, rows } = results;
  const body = [
    text('h1', {}, 'scms-verify: benchmarks'),
    text('p', { class: 'about' }, `${describe(machine)}. Taken ${results.takenAt}.`),
    ...notesOf(results),
    figuresToReach(rows),
    text('h2', {}, 'Charts'),
    ...[againstOpenssl(rows), threads(rows), pipeline(rows), primitives(rows), peers(rows)],
    text('h2', {}, 'All rows'),
    text('p', { class: 'about' }, EXPLANATION),
    ...SECTIONS.map((section) =>
      tableOf(
        section,
        rows.filter((row) => row.section === section),
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>scms-verify: benchmarks</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

const EXPLANATION =
  'Per second: items, the median over rounds in which all rows of a group take turns. ± is the distance between the quartiles ' +
  'of all runs in percent of the median. Ratio: this row’s rate over the named one’s in the same rounds; above 1 this row is ' +
  'faster. The peers do the bare cryptography; they neither decode nor apply rules. “Loses to” names peers that are faster.';

function notesOf({ quick, notices }: Results): string[] {
  const notes = [...(quick ? ['Measured in a hurry (--quick): not to be quoted.'] : []), ...notices];
  return notes.length === 0 ? [] : [element('ul', { class: 'notes' }, ...notes.map((note) => text('li', {}, note)))];
}

function figuresToReach(rows: readonly Row[]): string {
  const best = bestMarked(rows);
  if (best.length === 0) return '';
  const lines = best.map((row) => {
    const { operation, kernel, batch, markOf, reach, stretch, met } = row;
    const verdict =
      met === 'missed' ? 'missed' : met === 'unknown' ? 'unknown' : `${met === 'reach' ? 'target' : met} met`;
    return element(
      'tr',
      {},
      text('th', { scope: 'row' }, operation),
      text('td', {}, `${kernel}, ${batch > 1 ? `${batch} in flight` : 'one at a time'}`),
      text('td', { class: 'number' }, formatMarked(row)),
      text('td', { class: 'number' }, formatFigure(markOf ?? 'openssl', reach ?? 0)),
      text('td', { class: 'number' }, formatFigure(markOf ?? 'openssl', stretch ?? 0)),
      text('td', { class: verdict === 'missed' ? 'verdict missed' : 'verdict' }, verdict),
    );
  });
  const head = ['operation', 'best row', 'figure', 'target', 'stretch', 'result'];
  return [
    text('h2', {}, 'The figures and their targets'),
    element(
      'div',
      { class: 'scroll' },
      element('table', {}, element('thead', {}, headRow(head)), element('tbody', {}, ...lines)),
    ),
  ].join('\n');
}

/** Columns of numbers, which stand right. */
const NUMBERS = new Set(['threads', 'batch', 'per second', 'µs each', '± %', 'figure', 'target', 'stretch']);

function headRow(titles: readonly string[]): string {
  const cell = (title: string): string =>
    text('th', { scope: 'col', class: NUMBERS.has(title) ? 'number' : undefined }, title);
  return element('tr', {}, ...titles.map(cell));
}

/** Rows by operation, in their order. */
function operationsOf(rows: readonly Row[]): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.operation, [...(groups.get(row.operation) ?? []), row]);
  return [...groups];
}

/** Class of a row's bar or line. */
function kindOf({ kernel, peer }: Row): string {
  return peer ? 'peer' : ['fma', 'simd', 'scalar', 'native'].includes(kernel) ? kernel : 'other';
}

/** Operations with a figure to reach, as ratios of the rate that `of` names. */
function markedGroups(rows: readonly Row[], of: 'openssl' | 'oneThread'): BarGroup[] {
  return operationsOf(rows.filter((row) => row.markOf === of && row.ratio[of] !== undefined)).map(([title, ofOne]) => {
    const { reach = 0, stretch = 0 } = ofOne[0] as Row;
    return {
      title,
      subtitle: `target ${formatFigure(of, reach)}, stretch ${formatFigure(of, stretch)}`,
      bars: ofOne.map((row) => {
        const value = row.ratio[of] as number;
        const loses = value < 0.995 ? (of === 'openssl' ? ', loses' : ', slower') : '';
        return {
          label: `${row.kernel}, ${row.batch > 1 ? `${row.batch} in flight` : 'one at a time'}`,
          value,
          note: `${formatRatio(value)}${loses}`,
          kind: kindOf(row),
        };
      }),
      ticks: [
        { value: reach, kind: 'reach' },
        { value: stretch, kind: 'stretch' },
      ],
    };
  });
}

function limitOf(groups: readonly BarGroup[]): number {
  const values = groups.flatMap(({ bars, ticks = [] }) => [...bars, ...ticks].map(({ value }) => value));
  return 1.03 * Math.max(...values);
}

const TICKS = 'A full line with a full triangle is the target, a broken one with an empty triangle the stretch.';

function againstOpenssl(rows: readonly Row[]): string {
  const groups = markedGroups(rows, 'openssl');
  if (groups.length === 0) return '';
  return barChart({
    title: 'Whole operations against OpenSSL, one core',
    description: `Rate over that of the bare cryptography by openssl speed in the same run. ${TICKS}`,
    groups,
    limit: limitOf(groups),
    reference: { value: 1, label: 'OpenSSL = 1' },
  });
}

function threads(rows: readonly Row[]): string {
  const groups = markedGroups(rows, 'oneThread');
  if (groups.length === 0) return '';
  return barChart({
    title: 'Two threads against one',
    description: `Rate of a pool of two threads over that of a pool of one. ${TICKS}`,
    groups,
    limit: limitOf(groups),
    reference: { value: 1, label: 'one thread = 1' },
  });
}

function pipeline(rows: readonly Row[]): string {
  const judged = rows.filter(({ section, peer, kernel }) => section === 'pipeline' && !peer && kernel !== 'TypeScript');
  const counts = [...new Set(judged.map((row) => row.threads))];
  const lines = counts.map((count, i) => ({
    label: count === 1 ? '1 thread' : `${count} threads`,
    kind: `series${i + 1}`,
    points: judged
      .filter((row) => row.threads === count)
      .sort((a, b) => a.batch - b.batch)
      .map((row) => ({
        x: row.batch,
        y: row.perSecond,
        note: `batches of ${row.batch}: ${formatRate(row.perSecond)}/s`,
      })),
  }));
  if (new Set(judged.map(({ batch }) => batch)).size < 2) return '';
  return lineChart({
    title: 'From a file to verdicts, over the size of batches',
    description: 'Octets on disk, through the readers, to verdicts: messages of 16 recurring senders.',
    xLabel: 'items a batch',
    yLabel: 'messages a second',
    lines,
  });
}

/** Bars of one operation are comparable; each operation has a scale of its own, whose end is its fastest row. */
function byOperation(rows: readonly Row[], noteOf: (row: Row) => string): BarGroup[] {
  return operationsOf(rows).map(([title, ofOne]) => {
    const fastest = Math.max(...ofOne.map(({ perSecond }) => perSecond));
    return {
      title,
      bars: ofOne.map((row) => ({
        label: row.kernel.replace('node:crypto, ', 'node, '),
        value: row.perSecond / fastest,
        note: noteOf(row),
        kind: kindOf(row),
      })),
    };
  });
}

function primitives(rows: readonly Row[]): string {
  const groups = byOperation(
    rows.filter(({ section }) => section === 'kernels'),
    ({ microseconds }) =>
      microseconds < 1 ? `${(1000 * microseconds).toPrecision(3)} ns` : `${formatTime(microseconds)} µs`,
  );
  if (groups.length === 0) return '';
  return barChart({
    title: 'Primitives of the kernels',
    description:
      'Time an operation, lanes counted singly. Longer bars are faster; the fastest row of each operation is full.',
    groups,
    limit: 1,
  });
}

function peers(rows: readonly Row[]): string {
  const groups = byOperation(
    rows.filter(({ section }) => section === 'peers'),
    ({ perSecond, threads: count }) => `${formatRate(perSecond)}/s${count > 1 ? `, ${count} cores` : ''}`,
  );
  if (groups.length === 0) return '';
  return barChart({
    title: 'What others offer',
    description: 'Single operations a second. Longer bars are faster; the fastest row of each operation is full.',
    groups,
    limit: 1,
  });
}

const HEAD = ['kernel', 'threads', 'batch', 'per second', 'µs each', '± %', 'ratio', 'target', 'loses to'];

function tableOf(section: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const bodies = operationsOf(rows).map(([operation, ofOne]) =>
    element(
      'tbody',
      {},
      element('tr', { class: 'operation' }, text('th', { scope: 'rowgroup', colspan: HEAD.length }, operation)),
      ...ofOne.map(tableRow),
    ),
  );
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, text('caption', {}, section), element('thead', {}, headRow(HEAD)), ...bodies),
  );
}

function tableRow(row: Row): string {
  const number = (content: string): string => text('td', { class: 'number' }, content);
  const ratios = Object.entries(row.ratio).map(([name, value]) => formatNamedRatio(name, value));
  return element(
    'tr',
    { class: row.peer ? 'peers' : undefined },
    text('td', {}, row.kernel),
    number(`${row.threads}`),
    number(`${row.batch}`),
    number(formatRate(row.perSecond)),
    number(formatTime(row.microseconds)),
    number(row.spread.toFixed(1)),
    element('td', {}, ratios.map(escaped).join('<br>')),
    text('td', { class: row.met === 'missed' ? 'missed' : undefined }, formatMark(row)),
    text('td', {}, formatLosses(row)),
  );
}
