/**
 * Results that finish in any order, handed out in the order of their input, as many at a time as are ready.
 */
export class OrderedResults<T> {
  private readonly ready = new Map<number, T>();
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
    this.ready.set(index, result);
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
      const results: T[] = [];
      while (this.ready.has(this.next)) {
        results.push(this.ready.get(this.next) as T);
        this.ready.delete(this.next++);
      }
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

  private notify(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
