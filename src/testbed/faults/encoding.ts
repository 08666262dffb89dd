import { encode } from '../../coer/index.ts';
import { type Certificate, Ieee1609Dot2Data } from '../../dot2/index.ts';
import type { ItemKind } from '../../verdict/index.ts';
import type { Credential } from '../certificates.ts';
import { attached, signedMessage } from '../messages.ts';
import { PSID_BSM } from '../permissions.ts';
import type { Random } from '../random.ts';
import type { Scms } from '../scms.ts';
import { edit, type Fault, fault, HEADER, leaf, message, ones, PAYLOAD, PAYLOAD_FIELD, pcaUnder } from './support.ts';

/**
 * Deviations from the canonical octet encoding rules, made by hand in a good encoding. Decoding is verified first, so
 * nothing is signed again.
 *
 * Without a fault: `enumUnknown`, because no structure of IEEE 1609.2 that is decoded here has a closed enumeration.
 */

type Change = (octets: Uint8Array) => Uint8Array | readonly number[];
const become =
  (...octets: number[]): Change =>
  () =>
    octets;

/** A certificate of each kind that the paths below can be found in. */
function subject(scms: Scms, random: Random, of: 'leaf' | 'ca' | 'extended'): Credential {
  if (of === 'ca') return pcaUnder(scms, random, scms.ica, { fields: { certIssuePermissions: [rareGroup] } });
  if (of === 'leaf') return leaf(scms, random);
  return leaf(scms, random, { fields: { extensionAdditions: ADDITIONS } });
}

/** No field at its default, so that all are encoded. */
const rareGroup = {
  subjectPermissions: { tag: 'all', value: null },
  minChainLength: 2,
  chainLengthRange: -1,
  eeType: 0xc0,
} as const;
const ADDITIONS: NonNullable<Certificate['toBeSigned']['extensionAdditions']> = {
  bitmapBits: 6,
  unknown: [{ index: 5, octets: Uint8Array.of(1, 2, 3) }],
};
const BITMAP = '(extension bitmap)';
const GROUP = 'toBeSigned.certIssuePermissions.[0]';

/** name, description, which certificate, path, change. */
const IN_CERTIFICATES: readonly [string, string, 'leaf' | 'ca' | 'extended', string, Change][] = [
  [
    'lengthForm/indefinite',
    'length octet 80 before a name',
    'leaf',
    'toBeSigned.id.name',
    (o) => [0x80, ...o.subarray(1)],
  ],
  ['lengthNotMinimal/name', 'length of a name in long form', 'leaf', 'toBeSigned.id.name', (o) => [0x81, ...o]],
  [
    'integerNotMinimal/minChainLength',
    'minChainLength 2 in two octets',
    'ca',
    `${GROUP}.minChainLength`,
    become(2, 0, 2),
  ],
  [
    'integerNotMinimal/negative',
    'chainLengthRange −1 in two octets',
    'ca',
    `${GROUP}.chainLengthRange`,
    become(2, 0xff, 0xff),
  ],
  [
    'integerTooLarge/minChainLength',
    'minChainLength of seven octets',
    'ca',
    `${GROUP}.minChainLength`,
    become(7, 1, 0, 0, 0, 0, 0, 0),
  ],
  ['valueOutOfRange', 'eeType without any bit', 'ca', `${GROUP}.eeType`, become(0)],
  ['sizeOutOfRange/binaryId', 'an empty binaryId', 'leaf', 'toBeSigned.id', become(0x82, 0)],
  ['enumLongForm/type', 'certificate type in long form', 'leaf', 'type', become(0x81, 0)],
  ['tagClass/issuer', 'issuer tag of class universal', 'leaf', 'issuer.(tag)', become(0x00)],
  ['tagLongForm/issuer', 'issuer tag of two octets', 'leaf', 'issuer.(tag)', become(0xbf, 0x01)],
  [
    'choiceUnknown/duration',
    'a unit of time that Duration does not have',
    'leaf',
    'toBeSigned.validityPeriod.duration.(tag)',
    become(0x87),
  ],
  ['preamblePadding/PsidSsp', 'unused preamble bit', 'leaf', 'toBeSigned.appPermissions.[0].(preamble)', become(0x01)],
  ['preamblePadding/CertificateBase', 'unused preamble bit in the first octet', 'leaf', '(preamble)', become(0x81)],
  ['defaultEncoded/minChainLength', 'minChainLength 1 written out', 'ca', `${GROUP}.minChainLength`, become(1, 1)],
  [
    'defaultEncoded/chainLengthRange',
    'chainLengthRange 0 written out',
    'ca',
    `${GROUP}.chainLengthRange`,
    become(1, 0),
  ],
  ['defaultEncoded/eeType', 'eeType app written out', 'ca', `${GROUP}.eeType`, become(0x80)],
  ['extensionBitmap/empty', 'a bitmap of no octets', 'extended', `toBeSigned.${BITMAP}`, become(1, 0)],
  ['extensionBitmap/unused', 'nine unused bits', 'extended', `toBeSigned.${BITMAP}`, become(2, 9, 4)],
  [
    'extensionBitmap/wide',
    'a bitmap for 264 extensions',
    'extended',
    `toBeSigned.${BITMAP}`,
    (o) => [34, 0, ...o.subarray(2), ...new Uint8Array(32)],
  ],
  ['extensionBitmapPadding', 'an unused bit of the bitmap is set', 'extended', `toBeSigned.${BITMAP}`, become(2, 2, 5)],
  ['extensionsEmpty', 'extension bit without extensions', 'extended', `toBeSigned.${BITMAP}`, become(2, 2, 0)],
  ['quantityForm/none', 'a count of no octets', 'leaf', 'toBeSigned.appPermissions.(count)', become(0)],
  ['quantityForm/padded', 'a count with a leading zero', 'leaf', 'toBeSigned.appPermissions.(count)', become(2, 0, 4)],
  [
    'tooManyElements/bound',
    '257 permissions where 256 are allowed',
    'leaf',
    'toBeSigned.appPermissions.(count)',
    become(2, 1, 1),
  ],
  [
    'tooManyElements/octets',
    '255 permissions in fewer octets than that',
    'leaf',
    'toBeSigned.appPermissions.(count)',
    become(1, 0xff),
  ],
  ['utf8Invalid', 'a name that is not UTF-8', 'leaf', 'toBeSigned.id.name', become(2, 0xc3, 0x28)],
];

const EXTENDED_HEADER = { header: { pduFunctionalType: 1 } };
const DATA = `${PAYLOAD_FIELD}.data.content.unsecuredData`;
const ATTACHED = 'content.signedData.signer.certificate.[0]';

/** name, description, path, change: in a message with its explicit certificate attached. */
const IN_MESSAGES: readonly [string, string, string, Change][] = [
  ['truncated/payload', 'a payload longer than the message', DATA, (o) => [0x82, 0xff, 0xff, ...o.subarray(1)]],
  ['lengthForm/payload', 'length octet 80 before the payload', DATA, (o) => [0x80, ...o.subarray(1)]],
  ['lengthForm/five', 'a length of five octets', DATA, (o) => [0x85, 0, 0, 0, 0, ...o]],
  ['lengthNotMinimal/payload', 'length of the payload in long form', DATA, (o) => [0x81, ...o]],
  ['lengthNotMinimal/zeros', 'length of the payload with leading zeros', DATA, (o) => [0x82, 0, ...o]],
  [
    'lengthNotMinimal/deep',
    'length of a PSID in the attached certificate in long form',
    `${ATTACHED}.toBeSigned.appPermissions.[0].psid`,
    (o) => [0x81, ...o],
  ],
  ['integerNotMinimal/psid', 'a PSID with a leading zero', `${HEADER}.psid`, become(2, 0, 0x20)],
  ['integerNotMinimal/none', 'a PSID of no octets', `${HEADER}.psid`, become(0)],
  ['integerTooLarge/octets', 'a PSID of eight octets', `${HEADER}.psid`, become(8, 1, 0, 0, 0, 0, 0, 0, 0)],
  ['integerTooLarge/value', 'a PSID of 2^53', `${HEADER}.psid`, become(7, 0x20, 0, 0, 0, 0, 0, 0)],
  [
    'sizeOutOfRange/signer',
    'a signer list without certificates',
    'content.signedData.signer.certificate',
    become(1, 0),
  ],
  ['enumLongForm/hashId', 'hashId in long form', 'content.signedData.hashId', become(0x81, 0)],
  ['tagClass/content', 'content tag of class application', 'content.(tag)', become(0x41)],
  ['tagLongForm/signer', 'signer tag of two octets', 'content.signedData.signer.(tag)', become(0xbf, 0x01)],
  [
    'choiceUnknown/rSig',
    'a form of point that there is not',
    'content.signedData.signature.ecdsaNistP256Signature.rSig.(tag)',
    become(0x85),
  ],
  ['preamblePadding/payload', 'unused preamble bit', `${PAYLOAD_FIELD}.(preamble)`, become(0x41)],
  ['preamblePadding/headerInfo', 'unused preamble bit', `${HEADER}.(preamble)`, (o) => [(o[0] as number) | 1]],
  ['extensionBitmap/headerInfo', 'a bitmap of no octets', `${HEADER}.${BITMAP}`, become(0)],
  ['extensionBitmapPadding/headerInfo', 'an unused bit is set', `${HEADER}.${BITMAP}`, become(2, 4, 0x21)],
  ['extensionsEmpty/headerInfo', 'extension bit without extensions', `${HEADER}.${BITMAP}`, become(2, 4, 0)],
  [
    'openTypeTrailing/headerInfo',
    'pduFunctionalType with an octet too many',
    `${HEADER}.pduFunctionalType`,
    become(2, 1, 0),
  ],
  [
    'quantityForm/signer',
    'a count with a leading zero',
    'content.signedData.signer.certificate.(count)',
    become(2, 0, 1),
  ],
];

function everyKind(name: string, description: string, change: Change): Fault[] {
  const make = (kind: ItemKind): Fault =>
    fault(kind, `${name}/${kind}`, description, { depth: 0, signature: 'notChecked' }, (scms, random) => {
      const credential = leaf(scms, random);
      return Uint8Array.from(change(kind === 'certificate' ? credential.bytes : message(scms, credential)));
    });
  return [make('certificate'), make('message')];
}

const WHERE = { depth: 0, signature: 'notChecked' } as const;

export const ENCODING_FAULTS: readonly Fault[] = [
  ...everyKind('truncated', 'the last octet is missing', (octets) => octets.subarray(0, -1)),
  ...everyKind('trailingBytes', 'one octet too many', (octets) => [...octets, 1]),
  ...IN_CERTIFICATES.map(([name, description, of, path, change]) =>
    fault('certificate', name, description, WHERE, (scms, random) =>
      edit('certificate', subject(scms, random, of).bytes, path, change),
    ),
  ),
  ...IN_MESSAGES.map(([name, description, path, change]) =>
    fault('message', name, description, WHERE, (scms, random) =>
      edit('message', message(scms, leaf(scms, random), EXTENDED_HEADER), path, change),
    ),
  ),
  fault('certificate', 'sizeOutOfRange/polygon', 'a polygon of two points', WHERE, (scms, random) => {
    const corner = { latitude: 0, longitude: 0 };
    const region = { tag: 'polygonalRegion', value: [corner, { latitude: 0, longitude: 9 }, corner] } as const;
    const triangle = leaf(scms, random, {
      issuer: scms.worldwidePca,
      fields: { region: { ...region, value: [...region.value] } },
    });
    const twoPoints = [0x82, 1, 2, ...new Uint8Array(16)];
    return edit('certificate', triangle.bytes, 'toBeSigned.region', () => twoPoints);
  }),
  fault('certificate', 'sizeOutOfRange/bitmapSsp', 'a bitmap SSP of 32 octets', WHERE, (scms, random) => {
    const ssp = { tag: 'bitmapSsp', value: ones(31) } as const;
    const { bytes } = leaf(scms, random, { fields: { appPermissions: [{ psid: PSID_BSM, ssp }] } });
    return edit('certificate', bytes, 'toBeSigned.appPermissions.[0].ssp', () => [0x81, 33, 32, ...ones(32)]);
  }),
  fault('certificate', 'openTypeTrailing/bitmapSsp', 'an octet too many behind a bitmap SSP', WHERE, (scms, random) => {
    const ssp = { tag: 'bitmapSsp', value: ones(2) } as const;
    const { bytes } = leaf(scms, random, { fields: { appPermissions: [{ psid: PSID_BSM, ssp }] } });
    return edit('certificate', bytes, 'toBeSigned.appPermissions.[0].ssp', () => [0x81, 4, 2, 0xff, 0xff, 0]);
  }),
  fault(
    'message',
    'tooManyElements/signer',
    'nine attached certificates where eight are allowed',
    WHERE,
    (scms, random) => {
      const one = leaf(scms, random);
      const eight = message(scms, one, { signer: attached(Array<Credential>(8).fill(one)) });
      return edit('message', eight, 'content.signedData.signer.certificate', (octets) => [
        1,
        9,
        ...octets.subarray(2),
        ...one.bytes,
      ]);
    },
  ),
  fault(
    'message',
    'nestingTooDeep',
    'signed data inside signed data, five levels of data deep',
    WHERE,
    (scms, random) => {
      const signer = leaf(scms, random);
      const request = { psid: PSID_BSM, generationTime: scms.at, signer: 'certificate' } as const;
      let data: Ieee1609Dot2Data = signedMessage(signer, { ...request, payload: PAYLOAD });
      for (let level = 2; level < 5; level++) data = signedMessage(signer, { ...request, payload: data });
      return encode(Ieee1609Dot2Data, data);
    },
  ),
];
