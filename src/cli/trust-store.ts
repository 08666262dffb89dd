/** How the command line opens trust stores, and what it says when one cannot be used. */
import { taiFromUnixMs } from '../dot2/time.ts';
import { StoredTrust, TrustStoreDamaged, TrustStoreError } from '../trust/store/index.ts';
import { CliError, Exit } from './exit.ts';

/** The time that was asked for, or now. */
export function timeOrNow(at: bigint | undefined): bigint {
  return at ?? taiFromUnixMs(Date.now());
}

/**
 * Does something with a store, and closes it.
 *
 * @throws CliError with status 4 where the store cannot be used.
 */
export async function withStore<T>(
  folder: string,
  options: { readonly readOnly?: boolean },
  action: (store: StoredTrust) => T | Promise<T>,
): Promise<T> {
  let store: StoredTrust | undefined;
  try {
    store = StoredTrust.open(folder, options);
    return await action(store);
  } catch (error) {
    throw storeFailure(error);
  } finally {
    store?.close();
  }
}

/** What went wrong with a store, as something to tell whoever typed the command. */
export function storeFailure(error: unknown): unknown {
  const ofStore = error instanceof TrustStoreError || error instanceof TrustStoreDamaged;
  return ofStore ? new CliError(Exit.trustUnusable, error.message) : error;
}
