import { once } from 'node:events';
import { Exit } from './exit.ts';

/** Characters gathered before they are written: one system call for some hundred lines. */
const CHUNK_CHARACTERS = 1 << 16;

/** A reader of our output that goes away (`| head`) ends the program without a word, as it does every Unix tool. */
export function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(Exit.brokenPipe);
  });
}

/** Text to standard output at the pace of its reader: `write` resolves when more is welcome. */
export class Stdout {
  private pending = '';
  private scheduled = false;
  private blocked = false;

  async write(text: string): Promise<void> {
    this.pending += text;
    if (this.pending.length >= CHUNK_CHARACTERS) this.push();
    else this.schedule();
    if (!this.blocked) return;
    await once(process.stdout, 'drain');
    this.blocked = false;
  }

  /** Resolves when everything has been handed to the operating system. */
  async end(): Promise<void> {
    this.push();
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }

  /** What is not a full chunk yet leaves when the program has nothing better to do: live input is shown at once. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.push();
    });
  }

  private push(): void {
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    if (!process.stdout.write(text)) this.blocked = true;
  }
}
