import type { Command } from 'commander';
import { EXIT_HELP, INPUT_HELP, VALUES_HELP } from './help.ts';
import { addJudgeOptions, type JudgeFlags } from './options.ts';
import { RELEVANCE_HELP } from './relevance-options.ts';

const DESCRIPTION = `Judge signed messages (Ieee1609Dot2Data): one verdict for each, in input order.

${[
  'The signer is found in the message, among --ca and --pins, or among the certificates that earlier messages have',
  'proven; its chain is judged, then the message: signature, permission for its PSID, times, location, consistency,',
  'and relevance where an option asks for it.',
].join(' ')}`;

const EXAMPLES = `
Examples:
  a device log, with the keys of its certificates vouched for
    scms-verify messages rxMsg.gz --pins certificate-keys.json
  messages of the day they were sent
    scms-verify messages spdu-*.oer --root root.oer --ca LCCF.oer --at 2023-03-07T09:10:00Z
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
      run(import('./judge.ts').then(({ judge }) => judge('message', files, flags))),
    );
}
