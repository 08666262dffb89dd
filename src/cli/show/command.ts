import { type Command, Option } from 'commander';
import { INPUT_FORMATS, INPUT_HELP } from '../shared/help.ts';
import { SHOW_FORMATS, type ShowFlags } from '../shared/show-formats.ts';

const DESCRIPTION = `Show what is in certificates, messages and local chain files.

${[
  'As a tree, each field has its offset, its bytes and their meaning; if bytes do not decode, the tree',
  'goes up to there and the offending byte is named. Nothing is verified: no signature, no chain, no time.',
].join(' ')}`;

const EXAMPLES = `
Examples:
  scms-verify show message.oer --format tree | less
  scms-verify show pca.oer ica.oer --format json | jq '.[].hashedId8'
  echo 0381… | scms-verify show -
  scms-verify show rxMsg.gz --format ndjson | jq -r .generationTime`;

const SHOW_EXIT_HELP = `
Exit status:
  0  everything decodes      1  something does not      2  the command line is wrong
  3  input could not be read                            5  internal failure`;

/** `scms-verify show` */
export function addShow(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  program
    .command('show')
    .summary('print any structure as JSON or as an annotated hex tree')
    .description(DESCRIPTION)
    .argument('<FILE...>', 'files, directories, or - for standard input')
    .addOption(
      new Option(
        '--format <F>',
        'tree, json (one list) or ndjson (default: tree on a terminal, json otherwise)',
      ).choices(SHOW_FORMATS),
    )
    .addOption(new Option('--input-format <F>', 'what the input is').choices(INPUT_FORMATS))
    .addHelpText('after', `${EXAMPLES}\n${INPUT_HELP}\n${SHOW_EXIT_HELP}`)
    .action((files: string[], flags: ShowFlags) => run(import('./show.ts').then(({ show }) => show(files, flags))));
}
