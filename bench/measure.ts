/**
 * Measuring: tasks of a group take turns, several times round, because a shared machine changes its speed in between and
 * every task should see the same of that.
 */
import { Bench } from 'tinybench';
import { type ClockName, clockOfOneThread, settle, timestampsOf } from './clock.ts';
import type { Mark } from './marks.ts';
import type { Work } from './work.ts';

/** An operation that the peers can be compared in. */
export interface Compared {
  readonly operation: string;
  readonly work: Work;
}

export type PeerName = 'openssl' | 'nodeCrypto' | 'noble';

/** Something to be measured. */
export interface Task {
  readonly operation: string;
  readonly kernel: string;
  /** Threads that work on it; 1 where absent. */
  readonly threads?: number;
  /** Items in flight together. */
  readonly batch: number;
  /** Items that one `run` treats; `batch` where absent. */
  readonly items?: number;
  /** What the peers would have to do for an item; without it there is nothing to compare with. */
  readonly work?: Work;
  /** The figures to reach. */
  readonly mark?: Mark | undefined;
  /** Other tasks of the group whose rates this one's is divided by, under the names of those ratios. */
  readonly relative?: Readonly<Record<string, Task>> | undefined;
  /** Not this project's code. */
  readonly isPeer?: boolean;
  /** A peer's single operation: it makes the group's ratios, and no row of its own. */
  readonly makes?: { readonly peer: PeerName; readonly operation: keyof Work };
  /** Before each run; its time does not count. */
  readonly prepare?: () => void | Promise<void>;
  readonly run: () => void | Promise<void>;
  /** Whether `run` gives a promise. Said and not found out: finding out would be a run without preparation. */
  readonly isAsync?: boolean;
}

/** Tasks that belong together: they share inputs, and ratios are taken inside. */
export interface Group {
  readonly section: Section;
  readonly title: string;
  /** Makes inputs, threads and files. */
  open(context: Context): Promise<Opened> | Opened;
  /** Whether it is compared with OpenSSL's speed program, which then runs before and after each of its rounds. */
  readonly comparesWithOpenssl: boolean;
}

export const SECTIONS = ['kernels', 'operations', 'under attack', 'pipeline', 'peers'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Context {
  readonly quick: boolean;
  /** For what had to be left out; the reader is told. */
  notice(text: string): void;
}

export interface Opened {
  readonly tasks: readonly Task[];
  /** Operations that the peers have rows of their own in. */
  readonly peerRows?: readonly Compared[];
  close?(): Promise<void> | void;
}

/** A task with what was measured. */
export interface Measured {
  readonly task: Task;
  /** Items a second in each round, from the round's median time. */
  readonly rounds: readonly number[];
  /** Items a second of every single run, ascending. */
  readonly samples: readonly number[];
}

/** How long to measure; times in milliseconds for each task. */
interface Effort {
  readonly rounds: number;
  readonly time: number;
  readonly iterations: number;
  readonly warmUp: number;
}

/**
 * Warm-up is a round of its own that nobody looks at: WebAssembly asks for better code after some 5 ms of work, the JavaScript
 * around it later, and all tasks of a group share that JavaScript. Then the engine gets the time to compile what was asked for.
 */
const THOROUGH: Effort = { rounds: 5, time: 250, iterations: 2, warmUp: 400 };
const QUICK: Effort = { rounds: 2, time: 15, iterations: 1, warmUp: 40 };

/** `between` is called before the first round, between rounds, and behind the last. */
export async function measure(
  tasks: readonly Task[],
  quick: boolean,
  between: () => void = () => {},
): Promise<Measured[]> {
  const { rounds, time, iterations, warmUp } = quick ? QUICK : THOROUGH;
  await measureOnce(tasks, warmUp, 1);
  await settle();
  const results: number[][][] = [];
  between();
  for (let round = 0; round < rounds; round++) {
    results.push(await measureOnce(tasks, time, iterations));
    between();
  }
  return tasks.map((task, index) => {
    const times = results.map((round) => round[index] as number[]);
    const rate = (milliseconds: number): number => (1000 * (task.items ?? task.batch)) / milliseconds;
    return {
      task,
      rounds: times.map((ofRound) => rate(median(ofRound))),
      samples: times
        .flat()
        .map(rate)
        .sort((a, b) => a - b),
    };
  });
}

/** The clock that a task is measured by: other threads' work can only be seen by the time that goes by. */
export function clockOf({ isAsync }: Task): ClockName {
  return isAsync ? 'wall' : clockOfOneThread();
}

/** Milliseconds of each run of each task. */
async function measureOnce(tasks: readonly Task[], time: number, iterations: number): Promise<number[][]> {
  const times: number[][] = [];
  for (const task of tasks) times.push(await measureTask(task, time, iterations));
  return times;
}

async function measureTask(task: Task, time: number, iterations: number): Promise<number[]> {
  const timestampProvider = timestampsOf(clockOf(task));
  const bench = new Bench({ time, iterations, timestampProvider, warmup: false, retainSamples: true, throws: true });
  const { operation, kernel, prepare, run, isAsync = false } = task;
  bench.add(operation, run, { async: isAsync, ...(prepare && { beforeEach: prepare }) });
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`${operation} on ${kernel} did not complete: ${result?.state}`);
  return [...(result.latency.samples ?? [])];
}

/** The value in the middle, or halfway between the two there. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which so much of the list lies, interpolated; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (at - Math.floor(at));
}

/** Stops a benchmark that computes something wrong: its speed would mean nothing. */
export function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(`a benchmark computed something wrong: ${what}`);
}
