import { describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { ElectorBallot, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { issueCrl } from '../../src/testbed/crls.ts';
import {
  type Credential,
  generateKey,
  hashedId8,
  issueExplicit,
  named,
  publicPoint,
  Random,
  unsecured,
} from '../../src/testbed/index.ts';
import {
  always,
  ballotOf,
  globalPolicy,
  localChainFile,
  localPolicy,
  quorumVote,
  type VoteRequest,
  vote,
} from '../../src/testbed/trust/index.ts';
import {
  applyBundle,
  createTrustState,
  crlsOf,
  type Decision,
  flagsOf,
  lint,
  trustMaterialOf,
} from '../../src/trust/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { KERNEL } from '../support/kernels.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  CONTEXT,
  crl,
  ctl,
  ctlDevice,
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
  pg2,
  R1,
  R2,
  removeElector,
  removeRoot,
  removes,
  START,
  scms,
  scms2,
  T0,
} from './support.ts';

const play = (...args: ConstructorParameters<typeof Play>): Play => new Play(...args);
const first = ({ decisions }: Play, proposition: string): Decision | undefined =>
  decisions.find((one) => one.proposition === proposition);
const code = (decision: Decision | undefined): string =>
  decision === undefined
    ? 'none'
    : decision.code === 'OK'
      ? decision.decision
      : `${decision.decision} ${decision.code}`;

describe('votes (V1–V10)', () => {
  const about = { type: 'addRoot', subject: R2 } as const;
  const payload = (octets: number[]): Partial<VoteRequest> => ({ payload: Uint8Array.from(octets) });
  const small = elector('soon gone', { hours: 48, years: 0, start: Number(T0 / 1_000_000n) - 3600 });
  const cases: [string, Partial<VoteRequest> & { by?: Credential }, string][] = [
    ['V1: another protocol version', { protocolVersion: 4 }, 'V_ENCODING'],
    ['V1: an external hash', { extDataHash: { tag: 'sha256HashedData', value: new Uint8Array(32) } }, 'V_ENCODING'],
    ['V1: an omitted payload', { omitted: null }, 'V_ENCODING'],
    [
      'V1: a payload that is not plain',
      { payload: { ...unsecured(new Uint8Array(0)), protocolVersion: 2 } },
      'V_ENCODING',
    ],
    ['V2: another PSID', { psid: 0x20 }, 'V_HEADER'],
    ['V2: expired', { expiryTime: T0 - 1n }, 'V_HEADER'],
    ['V3: no ScmsPDU', payload([1]), 'V_CONTENT'],
    ['V3: another version', payload([2, 0x80, 0x81, 0, 1, 2]), 'V_CONTENT'],
    ['V3: a quorum', payload([1, 0x80, 0x81, 0, 1, 2]), 'V_CONTENT'],
    ['V4: nobody known', { by: D }, 'V_UNKNOWN_ELECTOR'],
    ['V4: nobody known, attached', { by: D, signer: 'certificate' }, 'V_UNKNOWN_ELECTOR'],
    ['V4: itself', { signer: 'self' }, 'V_UNKNOWN_ELECTOR'],
    ['V6: generated before the elector was valid', { by: small, generationTime: T0 - 2n * DAY }, 'V_EXPIRED_ELECTOR'],
    ['V7: a root', { by: R1 }, 'V_ROLE'],
    ['V7: a root, attached', { by: R1, signer: 'certificate' }, 'V_ROLE'],
    ['V7: a component', { by: scms.ra }, 'V_ROLE'],
    ['V9: another hash', { hashId: 'sha384' }, 'V_SIGNATURE'],
    ['V9: another key', { signingKey: D.key }, 'V_SIGNATURE'],
    ['V9: over the raw signer', { signerInput: R1.bytes }, 'V_SIGNATURE'],
    ['V10: from the future', { generationTime: T0 + 3600n * 1_000_000n }, 'V_FUTURE'],
  ];

  it.each(cases)('%s is void, and nothing else is', (_, { by = A, ...change }, expected) => {
    const at = play(device({ electors: [A, B, C, small] })).apply(gccf(1));
    const flawed = vote(by, { ...about, ...change });
    at.apply(gccf(2, adds([], [ballotOf([flawed, vote(B, about)])])));
    expect([code(first(at, 'addRoot')), first(at, 'addRoot')?.votes?.[0]?.code]).toEqual(['REJECT B_QUORUM', expected]);
    at.apply(gccf(3, adds([], [ballotOf([flawed, vote(B, about), vote(C, about)])])));
    expect(code(first(at, 'addRoot'))).toBe('ACCEPT');
  });

  it('V1: data that is not signed', () => {
    const plain = encode(Ieee1609Dot2Data, unsecured(new Uint8Array(3)));
    const at = play().apply(gccf(1, adds([], [ballotOf([plain, vote(A, about), vote(B, about)])])));
    expect(first(at, 'addRoot')?.votes?.map((one) => one.code)).toEqual(['V_ENCODING', 'OK', 'OK']);
    const only = play().apply(file('ballot', ballotOf([plain])));
    expect(only.decisions).toMatchObject([{ decision: 'REJECT', code: 'B_QUORUM', proposition: null, subject: null }]);
  });

  it('V4: attached or by digest, the elector is the same', () => {
    const votes = ballotOf([vote(A, { ...about, signer: 'certificate' }), vote(A, about), vote(B, about)]);
    const at = play().apply(file('ballot', votes));
    expect(first(at, 'addRoot')?.votes?.map((one) => one.code)).toEqual(['OK', 'B_DUPLICATE', 'OK']);
  });

  it('V5: a removed elector is named as such, attached or not, under any certificate of its key', () => {
    const at = play().apply(removes([removeElector(A, [B, C])]));
    const again = elector('A renewed', { key: A.key });
    const votes = [
      vote(A, about),
      vote(A, { ...about, signer: 'certificate' }),
      vote(again, { ...about, signer: 'certificate' }),
    ];
    at.apply(file('ballot', ballotOf(votes)));
    expect(first(at, 'addRoot')?.votes?.map((one) => one.code)).toEqual(new Array(3).fill('V_REVOKED_ELECTOR'));
  });

  it.each(['ecdsaNistP256', 'ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const)(
    'electors on %s',
    (curve) => {
      const own = ['x', 'y', 'z'].map((name) => elector(`${curve} ${name}`, { curve })) as [
        Credential,
        Credential,
        Credential,
      ];
      const next = elector(`${curve} next`, { curve });
      const at = play(device({ electors: own }));
      at.apply(gccf(1, adds([addElector(next, own.slice(0, 2))], [addRoot(R2, [own[2], next])])));
      expect(Object.values(at.verdicts)).toEqual(['ACCEPT', 'ACCEPT']);
      const bad = ballotOf(
        [own[0], own[1]].map((one) => vote(one, { ...about, subject: otherRoot('z'), signingKey: own[2].key })),
      );
      expect(code(first(at.apply(file('bad', bad)), 'addRoot'))).toBe('REJECT B_QUORUM');
    },
  );
});

describe('subjects (AE, AR, RE, RR)', () => {
  const random = new Random('subjects');
  const key = generateKey(random);
  const fields = R1.toBeSigned;
  it.each<[string, Credential, 'AE_CERT' | 'AR_CERT']>([
    ['AE1: an elector that may issue', otherRoot('issues'), 'AE_CERT'],
    [
      'AE1: an elector under another',
      issueExplicit({ issuer: A, key, fields: { ...A.toBeSigned, id: named('below') } }),
      'AE_CERT',
    ],
    ['AE1: an expired elector', elector('expired', { start: START, hours: 1, years: 0 }), 'AE_CERT'],
    ['AR1: a root that may not issue', elector('issues nothing'), 'AR_CERT'],
    [
      'AR1: a root under another',
      issueExplicit({ issuer: R1, key, fields: { ...fields, id: named('below') } }),
      'AR_CERT',
    ],
    ['AR1: an expired root', otherRoot('expired', { start: START, hours: 1, years: 0 }), 'AR_CERT'],
    [
      'AR1: a root with an encryption key',
      issueExplicit({
        key,
        fields: {
          ...fields,
          encryptionKey: {
            supportedSymmAlg: 'aes128Ccm',
            publicKey: { tag: 'eciesNistP256', value: { tag: 'compressed-y-0', value: new Uint8Array(32).fill(1) } },
          },
        },
      }),
      'AR_CERT',
    ],
  ])('%s', (_, subject, expected) => {
    const octets = expected === 'AE_CERT' ? addElector(subject, [A, B]) : addRoot(subject, [A, B]);
    const at = play().apply(file('ballot', octets));
    expect(code(at.decisions[0])).toBe(`REJECT ${expected}`);
  });

  it('D31: an elector may have no permissions at all', () => {
    const bare = issueExplicit({ key, fields: { ...A.toBeSigned, id: named('bare'), appPermissions: undefined } });
    expect(code(play().apply(file('ballot', addElector(bare, [A, B]))).decisions[0])).toBe('ACCEPT');
  });

  it('AE3: nobody is elector and CA at once', () => {
    const roles = play().apply(gccf(1, adds([], [addRoot(R1, [A, B])]), { authenticated: true }));
    const asElector = (of: Credential): Credential => elector(`elector with the key of ${id(of)}`, { key: of.key });
    expect(code(roles.apply(file('ballot', addElector(asElector(R1), [A, B]))).decisions[0])).toBe('REJECT AE_ROLE');
    expect(code(roles.apply(file('ballot', addElector(asElector(scms.pca), [A, B]))).decisions[0])).toBe(
      'REJECT AE_ROLE',
    );
    const asRoot = otherRoot('root with the key of A', { key: A.key });
    expect(code(roles.apply(file('ballot', addRoot(asRoot, [B, C]))).decisions[0])).toBe('REJECT AR_ROLE');
    expect(code(roles.apply(file('ballot', removeElector(R1, [A, B]))).decisions[0])).toBe('REJECT RE_ROLE');
    expect(code(roles.apply(file('ballot', removeRoot(A, [B, C]))).decisions[0])).toBe('REJECT RR_ROLE');
  });

  it('a component certificate for the key of an elector does not protect it', () => {
    const shield = issueExplicit({
      issuer: scms.ica,
      key: A.key,
      fields: { ...scms.ra.toBeSigned, id: named('shield') },
    });
    const at = play().apply(gccf(1, { certs: [scms.ica, shield] }));
    expect(at.state.certificates.map((one) => one.hashedId8)).toContain(id(shield));
    expect(at.apply(removes([removeElector(A, [B, C])])).electors).toEqual(ids([B, C]));
  });

  it('D32: another encoding of a certificate is the same one, and junk does not choose which is kept', () => {
    const key2 = generateKey(random.fork('encodings'));
    const fields2 = { ...R1.toBeSigned, id: named('encodings') };
    const usual = issueExplicit({ key: key2, fields: fields2 });
    const other = issueExplicit({ key: key2, fields: fields2, rForm: 'compressed' });
    expect([id(other), other.bytes.length]).toEqual([id(usual), usual.bytes.length]);
    const uncompressed = issueExplicit({ key: key2, fields: fields2, keyForm: 'uncompressed' });
    const broken = uncompressed.bytes.slice();
    const y = Buffer.from(broken).indexOf(Buffer.from(publicPoint(key2).y));
    broken.fill(0, y, y + 8);
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const ballots = [addRoot(uncompressed, [A, B]), addRoot({ ...usual, bytes: broken }, [D, F])];
      const at = play().apply(...order.map((i) => file(`${i}`, ballots[i] as Uint8Array)));
      expect(at.state.roots.map(({ certificate }) => certificate)).toContain(
        Buffer.from(uncompressed.bytes).toString('hex'),
      );
    }
    const wrong = play().apply(file('wrong', addRoot({ ...usual, bytes: broken }, [A, B])));
    expect(code(wrong.decisions[0])).toBe('REJECT AR_CERT');
    const gone = play()
      .apply(file('add', addRoot(usual, [A, B])))
      .apply(removes([], [removeRoot(other, [A, B])]));
    expect(gone.roots).toEqual([id(R1)]);
    expect(code(gone.apply(file('add', addRoot(uncompressed, [A, B]))).decisions[0])).toBe('REJECT AR_TOMBSTONE');
  });

  it('AE5, AR5: a full store takes the lowest hashes, and keeps what it has', () => {
    const [low, high] = [D, F].sort((a, b) => (Buffer.compare(a.fullHash, b.fullHash) < 0 ? -1 : 1)) as [
      Credential,
      Credential,
    ];
    const at = play(device({ maxElectors: 4, maxRoots: 1 }));
    at.apply(gccf(1, adds([addElector(high, [A, B]), addElector(low, [A, B])], [addRoot(R2, [A, B])])));
    expect(at.electors).toEqual(ids([A, B, C, low]));
    expect(Object.values(at.verdicts).sort()).toEqual(['ACCEPT', 'REJECT AE_STORE_FULL', 'REJECT AR_STORE_FULL']);
    at.apply(removes([removeElector(A, [B, C])]), gccf(2, adds([addElector(high, [B, C])])));
    expect(at.electors).toEqual(ids([B, C, low, high]));
  });

  it('RE4, RR7: what is not known is buried all the same', () => {
    const at = play().apply(removes([removeElector(D, [B, C])], [removeRoot(R2, [B, C])]));
    expect(Object.values(at.verdicts)).toEqual(['ACCEPT_NOOP', 'ACCEPT_NOOP']);
    expect(at.state.tombstones.length).toBe(2);
    at.apply(gccf(1, adds([addElector(D, [A, B])], [addRoot(R2, [A, B])])));
    expect(Object.values(at.verdicts)).toEqual(['REJECT AE_TOMBSTONE', 'REJECT AR_TOMBSTONE']);
  });

  it('RE5, RR6: tombstones last as long as the certificate would have', () => {
    const brief = elector('brief', { hours: 24 * 20, years: 0 });
    const at = play().apply(removes([removeElector(brief, [B, C])]));
    expect(at.later(DAY).apply().state.tombstones.length).toBe(1);
    expect(at.later(40n * DAY).apply().state.tombstones.length).toBe(0);
    // Then it has expired, and is neither added nor removed.
    at.apply(removes([removeElector(brief, [B, C])]), file('ballot', addElector(brief, [B, C])));
    expect(at.verdicts).toEqual({ 'crl revokedElectors[0]': 'ACCEPT_NOOP', ballot: 'REJECT AE_CERT' });
    expect(at.state.tombstones).toEqual([]);
  });

  it('RE8: the votes that removed somebody are kept to be relayed', () => {
    const removal = removes([removeElector(A, [B, C])]);
    const at = play().apply(removal);
    const votes = at.state.tombstones[0]?.votes.map(({ octets }) => Uint8Array.from(Buffer.from(octets, 'hex'))) ?? [];
    const relayed = play().apply(file('relayed', ballotOf(votes)));
    expect(relayed.electors).toEqual(ids([B, C]));
  });

  it('RR3, RR4, RR8: with its root everything below is gone, electors stay and can begin anew', () => {
    const message = (state: Play['state']): string | undefined => {
      const verifier = new Verifier({ trust: trustMaterialOf(state), at: T0, kernelInstance: KERNEL });
      return verifier.verify([{ kind: 'certificate', bytes: scms.pca.bytes }])[0]?.verdict;
    };
    const at = play().apply(gccf(1), file('gpf', globalPolicy(pg, { generationTime: T0 })));
    at.apply(file('gpf', globalPolicy(pg, { generationTime: T0 })));
    expect([message(at.state), at.state.policy?.policyId]).toEqual(['valid', 'gpf']);
    at.apply(removes([], [removeRoot(R1, [A, B])]));
    expect([at.roots, at.state.certificates, at.state.policy]).toEqual([[], [], null]);
    expect(at.decisions.map((one) => one.code)).toContain('P_DROPPED');
    expect(message(at.state)).not.toBe('valid');
    expect(flagsOf(at.state)).toEqual(['NO_ROOT']);
    at.apply(gccf(2, { ...adds([], [addRoot(R2, [A, B])]), ma: scms2.ma, certs: [scms2.ica, scms2.pca] }));
    expect(at.roots).toEqual([id(R2)]);
    expect(at.state.certificates.length).toBe(3);
  });
});

describe('what waits (BL6)', () => {
  const soon = { effectiveTime: T0 + 2n * DAY };
  it('its voters must still be good when its time has come', () => {
    const at = play().apply(file('ballot', addRoot(R2, [A, B], soon)));
    expect(flagsOf(at.state)).toEqual(['PENDING']);
    at.later(DAY).apply(removes([removeElector(A, [B, C])]));
    at.later(DAY).apply();
    expect(at.decisions).toMatchObject([{ part: 'pending', decision: 'REJECT', code: 'B_QUORUM' }]);
    expect([at.roots, at.state.pending]).toEqual([[id(R1)], []]);
  });

  it('a removal waits as well, and is judged by those who are left', () => {
    const at = play().apply(removes([removeElector(A, [B, C], soon)]));
    expect(code(at.decisions[0])).toBe('PENDING');
    expect(at.later(2n * DAY).apply().electors).toEqual(ids([B, C]));
  });

  it('the same ballot, and others about the same, are one entry', () => {
    const at = play().apply(file('a', addRoot(R2, [A, B], soon)), file('b', addRoot(R2, [A, B, C], soon)));
    at.later(DAY).apply(file('c', addRoot(R2, [B, C], { effectiveTime: T0 + 3n * DAY })));
    expect(at.state.pending.length).toBe(1);
    expect(at.later(DAY).apply().roots).toEqual(ids([R1, R2]));
  });

  it('P6: the quorum is the one on receipt', () => {
    const at = play().apply(file('ballot', addRoot(R2, [A, B], soon)));
    at.apply({ name: 'quorum', quorum: 3 });
    expect(at.later(2n * DAY).apply().roots).toEqual(ids([R1, R2]));
  });

  it('E-11: no more than 64 wait', () => {
    const at = play();
    const roots = Array.from({ length: 65 }, (_, i) => otherRoot(`waiting ${i}`));
    for (let i = 0; i < 65; i += 13) {
      at.apply(...roots.slice(i, i + 13).map((root, k) => file(`${i + k}`, addRoot(root, [A, B], soon))));
    }
    expect(at.state.pending.length).toBe(64);
    expect(at.decisions.filter((one) => one.code === 'B_PENDING_FULL').length).toBe(1);
  });
});

describe('chain files (G1–G9)', () => {
  it('G1: octets that do not decode', () => {
    const whole = (gccf(1) as { octets: Uint8Array }).octets;
    for (const octets of [whole.slice(0, -1), Uint8Array.of(...whole, 0)]) {
      expect(code(play().apply(file('f', octets)).decisions[0])).toBe('REJECT G_ENCODING');
    }
    expect(code(play().apply(file('f', Uint8Array.of(9, 9, 9))).decisions[0])).toBe('REJECT F_UNKNOWN');
    expect(code(play().apply(file('f', new Uint8Array(0))).decisions[0])).toBe('REJECT C_ENCODING');
  });

  const endorsed = adds([], [addRoot(R1, [A, B])]);
  const genuine = { authenticated: true };

  it('G2: authenticated versions grow; one version is one file; the last one is the end', () => {
    const at = play().apply(gccf(5, endorsed, genuine));
    expect(code(first(at, 'chainFile'))).toBe('ACCEPT');
    expect(code(first(at.apply(gccf(5, endorsed, genuine)), 'chainFile'))).toBe('ACCEPT_NOOP');
    expect(code(first(at.apply(gccf(5, { ...endorsed, certs: [] }, genuine)), 'chainFile'))).toBe(
      'REJECT G_EQUIVOCATION',
    );
    at.apply(gccf(4, adds([], [addRoot(R1, [A, B]), addRoot(R2, [A, B])]), genuine));
    expect([code(first(at, 'chainFile')), at.roots]).toEqual(['REJECT G_ROLLBACK', [id(R1)]]);
    expect(code(first(at.apply(gccf(0xffff, endorsed, genuine)), 'chainFile'))).toBe('REJECT G_EXHAUSTED');
    expect(code(first(at.apply(gccf(6, endorsed, genuine)), 'chainFile'))).toBe('ACCEPT');
  });

  it('G2: a rollback names both versions and the way out', () => {
    const at = play()
      .apply(gccf(5, endorsed, genuine))
      .apply(gccf(4, endorsed, genuine));
    expect(first(at, 'chainFile')?.detail).toBe(
      'version 4, but authenticated version 5 is in force; have it issued as version 6 or later, or apply it without authentication, which adds its certificates and removes none',
    );
    at.apply(gccf(5, { ...endorsed, certs: [] }, genuine));
    expect(first(at, 'chainFile')?.detail).toContain('another authenticated file of version 5 is in force; have it');
    // The way out works.
    expect(code(first(at.apply(gccf(4, endorsed)), 'chainFile'))).toBe('ACCEPT_NOOP');
    expect(code(first(at.apply(gccf(6, endorsed, genuine)), 'chainFile'))).toBe('ACCEPT');
  });

  it('G2: two authenticated files of one version in a bundle are both refused, in any order', () => {
    const files = [gccf(1, {}, { name: 'a', ...genuine }), gccf(1, { certs: [] }, { name: 'b', ...genuine })];
    for (const bundle of [files, [...files].reverse()]) {
      const at = play().apply(...bundle);
      expect(at.decisions.map(code)).toEqual(['REJECT G_EQUIVOCATION', 'REJECT G_EQUIVOCATION']);
      expect(at.state.chainFiles.global.newest).toBeNull();
    }
  });

  it('G2: of several authenticated files in a bundle the newest replaces, in any order', () => {
    const files = [
      gccf(1, { ...endorsed, certs: [scms.ica, scms.pca] }, { name: 'a', ...genuine }),
      gccf(2, { ...endorsed, certs: [scms.ica, scms.eca] }, { name: 'b', ...genuine }),
    ];
    for (const bundle of [files, [...files].reverse()]) {
      const at = play().apply(...bundle);
      expect(at.state.certificates.map((one) => one.hashedId8).sort()).toEqual(ids([scms.ma, scms.ica, scms.eca]));
    }
  });

  it('G3: local files are for one RA, and not older than the policy says', () => {
    const local = (gccfVersion: number, lccfVersion: number, raHostname = 'ra'): ReturnType<typeof file> => {
      const parts = { ...endorsed, ma: scms.ma, certs: [scms.ica] };
      return file('lccf', localChainFile({ gccfVersion, lccfVersion, raHostname }, parts), true);
    };
    const at = play(device({ raHostname: 'ra' })).apply(local(2, 1));
    expect(code(first(at, 'chainFile'))).toBe('ACCEPT');
    expect(code(first(at.apply(local(2, 0)), 'chainFile'))).toBe('REJECT G_ROLLBACK');
    expect(code(first(at.apply(local(1, 9)), 'chainFile'))).toBe('REJECT G_ROLLBACK');
    expect(code(first(at.apply(local(3, 1, 'other')), 'chainFile'))).toBe('REJECT G_HOSTNAME');
    at.apply(file('gpf', globalPolicy(pg, { generationTime: T0, certChainFileId: always(4) })));
    expect(code(first(at, 'policy'))).toBe('ACCEPT');
    expect(code(first(at.apply(local(3, 1)), 'chainFile'))).toBe('REJECT G_CHAIN_FILE_ID');
    expect(code(first(at.apply(local(4, 1)), 'chainFile'))).toBe('ACCEPT');
  });

  it('G4, G5, G9: a failing ballot and failing certificates are dropped alone', () => {
    const stray = scms2.pca;
    const at = play().apply(
      gccf(1, {
        ...adds([addElector(D, [A]), addElector(F, [A, B])], [addRoot(R1, [A, B])]),
        ma: scms2.ma,
        certs: [scms.ica, stray, scms.pca],
      }),
    );
    expect(at.electors).toEqual(ids([A, B, C, F]));
    expect(at.state.certificates.map((one) => one.hashedId8).sort()).toEqual(ids([scms.ica, scms.pca]));
    const codes = at.decisions
      .filter(({ proposition }) => proposition === 'certificate')
      .map((one) => `${one.part} ${code(one)}`);
    expect(codes).toEqual([
      'maCertificate REJECT G_MA',
      'certs[0] ACCEPT',
      'certs[1] REJECT G_CERTIFICATE',
      'certs[2] ACCEPT',
    ]);
  });

  it('G7: what is on a CRL is not imported, and what gets on one is dropped', () => {
    const list = issueCrl(scms, { kind: 'fullHashCrl', series: 2, certificates: [scms.pca], issueDate: scms.start });
    const at = play().apply(gccf(1));
    expect(at.state.certificates.map((one) => one.hashedId8)).toContain(id(scms.pca));
    at.apply(crl({ crls: [list] }));
    expect(code(first(at, 'crl'))).toBe('ACCEPT');
    expect(at.state.certificates.map((one) => one.hashedId8)).not.toContain(id(scms.pca));
    at.apply(gccf(2));
    expect(at.state.certificates.map((one) => one.hashedId8)).not.toContain(id(scms.pca));
  });
});

describe('composite CRLs (C1–C6, K11)', () => {
  const hashCrl = (of: typeof scms, change: Parameters<typeof issueCrl>[1] = {}): Uint8Array =>
    issueCrl(of, { kind: 'fullHashCrl', series: 3, issueDate: of.start, ...change });

  it('C1, RR2: parts stand and fall alone', () => {
    const at = play().apply(gccf(1));
    at.apply(
      crl({
        crls: [hashCrl(scms2), hashCrl(scms)],
        revokedElectors: [removeElector(A, [B, C]), removeElector(B, [C])],
      }),
    );
    expect(at.decisions.filter(({ proposition }) => proposition === 'crl').map(code)).toEqual([
      'REJECT C_CRL',
      'ACCEPT',
    ]);
    expect(at.electors).toEqual(ids([B, C]));
    expect(at.state.crls).toMatchObject([{ crlSeries: 3, issueDate: scms.start, serial: 0 }]);
  });

  it('C5: what is older than what is known is refused', () => {
    const at = play().apply(gccf(1));
    at.apply(crl({ crls: [hashCrl(scms, { serial: 1, issueDate: scms.start + 60 })] }));
    at.apply(crl({ crls: [hashCrl(scms, { serial: 0 })] }));
    expect(code(first(at, 'crl'))).toBe('REJECT C_ROLLBACK');
    at.apply(crl({ crls: [hashCrl(scms, { serial: 1, issueDate: scms.start + 60 })] }));
    expect(code(first(at, 'crl'))).toBe('ACCEPT_NOOP');
    expect(at.state.crls.length).toBe(1);
  });

  it('K11: entries of a root that has gone stay until the new one has a CRL of their series', () => {
    const at = play()
      .apply(gccf(1))
      .apply(crl({ crls: [hashCrl(scms)] }));
    at.apply(removes([], [removeRoot(R1, [A, B])]));
    expect(at.state.crls.map(({ root }) => root)).toEqual([Buffer.from(R1.fullHash).toString('hex')]);
    at.apply(gccf(2, { ...adds([], [addRoot(R2, [A, B])]), ma: scms2.ma, certs: [scms2.ica, scms2.crlg] }));
    at.apply(crl({ crls: [hashCrl(scms2, { series: 2 })] }));
    expect(at.state.crls.length).toBe(2);
    at.apply(crl({ crls: [hashCrl(scms2)] }));
    expect(at.state.crls.map(({ root }) => root)).toEqual(new Array(2).fill(Buffer.from(R2.fullHash).toString('hex')));
  });

  it('C5: lists of linkage seeds have lines of their own', () => {
    const linked = (serial: number): Uint8Array => issueCrl(scms, { serial, issueDate: scms.start + serial });
    const at = play()
      .apply(gccf(1))
      .apply(crl({ crls: [linked(0), hashCrl(scms)] }));
    expect(at.state.crls.map(({ iRev }) => iRev === null).sort()).toEqual([false, true]);
    at.apply(crl({ crls: [linked(1)] }));
    expect(code(first(at, 'crl'))).toBe('ACCEPT');
    expect(crlsOf(at.state).map((one) => Buffer.from(one).toString('hex'))).toContain(
      Buffer.from(linked(1)).toString('hex'),
    );
    expect(at.state.crls.length).toBe(2);
    expect(code(first(at.apply(crl({ crls: [linked(0)] })), 'crl'))).toBe('REJECT C_ROLLBACK');
  });

  it('C7: STALE once a CRL is past its nextCrl', () => {
    const at = play()
      .apply(gccf(1))
      .apply(crl({ crls: [hashCrl(scms)] }));
    expect(flagsOf(at.state)).toEqual([]);
    expect(flagsOf(at.later(8n * DAY).apply().state)).toEqual(['STALE']);
  });
});

describe('policies (P1–P8) and the quorum', () => {
  const ready = (): Play => play().apply(gccf(1));
  const gpf = (change: Partial<Parameters<typeof globalPolicy>[1]> = {}, by = pg): Uint8Array =>
    globalPolicy(by, { generationTime: T0, ...change });
  const policy = (octets: Uint8Array): string => code(first(ready().apply(file('p', octets)), 'policy'));

  it('P1: signed by a policy generator whose chain stands', () => {
    expect(policy(gpf())).toBe('ACCEPT');
    expect(policy(gpf({}, pg2))).toBe('REJECT P_SIGNATURE');
    expect(policy(gpf({}, scms.ra))).toBe('REJECT P_SIGNER');
    expect(policy(globalPolicy(pg, { generationTime: T0 }, { signingKey: scms.ra.key }))).toBe('REJECT P_SIGNATURE');
    expect(policy(globalPolicy(pg, { generationTime: T0 }, { psid: 0x20 }))).toBe('REJECT P_SIGNATURE');
  });

  it('P2: newer ones only; those of the future wait', () => {
    const at = ready().apply(file('p', gpf({ generationTime: T0 - 10n, policyId: 'first' })));
    at.apply(file('p', gpf({ generationTime: T0 - 11n })));
    expect(code(first(at, 'policy'))).toBe('REJECT P_ROLLBACK');
    at.apply(file('p', gpf({ generationTime: T0, activeTime: T0 + DAY, policyId: 'second', quorum: always(3) })));
    expect([code(first(at, 'policy')), at.state.policy?.policyId]).toEqual(['PENDING', 'first']);
    at.later(DAY).apply();
    expect([at.state.policy?.policyId, at.state.quorum]).toEqual(['second', 3]);
  });

  it('P2, I5: a file without a signature takes neither the policy nor its guard away', () => {
    const older = file('older', gpf({ generationTime: T0 - 10n, policyId: 'older' }));
    const waiting = file('waiting', gpf({ generationTime: T0 + 1n, activeTime: T0 + DAY, policyId: 'waiting' }));
    const at = ready().apply(file('newer', gpf({ policyId: 'newer' })));
    at.apply(waiting).apply(gccf(2, { certs: [] }));
    expect([at.decisions.map((one) => one.code).includes('P_DROPPED'), at.state.policy?.policyId]).toEqual([
      false,
      'newer',
    ]);
    at.apply(gccf(3), older);
    expect([code(first(at, 'policy')), at.state.policy?.policyId]).toEqual(['REJECT P_ROLLBACK', 'newer']);
    at.apply(gccf(4, { certs: [] }));
    // Nor one that waits.
    expect(at.later(DAY).apply().state.policy?.policyId).toBe('waiting');
  });

  it('P2: what was dropped with its root still guards against what is older', () => {
    const at = play(device({ implicitRootRevocation: 'authenticated' })).apply(gccf(1));
    at.apply(file('newer', gpf({ policyId: 'newer' })));
    at.apply(gccf(2, {}, { authenticated: true }));
    expect([at.roots, at.state.policy]).toEqual([[], null]);
    at.apply(gccf(3, adds([], [addRoot(R1, [A, B])]), { authenticated: true }));
    expect(at.roots).toEqual([id(R1)]);
    at.apply(file('older', gpf({ generationTime: T0 - 10n })));
    expect(code(first(at, 'policy'))).toBe('REJECT P_ROLLBACK');
    expect(code(first(at.later(1n).apply(file('next', gpf({ generationTime: T0 + 1n }))), 'policy'))).toBe('ACCEPT');
  });

  it('P8: a signer that is revoked takes its policy along', () => {
    const { id: name, cracaId, validityPeriod, region, appPermissions } = pg.toBeSigned;
    const fields = { id: name, cracaId, crlSeries: 2, validityPeriod, region, appPermissions };
    const revoked = issueExplicit({ issuer: scms.ica, key: pg.key, fields });
    const at = ready().apply(file('p', gpf({}, revoked)));
    expect(at.state.policy?.policyId).toBe('gpf');
    const certificates = [revoked];
    const revoking = issueCrl(scms, { kind: 'fullHashCrl', series: 2, issueDate: scms.start, certificates });
    at.apply(crl({ crls: [revoking] }));
    expect([at.decisions.map((one) => one.code).includes('P_DROPPED'), at.state.policy]).toEqual([true, null]);
    expect(at.apply(gccf(2), file('p', gpf({}, revoked))).state.policy).toBe(null);
  });

  it('P3: a local policy narrows the global one, which stands by itself', () => {
    const times = { generationTime: T0 };
    expect(policy(localPolicy(pg, gpf(), times))).toBe('ACCEPT');
    expect(policy(localPolicy(pg, gpf(), { ...times, certsPerIPeriod: always(19) }))).toBe('REJECT P_WIDER');
    expect(policy(localPolicy(pg, gpf({}, pg2), times))).toBe('REJECT P_SIGNATURE');
    expect(policy(localPolicy(pg, localPolicy(pg, gpf(), times), times))).toBe('REJECT P_ENCODING');
  });

  it('P4: series are in order, and change by themselves', () => {
    const series = (...starts: bigint[]) => ({
      initial: 2,
      intervals: starts.map((startTime) => ({ startTime, value: 3 })),
    });
    expect(policy(gpf({ quorum: series(T0 + 2n, T0 + 2n) }))).toBe('REJECT P_SERIES');
    expect(policy(gpf({ quorum: series(T0 + 2n, T0 + 1n) }))).toBe('REJECT P_SERIES');
    const at = ready().apply(file('p', gpf({ quorum: series(T0 + DAY) })));
    expect(at.state.quorum).toBe(2);
    // In force from its own time on, also for what comes later in one go.
    at.later(3n * DAY).apply(file('ballot', addRoot(R2, [A, B])));
    expect([at.state.quorum, at.roots]).toEqual([3, [id(R1)]]);
  });

  it('P5, P6: the operator may raise the quorum; lowering it takes votes', () => {
    const raised = (): Play => play().apply({ name: 'q', quorum: 3 });
    expect(raised().state.quorum).toBe(3);
    const lowered = (votes: Uint8Array[], quorum = 2): Play => raised().apply({ name: 'q', quorum, votes });
    const by = (voters: Credential[], sequence = 1, quorum = 2): Uint8Array[] =>
      voters.map((one) => quorumVote(one, sequence, quorum));
    expect(code(lowered([]).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered(by([A, B])).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered(by([A, B, B])).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered(by([A, B, D])).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered(by([A, B, C], 1, 3)).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered([...by([A, B]), ...by([C], 2)]).decisions[0])).toBe('REJECT B_QUORUM');
    expect(code(lowered(by([A, B, C], 1, 1), 1).decisions[0])).toBe('REJECT P_QUORUM');
    const at = lowered(by([A, B, C]));
    expect([code(at.decisions[0]), at.state.quorum]).toEqual(['ACCEPT', 2]);
    // The same votes do not lower it again.
    at.apply({ name: 'q', quorum: 3 }).apply({ name: 'q', quorum: 2, votes: by([A, B, C]) });
    expect([code(at.decisions[0]), at.state.quorum]).toEqual(['REJECT P_ROLLBACK', 3]);
    at.apply({ name: 'q', quorum: 2, votes: by([A, B, C], 2) });
    expect(at.state.quorum).toBe(2);
    expect(code(at.apply({ name: 'q', quorum: 4 }).decisions[0])).toBe('REJECT P_QUORUM');
  });

  it('P6: a vote with another sequence number does not spoil those that are enough', () => {
    const votes = (sequence: number, ...voters: Credential[]): Uint8Array[] =>
      voters.map((one) => quorumVote(one, sequence, 2));
    const lower = (...octets: Uint8Array[]): Play =>
      play(device({ quorum: 3, electors: [A, B, C, D] })).apply({ name: 'q', quorum: 2, votes: octets });
    for (const spoiler of [votes(1, D), votes(3, A)]) {
      const octets = [...votes(2, A, B, C), ...spoiler];
      const at = lower(...octets);
      const [decision] = at.decisions;
      expect([code(decision), decision?.detail, at.state.quorumSequence]).toEqual(['ACCEPT', '3 of 3 votes', 2]);
      expect(decision?.votes?.map((one) => one.counted)).toEqual([true, true, true, false]);
      expect(decision?.votes?.at(-1)?.code).toBe('V_CONTENT');
      expect(lower(...octets.reverse()).state.quorumSequence).toBe(2);
    }
    expect(lower(...votes(1, A, B, C), ...votes(2, A, B, D)).state.quorumSequence).toBe(2);
    const [split] = lower(...votes(1, A, B), ...votes(2, C, D)).decisions;
    expect([code(split), split?.detail]).toEqual(['REJECT B_QUORUM', '2 of 3 votes']);
  });

  it('B.0: a quorum that changes counts from the next bundle', () => {
    const at = play().apply({ name: 'q', quorum: 3 }, file('ballot', addRoot(R2, [A, B])));
    expect([at.roots, at.state.quorum]).toEqual([ids([R1, R2]), 3]);
  });
});

describe('the state', () => {
  it('CLOCK_BACK: an earlier time is refused, and changes nothing', () => {
    const at = play().later(DAY).apply();
    const { state } = at;
    at.later(-1n).apply(gccf(1, adds([], [addRoot(R2, [A, B])])), removes([removeElector(A, [B, C])]));
    expect(at.decisions.map(code)).toEqual(['REJECT CLOCK_BACK', 'REJECT CLOCK_BACK']);
    expect(at.state).toBe(state);
    expect(at.apply().decisions.map(code)).toEqual(['REJECT CLOCK_BACK']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no electors', () => device({ electors: [], quorum: 0 }), /no electors/],
    ['a quorum below the floor', () => device({ quorum: 1 }), /quorum 1 is not in 2\.\.3/],
    ['a quorum above the electors', () => device({ quorum: 4 }), /quorum 4 is not in 2\.\.3/],
    ['an elector twice', () => device({ electors: [A, A, B] }), /given twice/],
    ['a key twice', () => device({ electors: [A, elector('A again', { key: A.key }), B] }), /given twice/],
    [
      'an elector that is a root',
      () => device({ electors: [A, B, elector('root key', { key: R1.key })] }),
      /as elector and as root/,
    ],
    ['too many electors', () => device({ maxElectors: 2 }), /room for 2/],
    ['too many roots', () => device({ maxRoots: 1, roots: [R1, R2] }), /room for 1/],
    ['an elector that is none', () => device({ electors: [A, B, R1], roots: [] }), /may issue/],
    ['a root that is none', () => device({ roots: [D] }), /may not issue/],
    ['a flawed elector', () => device({ electors: [A, B, elector('bad', { signingKey: D.key })] }), /badSignature/],
    ['a group that is none', () => device({ electorGroupId: 'FF' }), /electorGroupId/],
    [
      'expired electors',
      () => device({ electors: [A, B, elector('gone', { start: START, hours: 1, years: 0 })] }),
      /expired/,
    ],
  ])('cannot start with %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('cannot be given what is no artefact', () => {
    expect(() => applyBundle(device(), [{ name: 'x' } as never], T0, CONTEXT)).toThrow(TypeError);
    expect(() => applyBundle(device(), [{ name: 'x', octets: [] } as never], T0, CONTEXT)).toThrow(TypeError);
  });

  it('starts with a decision on each certificate', () => {
    const { state, decisions } = createTrustState(
      { electors: [A, B, C].map(({ bytes }) => bytes), quorum: 2, at: T0 },
      CONTEXT,
    );
    expect(decisions.map((one) => `${one.proposition} ${one.decision}`)).toEqual(
      new Array(3).fill('addElector ACCEPT'),
    );
    expect([state.revision, state.floor, flagsOf(state)]).toEqual([1, 2, ['NO_ROOT']]);
    expect(hashedId8(A).length).toBe(8);
  });
});

describe('lint', () => {
  const findings = (artefact: ReturnType<typeof file>, state: Play['state']): string[] =>
    lint(artefact as never, state, BigInt(state.clock), CONTEXT).map(
      ({ rule, part, subject }) => `${rule} ${part} ${subject}`,
    );

  it('G10: a file that lacks nothing', () => {
    expect(findings(gccf(1, adds([], [addRoot(R1, [A, B, C])])), device())).toEqual([]);
  });

  it('G10: votes of revoked electors, ballots that are missing or too weak, chains that end nowhere', () => {
    const { state } = play()
      .apply(removes([removeElector(A, [B, C])]))
      .apply(file('d', addElector(D, [B, C])));
    const flawed = gccf(2, { ...adds([], [addRoot(R1, [A, B])]), ma: scms2.ma, certs: [scms.pca] });
    expect(findings(flawed, state)).toEqual([
      `G10 rootCAEndorsements[0] ${id(R1)}`,
      `G10 rootCAEndorsements[0] ${id(R1)}`,
      `G10 electorEndorsements ${id(D)}`,
      `G9 maCertificate ${id(scms2.ma)}`,
      `G10 certs[0] ${id(scms.pca)}`,
    ]);
    expect(findings(gccf(2, adds([addElector(D, [B, C])], [addRoot(R1, [B, C])])), state)).toEqual([]);
  });

  it('G10, AE6: electors that the file itself adds vote in it', () => {
    const roots = [addRoot(R1, [A, B, C]), addRoot(R2, [C, D])];
    expect(findings(gccf(1, adds([addElector(D, [B, C])], roots)), device())).toEqual([]);
    const weak = gccf(1, adds([addElector(D, [B])], roots));
    expect(findings(weak, device())).toEqual([
      `G10 electorEndorsements[0] ${id(D)}`,
      `G10 rootCAEndorsements[1] ${id(R2)}`,
    ]);
  });

  it('C11: a composite CRL keeps removals and CRLs', () => {
    const list = issueCrl(scms, { kind: 'fullHashCrl', series: 3, issueDate: scms.start });
    const { state } = play()
      .apply(gccf(1))
      .apply(crl({ crls: [list], revokedElectors: [removeElector(A, [B, C])] }));
    const empty = crl({});
    expect(findings(empty, state)).toEqual([`C11 revokedElectors ${id(A)}`, `C11 securedCrlSeries ${id(R1)}`]);
    expect(findings(crl({ crls: [list], revokedElectors: [removeElector(A, [B, C])] }), state)).toEqual([]);
  });

  const said = (artefact: ReturnType<typeof file>, state: Play['state']): string[] =>
    lint(artefact as never, state, BigInt(state.clock), CONTEXT).map(({ rule, detail }) => `${rule} ${detail}`);

  it('G2, G9, G10: a last version, a role that does not fit, a certificate that is listed twice', () => {
    const endorsed = adds([], [addRoot(R1, [A, B, C])]);
    const certs = [scms.ica, scms.pca];
    expect(said(gccf(0xffff, { ...endorsed, certs }), device())).toEqual([
      'G G_EXHAUSTED: version 65535 is the last one: none could follow it',
    ]);
    expect(said(gccf(1, { ...endorsed, ma: scms.ra, certs: [...certs, scms.ica, R1] }), device())).toEqual([
      'G9 the SSP of PSID 35 states the role ra',
      'G10 listed already as certs[0]',
    ]);
    const { state } = play().apply(gccf(5, endorsed, { authenticated: true }));
    expect(said(gccf(4, endorsed), state)[0]).toContain('G G_ROLLBACK: version 4, but authenticated version 5');
  });

  it('BL, AE: a single vote, and an elector that a device would refuse', () => {
    const [vote] = decodeOrThrow(ElectorBallot, addElector(D, [B])).endorsements;
    expect(said(file('vote', vote?.encoded as Uint8Array), device())).toEqual([
      'BL B_QUORUM: 1 of 2 votes: a single vote',
    ]);
    expect(said(file('ballot', addElector(D, [B, C])), device())).toEqual([]);
    const endorsed = gccf(1, adds([addElector(otherRoot('no elector'), [B, C])], [addRoot(R1, [B, C])]));
    expect(said(endorsed, device())).toEqual(['AE AE_CERT: an elector that may issue certificates']);
  });

  it('RE6: removals that leave fewer electors than the quorum', () => {
    const both = removes([removeElector(A, [B, C]), removeElector(C, [A, B])]);
    expect(said(both, device())).toEqual(['RE6 FROZEN: it leaves 1 electors, and the quorum is 2']);
    expect(said(removes([removeElector(A, [B, C])]), device())).toEqual([]);
  });

  it('T: a CTL that lacks signatures, or has one twice', () => {
    const request = { electors: [A, B, C], signers: [A, B] };
    expect(said(ctl(1, request), ctlDevice())).toEqual([]);
    expect(said(ctl(1, { ...request, signers: [A] }), ctlDevice())).toEqual(['T T_VOTES: 1 of 2 electors']);
    expect(said(ctl(1, { ...request, signers: [A, A] }), ctlDevice())[0]).toContain('T T_DUPLICATE');
  });

  it('G1, C1: what does not decode', () => {
    expect(findings(file('x', Uint8Array.of(1, 0x80, 0x80)), device())).toEqual(['G1  null']);
    expect(findings(file('x', Uint8Array.of(0, 1, 1)), device())).toEqual(['C1  null']);
  });
});
