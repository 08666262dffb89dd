import { hashedId8, issueExplicit } from '../certificates.ts';
import { issueCrl } from '../crls.ts';
import { generateKey } from '../keys.ts';
import { app, crlPermission, PSID_CRL, PSID_SCMS, SERIES_PSEUDONYM, SERIES_ROOT_MANAGED } from '../permissions.ts';
import { byOther, issue } from './making.ts';
import { type CrlSpecimen, fault } from './specimen.ts';

export const SSP = [SERIES_PSEUDONYM];

const opaque = (...octets: number[]) => ({ appPermissions: [app(PSID_CRL, octets)] });

/** Signers that may not sign this CRL. */
export const AUTHORITY: readonly CrlSpecimen[] = [
  fault(
    'crlPSIDMismatch',
    'signed under PSID 35 by a signer that may use it',
    byOther(
      () => ({ appPermissions: [app(PSID_SCMS), crlPermission('issuerIsCraca', SSP)] }),
      () => ({}),
      PSID_SCMS,
    ),
  ),
  fault('unauthorizedPSID/crl', 'signed under PSID 35 by a signer that may not', issue({}, { psid: PSID_SCMS })),
  fault(
    'crlSignerNotAuthorized',
    'a signer with PSID 256 and no SSP',
    byOther(() => ({ appPermissions: [app(PSID_CRL)] })),
  ),
  fault(
    'crlSignerNotAuthorized/version',
    'an SSP of version 2',
    byOther(() => opaque(0, 2, 1, 1, 1, 0, 1)),
  ),
  fault(
    'crlSignerNotAuthorized/more',
    'an SSP with an octet too much',
    byOther(() => opaque(0, 1, 1, 1, 1, 0, 1, 0)),
  ),
  fault(
    'crlSignerNotAuthorized/craca',
    'an SSP with a third kind of CRACA',
    byOther(() => opaque(0, 1, 2, 1, 1, 0, 1)),
  ),
  fault('unauthorizedPSID/root', 'signed by a CA that has no CRL permission', (scms) =>
    issueCrl(scms, {}, { by: scms.ica }),
  ),
  fault('crlSeriesNotPermitted', 'a series that the CRLG does not have', issue({ series: SERIES_ROOT_MANAGED })),
  fault('crlSeriesNotPermitted/root', 'a series that the root leaves to its CRLG', (scms) =>
    issueCrl(scms, {}, { by: scms.root }),
  ),
  fault(
    'crlSeriesNotPermitted/none',
    'a CRLG with no series',
    byOther(() => ({ appPermissions: [crlPermission('issuerIsCraca', [])] })),
  ),
  fault('crlIssuerMismatch', 'crlCraca is the CRLG itself, which acts for its issuer', (scms) =>
    issueCrl(scms, { craca: hashedId8(scms.crlg) }),
  ),
  fault(
    'crlIssuerMismatch/isCraca',
    'crlCraca is the root, and the signer acts for itself',
    byOther(() => ({ appPermissions: [crlPermission('isCraca', SSP)] })),
  ),
  fault('crlIssuerMismatch/ground', 'crlCraca agrees with the root in its last three octets', (scms) => {
    const craca = hashedId8(scms.root).slice();
    craca[0] = (craca[0] as number) ^ 1;
    return issueCrl(scms, { craca });
  }),
  fault('crlIssuerMismatch/root', 'the root, as if it had an issuer', (scms, random) => {
    const root = issueExplicit({
      key: generateKey(random),
      fields: {
        ...scms.root.toBeSigned,
        appPermissions: [crlPermission('issuerIsCraca', SSP)],
      },
    });
    return { bytes: issueCrl(scms, { craca: hashedId8(root) }, { by: root }), trust: { roots: [root.bytes] } };
  }),
];
