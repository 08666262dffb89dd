import { type Command, InvalidArgumentError, Option } from 'commander';
import { addRunOptions } from '../shared/options.ts';
import { FORMATS } from '../shared/output.ts';
import { DEFAULT_ITEMS, type DemoFlags } from './flags.ts';

const DESCRIPTION = [
  'See it at work, without any files: makes a small SCMS (root, CAs, devices), then verifies its pseudonym',
  'certificates and the messages of its devices on all threads. A known few are wrong, in every way that the testbed',
  'knows, and every verdict is compared with what it has to be.',
].join(' ');

const EXAMPLES = `
Examples:
  scms-verify demo
  scms-verify demo --items 100000 --threads 1 --kernel scalar
  scms-verify demo --format json | jq .messages.rate
  roots, CAs, CRLs, certificates, messages, votes, and a README.txt with commands that run on them
    scms-verify demo --out demo

Exit status: 0 if every verdict is as expected, 5 if any is not, 2 for a wrong command line or a directory that is
not empty, 3 if that cannot be written to, 130 after Ctrl-C, 143 after SIGTERM.`;

const MOST_ITEMS = 1_000_000;

function itemsOption(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_ITEMS) {
    throw new InvalidArgumentError(`a number from 1 to ${MOST_ITEMS}.`);
  }
  return value;
}

/** `scms-verify demo`, which is also `npm start`. */
export function addDemo(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  const command = program
    .command('demo')
    .summary('make a small SCMS, verify 20,000 items of it, check every verdict')
    .description(DESCRIPTION)
    .option(
      '--items <N>',
      `how many certificates, and how many messages (default: ${DEFAULT_ITEMS}; of --out: messages, 120)`,
      itemsOption,
    )
    .option('--seed <S>', 'everything made follows from it', 'demo')
    .option('--out <DIR>', 'write the files of a small SCMS, to try every command on, instead')
    .option('--force', 'with --out: write into a directory that is not empty');
  addRunOptions(command, new Option('--format <F>', 'output').choices(FORMATS).default('table'))
    .addHelpText('after', EXAMPLES)
    .action((flags: DemoFlags) => run(import('./demo.ts').then(({ demo }) => demo(flags))));
}
