/** Deployed and published IEEE 1609.2 data, judged end to end by every kernel. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { type Certificate, Ieee1609Dot2Data, parseTime, type SignedData } from '../../src/dot2/index.ts';
import type { ItemKind, Verdict } from '../../src/verdict/index.ts';
import { type TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { EVERY_KERNEL_AND_PATH, kernelOf } from '../support/every-kernel.ts';
import { concat, fromHex, toHex } from '../support/octets.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';

interface CertificateRecord {
  h8: string;
  hex: string;
  type: string;
  status: string;
  publicKey?: string;
  issuer: Record<string, string>;
}
interface MessageRecord {
  hex: string;
  expectSignatureOk: boolean;
  reason?: string;
  signer: string;
  signerH8: string;
}

const file = (path: string): Uint8Array => new Uint8Array(readFileSync(join(vectorsDir() as string, path)));
const records = <T>(path: string): T[] => JSON.parse(readVector(path)) as T[];
const compressed = (uncompressed: string): string =>
  (Number.parseInt(uncompressed.slice(-2), 16) & 1 ? '03' : '02') + uncompressed.slice(2, 66);

function judge(kind: ItemKind, items: Uint8Array[], options: ConstructorParameters<typeof Verifier>[0]): Verdict[] {
  return new Verifier(options).verify(items.map((bytes) => ({ kind, bytes })));
}

const certificateFiles = [
  'bluetech',
  'crosscert',
  'iss-preprod-2013',
  'iss-preprod-2022',
  'microsec-test',
  'ssol-plugfest',
  'tta',
];
const allCertificates = (): CertificateRecord[] =>
  certificateFiles.flatMap((name) => records<CertificateRecord>(`keti/certs-${name}.json`));

/** Explicit certificates as CAs; self-signed ones, and those whose issuer is not public, as anchors. */
function trustIn(certificates: CertificateRecord[]): TrustMaterial {
  const explicit = certificates.filter(({ type }) => type === 'explicit');
  const isAnchor = ({ issuer, status }: CertificateRecord): boolean => 'self' in issuer || status === 'issuer-missing';
  return {
    roots: explicit.filter(isAnchor).map(({ hex }) => fromHex(hex)),
    certificates: explicit.filter((one) => !isAnchor(one)).map(({ hex }) => fromHex(hex)),
  };
}

describeWithVectors('KETI: the bluetech PKI', () => {
  const folder = 'keti/bluetech';
  const trust = (): TrustMaterial => ({
    roots: [file(`${folder}/root.oer`)],
    certificates: ['ICA', 'PCA', 'ECA', 'RA', 'CRLG'].map((name) => file(`${folder}/${name}.oer`)),
  });
  const at = parseTime('2023-03-07T09:10:00Z');

  it.each(EVERY_KERNEL_AND_PATH)('validates its CA chain under root.oer (%s)', (kernel) => {
    const names = ['root', 'ICA', 'PCA', 'ECA', 'CRLG'];
    const verdicts = judge(
      'certificate',
      names.map((name) => file(`${folder}/${name}.oer`)),
      { trust: trust(), kernelInstance: kernelOf(kernel), at },
    );
    expect(verdicts.map(({ code, signature }) => [code, signature])).toEqual(names.map(() => ['ok', 'ok']));
  });

  it('refuses the RA for its minChainLength of 0, unless that is asked for', () => {
    const options = { trust: trust(), at };
    const [strict] = judge('certificate', [file(`${folder}/RA.oer`)], options);
    expect(strict).toMatchObject({ verdict: 'invalid', code: 'invalidChainLength', signature: 'ok' });
    const [lenient] = judge('certificate', [file(`${folder}/RA.oer`)], { ...options, lenient: ['min-chain-length'] });
    expect(lenient).toMatchObject({ verdict: 'valid', lenient: ['min-chain-length'] });
  });

  it.each(EVERY_KERNEL_AND_PATH)('finds all four messages valid at 2023-03-07T09:10:00Z (%s)', (kernel) => {
    const names = ['pseudonym-certificate', 'pseudonym-digest', 'app-certificate', 'app-digest'];
    const verdicts = judge(
      'message',
      names.map((name) => file(`${folder}/spdu-${name}.oer`)),
      { trust: trust(), kernelInstance: kernelOf(kernel), at },
    );
    expect(verdicts.map(({ verdict, code, detail }) => [verdict, code, detail])).toEqual(
      names.map(() => ['valid', 'ok', '']),
    );
    expect(verdicts.every(({ trust, signature }) => trust === 'root' && signature === 'ok')).toBe(true);
  });

  it('takes the CAs from the local chain file as well', () => {
    const options = { trust: { roots: [file(`${folder}/root.oer`)], certificates: [file(`${folder}/LCCF.oer`)] }, at };
    const [verdict] = judge('message', [file(`${folder}/spdu-pseudonym-certificate.oer`)], options);
    expect(verdict).toMatchObject({ verdict: 'valid', psid: 32 });
  });

  it('trusts nothing without the root, and nothing under another root', () => {
    const message = [file(`${folder}/spdu-pseudonym-certificate.oer`)];
    const { certificates } = trust();
    const none = judge('message', message, { trust: { roots: [], certificates: certificates ?? [] }, at });
    expect(none[0]).toMatchObject({
      verdict: 'undecided',
      code: 'issuerNotFound',
      signature: 'notChecked',
      trust: 'none',
    });
    const rootAsCa = { roots: [], certificates: [...(certificates ?? []), file(`${folder}/root.oer`)] };
    expect(judge('message', message, { trust: rootAsCa, at })[0]).toMatchObject({
      verdict: 'invalid',
      code: 'chainEndedAtUntrustedRoot',
    });
  });

  it.each(EVERY_KERNEL_AND_PATH)('leaves every implicit certificate undecided, with its key (%s)', (kernel) => {
    const folders = readdirSync(join(vectorsDir() as string, folder, 'pseudonym'));
    const items = [...folders.map((name) => file(`${folder}/pseudonym/${name}`)), file(`${folder}/enrollment.oer`)];
    const verdicts = judge('certificate', items, {
      trust: trust(),
      kernelInstance: kernelOf(kernel),
      atOwnStart: true,
    });
    expect(new Set(verdicts.map(({ verdict, code }) => `${verdict} ${code}`))).toEqual(
      new Set(['undecided implicitReconstructed']),
    );
  });
});

describeWithVectors('KETI: certificates of seven PKIs', () => {
  it.each(EVERY_KERNEL_AND_PATH)(
    'reconstructs or reads every known key, and verifies every known signature (%s)',
    (kernel) => {
      const certificates = allCertificates();
      const verdicts = judge(
        'certificate',
        certificates.map(({ hex }) => fromHex(hex)),
        {
          trust: trustIn(certificates),
          kernelInstance: kernelOf(kernel),
          atOwnStart: true,
        },
      );
      certificates.forEach((record, i) => {
        const verdict = verdicts[i] as Verdict;
        expect.soft(verdict.hashedId8, record.h8).toBe(record.h8);
        if (record.publicKey) expect.soft(verdict.publicKey, record.h8).toBe(compressed(record.publicKey));
        if (record.status === 'sig-OK') expect.soft(verdict.signature, record.h8).toBe('ok');
      });
      expect(certificates.filter(({ publicKey }) => publicKey)).toHaveLength(599);
    },
  );

  it('finds the RAs of three PKIs valid if the end entity that they request for counts, and says so', () => {
    const certificates = allCertificates();
    const ras = ['75098f0777434727', 'f8118973eb7f1b16', '077c211c5c49e2d4'];
    const items = certificates.filter(({ h8 }) => ras.includes(h8)).map(({ hex }) => fromHex(hex));
    const options = { trust: trustIn(certificates), atOwnStart: true };
    for (const verdict of judge('certificate', items, options)) {
      expect(verdict).toMatchObject({ verdict: 'invalid', code: 'inconsistentChainPermissions', signature: 'ok' });
      expect(verdict.detail).toMatch(/^certRequestPermissions, .*chain length 1/);
    }
    const lenient = judge('certificate', items, { ...options, lenient: ['request-chain-length'] });
    expect(lenient.map(({ hashedId8, verdict, lenient: used }) => [hashedId8, verdict, used])).toEqual(
      ras.map((h8) => [h8, 'valid', ['request-chain-length']]),
    );
  });

  it('finds nothing else valid that is not valid without that', () => {
    const certificates = allCertificates();
    const items = certificates.map(({ hex }) => fromHex(hex));
    const options = { trust: trustIn(certificates), atOwnStart: true };
    const strict = judge('certificate', items, options);
    const lenient = judge('certificate', items, { ...options, lenient: ['request-chain-length'] });
    const changed = lenient.filter((verdict, i) => verdict.code !== strict[i]?.code);
    expect(changed.map(({ code, hashedId8 }) => `${hashedId8} ${code}`).sort()).toEqual([
      '077c211c5c49e2d4 ok',
      '75098f0777434727 ok',
      'f8118973eb7f1b16 ok',
    ]);
    expect(lenient.filter((verdict) => verdict.lenient !== undefined)).toHaveLength(3);
  });

  it.each(EVERY_KERNEL_AND_PATH)('names as `signature` what is known of every message (%s)', (kernel) => {
    const certificates = allCertificates();
    const messages = records<MessageRecord>('keti/spdus.json');
    const pins = [...knownKeys(certificates), ...recoveredKeys(messages)];
    const verdicts = judge(
      'message',
      messages.map(({ hex }) => fromHex(hex)),
      { trust: { ...trustIn(certificates), pins }, kernelInstance: kernelOf(kernel) },
    );
    const judged = messages.filter((record, i) => {
      const verdict = verdicts[i] as Verdict;
      if (!record.expectSignatureOk) expect.soft(verdict.verdict, `${i}`).not.toBe('valid');
      // Digests of certificates that are in no set cannot be judged by anybody.
      if (verdict.code === 'certificateNotFound') return false;
      // The one message of its certificate, with an x-only R: nothing tells which of two keys it is.
      if (record.signerH8 === 'e68626025068eabf') return false;
      expect
        .soft(verdict.signature, `${i} ${record.signerH8} ${record.reason}`)
        .toBe(record.expectSignatureOk ? 'ok' : 'bad');
      return true;
    });
    expect(judged.filter(({ expectSignatureOk }) => expectSignatureOk)).toHaveLength(39);
    expect(judged.filter(({ expectSignatureOk }) => !expectSignatureOk)).toHaveLength(10);
  });
});

type Pins = NonNullable<TrustMaterial['pins']>;

/** Implicit certificates that no message attaches, with the keys that are known for them. */
function knownKeys(certificates: CertificateRecord[]): Pins {
  return certificates
    .filter(({ type, publicKey }) => type === 'implicit' && publicKey)
    .map(({ hex, publicKey }) => ({ certificate: fromHex(hex), publicKey: fromHex(publicKey as string) }));
}

/**
 * Keys of implicit certificates whose issuer is not public: a signature with compressed R has one possible key, and a key
 * that two messages agree on is the certificate's.
 */
function recoveredKeys(messages: MessageRecord[]): Pins {
  const found = new Map<string, { certificate: Uint8Array; keys: string[] }>();
  for (const { hex, expectSignatureOk, signer } of messages) {
    if (!expectSignatureOk || signer !== 'certificate') continue;
    const data = decodeOrThrow(Ieee1609Dot2Data, fromHex(hex));
    if (data.content.tag !== 'signedData') continue;
    const { signer: named, signature, tbsData } = data.content.value as SignedData;
    if (named.tag !== 'certificate' || signature.tag !== 'ecdsaNistP256Signature') continue;
    const { rSig, sSig } = signature.value;
    if (rSig.tag !== 'compressed-y-0' && rSig.tag !== 'compressed-y-1') continue;
    const certificate = (named.value[0] as Certificate).encoded as Uint8Array;
    const both = concat(sha256(tbsData.encoded as Uint8Array), sha256(certificate));
    const recovery = rSig.tag === 'compressed-y-0' ? 0 : 1;
    const recovered = p256.recoverPublicKey(concat(Uint8Array.of(recovery), rSig.value, sSig), both);
    const entry = found.get(toHex(certificate)) ?? { certificate, keys: [] };
    entry.keys.push(toHex(recovered));
    found.set(toHex(certificate), entry);
  }
  return [...found.values()].map(({ certificate, keys }) => {
    expect(new Set(keys).size, 'one key explains every message of a certificate').toBe(1);
    return { certificate, publicKey: fromHex(keys[0] as string) };
  });
}
