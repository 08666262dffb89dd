import type { HashTable } from './index-data.ts';
import { leadingBits, wordAt } from './linkage-table.ts';
import { sharedOctets, sharedUint32 } from './shared-arrays.ts';
import type { HashEntries } from './types.ts';

/** Octets of a HashedId10. */
export const HASHED_ID_OCTETS = 10;

/** Hashes a bucket, about. */
const BUCKET_HASHES = 4;
const MAX_BUCKET_BITS = 24;

export function buildHashTable({ count, ids }: HashEntries): HashTable {
  const bucketBits = Math.min(MAX_BUCKET_BITS, Math.max(0, Math.round(Math.log2(count / BUCKET_HASHES))));
  const buckets = 2 ** bucketBits;
  const offsets = sharedUint32(buckets + 1);
  const bucketOf = (entry: number): number => leadingBits(wordAt(ids, entry * HASHED_ID_OCTETS), bucketBits);
  for (let entry = 0; entry < count; entry++) (offsets[bucketOf(entry) + 1] as number)++;
  for (let bucket = 0; bucket < buckets; bucket++) (offsets[bucket + 1] as number) += offsets[bucket] as number;
  const next = offsets.slice();
  const sorted = sharedOctets(count * HASHED_ID_OCTETS);
  const entries = sharedUint32(count);
  for (let entry = 0; entry < count; entry++) {
    const bucket = bucketOf(entry);
    const to = next[bucket] as number;
    next[bucket] = to + 1;
    const from = entry * HASHED_ID_OCTETS;
    sorted.set(ids.subarray(from, from + HASHED_ID_OCTETS), to * HASHED_ID_OCTETS);
    entries[to] = entry;
  }
  return { count, bucketBits, offsets, ids: sorted, entries };
}

/** The first entry that names a HashedId10, or −1. Inside a bucket entries are in their order. */
export function findHash({ bucketBits, offsets, ids, entries }: HashTable, id: Uint8Array): number {
  if (id.length !== HASHED_ID_OCTETS) throw new RangeError(`a HashedId10 of ${id.length} octets`);
  const bucket = leadingBits(wordAt(id, 0), bucketBits);
  const end = offsets[bucket + 1] as number;
  for (let i = offsets[bucket] as number; i < end; i++) {
    if (equalsAt(ids, i * HASHED_ID_OCTETS, id)) return entries[i] as number;
  }
  return -1;
}

export function equalsAt(octets: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (octets[offset + i] !== wanted[i]) return false;
  return true;
}
