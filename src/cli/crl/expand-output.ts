/** Where lines of `crl expand` go: standard output, or a file that an interrupted run can go on with. */
import { type FileHandle, open } from 'node:fs/promises';
import { CliError, Exit, outputFileError } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { withoutHiddenControls } from '../shared/terminal.ts';
import { type LineSource, NOT_OURS, type ValueLine } from './expand-lines.ts';

/** A line is far shorter, unless the name of its CRL is very long. */
const MAX_LINE_BYTES = 1 << 16;

export class ExpandOutput {
  /** The last line of an earlier run; undefined if there is none. */
  readonly resumeAt: ValueLine | undefined;
  private readonly path: string;
  private readonly file: FileHandle | undefined;
  private readonly stdout: Stdout | undefined;

  private constructor(path = '', file?: FileHandle, resumeAt?: ValueLine) {
    this.path = path;
    this.file = file;
    this.stdout = file ? undefined : new Stdout();
    this.resumeAt = resumeAt;
  }

  /** @throws CliError with status 3 where the file is not what an earlier run of the same command left. */
  static async open(path: string | undefined, resume: boolean, source: LineSource): Promise<ExpandOutput> {
    if (path === undefined) return new ExpandOutput();
    const file = await openFile(path, resume);
    try {
      return new ExpandOutput(path, file, resume ? await lastLine(file, path, source) : undefined);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @throws OutputError that names the file, or standard output. */
  async write(text: string): Promise<void> {
    if (this.file) await this.attempt(this.file.appendFile(withoutHiddenControls(text)));
    else await this.stdout?.write(text);
  }

  /** @throws OutputError if not everything could be written. */
  async close(): Promise<void> {
    if (this.file) await this.attempt(this.file.close());
    await this.stdout?.end();
  }

  private async attempt(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      throw outputFileError('--output', this.path, error);
    }
  }
}

async function openFile(path: string, resume: boolean): Promise<FileHandle> {
  try {
    return await open(path, resume ? 'a+' : 'w');
  } catch (error) {
    throw outputFileError('--output', path, error);
  }
}

/** Cuts off what is no whole line, and gives the last that is. */
async function lastLine(file: FileHandle, path: string, source: LineSource): Promise<ValueLine | undefined> {
  const { size } = await file.stat();
  const start = Math.max(0, size - 2 * MAX_LINE_BYTES);
  const tail = Buffer.alloc(size - start);
  await file.read(tail, 0, tail.length, start);
  const end = tail.lastIndexOf('\n') + 1;
  if (end === 0 && start > 0) throw notOurs(path, 'it does not end in lines');
  await file.truncate(start + end);
  if (end === 0) return undefined;
  const text = tail.toString('utf8', tail.lastIndexOf('\n', end - 2) + 1, end - 1);
  return parsed(text, path, source);
}

function parsed(text: string, path: string, { accepted, periods }: LineSource): ValueLine {
  let line: ValueLine;
  try {
    line = JSON.parse(text) as ValueLine;
  } catch {
    throw notOurs(path, 'its last line is no JSON');
  }
  const isKnown = accepted.some(({ source }) => source === line?.crl) && periods.includes(line.i);
  if (!isKnown) throw notOurs(path, NOT_OURS);
  return line;
}

function notOurs(path: string, why: string): CliError {
  return new CliError(Exit.inputUnreadable, `--output ${path} cannot be resumed: ${why}`);
}
