/** What the fields of a structure mean, in words. Only for people: nothing is decided by it. */
import { type TraceNode, toHex } from '../../coer/index.ts';
import {
  type Certificate,
  EE_APP,
  EE_ENROL,
  formatTai,
  type Ieee1609Dot2Data,
  LATITUDE_UNKNOWN,
  LONGITUDE_UNKNOWN,
  type SignedData,
} from '../../dot2/index.ts';
import { hashedId8Of, validityOf } from './identity.ts';
import type { ShownKind } from './shown.ts';

/** Registered PSIDs (IEEE 1609.12) that this field of work meets daily. */
const PSID_NAMES: Readonly<Record<number, string>> = {
  32: 'basic safety message',
  35: 'SCMS',
  36: 'ETSI CAM',
  37: 'ETSI DENM',
  38: 'misbehaviour reporting',
  130: 'signal phase and map data',
  131: 'traveller information',
  135: 'WAVE service advertisement',
  256: 'certificate revocation list',
};

/** Countries whose deployments have been met (UN M.49). */
const COUNTRY_NAMES: Readonly<Record<number, string>> = {
  124: 'Canada',
  410: 'Republic of Korea',
  484: 'Mexico',
  840: 'USA',
};

/** What a whole structure is, for its heading. */
export function structureMeaning(kind: ShownKind, value: unknown): string {
  if (kind === 'certificate') return certificateMeaning(value as Certificate);
  return kind === 'data' ? (value as Ieee1609Dot2Data).content.tag : '';
}

function certificateMeaning(certificate: Certificate): string {
  const { start, end } = validityOf(certificate.toBeSigned.validityPeriod);
  return `${hashedId8Of(certificate)}, ${certificate.type}, ${start} to ${end}`;
}

/** What a field holds; empty where its bytes say it all. */
export function fieldMeaning(node: TraceNode, above: readonly TraceNode[]): string {
  const named = BY_NAME[node.name]?.(node.value as never, above);
  if (named !== undefined) return named;
  return byType(node);
}

function byType({ name, value, children }: TraceNode): string {
  if (isCertificate(value)) return certificateMeaning(value);
  if (children.length > 0) return '';
  if (typeof value === 'number' || typeof value === 'bigint')
    return isDuration(name) ? `${value} ${name}` : String(value);
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return value.length <= LONGEST_HEX && value.length > 1 ? toHex(value) : '';
  // An enumeration of a later version, or a region that is its own tag.
  return value !== null && typeof value === 'object' && 'unknown' in value ? `unknown (${JSON.stringify(value)})` : '';
}

/** Bytes of an identifier that users search for. */
const LONGEST_HEX = 10;

const DURATIONS = new Set(['microseconds', 'milliseconds', 'seconds', 'minutes', 'hours', 'sixtyHours', 'years']);

function isDuration(name: string): boolean {
  return DURATIONS.has(name);
}

function isCertificate(value: unknown): value is Certificate {
  return typeof value === 'object' && value !== null && 'issuer' in value && 'toBeSigned' in value;
}

type Meaning = (value: never, above: readonly TraceNode[]) => string | undefined;

const time32 = (seconds: number): string => formatTai(BigInt(seconds) * 1_000_000n);
const period = (i: number): string => `period ${i}`;

const BY_NAME: Readonly<Record<string, Meaning>> = {
  start: time32,
  issueDate: time32,
  nextCrl: time32,
  expiry: time32,
  validityPeriod: (period: Parameters<typeof validityOf>[0]) => {
    const { start, end } = validityOf(period);
    return `${start} to ${end}`;
  },
  generationTime: (micros: bigint) => formatTai(micros),
  expiryTime: (micros: bigint) => formatTai(micros),
  psid: (psid: number) => `${psid}${PSID_NAMES[psid] ? `, ${PSID_NAMES[psid]}` : ''}`,
  latitude: (units: number) => degrees(units, LATITUDE_UNKNOWN),
  longitude: (units: number) => degrees(units, LONGITUDE_UNKNOWN),
  elevation: (decimetres: number) => `${(decimetres / 10 - 409.6).toFixed(1)} m`,
  radius: (metres: number) => `${metres} m`,
  countryOnly: (code: number) => `${code}${COUNTRY_NAMES[code] ? `, ${COUNTRY_NAMES[code]}` : ''}`,
  eeType: (bits: number) => [bits & EE_APP ? 'app' : '', bits & EE_ENROL ? 'enrol' : ''].filter(Boolean).join(' + '),
  chainLengthRange: (range: number) => (range === -1 ? '-1, any number' : String(range)),
  iCert: period,
  iRev: period,
  iMax: period,
  crlSeries: (series: number) => String(series),
  signer: (signer: SignedData['signer']) => signer.tag,
  signature: (signature: { tag: string }) => signature.tag,
};

/** 1e-7 degrees, with the value for unknown. */
function degrees(units: number, unknown: number): string {
  return units === unknown ? 'unknown' : `${(units / 1e7).toFixed(7)}°`;
}
