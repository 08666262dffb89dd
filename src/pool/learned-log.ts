import { sameSpan, wordsHash } from '../verifier/octets.ts';
import { type PackedLists, packLists } from './wire.ts';

/** A list where it was packed, and the one before it in {@link LearnedLog} of the same hash. */
interface Entry {
  readonly octets: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly other: Entry | undefined;
}

/**
 * What the threads of a worker have learned, for the next one should this one die. Holds as many signer lists as the store in
 * the thread can; what was learned last stays. What comes is kept as it came, because hardly ever will anybody ask: lists
 * are compared only when twice as many have come as are to be kept.
 */
export class LearnedLog {
  private readonly capacity: number;
  private packs: PackedLists[] = [];
  /** Lists that it holds, one that came again as often as it came. */
  size = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(lists: PackedLists): void {
    const { length } = lists.lengths;
    if (length === 0) return;
    this.packs.push(lists);
    this.size += length;
    if (this.size > 2 * this.capacity) this.compact();
  }

  /** Each list once, in the order in which they were last used. */
  all(): PackedLists {
    this.compact();
    return this.packs[0] ?? packLists([]);
  }

  private compact(): void {
    const entries = this.latest();
    this.packs = entries.length > 0 ? [packLists(entries.reverse().map(octetsOf))] : [];
    this.size = entries.length;
  }

  /** The lists that were used last, each once, the last one first. */
  private latest(): Entry[] {
    const latest: Entry[] = [];
    const byHash = new Map<number, Entry>();
    for (let p = this.packs.length - 1; p >= 0; p--) {
      const { octets, lengths } = this.packs[p] as PackedLists;
      let start = octets.length;
      for (let k = lengths.length - 1; k >= 0; k--) {
        if (latest.length === this.capacity) return latest;
        const length = lengths[k] as number;
        start -= length;
        const hash = wordsHash(octets, start, length);
        const other = byHash.get(hash);
        const entry = { octets, start, length, other };
        if (isAmong(entry, other)) continue;
        byHash.set(hash, entry);
        latest.push(entry);
      }
    }
    return latest;
  }
}

function isAmong({ octets, start, length }: Entry, others: Entry | undefined): boolean {
  for (let one = others; one !== undefined; one = one.other) {
    if (one.length === length && sameSpan(octets, start, one.octets, one.start, length)) return true;
  }
  return false;
}

function octetsOf({ octets, start, length }: Entry): Uint8Array {
  return octets.subarray(start, start + length);
}
