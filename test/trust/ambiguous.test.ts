import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { always, ballotOf, globalPolicy, vote } from '../../src/testbed/trust/index.ts';
import { flagsOf } from '../../src/trust/index.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  CONTEXT,
  D,
  DAY,
  device,
  elector,
  F,
  file,
  gccf,
  id,
  ids,
  otherRoot,
  Play,
  pg,
  R1,
  R2,
  removeElector,
  removeRoot,
  removes,
  renewed,
  scms,
  T0,
} from './support.ts';

const ALL = [A, B, C];
const play = (...args: ConstructorParameters<typeof Play>): Play => new Play(...args);
/** A device on which elector A was revoked, as on the seed's day 2. */
const withoutA = (): Play => play().apply(removes([removeElector(A, [B, C])]));

const quorumDecisions = ({ decisions }: Play): string[] =>
  decisions
    .filter(({ proposition }) => proposition === 'quorum')
    .map(({ decision, code }) => (code === 'OK' ? decision : `${decision} ${code}`));

describe('the forty ambiguous situations (ROOT-MANAGEMENT B.7), with ballots', () => {
  it('Q1: two signatures by the same elector are one vote', () => {
    const request = { type: 'addRoot', subject: R2 } as const;
    const same = ballotOf([vote(A, request), vote(A, request)]);
    const other = ballotOf([vote(A, request), vote(A, { ...request, generationTime: T0 })]);
    for (const votes of [same, other]) {
      const { verdicts, decisions, roots } = play().apply(gccf(1, adds([], [votes])));
      expect(verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
      expect(decisions.find(({ proposition }) => proposition === 'addRoot')?.votes).toEqual([
        { voter: id(A), counted: true, code: 'OK' },
        { voter: id(A), counted: false, code: 'B_DUPLICATE' },
      ]);
      expect(roots).toEqual([id(R1)]);
    }
  });

  it('Q2: with a second elector the repetition does no harm', () => {
    const { verdicts, decisions, roots } = play().apply(gccf(1, adds([], [addRoot(R2, [A, A, B])])));
    expect(verdicts['gccf rootCAEndorsements[0]']).toBe('ACCEPT');
    const votes = decisions.find(({ proposition }) => proposition === 'addRoot')?.votes;
    expect(votes?.map(({ code }) => code)).toEqual(['OK', 'B_DUPLICATE', 'OK']);
    expect(roots).toEqual(ids([R1, R2]));
  });

  it('Q3: a vote of a revoked elector does not count', () => {
    const { verdicts, decisions } = withoutA().apply(gccf(1, adds([], [addRoot(R2, [A, B])])));
    expect(verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    const votes = decisions.find(({ proposition }) => proposition === 'addRoot')?.votes;
    expect(votes?.map(({ code }) => code)).toEqual(['V_REVOKED_ELECTOR', 'OK']);
  });

  it('Q4: a vote of a revoked elector does not spoil the others', () => {
    const { verdicts, roots } = withoutA().apply(gccf(1, adds([], [addRoot(R2, ALL)])));
    expect(verdicts['gccf rootCAEndorsements[0]']).toBe('ACCEPT');
    expect(roots).toEqual(ids([R1, R2]));
  });

  it('Q5: an elector has no vote on its own removal', () => {
    const { verdicts, decisions, electors } = play().apply(removes([removeElector(A, [A, B])]));
    expect(verdicts['crl revokedElectors[0]']).toBe('REJECT B_QUORUM');
    expect(decisions[0]?.votes?.map(({ code }) => code)).toEqual(['V_SELF', 'OK']);
    expect(electors).toEqual(ids(ALL));
  });

  it('Q6: the others remove an elector', () => {
    const { verdicts, electors, state } = play().apply(removes([removeElector(A, [B, C])]));
    expect(verdicts['crl revokedElectors[0]']).toBe('ACCEPT');
    expect(electors).toEqual(ids([B, C]));
    expect(flagsOf(state)).toEqual(['DEGRADED']);
  });

  it('Q7: an elector has no vote on its own addition', () => {
    const { verdicts, decisions, electors } = play().apply(gccf(1, adds([addElector(D, [D, B])])));
    expect(verdicts['gccf electorEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(decisions[0]?.votes?.map(({ code }) => code)).toEqual(['V_UNKNOWN_ELECTOR', 'OK']);
    expect(electors).toEqual(ids(ALL));
  });

  it('Q8: a new elector votes in the file that brings it, in any order', () => {
    const electorBallots = [addElector(D, [B, C]), addElector(F, [C, D])];
    for (const order of [electorBallots, [...electorBallots].reverse()]) {
      const { verdicts, electors, roots } = play().apply(gccf(1, adds(order, [addRoot(R2, [D, F])])));
      expect(Object.values(verdicts)).toEqual(['ACCEPT', 'ACCEPT', 'ACCEPT']);
      expect(electors).toEqual(ids([...ALL, D, F]));
      expect(roots).toEqual(ids([R1, R2]));
    }
  });

  it('Q9: two that vouch for each other have no foothold', () => {
    const { verdicts, electors } = play().apply(gccf(1, adds([addElector(D, [C, F]), addElector(F, [C, D])])));
    expect(Object.values(verdicts)).toEqual(['REJECT B_QUORUM', 'REJECT B_QUORUM']);
    expect(electors).toEqual(ids(ALL));
  });

  it('Q10: what comes with a removal is judged after it', () => {
    const removal = removes([removeElector(A, [B, C])]);
    const addition = gccf(1, adds([], [addRoot(R2, [A, B])]));
    for (const bundle of [
      [removal, addition],
      [addition, removal],
    ]) {
      const { verdicts, roots } = play().apply(...bundle);
      expect(verdicts).toEqual({
        'crl revokedElectors[0]': 'ACCEPT',
        'gccf rootCAEndorsements[0]': 'REJECT B_QUORUM',
      });
      expect(roots).toEqual([id(R1)]);
    }
  });

  it('Q11: what was accepted before a removal stays', () => {
    const at = play().apply(gccf(1, adds([], [addRoot(R2, [A, B])])));
    expect(at.roots).toEqual(ids([R1, R2]));
    at.later(DAY).apply(removes([removeElector(A, [B, C])]));
    expect(at.electors).toEqual(ids([B, C]));
    expect(at.roots).toEqual(ids([R1, R2]));
  });

  it('Q12: removals of one bundle are judged against the same electors', () => {
    const ballots = [removeElector(A, [B, C]), removeElector(C, [A, B])];
    for (const order of [ballots, [...ballots].reverse()]) {
      const { verdicts, electors, state } = play().apply(removes(order));
      expect(Object.values(verdicts)).toEqual(['ACCEPT', 'ACCEPT']);
      expect(electors).toEqual([id(B)]);
      expect(flagsOf(state)).toEqual(['FROZEN']);
    }
  });

  it('Q13: on two days the first removal voids the second', () => {
    const at = withoutA();
    at.later(DAY).apply(removes([removeElector(C, [A, B])]));
    expect(at.verdicts['crl revokedElectors[0]']).toBe('REJECT B_QUORUM');
    expect(at.electors).toEqual(ids([B, C]));
  });

  it('Q14: removal wins over addition', () => {
    const bundle = [gccf(1, adds([addElector(D, [B, C])])), removes([removeElector(D, [B, C])])];
    for (const order of [bundle, [...bundle].reverse()]) {
      const { verdicts, electors } = play().apply(...order);
      // D was never known, so that its removal changes nothing but leaves its tombstone.
      expect(verdicts).toEqual({
        'crl revokedElectors[0]': 'ACCEPT_NOOP',
        'gccf electorEndorsements[0]': 'REJECT AE_TOMBSTONE',
      });
      expect(electors).toEqual(ids(ALL));
    }
  });

  it('Q15: the ballot that once added an elector does not bring it back', () => {
    const addition = addElector(D, [B, C]);
    const at = play().apply(gccf(1, adds([addition])));
    at.apply(removes([removeElector(D, [B, C])]));
    expect(at.verdicts['crl revokedElectors[0]']).toBe('ACCEPT');
    at.later(DAY).apply(gccf(2, adds([addition])));
    expect(at.verdicts['gccf electorEndorsements[0]']).toBe('REJECT AE_TOMBSTONE');
    expect(at.electors).toEqual(ids(ALL));
  });

  it('Q16: the ballot that once added a root does not bring it back', () => {
    const at = play().apply(removes([], [removeRoot(R1, [A, B])]));
    expect(at.roots).toEqual([]);
    at.later(DAY).apply(gccf(2, adds([], [addRoot(R1, ALL)])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT AR_TOMBSTONE');
    expect(at.roots).toEqual([]);
  });

  it('Q17: a removal that is repeated changes nothing', () => {
    const removal = removes([], [removeRoot(R1, [A, B])]);
    const at = play().apply(removal);
    const { revision } = at.state;
    at.later(DAY).apply(removal);
    expect(at.verdicts['crl revokedRootCAs[0]']).toBe('ACCEPT_NOOP');
    expect(at.state.revision).toBe(revision);
  });

  it('Q18: fresh votes do not bring a removed root back, nor another certificate of its key', () => {
    const at = play().apply(removes([], [removeRoot(R1, [A, B])]));
    at.later(DAY);
    at.apply(gccf(1, adds([], [addRoot(R1, ALL, { generationTime: at.now })])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT AR_TOMBSTONE');
    const sameKey = otherRoot('same key', { key: R1.key });
    at.apply(gccf(2, adds([], [addRoot(sameKey, ALL)])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT AR_TOMBSTONE');
    at.apply(gccf(3, adds([], [addRoot(otherRoot('new key'), ALL)])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('ACCEPT');
  });

  it('Q19: an expired elector is as good as lost', () => {
    const shortLived = elector('short-lived', { hours: 24 * 30, years: 0 });
    const at = play(device({ electors: [A, shortLived, C] }));
    at.later(40n * DAY).apply(gccf(1, adds([], [addRoot(R2, [shortLived, C])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(at.decisions[0]?.votes?.map(({ code }) => code)).toEqual(['V_EXPIRED_ELECTOR', 'OK']);
    expect(flagsOf(at.state)).toEqual(['DEGRADED']);
  });

  it('Q20: what was accepted stays when a voter expires', () => {
    const shortLived = elector('short-lived', { hours: 24 * 30, years: 0 });
    const at = play(device({ electors: [A, shortLived, C] }));
    at.apply(gccf(1, adds([], [addRoot(R2, [shortLived, C])])));
    at.later(40n * DAY).apply();
    expect(at.roots).toEqual(ids([R1, R2]));
  });

  it('Q21: votes of electors that are not valid yet are void', () => {
    const early = elector('early', { start: Number(T0 / 1_000_000n) + 3600 });
    const at = play(device({ electors: [A, early, C] }));
    at.apply(gccf(1, adds([], [addRoot(R2, [early, C])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(at.decisions[0]?.votes?.map(({ code }) => code)).toEqual(['V_EXPIRED_ELECTOR', 'OK']);
    at.later(DAY).apply(gccf(1, adds([], [addRoot(R2, [early, C])])));
    expect(at.roots).toEqual(ids([R1, R2]));
  });

  it('Q22: a policy cannot lower the quorum, and counts from the next bundle only', () => {
    const policy = file('gpf', globalPolicy(pg, { generationTime: T0, quorum: always(1) }));
    const at = play().apply(gccf(1));
    at.apply(policy, gccf(2, adds([], [addRoot(R2, [A])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(quorumDecisions(at)).toEqual(['REJECT P_QUORUM']);
    expect(at.state).toMatchObject({ quorum: 2, policy: { policyId: 'gpf' } });
  });

  it('Q23: a raised quorum judges what comes later, never what was accepted', () => {
    const policy = file('gpf', globalPolicy(pg, { generationTime: T0, quorum: always(3) }));
    const at = play().apply(gccf(1));
    at.apply(policy, gccf(2, adds([], [addRoot(R2, [A, B])])));
    expect(quorumDecisions(at)).toEqual(['ACCEPT']);
    expect(at.roots).toEqual(ids([R1, R2]));
    const R3 = otherRoot('R3');
    at.later(DAY).apply(gccf(3, adds([], [addRoot(R3, [A, B])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    at.apply(gccf(4, adds([], [addRoot(R3, [A, B, C])])));
    expect(at.roots).toEqual(ids([R1, R2, R3]));
  });

  it('Q24: a quorum above the number of electors is ignored', () => {
    const at = play().apply(gccf(1));
    at.apply(file('gpf', globalPolicy(pg, { generationTime: T0, quorum: always(4) })));
    expect(quorumDecisions(at)).toEqual(['REJECT P_QUORUM']);
    expect(at.state.quorum).toBe(2);
  });

  it('Q25: a device that missed a removal and an addition counts whom it knows', () => {
    const at = play().apply(gccf(1, adds([], [addRoot(R2, [A, D])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(at.decisions[0]?.votes?.map(({ code }) => code)).toEqual(['OK', 'V_UNKNOWN_ELECTOR']);
  });

  it('Q26: an old device walks to the present with one file', () => {
    const bundle = gccf(1, adds([addElector(D, [B, C])], [addRoot(R1, [B, C, D])]));
    const at = play().apply(bundle);
    expect(at.verdicts).toEqual({
      'gccf electorEndorsements[0]': 'ACCEPT',
      'gccf rootCAEndorsements[0]': 'ACCEPT_NOOP',
    });
    expect(at.electors).toEqual(ids([A, B, C, D]));
  });

  it('Q27: votes of a removed elector do not help those it once voted for', () => {
    const addition = addElector(D, [A, B]);
    const heard = play().apply(gccf(1, adds([addition])));
    heard.apply(removes([removeElector(A, [B, C])]));
    expect(heard.electors).toEqual(ids([B, C, D]));
    const late = withoutA().apply(gccf(1, adds([addition])));
    expect(late.verdicts['gccf electorEndorsements[0]']).toBe('REJECT B_QUORUM');
  });

  it('Q28: an under-endorsed root goes only where the channel vouches for the file', () => {
    const under = adds([], [addRoot(R1, [A, B])]);
    const heard = withoutA().apply(gccf(1, under));
    expect(heard.roots).toEqual([id(R1)]);
    expect(heard.decisions.map(({ decision, code }) => `${decision} ${code}`)).toContain('REJECT G_UNDER_ENDORSED');
    const vouched = withoutA().apply(gccf(1, under, { authenticated: true }));
    expect(vouched.roots).toEqual([]);
    expect(vouched.decisions.map(({ decision, code }) => `${decision} ${code}`)).toContain('ACCEPT G_UNDER_ENDORSED');
    // What has its quorum stays.
    const endorsed = withoutA().apply(gccf(1, adds([], [addRoot(R1, [B, C])]), { authenticated: true }));
    expect(endorsed.roots).toEqual([id(R1)]);
  });

  it('Q29: removal wins over addition for roots, known or not', () => {
    for (const roots of [[R1], [R1, R2]]) {
      const bundle = [gccf(1, adds([], [addRoot(R2, [A, B])])), removes([], [removeRoot(R2, [B, C])])];
      for (const order of [bundle, [...bundle].reverse()]) {
        const at = play(device({ roots })).apply(...order);
        expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT AR_TOMBSTONE');
        expect(at.roots).toEqual([id(R1)]);
      }
    }
  });

  it('Q30: votes about certificates that differ in one octet are no ballot', () => {
    const bytes = R2.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    const mixed = ballotOf([
      vote(A, { type: 'addRoot', subject: R2 }),
      vote(B, { type: 'addRoot', subject: { bytes } }),
      vote(C, { type: 'addRoot', subject: R2 }),
    ]);
    const at = play().apply(gccf(1, adds([], [mixed])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_MIXED');
    expect(at.decisions[0]).toMatchObject({ proposition: 'addRoot', subject: id(R2) });
    const types = ballotOf([
      vote(A, { type: 'addRoot', subject: R2 }),
      vote(B, { type: 'removeRoot', subject: R2 }),
      vote(C, { type: 'addRoot', subject: R2 }),
    ]);
    expect(play().apply(gccf(1, adds([], [types]))).verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_MIXED');
  });

  it('Q31: a ballot is in force when a quorum of its votes is', () => {
    const request = { type: 'addRoot', subject: R2 } as const;
    const votes = ballotOf([
      vote(A, { ...request, effectiveTime: T0 + 10n * DAY }),
      vote(B, { ...request, effectiveTime: T0 + 20n * DAY }),
    ]);
    const at = play().apply(gccf(1, adds([], [votes])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('PENDING');
    expect(at.decisions[0]?.effectiveTime).toBe((T0 + 20n * DAY).toString());
    at.later(19n * DAY).apply();
    expect(at.roots).toEqual([id(R1)]);
    at.later(DAY - 1n).apply();
    expect(at.roots).toEqual([id(R1)]);
    at.later(1n).apply();
    expect(at.roots).toEqual(ids([R1, R2]));
    expect(at.decisions).toMatchObject([{ proposition: 'addRoot', part: 'pending', decision: 'ACCEPT' }]);
  });

  it('Q32: a ballot in a list for something else is no ballot', () => {
    const at = play().apply(gccf(1, adds([], [removeRoot(R1, [A, B])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_CONTEXT');
    expect(at.roots).toEqual([id(R1)]);
    at.apply(removes([removeRoot(R1, [A, B])], [removeElector(A, [B, C])]));
    expect(Object.values(at.verdicts)).toEqual(['REJECT B_CONTEXT', 'REJECT B_CONTEXT']);
    expect([at.roots, at.electors]).toEqual([[id(R1)], ids(ALL)]);
  });

  it('Q33: an elector among the certificates of a file is nobody', () => {
    const at = play().apply(gccf(1, { certs: [scms.ica, D] }));
    expect(at.electors).toEqual(ids(ALL));
    at.apply(gccf(2, adds([], [addRoot(R2, [A, D])])));
    expect(at.roots).toEqual([id(R1)]);
  });

  it('Q34: a root among the certificates of a file is nobody', () => {
    const at = play().apply(gccf(1, { certs: [scms.ica, R2] }));
    expect(at.roots).toEqual([id(R1)]);
    expect(at.state.certificates.map(({ hashedId8 }) => hashedId8)).not.toContain(id(R2));
  });

  it('Q35: two certificates of one key are one voter', () => {
    const again = renewed(A);
    const at = play().apply(gccf(1, adds([addElector(again, [B, C])])));
    expect(at.electors).toEqual(ids([A, B, C, again]));
    at.apply(gccf(2, adds([], [addRoot(R2, [A, again])])));
    expect(at.verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(at.decisions[0]?.votes?.map(({ code }) => code)).toEqual(['OK', 'B_DUPLICATE']);
    // Nor has it a vote on its own other certificate.
    at.apply(removes([removeElector(A, [again, B])]));
    expect(at.verdicts['crl revokedElectors[0]']).toBe('REJECT B_QUORUM');
  });

  it('Q36: a HashedId8 that two electors share means the one whose key verifies', () => {
    // The rules know certificates by what the context says of them; this one says that B and C share eight octets.
    const shared = sha256(Uint8Array.of(36)).slice(0, 8);
    const context = Object.assign(Object.create(CONTEXT), {
      examine: (certificates: Parameters<typeof CONTEXT.examine>[0]) =>
        CONTEXT.examine(certificates).map((facts) =>
          [B, C].some(({ fullHash }) => Buffer.from(fullHash).equals(Buffer.from(facts.hash)))
            ? Object.create(facts, { signerId8: { value: shared } })
            : facts,
        ),
    });
    const request = { type: 'addRoot', subject: R2, signer: { tag: 'digest', value: shared } } as const;
    const votes = (voters: (typeof A)[]): Uint8Array => ballotOf(voters.map((voter) => vote(voter, request)));
    const at = (octets: Uint8Array): Play =>
      new Play(device({}, context), undefined, context).apply(gccf(1, adds([], [octets])));
    expect(at(votes([B, C])).roots).toEqual(ids([R1, R2]));
    expect(at(votes([B, B])).verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
    expect(at(votes([B, D])).verdicts['gccf rootCAEndorsements[0]']).toBe('REJECT B_QUORUM');
  });

  it('Q37: junk votes and junk ballots buy no work', () => {
    const junk = vote(D, { type: 'addRoot', subject: R2 });
    const junkVotes = ballotOf([
      ...new Array(10_000).fill(junk),
      vote(A, { type: 'addRoot', subject: R2 }),
      vote(B, { type: 'addRoot', subject: R2 }),
    ]);
    const fewer = ballotOf([
      ...new Array(15).fill(junk),
      vote(A, { type: 'addRoot', subject: R2 }),
      vote(B, { type: 'addRoot', subject: R2 }),
    ]);
    const work = { jobs: 0, anchors: 0 };
    const context: typeof CONTEXT = Object.assign(Object.create(CONTEXT), {
      verifySignatures: (jobs: Parameters<typeof CONTEXT.verifySignatures>[0]) => {
        work.jobs += jobs.length;
        return CONTEXT.verifySignatures(jobs);
      },
      checkAnchors: (certificates: Parameters<typeof CONTEXT.checkAnchors>[0]) => {
        work.anchors += certificates.length;
        return CONTEXT.checkAnchors(certificates);
      },
    });
    const at = (...bundle: Parameters<Play['apply']>): Play => {
      const fresh = new Play(device({}, context), undefined, context);
      Object.assign(work, { jobs: 0, anchors: 0 });
      return fresh.apply(...bundle);
    };
    const code = ({ decisions: [first] }: Play): string => `${first?.part} ${first?.code}`;
    expect(code(at(gccf(1, adds([], [junkVotes]))))).toBe('rootCAEndorsements[0] B_SIZE');
    expect(work).toEqual({ jobs: 0, anchors: 0 });
    expect(code(at(removes([junkVotes])))).toBe('revokedElectors[0] B_SIZE');
    expect(code(at(file('ballot', junkVotes)))).toBe(' B_SIZE');
    expect(code(at(gccf(1, adds([], [fewer]))))).toBe('rootCAEndorsements[0] B_SIZE');
    expect(work).toEqual({ jobs: 0, anchors: 0 });
    const junkBallots = new Array(10_000).fill(addRoot(R2, [A, B]));
    expect(code(at(gccf(1, adds([], junkBallots))))).toBe('rootCAEndorsements G_SIZE');
    expect(code(at(removes(junkBallots)))).toBe('revokedElectors C_SIZE');
    expect(work).toEqual({ jobs: 0, anchors: 0 });
    // As many as fit are counted, and votes of nobody known are not verified.
    const most = ballotOf([
      ...new Array(14).fill(junk),
      vote(A, { type: 'addRoot', subject: R2 }),
      vote(B, { type: 'addRoot', subject: R2 }),
    ]);
    expect(at(gccf(1, adds([], [most]))).roots).toEqual(ids([R1, R2]));
    expect(work.jobs).toBe(2);
  });

  it('Q38: with no elector to spare none can be removed', () => {
    const at = withoutA().apply(removes([removeElector(B, [C])]));
    expect(at.verdicts['crl revokedElectors[0]']).toBe('REJECT B_QUORUM');
    at.apply(gccf(1, adds([addElector(D, [C])])));
    expect(at.verdicts['gccf electorEndorsements[0]']).toBe('REJECT B_QUORUM');
    at.apply(gccf(2, adds([addElector(D, [B, C])])), removes([removeElector(B, [C, D])]));
    // Removals are judged before D can vote.
    expect(at.electors).toEqual(ids([B, C, D]));
    at.apply(removes([removeElector(B, [C, D])]));
    expect(at.electors).toEqual(ids([C, D]));
  });

  it('Q39: where all electors are lost nothing can be decided in band', () => {
    const at = play(device({ quorum: 2 }));
    at.apply(removes([removeElector(A, [B, C]), removeElector(B, [A, C]), removeElector(C, [A, B])]));
    expect(at.electors).toEqual([]);
    expect(flagsOf(at.state)).toEqual(['FROZEN']);
    at.apply(gccf(1, adds([addElector(D, ALL)], [addRoot(R2, ALL)])), removes([], [removeRoot(R1, ALL)]));
    expect(Object.values(at.verdicts)).toEqual(['REJECT B_QUORUM', 'REJECT B_QUORUM', 'REJECT B_QUORUM']);
    expect(at.roots).toEqual([id(R1)]);
  });

  it('Q40: votes do not mend a certificate that does not sign itself', () => {
    const flawed = { signingKey: F.key };
    const badElector = elector('flawed', flawed);
    const badRoot = otherRoot('flawed', flawed);
    const at = play().apply(gccf(1, adds([addElector(badElector, ALL)], [addRoot(badRoot, ALL)])));
    expect(at.verdicts).toEqual({
      'gccf electorEndorsements[0]': 'REJECT AE_CERT',
      'gccf rootCAEndorsements[0]': 'REJECT AR_CERT',
    });
    expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R1)]]);
  });
});

it('judges every ballot by who votes in the end, also beside another that has passed (I9)', () => {
  const ballots = [addElector(B, [A, C]), addElector(D, [A, B]), addElector(B, [A, D])];
  expect(new Play().apply(gccf(1, adds(ballots))).verdicts).toMatchObject({
    'gccf electorEndorsements[0]': 'ACCEPT_NOOP',
    'gccf electorEndorsements[1]': 'ACCEPT',
    'gccf electorEndorsements[2]': 'ACCEPT_NOOP',
  });
});
