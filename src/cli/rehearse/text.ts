/** A rehearsal as text, for people: what happens on each day, then the truth table. At most 110 columns. */
import type {
  Cell,
  Change,
  DayEvent,
  DayResult,
  Move,
  PartyDay,
  RehearsalResult,
  ResetResult,
  SentenceResult,
} from '../../rehearsal/index.ts';
import { type Paint, printable } from '../shared/terminal.ts';

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
  const title = printable(`Day ${day.day}: ${day.title}`);
  const at = paint('dim', day.at);
  const isShort = title.length + 2 + day.at.length <= WIDTH;
  return [
    ...(isShort ? [`${paint('bold', title)}  ${at}`] : [paint('bold', title), ' '.repeat(LABEL_WIDTH) + at]),
    ...wrapped('', printable(day.text)),
    ...day.sentences.flatMap((sentence) => sentenceLines(day.day, sentence)),
    ...eventLines(day),
    ...day.resets.flatMap(resetLines),
    ...day.parties.flatMap((party) => partyLines(party, day.changes)),
    '',
  ];
}

/** A sentence of the source text, and how many of the answers that show it are as expected. */
function sentenceLines(day: number, { ordinal, says, shown, note }: SentenceResult): string[] {
  const matched = shown.filter((cell) => cell.matched).length;
  const count = shown.length === 0 ? (note ?? '') : `${matched} of ${shown.length} answers show it`;
  return wrapped(`${day}.${ordinal}`, printable(`${says} (${count})`));
}

/** What happens, in its order: artefacts that move, each with its contents where it comes first, and everything else. */
function eventLines({ events, moves }: DayResult): string[] {
  const left = [...moves];
  const told = new Set<string>();
  const lines = events.flatMap((event) => {
    const move = event.kind === 'moved' ? left.shift() : undefined;
    if (move === undefined) return otherEventLines(event);
    const isNew = !told.has(move.artefact);
    told.add(move.artefact);
    return moveLines(isNew ? move : { ...move, contents: [] });
  });
  return moves.length > 0 ? lines : [...lines, ...wrapped('moves', 'nothing')];
}

function otherEventLines({ kind, name, from, to, code, why, contents }: DayEvent): string[] {
  const route = [from, ...(to.length > 0 ? [to.join(' ')] : [])].filter((one) => one !== null).join(' -> ');
  const says = [name, ...(route === '' ? [] : [route])].join(', ');
  const reason = [...(code === 'OK' ? [] : [code]), ...(why === '' ? [] : [why])].join(': ');
  return [
    ...wrapped(EVENT_LABELS[kind], printable(reason === '' ? says : `${says}: ${reason}`)),
    ...contents.flatMap((part) => wrapped('', printable(`- ${part}`))),
  ];
}

const EVENT_LABELS: Readonly<Record<DayEvent['kind'], string>> = {
  made: 'made',
  moved: 'moves',
  withheld: 'withheld',
  authenticated: 'accepted',
  refused: 'refused',
};

/** What a reset of CRLs did with everything that is revoked, by K1–K12. */
function resetLines({ artefact, root, entries, crls }: ResetResult): string[] {
  return [
    ...wrapped('CRL reset', printable(`in ${artefact}, below ${root}`)),
    ...entries.flatMap(({ name, kind, action, rule, why, series, seeds }) => {
      const place = series === null ? '' : `, series ${series}`;
      const period = seeds === null ? '' : `, seeds of period ${seeds.now}`;
      return wrapped('', printable(`- ${name} (${kind}): ${action} ${rule}${place}${period}: ${why}`));
    }),
    ...crls.flatMap(({ series, entries: listed }) =>
      wrapped('', printable(`- series ${series}: ${listed.join(', ') || 'empty, and issued all the same (K10)'}`)),
    ),
  ];
}

function moveLines({ artefact, from, to, missedBy, why, contents, octets, local }: Move): string[] {
  const form = local === null ? '' : ` (for EEs the local chain file of their RA, ${local.octets} bytes)`;
  const missed = missedBy.length > 0 ? `; missed by ${missedBy.join(' ')}` : '';
  return [
    ...wrapped(
      'moves',
      printable(`${artefact}, ${octets} bytes${form}, ${from} -> ${to.join(' ') || 'no party'}${missed}: ${why}`),
    ),
    ...contents.flatMap((part) => wrapped('', printable(`- ${part}`))),
  ];
}

function partyLines({ party, state, tallies, notes }: PartyDay, changes: readonly Change[]): string[] {
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
    ...notes.flatMap((note) => wrapped('', printable(`! ${note}`))),
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

/** Answers that are more than yes or no, if any: one line, days apart by bars. */
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
export function deviationText(cell: Cell): string {
  const { scenario, day, party, object, code, why, expectedValue, expectedDecision, expectedVerdict } = cell;
  const said = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(' ');
  const wanted = said([cell.expected, expectedValue, expectedDecision, expectedVerdict]);
  const decision = expectedDecision === undefined ? undefined : cell.decision;
  const verdict = expectedVerdict === undefined ? undefined : cell.verdict;
  const answer = said([cell.got, cell.value, decision, verdict]);
  return printable(`${scenario}, day ${day}, ${party}, ${object}: expected ${wanted}, got ${answer} (${code}: ${why})`);
}

// --------------------------------------------------------------------------------------------------------------- text

/** Text at a label, broken between words; a word longer than the line gets a line of its own. */
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
