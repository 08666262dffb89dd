/** The table of docs/rehearsal.md that shows each sentence of the source text by answers of the two recoveries. */
import { builtInScenario } from '../../dist/src/rehearsal/index.js';

const [START, END] = ['<!-- Written by `npm run docs`: sentences -->', '<!-- end of sentences -->'];

/** The page with its table written anew. */
export function withSentences(page) {
  const [before, rest = ''] = page.split(START);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`docs/rehearsal.md lacks '${START}' or '${END}'`);
  const tables = ['elector', 'root'].map(sentenceTable).join('\n\n');
  return `${before}${START}\n${tables}\n${END}${after}`;
}

function sentenceTable(name) {
  const [ballots, ctl] = [builtInScenario(name), builtInScenario(`${name}-ctl`)];
  const lines = ballots.days.flatMap(({ sentences }, d) =>
    sentences.map((sentence, s) => {
      const other = ctl.days[d].sentences[s];
      const shown = [shownBy(ballots, d + 1, sentence), shownBy(ctl, d + 1, other)];
      return `| ${name} ${d + 1}.${s + 1} | ${sentence.says} | ${shown.join(' | ')} |`;
    }),
  );
  return ['| sentence | in our words | shown with ballots | shown by CTL |', '|---|---|---|---|', ...lines].join('\n');
}

/** The rows of the truth table that show a sentence, with the answers that they must give on that day. */
function shownBy({ expect }, day, { shown, note }) {
  const rows = shown.map(({ object, parties }) => {
    const answers = new Map();
    for (const party of parties) {
      const row = expect.find((one) => one.object === object && one.parties.includes(party));
      const value = row.values?.[day - 1];
      const answer = `${row.cells[day - 1]}${value ? ` ${value}` : ''}`;
      answers.set(answer, [...(answers.get(answer) ?? []), party]);
    }
    const said = [...answers].map(([answer, who]) => (who.includes('*') ? answer : `${who.join(' ')} ${answer}`));
    return `${object}: ${said.join(', ')}`;
  });
  return [...rows, ...(note === undefined ? [] : [note])].join('<br>');
}
