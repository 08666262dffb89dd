/** The run behind `crl stats`. */
import { bytesOf, type ChainColumns, type CrlIndex } from '../../revocation/index.ts';
import { interruptible } from '../shared/interrupt.ts';
import { Stdout } from '../shared/stdout.ts';
import { type IndexFlags, loadIndex } from './indexes.ts';

const KIBIBYTE = 1024;

/** Prints what an index consists of and returns the exit status. */
export async function showStats(files: readonly string[], flags: IndexFlags): Promise<number> {
  return interruptible(async (stop) => {
    const { data, seconds, status } = await loadIndex(files, flags, stop);
    const { tables, chains, hashes } = bytesOf(data);
    const out = new Stdout();
    const stats = {
      crls: data.crls.map(statsOf),
      periods: data.periods,
      inclusiveJMax: data.inclusiveJMax,
      values: data.crls.reduce((sum, crl) => sum + valuesOf(crl), 0),
      bytes: { tables, chains, hashes, total: tables + chains + hashes },
      [flags.index === undefined ? 'buildSeconds' : 'openSeconds']: Number(seconds.toFixed(3)),
      threads: flags.threads,
      // Of the whole process, CRL files and verification included (DECISIONS D29).
      peakRssBytes: process.resourceUsage().maxRSS * KIBIBYTE,
    };
    await out.write(`${JSON.stringify(stats, null, 2)}\n`);
    await out.end();
    return status;
  });
}

function statsOf(crl: CrlIndex): object {
  const { about, hashes, chains, groups, tables } = crl;
  const { id, source, scope, craca, kind, issueDate, nextCrl, serial, iRev } = about;
  const count = (columns: readonly ChainColumns[], chainsPerEntry: number): number =>
    columns.reduce((sum, one) => sum + (one.chainsPerEntry === chainsPerEntry ? one.count : 0), 0);
  return {
    source,
    id,
    root: scope.root,
    craca,
    series: scope.crlSeries,
    kind,
    issueDate,
    nextCrl,
    serial,
    iRev: iRev ?? null,
    entries: {
      hashes: hashes?.count ?? 0,
      individuals: count(chains, 2),
      singleSeeds: count(chains, 1),
      groups: count(groups, 2),
      groupSingleSeeds: count(groups, 1),
    },
    periods: tables.map(({ period, count: values }) => ({ i: period, values })),
  };
}

function valuesOf({ tables }: CrlIndex): number {
  return tables.reduce((sum, { count }) => sum + count, 0);
}
