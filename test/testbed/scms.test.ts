import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { Certificate, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import {
  applicationCertificate,
  type Credential,
  createScms,
  enrolmentCertificate,
  hashedId8,
  mixture,
  pseudonyms,
  publicPoint,
  type Scms,
  signMessage,
} from '../../src/testbed/index.ts';
import { certificateOf, certificateVerifies, hash, messageVerifies } from './oracle.ts';

const scms = createScms({ seed: 'scms.test' });

const components = (of: Scms): Credential[] => [
  of.root,
  of.ica,
  of.pca,
  of.eca,
  of.ra,
  of.ma,
  of.crlg,
  of.worldwideIca,
  of.worldwidePca,
  ...of.electors,
];

function digestOf(of: Scms): string {
  const digest = createHash('sha256');
  for (const { bytes } of components(of)) digest.update(bytes);
  for (const { bytes } of pseudonyms(of, { devices: 2, weeks: 2 })) digest.update(bytes);
  digest.update(signMessage(of.pca, { psid: 0x23, payload: new Uint8Array(3), generationTime: of.at }));
  return digest.digest('hex');
}

/** SEC 1 compressed point of a private key. */
const pointOf = (d: bigint): Buffer => Buffer.from(p256.Point.BASE.multiply(d).toBytes(true));

describe('an SCMS', () => {
  it('has the same octets for the same seed and others for another', () => {
    const again = createScms({ seed: 'scms.test' });
    expect(digestOf(again)).toBe(digestOf(scms));
    const octets = (of: Scms) => [...mixture(of, 300, 3)].map(({ item }) => item.bytes);
    expect(octets(again)).toEqual(octets(scms));
    expect(createScms({ seed: 'another' }).root.bytes).not.toEqual(scms.root.bytes);
  });

  it('pins its octets, so that figures and vectors stay comparable', () => {
    expect(digestOf(scms)).toBe('a00357b2b2f81d0569c97b3473cafea50fd302274a2a630d37bfbceea7feeae5');
  });

  const variants = {
    'P-256': scms,
    'P-384': createScms({ seed: 'p384', rootCurve: 'ecdsaNistP384', caCurve: 'ecdsaNistP384' }),
    'P-384 root': createScms({ seed: 'p384 root', rootCurve: 'ecdsaNistP384', electorCurve: 'ecdsaNistP256' }),
    brainpoolP256r1: createScms({
      seed: 'bp256',
      rootCurve: 'ecdsaBrainpoolP256r1',
      caCurve: 'ecdsaBrainpoolP256r1',
      electorCurve: 'ecdsaBrainpoolP256r1',
    }),
    brainpoolP384r1: createScms({
      seed: 'bp384',
      rootCurve: 'ecdsaBrainpoolP384r1',
      caCurve: 'ecdsaBrainpoolP384r1',
      electorCurve: 'ecdsaBrainpoolP384r1',
    }),
  };
  it.each(Object.entries(variants))('issues certificates that node:crypto accepts: %s', (_, of) => {
    for (const { bytes, issuer } of components(of)) {
      expect(certificateVerifies(bytes, issuer?.bytes)).toBe(true);
      expect(encode(Certificate, decodeOrThrow(Certificate, bytes))).toEqual(bytes);
    }
  });

  it('names issuers by the whole-certificate hash that goes with them', () => {
    const { root, ica, pca } = variants['P-384 root'];
    // A certificate is hashed with the width of its own key, whatever its issuer signed it with.
    expect(certificateOf(root.bytes).issuer).toEqual({ tag: 'self', value: 'sha384' });
    const rootId = new Uint8Array(hash('sha384', root.bytes).subarray(-8));
    expect(certificateOf(ica.bytes).issuer).toEqual({ tag: 'sha384AndDigest', value: rootId });
    const icaId = new Uint8Array(hash('sha256', ica.bytes).subarray(-8));
    expect(certificateOf(pca.bytes).issuer).toEqual({ tag: 'sha256AndDigest', value: icaId });
  });

  it('hands out the root as anchor and the CAs as help', () => {
    const trust = scms.trust();
    expect(trust.roots).toEqual([scms.root.bytes]);
    expect(trust.certificates).toContain(scms.pca.bytes);
    expect(scms.cracaId).toEqual(hashedId8(scms.root).subarray(-3));
  });
});

describe('devices', () => {
  const implicit = [...pseudonyms(scms, { devices: 2, weeks: 2, perWeek: 3 })];

  it('have implicit certificates whose reconstructed key is private key times G', () => {
    for (const credential of implicit) {
      const certificate = certificateOf(credential.bytes);
      expect(certificate).toMatchObject({ type: 'implicit', signature: undefined });
      const indicator = certificate.toBeSigned.verifyKeyIndicator;
      const { tag, value } = indicator.value as { tag: string; value: Uint8Array };
      const P = p256.Point.fromBytes(Buffer.concat([Buffer.of(tag === 'compressed-y-0' ? 2 : 3), value]));
      const tbs = certificate.toBeSigned.encoded as Uint8Array;
      const input = Buffer.concat([hash('sha256', tbs), hash('sha256', scms.pca.bytes)]);
      const e = bytesToNumberBE(hash('sha256', input)) % p256.Point.Fn.ORDER;
      const issuerKey = p256.Point.BASE.multiply(scms.pca.key.d);
      const reconstructed = P.multiply(e).add(issuerKey);
      expect(Buffer.from(reconstructed.toBytes(true))).toEqual(pointOf(credential.key.d));
    }
  });

  it('have the linkage data that their certificates say', () => {
    const ids = implicit.map(({ toBeSigned }) => toBeSigned.id);
    expect(ids.every(({ tag }) => tag === 'linkageData')).toBe(true);
    expect(implicit.map(({ device, i, j }) => [device, i - scms.firstPeriod, j]).slice(0, 7)).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 2],
      [0, 1, 0],
      [0, 1, 1],
      [0, 1, 2],
      [1, 0, 0],
    ]);
    expect(ids[3]).toMatchObject({ value: { iCert: scms.firstPeriod + 1 } });
  });

  it('have certificates as long as deployed ones, and they encode again unchanged', () => {
    for (const { bytes } of implicit) {
      expect(bytes.length).toBeLessThan(110);
      expect(encode(Certificate, certificateOf(bytes))).toEqual(bytes);
    }
  });

  it('have explicit certificates where asked for', () => {
    for (const { bytes } of pseudonyms(scms, { devices: 1, perWeek: 2, explicit: true })) {
      expect(certificateVerifies(bytes, scms.pca.bytes)).toBe(true);
    }
    const roadside = applicationCertificate(scms, { label: 'rsu' });
    expect(certificateVerifies(roadside.bytes, scms.pca.bytes)).toBe(true);
  });

  it('have enrolment certificates that may ask and nothing else', () => {
    const { toBeSigned } = certificateOf(enrolmentCertificate(scms, { label: 'enrolment' }).bytes);
    expect(toBeSigned.appPermissions).toBeUndefined();
    expect(toBeSigned.certRequestPermissions).toHaveLength(1);
  });
});

describe('messages', () => {
  const device = pseudonyms(scms, { devices: 1, perWeek: 1 }).next().value as Credential;
  const payload = new Uint8Array(38);
  const forms = ['x-only', 'compressed', 'uncompressed'] as const;
  const signers = ['digest', 'certificate', 'chain'] as const;

  it.each(signers)('verify under the reconstructed key, signer %s', (signer) => {
    for (const rForm of forms) {
      const bytes = signMessage(device, { psid: 0x20, payload, generationTime: scms.at, signer, rForm });
      const key = { curve: 'ecdsaNistP256', point: pointOf(device.key.d) };
      expect(messageVerifies(bytes, device.bytes, key)).toBe(true);
      expect(encode(Ieee1609Dot2Data, decodeOrThrow(Ieee1609Dot2Data, bytes))).toEqual(bytes);
    }
  });

  it('give the y of R as it is', () => {
    const bytes = signMessage(device, { psid: 0x20, payload, rForm: 'uncompressed' });
    const hex = Buffer.from(bytes).toString('hex');
    const [, x, y] = /8084([0-9a-f]{64})([0-9a-f]{64})[0-9a-f]{64}$/.exec(hex) as unknown as [string, string, string];
    expect(() => p256.Point.fromAffine({ x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) }).assertValidity()).not.toThrow();
    const compressed = Buffer.from(signMessage(device, { psid: 0x20, payload })).toString('hex');
    expect(compressed).toContain(`80${Number.parseInt(y.slice(-1), 16) & 1 ? '83' : '82'}${x}`);
  });

  it('have s on both sides of half the order, as 1609.2 has no rule for it', () => {
    const half = p256.Point.Fn.ORDER / 2n;
    const high = Array.from({ length: 40 }, (_, at) => {
      const bytes = signMessage(device, { psid: 0x20, payload, generationTime: BigInt(at) });
      return bytesToNumberBE(bytes.subarray(-32)) > half;
    });
    expect(new Set(high)).toEqual(new Set([true, false]));
  });

  it('keep public keys beside private ones', () => {
    const { x } = publicPoint(device.key);
    expect(Buffer.from(x)).toEqual(pointOf(device.key.d).subarray(1));
  });
});
