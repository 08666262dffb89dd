import { toHex } from '../coer/index.ts';
import { type Certificate, storeOfChainFile } from '../dot2/index.ts';
import { type BallotPart, ballotsOfChainFile, type CertificatesPart, type ChainFilePart } from './artefacts.ts';
import { type Candidate, type Judgement, judgeComponents, takeComponents } from './components.ts';
import type { Draft } from './draft.ts';
import type { Motion, Source } from './motions.ts';
import { valueAt } from './time-series.ts';
import type { ComponentCertificate, Decision, FileVersion, FileVersions } from './types.ts';
import { verifyRound } from './votes.ts';

/** Versions do not wrap: at the last one only a reset out of band helps (E-27). */
const LAST_VERSION = 0xffff;

/** A chain file whose version is acceptable (G2, G3), with its content. */
export interface ChainFileWork {
  readonly part: ChainFilePart;
  readonly kind: 'global' | 'local';
  readonly version: FileVersion;
  /** The authenticated version before it; null for none. */
  readonly known: FileVersion | null;
  readonly ballots: readonly BallotPart[];
  readonly candidates: readonly Candidate[];
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

const textOf = ({ version }: FileVersion): string => version.join('.');

/**
 * G2, G3 for all chain files of a bundle. Authenticated files are compared with those before them and with one another, so that
 * their order does not matter. The version of an unauthenticated file is vouched for by nothing, and keeps nothing out (D42).
 */
export function openChainFiles(draft: Draft, parts: readonly ChainFilePart[]): ChainFileWork[] {
  const all = parts.map((part) => ({ part, ...versionOf(part, draft) }));
  return all.flatMap((one): ChainFileWork[] => {
    const { part, kind, version } = one;
    const known = draft.state.chainFiles[kind].authenticated;
    const rivals = all.filter((other) => other !== one && other.kind === kind && other.part.authenticated);
    const failure =
      whyNotForThisDevice(draft, part, version) ??
      (part.authenticated ? whyNoVersion(version, known, rivals) : undefined);
    if (failure) {
      draft.decisions.push({ ...aboutFile(part.source), decision: 'REJECT', ...failure });
      return [];
    }
    return [{ ...one, known, ballots: ballotsOfChainFile(part), candidates: candidatesOf(part, kind) }];
  });
}

function aboutFile({ artefact, part }: Source): Pick<Decision, 'artefact' | 'part' | 'proposition' | 'subject'> {
  return { artefact, part, proposition: 'chainFile', subject: null };
}

interface Failure {
  readonly code: string;
  readonly detail: string;
}

function whyNotForThisDevice(draft: Draft, { file }: ChainFilePart, version: FileVersion): Failure | undefined {
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
  if (!version.version.includes(LAST_VERSION)) return undefined;
  return { code: 'G_EXHAUSTED', detail: `version ${textOf(version)} is the last one: none could follow it` };
}

/** G2, among authenticated files. */
function whyNoVersion(
  version: FileVersion,
  known: FileVersion | null,
  rivals: readonly { readonly version: FileVersion }[],
): Failure | undefined {
  const order = known === null ? 1 : compareVersions(version, known);
  if (known !== null && order < 0) {
    const detail = `version ${textOf(version)}, but authenticated version ${textOf(known)} is in force; ${wayOut(known)}`;
    return { code: 'G_ROLLBACK', detail };
  }
  if (known !== null && order === 0 && version.sha256 !== known.sha256) {
    const detail = `another authenticated file of version ${textOf(known)} is in force; ${wayOut(known)}`;
    return { code: 'G_EQUIVOCATION', detail };
  }
  const twin = rivals.find((rival) => compareVersions(rival.version, version) === 0);
  if (twin === undefined || twin.version.sha256 === version.sha256) return undefined;
  const detail = `another authenticated file of version ${textOf(version)} is in the same bundle; ${wayOut(version)}`;
  return { code: 'G_EQUIVOCATION', detail };
}

/** What to do about a file that is too old. */
function wayOut({ version }: FileVersion): string {
  const next = [...version.slice(0, -1), (version.at(-1) as number) + 1].join('.');
  return `have it issued as version ${next} or later, or apply it without authentication, which adds its certificates and removes none`;
}

/** The certificates of a chain file, each with what it is presented as. */
export function candidatesOf(part: ChainFilePart, kind: 'global' | 'local'): Candidate[] {
  const { artefact } = part.source;
  const { maCertificate, certs } = storeOfChainFile(part.file);
  const scoped = part.file.content.value;
  const optional = scoped.tag === 'local' ? scoped.value.optionalCertList : [];
  const candidate = (certificate: Certificate, place: string, role: Candidate['role']): Candidate => {
    const source = { artefact, part: place };
    return { source, certificate, from: kind, role, authenticated: part.authenticated };
  };
  return [
    candidate(maCertificate, 'maCertificate', 'ma'),
    ...certs.map((one, i) => candidate(one, `certs[${i}]`, 'component')),
    ...optional.map((one, i) => candidate(one, `optionalCertList[${i}]`, 'component')),
  ];
}

/** Certificates that travel beside a CTL, which vouches for none of them. */
function besideCtl(parts: readonly CertificatesPart[]): Candidate[] {
  return parts.flatMap(({ source: { artefact, part }, certificates }) =>
    certificates.map((certificate, i): Candidate => {
      const source = { artefact, part: `${part}[${i}]` };
      return { source, certificate, from: 'ctl', role: 'component', authenticated: false };
    }),
  );
}

/** Validates what files, and CTLs beside them, present as components, against the roots that are trusted now. */
export function judgeFiles(
  draft: Draft,
  files: readonly ChainFileWork[],
  beside: readonly CertificatesPart[],
): Judgement {
  return judgeComponents(draft, [...files.flatMap(({ candidates }) => candidates), ...besideCtl(beside)]);
}

/**
 * D42: a file of which nothing is accepted, ballot or certificate, changes nothing: it belongs to another SCMS, or is made up, and
 * what it leaves out means nothing here. Call it when ballots are decided, and before anything is removed by implication.
 */
export function dropForeignFiles(
  draft: Draft,
  files: readonly ChainFileWork[],
  { judged }: Judgement,
): ChainFileWork[] {
  const failures = new Map(judged.map((one) => [one.source, one]));
  const isForeign = ({ ballots, candidates }: ChainFileWork): boolean =>
    !ballots.some(({ source }) => draft.isAccepted(source)) &&
    candidates.every(({ source }) => failures.get(source)?.failure !== undefined);
  const foreign = files.filter(isForeign);
  for (const { part, version, candidates } of foreign) {
    for (const { source } of candidates) {
      const { subject = null, failure } = failures.get(source) ?? {};
      const about = { ...source, proposition: 'certificate' as const, subject };
      draft.decisions.push({ ...about, decision: 'REJECT', ...(failure as Failure) });
    }
    const detail = `version ${textOf(version)}: no ballot and no certificate in it is accepted, so that it changes nothing`;
    draft.decisions.push({ ...aboutFile(part.source), decision: 'REJECT', code: 'G_NOTHING', detail });
  }
  return files.filter((file) => !foreign.includes(file));
}

/**
 * Step 5: the component certificates of files, and those kept. Of authenticated files of one kind the newest replaces those
 * kept of that kind; the certificates of older ones in the same bundle are history.
 *
 * @param judgement of {@link judgeFiles}; certificates are validated again if roots were removed since.
 */
export function settleCertificates(
  draft: Draft,
  files: readonly ChainFileWork[],
  beside: readonly CertificatesPart[],
  judgement: Judgement = judgeFiles(draft, files, beside),
): void {
  const { kept, judged } = judgement.roots === draft.state.roots ? judgement : judgeFiles(draft, files, beside);
  const replacing = files.filter((file) => file.part.authenticated && isNewestAuthenticated(file, files));
  const used = files.filter((file) => !file.part.authenticated || replacing.includes(file));
  const usedSources = new Set(used.flatMap(({ candidates }) => candidates.map(({ source }) => source)));
  const taken = judged.filter(({ from, source }) => from === 'ctl' || usedSources.has(source));
  takeComponents(draft, kept, taken, new Set(replacing.map(({ kind }) => kind)));
  const failed = new Set(judged.filter(({ failure }) => failure !== undefined).map(({ source }) => source));
  const isSound = ({ candidates }: ChainFileWork): boolean => !candidates.some(({ source }) => failed.has(source));
  for (const kind of ['global', 'local'] as const) {
    const ofKind = files.filter((file) => file.kind === kind);
    const sound = ofKind.filter((file) => used.includes(file) && isSound(file));
    rememberVersions(draft, kind, ofKind, sound);
  }
}

const isNewestAuthenticated = (file: ChainFileWork, files: readonly ChainFileWork[]): boolean =>
  !files.some(
    (other) => other.kind === file.kind && other.part.authenticated && compareVersions(other.version, file.version) > 0,
  );

function rememberVersions(
  draft: Draft,
  kind: 'global' | 'local',
  files: readonly ChainFileWork[],
  sound: readonly ChainFileWork[],
): void {
  const before = draft.state.chainFiles[kind];
  const vouched = files.filter(({ part }) => part.authenticated);
  const authenticated = highest(vouched, before.authenticated);
  const newest = highest(sound, vouched.length > 0 ? null : before.newest);
  const after: FileVersions = { newest, authenticated };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  draft.state.chainFiles = { ...draft.state.chainFiles, [kind]: after };
}

function highest(files: readonly ChainFileWork[], least: FileVersion | null): FileVersion | null {
  return files.reduce<FileVersion | null>(
    (most, { version }) => (most === null || compareVersions(version, most) > 0 ? version : most),
    least,
  );
}

/**
 * G6: a trusted root that a newer authenticated file leaves out, or no longer shows with a quorum of votes that count today, is
 * revoked by implication. Of an unauthenticated file this is an alarm and nothing else (E-3). A root that goes this way has no
 * tombstone, because no elector has voted: votes can bring it back.
 */
export function settleImplicitRevocations(
  draft: Draft,
  files: readonly ChainFileWork[],
  before: ReadonlySet<string>,
  motionsOf: ReadonlyMap<ChainFileWork, readonly Motion[]>,
): void {
  if (draft.state.settings.implicitRootRevocation === 'off') return;
  for (const file of files) {
    const isNewer = file.known === null || compareVersions(file.version, file.known) > 0;
    if (!isNewer || isOutdone(file, files)) continue;
    const endorsed = endorsedRoots(draft, motionsOf.get(file) ?? []);
    const missing = draft.state.roots.filter(({ hash }) => before.has(hash) && !endorsed.has(hash));
    for (const root of missing) {
      const about = {
        artefact: file.part.source.artefact,
        part: 'rootCAEndorsements',
        proposition: 'implicitRemoveRoot' as const,
        subject: root.hashedId8,
      };
      const detail = 'the file does not show it with a quorum of votes';
      if (!file.part.authenticated) {
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

function isOutdone(file: ChainFileWork, files: readonly ChainFileWork[]): boolean {
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

/** The decision on each file as a whole, once its parts are decided: `ACCEPT` if it changed anything. */
export function decideFiles(
  draft: Draft,
  files: readonly ChainFileWork[],
  versionsBefore: Draft['state']['chainFiles'],
): void {
  for (const { part, kind, version, ballots, candidates } of files) {
    const versions = draft.state.chainFiles[kind];
    const isRemembered = [versions.newest, versions.authenticated].some((one) => one?.sha256 === version.sha256);
    const changes =
      (isRemembered && versions !== versionsBefore[kind]) ||
      [...ballots, ...candidates].some(({ source }) => draft.isChange(source));
    const detail = `version ${textOf(version)}${part.authenticated ? '' : ', not authenticated'}`;
    draft.decisions.push({
      ...aboutFile(part.source),
      decision: changes ? 'ACCEPT' : 'ACCEPT_NOOP',
      code: 'OK',
      detail,
    });
  }
}

/**
 * The misbehaviour authority to encrypt reports to (G9): that of the newest authenticated chain file. Without one, every MA
 * certificate that validated.
 */
export function misbehaviourAuthorities(state: {
  readonly certificates: readonly ComponentCertificate[];
  readonly chainFiles: Draft['state']['chainFiles'];
}): readonly ComponentCertificate[] {
  const all = state.certificates.filter(({ role }) => role === 'ma');
  const vouched = all.filter(({ authenticated }) => authenticated);
  if (vouched.length === 0) return all;
  const { global, local } = state.chainFiles;
  // A local file is made from the global one of its first number.
  const isLocal = (local.authenticated?.version[0] ?? -1) >= (global.authenticated?.version[0] ?? -1);
  const newest = vouched.filter(({ source }) => source === (isLocal ? 'local' : 'global'));
  return newest.length > 0 ? newest : vouched;
}
