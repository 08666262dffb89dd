/** What the verifier asks of a revocation index, and what it makes of the answers, on the ordinary path and in the fast path. */
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { Certificate, canonicalCertificate } from '../../src/dot2/index.ts';
import { buildRevocation } from '../../src/revocation/build.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import type { CrlScope } from '../../src/revocation/types.ts';
import { pseudonymFields } from '../../src/testbed/devices.ts';
import {
  type Credential,
  CURVES,
  createScms,
  hashedId8,
  issueCrl,
  issueExplicit,
  negated,
  pseudonyms,
  publicPoint,
  SERIES_APPLICATION,
  SERIES_COMPONENT,
  SERIES_PSEUDONYM,
  SERIES_ROOT_MANAGED,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item, Policy, TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { fromHex, toHex } from '../support/octets.ts';
import { TinyIndex } from '../support/tiny-index.ts';
import { byDigest, certificate, explicitLeaf, implicitLeaf, inParts, message, scms, verifierWith } from './support.ts';

const DAY = 24 * 3600;
const DAY_MICROS = BigInt(DAY) * 1_000_000n;
const AT = Number(scms.at / 1_000_000n);

const scope = (crlSeries: number, of = scms): CrlScope => ({
  root: toHex(of.root.fullHash),
  cracaId: toHex(of.cracaId),
  crlSeries,
});
const id10 = ({ fullHash }: Credential): Uint8Array => fullHash.slice(-10);
/** CRLs for every series, so that all of a chain is covered; `naming` are on the one of their series. */
function everySeries(naming: readonly Credential[] = [], nextCrl?: number): TinyIndex {
  return new TinyIndex(
    ...[SERIES_PSEUDONYM, SERIES_COMPONENT, SERIES_APPLICATION, SERIES_ROOT_MANAGED].map((series) => ({
      scope: scope(series),
      ids: naming.filter(({ toBeSigned }) => toBeSigned.crlSeries === series).map(id10),
      ...(nextCrl !== undefined && { nextCrl }),
    })),
  );
}

/**
 * Verifies items without the fast path, and with one that has seen what such items look like before the CRLs came and after;
 * both must say the same.
 */
function judge(
  index: TinyIndex | undefined,
  items: readonly Item[],
  options: Partial<Policy & { trust: TrustMaterial }> = {},
) {
  const ordinary = verifierWith({ ...options, revocationIndex: index, fastPath: false }).verify(items);
  const trained = verifierWith({ ...options, revocationIndex: index });
  trained.verify([...lessons(), ...items]);
  expect(trained.verify(items)).toEqual(ordinary);
  return ordinary;
}

const good = explicitLeaf('good unit');
const bad = explicitLeaf('revoked unit');
/** One certificate of each of two devices. */
function leaves(kind: { readonly explicit?: boolean }): [Credential, Credential] {
  const [first, second] = [...pseudonyms(scms, { devices: 2, perWeek: 1, ...kind })];
  if (first === undefined || second === undefined) throw new Error('not two');
  return [first, second];
}
const [weekly, otherWeekly] = leaves({ explicit: true });
const [implicit, otherImplicit] = leaves({});
const lessons = (): Item[] => [
  ...[good, weekly].map(certificate),
  ...[explicitLeaf('lesson'), weekly, implicit].flatMap((one) => [message(one), byDigest(one)]),
  certificate(implicit),
];

const linkageOf = ({ toBeSigned: { id } }: Credential): { iCert: number; linkageValue: Uint8Array } => {
  if (id.tag !== 'linkageData') throw new Error('no linkage data');
  return id.value;
};
const period = linkageOf(weekly).iCert;

describe('a certificate on a CRL', () => {
  it('is revoked, by itself and in what it signs, and others are not', () => {
    const index = everySeries([bad]);
    const verdicts = judge(index, [certificate(bad), message(bad), byDigest(bad), certificate(good), message(good)]);
    const hit = {
      crl: '00',
      source: 'crl 2',
      craca: toHex(scms.cracaId),
      series: SERIES_APPLICATION,
      rule: 'hash',
      entry: 0,
    };
    const revoked = {
      verdict: 'invalid',
      code: 'certificateRevoked',
      resultCode: 11,
      resultName: 'certificateRevoked',
    };
    expect(verdicts.slice(0, 3)).toMatchObject([
      { ...revoked, depth: 0, revocation: 'revoked', revokedBy: { ...hit, depth: 0 }, signature: 'ok', crlRevision: 1 },
      { ...revoked, depth: 1, revocation: 'revoked', revokedBy: { ...hit, depth: 1 }, signature: 'ok' },
      { ...revoked, depth: 1, revocation: 'revoked', revokedBy: { ...hit, depth: 1 }, signer: 'digest' },
    ]);
    for (const verdict of verdicts.slice(3)) expect(verdict).toMatchObject({ code: 'ok', revocation: 'notRevoked' });
    expect(verdicts[3]).not.toHaveProperty('revokedBy');
    expect(verdicts[3]).not.toHaveProperty('warnings');
  });

  it('is revoked by its linkage value in its own period only', () => {
    const { linkageValue } = linkageOf(weekly);
    const values = (i: number) => new TinyIndex({ scope: scope(SERIES_PSEUDONYM), values: { [i]: [linkageValue] } });
    const items = [certificate(weekly), message(weekly), certificate(otherWeekly)];
    const [own, signed, other] = judge(values(period), items);
    expect(own).toMatchObject({ code: 'certificateRevoked', revokedBy: { rule: 'linkageValue', entry: 0, depth: 0 } });
    expect(signed).toMatchObject({ code: 'certificateRevoked', revokedBy: { rule: 'linkageValue', depth: 1 } });
    expect(other).toMatchObject({ code: 'ok', revocation: 'issuersNotChecked' });
    for (const verdict of judge(values(period + 1), items)) expect(verdict.code).toBe('ok');
  });

  it('is revoked by its group value, and not because it has one', () => {
    const fields = pseudonymFields(scms, 0, linkageOf(weekly).linkageValue);
    const group = { jValue: fromHex('0000000f'), value: fromHex('0102030405060708ff') };
    const id = { tag: 'linkageData', value: { ...linkageOf(weekly), groupLinkageValue: group } } as const;
    const leaf = explicitLeaf('in a group', { fields: { ...fields, id } });
    const sibling = explicitLeaf('in a group too', {
      fields: {
        ...fields,
        id: { ...id, value: { ...id.value, groupLinkageValue: { ...group, value: fromHex('aa02030405060708ff') } } },
      },
    });
    const named = new TinyIndex({
      scope: scope(SERIES_PSEUDONYM),
      groups: [Buffer.concat([group.jValue, group.value])],
    });
    const items = [certificate(leaf), message(leaf), certificate(sibling), message(sibling)];
    const verdicts = judge(named, [...items, ...items]);
    expect(verdicts.slice(4).map(({ code }) => code)).toEqual(['certificateRevoked', 'certificateRevoked', 'ok', 'ok']);
    expect(verdicts[0]?.revokedBy?.rule).toBe('groupLinkageValue');
    const none = judge(new TinyIndex({ scope: scope(SERIES_PSEUDONYM) }), items);
    expect(none.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('is revoked where it is implicit and nothing has proven it', () => {
    const { linkageValue } = linkageOf(implicit);
    const index = new TinyIndex({ scope: scope(SERIES_PSEUDONYM), values: { [period]: [linkageValue] } });
    const [own, other, late] = judge(index, [certificate(implicit), certificate(otherImplicit), message(implicit)]);
    expect(own).toMatchObject({ verdict: 'invalid', code: 'certificateRevoked', revocation: 'revoked' });
    expect(other).toMatchObject({
      verdict: 'undecided',
      code: 'implicitReconstructed',
      revocation: 'issuersNotChecked',
    });
    expect(late).toMatchObject({ code: 'certificateRevoked', depth: 1 });
  });

  it('is found by the rest of its sender: a digest means a revoked signer, not an unknown one', () => {
    const verdicts = judge(everySeries([bad]), [message(bad), byDigest(bad), byDigest(bad)]);
    expect(verdicts.map(({ code }) => code)).toEqual([
      'certificateRevoked',
      'certificateRevoked',
      'certificateRevoked',
    ]);
  });
});

describe('the other signature of a certificate (D20)', () => {
  const alterSignature = (raw: Parameters<typeof negated>[1]) => negated(CURVES.ecdsaNistP256, raw);
  const twinOf = (one: Credential, request: Partial<Parameters<typeof issueExplicit>[0]> = {}): Credential => {
    const { verifyKeyIndicator, encoded, ...fields } = one.toBeSigned;
    return issueExplicit({ issuer: one.issuer, key: one.key, fields, alterSignature, ...request });
  };

  it('is another certificate by its hash, and verifies', () => {
    const twin = twinOf(bad);
    expect(toHex(id10(twin))).not.toBe(toHex(id10(bad)));
    expect(twin.bytes.subarray(0, -32)).toEqual(bad.bytes.subarray(0, -32));
    expect(verifierWith().verify([certificate(twin)])[0]?.code).toBe('ok');
  });

  it.each(['listed', 'shown'] as const)('does not hide an application certificate (the twin is %s)', (which) => {
    const twin = twinOf(bad);
    const [listed, shown] = which === 'listed' ? [twin, bad] : [bad, twin];
    const verdicts = judge(everySeries([listed]), [
      certificate(shown),
      message(shown),
      byDigest(shown),
      certificate(good),
    ]);
    expect(verdicts.map(({ code }) => code)).toEqual([...Array(3).fill('certificateRevoked'), 'ok']);
  });

  it('does not hide a CA: what its twin issues is revoked with it', () => {
    const twin = twinOf(scms.pca);
    const leaf = explicitLeaf('under the twin', { issuer: twin });
    const trust = { ...scms.trust(), certificates: [...(scms.trust().certificates ?? []), twin.bytes] };
    expect(judge(everySeries([]), [certificate(leaf)], { trust })[0]?.code).toBe('ok');
    const verdicts = judge(everySeries([scms.pca]), [certificate(twin), certificate(leaf), message(leaf)], { trust });
    expect(verdicts.map(({ code, depth }) => [code, depth])).toEqual([
      ['certificateRevoked', 0],
      ['certificateRevoked', 1],
      ['certificateRevoked', 2],
    ]);
  });

  it('does not hide a CRL generator', () => {
    expect(judge(everySeries([scms.crlg]), [certificate(twinOf(scms.crlg))])[0]?.code).toBe('certificateRevoked');
  });

  it('does not hide what is written in other forms besides', () => {
    const point = publicPoint(bad.key);
    const shown = twinOf(bad, {
      keyForm: 'uncompressed',
      rForm: 'uncompressed',
      verifyKeyIndicator: {
        tag: 'verificationKey',
        value: { tag: 'ecdsaNistP256', value: { tag: 'uncompressed', value: point } },
      },
    });
    expect(shown.bytes.length).toBeGreaterThan(bad.bytes.length + 60);
    const verdicts = judge(everySeries([bad]), [certificate(shown), message(shown)]);
    expect(verdicts.map(({ code }) => code)).toEqual(['certificateRevoked', 'certificateRevoked']);
  });

  it('does not make anything of an s that is none', () => {
    const decoded = decodeOrThrow(Certificate, bad.bytes);
    for (const s of [0n, p256.Point.Fn.ORDER, 2n ** 256n - 1n]) {
      const sSig = fromHex(s.toString(16).padStart(64, '0'));
      const value = { ...(decoded.signature as { value: object }).value, sSig };
      const bytes = encode(Certificate, { ...decoded, signature: { ...decoded.signature, value } as never });
      const [verdict] = judge(everySeries([bad]), [{ kind: 'certificate', bytes }]);
      expect(verdict).toMatchObject({ code: 'badSignature', verdict: 'invalid' });
    }
  });

  it('asks by the hash of the canonical form, as wide as issuer and as own key', () => {
    const wide = createScms({ seed: 'wide', rootCurve: 'ecdsaNistP384', electors: 0 });
    const { ica } = wide;
    const canonical = canonicalCertificate(decodeOrThrow(Certificate, ica.bytes));
    expect(toHex(canonical)).toBe(toHex(ica.canonical));
    const index = (id: Uint8Array) => new TinyIndex({ scope: scope(SERIES_ROOT_MANAGED, wide), ids: [id] });
    const under = { trust: wide.trust(), at: wide.at };
    // The issuer signs with SHA-384; the ICA's own key is 256 bits wide, and messages name it by SHA-256.
    const narrow = verifierWith({ ...under, revocationIndex: index(id10(ica)) }).verify([certificate(ica)])[0];
    expect(narrow?.code).toBe('certificateRevoked');
    const asked = new TinyIndex();
    verifierWith({ ...under, revocationIndex: asked }).verify([certificate(ica)]);
    const forms = asked.asked.map(({ query }) => query.hashedId10s.length);
    expect(Math.max(...forms)).toBe(4);
  });
});

describe('what a CRL covers (D21)', () => {
  it('lies under its own root: a cracaId can be ground', () => {
    const other = createScms({ seed: 'another root', electors: 0 });
    const elsewhere = { ...scope(SERIES_APPLICATION), root: toHex(other.root.fullHash) };
    const index = new TinyIndex({ scope: elsewhere, ids: [id10(bad)] });
    const verdicts = judge(index, [certificate(bad), message(bad)]);
    expect(verdicts.map(({ code, revocation }) => [code, revocation])).toEqual([
      ['ok', 'notChecked'],
      ['ok', 'notChecked'],
    ]);
  });

  it('has its series and cracaId', () => {
    for (const change of [{ crlSeries: SERIES_PSEUDONYM }, { cracaId: '000000' }]) {
      const index = new TinyIndex({ scope: { ...scope(SERIES_APPLICATION), ...change }, ids: [id10(bad)] });
      expect(judge(index, [certificate(bad)])[0]).toMatchObject({ code: 'ok', revocation: 'notChecked' });
    }
  });

  it('is nothing under a pin: no root is known whose CRLs would count', () => {
    const trust = { roots: [], pins: [{ certificate: bad.bytes, publicKey: sec1(bad) }] };
    const index = everySeries([bad]);
    expect(judge(index, [certificate(bad), message(bad)], { trust })).toMatchObject([
      { code: 'ok', trust: 'pinned', revocation: 'notChecked' },
      { code: 'ok', trust: 'pinned', revocation: 'notChecked' },
    ]);
    const required = judge(index, [certificate(bad), message(bad)], { trust, requireCrl: true });
    expect(required.map(({ code }) => code)).toEqual(['revocationNotChecked', 'revocationNotChecked']);
  });

  it('can be the root itself', () => {
    const asCraca = new TinyIndex({
      scope: { root: toHex(scms.root.fullHash), cracaId: toHex(scms.root.fullHash.slice(-3)), crlSeries: 256 },
      ids: [id10(scms.root)],
    });
    const verdicts = judge(asCraca, [certificate(scms.root), certificate(good), message(good)]);
    expect(verdicts.map(({ code, depth }) => [code, depth])).toEqual([
      ['certificateRevoked', 0],
      ['certificateRevoked', 3],
      ['certificateRevoked', 4],
    ]);
  });
});

function sec1({ key }: Credential): Uint8Array {
  const { x, y } = publicPoint(key);
  return Buffer.concat([Uint8Array.of(4), x, y]);
}

describe('an issuer on a CRL', () => {
  it.each([
    ['the PCA', scms.pca, 1],
    ['the ICA', scms.ica, 2],
  ] as const)('revokes everything under it: %s', (_, revoked, depth) => {
    const items = [certificate(weekly), message(weekly), byDigest(weekly), certificate(implicit), message(implicit)];
    const verdicts = judge(everySeries([revoked]), items);
    expect(verdicts.map((verdict) => [verdict.code, verdict.depth])).toEqual([
      ['certificateRevoked', depth],
      ['certificateRevoked', depth + 1],
      ['certificateRevoked', depth + 1],
      ['certificateRevoked', depth],
      ['certificateRevoked', depth + 1],
    ]);
  });

  it('is named rather than what it issued, where both are on one', () => {
    const [verdict] = judge(everySeries([scms.ica, scms.pca, bad]), [certificate(bad)], { allErrors: true });
    expect(verdict).toMatchObject({ code: 'certificateRevoked', depth: 2, revokedBy: { depth: 2 } });
    expect(verdict?.errors?.map(({ depth }) => depth)).toEqual([2, 1, 0]);
  });

  it('turns known senders at once, and back', () => {
    const verifier = verifierWith({ revocationIndex: everySeries() });
    const items = lessons();
    verifier.verify(items);
    const before = verifier.metrics.fast;
    expect(allOf(verifier.verify(items))).toEqual(['ok', 'implicitReconstructed']);
    expect(verifier.metrics.fast - before).toBe(items.length);
    verifier.setRevocationIndex(everySeries([scms.pca]));
    expect(allOf(verifier.verify(items))).toEqual(['certificateRevoked']);
    expect(verifier.verify([byDigest(weekly), message(implicit)])).toMatchObject([
      { code: 'certificateRevoked', depth: 2, crlRevision: 2 },
      { code: 'certificateRevoked', depth: 2, crlRevision: 2 },
    ]);
    verifier.setRevocationIndex(everySeries());
    expect(allOf(verifier.verify(items))).toEqual(['ok', 'implicitReconstructed']);
    verifier.setRevocationIndex(undefined);
    expect(new Set(verifier.verify(items).map(({ revocation }) => revocation))).toEqual(new Set(['notChecked']));
  });
});

const allOf = (verdicts: readonly Verdict[]): string[] =>
  [...new Set(verdicts.map(({ code }) => code))].sort().reverse();

describe('the order of judgement (D4)', () => {
  it('has revocation behind signatures and before times', () => {
    const late = { at: scms.at + 3650n * DAY_MICROS };
    const index = everySeries([bad]);
    const [expired] = judge(index, [certificate(bad)], { ...late, allErrors: true });
    expect(expired).toMatchObject({ code: 'certificateRevoked' });
    expect(expired?.errors?.map(({ code }) => code)).toEqual(['certificateRevoked', 'certificateExpired']);
    const spoiled = { ...certificate(bad), bytes: bad.bytes.slice() };
    spoiled.bytes[spoiled.bytes.length - 40] = (spoiled.bytes[spoiled.bytes.length - 40] as number) ^ 1;
    expect(judge(everySeries([scms.ica]), [spoiled], { allErrors: true })[0]).toMatchObject({
      code: 'badSignature',
      revocation: 'revoked',
      errors: [{ code: 'badSignature' }, { code: 'certificateRevoked', depth: 2 }],
    });
  });

  it('remembers no message against replay that was not valid', () => {
    const relevance = { replayWindowSeconds: 60 };
    const verifier = verifierWith({ relevance, revocationIndex: everySeries([bad]) });
    const item = message(bad);
    expect(verifier.verify([item, item]).map(({ code }) => code)).toEqual(['certificateRevoked', 'certificateRevoked']);
    expect(verifier.takeAccepted()).toEqual([]);
    verifier.setRevocationIndex(everySeries());
    expect(verifier.verify([item, item]).map(({ code }) => code)).toEqual(['ok', 'replayedSpdu']);
  });
});

describe('CRLs that are missing (D8)', () => {
  const items = [certificate(good), message(good), byDigest(good)];

  it('are no reason to doubt, unless they are required', () => {
    for (const index of [undefined, new TinyIndex()]) {
      expect(judge(index, items).map(({ code, revocation }) => [code, revocation])).toEqual(
        items.map(() => ['ok', 'notChecked']),
      );
      const required = judge(index, items, { requireCrl: true });
      for (const verdict of required) {
        expect(verdict).toMatchObject({ verdict: 'undecided', code: 'revocationNotChecked', resultCode: null });
      }
    }
  });

  it('are required of every issuer as well, and of no anchor', () => {
    const own = new TinyIndex({ scope: scope(SERIES_APPLICATION) });
    expect(judge(own, items).map(({ revocation }) => revocation)).toEqual(items.map(() => 'issuersNotChecked'));
    const [verdict] = judge(own, items, { requireCrl: true, allErrors: true });
    expect(verdict).toMatchObject({ code: 'revocationNotChecked', depth: 2, revocation: 'issuersNotChecked' });
    expect(verdict?.errors?.map(({ depth }) => depth)).toEqual([2, 1]);
    for (const one of judge(everySeries(), [...items, certificate(scms.root)], { requireCrl: true })) {
      expect(one.code).toBe('ok');
    }
  });

  it('are required from the next batch on where the policy changes', () => {
    const verifier = verifierWith();
    verifier.verify([...lessons(), ...items]);
    expect(verifier.verify(items).map(({ code }) => code)).toEqual(['ok', 'ok', 'ok']);
    verifier.setPolicy({ at: scms.at, requireCrl: true });
    expect(new Set(verifier.verify(items).map(({ code }) => code))).toEqual(new Set(['revocationNotChecked']));
    verifier.setPolicy({ at: scms.at });
    expect(verifier.verify(items).map(({ code }) => code)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('CRLs that are overdue (D8)', () => {
  const items = [certificate(good), message(good), byDigest(good), certificate(bad)];
  const nextCrl = (days: number): number => AT - days * DAY;

  it.each([
    [-1, {}, 'ok', 'notRevoked', false],
    [0, {}, 'ok', 'notRevoked', false],
    [1, {}, 'ok', 'notRevoked', true],
    [14, {}, 'ok', 'notRevoked', true],
    [15, {}, 'overdueCRL', 'overdue', true],
    [15, { overdue: 'undecided' }, 'overdueCRL', 'overdue', true],
    [15, { overdue: 'reject' }, 'overdueCRLRejected', 'overdue', true],
    [15, { overdue: 'ignore' }, 'ok', 'notRevoked', true],
    [15, { overdueToleranceSeconds: 15 * DAY }, 'ok', 'notRevoked', true],
    [1, { overdueToleranceSeconds: 0 }, 'overdueCRL', 'overdue', true],
    [1, { overdueToleranceSeconds: 0, overdue: 'reject' }, 'overdueCRLRejected', 'overdue', true],
    [15, { requireCrl: true }, 'overdueCRL', 'overdue', true],
  ] as const)('%i days past nextCrl, %o: %s', (days, policy, code, revocation, warns) => {
    const verdicts = judge(everySeries([bad], nextCrl(days)), items, policy);
    for (const verdict of verdicts.slice(0, 3)) {
      expect(verdict).toMatchObject({ code, revocation });
      expect(verdict.warnings).toEqual(warns ? ['crlOverdue'] : undefined);
    }
    // Who is on a CRL stays revoked, however old it is, or another one.
    const refused = code === 'overdueCRLRejected' ? code : 'certificateRevoked';
    expect(verdicts[3]).toMatchObject({ verdict: 'invalid', code: refused, revocation: 'revoked' });
  });

  it('count for a chain where one of them is', () => {
    const index = new TinyIndex(
      { scope: scope(SERIES_APPLICATION) },
      { scope: scope(SERIES_COMPONENT), nextCrl: nextCrl(20) },
    );
    expect(judge(index, items.slice(0, 2))).toMatchObject([
      { code: 'overdueCRL', depth: 1, detail: '20 days past nextCrl' },
      { code: 'overdueCRL', depth: 2 },
    ]);
  });

  it('are judged at the time of judgement, also where certificates are judged at their own', () => {
    const [verdict] = judge(everySeries([], AT + DAY), [certificate(good)], {
      atOwnStart: true,
      at: scms.at + 20n * DAY_MICROS,
    });
    expect(verdict).toMatchObject({ code: 'overdueCRL' });
  });

  it('are a policy of this closed list', () => {
    expect(() => verifierWith({ overdue: 'perhaps' as never })).toThrow(RangeError);
    expect(() => verifierWith({ overdueToleranceSeconds: Number.NaN })).toThrow(RangeError);
  });
});

describe('a period that is not expanded (D22)', () => {
  const onDemand = () => new TinyIndex({ scope: scope(SERIES_PSEUDONYM), onDemand: [period] });
  const tooLarge = () => new TinyIndex({ scope: scope(SERIES_PSEUDONYM), tooLarge: [period] });

  it('is expanded for what stands otherwise', () => {
    const items = [certificate(weekly), message(weekly), byDigest(weekly), message(implicit), byDigest(implicit)];
    for (const verdict of judge(onDemand(), items)) expect(verdict).toMatchObject({ code: 'ok' });
  });

  it('is left alone for an implicit certificate that nothing has proven, whoever asked before', () => {
    const index = onDemand();
    const verifier = verifierWith({ revocationIndex: index });
    for (let i = 0; i < 3; i++) {
      const [before, proven, after] = verifier.verify([
        certificate(implicit),
        message(implicit),
        certificate(implicit),
      ]);
      expect(before).toMatchObject({
        verdict: 'undecided',
        code: 'revocationNotEvaluated',
        revocation: 'notEvaluated',
      });
      expect(proven).toMatchObject({ code: 'ok' });
      expect(after).toEqual(before);
    }
  });

  it('is left alone for what is wrong otherwise, which keeps its own reason', () => {
    const items = [certificate(weekly), message(weekly, { psid: 0x87 })];
    for (const fastPath of [false, true]) {
      const index = onDemand();
      const verifier = verifierWith({ at: scms.at + 3650n * DAY_MICROS, revocationIndex: index, fastPath });
      for (let i = 0; i < 3; i++) {
        expect(verifier.verify(items).map(({ code, revocation }) => [code, revocation])).toEqual([
          ['certificateExpired', 'notEvaluated'],
          ['unauthorizedPSID', 'notEvaluated'],
        ]);
      }
      expect(index.asked.filter(({ query, mayExpand }) => mayExpand && query.linkage)).toEqual([]);
    }
  });

  it('makes the item undecided where it cannot be expanded', () => {
    for (const verdict of judge(tooLarge(), [certificate(weekly), message(weekly), message(implicit)])) {
      expect(verdict).toMatchObject({
        verdict: 'undecided',
        code: 'revocationNotEvaluated',
        revocation: 'notEvaluated',
      });
    }
  });

  it('costs a known sender nothing once it is expanded, in the fast path', () => {
    const index = onDemand();
    const verifier = verifierWith({ revocationIndex: index });
    verifier.verify(lessons());
    verifier.verify(lessons());
    const { length } = index.asked;
    const before = verifier.metrics.fast;
    const items = Array.from({ length: 20 }, () => [byDigest(weekly), message(implicit)]).flat();
    expect(new Set(verifier.verify(items).map(({ code }) => code))).toEqual(new Set(['ok']));
    expect(index.asked.length).toBe(length);
    expect(verifier.metrics.fast - before).toBe(items.length);
  });
});

describe('the fast path', () => {
  const crowd: Credential[] = [
    ...pseudonyms(scms, { devices: 12, perWeek: 2, explicit: true }),
    ...pseudonyms(scms, { devices: 12, perWeek: 2 }),
  ];
  const listed = crowd.filter((_, i) => i % 5 === 2);
  const listedValues = listed.filter((_, i) => i % 2 === 0).map((one) => linkageOf(one).linkageValue);
  /** Explicit and implicit certificates of a device share their linkage value. */
  const isRevoked = (one: Credential): boolean =>
    listed.includes(one) || listedValues.some((value) => toHex(value) === toHex(linkageOf(one).linkageValue));
  const index = (): TinyIndex =>
    new TinyIndex(
      {
        scope: scope(SERIES_PSEUDONYM),
        values: { [period]: listedValues },
        ids: listed.filter((_, i) => i % 2 === 1).map(id10),
      },
      { scope: scope(SERIES_COMPONENT) },
    );
  const traffic = (): Item[] => [
    ...crowd.flatMap((one) => [message(one), certificate(one), byDigest(one)]),
    ...crowd.flatMap((one) => [byDigest(one), message(one)]),
  ];

  it.each([[1], [7], [1000], [3, 50, 1]])('says what the ordinary path says, in batches of %s', (...sizes) => {
    const items = traffic();
    const ordinary = verifierWith({ revocationIndex: index(), fastPath: false }).verify(items);
    const verifier = verifierWith({ revocationIndex: index() });
    verifier.verify(lessons());
    const known = verifier.metrics.fast;
    expect(inParts(verifier, items, sizes)).toEqual(ordinary);
    expect(verifier.metrics.fast - known).toBeGreaterThan(items.length / 2);
    const revoked = ordinary.filter(({ code }) => code === 'certificateRevoked').length;
    expect(revoked).toBe((items.length / crowd.length) * crowd.filter(isRevoked).length);
  });

  it('asks once for each sender, and not at all for those it knows', () => {
    const asked = index();
    const verifier = verifierWith({ revocationIndex: asked });
    verifier.verify(lessons());
    const start = asked.asked.length;
    const clean = crowd.filter((one) => !isRevoked(one));
    verifier.verify(clean.map((one) => message(one)));
    expect(asked.asked.length - start).toBeLessThanOrEqual(clean.length);
    const known = asked.asked.length;
    verifier.verify(clean.flatMap((one) => [byDigest(one), message(one)]));
    expect(asked.asked.length).toBe(known);
    expect(verifier.revocationMetrics).toMatchObject({ lookups: known });
  });

  it('hands over what only another thread has learned, once the CRLs have changed', () => {
    const teacher: Verifier = verifierWith({ revocationIndex: everySeries() });
    teacher.verify(crowd.map((one) => message(one)));
    const learned = teacher.takeLearned();
    const heir = verifierWith({ revocationIndex: index() });
    heir.learn(learned);
    const verdicts = heir.verify(crowd.map((one) => byDigest(one)));
    crowd.forEach((one, i) => {
      expect(verdicts[i]?.code).toBe(isRevoked(one) ? 'certificateRevoked' : 'ok');
    });
  });
});

it('an implicit leaf of no linkage data is named by its hash', () => {
  const leaf = implicitLeaf('implicit unit');
  expect(judge(everySeries([leaf]), [certificate(leaf), message(leaf)]).map(({ code }) => code)).toEqual([
    'certificateRevoked',
    'certificateRevoked',
  ]);
});

describe('CRLs of the testbed, through judge, index and verdict', () => {
  it('reach only what is under their own root (D21)', async () => {
    const other = createScms({ seed: 'a root of its own', electors: 0 });
    const trust = {
      roots: [scms.root.bytes, other.root.bytes],
      certificates: [...(scms.trust().certificates ?? []), ...(other.trust().certificates ?? [])],
    };
    // The other PKI revokes a device whose certificates say that our root is their CRACA.
    const leaf = explicitLeaf('claimed by a foreign CRL');
    const crls = [
      issueCrl(scms, { series: SERIES_APPLICATION, kind: 'fullHashCrl', certificates: [good] }),
      issueCrl(other, {
        series: SERIES_APPLICATION,
        kind: 'fullHashCrl',
        certificates: [leaf],
        craca: hashedId8(other.root),
      }),
    ].map((bytes, i) => ({ bytes, source: `crl ${i}` }));
    const { accepted } = verifierWith({ trust }).verifyCrls(crls);
    expect(accepted).toHaveLength(2);
    const revocation = await buildRevocation(accepted, { periods: [] });
    const under = (id: CrlScope): RevocationData => ({
      ...revocation,
      // As if three octets of the other root's hash had been ground to be those of ours.
      crls: revocation.crls.map((crl, i) => (i === 1 ? { ...crl, about: { ...crl.about, scope: id } } : crl)),
    });
    const ground = under({ ...scope(SERIES_APPLICATION), root: toHex(other.root.fullHash) });
    const items = [certificate(leaf), message(leaf), certificate(good)];
    const codesUnder = (data: RevocationData) =>
      verifierWith({ trust, revocation: data })
        .verify(items)
        .map(({ code }) => code);
    expect(codesUnder(ground)).toEqual(['ok', 'ok', 'certificateRevoked']);
    expect(codesUnder(under(scope(SERIES_APPLICATION)))).toEqual(Array(3).fill('certificateRevoked'));
  });

  it('reach no other series, and every cracaId of their series where they were let pass for that', async () => {
    const { accepted } = verifierWith({ lenient: ['crl-craca'] }).verifyCrls([
      { bytes: issueCrl(scms, { devices: [0], craca: hashedId8(scms.pca) }), source: 'lenient' },
    ]);
    expect(accepted).toMatchObject([{ scope: { cracaId: '*' }, lenient: ['crl-craca'] }]);
    const verifier = verifierWith({ revocation: await buildRevocation(accepted, { periods: [period] }) });
    const verdicts = verifier.verify([certificate(weekly), certificate(otherWeekly), certificate(good)]);
    expect(verdicts).toMatchObject([
      { code: 'certificateRevoked', lenient: ['crl-craca'], revokedBy: { lenient: ['crl-craca'] } },
      { code: 'ok', revocation: 'issuersNotChecked', lenient: ['crl-craca'] },
      { code: 'ok', revocation: 'notChecked' },
    ]);
    expect(verdicts[2]).not.toHaveProperty('lenient');
    // The fast path names what a verdict rests on too.
    const items = [message(otherWeekly), certificate(otherWeekly), byDigest(otherWeekly)];
    const first = verifier.verify([...lessons(), ...items]).slice(-items.length);
    expect(verifier.verify(items)).toEqual(first);
    expect(verifier.metrics.fast).toBeGreaterThan(0);
    for (const verdict of first) expect(verdict).toMatchObject({ code: 'ok', lenient: ['crl-craca'] });
  });

  it('do not count where their signer is on one that is in force already', async () => {
    const managed = issueCrl(
      scms,
      { series: scms.crlg.toBeSigned.crlSeries, kind: 'fullHashCrl', certificates: [scms.crlg] },
      { by: scms.root },
    );
    const judge = (verifier: Verifier, bytes: Uint8Array) => verifier.verifyCrls([{ bytes, source: 'crl' }]);
    const first = judge(verifierWith(), managed);
    if (first.accepted.length === 0) throw new Error(`${first.verdicts[0]?.code}: ${first.verdicts[0]?.detail}`);
    const loaded = verifierWith({
      revocation: await buildRevocation(first.accepted, { periods: [] }),
      requireCrl: true,
    });
    const { accepted, verdicts } = judge(loaded, issueCrl(scms, { devices: [0] }));
    expect(accepted).toEqual([]);
    expect(verdicts[0]).toMatchObject({ code: 'certificateRevoked' });
    // That CRLs are required of messages is no reason to refuse the first ones.
    expect(judge(verifierWith({ requireCrl: true }), issueCrl(scms, { devices: [0] })).accepted).toHaveLength(1);
  });
});
