import { DEFAULT_TOLERANCE_SECONDS, type RevocationAnswer } from '../revocation/index.ts';

import { type RevocationFacts, RULE_BOOK, type RuleBook } from '../rules/index.ts';
import { CODES, type Failure, type RevocationState, type Verdict } from '../verdict/index.ts';
import type { Policy } from './types.ts';

/** Time and policy that answers of CRLs are verified under: the same for a whole batch. */
export interface RevocationRules {
  /** The time of verification, seconds of TAI since 2004. */
  readonly at: number;
  readonly toleranceSeconds: number;
  readonly overdue: NonNullable<Policy['overdue']>;
  readonly requireCrl: boolean;
  readonly list: RuleBook['revocation'];
}

export function revocationRules(at: bigint, policy: Policy, { revocation: list } = RULE_BOOK): RevocationRules {
  const { overdueToleranceSeconds: toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, overdue = 'undecided' } = policy;
  return { at: Number(at) / 1e6, toleranceSeconds, overdue, requireCrl: policy.requireCrl ?? false, list };
}

type OwnState = RevocationAnswer['state'];

/**
 * What the CRLs say of a certificate and of every one above it. Time and policy are not in it, so that it stays true as long
 * as trust and CRLs do; many certificates of an issuer share one.
 */
export class RevocationStatus {
  readonly own: RevocationAnswer;
  readonly above: RevocationStatus | undefined;
  /** Whether a CRL has to cover it where CRLs are required: none has to for an anchor, which is trusted by decision. */
  private readonly isRequired: boolean;
  /** The earliest of the chain, Time32; Infinity where no CRL covers anything. */
  private readonly nextCrl: number;
  private readonly state: Exclude<RevocationState, 'overdue'>;
  private readonly isCovered: boolean;
  private askedUnder: RevocationRules | undefined = undefined;
  private passed = false;
  /** Leniencies without which some CRL that was asked would have been refused, for the verdict to name. */
  readonly lenient: Pick<Verdict, 'lenient'>;

  constructor(own: RevocationAnswer, above: RevocationStatus | undefined, isRequired = true) {
    this.own = own;
    this.above = above;
    this.isRequired = isRequired;
    const ownNext = own.state === 'notChecked' ? Number.POSITIVE_INFINITY : own.nextCrl;
    const lenient = new Set([
      ...(own.state === 'notChecked' ? [] : (own.lenient ?? [])),
      ...(above?.lenient.lenient ?? []),
    ]);
    this.lenient = lenient.size > 0 ? { lenient: [...lenient].sort() } : {};
    this.nextCrl = Math.min(ownNext, above?.nextCrl ?? Number.POSITIVE_INFINITY);
    this.isCovered = (own.state !== 'notChecked' || !isRequired) && (above?.isCovered ?? true);
    this.state = this.has('revoked')
      ? 'revoked'
      : this.has('notEvaluated')
        ? 'notEvaluated'
        : own.state === 'notChecked' || this.isCovered
          ? own.state
          : 'issuersNotChecked';
  }

  /** False where asking again may tell more, because a period may be expanded meanwhile. */
  get isEvaluated(): boolean {
    return !this.has('notEvaluated');
  }

  /** Whether an item that breaks no other rule has no {@link failures} here either. Found out once for each batch. */
  passes(rules: RevocationRules): boolean {
    if (this.askedUnder !== rules) {
      this.askedUnder = rules;
      this.passed = this.failures(0, rules, true).length === 0;
    }
    return this.passed;
  }

  /** What verdicts say of it. */
  stateUnder(rules: RevocationRules): RevocationState {
    const { state } = this;
    if (state === 'revoked' || state === 'notEvaluated' || rules.overdue === 'ignore') return state;
    return rules.at > this.nextCrl + rules.toleranceSeconds ? 'overdue' : state;
  }

  isOverdue(rules: RevocationRules): boolean {
    return rules.at > this.nextCrl;
  }

  /**
   * Failed rules, the certificate's own at `depth`. That something is not evaluated counts only where nothing else is wrong
   * (`stands`): it is evaluated for what could be valid, and only for that (DECISIONS D22).
   */
  failures(depth: number, rules: RevocationRules, stands: boolean): Failure[] {
    const failures: Failure[] = [];
    let at = depth;
    for (let one: RevocationStatus | undefined = this; one !== undefined; one = one.above, at++) {
      const failure = one.ownFailure(rules, stands);
      if (failure !== undefined) failures.push({ ...failure, depth: at });
    }
    // What is lacking for one certificate of the chain cannot excuse what is known of another.
    const certain = failures.filter(({ code }) => CODES[code].verdict === 'invalid');
    return certain.length > 0 ? certain : failures;
  }

  /** What a verdict adds for a certificate that is revoked: the entry that says so, nearest to the root. */
  revokedBy(depth: number): Pick<Verdict, 'revokedBy'> {
    let found: Pick<Verdict, 'revokedBy'> = {};
    let at = depth;
    for (let one: RevocationStatus | undefined = this; one !== undefined; one = one.above, at++) {
      if (one.own.state === 'revoked') found = { revokedBy: { ...one.own.hit, depth: at } };
    }
    return found;
  }

  /** What the rules read of the certificate's own answer. */
  factsUnder(rules: RevocationRules, isValidOtherwise: boolean): RevocationFacts {
    const { at: atSeconds, toleranceSeconds, overdue, requireCrl } = rules;
    const { own: answer, isRequired } = this;
    return { answer, isRequired, atSeconds, toleranceSeconds, overdue, requireCrl, isValidOtherwise };
  }

  /** The first rule that the certificate's own answer breaks. */
  private ownFailure(rules: RevocationRules, isValidOtherwise: boolean): Omit<Failure, 'depth'> | undefined {
    const facts = this.factsUnder(rules, isValidOtherwise);
    for (const rule of rules.list) {
      const [finding] = rule.findings(facts);
      if (finding !== undefined) return finding;
    }
    return undefined;
  }

  private has(state: OwnState): boolean {
    for (let one: RevocationStatus | undefined = this; one !== undefined; one = one.above) {
      if (one.own.state === state) return true;
    }
    return false;
  }
}
