/** CRLs of the testbed, judged and expanded: what a verifier or a pool is given. */
import { buildRevocation } from '../../src/revocation/build.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import { type CrlRequest, issueCrl } from '../../src/testbed/crls.ts';
import { type Scms, SERIES_PSEUDONYM } from '../../src/testbed/index.ts';
import { createVerifier } from '../../src/verifier/index.ts';

/** @throws Error where a CRL does not stand: then a test would pass for want of it. */
export async function revocationOf(
  scms: Scms,
  requests: readonly CrlRequest[],
  periods: readonly number[] = [scms.firstPeriod],
): Promise<RevocationData> {
  const crls = requests.map((request, i) => ({ bytes: issueCrl(scms, request), source: `crl ${i}` }));
  const { accepted, verdicts } = createVerifier({ trust: scms.trust(), at: scms.at }).verifyCrls(crls);
  for (const { verdict, code, detail } of verdicts) if (verdict !== 'valid') throw new Error(`${code}: ${detail}`);
  return buildRevocation(accepted, { periods });
}

/** One that revokes these devices. */
export const devicesRevoked = (...devices: number[]): CrlRequest => ({ series: SERIES_PSEUDONYM, devices });
