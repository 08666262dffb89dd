import type { RemovedRoot, Tombstone, TrustState } from './types.ts';

/** Value of a lower-case hex digit by its character code. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

/** Bytes of lower-case hex, as the state has it; CRLs in it have millions. */
export function fromHex(hex: string): Uint8Array {
  const octets = new Uint8Array(hex.length / 2);
  for (let i = 0; i < octets.length; i++) {
    octets[i] = (digit(hex.charCodeAt(2 * i)) << 4) | digit(hex.charCodeAt(2 * i + 1));
  }
  return octets;
}

/** The roots as anchors, the component certificates as help, and the roots that were removed: what a `Verifier` or a pool takes. */
export function trustMaterialOf(state: TrustState): {
  roots: Uint8Array[];
  certificates: Uint8Array[];
  removedRoots: RemovedRoot[];
} {
  return {
    roots: state.roots.map(({ certificate }) => fromHex(certificate)),
    certificates: [...new Set(state.certificates.map(({ certificate }) => certificate))].map(fromHex),
    removedRoots: removedRootsOf(state),
  };
}

/** Removed roots, with the voters that removed them (DECISIONS D46). */
export function removedRootsOf(state: Pick<TrustState, 'electors' | 'tombstones'>): RemovedRoot[] {
  return state.tombstones
    .filter(({ role }) => role === 'root')
    .map((tombstone) => ({
      hashedId8s: [tombstone.hashedId8, ...(tombstone.below ?? [])],
      detail: removalText(tombstone, state),
    }));
}

/** The voters that removed an elector or root, and the time. */
export function removalText(
  { role, hashedId8, revision, votes, ctl }: Tombstone,
  { electors, tombstones }: Pick<TrustState, 'electors' | 'tombstones'>,
): string {
  const known = [...electors, ...tombstones];
  // An elector that has expired meanwhile is known by its certificate hash alone.
  const voters = votes.map(({ voter }) => known.find(({ hash }) => hash === voter)?.hashedId8 ?? voter.slice(-16));
  const by = ctl === undefined ? `by the votes of ${voters.join(', ')}` : `by CTL ${ctl}`;
  return `${role} ${hashedId8} was removed${revision === undefined ? '' : ` in revision ${revision}`} ${by}`;
}

/** The SecuredCrls in force, as received. */
export function crlsOf({ crls }: Pick<TrustState, 'crls'>): Uint8Array[] {
  return crls.flatMap(({ parts }) => parts.map(({ octets }) => fromHex(octets)));
}
