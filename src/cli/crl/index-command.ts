/** The commands that build an index of CRLs and ask it. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { VALUES_HELP } from '../shared/help.ts';
import { countOption } from '../shared/options.ts';
import type { ExpandFlags } from './expand.ts';
import type { IndexFlags } from './indexes.ts';
import type { LookupFlags } from './lookup.ts';
import { addCrlOptions } from './options.ts';

type Run = (status: Promise<number>) => Promise<void>;

const EXIT_HELP = `
Exit status (the highest that applies):
  0  done; of lookup: nothing is revoked     3  input could not be read
  1  a CRL failed and was ignored;           4  no CRL passed, or trust material cannot be used
     of lookup: something is revoked, or     5  internal failure
     could not be looked up                  130 after Ctrl-C, 143 after SIGTERM
  2  the command line is wrong`;

const INDEX_HELP = `
An index file holds what CRLs were expanded to, so that a restart need not do it again. Every byte of it is covered by
a hash: damage is found, and named with its place. It says which CRLs it is of, and under which roots they stood. It is
as trusted as the trust store: keep it where only those can write who may say what is revoked.`;

const EXPAND_DESCRIPTION = `Expand linkage-based CRLs: every linkage value of every entry in a period.

${[
  'Each CRL is verified first, as by crl check; and ignored if that fails. Entries that are meant for earlier periods',
  'only are left out as well. Group entries have no values of their own, and hash-based CRLs have none at all.',
].join(' ')}`;

const EXPAND_EXAMPLES = `
Examples:
  scms-verify crl expand crl.oer --root root.oer --ca crlg.oer --period 1043 | head
  scms-verify crl expand crl.oer --root root.oer --ca crlg.oer --period 1043..1044 --format bin --output week.index
  go on where a run was interrupted
    scms-verify crl expand crl.oer --root root.oer --ca crlg.oer --period 1043 --output values.ndjson --resume

Formats:
  ndjson  {i, j, linkageValue, la1Id, la2Id, entry, crl} a line, entry after entry; la2Id is null for single seeds
  bin     an index file for crl lookup and crl stats; with --resume periods that are in it already are taken over`;

export function addExpand(crl: Command, run: Run): void {
  const command = crl
    .command('expand')
    .summary('print or index all linkage values of a period')
    .description(EXPAND_DESCRIPTION)
    .argument('[CRL...]', 'files, directories, or - for standard input')
    .addOption(periodOption().makeOptionMandatory())
    .option('--output <FILE>', 'write there and not to standard output; required for bin')
    .option('--resume', 'go on with what is in --output already');
  addIndexOptions(command, new Option('--format <F>', 'output').choices(['ndjson', 'bin']).default('ndjson'))
    .addHelpText('after', `${EXPAND_EXAMPLES}\n${INDEX_HELP}\n${VALUES_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: ExpandFlags) =>
      run(import('./expand.ts').then(({ expandCrls }) => expandCrls(files, flags))),
    );
}

const LOOKUP_DESCRIPTION = `Look certificates or linkage values up in CRLs or in an index of them.

${[
  'Certificates are looked up by what they say of themselves, under every root that has a CRL; their own chain is not verified:',
  'certs --crl does that. Linkage values are looked up in the periods of --period or of the index.',
].join(' ')}`;

const LOOKUP_EXAMPLES = `
Examples:
  scms-verify crl lookup --index week.index --value e4163fa00f3579621c
  scms-verify crl lookup crl.oer --root root.oer --ca crlg.oer --certificates certs/ | jq 'select(.result == "hit")'
  is this index of these CRLs?
    scms-verify crl lookup crl.oer --root root.oer --index week.index --value e4163fa00f3579621c`;

export function addLookup(crl: Command, run: Run): void {
  const command = crl
    .command('lookup')
    .summary('look certificates or linkage values up')
    .description(LOOKUP_DESCRIPTION)
    .argument('[CRL...]', 'files, directories, or - for standard input')
    .option('--value <HEX...>', 'linkage values, 9 bytes each', valueOption)
    .option('--certificates <FILE...>', 'certificates: files, directories, or - for standard input')
    .addOption(periodOption())
    .addOption(indexOption());
  addIndexOptions(command, new Option('--format <F>', 'output').choices(['ndjson']).default('ndjson'))
    .addHelpText('after', `${LOOKUP_EXAMPLES}\n${INDEX_HELP}\n${VALUES_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: LookupFlags) =>
      run(import('./lookup.ts').then(({ lookUp }) => lookUp(files, flags))),
    );
}

const STATS_DESCRIPTION = `Say what CRLs come to: entries by kind, values, bytes, time, peak memory.`;

const STATS_EXAMPLES = `
Examples:
  scms-verify crl stats crl.oer --root root.oer --ca crlg.oer --period 1043
  scms-verify crl stats --index week.index | jq .bytes`;

export function addStats(crl: Command, run: Run): void {
  const command = crl
    .command('stats')
    .summary('entries, values, memory and time')
    .description(STATS_DESCRIPTION)
    .argument('[CRL...]', 'files, directories, or - for standard input')
    .addOption(periodOption())
    .addOption(indexOption());
  addIndexOptions(command, new Option('--format <F>', 'output').choices(['json']).default('json'))
    .addHelpText('after', `${STATS_EXAMPLES}\n${INDEX_HELP}\n${VALUES_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: IndexFlags) =>
      run(import('./stats.ts').then(({ showStats }) => showStats(files, flags))),
    );
}

function addIndexOptions(command: Command, format: Option): Command {
  return addCrlOptions(command, format)
    .option('--threads <N>', 'threads that expand; 0 expands in the main thread', countOption, availableParallelism())
    .option('--inclusive-jmax', 'expand j = jmax too');
}

const indexOption = (): Option => new Option('--index <FILE>', 'an index that crl expand --format bin wrote');

const periodOption = (): Option =>
  new Option('--period <I[..I2]>', 'the period (iCert), or all from one to another').argParser(periodsOf);

/** Periods of one command: an index of more than a year's is hardly meant. */
const MOST_PERIODS = 64;

function periodsOf(text: string): number[] {
  const [first = Number.NaN, last = first] = /^\d{1,5}(\.\.\d{1,5})?$/.test(text) ? text.split('..').map(Number) : [];
  if (!(first <= last && last <= 0xffff && last - first < MOST_PERIODS)) {
    throw new InvalidArgumentError(`I or I..I2, from 0 to 65535 and at most ${MOST_PERIODS} periods.`);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function valueOption(text: string, values: string[] = []): string[] {
  if (!/^[0-9a-f]{18}$/i.test(text)) throw new InvalidArgumentError('9 bytes in hex.');
  return [...values, text.toLowerCase()];
}
