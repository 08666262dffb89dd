import { decode, toHex } from '../coer/index.ts';
import { CrlContents, Ieee1609Dot2Data, type SignedData, sniffStructure } from '../dot2/index.ts';
import { FOREIGN_FORMS, type ForeignForm } from './foreign-forms.ts';
import { endOfMessage, isMessage } from './layers/message.ts';
import { isZero, TRAILER } from './layers/trailer.ts';
import { parseWsmp } from './layers/wsmp.ts';
import { guessFrame } from './unwrap.ts';

/** A name for bytes that no reader accepts. */
export interface Recognised {
  /** As it stands behind "this looks like": `a J2735 BasicSafetyMessage (UPER)`. */
  readonly name: string;
  /** What to do about it. */
  readonly advice: string;
  /** The form of a whole file, not of one record. */
  readonly isFile: boolean;
}

/**
 * Names bytes that are no IEEE 1609.2 structure of a kind that is read here, and says what to do. Every place that refuses
 * bytes asks this function. `undefined` if they are nothing known.
 *
 * @param bytes a record, or the beginning of a file.
 */
export function recognise(bytes: Uint8Array): Recognised | undefined {
  const file = foreignFile(bytes);
  if (file !== undefined) return { name: file.name, advice: file.advice, isFile: true };
  for (const look of RECORDS) {
    const found = look(bytes);
    if (found !== undefined) return { ...found, isFile: false };
  }
  return undefined;
}

/** A file of a foreign form, or a list of another standard: no certificate, CRL or artefact of root management is one. */
export function foreignArtefact(bytes: Uint8Array): Pick<Recognised, 'name' | 'advice'> | undefined {
  return foreignFile(bytes) ?? etsiList(bytes) ?? bareCrl(bytes);
}

/** A file of a foreign form, by its first bytes. */
export function foreignFile(bytes: Uint8Array): ForeignForm | undefined {
  return foreignBinary(bytes) ?? foreignText(bytes);
}

/** A binary file of a foreign form, by its first bytes. */
export function foreignBinary(bytes: Uint8Array): ForeignForm | undefined {
  for (const { form, start } of STARTS[bytes[0] as number] ?? []) {
    if (beginsWith(bytes, 0, start, false) && isBinary(bytes)) return form;
  }
  return undefined;
}

/** Text of a foreign form, by its first characters. */
export function foreignText(bytes: Uint8Array): ForeignForm | undefined {
  const text = startOfText(bytes);
  for (const { form, start } of TEXT_STARTS[bytes[text] as number] ?? []) {
    if (beginsWith(bytes, text, start, true)) return form;
  }
  return undefined;
}

/** What bytes of a known form are called in an error, and what to do. */
export function looksLike({ name, advice }: Pick<Recognised, 'name' | 'advice'>): string {
  return `this looks like ${name}; ${advice}`;
}

interface Start {
  readonly form: ForeignForm;
  readonly start: string;
}

/** Beginnings by their first byte: most bytes begin none, and every stretch of noise is asked about. */
function startsByFirstByte(isText: boolean): readonly (readonly Start[])[] {
  const table: Start[][] = Array.from({ length: 256 }, () => []);
  for (const form of FOREIGN_FORMS.filter((one) => (one.isText ?? false) === isText)) {
    for (const start of form.begins) {
      const first = start.charCodeAt(0);
      table[first]?.push({ form, start });
      if (isText && first >= 0x61) table[first - 0x20]?.push({ form, start });
    }
  }
  return table;
}

const STARTS = startsByFirstByte(false);
const TEXT_STARTS = startsByFirstByte(true);

/** Some binary forms begin with letters, as lines of text may do. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_WITHIN_BYTES).some((byte) => (byte < 0x20 && !isBlank(byte)) || byte >= 0x7f);
}

const BINARY_WITHIN_BYTES = 64;

/** Why bytes are unreadable: how many they are, what they look like, and what to do. */
export function unreadableText(bytes: Uint8Array, length = bytes.length): string {
  const found = recognise(bytes);
  const count = `${length} byte${length === 1 ? '' : 's'}`;
  if (found !== undefined) return `${count}: ${looksLike(found)}`;
  const first = toHex(bytes.subarray(0, 8));
  return `${count} that are no IEEE 1609.2 structure (${first}${length > 8 ? '…' : ''})${inside(bytes)}`;
}

type Found = Pick<Recognised, 'name' | 'advice'> | undefined;

const RECORDS: readonly ((bytes: Uint8Array) => Found)[] = [
  padding,
  j2735,
  etsiList,
  bareCrl,
  wsmp,
  otherWsmp,
  testControl,
  etsiVersion2,
  otherVersion,
  der,
  captureFrame,
  lengthPrefix,
];

function beginsWith(bytes: Uint8Array, at: number, text: string, isText: boolean): boolean {
  for (let i = 0; i < text.length; i++) {
    let byte = bytes[at + i];
    if (isText && byte !== undefined && byte >= 0x41 && byte <= 0x5a) byte += 0x20;
    if (byte !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Behind a byte order mark and blanks. */
function startOfText(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function padding(bytes: Uint8Array): Found {
  const first = bytes[0];
  if ((first !== 0 && first !== 0xff) || bytes.length < 2 || bytes.some((byte) => byte !== first)) return undefined;
  const name = first === 0 ? 'zero padding' : 'padding with FF';
  return { name, advice: 'nothing is lost; write each message with its own length' };
}

/** DSRCmsgID of SAE J2735. */
const J2735_MESSAGES: ReadonlyMap<number, string> = new Map([
  [18, 'MapData'],
  [19, 'SPAT'],
  [20, 'BasicSafetyMessage'],
  [21, 'CommonSafetyRequest'],
  [22, 'EmergencyVehicleAlert'],
  [23, 'IntersectionCollision'],
  [24, 'NMEAcorrections'],
  [25, 'ProbeDataManagement'],
  [26, 'ProbeVehicleData'],
  [27, 'RoadSideAlert'],
  [28, 'RTCMcorrections'],
  [29, 'SignalRequestMessage'],
  [30, 'SignalStatusMessage'],
  [31, 'TravelerInformation'],
  [32, 'PersonalSafetyMessage'],
  [37, 'RoadSafetyMessage'],
  [41, 'SensorDataSharingMessage'],
  [42, 'CooperativeControlMessage'],
  [44, 'ProbeDataConfigMessage'],
  [45, 'TollAdvertisementMessage'],
  [46, 'TollUsageAckMessage'],
  [47, 'TollUsageMessage'],
]);
/** Behind a record there may be as much as a frame check sequence. */
const FCS_BYTES = 4;
const [FIRST_TEST_MESSAGE, LAST_TEST_MESSAGE] = [240, 255];

/** MessageFrame in UPER: a bit for extensions, the identifier, then an open type whose length is what follows. */
function j2735(bytes: Uint8Array): Found {
  const id = ((bytes[0] as number) << 8) | (bytes[1] as number);
  const isTest = id >= FIRST_TEST_MESSAGE && id <= LAST_TEST_MESSAGE;
  const message = J2735_MESSAGES.get(id) ?? (isTest ? `TestMessage${id - FIRST_TEST_MESSAGE}` : undefined);
  if (message === undefined || bytes.length < 4) return undefined;
  const first = bytes[2] as number;
  const start = first < 0x80 ? 3 : 4;
  const length = first < 0x80 ? first : ((first & 0x3f) << 8) | (bytes[3] as number);
  const behind = bytes.length - start - length;
  if ((first & 0xc0) === 0xc0 || length === 0 || behind < 0) return undefined;
  if (behind > FCS_BYTES && !isZero(bytes, start + length, bytes.length)) return undefined;
  return { name: `a J2735 ${message} (UPER)`, advice: 'nothing in it is signed; forward the whole Ieee1609Dot2Data' };
}

/** ITS-AIDs of ETSI TS 102 965 under which the lists of TS 102 941 are signed. */
const ETSI_LISTS: ReadonlyMap<number, string> = new Map([
  [622, 'a certificate revocation list of ETSI TS 102 941'],
  [624, 'a certificate trust list of ETSI TS 102 941 (CTL, ECTL)'],
]);

function etsiList(bytes: Uint8Array): Found {
  const psid = psidOf(bytes);
  const name = psid === undefined ? undefined : ETSI_LISTS.get(psid);
  return name === undefined ? undefined : { name, advice: 'only lists of IEEE 1609.2 and 1609.2.1 are read' };
}

/** What a signed message says its PSID is. */
function psidOf(bytes: Uint8Array): number | undefined {
  if (sniffStructure(bytes) !== 'data') return undefined;
  const decoded = decode(Ieee1609Dot2Data, bytes);
  if (!decoded.ok || decoded.value.content.tag !== 'signedData') return undefined;
  return (decoded.value.content.value as SignedData).tbsData.headerInfo.psid;
}

/** First byte of CrlContents: the version. */
const CRL_VERSION = 1;

function bareCrl(bytes: Uint8Array): Found {
  if (bytes[0] !== CRL_VERSION || !decode(CrlContents, bytes).ok) return undefined;
  return {
    name: 'the contents of a CRL without their signature',
    advice: 'give the SecuredCrl that they were taken from',
  };
}

function wsmp(bytes: Uint8Array): Found {
  const start = bytes[0] === 0x01 ? 1 : 0;
  const header = parseWsmp(bytes, start);
  if (header === undefined || header.end === header.start) return undefined;
  const content = bytes.subarray(header.start, header.end);
  if (sniffStructure(content) !== undefined && header.end < bytes.length) {
    const behind = bytes.length - header.end;
    return {
      name: `WSMP for PSID ${header.psid} with ${behind} byte(s) behind the ${content.length} that it announces`,
      advice: 'give the frame without what follows it',
    };
  }
  if (sniffStructure(content) !== undefined || header.end !== bytes.length) return undefined;
  const inner = j2735(content)?.name ?? 'something else than IEEE 1609.2';
  return { name: `WSMP for PSID ${header.psid} around ${inner}`, advice: 'nothing in it is signed' };
}

const WSMP_2 = 0x02;
const WSM_ELEMENT = 0x80;
/** Identifiers of WSMP header extensions that version 2 has: transmit power, channel, data rate. */
const WSMP_2_EXTENSIONS: ReadonlySet<number> = new Set([4, 15, 16]);

/** WSMP of IEEE 1609.3-2010: version, PSID, extension fields, the element WSM, a length of two bytes. */
function otherWsmp(bytes: Uint8Array): Found {
  const length = lengthInWsmp2(bytes);
  if (length === undefined) return undefined;
  return {
    name: `WSMP version 2 (IEEE 1609.3-2010) around ${length} bytes`,
    advice: 'only version 3 is read; give the message without this header',
  };
}

/** What the header announces, if that is all that follows. */
export function lengthInWsmp2(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== WSMP_2) return undefined;
  const psidBytes = Math.clz32(~((bytes[1] as number) << 24)) + 1;
  let at = 1 + psidBytes;
  for (let i = 0; WSMP_2_EXTENSIONS.has(bytes[at] as number) && i < 8; i++) at += 2 + (bytes[at + 1] as number);
  if (bytes[at] !== WSM_ELEMENT) return undefined;
  const length = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  return at + 3 + length === bytes.length ? length : undefined;
}

/** Frames of the Test Control Interface: version, a time, and two choices in a row. */
function testControl(bytes: Uint8Array): Found {
  const isTci =
    bytes.length >= 12 &&
    bytes[0] === 0 &&
    bytes[1] === 3 &&
    isZero(bytes, 2, 6) &&
    ((bytes[10] as number) & 0xc0) === 0x80 &&
    ((bytes[11] as number) & 0xc0) === 0x80;
  if (!isTci) return undefined;
  return { name: 'a frame of the Test Control Interface (TCI)', advice: `give the message in it${inside(bytes)}` };
}

/** ETSI TS 103 097 before version 1.3.1: version 2, then the type and length of header fields, or a signer's name. */
function etsiVersion2(bytes: Uint8Array): Found {
  if (bytes[0] !== 2 || bytes.length < 16 || bytes[1] === 0x81) return undefined;
  const isMessage = bytes[1] === bytes[2] && bytes[1] === 0x80;
  const isCertificate = (bytes[1] as number) <= 4 && (bytes[2] as number) <= 5 && bytes[3] !== 0;
  if (!isMessage && !isCertificate) return undefined;
  return OLD_ETSI;
}

const OLD_ETSI = {
  name: 'a structure of ETSI TS 103 097 version 1.2.1 or older (protocol version 2)',
  advice: 'only protocol version 3 is read (IEEE 1609.2-2016, ETSI TS 103 097 version 1.3.1, and later)',
} as const;

/** Data of another protocol version, which decodes as ours would, or does not. */
function otherVersion(bytes: Uint8Array): Found {
  const version = bytes[0];
  const content = bytes[1];
  if (version !== 1 && version !== 2 && version !== 4) return undefined;
  if (content === undefined || content < 0x80 || content > 0x84 || bytes.length < 16) return undefined;
  if (decode(Ieee1609Dot2Data, bytes).ok) {
    return { name: `IEEE 1609.2 data of protocol version ${version}`, advice: 'only version 3 is read' };
  }
  return version === 2 ? OLD_ETSI : undefined;
}

const DER_SEQUENCE = 0x30;

function der(bytes: Uint8Array): Found {
  if (bytes[0] !== DER_SEQUENCE || bytes.length < 8) return undefined;
  const first = bytes[1] as number;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 3) return undefined;
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[2 + i] as number);
  const start = 2 + octets;
  if (start + length !== bytes.length) return undefined;
  const isVersion3 = bytes[start] === 0x02 && bytes[start + 1] === 1 && bytes[start + 2] === 3;
  const name = isVersion3 ? 'Ieee1609Dot2Data in DER' : 'DER (an X.509 certificate, a key, or the like)';
  return { name, advice: 'only COER is read; convert it with an ASN.1 tool that knows both' };
}

function captureFrame(bytes: Uint8Array): Found {
  const frame = guessFrame(bytes);
  if (frame === undefined || frame.layers.length === 0) return undefined;
  const layers = frame.layers.join('/');
  if (frame.problem !== undefined)
    return { name: `a frame (${layers}) with ${frame.problem}`, advice: 'capture it again' };
  if (frame.trailers.includes(TRAILER) && isMessage(frame.content))
    return { name: `a frame (${layers}) and bytes behind its packet`, advice: 'write frames one by one, or a capture' };
  const inner = j2735(frame.content)?.name ?? `something else than IEEE 1609.2`;
  return { name: `a frame (${layers}) around ${inner}`, advice: 'nothing in it is signed' };
}

/** Two or four bytes that may say how long the message behind them is. */
function lengthPrefix(bytes: Uint8Array): Found {
  if (bytes.length !== 2 && bytes.length !== 4) return undefined;
  const big = bytes.reduce((value, byte) => value * 256 + byte, 0);
  const little = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  const length = Math.min(big, little);
  if (length < MIN_MESSAGE_BYTES || length > MAX_PREFIXED_BYTES) return undefined;
  return { name: `a length in front of a message (${length})`, advice: 'nothing is lost; leave it out' };
}

const MIN_MESSAGE_BYTES = 16;
const MAX_PREFIXED_BYTES = 0x10000;

/** Where in a record a signed message begins that decodes to its end; only to say so. */
function inside(bytes: Uint8Array): string {
  const last = Math.min(bytes.length, MAX_HINT_BYTES);
  for (let at = bytes.indexOf(0x03, 1); at > 0 && at < last; at = bytes.indexOf(0x03, at + 1)) {
    if (bytes[at + 1] !== 0x81) continue;
    const end = endOfMessage(bytes.subarray(at));
    if (end !== undefined) return `; a signed message of ${end} bytes begins at byte ${at} of them`;
  }
  return '';
}

/** How far into a record is looked for a message, for a hint. */
const MAX_HINT_BYTES = 256;
