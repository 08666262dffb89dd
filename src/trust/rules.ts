import { isSame } from './identity.ts';
import type { Identity, Tombstone, TrustedCertificate } from './types.ts';

/**
 * The rules whose loss nothing else would catch, each by itself: tests replace them one at a time and have to notice. The
 * engine that is exported always takes {@link RULES}.
 */
export interface Rules {
  /** BL5: so many distinct valid votes, of so many in the ballot. */
  isQuorum(distinct: number, inBallot: number, quorum: number): boolean;
  /** V4, V5: the electors that may vote. Removed electors may not, even with valid certificates. */
  voters(electors: readonly TrustedCertificate[], tombstones: readonly Tombstone[]): readonly TrustedCertificate[];
  /** V4: whether a certificate that a vote brings along may speak for itself. */
  readonly trustsSelfSignature: boolean;
  /** AE2, AR2: whether this owner was removed before. */
  isBuried(subject: Identity, tombstones: readonly Tombstone[]): boolean;
  /** Whether ballots are decided in file order, each after the ones before it. */
  readonly inFileOrder: boolean;
  /** RR2: whether removals count only if the CRLs beside them are valid. */
  readonly removalsNeedCrls: boolean;
}

export const RULES: Rules = {
  isQuorum: (distinct, _inBallot, quorum) => distinct >= quorum,
  voters: (electors) => electors,
  trustsSelfSignature: false,
  isBuried: (subject, tombstones) => tombstones.some((tombstone) => isSame(tombstone, subject)),
  inFileOrder: false,
  removalsNeedCrls: false,
};
