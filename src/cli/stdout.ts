/** Standard output: every command prints through it, so that each line arrives or the run says why it did not. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { Exit, OutputError } from './exit.ts';

/** Characters gathered before they are written: one system call for some hundred lines. */
const CHUNK_CHARACTERS = 1 << 16;

const STDOUT_FD = 1;
/** How long a descriptor that takes nothing at the moment (EAGAIN) is left alone. */
const RETRY_MS = 5;

/** The reader closed its end: a pipe says EPIPE; a socket whose reader left something unread says ECONNRESET. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Text to standard output at the pace of its reader. One chunk is on its way at a time and the next one is gathered
 * meanwhile, so at most two chunks and one `write` are held in memory.
 *
 * - A reader that goes away (`| head`) ends the process quietly with {@link Exit.brokenPipe}, as it does every Unix tool.
 * - Any other failure is kept: the `write` after it and `end` throw it, and `onFailure` is called, because a run that waits
 *   for input would not notice otherwise.
 */
export class Stdout {
  private readonly onFailure: () => void;
  private pending = '';
  private isScheduled = false;
  /** Settles when the chunk on its way is written or has failed and the next one, if any, is on its way. */
  private chunk: Promise<void> | undefined;
  private failure: OutputError | undefined;

  constructor(onFailure: () => void = () => {}) {
    this.onFailure = onFailure;
  }

  /**
   * Resolves when more text is welcome.
   * @throws OutputError if standard output has failed: this text and some before it are lost.
   */
  async write(text: string): Promise<void> {
    this.throwIfFailed();
    this.pending += text;
    if (this.pending.length < CHUNK_CHARACTERS) return this.schedule();
    if (this.chunk === undefined) return this.send();
    await this.chunk;
    this.throwIfFailed();
  }

  /**
   * Resolves when the operating system has taken everything.
   * @throws OutputError if it did not.
   */
  async end(): Promise<void> {
    this.send();
    while (this.chunk !== undefined) await this.chunk;
    this.throwIfFailed();
  }

  private throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Less than a chunk leaves when the program has nothing else to do: results of live input show at once. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.send();
    });
  }

  /**
   * Sends all that is pending, one chunk after the other. Text is pending without a chunk on its way only until the next call,
   * which `schedule` and `end` make sure of.
   */
  private send(): void {
    if (this.chunk !== undefined || this.pending === '' || this.failure !== undefined) return;
    const octets = Buffer.from(this.pending);
    this.pending = '';
    this.chunk = writeWhole(octets)
      .catch((error: NodeJS.ErrnoException) => this.fail(error))
      .then(() => {
        this.chunk = undefined;
        this.send();
      });
  }

  private fail(error: NodeJS.ErrnoException): void {
    if (READER_GONE.has(error.code ?? '')) process.exit(Exit.brokenPipe);
    this.failure = new OutputError('standard output', error);
    this.onFailure();
  }
}

/**
 * Resolves when the operating system has taken all of it. Pipes, sockets and terminals belong to Node, which waits for their
 * readers. Everything else is written to here, because Node's own stream for files ignores how much a write has taken (on a
 * disk that is nearly full that is less than was asked for), and what it does not know (a directory, a datagram socket) it
 * discards without an error.
 */
function writeWhole(octets: Buffer): Promise<void> {
  return process.stdout instanceof Socket ? writeToStream(process.stdout, octets) : writeToDescriptor(octets);
}

function writeToStream(stream: Socket, octets: Buffer): Promise<void> {
  // The callback reports the error too; without a listener the event would end the process.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return new Promise((resolve, reject) => {
    stream.write(octets, (error) => (error ? reject(error) : resolve()));
  });
}

/** Whoever writes and waits lets signals and threads through meanwhile, as with streams. */
async function writeToDescriptor(octets: Buffer): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    try {
      at += writeSync(STDOUT_FD, octets, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(RETRY_MS);
    }
  }
  await breathe();
}
