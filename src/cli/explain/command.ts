import { type Command, Option } from 'commander';
import { EXIT_HELP, INPUT_HELP, VALUES_HELP } from '../shared/help.ts';
import { addVerifyOptions } from '../shared/options.ts';
import { RELEVANCE_HELP } from '../shared/relevance-options.ts';
import type { ExplainFlags } from './explain.ts';

const DESCRIPTION = `Explain the verdicts on certificates and signed messages: every rule, what it compared, and what came of it.

${[
  'For each item: the certificates tried, the chain up to its anchor, what the CRLs say of it, and all rules in the order of',
  'verification with their clauses. Rules that the verdict did not need are checked too, and marked. The content decides',
  'whether an item is a certificate or a message. Items are explained in their place: earlier messages teach signers.',
].join(' ')}`;

const EXAMPLES = `
Examples (demo --out writes such files):
  why a message is not valid
    scms-verify explain message.oer --root root.oer --ca chain.oer --at 2024-01-02
  the rules that failed, of every item
    scms-verify explain rsu-log.gz --root root.oer --ca chain.oer --format ndjson | jq -c '.rules[] | select(.outcome == "failed")'`;

/** `scms-verify explain` */
export function addExplain(program: Command, run: (status: Promise<number>) => Promise<void>): void {
  const command = program
    .command('explain')
    .summary('explain verdicts, rule by rule')
    .description(DESCRIPTION)
    .argument('[FILE...]', 'files, directories, or - for standard input');
  const format = new Option('--format <F>', 'output: text, json (one list) or ndjson (default: text)').choices([
    'text',
    'json',
    'ndjson',
  ]);
  addVerifyOptions(command, format)
    .addHelpText('after', `${EXAMPLES}\n${RELEVANCE_HELP}\n${VALUES_HELP}\n${INPUT_HELP}\n${EXIT_HELP}`)
    .action((files: string[], flags: ExplainFlags) =>
      run(import('./explain.ts').then(({ explainItems }) => explainItems(files, flags))),
    );
}
