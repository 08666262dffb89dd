import type { TrustedCertificate, TrustFlag, TrustState } from './types.ts';

const MICROS_PER_SECOND = 1_000_000n;

/** Whether a certificate is valid at a time; both ends belong to its validity. */
export function isValidAt({ start, end }: Pick<TrustedCertificate, 'start' | 'end'>, at: bigint): boolean {
  return BigInt(start) <= at && at <= BigInt(end);
}

/** Electors whose votes count at a time: expiry is a loss like any other (Q19). */
export function liveElectors({ electors }: Pick<TrustState, 'electors'>, at: bigint): readonly TrustedCertificate[] {
  return electors.filter((elector) => isValidAt(elector, at));
}

/** How many may vote at a time: several certificates of one key have one owner (BL4). */
export function votingPower(state: Pick<TrustState, 'electors'>, at: bigint): number {
  return new Set(liveElectors(state, at).map(({ key }) => key)).size;
}

/** What an operator has to know of a state at a glance, at its own clock. */
export function flagsOf(state: TrustState): TrustFlag[] {
  const now = BigInt(state.clock);
  const live = votingPower(state, now);
  const flags: TrustFlag[] = [];
  if (live === state.quorum) flags.push('DEGRADED');
  if (live < state.quorum) flags.push('FROZEN');
  if (state.crls.some(({ nextCrl }) => BigInt(nextCrl) * MICROS_PER_SECOND < now)) flags.push('STALE');
  if (state.roots.length === 0) flags.push('NO_ROOT');
  if (state.pending.length > 0) flags.push('PENDING');
  return flags;
}
