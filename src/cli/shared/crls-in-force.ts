import { skimPeriod, skimSigner } from '../../dot2/skim.ts';
import { buildRevocation } from '../../revocation/build.ts';
import type { AcceptedCrl, LinkageEntries, RevocationData } from '../../revocation/index.ts';
import { type ExpectedIndex, openRevocation } from '../../revocation/save-open.ts';

import { createVerifier, type Item } from '../../verifier/index.ts';
import { type LoadedCrl, loadCrls } from './crl-files.ts';
import { aboutFile, CliError, Exit, explain } from './exit.ts';
import type { VerifySettings } from './options.ts';
import { startProgress } from './progress.ts';
import { checkTrust, type LoadedTrust, storedOf } from './trust-files.ts';

/** The CRLs that a run verifies by, and for which periods they are expanded. */
export class CrlsInForce {
  /** CRLs that fail verification, and warnings about the others. */
  readonly warnings: readonly string[];
  private readonly accepted: readonly AcceptedCrl[];
  private readonly settings: VerifySettings;
  private readonly spans: readonly Span[];
  private present: RevocationData | undefined;

  /** `saved`: an index of these CRLs, or of others if none are given. */
  constructor(
    accepted: readonly AcceptedCrl[],
    warnings: readonly string[],
    settings: VerifySettings,
    saved?: RevocationData,
  ) {
    this.present = saved;
    this.accepted = accepted;
    this.warnings = warnings;
    this.settings = settings;
    this.spans = accepted.flatMap(spanOf);
  }

  /** Whether any of them has entries that are expanded by period. */
  get areExpanded(): boolean {
    return this.spans.length > 0;
  }

  /** Periods that were expanded last. */
  get periods(): readonly number[] {
    return this.present?.periods ?? [];
  }

  get count(): number {
    return this.present?.crls.length ?? this.accepted.length;
  }

  /** The period that an item asks CRLs about, if one of them covers it. */
  periodOf({ kind, bytes }: Item): number | undefined {
    const period = periodOfBytes(kind === 'certificate' ? bytes : attachedCertificate(bytes));
    const concerns = (span: Span): boolean => period !== undefined && span.first <= period && period <= span.last;
    return this.spans.some(concerns) ? period : undefined;
  }

  /** The most frequent periods, at most as many as are to be expanded (DECISIONS D22). */
  choose(counts: ReadonlyMap<number, number>): number[] {
    const byCount = [...counts].sort(([a, first], [b, second]) => second - first || a - b);
    return byCount.slice(0, this.settings.revocation.periods).map(([period]) => period);
  }

  /** Expands periods; what was expanded before is taken over. Throws the reason of `signal` when that fires. */
  async expand(periods: readonly number[], signal: AbortSignal, background = false): Promise<RevocationData> {
    // A saved index by itself is what it is: seeds without signatures are not worked on.
    if (this.present !== undefined && this.accepted.length === 0) return this.present;
    const { threads, kernel, revocation } = this.settings;
    const { present: previous } = this;
    const progress = startProgress({
      label: 'expanded',
      total: background ? undefined : this.entries,
      rowsOnTerminal: background,
    });
    try {
      this.present = await buildRevocation(this.accepted, {
        periods,
        threads: background ? Math.min(threads, 1) : threads,
        kernel,
        inclusiveJMax: revocation.inclusiveJMax,
        signal,
        onProgress: ({ entries, total }) => progress.update(entries, total),
        ...(previous && { previous }),
      });
      return this.present;
    } catch (error) {
      // More values than a table can hold: to verify without them would call the revoked valid.
      throw error instanceof RangeError ? unusable(error.message) : error;
    } finally {
      progress.stop();
    }
  }

  private get entries(): number {
    return this.accepted.reduce((sum, crl) => sum + linkageLists(crl).reduce((all, { count }) => all + count, 0), 0);
  }
}

/** Periods, both included, that a CRL has linkage entries for. */
interface Span {
  readonly first: number;
  readonly last: number;
}

function spanOf(crl: AcceptedCrl): Span[] {
  let last = -1;
  for (const { iMax } of linkageLists(crl)) for (const period of iMax) if (period > last) last = period;
  return last < 0 ? [] : [{ first: crl.iRev ?? 0, last }];
}

function linkageLists({ individuals, singleSeeds, groups, groupSingleSeeds }: AcceptedCrl): LinkageEntries[] {
  return [individuals, singleSeeds, groups, groupSingleSeeds].filter((list) => list !== undefined);
}

function attachedCertificate(message: Uint8Array): Uint8Array | undefined {
  const signer = skimSigner(message);
  return signer && 'certificate' in signer ? signer.certificate : undefined;
}

function periodOfBytes(certificate: Uint8Array | undefined): number | undefined {
  return certificate && skimPeriod(certificate);
}

/**
 * Verifies the CRL files under the trust of the run. One that fails is ignored with a warning: it never was in force.
 *
 * @throws CliError with status 4 if a file cannot be read, no CRL passes, or the index is damaged or of others: verifying
 * without what was asked for would call the revoked valid.
 */
export async function loadCrlsInForce(settings: VerifySettings, trust: LoadedTrust): Promise<CrlsInForce | undefined> {
  const { crl, index } = settings.revocation;
  const { stored = [] } = storedOf(trust);
  if (crl.length === 0 && stored.length === 0) {
    return index === undefined ? undefined : savedAlone(index, settings, trust);
  }
  const { at, lenient, overdue } = settings.policy;
  const policy = {
    kernel: settings.kernel,
    ...(at && { at }),
    ...(lenient && { lenient }),
    ...(overdue && { overdue }),
    ...storedOf(trust),
  };
  const loaded = await readable(() => loadCrls(crl, trust.material, policy));
  // Signers of CRLs are verified by the trust material: its errors come first.
  checkTrust(trust, loaded.verifier.warnings);
  if (loaded.failure !== undefined) throw unusable(loaded.failure.message);
  const remarks = [...loaded.verdicts.flatMap(remarksOn), ...loaded.warnings.map((text) => `--crl ${text}`)];
  if (loaded.accepted.length === 0) throw unusable(['none of the CRLs is in force', ...remarks].join('\n'));
  const crls = loaded.accepted.map(({ id }) => id);
  const saved = index === undefined ? undefined : await opened(index, settings, { crls });
  return new CrlsInForce(loaded.accepted, remarks, settings, saved);
}

/** A saved index, of CRLs that were verified when it was built. */
async function savedAlone(index: string, settings: VerifySettings, trust: LoadedTrust): Promise<CrlsInForce> {
  const verifier = createVerifier({ trust: trust.material, kernel: settings.kernel });
  checkTrust(trust, verifier.warnings);
  const { lenient = [] } = settings.policy;
  return new CrlsInForce([], [], settings, await opened(index, settings, { roots: verifier.rootIds, lenient }));
}

async function opened(path: string, { revocation }: VerifySettings, expected: ExpectedIndex): Promise<RevocationData> {
  try {
    return await openRevocation(path, { ...expected, inclusiveJMax: revocation.inclusiveJMax });
  } catch (error) {
    throw new CliError(Exit.trustUnusable, aboutFile('--crl-index', path, error));
  }
}

/** Why a CRL fails, or else a warning about it. */
function remarksOn({ source, offset, verdict: { verdict, code, depth, detail, warnings = [] } }: LoadedCrl): string[] {
  const where = `--crl ${source}${offset === 0 ? '' : `@${offset}`}`;
  if (verdict === 'valid') return warnings.map((text) => `${where}: ${text}`);
  return [`${where}: ${code}${depth > 0 ? ` (depth ${depth})` : ''}: ${detail}`];
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { status, message } = explain(error);
    throw status === Exit.inputUnreadable ? unusable(message) : error;
  }
}

function unusable(message: string): CliError {
  return new CliError(Exit.trustUnusable, `--crl: ${message}`);
}
