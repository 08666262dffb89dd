import { toHex } from '../coer/index.ts';
import { type CertificateStore, certificatesOfChainFile, storeOfChainFile } from '../dot2/index.ts';
import { applyBundle } from './apply.ts';
import { type BallotPart, ballotsOfChainFile, type ChainFilePart, openArtefacts, type Parts } from './artefacts.ts';
import { issuersAmong } from './components.ts';
import { Draft } from './draft.ts';
import { flagsOf } from './flags.ts';
import { isSame, issuerDigestOf } from './identity.ts';
import { crlsOf, fromHex } from './material.ts';
import { type Motion, openBallot } from './motions.ts';
import { whyNotInRole } from './roles.ts';
import { RULES } from './rules.ts';
import { settleAdditions } from './settle.ts';
import type { CertificateFacts, EndorsementType, FileArtefact, StoredCrl, TrustContext, TrustState } from './types.ts';
import { verifyRound } from './votes.ts';

/** Something that is missing from a file, or should not be in it, before it is released. */
export interface LintFinding {
  /** Number of the rule in ROOT-MANAGEMENT; its letters alone if the detail has the code of a decision. */
  readonly rule: string;
  readonly part: string;
  /** HashedId8 of the certificate that it is about. */
  readonly subject: string | null;
  readonly detail: string;
}

/**
 * The faults to fix in an artefact before its release: parts that a device with `state` would refuse, drop or, in a chain file (G10) or composite CRL (C11), miss.
 */
export function lint(artefact: FileArtefact, state: TrustState, now: bigint, context: TrustContext): LintFinding[] {
  const parts = openArtefacts([artefact]);
  const draft = new Draft(state, now, context, RULES);
  const refused = parts.refused.map(({ part, code, detail = '' }): LintFinding => {
    return { rule: code.startsWith('C') ? 'C1' : 'G1', part, subject: null, detail: `${code}: ${detail}` };
  });
  const files = parts.chainFiles.flatMap((file) => lintChainFile(draft, file));
  const isComposite = parts.chainFiles.length === 0 && refused.length === 0 && artefact.octets[0] === 0;
  const found = [...refused, ...files, ...(isComposite ? lintComposite(draft, parts) : [])];
  return [...found, ...lintDecisions(artefact, state, now, context, new Set(found.map(({ part }) => part)))];
}

/** Codes of what {@link lintCertificates} and G10 look at themselves, also below a root that is pending. */
const OF_CERTIFICATES: ReadonlySet<string> = new Set(['G_MA', 'G_CERTIFICATE', 'G_NOTHING', 'G_UNDER_ENDORSED']);

/** What the device would refuse in other parts, and RE6: whether it could decide nothing in band afterwards. */
function lintDecisions(
  artefact: FileArtefact,
  state: TrustState,
  now: bigint,
  context: TrustContext,
  known: ReadonlySet<string>,
): LintFinding[] {
  // A time before the newest that the store has seen may be asked about.
  const from = BigInt(state.clock) <= now ? state : { ...state, clock: now.toString() };
  const before = applyBundle(from, [], now, context).state;
  const after = applyBundle(before, [{ ...artefact, authenticated: true }], now, context);
  const findings = after.decisions
    .filter(({ decision, code, part }) => decision === 'REJECT' && !OF_CERTIFICATES.has(code) && !known.has(part))
    .map(({ code, part, subject, detail = '' }): LintFinding => {
      // The detail of a CTL lists every code.
      return { rule: ruleOf(code), part, subject, detail: detail.startsWith(code) ? detail : `${code}: ${detail}` };
    });
  const isFrozen = (one: TrustState): boolean => flagsOf(one, now).includes('FROZEN');
  if (isFrozen(before) || !isFrozen(after.state)) return findings;
  const { electors, quorum } = after.state;
  const detail = `FROZEN: it leaves ${electors.length} electors, and the quorum is ${quorum}`;
  return [...findings, { rule: 'RE6', part: '', subject: null, detail }];
}

function ruleOf(code: string): string {
  const [letters = ''] = code.split('_');
  return letters === 'B' ? 'BL' : letters;
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

/** G5, G9, G10: every certificate is listed once, in its role, and has a complete chain to a root that the file, or the device, has. */
function lintCertificates(draft: Draft, { file }: ChainFilePart, ballots: readonly CountedBallot[]): LintFinding[] {
  const store: CertificateStore = storeOfChainFile(file);
  const octets = certificatesOfChainFile(file);
  const endorsed = ballots
    .filter(({ motion, counted }) => motion.type === 'addRoot' && counted >= motion.quorum)
    .map(({ motion }) => fromHex(motion.subject.certificate));
  const trust = draft.chainTrust([]);
  const roots = [...trust.roots, ...endorsed];
  const verdicts = draft.context.verifyCertificates({ ...trust, roots, certificates: octets }, octets);
  const facts = octets.map((one) => draft.context.recall(toHex(one)));
  const issuers = issuersAmong(
    draft.context,
    roots.map(toHex),
    facts.flatMap(({ certificate }, i) => (verdicts[i]?.ok ? [certificate] : [])),
  );
  const rootHashes = new Set(roots.map((root) => toHex(draft.context.recall(toHex(root)).hash)));
  const places = new Map<string, string>();
  return verdicts.flatMap(({ ok, code, detail }, i): LintFinding[] => {
    const { certificate, hash, signerId8 } = facts[i] as CertificateFacts;
    const part = placeOf(i, store);
    const finding = (rule: string, why: string): LintFinding[] => [
      { rule, part, subject: toHex(signerId8), detail: why },
    ];
    if (!ok) return finding(i === 0 ? 'G9' : 'G10', `${code}: ${detail}`);
    const key = toHex(hash);
    const role = i === 0 ? ('ma' as const) : ('component' as const);
    const issuer = issuers.get(issuerDigestOf(certificate) ?? '');
    const why = role === 'component' && rootHashes.has(key) ? undefined : whyNotInRole(certificate, issuer, role);
    if (why !== undefined) return finding('G9', why);
    // The MA may be listed among the components too.
    const first = i === 0 ? undefined : places.get(key);
    if (i > 0) places.set(key, first ?? part);
    return first === undefined ? [] : finding('G10', `listed already as ${first}`);
  });
}

/** The place of a certificate in its chain file. */
function placeOf(index: number, { certs }: CertificateStore): string {
  if (index === 0) return 'maCertificate';
  return index <= certs.length ? `certs[${index - 1}]` : `optionalCertList[${index - 1 - certs.length}]`;
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
  const { verdicts, inForce } = context.verifyCrls(
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
