import { octetKey } from '../verifier/octets.ts';

/**
 * What the threads of a lane have learned, for the next one should this one die. Holds as many signer lists as the store in
 * the thread can; what was learned last stays.
 */
export class LearnedLog {
  private readonly capacity: number;
  private readonly lists = new Map<string, Uint8Array>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(learned: readonly Uint8Array[]): void {
    for (const list of learned) {
      // A list that is used or learned again moves to the end, as it does in the thread.
      const key = octetKey(list);
      this.lists.delete(key);
      this.lists.set(key, list);
      if (this.lists.size > this.capacity) this.lists.delete(this.lists.keys().next().value as string);
    }
  }

  /** In the order in which they were last used. */
  all(): Uint8Array[] {
    return [...this.lists.values()];
  }
}
