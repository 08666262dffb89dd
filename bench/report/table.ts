import { formatLosses, formatMark, formatNamedRatio, formatRate, formatTime, type Row } from '../rows.ts';

const HEAD = ['kernel', 'threads', 'batch', 'per second', 'µs each', '± %', 'ratio', 'remarks'];
/** Columns of numbers, which stand right. */
const NUMBERS = new Set([1, 2, 3, 4, 5]);

/** Rows as aligned text, operation by operation. */
export function formatTable(rows: readonly Row[]): string {
  const body = rows.map(cellsOf);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => (cells[column] as string).length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => (NUMBERS.has(i) ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number))).join('  ')}`.trimEnd();
  const lines = [line(HEAD)];
  let operation: string | undefined;
  for (const [i, row] of rows.entries()) {
    if (row.operation !== operation) lines.push(row.operation);
    operation = row.operation;
    lines.push(line(body[i] as string[]));
  }
  return lines.join('\n');
}

function cellsOf(row: Row): string[] {
  return [
    row.kernel,
    `${row.threads}`,
    `${row.batch}`,
    formatRate(row.perSecond),
    formatTime(row.microseconds),
    row.spread.toFixed(1),
    formatRatios(row),
    formatRemarks(row),
  ];
}

function formatRatios({ ratio }: Row): string {
  return Object.entries(ratio)
    .map(([name, value]) => formatNamedRatio(name, value))
    .join(', ');
}

function formatRemarks(row: Row): string {
  return [formatMark(row), formatLosses(row)].filter((text) => text !== '').join('; ');
}
