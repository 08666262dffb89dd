import { describe, expect, it, vi } from 'vitest';
import {
  BUILT_IN,
  builtInScenario,
  type CachedCrl,
  type PartyDay,
  play,
  purgeable,
  type RehearsalResult,
  scenarioBeside,
} from '../../src/rehearsal/index.ts';
import { cellsOf, played } from './played.ts';

vi.setConfig({ testTimeout: 240_000 });

/** Cells of the tables, as counted by hand: rows for each party and object, times days. */
const CELLS = { 'C.1': 47 * 5, 'C.2': 37 * 6 } as const;

describe.each(BUILT_IN)('rehearsal %s', (name) => {
  it('matches every answer of its truth table', async () => {
    const { summary } = await played(name);
    expect(summary.deviations).toEqual([]);
    expect(summary.matched).toBe(summary.cells);
  });

  it('has one cell for each row and day', async () => {
    const result = await played(name);
    const cells = cellsOf(result);
    expect(cells).toHaveLength(result.rows.length * result.days.length);
    expect(new Set(cells.map(({ day, party, object }) => `${day} ${party} ${object}`)).size).toBe(cells.length);
    expect(result.summary.cells).toBe(cells.length);
  });

  it('survives JSON unchanged', async () => {
    const result = await played(name);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe('rehearsals of the two recoveries', () => {
  it('cover the whole of C.1 and C.2', async () => {
    const [elector, root] = [await played('elector'), await played('root')];
    expect(elector.summary.tables).toContainEqual({ table: 'C.1', cells: CELLS['C.1'], matched: CELLS['C.1'] });
    expect(root.summary.tables).toContainEqual({ table: 'C.2', cells: CELLS['C.2'], matched: CELLS['C.2'] });
  });

  it('give the same octets for the same seed, and other ones for another', async () => {
    const first = JSON.stringify(await played('elector'));
    expect(JSON.stringify(await play(builtInScenario('elector')))).toBe(first);
    const other = await play(builtInScenario('elector'), { seed: 'another' });
    expect(other.summary.deviations).toEqual([]);
    const hashes = ({ days }: RehearsalResult): string[] =>
      days.flatMap(({ moves }) => moves.map(({ sha256 }) => sha256));
    expect(hashes(other)).toHaveLength(9);
    expect(hashes(other).filter((hash) => first.includes(hash))).toEqual([]);
  });

  it('answer the same whatever is expected', async () => {
    const scenario = builtInScenario('root');
    const expectNothing = scenario.expect.map(({ values: _values, ...row }) => ({
      ...row,
      cells: row.cells.map(() => '-' as const),
    }));
    const result = await play({ ...scenario, expect: expectNothing });
    const answers = (of: RehearsalResult): string[] =>
      cellsOf(of).map(({ got, code, why, value }) => [got, code, why, value].join(' '));
    expect(answers(result)).toEqual(answers(await played('root')));
    expect(result.summary.matched).toBe(cellsOf(result).filter(({ got }) => got === '-').length);
  });

  it('drop cached CRLs when K11 says so, and not before', async () => {
    const { days } = await played('root');
    const linesOf = ({ state }: PartyDay): CachedCrl[] =>
      state.crls.map(({ root, series, issueDate }) => ({ id: issueDate, root, crlSeries: series }));
    let dropped = 0;
    for (const [i, day] of days.entries()) {
      for (const after of day.parties) {
        const before = days[i - 1]?.parties.find(({ party }) => party === after.party);
        // A device that was erased has no cache.
        if (before === undefined || day.moves.some(({ kind, to }) => kind === 'enrolment' && to.includes(after.party)))
          continue;
        const removed = new Set(after.state.tombstones.map(({ name }) => name));
        const gone = linesOf(before).filter(({ root, crlSeries }) => {
          return !linesOf(after).some((line) => line.root === root && line.crlSeries === crlSeries);
        });
        expect(gone, `day ${day.day}, ${after.party}`).toEqual(purgeable(linesOf(before), removed, linesOf(after)));
        dropped += gone.length;
      }
    }
    expect(dropped).toBeGreaterThan(0);
  });

  it('play the CTL form beside the ballots', async () => {
    const scenario = builtInScenario('elector');
    const beside = scenarioBeside(scenario);
    expect(beside?.name).toBe('elector-ctl');
    expect(scenarioBeside(builtInScenario('root'))?.name).toBe('root-ctl');
    const result = await play(scenario, beside ? { beside } : {});
    expect(result.beside?.scenario.form).toBe('ctl');
    expect(result.beside?.summary.deviations).toEqual([]);
    expect(result.beside?.scenario.absent.length).toBeGreaterThan(0);
    expect(result.beside?.beside).toBeNull();
  });

  it('say what moves, and what every party is left with', async () => {
    const { days } = await played('root');
    const [, , , fourth, fifth, sixth] = days;
    const partyOn = (day: typeof fourth, name: string) => day?.parties.find(({ party }) => party === name);
    expect(partyOn(fourth, 'EU')?.state).toMatchObject({ roots: [], flags: ['NO_ROOT'], maySend: false, policy: null });
    expect(partyOn(fourth, 'EU')?.state.tombstones.map(({ name }) => name)).toEqual(['R1']);
    expect(partyOn(fourth, 'SC')?.state.roots.map(({ name }) => name)).toEqual(['R2']);
    expect(partyOn(fourth, 'EO')?.missed).toContain('crl-4');
    // C.3, K11: what the cache held stays until a CRL of the new line was validated.
    expect(partyOn(fifth, 'EU')?.state.crls.map(({ root }) => root)).toEqual(['R1', 'R1']);
    expect(partyOn(fourth, 'SC')?.state.crls.map(({ root }) => root)).toEqual(['R2', 'R2']);
    expect(partyOn(sixth, 'EU')?.state).toMatchObject({ enrolledUnder: 'R2', maySend: true });
    expect(partyOn(sixth, 'EO')?.state.flags).toContain('STALE');
    expect(fifth?.moves.flatMap(({ contents }) => contents)).toContain(
      'CRL signed by R2/crlg, series 1: obe-continued (K4), obe-refused (K5), obe-short (K4)',
    );
  });

  it('draw the trust of every day as each party sees it', async () => {
    const { days } = await played('elector');
    for (const { day, parties } of days) {
      for (const { party, topology } of parties) {
        const ids = topology.nodes.map(({ id }) => id);
        expect(new Set(ids).size, `day ${day}, ${party}`).toBe(ids.length);
        for (const { from, to } of topology.edges) {
          expect(ids).toContain(from);
          expect(ids).toContain(to);
        }
      }
    }
    const seen = (day: number, name: string, id: string): string | undefined =>
      days[day - 1]?.parties.find(({ party }) => party === name)?.topology.nodes.find((node) => node.id === id)?.state;
    expect([1, 2, 3, 4, 5].map((day) => seen(day, 'SC', 'elector:A'))).toEqual([
      'trusted',
      'revoked',
      'revoked',
      'revoked',
      'revoked',
    ]);
    expect([1, 2, 3, 4, 5].map((day) => seen(day, 'SC', 'elector:B'))).toEqual([
      'trusted',
      'degraded',
      'degraded',
      'trusted',
      'trusted',
    ]);
    expect(seen(4, 'EO', 'elector:D')).toBe('unknown');
    expect(seen(5, 'EO-gccf', 'elector:D')).toBe('trusted');
    expect(seen(5, 'EO-gccf', 'elector:A')).toBe('trusted');
    expect(seen(5, 'EO', 'ee:EU')).toBe('trusted');
  });
});
