import type { Failure, Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { type ChainNode, lenienciesOf } from './chain-node.ts';
import type { RevocationStatus } from './revocation-status.ts';
import type { VerifierState } from './state.ts';

/** What the CRLs say of the certificate that an item rests on. */
export interface ItemRevocation {
  /** Undefined if no CRL is asked. */
  readonly revocationStatus?: RevocationStatus;
  /** Members of the verdict. */
  readonly said: Partial<Verdict>;
}

/**
 * Adds what the CRLs say of a certificate and its issuers to the failures of an item. Asked last: a period is only expanded for items that
 * pass all other checks (DECISIONS D22).
 */
export function checkRevocation(
  { revocation }: Pick<VerifierState, 'revocation'>,
  node: ChainNode,
  depth: number,
  failures: Failure[],
  { rules }: BatchContext,
): ItemRevocation {
  if (revocation === undefined) return { said: {} };
  const revocationStatus = revocation.of(node, failures.length === 0);
  const isValidOtherwise = failures.every(({ code }) => code === 'implicitReconstructed');
  failures.push(...revocationStatus.failures(depth, rules, isValidOtherwise));
  const said = {
    revocation: revocationStatus.stateUnder(rules),
    ...revocationStatus.revokedBy(depth),
    ...revocationStatus.lenient,
    ...(revocationStatus.isOverdue(rules) && { warnings: ['crlOverdue'] as const }),
  };
  return { revocationStatus, said };
}

/** Leniencies that a certificate's chain could not do without, or the CRLs that it was compared with. */
export function usedLeniencies(node: ChainNode, revocation: Partial<Verdict>): Pick<Verdict, 'lenient'> {
  const lenient = [...lenienciesOf(node), ...(revocation.lenient ?? [])];
  return lenient.length > 0 ? { lenient } : {};
}

/**
 * The last line of defence: no rule has failed, and still nothing proves the item.
 * @throws Error if that is so, which makes the item an internal failure.
 */
export function mustFail(failures: readonly Failure[]): void {
  if (failures.length === 0) throw new Error('nothing proves this item, yet no rule has failed');
}
