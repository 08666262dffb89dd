import type { Command } from 'commander';
import { EXIT_HELP, INPUT_HELP, VALUES_HELP } from '../shared/help.ts';
import { addJudgeOptions, type JudgeFlags } from '../shared/options.ts';
import { RELEVANCE_HELP } from '../shared/relevance-options.ts';

const DESCRIPTION = `Judge signed messages (Ieee1609Dot2Data): one verdict for each, in input order.

${[
  'The signer is found in the message, among --ca and --pins, or among the certificates that earlier messages have',
  'proven; its chain is judged, then the message: signature, permission for its PSID, times, location, consistency,',
  'and relevance where an option asks for it.',
].join(' ')}`;

const EXAMPLES = `
Examples (demo --out writes such files):
  messages whose root is not known, with the keys of their certificates vouched for
    scms-verify messages foreign.oer --pins pins.json
  a log on the day it was taken, and who of its senders is revoked
    scms-verify messages rsu-log.gz --root root.oer --ca chain.oer --at 2024-01-02 --crl crls/
  as a receiver at a crossing would judge them
    scms-verify messages - --root root.oer --ca chain.oer --receiver --max-age 2 \\
      --position 42.3314,-83.0458 --max-distance 1000
  what Kafka holds, recomputing the ODE's securityResultCode
    kcat -C -t topic.OdeRawEncodedBSMJson | scms-verify messages --root root.oer -- - | jq .resultName`;

/** `scms-verify messages` */
export function addMessages(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  const command = program
    .command('messages')
    .summary('judge signed messages')
    .description(DESCRIPTION)
    .argument('[FILE...]', 'files, directories, or - for standard input');
  addJudgeOptions(command)
    .addHelpText('after', `${EXAMPLES}\n${RELEVANCE_HELP}\n${VALUES_HELP}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: JudgeFlags) =>
      run(import('./verify.ts').then(({ judge }) => judge('message', files, flags))),
    );
}
