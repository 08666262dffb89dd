/** How the command line opens trust stores, and what it says when one cannot be used. */
import { formatTai, taiFromUnixMs } from '../../dot2/time.ts';
import { StoredTrust, TrustStoreDamaged, TrustStoreError } from '../../trust/store/index.ts';
import { CliError, Exit, usageError } from './exit.ts';
import { tell } from './terminal.ts';

/** The time that was asked for, or now. */
export function timeOrNow(at: bigint | undefined): bigint {
  return at ?? taiFromUnixMs(Date.now());
}

/** How far ahead of this machine's clock a store may be written. */
const MAX_AHEAD_MICROS = 24n * 3600n * 1_000_000n;

/**
 * The time that a store is written at. A store refuses every time before the latest that it has seen (DECISIONS D33), so that one
 * mistyped year would make it useless.
 *
 * @throws CliError with status 2 for a time more than 24 hours ahead of the clock, unless `allowFuture`.
 */
export function timeToWrite(at: bigint | undefined, allowFuture = false): bigint {
  const time = timeOrNow(at);
  if (!allowFuture) mustNotBeAhead(time, `--at ${formatTai(time)}`);
  return time;
}

/** @throws CliError as {@link timeToWrite}; `what` names the time. */
export function mustNotBeAhead(time: bigint, what: string): void {
  const clock = timeOrNow(undefined);
  if (time <= clock + MAX_AHEAD_MICROS) return;
  throw usageError(
    `${what} is more than 24 hours ahead of this machine's clock (${formatTai(clock)}), and the store would refuse every earlier time from then on: correct the time, or add --allow-future`,
  );
}

/** Tells what of a store is read in another way than the release meant that wrote it. */
export function warnAbout(folder: string, warnings: readonly string[]): void {
  for (const warning of warnings) tell(`warning: ${folder}: ${warning}\n`);
}

/**
 * Opens a store and does something with it.
 *
 * @throws CliError with status 4 where the store cannot be used.
 */
export async function withStore<T>(folder: string, action: (store: StoredTrust) => T | Promise<T>): Promise<T> {
  try {
    return await action(StoredTrust.open(folder));
  } catch (error) {
    throw storeFailure(error);
  }
}

/** What went wrong with a store, as an error for the user of the command. */
export function storeFailure(error: unknown): unknown {
  const ofStore = error instanceof TrustStoreError || error instanceof TrustStoreDamaged;
  return ofStore ? new CliError(Exit.trustUnusable, error.message) : error;
}
