import { startOf } from '../coer/index.ts';
import { type CrlContents, HASH_ENTRY_BYTES } from '../dot2/index.ts';
import { continuityOf, type StandingCrl } from './crl-lines.ts';
import { ANY_CRACA } from './types.ts';

/** A certificate of a CRL's signer chain, by what a hash-based CRL may name it with. */
export interface ChainCertificate {
  /** HashedId10s that it goes by (DECISIONS D20). */
  readonly hashedId10s: readonly Uint8Array[];
  /** Hex. */
  readonly cracaId: string;
  readonly crlSeries: number;
}

/** A CRL with the chain that it was signed under: the signer first, the anchor left out. */
export interface ChainedCrl extends StandingCrl {
  readonly chain: readonly ChainCertificate[];
}

/** Which entry of which CRL names a certificate of a signer's chain. */
export interface SignerRevocation {
  readonly by: ChainedCrl;
  readonly entry: number;
  /** 0: the signer itself. */
  readonly depth: number;
}

/**
 * CRLs whose signer, or an issuer of it, is on another one (ROOT-MANAGEMENT C4), whatever the order they are given in.
 *
 * A CRL that is itself void revokes nobody: first go the victims of CRLs that nothing speaks against, then is looked again. Where
 * only circles are left (each names a signer of the next), all in them are void. What a CA says of a signer cannot be
 * superseded by that signer or by anybody further from the root: for each length of chain, the newest CRL counts among those
 * of that length and shorter ones. Anchors are trusted by decision: no CRL voids what they sign.
 */
export function revokedSigners(crls: readonly ChainedCrl[]): ReadonlyMap<ChainedCrl, SignerRevocation> {
  const search = new EntrySearch();
  const revoked = new Map<ChainedCrl, SignerRevocation>();
  for (;;) {
    const alive = crls.filter((crl) => !revoked.has(crl));
    const hits = victimsOf(killersAmong(alive), alive, search);
    if (hits.size === 0) return revoked;
    const clean = new Map([...hits].filter(([, { by }]) => !hits.has(by)));
    for (const [crl, hit] of clean.size > 0 ? clean : hits) revoked.set(crl, hit);
  }
}

/** The CRLs that have a say: the newest of each line, for each length of chain. */
function killersAmong(alive: readonly ChainedCrl[]): ChainedCrl[] {
  const lengths = [...new Set(alive.map(({ chain }) => chain.length))];
  const killers = new Set<StandingCrl>();
  for (const length of lengths) {
    const upTo = alive.filter(({ chain }) => chain.length <= length);
    for (const crl of continuityOf(upTo).inForce.flat()) killers.add(crl);
  }
  // In the order of the line-up and not of the input, because the first that hits is the one named.
  return alive
    .filter((crl) => killers.has(crl))
    .sort((a, b) => a.chain.length - b.chain.length || (a.id < b.id ? -1 : 1));
}

/** For each CRL the hit that counts: by a CRL that is no victim itself, if there is one. */
function victimsOf(
  killers: readonly ChainedCrl[],
  alive: readonly ChainedCrl[],
  search: EntrySearch,
): Map<ChainedCrl, SignerRevocation> {
  const all = new Map<ChainedCrl, SignerRevocation[]>();
  for (const crl of alive) {
    const hits = killers.flatMap((by) => {
      const hit = hitOf(by, crl, search);
      return hit ? [hit] : [];
    });
    if (hits.length > 0) all.set(crl, hits);
  }
  return new Map(
    [...all].map(([crl, hits]) => [crl, hits.find(({ by }) => !all.has(by)) ?? (hits[0] as SignerRevocation)]),
  );
}

function hitOf(by: ChainedCrl, { scope, chain }: ChainedCrl, search: EntrySearch): SignerRevocation | undefined {
  if (by.scope.root !== scope.root) return undefined;
  // From the root down, as everywhere.
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const certificate = chain[depth] as ChainCertificate;
    if (certificate.crlSeries !== by.scope.crlSeries) continue;
    if (by.scope.cracaId !== ANY_CRACA && by.scope.cracaId !== certificate.cracaId) continue;
    const entry = search.find(by.contents, certificate);
    if (entry >= 0) return { by, entry, depth };
  }
  return undefined;
}

/** Looks for certificates among hash-based entries, each pair once. */
class EntrySearch {
  private readonly known = new Map<CrlContents, Map<ChainCertificate, number>>();

  find(contents: CrlContents, certificate: ChainCertificate): number {
    const known = this.known.get(contents) ?? new Map<ChainCertificate, number>();
    this.known.set(contents, known);
    const entry = known.get(certificate) ?? findHashEntry(contents, certificate.hashedId10s);
    known.set(certificate, entry);
    return entry;
  }
}

/** The first entry with one of these ids; −1 where there is none. */
export function findHashEntry({ typeSpecific }: CrlContents, hashedId10s: readonly Uint8Array[]): number {
  const { tag, value } = typeSpecific;
  if (tag !== 'fullHashCrl' && tag !== 'deltaHashCrl') return -1;
  const { entries } = value;
  const preamble = entries.width - HASH_ENTRY_BYTES[2016];
  for (let i = 0; i < entries.count; i++) {
    const at = startOf(entries, i) + preamble;
    if (hashedId10s.some((id) => id.every((octet, k) => entries.octets[at + k] === octet))) return i;
  }
  return -1;
}
