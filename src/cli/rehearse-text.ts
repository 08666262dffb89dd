/** A rehearsal as text, for people: what happens on each day, then the truth table. At most 110 columns. */
import type { Cell, Change, DayResult, Move, PartyDay, RehearsalResult } from '../rehearsal/index.ts';
import { type Paint, printable } from './terminal.ts';

const WIDTH = 110;
const LABEL_WIDTH = 11;
const CELL_WIDTH = 4;
/** Days side by side; a longer scenario has several tables. */
const MOST_DAYS = 8;

export function rehearsalText(result: RehearsalResult, paint: Paint): string {
  const { scenario, days, summary } = result;
  const form = scenario.form === 'ctl' ? 'by CTL' : 'with ballots';
  const lines = [
    paint('bold', printable(`${scenario.title} (${scenario.name}, ${form})`)),
    ...wrapped('', printable(scenario.summary)),
    '',
    ...days.flatMap((day) => dayLines(day, paint)),
    ...tableLines(result, paint),
    ...absentLines(result),
    '',
    countLine(summary, paint),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function countLine({ cells, matched }: RehearsalResult['summary'], paint: Paint): string {
  const text = `${matched} of ${cells} answers are as expected`;
  return paint(matched === cells ? 'green' : 'red', text);
}

// ------------------------------------------------------------------------------------------------------------- a day

function dayLines(day: DayResult, paint: Paint): string[] {
  return [
    paint('bold', printable(`Day ${day.day}: ${day.title}`)) + paint('dim', `  ${day.at}`),
    ...wrapped('', printable(day.text)),
    ...(day.moves.length > 0 ? day.moves.flatMap(moveLines) : wrapped('moves', 'nothing')),
    ...day.parties.flatMap((party) => partyLines(party, day.changes)),
    '',
  ];
}

function moveLines({ artefact, from, to, missedBy, why, contents, octets }: Move): string[] {
  const missed = missedBy.length > 0 ? `; missed by ${missedBy.join(' ')}` : '';
  return [
    ...wrapped(
      'moves',
      printable(`${artefact}, ${octets} octets, ${from} -> ${to.join(' ') || 'nobody'}${missed}: ${why}`),
    ),
    ...contents.flatMap((part) => wrapped('', printable(`- ${part}`))),
  ];
}

function partyLines({ party, state, tallies }: PartyDay, changes: readonly Change[]): string[] {
  const names = (list: readonly { readonly name: string }[]): string =>
    list.map(({ name }) => name).join(' ') || 'none';
  const facts = [
    `electors ${names(state.electors)} (${state.quorum} decide)`,
    `roots ${names(state.roots)}`,
    ...(state.tombstones.length > 0 ? [`removed ${names(state.tombstones)}`] : []),
    ...(state.pending.length > 0 ? [`waiting ${state.pending.map(({ what }) => what).join(', ')}`] : []),
    ...(state.flags.length > 0 ? [state.flags.join(' ')] : []),
    ...(state.maySend === null ? [] : [state.maySend ? 'may send' : 'may not send']),
  ];
  const own = changes.filter((change) => change.party === party && change.what === 'object');
  return [
    ...wrapped(party, printable(facts.join('; '))),
    ...tallies.flatMap((tally) => wrapped('', printable(`* ${tallyText(tally)}`))),
    ...own.flatMap(({ item, before, after }) => wrapped('', printable(`~ ${item}: ${before} -> ${after}`))),
  ];
}

function tallyText({ artefact, proposition, decision, code, counted, needed, votes }: PartyDay['tallies'][0]): string {
  const each = votes.map((vote) => (vote.counted ? vote.voter : `${vote.voter} (${vote.code})`)).join(' ');
  return `${proposition} in ${artefact}: ${decision} ${code}; ${counted} of ${needed} needed: ${each}`;
}

// -------------------------------------------------------------------------------------------------------- truth table

function tableLines(result: RehearsalResult, paint: Paint): string[] {
  const { days } = result;
  const blocks = Math.ceil(days.length / MOST_DAYS);
  return Array.from({ length: blocks }, (_, i) => days.slice(i * MOST_DAYS, (i + 1) * MOST_DAYS)).flatMap((some) =>
    blockLines(result, some, paint),
  );
}

function blockLines({ rows }: RehearsalResult, days: readonly DayResult[], paint: Paint): string[] {
  const partyWidth = Math.max(5, ...rows.map(({ party }) => party.length));
  const objectWidth = WIDTH - partyWidth - 1 - days.length * (CELL_WIDTH + 1);
  const line = (object: string, party: string, cells: readonly string[]): string =>
    [cut(object, objectWidth).padEnd(objectWidth), party.padEnd(partyWidth), ...cells].join(' ').trimEnd();
  const cells = days.flatMap((day) => day.cells);
  const head = days.map(({ day }) => `D${day}`.padEnd(CELL_WIDTH));
  const lines = [paint('bold', line('object', 'party', head))];
  let table: string | null | undefined;
  for (const row of rows) {
    if (row.table !== table) lines.push(paint('dim', row.table === null ? 'beyond the tables' : `table ${row.table}`));
    table = row.table;
    const own = cells.filter((cell) => cell.row === row.row);
    const answers = own.map((cell) => answerText(cell, paint));
    lines.push(line(printable(row.object), printable(row.party), answers), ...valueLines(own));
  }
  return lines;
}

function answerText({ got, expected, matched }: Cell, paint: Paint): string {
  if (matched) return got.padEnd(CELL_WIDTH);
  return paint('red', `${got}!${expected}`.padEnd(CELL_WIDTH));
}

/** Answers that are more than yes or no, where there are any: one line, days apart by bars. */
function valueLines(cells: readonly Cell[]): string[] {
  if (cells.every(({ value, expectedValue }) => value === undefined || expectedValue === undefined)) return [];
  return wrapped('', printable(`= ${cells.map(({ value }) => value ?? '-').join(' | ')}`));
}

function absentLines({ scenario }: RehearsalResult): string[] {
  if (scenario.absent.length === 0) return [];
  return [
    '',
    'Not in this form:',
    ...scenario.absent.flatMap(({ object, why }) => wrapped('', printable(`- ${object}: ${why}`))),
  ];
}

/** A line on standard error for each answer that was not expected. */
export function deviationText({
  scenario,
  day,
  party,
  object,
  expected,
  expectedValue,
  got,
  value,
  code,
  why,
}: Cell): string {
  const wanted = [expected, ...(expectedValue === undefined ? [] : [expectedValue])].join(' ');
  const answer = [got, ...(value === undefined ? [] : [value])].join(' ');
  return printable(`${scenario}, day ${day}, ${party}, ${object}: expected ${wanted}, got ${answer} (${code}: ${why})`);
}

// --------------------------------------------------------------------------------------------------------------- text

/** Text at a label, broken between words; a word longer than the line stands by itself. */
function wrapped(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && LABEL_WIDTH + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  const indent = ' '.repeat(LABEL_WIDTH);
  const [first = '', ...more] = lines;
  const rest = more.map((one) => indent + one);
  // A long label has a line of its own.
  if (label.length >= LABEL_WIDTH) return [label, indent + first, ...rest];
  return [label.padEnd(LABEL_WIDTH) + first, ...rest];
}

function cut(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
}
