import type { Machine } from './machine.ts';
import type { Row } from './rows.ts';

/** What is kept of a run. */
export interface Results {
  readonly machine: Machine;
  /** When, in UTC. */
  readonly takenAt: string;
  /** Whether it was hurried: such figures are no record. */
  readonly quick: boolean;
  /** What was left out, and why. */
  readonly notices: readonly string[];
  readonly rows: readonly Row[];
}
