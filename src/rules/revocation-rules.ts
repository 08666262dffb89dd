/** What follows from the answers of CRLs for one certificate of a chain: the first rule that it breaks counts. */
import type { RevocationAnswer } from '../revocation/index.ts';
import { type Rule, rulesOver } from './rule.ts';

/** What the CRLs say of one certificate, and the policy that this is seen under. */
export interface RevocationFacts {
  readonly answer: RevocationAnswer;
  /** Whether a CRL has to cover it if CRLs are required: not for an anchor, which is trusted by decision. */
  readonly isRequired: boolean;
  /** The time of verification, seconds of TAI since 2004. */
  readonly atSeconds: number;
  readonly toleranceSeconds: number;
  readonly overdue: 'undecided' | 'reject' | 'ignore';
  readonly requireCrl: boolean;
  /** Whether the item breaks no other rule (DECISIONS D22). */
  readonly isValidOtherwise: boolean;
}

const rule = rulesOver<RevocationFacts>();

export const REVOCATION_RULES: readonly Rule<RevocationFacts>[] = [
  rule({
    id: 'notRevoked',
    code: 'certificateRevoked',
    clause: 'IEEE 1609.2 §5.1.3',
    reads: ['answer'],
    holds: ({ answer }) => answer.state !== 'revoked',
    detail: ({ answer }) => {
      if (answer.state !== 'revoked') return '';
      const { rule: by, entry, source, craca, series } = answer.hit;
      return `${by}, entry ${entry} of ${source} (craca ${craca}, series ${series})`;
    },
  }),
  rule({
    id: 'coveredByCrl',
    code: 'revocationNotChecked',
    clause: 'DECISIONS D8',
    reads: ['answer', 'requireCrl', 'isRequired'],
    holds: ({ answer, requireCrl, isRequired }) => answer.state !== 'notChecked' || !requireCrl || !isRequired,
    detail: () => 'no CRL of its root covers its cracaId and crlSeries',
  }),
  ...(['undecided', 'reject'] as const).map((policy) =>
    rule({
      id: policy === 'undecided' ? 'crlNotOverdue' : 'crlNotOverdueOrRejected',
      code: policy === 'undecided' ? 'overdueCRL' : 'overdueCRLRejected',
      clause: 'IEEE 1609.2 §5.1.3.6, DECISIONS D8',
      reads: ['answer', 'overdue', 'atSeconds', 'toleranceSeconds'],
      holds: ({ answer, overdue, atSeconds, toleranceSeconds }) =>
        answer.state === 'notChecked' || overdue !== policy || atSeconds <= answer.nextCrl + toleranceSeconds,
      detail: ({ answer, atSeconds }) =>
        `${answer.state === 'notChecked' ? 0 : Math.floor((atSeconds - answer.nextCrl) / 86_400)} days past nextCrl`,
    }),
  ),
  rule({
    id: 'crlEvaluated',
    code: 'revocationNotEvaluated',
    clause: 'DECISIONS D22',
    reads: ['answer', 'isValidOtherwise'],
    holds: ({ answer, isValidOtherwise }) => answer.state !== 'notEvaluated' || !isValidOtherwise,
    detail: ({ answer }) => (answer.state === 'notEvaluated' ? answer.detail : ''),
  }),
];
