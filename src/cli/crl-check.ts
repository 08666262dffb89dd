/** The run behind `crl check`: read, judge, print, choose an exit status. */

import { stateOf } from '../pool/thread-totals.ts';
import type { CrlVerdict } from '../revocation/crl-verdict.ts';
import { type LoadedCrl, loadCrls } from './crl-files.ts';
import { type CrlFlags, crlNames, crlSettings } from './crl-options.ts';
import { Exit, explain } from './exit.ts';
import { type AboutColumn, createReport, defaultFormat } from './output.ts';
import { commonFields, rareFields } from './rows.ts';
import { Stdout } from './stdout.ts';
import { pace, Tally } from './summary.ts';
import { grouped } from './terminal.ts';
import { checkTrust, loadTrust, storedOf } from './trust-files.ts';

/** One CRL of the output: the fields of a verdict, then its own, then those that are there only now and then. */
export interface CrlRow extends Omit<CrlVerdict, 'errorOffset'> {
  readonly index: number;
  readonly source: string;
  readonly offset: number;
  readonly errorOffset?: number;
}

/** Judges CRL files and returns the exit status. */
export async function checkCrls(files: readonly string[], flags: CrlFlags): Promise<number> {
  const settings = crlSettings(flags);
  const names = crlNames(files, flags);
  const trust = await loadTrust(settings.trust);
  if (trust.material.roots.length === 0) {
    process.stderr.write('hint: nothing is trusted (neither --root nor --store), so no CRL can come out valid\n');
  }
  const started = performance.now();
  const loaded = await loadCrls(names, trust.material, { ...settings.policy, ...storedOf(trust) });
  const { verifier, failure } = loaded;
  const warnings = [...checkTrust(trust, verifier.warnings), ...loaded.warnings];
  const out = new Stdout();
  const format = flags.format ?? defaultFormat();
  const report = createReport(out, { format, summaryOnly: false }, ABOUT_CRLS);
  const tally = new Tally();
  for (const [index, crl] of loaded.verdicts.entries()) {
    tally.add(crl.verdict);
    await report.item(rowOf(index, crl));
    for (const warning of crl.verdict.warnings ?? []) warnings.push(`${crl.source}: ${warning}`);
  }
  const problem = failure === undefined ? undefined : explain(failure);
  await report.finish({
    ...tally.counts,
    ...pace(tally.items, (performance.now() - started) / 1000),
    kernel: verifier.kernelName,
    threads: 0,
    metrics: stateOf(verifier),
    at: settings.at,
    trustRevision: verifier.trustRevision,
    warnings,
    ...(problem === undefined ? {} : { incomplete: problem.message }),
  });
  await out.end();
  if (problem !== undefined) {
    if (format !== 'json') process.stderr.write(`error: ${problem.message}\n`);
    return problem.status;
  }
  return tally.notValid(false) > 0 ? Exit.notAllValid : Exit.allValid;
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
