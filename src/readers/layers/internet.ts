/** IPv4, IPv6 and UDP, as far as they carry messages. Fragments are named, not put together. */

import { takeDatagram } from './datagram.ts';
import type { Frame } from './frame.ts';
import { beginsAsSignedData } from './message.ts';
import { endPacket } from './trailer.ts';

const UDP = 17;
const UDP_HEADER_BYTES = 8;
const IPV6_HEADER_BYTES = 40;

/** Extension headers of IPv6 with a length of their own (RFC 7045). */
const IPV6_EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);
const IPV6_FRAGMENT = 44;
const MAX_IPV6_EXTENSIONS = 8;

const OTHER_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [6, 'tcp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [132, 'sctp'],
]);

/**
 * @param version what the layer below says it is.
 * @param frameStart where a frame check sequence, if there is one, begins to count.
 */
export function takeIp(frame: Frame, version: number, frameStart = frame.start): void {
  if (frame.byte(0) >> 4 !== version) frame.isOther(`ipv${version} (damaged)`);
  else if (version === 4) takeIpv4(frame, frameStart);
  else takeIpv6(frame, frameStart);
}

function takeIpv4(frame: Frame, frameStart: number): void {
  const headerLength = (frame.byte(0) & 0x0f) * 4;
  const total = frame.uint16(2);
  // Zero stands for a packet that the network card was to cut up: it fills the frame.
  if (headerLength < 20 || !(headerLength <= frame.length) || (total !== 0 && total < headerLength)) {
    frame.isOther('ipv4 (damaged)');
    return;
  }
  const isCut = total > frame.length;
  if (total !== 0 && !isCut) endPacket(frame, frame.start + total, frameStart);
  if ((frame.uint16(6) & 0x3fff) !== 0) {
    frame.isOther('ipv4 fragment');
    return;
  }
  const protocol = frame.byte(9);
  frame.from = ipv4Address(frame, 12);
  frame.to = ipv4Address(frame, 16);
  frame.take('ipv4', headerLength);
  takeProtocol(frame, protocol, isCut);
}

function takeIpv6(frame: Frame, frameStart: number): void {
  const payload = frame.uint16(4);
  if (!(frame.length >= IPV6_HEADER_BYTES)) {
    frame.isOther('ipv6 (damaged)');
    return;
  }
  const isCut = payload > frame.length - IPV6_HEADER_BYTES;
  if (payload !== 0 && !isCut) endPacket(frame, frame.start + IPV6_HEADER_BYTES + payload, frameStart);
  let next = frame.byte(6);
  frame.from = ipv6Address(frame, 8);
  frame.to = ipv6Address(frame, 24);
  frame.take('ipv6', IPV6_HEADER_BYTES);
  for (let i = 0; IPV6_EXTENSIONS.has(next) && i < MAX_IPV6_EXTENSIONS; i++) {
    const length = (frame.byte(1) + 1) * 8;
    if (!(length <= frame.length)) {
      frame.isOther('ipv6 (damaged)');
      return;
    }
    next = frame.byte(0);
    frame.start += length;
  }
  if (next === IPV6_FRAGMENT) frame.isOther('ipv6 fragment');
  else takeProtocol(frame, next, isCut);
}

function takeProtocol(frame: Frame, protocol: number, isCut: boolean): void {
  if (protocol === UDP) takeUdp(frame, isCut);
  else frame.isOther(OTHER_PROTOCOLS.get(protocol) ?? `ip protocol ${protocol}`);
}

function takeUdp(frame: Frame, isCut: boolean): void {
  const length = frame.uint16(4);
  if (!(frame.length >= UDP_HEADER_BYTES)) {
    frame.isOther('udp (cut short)');
    return;
  }
  frame.from = withPort(frame.from, frame.uint16(0));
  frame.to = withPort(frame.to, frame.uint16(2));
  const content = frame.start + UDP_HEADER_BYTES;
  if (isCut || length > frame.length || (length !== 0 && length < UDP_HEADER_BYTES)) {
    if (beginsAsSignedData(frame.bytes.subarray(content, frame.end)))
      frame.fails(`a UDP datagram of ${length} bytes with signed data, of which ${frame.length} are there`);
    else frame.isOther('udp (cut short)');
    return;
  }
  if (length !== 0) endPacket(frame, frame.start + length, frame.start);
  frame.take('udp', UDP_HEADER_BYTES);
  takeDatagram(frame);
}

function withPort(address: string | undefined, port: number): string {
  return address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function ipv4Address(frame: Frame, at: number): string {
  return `${frame.byte(at)}.${frame.byte(at + 1)}.${frame.byte(at + 2)}.${frame.byte(at + 3)}`;
}

/** RFC 5952: the longest run of zero groups, the first of several, as `::`. */
function ipv6Address(frame: Frame, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => frame.uint16(at + 2 * i));
  let run = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > run.length) run = { start, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`;
}
