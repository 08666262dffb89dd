import type { ToBeSignedCertificate } from './certificate.ts';

/** PSID of SCMS certificate management: what components and electors are entitled by (CAMP SCMS, IEEE 1609.2.1). */
export const PSID_SCMS = 0x23;
/** PSID of CRLs (IEEE 1609.2 §7.3). */
export const PSID_CRL = 0x100;
/** PSID of misbehaviour reports, which some components sign beside the other two. */
export const PSID_MISBEHAVIOUR = 0x26;

/**
 * Roles in the SSP of PSID 35: the index is the alternative of ScmsSsp (CAMP) and of SecurityMgmtSsp (IEEE 1609.2.1), which name
 * the PCA `aca` and the CRLG `crl`.
 */
export const SCMS_ROLES = [
  'elector',
  'root',
  'pg',
  'ica',
  'eca',
  'aca',
  'crl',
  'dcm',
  'la',
  'lop',
  'ma',
  'ra',
] as const;
/** A role that the SSP of PSID 35 states. */
export type ScmsRole = (typeof SCMS_ROLES)[number];

/** Tag of the first alternative of a CHOICE in COER. */
const FIRST_TAG = 0x80;

/**
 * The role that the SSP of PSID 35 states: `none` without PSID 35, `unstated` with PSID 35 but no SSP, `other` for an SSP of
 * another kind or with another alternative.
 */
export function scmsRoleOf({ appPermissions }: Pick<ToBeSignedCertificate, 'appPermissions'>) {
  const entry = appPermissions?.find(({ psid }) => psid === PSID_SCMS);
  if (entry === undefined) return 'none';
  if (entry.ssp === undefined) return 'unstated';
  if (entry.ssp.tag !== 'opaque') return 'other';
  return SCMS_ROLES[(entry.ssp.value[0] ?? 0) - FIRST_TAG] ?? 'other';
}
