import { WORDS_PER_VALUE } from '../kernel/linkage-kernel.ts';
import type { LinkageTable } from './index-data.ts';
import { isShort, leadingBits, offsetsLength, recordLength, shapeOf } from './linkage-table.ts';
import { sharedInt32, sharedOctets, sharedUint16, sharedUint32 } from './shared-arrays.ts';

/**
 * A table that threads are writing. First every value goes into its partition, wherever there is room; then each partition is
 * sorted into its buckets. All of it in the table's own memory, which therefore is all that a build needs.
 */
export interface OpenTable {
  readonly table: LinkageTable;
  /** Octet 1 of each value of a table with short records: the partition says octet 0, the bucket will say both. */
  readonly seconds: Uint8Array;
  /** Where partitions begin, and the end of the last. */
  readonly starts: Uint32Array;
  /** Values that each partition has been given, those that found no room included. */
  readonly filled: Int32Array;
}

/** Room beyond the expected number, in standard deviations: one table in some ten thousand is made again. */
const SPARE_DEVIATIONS = 5;
const SPARE_VALUES = 8;

/** `sizes`: values of each partition where they are known already. */
export function openTable(period: number, count: number, sizes?: Int32Array): OpenTable {
  const shape = shapeOf(count);
  const partitions = 2 ** shape.partitionBits;
  const starts = sharedUint32(partitions + 1);
  const mean = count / partitions;
  const expected = partitions === 1 ? count : Math.ceil(mean + SPARE_DEVIATIONS * Math.sqrt(mean)) + SPARE_VALUES;
  for (let p = 0; p < partitions; p++) starts[p + 1] = (starts[p] as number) + (sizes?.[p] ?? expected);
  const room = starts[partitions] as number;
  return {
    table: {
      period,
      ...shape,
      offsets: sharedUint32(offsetsLength(shape)),
      records: sharedUint16(room * recordLength(shape)),
    },
    seconds: sharedOctets(isShort(shape) ? room : 0),
    starts,
    filled: sharedInt32(partitions),
  };
}

/** Whether some partition was given more than it has room for: its `filled` then is what it needs. */
export function overflowed({ starts, filled }: OpenTable): boolean {
  return filled.some((count, p) => count > (starts[p + 1] as number) - (starts[p] as number));
}

/** Puts values into partitions. One for each thread; room is shared out between threads by counting atomically. */
export class Scatterer {
  private counts = new Int32Array(0);
  private places = new Int32Array(0);

  /** `words`: three a value, see `linkage-table.ts`. */
  scatter(open: OpenTable, words: Uint32Array, count: number): void {
    this.reserve(open, words, count);
    const { places } = this;
    const { table, seconds } = open;
    const { partitionBits, records } = table;
    const [length, short] = [recordLength(table), isShort(table)];
    for (let v = 0, w = 0; v < count; v++, w += WORDS_PER_VALUE) {
      const high = words[w] as number;
      const low = words[w + 1] as number;
      const tail = words[w + 2] as number;
      const p = leadingBits(high, partitionBits);
      const place = places[p] as number;
      if (place < 0) continue;
      places[p] = place + 1;
      const at = place * length;
      records[at] = low >>> 16;
      records[at + 1] = high & 0xffff;
      records[at + 2] = low & 0xffff;
      records[at + 3] = tail >>> 16;
      records[at + 4] = tail & 0xffff;
      if (short) seconds[place] = (high >>> 16) & 0xff;
      else records[at + 5] = high >>> 16;
    }
  }

  /** Takes room in each partition; −1 for a partition that has not enough left. */
  private reserve({ table, starts, filled }: OpenTable, words: Uint32Array, count: number): void {
    const { partitionBits } = table;
    const partitions = 2 ** partitionBits;
    if (this.counts.length < partitions) {
      this.counts = new Int32Array(partitions);
      this.places = new Int32Array(partitions);
    }
    const { counts, places } = this;
    counts.fill(0);
    for (let v = 0, w = 0; v < count; v++, w += WORDS_PER_VALUE) {
      (counts[leadingBits(words[w] as number, partitionBits)] as number)++;
    }
    for (let p = 0; p < partitions; p++) {
      const some = counts[p] as number;
      const before = some === 0 ? 0 : Atomics.add(filled, p, some);
      const at = (starts[p] as number) + before;
      places[p] = at + some <= (starts[p + 1] as number) ? at : -1;
    }
  }
}

/** Sorts partitions into buckets. One for each thread. */
export class BucketSorter {
  /** Where the next record of each bucket goes. */
  private next = new Uint32Array(0);
  private bucketOf = new Uint32Array(0);
  private records = new Uint16Array(0);

  sort(open: OpenTable, partition: number): void {
    const { table, starts, filled } = open;
    const start = starts[partition] as number;
    const count = filled[partition] as number;
    const length = recordLength(table);
    const buckets = 2 ** (table.bucketBits - table.partitionBits);
    this.makeRoom(count, length, buckets);
    this.chooseBuckets(open, start, count);
    this.setOffsets(table.offsets, partition * (buckets + 1), start, buckets);
    const { next, bucketOf, records } = this;
    const sorted = table.records;
    records.set(sorted.subarray(start * length, (start + count) * length));
    for (let i = 0, from = 0; i < count; i++, from += length) {
      const bucket = bucketOf[i] as number;
      const place = next[bucket] as number;
      next[bucket] = place + 1;
      const to = place * length;
      for (let half = 0; half < length; half++) sorted[to + half] = records[from + half] as number;
    }
  }

  /** The bucket of each record, inside its partition; counts of them one place up in `next`. */
  private chooseBuckets({ table, seconds }: OpenTable, start: number, count: number): void {
    const { next, bucketOf } = this;
    const { records } = table;
    const bits = table.bucketBits - table.partitionBits;
    const [length, short] = [recordLength(table), isShort(table)];
    for (let i = 0, at = start * length; i < count; i++, at += length) {
      const high = short
        ? ((seconds[start + i] as number) << 24) | ((records[at + 1] as number) << 8) | ((records[at] as number) >>> 8)
        : ((records[at + 5] as number) << 16) | (records[at + 1] as number);
      const bucket = leadingBits(high, bits);
      bucketOf[i] = bucket;
      (next[bucket + 1] as number)++;
    }
  }

  private setOffsets(offsets: Uint32Array, block: number, start: number, buckets: number): void {
    const { next } = this;
    let at = start;
    for (let bucket = 0; bucket <= buckets; bucket++) {
      at += next[bucket] as number;
      next[bucket] = at;
      offsets[block + bucket] = at;
    }
  }

  private makeRoom(count: number, length: number, buckets: number): void {
    if (this.bucketOf.length < count) this.bucketOf = new Uint32Array(count);
    if (this.records.length < count * length) this.records = new Uint16Array(count * length);
    if (this.next.length < buckets + 1) this.next = new Uint32Array(buckets + 1);
    this.next.fill(0, 0, buckets + 1);
  }
}
