import type { RuleBook } from '../rules/index.ts';
import type { SignatureMemory } from './signature-memory.ts';

/** How much is computed. */
export interface Diligence {
  /** Also what no verdict needs (DECISIONS D44): for trust material, and if every error was asked for. */
  readonly isThorough: boolean;
  readonly memory?: SignatureMemory | undefined;
  /** Default: the rules of this program. */
  readonly book?: RuleBook;
}
