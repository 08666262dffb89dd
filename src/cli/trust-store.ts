/** How the command line opens trust stores, and what it says when one cannot be used. */
import { taiFromUnixMs } from '../dot2/time.ts';
import { StoredTrust, TrustStoreDamaged, TrustStoreError } from '../trust/store/index.ts';
import { CliError, Exit } from './exit.ts';

/** The time that was asked for, or now. */
export function timeOrNow(at: bigint | undefined): bigint {
  return at ?? taiFromUnixMs(Date.now());
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

/** What went wrong with a store, as something to tell whoever typed the command. */
export function storeFailure(error: unknown): unknown {
  const ofStore = error instanceof TrustStoreError || error instanceof TrustStoreDamaged;
  return ofStore ? new CliError(Exit.trustUnusable, error.message) : error;
}
