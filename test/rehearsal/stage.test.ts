/** What components pass on and what RAs give: only what they hold, only to whom they accept, in order. */
import { describe, expect, it } from 'vitest';
import type { ActionDocument, DayEvent, DayResult, PartyDocument, RehearsalResult } from '../../src/rehearsal/index.ts';
import { playOf, quiet } from './support.ts';

const gccf2 = (votes: readonly string[]): ActionDocument => ({
  ...{ do: 'issue', artefact: 'gccf-2', kind: 'chainFile', version: 2, root: 'R1' },
  addRoots: [{ subject: 'R1', votes: ['A', 'B'] }],
  addElectors: [{ subject: 'D', votes }],
});
const toPg: ActionDocument = { do: 'send', artefacts: ['gccf-2'], from: 'SCMS Manager', to: ['PG'], why: '' };
const toRa: ActionDocument = { do: 'forward', by: 'PG', artefacts: ['gccf-2'], to: ['RA'], why: '' };
const toEe: ActionDocument = { do: 'forward', by: 'RA', artefacts: ['gccf-2'], to: ['EE'], why: '' };
const newD: ActionDocument = { do: 'createElector', name: 'D' };

function lastOf({ days }: RehearsalResult): DayResult {
  return days.at(-1) as DayResult;
}

const told = ({ events }: DayResult): string[] =>
  events.map(({ kind, name, from, to, code }: DayEvent) => `${kind} ${name} ${from} > ${to.join(' ')} ${code}`);

function electorsOf(result: RehearsalResult, name: string): string[] {
  const party = lastOf(result).parties.find((one) => one.party === name);
  return party?.state.electors.map((elector) => elector.name) ?? [];
}

describe('components', () => {
  it('pass on what they hold, RAs as local chain files', async () => {
    const result = await playOf({ days: [{ ...quiet, actions: [newD, gccf2(['A', 'B']), toPg, toRa, toEe] }] });
    expect(told(lastOf(result)).slice(1)).toEqual([
      'moved gccf-2 SCMS Manager > PG OK',
      'moved gccf-2 PG > RA OK',
      'moved gccf-2 RA > EE OK',
    ]);
    expect(electorsOf(result, 'EE')).toEqual(['A', 'B', 'C', 'D']);
    const [toPolicyGenerator, , toDevice] = lastOf(result).moves;
    expect(toPolicyGenerator?.local).toBeNull();
    expect(toDevice?.local?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(toDevice?.local?.sha256).not.toBe(toDevice?.sha256);
  });

  it('withhold what never reached them, and so does everyone behind them', async () => {
    const parties: PartyDocument[] = [
      { name: 'PG', title: '', kind: 'component', misses: ['gccf-2'] },
      { name: 'RA', title: '', kind: 'component' },
      { name: 'EE', title: '', kind: 'obe', ra: 'RA' },
    ];
    const days = [{ ...quiet, actions: [newD, gccf2(['A', 'B']), toPg, toRa, toEe] }];
    const result = await playOf({ parties, days });
    expect(told(lastOf(result)).slice(1)).toEqual([
      'moved gccf-2 SCMS Manager >  OK',
      'withheld gccf-2 PG > RA NOT_HELD',
      'withheld gccf-2 RA > EE NOT_HELD',
    ]);
    expect(electorsOf(result, 'RA')).toEqual(['A', 'B', 'C']);
    expect(electorsOf(result, 'EE')).toEqual(['A', 'B', 'C']);
  });

  it('withhold what their trust engine refuses a part of', async () => {
    const result = await playOf({ days: [{ ...quiet, actions: [newD, gccf2(['A']), toPg, toRa, toEe] }] });
    expect(told(lastOf(result)).slice(2)).toEqual([
      'withheld gccf-2 PG > RA B_QUORUM',
      'withheld gccf-2 RA > EE NOT_HELD',
    ]);
    expect(lastOf(result).events[2]?.why).toMatch(/^PG refused part of gccf-2: /);
    expect(electorsOf(result, 'EE')).toEqual(['A', 'B', 'C']);
  });
});

describe('an RA', () => {
  const change: ActionDocument[] = [
    { do: 'createRoot', name: 'R2' },
    { do: 'createComponents', root: 'R2' },
    { do: 'issue', artefact: 'policy-2', kind: 'policy', root: 'R2', chainFile: 2 },
    {
      ...{ do: 'issue', artefact: 'gccf-2', kind: 'chainFile', version: 2, root: 'R2' },
      addRoots: [{ subject: 'R2', votes: ['A', 'B'] }],
    },
    { do: 'issue', artefact: 'crl-2', kind: 'compositeCrl', removeRoots: [{ subject: 'R1', votes: ['A', 'B'] }] },
    { do: 'send', artefacts: ['gccf-2', 'crl-2', 'policy-2'], from: 'SCMS Manager', to: ['RA'], why: '' },
  ];
  const download: ActionDocument = {
    ...{ do: 'download', parties: ['EE'], artefacts: ['policy-2', 'gccf-2'], certificates: true, why: '' },
  };
  const enrol: ActionDocument = {
    ...{ do: 'enrol', parties: ['EE'], root: 'R2', erase: { electors: ['A', 'B', 'C'] }, why: '' },
  };

  it('gives nothing to a device with an enrolment certificate under a root that was removed', async () => {
    const result = await playOf({ days: [{ ...quiet, actions: [...change, download] }] });
    expect(told(lastOf(result)).at(-1)).toBe('refused EE EE > RA rootRemoved');
    expect(lastOf(result).parties.at(-1)?.received).toEqual([]);
    expect(lastOf(result).parties.at(-1)?.state).toMatchObject({ enrolledUnder: 'R1', certificatesUnder: 'R1' });
  });

  it('gives the policy, the chain file and the certificates in this order, after the enrolment', async () => {
    const result = await playOf({ days: [{ ...quiet, actions: [...change, enrol, download] }] });
    expect(told(lastOf(result)).slice(-6)).toEqual([
      'moved enrolment of EE R2/eca > EE OK',
      'authenticated EE EE > RA OK',
      'moved policy-2 RA > EE OK',
      'moved gccf-2 RA > EE OK',
      'made certificates of EE R2/pca >  OK',
      'moved certificates of EE RA > EE OK',
    ]);
    const { decisions, state } = lastOf(result).parties.at(-1) as DayResult['parties'][0];
    expect(decisions.filter(({ decision }) => decision === 'REJECT')).toEqual([]);
    expect(state).toMatchObject({ maySend: true, enrolledUnder: 'R2', certificatesUnder: 'R2' });
    expect(state.policy?.policyId).toBe('policy of R2');
    expect(state.chainFiles.local).toBe('2.1');
  });

  it('leaves a device that has enrolled and downloaded nothing without certificates to send with', async () => {
    const expectRows = [
      { object: 'may send', parties: ['EE'], cells: ['N'] as const, check: { check: 'maySend' } as const },
      { object: 'heard', parties: ['RA'], cells: ['-'] as const, check: { check: 'hears', party: 'EE' } as const },
    ];
    const result = await playOf({ days: [{ ...quiet, actions: [...change, enrol] }], expect: expectRows });
    expect(result.summary.deviations).toEqual([]);
    expect(lastOf(result).cells[0]?.code).toBe('NO_CERTIFICATES');
    expect(
      lastOf(result)
        .parties.at(-1)
        ?.topology.nodes.some(({ id }) => id === 'ee:EE'),
    ).toBe(false);
  });

  it('withholds what it does not hold from a device that it accepts', async () => {
    const toRaLess = change.map((action) =>
      action.do === 'send' ? { ...action, artefacts: ['gccf-2', 'crl-2'] } : action,
    );
    const result = await playOf({ days: [{ ...quiet, actions: [...toRaLess, enrol, download] }] });
    expect(told(lastOf(result))).toContain('withheld policy-2 RA > EE NOT_HELD');
    expect(lastOf(result).parties.at(-1)?.state).toMatchObject({ policy: null, maySend: true });
  });

  it('refuses a blacklisted device, under the new root only while the reset has carried it over', async () => {
    const revoked = [{ name: 'stolen', kind: 'blacklist', root: 'R1' }] as const;
    const check = (root: string) => ({ check: 'revoked', name: 'stolen', root }) as const;
    const crl: ActionDocument = {
      ...{ do: 'issue', artefact: 'reset', kind: 'compositeCrl', crls: [{ root: 'R2', entries: 'reset' }] },
    };
    const { days, summary } = await playOf({
      revoked,
      days: [quiet, { ...quiet, actions: [...change, enrol, crl] }],
      expect: [
        { object: 'stolen, R1', parties: ['RA'], cells: ['N', 'N'], check: check('R1') },
        { object: 'stolen, R2', parties: ['RA'], cells: ['-', 'N'], check: check('R2') },
        {
          object: 'stolen, kept',
          parties: ['*'],
          cells: ['-', 'Y'],
          values: [null, 'carryOver K8'],
          check: { check: 'reset', name: 'stolen' },
        },
      ],
    });
    expect(summary.deviations).toEqual([]);
    expect(days[1]?.cells.map(({ code }) => code)).toEqual(['BLACKLISTED', 'BLACKLISTED', 'K8']);
  });
});
