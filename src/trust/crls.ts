import { toHex } from '../coer/index.ts';
import type { OctetsPart } from './artefacts.ts';
import type { Draft } from './draft.ts';
import type { Source } from './motions.ts';
import type { StoredCrl } from './types.ts';

/** Octets of crlCraca that a certificate names as its cracaId, in hex digits. */
const CRACA_ID_DIGITS = 6;

function isSameScope(a: StoredCrl, b: StoredCrl): boolean {
  return (
    a.root === b.root &&
    a.crlSeries === b.crlSeries &&
    a.craca.slice(-CRACA_ID_DIGITS) === b.craca.slice(-CRACA_ID_DIGITS)
  );
}

/** Oldest first, so that what is left does not depend on the order in a bundle. */
function byIssue(a: { crl: StoredCrl }, b: { crl: StoredCrl }): number {
  if (a.crl.issueDate !== b.crl.issueDate) return a.crl.issueDate - b.crl.issueDate;
  if (a.crl.serial !== b.crl.serial) return a.crl.serial - b.crl.serial;
  return a.crl.sha256 < b.crl.sha256 ? -1 : 1;
}

/** C3–C6, K11 (B.0 step 6): CRLs, each by itself. A bad one harms neither its neighbours nor the ballots beside it. */
export function settleCrls(draft: Draft, parts: readonly OctetsPart[]): void {
  if (parts.length === 0) return;
  const verdicts = draft.context.judgeCrls(
    draft.chainTrust(),
    parts.map(({ octets }) => octets),
  );
  const standing: { source: Source; crl: StoredCrl }[] = [];
  parts.forEach(({ source, octets }, i) => {
    const verdict = verdicts[i];
    if (!verdict?.ok || verdict.crl === undefined) {
      const detail = verdict ? `${verdict.code}: ${verdict.detail}` : 'not judged';
      draft.decisions.push({ ...about(source, verdict?.crl?.craca), decision: 'REJECT', code: 'C_CRL', detail });
      return;
    }
    const sha256 = toHex(draft.context.hash('sha256', octets));
    standing.push({ source, crl: { ...verdict.crl, sha256, octets: toHex(octets) } });
  });
  for (const { source, crl } of standing.sort(byIssue)) settleOne(draft, source, crl);
}

function about({ artefact, part }: Source, craca: string | undefined) {
  return { artefact, part, proposition: 'crl' as const, subject: craca ?? null };
}

function settleOne(draft: Draft, source: Source, crl: StoredCrl): void {
  const stored = draft.state.crls.filter((one) => isSameScope(one, crl));
  const last = stored.reduce<StoredCrl | undefined>(
    (most, one) => (most === undefined || byIssue({ crl: most }, { crl: one }) < 0 ? one : most),
    undefined,
  );
  if (stored.some(({ sha256 }) => sha256 === crl.sha256)) {
    draft.decisions.push({ ...about(source, crl.craca), decision: 'ACCEPT_NOOP', code: 'OK' });
    return;
  }
  const failure = whyNotFresh(crl, last);
  if (failure) {
    draft.decisions.push({ ...about(source, crl.craca), decision: 'REJECT', ...failure });
    return;
  }
  const roots = new Set(draft.state.roots.map(({ hash }) => hash));
  draft.state.crls = [...draft.state.crls.filter((one) => isKept(one, crl, roots)), crl].sort((a, b) =>
    a.sha256 < b.sha256 ? -1 : 1,
  );
  // C6: CRLG succession (SCMS-1607) is a warning.
  const older = last !== undefined && BigInt(crl.signerStart) < BigInt(last.signerStart);
  const detail = older ? 'signed by an older CRL generator than the CRL before it' : undefined;
  draft.decisions.push({ ...about(source, crl.craca), decision: 'ACCEPT', code: 'OK', ...(detail && { detail }) });
}

/** C5. Serials count within a period of linkage entries, and start again with the next. */
function whyNotFresh(crl: StoredCrl, last: StoredCrl | undefined): { code: string; detail: string } | undefined {
  if (crl.delta && (last === undefined || crl.serial !== last.serial + 1 || crl.iRev !== last.iRev)) {
    return { code: 'C_DELTA', detail: `serial ${crl.serial} does not follow ${last?.serial ?? 'any'}` };
  }
  if (last === undefined) return undefined;
  if (crl.issueDate < last.issueDate) {
    return { code: 'C_ROLLBACK', detail: `issued ${crl.issueDate}, ${last.issueDate} is known` };
  }
  if (crl.iRev === last.iRev && crl.serial < last.serial) {
    return { code: 'C_ROLLBACK', detail: `serial ${crl.serial}, ${last.serial} is known` };
  }
  if (crl.issueDate === last.issueDate && !crl.delta) {
    return { code: 'C_EQUIVOCATION', detail: `another CRL issued ${crl.issueDate} is known` };
  }
  return undefined;
}

/**
 * What stays beside a new CRL. Entries of a root that is no longer trusted are kept, because dropping them would un-revoke,
 * until a CRL of the same series under a trusted root has taken their place (K11).
 */
function isKept(one: StoredCrl, fresh: StoredCrl, roots: ReadonlySet<string>): boolean {
  if (isSameScope(one, fresh)) return fresh.delta;
  return roots.has(one.root) || one.crlSeries !== fresh.crlSeries;
}
