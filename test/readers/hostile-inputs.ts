/** Inputs of a mebibyte that are made to cost as much as they can. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { concat, fromHex, Random } from '../support/octets.ts';
import { at, CASES, TIME } from './frame-cases.ts';
import { pcap, pcapng } from './frames.ts';
import { certificates, logRecord, messages, wsm } from './support.ts';

const MIB = 1 << 20;
const [attached, digest] = messages as [Uint8Array, Uint8Array];
const certificate = certificates[3] as Uint8Array;

function filled(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const unit = concat(...parts.map((part) => (typeof part === 'string' ? fromHex(part) : part)));
  const out = new Uint8Array(MIB);
  for (let place = 0; place < MIB; place += unit.length) out.set(unit.subarray(0, MIB - place), place);
  return out;
}

const u16 = (value: number): string => value.toString(16).padStart(4, '0');

/** Signed data whose payload reaches almost to the end of the input, again and again. */
function farReaching(head: (left: number) => string): Uint8Array {
  const out = new Uint8Array(MIB).fill(0x41);
  for (let place = 0; place + 16 < MIB; ) {
    const bytes = fromHex(head(MIB - place));
    out.set(bytes, place);
    place += bytes.length;
  }
  return out;
}

const u24 = (value: number): string => value.toString(16).padStart(6, '0');

/** A certificate that opens a list of permissions in which the next one lies, and so on to the end. */
function listsInLists(): Uint8Array {
  const head = `80030080${'11'.repeat(8)}10810141${'22'.repeat(3)}0000${'33'.repeat(4)}840001`;
  return filled(`${head}0200ff00${u16(40).slice(2)}`, head, '0200ff0028');
}

const random = new Random(11n);
const someNoise = concat(...Array.from({ length: 64 }, () => random.octets(64)));

export const HOSTILE: Readonly<Record<string, () => Uint8Array>> = {
  zeros: () => new Uint8Array(MIB),
  FF: () => filled('ff'),
  noise: () => filled(someNoise, 'a1'),
  'empty unsigned data': () => filled('038000'),
  'empty unsigned data, and a byte': () => filled('03800041'),
  'the beginning of signed data': () => filled('03810040'),
  'the beginning of signed data, and noise': () => filled('0381004003807f', someNoise.subarray(0, 9)),
  'signed data that reaches far': () => farReaching((left) => `0381004003808${'3'}${u24(Math.max(128, left - 300))}`),
  'unsigned data that reaches far': () => farReaching((left) => `038083${u24(Math.max(128, left - 12))}`),
  'unsigned data that reaches a datagram': () => farReaching(() => '03808200ff'),
  'encrypted data with many recipients': () => filled('038202ffff', '80'.repeat(9)),
  'encrypted data with recipients in recipients': () => filled('03820101', `81${'80'.repeat(8)}808003828200`),
  'certificates that end badly': () => filled(certificate.subarray(0, 40)),
  'certificates in lists of certificates': listsInLists,
  'messages with many attached certificates': () =>
    filled(attached.subarray(0, 28), certificate, certificate, certificate),
  'messages that fail at their end': () => filled(attached.subarray(0, -66), '05', attached.subarray(-65)),
  'messages cut by a byte': () => filled(digest.subarray(0, -1)),
  'small messages and noise': () => filled(digest, 'e1'),
  'extensions without end': () => filled('0381004003800004c1', 'ff'.repeat(40)),
  'chain files': () => filled('01808100010000000000', certificate, certificate),
  'chain files in chain files': () => filled('018081'),
  'global chain files': () => filled('01808000010000', certificate),
  'composite CRLs': () => filled('0001ff03810040'),
  'composite CRLs of long lists': () => filled('0002ffff0381', digest),
  'composite CRLs of 1609.2.1': () => filled('028480'),
  'WSMP headers': () => filled('030020'),
  'WSMP headers with a message behind': () => filled(wsm(digest).subarray(0, 20)),
  'WSMP headers of many extensions': () => filled('0b20', '0f01ac'.repeat(31)),
  'WSMP of another kind': () => filled(wsm(fromHex('0014aabb'))),
  'vendor bytes': () => filled('0103'),
  GeoNetworking: () => filled('1200000003810040'),
  'line ends': () => filled(digest, '0a'),
  'CR and LF': () => concat(digest, filled('0d0a').subarray(digest.length)),
  'headers of a log': () => filled(logRecord(fromHex('aa'))),
  'headers of a log that overlap': () => concat(logRecord(digest), filled('00000100').subarray(200)),
  'headers of a log that reach far': () =>
    concat(logRecord(digest), filled(logRecord(fromHex('0381'), { claim: 65_000 })).subarray(200)),
  'frames of a byte': () =>
    pcap(
      1,
      Array.from({ length: 60_000 }, () => at(Uint8Array.of(1))),
    ),
  'frames that lie': () => concat(pcap(1, [at(digest)]), filled('000000000000000005000000ff000000').subarray(300)),
  'a capture of headers': () => concat(pcap(1, []), filled('01000000').subarray(24)),
  interfaces: () => concat(pcapng(Array(50_000).fill(1), [])),
  'blocks that are none': () => concat(pcapng([1], []), filled('0600000020000000').subarray(60)),
  sections: () => filled(pcapng([], [])),
  'frames of every kind': () =>
    pcap(
      1,
      Array.from({ length: 5000 }, (_, i) => at(CASES[i % 12]![1], TIME)),
    ),
  'gzip of zeros': () => new Uint8Array(gzipSync(new Uint8Array(900 << 20))),
  'gzip of unsigned data': () => new Uint8Array(gzipSync(concat(...Array(100).fill(filled('03800041'))))),
  'gzip of noise between structures': () => new Uint8Array(gzipSync(concat(...Array(60).fill(filled(digest, 'e1'))))),
  'gzip of many members': () => filled(new Uint8Array(gzipSync(Uint8Array.of(3)))),
  'ZIP of zeros': () => zipSync({ zeros: new Uint8Array(300 << 20) }),
  'ZIP of many files': () =>
    zipSync(Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`${i}`, Uint8Array.of(3, 0x80)]))),
  'ZIP of gzip of many members': () =>
    zipSync({ 'a.gz': filled(new Uint8Array(gzipSync(Uint8Array.of(3)))).subarray(0, MIB - 200) }, { level: 0 }),
  'a tar archive of headers': () => filled(tarHeader('x')),
  'a tar archive of damaged headers': () =>
    concat(tarHeader('x'), filled(tarHeader('x').map((byte, i) => (i === 5 ? 1 : byte))).subarray(512)),
};

/** The header of an empty file. */
function tarHeader(name: string): Uint8Array {
  const header = new Uint8Array(512);
  header.set(new TextEncoder().encode(name));
  header.set(new TextEncoder().encode('00000000000\0'), 124);
  header.fill(0x20, 148, 156);
  header[156] = 0x30;
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return header;
}
