import type { LinkageTable } from './index-data.ts';

/**
 * A table of linkage values. The leading bits of a value choose its bucket, some ten values each, which lie together and are searched
 * from end to end: two places in memory are read for a look-up, one for where the bucket begins and one for the bucket. A value
 * is a record of half-words, those that tell values apart first:
 *
 * | half-word | 0 | 1 | 2 | 3 | 4 | 5 |
 * |---|---|---|---|---|---|---|
 * | what | octets 4–5 | octets 2–3 | octets 6–7 | octet 8 ‖ entry, high 8 bits | entry, low 16 bits | octets 0–1 |
 *
 * Where 16 or more bits choose the bucket, they say octets 0–1, and records end before those: 10 octets a value.
 *
 * Large tables are built in partitions, in place. A partition has a little more room than it is expected to need, hence the
 * offsets of each say where its last bucket ends.
 */

/** Values a bucket, about. */
const BUCKET_VALUES = 10;
/** From here on buckets imply the first two octets of their values. */
const SHORT_BITS = 16;
const MAX_BUCKET_BITS = 28;
/** The octet that chooses a partition of a large table. */
const PARTITION_BITS = 8;

const SHORT_RECORD = 5;
const LONG_RECORD = 6;

/** Half-words are counted by signed 32-bit integers, which the engine is quick with. */
export const MAX_TABLE_VALUES = 350_000_000;

export type TableShape = Pick<LinkageTable, 'count' | 'bucketBits' | 'partitionBits'>;

export function shapeOf(count: number): TableShape {
  if (count > MAX_TABLE_VALUES) {
    throw new RangeError(
      `${count} linkage values in one period of one CRL; at most ${MAX_TABLE_VALUES} fit into a table`,
    );
  }
  const bucketBits = Math.min(MAX_BUCKET_BITS, Math.max(0, Math.round(Math.log2(count / BUCKET_VALUES))));
  return { count, bucketBits, partitionBits: bucketBits < SHORT_BITS ? 0 : PARTITION_BITS };
}

/** Half-words of a record. */
export function recordLength({ bucketBits }: Pick<LinkageTable, 'bucketBits'>): number {
  return bucketBits >= SHORT_BITS ? SHORT_RECORD : LONG_RECORD;
}

/** Whether the table has large partitions, which octet 0 chooses, and records without octets 0–1. */
export function isShort(table: Pick<LinkageTable, 'bucketBits'>): boolean {
  return recordLength(table) === SHORT_RECORD;
}

export function offsetsLength({
  bucketBits,
  partitionBits,
}: Pick<LinkageTable, 'bucketBits' | 'partitionBits'>): number {
  return 2 ** bucketBits + 2 ** partitionBits;
}

/** Leading bits of a word; shifting by 32 would shift by none. */
export function leadingBits(word: number, bits: number): number {
  return (word >>> 1) >>> (31 - bits);
}

const MISS = -1;

/** Values that are searched for together: as many cache misses are under way at a time as the processor can have. */
const STRIDE = 64;
/** Half-words of a cache line. */
const LINE = 32;

/** Finds linkage values. Each thread has one of its own over the same shared memory. */
export class LinkageTableReader {
  private readonly bucketBits: number;
  /** Buckets of a partition, as a number of bits. */
  private readonly partitionShift: number;
  private readonly length: number;
  private readonly offsets: Uint32Array;
  private readonly records: Uint16Array;
  private readonly starts = new Int32Array(STRIDE);
  private readonly ends = new Int32Array(STRIDE);
  /** Written only: the engine would leave out reads that come to nothing. */
  private readonly fetched = new Int32Array(STRIDE);

  constructor(table: LinkageTable) {
    this.bucketBits = table.bucketBits;
    this.partitionShift = table.bucketBits - table.partitionBits;
    this.length = recordLength(table);
    this.offsets = table.offsets;
    this.records = table.records;
  }

  /**
   * The entry that a value comes from, or −1. Where several have the same value it is the first of them, whatever order threads
   * wrote them in.
   */
  find(octets: Uint8Array, offset: number): number {
    const at = this.blockOf(wordAt(octets, offset));
    const { length } = this;
    return this.search(
      octets,
      offset,
      (this.offsets[at] as number) * length,
      (this.offsets[at + 1] as number) * length,
    );
  }

  /** The same for values that lie `stride` octets apart, which is faster: their memory is fetched at the same time. */
  findMany(octets: Uint8Array, offset: number, stride: number, count: number, entries: Int32Array): void {
    for (let from = 0; from < count; from += STRIDE) {
      const some = Math.min(STRIDE, count - from);
      const first = offset + from * stride;
      this.fetch(octets, first, stride, some);
      for (let i = 0; i < some; i++) {
        entries[from + i] = this.search(octets, first + i * stride, this.starts[i] as number, this.ends[i] as number);
      }
    }
  }

  /** Reads where buckets begin, then every cache line of each: reads that do not wait for one another. */
  private fetch(octets: Uint8Array, offset: number, stride: number, count: number): void {
    const { starts, ends, fetched, offsets, records, length } = this;
    for (let i = 0; i < count; i++) {
      const at = this.blockOf(wordAt(octets, offset + i * stride));
      starts[i] = (offsets[at] as number) * length;
      ends[i] = (offsets[at + 1] as number) * length;
    }
    for (let i = 0; i < count; i++) {
      const last = (ends[i] as number) - 1;
      let any = 0;
      for (let at = starts[i] as number; at < last; at += LINE) any ^= records[at] as number;
      if (last >= 0) any ^= records[last] as number;
      fetched[i] = any;
    }
  }

  private blockOf(high: number): number {
    const bucket = leadingBits(high, this.bucketBits);
    return bucket + (bucket >>> this.partitionShift);
  }

  private search(octets: Uint8Array, offset: number, start: number, end: number): number {
    const { records, length } = this;
    const key = halfAt(octets, offset + 4);
    for (let at = start; at < end; at += length) {
      if (records[at] === key) {
        const entry = this.confirm(octets, offset, at, end);
        if (entry !== MISS) return entry;
      }
    }
    return MISS;
  }

  /** What few values come to: all octets of the record at hand and of those behind it; of equal values the first entry. */
  private confirm(octets: Uint8Array, offset: number, from: number, end: number): number {
    const { records, length } = this;
    let first = MISS;
    for (let at = from; at < end; at += length) {
      if (!this.equals(octets, offset, at)) continue;
      const entry = (((records[at + 3] as number) & 0xff) << 16) | (records[at + 4] as number);
      if (first === MISS || entry < first) first = entry;
    }
    return first;
  }

  private equals(octets: Uint8Array, offset: number, at: number): boolean {
    const { records, length } = this;
    return (
      records[at] === halfAt(octets, offset + 4) &&
      records[at + 1] === halfAt(octets, offset + 2) &&
      records[at + 2] === halfAt(octets, offset + 6) &&
      (records[at + 3] as number) >>> 8 === octets[offset + 8] &&
      (length === SHORT_RECORD || records[at + 5] === halfAt(octets, offset))
    );
  }
}

function halfAt(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number);
}

/** Four octets as a signed word. */
export function wordAt(octets: Uint8Array, at: number): number {
  return (
    ((octets[at] as number) << 24) |
    ((octets[at + 1] as number) << 16) |
    ((octets[at + 2] as number) << 8) |
    (octets[at + 3] as number)
  );
}
