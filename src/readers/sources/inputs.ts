import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { ReaderError, systemProblem } from '../errors.ts';
import { isHidden, isPrivateKeyFile } from '../file-names.ts';
import { below, displayed, meantBy, type Path } from './paths.ts';

/** Standard input. */
export const STDIN = '-';

/** A file to read, or standard input. */
export interface FoundFile {
  readonly path: Path;
  /** The path for people, and for records. */
  readonly name: string;
  /** Found in a folder: if it cannot be opened, it costs itself only. */
  readonly isEntry: boolean;
}

/** What one name on the command line stands for. */
export interface FoundInput {
  readonly name: string;
  readonly files: readonly FoundFile[];
  /** Private key files that were left alone. */
  readonly privateKeyFiles: number;
  /** Why entries of folders cannot be looked at. */
  readonly unopened: readonly ReaderError[];
}

/** 1A9_2 comes before 1A9_10. */
const naturalOrder = new Intl.Collator('en', { numeric: true });

/**
 * Finds everything that is to be read before anything is read, so that a misspelt name is noticed at once. Folders are gone
 * through recursively in natural order of names; hidden entries, links to folders (which may lead in circles), private key
 * files (`I_J.s`) and what is no regular file are passed over.
 *
 * @throws ReaderError for a name that does not exist or may not be read, and for standard input named twice.
 */
export async function findInputs(names: readonly string[]): Promise<FoundInput[]> {
  if (names.filter((name) => name === STDIN).length > 1) {
    throw new ReaderError(STDIN, undefined, 'standard input can be read only once');
  }
  const inputs: FoundInput[] = [];
  for (const name of names) inputs.push(await findInput(name));
  return inputs;
}

async function findInput(name: string): Promise<FoundInput> {
  if (name === STDIN) return { name, files: [{ path: STDIN, name, isEntry: false }], privateKeyFiles: 0, unopened: [] };
  const path = await meantBy(name);
  const shown = displayed(path);
  const status = await statusOf(path);
  if (status instanceof ReaderError) throw status;
  const walk = new Walk();
  if (status.isDirectory()) await walk.through(path);
  else if (isPrivateKeyFile(name)) walk.privateKeyFiles++;
  else walk.files.push({ path, name: shown, isEntry: false });
  return { name: shown, files: walk.files, privateKeyFiles: walk.privateKeyFiles, unopened: walk.unopened };
}

/** Goes through folders and collects what is in them. */
class Walk {
  readonly files: FoundFile[] = [];
  readonly unopened: ReaderError[] = [];
  privateKeyFiles = 0;

  async through(folder: Path, isEntry = false): Promise<void> {
    let entries: Dirent<Buffer>[];
    try {
      entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      const problem = new ReaderError(displayed(folder), undefined, systemProblem(error), { cause: error });
      if (!isEntry) throw problem;
      this.unopened.push(problem);
      return;
    }
    for (const entry of entries.sort(byName)) {
      const name = entry.name.toString('utf8');
      if (isHidden(name)) continue;
      const path = below(folder, entry.name);
      if (entry.isDirectory()) await this.through(path, true);
      else if (await this.isFile(path, entry)) this.add(path, name);
    }
  }

  private add(path: Path, name: string): void {
    if (isPrivateKeyFile(name)) this.privateKeyFiles++;
    else this.files.push({ path, name: displayed(path), isEntry: true });
  }

  private async isFile(path: Path, entry: Dirent<Buffer>): Promise<boolean> {
    if (!entry.isSymbolicLink()) return entry.isFile();
    const status = await statusOf(path);
    if (!(status instanceof ReaderError)) return status.isFile();
    this.unopened.push(status);
    return false;
  }
}

function byName(a: Dirent<Buffer>, b: Dirent<Buffer>): number {
  return naturalOrder.compare(a.name.toString('utf8'), b.name.toString('utf8')) || Buffer.compare(a.name, b.name);
}

async function statusOf(path: Path): Promise<Stats | ReaderError> {
  try {
    return await stat(path);
  } catch (error) {
    return new ReaderError(displayed(path), undefined, systemProblem(error), { cause: error });
  }
}
