/** An input that cannot be read at all, or not any further. What single records get wrong is said in the record. */
export class ReaderError extends Error {
  readonly source: string;
  /** Octet offset in the (decompressed) source. */
  readonly offset: number;

  constructor(source: string, offset: number, problem: string, options?: ErrorOptions) {
    super(`${source}, octet ${offset}: ${problem}`, options);
    this.name = 'ReaderError';
    this.source = source;
    this.offset = offset;
  }
}

/** What the operating system says, without the call and the path that Node appends: the error names the source itself. */
export function systemProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+( '.*')?$/s, '');
}
