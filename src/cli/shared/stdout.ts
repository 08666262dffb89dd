/** Standard output. Every command prints through it: each line arrives, or the run says why it did not. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { Exit, OutputError } from './exit.ts';
import { withoutHiddenControls } from './terminal.ts';

/** Characters gathered before they are written: one system call for some hundred lines. */
const CHUNK_CHARACTERS = 1 << 16;

const STDOUT_FD = 1;
/** Pause before a descriptor that takes nothing at the moment (EAGAIN) is tried again. */
const RETRY_MS = 5;

/** The reader closed its end: a pipe says EPIPE; a socket whose reader left something unread says ECONNRESET. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Writes text to standard output at the pace of its reader. One chunk is on its way at a time and the next one is gathered
 * meanwhile: at most two chunks and one `write` are held in memory.
 *
 * - If the reader goes away (`| head`), the process ends quietly with {@link Exit.brokenPipe}, like every Unix tool.
 * - Any other failure is kept: later calls of `write` and `end` throw it. `onFailure` is called at once, so that a run that
 *   waits for input ends too.
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

  /** Sends less than a chunk as soon as the event loop is free: results of live input show at once. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.send();
    });
  }

  /**
   * Sends all that is pending, one chunk after the other. Invariant: while text is pending, a chunk is on its way or a call
   * of this method is scheduled.
   */
  private send(): void {
    if (this.chunk !== undefined || this.pending === '' || this.failure !== undefined) return;
    const bytes = Buffer.from(withoutHiddenControls(this.pending));
    this.pending = '';
    this.chunk = writeWhole(bytes)
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
 * Resolves when the operating system has taken all bytes. Node writes to pipes, sockets and terminals and waits for their
 * readers. This module writes to everything else, because Node's stream for files ignores short writes (a disk that is
 * nearly full takes less than it is given) and discards what goes to descriptors that it does not know (a directory, a
 * datagram socket).
 */
function writeWhole(bytes: Buffer): Promise<void> {
  return process.stdout instanceof Socket ? writeToStream(process.stdout, bytes) : writeToDescriptor(bytes);
}

/** The callback of a write reports the error too; without a listener of ours the event would end the process. */
const ignoreEvent = (): void => {};

function writeToStream(stream: Socket, bytes: Buffer): Promise<void> {
  // Counting listeners is not enough: threads pipe into this stream, and their listeners emit the error again.
  if (!stream.listeners('error').includes(ignoreEvent)) stream.on('error', ignoreEvent);
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** Gives the event loop a turn for each chunk, as a stream does: signals and threads are served meanwhile. */
async function writeToDescriptor(bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STDOUT_FD, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(RETRY_MS);
    }
  }
  await breathe();
}
