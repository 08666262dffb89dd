import type { FailureCode } from '../verdict/index.ts';

/** A rule that failed, before anybody knows at which depth of a chain. */
export interface Finding {
  readonly code: FailureCode;
  /** The values compared, in words. */
  readonly detail: string;
}
