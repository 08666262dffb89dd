import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScms, Random, signMessage } from '../../src/testbed/index.ts';
import { ballotOf, createElector, createRoot, vote } from '../../src/testbed/trust/index.ts';
import {
  type Artefact,
  applyBundle,
  type Decision,
  type EndorsementType,
  type TrustContext,
  type TrustState,
  trustMaterialOf,
} from '../../src/trust/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { KERNEL } from '../support/kernels.ts';
import { counted } from '../support/tier.ts';
import {
  type BallotText,
  type BundleText,
  ballotOctets,
  bundleOf,
  bundleText,
  ELECTORS,
  Model,
  ROOTS,
  remembering,
  START_SMALL,
  START_STATE,
  type Step,
  steps,
  subjectOf,
  trustOf,
  voteOctets,
} from './random-bundles.ts';
import {
  A,
  addElector,
  B,
  C,
  D,
  DAY,
  F,
  file,
  gccf,
  id,
  R1,
  R2,
  removeElector,
  removes,
  START,
  scms,
  T0,
} from './support.ts';

/** Ten properties and more, each over so many sequences: above ten thousand in all. */
const RUNS = {
  numRuns: Number(process.env.SCMS_TRUST_RUNS ?? counted(100, 750)),
  ...(process.env.SCMS_SEED ? { seed: Number(process.env.SCMS_SEED) } : {}),
};
const DAYS = [0, 0, 0, 1, 2, 4];
/** Components of an SCMS that is never trusted here. */
const FOREIGN = (({ ma, ica, pca }) => ({ ma, certs: [ica, pca] }))(createScms({ seed: 'invariants, another SCMS' }));
const CACHED = remembering();

interface Run {
  readonly state: TrustState;
  readonly states: readonly TrustState[];
  readonly decisions: readonly Decision[];
}

/** Plays bundles, each some days after the one before. */
function run(
  start: TrustState,
  sequence: readonly { readonly days: number; readonly artefacts: readonly Artefact[] }[],
  context: TrustContext = CACHED,
): Run {
  let state = start;
  let now = BigInt(start.clock);
  const states: TrustState[] = [];
  const decisions: Decision[] = [];
  for (const { days, artefacts } of sequence) {
    now += BigInt(days) * DAY;
    const applied = applyBundle(state, artefacts, now, context);
    state = applied.state;
    states.push(state);
    decisions.push(...applied.decisions);
  }
  return { state, states, decisions };
}

const played = (start: TrustState, sequence: readonly Step[]): Run =>
  run(
    start,
    sequence.map(({ days, bundle }) => ({ days, artefacts: bundleOf(bundle) })),
  );

/** Texts that are equal nearly always: `expect` takes longer than the engine. */
function same(a: string, b: string): void {
  if (a !== b) expect(a).toBe(b);
}

const ids = (list: readonly { readonly hashedId8: string }[]): string[] =>
  list.map(({ hashedId8 }) => hashedId8).sort();

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

function permuted(bundle: BundleText, random: Random): BundleText {
  return shuffled(bundle, random).map(({ form, ballots }) => ({
    form,
    ballots: shuffled(ballots, random).map((ballot) => ({ ...ballot, votes: shuffled(ballot.votes, random) })),
  }));
}

describe('invariants (ROOT-MANAGEMENT B.12 as amended by DECISIONS D36), over random bundles', () => {
  it('I1: trust changes by a quorum of distinct votes of those who may vote, and by nothing else', () => {
    fc.assert(
      fc.property(steps(), (sequence) => {
        const model = new Model();
        let state = START_STATE;
        let now = BigInt(state.clock);
        for (const { days, bundle } of sequence) {
          now += BigInt(days) * DAY;
          state = applyBundle(state, bundleOf(bundle), now, CACHED).state;
          model.apply(bundle);
          same(ids(state.electors).join(), [...model.electors].sort().join());
          same(ids(state.roots).join(), [...model.roots].sort().join());
          same(ids(state.tombstones).join(), [...model.buried].sort().join());
        }
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 2 },
    );
  });

  it('I2: no order inside a bundle matters, even where room is short and votes wait', () => {
    fc.assert(
      fc.property(steps(DAYS), fc.string(), (sequence, seed) => {
        const random = new Random(seed);
        const straight = played(START_SMALL, sequence);
        const other = played(
          START_SMALL,
          sequence.map(({ days, bundle }) => ({ days, bundle: permuted(bundle, random) })),
        );
        same(trustOf(other.state), trustOf(straight.state));
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 2 },
    );
  });

  it('I3: repeating votes and ballots changes nothing', () => {
    fc.assert(
      fc.property(steps(DAYS), fc.nat({ max: 3 }), (sequence, times) => {
        const repeated = sequence.map(({ days, bundle }) => ({
          days,
          bundle: bundle.flatMap(({ form, ballots }): BundleText => {
            const twice = ballots.map((ballot) => ({
              ...ballot,
              votes: new Array(times + 1).fill(ballot.votes).flat().slice(0, 16),
            }));
            return [
              { form, ballots: [...twice, ...ballots] },
              { form: 'alone', ballots },
            ];
          }),
        }));
        same(trustOf(played(START_SMALL, repeated).state), trustOf(played(START_SMALL, sequence).state));
      }),
      RUNS,
    );
  });

  it('I4: who was removed never comes back', () => {
    fc.assert(
      fc.property(steps(DAYS), (sequence) => {
        const buried = new Set<string>();
        for (const { electors, roots, tombstones } of played(START_STATE, sequence).states) {
          for (const { hash } of tombstones) buried.add(hash);
          expect([...electors, ...roots].some(({ hash }) => buried.has(hash))).toBe(false);
        }
      }),
      RUNS,
    );
  });

  it('I5: octets that do not verify cause nothing', () => {
    const stranger = createElector(new Random('stranger'), { name: 'stranger', start: START });
    const junkVotes = (ballot: BallotText): Uint8Array[] => [
      vote(stranger, { type: ballot.type, subject: subjectOf(ballot) }),
      voteOctets(ballot, { voter: 0, day: 0, genuine: false }),
    ];
    fc.assert(
      fc.property(steps(DAYS), fc.uint8Array({ maxLength: 40 }), (sequence, noise) => {
        const clean = sequence.map(({ days, bundle }) => ({
          days,
          artefacts: bundle.flatMap(({ ballots }) => ballots.map((one, i) => file(`${i}`, ballotOctets(one)))),
        }));
        const dirty = sequence.map(({ days, bundle }) => ({
          days,
          artefacts: [
            ...bundle.flatMap(({ ballots }) =>
              ballots.flatMap((one, i) => [
                file(`${i}`, ballotOf([...junkVotes(one), ...one.votes.map((text) => voteOctets(one, text))])),
                file('junk', ballotOf(junkVotes(one))),
              ]),
            ),
            file('noise', noise),
          ],
        }));
        same(trustOf(run(START_SMALL, dirty).state), trustOf(run(START_SMALL, clean).state));
      }),
      RUNS,
    );
  });

  it('I5: whatever octet is changed, only votes that were cast are counted', () => {
    fc.assert(
      fc.property(bundleText(), fc.nat(), fc.integer({ min: 1, max: 255 }), (bundle, place, mask) => {
        const cast = new Set(
          bundle.flatMap(({ ballots }) =>
            ballots.flatMap((ballot) =>
              ballot.votes.map(
                ({ voter }) => `${id(ELECTORS[voter] as typeof A)} ${ballot.type} ${id(subjectOf(ballot))}`,
              ),
            ),
          ),
        );
        const artefacts = bundleOf(bundle).map((one) => {
          const octets = (one as { octets: Uint8Array }).octets.slice();
          const at = place % octets.length;
          octets[at] = (octets[at] as number) ^ mask;
          return file(one.name, octets);
        });
        const { state, decisions } = applyBundle(START_STATE, artefacts, T0, CACHED);
        for (const { proposition, subject, decision, votes = [] } of decisions) {
          if (decision === 'REJECT' || !proposition?.match(/^(add|remove)/)) continue;
          const counted = votes.filter((one) => one.counted).map(({ voter }) => `${voter} ${proposition} ${subject}`);
          expect(new Set(counted).size).toBeGreaterThanOrEqual(2);
          for (const one of counted) expect(cast).toContain(one);
        }
        const known = new Set([...ELECTORS, ...ROOTS].map(({ bytes }) => Buffer.from(bytes).toString('hex')));
        for (const { certificate } of [...state.electors, ...state.roots]) expect(known).toContain(certificate);
      }),
      RUNS,
    );
  });

  it('I6: fewer keys than the quorum, and any number of others, move nothing', () => {
    const random = new Random('attacker');
    const own = ['x', 'y', 'z'].map((name) => createElector(random, { name, start: START }));
    const roots = ['x', 'y'].map((name) => createRoot(random, { name, start: START }));
    const signers = [A, ...own, R1, scms.crlg, scms.ra, ...roots];
    const subjects = [...own, ...roots, B, R1, R2];
    const made = new Map<string, Uint8Array>();
    const attack = fc.record({
      type: fc.constantFrom<EndorsementType>('addRoot', 'addElector', 'removeRoot', 'removeElector'),
      subject: fc.nat({ max: subjects.length - 1 }),
      signers: fc.array(fc.nat({ max: signers.length - 1 }), { minLength: 1, maxLength: 6 }),
      attached: fc.boolean(),
    });
    const signed = (
      { type, subject, attached }: { type: EndorsementType; subject: number; attached: boolean },
      by: number,
    ) => {
      const key = [type, subject, attached, by].join(' ');
      const known = made.get(key);
      const request = {
        type,
        subject: subjects[subject] as typeof A,
        signer: attached ? 'certificate' : 'digest',
      } as const;
      const octets = known ?? vote(signers[by] as typeof A, request);
      made.set(key, octets);
      return octets;
    };
    fc.assert(
      fc.property(fc.array(fc.array(attack, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), (sequence) => {
        const artefacts = sequence.map((bundle) => ({
          days: 1,
          artefacts: bundle.map((one, i) => file(`${i}`, ballotOf(one.signers.map((by) => signed(one, by))))),
        }));
        same(trustOf(run(START_STATE, artefacts).state), trustOf(START_STATE));
      }),
      RUNS,
    );
  });

  it('I7: the same bundles in the same order at the same times give the same state, also through JSON', () => {
    fc.assert(
      fc.property(steps(DAYS), (sequence) => {
        const artefacts = sequence.map(({ days, bundle }) => ({ days, artefacts: bundleOf(bundle) }));
        const one = run(START_SMALL, artefacts);
        let state = START_SMALL;
        let now = BigInt(state.clock);
        const fresh = remembering();
        for (const { days, artefacts: bundle } of artefacts) {
          now += BigInt(days) * DAY;
          state = JSON.parse(JSON.stringify(applyBundle(state, bundle, now, fresh).state));
        }
        same(JSON.stringify(state), JSON.stringify(one.state));
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 2 },
    );
  });

  it('I7: time that passes in small steps or in one makes no difference', () => {
    fc.assert(
      fc.property(steps(DAYS), (sequence) => {
        const artefacts = sequence.map(({ days, bundle }) => ({ days, artefacts: bundleOf(bundle) }));
        const polled = artefacts.flatMap(({ days, artefacts: bundle }) => [
          ...new Array(days).fill({ days: 1, artefacts: [] }),
          { days: 0, artefacts: bundle },
        ]);
        const end = { days: 5, artefacts: [] };
        const days = new Array(5).fill({ days: 1, artefacts: [] });
        same(
          trustOf(run(START_SMALL, [...polled, ...days]).state),
          trustOf(run(START_SMALL, [...artefacts, end]).state),
        );
      }),
      RUNS,
    );
  });

  it('I8: a verdict on a message follows from state, time and message', () => {
    const message = {
      kind: 'message' as const,
      bytes: signMessage(scms.ra, { psid: 0x23, payload: Uint8Array.of(1), generationTime: T0, signer: 'chain' }),
    };
    const verdict = (state: TrustState): string => {
      const trust = trustMaterialOf(state);
      return new Verifier({ trust, at: T0, kernelInstance: KERNEL }).verify([message])[0]?.code as string;
    };
    fc.assert(
      fc.property(steps(), (sequence) => {
        const { state } = played(START_STATE, sequence);
        const trusted = state.roots.some(({ hashedId8 }) => hashedId8 === id(R1));
        expect(verdict(state) === 'ok').toBe(trusted);
        expect(verdict(JSON.parse(JSON.stringify(state)))).toBe(verdict(state));
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 10 },
    );
  });

  it('I9: removing an elector never turns a refusal into an acceptance', () => {
    const additions = bundleText().map((bundle) =>
      bundle.map(({ form, ballots }) => ({
        form,
        ballots: ballots.map((ballot): BallotText => {
          return { ...ballot, type: ballot.type.endsWith('Elector') ? 'addElector' : 'addRoot' };
        }),
      })),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ days: fc.nat({ max: 1 }), bundle: additions }), { maxLength: 2 }),
        additions,
        fc.nat({ max: 4 }),
        (before, bundle, gone) => {
          const { state } = played(START_STATE, before);
          const subject = ELECTORS[gone] as typeof A;
          const voters = [A, B, C].filter((one) => one !== subject);
          const now = BigInt(state.clock);
          const artefacts = bundleOf(bundle);
          const refused = applyBundle(state, artefacts, now, CACHED).decisions;
          const without = applyBundle(state, [removes([removeElector(subject, voters)])], now, CACHED).state;
          const after = applyBundle(without, artefacts, now, CACHED).decisions;
          const accepted = new Set(
            after.filter(({ decision }) => decision !== 'REJECT').map(({ artefact, part }) => `${artefact} ${part}`),
          );
          for (const { artefact, part, decision, code, proposition } of refused) {
            if (decision !== 'REJECT' || code === 'AE_STORE_FULL' || !proposition?.startsWith('add')) continue;
            expect(accepted).not.toContain(`${artefact} ${part}`);
          }
        },
      ),
      RUNS,
    );
  });

  it('I10: what fails does not touch what stands', () => {
    fc.assert(
      fc.property(steps(DAYS), fc.uint8Array({ minLength: 1, maxLength: 60 }), (sequence, noise) => {
        const artefacts = sequence.map(({ days, bundle }) => ({ days, artefacts: bundleOf(bundle) }));
        const bad = [
          file('noise', noise),
          file('truncated', addElector(D, [A, B]).slice(0, -1)),
          file(
            'mixed',
            ballotOf([vote(A, { type: 'addElector', subject: D }), vote(B, { type: 'addElector', subject: F })]),
          ),
          file(
            'wrong place',
            // With valid certificates the file would add them, and not fail.
            (gccf(0, { ...FOREIGN, rootCAEndorsements: [addElector(D, [A, B])] }) as { octets: Uint8Array }).octets,
          ),
        ];
        const beside = artefacts.map(({ days, artefacts: bundle }) => ({ days, artefacts: [...bad, ...bundle] }));
        same(trustOf(run(START_SMALL, beside).state), trustOf(run(START_SMALL, artefacts).state));
      }),
      RUNS,
    );
  });

  it('the revision counts changes of trust and nothing else', () => {
    fc.assert(
      fc.property(steps(DAYS), (sequence) => {
        let before = START_SMALL;
        for (const state of played(START_SMALL, sequence).states) {
          const { clock: _, revision: first, ...was } = before;
          const { clock: __, revision: second, ...is } = state;
          if ((second !== first) !== (JSON.stringify(is) !== JSON.stringify(was)))
            expect([first, is]).toEqual([second, was]);
          before = state;
        }
      }),
      RUNS,
    );
  });
});
