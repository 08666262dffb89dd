/** Verdicts in the format that was asked for. */
import { Exit, OutputError } from './exit.ts';
import type { Row } from './rows.ts';
import type { Stdout } from './stdout.ts';
import { type Summary, summaryJson, summaryText } from './summary.ts';
import { type AboutColumn, Table, type TableRow } from './table.ts';
import { columnsOf, painter } from './terminal.ts';

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

/** One document, one line an item. The summary follows the items, because they are never all held in memory. */
function jsonReport(out: Stdout): Report<object> {
  let separator = '{"items":[\n';
  return {
    item(row) {
      const text = separator + JSON.stringify(row);
      separator = ',\n';
      return out.write(text);
    },
    finish: (summary) =>
      out.write(
        `${separator === ',\n' ? '\n' : '{"items":['}],\n"summary":${JSON.stringify(summaryJson(summary), null, 2)}}\n`,
      ),
  };
}

function summaryReport(out: Stdout, format: Format): Report<object> {
  const text = (summary: Summary): string => {
    if (format === 'table') return summaryText(summary, painter(process.stdout));
    // The document of `--format json` without its items; the line of ndjson is the summary itself.
    const json = summaryJson(summary);
    return format === 'json' ? `${JSON.stringify({ summary: json }, null, 2)}\n` : `${JSON.stringify(json)}\n`;
  };
  return { item: async () => {}, finish: (summary) => out.write(text(summary)) };
}

function tableReport<R extends TableRow>(out: Stdout, about: AboutColumn<R>): Report<R> {
  const table = new Table(about, columnsOf(process.stdout), painter(process.stdout));
  let first = true;
  return {
    async item(row) {
      if (first) await out.write(`${table.head(row)}\n`);
      first = false;
      await out.write(`${table.line(row)}\n`);
    },
    async finish(summary) {
      if (!first) await out.write('\n');
      await out.end();
      summaryOnStderr(summary);
    },
  };
}

const ABOUT_WIDTH = 17;

/** The key of a certificate; how a message was signed. */
export const ABOUT_ITEMS: AboutColumn<Row> = {
  width: ABOUT_WIDTH,
  head: ({ kind }) => (kind === 'certificate' ? 'key' : 'psid signer'),
  text: (row) => (row.kind === 'certificate' ? shortKey(row.publicKey) : `${row.psid ?? '?'} ${row.signer ?? '?'}`),
};

function shortKey(key: string | null | undefined): string {
  return key ? `${key.slice(0, ABOUT_WIDTH - 1)}…` : '-';
}
