import { formatTai } from '../../dot2/time.ts';
import { StoredTrust } from '../../trust/store/index.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { Exit } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { mustNotBeAhead, storeFailure } from '../shared/trust-store.ts';
import { decisionsOutput, type TrustFormat, trustFormat } from './output.ts';

export interface TrustRebuildFlags {
  allowFuture?: boolean;
  format?: TrustFormat;
}

/** `scms-verify trust rebuild` */
export async function rebuildTrust(folder: string, { allowFuture, format }: TrustRebuildFlags): Promise<number> {
  let store: StoredTrust;
  try {
    store = StoredTrust.rebuild(folder, createTrustContext(), ({ clock }) => {
      const time = BigInt(clock);
      if (!allowFuture) mustNotBeAhead(time, `the latest time in its journal, ${formatTai(time)},`);
    });
  } catch (error) {
    throw storeFailure(error);
  }
  const out = new Stdout();
  await out.write(decisionsOutput([], store.state, trustFormat(format)));
  await out.end();
  return Exit.allValid;
}
