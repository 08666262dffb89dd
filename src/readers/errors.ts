/** An input that cannot be read at all, or not any further. What single records get wrong is said in the record. */
export class ReaderError extends Error {
  readonly source: string;
  /** Byte of the source, unpacked; 0 if it could not be opened. */
  readonly offset: number;

  /** @param offset `undefined` where no byte of the source is to blame: it is not named then. */
  constructor(source: string, offset: number | undefined, problem: string, options?: ErrorOptions) {
    super(offset ? `${source}, byte ${offset}: ${problem}` : `${source}: ${problem}`, options);
    this.name = 'ReaderError';
    this.source = source;
    this.offset = offset ?? 0;
  }
}

/** What the operating system says, without the call and the path that Node appends: the error names the source itself. */
export function systemProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+( '.*')?$/s, '');
}
