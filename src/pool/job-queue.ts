/** Runs jobs one at a time: urgent ones before those that wait, otherwise in the order in which they were handed in. */
export class JobQueue {
  private readonly waiting: (() => Promise<void>)[] = [];
  private readonly urgent: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  /** Jobs that have not ended, the running one included. */
  get length(): number {
    return this.urgent.length + this.waiting.length + (this.running ? 1 : 0);
  }

  /** Settles as the job does. */
  add<T>(job: () => Promise<T>, isUrgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      (isUrgent ? this.urgent : this.waiting).push(() => job().then(resolve, reject));
      if (this.running === undefined) this.next();
    });
  }

  /** Resolves once no job is left. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private next(): void {
    const job = this.urgent.shift() ?? this.waiting.shift();
    this.running = job?.().then(() => this.next());
  }
}
