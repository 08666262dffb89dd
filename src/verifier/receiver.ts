import { micros, type Receiver } from '../rules/index.ts';
import type { Policy } from './types.ts';

/** A batch as the rules see it, and the policy that this comes from. */
export interface BatchReceiver extends Receiver {
  readonly policy: Policy;
}

/** Time and policy as the rules read them. */
export function receiverOf(at: bigint, policy: Policy): BatchReceiver {
  const { atOwnStart = false, requireLocation, relevance = {} } = policy;
  const { maxAgeSeconds, maxFutureSeconds, checkExpiry, checkCertificateExpiry, position } = relevance;
  return {
    policy,
    at: micros(at),
    atOwnStart,
    requireLocation: requireLocation || undefined,
    earliestGeneration: maxAgeSeconds === undefined ? undefined : micros(at - microsOf(maxAgeSeconds)),
    latestGeneration: maxFutureSeconds === undefined ? undefined : micros(at + microsOf(maxFutureSeconds)),
    checkExpiry: checkExpiry || undefined,
    checkCertificateExpiry: checkCertificateExpiry || undefined,
    position,
  };
}

/** Whole microseconds, rounded. */
export function microsOf(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6));
}
