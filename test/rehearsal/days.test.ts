/** What a day is said to be: votes as they were counted, quorums that are lost, days that compare, verdicts that differ. */
import { describe, expect, it } from 'vitest';
import { equivalenceFinding, happensFinding, resetFinding } from '../../src/rehearsal/day-questions.ts';
import type { ActionDocument, BallotDocument, PartyDay, RehearsalResult, Scenario } from '../../src/rehearsal/index.ts';
import { played } from './played.ts';
import { playOf, quiet } from './support.ts';

const FOUR = ['A', 'B', 'C', 'D'];

function removal(artefact: string, ...removeElectors: BallotDocument[]): ActionDocument[] {
  return [
    { do: 'issue', artefact, kind: 'compositeCrl', removeElectors },
    { do: 'send', artefacts: [artefact], from: 'CRL store', why: '' },
  ];
}

function partyOn({ days }: RehearsalResult, day: number, name: string): PartyDay {
  return days[day - 1]?.parties.find(({ party }) => party === name) as PartyDay;
}

describe('executed ballots', () => {
  it('stay as they were counted, also once one of their voters is removed', async () => {
    const result = await playOf({
      electors: FOUR,
      days: [
        quiet,
        { ...quiet, actions: removal('crl-2', { subject: 'A', votes: ['B', 'C'] }) },
        {
          ...quiet,
          actions: removal('crl-3', { subject: 'C', votes: ['B', 'D'] }, { subject: 'A', votes: ['C', 'D'] }),
        },
      ],
    });
    for (const day of [2, 3]) {
      const { edges } = partyOn(result, day, 'EE').topology;
      const votes = edges.filter(({ type, to }) => type === 'removeElector' && to === 'elector:A');
      expect(votes, `day ${day}`).toEqual(
        ['B', 'C'].map((name) => ({
          ...{ kind: 'vote', from: `elector:${name}`, to: 'elector:A', type: 'removeElector' },
          ...{ holds: true, code: 'OK', countedOn: 2 },
        })),
      );
    }
    expect(partyOn(result, 3, 'EE').state.electors.map(({ name }) => name)).toEqual(['B', 'D']);
  });
});

describe('a quorum that is lost', () => {
  const both = removal('crl-3', { subject: 'A', votes: ['B', 'C'] }, { subject: 'B', votes: ['A', 'C'] });
  const tolerance: Scenario['expect'][0] = {
    ...{ object: 'tolerance', parties: ['EE'], cells: ['Y', 'Y', 'N'] },
    check: { check: 'tolerance' },
  };

  it('is warned of the day before and said on its day, with the only way out', async () => {
    const result = await playOf({ days: [quiet, quiet, { ...quiet, actions: both }], expect: [tolerance] });
    expect(result.summary.deviations).toEqual([]);
    expect(partyOn(result, 1, 'EE').notes).toEqual([]);
    expect(partyOn(result, 2, 'EE').notes).toEqual([
      expect.stringMatching(/^Warning: the quorum is lost on day 3: .*no recovery in band.*bootstrap the device again/),
    ]);
    expect(partyOn(result, 3, 'EE').notes).toEqual([
      expect.stringMatching(/^FROZEN: 1 electors? can vote .*no recovery in band.*bootstrapped again/),
    ]);
    expect(result.days[2]?.cells[0]?.why).toMatch(/no recovery in band/);
  });

  it('is near once no elector may be lost, and that is said too', async () => {
    const result = await played('elector');
    expect(partyOn(result, 1, 'SC').notes).toEqual([]);
    for (const day of [2, 3]) {
      expect(partyOn(result, day, 'SC').notes).toEqual([expect.stringMatching(/^DEGRADED: all 2 electors/)]);
    }
    expect(partyOn(result, 4, 'SC').notes).toEqual([]);
  });
});

describe('days that compare', () => {
  it('differ until the replacement is there, and say in what', async () => {
    const result = await played('elector');
    const [first, third, fifth] = [1, 3, 5].map((day) => partyOn(result, day, 'SC').state);
    if (!first || !third || !fifth) throw new Error('three days');
    expect(equivalenceFinding(first, third, { A: 'D' })).toMatchObject({
      got: 'N',
      why: expect.stringContaining('electors B C, was B C D'),
    });
    expect(equivalenceFinding(first, fifth, { A: 'D' })).toMatchObject({ got: 'Y', value: 'D for A' });
    expect(equivalenceFinding(first, fifth, {})).toMatchObject({ got: 'N' });
    expect(equivalenceFinding(first, fifth, { A: 'D' }).why).toContain('removed for good A, was none');
  });

  it.each<[string, object]>([
    ['a root', { roots: [] }],
    ['a flag', { flags: ['STALE'] }],
    ['a policy', { policy: null }],
    ['a component certificate', { components: [] }],
    ['a CRL', { crls: [] }],
    ['the quorum', { quorum: 3 }],
    ['something that waits', { pending: [{ kind: 'ballot', what: 'addRoot R9', effectiveTime: '', votes: [] }] }],
    ['the right to send', { maySend: false }],
  ])('differ by %s alone', async (_what, change) => {
    const { state } = partyOn(await played('elector'), 1, 'EU');
    expect(equivalenceFinding(state, state, {}).got).toBe('Y');
    expect(equivalenceFinding(state, { ...state, ...change }, {}).got).toBe('N');
  });
});

describe('refusals', () => {
  it('have to be the verdict that the cell names', async () => {
    const scenario = (cell: 'invalid' | 'undecided'): Parameters<typeof playOf>[0] => ({
      days: [
        {
          ...quiet,
          actions: [
            { do: 'createRoot', name: 'R2' },
            { do: 'createComponents', root: 'R2' },
          ],
        },
      ],
      expect: [
        {
          ...{ object: 'components of R2', parties: ['EE'], cells: [cell] },
          check: { check: 'certificates', kind: 'component', root: 'R2' },
        },
      ],
    });
    expect((await playOf(scenario('undecided'))).summary.deviations).toEqual([]);
    const [deviation] = (await playOf(scenario('invalid'))).summary.deviations;
    expect(deviation).toMatchObject({ expected: 'N', got: 'N', expectedVerdict: 'invalid', verdict: 'undecided' });
  });
});

describe('the day on which an EE comes back', () => {
  it.each([
    ['root', 'gccf-4'],
    ['root-ctl', 'ctl-3'],
  ] as const)(
    'gives it nothing in %s before it has enrolled, and then one thing after the other',
    async (name, file) => {
      const { days } = await played(name);
      const own = days.flatMap(({ day, events }) =>
        events
          .filter((event) => day > 4 && (event.name === 'EU' || event.to.includes('EU')))
          .map(({ kind, name: what }) => `${day} ${kind} ${what}`),
      );
      const crl = name === 'root' ? 'crl-5' : 'ctl-5';
      expect(own).toEqual([
        ...[`5 moved ${crl}`, '5 refused EU', '6 moved enrolment of EU', '6 authenticated EU', '6 moved policy-4'],
        ...[`6 moved ${file}`, '6 moved certificates of EU', '6 moved crl-6'],
      ]);
    },
  );
});

describe('events and resets', () => {
  it('answer N where they do not happen, or not to these', async () => {
    const { days } = await played('elector');
    const [, second] = days;
    if (second === undefined) throw new Error('a second day');
    const moved = { check: 'happens', event: 'moved', name: 'gccf-2' } as const;
    const record = { moves: [...second.moves], events: [...second.events], resets: [] };
    expect(happensFinding(record, { ...moved, from: 'PG', to: ['RA-1', 'RA-2'] }).got).toBe('Y');
    expect(happensFinding(record, { ...moved, from: 'PG', to: ['EU'] }).got).toBe('N');
    expect(happensFinding(record, { ...moved, to: ['EU', 'EO'] }).got).toBe('N');
    expect(happensFinding(record, { ...moved, event: 'withheld' }).got).toBe('N');
    expect(happensFinding(record, { ...moved, name: 'gccf-3' }).got).toBe('N');
  });

  it('give no answer where the CRLs are not what the reset decided', async () => {
    const { days } = await played('root');
    const resets = [...(days[4]?.resets ?? [])];
    const [reset] = resets;
    if (reset === undefined) throw new Error('a reset');
    const record = { moves: [], events: [], resets };
    expect(resetFinding(record, 'removeRoot R1')).toMatchObject({ got: 'Y', value: 'keep K7' });
    const entries = reset.entries.map((entry) => ({ ...entry, inArtefact: !entry.inArtefact }));
    for (const { name, action } of entries) {
      if (action === 'carryOver') continue;
      expect(resetFinding({ ...record, resets: [{ ...reset, entries }] }, name).got, name).toBe('?');
    }
    expect(resetFinding(record, 'nothing').got).toBe('?');
    expect(resetFinding({ ...record, resets: [] }, 'rsu').got).toBe('-');
  });

  it('say of every revoked thing what became of it, and why', async () => {
    for (const name of ['root', 'root-ctl'] as const) {
      const { days } = await played(name);
      const [reset] = days[4]?.resets ?? [];
      const ballots = name === 'root' ? ['removeRoot R1 keep K7'] : [];
      expect(reset?.entries.map((entry) => `${entry.name} ${entry.action} ${entry.rule}`)).toEqual([
        ...['obe-continued reissue K4', 'obe-refused reissue K5', 'obe-short reissue K4', 'obe-ended remove K3'],
        ...['rsu remove K1', 'stolen carryOver K8', ...ballots],
      ]);
      expect(reset?.entries.every(({ why }) => why.length > 20)).toBe(true);
      expect(reset?.crls).toEqual([
        { series: 1, entries: ['obe-continued', 'obe-refused', 'obe-short'] },
        { series: 3, entries: [] },
      ]);
    }
  });
});
