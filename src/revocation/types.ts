/**
 * What passes between the parts of revocation: a CRL that was verified and accepted, the index built of it, what is asked of
 * the index and what it answers. Plain data throughout, so that it crosses threads unchanged.
 */
import type { RevocationHit } from '../verdict/index.ts';

/**
 * In the scope of a CRL whose crlCraca was let pass (DECISIONS D28): it covers the certificates of its series under its root, whatever
 * cracaId they have. Never in the scope of a certificate.
 */
export const ANY_CRACA = '*';

/** The key under which a certificate finds its CRLs: root, cracaId and crlSeries (DECISIONS D21). */
export interface CrlScope {
  /** Hash of the canonical certificate of that root, hex: eight octets could be ground. */
  readonly root: string;
  /** Low-order three octets of crlCraca, hex; of a CRL that was accepted with `crl-craca` {@link ANY_CRACA}. */
  readonly cracaId: string;
  readonly crlSeries: number;
}

export const CRL_KINDS = [
  'fullHashCrl',
  'deltaHashCrl',
  'fullLinkedCrl',
  'deltaLinkedCrl',
  'fullLinkedCrlWithAlg',
  'deltaLinkedCrlWithAlg',
] as const;
/** A kind of CRL (IEEE 1609.2 §7.3). */
export type CrlKind = (typeof CRL_KINDS)[number];

/** Entries of a hash-based CRL (IEEE 1609.2 §7.3.4), column by column. */
export interface HashEntries {
  readonly count: number;
  /** HashedId10 of each, 10 octets an entry. */
  readonly ids: Uint8Array;
  /** Time32 of each. */
  readonly expiry: Uint32Array;
}

/**
 * Linkage entries of a CRL (IEEE 1609.2 §7.3.6 ff.), column by column; what the nested groups of the encoding have in common is
 * repeated for
 * each entry. Seeds are those of period iRev.
 */
export interface LinkageEntries {
  readonly count: number;
  /** Chains an entry: 2 for both linkage authorities, 1 for a single seed (2022). */
  readonly chainsPerEntry: 1 | 2;
  /** la_id (2 octets) ‖ seed (16 octets) for each chain: 18 or 36 octets an entry. */
  readonly chains: Uint8Array;
  /** Last period that an entry is meant for. */
  readonly iMax: Uint16Array;
  /** j runs 0 … jMax − 1 (DECISIONS D26). Absent for group entries, whose j is the certificate's own jValue. */
  readonly jMax?: Uint8Array;
}

/** A CRL that passed all checks: signature, chain, authority, dates and continuity. */
export interface AcceptedCrl {
  /**
   * SHA-256 of the SecuredCrl's octets, hex. A full CRL with deltas on it is one of these, of the full kind, with the entries of all in
   * their order, and dates and serial of the last; its id is the SHA-256 of all their ids, and its source names all of them.
   */
  readonly id: string;
  /** Where it came from, for people: a file name, and a position where the file holds several. */
  readonly source: string;
  readonly scope: CrlScope;
  /** crlCraca, HashedId8 in hex. */
  readonly craca: string;
  readonly kind: CrlKind;
  /** Time32: seconds of TAI since 2004. */
  readonly issueDate: number;
  readonly nextCrl: number;
  /** crlSerial of hash-based, indexWithinI of linkage-based CRLs. */
  readonly serial: number;
  /** Linkage-based CRLs only. */
  readonly iRev?: number;
  readonly hashes?: HashEntries;
  /** Numbered through in this order: entry n of a CRL counts individuals, single seeds, groups, groups with single seeds. */
  readonly individuals?: LinkageEntries;
  readonly singleSeeds?: LinkageEntries;
  readonly groups?: LinkageEntries;
  readonly groupSingleSeeds?: LinkageEntries;
  /** Leniencies without which it would have been refused. */
  readonly lenient: readonly string[];
}

/** The linkage data of a certificate. */
export interface LinkageQuery {
  readonly iCert: number;
  /** 9 octets. */
  readonly linkageValue: Uint8Array;
  readonly group?: { readonly jValue: Uint8Array; readonly value: Uint8Array };
}

/** One certificate's question to the index. */
export interface RevocationQuery {
  readonly scope: CrlScope;
  /** Absent where the certificate has no linkage data. */
  readonly linkage?: LinkageQuery | undefined;
  /** HashedId10s that the certificate goes by: two for an explicit one, because n − s verifies as well as s (D20). */
  readonly hashedId10s: readonly Uint8Array[];
}

/** What an answer of CRLs rests on. */
interface Covered {
  /** Time32. */
  readonly nextCrl: number;
  /** Leniencies without which some CRL of the scope would have been refused; absent where none needed any (DECISIONS D16). */
  readonly lenient?: readonly string[];
}

/**
 * What the index says of one certificate.
 * - `notChecked`: no CRL covers its (root, cracaId, crlSeries);
 * - `notEvaluated`: one does, but the certificate's period is not expanded, and doing so now costs too much;
 * - `overdue`, in days, where the newest CRL of the scope is past its nextCrl at the time of verification.
 */
export type RevocationAnswer =
  | { readonly state: 'notChecked' }
  | (Covered & { readonly state: 'notRevoked' })
  | (Covered & { readonly state: 'notEvaluated'; readonly detail: string })
  | (Covered & { readonly state: 'revoked'; readonly hit: RevocationHit });
