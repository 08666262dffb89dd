import {
  EE_APP,
  EE_ENROL,
  PSID_CRL,
  PSID_MISBEHAVIOUR,
  PSID_SCMS,
  type PsidGroupPermissions,
  type PsidSsp,
  type PsidSspRange,
  SCMS_ROLES,
  type ScmsRole,
} from '../dot2/index.ts';

export { PSID_CRL, PSID_MISBEHAVIOUR, PSID_SCMS };

/** PSIDs that the testbed uses (IEEE 1609.12). */
export const PSID_BSM = 0x20;
/** The PSID of traveller information messages. */
export const PSID_TRAVELLER_INFORMATION = 0x83;
/** The PSID of service advertisements. */
export const PSID_SERVICE_ADVERTISEMENT = 0x87;

/** The eeType of certificates for application and enrolment. */
export const EE_BOTH = EE_APP | EE_ENROL;

/** One entry of appPermissions, with an opaque SSP if bytes are given. */
export function app(psid: number, ssp?: readonly number[]): PsidSsp {
  return ssp ? { psid, ssp: { tag: 'opaque', value: Uint8Array.from(ssp) } } : { psid };
}

interface ChainLength {
  /** Fewest certificates below the CA, down to and including the last one. */
  readonly min: number;
  /** How many more there may be; −1 for any number. */
  readonly range: number;
}

/** A permission group for every PSID that no other group names. */
export function groupForAll({ min, range }: ChainLength, eeType: number): PsidGroupPermissions {
  return { subjectPermissions: { tag: 'all', value: null }, minChainLength: min, chainLengthRange: range, eeType };
}

/** A permission group for the PSIDs listed. */
export function groupFor(
  entries: readonly PsidSspRange[],
  { min, range }: ChainLength,
  eeType: number = EE_APP,
): PsidGroupPermissions {
  return {
    subjectPermissions: { tag: 'explicit', value: [...entries] },
    minChainLength: min,
    chainLengthRange: range,
    eeType,
  };
}

/** PSID 35 with the SSP of a role, version 1. */
export function scmsRole(role: ScmsRole): PsidSsp {
  return app(PSID_SCMS, [0x80 | SCMS_ROLES.indexOf(role), 0x00, 0x01]);
}

/** CrlSsp (IEEE 1609.2 §7.4.3.3): version 1, the CRACA, and the CRL series in two bytes each. */
export function crlPermission(craca: 'isCraca' | 'issuerIsCraca', series: readonly number[]): PsidSsp {
  const list = series.flatMap((value) => [value >> 8, value & 0xff]);
  return app(PSID_CRL, [0x00, 0x01, craca === 'isCraca' ? 0 : 1, 0x01, series.length, ...list]);
}

/** CRL series as deployed. */
export const SERIES_PSEUDONYM = 1;
/** The crlSeries of SCMS components. */
export const SERIES_COMPONENT = 2;
/** The crlSeries of application certificates. */
export const SERIES_APPLICATION = 3;
/** The crlSeries of enrolment certificates. */
export const SERIES_ENROLMENT = 4;
/** The crlSeries of components that the root revokes. */
export const SERIES_ROOT_MANAGED = 256;

/** certIssuePermissions of each kind of CA, as deployed. */
export const ROOT_ISSUE_PERMISSIONS = [
  groupForAll({ min: 3, range: -1 }, EE_BOTH),
  groupFor([{ psid: PSID_SCMS }], { min: 1, range: -1 }),
  groupFor([{ psid: PSID_MISBEHAVIOUR }], { min: 1, range: -1 }),
  groupFor([{ psid: PSID_CRL }], { min: 1, range: -1 }),
];
const anySsp = { tag: 'all', value: null } as const;
/** The certIssuePermissions of an ICA. */
export const ICA_ISSUE_PERMISSIONS = [
  groupForAll({ min: 2, range: 0 }, EE_BOTH),
  groupFor(
    [
      { psid: PSID_SCMS, sspRange: anySsp },
      { psid: PSID_CRL, sspRange: anySsp },
    ],
    { min: 1, range: -1 },
  ),
];
/** The certIssuePermissions of a PCA. */
export const PCA_ISSUE_PERMISSIONS = [groupForAll({ min: 1, range: 0 }, EE_APP)];
/** The certIssuePermissions of an ECA. */
export const ECA_ISSUE_PERMISSIONS = [groupForAll({ min: 1, range: 0 }, EE_ENROL)];
