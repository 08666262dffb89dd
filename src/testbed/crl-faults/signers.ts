import { hashedId8 } from '../certificates.ts';
import { issueCrl } from '../crls.ts';
import { flipLast, icaUnderRoot, trustWith } from '../faults/support.ts';
import { publicPoint } from '../keys.ts';
import { SERIES_COMPONENT } from '../permissions.ts';
import { WEEK_SECONDS, yearsFrom } from '../scms.ts';
import { byRoot, crlGenerator, issue, overdueAt, withOtherSignature } from './making.ts';
import { type CrlSpecimen, fault, type Where } from './specimen.ts';

/** Signatures and chains. */
export const CHAIN: readonly CrlSpecimen[] = [
  fault('badSignature/crl', 'the signature is not that of the signer', (scms) => flipLast(issueCrl(scms)), {
    depth: 0,
    signature: 'bad',
  }),
  fault(
    'badSignature/contents',
    'another device is revoked than was signed',
    (scms) => {
      const bytes = issueCrl(scms, { devices: [0] });
      const changed = bytes.slice();
      const seed = 100;
      changed[seed] = (changed[seed] as number) ^ 1;
      return changed;
    },
    { depth: 0, signature: 'bad' },
  ),
  fault(
    'certificateNotFound/crl',
    'the signer is unknown',
    (scms) => ({
      bytes: issueCrl(scms),
      trust: { roots: scms.trust().roots },
    }),
    { depth: 0, signature: 'notChecked' },
  ),
  fault('certificateNotFound/self', 'without a named signer', issue({}, { signer: 'self' }), { depth: 0 }),
  fault(
    'issuerNotFound/crl',
    'the root is not known',
    (scms) => ({
      bytes: issueCrl(scms, {}, { signer: 'certificate' }),
      trust: { roots: [] },
    }),
    { depth: 1, signature: 'ok' },
  ),
  fault(
    'chainEndedAtUntrustedRoot/crl',
    'the root is known and not trusted',
    (scms) => ({
      bytes: issueCrl(scms, {}, { signer: 'certificate' }),
      trust: { roots: [], certificates: [scms.root.bytes] },
    }),
    { depth: 2, signature: 'ok' },
  ),
  fault('chainEndedAtUntrustedRoot/pin', 'a pin vouches for the signer, and under no root', (scms) => {
    const { x, y } = publicPoint(scms.crlg.key);
    const publicKey = Uint8Array.of(4, ...x, ...y);
    return {
      bytes: issueCrl(scms),
      trust: { roots: [], pins: [{ certificate: scms.crlg.bytes, publicKey }] },
    };
  }),
  fault(
    'inconsistentChainPermissions/crl',
    'a CRLG that its issuer may not certify',
    (scms, random) => {
      const by = crlGenerator(scms, random, { validityPeriod: yearsFrom(scms.start, 5) }, scms.eca);
      return { bytes: issueCrl(scms, { craca: hashedId8(scms.eca) }, { by, signer: 'certificate' }) };
    },
    { depth: 1, signature: 'ok' },
  ),
];

const REVOKED: Where = { depth: 1, signature: 'ok' };

/** Signers that other CRLs revoke. */
export const SIGNERS: readonly CrlSpecimen[] = [
  fault(
    'certificateRevoked/crlg',
    "the CRLG is on the root's CRL",
    (scms) => ({
      bytes: issueCrl(scms),
      others: [byRoot(scms, [scms.crlg])],
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/previous',
    "the CRLG is on the root's CRL of last week",
    (scms) => ({
      bytes: issueCrl(scms),
      previous: [byRoot(scms, [scms.crlg], { issueDate: scms.start - 3600 })],
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/overdue',
    'the CRLG is on a CRL of the root that is long overdue',
    (scms) => ({
      bytes: issueCrl(scms, { nextCrl: scms.start + 10 * WEEK_SECONDS }),
      others: [byRoot(scms, [scms.crlg])],
      policy: { at: overdueAt(scms, 1) },
    }),
    REVOKED,
  ),
  fault(
    'certificateRevoked/n - s',
    'the CRLG writes n − s for s in its certificate',
    (scms) => {
      const twin = withOtherSignature(scms.crlg);
      const { roots } = scms.trust();
      return {
        bytes: issueCrl(scms, {}, { by: twin, signer: 'certificate' }),
        others: [byRoot(scms, [scms.crlg])],
        trust: { roots },
      };
    },
    REVOKED,
  ),
  fault(
    'certificateRevoked/issuer',
    "the CRLG's issuer is on the root's CRL",
    (scms, random) => {
      const ica = icaUnderRoot(scms, random);
      const by = crlGenerator(scms, random, { validityPeriod: yearsFrom(scms.start, 10) }, ica);
      return {
        bytes: issueCrl(scms, { craca: hashedId8(ica) }, { by }),
        others: [byRoot(scms, [ica])],
        trust: trustWith(scms, ica, by),
      };
    },
    { depth: 2, signature: 'ok' },
  ),
  fault(
    'certificateRevoked/itself',
    'a CRL that names its own signer',
    (scms, random) => {
      const by = crlGenerator(scms, random, { crlSeries: SERIES_COMPONENT });
      const request = { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [by] } as const;
      return { bytes: issueCrl(scms, request, { by }), trust: trustWith(scms, by) };
    },
    REVOKED,
  ),
];
