import {
  EE_APP,
  EE_ENROL,
  type PsidGroupPermissions,
  type PsidSsp,
  type PsidSspRange,
  type SspRange,
} from '../dot2/index.ts';
import type { Finding } from './finding.ts';

/**
 * Where the chain ends that certRequestPermissions are counted along: in the `requester`, or one below it, in the `requested`
 * certificate of an end entity.
 */
export type RequestReading = 'requester' | 'requested';

/** What a certificate may do, and may let others do. */
export interface Permissions {
  readonly appPermissions?: readonly PsidSsp[] | undefined;
  readonly certIssuePermissions?: readonly PsidGroupPermissions[] | undefined;
  readonly certRequestPermissions?: readonly PsidGroupPermissions[] | undefined;
}

/**
 * What a certificate may do must be covered by every CA above it (IEEE 1609.2 §5.1.2.4, §6.4.28 – §6.4.31).
 * `issuers` are the certificates above it, nearest first; the last one is the anchor.
 *
 * Editions of §6.4.30 differ in how long the chain of a request is. With `requester` it ends in the certificate that requests, as an
 * end entity that may enrol. Deployed RAs only fit where the end entity whose certificate is requested counts as well: with `requested`
 * the lengths that the request names are measured from the requester on, and all of them must be lengths, and its eeType an eeType,
 * that the CA may give.
 */
export function checkPermissions(
  subject: Permissions,
  issuers: readonly Pick<Permissions, 'certIssuePermissions'>[],
  requests: RequestReading = 'requester',
): Finding[] {
  const findings: Finding[] = [];
  // The first decides; to list a thousand would cost more than to compare them.
  const isEnough = (): boolean => findings.length >= MAX_FINDINGS;
  // Longer lists are refused by the rules of structure.
  if (!isBounded(subject.certIssuePermissions) || !isBounded(subject.certRequestPermissions)) return findings;
  issuers.forEach((issuer, i) => {
    const chainLength = i + 1;
    const report = (detail: string): void =>
      void findings.push({ code: 'inconsistentChainPermissions', detail: `${detail} (CA ${chainLength} above)` });
    const groups = issuer.certIssuePermissions ?? [];
    // That an issuer has none is a rule of its own.
    if (groups.length === 0 || !isBounded(groups)) return;
    const length = exactly(chainLength);
    for (const entry of subject.appPermissions ?? []) {
      if (isEnough()) return;
      const why = whyNotCovered(groups, entry.psid, EE_APP, length, entry, sspInRange);
      if (why) report(`psid ${entry.psid}${entry.ssp ? ' with its SSP' : ''}: ${why}`);
    }
    for (const group of subject.certRequestPermissions ?? []) {
      if (isEnough()) return;
      const why =
        requests === 'requester'
          ? whyGroupNotCovered(group, groups, EE_ENROL, length)
          : (whyGroupNotCovered(group, groups, EE_ENROL, undefined) ??
            whyGroupNotCovered(group, groups, group.eeType, spanOf(group, chainLength)));
      if (why) report(`certRequestPermissions, ${why}`);
    }
    for (const group of subject.certIssuePermissions ?? []) {
      if (isEnough()) return;
      // How long the chain below may get is verified where it ends, at every CA above the leaf; not here.
      const why = whyGroupNotCovered(group, groups, group.eeType, undefined);
      if (why) report(`certIssuePermissions, ${why}`);
    }
  });
  return findings;
}

/** Entries of one permission list that are compared; §6.4.30 f. ask for eight groups of eight. */
export const MAX_ENTRIES = 1024;
/** Failures of one rule that are listed for one certificate. */
export const MAX_FINDINGS = 16;

/** Entries of all groups together. */
export function entriesOf(groups: readonly PsidGroupPermissions[]): number {
  return groups.reduce(
    (sum, { subjectPermissions: { tag, value } }) => sum + (tag === 'explicit' ? value.length : 1),
    0,
  );
}

/** Whether a list may be compared at all: the work grows with the product of the two lists (DECISIONS D25). */
function isBounded(groups: readonly PsidGroupPermissions[] = []): boolean {
  return entriesOf(groups) <= MAX_ENTRIES;
}

/** Chain lengths that a CA must allow, all of them: from the certificate below it to the end of the chain. */
interface Lengths {
  readonly from: number;
  readonly to: number;
}

const exactly = (length: number): Lengths => ({ from: length, to: length });

/** The lengths of chains that end in a requested certificate, seen from a CA this far above the requester. */
function spanOf({ minChainLength, chainLengthRange }: PsidGroupPermissions, above: number): Lengths {
  const from = above + 1 + minChainLength;
  return { from, to: chainLengthRange === -1 ? Number.POSITIVE_INFINITY : from + chainLengthRange };
}

function lengthsText({ from, to }: Lengths): string {
  if (from === to) return `chain length ${from}`;
  return `chain lengths ${from}..${to === Number.POSITIVE_INFINITY ? '' : to}`;
}

/** Why no group grants a PSID; undefined where one does. */
function whyNotCovered<T>(
  groups: readonly PsidGroupPermissions[],
  psid: number,
  eeType: number,
  lengths: Lengths | undefined,
  entry: T,
  inRange: (entry: T, range: SspRange | undefined) => boolean,
): string | undefined {
  const candidates = groupsFor(groups, psid);
  if (candidates.length === 0) return 'not among the certIssuePermissions';
  let [isFitting, isLongEnough] = [false, false];
  for (let i = 0; i < candidates.length; i++) {
    const { group, range } = candidates[i] as Grant;
    if ((group.eeType & eeType) !== eeType) continue;
    isFitting = true;
    if (lengths !== undefined && !allAllowed(group, lengths)) continue;
    isLongEnough = true;
    if (inRange(entry, range)) return undefined;
  }
  if (!isFitting) return 'eeType does not allow it';
  if (isLongEnough) return 'SSP outside the range';
  const fitting = candidates.filter(({ group }) => (group.eeType & eeType) === eeType);
  return `${lengthsText(lengths as Lengths)} outside ${fitting.map(lengthRange).join(' and ')}`;
}

/** A group that speaks for a PSID, and the SSPs that it gives. */
interface Grant {
  readonly group: PsidGroupPermissions;
  readonly range: SspRange | undefined;
}

/** The grants of a CA by their PSID, and those for every PSID that it does not list. */
interface Grants {
  readonly listed: ReadonlyMap<number, readonly Grant[]>;
  readonly all: readonly Grant[];
}

/** Sorted once for each CA: what is issued by it is compared entry by entry. */
const sorted = new WeakMap<readonly PsidGroupPermissions[], Grants>();

/** The groups that speak for a PSID: those that list it, or else the one for all PSIDs. */
function groupsFor(groups: readonly PsidGroupPermissions[], psid: number): readonly Grant[] {
  const grants = sorted.get(groups) ?? sort(groups);
  return grants.listed.get(psid) ?? grants.all;
}

function sort(groups: readonly PsidGroupPermissions[]): Grants {
  const listed = new Map<number, Grant[]>();
  const all: Grant[] = [];
  for (const group of groups) {
    const { tag, value } = group.subjectPermissions;
    if (tag === 'all') all.push({ group, range: undefined });
    if (tag !== 'explicit') continue;
    for (const { psid, sspRange: range } of value) {
      const grants = listed.get(psid) ?? [];
      listed.set(psid, grants);
      grants.push({ group, range });
    }
  }
  const grants = { listed, all };
  sorted.set(groups, grants);
  return grants;
}

/** Certificates below the CA, down to and including the last one: minChainLength … minChainLength + chainLengthRange. */
function allAllowed({ minChainLength, chainLengthRange }: PsidGroupPermissions, { from, to }: Lengths): boolean {
  return from >= minChainLength && (chainLengthRange === -1 || to <= minChainLength + chainLengthRange);
}

function lengthRange({ group }: { group: PsidGroupPermissions }): string {
  const { minChainLength: min, chainLengthRange: range } = group;
  return range === -1 ? `${min}..` : `${min}..${min + range}`;
}

/** Why a group of permissions reaches beyond those of a CA above; undefined where it does not. */
function whyGroupNotCovered(
  group: PsidGroupPermissions,
  issuerGroups: readonly PsidGroupPermissions[],
  eeType: number,
  lengths: Lengths | undefined,
): string | undefined {
  const permissions = group.subjectPermissions;
  if (permissions.tag === 'all') {
    const all = issuerGroups.filter((other) => other.subjectPermissions.tag === 'all');
    if (all.length === 0) return 'all: the issuer does not have all';
    const fitting = all.filter((other) => (other.eeType & eeType) === eeType);
    if (fitting.length === 0) return 'all: eeType does not allow it';
    if (lengths === undefined || fitting.some((other) => allAllowed(other, lengths))) return undefined;
    return `all: ${lengthsText(lengths)} not allowed`;
  }
  if (permissions.tag !== 'explicit') return `unknown subjectPermissions`;
  for (const entry of permissions.value) {
    const why = whyNotCovered(issuerGroups, entry.psid, eeType, lengths, entry, rangeInRange);
    if (why) return `psid ${entry.psid}: ${why}`;
  }
  return undefined;
}

const sameOctets = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((octet, i) => octet === b[i]);

/** Whether an SSP lies in the range that a CA may give (§6.4.29, §6.4.31). An absent range is `all`. */
function sspInRange({ ssp }: PsidSsp, range: SspRange | undefined): boolean {
  if (range === undefined || range.tag === 'all') return true;
  if (range.tag === 'opaque') {
    // An absent SSP needs an empty string in the list.
    if (ssp === undefined) return range.value.some((allowed) => allowed.length === 0);
    return ssp.tag === 'opaque' && range.value.some((allowed) => sameOctets(allowed, ssp.value));
  }
  if (range.tag === 'bitmapSspRange') {
    const { sspValue, sspBitmask } = range.value;
    if (ssp?.tag !== 'bitmapSsp' || ssp.value.length !== sspBitmask.length) return false;
    return ssp.value.every((octet, i) => ((octet ^ (sspValue[i] ?? 0)) & (sspBitmask[i] as number)) === 0);
  }
  return false;
}

/** Whether a CA's range lies in the range of the CA above it. */
function rangeInRange({ sspRange }: PsidSspRange, outer: SspRange | undefined): boolean {
  if (outer === undefined || outer.tag === 'all') return true;
  if (sspRange === undefined || sspRange.tag === 'all') return false;
  if (outer.tag === 'opaque') {
    if (sspRange.tag !== 'opaque') return false;
    return sspRange.value.every((ssp) => outer.value.some((allowed) => sameOctets(allowed, ssp)));
  }
  if (outer.tag === 'bitmapSspRange' && sspRange.tag === 'bitmapSspRange') {
    const [inner, above] = [sspRange.value, outer.value];
    if (inner.sspBitmask.length !== above.sspBitmask.length) return false;
    // Every bit that the outer range fixes must be fixed by the inner one too, and to the same value.
    return above.sspBitmask.every((mask, i) => {
      const fixed = inner.sspBitmask[i] as number;
      const differs = ((inner.sspValue[i] ?? 0) ^ (above.sspValue[i] ?? 0)) & mask;
      return (mask & ~fixed) === 0 && differs === 0;
    });
  }
  return false;
}
