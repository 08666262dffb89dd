/** Verdicts in the format that was asked for. */
import { Exit, OutputError } from './exit.ts';
import type { Row } from './rows.ts';
import type { Stdout } from './stdout.ts';
import { type Summary, summaryText } from './summary.ts';
import { columnsOf, type Paint, painter, printable } from './terminal.ts';

export type Format = 'table' | 'ndjson' | 'json';
export const FORMATS: readonly Format[] = ['table', 'ndjson', 'json'];

/** A table for people, lines of JSON for pipes. */
export function defaultFormat(): Format {
  return process.stdout.isTTY ? 'table' : 'ndjson';
}

export interface Report<R = Row> {
  item(row: R): Promise<void>;
  /** Called once, after the last item. */
  finish(summary: Summary): Promise<void>;
}

interface ReportOptions {
  readonly format: Format;
  /** No items; the summary goes to standard output. */
  readonly summaryOnly: boolean;
}

/** What every row of a table has. */
export type TableRow = Pick<Row, 'index' | 'source' | 'offset' | 'line' | 'verdict' | 'code' | 'depth' | 'detail'> &
  Pick<Row, 'hashedId8' | 'signature'>;

/** The one column of a table that depends on what is judged. */
export interface AboutColumn<R> {
  readonly width: number;
  head(row: R): string;
  text(row: R): string;
}

export function createReport<R extends TableRow>(
  out: Stdout,
  { format, summaryOnly }: ReportOptions,
  about: AboutColumn<R>,
): Report<R> {
  if (summaryOnly) return summaryReport(out, format);
  if (format === 'json') return jsonReport(out);
  return format === 'ndjson' ? ndjsonReport(out) : tableReport(out, about);
}

function summaryOnStderr(summary: Summary): void {
  process.stderr.write(summaryText(summary, painter(process.stderr)));
}

/**
 * Prints what comes behind the items and makes sure that all of it is out. If standard output has failed, the summary goes to
 * standard error whatever the format, and says so.
 *
 * @returns the exit status as far as output decides it.
 */
export async function conclude(report: Report<never>, out: Stdout, summary: Summary): Promise<number> {
  try {
    await report.finish(summary);
    await out.end();
    return Exit.allValid;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    const incomplete = [error.message, ...(summary.incomplete === undefined ? [] : [summary.incomplete])].join('; ');
    summaryOnStderr({ ...summary, incomplete });
    return error.status;
  }
}

function ndjsonReport(out: Stdout): Report<object> {
  return {
    item: (row) => out.write(`${JSON.stringify(row)}\n`),
    async finish(summary) {
      await out.end();
      summaryOnStderr(summary);
    },
  };
}

/** One document, one line an item. The summary stands behind the items, because they are never all held in memory. */
function jsonReport(out: Stdout): Report<object> {
  let separator = '{"items":[\n';
  return {
    item(row) {
      const text = separator + JSON.stringify(row);
      separator = ',\n';
      return out.write(text);
    },
    finish: (summary) =>
      out.write(`${separator === ',\n' ? '\n' : '{"items":['}],\n"summary":${JSON.stringify(summary, null, 2)}}\n`),
  };
}

function summaryReport(out: Stdout, format: Format): Report<object> {
  const text = (summary: Summary): string => {
    if (format === 'table') return summaryText(summary, painter(process.stdout));
    // The document of `--format json` without its items; the line of ndjson is the summary itself.
    return format === 'json' ? `${JSON.stringify({ summary }, null, 2)}\n` : `${JSON.stringify(summary)}\n`;
  };
  return { item: async () => {}, finish: (summary) => out.write(text(summary)) };
}

const VERDICT_STYLES = { valid: 'green', invalid: 'red', undecided: 'yellow' } as const;

function tableReport<R extends TableRow>(out: Stdout, about: AboutColumn<R>): Report<R> {
  const paint = painter(process.stdout);
  const columns = columnsOf(process.stdout);
  let first = true;
  return {
    async item(row) {
      if (first) await out.write(`${paint('bold', cut(tableHead(row, about), columns))}\n`);
      first = false;
      await out.write(`${tableLine(row, about, columns, paint)}\n`);
    },
    async finish(summary) {
      if (!first) await out.write('\n');
      await out.end();
      summaryOnStderr(summary);
    },
  };
}

const INDEX_WIDTH = 7;
const VERDICT_WIDTH = 9;
const CODE_WIDTH = 28;
const ID_WIDTH = 16;
const ABOUT_WIDTH = 15;

function tableHead<R>(row: R, about: AboutColumn<R>): string {
  return [
    'index'.padStart(INDEX_WIDTH),
    'verdict'.padEnd(VERDICT_WIDTH),
    'code'.padEnd(CODE_WIDTH),
    'hashedId8'.padEnd(ID_WIDTH),
    'signature ',
    about.head(row).padEnd(about.width),
    'from, detail',
  ].join('  ');
}

function tableLine<R extends TableRow>(
  row: R,
  about: AboutColumn<R>,
  columns: number | undefined,
  paint: Paint,
): string {
  const verdict = row.verdict.padEnd(VERDICT_WIDTH);
  const before = row.index.toString().padStart(INDEX_WIDTH);
  const where = row.line === undefined ? `${row.source}@${row.offset}` : `${row.source}:${row.line}`;
  const after = [
    row.code.padEnd(CODE_WIDTH),
    (row.hashedId8 ?? '-').padEnd(ID_WIDTH),
    row.signature.padEnd(10),
    about.text(row).padEnd(about.width),
    printable(where),
    `${row.depth > 0 ? `depth ${row.depth}: ` : ''}${printable(row.detail)}`,
  ];
  const rest = after.join('  ').replace(/ +$/, '');
  const left = columns && columns - before.length - verdict.length - 4;
  return `${before}  ${paint(VERDICT_STYLES[row.verdict], verdict)}  ${cut(rest, left)}`;
}

/** The key of a certificate; how a message was signed. */
export const ABOUT_ITEMS: AboutColumn<Row> = {
  width: ABOUT_WIDTH,
  head: ({ kind }) => (kind === 'certificate' ? 'key' : 'psid signer'),
  text: (row) => (row.kind === 'certificate' ? shortKey(row.publicKey) : `${row.psid ?? '?'} ${row.signer ?? '?'}`),
};

function shortKey(key: string | null | undefined): string {
  return key ? `${key.slice(0, ABOUT_WIDTH - 1)}…` : '-';
}

function cut(text: string, columns: number | undefined): string {
  return columns !== undefined && text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
}
