/** D42: an unauthenticated chain file only ever adds; nothing that was there is lost, and nothing genuine is kept out. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/coer/index.ts';
import { issueCrl } from '../../src/testbed/crls.ts';
import { type Credential, issueExplicit, named, scmsRole } from '../../src/testbed/index.ts';
import { globalPolicy, homeCertificateChain, localChainFile } from '../../src/testbed/trust/index.ts';
import { MAX_COMPONENTS } from '../../src/trust/components.ts';
import { type Decision, flagsOf, misbehaviourAuthorities, type TrustState } from '../../src/trust/index.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  crl,
  ctlDevice,
  D,
  DAY,
  device,
  file,
  GROUP_OCTETS,
  gccf,
  id,
  ids,
  Play,
  pg,
  R1,
  R2,
  removeRoot,
  removes,
  scms,
  scms2,
  T0,
} from './support.ts';

const endorsed = adds([], [addRoot(R1, [A, B])]);
const genuine = { authenticated: true };
const held = (state: TrustState): string[] => state.certificates.map(({ hashedId8 }) => hashedId8).sort();
const codes = ({ decisions }: Play): string[] =>
  decisions.map(({ proposition, part, decision, code }) =>
    [proposition, part, decision, code === 'OK' ? '' : code].filter((text) => text !== '').join(' '),
  );
const find = ({ decisions }: Play, proposition: string): Decision | undefined =>
  decisions.find((one) => one.proposition === proposition);

/** A component that no file has listed yet. */
const component = (name: string, fields = {}, of: typeof scms = scms): Credential =>
  issueExplicit({ issuer: of.ica, key: of.ra.key, fields: { ...of.ra.toBeSigned, id: named(name), ...fields } });

describe('an unauthenticated chain file (D42)', () => {
  it('adds certificates and removes none', () => {
    const at = new Play().apply(gccf(1, endorsed)).apply(gccf(2, { ...endorsed, certs: [scms.ica, pg] }));
    expect(held(at.state)).toEqual(ids([scms.ma, scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg, pg]));
    expect(find(at, 'chainFile')).toMatchObject({ decision: 'ACCEPT', detail: 'version 2, not authenticated' });
  });

  it.each([
    ['of another SCMS', gccf(9, { ...adds([], [addRoot(R2, [R2])]), ma: scms2.ma, certs: [scms2.ica, scms2.pca] })],
    ['without a vote and with a CA for its MA', gccf(60_000, { ma: scms.ica, certs: [] })],
  ])('%s changes nothing and is G_NOTHING', (_, forged) => {
    const at = new Play().apply(gccf(1, endorsed));
    const { state } = at;
    at.apply(forged);
    expect(at.state).toEqual({ ...state, clock: at.state.clock });
    expect(find(at, 'chainFile')).toMatchObject({ decision: 'REJECT', code: 'G_NOTHING' });
    expect(at.decisions.map(({ code }) => code)).not.toContain('G_UNDER_ENDORSED');
    expect(find(at.apply(gccf(2, { ...endorsed, certs: [scms.ica, pg] })), 'chainFile')?.decision).toBe('ACCEPT');
    expect(held(at.state)).toContain(id(pg));
  });

  it('an authenticated one of which nothing is accepted changes nothing either', () => {
    const at = new Play().apply(gccf(1, endorsed, genuine));
    const { state } = at;
    at.apply(gccf(9, { ma: scms2.ma, certs: [scms2.ica] }, genuine));
    expect(at.state).toEqual(state);
    expect(find(at, 'chainFile')).toMatchObject({ decision: 'REJECT', code: 'G_NOTHING' });
    expect(at.roots).toEqual([id(R1)]);
    expect(find(at.apply(gccf(2, endorsed, genuine)), 'chainFile')?.decision).toBe('ACCEPT');
  });

  it('ACCEPT_NOOP counts as accepted: the same file again is no G_NOTHING', () => {
    const at = new Play().apply(gccf(1, endorsed)).apply(gccf(1, endorsed));
    expect(find(at, 'chainFile')).toMatchObject({ decision: 'ACCEPT_NOOP', code: 'OK' });
    expect(new Set(at.decisions.map(({ decision }) => decision))).toEqual(new Set(['ACCEPT_NOOP']));
  });

  it('a forged version keeps no later file out, authenticated or not', () => {
    const at = new Play().apply(gccf(60_000, { ...endorsed, certs: [scms.ica] }));
    expect(at.state.chainFiles.global).toMatchObject({ newest: { version: [60_000] }, authenticated: null });
    expect(find(at.apply(gccf(2, endorsed)), 'chainFile')?.decision).toBe('ACCEPT');
    expect(find(at.apply(gccf(3, endorsed, genuine)), 'chainFile')?.decision).toBe('ACCEPT');
    expect(at.state.chainFiles.global).toMatchObject({ newest: { version: [3] }, authenticated: { version: [3] } });
  });

  it('the version shown is that of the newest file all of whose certificates validate in their roles', () => {
    const at = new Play().apply(gccf(1, endorsed));
    const shown = (): readonly number[] | undefined => at.state.chainFiles.global.newest?.version;
    at.apply(gccf(7, { ...endorsed, certs: [scms.ica, scms2.pca] }));
    expect(shown()).toEqual([1]);
    at.apply(gccf(7, { ...endorsed, ma: scms.ica }));
    expect(shown()).toEqual([1]);
    at.apply(gccf(7, { ...endorsed, certs: [R1, scms.ica] }));
    expect(shown()).toEqual([7]);
  });

  it('the policy stays, whatever the file leaves out or lists in another encoding', () => {
    const at = new Play()
      .apply(gccf(1, { certs: [scms.ica, pg] }))
      .apply(file('gpf', globalPolicy(pg, { generationTime: T0 }, { signer: 'digest' })));
    expect(at.state.policy?.policyId).toBe('gpf');
    const again = issueExplicit({ issuer: scms.ica, key: pg.key, fields: pg.toBeSigned, keyForm: 'uncompressed' });
    expect([toHex(again.fullHash), again.bytes.length]).not.toEqual([toHex(pg.fullHash), pg.bytes.length]);
    const parts = { ma: scms.ma, certs: [again] };
    const local = localChainFile({ gccfVersion: 1, lccfVersion: 1, raHostname: 'ra' }, parts);
    at.apply(gccf(2, { certs: [again] }), file('lccf', local)).apply(gccf(3, { certs: [] }));
    at.apply(removes([], [removeRoot(R2, [A, B])]));
    expect(at.state.policy?.policyId).toBe('gpf');
    expect(at.decisions.map(({ code }) => code)).not.toContain('P_DROPPED');
  });

  it('the policy stays with its own encoding of its signer when a file brings another one', () => {
    const again = issueExplicit({ issuer: scms.ica, key: pg.key, fields: pg.toBeSigned, keyForm: 'uncompressed' });
    const policy = globalPolicy(pg, { generationTime: T0 }, { signer: 'digest' });
    const at = new Play().apply(gccf(1, { certs: [scms.ica, pg] })).apply(file('gpf', policy));
    // An authenticated file may leave the generator out; the policy keeps the certificates that it was accepted with.
    at.apply(gccf(2, { ...endorsed, certs: [scms.ica] }, genuine)).apply(gccf(3, { certs: [again] }));
    expect(held(at.state)).toContain(id(pg));
    expect(at.state.policy?.policyId).toBe('gpf');
  });

  it('of several encodings of one certificate in a bundle one is kept, in any order', () => {
    const again = issueExplicit({ issuer: scms.ica, key: pg.key, fields: pg.toBeSigned, keyForm: 'uncompressed' });
    const parts = { ma: scms.ma, certs: [scms.ica, again] };
    const files = [
      gccf(1, { certs: [scms.ica, pg] }),
      file('lccf', localChainFile({ gccfVersion: 1, lccfVersion: 1, raHostname: 'ra' }, parts)),
    ];
    const kept = [files, [...files].reverse()].map((bundle) => {
      const { certificates } = new Play().apply(...bundle).state;
      return certificates.filter(({ hashedId8 }) => hashedId8 === id(pg)).map(({ certificate }) => certificate);
    });
    expect(kept[0]).toHaveLength(2);
    expect(new Set(kept.flat()).size).toBe(1);
  });

  it('of several encodings of one certificate the one that is kept stays', () => {
    const at = new Play().apply(gccf(1, endorsed));
    const before = at.state.certificates.find(({ hashedId8 }) => hashedId8 === id(scms.pca))?.certificate;
    const bytes = scms.pca.bytes.slice();
    const forms = [{ rForm: 'compressed' as const }, { keyForm: 'uncompressed' as const }];
    const others = forms.map((form) =>
      issueExplicit({ issuer: scms.ica, key: scms.pca.key, fields: scms.pca.toBeSigned, ...form }),
    );
    expect(others.every((other) => toHex(other.bytes) !== toHex(bytes))).toBe(true);
    at.apply(gccf(2, { certs: [scms.ica, ...others] }));
    const entries = at.state.certificates.filter(({ hashedId8 }) => hashedId8 === id(scms.pca));
    expect(entries.map(({ certificate }) => certificate)).toEqual([before]);
    const parts = { ...endorsed, ma: scms.ma, certs: [scms.ica, ...others] };
    at.apply(file('lccf', localChainFile({ gccfVersion: 1, lccfVersion: 1, raHostname: 'ra' }, parts)));
    const all = at.state.certificates.filter(({ hashedId8 }) => hashedId8 === id(scms.pca));
    expect(all.map(({ source, certificate }) => [source, certificate])).toEqual([
      ['global', before],
      ['local', before],
    ]);
  });
});

it('a component certificate of an unauthenticated file for the key of an elector to come keeps that elector out of nothing', () => {
  const more = { id: named('the key of D'), appPermissions: [scmsRole('ra')] };
  const squatter = issueExplicit({ issuer: scms.ica, key: D.key, fields: { ...scms.ra.toBeSigned, ...more } });
  const list = { ...endorsed, certs: [scms.ica, squatter] };
  const brings = gccf(2, adds([addElector(D, [B, C])], [addRoot(R1, [A, B, C])]));
  const at = new Play().apply(gccf(1, list)).apply(brings);
  expect(find(at, 'addElector')).toMatchObject({ decision: 'ACCEPT', code: 'OK' });
  expect(new Play().apply(gccf(1, list, genuine)).apply(brings).verdicts).toMatchObject({
    'gccf electorEndorsements[0]': 'REJECT AE_ROLE',
  });
});

describe('how a component certificate goes (D42)', () => {
  it('by a CRL', () => {
    const list = issueCrl(scms, { kind: 'fullHashCrl', series: 2, certificates: [scms.pca], issueDate: scms.start });
    const at = new Play().apply(gccf(1, endorsed)).apply(crl({ crls: [list] }));
    expect(held(at.state)).not.toContain(id(scms.pca));
    expect(held(at.apply(gccf(2, endorsed)).state)).not.toContain(id(scms.pca));
  });

  it('with its root', () => {
    const at = new Play().apply(gccf(1, endorsed)).apply(removes([], [removeRoot(R1, [A, B])]));
    expect([held(at.state), flagsOf(at.state)]).toEqual([[], ['NO_ROOT']]);
  });

  it('by an authenticated chain file that leaves it out', () => {
    const at = new Play().apply(gccf(1, endorsed)).apply(gccf(2, { ...endorsed, certs: [scms.ica] }, genuine));
    expect(held(at.state)).toEqual(ids([scms.ma, scms.ica]));
  });

  it('when it expires', () => {
    const brief = component('brief', { validityPeriod: { start: scms.start, duration: { tag: 'hours', value: 48 } } });
    const at = new Play().apply(gccf(1, { ...endorsed, certs: [scms.ica, brief] }));
    expect(held(at.state)).toContain(id(brief));
    expect(held(at.later(3n * DAY).apply().state)).toEqual(ids([scms.ma, scms.ica]));
  });

  it('not by a local file where a global one is authenticated, nor the other way round', () => {
    const parts = { ...endorsed, ma: scms.ma, certs: [scms.ica] };
    const local = localChainFile({ gccfVersion: 2, lccfVersion: 1, raHostname: 'ra' }, parts);
    const at = new Play().apply(gccf(1, endorsed, genuine)).apply(file('lccf', local, true));
    expect(new Set(held(at.state))).toEqual(new Set(ids([scms.ma, scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg])));
  });

  it('not by other certificates beside a CTL', () => {
    const request = {
      electorGroupId: GROUP_OCTETS,
      sequenceNumber: 1,
      effectiveDate: Number(T0 / 1_000_000n),
      electors: [A, B],
      roots: [R1],
      signers: [A, B],
    };
    const at = new Play(ctlDevice()).apply(file('chain', homeCertificateChain(request, [scms.ica, scms.pca])));
    at.apply(file('chain', homeCertificateChain(request, [scms.ica, scms.ra])));
    expect(held(at.state)).toEqual(ids([scms.ica, scms.pca, scms.ra]));
  });
});

describe('room for component certificates (D42)', () => {
  /** A state that holds so many certificates, all of them unauthenticated. */
  const filled = (count: number): TrustState => {
    const { state } = new Play().apply(gccf(1, endorsed));
    const one = state.certificates.find(({ hashedId8 }) => hashedId8 === id(scms.ica));
    const certificates = Array.from({ length: count }, (_, i) => ({
      ...(one as (typeof state.certificates)[0]),
      hash: i.toString(16).padStart(64, '0'),
    }));
    return { ...state, certificates };
  };

  it('a new one is refused, G_STORE_FULL, and nothing is removed', () => {
    const at = new Play(filled(MAX_COMPONENTS)).apply(gccf(2, { ...endorsed, certs: [pg] }));
    expect(find(at, 'chainFile')?.decision).toBe('ACCEPT');
    expect(at.state.certificates.length).toBe(MAX_COMPONENTS);
    expect(codes(at).filter((text) => text.startsWith('certificate'))).toEqual([
      'certificate maCertificate REJECT G_STORE_FULL',
      'certificate certs[0] REJECT G_STORE_FULL',
    ]);
  });

  it('the last places go to the lowest hashes, in any order of files', () => {
    const [first, second] = [component('x'), component('y')].sort((a, b) => Buffer.compare(a.fullHash, b.fullHash)) as [
      Credential,
      Credential,
    ];
    for (const certs of [
      [first, second],
      [second, first],
    ]) {
      // The file's MA is one of those that are kept.
      const state = filled(MAX_COMPONENTS - 1);
      const { certificates } = new Play().apply(gccf(1, endorsed)).state;
      const ma = certificates.find(({ role }) => role === 'ma');
      const at = new Play({ ...state, certificates: [...state.certificates.slice(1), ma as never] });
      at.apply(gccf(2, { ...endorsed, certs }));
      expect(held(at.state)).toContain(id(first));
      expect(held(at.state)).not.toContain(id(second));
    }
  });

  it('those of an authenticated file come first', () => {
    const at = new Play(filled(MAX_COMPONENTS)).apply(
      file(
        'lccf',
        localChainFile(
          { gccfVersion: 1, lccfVersion: 1, raHostname: 'ra' },
          { ...endorsed, ma: scms.ma, certs: [scms.ica, pg] },
        ),
        true,
      ),
    );
    expect(at.state.certificates.length).toBe(MAX_COMPONENTS);
    expect(held(at.state)).toEqual(expect.arrayContaining(ids([scms.ma, scms.ica, pg])));
    expect(codes(at)).not.toContain(expect.stringContaining('G_STORE_FULL'));
  });
});

describe('the misbehaviour authority that is in force (G9, D42)', () => {
  const ma2 = issueExplicit({
    issuer: scms.ica,
    key: scms.ra.key,
    fields: { ...scms.ma.toBeSigned, id: named('another MA') },
  });
  const current = (at: Play): string[] =>
    misbehaviourAuthorities(at.state)
      .map(({ hashedId8 }) => hashedId8)
      .sort();

  it('is every one that validated, without an authenticated file', () => {
    const at = new Play().apply(gccf(1, endorsed)).apply(gccf(2, { ...endorsed, ma: ma2 }));
    expect(current(at)).toEqual(ids([scms.ma, ma2]));
  });

  it('is that of the newest authenticated file, whatever others list', () => {
    const at = new Play().apply(gccf(1, endorsed, genuine)).apply(gccf(9, { ...endorsed, ma: ma2 }));
    expect(current(at)).toEqual([id(scms.ma)]);
    const local = localChainFile(
      { gccfVersion: 2, lccfVersion: 1, raHostname: 'ra' },
      { ...endorsed, ma: ma2, certs: [scms.ica] },
    );
    expect(current(at.apply(file('lccf', local, true)))).toEqual([id(ma2)]);
    expect(current(at.apply(gccf(3, endorsed, genuine)))).toEqual([id(scms.ma)]);
  });
});

describe('G6 by D42', () => {
  it('an unauthenticated file that leaves a root out is an alarm each time, and no forged version silences it', () => {
    const at = new Play(device()).apply(gccf(60_000));
    const alarms = (): number => at.decisions.filter(({ code }) => code === 'G_UNDER_ENDORSED').length;
    expect([alarms(), at.roots]).toEqual([1, [id(R1)]]);
    at.apply(gccf(2));
    expect([alarms(), at.roots]).toEqual([1, [id(R1)]]);
    expect(find(at, 'implicitRemoveRoot')?.decision).toBe('REJECT');
  });

  it('not one that is older than an authenticated file', () => {
    const at = new Play(device()).apply(gccf(5, endorsed, genuine)).apply(gccf(4));
    expect(at.decisions.map(({ code }) => code)).not.toContain('G_UNDER_ENDORSED');
  });
});
