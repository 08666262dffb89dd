/** SIGINT and SIGTERM: a run ends early, and still says what it has found. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Exit } from './exit.ts';

const SIGNALS = {
  SIGINT: { status: Exit.interrupted, word: 'interrupted' },
  SIGTERM: { status: Exit.terminated, word: 'terminated' },
} as const;
type StopSignal = keyof typeof SIGNALS;
const NAMES = Object.keys(SIGNALS) as StopSignal[];

/** A run's request to stop: by a signal, or by the run itself because something failed. */
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

  /** Waits for something that may never come, such as standard input; undefined if the run is to stop before. */
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

  /** What a source gives until it ends or the run is to stop. */
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

/** Ends the process as if nobody had listened to the signal: a shell reports the same status. */
function dieBy(signal: StopSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** How long file operations may take that are on their way at the end. */
const PATIENCE_MS = 1000;
const LOOK_MS = 10;

/**
 * Leaves with a status. `process.exit` waits for file operations on their way, of which a read of a FIFO or of a dead network
 * drive may never come back: then a run that a signal ended ends by the signal itself, which waits for nothing.
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
 * Runs something that SIGINT or SIGTERM ends early. It looks at `stop.signal` wherever it waits, prints what it has and returns
 * `stop.status`. A run that has nothing to print may throw the signal's reason instead: then a word on standard error says
 * why nothing came.
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
