import { type ReadArtefact, readArtefacts } from '../../readers/index.ts';
import { isQuorumVote } from '../../trust/quorum.ts';
import type { Artefact, TrustState } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { Exit, usageError } from '../shared/exit.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { Stdout } from '../shared/stdout.ts';
import { timeOrNow, timeToWrite, warnAbout, withStore } from '../shared/trust-store.ts';
import { decisionsOutput, type TrustFormat, trustFormat } from './output.ts';

export interface TrustApplyFlags {
  at?: bigint;
  dryRun?: boolean;
  authenticated?: boolean;
  quorum?: number;
  confirm?: boolean;
  allowFuture?: boolean;
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
  const { state, decisions } = await withStore(folder, (store) => {
    const { dryRun = false, at, allowFuture } = flags;
    const time = dryRun ? timeOrNow(at) : timeToWrite(at, allowFuture);
    const before = store.snapshot();
    warnAbout(folder, before.warnings);
    if (!dryRun) mustBeConfirmed(before.state, flags);
    return store.apply(bundleOf(read, flags), time, createTrustContext(), { dryRun });
  });
  const out = new Stdout();
  await out.write(decisionsOutput(decisions, state, trustFormat(flags.format)));
  await out.end();
  return decisions.some(({ decision }) => decision === 'REJECT') ? Exit.notAllValid : Exit.allValid;
}

/** Raising the quorum is the operator's choice; lowering it is not (P6). @throws CliError with status 2 unless confirmed. */
function mustBeConfirmed({ quorum: now, electors }: TrustState, { quorum, confirm }: TrustApplyFlags): void {
  if (quorum === undefined || quorum <= now || quorum > electors.length || confirm) return;
  throw usageError(
    `--quorum ${quorum} raises the quorum from ${now}: from the next bundle on every change takes the votes of ${quorum} of ${electors.length} electors, and lowering the quorum again takes ${quorum} votes for it (add --confirm, or --dry-run to see what would happen)`,
  );
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
