/** Verdicts as a table: verdict, code and reason first, then as many other columns as the screen has room for. */
import type { Row } from './rows.ts';
import { type Paint, printable } from './terminal.ts';

/** What every row of a table has. */
export type TableRow = Pick<Row, 'index' | 'source' | 'offset' | 'line' | 'verdict' | 'code' | 'depth' | 'detail'> &
  Pick<Row, 'hashedId8' | 'signature'>;

/** The column that depends on the kind of items. */
export interface AboutColumn<R> {
  readonly width: number;
  head(row: R): string;
  text(row: R): string;
}

const VERDICT_STYLES = { valid: 'green', invalid: 'red', undecided: 'yellow' } as const;

const GAP = '  ';
const INDEX_WIDTH = 6;
const VERDICT_WIDTH = 9;
/** Most codes; a longer one takes its place from the reason. */
const CODE_WIDTH = 20;
const LEFT_WIDTH = INDEX_WIDTH + VERDICT_WIDTH + CODE_WIDTH + 3 * GAP.length;
/** The least that a reason gets: with what is left of it, 80 columns. */
const REASON_WIDTH = 80 - LEFT_WIDTH;
const SOURCE_WIDTH = 24;

/** A column behind the reason. */
interface Column<R> {
  readonly width: number;
  head(row: R): string;
  text(row: R): string;
}

/** Heads and lines of one table. */
export class Table<R extends TableRow> {
  private readonly paint: Paint;
  private readonly columns: readonly Column<R>[];
  /** Columns for code and reason together; undefined if no screen limits a line. */
  private readonly room: number | undefined;

  /** `screen`: its columns; undefined if nothing is to be cut. */
  constructor(about: AboutColumn<R>, screen: number | undefined, paint: Paint) {
    this.paint = paint;
    const columns: readonly Column<R>[] = [
      { width: 16, head: () => 'hashedId8', text: ({ hashedId8 }) => hashedId8 ?? '-' },
      { width: 10, head: () => 'signature', text: ({ signature }) => signature },
      about,
      { width: SOURCE_WIDTH, head: () => 'from', text: sourceOf },
    ];
    if (screen === undefined) {
      this.columns = columns;
      return;
    }
    let left = screen - LEFT_WIDTH - REASON_WIDTH;
    const fits = columns.findIndex(({ width }) => {
      left -= width + GAP.length;
      return left < 0;
    });
    this.columns = fits < 0 ? columns : columns.slice(0, fits);
    const behind = this.columns.reduce((sum, { width }) => sum + width + GAP.length, 0);
    this.room = Math.max(1, screen - LEFT_WIDTH - behind) + CODE_WIDTH + GAP.length;
  }

  head(row: R): string {
    const cells = this.columns.map(({ width, head }) => head(row).padEnd(width));
    const line = [this.codeAndReason('code', 'reason'), ...cells].join(GAP);
    return this.paint(
      'bold',
      ['index'.padStart(INDEX_WIDTH), 'verdict'.padEnd(VERDICT_WIDTH), line.trimEnd()].join(GAP),
    );
  }

  line(row: R): string {
    const cells = this.columns.map(({ width, text }, i) => {
      const cell = text(row);
      // The last one may run on, where nothing limits it.
      return i === this.columns.length - 1 && this.room === undefined ? cell : cut(cell, width).padEnd(width);
    });
    const reason = `${row.depth > 0 ? `depth ${row.depth}: ` : ''}${printable(row.detail)}`;
    const rest = [this.codeAndReason(row.code, reason), ...cells].join(GAP).trimEnd();
    const verdict = this.paint(VERDICT_STYLES[row.verdict], row.verdict.padEnd(VERDICT_WIDTH));
    return [row.index.toString().padStart(INDEX_WIDTH), verdict, rest].join(GAP);
  }

  private codeAndReason(code: string, reason: string): string {
    const both = `${code.padEnd(CODE_WIDTH)}${GAP}${reason}`;
    if (this.room === undefined) return both.padEnd(CODE_WIDTH + GAP.length + REASON_WIDTH);
    return cut(both, this.room).padEnd(this.room);
  }
}

function sourceOf({ source, line, offset }: TableRow): string {
  return printable(line === undefined ? `${source}@${offset}` : `${source}:${line}`);
}

function cut(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
}
