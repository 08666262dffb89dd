/** What devices put in front of a message themselves: in datagrams, records of logs, and whatever was made of them. */
import { Frame } from './frame.ts';
import { isPlausibleHeader, LOG_FORM, LOG_SEPARATOR, logPayloadLength } from './log-header.ts';
import { beginsAsSignedData, endAtStructure, endOfMessage, isMessage, takeGeonetworking, takeWsmp } from './message.ts';
import { isZero } from './trailer.ts';

/** Byte that some devices put in front of WSMP. */
export const VENDOR_BYTE = 0x01;

/** First byte of a secured GeoNetworking packet. */
const GN_FIRST = 0x12;

/** WSMP without network header extensions, where the address type follows at once, or with them. */
function beginsAsWsmp(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] === 0x03 && (bytes[at + 1] as number) <= 1) || bytes[at] === 0x0b;
}

/** Whether one of the headers without a length of their own could begin here. */
export function mayHaveDeviceLayers(bytes: Uint8Array, at = 0): boolean {
  const first = bytes[at];
  if (first === VENDOR_BYTE) return beginsAsWsmp(bytes, at + 1);
  return first === GN_FIRST || first === VENDOR_HEADER_MARK >> 8 || beginsAsWsmp(bytes, at);
}

/**
 * Takes off the layers that devices leave in front of a message, log header outermost. The frame is left as it was, and the
 * answer is false, unless every header parses and agrees in length, and what remains claims to be a message or certificate.
 */
export function takeDeviceLayers(frame: Frame): boolean {
  const payload = logPayload(frame);
  if (payload === undefined) return takeRadioLayers(frame);
  if (!takeRadioLayers(payload) && !isMessage(payload.content)) return false;
  adopt(frame, payload, [LOG_FORM.layer]);
  return true;
}

/** A UDP datagram's content: a message, perhaps behind such layers, or something else. */
export function takeDatagram(frame: Frame): void {
  if (takeDeviceLayers(frame)) return;
  const { content } = frame;
  const end = beginsAsSignedData(content) ? content.length : endOfMessage(content);
  if (end !== undefined && isZero(content, end, content.length)) endAtStructure(frame);
  else frame.isOther('udp');
}

/** What a device log's header is in front of, without the separator behind it. */
function logPayload({ bytes, start, end }: Frame): Frame | undefined {
  const payloadEnd = endOfLogPayload(bytes, start, end);
  return payloadEnd === undefined ? undefined : new Frame(bytes, start + LOG_FORM.headerBytes, payloadEnd);
}

/** Where the payload behind a device log's header ends, if that is at `end` or in front of a separator there. */
export function endOfLogPayload(bytes: Uint8Array, start = 0, end = bytes.length): number | undefined {
  if (start + LOG_FORM.headerBytes > end || !isPlausibleHeader(LOG_FORM, bytes, start)) return undefined;
  const payloadEnd = start + LOG_FORM.headerBytes + logPayloadLength(LOG_FORM, bytes, start);
  const isExact = payloadEnd === end || (payloadEnd === end - 1 && bytes[payloadEnd] === LOG_SEPARATOR);
  return isExact ? payloadEnd : undefined;
}

/** WSMP, perhaps behind a vendor's byte; GeoNetworking; a vendor's header of 50 bytes. */
function takeRadioLayers(frame: Frame): boolean {
  const { bytes, start } = frame;
  if (!mayHaveDeviceLayers(bytes, start)) return false;
  const first = bytes[start];
  const inner = new Frame(bytes, start, frame.end);
  if (beginsAsWsmp(bytes, start)) takeWsmp(inner, start);
  else if (first === VENDOR_BYTE) {
    inner.take('vendor01', 1);
    takeWsmp(inner, inner.start);
  } else if (first === GN_FIRST) takeGeonetworking(inner);
  else takeVendorHeader(inner);
  const isTaken = inner.layers.length > 0 && inner.problem === undefined && inner.other === undefined;
  if (!isTaken || !isMessage(inner.content)) return false;
  adopt(frame, inner, []);
  return true;
}

/** Of the ETRI units: PSID in bytes 4 to 7, length in the last two. */
const VENDOR_HEADER_BYTES = 50;
const VENDOR_HEADER_MARK = 0xffff;

function takeVendorHeader(frame: Frame): void {
  const length = frame.uint16(VENDOR_HEADER_BYTES - 2);
  if (frame.uint16(0) !== VENDOR_HEADER_MARK || length !== frame.length - VENDOR_HEADER_BYTES) return;
  if (endOfMessage(frame.bytes.subarray(frame.start + VENDOR_HEADER_BYTES, frame.end)) !== length) return;
  frame.psid = frame.uint32(4);
  frame.take('etri', VENDOR_HEADER_BYTES);
}

function adopt(frame: Frame, inner: Frame, before: readonly string[]): void {
  frame.start = inner.start;
  frame.end = inner.end;
  frame.psid = inner.psid;
  frame.layers.push(...before, ...inner.layers);
  frame.trailers.unshift(...inner.trailers);
}
