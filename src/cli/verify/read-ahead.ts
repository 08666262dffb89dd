import { setTimeout as sleep } from 'node:timers/promises';

/** What has come of a source so far, and the whole of it from the start. */
export interface ReadAhead<T> {
  readonly ahead: readonly T[];
  readonly all: AsyncGenerator<T>;
}

const PAUSE = Symbol('pause');

/**
 * Reads a source ahead until it has given so many, or has begun and pauses, or ends. It is waited for as long as it takes to
 * begin: there is nothing to do before.
 */
export async function readAhead<T>(source: AsyncGenerator<T>, most: number, pauseMs: number): Promise<ReadAhead<T>> {
  const ahead: T[] = [];
  let pending: Promise<IteratorResult<T>> | undefined = source.next();
  let first = await pending;
  while (!first.done) {
    ahead.push(first.value);
    pending = undefined;
    if (ahead.length >= most) break;
    pending = source.next();
    const next: IteratorResult<T> | typeof PAUSE = await Promise.race([pending, sleep(pauseMs, PAUSE, { ref: false })]);
    if (next === PAUSE) break;
    first = next as IteratorResult<T>;
  }
  return { ahead, all: replay(ahead, pending, source) };
}

async function* replay<T>(
  ahead: readonly T[],
  pending: Promise<IteratorResult<T>> | undefined,
  source: AsyncGenerator<T>,
): AsyncGenerator<T> {
  try {
    yield* ahead;
    for (let next = await (pending ?? source.next()); !next.done; next = await source.next()) yield next.value;
  } finally {
    void source.return(undefined).catch(() => {});
  }
}
