import { type Certificate, formatTai, validityMicros } from '../../dot2/index.ts';
import { createKernel, type Kernel } from '../../kernel/index.ts';
import { type CertificateInfo, examineAll, hashedId8Text, STRICTLY } from '../../verifier/certificate-info.ts';

let kernel: Kernel | undefined;

/** HashedId8 of a decoded certificate. Asked of the verifier, so that what is shown is what verdicts print. */
export function hashedId8Of(certificate: Certificate): string {
  // Only hashes are computed: the kernel that starts fastest will do.
  kernel ??= createKernel('native');
  const [info] = examineAll(kernel, [certificate], STRICTLY) as [CertificateInfo];
  return hashedId8Text(info);
}

/** Both ends of a validity period as RFC 3339. */
export function validityOf(period: Parameters<typeof validityMicros>[0]): { start: string; end: string } {
  const { start, end } = validityMicros(period);
  return { start: formatTai(start), end: formatTai(end) };
}
