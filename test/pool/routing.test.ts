/** A sender has one set of signers, however its messages name it; and it is the set under which the verifier knows it. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/coer/index.ts';
import { Certificate, canonicalCertificate, wholeCertificateHash } from '../../src/dot2/index.ts';
import { skimSigner } from '../../src/dot2/skim.ts';
import { Router } from '../../src/pool/routing.ts';
import {
  applicationCertificate,
  buildSpecimen,
  type Credential,
  CURVES,
  createScms,
  FAULTS,
  generateKey,
  hashedId8,
  implicitApplicationCertificate,
  issueExplicit,
  issueImplicit,
  mixture,
  PSID_BSM,
  pseudonyms,
  type Scms,
  SPECIALS,
  type Specimen,
  signMessage,
} from '../../src/testbed/index.ts';
import { type Item, Verifier } from '../../src/verifier/index.ts';
import { SIGNER_SETS, signerSet } from '../../src/verifier/learned.ts';
import { KERNEL } from '../support/kernels.ts';

let scms: Scms;
beforeAll(() => {
  scms = createScms({ seed: 'routing.test', electors: 1 });
});

const message = (credential: Credential, signer: 'digest' | 'certificate' | 'chain' | 'self', more = {}): Item => ({
  kind: 'message',
  bytes: signMessage(credential, {
    psid: PSID_BSM,
    payload: new Uint8Array(2),
    signer,
    generationTime: scms.at,
    ...more,
  }),
});

/** The set by the strict decoder, with no example of anything. */
function decodedSet(bytes: Uint8Array): number | undefined {
  const signer = skimSigner(bytes);
  if (signer === undefined || 'digest' in signer) return signer && signerSet(signer.digest);
  const decoded = decode(Certificate, signer.certificate);
  if (!decoded.ok) return undefined;
  const hash = createHash(wholeCertificateHash(decoded.value)).update(canonicalCertificate(decoded.value)).digest();
  return signerSet(hash.subarray(-8));
}

function expectOneSet(credential: Credential): void {
  const router = new Router();
  const set = signerSet(hashedId8(credential));
  const rare = { header: { missingCrlIdentifier: { cracaId: new Uint8Array(3), crlSeries: 1 } } };
  for (const signer of ['digest', 'certificate', 'chain'] as const) {
    for (const more of [{}, rare]) expect(router.setOf(message(credential, signer, more)), signer).toBe(set);
  }
  // From its cache as well.
  expect(router.setOf(message(credential, 'certificate'))).toBe(set);
}

describe('the set of a sender', () => {
  it('is the same however its messages name it', () => {
    expectOneSet(applicationCertificate(scms, { label: 'explicit' }));
    expectOneSet(implicitApplicationCertificate(scms, { label: 'implicit' }));
    for (const pseudonym of pseudonyms(scms, { devices: 4, perWeek: 2 })) expectOneSet(pseudonym);
    for (const credential of [scms.pca, scms.ica]) expectOneSet(credential);
  });

  it.each(['x-only', 'compressed', 'uncompressed'] as const)('is that of its canonical form: %s', (form) => {
    const random = scms.random.fork('forms');
    const { toBeSigned } = applicationCertificate(scms, { label: 'forms' });
    const { verifyKeyIndicator: _, encoded: __, ...fields } = toBeSigned;
    const keyForm = form === 'x-only' ? 'compressed' : form;
    expectOneSet(issueExplicit({ issuer: scms.pca, key: generateKey(random), fields, rForm: form, keyForm }));
    expectOneSet(issueImplicit({ issuer: scms.pca, secret: generateKey(random).d, fields, pointForm: keyForm }));
  });

  it.each(['ecdsaNistP256', 'ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const)(
    'is that of its own hash under CAs on %s',
    (caCurve) => {
      const own = createScms({ seed: `routing.test ${caCurve}`, rootCurve: caCurve, caCurve, electors: 1 });
      for (const curve of Object.keys(CURVES) as (keyof typeof CURVES)[]) {
        const { verifyKeyIndicator: _, encoded: __, ...fields } = own.ra.toBeSigned;
        const key = generateKey(own.random.fork(curve), curve);
        const credential = issueExplicit({ issuer: own.pca, key, fields });
        const router = new Router();
        const sets = (['digest', 'certificate'] as const).map((signer) => router.setOf(message(credential, signer)));
        expect(sets, curve).toEqual([signerSet(hashedId8(credential)), signerSet(hashedId8(credential))]);
      }
    },
  );

  it('is none where any thread will do', () => {
    const router = new Router();
    const credential = applicationCertificate(scms, { label: 'none' });
    expect(router.setOf({ kind: 'certificate', bytes: credential.bytes })).toBeUndefined();
    expect(router.setOf(message(credential, 'self'))).toBeUndefined();
    expect(router.setOf({ ...message(credential, 'digest'), unreadable: 'torn' })).toBeUndefined();
    expect(router.setOf({ kind: 'message', bytes: credential.bytes })).toBeUndefined();
    expect(router.setOf({ kind: 'message', bytes: new Uint8Array(0) })).toBeUndefined();
  });

  it('is the one that the verifier files it under', () => {
    const router = new Router();
    let compared = 0;
    // Verdicts print a certificate's hash by its issuer's algorithm; where its own key is of another width that is no digest.
    const sameWidth = ({ kind, name }: Specimen): boolean => kind === 'message' && !name.startsWith('curve/');
    for (const specimen of [...FAULTS, ...SPECIALS].filter(sameWidth)) {
      const { bytes, before = [], options, trust, item } = buildSpecimen(specimen, scms);
      const items = [
        ...before.map((one) => ({ kind: 'message' as const, bytes: one })),
        { kind: 'message' as const, bytes, ...item },
      ];
      // One kernel for all: making one costs more than verifying a specimen.
      const kernelInstance = KERNEL;
      const verdicts = new Verifier({ trust: trust ?? scms.trust(), at: scms.at, ...options, kernelInstance }).verify(
        items,
      );
      verdicts.forEach((verdict, i) => {
        if (verdict.hashedId8 === null || verdict.signer === 'self') return;
        compared++;
        const set = signerSet(Buffer.from(verdict.hashedId8, 'hex'));
        expect(router.setOf(items[i] as Item), `${specimen.name} ${verdict.code}`).toBe(set);
      });
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('of a certificate that is nearly like one before it is found as if there had been none', () => {
    const credentials = [
      applicationCertificate(scms, { label: 'like' }),
      implicitApplicationCertificate(scms, { label: 'like' }),
      ...pseudonyms(scms, { devices: 1, perWeek: 1 }),
      ...pseudonyms(scms, { devices: 1, perWeek: 1, explicit: true }),
    ];
    for (const credential of credentials) {
      const original = message(credential, 'certificate');
      const start = Buffer.from(original.bytes).indexOf(credential.bytes);
      expect(start).toBeGreaterThan(0);
      const router = new Router();
      const set = router.setOf(original);
      const sets = new Set<number | undefined>();
      for (let at = start; at < start + credential.bytes.length; at++) {
        for (const change of [0x06, 0x80]) {
          const bytes = original.bytes.slice();
          bytes[at] = (bytes[at] as number) ^ change;
          const changed: Item = { kind: 'message', bytes };
          const own = decodedSet(bytes);
          expect(router.setOf(changed), `octet ${at - start} by ${change}`).toBe(own);
          // Nor does it displace the certificate that it resembles.
          expect(router.setOf(original)).toBe(set);
          sets.add(own);
        }
      }
      expect(sets.has(undefined)).toBe(true);
      expect(sets.size).toBeGreaterThan(100);
    }
  });

  it('stays what it is when more senders come than are remembered', () => {
    const items = [...mixture(scms, 400, 2)].map(({ item }) => item);
    const router = new Router();
    const sets = items.map((item) => router.setOf(item));
    expect(items.map((item) => new Router().setOf(item))).toEqual(sets);
    for (const set of sets) if (set !== undefined) expect(set).toBeLessThan(SIGNER_SETS);
    expect(new Set(sets).size).toBeGreaterThan(10);
  });
});
