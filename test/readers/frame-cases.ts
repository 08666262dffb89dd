/** A frame of every kind that carries a message, and every form of capture. */
import { taiFromUnixMs } from '../../src/dot2/index.ts';
import { concat, fromHex } from '../support/octets.ts';
import {
  bare,
  type CapturedFrame,
  ethernet,
  GEONETWORKING,
  geonetworking,
  IPV4,
  IPV6,
  IPV6_RECEIVER,
  IPV6_SENDER,
  ieee80211,
  ipv4,
  ipv6,
  pcap,
  pcapng,
  ppi,
  RECEIVER,
  radiotap,
  SENDER,
  sll,
  sll2,
  snap,
  udp,
  WSMP,
} from './frames.ts';
import { logRecord, messages, wsm } from './support.ts';

export const [attached, digest] = messages as [Uint8Array, Uint8Array];
export const TIME = 1_704_067_200_123_456_000n;
export const TAI = taiFromUnixMs(1_704_067_200_000) + 123_456n;
export const wsmp = wsm(digest);
export const at = (bytes: Uint8Array, time = TIME): CapturedFrame => ({ bytes, time });
export const fcs = (frame: Uint8Array): Uint8Array => concat(frame, crc(frame));

/** CRC-32 bit by bit, least significant byte first. */
function crc(bytes: Uint8Array): Uint8Array {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  const result = new DataView(new ArrayBuffer(4));
  result.setUint32(0, ~value >>> 0, true);
  return new Uint8Array(result.buffer);
}

/** Link type, frame, layers, sender, receiver. */
export type Case = readonly [number, Uint8Array, string, string | undefined, string | undefined];
const IP4 = ['192.168.0.1:5001', '192.168.0.255:46800'] as const;
const IP6 = [`[${IPV6_SENDER}]:5001`, `[${IPV6_RECEIVER}]:46800`] as const;
const MAC = [SENDER, RECEIVER] as const;

export const CASES: readonly Case[] = [
  [1, ethernet(WSMP, wsmp), 'ethernet/wsmp3', ...MAC],
  [1, ethernet(WSMP, wsmp, [5]), 'ethernet/vlan/wsmp3', ...MAC],
  [1, ethernet(WSMP, wsmp, [5, 6]), 'ethernet/vlan/vlan/wsmp3', ...MAC],
  [1, ethernet(GEONETWORKING, geonetworking(digest)), 'ethernet/geonetworking', ...MAC],
  [1, ethernet(IPV4, ipv4(udp(digest))), 'ethernet/ipv4/udp', ...IP4],
  [1, ethernet(IPV4, ipv4(udp(wsmp))), 'ethernet/ipv4/udp/wsmp3', ...IP4],
  [1, ethernet(IPV4, ipv4(udp(concat(fromHex('01'), wsmp)))), 'ethernet/ipv4/udp/vendor01/wsmp3', ...IP4],
  [1, ethernet(IPV4, ipv4(udp(logRecord(digest)))), 'ethernet/ipv4/udp/obulog', ...IP4],
  [1, ethernet(IPV4, ipv4(udp(wsmp), { options: fromHex('94040000') })), 'ethernet/ipv4/udp/wsmp3', ...IP4],
  [1, ethernet(IPV4, ipv4(udp(wsmp), { total: 0 })), 'ethernet/ipv4/udp/wsmp3', ...IP4],
  [1, ethernet(IPV6, ipv6(udp(wsmp))), 'ethernet/ipv6/udp/wsmp3', ...IP6],
  [1, ethernet(IPV6, ipv6(udp(wsmp), 0, fromHex('1100050200000100'))), 'ethernet/ipv6/udp/wsmp3', ...IP6],
  [1, ethernet(snap(WSMP, wsmp).length, snap(WSMP, wsmp)), 'ethernet/llc/wsmp3', ...MAC],
  [101, ipv4(udp(wsmp)), 'ipv4/udp/wsmp3', ...IP4],
  [101, ipv6(udp(digest)), 'ipv6/udp', ...IP6],
  [105, ieee80211(snap(WSMP, wsmp)), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(bare(WSMP, wsmp)), 'ieee80211/wsmp3', ...MAC],
  [105, ieee80211(snap(WSMP, wsmp), { qos: false }), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(snap(WSMP, wsmp), { flags: 1 }), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(snap(WSMP, wsmp), { flags: 2 }), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(snap(WSMP, wsmp), { flags: 3 }), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(snap(WSMP, wsmp), { flags: 0x80 }), 'ieee80211/llc/wsmp3', ...MAC],
  [105, ieee80211(snap(GEONETWORKING, geonetworking(digest))), 'ieee80211/llc/geonetworking', ...MAC],
  [113, sll(WSMP, wsmp), 'sll/wsmp3', SENDER, undefined],
  [113, sll(4, snap(WSMP, wsmp)), 'sll/llc/wsmp3', SENDER, undefined],
  [113, sll(IPV4, ipv4(udp(wsmp))), 'sll/ipv4/udp/wsmp3', ...IP4],
  [127, radiotap(ieee80211(snap(WSMP, wsmp))), 'radiotap/ieee80211/llc/wsmp3', ...MAC],
  [127, radiotap(ieee80211(bare(WSMP, wsmp)), { flags: 0 }), 'radiotap/ieee80211/wsmp3', ...MAC],
  [127, radiotap(fcs(ieee80211(bare(WSMP, wsmp))), { flags: 0x10 }), 'radiotap/ieee80211/wsmp3/fcs', ...MAC],
  [
    127,
    radiotap(fcs(ieee80211(bare(WSMP, wsmp))), { tsft: true, flags: 0x10 }),
    'radiotap/ieee80211/wsmp3/fcs',
    ...MAC,
  ],
  [147, digest, '', undefined, undefined],
  [150, wsmp, 'wsmp3', undefined, undefined],
  [162, concat(fromHex('01'), wsmp), 'vendor01/wsmp3', undefined, undefined],
  [192, ppi(105, ieee80211(snap(WSMP, wsmp))), 'ppi/ieee80211/llc/wsmp3', ...MAC],
  [192, ppi(105, fcs(ieee80211(snap(WSMP, wsmp))), true), 'ppi/ieee80211/llc/wsmp3/fcs', ...MAC],
  [192, ppi(1, ethernet(WSMP, wsmp)), 'ppi/ethernet/wsmp3', ...MAC],
  [276, sll2(WSMP, wsmp), 'sll2/wsmp3', SENDER, undefined],
  [276, sll2(IPV6, ipv6(udp(wsmp))), 'sll2/ipv6/udp/wsmp3', ...IP6],
];

export const FORMS: readonly (readonly [string, (linkType: number, frames: readonly CapturedFrame[]) => Uint8Array])[] =
  [
    ['pcap', (linkType, frames) => pcap(linkType, frames)],
    ['pcap, big-endian', (linkType, frames) => pcap(linkType, frames, { isBigEndian: true })],
    ['pcap, nanoseconds', (linkType, frames) => pcap(linkType, frames, { isNano: true })],
    [
      'pcap, nanoseconds, big-endian',
      (linkType, frames) => pcap(linkType, frames, { isNano: true, isBigEndian: true }),
    ],
    ['pcapng', (linkType, frames) => pcapng([linkType], frames)],
    ['pcapng, big-endian', (linkType, frames) => pcapng([linkType], frames, { isBigEndian: true })],
    ['pcapng, nanoseconds', (linkType, frames) => pcapng([linkType], frames, { resolution: 9 })],
    ['pcapng, obsolete packet blocks', (linkType, frames) => pcapng([linkType], frames, { form: 'packet' })],
  ];
