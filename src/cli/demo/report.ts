/** The result of the demonstration. */

/** Counts and rate of one part of the run. */
export interface Stretch {
  readonly items: number;
  readonly valid: number;
  readonly invalid: number;
  readonly undecided: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly rate: number;
}

/** How much was issued, and how long that took. */
export interface Made {
  readonly seed: string;
  readonly certificates: number;
  readonly badCertificates: number;
  readonly messages: number;
  readonly badMessages: number;
  readonly senders: number;
  readonly special: number;
  readonly seconds: number;
  readonly rate: number;
}

/** The result of a run; `--format json` prints it. */
export interface DemoReport {
  readonly made: Made;
  readonly kernel: string;
  readonly threads: number;
  readonly certificates: Stretch;
  readonly messages: Stretch;
  /** Faults that need trust or settings of their own. */
  readonly special: Stretch;
  readonly verdicts: number;
  readonly asExpected: number;
  /** Verdicts that are not as expected, in words. */
  readonly differences: readonly string[];
  /** `interrupted` or `terminated` if a signal ended it early. */
  readonly incomplete?: string;
}
