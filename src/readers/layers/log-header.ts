/**
 * What stands in front of each record of a device log. Integers are little-endian. The ODE's user guide (§8.1) and its parsers
 * know the first two forms; V2X-Hub writes the third, for SPaT.
 */
export interface LogForm {
  /** Name of the layer. */
  readonly layer: 'obulog' | 'spatlog';
  readonly headerBytes: number;
  /** The direction or source that a header begins with is at most this; `undefined` if there is none. */
  readonly maxDirection: number | undefined;
  readonly millisecondsAt: number;
  readonly statusAt: number;
  readonly lengthAt: number;
}

/** Direction or source 1, location 16, UTC seconds 4, milliseconds 2, verification status 1, payload length 2. */
export const LOG_FORM: LogForm = {
  layer: 'obulog',
  headerBytes: 26,
  // RSU, satellite, remote vehicle, SNMP, not applicable.
  maxDirection: 4,
  millisecondsAt: 21,
  statusAt: 23,
  lengthAt: 24,
};

/** The same without the first byte: distress messages. */
const LOG_FORM_WITHOUT_DIRECTION: LogForm = {
  layer: 'obulog',
  headerBytes: 25,
  maxDirection: undefined,
  millisecondsAt: 20,
  statusAt: 22,
  lengthAt: 23,
};

/** Source 1, intersection 2 and its status 1, UTC seconds 4, milliseconds 2, verification status 1, certificate 1, length 2. */
const SPAT_LOG_FORM: LogForm = {
  layer: 'spatlog',
  headerBytes: 14,
  maxDirection: 4,
  millisecondsAt: 8,
  statusAt: 10,
  lengthAt: 12,
};

export const LOG_FORMS = [LOG_FORM, LOG_FORM_WITHOUT_DIRECTION, SPAT_LOG_FORM] as const;

/** Line feed: Commsignia devices put one behind each record. No header begins with it. */
export const LOG_SEPARATOR = 0x0a;

/** Header, longest payload, separator. */
export const MAX_LOG_RECORD_BYTES = LOG_FORM.headerBytes + 0xffff + 1;

/** The last of IEEE 1609.2's verification results. */
const MAX_STATUS = 35;

/** Bytes that the header at `offset` announces; the header has to lie inside. */
export function logPayloadLength(form: LogForm, bytes: Uint8Array, offset: number): number {
  return uint16At(bytes, offset + form.lengthAt);
}

/** Whether the bytes at `offset` make sense as a header: each field in its range, and a payload that is not empty. */
export function isPlausibleHeader(form: LogForm, bytes: Uint8Array, offset: number): boolean {
  return (
    offset + form.headerBytes <= bytes.length &&
    (form.maxDirection === undefined || (bytes[offset] as number) <= form.maxDirection) &&
    uint16At(bytes, offset + form.millisecondsAt) < 1000 &&
    (bytes[offset + form.statusAt] as number) <= MAX_STATUS &&
    logPayloadLength(form, bytes, offset) > 0
  );
}

function uint16At(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
}
