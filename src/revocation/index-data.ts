import type { AcceptedCrl } from './types.ts';

/**
 * The index of all CRLs in force, as plain data: large parts are in shared memory, so that sending it to a thread copies
 * nothing. It is never changed once it is built; the next one takes over the parts that stay the same.
 */
export interface RevocationData {
  /** Whether j runs up to jMax (DECISIONS D26). */
  readonly inclusiveJMax: boolean;
  /** The periods that were expanded, ascending. */
  readonly periods: readonly number[];
  /** In the order in which they were given. */
  readonly crls: readonly CrlIndex[];
}

/** What is known of a CRL besides its entries. */
export type CrlAbout = Omit<AcceptedCrl, 'hashes' | 'individuals' | 'singleSeeds' | 'groups' | 'groupSingleSeeds'>;

export interface CrlIndex {
  readonly about: CrlAbout;
  readonly hashes?: HashTable;
  /** Entries with a linkage value for each j. */
  readonly chains: readonly ChainColumns[];
  /** Group entries: what they come to depends on the certificate's own jValue. */
  readonly groups: readonly ChainColumns[];
  /** By period, ascending; none for periods that the CRL says nothing about. */
  readonly tables: readonly LinkageTable[];
}

/** Linkage entries of one kind, column by column. */
export interface ChainColumns {
  readonly count: number;
  /** Position in the CRL of the first of them. */
  readonly firstEntry: number;
  readonly chainsPerEntry: 1 | 2;
  /** la_id (2 octets) ‖ seed (16 octets) for each chain. */
  readonly chains: Uint8Array;
  /** The period that the seeds belong to: iRev, or a later one where they were moved on with the tables. */
  readonly period: number;
  readonly iMax: Uint16Array;
  /** Absent for groups. */
  readonly jMax?: Uint8Array;
  /** The latest iMax: later periods are none of this CRL's business. */
  readonly lastPeriod: number;
  /** Linkage values of a period in which all entries live; of groups, their number. */
  readonly values: number;
}

/**
 * The linkage values of one CRL and period, all nine octets of each, with the entry that each comes from. Values lie in buckets by their
 * leading bits; {@link LinkageTableReader} says how.
 */
export interface LinkageTable {
  readonly period: number;
  readonly count: number;
  /** Leading bits that choose a bucket. */
  readonly bucketBits: number;
  /** Leading bits that choose a partition: buckets that lie together, behind which there may be room that is not used. */
  readonly partitionBits: number;
  /** Where buckets begin: for each partition one more than it has buckets. */
  readonly offsets: Uint32Array;
  readonly records: Uint16Array;
}

/** HashedId10s in buckets by their leading bits, with the entry that each comes from. */
export interface HashTable {
  readonly count: number;
  readonly bucketBits: number;
  /** Where buckets begin, and the end of the last. */
  readonly offsets: Uint32Array;
  /** 10 octets each. */
  readonly ids: Uint8Array;
  readonly entries: Uint32Array;
}

/** Entries of a CRL that can be told apart in a table: 24 bits. */
export const MAX_TABLE_ENTRIES = 2 ** 24;

/** Octets that the index takes in memory, by what they are for. */
export interface IndexBytes {
  /** Linkage values, ready to be looked up. */
  readonly tables: number;
  /** Seeds and their limits, for later periods. */
  readonly chains: number;
  readonly hashes: number;
}

export function bytesOf({ crls }: RevocationData): IndexBytes {
  const sum = (arrays: readonly (ArrayBufferView | undefined)[]): number =>
    arrays.reduce((total, array) => total + (array?.byteLength ?? 0), 0);
  return {
    tables: sum(crls.flatMap(({ tables }) => tables.flatMap((t) => [t.offsets, t.records]))),
    chains: sum(
      crls.flatMap(({ chains, groups }) => [...chains, ...groups].flatMap((c) => [c.chains, c.iMax, c.jMax])),
    ),
    hashes: sum(crls.flatMap(({ hashes }) => (hashes ? [hashes.offsets, hashes.ids, hashes.entries] : []))),
  };
}
