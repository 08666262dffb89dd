import { type CertificateFlaws, type Credential, issueExplicit, named } from '../certificates.ts';
import { type CurveName, generateKey, type PrivateKey } from '../keys.ts';
import { crlPermission, ROOT_ISSUE_PERMISSIONS, SERIES_ROOT_MANAGED, scmsRole } from '../permissions.ts';
import type { Random } from '../random.ts';

const NO_CRACA = new Uint8Array(3);
const NO_SERIES = 0;

/** The fields of a self-signed certificate to make. */
export interface SelfSignedRequest extends Pick<CertificateFlaws, 'signingKey' | 'alterSignature'> {
  readonly name: string;
  readonly curve?: CurveName;
  /** A key of its own; default: one that follows from the name. */
  readonly key?: PrivateKey;
  /** Time32. */
  readonly start: number;
  readonly years?: number;
  readonly hours?: number;
}

function validity({ start, years = 10, hours }: SelfSignedRequest) {
  if (hours !== undefined) return { start, duration: { tag: 'hours' as const, value: hours } };
  return { start, duration: { tag: 'years' as const, value: years } };
}

/** An elector: self-signed, outside every chain, without region or right to issue. */
export function createElector(random: Random, request: SelfSignedRequest): Credential {
  const { name, curve, key, start: _start, years: _years, hours: _hours, ...flaws } = request;
  return issueExplicit({
    key: key ?? generateKey(random.fork(`elector ${name}`), curve ?? 'ecdsaNistP256'),
    fields: {
      id: named(name),
      cracaId: NO_CRACA,
      crlSeries: NO_SERIES,
      validityPeriod: validity(request),
      appPermissions: [scmsRole('elector')],
    },
    ...flaws,
  });
}

/** A root CA as the testbed's own: self-signed, CRACA of its series 256. */
export function createRoot(random: Random, request: SelfSignedRequest): Credential {
  const { name, curve, key, start: _start, years: _years, hours: _hours, ...flaws } = request;
  return issueExplicit({
    key: key ?? generateKey(random.fork(`root ${name}`), curve ?? 'ecdsaNistP256'),
    fields: {
      id: named(name),
      cracaId: NO_CRACA,
      crlSeries: NO_SERIES,
      validityPeriod: validity(request),
      appPermissions: [scmsRole('root'), crlPermission('isCraca', [SERIES_ROOT_MANAGED])],
      certIssuePermissions: ROOT_ISSUE_PERMISSIONS,
    },
    ...flaws,
  });
}
