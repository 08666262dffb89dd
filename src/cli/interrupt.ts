/** SIGINT and SIGTERM: a run ends early, and still says what it has found. */
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
    if (this.received !== undefined) process.exit(SIGNALS[signal].status);
    this.received = signal;
    this.stop();
  }
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
