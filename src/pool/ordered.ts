/**
 * Results that finish in any order, handed out in the order of their input, as many at a time as are ready.
 */
export class OrderedResults<T extends {}> {
  /** Results from `start` on, undefined where one is not ready; those before `next` have been handed out. */
  private window: (T | undefined)[] = [];
  private start = 0;
  private next = 0;
  private wake: (() => void) | undefined;
  private failure: { readonly error: unknown } | undefined;
  private total: number | undefined;
  private ending: { readonly error: unknown } | undefined;

  /** How many results were handed out. */
  get delivered(): number {
    return this.next;
  }

  set(index: number, result: T): void {
    const { window } = this;
    const place = index - this.start;
    // Filled up to there: an array with holes is slow.
    while (window.length <= place) window.push(undefined);
    window[place] = result;
    if (index === this.next) this.notify();
  }

  /** Says how many results there will be; whoever has taken them all gets the error, if there is one. */
  end(total: number, ending?: { readonly error: unknown }): void {
    if (this.total !== undefined) return;
    this.total = total;
    this.ending = ending;
    this.notify();
  }

  /** Ends at once: what is ready is not handed out any more. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.notify();
  }

  /** The next results in order, at least one; undefined after the last. Rejects with what {@link fail} was given. */
  async take(): Promise<T[] | undefined> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      const results = this.takeReady();
      if (results.length > 0) return results;
      if (this.next === this.total) {
        if (this.ending) throw this.ending.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private takeReady(): T[] {
    const { window } = this;
    const first = this.next - this.start;
    let end = first;
    while (end < window.length && window[end] !== undefined) end++;
    const results = window.slice(first, end) as T[];
    this.next += results.length;
    if (2 * end > window.length) {
      this.window = window.slice(end);
      this.start = this.next;
    }
    return results;
  }

  private notify(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
