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

/** The flags of a state; `now` is its own clock by default. */
export function flagsOf(state: TrustState, now = BigInt(state.clock)): TrustFlag[] {
  const live = votingPower(state, now);
  const flags: TrustFlag[] = [];
  const ofQuorum = quorumFlag(live, state.quorum);
  if (ofQuorum) flags.push(ofQuorum);
  if (state.crls.some(({ nextCrl }) => BigInt(nextCrl) * MICROS_PER_SECOND < now)) flags.push('STALE');
  if (state.roots.length === 0) flags.push('NO_ROOT');
  if (state.pending.length > 0) flags.push('PENDING');
  return flags;
}

/** The meaning of a flag for a state, and its consequence, in one sentence. */
export function flagMeaning(flag: TrustFlag, state: TrustState, now = BigInt(state.clock)): string {
  const { quorum } = state;
  const live = votingPower(state, now);
  switch (flag) {
    case 'DEGRADED':
      return `all ${live} electors that can vote are needed for the quorum: if one more is lost, nothing can be changed in band any more, so have another elector added first`;
    case 'FROZEN':
      return `${live} electors can vote and the quorum is ${quorum}: no ballot and no CTL can be accepted any more, and what is trusted stays as it is; there is no recovery in band, the device has to be bootstrapped again with new electors`;
    case 'STALE':
      return 'a CRL is past its nextCrl: whom it names stays revoked, newer revocations are missing, and past the tolerance what it covers is undecided';
    case 'NO_ROOT':
      return live < quorum
        ? 'no root is trusted: no certificate is valid'
        : 'no root is trusted: no certificate is valid until electors add a root, which they can do in band';
    case 'PENDING':
      return `${state.pending.length} accepted and not in force yet: each comes into force at its own time`;
  }
}

/** How long before its end an elector counts as expiring. */
export const EXPIRING_MICROS = 90n * 24n * 3600n * MICROS_PER_SECOND;

/** Whether a certificate is valid at a time, or expires within 90 days. */
export type ValidityState = 'valid' | 'notYetValid' | 'expiring' | 'expired';

/** The state of a certificate's validity at a time. */
export function validityStateOf({ start, end }: Pick<TrustedCertificate, 'start' | 'end'>, at: bigint): ValidityState {
  if (at < BigInt(start)) return 'notYetValid';
  if (at > BigInt(end)) return 'expired';
  return at + EXPIRING_MICROS > BigInt(end) ? 'expiring' : 'valid';
}

/** The flag of the quorum once so many electors can vote; undefined if some may still be lost. */
export function quorumFlag(live: number, quorum: number): 'DEGRADED' | 'FROZEN' | undefined {
  if (live < quorum) return 'FROZEN';
  return live === quorum ? 'DEGRADED' : undefined;
}
