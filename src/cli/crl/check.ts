/** The run behind `crl check`: read, verify, print, choose an exit status. */

import { stateOf } from '../../pool/thread-totals.ts';
import type { CrlVerdict } from '../../revocation/index.ts';
import { type LoadedCrl, loadCrls } from '../shared/crl-files.ts';
import { Exit, explain, OutputError } from '../shared/exit.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { conclude, createReport, defaultFormat, type Report } from '../shared/output.ts';
import { commonFields, rareFields } from '../shared/rows.ts';
import { Stdout } from '../shared/stdout.ts';
import { pace, Tally } from '../shared/summary.ts';
import type { AboutColumn } from '../shared/table.ts';
import { grouped, tell } from '../shared/terminal.ts';
import { checkTrust, loadTrust, NO_TRUST, storedOf } from '../shared/trust-files.ts';
import { type CrlFlags, crlNames, crlSettings } from './options.ts';

/** One CRL of the output: the fields of a verdict, then its own, then those that are there only now and then. */
export interface CrlRow extends Omit<CrlVerdict, 'errorOffset'> {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly errorOffset?: number;
}

/** Verifies CRL files and returns the exit status. */
export function checkCrls(files: readonly string[], flags: CrlFlags): Promise<number> {
  return interruptible((stop) => checkUntil(stop, files, flags));
}

async function checkUntil(stop: Interruption, files: readonly string[], flags: CrlFlags): Promise<number> {
  const settings = crlSettings(flags);
  const names = crlNames(files, flags);
  const trust = (await stop.unlessStopped(loadTrust(settings.trust))) ?? NO_TRUST;
  if (trust.material.roots.length === 0 && !stop.signal.aborted) {
    tell('hint: nothing is trusted (neither --root nor --store), so no CRL can come out valid\n');
  }
  const started = performance.now();
  const loaded = await loadCrls(names, trust.material, { ...settings.policy, ...storedOf(trust) }, stop);
  const { verifier, failure } = loaded;
  const warnings = [...checkTrust(trust, verifier.warnings), ...loaded.warnings];
  for (const { source, verdict } of loaded.verdicts) {
    for (const warning of verdict.warnings ?? []) warnings.push(`${source}: ${warning}`);
  }
  const out = new Stdout(() => stop.stop());
  const format = flags.format ?? defaultFormat();
  const report = createReport(out, { format, summaryOnly: false }, ABOUT_CRLS);
  const tally = await print(loaded.verdicts, report, stop.signal);
  const problem = failure === undefined ? undefined : explain(failure);
  const incomplete = problem?.message ?? (stop.word && `${stop.word} before the end`);
  const outputStatus = await conclude(report, out, {
    ...tally.counts,
    ...pace(tally.items, (performance.now() - started) / 1000),
    kernel: verifier.kernelName,
    threads: 0,
    metrics: stateOf(verifier),
    at: settings.at,
    trustRevision: verifier.trustRevision,
    warnings,
    ...(incomplete === undefined ? {} : { incomplete }),
  });
  if (outputStatus !== Exit.allValid) return outputStatus;
  if (problem !== undefined) {
    if (format === 'json') tell(`error: ${problem.message}\n`);
    return problem.status;
  }
  if (stop.status !== undefined) return stop.status;
  return tally.notValid(false) > 0 ? Exit.notAllValid : Exit.allValid;
}

/** Prints verdicts until the run is to stop, and counts those that were printed. */
async function print(verdicts: readonly LoadedCrl[], report: Report<CrlRow>, signal: AbortSignal): Promise<Tally> {
  const tally = new Tally();
  try {
    for (const [index, crl] of verdicts.entries()) {
      if (signal.aborted) break;
      tally.add(crl.verdict);
      await report.item(rowOf(index, crl));
    }
  } catch (error) {
    // Told with the summary.
    if (!(error instanceof OutputError)) throw error;
  }
  return tally;
}

function rowOf(index: number, { source, offset, verdict }: LoadedCrl): CrlRow {
  return {
    index,
    source,
    offset,
    kind: verdict.kind,
    ...commonFields(verdict),
    psid: verdict.psid ?? null,
    signer: verdict.signer ?? null,
    craca: verdict.craca,
    series: verdict.series,
    entries: verdict.entries,
    issueDate: verdict.issueDate,
    nextCrl: verdict.nextCrl,
    serial: verdict.serial,
    iRev: verdict.iRev,
    ...rareFields(verdict),
  };
}

const ABOUT_CRLS: AboutColumn<CrlRow> = {
  width: 36,
  head: () => 'kind, series, entries',
  text: ({ kind, series, entries }) => (kind === null ? '-' : `${kind} ${series} ${grouped(entries ?? 0)}`),
};
