import { type Command, InvalidArgumentError, Option } from 'commander';
import { IMPLICIT_ROOT_REVOCATION } from '../../trust/types.ts';
import { VALUES_HELP } from '../shared/help.ts';
import { timeOption } from '../shared/options.ts';
import type { TrustApplyFlags } from './apply.ts';
import type { TrustInitFlags } from './init.ts';
import type { TrustLintFlags } from './lint.ts';
import type { TrustLogFlags } from './log.ts';
import { TRUST_FORMATS } from './output.ts';
import type { TrustRebuildFlags } from './rebuild.ts';
import { NO_GROUP, type TrustSettingsFlags } from './settings-flags.ts';
import type { TrustShowFlags } from './show.ts';

type Run = (status: Promise<number>) => Promise<void>;

const DESCRIPTION = `Root management: which electors and roots are trusted, and why.

${[
  'A trust store is a directory. It is made from the electors that a device gets out of band; from then on ballots, chain',
  'files, composite CRLs, CTLs and policy files change it, each part by the votes and rules that it needs. Every artefact and',
  'every decision stays in its journal, from which each revision can be derived again.',
].join(' ')}`;

const FIRST_STEPS = `
First steps:
  scms-verify trust init store/ --elector a.oer b.oer c.oer --quorum 2 --root root.oer
  scms-verify trust apply store/ gccf.oer composite-crl.oer        what arrived together, as one bundle
  scms-verify trust show store/                                    what is trusted now, and what follows
  scms-verify trust show gccf.oer                                  what an artefact says, and who signed what
  scms-verify messages rsu-log.gz --store store/                   verify by it
  scms-verify trust lint gccf.oer                                  is a file complete, before it is released
  scms-verify help trust apply                                     every option, with examples`;

const STORE_EXIT = `
Exit status:
  0  everything was accepted, or waits for its time      3  a file could not be read
  1  something was refused                               4  the store, or what it is made of, cannot be used
  2  the command line is wrong                           5  internal failure`;

/** `scms-verify trust`: a group of commands. */
export function addTrust(program: Command, run: Run): void {
  const trust = program
    .command('trust')
    .summary('root management: a trust store, what changes it, and its journal')
    .description(DESCRIPTION)
    .addHelpText('after', FIRST_STEPS);
  for (const add of [addInit, addApply, addShow, addSettings, addLog, addRebuild, addLint]) add(trust, run);
}

const formatOption = (): Option =>
  new Option('--format <F>', 'output (default: table on a terminal, ndjson otherwise)').choices(TRUST_FORMATS);

const AT = 'time of verification: RFC 3339, or tai:SECONDS since 2004 (default: now)';

const allowFutureOption = (): Option =>
  new Option(
    '--allow-future',
    'write a time more than 24 h ahead of the clock, which refuses every earlier one for good',
  );

function addInit(trust: Command, run: Run): void {
  trust
    .command('init')
    .summary('make a trust store')
    .description(
      'Make a trust store in a directory that is empty or not there yet, from what a device is given out of band. The fewest votes that may ever be needed are half of these electors, rounded up.',
    )
    .argument('<DIR>', 'the directory')
    .requiredOption('--elector <FILE...>', 'certificates of the electors')
    .requiredOption('--quorum <N>', 'distinct votes that a proposition needs', numberOption)
    .option('--root <FILE...>', 'root CAs that are trusted from the start')
    .option('--at <TIME>', AT, timeOption)
    .option('--max-electors <N>', 'electors that fit', numberOption, 10)
    .option('--max-roots <N>', 'roots that fit', numberOption, 10)
    .option('--ra-hostname <NAME>', 'the RA whose local chain files are meant for this device (default: any)')
    .option(
      '--elector-group-id <HEX>',
      '8 bytes: the elector group whose CTLs are accepted (default: none)',
      groupOption,
    )
    .addOption(
      new Option(
        '--implicit-root-revocation <WHEN>',
        'remove a root that a newer authenticated chain file shows with too few votes',
      )
        .choices(IMPLICIT_ROOT_REVOCATION)
        .default('authenticated'),
    )
    .addOption(allowFutureOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  scms-verify trust init store/ --elector a.oer b.oer c.oer --quorum 2 --root root.oer
  scms-verify trust init store/ --elector electors/ --quorum 3 --elector-group-id ffffffffffffff00
${VALUES_HELP}
${STORE_EXIT}`,
    )
    .action((folder: string, flags: TrustInitFlags) =>
      run(import('./init.ts').then(({ initTrust }) => initTrust(folder, flags))),
    );
}

function addApply(trust: Command, run: Run): void {
  trust
    .command('apply')
    .summary('apply what has arrived, as one bundle')
    .description(
      `Apply artefacts that have arrived together. One decision for each part, with what became of each vote; then the state.

${[
  'Removals come first, verified by who was trusted before; then additions, until nothing changes; then certificates, CRLs and',
  'policies under the roots that result. The order of files does not matter. Without artefacts time passes: what has waited',
  'for its time comes into force.',
].join(' ')}`,
    )
    .argument('<DIR>', 'the trust store')
    .argument(
      '[ARTEFACT...]',
      'ballots, chain files, composite CRLs, CTLs, policy files, or directories of them; - for standard input',
    )
    .option('--at <TIME>', `${AT}; never before the newest time that the store has seen`, timeOption)
    .option('--dry-run', 'decide, and change nothing')
    .option(
      '--authenticated',
      'the files came over a channel that vouches for their sender: chain files may remove too',
    )
    .option('--quorum <N>', 'change the quorum; lowering it takes votes, which are among the artefacts', numberOption)
    .option('--confirm', 'with --quorum: raise it, knowing that lowering it again takes votes')
    .addOption(allowFutureOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  an elector is revoked, and its replacement endorsed
    scms-verify trust apply store/ composite-crl.oer gccf.oer
  what would happen
    scms-verify trust apply store/ gccf.oer --dry-run --format ndjson | jq 'select(.decision == "REJECT")'
  what has been waiting until today
    scms-verify trust apply store/
${STORE_EXIT}`,
    )
    .action((folder: string, files: string[], flags: TrustApplyFlags) =>
      run(import('./apply.ts').then(({ applyTrust }) => applyTrust(folder, files, flags))),
    );
}

function addShow(trust: Command, run: Run): void {
  trust
    .command('show')
    .summary('what is trusted now, or what an artefact says')
    .description(
      `Show the state of a trust store: electors, roots, what was removed and by whom, what waits, files and CRLs
in force, settings; then what follows from it. Or show what artefacts say and who signed what: votes, ballots,
chain files, composite CRLs, CTLs and policy files. Nothing in an artefact is verified.`,
    )
    .argument('<DIR|FILE...>', 'a trust store, or artefacts; - for standard input')
    .option('--at <TIME>', 'of a store: the time to show it at, any time (default: now)', timeOption)
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  scms-verify trust show store/ --format ndjson | jq .state.notes
  scms-verify trust show store/ --at 2030-01-01T00:00:00Z          which electors have expired by then
  scms-verify trust show gccf.oer composite-crl.oer --format table
${STORE_EXIT}`,
    )
    .action((names: string[], flags: TrustShowFlags) =>
      run(import('./show.ts').then(({ showTrust }) => showTrust(names, flags))),
    );
}

function addSettings(trust: Command, run: Run): void {
  trust
    .command('settings')
    .summary('the settings of a trust store, and those that are safe to change')
    .description(
      `Show the settings that a trust store was made with, or change those that are named. A change counts from the
next bundle and is kept in the journal. Electors, roots and the quorum are no settings: they take votes (see
trust apply).`,
    )
    .argument('<DIR>', 'the trust store')
    .option('--max-electors <N>', 'electors that fit; not fewer than there are', numberOption)
    .option('--max-roots <N>', 'roots that fit; not fewer than there are', numberOption)
    .addOption(
      new Option('--ra-hostname <NAME>', 'the RA whose local chain files are meant for this device').conflicts('anyRa'),
    )
    .option('--any-ra', 'local chain files of any RA')
    .option(
      '--elector-group-id <HEX>',
      '8 bytes: the elector group whose CTLs are accepted, or none; not once a CTL is in force',
      anyGroupOption,
    )
    .addOption(new Option('--implicit-root-revocation <WHEN>', 'as in trust init').choices(IMPLICIT_ROOT_REVOCATION))
    .option('--at <TIME>', `${AT}; never before the newest time that the store has seen`, timeOption)
    .option('--dry-run', 'decide, and change nothing')
    .addOption(allowFutureOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  scms-verify trust settings store/
  scms-verify trust settings store/ --elector-group-id ffffffffffffff00
${STORE_EXIT}`,
    )
    .action((folder: string, flags: TrustSettingsFlags) =>
      run(import('./settings.ts').then(({ changeSettings }) => changeSettings(folder, flags))),
    );
}

function addRebuild(trust: Command, run: Run): void {
  trust
    .command('rebuild')
    .summary('derive a lost state again from the journal')
    .description(
      `Derive the newest state of a trust store from its journal and artefacts, compare each decision and state on
the way, and keep it. For a store whose folder states/ was lost or damaged; journal and artefacts have to be
whole.`,
    )
    .argument('<DIR>', 'the trust store')
    .addOption(allowFutureOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      `\nExample:\n  scms-verify trust rebuild store/ && scms-verify trust log store/ --verify\n${STORE_EXIT}`,
    )
    .action((folder: string, flags: TrustRebuildFlags) =>
      run(import('./rebuild.ts').then(({ rebuildTrust }) => rebuildTrust(folder, flags))),
    );
}

function addLog(trust: Command, run: Run): void {
  trust
    .command('log')
    .summary('the journal: what came, and what was decided')
    .description(
      `Print the journal of a trust store, oldest entry first, each with the hash that chains it to the one before.

${[
  '--verify derives every revision again from the artefacts and compares each decision and state. A chain of hashes alone proves',
  'nothing against a rewrite of all of it: compare its head with one that you keep elsewhere.',
].join(' ')}`,
    )
    .argument('<DIR>', 'the trust store')
    .option('--verify', 'derive every revision again, and compare')
    .option('--head <HASH>', 'with --verify: the newest hash as you know it', hashOption)
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  scms-verify trust log store/ --format ndjson | tail -1 | jq -r .hash
  scms-verify trust log store/ --verify --head $(cat head-kept-elsewhere)
${STORE_EXIT}`,
    )
    .action((folder: string, flags: TrustLogFlags) =>
      run(import('./log.ts').then(({ logTrust }) => logTrust(folder, flags))),
    );
}

function addLint(trust: Command, run: Run): void {
  trust
    .command('lint')
    .summary('what a device would refuse or miss in a file, before it is released')
    .description(
      'Check files of the sender, before they are released: whether a chain file (G9, G10) or composite CRL (C11) is complete, and what a device would refuse in these, in votes, ballots, CTLs and policy files. One finding a line, with its rule.',
    )
    .argument('<FILE...>', 'chain files, composite CRLs, or directories of them; - for standard input')
    .option('--store <DIR>', 'electors, roots and quorum of a trust store to check against')
    .option('--elector <FILE...>', 'electors, if there is no store')
    .option('--root <FILE...>', 'roots, if there is no store')
    .option('--quorum <N>', 'votes needed, if there is no store', numberOption)
    .option('--at <TIME>', AT, timeOption)
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  scms-verify trust lint gccf.oer --store store/
  scms-verify trust lint gccf.oer --elector electors/ --quorum 2 --root root.oer

Exit status:
  0  nothing was found      1  something was      2  the command line is wrong
  3  a file could not be read                     4  the store, electors or roots cannot be used`,
    )
    .action((files: string[], flags: TrustLintFlags) =>
      run(import('./lint.ts').then(({ lintTrust }) => lintTrust(files, flags))),
    );
}

function numberOption(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('a number from 1 to 9999.');
  return Number(text);
}

function groupOption(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) throw new InvalidArgumentError('16 hex digits.');
  return text.toLowerCase();
}

function anyGroupOption(text: string): string {
  return text === NO_GROUP ? text : groupOption(text);
}

function hashOption(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('64 hex digits.');
  return text.toLowerCase();
}
