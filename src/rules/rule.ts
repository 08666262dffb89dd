import { type Finding, MAX_FINDINGS } from '../certificates/index.ts';
import type { Failure, FailureCode, Stage } from '../verdict/index.ts';

export type { Finding };

/**
 * One rule, declared with the facts that it reads. `F` is the interface of all facts of its subject. The checks below are derived from
 * this declaration, and so are the templates of the fast path: a rule is written once.
 */
export interface Rule<F> {
  /** Unique among all rules. */
  readonly id: string;
  /** The codes that it can fail with. */
  readonly codes: readonly FailureCode[];
  /** Standard and clause, or the decision that asks for it. */
  readonly clause: string;
  /** Where in the chain: 0 the subject, 1 the signer of a message. */
  readonly depth: 0 | 1;
  /** Set if it belongs to another stage than its codes. */
  readonly stage?: Stage | undefined;
  /** Every fact that {@link holds}, {@link findings} and the two conditions read. */
  readonly reads: readonly (keyof F & string)[];
  /** The rule applies only if these facts are present (not undefined) … */
  readonly given: readonly (keyof F & string)[];
  /** … and these are absent. */
  readonly lacking: readonly (keyof F & string)[];
  /** Whether the facts keep the rule. In: facts to which it applies. */
  holds(facts: F): boolean;
  /** How the facts break the rule, at most {@link MAX_FINDINGS}; none if {@link holds}. In: facts to which it applies. */
  findings(facts: F): readonly Finding[];
}

const NO_FINDINGS: readonly Finding[] = [];

/** The declared facts, those of `given` present. */
export type FactsOf<F, K extends keyof F, G extends K> = { readonly [P in K]: P extends G ? NonNullable<F[P]> : F[P] };

interface Declaration<F, K extends keyof F & string, G extends K> {
  readonly id: string;
  readonly clause: string;
  readonly depth?: 0 | 1;
  readonly reads: readonly K[];
  readonly given?: readonly G[];
  readonly lacking?: readonly K[];
}

/** A rule that facts keep or break as a whole. */
export interface SingleRule<F, K extends keyof F & string, G extends K> extends Declaration<F, K, G> {
  readonly code: FailureCode;
  readonly stage?: Stage;
  holds(facts: FactsOf<F, K, G>): boolean;
  /** The values compared, in words; asked only of facts that break the rule. */
  detail(facts: FactsOf<F, K, G>): string;
}

/** A rule on each element of something: it holds if it has no failures. */
export interface ListRule<F, K extends keyof F & string, G extends K> extends Declaration<F, K, G> {
  readonly codes: readonly FailureCode[];
  failures(facts: FactsOf<F, K, G>): Iterable<Finding>;
}

/**
 * Gives the function that declares rules over the facts `F`. Its type lets a rule read what it declares, and nothing else.
 * A finding with a code that the rule does not declare throws.
 */
export function rulesOver<F>() {
  return <const K extends keyof F & string, const G extends K = never>(
    rule: SingleRule<F, K, G> | ListRule<F, K, G>,
  ): Rule<F> => {
    const { id, clause, depth = 0, reads, given = [], lacking = [] } = rule;
    const declared = { id, clause, depth, reads, given, lacking };
    type Read = FactsOf<F, K, G>;
    if ('holds' in rule) {
      const { code, stage } = rule;
      const findings = (facts: F): readonly Finding[] => {
        if (rule.holds(facts as unknown as Read)) return NO_FINDINGS;
        const detail = rule.detail(facts as unknown as Read);
        return [stage === undefined ? { code, detail } : { code, detail, stage }];
      };
      return { ...declared, stage, codes: [code], holds: rule.holds as unknown as Rule<F>['holds'], findings };
    }
    const { codes } = rule;
    const findings = (facts: F): readonly Finding[] => {
      const found: Finding[] = [];
      for (const finding of rule.failures(facts as unknown as Read)) {
        if (!codes.includes(finding.code)) throw new Error(`rule ${id} does not declare ${finding.code}`);
        found.push(finding);
        if (found.length >= MAX_FINDINGS) break;
      }
      return found;
    };
    return { ...declared, codes, holds: (facts) => findings(facts).length === 0, findings };
  };
}

/** Whether a rule has anything to say of these facts. */
export function applies<F>({ given, lacking }: Rule<F>, facts: F): boolean {
  for (const fact of given) if (facts[fact] === undefined) return false;
  for (const fact of lacking) if (facts[fact] !== undefined) return false;
  return true;
}

/** Whether facts keep a rule, or it does not apply to them. */
export function keeps<F>(rule: Rule<F>, facts: F): boolean {
  return !applies(rule, facts) || rule.holds(facts);
}

/** What facts break, rule by rule in the order of the list. */
export function brokenBy<F>(rules: readonly Rule<F>[], facts: F): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules) if (applies(rule, facts)) found.push(...rule.findings(facts));
  return found;
}

/** The same with the depth of each rule, for a verdict. */
export function failuresBy<F>(rules: readonly Rule<F>[], facts: F): Failure[] {
  const found: Failure[] = [];
  for (const rule of rules) {
    if (!applies(rule, facts)) continue;
    for (const finding of rule.findings(facts)) found.push({ ...finding, depth: rule.depth });
  }
  return found;
}
