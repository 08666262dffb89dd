/** Captures of every link type: each message found with its layers, what else was captured counted, damage contained. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taiFromUnixMs } from '../../src/dot2/index.ts';
import { RecordCutter, unwrapOf } from '../../src/readers/index.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { at, attached, CASES, digest, FORMS, fcs, TAI, TIME, wsmp } from './frame-cases.ts';
import {
  bare,
  type CapturedFrame,
  ethernet,
  GEONETWORKING,
  geonetworking,
  IPV4,
  IPV6,
  ieee80211,
  ipv4,
  ipv6,
  pcap,
  pcapng,
  ppi,
  snap,
  udp,
  WSMP,
} from './frames.ts';
import { cut, expectAccounted, outline, wsm } from './support.ts';

describe.each(FORMS)('%s', (_, capture) => {
  it.each(CASES.map((one) => [one[0], one[2], one] as const))(
    'link type %i: %s',
    (linkType, layers, [, frame, , from, to]) => {
      const bytes = capture(linkType, [at(frame), at(frame, TIME + 1_000_000_000n)]);
      const { pieces, report } = cut(bytes);
      expect(pieces.map((piece) => [toHex(piece.bytes), unwrapOf(piece) ?? '', piece.from, piece.to])).toEqual(
        Array(2).fill([toHex(digest), layers, from, to]),
      );
      expect(pieces.map(({ captureTime }) => captureTime)).toEqual([TAI, TAI + 1_000_000n]);
      expect(pieces.every(({ lowerLayerPsid }) => lowerLayerPsid === (layers.includes('wsmp3') ? 32 : undefined))).toBe(
        true,
      );
      expectAccounted(report, bytes.length);
    },
  );
});

describe('time stamps', () => {
  it.each([
    [6, 0n],
    [9, 999n],
    [3, 0n],
    [0x80 | 20, 0n],
  ])('of resolution %i', (resolution, extra) => {
    const time = 1_704_067_200_000_000_000n + 500_000_000n + extra;
    const { pieces } = cut(pcapng([1], [at(ethernet(WSMP, wsmp), time)], { resolution }));
    expect(pieces[0]!.captureTime).toBe(taiFromUnixMs(1_704_067_200_000) + 500_000n);
  });

  it('are absent in simple packet blocks', () => {
    const { pieces } = cut(pcapng([1], [at(ethernet(WSMP, wsmp))], { form: 'simple' }));
    expect(pieces.map((piece) => [unwrapOf(piece), piece.captureTime])).toEqual([['ethernet/wsmp3', undefined]]);
  });

  it('of each interface by itself', () => {
    const frames = [at(ethernet(WSMP, wsmp)), at(ieee80211(bare(WSMP, wsmp)))];
    const { pieces } = cut(concat(pcapng([1, 105], frames), pcapng([1], [frames[0]!], { isBigEndian: true })));
    expect(pieces.map((piece) => [unwrapOf(piece), piece.captureTime])).toEqual([
      ['ethernet/wsmp3', TAI],
      ['ieee80211/wsmp3', TAI],
      ['ethernet/wsmp3', TAI],
    ]);
  });
});

const other = (kind: string, linkType: number, frame: Uint8Array) => [kind, linkType, frame] as const;

describe('frames that say they carry something else are counted, and no records', () => {
  it.each([
    other('arp', 1, ethernet(0x0806, new Uint8Array(46))),
    other('lldp', 1, ethernet(0x88cc, new Uint8Array(46))),
    other('ethertype 0x1234', 1, ethernet(0x1234, digest)),
    other('llc', 1, ethernet(38, new Uint8Array(46).fill(0x42))),
    other('tcp', 1, ethernet(IPV4, ipv4(digest, { protocol: 6 }))),
    other('icmpv6', 1, ethernet(IPV6, ipv6(new Uint8Array(8), 58))),
    other('udp', 1, ethernet(IPV4, ipv4(udp(fromHex('0014aabbcc'))))),
    other('udp', 1, ethernet(IPV4, ipv4(udp(fromHex('0380001234'))))),
    other('udp', 1, ethernet(IPV4, ipv4(udp(new Uint8Array(0))))),
    other('ipv4 fragment', 1, ethernet(IPV4, ipv4(udp(digest), { fragment: 0x2000 }))),
    other('ipv4 fragment', 1, ethernet(IPV4, ipv4(digest, { fragment: 25 }))),
    other('ipv6 fragment', 1, ethernet(IPV6, ipv6(digest, 44, new Uint8Array(8)))),
    other('ipv4 (damaged)', 1, ethernet(IPV4, fromHex('46000014'))),
    other('ethernet (cut short)', 1, new Uint8Array(13)),
    other('geonetworking (not secured)', 1, ethernet(GEONETWORKING, geonetworking(digest, 0x11))),
    other('ieee80211 management', 105, concat(fromHex('8000'), new Uint8Array(40))),
    other('ieee80211 control', 105, concat(fromHex('b400'), new Uint8Array(40))),
    other('ieee80211 data', 105, concat(fromHex('c800'), new Uint8Array(40))),
    other('ieee80211 fragment', 105, ieee80211(snap(WSMP, wsmp), { flags: 4 })),
    other('ieee80211 fragment', 105, ieee80211(snap(WSMP, wsmp), { sequence: 0x11 })),
    other('ieee80211 protected', 105, ieee80211(snap(WSMP, wsmp), { flags: 0x40 })),
    other('ieee80211 a-msdu', 105, ieee80211(snap(WSMP, wsmp), { qosControl: 0x80 })),
    other('radiotap (damaged)', 127, fromHex('0000ff0000000000')),
    other('ppi link type 9', 192, ppi(9, digest)),
  ])('%s', (kind, linkType, frame) => {
    const good = linkType === 1 ? ethernet(WSMP, wsmp) : (CASES.find(([type]) => type === linkType)?.[1] as Uint8Array);
    const bytes = pcap(linkType, [at(frame), at(good), at(frame)]);
    const { pieces, report } = cut(bytes);
    expect(pieces.map((piece) => toHex(piece.bytes))).toEqual([toHex(digest)]);
    expect(report.otherFrames).toEqual({ [kind]: 2 });
    expect(report.unreadable).toBe(0);
    expectAccounted(report, bytes.length);
  });
});

describe('frames that claim to carry a message, or claim nothing, are records that say what is wrong', () => {
  it.each([
    ['WSMP version 2', 1, ethernet(WSMP, fromHex('02200380d203'))],
    ['announces 98 bytes, 97 are there', 1, ethernet(WSMP, wsmp.subarray(0, -1))],
    ['WSMP header that the frame cuts short', 1, ethernet(WSMP, fromHex('0300'))],
    ['J2735 BasicSafetyMessage', 1, ethernet(WSMP, wsm(fromHex('00140301aabb').subarray(0, 6)))],
    ['neither zero padding nor a frame check sequence', 1, ethernet(WSMP, concat(wsmp, fromHex('0102030405')))],
    ['no IEEE 1609.2 structure', 1, ethernet(GEONETWORKING, geonetworking(fromHex('aabbccdd')))],
    ['GeoNetworking basic header', 1, ethernet(GEONETWORKING, fromHex('f2001a0a'))],
    ['of which', 1, ethernet(IPV4, ipv4(udp(digest.subarray(0, 50), 106)))],
    ['no IEEE 1609.2 structure', 147, fromHex('aabbccddee')],
    ['captured short: 60 of 117 bytes', 1, ethernet(WSMP, wsmp).subarray(0, 60)],
  ])('%s', (problem, linkType, bytes) => {
    const frame = { bytes, time: TIME, wireLength: problem.startsWith('captured') ? 117 : bytes.length };
    const capture = pcapng([linkType], [frame, at(linkType === 1 ? ethernet(WSMP, wsmp) : digest)]);
    const { pieces, report } = cut(capture);
    expect(pieces[0]!.unreadable).toContain(problem);
    expect(pieces[0]!.captureTime).toBe(TAI);
    expect(toHex(pieces[1]!.bytes)).toBe(toHex(digest));
    expect([pieces.length, report.unreadable]).toEqual([2, 1]);
    expectAccounted(report, capture.length);
  });

  it('a link type that is not read is one complaint, and the others are counted', () => {
    const bytes = pcapng([1, 195], Array(6).fill(at(ethernet(WSMP, wsmp))));
    const { pieces, report } = cut(bytes);
    expect(pieces.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, true, false, false]);
    expect(pieces[1]!.unreadable).toContain('link type 195');
    expect(report.otherFrames).toEqual({ 'link type 195': 2 });
    expectAccounted(report, bytes.length);
  });
});

describe('what lies behind a message in a frame', () => {
  const frame = ethernet(WSMP, wsmp);
  it.each([
    ['zeros', concat(frame, new Uint8Array(9)), 'ethernet/wsmp3/zeroPadding'],
    ['a frame check sequence', fcs(frame), 'ethernet/wsmp3/fcs'],
    ['zeros and a frame check sequence', fcs(concat(frame, new Uint8Array(7))), 'ethernet/wsmp3/zeroPadding/fcs'],
    [
      'zeros in the datagram',
      ethernet(IPV4, ipv4(udp(concat(digest, new Uint8Array(20))))),
      'ethernet/ipv4/udp/zeroPadding',
    ],
    [
      'what the network card left',
      concat(ethernet(IPV4, ipv4(udp(digest))), fromHex('a1a2a3')),
      'ethernet/ipv4/udp/trailer',
    ],
    [
      'zeros behind the packet',
      concat(ethernet(IPV6, ipv6(udp(digest))), new Uint8Array(4)),
      'ethernet/ipv6/udp/zeroPadding',
    ],
    [
      'zeros behind GeoNetworking',
      ethernet(GEONETWORKING, concat(geonetworking(digest), new Uint8Array(3))),
      'ethernet/geonetworking/zeroPadding',
    ],
  ])('%s', (_, bytes, layers) => {
    const { pieces } = cut(pcap(1, [at(bytes)]));
    expect(pieces.map((piece) => [toHex(piece.bytes), unwrapOf(piece)])).toEqual([[toHex(digest), layers]]);
  });

  it('a frame check sequence that the capture announces is taken off unseen', () => {
    const withFcs = concat(frame, fromHex('deadbeef'));
    for (const bytes of [pcapng([1], [at(withFcs)], { fcsLength: 4 }), announcingFcs(pcap(1, [at(withFcs)]))]) {
      expect(cut(bytes).pieces.map((piece) => unwrapOf(piece))).toEqual(['ethernet/wsmp3/fcs']);
    }
  });

  it('a message with anything else behind it in a datagram is left for the decoder to refuse', () => {
    const { pieces } = cut(pcap(1, [at(ethernet(IPV4, ipv4(udp(concat(digest, fromHex('07'))))))]));
    expect(pieces.map((piece) => [piece.bytes.length, unwrapOf(piece)])).toEqual([
      [digest.length + 1, 'ethernet/ipv4/udp'],
    ]);
  });
});

/** Sets the bits of the link type field that say how long the frame check sequence is. */
function announcingFcs(capture: Uint8Array): Uint8Array {
  const copy = capture.slice();
  copy[23] = 0x24;
  return copy;
}

describe('a damaged capture', () => {
  const frames = (count: number): CapturedFrame[] =>
    Array.from({ length: count }, (_, i) =>
      at(ethernet(WSMP, i % 2 ? wsmp : wsm(attached)), TIME + BigInt(i) * 100_000_000n),
    );
  const goodOnes = (count: number) => Array.from({ length: count }, (_, i) => toHex(i % 2 ? digest : attached));

  it.each(FORMS)('%s: breaks off anywhere: what came before is there', (_, capture) => {
    const whole = capture(1, frames(4));
    for (let length = whole.length - 1; length > whole.length - 300; length -= 7) {
      const { pieces, report } = cut(whole.subarray(0, length));
      const read = pieces.filter(({ unreadable }) => unreadable === undefined).map(({ bytes }) => toHex(bytes));
      expect(read).toEqual(goodOnes(read.length));
      expect(read.length).toBeGreaterThanOrEqual(2);
      expectAccounted(report, length);
    }
  });

  it.each(FORMS)('%s: noise between frames is one piece, and no frame is lost', (_, capture) => {
    const parts = capture(1, frames(6));
    const start = capture(1, frames(3)).length;
    for (const noise of [1, 3, 16, 40, 400]) {
      const bytes = concat(parts.subarray(0, start), new Random(BigInt(noise)).octets(noise), parts.subarray(start));
      const { pieces, report } = cut(bytes);
      const read = pieces.filter(({ unreadable }) => unreadable === undefined).map(({ bytes: one }) => toHex(one));
      expect(read).toEqual(goodOnes(6));
      expectAccounted(report, bytes.length);
    }
  });

  it.each(FORMS)('%s: missing bytes cost the frame that they are missing from', (_, capture) => {
    const whole = capture(1, frames(6));
    const start = capture(1, frames(2)).length;
    for (const missing of [1, 4, 10, 30]) {
      const bytes = concat(whole.subarray(0, start + 60), whole.subarray(start + 60 + missing));
      const { pieces, report } = cut(bytes);
      const read = pieces.map(({ bytes: one }) => toHex(one));
      expect(read.slice(0, 2)).toEqual(goodOnes(2));
      expect(read.slice(-3)).toEqual(goodOnes(6).slice(-3));
      expectAccounted(report, bytes.length);
    }
  });

  it('lengths that lie cost the frame that they stand in front of', () => {
    const [before, after] = [frames(2), frames(4).slice(2)];
    for (const claim of [0, 5, 200, 300, 65_535, 0x7fffffff]) {
      const lying = { bytes: ethernet(WSMP, wsmp), time: TIME, wireLength: claim };
      const bytes = pcap(1, [...before, lying, ...after]);
      const { pieces, report } = cut(bytes);
      const read = pieces.map(({ bytes: one }) => toHex(one));
      expect(read.slice(0, 2)).toEqual(goodOnes(2));
      expect(read.slice(-2)).toEqual(goodOnes(2));
      expectAccounted(report, bytes.length);
    }
  });

  it('pieces do not depend on where chunks were cut', () => {
    const damage = fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 50 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...FORMS),
        damage,
        fc.nat(800),
        fc.array(fc.nat(1500), { maxLength: 6 }),
        (form, noise, place, edges) => {
          const whole = form[1](1, frames(5));
          const bytes = concat(whole.subarray(0, place), noise, whole.subarray(place));
          expect(cut(bytes, {}, edges)).toEqual(cut(bytes));
          expectAccounted(cut(bytes).report, bytes.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('a live capture gives each frame as soon as it has come', () => {
  for (const [, capture] of FORMS) {
    const frame = [at(ethernet(WSMP, wsmp))];
    const [empty, one] = [capture(1, []), capture(1, frame)];
    const cutter = new RecordCutter();
    expect([...cutter.push(empty)]).toEqual([]);
    for (let i = 0; i < 3; i++) {
      expect(outline([...cutter.push(one.slice(empty.length))])).toEqual([
        [expect.any(Number), digest.length, 'ethernet/wsmp3', 'ok'],
      ]);
    }
  }
});
