import { MAX_BALLOTS } from '../../dot2/endorsement.ts';
import { readArtefacts } from '../../readers/index.ts';
import { type BallotCertificates, certificatesOfBallots } from '../../trust/ballot-certificates.ts';
import { createTrustState } from '../../trust/create.ts';
import { type LintFinding, lint } from '../../trust/lint.ts';
import type { FileArtefact, TrustContext, TrustState } from '../../trust/types.ts';
import { createTrustContext } from '../../verifier/trust-context.ts';
import { CliError, Exit, usageError } from '../shared/exit.ts';
import { Stdout } from '../shared/stdout.ts';
import { painter, printable, tell } from '../shared/terminal.ts';
import { timeOrNow, withStore } from '../shared/trust-store.ts';
import { certificatesOf } from './init.ts';
import { type TrustFormat, trustFormat } from './output.ts';

export interface TrustLintFlags {
  store?: string;
  elector?: string[];
  root?: string[];
  quorum?: number;
  at?: bigint;
  format?: TrustFormat;
}

/** `scms-verify trust lint` */
export async function lintTrust(files: readonly string[], flags: TrustLintFlags): Promise<number> {
  const now = timeOrNow(flags.at);
  const artefacts = await readArtefacts(files);
  const context = createTrustContext();
  const state = await stateFor(flags, artefacts, now, context);
  const out = new Stdout();
  const isTable = trustFormat(flags.format) === 'table';
  let count = 0;
  for (const artefact of artefacts) {
    for (const finding of lint(artefact, state, now, context)) {
      count++;
      await out.write(
        isTable ? tableText(artefact.name, finding) : `${JSON.stringify({ artefact: artefact.name, ...finding })}\n`,
      );
    }
  }
  if (isTable && count === 0) await out.write('nothing is missing, and nothing is there that should not be\n');
  await out.end();
  return count > 0 ? Exit.notAllValid : Exit.allValid;
}

/** What the files are checked against: a store, what the command line names, or else what the files themselves name. */
async function stateFor(
  { store, elector, root, quorum }: TrustLintFlags,
  artefacts: readonly FileArtefact[],
  at: bigint,
  context: TrustContext,
): Promise<TrustState> {
  if (store !== undefined) {
    if (elector || root || quorum !== undefined) {
      throw usageError('--store knows electors, roots and quorum: leave out --elector, --root and --quorum');
    }
    return withStore(store, (opened) => opened.state);
  }
  const named = certificatesOfBallots(artefacts);
  const { electorGroupId } = named;
  if (elector !== undefined) {
    const electors = await certificatesOf('--elector', elector);
    const roots = await certificatesOf('--root', root ?? []);
    return stateOf({ electors, roots, electorGroupId }, quorum, at, context);
  }
  if (named.electors.length === 0) {
    throw usageError('the files name no electors: --store or --elector says which ones to check against');
  }
  const roots = root === undefined ? named.roots : await certificatesOf('--root', root);
  const state = stateOf({ ...named, roots }, quorum, at, context);
  tell(
    `hint: neither --store nor --elector: checked against the ${state.electors.length} electors and ${state.roots.length} roots that the files themselves name, quorum ${state.quorum}\n`,
  );
  return state;
}

function stateOf(
  { electors, roots, electorGroupId }: BallotCertificates,
  quorum: number | undefined,
  at: bigint,
  context: TrustContext,
): TrustState {
  const majority = (electors.length >> 1) + 1;
  // How much room devices have is not known here: for all that a file can bring.
  const room = { maxElectors: electors.length + MAX_BALLOTS, maxRoots: roots.length + MAX_BALLOTS };
  try {
    return createTrustState({ electors, roots, electorGroupId, quorum: quorum ?? majority, at, ...room }, context)
      .state;
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(Exit.trustUnusable, error.message);
    throw error;
  }
}

function tableText(artefact: string, { rule, part, subject, detail }: LintFinding): string {
  const where = printable(`${artefact}${part ? ` ${part}` : ''}`);
  return `${painter(process.stdout)('yellow', rule.padEnd(4))}  ${where}  ${subject ?? '-'}  ${printable(detail)}\n`;
}
