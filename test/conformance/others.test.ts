/** Data of other projects: what is wrong with it has to come out by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Verdict } from '../../src/verdict/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { cpuMs } from '../support/cpu.ts';
import { EVERY_KERNEL_AND_PATH, kernelOf } from '../support/every-kernel.ts';
import { fromHex } from '../support/octets.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';

const file = (path: string): Uint8Array => new Uint8Array(readFileSync(join(vectorsDir() as string, path)));

function judge(
  kind: 'certificate' | 'message',
  items: readonly Uint8Array[],
  options: ConstructorParameters<typeof Verifier>[0],
): Verdict[] {
  return new Verifier(options).verify(items.map((bytes) => ({ kind, bytes })));
}

describeWithVectors('TTA: an enrolment certificate', () => {
  it.each(EVERY_KERNEL_AND_PATH)('reconstructs to its published key (%s)', (kernel) => {
    const set = JSON.parse(readVector('keti/tta-enrollment-ecqv.json')) as Record<string, string>;
    const octets = (name: string): Uint8Array => fromHex(set[name] as string);
    const trust = { roots: [octets('rca')], certificates: [octets('ica'), octets('pca'), octets('eca')] };
    const [verdict] = judge('certificate', [octets('enroll_cert_implicit')], {
      trust,
      kernelInstance: kernelOf(kernel),
      atOwnStart: true,
    });
    const expected = set.enroll_expected_pub as string;
    expect(verdict?.publicKey?.slice(2)).toBe(expected.slice(2, 66));
    expect(verdict).toMatchObject({ verdict: 'undecided', code: 'implicitReconstructed' });
  });
});

interface EtsiRecord {
  file: string;
  h8: string;
  issuer: Record<string, string>;
  issuerFile: string | null;
  canonical: boolean;
  psids: number[];
}

const MIXED_HASHES = new Set(['CERT_IUT_A_B3_AT.oer', 'CERT_TS_B1_AT.oer']);

describeWithVectors('ETSI: TS 103 097 certificates', () => {
  it.each(EVERY_KERNEL_AND_PATH)('come out as their index says (%s)', (kernel) => {
    const index = JSON.parse(readVector('etsi/index.json')) as EtsiRecord[];
    const present = new Set(readdirSync(join(vectorsDir() as string, 'etsi')));
    const issuers = index
      .map(({ issuerFile }) => issuerFile)
      .filter((name): name is string => name !== null && present.has(name));
    const roots = [...new Set(issuers), 'CERT_IUT_C_RCA.oer'].map((name) => file(`etsi/${name}`));
    const verdicts = judge(
      'certificate',
      index.map((one) => file(`etsi/${one.file}`)),
      { trust: { roots }, kernelInstance: kernelOf(kernel), atOwnStart: true },
    );
    index.forEach((record, i) => {
      const verdict = verdicts[i] as Verdict;
      const name = `${record.file}: ${verdict.code} ${verdict.detail}`;
      expect.soft(verdict.hashedId8, name).toBe(record.h8);
      const known = record.issuerFile === null || present.has(record.issuerFile);
      const isAnchor = roots.some((root) => Buffer.compare(root, file(`etsi/${record.file}`)) === 0);
      if (isAnchor) expect.soft(verdict.trust, name).toBe('root');
      else if (!known) expect.soft(verdict, name).toMatchObject({ code: 'issuerNotFound', signature: 'notChecked' });
      else if (!record.canonical) expect.soft(verdict, name).toMatchObject({ verdict: 'invalid', signature: 'bad' });
      // Two of them hash toBeSigned with SHA-384 although their issuer field says SHA-256: not a signature of 1609.2.
      else expect.soft(verdict.signature, name).toBe(MIXED_HASHES.has(record.file) ? 'bad' : 'ok');
      const errors =
        judge('certificate', [file(`etsi/${record.file}`)], {
          trust: { roots },
          kernelInstance: kernelOf(kernel),
          atOwnStart: true,
          allErrors: true,
        })[0]?.errors ?? [];
      expect
        .soft(
          errors.some(({ code }) => code === 'nonCanonicalSignature'),
          name,
        )
        .toBe(known && !record.canonical);
    });
  });
});

describeWithVectors('USDOT: the signed message of 2017', () => {
  it.each(EVERY_KERNEL_AND_PATH)('has a right signature and a PSID its certificate does not grant (%s)', (kernel) => {
    const [pca] = JSON.parse(readVector('usdot-jpo-security/certs.json')) as { hex: string }[];
    const [message] = JSON.parse(readVector('usdot-jpo-security/spdus.json')) as { hex: string }[];
    const [verdict] = judge('message', [fromHex(message?.hex as string)], {
      trust: { roots: [fromHex(pca?.hex as string)] },
      kernelInstance: kernelOf(kernel),
    });
    expect(verdict).toMatchObject({
      verdict: 'invalid',
      code: 'unauthorizedPSID',
      signature: 'ok',
      resultCode: 23,
      psid: 12257,
    });
  });
});

describeWithVectors('OpenSCMS: a PKI without certIssuePermissions', () => {
  it.each(EVERY_KERNEL_AND_PATH)('has right signatures and inconsistent permissions (%s)', (kernel) => {
    const set = JSON.parse(readVector('openscms/certs.json')) as {
      h8: string;
      hex: string;
      issuer: Record<string, string>;
    }[];
    const octets = (h8: string): Uint8Array => fromHex(set.find((one) => one.h8 === h8)?.hex as string);
    const ica = '3631eee885298ccc';
    const below = set.filter(({ issuer }) => issuer.sha256AndDigest === ica).map(({ h8 }) => h8);
    expect(below).toHaveLength(3);
    const items = [ica, ...below];
    const trust = { roots: [octets('d163e79063beef66')], certificates: [octets(ica)] };
    const verdicts = judge('certificate', items.map(octets), {
      trust,
      kernelInstance: kernelOf(kernel),
      atOwnStart: true,
    });
    expect(verdicts.map(({ code, signature }) => [code, signature])).toEqual(
      items.map(() => ['inconsistentChainPermissions', 'ok']),
    );
    const ra = judge('certificate', [file('openscms/RaCertificate.dat')], {
      trust,
      kernelInstance: kernelOf(kernel),
      atOwnStart: true,
    });
    expect(ra[0]).toMatchObject({ code: 'inconsistentChainPermissions', signature: 'ok' });
  });
});

describeWithVectors('hostile input', () => {
  it('ends in a verdict, quickly', () => {
    const started = cpuMs();
    const verdicts = judge('message', [file('hostile/recursion-depth150.oer')], { trust: { roots: [] } });
    expect(verdicts[0]).toMatchObject({ verdict: 'invalid', code: 'nestingTooDeep', resultName: 'invalidInput' });
    // Three orders of magnitude above what it takes: this guards against blow-up, not against slowness.
    expect(cpuMs() - started).toBeLessThan(2000);
  });
});
