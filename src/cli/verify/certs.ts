import type { Command } from 'commander';
import { EXIT_HELP, INPUT_HELP, VALUES_HELP } from '../shared/help.ts';
import { addVerifyOptions, type VerifyFlags } from '../shared/options.ts';
import { RELEVANCE_HELP } from '../shared/relevance-options.ts';

const DESCRIPTION = `Verify certificates: one verdict per item, in input order.

${[
  'Every certificate is decoded strictly, its chain is built from --root and --ca, and structure, validity, regions,',
  'permissions and every signature on the way are checked. An implicit certificate on its own can only be',
  'reconstructed, not proven: it comes out undecided, code implicitReconstructed, with its public key.',
].join(' ')}`;

const EXAMPLES = `
Examples (demo --out writes such files):
  a batch of pseudonym certificates, issued for years ahead
    scms-verify certs certs/ --root root.oer --ca chain.oer --at-own-start --accept-reconstructed
  what is wrong with the certificates of a chain file, and how often
    scms-verify certs chain.oer --root root.oer --ca chain.oer --all-errors --summary
  hex from another program
    other-program | scms-verify certs - --root root.oer | jq 'select(.verdict != "valid")'`;

/** `scms-verify certs` */
export function addCerts(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  const command = program
    .command('certs')
    .summary('verify certificates')
    .description(DESCRIPTION)
    .argument('[FILE...]', 'files, directories, or - for standard input');
  addVerifyOptions(command)
    .addHelpText('after', `${EXAMPLES}\n${RELEVANCE_HELP}\n${VALUES_HELP}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: VerifyFlags) =>
      run(import('./verify.ts').then(({ verify }) => verify('certificate', files, flags))),
    );
}
