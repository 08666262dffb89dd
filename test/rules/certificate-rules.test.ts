/** Rules on a certificate by itself, each broken once and kept once (IEEE 1609.2 §6.4). */
import { describe, expect, it } from 'vitest';
import type { Certificate, PsidSsp } from '../../src/dot2/index.ts';
import { brokenBy, CERTIFICATE_RULES, DecodedCertificateFacts } from '../../src/rules/index.ts';
import type { FailureCode } from '../../src/verdict/index.ts';
import {
  all,
  bitmapRange,
  explicit,
  group,
  implicit,
  KEY,
  RECONSTRUCTION,
  SIGNATURE,
  type Tbs,
} from '../support/fields.ts';
import { at, circle, counties, countries, polygon, rectangles, states } from '../support/regions.ts';

const codes = (certificate: Certificate, lenient = false): FailureCode[] =>
  brokenBy(CERTIFICATE_RULES, new DecodedCertificateFacts(certificate, lenient)).map(({ code }) => code);
const NOTHING = new Uint8Array(0);
const future = (index: number) => ({ tag: 'unknown', index, value: NOTHING }) as const;
const [X, Y] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
type Point = Extract<Tbs['verifyKeyIndicator'], { tag: 'reconstructionValue' }>['value'];
const keyOf = (value: Point): Tbs['verifyKeyIndicator'] => ({
  tag: 'verificationKey',
  value: { tag: 'ecdsaNistP256', value },
});
const encryptionKeyOf = (value: Point): Partial<Tbs> => ({
  encryptionKey: { supportedSymmAlg: 'aes128Ccm', publicKey: { tag: 'eciesNistP256', value } },
});
const withR = (rSig: Point): Partial<Certificate> => ({
  signature: { tag: 'ecdsaNistP256Signature', value: { rSig, sSig: X } },
});
const psids = (count: number): PsidSsp[] => Array.from({ length: count }, (_, psid) => ({ psid }));

describe('a certificate that keeps every rule', () => {
  it.each<[string, Certificate]>([
    ['explicit', explicit()],
    ['implicit', implicit()],
    ['self-signed', explicit({}, { issuer: { tag: 'self', value: 'sha256' } })],
    [
      'with any point form of its key',
      explicit({ verifyKeyIndicator: keyOf({ tag: 'uncompressed', value: { x: X, y: Y } }) }),
    ],
    ['with an uncompressed R', explicit({}, withR({ tag: 'uncompressed', value: { x: X, y: Y } }))],
    ['with issue permissions only', explicit({ appPermissions: undefined, certIssuePermissions: [all()] })],
    [
      'with request permissions only',
      explicit({ appPermissions: undefined, certRequestPermissions: [all({ min: 0 })] }),
    ],
    ['with a PSID in several groups', explicit({ certIssuePermissions: [group([{ psid: 1 }]), group([{ psid: 1 }])] })],
    [
      'with one group for all of each kind',
      explicit({ certIssuePermissions: [all()], certRequestPermissions: [all()] }),
    ],
    ['with unlimited chains', explicit({ certIssuePermissions: [all({ range: -1 })] })],
    ['with as many permissions as can be decoded', explicit({ appPermissions: psids(256) })],
    ['with an SSP from the future', explicit({ appPermissions: [{ psid: 1, ssp: future(5) }] })],
    ['with 1024 entries', explicit({ certIssuePermissions: [0, 1, 2, 3].map(() => group(psids(256))) })],
  ])('%s', (_, certificate) => {
    expect(codes(certificate)).toEqual([]);
  });
});

describe('a certificate that breaks one', () => {
  it.each<[string, FailureCode, Certificate]>([
    ['version 2', 'unsupportedVersion', explicit({}, { version: 2 })],
    ['version 4', 'unsupportedVersion', explicit({}, { version: 4 })],
    ['type', 'unsupportedCriticalInformationField', explicit({}, { type: 'unknown(2)' })],
    ['issuer', 'unsupportedCriticalInformationField', explicit({}, { issuer: future(4) })],
    [
      'self hash',
      'unsupportedCriticalInformationField',
      explicit({}, { issuer: { tag: 'self', value: 'unknown(9)' } }),
    ],
    ['id', 'unsupportedCriticalInformationField', explicit({ id: future(4) })],
    ['region', 'unsupportedCriticalInformationField', explicit({ region: future(4) })],
    [
      'identified region',
      'unsupportedCriticalInformationField',
      explicit({ region: { tag: 'identifiedRegion', value: [future(3)] } }),
    ],
    [
      'issue subjectPermissions',
      'unsupportedCriticalInformationField',
      explicit({ certIssuePermissions: [{ ...all(), subjectPermissions: future(2) }] }),
    ],
    [
      'request subjectPermissions',
      'unsupportedCriticalInformationField',
      explicit({ certRequestPermissions: [{ ...all(), subjectPermissions: future(2) }] }),
    ],
    ['verifyKeyIndicator', 'unsupportedCriticalInformationField', explicit({ verifyKeyIndicator: future(2) })],
    [
      'key',
      'unsupportedCriticalInformationField',
      explicit({ verifyKeyIndicator: { tag: 'verificationKey', value: future(7) } }),
    ],
    ['signature', 'unsupportedCriticalInformationField', explicit({}, { signature: future(7) })],
    ['explicit with reconstruction value', 'keyIndicatorMismatch', explicit({ verifyKeyIndicator: RECONSTRUCTION })],
    ['implicit with key', 'keyIndicatorMismatch', implicit({ verifyKeyIndicator: KEY })],
    ['implicit by itself', 'keyIndicatorMismatch', implicit({}, { issuer: { tag: 'self', value: 'sha256' } })],
    ['explicit without signature', 'missingSignature', explicit({}, { signature: undefined })],
    ['implicit with signature', 'unexpectedSignature', implicit({}, { signature: SIGNATURE })],
    ['x-only key', 'invalidPointForm', explicit({ verifyKeyIndicator: keyOf({ tag: 'x-only', value: X }) })],
    ['fill key', 'invalidPointForm', explicit({ verifyKeyIndicator: keyOf({ tag: 'fill', value: null }) })],
    [
      'x-only reconstruction value',
      'invalidPointForm',
      implicit({ verifyKeyIndicator: { tag: 'reconstructionValue', value: { tag: 'x-only', value: X } } }),
    ],
    [
      'fill reconstruction value',
      'invalidPointForm',
      implicit({ verifyKeyIndicator: { tag: 'reconstructionValue', value: { tag: 'fill', value: null } } }),
    ],
    ['x-only encryption key', 'invalidPointForm', explicit(encryptionKeyOf({ tag: 'x-only', value: X }))],
    ['fill encryption key', 'invalidPointForm', explicit(encryptionKeyOf({ tag: 'fill', value: null }))],
    ['fill R', 'invalidPointForm', explicit({}, withR({ tag: 'fill', value: null }))],
    ['no permissions', 'noPermissions', explicit({ appPermissions: undefined })],
    ['empty permissions', 'noPermissions', explicit({ appPermissions: [], certIssuePermissions: [] })],
    ['PSID twice', 'duplicatePSID', explicit({ appPermissions: [{ psid: 1 }, { psid: 2 }, { psid: 1 }] })],
    [
      'two issue groups for all',
      'duplicateAllPermissions',
      explicit({ certIssuePermissions: [all(), all({ min: 2 })] }),
    ],
    ['two request groups for all', 'duplicateAllPermissions', explicit({ certRequestPermissions: [all(), all()] })],
    ['minChainLength 0', 'invalidChainLength', explicit({ certIssuePermissions: [all({ min: 0 })] })],
    ['minChainLength −1', 'invalidChainLength', explicit({ certIssuePermissions: [all({ min: -1 })] })],
    ['request minChainLength −1', 'invalidChainLength', explicit({ certRequestPermissions: [all({ min: -1 })] })],
    ['chainLengthRange −2', 'invalidChainLength', explicit({ certIssuePermissions: [all({ range: -2 })] })],
    [
      'bitmap value longer than its mask',
      'invalidSspRange',
      explicit({ certIssuePermissions: [group([{ psid: 1, sspRange: bitmapRange([1, 2], [1]) }])] }),
    ],
    [
      'bitmap mask longer than its value',
      'invalidSspRange',
      explicit({ certRequestPermissions: [group([{ psid: 1, sspRange: bitmapRange([1], [1, 2]) }])] }),
    ],
    [
      '1025 entries',
      'tooManyElements',
      explicit({ certIssuePermissions: [all(), ...[0, 1, 2, 3].map(() => group(psids(256)))] }),
    ],
  ])('%s', (_, code, certificate) => {
    expect(codes(certificate)).toEqual([code]);
  });

  it('names the bound on entries as a rule of structure', () => {
    const many = explicit({ certIssuePermissions: [0, 1, 2, 3, 4].map(() => group(psids(256))) });
    expect(brokenBy(CERTIFICATE_RULES, new DecodedCertificateFacts(many, false))).toMatchObject([
      { stage: 'structure', detail: expect.stringContaining('1024') },
    ]);
  });

  it('names several', () => {
    expect(codes(explicit({ appPermissions: undefined }, { version: 7, signature: undefined }))).toEqual([
      'unsupportedVersion',
      'missingSignature',
      'noPermissions',
    ]);
  });
});

describe('the leniency for minChainLength', () => {
  it('accepts zero to issue, and nothing below', () => {
    expect(codes(explicit({ certIssuePermissions: [all({ min: 0 })] }), true)).toEqual([]);
    expect(codes(explicit({ certIssuePermissions: [all({ min: -1 })] }), true)).toEqual(['invalidChainLength']);
    expect(codes(explicit({ certIssuePermissions: [all({ range: -2 })] }), true)).toEqual(['invalidChainLength']);
  });
});

describe('a region', () => {
  const corner = (latitude: number, longitude: number): Partial<Tbs> => ({
    region: { tag: 'circularRegion', value: { center: { latitude, longitude }, radius: 1 } },
  });

  it.each<[string, Partial<Tbs>]>([
    ['at both poles', { region: rectangles([90, 1, -90, 2]) }],
    ['across the antimeridian', { region: rectangles([1, 179, -1, -179]) }],
    ['at the last longitude', corner(0, 1_800_000_000)],
    ['at the first longitude', corner(0, -1_799_999_999)],
    ['without radius', { region: circle([0, 0], 0) }],
    ['concave', { region: polygon([0, 0], [2, 0], [1, 1], [2, 2], [0, 2]) }],
    [
      'of countries, states and counties',
      {
        region: {
          tag: 'identifiedRegion',
          value: [countries(410), states(840, 1), counties(840, 1, 2)].flatMap(({ value }) => value as never),
        },
      },
    ],
  ])('%s is one', (_, fields) => {
    expect(codes(explicit(fields))).toEqual([]);
  });

  it.each<[string, Partial<Tbs>]>([
    ['north of the pole', corner(900_000_001, 0)],
    ['south of the pole', corner(-900_000_001, 0)],
    ['beyond the last longitude', corner(0, 1_800_000_001)],
    ['at −180°, which is written 180°', corner(0, -1_800_000_000)],
    ['flat', { region: rectangles([1, 0, 1, 1]) }],
    ['upside down', { region: rectangles([0, 0, 1, 1]) }],
    ['thin', { region: rectangles([1, 0, 0, 0]) }],
    ['flat in its second rectangle', { region: rectangles([1, 0, 0, 1], [1, 0, 1, 1]) }],
    [
      'with a corner nowhere',
      {
        region: {
          tag: 'rectangularRegion',
          value: [{ northWest: { latitude: 900_000_001, longitude: 0 }, southEast: at([0, 1]) }],
        },
      },
    ],
    [
      'with the other corner nowhere',
      {
        region: {
          tag: 'rectangularRegion',
          value: [{ northWest: at([1, 0]), southEast: { latitude: 0, longitude: 1_800_000_001 } }],
        },
      },
    ],
    ['of no rectangles', { region: rectangles() }],
    ['of no countries', { region: countries() }],
    ['of no states', { region: states(840) }],
    ['of no counties', { region: counties(840, 26) }],
    [
      'of no states with counties',
      {
        region: {
          tag: 'identifiedRegion',
          value: [{ tag: 'countryAndSubregions', value: { countryOnly: 840, regionAndSubregions: [] } }],
        },
      },
    ],
    ['crossing itself', { region: polygon([0, 0], [1, 1], [1, 0], [0, 1]) }],
    ['folded', { region: polygon([0, 0], [2, 0], [1, 0]) }],
    [
      'with a point nowhere',
      { region: { tag: 'polygonalRegion', value: [at([0, 0]), at([0, 1]), { latitude: 900_000_002, longitude: 0 }] } },
    ],
  ])('%s is none', (_, fields) => {
    expect(codes(explicit(fields))[0]).toBe('invalidRegion');
    expect(new Set(codes(explicit(fields))).size).toBe(1);
  });
});
