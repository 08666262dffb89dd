/** SIGINT and SIGTERM end a run early; it still prints what it has found. */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Exit } from './exit.ts';

const SIGNALS = {
  SIGINT: { status: Exit.interrupted, word: 'interrupted' },
  SIGTERM: { status: Exit.terminated, word: 'terminated' },
} as const;
type StopSignal = keyof typeof SIGNALS;
const NAMES = Object.keys(SIGNALS) as StopSignal[];

/** The request that a run stops: by a signal, or by the run itself after a failure. */
export class Interruption {
  private readonly controller = new AbortController();
  private received: StopSignal | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The exit status if a signal has come; undefined otherwise. */
  get status(): number | undefined {
    return this.received && SIGNALS[this.received].status;
  }

  /** `interrupted` or `terminated` if a signal has come; undefined otherwise. */
  get word(): string | undefined {
    return this.received && SIGNALS[this.received].word;
  }

  /** Waits for a promise that may never settle, such as a read of standard input; undefined if the run is to stop first. */
  async unlessStopped<T>(promise: Promise<T>): Promise<T | undefined> {
    const { signal } = this;
    if (signal.aborted) return undefined;
    let stopped = (): void => {};
    const stop = new Promise<undefined>((resolve) => {
      stopped = () => resolve(undefined);
      signal.addEventListener('abort', stopped, { once: true });
    });
    try {
      return await Promise.race([promise, stop]);
    } finally {
      signal.removeEventListener('abort', stopped);
    }
  }

  /** The values of a source until it ends or the run is to stop. */
  async *until<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = await this.unlessStopped(source.next());
        if (next === undefined || next.done) return;
        yield next.value;
      }
    } finally {
      // Not awaited: a generator that waits for standard input cannot return before something comes.
      void source.return(undefined).catch(() => {});
    }
  }

  /** Says on standard error that a signal ended the run; nothing if none did. */
  tell(): void {
    if (this.word !== undefined) process.stderr.write(`${this.word} before the end\n`);
  }

  /** Asks the run to stop, without a signal. */
  stop(): void {
    this.controller.abort();
  }

  /** The first signal asks the run to stop; the second ends the process at once. */
  receive(signal: StopSignal): void {
    if (this.received !== undefined) dieBy(signal);
    this.received = signal;
    this.stop();
  }
}

const SHOW_CURSOR = '\u001b[?25h';

/** Ends the process by the signal itself; a shell reports the same status. */
function dieBy(signal: StopSignal): void {
  // No 'exit' listener runs any more: the progress bar has hidden the cursor.
  if (process.stderr.isTTY) writeSync(process.stderr.fd, SHOW_CURSOR);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Longest wait at the end for file operations that are on their way. */
const PATIENCE_MS = 300;
const LOOK_MS = 10;

/**
 * Leaves with a status. `process.exit` waits for file operations on their way, and a read of a FIFO or of a dead network drive
 * may never return: a run that a signal ended then ends by the signal itself, which waits for nothing.
 */
export async function leaveWith(status: number): Promise<void> {
  const signal = NAMES.find((name) => SIGNALS[name].status === status);
  for (let waited = 0; signal !== undefined && hasFileOperations(); waited += LOOK_MS) {
    if (waited >= PATIENCE_MS) dieBy(signal);
    await sleep(LOOK_MS);
  }
  process.exit(status);
}

function hasFileOperations(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'));
}

/**
 * Runs a command that SIGINT or SIGTERM ends early. The command checks `stop.signal` wherever it waits, prints what it has and
 * returns `stop.status`. A command that has nothing to print may throw the reason of `stop.signal` instead; then standard
 * error says why.
 */
export async function interruptible(run: (stop: Interruption) => Promise<number>): Promise<number> {
  const stop = new Interruption();
  const listeners = NAMES.map((name) => [name, () => stop.receive(name)] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  try {
    return await run(stop);
  } catch (error) {
    if (stop.status === undefined || error !== stop.signal.reason) throw error;
    stop.tell();
    return stop.status;
  } finally {
    for (const [name, listener] of listeners) process.removeListener(name, listener);
  }
}
