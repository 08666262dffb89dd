/** Tag numbers and preamble bits of IEEE 1609.2, octet by octet, on encodings written by hand. */
import { describe, expect, it } from 'vitest';
import { decode, encode, type Schema, toJson } from '../../src/coer/index.ts';
import {
  Certificate,
  CertificateId,
  ChainFile,
  certificatesOfChainFile,
  GeographicRegion,
  HeaderInfo,
  Ieee1609Dot2Data,
  IssuerIdentifier,
  MAX_ATTACHED_CERTIFICATES,
  MAX_NESTING,
  PsidGroupPermissions,
  PsidSsp,
  PsidSspRange,
  PublicEncryptionKey,
  PublicVerificationKey,
  Signature,
  SignerIdentifier,
  sniffStructure,
  ToBeSignedCertificate,
  ToBeSignedData,
  ValidityPeriod,
} from '../../src/dot2/index.ts';
import { fromHex, toHex } from '../support/octets.ts';

const n = (octet: string, count: number): string => octet.repeat(count);
const X = n('a1', 32);
const Y = n('b2', 32);
const X48 = n('a3', 48);
const Y48 = n('b4', 48);
const S = n('c5', 32);
const S48 = n('c6', 48);
const H8 = '1122334455667788';

/** Spaces are for the reader. */
const hexOf = (spaced: string): string => spaced.replaceAll(' ', '');

function expectBoth(schema: Schema<unknown>, spaced: string, json: unknown): void {
  const octets = fromHex(hexOf(spaced));
  const result = decode(schema, octets);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) return;
  expect(toJson(result.value)).toEqual(json);
  expect(toHex(encode(schema, result.value))).toBe(hexOf(spaced));
}

type Row = [spaced: string, json: unknown];
const table = (name: string, schema: Schema<never>, rows: readonly Row[]): void => {
  describe(name, () => {
    it.each(rows)('%s', (spaced, json) => expectBoth(schema as unknown as Schema<unknown>, spaced, json));
  });
};
// biome-ignore lint/suspicious/noExplicitAny: schemas of any type stand side by side
const any = (schema: Schema<any>): Schema<never> => schema as Schema<never>;

table('keys', any(PublicVerificationKey), [
  [`80 80 ${X}`, { ecdsaNistP256: { 'x-only': X } }],
  ['80 81', { ecdsaNistP256: { fill: null } }],
  [`80 82 ${X}`, { ecdsaNistP256: { 'compressed-y-0': X } }],
  [`80 83 ${X}`, { ecdsaNistP256: { 'compressed-y-1': X } }],
  [`80 84 ${X} ${Y}`, { ecdsaNistP256: { uncompressed: { x: X, y: Y } } }],
  [`81 83 ${X}`, { ecdsaBrainpoolP256r1: { 'compressed-y-1': X } }],
  [`82 31 82 ${X48}`, { ecdsaBrainpoolP384r1: { 'compressed-y-0': X48 } }],
  [`83 31 83 ${X48}`, { ecdsaNistP384: { 'compressed-y-1': X48 } }],
  [`83 61 84 ${X48} ${Y48}`, { ecdsaNistP384: { uncompressed: { x: X48, y: Y48 } } }],
  [`84 21 82 ${X}`, { ecsigSm2: { 'compressed-y-0': X } }],
  ['85 02 abcd', { 'unknown(5)': 'abcd' }],
]);

table('signatures', any(Signature), [
  [`80 80 ${X} ${S}`, { ecdsaNistP256Signature: { rSig: { 'x-only': X }, sSig: S } }],
  [`80 83 ${X} ${S}`, { ecdsaNistP256Signature: { rSig: { 'compressed-y-1': X }, sSig: S } }],
  [`80 84 ${X} ${Y} ${S}`, { ecdsaNistP256Signature: { rSig: { uncompressed: { x: X, y: Y } }, sSig: S } }],
  [`81 82 ${X} ${S}`, { ecdsaBrainpoolP256r1Signature: { rSig: { 'compressed-y-0': X }, sSig: S } }],
  [`82 61 80 ${X48} ${S48}`, { ecdsaBrainpoolP384r1Signature: { rSig: { 'x-only': X48 }, sSig: S48 } }],
  [`83 61 82 ${X48} ${S48}`, { ecdsaNistP384Signature: { rSig: { 'compressed-y-0': X48 }, sSig: S48 } }],
  [`84 40 ${X} ${S}`, { sm2Signature: { rSig: X, sSig: S } }],
  ['85 00', { 'unknown(5)': '' }],
]);

table('encryption keys', any(PublicEncryptionKey), [
  [`00 80 82 ${X}`, { supportedSymmAlg: 'aes128Ccm', publicKey: { eciesNistP256: { 'compressed-y-0': X } } }],
  [`00 81 83 ${X}`, { supportedSymmAlg: 'aes128Ccm', publicKey: { eciesBrainpoolP256r1: { 'compressed-y-1': X } } }],
  [`01 82 21 82 ${X}`, { supportedSymmAlg: 'sm4Ccm', publicKey: { ecencSm2: { 'compressed-y-0': X } } }],
]);

table('issuers', any(IssuerIdentifier), [
  [`80 ${H8}`, { sha256AndDigest: H8 }],
  ['81 00', { self: 'sha256' }],
  ['81 01', { self: 'sha384' }],
  ['81 02', { self: 'sm3' }],
  ['81 03', { self: 'unknown(3)' }],
  [`82 08 ${H8}`, { sha384AndDigest: H8 }],
  [`83 08 ${H8}`, { sm3AndDigest: H8 }],
  [`84 08 ${H8}`, { 'unknown(4)': H8 }],
]);

table('certificate identifiers', any(CertificateId), [
  [`80 00 01a9 ${n('09', 9)}`, { linkageData: { iCert: 425, linkageValue: n('09', 9) } }],
  [
    `80 80 01a9 ${n('09', 9)} 0000000f ${n('07', 9)}`,
    {
      linkageData: {
        iCert: 425,
        linkageValue: n('09', 9),
        groupLinkageValue: { jValue: '0000000f', value: n('07', 9) },
      },
    },
  ],
  ['81 03 706361', { name: 'pca' }],
  ['81 00', { name: '' }],
  ['82 01 ff', { binaryId: 'ff' }],
  [`82 40 ${n('ff', 64)}`, { binaryId: n('ff', 64) }],
  ['83', { none: null }],
]);

table('validity periods', any(ValidityPeriod), [
  ['24136d85 80 0001', { start: 605_252_997, duration: { microseconds: 1 } }],
  ['00000000 81 0002', { start: 0, duration: { milliseconds: 2 } }],
  ['00000000 82 0003', { start: 0, duration: { seconds: 3 } }],
  ['00000000 83 0004', { start: 0, duration: { minutes: 4 } }],
  ['00000000 84 00a9', { start: 0, duration: { hours: 169 } }],
  ['00000000 85 0005', { start: 0, duration: { sixtyHours: 5 } }],
  ['ffffffff 86 ffff', { start: 2 ** 32 - 1, duration: { years: 65535 } }],
]);

const CORNER = { latitude: 1, longitude: -1 };
table('regions', any(GeographicRegion), [
  [
    '80 35a4e900 94b62e00 03e8',
    { circularRegion: { center: { latitude: 900_000_000, longitude: -1_800_000_000 }, radius: 1000 } },
  ],
  ['81 0101 00000001 ffffffff 00000001 ffffffff', { rectangularRegion: [{ northWest: CORNER, southEast: CORNER }] }],
  [`82 0103 ${n('00000001ffffffff', 3)}`, { polygonalRegion: [CORNER, CORNER, CORNER] }],
  ['83 0102 80 019a 80 0348', { identifiedRegion: [{ countryOnly: 410 }, { countryOnly: 840 }] }],
  ['83 0101 81 0348 0102 01 38', { identifiedRegion: [{ countryAndRegions: { countryOnly: 840, regions: [1, 56] } }] }],
  [
    '83 0101 82 0348 0101 08 0102 0001 00ff',
    {
      identifiedRegion: [
        { countryAndSubregions: { countryOnly: 840, regionAndSubregions: [{ region: 8, subregions: [1, 255] }] } },
      ],
    },
  ],
  ['83 0101 83 01 ff', { identifiedRegion: [{ 'unknown(3)': 'ff' }] }],
  ['84 02 abcd', { 'unknown(4)': 'abcd' }],
]);

table('application permissions', any(PsidSsp), [
  ['00 01 20', { psid: 32 }],
  ['00 02 0100', { psid: 256 }],
  ['80 01 23 80 03 810001', { psid: 35, ssp: { opaque: '810001' } }],
  ['80 01 23 80 00', { psid: 35, ssp: { opaque: '' } }],
  ['80 01 24 81 03 02 01f0', { psid: 36, ssp: { bitmapSsp: '01f0' } }],
  ['80 01 24 81 01 00', { psid: 36, ssp: { bitmapSsp: '' } }],
  ['80 01 24 82 01 aa', { psid: 36, ssp: { 'unknown(2)': 'aa' } }],
]);

table('issuing permissions: ranges', any(PsidSspRange), [
  ['00 01 20', { psid: 32 }],
  ['80 01 20 80 0102 00 01 ab', { psid: 32, sspRange: { opaque: ['', 'ab'] } }],
  ['80 01 20 81', { psid: 32, sspRange: { all: null } }],
  [
    '80 01 24 82 06 02 01f0 02 fff0',
    { psid: 36, sspRange: { bitmapSspRange: { sspValue: '01f0', sspBitmask: 'fff0' } } },
  ],
]);

const ALL = { subjectPermissions: { all: null } };
const DEFAULTS = { minChainLength: 1, chainLengthRange: 0, eeType: 0x80 };
table('issuing permissions: groups', any(PsidGroupPermissions), [
  ['00 81', { ...ALL, ...DEFAULTS }],
  ['80 81 01 03', { ...ALL, ...DEFAULTS, minChainLength: 3 }],
  ['40 81 01 ff', { ...ALL, ...DEFAULTS, chainLengthRange: -1 }],
  ['20 81 40', { ...ALL, ...DEFAULTS, eeType: 0x40 }],
  ['e0 81 01 02 01 ff c0', { ...ALL, minChainLength: 2, chainLengthRange: -1, eeType: 0xc0 }],
  ['00 80 0101 00 01 20', { subjectPermissions: { explicit: [{ psid: 32 }] }, ...DEFAULTS }],
]);

describe('certificates', () => {
  const TBS = {
    id: { none: null },
    cracaId: '0a0b0c',
    crlSeries: 1,
    validityPeriod: { start: 5, duration: { hours: 6 } },
  };
  const FRONT = '83 0a0b0c 0001 00000005 84 0006';
  const KEY = `80 80 82 ${X}`;
  const INDICATOR = { verifyKeyIndicator: { verificationKey: { ecdsaNistP256: { 'compressed-y-0': X } } } };
  const additions = (bitmapBits: number, unknown: object[] = []) => ({ extensionAdditions: { bitmapBits, unknown } });

  const OPTIONAL: readonly [name: string, bit: string, spaced: string, json: object][] = [
    ['region', '40', '83 0101 80 0348', { region: { identifiedRegion: [{ countryOnly: 840 }] } }],
    ['assuranceLevel', '20', 'e3', { assuranceLevel: 'e3' }],
    ['appPermissions', '10', '0101 00 01 20', { appPermissions: [{ psid: 32 }] }],
    ['certIssuePermissions', '08', '0101 00 81', { certIssuePermissions: [{ ...ALL, ...DEFAULTS }] }],
    [
      'certRequestPermissions',
      '04',
      '0101 20 81 40',
      { certRequestPermissions: [{ ...ALL, ...DEFAULTS, eeType: 0x40 }] },
    ],
    ['canRequestRollover', '02', '', { canRequestRollover: null }],
    [
      'encryptionKey',
      '01',
      `00 80 83 ${Y}`,
      { encryptionKey: { supportedSymmAlg: 'aes128Ccm', publicKey: { eciesNistP256: { 'compressed-y-1': Y } } } },
    ],
  ];
  const tbs = (spaced: string, json: object): void =>
    expectBoth(any(ToBeSignedCertificate), spaced, { ...TBS, ...INDICATOR, ...json });

  it('no optional field', () => tbs(`00 ${FRONT} ${KEY}`, {}));
  it.each(OPTIONAL)('%s is bit %s', (_, bit, spaced, json) => tbs(`${bit} ${FRONT} ${spaced} ${KEY}`, json));
  it('all optional fields, in their order', () => {
    const body = OPTIONAL.map(([, , spaced]) => spaced).join(' ');
    tbs(`7f ${FRONT} ${body} ${KEY}`, Object.assign({}, ...OPTIONAL.map(([, , , json]) => json)));
  });

  it.each<[string, string, object]>([
    ['flags', '02 04 80 01 80', { flags: '80', ...additions(4) }],
    ['appExtensions', '02 04 40 06 0101 01 02 abcd', { appExtensions: [{ id: 1, content: 'abcd' }], ...additions(4) }],
    [
      'certIssueExtensions',
      '02 04 20 08 0102 01 80 01 ab 02 81',
      {
        certIssueExtensions: [
          { id: 1, permissions: { specific: 'ab' } },
          { id: 2, permissions: { all: null } },
        ],
        ...additions(4),
      },
    ],
    [
      'certRequestExtension',
      '02 04 10 06 0101 01 80 01 ab',
      { certRequestExtension: [{ id: 1, permissions: { content: 'ab' } }], ...additions(4) },
    ],
    ['one of a later edition', '02 03 08 02 beef', additions(5, [{ index: 4, octets: 'beef' }])],
  ])('extension: %s', (_, spaced, json) => tbs(`80 ${FRONT} ${KEY} ${spaced}`, json));

  it('a reconstruction value instead of a key', () => {
    const json = { ...TBS, verifyKeyIndicator: { reconstructionValue: { 'compressed-y-1': X } } };
    expectBoth(any(ToBeSignedCertificate), `00 ${FRONT} 81 83 ${X}`, json);
  });

  it('explicit: begins with 80 03 00', () => {
    expectBoth(any(Certificate), `80 03 00 80 ${H8} 00 ${FRONT} ${KEY} 80 80 ${X} ${S}`, {
      version: 3,
      type: 'explicit',
      issuer: { sha256AndDigest: H8 },
      toBeSigned: { ...TBS, ...INDICATOR },
      signature: { ecdsaNistP256Signature: { rSig: { 'x-only': X }, sSig: S } },
    });
  });

  it('implicit: begins with 00 03 01', () => {
    expectBoth(any(Certificate), `00 03 01 80 ${H8} 00 ${FRONT} 81 83 ${X}`, {
      version: 3,
      type: 'implicit',
      issuer: { sha256AndDigest: H8 },
      toBeSigned: { ...TBS, verifyKeyIndicator: { reconstructionValue: { 'compressed-y-1': X } } },
    });
  });

  it('SM2 and SM3 throughout: decoded, kept, encoded', () => {
    expectBoth(any(Certificate), `80 03 00 81 02 00 ${FRONT} 80 84 21 82 ${X} 84 40 ${X} ${S}`, {
      version: 3,
      type: 'explicit',
      issuer: { self: 'sm3' },
      toBeSigned: { ...TBS, verifyKeyIndicator: { verificationKey: { ecsigSm2: { 'compressed-y-0': X } } } },
      signature: { sm2Signature: { rSig: X, sSig: S } },
    });
  });

  it('what is hashed is the octets received', () => {
    const spaced = `00 ${FRONT} 81 83 ${X}`;
    const whole = hexOf(`00 03 01 80 ${H8} ${spaced}`);
    const result = decode(Certificate, fromHex(whole));
    expect(result.ok && toHex(result.value.encoded as Uint8Array)).toBe(whole);
    expect(result.ok && toHex(result.value.toBeSigned.encoded as Uint8Array)).toBe(hexOf(spaced));
  });
});

describe('messages', () => {
  const DATA = '03 80 02 cafe';
  const DATA_JSON = { protocolVersion: 3, content: { unsecuredData: 'cafe' } };
  const SIGNATURE = `80 82 ${X} ${S}`;
  const CERTIFICATE = `00 03 01 80 ${H8} 00 83 000000 0000 00000005 84 0006 81 83 ${X}`;

  const HEADER: readonly [name: string, bit: string, spaced: string, json: object][] = [
    ['generationTime', '40', '0002000000000001', { generationTime: '562949953421313' }],
    ['expiryTime', '20', 'ffffffffffffffff', { expiryTime: '18446744073709551615' }],
    [
      'generationLocation',
      '10',
      '35a4e901 6b49d201 0fff',
      { generationLocation: { latitude: 900_000_001, longitude: 1_800_000_001, elevation: 4095 } },
    ],
    ['p2pcdLearningRequest', '08', 'aabbcc', { p2pcdLearningRequest: 'aabbcc' }],
    ['missingCrlIdentifier', '04', '00 010203 0004', { missingCrlIdentifier: { cracaId: '010203', crlSeries: 4 } }],
    [
      'encryptionKey',
      '02',
      `80 00 80 82 ${X}`,
      {
        encryptionKey: {
          public: { supportedSymmAlg: 'aes128Ccm', publicKey: { eciesNistP256: { 'compressed-y-0': X } } },
        },
      },
    ],
  ];

  it('the psid alone', () => expectBoth(any(HeaderInfo), '00 01 20', { psid: 32 }));
  it.each(HEADER)('%s is bit %s', (_, bit, spaced, json) => {
    expectBoth(any(HeaderInfo), `${bit} 01 20 ${spaced}`, { psid: 32, ...json });
  });
  it('all of them, in their order', () => {
    const body = HEADER.map(([, , spaced]) => spaced).join(' ');
    expectBoth(any(HeaderInfo), `7e 01 20 ${body}`, Object.assign({ psid: 32 }, ...HEADER.map(([, , , json]) => json)));
  });
  it('a symmetric encryption key', () => {
    const json = { psid: 32, encryptionKey: { symmetric: { aes128Ccm: n('0a', 16) } } };
    expectBoth(any(HeaderInfo), `02 01 20 81 80 ${n('0a', 16)}`, json);
  });

  const additions = (bitmapBits: number, unknown: object[] = []) => ({ extensionAdditions: { bitmapBits, unknown } });
  it.each<[string, string, object]>([
    [
      'inlineP2pcdRequest',
      '02 04 80 08 0102 010203 040506',
      { inlineP2pcdRequest: ['010203', '040506'], ...additions(4) },
    ],
    [
      'inlineP2pcdRequest in the bitmap of 2016',
      '02 06 80 05 0101 010203',
      { inlineP2pcdRequest: ['010203'], ...additions(2) },
    ],
    ['pduFunctionalType', '02 04 20 01 02', { pduFunctionalType: 2, ...additions(4) }],
    [
      'contributedExtensions',
      '02 04 10 07 0101 02 0101 01 ab',
      { contributedExtensions: [{ contributorId: 2, extns: ['ab'] }], ...additions(4) },
    ],
    ['one of a later edition', '02 03 08 01 ee', additions(5, [{ index: 4, octets: 'ee' }])],
  ])('extension: %s', (_, spaced, json) => expectBoth(any(HeaderInfo), `80 01 20 ${spaced}`, { psid: 32, ...json }));

  it('extension: requestedCertificate, whole', () => {
    const octets = hexOf(CERTIFICATE);
    const length = (octets.length / 2).toString(16);
    const result = decode(HeaderInfo, fromHex(hexOf(`80 01 20 02 04 40 ${length} ${CERTIFICATE}`)));
    expect(result.ok && toHex(result.value.requestedCertificate?.encoded as Uint8Array)).toBe(octets);
  });

  it.each<[string, string, object]>([
    ['data', `40 ${DATA}`, { data: DATA_JSON }],
    ['extDataHash, SHA-256', `20 80 ${X}`, { extDataHash: { sha256HashedData: X } }],
    ['extDataHash, SHA-384', `20 81 30 ${X48}`, { extDataHash: { sha384HashedData: X48 } }],
    ['extDataHash, SM3', `20 82 20 ${X}`, { extDataHash: { sm3HashedData: X } }],
    ['both', `60 ${DATA} 80 ${X}`, { data: DATA_JSON, extDataHash: { sha256HashedData: X } }],
    ['omitted', '80 02 07 80 00', { omitted: null, ...additions(1) }],
  ])('payload: %s', (_, spaced, json) => {
    expectBoth(any(ToBeSignedData), `${spaced} 00 01 20`, { payload: json, headerInfo: { psid: 32 } });
  });

  it.each<[string, unknown]>([
    [`80 ${H8}`, { digest: H8 }],
    ['82', { self: null }],
    ['83 01 ff', { 'unknown(3)': 'ff' }],
  ])('signer %s', (spaced, json) => expectBoth(any(SignerIdentifier), spaced, json));

  it('as JSON: a whole message with its certificate', () => {
    expectBoth(
      any(Ieee1609Dot2Data),
      `03 81 00 40 ${DATA} 40 01 20 0002000000000001 81 0101 ${CERTIFICATE} ${SIGNATURE}`,
      {
        protocolVersion: 3,
        content: {
          signedData: {
            hashId: 'sha256',
            tbsData: { payload: { data: DATA_JSON }, headerInfo: { psid: 32, generationTime: '562949953421313' } },
            signer: {
              certificate: [
                {
                  version: 3,
                  type: 'implicit',
                  issuer: { sha256AndDigest: H8 },
                  toBeSigned: {
                    id: { none: null },
                    cracaId: '000000',
                    crlSeries: 0,
                    validityPeriod: { start: 5, duration: { hours: 6 } },
                    verifyKeyIndicator: { reconstructionValue: { 'compressed-y-1': X } },
                  },
                },
              ],
            },
            signature: { ecdsaNistP256Signature: { rSig: { 'compressed-y-0': X }, sSig: S } },
          },
        },
      },
    );
  });

  const CCM = `80 ${n('0c', 12)} 01 dd`;
  const CCM_JSON = { aes128ccm: { nonce: n('0c', 12), ccmCiphertext: 'dd' } };
  const ECIES = `80 82 ${X} ${n('0d', 16)} ${n('0e', 16)}`;
  const ECIES_JSON = { eciesNistP256: { v: { 'compressed-y-0': X }, c: n('0d', 16), t: n('0e', 16) } };
  const SM2 = `82 51 82 ${X} ${n('0d', 16)} ${n('0e', 32)}`;
  const SM2_JSON = { ecencSm2256: { v: { 'compressed-y-0': X }, c: n('0d', 16), t: n('0e', 32) } };
  it.each<[string, unknown]>([
    [`80 ${H8}`, { pskRecipInfo: H8 }],
    [`81 ${H8} ${CCM}`, { symmRecipInfo: { recipientId: H8, encKey: CCM_JSON } }],
    [`82 ${H8} ${ECIES}`, { certRecipInfo: { recipientId: H8, encKey: ECIES_JSON } }],
    [`83 ${H8} ${ECIES}`, { signedDataRecipInfo: { recipientId: H8, encKey: ECIES_JSON } }],
    [`84 ${H8} ${ECIES}`, { rekRecipInfo: { recipientId: H8, encKey: ECIES_JSON } }],
    [`82 ${H8} ${SM2}`, { certRecipInfo: { recipientId: H8, encKey: SM2_JSON } }],
  ])('encrypted for %s', (recipient, json) => {
    expectBoth(any(Ieee1609Dot2Data), `03 82 0101 ${recipient} ${CCM}`, {
      protocolVersion: 3,
      content: { encryptedData: { recipients: [json], ciphertext: CCM_JSON } },
    });
  });

  it.each<[string, unknown]>([
    ['03 80 08 0123456789abcdef', { unsecuredData: '0123456789abcdef' }],
    ['03 83 01 ab', { signedCertificateRequest: 'ab' }],
    ['03 84 02 01 ab', { signedX509CertificateRequest: 'ab' }],
    ['03 85 01 ab', { 'unknown(5)': 'ab' }],
  ])('content %s', (spaced, content) => expectBoth(any(Ieee1609Dot2Data), spaced, { protocolVersion: 3, content }));

  function nested(levels: number): string {
    if (levels === 1) return hexOf(DATA);
    return hexOf(`03 81 00 40 ${nested(levels - 1)} 00 01 20 80 ${H8} ${SIGNATURE}`);
  }

  it(`nests ${MAX_NESTING} levels of data and no more`, () => {
    expect(MAX_NESTING).toBe(4);
    expect(decode(Ieee1609Dot2Data, fromHex(nested(4))).ok).toBe(true);
    expect(decode(Ieee1609Dot2Data, fromHex(nested(5)))).toMatchObject({
      ok: false,
      error: { code: 'nestingTooDeep', offset: 16 },
    });
  });

  it(`takes ${MAX_ATTACHED_CERTIFICATES} attached certificates and no more, and not none`, () => {
    const attached = (count: number) =>
      decode(SignerIdentifier, fromHex(hexOf(`81 01 0${count} ${CERTIFICATE.repeat(count)}`)));
    expect(attached(8).ok).toBe(true);
    expect(attached(9)).toMatchObject({ ok: false, error: { code: 'tooManyElements', offset: 1 } });
    expect(attached(0)).toMatchObject({ ok: false, error: { code: 'sizeOutOfRange', offset: 1 } });
  });
});

describe('what a text is bounded by', () => {
  it('a name of 255 characters, however many octets they take', () => {
    const name = (text: string): unknown => decode(CertificateId, encode(CertificateId, { tag: 'name', value: text }));
    expect(name('é'.repeat(255))).toMatchObject({ ok: true });
    expect(() => name('e'.repeat(256))).toThrow('256 characters');
    const octets = hexOf(`81 820100 ${n('65', 256)}`);
    expect(decode(CertificateId, fromHex(octets))).toMatchObject({
      ok: false,
      error: { code: 'sizeOutOfRange', offset: 1 },
    });
  });
});

describe('sniffStructure', () => {
  it.each([
    ['800300', 'certificate'],
    ['000301', 'certificate'],
    ['000300', 'certificate'],
    ['800301', 'certificate'],
    ['038000', 'data'],
    ['038100', 'data'],
    ['038201', 'data'],
    ['038300', 'data'],
    ['038400', 'data'],
    ['018081', 'localChainFile'],
    ['018080', 'globalChainFile'],
    ['018082', undefined],
    ['038500', undefined],
    ['037f00', undefined],
    ['810300', undefined],
    ['800200', undefined],
    ['800302', undefined],
    ['0380', undefined],
    ['', undefined],
  ])('%s', (hex, kind) => {
    expect(sniffStructure(fromHex(hex))).toBe(kind);
    expect(sniffStructure(fromHex(`ffff${hex}`), 2)).toBe(kind);
  });
});

describe('local chain files', () => {
  const CERT = hexOf(`00 03 01 80 ${H8} 00 83 000000 0000 00000005 84 0006 81 83 ${X}`);
  it('preamble, versions, host, store, optional certificates', () => {
    const spaced = `01 80 81 00 0001 0002 02 7261 00 0100 0100 ${CERT} 0101 ${CERT} 0102 ${CERT} ${CERT}`;
    const result = decode(ChainFile, fromHex(hexOf(spaced)));
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    expect(toHex(encode(ChainFile, result.value))).toBe(hexOf(spaced));
    // The MA's certificate, the one required, and both of the optional list.
    expect(certificatesOfChainFile(result.value).map(toHex)).toEqual([CERT, CERT, CERT, CERT]);
    expect(toJson(result.value)).toMatchObject({
      version: 1,
      content: {
        certChain: { local: { version: { gccfVersion: 1, lccfVersion: 2, raHostname: 'ra' } } },
      },
    });
  });
});
