/** What time is measured by. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { TimestampProvider } from 'tinybench';

/** `cpu`: the time that this process got, all of its threads together. `wall`: the time that went by. */
export type ClockName = 'cpu' | 'wall';

function processorMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const CPU: TimestampProvider = {
  name: 'cpu',
  fn: processorMicroseconds,
  toMs: (microseconds) => Number(microseconds) / 1000,
  fromMs: (milliseconds) => 1000 * milliseconds,
};

/** Some systems count the time of a process in ticks of milliseconds, which nothing here could be measured with. */
const COARSEST_MICROSECONDS = 20;

function resolution(): number {
  const start = processorMicroseconds();
  let steps = 0;
  let now = start;
  for (const end = performance.now() + 10; performance.now() < end; ) {
    const next = processorMicroseconds();
    if (next !== now) steps++;
    now = next;
  }
  return steps === 0 ? Number.POSITIVE_INFINITY : (now - start) / steps;
}

let best: ClockName | undefined;

/**
 * The clock for what one thread does. Others may use the machine too: the time that went by would then count their work, the
 * more the longer a run takes, and so favour whoever is measured in short ones. `openssl speed` counts the same way.
 */
export function clockOfOneThread(): ClockName {
  best ??= resolution() <= COARSEST_MICROSECONDS ? 'cpu' : 'wall';
  return best;
}

export function timestampsOf(clock: ClockName): TimestampProvider | 'performanceNow' {
  return clock === 'cpu' ? CPU : 'performanceNow';
}

/** Time that a process takes while it does nothing: its share of it is at most this. */
const IDLE_SHARE = 0.1;
const PAUSE_MS = 20;
const LONGEST_MS = 3000;

/**
 * Waits until the threads of the engine have nothing left to do: what warm-up made them compile is compiled then, and counts
 * neither as slow code nor as time of whoever comes next.
 */
export async function settle(): Promise<void> {
  for (const end = performance.now() + LONGEST_MS; performance.now() < end; ) {
    const before = processorMicroseconds();
    await sleep(PAUSE_MS);
    if (processorMicroseconds() - before <= IDLE_SHARE * PAUSE_MS * 1000) return;
  }
}

/**
 * Collects garbage now. A kernel that was replaced leaves tens of megabytes; the engine would look for them at a time of its own,
 * on other threads, and the time that they take would be charged to whatever is being measured. Only where no TypeScript worth naming
 * is measured: a collection by force makes the engine forget compiled functions as well.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
