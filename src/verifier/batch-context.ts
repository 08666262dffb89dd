import type { RuleBook } from '../rules/index.ts';
import { type BatchReceiver, receiverOf } from './receiver.ts';
import { type RevocationRules, revocationRules } from './revocation-status.ts';
import type { Policy } from './types.ts';

/** Revisions that verdicts name. */
export interface Revisions {
  readonly trustRevision: number;
  readonly crlRevision: number;
}

/** What the items of a batch are verified under: one reading of the clock, one policy. */
export class BatchContext implements Revisions {
  readonly at: bigint;
  readonly policy: Policy;
  /** Time and policy as the rules on messages and certificates read them, and as those on revocation do. */
  readonly receiver: BatchReceiver;
  readonly rules: RevocationRules;
  readonly trustRevision: number;
  readonly crlRevision: number;
  private readonly aboutCrls: Policy;
  private readonly book: RuleBook;

  /** @param aboutCrls The policy that revocation is seen under. */
  constructor(at: bigint, policy: Policy, aboutCrls: Policy, book: RuleBook, revisions: Revisions) {
    this.at = at;
    this.policy = policy;
    this.aboutCrls = aboutCrls;
    this.book = book;
    this.receiver = receiverOf(at, policy);
    this.rules = revocationRules(at, aboutCrls, book);
    this.trustRevision = revisions.trustRevision;
    this.crlRevision = revisions.crlRevision;
  }

  /** The same at the time of an item; its own if it has none. */
  for(at: bigint | undefined): BatchContext {
    if (at === undefined || at === this.at) return this;
    return new BatchContext(at, this.policy, this.aboutCrls, this.book, this);
  }
}
