import { SingleBar } from 'cli-progress';
import { grouped } from './terminal.ts';

/** How far a run is. Silent unless standard error is a terminal. */
export interface Progress {
  /** Items done, and how much of the total that makes. */
  update(items: number, position: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };

interface ProgressOptions {
  /** What is counted, e.g. `verified`. */
  readonly label: string;
  /** The total that `position` runs to; undefined if unknown (standard input). */
  readonly total: number | undefined;
  /** Rows that scroll on the same terminal leave no place for a bar. */
  readonly rowsOnTerminal?: boolean;
}

/** Redraws a second: enough to look alive, too few to cost anything. */
const REDRAWS = 8;

export function startProgress({ label, total, rowsOnTerminal = false }: ProgressOptions): Progress {
  if (!process.stderr.isTTY || rowsOnTerminal) return SILENT;
  const started = performance.now();
  const shape = total === undefined ? '' : '[{bar}] {percentage}%  ';
  const bar = new SingleBar({
    format: `${label.padEnd(12)} ${shape}{done}  {pace}/s`,
    stream: process.stderr,
    fps: REDRAWS,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    noTTYOutput: false,
  });
  // However the program ends, the cursor must come back.
  const stop = (): void => bar.stop();
  process.once('exit', stop);
  bar.start(total ?? 1, 0, { done: '0', pace: '0' });
  return {
    update(items, position) {
      const seconds = (performance.now() - started) / 1000;
      bar.update(Math.min(position, total ?? 0), { done: grouped(items), pace: grouped(items / seconds) });
    },
    stop() {
      process.removeListener('exit', stop);
      stop();
    },
  };
}
