/**
 * The reset of CRLs after a change of root (rules K1–K12 of root management). The source text has two sentences on it: entries without
 * linkage values can be removed, and linkage entries stay if the linkage values are continued. Pure: the sender's side
 * decides for each revoked thing what becomes of it, the receiver's side what of its cache may go.
 */

/** A CRL's line: what CRLs of one CRACA and series have in common. No line is ever compared with another (K12). */
export interface CrlLine {
  /** Name or hash of the root that the CRL's signer is under: an entry reaches only certificates under the same one. */
  readonly root: string;
  readonly crlSeries: number;
}

interface RevokedThing {
  readonly id: string;
  /** The root that the revoked thing is under, or for ballots and blacklists the root in force when it was made. */
  readonly root: string;
}

/** A certificate listed by its hash. */
export interface HashEntry extends RevokedThing {
  readonly kind: 'hash';
  readonly crlSeries: number;
}

/** A device listed by the seeds of its linkage chains. */
export interface LinkageEntry extends RevokedThing {
  readonly kind: 'linkage';
  readonly crlSeries: number;
  /** Whether its linkage authorities continue the chains for certificates under the new root. */
  readonly chain: 'continued' | 'ended';
  /** Its owner did not let the device be enrolled again (K5). */
  readonly refusedEnrolment?: boolean;
  /** The period that the published seeds are of. */
  readonly iRev: number;
  readonly iMax: number;
}

/** Votes that removed an elector or root. */
export interface BallotEntry extends RevokedThing {
  readonly kind: 'ballot';
  /** When the certificate that they removed expires, TAI microseconds. */
  readonly end: bigint;
}

/** An enrolment certificate on the blacklist of an RA; no CRL names it. */
export interface BlacklistEntry extends RevokedThing {
  readonly kind: 'blacklist';
}

/** A component on a CRL that a root signed itself, series 256. */
export interface RootSignedEntry extends RevokedThing {
  readonly kind: 'rootSigned';
  /** The root that signed the CRL. The component itself is under {@link RevokedThing.root}. */
  readonly signedBy: string;
}

/** A revoked certificate, device, elector or root, by the kind of list that names it. */
export type RevokedEntry = HashEntry | LinkageEntry | BallotEntry | BlacklistEntry | RootSignedEntry;

/** `reissue`: in a CRL of the new root's line. `carryOver`: to the new RA. */
export type ResetAction = 'remove' | 'keep' | 'reissue' | 'carryOver';

/** The rules that decide on an entry, each with its reason. `iMax`: a linkage entry that has run out. */
export const RESET_RULES = {
  K1: 'its certificate is below a removed root and has no linkage value: no certificate can match the entry any more',
  K2: 'its certificate is below a root that is still trusted',
  K3: 'its linkage chain has ended: all certificates that the entry names are below the removed root',
  K4: 'its linkage chain continues below the new root: the entry moves to a CRL of that root, which those certificates name',
  K5: 'its linkage chain continues, and the device may not enrol again: the entry stays until its last period all the same',
  K7: 'the votes of electors outlive every root: they stay until the certificate that they removed expires',
  K8: 'no CRL names an enrolment certificate: the new RA takes the blacklist over, or the device could enrol again',
  K9: 'a root-signed CRL is void with its root: the entry stays where the component is still under a trusted root',
  iMax: 'the last period that the entry covers is over',
} as const;

export type ResetRule = keyof typeof RESET_RULES;

/** The decision on one entry, with its rule and the line of the CRL that keeps it. */
export interface ResetDecision {
  readonly entry: RevokedEntry;
  readonly action: ResetAction;
  readonly rule: ResetRule;
  /** The line that has it afterwards; null for none. */
  readonly line: CrlLine | null;
  /** Linkage entries that stay: the period whose seeds are to be published, never an earlier one than before (K6). */
  readonly iRev?: number;
}

/** The roots, series and time that a reset depends on. */
export interface ResetSituation {
  /** Roots that are trusted after the change. */
  readonly trusted: ReadonlySet<string>;
  /** The root that takes over; null without one. */
  readonly successor: string | null;
  /** Current period. */
  readonly i: number;
  /** TAI microseconds. */
  readonly now: bigint;
  /** Series that the successor's CRLG issues; every one of them needs a CRL, empty or not (K10). */
  readonly series: readonly number[];
}

/** The decisions on all entries, and the CRLs to be issued. */
export interface Reset {
  readonly decisions: readonly ResetDecision[];
  /** Every CRL that has to be issued in the successor's lines; those without entries too (K10). */
  readonly issue: readonly { readonly line: CrlLine; readonly entries: readonly ResetDecision[] }[];
}

/** The action on every revoked entry, for the SCMS. */
export function resetCrls(entries: readonly RevokedEntry[], situation: ResetSituation): Reset {
  const decisions = entries.map((entry) => decide(entry, situation));
  const { successor, series } = situation;
  if (successor === null) return { decisions, issue: [] };
  const issue = series.map((crlSeries) => ({
    line: { root: successor, crlSeries },
    entries: decisions.filter(({ line }) => line !== null && line.root === successor && line.crlSeries === crlSeries),
  }));
  return { decisions, issue };
}

function decide(entry: RevokedEntry, situation: ResetSituation): ResetDecision {
  switch (entry.kind) {
    case 'hash':
      return hashDecision(entry, situation);
    case 'linkage':
      return linkageDecision(entry, situation);
    case 'ballot':
      // K7: the votes outlive every root, and go when no vote could bring the certificate back.
      return { entry, action: entry.end >= situation.now ? 'keep' : 'remove', rule: 'K7', line: null };
    case 'blacklist':
      // K8: else a revoked vehicle is laundered by enrolling again.
      return { entry, action: 'carryOver', rule: 'K8', line: null };
    case 'rootSigned':
      return rootSignedDecision(entry, situation);
  }
}

function hashDecision(entry: HashEntry, { trusted }: ResetSituation): ResetDecision {
  if (!trusted.has(entry.root)) return { entry, action: 'remove', rule: 'K1', line: null };
  return { entry, action: 'keep', rule: 'K2', line: { root: entry.root, crlSeries: entry.crlSeries } };
}

function linkageDecision(entry: LinkageEntry, { trusted, successor, i }: ResetSituation): ResetDecision {
  const iRev = Math.max(i, entry.iRev);
  if (trusted.has(entry.root)) {
    return { entry, action: 'keep', rule: 'K2', line: { root: entry.root, crlSeries: entry.crlSeries }, iRev };
  }
  if (i > entry.iMax) return { entry, action: 'remove', rule: 'iMax', line: null };
  if (entry.chain === 'ended') return { entry, action: 'remove', rule: 'K3', line: null };
  const rule = entry.refusedEnrolment ? 'K5' : 'K4';
  // Without a successor there is no line yet; the entry waits for one.
  const line = successor === null ? null : { root: successor, crlSeries: entry.crlSeries };
  return { entry, action: successor === null ? 'keep' : 'reissue', rule, line, iRev };
}

/** K9: void with the root that signed it; issued anew while the component is still under something that is trusted. */
function rootSignedDecision(entry: RootSignedEntry, { trusted, successor }: ResetSituation): ResetDecision {
  const line = (root: string): CrlLine => ({ root, crlSeries: SERIES_ROOT_SIGNED });
  if (trusted.has(entry.signedBy)) return { entry, action: 'keep', rule: 'K9', line: line(entry.signedBy) };
  if (!trusted.has(entry.root)) return { entry, action: 'remove', rule: 'K9', line: null };
  return { entry, action: 'reissue', rule: 'K9', line: successor === null ? null : line(successor) };
}

const SERIES_ROOT_SIGNED = 256;

/** A CRL that a receiver holds. */
export interface CachedCrl extends CrlLine {
  readonly id: string;
}

/**
 * K11, for receivers: cached CRLs of a removed root stay until a CRL of another, trusted root was validated for the same
 * series, and go then. CRLs of roots that were not removed are never purged.
 */
export function purgeable(
  cached: readonly CachedCrl[],
  removedRoots: ReadonlySet<string>,
  validated: readonly CrlLine[],
): CachedCrl[] {
  return cached.filter(
    ({ root, crlSeries }) =>
      removedRoots.has(root) &&
      validated.some((line) => line.crlSeries === crlSeries && line.root !== root && !removedRoots.has(line.root)),
  );
}

/** A CRL's place in its line. */
export interface CrlPlace extends CrlLine {
  readonly issueDate: number;
  readonly serial: number;
}

/**
 * K12: whether a CRL may follow those seen. The first of a line may have any serial and date; later ones may not go back in
 * theirs (C5); other lines say nothing.
 */
export function mayFollow(seen: readonly CrlPlace[], next: CrlPlace): boolean {
  return seen
    .filter(({ root, crlSeries }) => root === next.root && crlSeries === next.crlSeries)
    .every(({ issueDate, serial }) => next.issueDate >= issueDate && next.serial >= serial);
}
