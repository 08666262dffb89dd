import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ReaderError, systemProblem } from './errors.ts';

/** Standard input. */
export const STDIN = '-';

/** What one name on the command line stands for. */
export interface Input {
  readonly name: string;
  /** The file itself, every file below a directory, or standard input. */
  readonly sources: readonly string[];
}

/** 1A9_2 comes before 1A9_10. */
const naturalOrder = new Intl.Collator('en', { numeric: true });

/**
 * Finds everything that is to be read before anything is read, so that a misspelt name is noticed at once.
 * Directories are gone through recursively in natural order of names; hidden entries, links to directories (which may
 * lead in circles) and what is neither file nor directory are passed over.
 * @throws ReaderError for a name that does not exist or may not be read, and for standard input named twice.
 */
export async function findInputs(names: readonly string[]): Promise<Input[]> {
  if (names.filter((name) => name === STDIN).length > 1) {
    throw new ReaderError(STDIN, 0, 'standard input can be read only once');
  }
  const inputs: Input[] = [];
  for (const name of names) inputs.push({ name, sources: name === STDIN ? [STDIN] : await filesOf(name) });
  return inputs;
}

async function filesOf(path: string): Promise<string[]> {
  const status = await attempt(path, () => stat(path));
  return status.isDirectory() ? filesBelow(path) : [path];
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await attempt(directory, () => readdir(directory, { withFileTypes: true }));
  const visible = entries.filter((entry) => !entry.name.startsWith('.')).sort(byName);
  const files: string[] = [];
  for (const entry of visible) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (await isFile(path, entry)) files.push(path);
  }
  return files;
}

async function isFile(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return (await attempt(path, () => stat(path))).isFile();
}

function byName(a: Dirent, b: Dirent): number {
  return naturalOrder.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ReaderError(path, 0, systemProblem(error), { cause: error });
  }
}
