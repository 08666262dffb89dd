/** Rules on a certificate by itself (IEEE 1609.2 §6.4 and its subclauses). */
import { entriesOf, isSimplePolygon, MAX_ENTRIES } from '../certificates/index.ts';
import {
  type GeographicRegionValue,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  type PsidGroupPermissions,
  type PsidSspRange,
} from '../dot2/index.ts';
import type { StructureFacts } from './certificate-facts.ts';
import { encryptionKeyFault } from './encryption-key.ts';
import { type Finding, type Rule, rulesOver } from './rule.ts';

const rule = rulesOver<StructureFacts>();
const NONE: readonly never[] = [];

export const CERTIFICATE_RULES: readonly Rule<StructureFacts>[] = [
  rule({
    id: 'certificateVersion',
    code: 'unsupportedVersion',
    clause: 'IEEE 1609.2 §6.4.3',
    reads: ['version'],
    holds: ({ version }) => version === 3,
    detail: ({ version }) => `certificate version ${version}`,
  }),
  rule({
    // An alternative from the future cannot be skipped in these fields.
    id: 'certificateCriticalFields',
    codes: ['unsupportedCriticalInformationField'],
    clause: 'IEEE 1609.2 §5.2.5',
    reads: [
      'type',
      'issuer',
      'idAlternative',
      'region',
      'certIssuePermissions',
      'certRequestPermissions',
      'keyIndicatorAlternative',
      'keyAlternative',
      'signatureAlternative',
    ],
    *failures(facts) {
      for (const detail of unknownAlternatives(facts)) yield { code: 'unsupportedCriticalInformationField', detail };
    },
  }),
  rule({
    id: 'certificateType',
    codes: ['keyIndicatorMismatch', 'missingSignature', 'unexpectedSignature'],
    clause: 'IEEE 1609.2 §6.4.5, §6.4.6',
    reads: ['type', 'issuer', 'keyIndicator', 'isSigned'],
    *failures({ type, issuer, keyIndicator, isSigned }) {
      const mismatch = (detail: string): Finding => ({ code: 'keyIndicatorMismatch', detail });
      if (type === 'explicit') {
        if (keyIndicator === 'reconstructionValue') yield mismatch('explicit with reconstructionValue');
        if (!isSigned) yield { code: 'missingSignature', detail: 'explicit certificate without signature' };
      } else if (type === 'implicit') {
        if (keyIndicator === 'verificationKey') yield mismatch('implicit with verificationKey');
        if (isSigned) yield { code: 'unexpectedSignature', detail: 'implicit certificate with signature' };
        if (issuer.tag === 'self') yield mismatch('implicit certificate issued by itself');
      }
    },
  }),
  rule({
    // Keys and reconstruction values need their y; `fill` is valid nowhere in a certificate.
    id: 'certificatePointForms',
    codes: ['invalidPointForm'],
    clause: 'IEEE 1609.2 §6.3.23',
    reads: ['keyIndicator', 'keyForm', 'encryptionKey', 'rSigForm'],
    *failures({ keyIndicator, keyForm, encryptionKey, rSigForm }) {
      const invalid = (detail: string): Finding => ({ code: 'invalidPointForm', detail });
      if (keyForm === 'x-only' || keyForm === 'fill') yield invalid(`${keyForm} ${keyIndicator}`);
      const key = encryptionKey?.publicKey;
      const form = key && key.tag !== 'unknown' ? key.value.tag : undefined;
      if (form === 'x-only' || form === 'fill') yield invalid(`${form} encryptionKey`);
      if (rSigForm === 'fill') yield invalid('fill rSig');
    },
  }),
  rule({
    id: 'certificatePermissions',
    code: 'noPermissions',
    clause: 'IEEE 1609.2 §6.4.8',
    reads: ['appPermissions', 'certIssuePermissions', 'certRequestPermissions'],
    holds: ({ appPermissions = NONE, certIssuePermissions = NONE, certRequestPermissions = NONE }) =>
      appPermissions.length + certIssuePermissions.length + certRequestPermissions.length > 0,
    detail: () => 'neither appPermissions, certIssuePermissions nor certRequestPermissions',
  }),
  rule({
    id: 'appPermissionsPsids',
    codes: ['duplicatePSID'],
    clause: 'IEEE 1609.2 §6.4.8',
    reads: ['appPermissions'],
    *failures({ appPermissions = NONE }) {
      if (appPermissions.length < 2) return;
      const psids = new Set<number>();
      for (const { psid } of appPermissions) {
        if (psids.has(psid)) yield { code: 'duplicatePSID', detail: `psid ${psid} twice in appPermissions` };
        psids.add(psid);
      }
    },
  }),
  rule({
    id: 'certIssuePermissionsGroups',
    codes: ['invalidChainLength', 'duplicateAllPermissions', 'invalidSspRange', 'tooManyElements'],
    clause: 'IEEE 1609.2 §6.4.30, §6.4.31',
    reads: ['certIssuePermissions', 'leastChainLength'],
    failures: ({ certIssuePermissions = NONE, leastChainLength }) =>
      groupFailures('certIssuePermissions', certIssuePermissions, leastChainLength),
  }),
  rule({
    id: 'certRequestPermissionsGroups',
    codes: ['invalidChainLength', 'duplicateAllPermissions', 'invalidSspRange', 'tooManyElements'],
    clause: 'IEEE 1609.2 §6.4.30, §6.4.31',
    reads: ['certRequestPermissions'],
    failures: ({ certRequestPermissions = NONE }) => groupFailures('certRequestPermissions', certRequestPermissions, 0),
  }),
  rule({
    id: 'certificateRegion',
    codes: ['invalidRegion'],
    clause: 'IEEE 1609.2 §6.4.17',
    reads: ['region'],
    given: ['region'],
    *failures({ region }) {
      for (const detail of regionFaults(region)) yield { code: 'invalidRegion', detail };
    },
  }),
  rule({
    id: 'certificateEncryptionKey',
    code: 'invalidPublicKey',
    clause: 'IEEE 1609.2 §6.4.8',
    reads: ['encryptionKey'],
    given: ['encryptionKey'],
    holds: ({ encryptionKey }) => encryptionKeyFault(encryptionKey) === undefined,
    detail: ({ encryptionKey }) => encryptionKeyFault(encryptionKey) ?? '',
  }),
];

type CriticalFields = Pick<
  StructureFacts,
  | 'type'
  | 'issuer'
  | 'idAlternative'
  | 'region'
  | 'certIssuePermissions'
  | 'certRequestPermissions'
  | 'keyIndicatorAlternative'
  | 'keyAlternative'
  | 'signatureAlternative'
>;

function* unknownAlternatives(facts: CriticalFields): Generator<string> {
  const { type, issuer, region } = facts;
  if (type.startsWith('unknown')) yield `certificate type ${type}`;
  if (issuer.tag === 'unknown') yield `issuer alternative ${issuer.index}`;
  if (issuer.tag === 'self' && issuer.value.startsWith('unknown')) yield `hash algorithm ${issuer.value}`;
  if (facts.idAlternative !== undefined) yield `id alternative ${facts.idAlternative}`;
  if (region?.tag === 'unknown') yield `region alternative ${region.index}`;
  if (region?.tag === 'identifiedRegion') {
    for (const one of region.value) if (one.tag === 'unknown') yield `identified region alternative ${one.index}`;
  }
  for (const groups of [facts.certIssuePermissions ?? NONE, facts.certRequestPermissions ?? NONE]) {
    for (const { subjectPermissions: one } of groups) {
      if (one.tag === 'unknown') yield `subjectPermissions alternative ${one.index}`;
    }
  }
  const { keyIndicatorAlternative, keyAlternative, signatureAlternative } = facts;
  if (keyIndicatorAlternative !== undefined) yield `verifyKeyIndicator alternative ${keyIndicatorAlternative}`;
  if (keyAlternative !== undefined) yield `verification key alternative ${keyAlternative}`;
  if (signatureAlternative !== undefined) yield `signature alternative ${signatureAlternative}`;
}

function* groupFailures(
  name: string,
  groups: readonly PsidGroupPermissions[],
  leastChainLength: number,
): Generator<Finding> {
  let all = 0;
  const entries = entriesOf(groups);
  if (entries > MAX_ENTRIES) {
    const detail = `${name} with ${entries} entries, at most ${MAX_ENTRIES}`;
    yield { code: 'tooManyElements', detail, stage: 'structure' };
  }
  for (const { minChainLength, chainLengthRange, subjectPermissions } of groups) {
    if (minChainLength < leastChainLength || chainLengthRange < -1) {
      const detail = `${name} with minChainLength ${minChainLength}, chainLengthRange ${chainLengthRange}`;
      yield { code: 'invalidChainLength', detail };
    }
    if (subjectPermissions.tag === 'all' && ++all === 2) {
      yield { code: 'duplicateAllPermissions', detail: `${name} with several groups for all` };
    }
    if (subjectPermissions.tag === 'explicit') yield* rangeFailures(subjectPermissions.value);
  }
}

function* rangeFailures(entries: readonly PsidSspRange[]): Generator<Finding> {
  for (const { psid, sspRange } of entries) {
    if (sspRange?.tag !== 'bitmapSspRange') continue;
    const { sspValue, sspBitmask } = sspRange.value;
    if (sspValue.length === sspBitmask.length) continue;
    const detail = `psid ${psid}: value of ${sspValue.length}, mask of ${sspBitmask.length} octets`;
    yield { code: 'invalidSspRange', detail };
  }
}

function* regionFaults(region: GeographicRegionValue): Generator<string> {
  if (region.tag === 'unknown') return;
  if (region.tag === 'circularRegion') {
    yield* coordinateFaults(region.value.center);
    return;
  }
  if (region.value.length === 0) yield `${region.tag} without elements`;
  if (region.tag === 'rectangularRegion') {
    for (const { northWest, southEast } of region.value) {
      yield* coordinateFaults(northWest);
      yield* coordinateFaults(southEast);
      if (northWest.latitude <= southEast.latitude) yield 'rectangle whose north-west corner is not north of the other';
      if (northWest.longitude === southEast.longitude) yield 'rectangle without width';
    }
  } else if (region.tag === 'polygonalRegion') {
    for (const point of region.value) yield* coordinateFaults(point);
    if (!isSimplePolygon(region.value)) yield 'polygon that crosses or touches itself';
  } else {
    for (const element of region.value) if (namesNothing(element)) yield `${element.tag} without codes`;
  }
}

/** An empty list of codes would lie inside every issuer's region, whatever country it names. */
function namesNothing(element: Extract<GeographicRegionValue, { tag: 'identifiedRegion' }>['value'][number]): boolean {
  if (element.tag === 'countryAndRegions') return element.value.regions.length === 0;
  if (element.tag !== 'countryAndSubregions') return false;
  const { regionAndSubregions } = element.value;
  return regionAndSubregions.length === 0 || regionAndSubregions.some(({ subregions }) => subregions.length === 0);
}

function* coordinateFaults({ latitude, longitude }: { latitude: number; longitude: number }): Generator<string> {
  if (Math.abs(latitude) > MAX_LATITUDE) yield `latitude ${latitude}`;
  if (longitude <= -MAX_LONGITUDE || longitude > MAX_LONGITUDE) yield `longitude ${longitude}`;
}
