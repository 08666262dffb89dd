/** Small scenarios for tests: what is not given is as little as it can be. */
import {
  checkScenario,
  type DayDocument,
  play,
  type RehearsalResult,
  type Scenario,
} from '../../src/rehearsal/index.ts';

/** Three electors, two of which decide; a Policy Generator, an RA and its EE, all with the first chain file. */
export function scenarioOf(more: Partial<Scenario> & { readonly days: readonly DayDocument[] }): Scenario {
  const file = { do: 'issue', artefact: 'gccf-1', kind: 'chainFile', version: 1, root: 'R1' } as const;
  const addRoots = [{ subject: 'R1', votes: [...(more.electors ?? ['A', 'B', 'C'])] }];
  const scenario: Scenario = {
    ...{ format: 1, name: 'small', title: '', summary: '', form: 'ballots', quorum: 2 },
    ...{ electors: ['A', 'B', 'C'], roots: ['R1'] },
    parties: [
      { name: 'PG', title: '', kind: 'component' },
      { name: 'RA', title: '', kind: 'component' },
      { name: 'EE', title: '', kind: 'obe', ra: 'RA' },
    ],
    before: [
      { ...file, addRoots },
      { do: 'send', artefacts: ['gccf-1'], from: 'SCMS Manager', to: ['PG', 'RA'], why: '' },
    ],
    expect: more.days.length === 0 ? [] : [trustedRow(more.days.length)],
    ...more,
  };
  return checkScenario(JSON.parse(JSON.stringify(scenario)), 'test');
}

/** A row that is there because there has to be one. */
function trustedRow(days: number): Scenario['expect'][0] {
  const cells = Array.from({ length: days }, () => 'Y' as const);
  return { object: 'R1 trusted', parties: ['EE'], cells, check: { check: 'trusted', name: 'R1' } };
}

export function playOf(more: Parameters<typeof scenarioOf>[0]): Promise<RehearsalResult> {
  return play(scenarioOf(more));
}

export const quiet: DayDocument = { title: '', text: '' };
