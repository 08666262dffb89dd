import { type Command, Option } from 'commander';
import { EXIT_HELP, VALUES_HELP } from '../shared/help.ts';
import { SHOW_FORMATS } from '../shared/show-formats.ts';
import { addExpand, addLookup, addStats } from './index-command.ts';
import { addCrlOptions, type CrlFlags } from './options.ts';
import type { CrlShowFlags } from './show.ts';

type Run = (status: Promise<number>) => Promise<void>;

const DESCRIPTION = `Certificate revocation lists (IEEE 1609.2 §7.3, §7.4): show, verify, expand and query them.`;

const FIRST_STEPS = `
First steps (demo --out writes such files):
  scms-verify crl show crl.oer                                    what is in it
  scms-verify crl check crl.oer --root root.oer --ca crlg.oer     whether it counts, and if not, why not
  scms-verify crl expand crl.oer --root root.oer --ca crlg.oer --period 1043 --format bin --output week.index
  scms-verify crl lookup --index week.index --certificates certs/
  scms-verify help crl check                                      every option, with examples`;

const FILES_HELP = `
Files (told apart by content, never by name):
  SecuredCrl, one or several back to back; CompositeCrl of the CAMP SCMS; the composite CRL of IEEE 1609.2.1.
  As COER, hex or base64; .gz is unpacked. A directory stands for the files in it, - for standard input.`;

/** `scms-verify crl`: a group of commands. */
export function addCrl(program: Command, run: Run): void {
  const crl = program
    .command('crl')
    .summary('certificate revocation lists: show, check, expand, lookup, stats')
    .description(DESCRIPTION)
    .addHelpText('after', `${FIRST_STEPS}\n${FILES_HELP}`);
  for (const add of [addCheck, addCrlShow, addExpand, addLookup, addStats]) add(crl, run);
}

const CHECK_DESCRIPTION = `Verify CRLs: one verdict per item, in input order.

${[
  'Each CRL is decoded strictly, its signature and chain are verified as those of messages are, then whether its signer may',
  'revoke for that CA (crlCraca) and in that series (CrlSsp), and its dates. Then all of them are verified against each other, and',
  'against --previous, whatever their order: whose signer is revoked by another, which is older than another, which deltas',
  'have a full CRL to go with. A bad one never touches the others.',
].join(' ')}`;

const CHECK_EXAMPLES = `
Examples:
  this week's CRLs against last week's
    scms-verify crl check crls/ --root root.oer --ca chain.oer --previous crls-before/
  what a composite CRL holds, and who is revoked by how much
    scms-verify crl check composite-crl.oer --root root.oer --ca chain.oer | jq '{craca, series, kind, entries, code}'
  every reason, as of a day long past
    scms-verify crl check crl.oer --root root.oer --ca crlg.oer --at 2024-01-02 --all-errors
  deployed CRLs that name another CRACA, and are signed under PSID 35
    scms-verify crl check crl.oer --root root.oer --ca chain.oer --lenient crl-craca,crl-psid

What the leniencies do, and nothing else:
  crl-craca   crlCraca may name any certificate under the signer's own root; the CRL then covers the certificates of its
              series under that root, whatever their cracaId
  crl-psid    PSID 35 for 256`;

function addCheck(crl: Command, run: Run): void {
  const command = crl
    .command('check')
    .summary('verify CRLs')
    .description(CHECK_DESCRIPTION)
    .argument('[CRL...]', 'files, directories, or - for standard input');
  addCrlOptions(command)
    .addHelpText('after', `${CHECK_EXAMPLES}\n${VALUES_HELP}\n${FILES_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: CrlFlags) =>
      run(import('./check.ts').then(({ checkCrls }) => checkCrls(files, flags))),
    );
}

const SHOW_DESCRIPTION = `Show what is in CRL files: every field with its offset, the contents of each CRL included.

${[
  'Of long lists of entries the first are shown and the others counted. If bytes do not decode, the tree goes up to there',
  'and the offending byte is named. Nothing is verified: no signature, no chain, no time.',
].join(' ')}`;

const SHOW_EXAMPLES = `
Examples:
  scms-verify crl show crl.oer --format tree | less
  scms-verify crl show composite-crl.oer --format ndjson | jq '{craca, series, kind, entries}'
  scms-verify crl show crl.oer --format json | jq '.[].fields[] | select(.path | endswith("iMax"))'

Exit status:
  0  everything decodes      1  something does not      2  the command line is wrong
  3  input could not be read                            5  internal failure`;

function addCrlShow(crl: Command, run: Run): void {
  crl
    .command('show')
    .summary('print CRLs as JSON or as an annotated hex tree')
    .description(SHOW_DESCRIPTION)
    .argument('<FILE...>', 'files, directories, or - for standard input')
    .addOption(
      new Option(
        '--format <F>',
        'tree, json (one list) or ndjson (default: tree on a terminal, json otherwise)',
      ).choices(SHOW_FORMATS),
    )
    .addHelpText('after', `${SHOW_EXAMPLES}\n${FILES_HELP}`)
    .action((files: string[], flags: CrlShowFlags) =>
      run(import('./show.ts').then(({ showCrls }) => showCrls(files, flags))),
    );
}
