/** The scenario documents against the truth tables that they were copied from, cell by cell. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInScenario, type Expectation, type ExpectationDocument } from '../../src/rehearsal/index.ts';
import { vectorsDir } from '../support/vectors.ts';

const FILE = join(vectorsDir() ?? '', '..', 'ROOT-MANAGEMENT.md');

interface TableRow {
  readonly object: string;
  readonly party: string;
  readonly cells: readonly string[];
}

/** Rows of the table under a heading; an empty first column repeats the one above. */
function tableUnder(heading: string, days: number): TableRow[] {
  const [, section = ''] = readFileSync(FILE, 'utf8').split(`### ${heading} `);
  const lines =
    section
      .split('\n### ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  let above = '';
  return lines.slice(2).map((line) => {
    const columns = line
      .split('|')
      .slice(1, -1)
      .map((column) => column.trim());
    above = columns[0] || above;
    return { object: above, party: columns[1] as string, cells: columns.slice(2, 2 + days) };
  });
}

/** What a cell of the table says: the start of its text counts. `d` is read as Y, if the file reaches the EE. */
function readingOf(text: string, before: Expectation): Expectation {
  if (text === 'same') return before;
  if (text.startsWith('noop')) return 'noop';
  if (text.startsWith('valid; PENDING')) return 'pending';
  // The device that is not stale by then is a party of its own.
  if (text === 'Y/STALE') return 'N';
  if (text === 'd' || text.startsWith('d:')) return 'Y';
  const [letter] = /^[YN-]/.exec(text) ?? [];
  return (letter ?? 'Y') as Expectation;
}

function readingsOf(cells: readonly string[]): Expectation[] {
  const readings: Expectation[] = [];
  for (const cell of cells) readings.push(readingOf(cell, readings.at(-1) ?? '-'));
  return readings;
}

/** A row of a table as it should stand in the document. */
interface Wanted {
  readonly object: string;
  readonly party: string;
  readonly cells: readonly Expectation[];
}

/** Which parties and objects of the document a row of the table is about; its cells are those of the row unless it says which. */
interface Reading {
  readonly objects?: readonly string[];
  readonly parties: readonly string[];
  /** Of cells that say several things. */
  readonly pick?: (cell: string, part: number) => string;
  /** Cells are about objects, or about parties. */
  readonly by?: 'object' | 'party';
}

const ALL = ['SC', 'EU', 'EO'];
const nth = (cell: string, part: number): string => cell.split(' ')[part] as string;

const C1: Readonly<Record<string, Reading>> = {
  'Pseudonym/enrollment/component certs under R1, BSMs | SC EU EO': {
    objects: [
      'Pseudonym certificates under R1',
      'Enrolment certificates under R1',
      'Component certificates under R1',
      'BSMs under R1',
    ],
    parties: ALL,
    pick: nth,
    by: 'party',
  },
  'Vote by A | SC': { parties: ['SC'] },
  'Vote by A | EU': { parties: ['EU'] },
  'Vote by A | EO': { parties: ['EO'] },
  'Vote by B, C | all': { objects: ['Vote by B', 'Vote by C'], parties: ALL },
  'Vote by D | SC/EU': { parties: ['SC', 'EU'] },
  'Vote by D | EO (no new GCCF)': { parties: ['EO'] },
  'Vote by D | EO (new GCCF, not CRL)': { parties: ['EO-gccf'] },
  'Ballot removeElector(A){B,C} | all who see it': { parties: ['SC', 'EU'] },
  'Ballot removeElector(A){A,B} | all': { parties: ALL },
  'Ballot {A,B} on anything | SC/EU': { parties: ['SC', 'EU'] },
  'Ballot {A,B} on anything | EO': { parties: ['EO'] },
  'Ballot {A,D} on anything | SC/EU': { parties: ['SC', 'EU'] },
  'Ballot {A,D} on anything | EO (new GCCF, not CRL)': { parties: ['EO-gccf'] },
  'Ballot {A,D} on anything | EO (neither)': { parties: ['EO'] },
  'Ballot {B,D} | SC/EU': { objects: ['Ballot {B,D} on anything'], parties: ['SC', 'EU'] },
  'Ballot {B,D} | EO (no GCCF)': { objects: ['Ballot {B,D} on anything'], parties: ['EO'] },
  'Root R1 endorsement set in GCCF | ': { parties: ['SC'] },
  'R1 still >= q endorsed | ': { parties: ['SC'] },
  'CRL by CRLG under R1 | all': { parties: ALL },
  'Electors trusted / tolerance left | SC': { parties: ['SC'] },
  'Artefact that moves | ': { parties: ['*'], pick: (cell) => (cell === 'none' ? 'N' : 'Y') },
};

const policyOf = (cell: string, part: number): string => {
  const slash = cell.lastIndexOf('/');
  return part === 0 ? cell.slice(0, slash) : cell.slice(slash + 1);
};

const C2: Readonly<Record<string, Reading>> = {
  'R1 trusted | SC': { parties: ['SC'] },
  'R1 trusted | EU': { parties: ['EU'] },
  'R1 trusted | EO': { parties: ['EO'] },
  'R2 trusted | SC': { parties: ['SC'] },
  'R2 trusted | EU': { parties: ['EU'] },
  'R2 trusted | EO': { parties: ['EO'] },
  'addRoot(R2){q votes} if seen early | all': { parties: ALL },
  'removeRoot(R1){q votes} | SC, EU': { parties: ['SC', 'EU'] },
  'Pseudonym under R1 | SC': { parties: ['SC'] },
  'Pseudonym under R1 | EU': { parties: ['EU'] },
  'Pseudonym under R1 | EO': { parties: ['EO'] },
  'Enrollment under R1 at RA | SC': { parties: ['SC'] },
  "Component certs under R2 (ICA', ECA', PCA', RA', LA', MA', CRLG', PG') | SC": {
    objects: ['Component certs under R2'],
    parties: ['SC'],
  },
  "Component certs under R2 (ICA', ECA', PCA', RA', LA', MA', CRLG', PG') | EU": {
    objects: ['Component certs under R2'],
    parties: ['EU'],
  },
  'Pseudonym / enrollment under R2 | EU': { objects: ['Pseudonym under R2', 'Enrolment under R2'], parties: ['EU'] },
  'Pseudonym / enrollment under R2 | EO': { objects: ['Pseudonym under R2', 'Enrolment under R2'], parties: ['EO'] },
  'CRL by CRLG under R1 | SC, EU': { parties: ['SC', 'EU'] },
  "CRL by CRLG' under R2 | SC": { parties: ['SC'] },
  "CRL by CRLG' under R2 | EU": { parties: ['EU'] },
  'Ballots inside composite CRL | all': { parties: ALL },
  'GCCF old tree | SC': { parties: ['SC'] },
  'GCCF new tree | SC': { parties: ['SC'] },
  'GCCF new tree | EU': { parties: ['EU'] },
  "Policy signed by PG (R1) / PG' (R2), EU | ": {
    objects: ['Policy signed by PG (R1)', "Policy signed by PG' (R2)"],
    parties: ['EU'],
    pick: policyOf,
    by: 'object',
  },
  'EE may send | EU': { parties: ['EU'] },
  'EE may send | EO': { parties: ['EO'] },
  'System state for EEs | ': { parties: ['*'], pick: (cell) => (cell === 'works' ? 'Y' : 'N') },
  'Artefact that moves | ': { parties: ['*'], pick: (cell) => (cell === 'none' ? 'N' : 'Y') },
};

function wantedOf(rows: readonly TableRow[], readings: Readonly<Record<string, Reading>>): Wanted[] {
  return rows.flatMap(({ object, party, cells }) => {
    const reading = readings[`${object} | ${party}`];
    if (reading === undefined) throw new Error(`nobody says what the row '${object} | ${party}' means`);
    const { objects = [object], parties, pick = (cell) => cell, by } = reading;
    return objects.flatMap((one, o) =>
      parties.map((name, p) => ({
        object: one,
        party: name,
        cells: readingsOf(cells.map((cell) => pick(cell, by === 'party' ? p : o))),
      })),
    );
  });
}

const keyOf = ({ object, party }: Pick<Wanted, 'object' | 'party'>): string => `${object} | ${party}`;

/** The tables only say N where the scenario says which verdict it must be. */
const asTabled = (cell: Expectation): Expectation => (cell === 'invalid' || cell === 'undecided' ? 'N' : cell);

function documentRows(expect: readonly ExpectationDocument[], table: string): Wanted[] {
  return expect
    .filter((row) => row.table === table)
    .flatMap(({ object, parties, cells }) => parties.map((party) => ({ object, party, cells: cells.map(asTabled) })));
}

const TABLES = [
  { scenario: 'elector', table: 'C.1', days: 5, readings: C1 },
  { scenario: 'root', table: 'C.2', days: 6, readings: C2 },
] as const;

describe.skipIf(!existsSync(FILE))('truth tables', () => {
  it.each(TABLES)('$table stands in $scenario.json, row by row', ({ scenario, table, days, readings }) => {
    const rows = tableUnder(table, days);
    expect(rows).toHaveLength(Object.keys(readings).length);
    const wanted = wantedOf(rows, readings);
    const written = documentRows(builtInScenario(scenario).expect, table);
    const lines = (list: readonly Wanted[]): string[] =>
      list.map((row) => `${keyOf(row)}: ${row.cells.join(' ')}`).sort();
    expect(lines(written)).toEqual(lines(wanted));
  });

  it('words of cells that say more are kept', () => {
    const words = ({ expect }: { readonly expect: readonly ExpectationDocument[] }): (string | null)[] =>
      expect.flatMap(({ texts = [] }) => texts);
    expect(words(builtInScenario('root'))).toContain('N once stale');
    expect(words(builtInScenario('elector'))).toContain('Y (half-updated device: the dangerous state)');
  });
});
