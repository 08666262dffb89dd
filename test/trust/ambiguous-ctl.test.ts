import { describe, expect, it } from 'vitest';
import { ctlSignature, electorEntry, homeCertificateChain, homeCompositeCrl } from '../../src/testbed/trust/index.ts';
import { flagsOf } from '../../src/trust/index.ts';
import {
  A,
  addRoot,
  adds,
  B,
  C,
  CONTEXT,
  ctl,
  ctlDevice,
  D,
  DAY,
  device,
  elector,
  F,
  file,
  GROUP,
  GROUP_OCTETS,
  gccf,
  id,
  ids,
  otherRoot,
  Play,
  R1,
  R2,
  removeElector,
  removes,
  renewed,
  scms,
  T0,
} from './support.ts';

const ALL = [A, B, C];
const play = (init: Parameters<typeof ctlDevice>[0] = {}): Play => new Play(ctlDevice(init));
const SECONDS = Number(T0 / 1_000_000n);
const votes = ({ decisions }: Play): string[] | undefined =>
  decisions.find(({ proposition }) => proposition === 'ctl')?.votes?.map(({ code }) => code);

/** Situations that cannot arise where a whole list is signed. */
const NO_CTL_FORM: Readonly<Record<string, string>> = {
  Q5: 'a list has no subject: whoever signs it signs for all entries, itself included or left out',
  Q27: 'a list carries the signatures of those who are electors now, never old ones',
  Q28: 'roots are on the list or not: there is no root with too few signatures',
};

describe('the forty ambiguous situations (ROOT-MANAGEMENT B.7), with CTLs', () => {
  it('Q1: two signatures by the same elector spoil the list', () => {
    const at = play().apply(ctl(1, { electors: ALL, signers: [A, A] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_DUPLICATE' });
    expect(at.state.mode).toBe('ballots');
  });

  it('Q2: so they do beside a second elector', () => {
    expect(play().apply(ctl(1, { electors: ALL, signers: [A, A, B] })).verdicts).toEqual({ ctl: 'REJECT T_DUPLICATE' });
  });

  const withoutA = (): Play => play().apply(ctl(1, { electors: [B, C], signers: [B, C] }));

  it('Q3: an elector that is no longer on the list cannot sign the next', () => {
    const at = withoutA().apply(ctl(2, { electors: [B, C], signers: [A, B] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(votes(at)).toEqual(['V_REVOKED_ELECTOR', 'OK']);
  });

  it('Q4: its signature does no harm beside a quorum of others', () => {
    const at = withoutA().apply(ctl(2, { electors: [B, C, D], signers: ALL }));
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT' });
    expect(at.electors).toEqual(ids([B, C, D]));
  });

  it('Q6: a list without it removes an elector, for good', () => {
    const at = withoutA();
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT' });
    expect(at.electors).toEqual(ids([B, C]));
    expect(at.state.tombstones.map(({ hashedId8 }) => hashedId8)).toEqual([id(A)]);
    expect(flagsOf(at.state)).toEqual(['DEGRADED']);
  });

  it('Q7: who is on no list yet cannot sign for itself', () => {
    const at = play().apply(ctl(1, { electors: [...ALL, D], signers: [D, B] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
  });

  it('Q8: a new elector signs the next list, in one bundle and any order', () => {
    const lists = [
      ctl(1, { electors: [...ALL, D], signers: [B, C] }, 'one'),
      ctl(2, { electors: [...ALL, D], roots: [R1, R2], signers: [C, D] }, 'two'),
    ];
    for (const order of [lists, [...lists].reverse()]) {
      const at = play().apply(...order);
      expect(at.verdicts).toEqual({ one: 'ACCEPT', two: 'ACCEPT' });
      expect(at.roots).toEqual(ids([R1, R2]));
    }
  });

  it('Q9: two that sign for each other have no foothold', () => {
    expect(play().apply(ctl(1, { electors: [...ALL, D, F], signers: [D, F] })).verdicts).toEqual({
      ctl: 'REJECT T_VOTES',
    });
  });

  it('Q10: what follows a removal needs those who are left', () => {
    const lists = [
      ctl(1, { electors: [B, C], signers: [B, C] }, 'one'),
      ctl(2, { electors: [B, C], roots: [R1, R2], signers: [A, B] }, 'two'),
    ];
    for (const order of [lists, [...lists].reverse()]) {
      const at = play().apply(...order);
      expect(at.verdicts).toEqual({ one: 'ACCEPT', two: 'REJECT T_VOTES' });
      expect(at.roots).toEqual([id(R1)]);
    }
  });

  it('Q11: what was accepted before a removal stays while it is listed', () => {
    const at = play().apply(ctl(1, { electors: ALL, roots: [R1, R2], signers: [A, B] }));
    at.later(DAY).apply(ctl(2, { electors: [B, C], roots: [R1, R2], signers: [B, C] }));
    expect([at.electors, at.roots]).toEqual([ids([B, C]), ids([R1, R2])]);
  });

  it('Q12: of two lists of one number one counts, whichever comes first', () => {
    const lists = [
      ctl(1, { electors: [B, C], signers: [B, C] }, 'without A'),
      ctl(1, { electors: [A, B], signers: [A, B] }, 'without C'),
    ];
    const [one, other] = [lists, [...lists].reverse()].map((order) => play().apply(...order));
    expect(one?.electors).toEqual(other?.electors);
    expect(Object.values(one?.verdicts ?? {}).sort()).toEqual(['ACCEPT', 'REJECT T_EQUIVOCATION']);
  });

  it('Q13: on two days the first one stands', () => {
    const at = withoutA().later(DAY);
    at.apply(ctl(1, { electors: [A, B], signers: [A, B] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_EQUIVOCATION' });
    expect(at.electors).toEqual(ids([B, C]));
  });

  it('Q14: an elector that a list both approves and removes is not trusted', () => {
    const at = play().apply(ctl(1, { electors: [...ALL, D], electorRemove: [D], signers: [B, C] }));
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT', 'ctl tbsCtl': 'REJECT T_ENTRY' });
    expect(at.electors).toEqual(ids(ALL));
  });

  it('Q15, Q16: an older list brings nobody back', () => {
    const old = ctl(1, { electors: [...ALL, D], signers: [B, C] }, 'old');
    const at = play().apply(old);
    at.apply(ctl(2, { electors: ALL, roots: [R2], signers: [B, C] })).later(DAY);
    expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R2)]]);
    at.apply(old);
    expect(at.verdicts).toEqual({ old: 'REJECT T_ROLLBACK' });
    expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R2)]]);
  });

  it('Q17: a list that is repeated changes nothing', () => {
    const list = ctl(1, { electors: [B, C], signers: [B, C] });
    const at = play().apply(list);
    const { revision } = at.state;
    at.later(DAY).apply(list);
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT_NOOP' });
    // Nor do other signatures of the same list.
    at.apply(ctl(1, { electors: [B, C], signers: [C, B] }));
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT_NOOP' });
    expect(at.state.revision).toBe(revision);
  });

  it('Q18: a fresh list does not bring back what was removed, nor another certificate of its key', () => {
    const at = withoutA().apply(ctl(2, { electors: [A, B, C], signers: [B, C] }));
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT', 'ctl tbsCtl': 'REJECT T_TOMBSTONE' });
    expect(at.electors).toEqual(ids([B, C]));
    at.apply(ctl(3, { electors: [renewed(A), B, C], signers: [B, C] }));
    expect(at.electors).toEqual(ids([B, C]));
    // Nor what ballots have removed before.
    const before = play().apply(removes([removeElector(A, [B, C])]));
    before.apply(ctl(1, { electors: ALL, signers: [B, C] }));
    expect(before.electors).toEqual(ids([B, C]));
  });

  it('Q19: an expired elector is as good as lost', () => {
    const shortLived = elector('short-lived', { hours: 24 * 30, years: 0 });
    const at = play({ electors: [A, shortLived, C] }).later(40n * DAY);
    at.apply(ctl(1, { electors: [A, C], signers: [shortLived, C] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(votes(at)).toEqual(['V_EXPIRED_ELECTOR', 'OK']);
  });

  it('Q20: what was accepted stays when a signer expires', () => {
    const shortLived = elector('short-lived', { hours: 24 * 30, years: 0 });
    const at = play({ electors: [A, shortLived, C] });
    at.apply(ctl(1, { electors: [A, shortLived, C], roots: [R1, R2], signers: [shortLived, C] }));
    at.later(40n * DAY).apply();
    expect(at.roots).toEqual(ids([R1, R2]));
  });

  it('Q21: signatures of electors that are not valid yet are void', () => {
    const early = elector('early', { start: SECONDS + 3600 });
    const at = play({ electors: [A, early, C] });
    at.apply(ctl(1, { electors: [A, early, C], signers: [early, C] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
  });

  it('Q22: a list that lowers the quorum needs the old one, and stays above the floor', () => {
    const at = play().apply(ctl(1, { electors: ALL, quorum: 1, signers: [A] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_QUORUM' });
    expect(at.decisions[0]?.detail).toContain('T_VOTES');
    const high = play({ quorum: 3 }).apply(ctl(1, { electors: ALL, quorum: 2, signers: [A, B] }));
    expect(high.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    high.apply(ctl(1, { electors: ALL, quorum: 2, signers: ALL }));
    expect([high.verdicts, high.state.quorum]).toEqual([{ ctl: 'ACCEPT' }, 2]);
  });

  it('Q23: a raised quorum counts from the next list', () => {
    const at = play().apply(ctl(1, { electors: ALL, quorum: 3, signers: [A, B] }));
    expect([at.verdicts, at.state.quorum]).toEqual([{ ctl: 'ACCEPT' }, 3]);
    expect(at.apply(ctl(2, { electors: ALL, signers: [A, B] })).verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(at.apply(ctl(2, { electors: ALL, signers: ALL })).state.quorum).toBe(3);
  });

  it('Q24: a quorum above the number of approved electors is refused with its list', () => {
    expect(play().apply(ctl(1, { electors: ALL, quorum: 4, signers: [A, B] })).verdicts).toEqual({
      ctl: 'REJECT T_QUORUM',
    });
  });

  it('Q25: a device that missed lists is stranded when too few signers are left that it knows', () => {
    const at = play().apply(ctl(1, { electors: ALL, signers: [A, B] }));
    at.apply(ctl(4, { electors: [A, D, F], signers: [A, D] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_STRANDED' });
    expect(votes(at)).toEqual(['OK', 'V_UNKNOWN_ELECTOR']);
  });

  it('Q26: an old device skips lists as long as it knows a quorum of signers', () => {
    const at = play().apply(ctl(7, { electors: [B, C, D], signers: [B, C, D] }));
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT' });
    expect(at.electors).toEqual(ids([B, C, D]));
  });

  it('Q29: a root that a list both approves and removes is not trusted', () => {
    const at = play().apply(ctl(1, { electors: ALL, roots: [R1, R2], rootCaRemove: [R2], signers: [B, C] }));
    expect(at.roots).toEqual([id(R1)]);
  });

  it('Q30: signatures of different lists are not counted together', () => {
    const base = { electorGroupId: GROUP_OCTETS, sequenceNumber: 1, effectiveDate: SECONDS, signers: [] };
    const one = { ...base, electors: ALL, roots: [R1, R2] };
    const signatures = [ctlSignature(A, one), ctlSignature(B, { ...one, roots: [R1] })];
    const at = play().apply(ctl(1, { ...one, signatures }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(votes(at)).toEqual(['OK', 'T_HASH']);
  });

  it('Q31: a list is in force from its date on', () => {
    const at = play().apply(
      ctl(1, { electors: ALL, roots: [R1, R2], effectiveDate: SECONDS + 10 * 86_400, signers: [A, B] }),
    );
    expect(at.verdicts).toEqual({ ctl: 'PENDING' });
    expect(at.later(10n * DAY - 1n).apply().roots).toEqual([id(R1)]);
    at.later(1n).apply();
    expect([at.verdicts, at.roots]).toEqual([{ 'ctl pending': 'ACCEPT' }, ids([R1, R2])]);
  });

  it('Q32: a list, and signatures, of another type or group are refused', () => {
    const base = { electors: ALL, signers: [A, B] };
    const verdict = (change: Parameters<typeof ctl>[1]): unknown => play().apply(ctl(1, change)).verdicts.ctl;
    expect(verdict({ ...base, type: 2 })).toBe('REJECT T_TYPE');
    expect(verdict({ ...base, tbs: { type: 2 } })).toBe('REJECT T_TYPE');
    expect(verdict({ ...base, electorGroupId: new Uint8Array(8) })).toBe('REJECT T_GROUP');
    expect(verdict({ ...base, signature: { ctlType: 2 } })).toBe('REJECT T_VOTES');
    expect(verdict({ ...base, message: { psid: 0x24 } })).toBe('REJECT T_VOTES');
    expect(new Play(ctlDevice({ electorGroupId: null })).apply(ctl(1, base)).verdicts).toEqual({
      ctl: 'REJECT T_GROUP',
    });
  });

  it('Q33, Q34: certificates that come along but are not approved are nobody', () => {
    const at = play().apply(ctl(1, { electors: ALL, signers: [A, B], unsigned: [...ALL, D, R1, R2] }));
    expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R1)]]);
  });

  it('Q35: two certificates of one key are one signer', () => {
    const again = renewed(A);
    const at = play().apply(ctl(1, { electors: [...ALL, again], signers: [B, C] }));
    expect(at.electors).toEqual(ids([...ALL, again]));
    at.apply(ctl(2, { electors: ALL, signers: [A, again] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_DUPLICATE' });
  });

  it('Q36: a HashedId8 that two electors share means the one whose key verifies', () => {
    const shared = new Uint8Array(8).fill(36);
    const context = Object.assign(Object.create(CONTEXT), {
      examine: (certificates: Parameters<typeof CONTEXT.examine>[0]) =>
        CONTEXT.examine(certificates).map((facts) =>
          [B, C].some(({ fullHash }) => Buffer.from(fullHash).equals(Buffer.from(facts.hash)))
            ? Object.create(facts, { signerId8: { value: shared } })
            : facts,
        ),
    });
    const signer = { tag: 'digest' as const, value: shared };
    const at = (signers: (typeof A)[], other: (typeof A)[] = []): Play => {
      const one = {
        electorGroupId: GROUP_OCTETS,
        sequenceNumber: 1,
        effectiveDate: SECONDS,
        electors: ALL,
        roots: [R1, R2],
      };
      const signatures = [
        ...signers.map((who) => ctlSignature(who, { ...one, signers, message: { signer } })),
        ...other.map((who) => ctlSignature(who, { ...one, signers: other })),
      ];
      return new Play(device({ electorGroupId: GROUP }, context), undefined, context).apply(
        ctl(1, { ...one, signers, signatures }),
      );
    };
    expect(at([C], [A]).roots).toEqual(ids([R1, R2]));
    expect(at([B, C]).roots).toEqual(ids([R1, R2]));
    expect(at([B, B]).verdicts).toEqual({ ctl: 'REJECT T_DUPLICATE' });
    expect(at([D], [A]).verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
  });

  it('Q37: junk signatures buy no work', () => {
    const jobs: number[] = [];
    const context: typeof CONTEXT = Object.assign(Object.create(CONTEXT), {
      verifySignatures: (all: Parameters<typeof CONTEXT.verifySignatures>[0]) => {
        jobs.push(all.length);
        return CONTEXT.verifySignatures(all);
      },
    });
    const request = {
      electorGroupId: GROUP_OCTETS,
      sequenceNumber: 1,
      effectiveDate: SECONDS,
      electors: ALL,
      roots: [R1],
      signers: ALL,
    };
    const good = ALL.map((one) => ctlSignature(one, request));
    const junk = ctlSignature(D, request);
    const at = (count: number): Play =>
      new Play(ctlDevice(), undefined, context).apply(
        ctl(1, { ...request, signatures: [...new Array(count).fill(junk), ...good] }),
      );
    expect(at(10_000).verdicts).toEqual({ 'ctl signatures': 'REJECT T_SIZE' });
    expect(at(1).verdicts).toEqual({ ctl: 'REJECT T_SIZE' });
    expect(at(50).verdicts).toEqual({ ctl: 'REJECT T_SIZE' });
    expect(jobs).toEqual([]);
  });

  it('Q38: with no elector to spare all that are left have to sign', () => {
    const at = withoutA().apply(ctl(2, { electors: [C, D], signers: [C] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(at.apply(ctl(2, { electors: [C, D], signers: [B, C] })).electors).toEqual(ids([C, D]));
  });

  it('Q39: where all electors are lost no list can follow', () => {
    const [x, y] = ['x', 'y'].map((name) => elector(name, { hours: 24, years: 0, start: SECONDS - 3600 })) as [
      typeof A,
      typeof A,
    ];
    const at = play()
      .apply(ctl(1, { electors: [x, y], signers: [A, B] }))
      .later(10n * DAY);
    at.apply(ctl(2, { electors: ALL, signers: [x, y] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_VOTES' });
    expect(flagsOf(at.state)).toEqual(['FROZEN']);
  });

  it('Q40: approval does not mend a certificate that does not sign itself', () => {
    const badElector = elector('flawed', { signingKey: F.key });
    const badRoot = otherRoot('flawed', { signingKey: F.key });
    const at = play().apply(ctl(1, { electors: [...ALL, badElector], roots: [R1, badRoot], signers: [A, B] }));
    expect(at.decisions.map(({ proposition, code }) => `${proposition} ${code}`)).toEqual([
      'ctl OK',
      'addElector T_ENTRY',
      'addRoot T_ENTRY',
    ]);
    expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R1)]]);
  });

  it('every situation has a test with CTLs, or none and a reason', async () => {
    const { readFileSync } = await import('node:fs');
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const tested = [...source.matchAll(/^ {2}it\('((?:Q\d+(?:, )?)+)/gm)].flatMap(
      ([, names]) => names?.split(', ') ?? [],
    );
    const all = [...tested, ...Object.keys(NO_CTL_FORM)].sort();
    expect(all).toEqual(Array.from({ length: 40 }, (_, i) => `Q${i + 1}`).sort());
  });
});

describe('beside the list (DECISIONS D34)', () => {
  it('MODE_CTL: once a CTL was accepted ballots are refused', () => {
    const list = ctl(1, { electors: ALL, signers: [A, B] });
    const ballots = [gccf(1, adds([], [addRoot(R2, ALL)])), removes([removeElector(A, [B, C])])];
    for (const bundle of [
      [list, ...ballots],
      [...ballots, list],
    ]) {
      const at = play().apply(...bundle);
      expect(at.verdicts).toEqual({
        ctl: 'ACCEPT',
        'gccf rootCAEndorsements[0]': 'REJECT MODE_CTL',
        'crl revokedElectors[0]': 'REJECT MODE_CTL',
      });
      expect([at.electors, at.roots]).toEqual([ids(ALL), [id(R1)]]);
    }
  });

  it('T7: certificates, CRLs and the list of the home group travel together', () => {
    const request = {
      electorGroupId: GROUP_OCTETS,
      sequenceNumber: 1,
      effectiveDate: SECONDS,
      electors: ALL,
      roots: [R1],
      signers: [A, B],
    };
    const at = play().apply(file('chain', homeCertificateChain(request, [scms.ica, scms.pca, scms.crlg])));
    expect(at.state).toMatchObject({ mode: 'ctl', ctl: { sequenceNumber: 1 } });
    expect(at.state.certificates.map(({ source, hashedId8 }) => `${source} ${hashedId8}`).sort()).toEqual(
      [scms.ica, scms.pca, scms.crlg].map((one) => `ctl ${id(one)}`).sort(),
    );
    at.apply(file('crl', homeCompositeCrl([], { ...request, sequenceNumber: 2 })));
    expect(at.verdicts).toEqual({ 'crl homeCtl': 'ACCEPT' });
  });

  it('T2: the last sequence number and T3: an earlier date are refused', () => {
    expect(play().apply(ctl(0xffff, { electors: ALL, signers: [A, B] })).verdicts).toEqual({
      ctl: 'REJECT T_EXHAUSTED',
    });
    const at = play().apply(ctl(1, { electors: ALL, signers: [A, B] }));
    at.apply(ctl(2, { electors: ALL, signers: [A, B], effectiveDate: SECONDS - 1 }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_EFFECTIVE_DATE' });
  });

  it('AE5: a list that does not fit is refused as a whole', () => {
    const at = play({ maxElectors: 3 }).apply(ctl(1, { electors: [...ALL, D], signers: [A, B] }));
    expect(at.verdicts).toEqual({ ctl: 'REJECT T_STORE_FULL' });
  });

  it('T6: entries without their certificate are not trusted', () => {
    const at = play().apply(ctl(1, { electors: [...ALL, D], signers: [A, B], unsigned: [R1] }));
    expect(at.electors).toEqual(ids(ALL));
    expect(electorEntry(D).length).toBe(48);
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT', 'ctl tbsCtl': 'REJECT T_ENTRY' });
  });

  it.each(['ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const)('electors on %s', (curve) => {
    const electors = ['A', 'B', 'C'].map((name) => elector(`${curve} ${name}`, { curve })) as [
      typeof A,
      typeof A,
      typeof A,
    ];
    const root = otherRoot(curve, { curve });
    const at = play({ electors, roots: [root] }).apply(
      ctl(1, { electors: [...electors, D], roots: [root, R1], signers: electors.slice(0, 2) }),
    );
    expect(at.verdicts).toEqual({ ctl: 'ACCEPT' });
    expect([at.electors, at.roots]).toEqual([ids([...electors, D]), ids([root, R1])]);
  });
});

describe('certificates beside the list, which nobody signs', () => {
  const next = { electors: [C, D, F], signers: [A, B, C], roots: [R1, R2] };

  it('completes the list in force, should a copy without them have come first', () => {
    const play = new Play(ctlDevice());
    expect(play.apply(ctl(1, { ...next, unsigned: [] })).electors).toEqual(ids([C]));
    expect(play.apply(ctl(1, { ...next, unsigned: [D, R2] })).verdicts).toMatchObject({
      ctl: 'ACCEPT',
    });
    expect(play.electors).toEqual(ids([C, D]));
    expect(play.apply(ctl(1, next)).electors).toEqual(ids([C, D, F]));
    expect(play.roots).toEqual(ids([R1, R2]));
    const { revision } = play.state;
    expect(play.apply(ctl(1, next), ctl(1, { ...next, unsigned: [] }, 'bare')).verdicts).toEqual({
      ctl: 'ACCEPT_NOOP',
      bare: 'ACCEPT_NOOP',
    });
    expect(play.state.revision).toBe(revision);
  });

  it('does not bury a key for good that a renewed certificate on the list has', () => {
    const again = renewed(A);
    const request = { electors: [again, B, C], signers: [A, B] };
    const play = new Play(ctlDevice());
    play.apply(ctl(1, { ...request, unsigned: [] })).apply(ctl(1, request));
    expect(play.electors).toEqual(ids([again, B, C]));
    expect(play.state.tombstones).toEqual([]);
  });

  it('brings nobody back whom an earlier list has left out', () => {
    const again = renewed(A);
    const play = new Play(ctlDevice()).apply(ctl(1, { electors: [B, C], signers: [B, C] }));
    const request = { electors: [again, B, C], signers: [B, C] };
    play.apply(ctl(2, { ...request, unsigned: [] })).apply(ctl(2, request));
    expect(play.electors).toEqual(ids([B, C]));
  });

  it('keeps the fuller copy of a list that waits', () => {
    const effectiveDate = Number((T0 + DAY) / 1_000_000n);
    const play = new Play(ctlDevice());
    play.apply(ctl(1, { ...next, effectiveDate, unsigned: [] })).apply(ctl(1, { ...next, effectiveDate }));
    play.apply(ctl(1, { ...next, effectiveDate, unsigned: [] }));
    expect(play.later(DAY).apply().electors).toEqual(ids([C, D, F]));
  });
});

it('says of two lists of one number that one is refused, also while the other waits (T2)', () => {
  const effectiveDate = Number((T0 + DAY) / 1_000_000n);
  const play = new Play(ctlDevice()).apply(ctl(1, { electors: [A, B, C], signers: [A, B], effectiveDate }));
  const other = ctl(1, { electors: [A, B, C], roots: [R1, R2], signers: [B, C], effectiveDate }, 'other');
  expect(play.apply(other).verdicts).toEqual({ other: 'REJECT T_EQUIVOCATION' });
});
