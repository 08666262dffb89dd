/**
 * What stands in front of each record of a device log (JPO ODE user guide §8.1), 26 octets, integers little-endian:
 * direction or source 1, location 16, UTC seconds 4, milliseconds 2, verification status 1, payload length 2.
 */
export const LOG_HEADER_OCTETS = 26;

/** Line feed: Commsignia devices put one behind each record. No header begins with it. */
export const LOG_SEPARATOR = 0x0a;

/** Header, longest payload, separator. */
export const MAX_LOG_RECORD_OCTETS = LOG_HEADER_OCTETS + 0xffff + 1;

const MILLISECONDS_AT = 21;
const STATUS_AT = 23;
const LENGTH_AT = 24;

/** The sources that the ODE knows: RSU, satellite, remote vehicle, SNMP, not applicable. */
const MAX_DIRECTION = 4;
/** The last of IEEE 1609.2's verification results. */
const MAX_STATUS = 35;

/** Octets that the header at `offset` announces; the header has to lie inside. */
export function logPayloadLength(bytes: Uint8Array, offset: number): number {
  return uint16At(bytes, offset + LENGTH_AT);
}

/** Whether the octets at `offset` make sense as a header: each field in its range, and a payload that is not empty. */
export function isPlausibleHeader(bytes: Uint8Array, offset: number): boolean {
  return (
    offset + LOG_HEADER_OCTETS <= bytes.length &&
    bytes[offset]! <= MAX_DIRECTION &&
    uint16At(bytes, offset + MILLISECONDS_AT) < 1000 &&
    bytes[offset + STATUS_AT]! <= MAX_STATUS &&
    logPayloadLength(bytes, offset) > 0
  );
}

function uint16At(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8);
}
