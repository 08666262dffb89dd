import type { FailureCode, Stage } from '../verdict/index.ts';

/** A rule that failed, before anybody knows at which depth of a chain. */
export interface Finding {
  readonly code: FailureCode;
  /** The values compared, in words. */
  readonly detail: string;
  /** Where the rule belongs to another stage than its code usually does. */
  readonly stage?: Stage;
  /** As in `Failure`. */
  readonly surplus?: true;
}
