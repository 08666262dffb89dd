/** The signed CRLs of the KETI unit tests from their octets to verdicts: judged, expanded, and asked by everything they revoke. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseTime } from '../../src/dot2/index.ts';
import { createPool } from '../../src/pool/index.ts';
import { readCrlFiles } from '../../src/readers/index.ts';
import { buildRevocation } from '../../src/revocation/build.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import { createVerifier, type Item, type LenientRule, type TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { WORKER_URL } from '../pool/support.ts';
import { describeWithVectors, vectorsDir } from '../support/vectors.ts';

const FOLDER = 'keti/bluetech';
const path = (name: string): string => join(vectorsDir() as string, FOLDER, name);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(path(name)));
const at = parseTime('2023-03-07T09:10:00Z');
const LENIENT: readonly LenientRule[] = ['crl-craca', 'crl-psid'];
const LINKAGE = 'composite-crl-linkage.oer';
const HASH = 'composite-crl-hash.oer';

const trust = (): TrustMaterial => ({
  roots: [file('root.oer')],
  certificates: ['ICA', 'PCA', 'ECA', 'RA', 'CRLG'].map((name) => file(`${name}.oer`)),
});
async function judged(names: readonly string[], lenient: readonly LenientRule[], when = at) {
  const { crls } = await readCrlFiles(names.map(path));
  return createVerifier({ trust: trust(), at: when, lenient }).verifyCrls(crls);
}
async function revocation(periods: readonly number[] = [425, 426], names = [LINKAGE, HASH]): Promise<RevocationData> {
  const { accepted } = await judged(names, LENIENT);
  expect(accepted).toHaveLength(names.length);
  return buildRevocation(accepted, { periods });
}

const pseudonyms = (): Item[] =>
  readdirSync(path('pseudonym'))
    .sort()
    .map((name) => ({ kind: 'certificate', bytes: file(`pseudonym/${name}`) }));
const messages = (): Item[] =>
  ['pseudonym-certificate', 'pseudonym-digest', 'app-certificate', 'app-digest'].map((name) => ({
    kind: 'message',
    bytes: file(`spdu-${name}.oer`),
  }));

describeWithVectors('the signed CRLs of KETI', () => {
  it('are refused by the letter, and that in two ways', async () => {
    const { accepted, verdicts } = await judged([LINKAGE, HASH], []);
    expect(accepted).toEqual([]);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ verdict: 'invalid', signature: 'ok' });
    for (const rule of LENIENT) expect((await judged([LINKAGE, HASH], [rule])).accepted).toEqual([]);
  });

  it('revoke 40 of 40 pseudonym certificates, and nothing else', async () => {
    const data = await revocation();
    const verifier = createVerifier({ trust: trust(), at, revocation: data });
    const verdicts = verifier.verify(pseudonyms());
    expect(verdicts).toHaveLength(40);
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({
        verdict: 'invalid',
        code: 'certificateRevoked',
        depth: 0,
        revocation: 'revoked',
        revokedBy: { rule: 'linkageValue', entry: 0 },
        lenient: ['crl-craca', 'crl-psid'],
      });
    }
    const others = ['root', 'ICA', 'PCA', 'ECA', 'CRLG'].map(
      (name): Item => ({ kind: 'certificate', bytes: file(`${name}.oer`) }),
    );
    for (const verdict of verifier.verify(others)) expect(verdict.code).toBe('ok');
    const enrolment = verifier.verify([{ kind: 'certificate', bytes: file('enrollment.oer') }])[0];
    expect(enrolment).toMatchObject({ code: 'implicitReconstructed' });
  });

  it('reject the BSM of the vectors, and what the application certificate has signed', async () => {
    const data = await revocation();
    for (const fastPath of [true, false]) {
      const verifier = new Verifier({ trust: trust(), at, revocation: data, fastPath });
      for (let round = 0; round < 3; round++) {
        const verdicts = verifier.verify(messages());
        expect(verdicts.map(({ code, depth, signature }) => [code, depth, signature])).toEqual(
          messages().map(() => ['certificateRevoked', 1, 'ok']),
        );
        expect(verdicts.map(({ revokedBy }) => revokedBy?.rule)).toEqual([
          'linkageValue',
          'linkageValue',
          'hash',
          'hash',
        ]);
      }
    }
  });

  it('leave them valid where they are not loaded, or the other one is', async () => {
    const codes = async (names: string[]) =>
      createVerifier({ trust: trust(), at, revocation: await revocation([425, 426], names) })
        .verify(messages())
        .map(({ code }) => code);
    expect(await codes([LINKAGE])).toEqual(['certificateRevoked', 'certificateRevoked', 'ok', 'ok']);
    expect(await codes([HASH])).toEqual(['ok', 'ok', 'certificateRevoked', 'certificateRevoked']);
  });

  it('are expanded on demand for proven messages, and not for certificates that nothing has proven', async () => {
    const data = await revocation([]);
    const verifier = createVerifier({ trust: trust(), at, revocation: data });
    expect(verifier.verify(messages()).map(({ code }) => code)).toEqual(messages().map(() => 'certificateRevoked'));
    expect(verifier.revocationMetrics.localTables).toBe(1);
    for (const verdict of verifier.verify(pseudonyms())) {
      expect(verdict).toMatchObject({ code: 'revocationNotEvaluated', revocation: 'notEvaluated' });
    }
  });

  it('do the same in threads', async () => {
    const data = await revocation();
    const items = [...pseudonyms(), ...messages()];
    const inline = createVerifier({ trust: trust(), at, revocation: data }).verify(items);
    for (const threads of [1, 2, 5]) {
      const pool = await createPool({
        trust: trust(),
        at,
        revocation: data,
        threads,
        maxBatch: 7,
        workerUrl: WORKER_URL,
      });
      try {
        expect(await pool.verifyAll(items)).toEqual(inline);
      } finally {
        await pool.close();
      }
    }
  });
});
