/** The run behind `crl expand`. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLinkageKernel } from '../../kernel/linkage-load.ts';
import type { AcceptedCrl, RevocationData } from '../../revocation/index.ts';
import { saveRevocation } from '../../revocation/save.ts';

import { CliError, Exit, outputFileError, usageError } from '../shared/exit.ts';
import { interruptible } from '../shared/interrupt.ts';
import { startProgress } from '../shared/progress.ts';
import { tell } from '../shared/terminal.ts';
import { valueLines } from './expand-lines.ts';
import { ExpandOutput } from './expand-output.ts';
import { buildWithProgress, type IndexFlags, linkageCount, openIndexFile, standingCrls } from './indexes.ts';

export interface ExpandFlags extends IndexFlags {
  period: readonly number[];
  format: 'ndjson' | 'bin';
  output?: string;
  resume?: boolean;
}

/** Expands CRL files and returns the exit status. */
export async function expandCrls(files: readonly string[], flags: ExpandFlags): Promise<number> {
  const { format, output, resume } = flags;
  if (format === 'bin' && output === undefined) throw usageError('--format bin needs --output FILE');
  if (resume && output === undefined) throw usageError('--resume needs --output FILE: there is nothing to go on with');
  if (format === 'bin') await mustBePlaceForFile(output as string);
  return interruptible(async (stop) => {
    const { accepted, status } = await standingCrls(files, flags, stop);
    for (const crl of accepted) tellWhatIsLeft(crl);
    const { signal } = stop;
    if (format === 'bin') await writeIndex(accepted, flags, output as string, signal);
    else await writeLines(accepted, flags, signal);
    return status;
  });
}

/** An index is put in the place of what is there: of a device or a folder that would be a loss. Before any work is done. */
async function mustBePlaceForFile(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (there?.isFile() || (there === undefined && folder?.isDirectory())) return;
  const why = there === undefined ? 'there is no such folder' : 'this is no file';
  throw new CliError(Exit.inputUnreadable, `--output ${path}: ${why}`);
}

function tellWhatIsLeft({ source, hashes, groups, groupSingleSeeds }: AcceptedCrl): void {
  const grouped = (groups?.count ?? 0) + (groupSingleSeeds?.count ?? 0);
  if (hashes) tell(`note: ${source}: ${hashes.count} hash-based entries have nothing to expand\n`);
  if (grouped > 0) tell(`note: ${source}: ${grouped} group entries have no values of their own\n`);
}

async function writeIndex(
  accepted: readonly AcceptedCrl[],
  flags: ExpandFlags,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const previous = flags.resume ? await previousIndex(path) : undefined;
  const data = await buildWithProgress(accepted, flags, signal, previous);
  try {
    await saveRevocation(data, path, signal);
  } catch (error) {
    throw error === signal.reason ? error : outputFileError('--output', path, error);
  }
}

/** What is there to be taken over: whatever is of other CRLs is left alone by the builder. */
async function previousIndex(path: string): Promise<RevocationData | undefined> {
  const { access } = await import('node:fs/promises');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? openIndexFile('--output', path) : undefined;
}

async function writeLines(accepted: readonly AcceptedCrl[], flags: ExpandFlags, signal: AbortSignal): Promise<void> {
  const { period: periods, kernel, inclusiveJmax = false, output, resume = false } = flags;
  const source = { accepted, periods, kernel: createLinkageKernel(kernel), inclusiveJMax: inclusiveJmax };
  const out = await ExpandOutput.open(output, resume, source);
  const total = linkageCount(accepted) * periods.length;
  const progress = startProgress({
    label: 'entries',
    total,
    rowsOnTerminal: output === undefined && process.stdout.isTTY === true,
  });
  try {
    for (const { text, entries } of valueLines(source, out.resumeAt)) {
      signal.throwIfAborted();
      await out.write(text);
      progress.update(entries, entries);
    }
  } finally {
    progress.stop();
    await out.close();
  }
}
