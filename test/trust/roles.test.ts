/** G9: a component is what it is presented as. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode, toHex } from '../../src/coer/index.ts';
import { Certificate, type PsidSsp, type ScmsRole, wholeCertificateHash } from '../../src/dot2/index.ts';
import {
  app,
  applicationCertificate,
  type Credential,
  enrolmentCertificate,
  issueExplicit,
  named,
  PSID_SCMS,
  scmsRole,
} from '../../src/testbed/index.ts';
import { PCA_ISSUE_PERMISSIONS, PSID_MISBEHAVIOUR } from '../../src/testbed/permissions.ts';
import { homeCertificateChain } from '../../src/testbed/trust/index.ts';
import { issuerDigestOf } from '../../src/trust/identity.ts';
import { applyBundle, createTrustState } from '../../src/trust/index.ts';
import { whyNotInRole } from '../../src/trust/roles.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';
import {
  A,
  addRoot,
  adds,
  B,
  CONTEXT,
  ctlDevice,
  D,
  file,
  GROUP_OCTETS,
  gccf,
  id,
  otherRoot,
  Play,
  R1,
  scms,
  T0,
} from './support.ts';

const endorsed = adds([], [addRoot(R1, [A, B])]);
const made = (name: string, appPermissions: PsidSsp[] | undefined, more = {}, issuer = scms.ica): Credential =>
  issueExplicit({
    issuer,
    key: scms.ra.key,
    fields: { ...scms.ra.toBeSigned, id: named(name), appPermissions, ...more },
  });
const withRole = (role: ScmsRole, issuer = scms.ica): Credential => made(role, [scmsRole(role)], {}, issuer);
const LINKAGE = { tag: 'linkageData', value: { iCert: 1, linkageValue: new Uint8Array(9) } } as const;
const decisionOn = (place: 'maCertificate' | 'certs[1]', credential: Credential): string => {
  const parts = place === 'maCertificate' ? { ma: credential, certs: [scms.ica] } : { certs: [scms.ica, credential] };
  const { decisions } = new Play().apply(gccf(1, { ...endorsed, ...parts }));
  const found = decisions.find(({ part }) => part === place);
  return [found?.decision, found?.code === 'OK' ? '' : found?.code].join(' ').trim();
};

describe('the SSP of PSID 35 states the role (G9)', () => {
  it.each<ScmsRole>(['pg', 'ica', 'eca', 'aca', 'crl', 'dcm', 'la', 'lop', 'ma', 'ra'])('%s is a component', (role) => {
    expect(decisionOn('certs[1]', withRole(role))).toBe('ACCEPT');
  });

  it.each<ScmsRole>(['elector', 'root'])('%s is no component', (role) => {
    expect(decisionOn('certs[1]', withRole(role))).toBe('REJECT G_CERTIFICATE');
  });

  it.each<ScmsRole>(['pg', 'ica', 'eca', 'aca', 'crl', 'dcm', 'la', 'lop', 'ra', 'elector', 'root'])(
    '%s is no MA',
    (role) => {
      expect(decisionOn('maCertificate', withRole(role))).toBe('REJECT G_MA');
    },
  );

  it('ma is one', () => {
    expect(decisionOn('maCertificate', withRole('ma'))).toBe('ACCEPT');
  });

  it.each<[string, PsidSsp]>([
    ['of an alternative that is not known', app(PSID_SCMS, [0x8c, 0, 1])],
    ['that is empty', app(PSID_SCMS, [])],
    ['of another kind', { psid: PSID_SCMS, ssp: { tag: 'bitmapSsp', value: Uint8Array.of(0x8a) } }],
  ])('an SSP %s states none: neither MA nor component', (_, permission) => {
    // The ICA of the testbed gives any SSP.
    expect(decisionOn('maCertificate', made('odd', [permission]))).toBe('REJECT G_MA');
    expect(decisionOn('certs[1]', made('odd', [permission]))).toBe('REJECT G_CERTIFICATE');
  });
});

describe('a certificate whose PSID 35 has no SSP (G9)', () => {
  const bare = [app(PSID_SCMS)];

  it('is an MA if it issues nothing', () => {
    expect(decisionOn('maCertificate', made('ma', bare))).toBe('ACCEPT');
    const issues = made('ca', bare, { certIssuePermissions: PCA_ISSUE_PERMISSIONS });
    expect(decisionOn('maCertificate', issues)).toBe('REJECT G_MA');
    expect(decisionOn('maCertificate', made('ca', undefined, { certIssuePermissions: PCA_ISSUE_PERMISSIONS }))).toBe(
      'REJECT G_MA',
    );
  });

  it('is a component with PSID 35, with PSID 256 or with a right to issue', () => {
    expect(decisionOn('certs[1]', made('ra', bare))).toBe('ACCEPT');
    expect(decisionOn('certs[1]', scms.crlg)).toBe('ACCEPT');
    const ca = made('ca', undefined, { certIssuePermissions: PCA_ISSUE_PERMISSIONS });
    expect(decisionOn('certs[1]', ca)).toBe('ACCEPT');
  });

  it.each<[string, Credential]>([
    ['without PSID 35, PSID 256 or a right to issue', made('rsu', [app(PSID_MISBEHAVIOUR)])],
    ['with another PSID beside PSID 35', made('rsu', [...bare, app(PSID_MISBEHAVIOUR), app(0x83)])],
    ['that a PCA issued', made('obe', bare, { crlSeries: 3 }, scms.pca)],
    ['that a PCA issued, whatever its SSP says', made('obe', [scmsRole('ma')], { crlSeries: 3 }, scms.pca)],
    ['of a device, with the PSIDs of deployed ones', applicationCertificate(scms, { label: 'rsu' })],
    ['with a linkage value, whoever issued it', made('obe', bare, { id: LINKAGE, crlSeries: 1 })],
  ])('an end entity %s is neither MA nor component', (_, credential) => {
    expect(decisionOn('maCertificate', credential)).toBe('REJECT G_MA');
    expect(decisionOn('certs[1]', credential)).toBe('REJECT G_CERTIFICATE');
  });

  it('an implicit certificate is neither', () => {
    const enrolment = enrolmentCertificate(scms, { label: 'enrolment' });
    expect(decisionOn('maCertificate', enrolment)).toBe('REJECT G_MA');
    expect(decisionOn('certs[1]', enrolment)).toBe('REJECT G_CERTIFICATE');
  });
});

describe('a root in a chain file (G9)', () => {
  it('is ACCEPT_NOOP among the certificates if it is trusted, and is not kept as a component', () => {
    const at = new Play().apply(gccf(1, { ...endorsed, certs: [R1, scms.ica] }));
    expect(at.decisions.find(({ part }) => part === 'certs[0]')).toMatchObject({ decision: 'ACCEPT_NOOP', code: 'OK' });
    expect(at.state.certificates.map(({ hashedId8 }) => hashedId8)).not.toContain(id(R1));
    expect(at.state.chainFiles.global.newest?.version).toEqual([1]);
  });

  it('is REJECT if it is not trusted, as an elector is', () => {
    for (const stranger of [otherRoot('stranger'), A, D]) {
      expect(decisionOn('certs[1]', stranger)).toBe('REJECT G_CERTIFICATE');
    }
  });

  it('is REJECT as MA, always', () => {
    for (const root of [R1, otherRoot('stranger')]) expect(decisionOn('maCertificate', root)).toBe('REJECT G_MA');
  });
});

it('beside a CTL a device is no component either', () => {
  const request = {
    electorGroupId: GROUP_OCTETS,
    sequenceNumber: 1,
    effectiveDate: Number(T0 / 1_000_000n),
    electors: [A, B],
    roots: [R1],
    signers: [A, B],
  };
  const device = applicationCertificate(scms, { label: 'rsu' });
  const at = new Play(ctlDevice()).apply(file('ctl', homeCertificateChain(request, [scms.ica, scms.pca, device])));
  expect(at.decisions.find(({ part }) => part === 'others[2]')).toMatchObject({
    decision: 'REJECT',
    code: 'G_CERTIFICATE',
    detail: 'an end-entity certificate: its issuer has the role aca',
  });
  expect(at.state.certificates.map(({ hashedId8 }) => hashedId8)).not.toContain(id(device));
});

describeWithVectors('components of deployed PKIs', () => {
  const FILES = [
    'bluetech',
    'crosscert',
    'iss-preprod-2013',
    'iss-preprod-2022',
    'microsec-test',
    'ssol-plugfest',
    'tta',
  ];
  const certificates = FILES.flatMap((name) => {
    const list = JSON.parse(readVector(`keti/certs-${name}.json`)) as { hex: string }[];
    return list.flatMap(({ hex }) => {
      const decoded = decode(Certificate, Uint8Array.from(Buffer.from(hex, 'hex')));
      return decoded.ok ? [{ name, certificate: decoded.value }] : [];
    });
  });
  const byDigest = new Map(
    certificates.map(({ certificate }) => {
      const [facts] = CONTEXT.examine([certificate]);
      const hash = CONTEXT.hash(wholeCertificateHash(certificate), facts?.canonical as Uint8Array);
      return [toHex(hash.slice(-8)), certificate];
    }),
  );
  const nameOf = ({ toBeSigned }: Certificate): string =>
    'name' in { ...toBeSigned.id } ? '' : String(toBeSigned.id.value);
  const judged = certificates.flatMap(({ certificate }) => {
    const issuer = byDigest.get(issuerDigestOf(certificate) ?? '');
    if (issuer === undefined || certificate.issuer.tag === 'self') return [];
    const as = (role: 'ma' | 'component') => whyNotInRole(certificate, issuer, role) === undefined;
    return [{ certificate, name: nameOf(certificate), component: as('component'), ma: as('ma') }];
  });

  it('are taken for what their names say, and end entities for nothing', () => {
    const isOf = (pattern: RegExp) => judged.filter(({ name }) => pattern.test(name));
    const components = isOf(/^(ra|ma|ica|pca|eca|la\d|pg|crlg)\./);
    expect(components.length).toBeGreaterThan(20);
    expect(components.filter(({ component }) => !component).map(({ name }) => name)).toEqual([]);
    expect(components.filter(({ ma }) => ma).every(({ name }) => name.startsWith('ma.'))).toBe(true);
    expect(isOf(/^ma\./).every(({ ma }) => ma)).toBe(true);
    const devices = judged.filter(({ certificate }) => certificate.toBeSigned.id.tag === 'linkageData');
    expect(devices.length).toBeGreaterThan(20);
    expect(devices.filter(({ component, ma }) => component || ma)).toEqual([]);
  });

  it('a deployed chain file is taken whole, with the root that it lists', () => {
    const octets = new Uint8Array(readFileSync(join(vectorsDir() ?? '', 'keti', 'tta-lccf.oer')));
    const root = certificates.find(({ certificate }) => nameOf(certificate) === 'rootca.scms.tta.or.kr')?.certificate;
    const state = createTrustState(
      { electors: [A, B].map(({ bytes }) => bytes), roots: [root?.encoded as Uint8Array], quorum: 2, at: T0 },
      CONTEXT,
    ).state;
    const { decisions, state: after } = applyBundle(state, [file('lccf', octets)], T0, CONTEXT);
    const verdicts = decisions.filter(({ proposition }) => proposition === 'certificate');
    expect(verdicts.map(({ part, decision, code }) => [part, decision, code])).toEqual([
      ['maCertificate', 'ACCEPT', 'OK'],
      ['certs[0]', 'ACCEPT_NOOP', 'OK'],
      ['certs[1]', 'ACCEPT', 'OK'],
      ['certs[2]', 'ACCEPT', 'OK'],
    ]);
    expect(after.chainFiles.local.newest?.version).toEqual([1, 1]);
  });
});
