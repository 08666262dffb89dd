import { formatTai } from '../dot2/index.ts';
import type { Finding } from './finding.ts';

/** Both ends of a validity period in TAI microseconds; both belong to it. */
export interface Validity {
  readonly start: bigint;
  readonly end: bigint;
}

/** A child's validity must lie inside its issuer's (IEEE 1609.2 §5.1.2). Equality is allowed at either end. */
export function checkValidityNesting(child: Validity, issuer: Validity): Finding[] {
  const findings: Finding[] = [];
  if (child.start < issuer.start) {
    const detail = `starts ${formatTai(child.start)}, its issuer ${formatTai(issuer.start)}`;
    findings.push({ code: 'inconsistentStartTimes', detail });
  }
  if (child.end > issuer.end) {
    const detail = `ends ${formatTai(child.end)}, its issuer ${formatTai(issuer.end)}`;
    findings.push({ code: 'inconsistentExpiryTimes', detail });
  }
  return findings;
}

/** Whether a certificate is valid at the time of judgement. */
export function checkValidAt(certificate: Validity, at: bigint): Finding[] {
  if (at < certificate.start) {
    return [{ code: 'notYetValid', detail: `valid from ${formatTai(certificate.start)}, judged at ${formatTai(at)}` }];
  }
  if (at > certificate.end) {
    return [
      { code: 'certificateExpired', detail: `valid to ${formatTai(certificate.end)}, judged at ${formatTai(at)}` },
    ];
  }
  return [];
}
