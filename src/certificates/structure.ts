import {
  type Certificate,
  type GeographicRegionValue,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  type PsidGroupPermissions,
  type PsidSsp,
} from '../dot2/index.ts';
import type { Finding } from './finding.ts';
import { entriesOf, MAX_ENTRIES, MAX_FINDINGS } from './permissions.ts';
import { isSimplePolygon } from './simple-polygon.ts';

/**
 * Rules on a certificate by itself (IEEE 1609.2 §6.4 and its subclauses). `lenientChainLength` accepts a minChainLength
 * of zero in certIssuePermissions.
 */
export function checkCertificateStructure(certificate: Certificate, lenientChainLength: boolean): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], detail: string): void => void findings.push({ code, detail });
  const tbs = certificate.toBeSigned;

  // §6.4.3: version 3 is the only one.
  if (certificate.version !== 3) report('unsupportedVersion', `certificate version ${certificate.version}`);
  for (const detail of first(unknownCriticalFields(certificate))) report('unsupportedCriticalInformationField', detail);

  // §6.4.5, §6.4.6: explicit certificates carry a key and a signature, implicit ones a reconstruction value and none.
  const indicator = tbs.verifyKeyIndicator.tag;
  if (certificate.type === 'explicit') {
    if (indicator === 'reconstructionValue') report('keyIndicatorMismatch', 'explicit with reconstructionValue');
    if (certificate.signature === undefined) report('missingSignature', 'explicit certificate without signature');
  } else if (certificate.type === 'implicit') {
    if (indicator === 'verificationKey') report('keyIndicatorMismatch', 'implicit with verificationKey');
    if (certificate.signature !== undefined) report('unexpectedSignature', 'implicit certificate with signature');
    if (certificate.issuer.tag === 'self') report('keyIndicatorMismatch', 'implicit certificate issued by itself');
  }
  for (const detail of badPointForms(certificate)) report('invalidPointForm', detail);

  // §6.4.8: at least one kind of permission; a PSID once in appPermissions.
  const { appPermissions = [], certIssuePermissions = [], certRequestPermissions = [] } = tbs;
  if (appPermissions.length + certIssuePermissions.length + certRequestPermissions.length === 0) {
    report('noPermissions', 'neither appPermissions, certIssuePermissions nor certRequestPermissions');
  }
  for (const psid of first(duplicates(appPermissions))) report('duplicatePSID', `psid ${psid} twice in appPermissions`);
  findings.push(...first(checkGroups('certIssuePermissions', certIssuePermissions, lenientChainLength ? 0 : 1)));
  findings.push(...first(checkGroups('certRequestPermissions', certRequestPermissions, 0)));
  if (tbs.region) for (const detail of first(badRegion(tbs.region))) report('invalidRegion', detail);
  return findings;
}

/** The first failures of a rule: any of them decides, and a thousand would cost more than all else. */
function* first<T>(all: Iterable<T>): Generator<T> {
  let count = 0;
  for (const one of all) {
    if (count++ === MAX_FINDINGS) return;
    yield one;
  }
}

function* duplicates(permissions: readonly PsidSsp[]): Generator<number> {
  const psids = new Set<number>();
  for (const { psid } of permissions) {
    if (psids.has(psid)) yield psid;
    psids.add(psid);
  }
}

/** §5.1.2 of the rules on critical information fields: an alternative from the future cannot be skipped there. */
function* unknownCriticalFields({ type, issuer, toBeSigned: tbs, signature }: Certificate): Generator<string> {
  if (type.startsWith('unknown')) yield `certificate type ${type}`;
  if (issuer.tag === 'unknown') yield `issuer alternative ${issuer.index}`;
  if (issuer.tag === 'self' && issuer.value.startsWith('unknown')) yield `hash algorithm ${issuer.value}`;
  if (tbs.id.tag === 'unknown') yield `id alternative ${tbs.id.index}`;
  if (tbs.region?.tag === 'unknown') yield `region alternative ${tbs.region.index}`;
  if (tbs.region?.tag === 'identifiedRegion') {
    for (const region of tbs.region.value) {
      if (region.tag === 'unknown') yield `identified region alternative ${region.index}`;
    }
  }
  for (const group of [...(tbs.certIssuePermissions ?? []), ...(tbs.certRequestPermissions ?? [])]) {
    const permissions = group.subjectPermissions;
    if (permissions.tag === 'unknown') yield `subjectPermissions alternative ${permissions.index}`;
  }
  const indicator = tbs.verifyKeyIndicator;
  if (indicator.tag === 'unknown') yield `verifyKeyIndicator alternative ${indicator.index}`;
  if (indicator.tag === 'verificationKey' && indicator.value.tag === 'unknown') {
    yield `verification key alternative ${indicator.value.index}`;
  }
  if (signature?.tag === 'unknown') yield `signature alternative ${signature.index}`;
}

/** §6.3.23: keys and reconstruction values need their y; `fill` stands nowhere in a certificate. */
function* badPointForms({ toBeSigned: tbs, signature }: Certificate): Generator<string> {
  const indicator = tbs.verifyKeyIndicator;
  const key = indicator.tag === 'verificationKey' ? indicator.value : undefined;
  const point =
    key && key.tag !== 'unknown' ? key.value : indicator.tag === 'reconstructionValue' ? indicator.value : null;
  if (point?.tag === 'x-only' || point?.tag === 'fill') yield `${point.tag} ${indicator.tag}`;
  const encryption = tbs.encryptionKey?.publicKey;
  if (encryption && encryption.tag !== 'unknown') {
    const form = encryption.value.tag;
    if (form === 'x-only' || form === 'fill') yield `${form} encryptionKey`;
  }
  if (signature && signature.tag !== 'unknown' && signature.tag !== 'sm2Signature') {
    if (signature.value.rSig.tag === 'fill') yield 'fill rSig';
  }
}

/** §6.4.30, §6.4.31. */
function* checkGroups(
  name: string,
  groups: readonly PsidGroupPermissions[],
  minChainLength: number,
): Generator<Finding> {
  let all = 0;
  const entries = entriesOf(groups);
  if (entries > MAX_ENTRIES) {
    yield {
      code: 'tooManyElements',
      stage: 'structure',
      detail: `${name} with ${entries} entries, at most ${MAX_ENTRIES}`,
    };
  }
  for (const group of groups) {
    if (group.minChainLength < minChainLength || group.chainLengthRange < -1) {
      const detail = `${name} with minChainLength ${group.minChainLength}, chainLengthRange ${group.chainLengthRange}`;
      yield { code: 'invalidChainLength', detail };
    }
    if (group.subjectPermissions.tag === 'all' && ++all === 2) {
      yield { code: 'duplicateAllPermissions', detail: `${name} with several groups for all` };
    }
    if (group.subjectPermissions.tag !== 'explicit') continue;
    for (const { psid, sspRange } of group.subjectPermissions.value) {
      if (sspRange?.tag !== 'bitmapSspRange') continue;
      const { sspValue, sspBitmask } = sspRange.value;
      if (sspValue.length !== sspBitmask.length) {
        const detail = `psid ${psid}: value of ${sspValue.length}, mask of ${sspBitmask.length} octets`;
        yield { code: 'invalidSspRange', detail };
      }
    }
  }
}

interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** §6.4.17 ff. */
function* badRegion(region: GeographicRegionValue): Generator<string> {
  if (region.tag === 'unknown') return;
  if (region.tag === 'circularRegion') {
    yield* badCoordinates(region.value.center);
    return;
  }
  if (region.value.length === 0) yield `${region.tag} without elements`;
  if (region.tag === 'rectangularRegion') {
    for (const { northWest, southEast } of region.value) {
      if (!isPlace(northWest)) yield* badCoordinates(northWest);
      if (!isPlace(southEast)) yield* badCoordinates(southEast);
      if (northWest.latitude <= southEast.latitude) yield 'rectangle whose north-west corner is not north of the other';
      if (northWest.longitude === southEast.longitude) yield 'rectangle without width';
    }
  } else if (region.tag === 'polygonalRegion') {
    for (const point of region.value) if (!isPlace(point)) yield* badCoordinates(point);
    if (!isSimplePolygon(region.value)) yield 'polygon that crosses or touches itself';
  } else {
    for (const element of region.value) if (namesNothing(element)) yield `${element.tag} without codes`;
  }
}

/** A list of codes that is empty would lie inside every issuer's region, whatever country it names. */
function namesNothing(element: Extract<GeographicRegionValue, { tag: 'identifiedRegion' }>['value'][number]): boolean {
  if (element.tag === 'countryAndRegions') return element.value.regions.length === 0;
  if (element.tag !== 'countryAndSubregions') return false;
  const { regionAndSubregions } = element.value;
  return regionAndSubregions.length === 0 || regionAndSubregions.some(({ subregions }) => subregions.length === 0);
}

function isPlace({ latitude, longitude }: Coordinates): boolean {
  return Math.abs(latitude) <= MAX_LATITUDE && longitude > -MAX_LONGITUDE && longitude <= MAX_LONGITUDE;
}

function* badCoordinates({ latitude, longitude }: Coordinates): Generator<string> {
  if (Math.abs(latitude) > MAX_LATITUDE) yield `latitude ${latitude}`;
  if (longitude <= -MAX_LONGITUDE || longitude > MAX_LONGITUDE) yield `longitude ${longitude}`;
}
