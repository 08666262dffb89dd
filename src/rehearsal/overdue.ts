import type { StoredCrl, TrustState } from '../trust/index.ts';

const MICROS = 1_000_000n;
/** Two weeks by default, if no policy changes it (C7). */
const DEFAULT_TOLERANCE_SECONDS = 14 * 24 * 3600;

/** For how long after its nextCrl a CRL is good enough, by the policy in force. */
export function toleranceSeconds({ policy }: TrustState, now: bigint): number {
  const started = (policy?.overdueCrlToleranceSeconds ?? []).filter(({ start }) => BigInt(start) <= now);
  return started.at(-1)?.value ?? DEFAULT_TOLERANCE_SECONDS;
}

/** Whether a CRL is past its nextCrl and the tolerance after it (C7). */
export function isOverdue(crl: StoredCrl, state: TrustState, now: bigint): boolean {
  return BigInt(crl.nextCrl + toleranceSeconds(state, now)) * MICROS < now;
}
