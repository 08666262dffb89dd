import { readWhole } from '../../readers/index.ts';
import { StoredTrust } from '../../trust/store/index.ts';
import type { ImplicitRootRevocation } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { aboutFile, CliError, Exit } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { storeFailure, timeToWrite } from '../shared/trust-store.ts';
import { decisionsOutput, type TrustFormat, trustFormat } from './output.ts';

export interface TrustInitFlags {
  elector: string[];
  quorum: number;
  root?: string[];
  at?: bigint;
  maxElectors: number;
  maxRoots: number;
  raHostname?: string;
  electorGroupId?: string;
  implicitRootRevocation: ImplicitRootRevocation;
  allowFuture?: boolean;
  format?: TrustFormat;
}

/** `scms-verify trust init` */
export async function initTrust(folder: string, flags: TrustInitFlags): Promise<number> {
  const { elector, root, at, allowFuture, format, ...settings } = flags;
  const time = timeToWrite(at, allowFuture);
  const init = {
    ...settings,
    electors: await certificatesOf('--elector', elector),
    roots: await certificatesOf('--root', root ?? []),
    at: time,
  };
  const context = createTrustContext();
  let store: StoredTrust;
  try {
    store = StoredTrust.create(folder, init, context);
  } catch (error) {
    // What the device was given cannot be the start of anything.
    if (error instanceof RangeError) throw new CliError(Exit.trustUnusable, error.message);
    throw storeFailure(error);
  }
  const { state } = store;
  const out = new Stdout();
  await out.write(decisionsOutput([], state, trustFormat(format)));
  await out.end();
  return Exit.allValid;
}

/** @throws CliError with status 4 that names the file. */
export async function certificatesOf(option: string, files: readonly string[]): Promise<Uint8Array[]> {
  const certificates: Uint8Array[] = [];
  for (const file of files) {
    try {
      certificates.push(...(await readWhole(file)));
    } catch (error) {
      throw new CliError(Exit.trustUnusable, aboutFile(option, file, error));
    }
  }
  return certificates;
}
