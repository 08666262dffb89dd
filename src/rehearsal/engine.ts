/** What answers in a rehearsal: the trust engine and the verifier, both for real. Tests put broken engines here. */
import type { applyBundle, createTrustState, TrustContext, TrustState } from '../trust/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { Item } from '../verifier/types.ts';

export interface Engine {
  readonly createTrustState: typeof createTrustState;
  readonly applyBundle: typeof applyBundle;
  readonly context: TrustContext;
  /** Judges items by what a state trusts. */
  judge(question: JudgeQuestion): Verdict[];
}

export interface JudgeQuestion {
  readonly state: TrustState;
  /** CA certificates that are at hand; they are trusted for nothing. */
  readonly help: readonly Uint8Array[];
  readonly items: readonly Item[];
  /** TAI microseconds. */
  readonly at: bigint;
}
