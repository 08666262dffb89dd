import type { LinkageTable } from './index-data.ts';

/**
 * A table of linkage values. The leading bits of a value choose its bucket, some ten values each; a bucket is searched from end to
 * end. A value is three words: octets 0–3, octets 4–7, and octet 8 above the 24 bits of its entry. They lie in columns, so that
 * a search reads one or two cache lines:
 *
 * | column | small tables (12 octets a value) | with 16 or more bits in the bucket (10 octets a value) |
 * |---|---|---|
 * | keys | octets 0–3 | octets 2–5: the bucket says the first two |
 * | mids | octets 4–7 | octets 6–7 |
 * | tails | octet 8 ‖ entry | octet 8 ‖ entry |
 *
 * Large tables are built in partitions, in place. A partition has a little more room than it is expected to need, hence the
 * offsets of each say where its last bucket ends.
 */

/** Values a bucket, about. */
const BUCKET_VALUES = 10;
/** Where buckets imply two octets of their values, which the columns then leave out. */
export const NARROW_BITS = 16;
const MAX_BUCKET_BITS = 28;
/** The octet that chooses a partition of a large table. */
const PARTITION_BITS = 8;

/** Positions are signed 32-bit integers to the engine. */
export const MAX_TABLE_VALUES = 2 ** 30;

export type TableShape = Pick<LinkageTable, 'count' | 'bucketBits' | 'partitionBits'>;

export function shapeOf(count: number): TableShape {
  if (count > MAX_TABLE_VALUES) {
    throw new RangeError(
      `${count} linkage values in one period of one CRL; at most ${MAX_TABLE_VALUES} fit into a table`,
    );
  }
  const bucketBits = Math.min(MAX_BUCKET_BITS, Math.max(0, Math.round(Math.log2(count / BUCKET_VALUES))));
  return { count, bucketBits, partitionBits: bucketBits < NARROW_BITS ? 0 : PARTITION_BITS };
}

export function isNarrow({ bucketBits }: Pick<LinkageTable, 'bucketBits'>): boolean {
  return bucketBits >= NARROW_BITS;
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
const ENTRY_MASK = 0xff_ffff;

/** Values that are searched for together: as many cache misses are under way at a time as the processor can have. */
const STRIDE = 64;

/** Finds linkage values. Each thread has one of its own over the same shared memory. */
export class LinkageTableReader {
  private readonly bucketBits: number;
  /** Buckets of a partition, as a number of bits. */
  private readonly partitionShift: number;
  private readonly narrow: boolean;
  private readonly offsets: Uint32Array;
  // As signed integers, which the engine compares without ever making a floating-point number of them.
  private readonly keys: Int32Array;
  private readonly mids: Uint16Array | Int32Array;
  private readonly tails: Int32Array;
  private readonly starts = new Int32Array(STRIDE);
  private readonly ends = new Int32Array(STRIDE);
  /** Written only: the engine would leave out reads that come to nothing. */
  private readonly fetched = new Int32Array(STRIDE);

  constructor(table: LinkageTable) {
    this.bucketBits = table.bucketBits;
    this.partitionShift = table.bucketBits - table.partitionBits;
    this.narrow = isNarrow(table);
    this.offsets = table.offsets;
    this.keys = signed(table.keys);
    this.mids = table.mids instanceof Uint32Array ? signed(table.mids) : table.mids;
    this.tails = signed(table.tails);
  }

  /**
   * The entry that a value comes from, or −1. Where several have the same value it is the first of them, whatever order threads
   * wrote them in.
   */
  find(octets: Uint8Array, offset: number): number {
    const high = wordAt(octets, offset);
    const at = this.blockOf(high);
    return this.search(octets, offset, high, this.offsets[at] as number, this.offsets[at + 1] as number);
  }

  /** The same for values that lie `stride` octets apart, which is faster: their memory is fetched at the same time. */
  findMany(octets: Uint8Array, offset: number, stride: number, count: number, entries: Int32Array): void {
    for (let from = 0; from < count; from += STRIDE) {
      const some = Math.min(STRIDE, count - from);
      this.fetch(octets, offset + from * stride, stride, some);
      for (let i = 0; i < some; i++) {
        const at = offset + (from + i) * stride;
        entries[from + i] = this.search(
          octets,
          at,
          wordAt(octets, at),
          this.starts[i] as number,
          this.ends[i] as number,
        );
      }
    }
  }

  /** Reads where buckets begin, then their first keys: reads that do not wait for one another. */
  private fetch(octets: Uint8Array, offset: number, stride: number, count: number): void {
    const { starts, ends, fetched, offsets, keys } = this;
    for (let i = 0; i < count; i++) {
      const at = this.blockOf(wordAt(octets, offset + i * stride));
      starts[i] = offsets[at] as number;
      ends[i] = offsets[at + 1] as number;
    }
    for (let i = 0; i < count; i++) {
      const [start, end] = [starts[i] as number, ends[i] as number];
      if (start < end) fetched[i] = (keys[start] as number) ^ (keys[end - 1] as number);
    }
  }

  private blockOf(high: number): number {
    const bucket = leadingBits(high, this.bucketBits);
    return bucket + (bucket >>> this.partitionShift);
  }

  private search(octets: Uint8Array, offset: number, high: number, start: number, end: number): number {
    const { keys, narrow } = this;
    const low = wordAt(octets, offset + 4);
    const key = narrow ? (high << 16) | (low >>> 16) : high;
    for (let i = start; i < end; i++) {
      if (keys[i] === key) {
        const entry = this.confirm(octets, offset, key, i, end);
        if (entry !== MISS) return entry;
      }
    }
    return MISS;
  }

  /** What few values come to: the rest of the octets, and of equal values the first entry. */
  private confirm(octets: Uint8Array, offset: number, key: number, from: number, end: number): number {
    const { keys, mids, tails } = this;
    const low = wordAt(octets, offset + 4);
    const mid = this.narrow ? low & 0xffff : low;
    const last = octets[offset + 8] as number;
    let entry = MISS;
    for (let i = from; i < end; i++) {
      const tail = tails[i] as number;
      if (keys[i] !== key || mids[i] !== mid || tail >>> 24 !== last) continue;
      const found = tail & ENTRY_MASK;
      if (entry === MISS || found < entry) entry = found;
    }
    return entry;
  }
}

function signed({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
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
