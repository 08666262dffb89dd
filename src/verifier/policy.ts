import { LENIENT_RULES, OVERDUE_POLICIES, type Policy } from './types.ts';

/** The policy itself. @throws RangeError for a leniency that does not exist, or a limit that is no number. */
export function checkedPolicy(policy: Policy): Policy {
  for (const rule of policy.lenient ?? []) {
    if (!LENIENT_RULES.includes(rule)) {
      throw new RangeError(`there is no leniency '${rule}' (known: ${LENIENT_RULES.join(', ')})`);
    }
  }
  if (policy.overdue !== undefined && !OVERDUE_POLICIES.includes(policy.overdue)) {
    throw new RangeError(`overdue is '${policy.overdue}' (known: ${OVERDUE_POLICIES.join(', ')})`);
  }
  const { overdueToleranceSeconds: tolerance = 0 } = policy;
  if (!(tolerance >= 0)) throw new RangeError(`overdueToleranceSeconds is ${tolerance}`);
  for (const [name, limit] of Object.entries({ ...policy.relevance, ...policy.relevance?.position })) {
    if (typeof limit === 'number' && !Number.isFinite(limit)) throw new RangeError(`relevance: ${name} is ${limit}`);
  }
  if (policy.at !== undefined && typeof policy.at !== 'bigint') {
    throw new RangeError('at: TAI microseconds as a bigint; parseTime reads RFC 3339');
  }
  return policy;
}
