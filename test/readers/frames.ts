/** Frames of every link type, and captures of them, byte for byte: what the readers are to take apart again. */
import { concat, fromHex } from '../support/octets.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const u16 = (value: number): Uint8Array => bytes(value >> 8, value & 255);
const u32 = (value: number): Uint8Array => concat(u16(value >>> 16), u16(value & 0xffff));
const reversed = (value: Uint8Array): Uint8Array => value.slice().reverse();
const u16le = (value: number): Uint8Array => reversed(u16(value));
const u32le = (value: number): Uint8Array => reversed(u32(value));

export const SENDER = '02:00:00:00:00:01';
export const RECEIVER = '33:33:00:00:00:02';
const mac = (text: string): Uint8Array => fromHex(text.replaceAll(':', ''));

export const WSMP = 0x88dc;
export const GEONETWORKING = 0x8947;
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;

export function ethernet(type: number, content: Uint8Array, tags: readonly number[] = []): Uint8Array {
  const vlan = tags.flatMap((tag) => [u16(0x8100), u16(tag)]);
  return concat(mac(RECEIVER), mac(SENDER), ...vlan, u16(type), content);
}

export function snap(type: number, content: Uint8Array): Uint8Array {
  return concat(fromHex('aaaa03000000'), u16(type), content);
}

/** A bare EtherType, as IEEE 802.11-2016 has it outside the context of a BSS. */
export function bare(type: number, content: Uint8Array): Uint8Array {
  return concat(u16(type), content);
}

interface RadioOptions {
  readonly qos?: boolean;
  readonly flags?: number;
  readonly sequence?: number;
  readonly qosControl?: number;
}

/** An IEEE 802.11 data frame. */
export function ieee80211(
  content: Uint8Array,
  { qos = true, flags = 0, sequence = 0x10, qosControl = 0 }: RadioOptions = {},
): Uint8Array {
  const addresses: Record<number, readonly string[]> = {
    0: [RECEIVER, SENDER, 'ff:ff:ff:ff:ff:ff'],
    1: ['02:00:00:00:00:99', SENDER, RECEIVER],
    2: [RECEIVER, '02:00:00:00:00:99', SENDER],
    3: ['02:00:00:00:00:98', '02:00:00:00:00:99', RECEIVER],
  };
  const [first, second, third] = addresses[flags & 3] as [string, string, string];
  return concat(
    bytes(qos ? 0x88 : 0x08, flags),
    u16(0),
    mac(first),
    mac(second),
    mac(third),
    u16le(sequence),
    (flags & 3) === 3 ? mac(SENDER) : new Uint8Array(0),
    qos ? bytes(qosControl, 0) : new Uint8Array(0),
    qos && flags & 0x80 ? u32(0) : new Uint8Array(0),
    content,
  );
}

/** @param fields time stamp of the radio's clock, and flags. */
export function radiotap(frame: Uint8Array, fields: { tsft?: boolean; flags?: number } = {}): Uint8Array {
  const present = (fields.tsft ? 1 : 0) | (fields.flags === undefined ? 0 : 2);
  const tsft = fields.tsft ? new Uint8Array(8).fill(7) : new Uint8Array(0);
  const flags = fields.flags === undefined ? new Uint8Array(0) : bytes(fields.flags, 0);
  const length = 8 + tsft.length + flags.length;
  return concat(u16(0), u16le(length), u32le(present), tsft, flags, frame);
}

export function ppi(linkType: number, frame: Uint8Array, hasFcs = false): Uint8Array {
  const common = hasFcs
    ? concat(u16le(2), u16le(20), new Uint8Array(8), u16le(1), new Uint8Array(10))
    : new Uint8Array(0);
  return concat(u16(0), u16le(8 + common.length), u32le(linkType), common, frame);
}

export function sll(type: number, content: Uint8Array): Uint8Array {
  return concat(u16(0), u16(1), u16(6), mac(SENDER), u16(0), u16(type), content);
}

export function sll2(type: number, content: Uint8Array): Uint8Array {
  return concat(u16(type), u16(0), u32(3), u16(1), bytes(0, 6), mac(SENDER), u16(0), content);
}

function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < header.length; i += 2) sum += (header[i]! << 8) | (header[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

interface Ipv4Options {
  readonly protocol?: number;
  readonly fragment?: number;
  readonly total?: number;
  readonly options?: Uint8Array;
}

export function ipv4(
  content: Uint8Array,
  { protocol = 17, fragment = 0, total, options = new Uint8Array(0) }: Ipv4Options = {},
): Uint8Array {
  const length = 20 + options.length;
  const parts = (sum: number): Uint8Array =>
    concat(
      bytes(0x40 | (length / 4), 0),
      u16(total ?? length + content.length),
      u16(7),
      u16(fragment),
      bytes(64, protocol),
      u16(sum),
      bytes(192, 168, 0, 1, 192, 168, 0, 255),
      options,
    );
  return concat(parts(checksum(parts(0))), content);
}

export function ipv6(content: Uint8Array, next = 17, extensions: Uint8Array = new Uint8Array(0)): Uint8Array {
  const source = fromHex('20010db8000000000000ff0000428329');
  const destination = fromHex('ff020000000000000000000000000001');
  return concat(
    fromHex('60000000'),
    u16(extensions.length + content.length),
    bytes(next, 64),
    source,
    destination,
    extensions,
    content,
  );
}

export const IPV6_SENDER = '2001:db8::ff00:42:8329';
export const IPV6_RECEIVER = 'ff02::1';

export function udp(content: Uint8Array, length = 8 + content.length): Uint8Array {
  return concat(u16(5001), u16(46800), u16(length), u16(0), content);
}

/** A secured GeoNetworking packet. */
export function geonetworking(content: Uint8Array, first = 0x12): Uint8Array {
  return concat(bytes(first, 0, 0x1a, 0x0a), content);
}

export interface CapturedFrame {
  readonly bytes: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** Bytes on the wire, if fewer were captured. */
  readonly wireLength?: number;
}

export interface PcapOptions {
  readonly isBigEndian?: boolean;
  readonly isNano?: boolean;
  readonly snapLength?: number;
}

export function pcap(
  linkType: number,
  frames: readonly CapturedFrame[],
  { isBigEndian = false, isNano = false, snapLength = 262_144 }: PcapOptions = {},
): Uint8Array {
  const w32 = isBigEndian ? u32 : u32le;
  const w16 = isBigEndian ? u16 : u16le;
  const header = concat(
    w32(isNano ? 0xa1b23c4d : 0xa1b2c3d4),
    w16(2),
    w16(4),
    w32(0),
    w32(0),
    w32(snapLength),
    w32(linkType),
  );
  const records = frames.map(({ bytes: frame, time, wireLength = frame.length }) =>
    concat(
      w32(Number(time / 1_000_000_000n)),
      w32(Number((time % 1_000_000_000n) / (isNano ? 1n : 1000n))),
      w32(frame.length),
      w32(wireLength),
      frame,
    ),
  );
  return concat(header, ...records);
}

export interface PcapngOptions {
  readonly isBigEndian?: boolean;
  /** Value of the option if_tsresol; microseconds by default. */
  readonly resolution?: number;
  readonly form?: 'enhanced' | 'simple' | 'packet';
  readonly fcsLength?: number;
  readonly snapLength?: number;
}

const padded = (content: Uint8Array): Uint8Array => concat(content, new Uint8Array((4 - (content.length % 4)) % 4));

/** A section with one interface for each link type; frame `i` belongs to interface `i mod n`. */
export function pcapng(
  linkTypes: readonly number[],
  frames: readonly CapturedFrame[],
  { isBigEndian = false, resolution, form = 'enhanced', fcsLength, snapLength = 0 }: PcapngOptions = {},
): Uint8Array {
  const w32 = isBigEndian ? u32 : u32le;
  const w16 = isBigEndian ? u16 : u16le;
  const block = (type: number, body: Uint8Array): Uint8Array =>
    concat(w32(type), w32(body.length + 12), body, w32(body.length + 12));
  const options = concat(
    ...(resolution === undefined ? [] : [w16(9), w16(1), bytes(resolution, 0, 0, 0)]),
    ...(fcsLength === undefined ? [] : [w16(13), w16(1), bytes(fcsLength, 0, 0, 0)]),
    ...(resolution === undefined && fcsLength === undefined ? [] : [w16(0), w16(0)]),
  );
  const section = block(0x0a0d0d0a, concat(w32(0x1a2b3c4d), w16(1), w16(0), w32(0xffffffff), w32(0xffffffff)));
  const interfaces = linkTypes.map((linkType) => block(1, concat(w16(linkType), w16(0), w32(snapLength), options)));
  const unit = unitsOf(resolution);
  const packets = frames.map(({ bytes: frame, time, wireLength = frame.length }, i) => {
    const stamp = unit(time);
    const [high, low] = [Number(stamp >> 32n), Number(stamp & 0xffff_ffffn)];
    const captured = padded(frame);
    if (form === 'simple') return block(3, concat(w32(wireLength), captured));
    const times = concat(w32(high), w32(low), w32(frame.length), w32(wireLength));
    const id = i % linkTypes.length;
    return form === 'packet'
      ? block(2, concat(w16(id), w16(0xffff), times, captured))
      : block(6, concat(w32(id), times, captured));
  });
  return concat(section, ...interfaces, ...packets);
}

/** What a time is in the units of an interface. */
function unitsOf(resolution: number | undefined): (time: bigint) => bigint {
  if (resolution === undefined) return (time) => time / 1000n;
  const perSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  return (time) => (time * perSecond) / 1_000_000_000n;
}
