import { type ReadArtefact, readArtefacts } from '../readers/index.ts';
import { isQuorumVote } from '../trust/quorum.ts';
import type { Artefact } from '../trust/types.ts';
import { createTrustContext } from '../verifier/trust-context.ts';
import { Exit } from './exit.ts';
import { type Interruption, interruptible } from './interrupt.ts';
import { Stdout } from './stdout.ts';
import { decisionsOutput, type TrustFormat, trustFormat } from './trust-output.ts';
import { timeOrNow, withStore } from './trust-store.ts';

export interface TrustApplyFlags {
  at?: bigint;
  dryRun?: boolean;
  authenticated?: boolean;
  quorum?: number;
  format?: TrustFormat;
}

/** `scms-verify trust apply` */
export function applyTrust(folder: string, files: readonly string[], flags: TrustApplyFlags): Promise<number> {
  return interruptible((stop) => applyUntil(stop, folder, files, flags));
}

/** A signal ends it while it reads files. A bundle whose application has begun is applied whole, and its decisions are printed. */
async function applyUntil(
  stop: Interruption,
  folder: string,
  files: readonly string[],
  flags: TrustApplyFlags,
): Promise<number> {
  const read = await stop.unlessStopped(readArtefacts(files));
  if (read === undefined) throw stop.signal.reason;
  const { state, decisions } = await withStore(folder, (store) =>
    store.apply(bundleOf(read, flags), timeOrNow(flags.at), createTrustContext(), { dryRun: flags.dryRun ?? false }),
  );
  const out = new Stdout();
  await out.write(decisionsOutput(decisions, state, trustFormat(flags.format)));
  await out.end();
  return decisions.some(({ decision }) => decision === 'REJECT') ? Exit.notAllValid : Exit.allValid;
}

/** With a new quorum, the votes on it go with it; everything else comes by itself. */
function bundleOf(read: readonly ReadArtefact[], { quorum, authenticated = false }: TrustApplyFlags): Artefact[] {
  const votes = quorum === undefined ? [] : read.filter(({ octets }) => isQuorumVote(octets));
  const files = read
    .filter((artefact) => !votes.includes(artefact))
    .map((artefact) => ({ ...artefact, authenticated }));
  if (quorum === undefined) return files;
  return [{ name: `--quorum ${quorum}`, quorum, votes: votes.map(({ octets }) => octets) }, ...files];
}
