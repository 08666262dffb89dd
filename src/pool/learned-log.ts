import { type PackedLists, packLists } from './wire.ts';

/**
 * What the threads of a lane have learned, for the next one should this one die. Holds as many signer lists as the store in
 * the thread can; what was learned last stays. Octets are kept as texts of as many characters: so a list is its own key.
 */
export class LearnedLog {
  private readonly capacity: number;
  private readonly lists = new Set<string>();
  /** Goes on where it stopped: a new iterator would walk over everything that was forgotten, every time. */
  private oldest: Iterator<string> | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add({ octets, lengths }: PackedLists): void {
    const { buffer, byteOffset, byteLength } = octets;
    const text = Buffer.from(buffer, byteOffset, byteLength);
    let at = 0;
    for (const length of lengths) {
      // A list that is used or learned again moves to the end, as it does in the thread.
      const list = text.toString('latin1', at, at + length);
      at += length;
      this.lists.delete(list);
      this.lists.add(list);
      if (this.lists.size > this.capacity) this.forgetOldest();
    }
  }

  /** In the order in which they were last used. */
  all(): PackedLists {
    return packLists([...this.lists].map((list) => Buffer.from(list, 'latin1')));
  }

  private forgetOldest(): void {
    this.oldest ??= this.lists.values();
    this.lists.delete(this.oldest.next().value as string);
  }
}
