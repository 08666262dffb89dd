import { type CertificateFields, type Credential, issueExplicit, issueImplicit, named } from './certificates.ts';
import { generateKey, orderOf } from './keys.ts';
import { chainAt, linkageValues } from './linkage.ts';
import {
  app,
  groupFor,
  PSID_BSM,
  PSID_MISBEHAVIOUR,
  PSID_SCMS,
  PSID_SERVICE_ADVERTISEMENT,
  PSID_TRAVELLER_INFORMATION,
  SERIES_APPLICATION,
  SERIES_ENROLMENT,
  SERIES_PSEUDONYM,
} from './permissions.ts';
import { type Scms, WEEK_SECONDS, yearsFrom } from './scms.ts';

/** Pseudonym certificates that a device has for each week; all are valid at once. */
export const PSEUDONYMS_PER_WEEK = 20;
/** A week and an hour: the weeks overlap. */
const PSEUDONYM_HOURS = 169;

export interface PseudonymRequest {
  readonly devices: number;
  readonly weeks?: number;
  readonly perWeek?: number;
  /** The same certificates with a key and a signature of their own. */
  readonly explicit?: boolean;
}

/** A device's certificate for period i (iCert) and position j in it. */
export interface PseudonymCredential extends Credential {
  readonly device: number;
  readonly i: number;
  readonly j: number;
}

/** Pseudonym certificates, device by device and week by week. A generator, so that the caller can show progress. */
export function* pseudonyms(scms: Scms, request: PseudonymRequest): Generator<PseudonymCredential> {
  const { devices, weeks = 1, perWeek = PSEUDONYMS_PER_WEEK, explicit = false } = request;
  const js = Array.from({ length: perWeek }, (_, j) => j);
  for (let device = 0; device < devices; device++) {
    const random = scms.random.fork(`pseudonyms of ${device}`);
    let [first, second] = [scms.linkageAuthorities[0].chainOf(device), scms.linkageAuthorities[1].chainOf(device)];
    for (let week = 0; week < weeks; week++) {
      const i = scms.firstPeriod + week;
      first = chainAt(first, i);
      second = chainAt(second, i);
      const values = linkageValues(first, second, js);
      for (const j of js) {
        const fields = pseudonymFields(scms, week, values[j] as Uint8Array);
        const key = generateKey(random);
        const credential = explicit
          ? issueExplicit({ issuer: scms.pca, key, fields })
          : issueImplicit({ issuer: scms.pca, secret: key.d, fields });
        yield { ...credential, device, i, j };
      }
    }
  }
}

/** Fields of a pseudonym certificate for a week counted from the first. */
export function pseudonymFields(scms: Scms, week: number, linkageValue: Uint8Array): CertificateFields {
  return {
    id: { tag: 'linkageData', value: { iCert: scms.firstPeriod + week, linkageValue } },
    cracaId: scms.cracaId,
    crlSeries: SERIES_PSEUDONYM,
    validityPeriod: {
      start: scms.start + week * WEEK_SECONDS,
      duration: { tag: 'hours', value: PSEUDONYM_HOURS },
    },
    appPermissions: [app(PSID_BSM), app(PSID_SCMS), app(PSID_MISBEHAVIOUR)],
  };
}

export interface EndEntityRequest {
  /** Names the key: the same label gives the same key. */
  readonly label: string;
  /** Default: the PCA; the ECA for an enrolment certificate. */
  readonly issuer?: Credential;
  readonly fields?: Partial<CertificateFields>;
}

/** Fields of a roadside unit's application certificate. */
export function applicationFields(scms: Scms, label: string): CertificateFields {
  return {
    id: named(label),
    cracaId: scms.cracaId,
    crlSeries: SERIES_APPLICATION,
    validityPeriod: { start: scms.start, duration: { tag: 'hours', value: PSEUDONYM_HOURS } },
    appPermissions: [PSID_BSM, PSID_SCMS, PSID_SERVICE_ADVERTISEMENT, PSID_TRAVELLER_INFORMATION].map((psid) =>
      app(psid),
    ),
  };
}

/** An explicit application certificate. */
export function applicationCertificate(scms: Scms, request: EndEntityRequest): Credential {
  const { label, issuer = scms.pca, fields } = request;
  const key = generateKey(scms.random.fork(label));
  return issueExplicit({ issuer, key, fields: { ...applicationFields(scms, label), ...fields } });
}

/** An implicit application certificate. */
export function implicitApplicationCertificate(scms: Scms, request: EndEntityRequest): Credential {
  const { label, issuer = scms.pca, fields } = request;
  const random = scms.random.fork(label);
  return issueImplicit({
    issuer,
    secret: random.scalar(orderOf(issuer.key.curve)),
    fields: { ...applicationFields(scms, label), ...fields },
  });
}

/** An implicit enrolment certificate: it may ask for pseudonyms and nothing else. */
export function enrolmentCertificate(scms: Scms, request: EndEntityRequest): Credential {
  return implicitApplicationCertificate(scms, {
    ...request,
    issuer: request.issuer ?? scms.eca,
    fields: {
      crlSeries: SERIES_ENROLMENT,
      validityPeriod: yearsFrom(scms.start + WEEK_SECONDS, 5),
      appPermissions: undefined,
      certRequestPermissions: [
        groupFor([{ psid: PSID_BSM }, { psid: PSID_TRAVELLER_INFORMATION }], { min: 0, range: 0 }),
      ],
      ...request.fields,
    },
  });
}
