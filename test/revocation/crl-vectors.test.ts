/** The signed CRLs that others have published. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCrls } from '../../src/cli/shared/crl-files.ts';
import { parseTime } from '../../src/dot2/index.ts';
import type { LenientRule, TrustMaterial } from '../../src/verifier/index.ts';
import { fromHex, toHex } from '../support/octets.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';

const path = (name: string): string => join(vectorsDir() as string, name);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(path(name)));
const errorCodes = (verdict: { errors?: readonly { code: string }[] } | undefined): string[] =>
  (verdict?.errors ?? []).map(({ code }) => code);

describeWithVectors('KETI: the CRLs of the bluetech PKI', () => {
  const folder = 'keti/bluetech';
  const trust = (): TrustMaterial => ({
    roots: [file(`${folder}/root.oer`)],
    certificates: ['ICA', 'PCA', 'CRLG'].map((name) => file(`${folder}/${name}.oer`)),
  });
  const files = ['linkage', 'hash'].map((name) => `${folder}/composite-crl-${name}.oer`);
  const at = parseTime('2023-03-07T09:10:00Z');
  const judge = (lenient: LenientRule[], when = at) =>
    loadCrls(files.map(path), trust(), { at: when, lenient, allErrors: true });

  it('are refused for their PSID and their crlCraca, and for nothing else', async () => {
    const { verdicts, accepted } = await judge([]);
    expect(verdicts).toHaveLength(2);
    for (const { verdict } of verdicts) {
      expect(verdict).toMatchObject({ verdict: 'invalid', code: 'crlPSIDMismatch', signature: 'ok', trust: 'root' });
      expect(errorCodes(verdict)).toEqual(['crlPSIDMismatch', 'crlIssuerMismatch']);
    }
    expect(accepted).toEqual([]);
  });

  it.each([
    ['crl-psid', 'crlIssuerMismatch'],
    ['crl-craca', 'crlPSIDMismatch'],
  ] as const)('are refused under %s alone', async (rule, code) => {
    const { verdicts, accepted } = await judge([rule]);
    for (const { verdict } of verdicts) expect(errorCodes(verdict)).toEqual([code]);
    expect(accepted).toEqual([]);
  });

  it('are accepted under both leniencies, and say so', async () => {
    const { verdicts, accepted } = await judge(['crl-craca', 'crl-psid']);
    for (const { verdict } of verdicts) {
      expect(verdict).toMatchObject({
        verdict: 'valid',
        lenient: ['crl-craca', 'crl-psid'],
        craca: '22217322023a8435',
      });
      expect(verdict.warnings?.[0]).toMatch(/^overdue/);
    }
    const root = accepted[0]?.scope.root;
    expect(root).toMatch(/55f881a13f7e0361$/);
    const [linkage, hash] = accepted;
    expect(linkage).toMatchObject({
      kind: 'fullLinkedCrl',
      iRev: 425,
      scope: { root, cracaId: '*', crlSeries: 1 },
      individuals: { count: 1, iMax: Uint16Array.of(580), jMax: Uint8Array.of(20) },
    });
    expect(toHex(linkage?.individuals?.chains as Uint8Array)).toBe(
      '2aa06c7f04ae976b10907120eefccb37ac5d0e7e98e411a705b6e60d1c18404bd9aed8aa',
    );
    expect(hash).toMatchObject({
      kind: 'fullHashCrl',
      scope: { root, cracaId: '*', crlSeries: 3 },
      hashes: { count: 1 },
    });
    expect(toHex(hash?.hashes?.ids as Uint8Array)).toBe('261d2baafe9ae842cb16');
  });

  it('do not count under another root, however lenient', async () => {
    const lenient: LenientRule[] = ['crl-craca', 'crl-psid'];
    const other = { roots: [file(`${folder}/ICA.oer`)], certificates: [file(`${folder}/CRLG.oer`)] };
    const { verdicts, accepted } = await loadCrls(files.map(path), other, { at, lenient });
    expect(verdicts.map(({ verdict }) => verdict.code)).toEqual(['issuerNotFound', 'issuerNotFound']);
    expect(accepted).toEqual([]);
  });

  it('are overdue three weeks later, and revoke all the same', async () => {
    const { verdicts, accepted } = await judge(['crl-craca', 'crl-psid'], parseTime('2023-03-28T00:00:00Z'));
    expect(verdicts.map(({ verdict: { verdict, code } }) => [verdict, code])).toEqual([
      ['undecided', 'overdueCRL'],
      ['undecided', 'overdueCRL'],
    ]);
    expect(accepted).toHaveLength(2);
  });
});

describeWithVectors('OpenSCMS: an empty hash CRL', () => {
  it('is refused for its PSID and for its signer, although the signature is right', async () => {
    const certificates = (JSON.parse(readVector('openscms/certs.json')) as { h8: string; hex: string }[]).map(
      ({ h8, hex }) => ({ h8, octets: fromHex(hex) }),
    );
    const roots = certificates.filter(({ h8 }) => h8 === 'd163e79063beef66').map(({ octets }) => octets);
    const trust = { roots, certificates: certificates.map(({ octets }) => octets) };
    const { verdicts, accepted } = await loadCrls([path('openscms/signed-crl-fullHash.oer')], trust, {
      at: parseTime('2025-08-30T00:00:00Z'),
      allErrors: true,
      lenient: ['crl-craca', 'crl-psid'],
    });
    const [{ verdict }] = verdicts as [(typeof verdicts)[number]];
    expect(verdict).toMatchObject({ verdict: 'invalid', signature: 'ok', entries: 0, kind: 'fullHashCrl', serial: 6 });
    expect(errorCodes(verdict)).toEqual(
      expect.arrayContaining(['crlPSIDMismatch', 'unauthorizedPSID', 'crlSignerNotAuthorized']),
    );
    expect(accepted).toEqual([]);
  });
});
