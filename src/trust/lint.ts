import { toHex } from '../coer/index.ts';
import { type CertificateStore, certificatesOfChainFile, storeOfChainFile } from '../dot2/index.ts';
import { type BallotPart, ballotsOfChainFile, type ChainFilePart, openArtefacts, type Parts } from './artefacts.ts';
import { Draft } from './draft.ts';
import { isSame } from './identity.ts';
import { crlsOf, fromHex } from './material.ts';
import { type Motion, openBallot } from './motions.ts';
import { RULES } from './rules.ts';
import { settleAdditions } from './settle.ts';
import type { EndorsementType, FileArtefact, StoredCrl, TrustContext, TrustState } from './types.ts';
import { verifyRound } from './votes.ts';

/** Something that is missing from a file, or should not be in it, before it is released. */
export interface LintFinding {
  /** Number of the rule in ROOT-MANAGEMENT. */
  readonly rule: string;
  readonly part: string;
  /** HashedId8 of the certificate that it is about. */
  readonly subject: string | null;
  readonly detail: string;
}

/**
 * What its makers have to mend in a chain file (G10) or a composite CRL (C11) before they release it: what a device that knows
 * `state` would refuse, drop or miss. Artefacts of other kinds are only opened.
 */
export function lint(artefact: FileArtefact, state: TrustState, now: bigint, context: TrustContext): LintFinding[] {
  const parts = openArtefacts([artefact]);
  const draft = new Draft(state, now, context, RULES);
  const refused = parts.refused.map(({ part, code, detail = '' }): LintFinding => {
    return { rule: code.startsWith('C') ? 'C1' : 'G1', part, subject: null, detail: `${code}: ${detail}` };
  });
  const files = parts.chainFiles.flatMap((file) => lintChainFile(draft, file));
  const isComposite = parts.chainFiles.length === 0 && refused.length === 0 && artefact.octets[0] === 0;
  return [...refused, ...files, ...(isComposite ? lintComposite(draft, parts) : [])];
}

interface CountedBallot {
  readonly part: string;
  readonly motion: Motion;
  readonly counted: number;
  readonly revoked: readonly string[];
}

/** Ballots with what their votes come to, and findings on those that are none. */
function countBallots(
  draft: Draft,
  parts: readonly BallotPart[],
  rule: string,
): { ballots: CountedBallot[]; findings: LintFinding[] } {
  const { now, context, state } = draft;
  const findings: LintFinding[] = [];
  const motions = parts.flatMap(({ source, container, ballot }) => {
    const opened = openBallot(ballot, source, container, state.quorum, now, context);
    if (opened.ok) return [{ part: source.part, motion: opened.motion }];
    const { code, detail, subject } = opened.fault;
    findings.push({ rule, part: source.part, subject, detail: `${code}: ${detail}` });
    return [];
  });
  // AE6: electors that the file itself brings in vote in it.
  const trusting = new Draft(state, now, context, draft.rules);
  settleAdditions(
    trusting,
    'addElector',
    motions.map(({ motion }) => motion),
  );
  const electorate = trusting.electorate();
  verifyRound(
    motions.flatMap(({ motion }) => motion.work(electorate)),
    context,
  );
  const ballots = motions.map(({ part, motion }) => {
    const { counted, votes } = motion.tally(electorate);
    const revoked = votes.filter(({ code }) => code === 'V_REVOKED_ELECTOR').map(({ voter }) => voter ?? '?');
    return { part, motion, counted: counted.length, revoked };
  });
  return { ballots, findings };
}

/** G10: ballots for every root and every elector that was added, enough votes that count, and chains that are complete. */
function lintChainFile(draft: Draft, part: ChainFilePart): LintFinding[] {
  const { state, now } = draft;
  const { ballots, findings } = countBallots(draft, ballotsOfChainFile(part), 'G10');
  for (const { part: place, motion, counted, revoked } of ballots) {
    const subject = motion.subject.hashedId8;
    if (counted < motion.quorum) {
      findings.push({ rule: 'G10', part: place, subject, detail: `${counted} of ${motion.quorum} votes that count` });
    }
    for (const voter of revoked) {
      findings.push({ rule: 'G10', part: place, subject, detail: `a vote of the revoked elector ${voter}` });
    }
    if (state.tombstones.some((one) => isSame(one, motion.subject))) {
      findings.push({ rule: 'G10', part: place, subject, detail: 'it was removed' });
    }
  }
  const has = (type: EndorsementType, hash: string): boolean =>
    ballots.some(({ motion }) => motion.type === type && motion.subject.hash === hash);
  const missing = (list: string, subject: string): void =>
    void findings.push({ rule: 'G10', part: list, subject, detail: 'trusted, but without a ballot' });
  for (const { hash, hashedId8, end } of state.roots) {
    if (BigInt(end) >= now && !has('addRoot', hash)) missing('rootCAEndorsements', hashedId8);
  }
  for (const { hash, hashedId8, end } of state.electors) {
    if (BigInt(end) < now || state.founders.includes(hash) || has('addElector', hash)) continue;
    missing('electorEndorsements', hashedId8);
  }
  return [...findings, ...lintCertificates(draft, part, ballots)];
}

/** G5, G9, G10: every certificate has a complete chain to a root that the file, or the device, has. */
function lintCertificates(draft: Draft, { file }: ChainFilePart, ballots: readonly CountedBallot[]): LintFinding[] {
  const store: CertificateStore = storeOfChainFile(file);
  const octets = certificatesOfChainFile(file);
  const endorsed = ballots
    .filter(({ motion, counted }) => motion.type === 'addRoot' && counted >= motion.quorum)
    .map(({ motion }) => fromHex(motion.subject.certificate));
  const trust = draft.chainTrust([]);
  const roots = [...trust.roots, ...endorsed];
  const verdicts = draft.context.judgeCertificates({ ...trust, roots, certificates: octets }, octets);
  return verdicts.flatMap(({ ok, code, detail }, i): LintFinding[] => {
    if (ok) return [];
    const part =
      i === 0
        ? 'maCertificate'
        : i <= store.certs.length
          ? `certs[${i - 1}]`
          : `optionalCertList[${i - 1 - store.certs.length}]`;
    const facts = draft.context.recall(toHex(octets[i] as Uint8Array));
    const subject = toHex(facts.signerId8);
    return [{ rule: i === 0 ? 'G9' : 'G10', part, subject, detail: `${code}: ${detail}` }];
  });
}

/** C11: removals are kept until what they removed has expired, and every CRL that is in force has its successor. */
function lintComposite(draft: Draft, parts: Parts): LintFinding[] {
  const { ballots, findings } = countBallots(draft, parts.ballots, 'C11');
  const { state, context } = draft;
  for (const { part, motion, counted } of ballots) {
    const subject = motion.subject.hashedId8;
    if (counted >= motion.quorum) continue;
    findings.push({ rule: 'C11', part, subject, detail: `${counted} of ${motion.quorum} votes that count` });
  }
  for (const { role, hash, hashedId8, votes } of state.tombstones) {
    const type = role === 'elector' ? 'removeElector' : 'removeRoot';
    const kept = ballots.some(({ motion }) => motion.type === type && motion.subject.hash === hash);
    if (kept || votes.length === 0) continue;
    const part = role === 'elector' ? 'revokedElectors' : 'revokedRootCAs';
    findings.push({ rule: 'C11', part, subject: hashedId8, detail: 'its removal is left out before it has expired' });
  }
  const { verdicts, inForce } = context.judgeCrls(
    { ...draft.chainTrust(), crls: crlsOf(state) },
    parts.crls.map(({ octets }) => octets),
  );
  verdicts.forEach(({ ok, code, detail, craca }, i) => {
    const part = parts.crls[i]?.source.part ?? '';
    if (!ok) findings.push({ rule: 'C3', part, subject: craca, detail: `${code}: ${detail}` });
  });
  const brought = new Set(parts.crls.map(({ octets }) => toHex(context.hash('sha256', octets))));
  const isBrought = (crl: StoredCrl): boolean => crl.parts.some(({ sha256 }) => brought.has(sha256));
  for (const crl of inForce) {
    if (isBrought(crl)) continue;
    const detail = `the CRL of series ${crl.crlSeries} is left out`;
    findings.push({ rule: 'C11', part: 'securedCrlSeries', subject: crl.craca, detail });
  }
  return findings;
}
