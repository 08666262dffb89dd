import { Bench } from 'tinybench';

/** One measured operation. Rates are of items, not of calls. */
export interface Row {
  readonly operation: string;
  readonly kernel: string;
  readonly threads: number;
  readonly batch: number;
  /** Items a second, from the median latency. */
  readonly perSecond: number;
  /** Relative margin of error of the mean latency in that round, percent. */
  readonly spread: number;
  /** This rate over a peer's in the same run; more than 1 is faster than the peer. */
  ratio: Record<string, number>;
}

/** Something to measure: `run` treats `batch` items. */
export interface Task {
  readonly operation: string;
  readonly kernel: string;
  readonly threads?: number;
  readonly batch: number;
  readonly run: () => void | Promise<void>;
}

/** Rounds through all tasks: a shared machine changes its speed in between, and every task should see the same of that. */
const ROUNDS = 3;

/**
 * Measures tasks in one run, in turn and several times round. Warm-up goes past the tier-up of the WASM engine (about 5 ms of
 * work) and of the JavaScript one; what is quoted is the median of the rounds' medians.
 */
export async function measure(tasks: readonly Task[], quick: boolean): Promise<Row[]> {
  const rounds: { p50: number; rme: number }[][] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureOnce(tasks, quick));
  return tasks.map((task, index): Row => {
    const results = rounds.map((results) => results[index] as (typeof results)[number]).sort((a, b) => a.p50 - b.p50);
    const { p50, rme } = results[Math.floor(ROUNDS / 2)] as (typeof results)[number];
    return {
      operation: task.operation,
      kernel: task.kernel,
      threads: task.threads ?? 1,
      batch: task.batch,
      perSecond: (1000 * task.batch) / p50,
      spread: rme,
      ratio: {},
    };
  });
}

async function measureOnce(tasks: readonly Task[], quick: boolean): Promise<{ p50: number; rme: number }[]> {
  const bench = new Bench({
    time: quick ? 150 : 700,
    iterations: quick ? 3 : 5,
    warmupTime: quick ? 50 : 200,
    warmupIterations: 2,
  });
  for (const [index, task] of tasks.entries()) bench.add(`${index}`, task.run);
  await bench.run();
  return bench.tasks.map(({ result }, index) => {
    if (result?.state !== 'completed') {
      const { operation, kernel } = tasks[index] as Task;
      throw new Error(`${operation} on ${kernel} did not complete: ${result?.state}`, {
        cause: result && 'error' in result ? result.error : undefined,
      });
    }
    return result.latency;
  });
}

/** Sets each row's ratio to the peer rows of the same operation. */
export function compareWithPeers(rows: readonly Row[], peers: Readonly<Record<string, string>>): void {
  for (const row of rows) {
    for (const [name, kernel] of Object.entries(peers)) {
      const peer = rows.find((other) => other.operation === row.operation && other.kernel === kernel);
      if (peer) row.ratio[name] = row.perSecond / peer.perSecond;
    }
  }
}

/** Rows as an aligned table. */
export function formatRows(rows: readonly Row[]): string {
  const head = ['operation', 'kernel', 'threads', 'batch', 'per second', '± %', 'ratio'];
  const body = rows.map((row) => [
    row.operation,
    row.kernel,
    `${row.threads}`,
    `${row.batch}`,
    Math.round(row.perSecond).toLocaleString('en'),
    row.spread.toFixed(1),
    Object.entries(row.ratio)
      .map(([peer, ratio]) => `${ratio.toFixed(2)}× ${peer}`)
      .join(', '),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => (cells[column] as string).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...body.map(line)].join('\n');
}
