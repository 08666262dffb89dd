/** The command line of `npm run bench`. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly quick: boolean;
  readonly help: boolean;
  readonly list: boolean;
  readonly json: string | undefined;
  readonly html: string | undefined;
  /** Groups whose name it matches are measured. */
  readonly only: RegExp;
}

/** A command line that is wrong: told to whoever typed it, and left with status 2. */
export class UsageError extends Error {}

export const HELP = `Measures scms-verify and, in the same run, others that do the same.

  npm run bench                          everything, some fifteen minutes
  npm run bench -- --quick               all rows with less patience, two minutes: good for finding what is broken,
                                         too short for figures that anybody should quote
  npm run bench -- --only 'new|decode'   the groups whose name matches a regular expression (any case)
  npm run bench -- --list                the names of the groups
  npm run bench -- --json bench.json     machine and rows as JSON as well
  npm run bench -- --html bench.html     plots and tables as one page that opens from disk

How to read it
  per second   items per second: the median over rounds in which all rows of a group take turns
  ±            distance between the quartiles of all runs, in percent of the median
  ratio        this row's rate over another's, round by round; above 1 this row is faster. OpenSSL is what
               \`openssl speed\` does when it runs before and after the group; an operation of two signatures is
               compared with two of its verifications. The peers neither decode nor apply rules.
  target       the figure set for this row, and whether it is met
  loses to     peers that are faster. Rows that lose stay in the table.

Every verdict is checked: a benchmark that computes something wrong stops with an error.
Figures are taken with nothing else running. docs/performance.md has the method.`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Options {
  const { quick, help, list, json, html, only } = parsed(argv);
  if (json !== undefined) mustBeWritable('--json', json);
  if (html !== undefined) mustBeWritable('--html', html);
  if (json !== undefined && html !== undefined && resolve(json) === resolve(html)) {
    throw new UsageError('--json and --html name the same file');
  }
  return { quick, help, list, json, html, only: expression(only) };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        list: { type: 'boolean', default: false },
        json: { type: 'string' },
        html: { type: 'string' },
        only: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Found out before minutes of measuring, not after. */
function mustBeWritable(option: string, file: string): void {
  if (file === '') throw new UsageError(`${option} needs the name of a file`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${option}: ${file} is a directory`);
  }
  if (!existsSync(dirname(file))) throw new UsageError(`${option}: there is no directory ${dirname(file)}`);
}

function expression(text = ''): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new UsageError(`--only: ${(error as Error).message}`);
  }
}
