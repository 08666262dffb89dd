import { toHex } from '../coer/index.ts';
import { type Certificate, storeOfChainFile } from '../dot2/index.ts';
import type { CertificatesPart, ChainFilePart } from './artefacts.ts';
import type { Draft } from './draft.ts';
import { trustedOf } from './identity.ts';
import { fromHex } from './material.ts';
import type { Motion, Source } from './motions.ts';
import { valueAt } from './time-series.ts';
import type { ComponentCertificate, ComponentSource, Decision, FileVersion, FileVersions } from './types.ts';
import { verifyRound } from './votes.ts';

/** Versions do not wrap: at the last one only a reset out of band helps (E-27). */
const LAST_VERSION = 0xffff;

/** A file that is not older than what is known. */
export interface AcceptedChainFile {
  readonly part: ChainFilePart;
  readonly kind: 'global' | 'local';
  readonly version: FileVersion;
  /** Higher than everything before it: what it leaves out is left out on purpose (G6). */
  readonly isNewer: boolean;
}

function versionOf({ file, octets }: ChainFilePart, draft: Draft): { kind: 'global' | 'local'; version: FileVersion } {
  const scoped = file.content.value;
  const sha256 = toHex(draft.context.hash('sha256', octets));
  if (scoped.tag === 'global') return { kind: 'global', version: { version: [scoped.value.version], sha256 } };
  const { gccfVersion, lccfVersion } = scoped.value.version;
  return { kind: 'local', version: { version: [gccfVersion, lccfVersion], sha256 } };
}

/** Versions in order of their numbers (G2). */
function compareVersions(a: FileVersion, b: FileVersion): number {
  for (let i = 0; i < a.version.length; i++) {
    const difference = (a.version[i] as number) - (b.version[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * G2, G3 for all chain files of a bundle, against what was known before it and against one another, so that their order does
 * not matter. Files that come over a channel which vouches for its sender need not fear the versions of others.
 */
export function acceptVersions(draft: Draft, parts: readonly ChainFilePart[]): AcceptedChainFile[] {
  const known = draft.state.chainFiles;
  const candidates = parts.map((part) => ({ part, ...versionOf(part, draft) }));
  const accepted: AcceptedChainFile[] = [];
  for (const one of candidates) {
    const { part, kind, version } = one;
    const { newest, authenticated } = known[kind];
    const stored = part.authenticated ? authenticated : newest;
    const rivals = candidates.filter(
      (other) => other.kind === kind && (other.part.authenticated || !part.authenticated) && other !== one,
    );
    const failure = whyNoVersion(draft, part, version, stored, rivals);
    if (failure) {
      draft.decisions.push({ ...aboutFile(part.source), decision: 'REJECT', ...failure });
      continue;
    }
    accepted.push({ part, kind, version, isNewer: stored === null || compareVersions(version, stored) > 0 });
  }
  for (const kind of ['global', 'local'] as const) rememberVersions(draft, kind, accepted);
  return accepted;
}

function aboutFile({ artefact, part }: Source): Pick<Decision, 'artefact' | 'part' | 'proposition' | 'subject'> {
  return { artefact, part, proposition: 'chainFile', subject: null };
}

function whyNoVersion(
  draft: Draft,
  { file }: ChainFilePart,
  version: FileVersion,
  stored: FileVersion | null,
  rivals: readonly { version: FileVersion }[],
): { code: string; detail: string } | undefined {
  const text = version.version.join('.');
  const scoped = file.content.value;
  if (scoped.tag === 'local') {
    const { raHostname } = draft.state.settings;
    const host = scoped.value.version.raHostname;
    if (raHostname !== null && host !== raHostname) return { code: 'G_HOSTNAME', detail: `${host}, not ${raHostname}` };
    const named = draft.state.policy && valueAt(draft.state.policy.certChainFileId, draft.now);
    if (named !== null && scoped.value.version.gccfVersion < named) {
      return { code: 'G_CHAIN_FILE_ID', detail: `made from version ${version.version[0]}, the policy names ${named}` };
    }
  }
  if (version.version.includes(LAST_VERSION)) return { code: 'G_EXHAUSTED', detail: `version ${text} is the last one` };
  if (stored !== null) {
    const order = compareVersions(version, stored);
    if (order < 0) return { code: 'G_ROLLBACK', detail: `version ${text}, ${stored.version.join('.')} is known` };
    if (order === 0 && version.sha256 !== stored.sha256) {
      return { code: 'G_EQUIVOCATION', detail: `another file of version ${text} is known` };
    }
  }
  const twin = rivals.find((rival) => compareVersions(rival.version, version) === 0);
  if (twin !== undefined && twin.version.sha256 !== version.sha256) {
    return { code: 'G_EQUIVOCATION', detail: `another file of version ${text} in the same bundle` };
  }
  return undefined;
}

function rememberVersions(draft: Draft, kind: 'global' | 'local', accepted: readonly AcceptedChainFile[]): void {
  const before = draft.state.chainFiles[kind];
  const best = (files: readonly AcceptedChainFile[], least: FileVersion | null): FileVersion | null =>
    files.reduce<FileVersion | null>(
      (most, { version }) => (most === null || compareVersions(version, most) > 0 ? version : most),
      least,
    );
  const files = accepted.filter((one) => one.kind === kind);
  const vouched = files.filter(({ part }) => part.authenticated);
  const authenticated = best(vouched, before.authenticated);
  // An authenticated file resets what unauthenticated ones have claimed.
  const newest = vouched.length > 0 ? best(files, null) : best(files, before.newest);
  const after: FileVersions = { newest, authenticated };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  draft.state.chainFiles = { ...draft.state.chainFiles, [kind]: after };
}

interface Candidate {
  readonly source: Source;
  readonly certificate: Certificate;
  readonly from: ComponentSource;
  readonly role: ComponentCertificate['role'];
}

/**
 * G5, G7, G9 (B.0 step 5): the component certificates of the newest files, and of what was known where there is no newer one.
 * All are judged against the roots that are trusted now; what does not stand is dropped by itself.
 */
export function settleCertificates(
  draft: Draft,
  files: readonly AcceptedChainFile[],
  beside: readonly CertificatesPart[],
): void {
  const fresh = [...newestOf(files, 'global'), ...newestOf(files, 'local'), ...besideCtl(beside)];
  const replaced = new Set(fresh.map(({ from }) => from));
  const kept = draft.state.certificates.filter(({ source }) => !replaced.has(source));
  const octets = [
    ...kept.map(({ certificate }) => fromHex(certificate)),
    ...fresh.map(({ certificate }) => certificate.encoded as Uint8Array),
  ];
  if (octets.length === 0) {
    if (draft.state.certificates.length > 0) draft.state.certificates = [];
    return;
  }
  const trust = { ...draft.chainTrust([]), certificates: octets };
  const verdicts = draft.context.judgeCertificates(trust, octets);
  const standing: ComponentCertificate[] = kept.filter((_, i) => verdicts[i]?.ok);
  const known = new Set(draft.state.certificates.map(({ hash }) => hash));
  fresh.forEach((candidate, i) => {
    const verdict = verdicts[kept.length + i];
    const component = componentOf(draft, candidate);
    const { artefact, part } = candidate.source;
    const subject = component?.hashedId8 ?? null;
    const about = { artefact, part, proposition: 'certificate' as const, subject };
    if (component === undefined || !verdict?.ok) {
      const detail = verdict ? `${verdict.code}: ${verdict.detail}` : 'not an explicit certificate';
      const code = candidate.role === 'ma' ? 'G_MA' : 'G_CERTIFICATE';
      draft.decisions.push({ ...about, decision: 'REJECT', code, detail });
      return;
    }
    standing.push(component);
    draft.decisions.push({ ...about, decision: known.has(component.hash) ? 'ACCEPT_NOOP' : 'ACCEPT', code: 'OK' });
  });
  const after = distinctComponents(standing);
  if (JSON.stringify(after) !== JSON.stringify(draft.state.certificates)) draft.state.certificates = after;
}

/** The certificates of the file with the highest version; those of lower ones are history. */
function newestOf(files: readonly AcceptedChainFile[], kind: 'global' | 'local'): Candidate[] {
  const sorted = files
    .filter((file) => file.kind === kind)
    .sort(
      (a, b) => Number(a.part.authenticated) - Number(b.part.authenticated) || compareVersions(a.version, b.version),
    );
  const file = sorted.at(-1);
  if (file === undefined) return [];
  const { artefact } = file.part.source;
  const { maCertificate, certs } = storeOfChainFile(file.part.file);
  const scoped = file.part.file.content.value;
  const optional = scoped.tag === 'local' ? scoped.value.optionalCertList : [];
  const candidate = (certificate: Certificate, part: string, role: Candidate['role']): Candidate => {
    return { source: { artefact, part }, certificate, from: kind, role };
  };
  return [
    candidate(maCertificate, 'maCertificate', 'ma'),
    ...certs.map((one, i) => candidate(one, `certs[${i}]`, 'component')),
    ...optional.map((one, i) => candidate(one, `optionalCertList[${i}]`, 'component')),
  ];
}

function besideCtl(parts: readonly CertificatesPart[]): Candidate[] {
  return parts.flatMap(({ source: { artefact, part }, certificates }) =>
    certificates.map(
      (certificate, i): Candidate => ({
        source: { artefact, part: `${part}[${i}]` },
        certificate,
        from: 'ctl',
        role: 'component',
      }),
    ),
  );
}

function componentOf(draft: Draft, { certificate, from, role }: Candidate): ComponentCertificate | undefined {
  const [facts] = draft.context.examine([certificate]);
  const trusted = facts && trustedOf(facts);
  return trusted && { ...trusted, source: from, role };
}

/** One of each certificate, source and role. */
function distinctComponents(list: readonly ComponentCertificate[]): ComponentCertificate[] {
  const byKey = new Map(list.map((one) => [`${one.hash} ${one.source} ${one.role}`, one]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/**
 * G6: a trusted root that a newer file leaves out, or no longer shows with a quorum of votes that count today, is revoked by
 * implication. The file is not signed: without a channel that vouches for it this is an alarm and nothing else (E-3). A root
 * that goes this way has no tombstone, because no elector has voted: votes can bring it back.
 */
export function settleImplicitRevocations(
  draft: Draft,
  files: readonly AcceptedChainFile[],
  before: ReadonlySet<string>,
  motionsOf: ReadonlyMap<ChainFilePart, readonly Motion[]>,
): void {
  const { implicitRootRevocation } = draft.state.settings;
  if (implicitRootRevocation === 'off') return;
  for (const file of files) {
    if (!file.isNewer || isOutdone(file, files)) continue;
    const endorsed = endorsedRoots(draft, motionsOf.get(file.part) ?? []);
    const missing = draft.state.roots.filter(({ hash }) => before.has(hash) && !endorsed.has(hash));
    for (const root of missing) {
      const about = {
        artefact: file.part.source.artefact,
        part: 'rootCAEndorsements',
        proposition: 'implicitRemoveRoot' as const,
        subject: root.hashedId8,
      };
      const detail = 'the file does not show it with a quorum of votes';
      if (implicitRootRevocation !== 'always' && !file.part.authenticated) {
        draft.decisions.push({ ...about, decision: 'REJECT', code: 'G_UNDER_ENDORSED', detail });
        continue;
      }
      draft.replace(
        'root',
        draft.state.roots.filter(({ hash }) => hash !== root.hash),
      );
      draft.decisions.push({ ...about, decision: 'ACCEPT', code: 'G_UNDER_ENDORSED', detail });
    }
  }
}

function isOutdone(file: AcceptedChainFile, files: readonly AcceptedChainFile[]): boolean {
  return files.some(
    (other) =>
      other.kind === file.kind &&
      (other.part.authenticated || !file.part.authenticated) &&
      compareVersions(other.version, file.version) > 0,
  );
}

/** Roots with a quorum of votes of present electors, whether their time has come or not. */
function endorsedRoots(draft: Draft, motions: readonly Motion[]): Set<string> {
  const electorate = draft.electorate();
  const endorsements = motions.filter(({ type }) => type === 'addRoot');
  verifyRound(
    endorsements.flatMap((motion) => motion.work(electorate)),
    draft.context,
  );
  const endorsed = endorsements.filter((motion) => motion.tally(electorate).counted.length >= motion.quorum);
  return new Set(endorsed.map(({ subject }) => subject.hash));
}

/** The decision on each accepted file as a whole, once its parts are decided. */
export function decideFiles(draft: Draft, files: readonly AcceptedChainFile[]): void {
  for (const { part, isNewer, version } of files) {
    const detail = `version ${version.version.join('.')}`;
    draft.decisions.push({
      ...aboutFile(part.source),
      decision: isNewer ? 'ACCEPT' : 'ACCEPT_NOOP',
      code: 'OK',
      detail,
    });
  }
}
