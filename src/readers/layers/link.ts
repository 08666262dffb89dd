/** Link layers of captures: Ethernet, VLAN tags, LLC and SNAP, Linux cooked captures. */
import { type Frame, hex16, macAddress } from './frame.ts';
import { takeIp } from './internet.ts';
import { takeGeonetworking, takeWsmp } from './message.ts';
import { endPacket } from './trailer.ts';

const ETHERNET_HEADER_BYTES = 14;
/** Type fields up to this are lengths (IEEE 802.3). */
const MAX_8023_LENGTH = 1500;
const VLAN_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** More tags than any network stacks. */
const MAX_VLAN_TAGS = 4;

export const ETHERTYPE_WSMP = 0x88dc;
export const ETHERTYPE_GEONETWORKING = 0x8947;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;

const OTHER_ETHERTYPES: ReadonlyMap<number, string> = new Map([
  [0x0806, 'arp'],
  [0x8035, 'rarp'],
  [0x8847, 'mpls'],
  [0x8863, 'pppoe'],
  [0x8864, 'pppoe'],
  [0x888e, 'eapol'],
  [0x88cc, 'lldp'],
  [0x88f7, 'ptp'],
  [0x8940, 'ecp'],
]);

export function takeEthernet(frame: Frame): void {
  if (frame.length < ETHERNET_HEADER_BYTES) {
    frame.isOther('ethernet (cut short)');
    return;
  }
  const frameStart = frame.start;
  frame.to = macAddress(frame, 0);
  frame.from = macAddress(frame, 6);
  const type = frame.uint16(12);
  frame.take('ethernet', ETHERNET_HEADER_BYTES);
  if (type > MAX_8023_LENGTH) {
    takeEtherType(frame, type, frameStart);
    return;
  }
  endPacket(frame, frame.start + type, frameStart);
  takeLlc(frame, frameStart);
}

/** What an EtherType announces. */
export function takeEtherType(frame: Frame, ethertype: number, frameStart: number): void {
  let type = ethertype;
  for (let tags = 0; VLAN_TYPES.has(type); tags++) {
    if (tags === MAX_VLAN_TAGS || frame.length < 4) {
      frame.isOther('vlan');
      return;
    }
    type = frame.uint16(2);
    frame.take('vlan', 4);
  }
  if (type <= MAX_8023_LENGTH) takeLlc(frame, frameStart);
  else if (type === ETHERTYPE_WSMP) takeWsmp(frame, frameStart);
  else if (type === ETHERTYPE_GEONETWORKING) takeGeonetworking(frame);
  else if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6)
    takeIp(frame, type === ETHERTYPE_IPV4 ? 4 : 6, frameStart);
  else frame.isOther(OTHER_ETHERTYPES.get(type) ?? `ethertype ${hex16(type)}`);
}

/** LLC with a SNAP header (IEEE 802.2, RFC 1042), or the EtherType at once as IEEE 802.11-2016 has it in the 5.9 GHz band. */
export function takeLlc(frame: Frame, frameStart: number): void {
  const first = frame.uint16(0);
  if (first === ETHERTYPE_WSMP || first === ETHERTYPE_GEONETWORKING) {
    frame.start += 2;
    takeEtherType(frame, first, frameStart);
    return;
  }
  if (first !== 0xaaaa || frame.byte(2) !== 0x03 || frame.length < 8) {
    frame.isOther('llc');
    return;
  }
  const isEncapsulated = frame.byte(3) === 0 && frame.byte(4) === 0 && (frame.byte(5) === 0 || frame.byte(5) === 0xf8);
  const type = frame.uint16(6);
  if (!isEncapsulated) {
    frame.isOther('snap');
    return;
  }
  frame.take('llc', 8);
  takeEtherType(frame, type, frameStart);
}

const LLC_PROTOCOL = 0x0004;

/** LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address of 8, protocol. */
export function takeSll(frame: Frame): void {
  takeCooked(frame, 'sll', { header: 16, protocolAt: 14, addressLengthAt: 4, addressAt: 6, addressLengthBytes: 2 });
}

/** LINKTYPE_LINUX_SLL2: protocol, reserved, interface, ARPHRD, packet type, address length, address of 8. */
export function takeSll2(frame: Frame): void {
  takeCooked(frame, 'sll2', { header: 20, protocolAt: 0, addressLengthAt: 11, addressAt: 12, addressLengthBytes: 1 });
}

interface CookedHeader {
  readonly header: number;
  readonly protocolAt: number;
  readonly addressLengthAt: number;
  readonly addressLengthBytes: 1 | 2;
  readonly addressAt: number;
}

function takeCooked(frame: Frame, layer: string, where: CookedHeader): void {
  if (frame.length < where.header) {
    frame.isOther(`${layer} (cut short)`);
    return;
  }
  const { start } = frame;
  const at = where.addressLengthAt;
  const addressLength = where.addressLengthBytes === 2 ? frame.uint16(at) : frame.byte(at);
  if (addressLength === 6) frame.from = macAddress(frame, where.addressAt);
  const protocol = frame.uint16(where.protocolAt);
  frame.take(layer, where.header);
  if (protocol === LLC_PROTOCOL) takeLlc(frame, start);
  else takeEtherType(frame, protocol, start);
}
