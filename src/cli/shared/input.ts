import { stat } from 'node:fs/promises';
import { type InputRecord, type ReadReport, type RecordStream, readRecords } from '../../readers/index.ts';
import type { ItemKind } from '../../verdict/index.ts';
import type { Item } from '../../verifier/index.ts';
import type { InputFormat } from './help.ts';

/** Records as items of one kind. */
export function itemOf(kind: ItemKind, record: InputRecord, atCapture = false): Item {
  const { bytes, lowerLayerPsid, captureTime, unreadable } = record;
  return {
    kind,
    bytes,
    ...(atCapture && captureTime !== undefined ? { at: captureTime } : {}),
    ...(lowerLayerPsid === undefined ? {} : { lowerLayerPsid }),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

/**
 * The records of the input until it ends, cannot be read on, or `stop` fires. What went wrong is kept in `failure` instead
 * of being thrown: the verdicts on what came before still have to be given.
 */
export class Input {
  failure: unknown;
  private stream: RecordStream | undefined;
  private readonly names: readonly string[];
  private readonly format: InputFormat | undefined;
  private readonly stop: AbortSignal;
  private wake: () => void = () => {};

  constructor(names: readonly string[], format: InputFormat | undefined, stop: AbortSignal) {
    this.names = names;
    this.format = format;
    this.stop = stop;
    stop.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** What was read so far, beside the records; undefined before the first. */
  get report(): ReadReport | undefined {
    return this.stream?.report;
  }

  async *records(): AsyncGenerator<InputRecord> {
    const records = readRecords(this.names, this.format === undefined ? {} : { format: this.format });
    this.stream = records;
    try {
      while (!this.stop.aborted) {
        const next = await this.nextOf(records);
        if (next === undefined || next.done) return;
        yield next.value;
      }
    } catch (error) {
      this.failure = error;
    } finally {
      // Not awaited: a generator that waits for standard input cannot return before something comes.
      void records.return(undefined).catch(() => {});
    }
  }

  /** Standard input may stay silent for ever: waiting for it ends, with undefined, when the run is stopped. */
  private nextOf(records: AsyncGenerator<InputRecord>): Promise<IteratorResult<InputRecord> | undefined> {
    return new Promise((resolve, reject) => {
      // One property for all waits: a listener or a race for each record would pile up on the signal.
      this.wake = () => resolve(undefined);
      records.next().then(resolve, reject);
    });
  }
}

/** How far into the input a record lies, in bytes; only plain files tell. */
export interface Measure {
  readonly total: number | undefined;
  position(record: { readonly source: string; readonly offset: number }): number;
}

/** Sizes of the inputs, for a progress bar: unknown as soon as one of them is no plain file. */
export async function measureInput(names: readonly string[]): Promise<Measure> {
  const starts = new Map<string, number>();
  let total = 0;
  for (const name of names) {
    const stats = name === '-' || name.endsWith('.gz') ? undefined : await stat(name).catch(() => undefined);
    if (!stats?.isFile()) return { total: undefined, position: () => 0 };
    starts.set(name, total);
    total += stats.size;
  }
  return { total, position: ({ source, offset }) => (starts.get(source) ?? 0) + offset };
}
