import { describe, expect, it, vi } from 'vitest';
import { type BuiltIn, builtInScenario, createEngine, play } from '../../src/rehearsal/index.ts';
import { isSame } from '../../src/trust/identity.ts';
import type { Rules } from '../../src/trust/rules.ts';
import type { TrustedCertificate } from '../../src/trust/types.ts';
import { lineOf, playedUnder } from './played.ts';

vi.setConfig({ testTimeout: 240_000 });

/** An engine that never forgets an elector, removed or not. */
function countRevokedVoters(): Partial<Rules> {
  const seen = new Map<string, TrustedCertificate>();
  return {
    voters(electors, tombstones) {
      for (const elector of electors) seen.set(elector.hash, elector);
      const removed = [...seen.values()].filter((one) => tombstones.some((tombstone) => isSame(tombstone, one)));
      return [...electors, ...removed];
    },
  };
}

interface Mutation {
  readonly name: string;
  readonly broken: () => Partial<Rules>;
  /** Answers that have to come out wrong, among others. */
  readonly wrong: Readonly<Partial<Record<BuiltIn, readonly RegExp[]>>>;
}

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'count all votes required',
    broken: () => ({ isQuorum: (distinct, inBallot, quorum) => distinct >= quorum && distinct === inBallot }),
    wrong: { elector: [/^day 4, EO, Ballot addRoot\(R1\)\{B,C,D\}: Y N /] },
  },
  {
    name: 'count revoked voters',
    broken: countRevokedVoters,
    wrong: {
      elector: [
        /^day 2, SC, Vote by A: N Y /,
        /^day 3, EU, Ballot \{A,B\} on anything: N /,
        /^day 5, SC, Ballot \{A,D\}/,
      ],
    },
  },
  {
    name: 'trust by self-signature',
    broken: () => ({ trustsSelfSignature: true }),
    wrong: {
      elector: [/^day 4, EO, Vote by D: N Y /, /^day 4, EO, Ballot \{B,D\} on anything: N Y /],
      root: [/^day 1, SC, Vote by a stranger, X: N Y /, /^day 1, EU, Ballot \{A,X\} on anything: N Y /],
    },
  },
  {
    name: 'skip tombstones',
    broken: () => ({ isBuried: () => false }),
    wrong: {
      elector: [/^day 2, SC, Ballot addElector\(A\)\{B,C\} to bring A back: N Y /],
      root: [/^day 4, SC, addRoot\(R1\)\{A,B,C\} replayed: N Y /, /^day 6, EU, addRoot\(R1\)\{A,B,C\} replayed: N Y /],
    },
  },
  {
    name: 'order-dependent bundles',
    broken: () => ({ inFileOrder: true }),
    wrong: { elector: [/^day 1, SC, Ballot \{A,B\} for a new elector, in front of removeElector\(A\)\{B,C\}: N Y /] },
  },
  {
    name: 'removal tied to the CRLG signature',
    broken: () => ({ removalsNeedCrls: true }),
    wrong: {
      elector: [/^day 1, SC, Ballot removeElector\(A\)\{B,C\} beside a bad CRL: Y /],
      root: [
        /^day 4, EU, R1 trusted: N Y /,
        /^day 4, EU, EE may send: N Y /,
        /^day 1, SC, Ballots inside composite CRL: Y /,
      ],
    },
  },
];

describe('a verifier that forgets removed roots', () => {
  it.each(['root', 'root-ctl'] as const)('fails %s: nothing is invalid any more', async (name) => {
    const engine = createEngine();
    const judge: typeof engine.judge = (question) => {
      return engine.judge({ ...question, state: { ...question.state, tombstones: [] } });
    };
    const { summary } = await play(builtInScenario(name), { engine: { ...engine, judge } });
    const deviations = summary.deviations.map(lineOf);
    for (const line of ['day 5, EU, Pseudonym under R1: N N', 'day 5, EU, Enrolment under R1: N N']) {
      expect(deviations).toContainEqual(expect.stringContaining(line));
    }
  });
});

describe('components that refuse every chain file', () => {
  it('fail the rehearsal: nothing goes past the Policy Generator', async () => {
    const { summary, days } = await playedUnder('elector', { isQuorum: () => false });
    expect(summary.deviations.map(lineOf)).toContainEqual(
      expect.stringMatching(/^day 4, \*, The Policy Generator passes it on to the RAs: Y N /),
    );
    expect(days[3]?.events.map(({ kind, from }) => `${kind} ${from}`)).toContain('withheld PG');
  });
});

describe('a broken engine fails the rehearsal', () => {
  const cases = MUTATIONS.flatMap(({ name, broken, wrong }) =>
    Object.entries(wrong).map(([scenario, lines]) => ({ name, broken, scenario: scenario as BuiltIn, lines })),
  );

  it.each(cases)('$name: $scenario', async ({ broken, scenario, lines }) => {
    const { summary } = await playedUnder(scenario, broken());
    const deviations = summary.deviations.map(lineOf);
    for (const line of lines) expect(deviations).toContainEqual(expect.stringMatching(line));
  });
});
