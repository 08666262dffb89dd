/** `demo --out`: writes the files of the demonstration and prints what to try on them. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Exit, outputFileError, usageError } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { type Paint, painter, printable } from '../shared/terminal.ts';
import { type DemoFile, type DemoFiles, demoFiles } from './files.ts';
import type { DemoFlags } from './flags.ts';
import { firstCommands, readmeOf } from './readme.ts';

const DEFAULT_MESSAGES = 120;

/** Writes the demonstration and returns the exit status. */
export async function writeDemonstration(folder: string, flags: DemoFlags): Promise<number> {
  await mustBeFree(folder, flags.force ?? false);
  const made = demoFiles(flags.seed, flags.items ?? DEFAULT_MESSAGES);
  const files = [...made.files, { name: 'README.txt', bytes: Buffer.from(readmeOf(made, flags.seed)) }];
  for (const one of files) await write(folder, one);
  const out = new Stdout();
  const listing = { out: folder, seed: flags.seed, at: made.at, files: files.map(({ name }) => name) };
  if (flags.format === 'table') await out.write(text(folder, flags.seed, made, painter(process.stdout)));
  else await out.write(`${JSON.stringify(listing, null, flags.format === 'json' ? 2 : 0)}\n`);
  await out.end();
  return Exit.allValid;
}

async function mustBeFree(folder: string, force: boolean): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw outputFileError('--out', folder, error);
  }
  if (entries.length > 0 && !force) {
    throw usageError(
      `--out ${folder}: not empty; --force writes into it all the same and replaces files of the same names`,
    );
  }
}

async function write(folder: string, { name, bytes }: DemoFile): Promise<void> {
  const path = join(folder, name);
  try {
    await mkdir(dirname(path), { recursive: true });
    // Never through a link of that name: its target is another file.
    await rm(path, { force: true });
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (error) {
    throw outputFileError('--out', path, error);
  }
}

function text(folder: string, seed: string, made: DemoFiles, paint: Paint): string {
  const name = printable(folder);
  const { files, at } = made;
  return [
    `${paint('bold', 'Written')} to ${name}: ${files.length + 1} files from the seed "${printable(seed)}" (the same bytes every time)`,
    `Everything that is in force is valid at ${at}.`,
    '',
    'Try:',
    `  cd ${name}`,
    ...firstCommands(made).map((command) => `  ${command}`),
    'README.txt says what each file is, and has a command for each.',
    '',
  ].join('\n');
}
