import { type Certificate, PSID_CRL, PSID_MISBEHAVIOUR, PSID_SCMS, type ScmsRole, scmsRoleOf } from '../dot2/index.ts';
import type { ComponentCertificate } from './types.ts';

/** What an SCMS component signs; any other PSID is one of an end entity. */
const MANAGEMENT_PSIDS: ReadonlySet<number> = new Set([PSID_SCMS, PSID_CRL, PSID_MISBEHAVIOUR]);
/** CAs that issue to end entities only, and roles that belong into other lists than those of components. */
const END_ENTITY_CAS: ReadonlySet<string> = new Set<ScmsRole>(['eca', 'aca']);
const NO_COMPONENTS: ReadonlySet<string> = new Set<ScmsRole>(['elector', 'root']);

/**
 * G9: why a certificate is not what a chain file presents it as; undefined if it is. The SSP of PSID 35 states the role. Without
 * one an MA has PSID 35 and no certIssuePermissions, and a component has PSID 35, PSID 256 or certIssuePermissions. Deployed
 * end-entity certificates have PSID 35 too, so that a linkage value, the issuer and the other PSIDs count as well.
 *
 * @param issuer the certificate that issued it; undefined for a self-signed one.
 */
export function whyNotInRole(
  { toBeSigned }: Certificate,
  issuer: Certificate | undefined,
  presentedAs: ComponentCertificate['role'],
): string | undefined {
  if (issuer === undefined) return 'a self-signed certificate is no component';
  if (toBeSigned.id.tag === 'linkageData') return 'an end-entity certificate: it has a linkage value';
  const issuerRole = scmsRoleOf(issuer.toBeSigned);
  if (END_ENTITY_CAS.has(issuerRole)) return `an end-entity certificate: its issuer has the role ${issuerRole}`;
  const role = scmsRoleOf(toBeSigned);
  if (role === 'other') return 'the SSP of PSID 35 states no known role';
  if (role !== 'none' && role !== 'unstated') {
    const fits = presentedAs === 'ma' ? role === 'ma' : !NO_COMPONENTS.has(role);
    return fits ? undefined : `the SSP of PSID 35 states the role ${role}`;
  }
  const { appPermissions = [], certIssuePermissions = [] } = toBeSigned;
  if (certIssuePermissions.length > 0) return presentedAs === 'ma' ? 'a CA is no MA' : undefined;
  const needed = presentedAs === 'ma' ? [PSID_SCMS] : [PSID_SCMS, PSID_CRL];
  if (!appPermissions.some(({ psid }) => needed.includes(psid))) {
    return `an end-entity certificate: neither PSID ${needed.join(' nor ')}${presentedAs === 'ma' ? '' : ' nor certIssuePermissions'}`;
  }
  const foreign = appPermissions.find(({ psid }) => !MANAGEMENT_PSIDS.has(psid));
  return foreign && `an end-entity certificate: PSID ${foreign.psid} beside PSID ${PSID_SCMS} without a role`;
}
