import { distanceMetres, type Finding, isKnownLocation, type Validity } from '../certificates/index.ts';
import { formatTai, type HeaderInfo } from '../dot2/index.ts';

/** The receiver's own limits; every one is optional. Seconds and metres; the position in 1e-7 degrees. */
export interface RelevanceLimits {
  readonly maxAgeSeconds?: number;
  readonly maxFutureSeconds?: number;
  readonly checkExpiry?: boolean;
  readonly checkCertificateExpiry?: boolean;
  readonly position?: { readonly latitude: number; readonly longitude: number; readonly maxDistanceMetres: number };
}

const micros = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6));

/** Whether a genuine message still matters here and now (IEEE 1609.2 §5.2.4.2.4). */
export function checkRelevance(header: HeaderInfo, signer: Validity, at: bigint, limits: RelevanceLimits): Finding[] {
  const findings: Finding[] = [];
  // All of these are about relevance, also a code that says something about time elsewhere.
  const report = (code: Finding['code'], detail: string): void =>
    void findings.push({ code, detail, stage: 'relevance' });
  const { generationTime, expiryTime, generationLocation } = header;
  const { maxAgeSeconds, maxFutureSeconds, position } = limits;

  if (maxAgeSeconds !== undefined || maxFutureSeconds !== undefined) {
    if (generationTime === undefined) report('generationTimeNotAvailable', 'no generationTime');
    else if (maxAgeSeconds !== undefined && generationTime < at - micros(maxAgeSeconds)) {
      report('generationTimeTooFarInPast', `generated ${formatTai(generationTime)}, judged at ${formatTai(at)}`);
    } else if (maxFutureSeconds !== undefined && generationTime > at + micros(maxFutureSeconds)) {
      report('tooFarInFuture', `generated ${formatTai(generationTime)}, judged at ${formatTai(at)}`);
    }
  }
  if (limits.checkExpiry && expiryTime !== undefined && expiryTime < at) {
    report('expiryTimeInPast', `expired ${formatTai(expiryTime)}, judged at ${formatTai(at)}`);
  }
  if (limits.checkCertificateExpiry && signer.end < at) {
    report('certificateExpired', `certificate valid to ${formatTai(signer.end)}, judged at ${formatTai(at)}`);
  }
  if (position !== undefined) {
    if (generationLocation === undefined || !isKnownLocation(generationLocation)) {
      report('generationLocationNotAvailable', 'no generationLocation');
    } else {
      const metres = distanceMetres(position, generationLocation);
      if (metres > position.maxDistanceMetres) {
        report('generationLocationTooDistant', `${Math.round(metres)} m away, at most ${position.maxDistanceMetres} m`);
      }
    }
  }
  return findings;
}
