import { checkValidAt, type Finding, type Validity } from '../certificates/index.ts';
import { formatTai, type HeaderInfo } from '../dot2/index.ts';

/**
 * Times of a message against the validity of its signing certificate (IEEE 1609.2 §5.2.4.2.3). A message without
 * generationTime is judged at `at`. `mayOutlive` lets the message expire after its certificate: roadside units announce
 * events of days under certificates of a week, and under a pin those stand as they were received.
 */
export function checkMessageTimes(header: HeaderInfo, signer: Validity, at: bigint, mayOutlive = false): Finding[] {
  const { generationTime, expiryTime } = header;
  const findings: Finding[] = [];
  const report = (code: Finding['code'], detail: string): void => void findings.push({ code, detail });
  if (generationTime === undefined) {
    findings.push(...checkValidAt(signer, at));
  } else if (generationTime < signer.start) {
    const detail = `generated ${formatTai(generationTime)}, certificate valid from ${formatTai(signer.start)}`;
    report('futureCertificateAtGenerationTime', detail);
  } else if (generationTime > signer.end) {
    const detail = `generated ${formatTai(generationTime)}, certificate valid to ${formatTai(signer.end)}`;
    report('expiredCertificateAtGenerationTime', detail);
  }
  if (expiryTime !== undefined && expiryTime < signer.start) {
    const detail = `expires ${formatTai(expiryTime)}, certificate valid from ${formatTai(signer.start)}`;
    report('expiryDateTooEarly', detail);
  }
  if (expiryTime !== undefined && expiryTime > signer.end && !mayOutlive) {
    const detail = `expires ${formatTai(expiryTime)}, certificate valid to ${formatTai(signer.end)}`;
    report('expiryDateTooLate', detail);
  }
  return findings;
}
