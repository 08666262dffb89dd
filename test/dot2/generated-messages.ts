/** Messages of every shape that the declarations allow: every alternative, every optional field, extensions, nesting. */
import fc from 'fast-check';
import type { Certificate, HeaderInfo, Ieee1609Dot2Data, SignedData } from '../../src/dot2/index.ts';

/** Arbitraries are built by shape and handed to the encoder, which refuses what is no value of the schema. */
// biome-ignore lint/suspicious/noExplicitAny: the encoder checks the shapes
type Any = fc.Arbitrary<any>;

const octets = (minLength: number, maxLength = minLength): Any => fc.uint8Array({ minLength, maxLength });
const small = fc.nat(255);
const word = fc.nat(0xffff);
const nothing = fc.constant(null);
const tagged = (tag: string, value: Any): Any => value.map((inner) => ({ tag, value: inner }));
const among = (alternatives: Record<string, Any>, known?: number): Any =>
  fc.oneof(
    ...Object.entries(alternatives).map(([tag, value]) => tagged(tag, value)),
    ...(known === undefined ? [] : [unknown(known)]),
  );
/** An alternative of a later edition. */
const unknown = (known: number): Any =>
  fc.record({ tag: fc.constant('unknown'), index: fc.integer({ min: known, max: known + 9 }), value: octets(0, 200) });
const some = (element: Any, minLength = 0): Any => fc.array(element, { minLength, maxLength: 3 });
const fields = (all: Record<string, Any>, required: readonly string[]): Any =>
  fc.record(all, { requiredKeys: [...required], noNullPrototype: true });

const point = (size: number): Any =>
  among({
    'x-only': octets(size),
    fill: nothing,
    'compressed-y-0': octets(size),
    'compressed-y-1': octets(size),
    uncompressed: fc.record({ x: octets(size), y: octets(size) }),
  });
const ecdsa = (size: number): Any => fc.record({ rSig: point(size), sSig: octets(size) });
const signature = among(
  {
    ecdsaNistP256Signature: ecdsa(32),
    ecdsaBrainpoolP256r1Signature: ecdsa(32),
    ecdsaBrainpoolP384r1Signature: ecdsa(48),
    ecdsaNistP384Signature: ecdsa(48),
    sm2Signature: fc.record({ rSig: octets(32), sSig: octets(32) }),
  },
  5,
);
const encryptionKey = fc.record({
  supportedSymmAlg: fc.constantFrom('aes128Ccm', 'sm4Ccm'),
  publicKey: among({ eciesNistP256: point(32), eciesBrainpoolP256r1: point(32), ecencSm2: point(32) }, 3),
});
const extensionAdditions = fc.record({
  bitmapBits: fc.integer({ min: 9, max: 30 }),
  unknown: fc.uniqueArray(fc.record({ index: fc.integer({ min: 4, max: 8 }), octets: octets(0, 200) }), {
    selector: ({ index }) => index,
    minLength: 1,
    maxLength: 3,
  }),
});

const psid = fc.oneof(small, fc.maxSafeNat());
const ssp = among({ opaque: octets(0, 200), bitmapSsp: octets(0, 31) }, 2);
const sspRange = among(
  {
    opaque: some(octets(0, 40)),
    all: nothing,
    bitmapSspRange: fc.record({ sspValue: octets(1, 32), sspBitmask: octets(1, 32) }),
  },
  3,
);
const chainLength = fc.integer({ min: -1, max: 300 });
const groupPermissions = fc.record({
  subjectPermissions: among({ explicit: some(fields({ psid, sspRange }, ['psid'])), all: nothing }, 2),
  minChainLength: chainLength,
  chainLengthRange: chainLength,
  eeType: fc.constantFrom(0x80, 0x40, 0xc0),
});
const place = fc.record({
  latitude: fc.integer({ min: -9e8, max: 9e8 }),
  longitude: fc.integer({ min: -9e8, max: 9e8 }),
});
const identified = among(
  {
    countryOnly: word,
    countryAndRegions: fc.record({ countryOnly: word, regions: some(small) }),
    countryAndSubregions: fc.record({
      countryOnly: word,
      regionAndSubregions: some(fc.record({ region: small, subregions: some(word) })),
    }),
  },
  3,
);
const region = among(
  {
    circularRegion: fc.record({ center: place, radius: word }),
    rectangularRegion: some(fc.record({ northWest: place, southEast: place })),
    polygonalRegion: some(place, 3),
    identifiedRegion: some(identified),
  },
  4,
);
const certificateId = among(
  {
    linkageData: fields(
      { iCert: word, linkageValue: octets(9), groupLinkageValue: fc.record({ jValue: octets(4), value: octets(9) }) },
      ['iCert', 'linkageValue'],
    ),
    name: fc.string({ maxLength: 200 }),
    binaryId: octets(1, 64),
    none: nothing,
  },
  4,
);
const toBeSigned = fields(
  {
    id: certificateId,
    cracaId: octets(3),
    crlSeries: word,
    validityPeriod: fc.record({ start: fc.nat(), duration: among({ hours: word, years: word, microseconds: word }) }),
    region,
    assuranceLevel: octets(1),
    appPermissions: some(fields({ psid, ssp }, ['psid'])),
    certIssuePermissions: some(groupPermissions),
    certRequestPermissions: some(groupPermissions),
    canRequestRollover: nothing,
    encryptionKey,
    verifyKeyIndicator: among(
      {
        verificationKey: among(
          {
            ecdsaNistP256: point(32),
            ecdsaBrainpoolP256r1: point(32),
            ecdsaBrainpoolP384r1: point(48),
            ecdsaNistP384: point(48),
            ecsigSm2: point(32),
          },
          5,
        ),
        reconstructionValue: point(32),
      },
      2,
    ),
    flags: octets(1),
    extensionAdditions,
  },
  ['id', 'cracaId', 'crlSeries', 'validityPeriod', 'verifyKeyIndicator'],
);
export const certificates: fc.Arbitrary<Certificate> = fields(
  {
    version: small,
    type: fc.constantFrom('explicit', 'implicit'),
    issuer: among(
      {
        sha256AndDigest: octets(8),
        self: fc.constantFrom('sha256', 'sha384', 'sm3'),
        sha384AndDigest: octets(8),
        sm3AndDigest: octets(8),
      },
      4,
    ),
    toBeSigned,
    signature,
  },
  ['version', 'type', 'issuer', 'toBeSigned'],
);

const ciphertext = among(
  {
    aes128ccm: fc.record({ nonce: octets(12), ccmCiphertext: octets(0, 200) }),
    sm4Ccm: fc.record({ nonce: octets(12), ccmCiphertext: octets(0, 40) }),
  },
  2,
);
const ecies = fc.record({ v: point(32), c: octets(16), t: octets(16) });
const recipient = fc.record({
  recipientId: octets(8),
  encKey: among(
    {
      eciesNistP256: ecies,
      eciesBrainpoolP256r1: ecies,
      ecencSm2256: fc.record({ v: point(32), c: octets(16), t: octets(32) }),
    },
    3,
  ),
});
const encryptedData = fc.record({
  recipients: some(
    among({
      pskRecipInfo: octets(8),
      symmRecipInfo: fc.record({ recipientId: octets(8), encKey: ciphertext }),
      certRecipInfo: recipient,
      signedDataRecipInfo: recipient,
      rekRecipInfo: recipient,
    }),
    1,
  ),
  ciphertext,
});

const headerInfo: fc.Arbitrary<HeaderInfo> = fields(
  {
    psid,
    generationTime: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    expiryTime: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    generationLocation: fc.record({ latitude: fc.nat(), longitude: fc.nat(), elevation: word }),
    p2pcdLearningRequest: octets(3),
    missingCrlIdentifier: fields({ cracaId: octets(3), crlSeries: word, extensionAdditions }, ['cracaId', 'crlSeries']),
    encryptionKey: among({
      public: encryptionKey,
      symmetric: among({ aes128Ccm: octets(16), sm4Ccm: octets(16) }, 2),
    }),
    inlineP2pcdRequest: some(octets(3)),
    requestedCertificate: certificates,
    pduFunctionalType: small,
    extensionAdditions,
  },
  ['psid'],
);
const signerIdentifier = among({ digest: octets(8), certificate: some(certificates, 1), self: nothing }, 3);

function signedData(levels: number): fc.Arbitrary<SignedData> {
  return fc.record({
    hashId: fc.constantFrom('sha256', 'sha384', 'sm3'),
    tbsData: fc.record({
      payload: fields(
        {
          ...(levels > 1 && { data: dataOf(levels - 1) }),
          extDataHash: among(
            { sha256HashedData: octets(32), sha384HashedData: octets(48), sm3HashedData: octets(32) },
            3,
          ),
          omitted: nothing,
          extensionAdditions,
        },
        [],
      ),
      headerInfo,
    }),
    signer: signerIdentifier,
    signature,
  }) as fc.Arbitrary<SignedData>;
}

function dataOf(levels: number): fc.Arbitrary<Ieee1609Dot2Data> {
  const content = among(
    {
      unsecuredData: octets(0, 300),
      signedData: signedData(levels),
      encryptedData,
      signedCertificateRequest: octets(0, 40),
      signedX509CertificateRequest: octets(0, 40),
    },
    5,
  );
  return fc.record({ protocolVersion: fc.constant(3), content });
}

/** Signed messages, with data nested as deep as the decoder allows. */
export const messages: fc.Arbitrary<Ieee1609Dot2Data> = fc
  .integer({ min: 1, max: 4 })
  .chain((levels) => fc.tuple(fc.constantFrom(3, 3, 3, 2, 4), signedData(levels)))
  .map(([protocolVersion, value]) => ({ protocolVersion, content: { tag: 'signedData', value } }));
