/**
 * A bounded set of texts. It forgets in halves, what was added and asked for longest ago first: to look for one oldest entry of a Map that
 * has lost many costs more than everything else here.
 */
export class RecentSet {
  private readonly half: number;
  private recent = new Set<string>();
  private before = new Set<string>();

  /** @param limit Most entries; at least the last half as many that were used are known. */
  constructor(limit: number) {
    this.half = Math.ceil(limit / 2);
  }

  get size(): number {
    return this.recent.size + this.before.size;
  }

  has(text: string): boolean {
    if (this.recent.has(text)) return true;
    if (!this.before.has(text)) return false;
    this.add(text);
    return true;
  }

  add(text: string): void {
    if (this.recent.size >= this.half && !this.recent.has(text)) {
      this.before = this.recent;
      this.recent = new Set();
    }
    this.recent.add(text);
  }
}
