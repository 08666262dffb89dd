import { WORDS_PER_VALUE } from '../kernel/linkage-kernel.ts';
import type { LinkageTable } from './index-data.ts';
import { isNarrow, leadingBits, offsetsLength, shapeOf } from './linkage-table.ts';
import { sharedInt32, sharedOctets, sharedUint16, sharedUint32 } from './shared-arrays.ts';

/**
 * A table that threads are writing. First every value goes into its partition, wherever there is room; then each partition is
 * sorted into its buckets. All of it in the table's own memory, which therefore is all that a build needs.
 */
export interface OpenTable {
  readonly table: LinkageTable;
  /** Octet 1 of each value of a narrow table: its partition says octet 0, its bucket will say both. */
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
  const narrow = isNarrow(shape);
  return {
    table: {
      period,
      ...shape,
      offsets: sharedUint32(offsetsLength(shape)),
      keys: sharedUint32(room),
      mids: narrow ? sharedUint16(room) : sharedUint32(room),
      tails: sharedUint32(room),
    },
    seconds: sharedOctets(narrow ? room : 0),
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
    const { partitionBits } = open.table;
    this.reserve(open, words, count);
    const { places } = this;
    const { keys, mids, tails } = open.table;
    const { seconds } = open;
    const narrow = isNarrow(open.table);
    for (let v = 0, w = 0; v < count; v++, w += WORDS_PER_VALUE) {
      const high = words[w] as number;
      const low = words[w + 1] as number;
      const p = leadingBits(high, partitionBits);
      const at = places[p] as number;
      if (at < 0) continue;
      places[p] = at + 1;
      tails[at] = words[w + 2] as number;
      if (narrow) {
        keys[at] = (high << 16) | (low >>> 16);
        mids[at] = low & 0xffff;
        seconds[at] = high >>> 16;
      } else {
        keys[at] = high;
        mids[at] = low;
      }
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
  private next = new Uint32Array(0);
  private keys = new Uint32Array(0);
  private mids = new Uint32Array(0);
  private tails = new Uint32Array(0);
  private buckets = new Uint32Array(0);

  sort({ table, seconds, starts, filled }: OpenTable, partition: number): void {
    const { bucketBits, partitionBits, offsets } = table;
    const bits = bucketBits - partitionBits;
    const buckets = 2 ** bits;
    const start = starts[partition] as number;
    const count = filled[partition] as number;
    this.copy(table, start, count, buckets);
    const { next, keys, mids, tails, buckets: bucketOf } = this;
    next.fill(0, 0, buckets + 1);
    const narrow = isNarrow(table);
    for (let i = 0; i < count; i++) {
      const key = keys[i] as number;
      const word = narrow ? ((seconds[start + i] as number) << 24) | (key >>> 8) : key;
      const bucket = leadingBits(word, bits);
      bucketOf[i] = bucket;
      (next[bucket + 1] as number)++;
    }
    const block = partition * (buckets + 1);
    let at = start;
    for (let bucket = 0; bucket <= buckets; bucket++) {
      at += next[bucket] as number;
      next[bucket] = at;
      offsets[block + bucket] = at;
    }
    for (let i = 0; i < count; i++) {
      const bucket = bucketOf[i] as number;
      const to = next[bucket] as number;
      next[bucket] = to + 1;
      table.keys[to] = keys[i] as number;
      table.mids[to] = mids[i] as number;
      table.tails[to] = tails[i] as number;
    }
  }

  private copy(table: LinkageTable, start: number, count: number, buckets: number): void {
    if (this.keys.length < count) {
      this.keys = new Uint32Array(count);
      this.mids = new Uint32Array(count);
      this.tails = new Uint32Array(count);
      this.buckets = new Uint32Array(count);
    }
    if (this.next.length < buckets + 1) this.next = new Uint32Array(buckets + 1);
    this.keys.set(table.keys.subarray(start, start + count));
    this.mids.set(table.mids.subarray(start, start + count));
    this.tails.set(table.tails.subarray(start, start + count));
  }
}
