import type { Command } from 'commander';
import { EXIT_HELP, INPUT_HELP, VALUES_HELP } from '../shared/help.ts';
import { addVerifyOptions, type VerifyFlags } from '../shared/options.ts';
import { RELEVANCE_HELP } from '../shared/relevance-options.ts';

const DESCRIPTION = `Verify signed messages (Ieee1609Dot2Data): one verdict per item, in input order.

${[
  'The signer is found in the message, among --ca and --pins, or among the certificates that earlier messages have',
  'proven; its chain is verified, then the message: signature, permission for its PSID, times, location, consistency,',
  'and relevance where an option asks for it.',
].join(' ')}`;

const EXAMPLES = `
Examples (demo --out writes such files):
  messages whose root is not known, with the keys of their certificates vouched for
    scms-verify messages foreign.oer --pins pins.json
  a log on the day it was taken, and who of its senders is revoked
    scms-verify messages rsu-log.gz --root root.oer --ca chain.oer --at 2024-01-02 --crl crls/
  as a receiver at a crossing would verify them
    scms-verify messages - --root root.oer --ca chain.oer --receiver --max-age 2 \\
      --position 42.3314,-83.0458 --max-distance 1000
  what Kafka holds, recomputing the ODE's securityResultCode
    kcat -C -t topic.OdeRawEncodedBSMJson | scms-verify messages --root root.oer -- - | jq .resultName`;

/** `scms-verify messages` */
export function addMessages(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  const command = program
    .command('messages')
    .summary('verify signed messages')
    .description(DESCRIPTION)
    .argument('[FILE...]', 'files, directories, or - for standard input');
  addVerifyOptions(command)
    .addHelpText('after', `${EXAMPLES}\n${RELEVANCE_HELP}\n${VALUES_HELP}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: VerifyFlags) =>
      run(import('./verify.ts').then(({ verify }) => verify('message', files, flags))),
    );
}
