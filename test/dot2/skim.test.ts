/** Skimming finds the signer that the strict decoder finds, in whatever that one accepts; and nothing makes it throw. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/coer/index.ts';
import { type Certificate, type HeaderInfo, Ieee1609Dot2Data, type SignedData } from '../../src/dot2/index.ts';
import { skimSigner } from '../../src/dot2/skim.ts';
import {
  applicationCertificate,
  attached,
  buildSpecimen,
  chainBelowRoot,
  createScms,
  FAULTS,
  implicitApplicationCertificate,
  PSID_BSM,
  SPECIALS,
  signedMessage,
  unsecured,
} from '../../src/testbed/index.ts';
import { cpuMs } from '../support/cpu.ts';

const scms = createScms({ seed: 'skim.test', electors: 1 });
const explicit = applicationCertificate(scms, { label: 'explicit' });
const implicit = implicitApplicationCertificate(scms, { label: 'implicit' });
const template = signedMessage(explicit, { psid: PSID_BSM, payload: new Uint8Array(1) }).content.value as SignedData;

/** What the strict decoder says: the digest or the first certificate in hex; undefined where it names none. */
function decodedSigner(bytes: Uint8Array): string | undefined {
  const decoded = decode(Ieee1609Dot2Data, bytes);
  if (!decoded.ok || decoded.value.content.tag !== 'signedData') return undefined;
  const { signer } = decoded.value.content.value as SignedData;
  if (signer.tag === 'digest') return hex(signer.value);
  return signer.tag === 'certificate' ? hex((signer.value[0] as Certificate).encoded as Uint8Array) : undefined;
}

function skimmedSigner(bytes: Uint8Array): string | undefined {
  const skimmed = skimSigner(bytes);
  if (skimmed === undefined) return undefined;
  return hex('digest' in skimmed ? skimmed.digest : skimmed.certificate);
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const some = fc.uint8Array({ maxLength: 200 });
const unknownAlternative = (from: number) =>
  fc.record({ tag: fc.constant('unknown' as const), index: fc.integer({ min: from, max: 62 }), value: some });

/** Bits of extensions that no edition has, behind those that this one knows. */
const additions = (known: number) =>
  fc
    .tuple(fc.integer({ min: known, max: 64 }), fc.uniqueArray(fc.nat(63), { maxLength: 4 }), some)
    .map(([bitmapBits, indices, value]) => ({
      bitmapBits,
      unknown: indices
        .filter((index) => index >= known && index < bitmapBits)
        .sort((a, b) => a - b)
        .map((index) => ({ index, octets: value })),
    }));

const point = fc.record({ tag: fc.constantFrom('compressed-y-0' as const, 'x-only' as const), value: octets(32) });
const header: fc.Arbitrary<HeaderInfo> = fc.record(
  {
    psid: fc.oneof(fc.nat(255), fc.maxSafeNat()),
    generationTime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    expiryTime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    generationLocation: fc.record({
      latitude: fc.integer(),
      longitude: fc.integer(),
      elevation: fc.nat(0xffff),
    }),
    p2pcdLearningRequest: octets(3),
    missingCrlIdentifier: fc.record({ cracaId: octets(3), crlSeries: fc.nat(0xffff) }),
    encryptionKey: fc.oneof(
      fc.record({
        tag: fc.constant('symmetric' as const),
        value: fc.record({ tag: fc.constant('aes128Ccm' as const), value: octets(16) }),
      }),
      fc.record({
        tag: fc.constant('public' as const),
        value: fc.record({
          supportedSymmAlg: fc.constant('aes128Ccm' as const),
          publicKey: fc.record({ tag: fc.constant('eciesNistP256' as const), value: point }),
        }),
      }),
    ),
    inlineP2pcdRequest: fc.array(octets(3), { maxLength: 3 }),
    requestedCertificate: fc.constant(template.signer.tag === 'digest' ? certificateOf(explicit) : undefined),
    pduFunctionalType: fc.nat(255),
    contributedExtensions: fc.array(
      fc.record({ contributorId: fc.nat(255), extns: fc.array(some, { minLength: 1, maxLength: 3 }) }),
      { minLength: 1, maxLength: 2 },
    ),
    extensionAdditions: additions(4),
  },
  { requiredKeys: ['psid'], noNullPrototype: true },
) as fc.Arbitrary<HeaderInfo>;

function certificateOf(credential: typeof explicit): Certificate {
  const signer = attached([credential]);
  return (signer as Extract<typeof signer, { tag: 'certificate' }>).value[0] as Certificate;
}

const signer: fc.Arbitrary<SignedData['signer']> = fc.oneof(
  octets(8).map((value) => ({ tag: 'digest' as const, value })),
  fc.constantFrom(
    attached([explicit]),
    attached([implicit]),
    attached([implicit, explicit]),
    attached(chainBelowRoot(implicit)),
    { tag: 'self' as const, value: null },
  ),
  unknownAlternative(3),
);

const inside = signedMessage(implicit, { psid: PSID_BSM, payload: new Uint8Array(3), signer: 'certificate' });
const payload: fc.Arbitrary<SignedData['tbsData']['payload']> = fc.record(
  {
    data: fc.oneof(
      fc.oneof(some, fc.constantFrom(new Uint8Array(127), new Uint8Array(128), new Uint8Array(70_000))).map(unsecured),
      fc.constant(inside),
      some.map((value) => ({ protocolVersion: 3, content: { tag: 'signedCertificateRequest' as const, value } })),
      some.map((value) => ({ protocolVersion: 3, content: { tag: 'signedX509CertificateRequest' as const, value } })),
      unknownAlternative(5).map((content) => ({ protocolVersion: 3, content })),
    ),
    extDataHash: fc.oneof(
      octets(32).map((value) => ({ tag: 'sha256HashedData' as const, value })),
      octets(48).map((value) => ({ tag: 'sha384HashedData' as const, value })),
      octets(32).map((value) => ({ tag: 'sm3HashedData' as const, value })),
      unknownAlternative(3),
    ),
    omitted: fc.constant(null),
    extensionAdditions: additions(1),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<SignedData['tbsData']['payload']>;

/** Any message at all; the signature is nobody's. */
const message = fc
  .record({
    hashId: fc.oneof(
      fc.constantFrom('sha256', 'sha384', 'sm3'),
      fc.integer({ min: 3, max: 127 }).map((n) => `unknown(${n})`),
    ),
    payload,
    headerInfo: header,
    signer,
  })
  .map(({ hashId, payload: own, headerInfo, signer: by }) => {
    const value = { ...template, hashId, tbsData: { payload: own, headerInfo }, signer: by } as SignedData;
    return encode(Ieee1609Dot2Data, { protocolVersion: 3, content: { tag: 'signedData', value } });
  });

function expectAgreement(bytes: Uint8Array): void {
  expect(skimmedSigner(bytes)).toBe(decodedSigner(bytes));
}

describe('a skimmed signer', () => {
  it('is the one that the decoder finds, whatever else the message holds', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        expect(decode(Ieee1609Dot2Data, bytes)).toMatchObject({ ok: true });
        expectAgreement(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with the decoder on everything in the catalogue that decodes', () => {
    let found = 0;
    for (const specimen of [...FAULTS, ...SPECIALS]) {
      const { bytes, before = [] } = buildSpecimen(specimen, scms);
      for (const one of [bytes, ...before]) {
        if (!decode(Ieee1609Dot2Data, one).ok) skimSigner(one);
        else {
          expectAgreement(one);
          found++;
        }
      }
    }
    expect(found).toBeGreaterThan(100);
  });

  it('is right wherever mutated octets still decode, and never an exception', () => {
    const mutation = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    let decoded = 0;
    fc.assert(
      fc.property(message, mutation, fc.nat(), (bytes, changes, cut) => {
        const mutated = cut % 4 === 0 ? bytes.slice(0, cut % bytes.length) : bytes.slice();
        // The head, where every octet says something about those behind it, more often than the rest.
        for (const [at, octet] of changes) mutated[(at % 2 ? at % 60 : at) % mutated.length] = octet;
        if (decode(Ieee1609Dot2Data, mutated).ok) {
          decoded++;
          expectAgreement(mutated);
        } else skimSigner(mutated);
      }),
      { numRuns: 5000 },
    );
    expect(decoded).toBeGreaterThan(100);
  });

  it('is none in octets that are nothing, and quickly', () => {
    const started = cpuMs();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        skimSigner(noise);
        skimSigner(Uint8Array.of(3, 0x81, 0, ...noise));
        skimSigner(Uint8Array.of(3, 0x81, 0, 0x40, 3, 0x80, ...noise));
      }),
      { numRuns: 3000 },
    );
    for (const length of [0xff, 0xfe, 0x88, 0x80]) {
      const hostile = new Uint8Array(100_000).fill(0xff).fill(length, 5);
      hostile.set([3, 0x81, 0, 0xc0, 3, 0x80]);
      for (let at = 2; at < 60; at++) skimSigner(hostile.subarray(0, 100_000 - at).map((o, i) => (i === at ? 0 : o)));
    }
    expect(skimSigner(new Uint8Array(0))).toBeUndefined();
    expect(cpuMs() - started).toBeLessThan(10_000);
  });
});
