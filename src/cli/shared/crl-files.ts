import { type CrlFilesRead, type ReadCrl, type ReaderError, readCrlFiles } from '../../readers/index.ts';
import type { AcceptedCrl, CrlInput, CrlVerdict } from '../../revocation/index.ts';

import { createVerifier, type TrustMaterial, type Verifier, type VerifierOptions } from '../../verifier/index.ts';
import { CliError, Exit } from './exit.ts';
import type { Interruption } from './interrupt.ts';

/** How CRL files are verified; see {@link Verifier.verifyCrls} for what counts of it. */
export interface CrlFilePolicy extends Omit<VerifierOptions, 'trust'> {
  /** Files with the CRLs that were in force before. */
  readonly previous?: readonly string[];
  /** SecuredCrls that were in force before, of a trust store. */
  readonly stored?: readonly Uint8Array[];
}

/** A CRL of a file with its verdict. */
export interface LoadedCrl {
  readonly source: string;
  readonly offset: number;
  readonly verdict: CrlVerdict;
}

export interface LoadedCrls {
  /** What is in force after them; see {@link CrlResults.accepted}. */
  readonly accepted: readonly AcceptedCrl[];
  /** One for each CRL, in the order of the files. */
  readonly verdicts: readonly LoadedCrl[];
  readonly warnings: readonly string[];
  /** Why a file could not be read; the others were verified without it. */
  readonly failure: ReaderError | undefined;
  /** The verifier that was used: its warnings name unusable trust material. */
  readonly verifier: Verifier;
}

/**
 * Reads CRL files and verifies them all against each other; none of them if `stop` comes while they are being read.
 * @throws ReaderError for a name that does not exist, and where the previous CRLs cannot be read; CliError with status 4 where
 * they are damaged: without them a rollback would pass.
 */
export async function loadCrls(
  files: readonly string[],
  trust: TrustMaterial,
  policy: CrlFilePolicy,
  stop?: Interruption,
): Promise<LoadedCrls> {
  const { previous: previousFiles = [], stored = [], ...options } = policy;
  const reading = readCrlFiles(files);
  const read = (await (stop === undefined ? reading : stop.unlessStopped(reading))) ?? NOTHING_READ;
  const before = await readCrlFiles(previousFiles);
  if (before.failure !== undefined) throw before.failure;
  const verifier = createVerifier({ ...options, trust });
  const verification = verifier.verifyCrls(read.crls.map(inputOf), {
    previous: [...before.crls.map(inputOf), ...stored.map((bytes) => ({ source: 'the trust store', bytes }))],
  });
  if (verification.damaged.length > 0) {
    throw new CliError(Exit.trustUnusable, `previous CRLs are damaged: ${verification.damaged.join('\n')}`);
  }
  return {
    accepted: verification.accepted,
    verdicts: verification.verdicts.map((verdict, i) => {
      const { source, offset } = read.crls[i] as ReadCrl;
      return { source, offset, verdict };
    }),
    warnings: [...read.warnings, ...before.warnings, ...verification.warnings],
    failure: read.failure,
    verifier,
  };
}

const NOTHING_READ: CrlFilesRead = { crls: [], warnings: [], failure: undefined };

function inputOf({ source, offset, bytes }: ReadCrl): CrlInput {
  return { source: offset === 0 ? source : `${source}@${offset}`, bytes };
}
