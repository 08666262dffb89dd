import { type Command, Option } from 'commander';
import { FORMATS } from '../shared/output.ts';
import type { RehearseFlags } from './flags.ts';

const DESCRIPTION = `Rehearse the loss of an elector or of a root CA, day by day, before it happens.

${[
  'Plays a recovery with real keys, real encodings, the trust engine and the verifier: which artefact moves on which day,',
  'what an SCMS component, an EE that got the artefacts and EEs that missed them now accept and refuse, and whether that is',
  'what the truth table of the scenario expects. The same recovery by CTL is played beside the one with ballots.',
].join(' ')}`;

const EXAMPLES = `
Scenarios:
  elector   an elector is revoked and replaced, five days
  root      a root CA certificate is revoked and replaced, six days
  FILE      a scenario document (JSON) of your own; docs/rehearsal.md says how to write one

Examples:
  scms-verify rehearse root --html root.html
  scms-verify rehearse elector --format ndjson | jq 'select(.expected != .got)'
  scms-verify rehearse my-region.json

Exit status: 0 if every answer is as expected, 1 if any is not (a line for each), 2 for a wrong command line,
3 for a scenario that cannot be read.`;

/** `scms-verify rehearse` */
export function addRehearse(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  program
    .command('rehearse')
    .summary('play the recovery from a lost elector or root, day by day')
    .description(DESCRIPTION)
    .argument('<SCENARIO>', 'elector, root, or a scenario document')
    .option('--html <FILE>', 'write a report to look at')
    .addOption(new Option('--format <F>', 'output (default: table on a terminal, ndjson otherwise)').choices(FORMATS))
    .option('--seed <S>', 'every key and byte follows from it', 'rehearsal')
    .addHelpText('after', EXAMPLES)
    .action((scenario: string, flags: RehearseFlags) =>
      run(import('./rehearse.ts').then(({ rehearse }) => rehearse(scenario, flags))),
    );
}
