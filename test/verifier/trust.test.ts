/** Trust material that somebody else had a hand in: other encodings of good certificates, keys that contradict them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { Certificate } from '../../src/dot2/index.ts';
import { createPool } from '../../src/pool/index.ts';
import {
  applicationCertificate,
  type Credential,
  type CurveName,
  createScms,
  generateKey,
  issueExplicit,
  PSID_BSM,
  publicPoint,
  Random,
  type Scms,
  signMessage,
} from '../../src/testbed/index.ts';
import { createVerifier, type Item, type TrustMaterial } from '../../src/verifier/index.ts';
import { WORKER_URL } from '../pool/support.ts';
import { concat } from '../support/octets.ts';

let scms: Scms;
let unit: Credential;
beforeAll(() => {
  scms = createScms({ seed: 'trust', electors: 1 });
  unit = applicationCertificate(scms, { label: 'unit' });
});

/** The same certificate by its full hash, with a key that is no point: the canonical form leaves out the y. */
function junkY(octets: Uint8Array, fill: number): Uint8Array {
  const certificate = decodeOrThrow(Certificate, octets);
  const indicator = certificate.toBeSigned.verifyKeyIndicator;
  if (indicator.tag !== 'verificationKey' || indicator.value.tag !== 'ecdsaNistP256') throw new Error('not P-256');
  const point = indicator.value.value;
  if (point.tag !== 'compressed-y-0' && point.tag !== 'compressed-y-1') throw new Error('not compressed');
  const y = new Uint8Array(32).fill(fill);
  y[31] = point.tag === 'compressed-y-1' ? 1 : 0;
  const value = { tag: 'uncompressed', value: { x: point.value, y } } as const;
  const verifyKeyIndicator = { tag: 'verificationKey', value: { tag: 'ecdsaNistP256', value } } as const;
  return encode(Certificate, { ...certificate, toBeSigned: { ...certificate.toBeSigned, verifyKeyIndicator } });
}

const certificate = (bytes: Uint8Array): Item => ({ kind: 'certificate', bytes });
const message = (signer: 'certificate' | 'digest' | 'chain' = 'certificate', by = unit): Item => ({
  kind: 'message',
  bytes: signMessage(by, { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at, signer }),
});
const judge = (trust: TrustMaterial, ...items: Item[]) => createVerifier({ trust, at: scms.at }).verify(items);

describe('another encoding of an anchor', () => {
  it('is judged by its own octets: a key off the curve is not the root', () => {
    expect(judge(scms.trust(), certificate(scms.root.bytes))[0]).toMatchObject({ verdict: 'valid', trust: 'root' });
    expect(judge(scms.trust(), certificate(junkY(scms.root.bytes, 7)))[0]).toMatchObject({
      verdict: 'invalid',
      code: 'invalidPublicKey',
      trust: 'none',
    });
  });

  it('does not end a chain', () => {
    const list = [unit, scms.pca, scms.ica].map(({ bytes }) => decodeOrThrow(Certificate, bytes));
    const end = (root: Uint8Array): Item => {
      const signer = { tag: 'certificate' as const, value: [...list, decodeOrThrow(Certificate, root)] };
      const request = { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at, signer };
      return { kind: 'message', bytes: signMessage(unit, request) };
    };
    expect(judge(scms.trust(), end(scms.root.bytes))[0]?.code).toBe('ok');
    expect(judge(scms.trust(), end(junkY(scms.root.bytes, 7)))[0]).toMatchObject({ verdict: 'invalid', depth: 4 });
  });
});

describe('junk among the CA certificates', () => {
  it.each([1, 4, 40])('does not crowd out the good ones: %d of it', (count) => {
    const { roots, certificates = [] } = scms.trust();
    const junk = Array.from({ length: count }, (_, i) => junkY(scms.pca.bytes, i + 1));
    for (const mixed of [
      [...junk, ...certificates],
      [...certificates, ...junk],
    ]) {
      const verdicts = judge({ roots, certificates: mixed }, certificate(unit.bytes), message());
      expect(verdicts.map(({ code }) => code)).toEqual(['ok', 'ok']);
    }
  });

  it('costs no more than a chain may be long', () => {
    const random = new Random('deep');
    let issuer = scms.root;
    const deep = Array.from({ length: 40 }, () => {
      issuer = issueExplicit({ issuer, key: generateKey(random), fields: scms.ica.toBeSigned });
      return issuer.bytes;
    });
    const { warnings } = createVerifier({ trust: { roots: [scms.root.bytes], certificates: deep }, at: scms.at });
    expect(new Set(warnings.map(({ code }) => code))).toContain('issuerNotFound');
  });

  it('does not hide what a message has proven: a signer that is also a CA file without its issuer', () => {
    const trust = { roots: [scms.root.bytes], certificates: [unit.bytes] };
    const verdicts = judge(trust, message('digest'), message('chain'), message('digest'));
    expect(verdicts.map(({ code }) => code)).toEqual(['issuerNotFound', 'ok', 'ok']);
  });
});

describe('pins', () => {
  const sec1 = ({ key }: Credential): Uint8Array => {
    const { x, y } = publicPoint(key);
    return concat(Uint8Array.of(4), x, y);
  };

  it('cannot give an explicit certificate another key', () => {
    const foreign = applicationCertificate(scms, { label: 'foreign' });
    const pins = [{ certificate: unit.bytes, publicKey: sec1(foreign) }];
    const verifier = createVerifier({ trust: { roots: [], pins }, at: scms.at });
    expect(verifier.warnings).toMatchObject([{ list: 'pins', index: 0, code: 'invalidPublicKey' }]);
    expect(verifier.verify([message()])[0]?.verdict).not.toBe('valid');
    const own = { roots: [], pins: [{ certificate: unit.bytes, publicKey: sec1(unit) }] };
    expect(judge(own, message())[0]).toMatchObject({ verdict: 'valid', trust: 'pinned' });
  });

  const RARE = ['ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const;
  const compressed = (key: Uint8Array): Uint8Array => {
    const half = (key.length - 1) / 2;
    return concat(Uint8Array.of(2 | ((key.at(-1) as number) & 1)), key.subarray(1, 1 + half));
  };
  const unitOn = (curve: CurveName, label = 'pinned'): Credential =>
    issueExplicit({
      issuer: scms.pca,
      key: generateKey(new Random(`${label} on ${curve}`), curve),
      fields: unit.toBeSigned,
    });

  it.each(RARE)('on %s stand in for the chain, in either form of the key', (curve) => {
    const pinned = unitOn(curve);
    const request = { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at };
    const items: Item[] = [
      { kind: 'message', bytes: signMessage(pinned, { ...request, signer: 'digest' }) },
      certificate(pinned.bytes),
      { kind: 'message', bytes: signMessage(pinned, { ...request, signer: 'certificate' }) },
      { kind: 'message', bytes: signMessage(pinned, { ...request, signingKey: unitOn(curve, 'other').key }) },
    ];
    const key = sec1(pinned);
    for (const publicKey of [key, compressed(key)]) {
      const verdicts = judge({ roots: [], pins: [{ certificate: pinned.bytes, publicKey }] }, ...items);
      expect(verdicts.map(({ code, trust }) => [code, trust])).toEqual([
        ...Array(3).fill(['ok', 'pinned']),
        ['badSignature', 'pinned'],
      ]);
      expect(verdicts[1]?.publicKey).toBe(Buffer.from(compressed(key)).toString('hex'));
    }
    // One key in two forms is one key.
    const both = [key, compressed(key)].map((publicKey) => ({ certificate: pinned.bytes, publicKey }));
    expect(createVerifier({ trust: { roots: [], pins: both } }).warnings).toEqual([]);
  });

  it.each(['ecdsaNistP256', ...RARE] as const)(
    'a key that is not that of a certificate on %s is refused by entry',
    (curve) => {
      const pinned = unitOn(curve);
      const right = sec1(pinned);
      const others = (['ecdsaNistP256', ...RARE] as const).filter((one) => one !== curve);
      const offCurve = right.map((octet, i) => (i === right.length - 1 ? octet ^ 1 : octet));
      const wrong: [Uint8Array, RegExp][] = [
        ...others.flatMap((other): [Uint8Array, RegExp][] => {
          const key = sec1(unitOn(other));
          return [key, compressed(key)].map((one) => [one, /not a point of|not the key that/]);
        }),
        [sec1(unitOn(curve, 'other')), /not the key that the certificate itself carries/],
        [compressed(sec1(unitOn(curve, 'other'))), /not the key that the certificate itself carries/],
        [offCurve, /not a point of/],
        [right.subarray(0, -1), /not a point of .* bytes\)/],
        [concat(right, Uint8Array.of(0)), /not a point of/],
        // The hybrid form, and the point at infinity.
        [concat(Uint8Array.of(6 | ((right.at(-1) as number) & 1)), right.subarray(1)), /not a point of/],
        [Uint8Array.of(0), /not a point of/],
        [new Uint8Array(0), /not a point of/],
      ];
      const pins = wrong.map(([publicKey]) => ({ certificate: pinned.bytes, publicKey }));
      const verifier = createVerifier({ trust: { roots: [], pins }, at: scms.at });
      expect(verifier.warnings.map(({ list, index, code }) => [list, index, code])).toEqual(
        wrong.map((_, index) => ['pins', index, 'invalidPublicKey']),
      );
      for (const [i, { detail }] of verifier.warnings.entries()) expect(detail).toMatch(wrong[i]?.[1] as RegExp);
      expect(verifier.trustsNothing).toBe(true);
    },
  );

  it('a certificate with a key that nothing verifies with cannot be pinned', () => {
    const explicit = decodeOrThrow(Certificate, unit.bytes);
    const x = publicPoint(unit.key).x;
    const verifyKeyIndicator = {
      tag: 'verificationKey',
      value: { tag: 'ecsigSm2', value: { tag: 'compressed-y-0', value: x } },
    } as const;
    const bytes = encode(Certificate, { ...explicit, toBeSigned: { ...explicit.toBeSigned, verifyKeyIndicator } });
    const pins = [{ certificate: bytes, publicKey: concat(Uint8Array.of(2), x) }];
    const { warnings } = createVerifier({ trust: { roots: [], pins } });
    expect(warnings).toMatchObject([{ list: 'pins', index: 0, detail: expect.stringContaining('ecsigSm2') }]);
  });

  it('that contradict each other are not used', () => {
    const [vehicle, other] = [scms.pca, scms.eca];
    const implicit = decodeOrThrow(Certificate, implicitBytes());
    const pin = (key: Credential) => ({ certificate: implicit.encoded as Uint8Array, publicKey: sec1(key) });
    for (const pins of [
      [pin(vehicle), pin(other)],
      [pin(other), pin(vehicle), pin(vehicle)],
    ]) {
      const { warnings, trustsNothing } = createVerifier({ trust: { roots: [], pins }, at: scms.at });
      expect(warnings.map(({ list, code }) => [list, code])).toContainEqual(['pins', 'inconsistentInputParameters']);
      expect(trustsNothing).toBe(true);
    }
    expect(createVerifier({ trust: { roots: [], pins: [pin(other), pin(other)] } }).warnings).toEqual([]);
  });

  function implicitBytes(): Uint8Array {
    const explicit = decodeOrThrow(Certificate, unit.bytes);
    const verifyKeyIndicator = {
      tag: 'reconstructionValue',
      value: { tag: 'compressed-y-0', value: sec1(scms.ica).slice(1, 33) },
    } as const;
    const toBeSigned = { ...explicit.toBeSigned, verifyKeyIndicator };
    return encode(Certificate, { ...explicit, type: 'implicit', toBeSigned, signature: undefined });
  }

  it('let a message expire after its certificate; a chain does not', () => {
    const { start, duration } = unit.toBeSigned.validityPeriod;
    const end = BigInt(start + duration.value * 3600) * 1_000_000n;
    const request = { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at, expiryTime: end + 1n };
    const item: Item = { kind: 'message', bytes: signMessage(unit, { ...request, signer: 'certificate' }) };
    expect(judge(scms.trust(), item)[0]?.code).toBe('expiryDateTooLate');
    const pins = [{ certificate: unit.bytes, publicKey: sec1(unit) }];
    expect(judge({ roots: [], pins }, item)[0]?.code).toBe('ok');
  });
});

describe('what is no item', () => {
  const wrong: [string, unknown][] = [
    ['undefined', undefined],
    ['no kind', { bytes: new Uint8Array(3) }],
    ['another kind', { kind: 'crl', bytes: new Uint8Array(3) }],
    ['no octets', { kind: 'message' }],
    ['a list', { kind: 'message', bytes: [3, 0x81] }],
    ['a text', { kind: 'message', bytes: 'abc' }],
    ['a PSID that is no number', { kind: 'message', bytes: new Uint8Array(3), lowerLayerPsid: Number.NaN }],
    ['a PSID in words', { kind: 'message', bytes: new Uint8Array(3), lowerLayerPsid: '32' }],
  ];

  it.each(wrong)('is refused by name, inline and pooled: %s', async (_, item) => {
    const items = [certificate(unit.bytes), item as Item];
    const options = { trust: scms.trust(), at: scms.at };
    expect(() => createVerifier(options).verify(items)).toThrow(/^item 1: /);
    const pool = await createPool({ ...options, threads: 1, workerUrl: WORKER_URL });
    await expect(pool.verifyAll(items)).rejects.toThrow(/^item 1: /);
    expect((await pool.verifyAll([certificate(unit.bytes)]))[0]?.code).toBe('ok');
    await pool.close();
  });
});
