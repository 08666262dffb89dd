import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import {
  BUILT_IN,
  builtInScenario,
  checkScenario,
  parseScenario,
  play,
  ScenarioError,
} from '../../src/rehearsal/index.ts';

vi.setConfig({ testTimeout: 240_000 });

/** The scenario that the documentation shows. */
function documented(): string {
  const page = readFileSync(new URL('../../docs/rehearsal.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  return json;
}

type Json = Record<string, unknown>;

/** The documented scenario with one place changed; a path as complaints have it, without `$.`. */
function changed(path: string, value: unknown): Json {
  const document = JSON.parse(documented()) as Json;
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() as string;
  let at: Json = document;
  for (const key of keys) at = at[key] as Json;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return document;
}

function complaintsOf(document: unknown): string[] {
  try {
    checkScenario(document, 'test.json');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.complaints.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('scenario documents', () => {
  it.each(BUILT_IN)('%s is one', (name) => {
    expect(builtInScenario(name).name).toBe(name);
  });

  it('plays the one of the documentation as it says', async () => {
    const scenario = parseScenario(documented(), 'docs/rehearsal.md');
    const { summary, days } = await play(scenario);
    expect(summary.deviations).toEqual([]);
    expect(summary.cells).toBe(15);
    const [, second] = days;
    expect(second?.moves.map(({ to, missedBy }) => ({ to, missedBy }))).toEqual([{ to: ['SC'], missedBy: ['RSU-7'] }]);
  });

  it('notices an expectation that does not come true', async () => {
    const { summary } = await play(checkScenario(changed('expect[1].cells', ['Y', 'N', 'Y']), 'test.json'));
    expect(summary.deviations.map(({ day, party, expected, got }) => ({ day, party, expected, got }))).toEqual([
      { day: 2, party: 'RSU-7', expected: 'N', got: 'Y' },
    ]);
  });

  it('notices a value that is another', async () => {
    const { summary } = await play(checkScenario(changed('expect[3].values', ['5/2', '4/2', null]), 'test.json'));
    expect(summary.deviations.map(({ day, value }) => ({ day, value }))).toEqual([{ day: 2, value: '4/1' }]);
  });

  it.each<[string, unknown, RegExp]>([
    ['format', 2, /^\$\.format: /],
    ['quorum', '3', /^\$\.quorum: /],
    ['quorum', 6, /^\$\.quorum: quorum 6 of 5 electors can never be reached/],
    ['quorum', 2, /^\$\.quorum: quorum 2 is below the floor: 3 of 5 electors/],
    ['electors', [...'ABCDEFGHIJK'], /^\$\.electors: /],
    ['electors[1]', 'A', /^\$\.electors\[1\]: there is an elector "A" already/],
    ['roots[0]', 'A', /^\$\.roots\[0\]: "A" is an elector already/],
    ['electors[0]', 'a b', /^\$\.electors\[0\]: a name/],
    [
      'parties[1].misses[0]',
      'crl-9',
      /^\$\.parties\[1\]\.misses\[0\]: no artefact "crl-9" by then \(there are: gccf-1, /,
    ],
    ['parties[1].kind', 'car', /^\$\.parties\[1\]\.kind: /],
    [
      'days[1].actions[0].removeElectors[0].votes[2]',
      'F',
      /^\$\.days\[1\]\.actions\[0\]\.removeElectors\[0\]\.votes\[2\]: no elector "F"/,
    ],
    ['days[1].actions[0].removeElectors[0].subject', 'R1', /\.subject: no elector "R1"/],
    ['days[1].actions[0].removeElectors[0].effectiveDay', 4, /\.effectiveDay: day 4 of 3/],
    ['days[1].actions[0].crls[0].root', 'R2', /\.crls\[0\]\.root: no root with components "R2"/],
    ['days[1].actions[0].artefact', 'crl-1', /\.artefact: there is an artefact "crl-1" already/],
    ['days[1].actions[1].to', ['EU'], /^\$\.days\[1\]\.actions\[1\]\.to\[0\]: no party "EU"/],
    ['days[1].actions[0].kind', 'ctl', /^\$\.days\[1\]\.actions\[0\]/],
    ['days[1].actions[0].do', 'explode', /^\$\.days\[1\]\.actions\[0\]\.do: /],
    ['days[1].hours', 1, /^\$\.days\[1\]\.hours: /],
    ['expect', [], /^\$\.expect: .*cannot fail/],
    ['expect[0].cells', ['Y', 'N'], /^\$\.expect\[0\]\.cells: 2 entries for 3 days/],
    ['expect[0].cells[1]', 'maybe', /^\$\.expect\[0\]\.cells\[1\]: /],
    ['expect[0].parties', ['*'], /^\$\.expect\[0\]\.parties\[0\]: "\*"/],
    ['expect[0].parties', ['SC', 'SC'], /"Vote by E" has a row for SC already/],
    ['expect[0].check.by', 'Z', /^\$\.expect\[0\]\.check\.by: no elector "Z"/],
    ['expect[0].check.check', 'guess', /^\$\.expect\[0\]\.check\.check: /],
    [
      'days[2].actions',
      [{ do: 'enrol', parties: ['RSU-7'], root: 'R1', erase: { electors: ['A'] }, why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.erase\.electors: quorum 3 of 1 electors can never be reached/,
    ],
    [
      'days[2].actions',
      [{ do: 'enrol', parties: ['SC'], root: 'R1', why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.parties\[0\]: components do not enrol/,
    ],
    ['parties[1].ra', 'XY', /^\$\.parties\[1\]\.ra: no party "XY"/],
    ['parties[1].ra', 'RSU-7', /^\$\.parties\[1\]\.ra: "RSU-7" is no component/],
    ['parties[0].ra', 'SC', /^\$\.parties\[0\]\.ra: only EEs have an RA/],
    [
      'days[2].actions',
      [{ do: 'forward', by: 'RSU-7', artefacts: ['crl-2'], to: ['SC'], why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.by: "RSU-7" is no component/,
    ],
    [
      'days[2].actions',
      [{ do: 'forward', by: 'SC', artefacts: ['crl-9'], to: ['RSU-7'], why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.artefacts\[0\]: no artefact "crl-9"/,
    ],
    [
      'days[2].actions',
      [{ do: 'download', parties: ['RSU-7'], artefacts: ['gccf-1'], why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.parties\[0\]: "RSU-7" has no "ra" to download from/,
    ],
    [
      'days[2].actions',
      [{ do: 'download', parties: ['SC'], artefacts: ['gccf-1'], why: '' }],
      /^\$\.days\[2\]\.actions\[0\]\.parties\[0\]: components have no RA/,
    ],
    [
      'expect[0].check',
      { check: 'authenticates' },
      /^\$\.expect\[0\]\.parties\[0\]: "SC" has no "ra" to authenticate to/,
    ],
    ['expect[0].check', { check: 'happens', event: 'made', name: 'D' }, /^\$\.expect\[0\]\.parties\[0\]: "SC": "\*"/],
    ['expect[0].check', { check: 'happens', event: 'lost', name: 'D' }, /^\$\.expect\[0\]\.check\.event: /],
    ['expect[0].check', { check: 'reset', name: 'x' }, /^\$\.expect\[0\]\.parties\[0\]: "SC": "\*"/],
    ['expect[0].check', { check: 'equivalent', day: 9, replaced: {} }, /^\$\.expect\[0\]\.check\.day: day 9 of 3/],
    [
      'expect[0].check',
      { check: 'equivalent', day: 1, replaced: { E: 'F' } },
      /^\$\.expect\[0\]\.check\.replaced\.E: no elector "F"/,
    ],
    ['days[0].sentences', [{ says: 'x', shown: [] }], /^\$\.days\[0\]\.sentences\[0\]: shown by no row, and no "note"/],
    [
      'days[0].sentences',
      [{ says: 'x', shown: [{ object: 'Vote by E', parties: ['SC', '*'] }] }],
      /^\$\.days\[0\]\.sentences\[0\]\.shown\[0\]: no row "Vote by E" for \*/,
    ],
    [
      'revoked',
      [{ name: 'x', kind: 'blacklist', root: 'R1', chain: 'ended' }],
      /^\$\.revoked\[0\]\.chain: only linkage/,
    ],
    [
      'revoked',
      [{ name: 'x', kind: 'linkage', root: 'R1', chain: 'ended', refusedEnrolment: true }],
      /^\$\.revoked\[0\]\.refusedEnrolment: the chain has ended/,
    ],
    ['surprise', 1, /^\$\.surprise: /],
    ['days', undefined, /^\$\.days: /],
    ['revoked', [{ name: 'x', kind: 'linkage', root: 'R1' }], /^\$\.revoked\[0\]: linkage entries need "chain"/],
    ['revoked', [{ name: 'x', kind: 'hash', root: 'R1', weeks: 4 }], /^\$\.revoked\[0\]\.weeks: only linkage/],
  ])('names what is wrong with %s = %j', (path, value, complaint) => {
    expect(complaintsOf(changed(path, value))).toContainEqual(expect.stringMatching(complaint));
  });

  it('names all mistakes at once', () => {
    const document = changed('expect[0].check.by', 'Z');
    (document.parties as Json[])[1] = { name: 'RSU-7', title: '', kind: 'rsu', misses: ['nothing'] };
    expect(complaintsOf(document)).toHaveLength(2);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseScenario('{', 'broken.json')).toThrow(/broken\.json: no scenario\n {2}\$: no JSON/);
  });
});
