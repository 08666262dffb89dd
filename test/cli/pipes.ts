/** The built program behind a real pipe, whose reader stops and goes at random moments. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/testbed/index.ts';
import { MAIN, type Outcome, shellStatus } from './support.ts';

/** Longest pause of a reader or of a feeder. */
const LONGEST_PAUSE_MS = 20;
/** One read in so many is followed by a pause. */
const PAUSES = 4;
const LARGEST_READ = 1 << 16;
/** Lines that are fed at once, at most. */
const MOST_LINES = 300;

export interface PipedOptions {
  /** What the moments and sizes follow from. */
  readonly seed: string;
  /** Lines for standard input, fed at random moments too. */
  readonly input?: readonly string[] | undefined;
}

/** Runs the program with its standard output on a FIFO, which has the buffer of a pipe (64 KiB on Linux). */
export async function runPiped(args: readonly string[], { seed, input }: PipedOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'scms-verify-pipe-'));
  const fifo = join(folder, 'pipe');
  execFileSync('mkfifo', [fifo]);
  const random = new Random(seed);
  const child = spawn('sh', ['-c', 'exec "$0" "$@" > "$FIFO"', process.execPath, MAIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', FIFO: fifo },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<number>((resolve) => child.on('close', (...how) => resolve(shellStatus(...how))));
  const fed = feed(child.stdin, input ?? [], random.fork('feeder'));
  const stdout = await readAtRandom(fifo, random.fork('reader'));
  await fed;
  const status = await closed;
  rmSync(folder, { recursive: true });
  return { status, stdout, stderr };
}

async function readAtRandom(path: string, random: Random): Promise<string> {
  const file = await open(path, 'r');
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(1 + random.below(LARGEST_READ));
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    if (random.below(PAUSES) === 0) await sleep(random.below(LONGEST_PAUSE_MS));
  }
  await file.close();
  return Buffer.concat(chunks).toString('utf8');
}

async function feed(stdin: Writable, lines: readonly string[], random: Random): Promise<void> {
  // The program may end before all is fed: then its status says why.
  stdin.on('error', () => {});
  for (let at = 0; at < lines.length; ) {
    const end = at + 1 + random.below(MOST_LINES);
    stdin.write(
      lines
        .slice(at, end)
        .map((line) => `${line}\n`)
        .join(''),
    );
    at = end;
    await sleep(random.below(LONGEST_PAUSE_MS));
  }
  stdin.end();
}
