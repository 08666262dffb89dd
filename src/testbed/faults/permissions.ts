import { EE_APP, EE_ENROL, type PsidGroupPermissions, type PsidSsp, type SspRange } from '../../dot2/index.ts';
import type { Credential } from '../certificates.ts';
import { enrolmentCertificate } from '../devices.ts';
import {
  app,
  EE_BOTH,
  groupFor,
  groupForAll,
  ICA_ISSUE_PERMISSIONS,
  PSID_BSM,
  PSID_CRL,
  PSID_SCMS,
  PSID_TRAVELLER_INFORMATION,
} from '../permissions.ts';
import type { Random } from '../random.ts';
import type { Scms } from '../scms.ts';
import {
  type Case,
  type Fault,
  fault,
  icaUnderRoot,
  leaf,
  message,
  messageWithChain,
  pcaUnder,
  type Specimen,
  special,
  trustWith,
} from './support.ts';

/** Permissions that the CAs above cannot give, or can (IEEE 1609.2 §5.1.2.4, §6.4.28 – §6.4.31). */

const opaqueRange = (...ssps: number[][]): SspRange => ({
  tag: 'opaque',
  value: ssps.map((ssp) => Uint8Array.from(ssp)),
});
const bitmapRange = (sspValue: number[], sspBitmask: number[]): SspRange => ({
  tag: 'bitmapSspRange',
  value: { sspValue: Uint8Array.from(sspValue), sspBitmask: Uint8Array.from(sspBitmask) },
});
const anySsp: SspRange = { tag: 'all', value: null };
const bitmap = (...value: number[]): PsidSsp => ({
  psid: PSID_BSM,
  ssp: { tag: 'bitmapSsp', value: Uint8Array.from(value) },
});
const bsm = (sspRange: SspRange | undefined): PsidGroupPermissions[] => [
  groupFor([{ psid: PSID_BSM, sspRange }], { min: 1, range: 0 }),
];
const all = (min: number, range: number, eeType = EE_APP): PsidGroupPermissions => groupForAll({ min, range }, eeType);

/** name, what a PCA may issue, what the leaf under it claims. */
const NOT_COVERED: readonly [string, PsidGroupPermissions[], PsidSsp[]][] = [
  ['psid', bsm(undefined), [app(PSID_TRAVELLER_INFORMATION)]],
  ['second psid', bsm(undefined), [app(PSID_BSM), app(PSID_TRAVELLER_INFORMATION)]],
  ['opaque ssp', bsm(opaqueRange([1], [2])), [app(PSID_BSM, [3])]],
  ['opaque ssp absent', bsm(opaqueRange([1], [2])), [app(PSID_BSM)]],
  ['opaque ssp, empty list', bsm(opaqueRange()), [app(PSID_BSM, [1])]],
  ['bitmap under opaque', bsm(opaqueRange([1])), [bitmap(1)]],
  ['opaque under bitmap', bsm(bitmapRange([1], [0xff])), [app(PSID_BSM, [1])]],
  ['bitmap bit', bsm(bitmapRange([0x01, 0xf0], [0xff, 0xf0])), [bitmap(0x01, 0xe0)]],
  ['bitmap length', bsm(bitmapRange([0x01, 0xf0], [0xff, 0x00])), [bitmap(0x01)]],
  ['bitmap absent', bsm(bitmapRange([0x00], [0xff])), [app(PSID_BSM)]],
  ['all is shadowed', [all(1, 0), ...bsm(opaqueRange([1]))], [app(PSID_BSM, [2])]],
  ['too short', [all(2, 0)], [app(PSID_BSM)]],
  ['shadowed and too short', [all(1, 0), groupFor([{ psid: PSID_BSM }], { min: 2, range: 0 })], [app(PSID_BSM)]],
  ['eeType', [groupFor([{ psid: PSID_BSM }], { min: 1, range: 0 }, EE_ENROL)], [app(PSID_BSM)]],
];

const COVERED: readonly [string, PsidGroupPermissions[], PsidSsp[]][] = [
  ['range omitted', bsm(undefined), [app(PSID_BSM, [1, 2, 3])]],
  ['range all', bsm(anySsp), [bitmap(9)]],
  ['opaque ssp', bsm(opaqueRange([1], [2, 3])), [app(PSID_BSM, [2, 3])]],
  ['opaque ssp absent', bsm(opaqueRange([], [1])), [app(PSID_BSM)]],
  ['bitmap', bsm(bitmapRange([0x01, 0xf0], [0xff, 0xf0])), [bitmap(0x01, 0xf5)]],
  ['bitmap, free', bsm(bitmapRange([0x01], [0x00])), [bitmap(0xfe)]],
  ['all beside explicit', [all(1, 0), ...bsm(opaqueRange([1]))], [app(PSID_BSM, [1]), app(PSID_TRAVELLER_INFORMATION)]],
  ['longest chain', [all(1, 0)], [app(PSID_BSM)]],
  ['any chain', [all(1, -1)], [app(PSID_BSM)]],
  ['two groups for one psid', [...bsm(opaqueRange([1])), ...bsm(opaqueRange([2]))], [app(PSID_BSM, [2])]],
];

/** name, what the ICA may issue, what the PCA below claims to be able to issue. */
const WIDER_CA: readonly [string, PsidGroupPermissions[], PsidGroupPermissions[]][] = [
  ['all under explicit', [groupFor([{ psid: PSID_BSM }], { min: 1, range: 1 })], [all(1, 0)]],
  [
    'other psid',
    [groupFor([{ psid: PSID_BSM }], { min: 1, range: 1 })],
    [groupFor([{ psid: 0x83 }], { min: 1, range: 0 })],
  ],
  [
    'wider opaque range',
    [groupFor([{ psid: PSID_BSM, sspRange: opaqueRange([1]) }], { min: 1, range: 1 })],
    bsm(opaqueRange([1], [2])),
  ],
  [
    'all over opaque range',
    [groupFor([{ psid: PSID_BSM, sspRange: opaqueRange([1]) }], { min: 1, range: 1 })],
    bsm(anySsp),
  ],
  [
    'wider bitmap range',
    [groupFor([{ psid: PSID_BSM, sspRange: bitmapRange([1], [0xff]) }], { min: 1, range: 1 })],
    bsm(bitmapRange([1], [0x0f])),
  ],
  [
    'other bitmap value',
    [groupFor([{ psid: PSID_BSM, sspRange: bitmapRange([1], [0x0f]) }], { min: 1, range: 1 })],
    bsm(bitmapRange([2], [0x0f])),
  ],
  ['eeType', [all(1, 1)], [all(1, 0, EE_BOTH)]],
];

function issuedUnder(
  scms: Scms,
  random: Random,
  groups: PsidGroupPermissions[],
  appPermissions: PsidSsp[],
): { ca: Credential; last: Credential } {
  const ca = pcaUnder(scms, random, scms.worldwideIca, { fields: { certIssuePermissions: groups } });
  return { ca, last: leaf(scms, random, { issuer: ca, fields: { appPermissions } }) };
}

const itself = { depth: 0, signature: 'ok' } as const;
const signer = { depth: 1, signature: 'ok' } as const;

const LEAVES: readonly Fault[] = NOT_COVERED.flatMap(([name, groups, claimed]) => [
  fault('message', `inconsistentChainPermissions/${name}`, 'the PCA cannot give this', signer, (scms, random) => {
    const { ca, last } = issuedUnder(scms, random, groups, claimed);
    return messageWithChain(scms, [last, ca], { psid: (claimed[0] as PsidSsp).psid });
  }),
  fault(
    'certificate',
    `inconsistentChainPermissions/certificate: ${name}`,
    'the PCA cannot give this',
    itself,
    (scms, random) => {
      const { ca, last } = issuedUnder(scms, random, groups, claimed);
      return { bytes: last.bytes, trust: trustWith(scms, ca) };
    },
  ),
]);

const CAS: readonly Fault[] = WIDER_CA.flatMap(([name, above, below]) => {
  function chain(scms: Scms, random: Random): [Credential, Credential] {
    // min 3 at the root is met by a leaf two CAs below this one.
    const ica = icaUnderRoot(scms, random, { fields: { certIssuePermissions: above } });
    const pca = pcaUnder(scms, random, ica, { fields: { certIssuePermissions: below } });
    return [pca, ica];
  }
  return [
    fault(
      'certificate',
      `inconsistentChainPermissions/CA: ${name}`,
      'a CA that may issue more than its issuer',
      itself,
      (scms, random): Case => {
        const [pca, ica] = chain(scms, random);
        return { bytes: pca.bytes, trust: trustWith(scms, ica) };
      },
    ),
  ];
});

/** A CA of its own design right below the root, one below that, and so on; the last of them first. */
function caChain(scms: Scms, random: Random, ...groups: PsidGroupPermissions[][]): Credential[] {
  const chain: Credential[] = [];
  for (const certIssuePermissions of groups) {
    const issuer = chain[0];
    const fields = { certIssuePermissions };
    chain.unshift(issuer ? pcaUnder(scms, random, issuer, { fields }) : icaUnderRoot(scms, random, { fields }));
  }
  return chain;
}

/** A message by a leaf under the chain that `caChain` makes, everything attached. */
function messageUnder(scms: Scms, random: Random, ...groups: PsidGroupPermissions[][]): Uint8Array {
  const cas = caChain(scms, random, ...groups);
  const appPermissions = [app(PSID_BSM)];
  return messageWithChain(scms, [
    leaf(scms, random, { issuer: cas[0] as Credential, fields: { appPermissions } }),
    ...cas,
  ]);
}

const CHAIN_LENGTHS: readonly Fault[] = [
  fault(
    'certificate',
    'inconsistentChainPermissions/right below the ICA',
    'one certificate below the ICA where two belong',
    itself,
    (scms, random) => leaf(scms, random, { issuer: scms.ica, fields: { appPermissions: [app(PSID_BSM)] } }).bytes,
  ),
  fault(
    'message',
    'inconsistentChainPermissions/too short for the root',
    'two certificates below the root where three belong',
    signer,
    (scms, random) => messageUnder(scms, random, [all(1, -1)]),
  ),
  fault(
    'message',
    'inconsistentChainPermissions/too long for the ICA',
    'three certificates below an ICA that allows two',
    signer,
    (scms, random) => messageUnder(scms, random, [all(2, 0)], [all(1, -1)], [all(1, 0)]),
  ),
  fault(
    'message',
    'inconsistentChainPermissions/too long for the PCA',
    'two certificates below a PCA that allows one',
    signer,
    (scms, random) => messageUnder(scms, random, [all(1, -1)], [all(1, 0)], [all(1, 0)]),
  ),
  fault(
    'message',
    'inconsistentChainPermissions/too short for the ICA',
    'two certificates below an ICA that wants three',
    signer,
    (scms, random) => messageUnder(scms, random, [all(3, 0)], [all(1, 0)]),
  ),
];

const ROLES: readonly Fault[] = [
  fault(
    'certificate',
    'inconsistentChainPermissions/application under ECA',
    'an application certificate by a CA for enrolment',
    itself,
    (scms, random) => leaf(scms, random, { issuer: scms.eca }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentChainPermissions/enrolment under PCA',
    'an enrolment certificate by a CA for applications',
    itself,
    (scms, random) =>
      leaf(scms, random, {
        fields: {
          appPermissions: undefined,
          certRequestPermissions: [groupFor([{ psid: PSID_BSM }], { min: 0, range: 0 })],
        },
      }).bytes,
  ),
  fault(
    'certificate',
    'inconsistentChainPermissions/no CA',
    'issued by the RA, which may issue nothing',
    itself,
    (scms, random) => leaf(scms, random, { issuer: scms.ra }).bytes,
  ),
  fault(
    'message',
    'inconsistentChainPermissions/by another device',
    'issued by an application certificate',
    signer,
    (scms, random) => {
      const device = leaf(scms, random);
      return messageWithChain(scms, [leaf(scms, random, { issuer: device }), device]);
    },
  ),
  fault(
    'certificate',
    'inconsistentChainPermissions/enrolling CA under PCA',
    'a CA for both kinds under a CA for one',
    itself,
    (scms, random) =>
      pcaUnder(scms, random, scms.pca, { fields: { certIssuePermissions: [all(1, 0, EE_BOTH)] } }).bytes,
  ),
  fault(
    'message',
    'inconsistentChainPermissions/CA of signer',
    'the CA above the signer may issue more than its issuer',
    { depth: 2, signature: 'ok' },
    (scms, random) => {
      const ica = icaUnderRoot(scms, random, {
        fields: { certIssuePermissions: [groupFor([{ psid: PSID_BSM }], { min: 1, range: 1 })] },
      });
      const pca = pcaUnder(scms, random, ica);
      return messageWithChain(scms, [
        leaf(scms, random, { issuer: pca, fields: { appPermissions: [app(PSID_BSM)] } }),
        pca,
        ica,
      ]);
    },
  ),
];

const HEADERS: readonly Fault[] = [
  fault('message', 'unauthorizedPSID', 'a PSID that the signer does not have', itself, (scms, random) =>
    message(scms, leaf(scms, random), { psid: 0x82 }),
  ),
  fault('message', 'unauthorizedPSID/CRL', 'the CRL’s PSID from a device', itself, (scms, random) =>
    message(scms, leaf(scms, random), { psid: PSID_CRL }),
  ),
  fault('message', 'unauthorizedPSID/enrolment', 'signed with an enrolment certificate', itself, (scms, random) =>
    message(scms, enrolmentCertificate(scms, { label: `signing enrolment ${random.below(2 ** 32)}` }), {
      psid: PSID_SCMS,
    }),
  ),
];

export const PERMISSION_FAULTS: readonly Fault[] = [...LEAVES, ...CAS, ...CHAIN_LENGTHS, ...ROLES, ...HEADERS];

export const PERMISSION_SPECIALS: readonly Specimen[] = [
  ...COVERED.map(([name, groups, claimed]) =>
    special('message', `permissions/${name}`, 'covered by the PCA', (scms, random) => {
      const { ca, last } = issuedUnder(scms, random, groups, claimed);
      return messageWithChain(scms, [last, ca]);
    }),
  ),
  special('message', 'chainLength/two below the ICA', 'as many as an exact group wants', (scms, random) =>
    messageUnder(scms, random, ICA_ISSUE_PERMISSIONS, [all(1, 0)]),
  ),
  special(
    'message',
    'chainLength/at its longest',
    'four below the first CA, which allows two to four',
    (scms, random) => messageUnder(scms, random, [all(2, 2)], [all(1, 2)], [all(1, 1)], [all(1, 0)]),
  ),
  special('message', 'chainLength/without end', 'five below a CA that sets no upper limit', (scms, random) =>
    messageUnder(scms, random, [all(2, -1)], [all(1, -1)], [all(1, -1)], [all(1, -1)], [all(1, -1)]),
  ),
  special(
    'message',
    'permissions/other subject kinds',
    'psid 35 right below the ICA, by its explicit group',
    (scms, random) =>
      message(scms, leaf(scms, random, { issuer: scms.ica, fields: { appPermissions: [app(PSID_SCMS)] } }), {
        psid: PSID_SCMS,
      }),
  ),
];
