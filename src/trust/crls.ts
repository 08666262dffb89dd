import { toHex } from '../coer/index.ts';
import type { OctetsPart } from './artefacts.ts';
import type { Draft } from './draft.ts';
import { crlsOf } from './material.ts';
import type { Decision, StoredCrl } from './types.ts';

/** Codes of root management for those of CRL verification; every other code is `C_CRL` (C3, C4). */
const CODES: Readonly<Record<string, string>> = { crlRollback: 'C_ROLLBACK' };

/**
 * C3–C6, K11 (step 6): CRLs, each by itself and then against those in force. A bad one affects neither the others nor the
 * ballots beside it.
 */
export function settleCrls(draft: Draft, parts: readonly OctetsPart[]): void {
  if (parts.length === 0) return;
  const before = draft.state.crls;
  const { verdicts, inForce } = draft.context.verifyCrls(
    { ...draft.chainTrust(), crls: crlsOf(draft.state) },
    parts.map(({ octets }) => octets),
  );
  const idsBefore = idsOf(before);
  const ids = idsOf(inForce);
  parts.forEach(({ source: { artefact, part }, octets }, i) => {
    const verdict = verdicts[i];
    const id = toHex(draft.context.hash('sha256', octets));
    const about = { artefact, part, proposition: 'crl' as const, subject: verdict?.craca ?? null };
    // An overdue CRL counts, whatever its verdict: its entries stay revoked.
    if (ids.has(id) || verdict?.ok) {
      const decision: Decision['decision'] = ids.has(id) && !idsBefore.has(id) ? 'ACCEPT' : 'ACCEPT_NOOP';
      draft.decisions.push({
        ...about,
        decision,
        code: 'OK',
        ...(verdict?.ok ? {} : { detail: verdict?.detail ?? '' }),
      });
      return;
    }
    const code = CODES[verdict?.code ?? ''] ?? 'C_CRL';
    const detail = verdict ? `${verdict.code}: ${verdict.detail}` : 'not judged';
    draft.decisions.push({ ...about, decision: 'REJECT', code, detail });
  });
  const kept = before.filter((one) => isKept(draft, one, ids, inForce));
  const after = [...kept, ...inForce].sort((a, b) => (firstId(a) < firstId(b) ? -1 : 1));
  if ([...idsOf(after)].join() !== [...idsOf(before)].join()) draft.state.crls = after;
}

const firstId = ({ parts }: StoredCrl): string => parts[0]?.sha256 ?? '';

function idsOf(crls: readonly StoredCrl[]): Set<string> {
  return new Set(crls.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256)));
}

/**
 * Entries whose signer is no longer valid are kept: dropping them would un-revoke, and only a newer CRL of their scope may do so
 * (E-31). Those of a removed root stay until a CRL of the same series under a trusted root has replaced them (K11).
 */
function isKept(draft: Draft, one: StoredCrl, ids: ReadonlySet<string>, inForce: readonly StoredCrl[]): boolean {
  if (one.parts.some(({ sha256 }) => ids.has(sha256))) return false;
  const isTrusted = draft.state.roots.some(({ hash }) => hash === one.root);
  return !inForce.some((other) => {
    if (other.crlSeries !== one.crlSeries || (other.iRev === null) !== (one.iRev === null)) return false;
    return !isTrusted || (other.root === one.root && other.craca === one.craca);
  });
}
