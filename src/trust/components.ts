import { toHex } from '../coer/index.ts';
import type { Certificate } from '../dot2/index.ts';
import type { Draft } from './draft.ts';
import { byHash, issuerDigestOf, trustedOf } from './identity.ts';
import { fromHex } from './material.ts';
import type { Source } from './motions.ts';
import { whyNotInRole } from './roles.ts';
import type { ComponentCertificate, ComponentSource, Decision, TrustContext } from './types.ts';

/** Component certificates that a device keeps (DECISIONS D42); a deployed chain file has some twenty. */
export const MAX_COMPONENTS = 4096;

/** A certificate that a file presents as a component. */
export interface Candidate {
  readonly source: Source;
  readonly certificate: Certificate;
  readonly from: ComponentSource;
  readonly role: ComponentCertificate['role'];
  readonly authenticated: boolean;
}

/** A candidate, validated against the roots that are trusted now. */
export interface CandidateCheck extends Candidate {
  /** HashedId8; null for a certificate without a key of its own. */
  readonly subject: string | null;
  /** The certificate to keep; undefined if it is refused, and for a trusted root, which is listed already. */
  readonly component: ComponentCertificate | undefined;
  readonly failure: { readonly code: string; readonly detail: string } | undefined;
}

/** What validating came to, and the roots that it holds under. */
export interface Judgement {
  readonly roots: Draft['state']['roots'];
  /** Kept certificates that still validate. */
  readonly kept: readonly ComponentCertificate[];
  readonly judged: readonly CandidateCheck[];
}

/**
 * G5, G7, G9: validates candidates, and the certificates kept, against the roots and CRLs in force. A candidate only adds issuers:
 * no kept certificate fails because of it.
 */
export function judgeComponents(draft: Draft, candidates: readonly Candidate[]): Judgement {
  const { certificates: held, roots } = draft.state;
  const octets = [
    ...held.map(({ certificate }) => fromHex(certificate)),
    ...candidates.map(({ certificate }) => certificate.encoded as Uint8Array),
  ];
  if (octets.length === 0) return { roots, kept: [], judged: [] };
  const verdicts = draft.context.verifyCertificates({ ...draft.chainTrust([]), certificates: octets }, octets);
  const kept = held.filter((_, i) => verdicts[i]?.ok);
  const fresh = candidates.map((candidate, i) => ({ candidate, verdict: verdicts[held.length + i] }));
  const issuers = issuersAmong(
    draft.context,
    roots.map(({ certificate }) => certificate),
    [
      ...kept.map(({ certificate }) => draft.context.recall(certificate).certificate),
      ...fresh.flatMap(({ candidate, verdict }) => (verdict?.ok ? [candidate.certificate] : [])),
    ],
  );
  const encodings = encodingsOf(
    draft,
    held,
    fresh.flatMap(({ candidate, verdict }) => (verdict?.ok ? [candidate] : [])),
  );
  const judged = fresh.map(({ candidate, verdict }): CandidateCheck => {
    const [facts] = draft.context.examine([candidate.certificate]);
    const trusted = facts && trustedOf(facts);
    const subject = trusted?.hashedId8 ?? null;
    const refused = (detail: string): CandidateCheck => {
      const code = candidate.role === 'ma' ? 'G_MA' : 'G_CERTIFICATE';
      return { ...candidate, subject, component: undefined, failure: { code, detail } };
    };
    if (trusted === undefined) return refused('not an explicit certificate with a key of its own');
    if (!verdict?.ok) return refused(verdict ? `${verdict.code}: ${verdict.detail}` : 'not validated');
    // Real chain files list their root (G9): it is trusted by votes, and never as a component.
    if (candidate.role === 'component' && isTrustedRoot(draft, trusted.hash)) {
      return { ...candidate, subject, component: undefined, failure: undefined };
    }
    const issuer = issuers.get(issuerDigestOf(candidate.certificate) ?? '');
    const why = whyNotInRole(candidate.certificate, issuer, candidate.role);
    if (why !== undefined) return refused(why);
    const { from, role, authenticated } = candidate;
    const component = {
      ...trusted,
      certificate: encodings.get(trusted.hash) ?? trusted.certificate,
      source: from,
      role,
      ...(authenticated && { authenticated: true as const }),
    };
    return { ...candidate, subject, component, failure: undefined };
  });
  return { roots, kept, judged };
}

/**
 * One encoding for each certificate hash: the one that is kept, so that a file cannot choose another, or else the first of those
 * that are new, whatever their order.
 */
function encodingsOf(
  draft: Draft,
  held: readonly ComponentCertificate[],
  fresh: readonly Candidate[],
): Map<string, string> {
  const facts = draft.context.examine(fresh.map(({ certificate }) => certificate));
  const byHash = new Map<string, string>();
  const octets = facts.map((one) => ({ hash: toHex(one.hash), certificate: toHex(one.octets) }));
  for (const { hash, certificate } of octets.sort((a, b) => (a.certificate < b.certificate ? 1 : -1))) {
    byHash.set(hash, certificate);
  }
  for (const { hash, certificate } of held) byHash.set(hash, certificate);
  return byHash;
}

const isTrustedRoot = ({ state }: Draft, hash: string): boolean => state.roots.some((root) => root.hash === hash);

/** CAs among certificates, and roots (hex), by every digest that a child may name them by. */
export function issuersAmong(
  context: TrustContext,
  roots: readonly string[],
  certificates: readonly Certificate[],
): Map<string, Certificate> {
  const all = [...context.examine(certificates.filter(isAuthority)), ...roots.map((root) => context.recall(root))];
  const byDigest = new Map<string, Certificate>();
  for (const { certificate, canonical } of all) {
    for (const algorithm of ['sha256', 'sha384'] as const) {
      byDigest.set(toHex(context.hash(algorithm, canonical).slice(-8)), certificate);
    }
  }
  return byDigest;
}

const isAuthority = ({ toBeSigned }: Certificate): boolean => (toBeSigned.certIssuePermissions?.length ?? 0) > 0;

/**
 * Takes validated candidates (step 5). An authenticated file replaces everything of its kind; any other only adds, as long as
 * there is room (DECISIONS D42).
 *
 * @param replaced the kinds of file of which an authenticated one is among the candidates.
 */
export function takeComponents(
  draft: Draft,
  kept: readonly ComponentCertificate[],
  judged: readonly CandidateCheck[],
  replaced: ReadonlySet<ComponentSource>,
): void {
  const before = draft.state.certificates;
  const remaining = kept.filter(({ source }) => !replaced.has(source));
  const fresh = judged.flatMap(({ component }) => component ?? []);
  const chosen = distinctComponents(
    [
      // A new certificate never displaces a kept one, unless an authenticated file lists it.
      ...remaining.filter(({ authenticated }) => authenticated),
      ...fresh.filter(({ authenticated }) => authenticated).sort(byHash),
      ...remaining.filter(({ authenticated }) => !authenticated),
      ...fresh.filter(({ authenticated }) => !authenticated).sort(byHash),
    ],
    MAX_COMPONENTS,
  );
  const known = new Set(before.map(({ hash }) => hash));
  const keys = new Set(chosen.map(keyOfComponent));
  for (const { source, subject, component, failure } of judged) {
    const about = { ...source, proposition: 'certificate' as const, subject };
    const full = component !== undefined && !keys.has(keyOfComponent(component));
    const refusal = full ? { code: 'G_STORE_FULL', detail: `room for ${MAX_COMPONENTS} certificates` } : failure;
    const decision: Decision['decision'] =
      refusal !== undefined ? 'REJECT' : component && !known.has(component.hash) ? 'ACCEPT' : 'ACCEPT_NOOP';
    if (component !== undefined && refusal === undefined) known.add(component.hash);
    draft.record(source, decision);
    draft.decisions.push({ ...about, decision, ...(refusal ?? { code: 'OK' }) });
  }
  const after = chosen.sort((a, b) => (keyOfComponent(a) < keyOfComponent(b) ? -1 : 1));
  if (JSON.stringify(after) !== JSON.stringify(before)) draft.state.certificates = after;
}

/** One entry for each certificate, kind of file and role. */
const keyOfComponent = ({ hash, source, role }: ComponentCertificate): string => `${hash} ${source} ${role}`;

/** The first entry of each key, at most so many. */
function distinctComponents(list: readonly ComponentCertificate[], most: number): ComponentCertificate[] {
  const byKey = new Map<string, ComponentCertificate>();
  for (const one of list) {
    const key = keyOfComponent(one);
    if (!byKey.has(key) && byKey.size < most) byKey.set(key, one);
  }
  return [...byKey.values()];
}
