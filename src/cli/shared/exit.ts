/** Exit statuses, and the errors that lead to them. */
import { systemProblem } from '../../readers/errors.ts';

/** Where several apply, the highest wins. */
export const Exit = {
  allValid: 0,
  notAllValid: 1,
  usage: 2,
  inputUnreadable: 3,
  trustUnusable: 4,
  internal: 5,
  /** As a shell reports a process that SIGINT ended. */
  interrupted: 130,
  /** As a shell reports a process that SIGPIPE ended: the reader of our output went away, quietly. */
  brokenPipe: 141,
  /** As a shell reports a process that SIGTERM ended. */
  terminated: 143,
} as const;

/** An error with its exit status, and a message for the user. */
export class CliError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'CliError';
    this.status = status;
  }
}

export function usageError(message: string): CliError {
  return new CliError(Exit.usage, message);
}

/** Output that could not be written. The message names the place once and says what the system said. */
export class OutputError extends CliError {
  constructor(place: string, cause: unknown) {
    super(Exit.internal, `${place} cannot be written: ${systemProblem(cause)}`);
    this.name = 'OutputError';
  }
}

/** A disk that is full, or a limit of the system. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EFBIG', 'EDQUOT', 'EROFS']);

/** The message of an error about a file that an option names: option and path in front, the path once. */
export function aboutFile(option: string, path: string, error: unknown): string {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  const message = isOfSystem ? systemProblem(error) : error instanceof Error ? error.message : String(error);
  // A file in the folder that was named, or the file itself with a place in it.
  const hasPath = [',', ':', '/'].some((next) => message.startsWith(path + next));
  return hasPath || (path.endsWith('/') && message.startsWith(path))
    ? `${option} ${message}`
    : `${option} ${path}: ${message}`;
}

/**
 * The error for a file that an option names and that could not be written: OutputError, or status 3 if it cannot be opened.
 * Errors that do not come from the operating system are thrown as they are.
 */
export function outputFileError(option: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (syscall === 'open' && !NO_ROOM.has(code)) {
    return new CliError(Exit.inputUnreadable, aboutFile(option, path, error));
  }
  return new OutputError(`${option} ${path}`, error);
}

/** Any thrown thing as the line that is printed and the status that is left with. */
export function explain(thrown: unknown): { status: number; message: string } {
  if (thrown instanceof CliError) return { status: thrown.status, message: thrown.message };
  // By name, because this file is loaded for `--help` too, and the readers are not.
  if (thrown instanceof Error && thrown.name === 'ReaderError') {
    return { status: Exit.inputUnreadable, message: thrown.message };
  }
  if (thrown instanceof Error && NO_ROOM.has((thrown as NodeJS.ErrnoException).code ?? '')) {
    return { status: Exit.internal, message: `cannot be written: ${thrown.message}` };
  }
  const detail = thrown instanceof Error ? (process.env.SCMS_DEBUG ? thrown.stack : thrown.message) : String(thrown);
  return { status: Exit.internal, message: `internal error: ${detail}` };
}
