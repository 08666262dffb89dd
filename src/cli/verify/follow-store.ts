import { StoredTrust } from '../../trust/store/index.ts';

/** How often a store is looked at while a run goes on. Looking is one read of a few bytes. */
const INTERVAL_MS = 200;

/** Watches a trust store. */
export interface StoreFollower {
  /** Waits for what is on its way, and looks no more. */
  stop(): Promise<void>;
}

/**
 * Calls `changed` each time that a trust store has another revision than the one before, or that something in it is due, one call after
 * the other. Should that or the store fail, `failed` is called, once: what is trusted now is not known any more.
 */
export function followStore(
  folder: string,
  revision: number,
  isDue: () => boolean,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
): StoreFollower {
  let known = revision;
  let busy: Promise<void> | undefined;
  const store = StoredTrust.open(folder);
  const look = async (): Promise<void> => {
    try {
      const { revision: newest } = store;
      if (newest === known && !isDue()) return;
      await changed();
      known = newest;
    } catch (error) {
      clearInterval(timer);
      failed(error);
    }
  };
  const timer = setInterval(() => {
    busy ??= look().finally(() => {
      busy = undefined;
    });
  }, INTERVAL_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await busy;
    },
  };
}
