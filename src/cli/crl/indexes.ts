/** Verified CRLs, and indexes of them, for the commands that expand and ask them. */
import { buildRevocation } from '../../revocation/build.ts';
import type { AcceptedCrl, RevocationData } from '../../revocation/index.ts';
import { openRevocation } from '../../revocation/save-open.ts';

import { loadCrls } from '../shared/crl-files.ts';
import { aboutFile, CliError, Exit } from '../shared/exit.ts';
import type { Interruption } from '../shared/interrupt.ts';
import { startProgress } from '../shared/progress.ts';
import { printable, tell } from '../shared/terminal.ts';
import { checkTrust, loadTrust, NO_TRUST, storedOf } from '../shared/trust-files.ts';
import { foldWarnings } from '../shared/warnings.ts';
import { type CrlFlags, crlNames, crlSettings } from './options.ts';

export interface IndexFlags extends Omit<CrlFlags, 'format'> {
  period?: readonly number[];
  index?: string;
  threads: number;
  inclusiveJmax?: boolean;
}

/** CRLs in force, and whether some that were named are not. */
export interface StandingCrls {
  readonly accepted: readonly AcceptedCrl[];
  /** 0; 1 if some CRL was left out; 3 if a file could not be read. */
  readonly status: number;
}

/**
 * Verifies CRL files; what is wrong goes to standard error.
 * @throws CliError with status 4 if none passes; the reason of `signal` when that fires while files are read.
 */
export async function standingCrls(
  files: readonly string[],
  flags: IndexFlags,
  stop: Interruption,
): Promise<StandingCrls> {
  const settings = crlSettings(flags);
  const names = crlNames(files, flags);
  const trust = (await stop.unlessStopped(loadTrust(settings.trust))) ?? NO_TRUST;
  const loaded = await loadCrls(names, trust.material, { ...settings.policy, ...storedOf(trust) }, stop);
  stop.signal.throwIfAborted();
  const warnings = [...checkTrust(trust, loaded.verifier.warnings), ...loaded.warnings];
  let status: number = Exit.allValid;
  for (const { source, verdict } of loaded.verdicts) {
    for (const warning of verdict.warnings ?? []) warnings.push(`${source}: ${warning}`);
    if (verdict.verdict === 'valid') continue;
    warnings.push(`${source}: ${verdict.code}: ${verdict.detail} (ignored)`);
    status = Exit.notAllValid;
  }
  for (const warning of foldWarnings(warnings)) tell(`warning: ${printable(warning)}\n`);
  if (loaded.failure) {
    tell(`error: ${loaded.failure.message}\n`);
    status = Exit.inputUnreadable;
  }
  if (loaded.accepted.length === 0) throw new CliError(Exit.trustUnusable, 'no CRL passed verification');
  return { accepted: loaded.accepted, status };
}

/** Expands CRLs with a progress bar. Throws the reason of `signal` when that fires. */
export async function buildWithProgress(
  accepted: readonly AcceptedCrl[],
  { period = [], threads, kernel, inclusiveJmax = false }: IndexFlags,
  signal: AbortSignal,
  previous?: RevocationData,
): Promise<RevocationData> {
  const progress = startProgress({ label: 'expanded', total: linkageCount(accepted) });
  try {
    return await buildRevocation(accepted, {
      periods: period,
      threads,
      kernel,
      inclusiveJMax: inclusiveJmax,
      signal,
      onProgress: ({ phase, entries }) => {
        if (phase === 'expand') progress.update(entries, entries);
      },
      ...(previous && { previous }),
    });
  } finally {
    progress.stop();
  }
}

export function linkageCount(accepted: readonly AcceptedCrl[]): number {
  return accepted.reduce((sum, crl) => sum + (crl.individuals?.count ?? 0) + (crl.singleSeeds?.count ?? 0), 0);
}

/** An index, of a file or of CRLs that are expanded now, and how long that took. */
export interface LoadedIndex {
  readonly data: RevocationData;
  readonly seconds: number;
  readonly status: number;
}

/** The index that a command is about. Where both CRLs and a file are named, the file has to be of these CRLs. */
export async function loadIndex(files: readonly string[], flags: IndexFlags, stop: Interruption): Promise<LoadedIndex> {
  const { index } = flags;
  const crls = index !== undefined && files.length === 0 ? undefined : await standingCrls(files, flags, stop);
  const started = performance.now();
  const data =
    index === undefined
      ? await buildWithProgress(crls?.accepted ?? [], flags, stop.signal)
      : await openIndexFile('--index', index, crls?.accepted);
  return { data, seconds: (performance.now() - started) / 1000, status: crls?.status ?? Exit.allValid };
}

/** @throws CliError with status 3 if it cannot be read, or is of other CRLs. */
export async function openIndexFile(
  option: string,
  path: string,
  crls?: readonly AcceptedCrl[],
): Promise<RevocationData> {
  try {
    return await openRevocation(path, crls ? { crls: crls.map(({ id }) => id) } : {});
  } catch (error) {
    throw new CliError(Exit.inputUnreadable, aboutFile(option, path, error));
  }
}
