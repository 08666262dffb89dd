/** Runs as tables for documents, put between markers, so that no figure there was ever typed by a person. */
import { describe } from '../machine.ts';
import { met, OPERATIONS } from '../marks.ts';
import type { Section } from '../measure.ts';
import type { Results } from '../results.ts';
import {
  bestMarked,
  formatLosses,
  formatMark,
  formatMarked,
  formatNamedRatio,
  formatRate,
  formatRatio,
  formatTime,
  type Row,
} from '../rows.ts';

/** The operations that say most about the whole, for a reader of one table. */
const FIVE: readonly string[] = [
  OPERATIONS.oneIssuer,
  OPERATIONS.recurring,
  OPERATIONS.newExplicit,
  OPERATIONS.newImplicit,
  OPERATIONS.single,
].map(({ title }) => title);

/** What the same operations keep of their speed on the older engine, at least and at best. */
const OLDER_ENGINE = { reach: 0.6, stretch: 0.8 };

/** Markdown by the name of its marker. `older`: the same benchmarks on Node 20. */
export function documentTables(results: Results, older?: Results): Record<string, string> {
  const { rows } = results;
  return {
    machine: `${describe(results.machine)}. Taken ${results.takenAt.slice(0, 10)}.${notes(results)}`,
    five: fiveTable(results),
    marks: marksTable(rows),
    kernels: sectionTable(rows, 'kernels'),
    operations: sectionTable(rows, 'operations'),
    attacks: sectionTable(rows, 'under attack'),
    pipeline: pipelineTable(rows),
    peers: sectionTable(rows, 'peers'),
    older: older ? olderTable(results, older) : 'Not measured.',
  };
}

function notes({ notices }: Results): string {
  return notices.map((notice) => `\n\nNote: ${notice}.`).join('');
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  if (lines.length === 0) return 'Not measured.';
  const rule = head.map((title) => (title.startsWith('>') ? '--:' : '---'));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head.map((title) => title.replace(/^>/, ''))), `|${rule.join('|')}|`, ...lines.map(line)].join('\n');
}

function ratio(row: Row, name: string): string {
  const value = row.ratio[name];
  return value === undefined ? '–' : formatRatio(value);
}

function fiveTable({ machine, rows }: Results): string {
  const best = bestMarked(rows).filter(({ operation }) => FIVE.includes(operation));
  const lines = best.map((row) => [
    `${row.operation}${row.batch > 1 ? `, ${row.batch} in flight` : ''}`,
    row.kernel,
    formatRate(row.perSecond),
    ratio(row, 'openssl'),
    ratio(row, 'nodeCrypto'),
    formatMark(row),
  ]);
  const head = ['operation, bytes in to result', 'kernel', '>per second', '>OpenSSL', '>node:crypto', 'target'];
  return (
    `Medians of \`npm run bench\` on one core of ${machine.cpu}, Node ${machine.node.replace(/^v/, '')}. Ratios are against the ` +
    `bare cryptography of ${machine.opensslProgram.replace(/ \(.*/, '')} and node:crypto in the same run, two signatures against ` +
    `two; below 1 this project is slower.\n\n${table(head, lines)}`
  );
}

function marksTable(rows: readonly Row[]): string {
  const lines = bestMarked(rows).map((row) => [
    row.operation,
    row.kernel,
    `${row.batch}`,
    formatMarked(row),
    formatMark(row),
  ]);
  return table(['operation', 'kernel', '>in flight', '>figure', 'verdict'], lines);
}

function sectionTable(rows: readonly Row[], section: Section): string {
  const lines = rows
    .filter((row) => row.section === section)
    .map((row) => [
      row.operation,
      row.kernel,
      `${row.threads}`,
      `${row.batch}`,
      formatRate(row.perSecond),
      formatTime(row.microseconds),
      row.spread.toFixed(1),
      Object.entries(row.ratio)
        .map(([name, value]) => formatNamedRatio(name, value))
        .join(', '),
      [formatMark(row), formatLosses(row)].filter((words) => words !== '').join('; '),
    ]);
  const head = ['operation', 'kernel', '>threads', '>batch', '>per second', '>µs each', '>± %', 'ratio', 'remarks'];
  return table(head, lines);
}

function pipelineTable(rows: readonly Row[]): string {
  const judged = rows.filter((row) => row.section === 'pipeline' && row.kernel !== 'TypeScript');
  const batches = [...new Set(judged.map(({ batch }) => batch))].sort((a, b) => a - b);
  const lines = batches.map((batch) => {
    const of = (threads: number): Row | undefined =>
      judged.find((row) => row.batch === batch && row.threads === threads);
    const [one, two] = [of(1), of(2)];
    const rate = (row: Row | undefined): string => (row ? formatRate(row.perSecond) : '–');
    return [`${batch}`, rate(one), rate(two), two ? ratio(two, 'oneThread') : '–'];
  });
  return table(['>batch', '>one thread, per second', '>two threads, per second', '>two against one'], lines);
}

function olderTable(results: Results, older: Results): string {
  const olderBest = bestMarked(older.rows);
  const lines = bestMarked(results.rows).flatMap((row) => {
    const other = olderBest.find(({ operation }) => operation === row.operation);
    if (other === undefined || row.markOf === 'oneThread') return [];
    // Against OpenSSL where that is known, because the machine may have been slower in one of the two runs.
    const of = row.ratio.openssl !== undefined && other.ratio.openssl !== undefined ? 'openssl' : undefined;
    const share = of ? (other.ratio[of] as number) / (row.ratio[of] as number) : other.perSecond / row.perSecond;
    const verdict = met({ of: 'openssl', ...OLDER_ENGINE }, share);
    return [
      [
        row.operation,
        of ? ratio(row, of) : `${formatTime(row.microseconds)} µs`,
        of ? ratio(other, of) : `${formatTime(other.microseconds)} µs`,
        share.toFixed(2),
        verdict === 'missed'
          ? `target ${OLDER_ENGINE.reach}: missed`
          : `${verdict === 'reach' ? 'target' : verdict} ${OLDER_ENGINE[verdict as 'reach']}: met`,
      ],
    ];
  });
  const version = ({ machine }: Results): string => `Node ${machine.node.replace(/^v/, '')}`;
  return table(['operation', `>${version(results)}`, `>${version(older)}`, '>share', 'verdict'], lines);
}

const MARKER = /<!-- figures: (\w+) -->\n([\s\S]*?)<!-- \/figures -->/g;

/**
 * The document with each table in its place: between `<!-- figures: NAME -->` and `<!-- /figures -->`.
 * @throws Error for a name that is no table, or a marker without its end.
 */
export function fillMarkers(document: string, tables: Readonly<Record<string, string>>): string {
  const filled = document.replace(MARKER, (_, name: string) => {
    const content = tables[name];
    if (content === undefined)
      throw new Error(`there is no table '${name}'; there are ${Object.keys(tables).join(', ')}`);
    return `<!-- figures: ${name} -->\n${content}\n<!-- /figures -->`;
  });
  const count = (pattern: RegExp): number => document.match(pattern)?.length ?? 0;
  if (count(/<!-- figures: /g) !== count(MARKER)) throw new Error('a marker for figures has no end');
  return filled;
}
