import {
  type Certificate,
  type GeographicRegionValue,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  type PsidGroupPermissions,
  type PsidSsp,
  type PsidSspRange,
} from '../dot2/index.ts';
import type { Finding } from './finding.ts';
import { entriesOf, MAX_ENTRIES, MAX_FINDINGS } from './permissions.ts';
import { isSimplePolygon } from './simple-polygon.ts';

/** What has failed so far. Any failure decides: of each rule only the first few are written down. */
class Report {
  readonly findings: Finding[] = [];
  private ruleStart = 0;

  /** Ends what was said of one rule. */
  nextRule(): void {
    this.ruleStart = this.findings.length;
  }

  /** Whether no more needs to be looked for under this rule. */
  get isFull(): boolean {
    return this.findings.length - this.ruleStart >= MAX_FINDINGS;
  }

  add(code: Finding['code'], detail: string, stage?: Finding['stage']): void {
    if (!this.isFull) this.findings.push(stage ? { code, detail, stage } : { code, detail });
  }
}

/**
 * Rules on a certificate by itself (IEEE 1609.2 §6.4 and its subclauses). `lenientChainLength` accepts a minChainLength
 * of zero in certIssuePermissions.
 */
export function checkCertificateStructure(certificate: Certificate, lenientChainLength: boolean): Finding[] {
  const report = new Report();
  const tbs = certificate.toBeSigned;
  // §6.4.3: version 3 is the only one.
  if (certificate.version !== 3) report.add('unsupportedVersion', `certificate version ${certificate.version}`);
  report.nextRule();
  checkCriticalFields(certificate, report);
  report.nextRule();
  checkType(certificate, report);
  checkPointForms(certificate, report);
  report.nextRule();

  // §6.4.8: at least one kind of permission; a PSID once in appPermissions.
  const { appPermissions = NONE, certIssuePermissions = NONE, certRequestPermissions = NONE } = tbs;
  if (appPermissions.length + certIssuePermissions.length + certRequestPermissions.length === 0) {
    report.add('noPermissions', 'neither appPermissions, certIssuePermissions nor certRequestPermissions');
  }
  report.nextRule();
  checkDuplicates(appPermissions, report);
  report.nextRule();
  checkGroups('certIssuePermissions', certIssuePermissions, lenientChainLength ? 0 : 1, report);
  report.nextRule();
  checkGroups('certRequestPermissions', certRequestPermissions, 0, report);
  report.nextRule();
  if (tbs.region) checkRegion(tbs.region, report);
  return report.findings;
}

const NONE: readonly never[] = [];

/** §6.4.5, §6.4.6: explicit certificates carry a key and a signature, implicit ones a reconstruction value and none. */
function checkType({ type, issuer, toBeSigned, signature }: Certificate, report: Report): void {
  const indicator = toBeSigned.verifyKeyIndicator.tag;
  if (type === 'explicit') {
    if (indicator === 'reconstructionValue') report.add('keyIndicatorMismatch', 'explicit with reconstructionValue');
    if (signature === undefined) report.add('missingSignature', 'explicit certificate without signature');
  } else if (type === 'implicit') {
    if (indicator === 'verificationKey') report.add('keyIndicatorMismatch', 'implicit with verificationKey');
    if (signature !== undefined) report.add('unexpectedSignature', 'implicit certificate with signature');
    if (issuer.tag === 'self') report.add('keyIndicatorMismatch', 'implicit certificate issued by itself');
  }
}

function checkDuplicates(permissions: readonly PsidSsp[], report: Report): void {
  if (permissions.length < 2) return;
  const psids = new Set<number>();
  for (const { psid } of permissions) {
    if (psids.has(psid)) report.add('duplicatePSID', `psid ${psid} twice in appPermissions`);
    if (report.isFull) return;
    psids.add(psid);
  }
}

/** §5.1.2 of the rules on critical information fields: an alternative from the future cannot be skipped there. */
function checkCriticalFields({ type, issuer, toBeSigned: tbs, signature }: Certificate, report: Report): void {
  const unknown = (detail: string): void => report.add('unsupportedCriticalInformationField', detail);
  if (type.startsWith('unknown')) unknown(`certificate type ${type}`);
  if (issuer.tag === 'unknown') unknown(`issuer alternative ${issuer.index}`);
  if (issuer.tag === 'self' && issuer.value.startsWith('unknown')) unknown(`hash algorithm ${issuer.value}`);
  if (tbs.id.tag === 'unknown') unknown(`id alternative ${tbs.id.index}`);
  if (tbs.region?.tag === 'unknown') unknown(`region alternative ${tbs.region.index}`);
  if (tbs.region?.tag === 'identifiedRegion') {
    for (const region of tbs.region.value) {
      if (region.tag === 'unknown') unknown(`identified region alternative ${region.index}`);
      if (report.isFull) return;
    }
  }
  for (const groups of [tbs.certIssuePermissions ?? NONE, tbs.certRequestPermissions ?? NONE]) {
    for (const { subjectPermissions } of groups) {
      if (subjectPermissions.tag === 'unknown') unknown(`subjectPermissions alternative ${subjectPermissions.index}`);
      if (report.isFull) return;
    }
  }
  const indicator = tbs.verifyKeyIndicator;
  if (indicator.tag === 'unknown') unknown(`verifyKeyIndicator alternative ${indicator.index}`);
  if (indicator.tag === 'verificationKey' && indicator.value.tag === 'unknown') {
    unknown(`verification key alternative ${indicator.value.index}`);
  }
  if (signature?.tag === 'unknown') unknown(`signature alternative ${signature.index}`);
}

/** §6.3.23: keys and reconstruction values need their y; `fill` stands nowhere in a certificate. */
function checkPointForms({ toBeSigned: tbs, signature }: Certificate, report: Report): void {
  const invalid = (detail: string): void => report.add('invalidPointForm', detail);
  const indicator = tbs.verifyKeyIndicator;
  const key = indicator.tag === 'verificationKey' ? indicator.value : undefined;
  const point =
    key && key.tag !== 'unknown' ? key.value : indicator.tag === 'reconstructionValue' ? indicator.value : null;
  if (point?.tag === 'x-only' || point?.tag === 'fill') invalid(`${point.tag} ${indicator.tag}`);
  const encryption = tbs.encryptionKey?.publicKey;
  if (encryption && encryption.tag !== 'unknown') {
    const form = encryption.value.tag;
    if (form === 'x-only' || form === 'fill') invalid(`${form} encryptionKey`);
  }
  if (signature && signature.tag !== 'unknown' && signature.tag !== 'sm2Signature') {
    if (signature.value.rSig.tag === 'fill') invalid('fill rSig');
  }
}

/** §6.4.30, §6.4.31. */
function checkGroups(
  name: string,
  groups: readonly PsidGroupPermissions[],
  minChainLength: number,
  report: Report,
): void {
  let all = 0;
  const entries = entriesOf(groups);
  if (entries > MAX_ENTRIES) {
    report.add('tooManyElements', `${name} with ${entries} entries, at most ${MAX_ENTRIES}`, 'structure');
  }
  for (const group of groups) {
    if (report.isFull) return;
    if (group.minChainLength < minChainLength || group.chainLengthRange < -1) {
      const detail = `${name} with minChainLength ${group.minChainLength}, chainLengthRange ${group.chainLengthRange}`;
      report.add('invalidChainLength', detail);
    }
    if (group.subjectPermissions.tag === 'all' && ++all === 2) {
      report.add('duplicateAllPermissions', `${name} with several groups for all`);
    }
    if (group.subjectPermissions.tag === 'explicit') checkRanges(group.subjectPermissions.value, report);
  }
}

function checkRanges(entries: readonly PsidSspRange[], report: Report): void {
  for (const { psid, sspRange } of entries) {
    if (sspRange?.tag !== 'bitmapSspRange') continue;
    const { sspValue, sspBitmask } = sspRange.value;
    if (sspValue.length === sspBitmask.length) continue;
    report.add('invalidSspRange', `psid ${psid}: value of ${sspValue.length}, mask of ${sspBitmask.length} octets`);
    if (report.isFull) return;
  }
}

interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** §6.4.17 ff. */
function checkRegion(region: GeographicRegionValue, report: Report): void {
  const invalid = (detail: string): void => report.add('invalidRegion', detail);
  if (region.tag === 'unknown') return;
  if (region.tag === 'circularRegion') {
    checkCoordinates(region.value.center, report);
    return;
  }
  if (region.value.length === 0) invalid(`${region.tag} without elements`);
  if (region.tag === 'rectangularRegion') {
    for (const { northWest, southEast } of region.value) {
      checkCoordinates(northWest, report);
      checkCoordinates(southEast, report);
      if (northWest.latitude <= southEast.latitude)
        invalid('rectangle whose north-west corner is not north of the other');
      if (northWest.longitude === southEast.longitude) invalid('rectangle without width');
      if (report.isFull) return;
    }
  } else if (region.tag === 'polygonalRegion') {
    for (const point of region.value) {
      checkCoordinates(point, report);
      if (report.isFull) return;
    }
    if (!isSimplePolygon(region.value)) invalid('polygon that crosses or touches itself');
  } else {
    for (const element of region.value) {
      if (namesNothing(element)) invalid(`${element.tag} without codes`);
      if (report.isFull) return;
    }
  }
}

/** A list of codes that is empty would lie inside every issuer's region, whatever country it names. */
function namesNothing(element: Extract<GeographicRegionValue, { tag: 'identifiedRegion' }>['value'][number]): boolean {
  if (element.tag === 'countryAndRegions') return element.value.regions.length === 0;
  if (element.tag !== 'countryAndSubregions') return false;
  const { regionAndSubregions } = element.value;
  return regionAndSubregions.length === 0 || regionAndSubregions.some(({ subregions }) => subregions.length === 0);
}

function checkCoordinates({ latitude, longitude }: Coordinates, report: Report): void {
  if (Math.abs(latitude) > MAX_LATITUDE) report.add('invalidRegion', `latitude ${latitude}`);
  if (longitude <= -MAX_LONGITUDE || longitude > MAX_LONGITUDE) report.add('invalidRegion', `longitude ${longitude}`);
}
