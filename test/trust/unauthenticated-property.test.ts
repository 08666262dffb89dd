/**
 * D42 over random sequences: whatever unauthenticated bytes arrive, nothing that was there is lost, and no genuine artefact is
 * refused because of them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/testbed/crls.ts';
import {
  applicationCertificate,
  type Credential,
  createScms,
  issueExplicit,
  named,
  pseudonyms,
  scmsRole,
} from '../../src/testbed/index.ts';
import {
  ballot,
  compositeCrlOf,
  ctlFile,
  globalChainFile,
  globalPolicy,
  homeCertificateChain,
  localChainFile,
  policyGenerator,
} from '../../src/testbed/trust/index.ts';
import { type Artefact, applyBundle, type Decision, type TrustState } from '../../src/trust/index.ts';
import { remembering } from './random-bundles.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  crl,
  D,
  DAY,
  device,
  elector,
  F,
  file,
  GROUP_OCTETS,
  gccf,
  otherRoot,
  pg,
  R1,
  R2,
  removeElector,
  removeRoot,
  scms,
  scms2,
  T0,
} from './support.ts';

const RUNS = {
  numRuns: Math.ceil(Number(process.env.SCMS_TRUST_RUNS ?? 750) / 3),
  ...(process.env.SCMS_SEED ? { seed: Number(process.env.SCMS_SEED) } : {}),
};
const CACHED = remembering();
const SECONDS = Number(T0 / 1_000_000n);

// --------------------------------------------------------------------------------------------------- what is genuine

const chain = { signer: 'chain' as const };
const listed = (serial: number, certificates: readonly Credential[]): Uint8Array =>
  issueCrl(scms, { kind: 'fullHashCrl', series: 2, serial, issueDate: scms.start + serial, certificates }, chain);
const policy = (by: Credential, seconds: number): Uint8Array =>
  globalPolicy(by, { generationTime: T0 + BigInt(seconds) * 1_000_000n, activeTime: T0 }, chain);
const endorsed = adds([], [addRoot(R1, [A, B, C])]);
const all = [scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg, pg];
const local = (version: number, certs: readonly Credential[]): Uint8Array =>
  localChainFile({ gccfVersion: version, lccfVersion: 1, raHostname: 'ra' }, { ...endorsed, ma: scms.ma, certs });

/** What an SCMS may send, each under a name of its own. */
const GENUINE: readonly Artefact[] = [
  gccf(1, { ...endorsed, certs: all }, { name: 'gccf 1' }),
  gccf(2, { ...endorsed, certs: [scms.ica, scms.pca] }, { name: 'gccf 2, authenticated', authenticated: true }),
  gccf(3, { ...adds([addElector(D, [B, C])], [addRoot(R1, [B, C, D])]), certs: all }, { name: 'gccf 3' }),
  gccf(4, { ...endorsed, certs: all }, { name: 'gccf 4, authenticated', authenticated: true }),
  file('lccf 1', local(1, all)),
  file('lccf 2, authenticated', local(2, [scms.ica, scms.ra]), true),
  file('policy', policy(pg, 0)),
  file('newer policy', policy(pg, 10)),
  crl({ crls: [listed(1, [scms.eca])] }, 'crl'),
  crl({ crls: [listed(2, [])] }, 'newer crl'),
  crl({ crls: [listed(2, [])], revokedElectors: [removeElector(A, [B, C])] }, 'crl that removes A'),
  file('R2 from day 3', addRoot(R2, [B, C], { effectiveTime: T0 + 3n * DAY })),
  gccf(5, { ...adds([], [addRoot(R2, [B, C])]), ma: scms2.ma, certs: [scms2.ica, scms2.pca] }, { name: 'gccf of R2' }),
  crl({ revokedRootCAs: [removeRoot(R1, [B, C])] }, 'crl that removes R1'),
];

// ------------------------------------------------------------------------------------------------- what anybody can make

/** An SCMS that nobody here ever trusts. */
const foreign = createScms({ seed: 'trust, another SCMS' });
const foreignPg = policyGenerator(foreign);
const stranger = elector('a stranger');
const strangeRoot = otherRoot('a strange root');
const [pseudonym] = pseudonyms(scms, { devices: 1, perWeek: 1, explicit: true });
const device1 = applicationCertificate(scms, { label: 'a device' });
const selfMade = issueExplicit({
  issuer: { ...scms.ica, key: stranger.key },
  key: stranger.key,
  fields: { ...scms.ra.toBeSigned, id: named('self-made') },
});
const strangeIca = issueExplicit({
  issuer: strangeRoot,
  key: stranger.key,
  fields: { ...scms.ica.toBeSigned, id: named('strange ICA') },
});
const keyOfB = issueExplicit({
  issuer: { ...scms.ica, key: stranger.key },
  key: B.key,
  fields: { ...scms.ra.toBeSigned, id: named('the key of B'), appPermissions: [scmsRole('ma')] },
});
/** What a CA below our root may have issued for the key of an elector to come. */
const keyOfD = issueExplicit({
  issuer: scms.ica,
  key: D.key,
  fields: { ...scms.ra.toBeSigned, id: named('the key of D'), appPermissions: [scmsRole('ra')] },
});
const encodings = [scms.ica, scms.pca, pg].flatMap((of) => [
  issueExplicit({ issuer: of.issuer as Credential, key: of.key, fields: of.toBeSigned, keyForm: 'uncompressed' }),
  issueExplicit({ issuer: of.issuer as Credential, key: of.key, fields: of.toBeSigned, rForm: 'compressed' }),
]);
const CERTIFICATES: readonly Pick<Credential, 'bytes'>[] = [
  ...[scms.ma, scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg, pg, R1, R2, A, D],
  ...[
    scms2.ma,
    scms2.ica,
    scms2.pca,
    foreign.ma,
    foreign.ica,
    foreignPg,
    foreign.root,
    stranger,
    strangeRoot,
    strangeIca,
    selfMade,
    keyOfB,
    keyOfD,
    device1,
  ],
  ...(pseudonym ? [pseudonym] : []),
  ...encodings,
];
const BALLOTS: readonly Uint8Array[] = [
  ballot([stranger, F], { type: 'addRoot', subject: R1 }),
  ballot([stranger, F], { type: 'addElector', subject: F }),
  ballot([B], { type: 'addElector', subject: F }),
  ballot([stranger], { type: 'removeRoot', subject: R1 }),
];

const certificate = fc.nat({ max: CERTIFICATES.length - 1 }).map((i) => CERTIFICATES[i] as Credential);
const version = fc.oneof(fc.nat({ max: 8 }), fc.integer({ min: 0, max: 0xffff }));
const ballots = fc.subarray([...BALLOTS], { maxLength: 2 });
const parts = fc.record({
  ma: certificate,
  certs: fc.array(certificate, { maxLength: 8 }),
  rootCAEndorsements: ballots,
  electorEndorsements: ballots,
});
const forgedRequest = (sequenceNumber: number) => ({
  electorGroupId: GROUP_OCTETS,
  sequenceNumber,
  effectiveDate: SECONDS,
  electors: [stranger],
  roots: [strangeRoot],
  signers: [stranger],
});

/** Bytes that nobody with a key of ours has made, as far as they say anything new. */
const HOSTILE: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(version, parts).map(([number, content]) => globalChainFile(number, content)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(version, version, parts)
      .map(([gccfVersion, lccfVersion, content]) =>
        localChainFile({ gccfVersion, lccfVersion, raHostname: 'ra' }, content),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat({ max: 9 }), fc.array(certificate, { maxLength: 4 }))
      .map(([number, others]) => homeCertificateChain(forgedRequest(number), others)),
  },
  { weight: 1, arbitrary: fc.nat({ max: 9 }).map((number) => ctlFile(forgedRequest(number))) },
  {
    weight: 1,
    arbitrary: ballots.map((list) =>
      compositeCrlOf({
        crls: [issueCrl(foreign, { kind: 'fullHashCrl', series: 2, certificates: [scms.pca] }, chain)],
        revokedRootCAs: list,
        revokedElectors: list,
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(policy(foreignPg, 99), policy(scms.ra, 99), ...BALLOTS) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
);

interface Step {
  readonly days: number;
  /** Among {@link GENUINE}. */
  readonly genuine: number;
  readonly before: readonly Uint8Array[];
  readonly beside: readonly Uint8Array[];
  /** Where an artefact that is known already is changed, and how. */
  readonly damage: readonly [number, number];
}
const steps = fc.array(
  fc.record({
    days: fc.nat({ max: 2 }),
    genuine: fc.nat({ max: GENUINE.length - 1 }),
    before: fc.array(HOSTILE, { maxLength: 3 }),
    beside: fc.array(HOSTILE, { maxLength: 2 }),
    damage: fc.tuple(fc.nat(), fc.nat({ max: 255 })),
  }),
  { minLength: 1, maxLength: 5 },
);

/** A copy of a known artefact with one byte changed, as a middleman would make it, and not authenticated. */
function damaged(known: Artefact, [place, mask]: Step['damage']): Uint8Array {
  const octets = (known as { octets: Uint8Array }).octets.slice();
  const at = place % octets.length;
  octets[at] = (octets[at] as number) ^ mask;
  return octets;
}

const junk = (list: readonly Uint8Array[]): Artefact[] => list.map((octets, i) => file(`hostile ${i}`, octets));
const hashes = (list: readonly { readonly hash: string }[]): string[] => list.map(({ hash }) => hash);
const crlIds = ({ crls }: TrustState): string[] => crls.flatMap(({ parts: list }) => list.map(({ sha256 }) => sha256));
const partOf = ({ artefact, part, proposition }: Decision): string => [artefact, part, proposition].join(' ');

describe('unauthenticated bytes (D42)', () => {
  it('take away no certificate, root, elector, CRL or policy, and keep no genuine artefact out', () => {
    let compared = 0;
    let added = 0;
    fc.assert(
      fc.property(steps, (sequence) => {
        // Votes that are heard again may bring back a root that went by implication (G6), and they are genuine.
        let clean = device({ implicitRootRevocation: 'off' });
        let dirty = clean;
        let now = BigInt(clean.clock);
        const known: Artefact[] = [];
        for (const { days, genuine: index, before, beside, damage } of sequence) {
          const genuine = GENUINE[index] as Artefact;
          now += BigInt(days) * DAY;
          clean = applyBundle(clean, [], now, CACHED).state;
          const replayed = known.map((one) => damaged(one, damage));
          dirty = applyBundle(dirty, junk([...before, ...replayed]), now, CACHED).state;
          const one = applyBundle(clean, [genuine], now, CACHED);
          const other = applyBundle(dirty, [...junk(beside), genuine], now, CACHED);
          [clean, dirty] = [one.state, other.state];
          known.push(genuine);

          const trust = ({ electors, roots, tombstones, pending, quorum, mode }: TrustState): object => {
            const buried = tombstones.map(({ hash, role, votes }) => ({ hash, role, votes }));
            return [
              hashes(electors),
              hashes(roots),
              buried,
              pending.map(({ effectiveTime }) => effectiveTime),
              quorum,
              mode,
            ];
          };
          expect(trust(dirty)).toEqual(trust(clean));
          expect(hashes(dirty.certificates)).toEqual(expect.arrayContaining(hashes(clean.certificates)));
          expect(crlIds(dirty)).toEqual(crlIds(clean));
          expect(dirty.policy?.octets).toBe(clean.policy?.octets);
          const refused = new Set(
            other.decisions.filter(({ decision }) => decision === 'REJECT').map((decision) => partOf(decision)),
          );
          for (const decision of one.decisions) {
            if (decision.decision === 'REJECT') continue;
            expect(refused, `${genuine.name}: ${JSON.stringify(decision)}`).not.toContain(partOf(decision));
            compared++;
          }
          added += Number(dirty.certificates.length > clean.certificates.length);
        }
      }),
      RUNS,
    );
    // It compares something, and what is hostile does add certificates that validate.
    expect(compared).toBeGreaterThan(RUNS.numRuns);
    expect(added).toBeGreaterThan(RUNS.numRuns / 10);
  });
});
