import type { ThreadState } from '../../pool/index.ts';
import { CODES, type Code, type Verdict } from '../../verdict/index.ts';
import { grouped, type Paint, printable } from './terminal.ts';
import { boundedWarnings, foldWarnings } from './warnings.ts';

/** What is said about a whole run. */
export interface Summary {
  readonly items: number;
  readonly valid: number;
  readonly invalid: number;
  readonly undecided: number;
  /** Those of the undecided that are no structure of IEEE 1609.2 at all. */
  readonly unreadable: number;
  /** Items by code, the most frequent first. */
  readonly codes: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Items a second, reading and printing included. */
  readonly rate: number;
  readonly kernel: string;
  /** Threads that verified; 0 is the main thread. */
  readonly threads: number;
  /** What kernels and verifiers have done, all threads together; in JSON only. */
  readonly metrics: ThreadState;
  /**
   * The time of verification; `clock` if that of each batch is when it came, `capture` if that of each item is its capture time,
   * null if that of each item is its own start.
   */
  readonly at: string | null;
  readonly trustRevision: number;
  /** CRLs in force, and the periods that they were expanded for last; absent if none was asked for. */
  readonly revocation?: { readonly crls: number; readonly periods: readonly number[] };
  /** Frames of captures that carry something else, by what they say they are; absent if there are none. */
  readonly otherFrames?: Readonly<Record<string, number>>;
  /** Private key files that were left alone; absent if there are none. */
  readonly privateKeyFiles?: number;
  /** Trust material that could not be used, and what is odd about it. */
  readonly warnings: readonly string[];
  /** Only where the run did not reach the end of its input: why. */
  readonly incomplete?: string;
}

/** Counts verdicts as they come. */
export class Tally {
  items = 0;
  private readonly verdicts = { valid: 0, invalid: 0, undecided: 0 };
  private readonly byCode = new Map<Code, number>();

  add({ verdict, code }: Pick<Verdict, 'verdict' | 'code'>): void {
    this.items++;
    this.verdicts[verdict]++;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
  }

  /** Items that are no structure at all. */
  get unreadable(): number {
    return this.byCode.get('unreadableRecord') ?? 0;
  }

  get counts(): Pick<Summary, 'items' | 'valid' | 'invalid' | 'undecided' | 'unreadable' | 'codes'> {
    const { unreadable } = this;
    const codes = [...this.byCode].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    return { items: this.items, ...this.verdicts, unreadable, codes: Object.fromEntries(codes) };
  }

  /** Items that the exit status looks at but that are not valid. */
  notValid(acceptReconstructed: boolean): number {
    const ignored = acceptReconstructed ? (this.byCode.get('implicitReconstructed') ?? 0) : 0;
    return this.items - this.verdicts.valid - ignored;
  }
}

/** Items a second, and how long it took, rounded to what can be meant. */
export function pace(items: number, seconds: number): Pick<Summary, 'seconds' | 'rate'> {
  return { seconds: Number(seconds.toFixed(3)), rate: seconds > 0 ? Math.round(items / seconds) : 0 };
}

/** What a code means, in words. */
export function meaningOf(code: string): string {
  return code === 'ok' ? 'everything that was checked is right' : (CODES[code as keyof typeof CODES]?.meaning ?? '');
}

/** A summary for programs. */
export function summaryJson(summary: Summary): object {
  return { ...summary, ...boundedWarnings(summary.warnings) };
}

/** A summary for people. */
export function summaryText(summary: Summary, paint: Paint): string {
  const { valid, invalid, undecided, unreadable } = summary;
  const verdicts = [
    paint(valid ? 'green' : 'dim', `${grouped(valid)} valid`),
    paint(invalid ? 'red' : 'dim', `${grouped(invalid)} invalid`),
    paint(undecided ? 'yellow' : 'dim', `${grouped(undecided)} undecided`),
    ...(unreadable ? [paint('yellow', `${grouped(unreadable)} of them unreadable`)] : []),
  ].join(' · ');
  const where =
    summary.threads === 0 ? 'the main thread' : `${summary.threads} thread${summary.threads === 1 ? '' : 's'}`;
  const lines = [
    `${paint('bold', `${grouped(summary.items)} item${summary.items === 1 ? '' : 's'}`)}: ${verdicts}`,
    ...codeTable(summary.codes, paint),
    `verified in ${summary.seconds.toFixed(2)} s (${grouped(summary.rate)}/s) by ${where}, kernel ${summary.kernel}, ` +
      `${timeText(summary.at)}, trust revision ${summary.trustRevision}`,
    ...revocationLine(summary),
    ...leftAlone(summary),
    ...foldWarnings(summary.warnings).map((warning) => `${paint('yellow', 'warning')}: ${printable(warning)}`),
    ...(summary.incomplete ? [paint('yellow', `incomplete: ${printable(summary.incomplete)}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function timeText(at: Summary['at']): string {
  if (at === null) return 'each at its own start';
  if (at === 'capture') return 'each at its capture time';
  return at === 'clock' ? 'at the clock' : `at ${at}`;
}

/** What was met and is no item. */
function leftAlone({ otherFrames = {}, privateKeyFiles = 0 }: Summary): string[] {
  const kinds = Object.entries(otherFrames);
  const frames = kinds.reduce((sum, [, count]) => sum + count, 0);
  const named = kinds.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ');
  return [
    ...(frames === 0 ? [] : [`${grouped(frames)} frame${frames === 1 ? '' : 's'} of other kinds: ${named}`]),
    ...(privateKeyFiles === 0 ? [] : [`private key files left alone: ${grouped(privateKeyFiles)}`]),
  ];
}

function revocationLine({ revocation, codes }: Summary): string[] {
  if (revocation === undefined) return [];
  const { crls, periods } = revocation;
  const expanded =
    periods.length === 0 ? '' : `, expanded for period${periods.length === 1 ? '' : 's'} ${periods.join(', ')}`;
  const more = codes.revocationNotEvaluated ? '; --periods expands more' : '';
  return [`${grouped(crls)} CRL${crls === 1 ? '' : 's'} in force${expanded}${more}`];
}

/** Counts by code with their meaning, one line each; `width` lines up several tables. */
export function codeTable(
  codes: Readonly<Record<string, number>>,
  paint: Paint,
  width = Math.max(0, ...Object.keys(codes).map((code) => code.length)),
): string[] {
  return Object.entries(codes).map(
    ([code, count]) =>
      `  ${grouped(count).padStart(COUNT_WIDTH)}  ${code.padEnd(width)}  ${paint('dim', meaningOf(code))}`,
  );
}

const COUNT_WIDTH = 9;
