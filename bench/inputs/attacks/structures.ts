/** Items as costly to read and to compare as their size allows, whoever they name. */
import {
  EE_APP,
  type GeographicRegionValue,
  type HeaderInfo,
  type Ieee1609Dot2Data,
  type PsidGroupPermissions,
  type SignedData,
} from '../../../src/dot2/index.ts';
import {
  app,
  attached,
  type CertificateFields,
  curvePoint,
  EE_BOTH,
  groupFor,
  groupForAll,
  hashedId8,
  PSID_BSM,
  signedMessage,
} from '../../../src/testbed/index.ts';
import type { Item } from '../../../src/verifier/index.ts';
import { type Attack, attack, type Scene } from './attack.ts';
import type { Forged, Forger } from './forger.ts';

/** Nearly all elements that the lists of an item may have together, half of them, and more than that. */
const ALL = 112;
const HALF = ALL / 2;
const TOO_MANY = 1024;
/** Ieee1609Dot2Data open at the same time. */
const DEEPEST = 4;
const MOST_ATTACHED = 8;
const MOST_OF_A_GROUP = 256;

export function structureAttacks(scene: Scene): Attack[] {
  return [...nestings(scene), ...permissions(scene), ...regions(scene), ...encodings(scene)];
}

function nestings({ traffic, forger }: Scene): Attack[] {
  const known = traffic.recurring[0] as (typeof traffic.recurring)[number];
  const outer = (payload: Ieee1609Dot2Data): Item => forger.message(hashedId8(known), { payload });
  const code = 'badSignature';
  return [
    attack('deepest nesting, each level with a list of eight', code, () => outer(nested(forger, DEEPEST - 2))),
    attack('deepest nesting, the innermost not canonical', code, () =>
      outer(nested(forger, DEEPEST - 2, { encryptionKey: uncompressedKey(forger) })),
    ),
    attack('header with every list at its bound', code, () =>
      forger.message(hashedId8(known), { header: fullHeader(forger) }),
    ),
    attack(`payload encrypted for ${ALL} recipients`, code, () => outer(encryptedFor(forger, ALL))),
  ];
}

function permissions({ forger }: Scene): Attack[] {
  const manyApps = Array.from({ length: ALL }, (_, i) => app(PSID_BSM + i));
  const oneApp = manyApps.map(() => app(PSID_BSM));
  const groups = groupsOf(HALF, (i) => ({ psid: PSID_BSM + i }));
  const samePsid = groupsOf(HALF, () => ({
    psid: PSID_BSM,
    sspRange: {
      tag: 'bitmapSspRange',
      value: { sspValue: new Uint8Array(2), sspBitmask: new Uint8Array(2).fill(255) },
    },
  }));
  const opaque = groupsOf(1, () => ({
    psid: PSID_BSM,
    sspRange: { tag: 'opaque', value: Array.from({ length: HALF }, (_, i) => Uint8Array.of(i, i)) },
  }));
  const chainWith = (leaf: Partial<CertificateFields>, ca: Partial<CertificateFields>): Item => {
    const authority = forger.authority(forger.scms.root, { fields: { ...caFields(forger), ...ca } });
    return forger.message([forger.pseudonym('explicit', { issuer: authority, fields: leaf }), authority]);
  };
  const leafWith = (leaf: Partial<CertificateFields>): Item =>
    forger.message([forger.pseudonym('explicit', { fields: leaf })]);
  const selfSigned = (leaf: Partial<CertificateFields>, ca: Partial<CertificateFields>): Item => {
    const authority = forger.authority('self', { fields: { ...caFields(forger), ...ca } });
    return forger.message([forger.pseudonym('explicit', { issuer: authority, fields: leaf }), authority]);
  };
  const few = groupsOf(HALF / 2, (i) => ({ psid: PSID_BSM + i }));
  const inherited = { certIssuePermissions: few, certRequestPermissions: few };
  return [
    attack(`${ALL} application permissions`, 'badChainSignature', () => leafWith({ appPermissions: manyApps })),
    attack(`${ALL} application permissions, one PSID`, 'duplicatePSID', () => leafWith({ appPermissions: oneApp })),
    attack(`${ALL} application permissions, another PSID in the header`, 'unauthorizedPSID', () =>
      forger.message([forger.pseudonym('explicit', { fields: { appPermissions: manyApps } })], {
        psid: 0x7fffff,
      }),
    ),
    attack(`${ALL} permissions to request, under a CA`, 'inconsistentChainPermissions', () =>
      leafWith({ certRequestPermissions: groupsOf(ALL, (i) => ({ psid: PSID_BSM + i })) }),
    ),
    attack('1,024 permissions to request', 'tooManyElements', () =>
      leafWith({ certRequestPermissions: groupsOf(TOO_MANY, (i) => ({ psid: PSID_BSM + i })) }),
    ),
    attack(`${HALF} permissions under ${HALF}, self-made`, 'chainEndedAtUntrustedRoot', () =>
      selfSigned(inherited, { certIssuePermissions: groups }),
    ),
    attack(`${HALF} permissions under ${HALF}, in the name of the root`, 'badChainSignature', () =>
      chainWith(inherited, { certIssuePermissions: groups }),
    ),
    attack(`${HALF} permissions for one PSID under ${HALF}, in the name of the root`, 'badChainSignature', () =>
      chainWith({ certRequestPermissions: samePsid }, { certIssuePermissions: samePsid }),
    ),
    attack(`${HALF} SSPs under ${HALF}, in the name of the root`, 'badChainSignature', () =>
      chainWith({ certIssuePermissions: opaque }, { certIssuePermissions: opaque }),
    ),
  ];
}

function regions({ forger }: Scene): Attack[] {
  const { scms } = forger;
  const underWorld = (region: GeographicRegionValue): Item =>
    forger.message([forger.pseudonym('explicit', { issuer: scms.worldwidePca, fields: { region } })]);
  const underOwn = (region: GeographicRegionValue, above: GeographicRegionValue): Item => {
    const fields = { ...caFields(forger), region: above };
    const authority = forger.authority(scms.root, { fields });
    return forger.message([forger.pseudonym('explicit', { issuer: authority, fields: { region } }), authority]);
  };
  const code = 'badChainSignature';
  return [
    attack(`polygon of ${ALL} corners`, code, () => underWorld(comb(forger, ALL))),
    attack(`polygon of ${ALL} corners, the last edge crosses`, 'invalidRegion', () =>
      underWorld(comb(forger, ALL, true)),
    ),
    attack(`polygon of ${HALF} corners in a polygon of ${HALF}, in the name of the root`, code, () => {
      const region = comb(forger, HALF);
      return underOwn(region, region);
    }),
    attack(`${ALL} rectangles`, code, () => underWorld(rectangles(forger, ALL))),
    attack(`${HALF} rectangles in ${HALF}, in the name of the root`, code, () => {
      const region = rectangles(forger, HALF);
      return underOwn(region, region);
    }),
    attack(`polygon of ${ALL} corners in a circle, in the name of the root`, code, () =>
      underOwn(comb(forger, ALL), circle(forger)),
    ),
    attack(`${HALF} countries with a region each`, code, () => underWorld(countries(forger))),
    attack(`${HALF} countries with a region each, under a CA for two`, 'inconsistentValidityRegion', () =>
      forger.message([forger.pseudonym('explicit', { fields: { region: countries(forger) } })]),
    ),
  ];
}

function encodings({ traffic, forger }: Scene): Attack[] {
  const known = traffic.recurring[0] as (typeof traffic.recurring)[number];
  const cut = (item: Item): Item => ({ ...item, bytes: item.bytes.subarray(0, item.bytes.length - 1) });
  const list = Array.from({ length: MOST_ATTACHED }, () =>
    forger.pseudonym('explicit', { fields: { encryptionKey: uncompressedHolder(forger) } }),
  );
  return [
    attack('list of eight, its last octet cut off', 'truncated', () =>
      cut(forger.message(forger.chain(MOST_ATTACHED, 'self'))),
    ),
    attack(`${ALL} permissions, the last octet cut off`, 'truncated', () =>
      cut(
        forger.message([
          forger.pseudonym('explicit', {
            fields: { certRequestPermissions: groupsOf(ALL, (i) => ({ psid: PSID_BSM + i })) },
          }),
        ]),
      ),
    ),
    attack('list of eight with encryption keys written out, no chain', 'inconsistentInputParameters', () =>
      forger.message(list.map(({ bytes, curve }): Forged => ({ bytes, curve }))),
    ),
    attack('random octets', 'tagClass', () => {
      const bytes = forger.random.bytes(250);
      bytes.set([3, 0x41]);
      return { kind: 'message', bytes };
    }),
    attack('another kind of structure', 'unexpectedStructure', () => ({
      kind: 'message',
      bytes: forger.pseudonym('explicit').bytes,
    })),
    attack('records that a reader could not take', 'unreadableRecord', (i) => ({
      kind: 'message',
      bytes: new Uint8Array(0),
      unreadable: `record ${i} is none of hex, base64`,
    })),
    attack('names of 255 characters', 'badChainSignature', () =>
      forger.message([
        forger.pseudonym('explicit', {
          fields: { id: { tag: 'name', value: '\u{1f697}'.repeat(200) } },
        }),
      ]),
    ),
    attack('extensions of 255 kinds', 'badSignature', () =>
      forger.message(hashedId8(known), {
        header: {
          extensionAdditions: {
            bitmapBits: 255,
            unknown: Array.from({ length: 251 }, (_, i) => ({ index: i + 4, octets: Uint8Array.of(i) })),
          },
        },
      }),
    ),
  ];
}

function caFields({ scms }: Forger): Partial<CertificateFields> {
  return { certIssuePermissions: [groupForAll({ min: 1, range: -1 }, EE_BOTH)], cracaId: scms.cracaId };
}

type Entry = Parameters<typeof groupFor>[0][number];

/** So many entries, in groups as large as may be. */
function groupsOf(count: number, entry: (index: number) => Entry): PsidGroupPermissions[] {
  const groups: PsidGroupPermissions[] = [];
  for (let first = 0; first < count; first += MOST_OF_A_GROUP) {
    const entries = Array.from({ length: Math.min(MOST_OF_A_GROUP, count - first) }, (_, i) => entry(first + i));
    groups.push(groupFor(entries, { min: 1, range: -1 }, EE_APP));
  }
  return groups;
}

function nested(forger: Forger, levels: number, header: Partial<HeaderInfo> = {}): Ieee1609Dot2Data {
  const chain = forger.chain(MOST_ATTACHED, 'self');
  return signedMessage(forger.scms.pca, {
    psid: PSID_BSM,
    payload: levels > 1 ? nested(forger, levels - 1, header) : forger.random.bytes(8),
    signer: attached(chain as unknown as Parameters<typeof attached>[0]) as SignedData['signer'],
    signature: forger.signature(),
    header: levels > 1 ? {} : header,
  });
}

function uncompressedHolder(forger: Forger): NonNullable<CertificateFields['encryptionKey']> {
  const value = curvePoint(forger.point(), 'uncompressed');
  return { supportedSymmAlg: 'aes128Ccm', publicKey: { tag: 'eciesNistP256', value } } as NonNullable<
    CertificateFields['encryptionKey']
  >;
}

function uncompressedKey(forger: Forger): HeaderInfo['encryptionKey'] {
  return { tag: 'public', value: uncompressedHolder(forger) };
}

function fullHeader({ random }: Forger): Partial<HeaderInfo> {
  const block = { contributorId: 1, extns: Array.from({ length: 6 }, (_, i) => Uint8Array.of(i)) };
  return {
    inlineP2pcdRequest: Array.from({ length: 56 }, () => random.bytes(3)),
    contributedExtensions: Array.from({ length: 8 }, () => block),
  };
}

function encryptedFor({ random }: Forger, count: number): Ieee1609Dot2Data {
  const recipients = Array.from({ length: count }, () => ({ tag: 'pskRecipInfo' as const, value: random.bytes(8) }));
  const ciphertext = {
    tag: 'aes128ccm' as const,
    value: { nonce: random.bytes(12), ccmCiphertext: random.bytes(16) },
  };
  return { protocolVersion: 3, content: { tag: 'encryptedData', value: { recipients, ciphertext } } };
}

/** A polygon whose teeth lie beside one another: every edge spans the same latitudes. */
function comb({ random }: Forger, corners: number, crosses = false): GeographicRegionValue {
  const at = random.below(1_000_000);
  const value = Array.from({ length: corners - 2 }, (_, i) => ({
    latitude: i % 2 === 0 ? at : 1_000_000 + at,
    longitude: 1000 * i,
  }));
  const last = 1000 * corners;
  value.push({ latitude: 2_000_000 + at, longitude: last });
  value.push({ latitude: crosses ? at - 2_000_000 : 2_000_000 + at, longitude: crosses ? 500 : -1000 });
  return { tag: 'polygonalRegion', value };
}

function rectangles({ random }: Forger, count: number): GeographicRegionValue {
  const value = Array.from({ length: count }, (_, i) => {
    const [latitude, longitude] = [random.below(800_000_000), 1000 * i];
    return {
      northWest: { latitude: latitude + 2000, longitude },
      southEast: { latitude, longitude: longitude + 2500 },
    };
  });
  return { tag: 'rectangularRegion', value };
}

function circle({ random }: Forger): GeographicRegionValue {
  const center = { latitude: 1_000_000 + random.below(1000), longitude: 128_000 };
  return { tag: 'circularRegion', value: { center, radius: 65_535 } };
}

function countries({ random }: Forger): GeographicRegionValue {
  const value = Array.from({ length: HALF }, (_, i) => ({
    tag: 'countryAndRegions' as const,
    value: { countryOnly: random.below(60_000), regions: [i] },
  }));
  return { tag: 'identifiedRegion', value };
}
