import { DEFAULT_TOLERANCE_SECONDS } from '../revocation/crl-rules.ts';
import type { RevocationAnswer } from '../revocation/types.ts';
import { CODES, type Failure, type RevocationState, type Verdict } from '../verdict/index.ts';
import type { Policy } from './types.ts';

/** Time and policy that answers of CRLs are judged under: the same for a whole batch. */
export interface RevocationRules {
  /** The time of judgement, seconds of TAI since 2004. */
  readonly at: number;
  readonly toleranceSeconds: number;
  readonly overdue: NonNullable<Policy['overdue']>;
  readonly requireCrl: boolean;
}

export function revocationRules(at: bigint, policy: Policy): RevocationRules {
  const { overdueToleranceSeconds: toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, overdue = 'undecided' } = policy;
  return { at: Number(at) / 1e6, toleranceSeconds, overdue, requireCrl: policy.requireCrl ?? false };
}

type OwnState = RevocationAnswer['state'];

/**
 * What the CRLs say of a certificate and of every one above it. Time and policy are not in it, so that it stays true as long
 * as trust and CRLs do; many certificates of an issuer share one.
 */
export class Standing {
  readonly own: RevocationAnswer;
  readonly above: Standing | undefined;
  /** Whether a CRL has to cover it where CRLs are required: none has to for an anchor, which is trusted by decision. */
  private readonly isRequired: boolean;
  /** The earliest of the chain, Time32; Infinity where no CRL covers anything. */
  private readonly nextCrl: number;
  private readonly state: Exclude<RevocationState, 'overdue'>;
  private readonly isCovered: boolean;
  /** Leniencies without which some CRL that was asked would have been refused, for the verdict to name. */
  readonly lenient: Pick<Verdict, 'lenient'>;

  constructor(own: RevocationAnswer, above: Standing | undefined, isRequired = true) {
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

  /** Whether nothing here speaks against an item. */
  passes(rules: RevocationRules): boolean {
    if (this.state === 'revoked' || this.state === 'notEvaluated') return false;
    if (rules.requireCrl && !this.isCovered) return false;
    return rules.overdue === 'ignore' || rules.at <= this.nextCrl + rules.toleranceSeconds;
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
    for (let one: Standing | undefined = this; one !== undefined; one = one.above, at++) {
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
    for (let one: Standing | undefined = this; one !== undefined; one = one.above, at++) {
      if (one.own.state === 'revoked') found = { revokedBy: { ...one.own.hit, depth: at } };
    }
    return found;
  }

  private ownFailure(rules: RevocationRules, stands: boolean): Omit<Failure, 'depth'> | undefined {
    const { own } = this;
    if (own.state === 'revoked') {
      const { rule, entry, source, craca, series } = own.hit;
      const detail = `${rule}, entry ${entry} of ${source} (craca ${craca}, series ${series})`;
      return { code: 'certificateRevoked', detail };
    }
    if (own.state === 'notChecked') {
      if (!rules.requireCrl || !this.isRequired) return undefined;
      return { code: 'revocationNotChecked', detail: 'no CRL of its root covers its cracaId and crlSeries' };
    }
    const days = (rules.at - own.nextCrl) / 86_400;
    if (rules.overdue !== 'ignore' && rules.at > own.nextCrl + rules.toleranceSeconds) {
      const code = rules.overdue === 'reject' ? 'overdueCRLRejected' : 'overdueCRL';
      return { code, detail: `${Math.floor(days)} days past nextCrl` };
    }
    return own.state === 'notEvaluated' && stands ? { code: 'revocationNotEvaluated', detail: own.detail } : undefined;
  }

  private has(state: OwnState): boolean {
    for (let one: Standing | undefined = this; one !== undefined; one = one.above) {
      if (one.own.state === state) return true;
    }
    return false;
  }
}
