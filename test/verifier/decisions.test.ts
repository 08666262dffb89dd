/** The verifier against its decisions, one by one; D numbers are those of the project's decision list. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { Certificate } from '../../src/dot2/index.ts';
import {
  applicationCertificate,
  attached,
  type Credential,
  createScms,
  groupForAll,
  hashedId8,
  hashWith,
  issueExplicit,
  named,
  negated,
  publicPoint,
  scmsRole,
  signMessage,
  yearsFrom,
} from '../../src/testbed/index.ts';
import { LearnedSigners, SIGNER_SETS, SIGNERS_PER_SET, SignerList } from '../../src/verifier/learned.ts';
import { createCatalogue, mixture } from '../support/catalogue.ts';
import { KERNEL, kernelWith, kernelWithCollisions } from '../support/kernels.ts';
import { concat, toHex } from '../support/octets.ts';
import {
  byDigest,
  certificate,
  codes,
  explicitLeaf,
  implicitLeaf,
  inParts,
  message,
  scms,
  usual,
  verifierWith,
} from './support.ts';

const compressedKey = ({ key }: Credential): Uint8Array => {
  const { x, y } = publicPoint(key);
  return concat(Uint8Array.of(2 | ((y[31] as number) & 1)), x);
};
const uncompressedKey = ({ key }: Credential): Uint8Array => {
  const { x, y } = publicPoint(key);
  return concat(Uint8Array.of(4), x, y);
};
const pin = (credential: Credential, publicKey = compressedKey(credential)) => ({
  certificate: credential.bytes,
  publicKey,
});
const foreign = createScms({ seed: 'foreign', electors: 0 });
const foreignLeaf = applicationCertificate(foreign, { label: 'foreign' });

/** A CA below the ICA that no trust material knows. */
function newCa(label: string): Credential {
  return issueExplicit({
    issuer: scms.ica,
    key: explicitLeaf(label).key,
    fields: {
      id: named(label),
      cracaId: scms.cracaId,
      crlSeries: 2,
      validityPeriod: yearsFrom(scms.start, 5),
      certIssuePermissions: [groupForAll({ min: 1, range: 0 }, 0x80)],
    },
  });
}

/** The same explicit certificate, its R written in another form: other octets, the same hash. */
function rewritten({ bytes }: Credential, y: number): Uint8Array {
  const decoded = decodeOrThrow(Certificate, bytes);
  const signature = decoded.signature as Extract<Certificate['signature'], { tag: 'ecdsaNistP256Signature' }>;
  const x = signature.value.rSig.value as Uint8Array;
  const rSig = { tag: 'uncompressed', value: { x, y: new Uint8Array(32).fill(y) } } as const;
  return encode(Certificate, { ...decoded, signature: { ...signature, value: { ...signature.value, rSig } } });
}

describe('D1, D2: what is undecided', () => {
  it('an implicit certificate on its own, whose key is named; also after a message has proven it', () => {
    const leaf = implicitLeaf('D2');
    const verifier = verifierWith();
    for (const _ of [1, 2]) {
      const [alone] = verifier.verify([certificate(leaf)]);
      expect(alone).toMatchObject({
        verdict: 'undecided',
        code: 'implicitReconstructed',
        publicKey: toHex(compressedKey(leaf)),
        trust: 'root',
      });
      expect(verifier.verify([message(leaf)])[0]).toMatchObject({
        verdict: 'valid',
        trust: 'root',
        hashedId8: toHex(hashedId8(leaf)),
      });
    }
  });

  it('a chain that ends nowhere; one that ends at an untrusted root is invalid', () => {
    const verifier = verifierWith();
    expect(verifier.verify([certificate(foreignLeaf), certificate(foreign.root)])).toMatchObject([
      { verdict: 'undecided', code: 'issuerNotFound', trust: 'none' },
      { verdict: 'invalid', code: 'chainEndedAtUntrustedRoot', signature: 'notChecked' },
    ]);
  });

  it('a root handed in as a CA only is no anchor', () => {
    const { certificates = [] } = scms.trust();
    const verifier = verifierWith({ trust: { roots: [], certificates: [...certificates, scms.root.bytes] } });
    expect(verifier.trustsNothing).toBe(true);
    const verdicts = verifier.verify([certificate(scms.root), certificate(scms.pca), message(implicitLeaf('D1'))]);
    expect(codes(verdicts)).toEqual([
      'chainEndedAtUntrustedRoot',
      'chainEndedAtUntrustedRoot',
      'chainEndedAtUntrustedRoot',
    ]);
    expect(verifier.warnings.map(({ code }) => code)).toContain('chainEndedAtUntrustedRoot');
  });
});

describe('D4: one verdict, and every error where asked', () => {
  it('lists failures in order of judgement, the first of which is the verdict', () => {
    const verifier = verifierWith({ allErrors: true, trust: usual.trust });
    const item = {
      ...message(explicitLeaf('D4'), {
        psid: 999,
        generationTime: 5n,
        expiryTime: 5n,
        alterSignature: ({ R, s }) => ({ R, s: s.map((octet) => octet ^ 1) }),
      }),
      lowerLayerPsid: 1,
    };
    const [verdict] = verifier.verify([item]);
    const expected = [
      'unauthorizedPSID',
      'badSignature',
      'futureCertificateAtGenerationTime',
      'expiryDateTooEarly',
      'expiryTimeBeforeGenerationTime',
      'PSIDsDontMatch',
    ];
    expect(verdict?.errors?.map(({ code }) => code)).toEqual(expected);
    expect(verdict).toMatchObject({ code: expected[0], signature: 'bad', resultCode: 23 });
    expect(verifierWith().verify([item])[0]).not.toHaveProperty('errors');
  });
});

describe('D5, D6, D7: time and place', () => {
  it('judges certificates at `at`, or each at its own start', () => {
    const later = explicitLeaf('D5', {
      fields: { validityPeriod: { start: scms.start + 7e6, duration: { tag: 'hours', value: 1 } } },
    });
    expect(codes(verifierWith().verify([certificate(later)]))).toEqual(['notYetValid']);
    expect(codes(verifierWith({ atOwnStart: true }).verify([certificate(later)]))).toEqual(['ok']);
  });

  it('judges a message without generation time at `at`', () => {
    const item = message(explicitLeaf('D6'), { generationTime: undefined as never });
    expect(codes(verifierWith().verify([item]))).toEqual(['ok']);
    expect(verifierWith({ at: 1n }).verify([item])[0]).toMatchObject({ code: 'notYetValid', depth: 1 });
    expect(verifierWith({ at: 10n ** 16n }).verify([item])[0]).toMatchObject({ code: 'certificateExpired', depth: 1 });
    expect(codes(verifierWith({ at: 1n, atOwnStart: true }).verify([item]))).toEqual(['ok']);
  });

  it('asks for relevance only where told, and last', () => {
    const old = message(explicitLeaf('D6'), { expiryTime: scms.at + 1n });
    const at = scms.at + 10n ** 13n;
    expect(codes(verifierWith({ at }).verify([old]))).toEqual(['ok']);
    const asked = verifierWith({
      at,
      allErrors: true,
      relevance: { maxAgeSeconds: 1, checkExpiry: true, checkCertificateExpiry: true },
    });
    const [verdict] = asked.verify([{ ...old, lowerLayerPsid: 7 }]);
    expect(verdict?.errors?.map(({ code, depth }) => [code, depth])).toEqual([
      ['PSIDsDontMatch', 0],
      ['certificateExpired', 1],
      ['generationTimeTooFarInPast', 0],
      ['expiryTimeInPast', 0],
    ]);
  });

  it('says whether a region was compared', () => {
    const region = { tag: 'circularRegion', value: { center: { latitude: 0, longitude: 0 }, radius: 9 } } as const;
    const leaf = explicitLeaf('D7', {
      issuer: scms.worldwidePca,
      fields: { region: { ...region, value: { ...region.value } } },
    });
    const there = { latitude: 0, longitude: 0, elevation: 0 };
    const items = [
      message(leaf, { generationLocation: there }),
      message(leaf),
      message(explicitLeaf('D7'), { generationLocation: there }),
    ];
    expect(
      verifierWith()
        .verify(items)
        .map(({ code, regionChecked }) => [code, regionChecked]),
    ).toEqual([
      ['ok', true],
      ['ok', false],
      ['ok', false],
    ]);
    expect(codes(verifierWith({ requireLocation: true }).verify(items))).toEqual(['ok', 'noGenerationLocation', 'ok']);
  });
});

describe('D9: trust material', () => {
  const broken = scms.pca.bytes.slice(0, -1);

  it('that cannot be used is a warning, and the rest is used', () => {
    const { roots, certificates = [] } = scms.trust();
    const verifier = verifierWith({ trust: { roots, certificates: [...certificates, broken, foreign.ica.bytes] } });
    expect(verifier.warnings).toMatchObject([
      { list: 'certificates', index: certificates.length, code: 'truncated' },
      { list: 'certificates', index: certificates.length + 1, code: 'issuerNotFound' },
    ]);
    expect(codes(verifier.verify([certificate(explicitLeaf('D9'))]))).toEqual(['ok']);
  });

  it('takes any explicit certificate as anchor, and checks a self-signature', () => {
    const anchored = verifierWith({ trust: { roots: [scms.pca.bytes] } });
    expect(anchored.warnings).toEqual([]);
    expect(anchored.verify([certificate(scms.pca), certificate(explicitLeaf('D9'))])).toMatchObject([
      { code: 'ok', trust: 'root' },
      { code: 'ok', trust: 'root', signature: 'ok' },
    ]);
    const forged = scms.root.bytes.slice();
    forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1;
    const [implicitRoot, wrongRoot] = [implicitLeaf('D9').bytes, forged].map((root) =>
      verifierWith({ trust: { roots: [root], certificates: scms.trust().certificates ?? [] } }),
    );
    for (const verifier of [implicitRoot, wrongRoot]) {
      expect(verifier?.trustsNothing).toBe(true);
      expect(verifier?.warnings[0]).toMatchObject({ list: 'roots', index: 0 });
      expect(verifier?.verify([message(implicitLeaf('D9'))])[0]?.verdict).not.toBe('valid');
    }
  });

  it('gives the same for a CA listed in any order, twice, or with its root', () => {
    const { roots, certificates = [] } = scms.trust();
    for (const list of [[...certificates].reverse(), [...certificates, ...certificates], [...certificates, ...roots]]) {
      const verifier = verifierWith({ trust: { roots, certificates: list } });
      expect(verifier.warnings).toEqual([]);
      expect(codes(verifier.verify([certificate(explicitLeaf('D9')), message(implicitLeaf('D9'))]))).toEqual([
        'ok',
        'ok',
      ]);
    }
  });
});

describe('D10: the y of R is a hint', () => {
  it.each(['compressed', 'uncompressed', 'x-only'] as const)('takes %s with s or n − s, whatever the hint', (rForm) => {
    const leaf = explicitLeaf('D10', { rForm });
    const flip = ({ R, s }: Parameters<typeof negated>[1]) => ({ R: negated(leaf.key.curve, { R, s }).R, s });
    const negate = (raw: Parameters<typeof negated>[1]) => negated(leaf.key.curve, raw);
    const nonsense = ({ R, s }: Parameters<typeof negated>[1]) => ({ R: { x: R.x, y: new Uint8Array(32).fill(7) }, s });
    const items = [(raw: Parameters<typeof negated>[1]) => raw, flip, negate, nonsense].map((alterSignature) =>
      message(leaf, { rForm, alterSignature }),
    );
    expect(codes(verifierWith().verify(items))).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

describe('D11: canonical form', () => {
  it('is what a signature covers, in certificates and messages', () => {
    const good = explicitLeaf('D11', { keyForm: 'uncompressed' });
    const raw = explicitLeaf('D11', { keyForm: 'uncompressed', overRaw: true });
    const verdicts = verifierWith().verify([
      certificate(good),
      message(good),
      certificate(raw),
      message(good, { signerInput: good.bytes }),
    ]);
    expect(verdicts).toMatchObject([
      { code: 'ok' },
      { code: 'ok' },
      { code: 'nonCanonicalSignature', verdict: 'invalid', signature: 'bad' },
      { code: 'nonCanonicalSignature', verdict: 'invalid', signature: 'bad' },
    ]);
  });

  it('leaves no octet of an encryption key open', () => {
    const { x, y } = publicPoint(implicitLeaf('D11').key);
    const wrong = Uint8Array.from(y, (octet, i) => (i === 0 ? octet ^ 1 : octet));
    const holder = (value: Uint8Array) => ({
      supportedSymmAlg: 'aes128Ccm' as const,
      publicKey: { tag: 'eciesNistP256' as const, value: { tag: 'uncompressed' as const, value: { x, y: value } } },
    });
    const [right, replaced] = [y, wrong].map((value) =>
      explicitLeaf('D11', { fields: { encryptionKey: holder(value) } }),
    ) as [Credential, Credential];
    expect(toHex(replaced.canonical)).toBe(toHex(right.canonical));
    const header = (value: Uint8Array) => ({
      header: { encryptionKey: { tag: 'public' as const, value: holder(value) } },
    });
    const verdicts = verifierWith().verify([
      certificate(right),
      certificate(replaced),
      message(right),
      message(replaced),
      message(right, header(y)),
      message(right, header(wrong)),
    ]);
    expect(verdicts.map(({ code, depth }) => [code, depth])).toEqual([
      ['ok', 0],
      ['invalidPublicKey', 0],
      ['ok', 0],
      ['invalidPublicKey', 1],
      ['ok', 0],
      ['invalidPublicKey', 0],
    ]);
  });
});

describe('D13: learning', () => {
  it('resolves a digest after its certificate has proven itself, and not before', () => {
    for (const leaf of [implicitLeaf('D13'), explicitLeaf('D13')]) {
      const items = [byDigest(leaf), message(leaf), byDigest(leaf)];
      for (const sizes of [[1], [2], [3]]) {
        expect(codes(inParts(verifierWith(), items, sizes))).toEqual(['certificateNotFound', 'ok', 'ok']);
      }
    }
  });

  it('does not use an attached issuer for another message', () => {
    const ca = newCa('D13 CA');
    const [one, two] = [explicitLeaf('one', { issuer: ca }), explicitLeaf('two', { issuer: ca })];
    const items = [
      message(one, { signer: attached([one, ca]) }),
      message(two),
      byDigest(one),
      certificate(two),
      certificate(ca),
    ];
    for (const sizes of [[1], [5]]) {
      expect(codes(inParts(verifierWith(), items, sizes))).toEqual([
        'ok',
        'issuerNotFound',
        'ok',
        'issuerNotFound',
        'ok',
      ]);
    }
  });

  it('keeps no list of what it learned for a caller that will not ask for it', () => {
    const verifier = verifierWith({ recordChanges: false });
    expect(codes(verifier.verify([message(implicitLeaf('D13 not asked'))]))).toEqual(['ok']);
    expect(verifier.takeLearned()).toEqual([]);
  });

  it('hands on what it learned, and takes it back', () => {
    const ca = newCa('D13 handed on');
    const [leaf, under] = [implicitLeaf('D13 handed on'), explicitLeaf('D13 under', { issuer: ca })];
    const [giver, taker] = [verifierWith(), verifierWith()];
    giver.verify([message(leaf), message(under, { signer: attached([under, ca]) })]);
    const lists = giver.takeLearned();
    expect(lists).toHaveLength(2);
    expect(giver.takeLearned()).toEqual([]);
    expect(codes(taker.verify([byDigest(leaf)]))).toEqual(['certificateNotFound']);
    taker.learn([...lists, Uint8Array.of(1, 2, 3), new Uint8Array(0)]);
    expect(taker.takeLearned()).toEqual([]);
    expect(codes(taker.verify([byDigest(leaf), byDigest(under)]))).toEqual(['ok', 'ok']);
    const elsewhere = verifierWith({ trust: foreign.trust() });
    elsewhere.learn(lists);
    for (const { verdict } of elsewhere.verify([byDigest(leaf), byDigest(under)])) expect(verdict).not.toBe('valid');
  });

  it('gives the same verdicts however the input is cut', () => {
    const catalogue = createCatalogue('D13');
    const { items } = mixture(catalogue);
    const senders = [0, 1, 2, 3].map((i) => (i % 2 ? implicitLeaf(`cut ${i}`) : explicitLeaf(`cut ${i}`)));
    const stream = senders.flatMap((one) => [
      byDigest(one),
      message(one),
      message(one, { signer: 'chain' }),
      byDigest(one),
      byDigest(one, { signingKey: scms.pca.key }),
    ]);
    const all = [...items, ...stream, ...items.slice(0, 50)];
    const relevance = { replayWindowSeconds: 10 };
    const whole = verifierWith({ allErrors: true, relevance });
    const order = fc.shuffledSubarray(all, { minLength: 150, maxLength: 220 });
    fc.assert(
      fc.property(order, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }), (some, sizes) => {
        const once = verifierWith({ allErrors: true, relevance }).verify(some);
        expect(inParts(verifierWith({ allErrors: true, relevance }), some, sizes)).toEqual(once);
      }),
      { numRuns: 12 },
    );
    expect(whole.verify(all)).toHaveLength(all.length);
  });
});

describe('D16: leniency', () => {
  const zero = issueExplicit({
    issuer: scms.ica,
    key: explicitLeaf('D16').key,
    fields: {
      id: named('zero'),
      cracaId: scms.cracaId,
      crlSeries: 2,
      validityPeriod: yearsFrom(scms.start, 5),
      certIssuePermissions: [groupForAll({ min: 0, range: 1 }, 0x80)],
    },
  });
  const under = explicitLeaf('D16 under', { issuer: zero });
  const items = [certificate(zero), message(under, { signer: attached([under, zero]) }), certificate(scms.pca)];

  it('is named where a chain needs it, and nowhere else', () => {
    const verifier = verifierWith();
    expect(codes(verifier.verify(items))).toEqual(['invalidChainLength', 'invalidChainLength', 'ok']);
    verifier.setPolicy({ at: scms.at, lenient: ['min-chain-length'] });
    const verdicts = verifier.verify(items);
    expect(codes(verdicts)).toEqual(['ok', 'ok', 'ok']);
    expect(verdicts.map(({ lenient }) => lenient)).toEqual([['min-chain-length'], ['min-chain-length'], undefined]);
    verifier.setPolicy({ at: scms.at });
    expect(codes(verifier.verify([...items, byDigest(under)]))).toEqual([
      'invalidChainLength',
      'invalidChainLength',
      'ok',
      'invalidChainLength',
    ]);
  });

  it('lets an RA request for end entities that are as far below its CA as those are, and is named', () => {
    const ra = (label: string, range: number) =>
      issueExplicit({
        issuer: scms.ica,
        key: explicitLeaf(`D16 RA ${label}`).key,
        fields: {
          id: named(`ra-${label}`),
          cracaId: scms.cracaId,
          crlSeries: 2,
          validityPeriod: yearsFrom(scms.start, 5),
          appPermissions: [scmsRole('ra')],
          certRequestPermissions: [groupForAll({ min: 0, range }, 0x80)],
        },
      });
    const [deployed, wider] = [ra('deployed', 0), ra('wider', 1)];
    const psid = { psid: 35 };
    const all = [
      certificate(deployed),
      message(deployed, { ...psid, signer: attached([deployed]) }),
      certificate(wider),
      message(wider, { ...psid, signer: attached([wider]) }),
      certificate(scms.ra),
    ];
    const refused = Array.from({ length: 4 }, () => 'inconsistentChainPermissions');
    const verifier = verifierWith();
    expect(codes(verifier.verify(all))).toEqual([...refused, 'ok']);
    verifier.setPolicy({ at: scms.at, lenient: ['request-chain-length'] });
    for (let round = 0; round < 3; round++) {
      const verdicts = verifier.verify(all);
      expect(codes(verdicts)).toEqual(['ok', 'ok', ...refused.slice(2), 'ok']);
      const rule = ['request-chain-length'];
      expect(verdicts.map(({ lenient }) => lenient)).toEqual([rule, rule, undefined, undefined, undefined]);
    }
    verifier.setPolicy({ at: scms.at, lenient: ['min-chain-length'] });
    expect(codes(verifier.verify(all))).toEqual([...refused, 'ok']);
  });

  it('is a closed list', () => {
    expect(() => verifierWith({ lenient: ['signatures' as never] })).toThrow(RangeError);
  });
});

describe('D17: changes of trust', () => {
  it('leave nothing accepted that rested on the old one', () => {
    const [implicit, explicit] = [implicitLeaf('D17'), explicitLeaf('D17')];
    const items = [
      message(implicit),
      message(explicit, { signer: 'chain' }),
      byDigest(implicit),
      byDigest(explicit),
      certificate(explicit),
      certificate(scms.pca),
    ];
    const verifier = verifierWith();
    const good = items.map(() => 'valid');
    expect(verifier.verify(items).map(({ verdict }) => verdict)).toEqual(good);
    for (const trust of [{ roots: [] }, { ...scms.trust(), roots: [] }, foreign.trust()]) {
      verifier.setTrust(trust);
      for (const { verdict, trust: rest } of verifier.verify(items)) {
        expect(verdict).not.toBe('valid');
        expect(rest).toBe('none');
      }
    }
    verifier.setTrust(scms.trust());
    const again = verifier.verify(items);
    expect(again.map(({ verdict }) => verdict)).toEqual(good);
    expect(new Set(again.map(({ trustRevision }) => trustRevision))).toEqual(new Set([5]));
    expect(verifier.trustRevision).toBe(5);
  });

  it('end with the pin that they took away', () => {
    const pinned = { ...foreignLeaf };
    const verifier = verifierWith({ trust: { ...scms.trust(), pins: [pin(pinned)] } });
    const items = [message(foreignLeaf), byDigest(foreignLeaf), certificate(foreignLeaf)];
    expect(verifier.verify(items).map(({ code, trust }) => [code, trust])).toEqual(items.map(() => ['ok', 'pinned']));
    verifier.setTrust(scms.trust());
    for (const { verdict } of verifier.verify(items)) expect(verdict).toBe('undecided');
  });
});

describe('D18: what anybody could have minted', () => {
  it('is never learned: an implicit certificate that only reconstructs, a forged message, a chain that fails', () => {
    const { bytes } = implicitLeaf('D18');
    const minted = bytes.slice();
    // The name in its id: it reconstructs to a key that nobody has.
    minted[20] = (minted[20] as number) ^ 1;
    const mintedHash = hashWith('sha256', minted);
    const thief: Credential = { ...implicitLeaf('D18'), bytes: minted, canonical: minted, fullHash: mintedHash };
    const expired = explicitLeaf('D18 outside', {
      fields: { validityPeriod: { start: 0, duration: { tag: 'hours', value: 1 } } },
    });
    const verifier = verifierWith();
    const items = [
      certificate(thief),
      message(thief),
      byDigest(thief),
      message(implicitLeaf('D18'), { signingKey: scms.pca.key }),
      byDigest(implicitLeaf('D18')),
      message(expired),
      byDigest(expired),
      message(foreignLeaf),
      byDigest(foreignLeaf),
      message(foreignLeaf, { signer: 'chain' }),
      byDigest(foreignLeaf),
      message(explicitLeaf('D18'), { signer: attached([explicitLeaf('D18'), scms.worldwidePca]) }),
      byDigest(explicitLeaf('D18')),
    ];
    for (const sizes of [[1], [items.length]]) {
      const verdicts = inParts(verifier, items, sizes);
      expect(codes(verdicts)).toEqual([
        'implicitReconstructed',
        'badSignature',
        'certificateNotFound',
        'badSignature',
        'certificateNotFound',
        'inconsistentStartTimes',
        'certificateNotFound',
        'issuerNotFound',
        'certificateNotFound',
        'issuerNotFound',
        'certificateNotFound',
        'inconsistentInputParameters',
        'certificateNotFound',
      ]);
    }
    expect(verifier.takeLearned()).toEqual([]);
  });

  it('does not push out the signers that were learned', () => {
    const tails = new Map<Uint8Array, Uint8Array>();
    const leaves = Array.from({ length: SIGNERS_PER_SET + 1 }, (_, i) => explicitLeaf(`set ${i}`));
    const ground = leaves.map((leaf, i) => {
      const tail = Uint8Array.of(0xaa, i, 0, 0, 0, 0, 7, 7);
      tails.set(leaf.canonical, tail);
      return { ...leaf, tail };
    });
    const digestOf = ({ tail, ...leaf }: (typeof ground)[number]) =>
      message(leaf, { signer: { tag: 'digest', value: tail } });
    const verifier = verifierWith({ kernelInstance: kernelWithCollisions(tails) });
    const [first, ...others] = ground as [(typeof ground)[number], ...typeof ground];
    // One certificate in a hundred encodings is one signer.
    const rewrittenMessages = Array.from({ length: 100 }, (_, i) =>
      message(first, { signer: { tag: 'certificate', value: [decodeOrThrow(Certificate, rewritten(first, i))] } }),
    );
    const filled = others.slice(0, SIGNERS_PER_SET - 1);
    verifier.verify(filled.map((leaf) => message(leaf)));
    const rewrites = rewrittenMessages.map(({ bytes }) => ({ kind: 'message' as const, bytes }));
    expect(codes(verifier.verify(rewrites)).every((code) => code === 'ok')).toBe(true);
    expect(codes(verifier.verify(filled.map(digestOf)))).toEqual(filled.map(() => 'ok'));
    // One more signer of the same set: the one that was used least recently goes.
    verifier.verify([message(others[SIGNERS_PER_SET - 1] as Credential)]);
    expect(codes(verifier.verify(ground.map(digestOf))).filter((code) => code !== 'ok')).toEqual([
      'certificateNotFound',
    ]);
  });

  it('bounds the store by set', () => {
    const store = new LearnedSigners(true);
    for (let i = 0; i < SIGNERS_PER_SET; i++) store.use(listInSet3(`${i}`));
    // Another of the same identity is the same list.
    expect(store.use(listInSet3('0'))).toBe(store.find(0, 3)[SIGNERS_PER_SET - 1]);
    store.use(listInSet3('one more'));
    expect(store.find(0, 3)).toHaveLength(SIGNERS_PER_SET);
    expect(['0', '1', 'one more'].map((identity) => store.has(0, 3, identity))).toEqual([true, false, true]);
    expect([store.has(0, 4, '0'), store.has(1, 3, '0')]).toEqual([false, false]);
  });

  it('knows the only list of a HashedId8 from one of several', () => {
    const store = new LearnedSigners(false);
    expect(store.only(0, 3)).toBeUndefined();
    const list = store.use(listInSet3('one'));
    expect(store.only(0, 3)).toBe(list);
    expect([store.only(1, 3), store.only(0, 3 + SIGNER_SETS)]).toEqual([undefined, undefined]);
    store.use(listInSet3('another'));
    expect(store.only(0, 3)).toBeNull();
  });
});

/** A list of that identity, whose HashedId8 is 3. */
const listInSet3 = (identity: string): SignerList => new SignerList(0, 3, identity, []);

describe('what is handed over', () => {
  it('forgets next what the store itself would have forgotten', () => {
    const [store, successor] = [new LearnedSigners(true), new LearnedSigners(true)];
    for (let i = 0; i < SIGNERS_PER_SET; i++) store.use(listInSet3(`${i}`));
    // Handed over in pieces, as a thread does after each batch; the latest word on a list counts.
    const log = new Map<string, SignerList>();
    const handOver = (): void => {
      for (const one of store.takeFresh()) {
        log.delete(one.identity);
        log.set(one.identity, listInSet3(one.identity));
      }
    };
    handOver();
    for (const used of ['5', '0', '0']) store.use(listInSet3(used));
    handOver();
    for (const one of log.values()) successor.use(one);
    for (const next of ['one more', 'and another']) {
      store.use(listInSet3(next));
      successor.use(listInSet3(next));
      const kept = store.find(0, 3).map(({ identity }) => identity);
      expect(successor.find(0, 3).map(({ identity }) => identity)).toEqual(kept);
    }
    expect(successor.has(0, 3, '0')).toBe(true);
    expect(successor.has(0, 3, '1')).toBe(false);
  });
});

describe('D19: HashedId8 narrows, never decides', () => {
  it('tells two signers apart that share it', () => {
    const tail = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const [one, two, never] = [explicitLeaf('D19 one'), implicitLeaf('D19 two'), explicitLeaf('D19 three')];
    const tails = new Map([one, two, never].map(({ canonical }) => [canonical, tail]));
    const digest = { signer: { tag: 'digest', value: tail } } as const;
    const items = [
      message(one, { ...digest }),
      message(one),
      message(two),
      message(one, { ...digest }),
      message(two, { ...digest }),
      message(never, { ...digest }),
      message(never),
      message(never, { ...digest }),
    ];
    for (const sizes of [[1], [3], [items.length]]) {
      const verdicts = inParts(verifierWith({ kernelInstance: kernelWithCollisions(tails) }), items, sizes);
      expect(codes(verdicts)).toEqual(['certificateNotFound', 'ok', 'ok', 'ok', 'ok', 'badSignature', 'ok', 'ok']);
      expect(verdicts[4]?.hashedId8).toBe(toHex(tail));
    }
  });

  it('gives a bad message the same verdict however the input was cut', () => {
    const tail = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1);
    const short = explicitLeaf('D19 short', {
      fields: { validityPeriod: { start: scms.start, duration: { tag: 'hours', value: 48 } } },
    });
    const long = explicitLeaf('D19 long');
    const tails = new Map([short, long].map(({ canonical }) => [canonical, tail]));
    const late = { generationTime: scms.at + 86_400_000_000n * 3n, signer: { tag: 'digest' as const, value: tail } };
    const items = [
      message(short),
      message(long),
      message(short),
      message(foreignLeaf, late),
      message(long),
      message(foreignLeaf, late),
    ];
    const whole = verifierWith({ kernelInstance: kernelWithCollisions(tails), allErrors: true }).verify(items);
    for (const sizes of [[1], [2], [3, 1]]) {
      expect(
        inParts(verifierWith({ kernelInstance: kernelWithCollisions(tails), allErrors: true }), items, sizes),
      ).toEqual(whole);
    }
  });

  it('finds the issuer among CAs that share it', () => {
    const [one, two] = [newCa('D19 CA one'), newCa('D19 CA two')];
    const tails = new Map([[two.canonical, hashedId8(one)]]);
    const kernelInstance = kernelWithCollisions(tails);
    const { roots, certificates = [] } = scms.trust();
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const trust = { roots, certificates: [...certificates, ...order.map(({ bytes }) => bytes)] };
      const explicit = explicitLeaf('D19 under', { issuer: one });
      const verdicts = verifierWith({ kernelInstance, trust }).verify([certificate(explicit), message(explicit)]);
      expect(codes(verdicts)).toEqual(['ok', 'ok']);
    }
  });
});

describe('D23: replays', () => {
  it('are known by what was signed, not by the signature', () => {
    const leaf = explicitLeaf('D23');
    const payload = Uint8Array.of(2, 3);
    const again = (change = {}) => ({
      kind: 'message' as const,
      bytes: signMessage(leaf, { psid: 32, payload, generationTime: scms.at, signer: 'certificate', ...change }),
    });
    const negate = { alterSignature: (raw: Parameters<typeof negated>[1]) => negated(leaf.key.curve, raw) };
    const items = [
      again({ signingKey: scms.pca.key }),
      again(),
      again(),
      again(negate),
      again({ rForm: 'x-only' }),
      again({ signer: 'digest' }),
      again({ payload: Uint8Array.of(9) }),
    ];
    const verifier = verifierWith({ relevance: { replayWindowSeconds: 1 } });
    expect(codes(verifier.verify(items))).toEqual([
      'badSignature',
      'ok',
      'replayedSpdu',
      'replayedSpdu',
      'replayedSpdu',
      'replayedSpdu',
      'ok',
    ]);
    expect(codes(verifierWith().verify(items.slice(1)))).toEqual(items.slice(1).map(() => 'ok'));
  });
});

describe('D24: pins', () => {
  const items = [certificate(foreignLeaf), message(foreignLeaf), byDigest(foreignLeaf)];

  it('replace the chain of exactly those octets', () => {
    for (const key of [compressedKey(foreignLeaf), uncompressedKey(foreignLeaf)]) {
      const verifier = verifierWith({ trust: { roots: [], pins: [pin(foreignLeaf, key)] } });
      expect(verifier.verify(items).map(({ code, trust }) => [code, trust])).toEqual(items.map(() => ['ok', 'pinned']));
      const other = decodeOrThrow(Certificate, rewritten(foreignLeaf, 1));
      expect(verifier.verify([{ kind: 'certificate', bytes: rewritten(foreignLeaf, 1) }])[0]).toMatchObject({
        verdict: 'undecided',
        trust: 'none',
      });
      expect(
        codes(verifier.verify([message(foreignLeaf, { signer: { tag: 'certificate', value: [other] } })])),
      ).toEqual(['issuerNotFound']);
    }
  });

  it('skip the chain only: times, permissions, structure and signature are judged', () => {
    const verifier = verifierWith({ at: 1n, trust: { roots: [], pins: [pin(foreignLeaf)] } });
    expect(
      codes(
        verifier.verify([
          certificate(foreignLeaf),
          message(foreignLeaf, { psid: 77 }),
          message(foreignLeaf, { signingKey: scms.pca.key }),
        ]),
      ),
    ).toEqual(['notYetValid', 'unauthorizedPSID', 'badSignature']);
  });

  it('prove an implicit certificate, by the key that was pinned and no other', () => {
    const leaf = implicitLeaf('D24');
    const trust = { roots: [], pins: [pin(leaf)] };
    expect(verifierWith({ trust }).verify([certificate(leaf), byDigest(leaf)])).toMatchObject([
      { code: 'ok', trust: 'pinned' },
      { code: 'ok', trust: 'pinned' },
    ]);
    const wrong = { roots: [], pins: [pin(leaf, compressedKey(foreignLeaf))] };
    expect(codes(verifierWith({ trust: wrong }).verify([message(leaf), byDigest(leaf)]))).toEqual([
      'badSignature',
      'badSignature',
    ]);
  });

  it('do not reach what the pinned certificate has issued', () => {
    const trust = { roots: [], pins: [pin(scms.pca)] };
    const leaf = explicitLeaf('D24 child');
    const verdicts = verifierWith({ trust }).verify([
      certificate(leaf),
      message(leaf, { signer: attached([leaf, scms.pca]) }),
    ]);
    for (const { verdict, trust: rests } of verdicts) expect([verdict, rests]).toEqual(['undecided', 'none']);
  });

  it('of a root leave it the anchor that it is', () => {
    const leaf = explicitLeaf('D24 root');
    const verifier = verifierWith({ trust: { ...scms.trust(), pins: [pin(scms.root)] } });
    expect(
      verifier.verify([message(leaf, { signer: attached([leaf, scms.pca, scms.ica, scms.root]) })])[0],
    ).toMatchObject({ code: 'ok', trust: 'root' });
  });

  it('that cannot be used are warnings', () => {
    const pins = [
      pin(foreignLeaf, new Uint8Array(33).fill(2, 0, 1).fill(0xff, 1)),
      pin(foreignLeaf, new Uint8Array(3)),
      { ...pin(foreignLeaf), certificate: new Uint8Array(2) },
      pin(
        foreignLeaf,
        uncompressedKey(foreignLeaf).map((octet, i) => (i === 64 ? octet ^ 2 : octet)),
      ),
    ];
    const verifier = verifierWith({ trust: { roots: [], pins } });
    expect(verifier.warnings.map(({ list, index, code }) => [list, index, code])).toEqual([
      ['pins', 0, 'invalidPublicKey'],
      ['pins', 1, 'invalidPublicKey'],
      ['pins', 2, 'truncated'],
      ['pins', 3, 'invalidPublicKey'],
    ]);
    expect(verifier.trustsNothing).toBe(true);
  });
});

describe('D25: work is bounded', () => {
  it('by the signatures that can be right, not by digests times certificates', () => {
    let verified = 0;
    const kernelInstance = kernelWith({
      verify(batch) {
        verified += batch.count;
        return KERNEL.verify(batch);
      },
    });
    const leaf = explicitLeaf('D25');
    for (const one of [leaf, foreignLeaf]) {
      const verifier = verifierWith({ kernelInstance });
      verified = 0;
      const variants = Array.from({ length: 50 }, (_, i) =>
        message(one, { signer: { tag: 'certificate', value: [decodeOrThrow(Certificate, rewritten(one, i))] } }),
      );
      const digests = Array.from({ length: 50 }, () => byDigest(one));
      verifier.verify([...variants, ...digests]);
      // Each variant itself, its certificate over both forms, and one candidate for each digest.
      expect(verified).toBeLessThan(300);
      // Lists that are no chain prove nothing, and there is no end to them.
      verified = 0;
      const padded = Array.from({ length: 50 }, (_, i) =>
        message(one, { signer: attached([one, explicitLeaf(`D25 unrelated ${i}`)]) }),
      );
      verifier.verify([...padded, ...digests]);
      expect(verified).toBeLessThan(300);
    }
  });
});
