/** Structures back to back with damage between them: nothing that decodes is lost, every byte has its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data, isWholeStructure } from '../../src/dot2/index.ts';
import { RecordCutter, readRecords } from '../../src/readers/index.ts';
import { MAX_KEPT_BYTES } from '../../src/readers/limits.ts';
import { createScms, pseudonyms, signMessage, unsecured } from '../../src/testbed/index.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { ethernet, IPV4, ipv4, ipv6, snap, udp, WSMP } from './frames.ts';
import { certificates, cut, expectAccounted, messages, outline, structures, wsm } from './support.ts';

const coer = { format: 'coer' } as const;
const [attached, digest] = messages as [Uint8Array, Uint8Array];
const unsigned = encode(Ieee1609Dot2Data, unsecured(fromHex('001425a5a5a5a5a5a5')));
const j2735 = fromHex(`001425${'a5'.repeat(0x25)}`);
const vendor = concat(Uint8Array.of(1), wsm(digest));
const geonetworking = concat(fromHex('12001a0a'), digest);

/** Random bytes that begin nothing: no value that any structure or header has first. */
function noise(length: number, seed = 1n): Uint8Array {
  return new Random(seed).octets(length).map((byte) => (byte % 0x70) + 0x88);
}

describe('behind what is no structure, reading goes on', () => {
  it.each([
    ['noise', noise(40)],
    ['zeros', new Uint8Array(64)],
    ['FF', new Uint8Array(64).fill(0xff)],
    ['a datagram that is not secured', j2735],
    ['a few odd bytes', fromHex('00e1')],
    ['one byte', fromHex('e1')],
    ['a length of four bytes', Uint8Array.of(0, 0, digest.length >> 8, digest.length & 255)],
    ['the beginning of a message', attached.subarray(0, 60)],
    ['the end of a message', attached.subarray(60)],
    ['a WSMP header that announces too much', fromHex('0300207fee')],
    ['a header of Ethernet', fromHex('ffffffffffff02000000000188b5')],
  ])('%s is one piece', (_, foreign) => {
    const bytes = concat(attached, foreign, digest, wsm(attached), foreign, certificates[0]!);
    const { pieces, report } = cut(bytes, coer);
    const expected = [attached, foreign, digest, attached, foreign, certificates[0]!].map(toHex);
    expect(pieces.map((piece) => toHex(piece.bytes))).toEqual(expected);
    expectAccounted(report, bytes.length);
    expect(report.bytes.framing).toBe(wsm(attached).length - attached.length);
  });

  it('what begins as a structure stays for the decoder to name, everything else is unreadable', () => {
    const { pieces } = cut(concat(digest, attached.subarray(0, 45), digest, noise(30), digest), coer);
    expect(pieces.map(({ unreadable }) => unreadable)).toEqual([
      undefined,
      undefined,
      undefined,
      expect.stringMatching(/^30 bytes that are no IEEE 1609\.2 structure/),
      undefined,
    ]);
  });

  it('a WSMP header bounds its frame, whatever is in it', () => {
    const { pieces, report } = cut(concat(wsm(digest), wsm(j2735), unsigned, wsm(digest)), coer);
    expect(outline(pieces)).toEqual([
      [0, digest.length, 'wsmp3', 'ok'],
      [102, j2735.length + 4, '', 'unreadable'],
      [102 + j2735.length + 4, unsigned.length, '', 'ok'],
      [102 + j2735.length + 4 + unsigned.length, digest.length, 'wsmp3', 'ok'],
    ]);
    expect(pieces[1]!.unreadable).toContain('WSMP for PSID 32 around a J2735 BasicSafetyMessage');
    expectAccounted(report, 2 * 102 + j2735.length + 4 + unsigned.length);
  });

  it('a message inside a frame that is something else is found all the same', () => {
    const inner = concat(fromHex('a1a2a3'), digest, fromHex('a4a5'));
    const { pieces } = cut(concat(wsm(inner), digest), coer);
    expect(pieces.map((piece) => toHex(piece.bytes))).toContain(toHex(digest));
    expect(pieces.filter((piece) => toHex(piece.bytes) === toHex(digest))).toHaveLength(2);
  });

  it('a certificate that a damaged message has attached is no record of its own', () => {
    const broken = attached.slice();
    broken[13] = 0x7f;
    const { pieces } = cut(concat(digest, broken, noise(5), digest), coer);
    expect(pieces).toHaveLength(3);
    expect(pieces[1]!.bytes.length).toBe(broken.length + 5);
  });

  it('a signed message in a damaged one is a record of its own', () => {
    const outer = concat(fromHex('03810040'), digest, fromHex('4001'));
    const { pieces, report } = cut(outer, coer);
    expect(outline(pieces)).toEqual([
      [0, 4, '', 'ok'],
      [4, digest.length, '', 'ok'],
      [4 + digest.length, 2, '', 'unreadable'],
    ]);
    expectAccounted(report, outer.length);
  });

  it('what a damaged message was to carry unsigned is no record of its own', () => {
    // The payload of a signed message is unsecured data: it decodes, and the message around it does not.
    const { pieces } = cut(concat(digest, attached.subarray(0, 30), digest), coer);
    expect(pieces).toHaveLength(3);
  });

  it.each([
    ['alone between noise', concat(digest, noise(9), unsigned, noise(9), digest), 3],
    ['in front of a message', concat(digest, noise(9), unsigned, digest), 4],
    ['at the end', concat(digest, noise(9), unsigned), 3],
    ['where a structure is expected', concat(digest, unsigned, noise(9), digest), 4],
  ])('data without a signature is found again only where something follows it: %s', (_, bytes, count) => {
    expect(cut(bytes, coer).pieces).toHaveLength(count);
  });

  it('headers in front of a message are taken off where a structure is expected', () => {
    const { pieces } = cut(concat(digest, vendor, geonetworking, noise(3), vendor), coer);
    expect(pieces.map(({ layers = [] }) => layers.join('/'))).toEqual([
      '',
      'vendor01/wsmp3',
      'geonetworking',
      '',
      'vendor01/wsmp3',
    ]);
  });

  it.each([
    ['IPv4', (message: Uint8Array) => ethernet(IPV4, ipv4(udp(message)))],
    ['IPv6', (message: Uint8Array) => ipv6(udp(message))],
    ['UDP longer than its datagram', (message: Uint8Array) => ipv4(concat(udp(message), fromHex('00ff')))],
    ['IEEE 802.3', (message: Uint8Array) => ethernet(8 + wsm(message).length, snap(WSMP, wsm(message)))],
  ])('no frame hides the next: %s', (_, frameOf) => {
    const { pieces } = cut(concat(frameOf(attached), frameOf(digest), frameOf(attached)));
    const found = pieces.filter(({ unreadable }) => unreadable === undefined);
    expect(found.map(({ bytes }) => toHex(bytes))).toEqual([attached, digest, attached].map(toHex));
  });
});

describe('a message that was cut short', () => {
  it('does not take the next one with it, however much is missing', () => {
    for (const frame of [(one: Uint8Array) => one, wsm, (one: Uint8Array) => concat(Uint8Array.of(1), wsm(one))]) {
      for (const victim of [attached, digest, certificates[3]!, unsigned]) {
        for (let missing = 1; missing < frame(victim).length; missing++) {
          const bytes = concat(frame(digest), frame(victim).subarray(0, -missing), frame(attached), frame(digest));
          const { pieces, report } = cut(bytes, coer);
          const found = pieces.map((piece) => toHex(piece.bytes));
          expect(found.slice(-2), `${missing} of ${victim.length} missing`).toEqual([attached, digest].map(toHex));
          expectAccounted(report, bytes.length);
        }
      }
    }
  });

  it('at the end of the input is one piece', () => {
    for (let length = 1; length < attached.length; length++) {
      const bytes = concat(digest, attached.subarray(0, length));
      const { pieces, report } = cut(bytes, coer);
      expectAccounted(report, bytes.length);
      expect(pieces.length, String(length)).toBeLessThanOrEqual(length === 44 + 4 ? 3 : 2);
    }
  });
});

describe('line ends', () => {
  it.each(['0a', '0d0a', '0d', '0a0a'])('%s behind the last structure, and between two, is no piece', (hex) => {
    const end = fromHex(hex);
    const bytes = concat(certificates[0]!, end, digest, end, wsm(digest), end);
    const { pieces, report } = cut(bytes, coer);
    expect(pieces.map(({ unreadable }) => unreadable)).toEqual([undefined, undefined, undefined]);
    expect(report.bytes.framing).toBe(3 * end.length + 4);
    expectAccounted(report, bytes.length);
  });

  it('in front of the first structure, and in noise, it is one', () => {
    expect(cut(concat(fromHex('0a'), digest), coer).pieces).toHaveLength(2);
    expect(cut(concat(digest, fromHex('0a'), noise(3)), coer).pieces).toHaveLength(2);
  });
});

const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...structures, unsigned) },
  { weight: 1, arbitrary: fc.constantFrom(...structures).map((one) => wsm(one)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(vendor, geonetworking, wsm(j2735), j2735, fromHex('0a'), new Uint8Array(30)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...structures), fc.nat(300)).map(([one, length]) => one.subarray(0, length)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...structures), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([one, at, change]) => {
        const copy = one.slice();
        copy[at % one.length]! ^= change;
        return copy;
      }),
  },
);

describe('whatever comes', () => {
  it('every byte is accounted for, and pieces do not depend on where chunks were cut', () => {
    const input = fc.tuple(fc.array(segment, { maxLength: 8 }), fc.array(fc.nat(2000), { maxLength: 5 }));
    fc.assert(
      fc.property(input, fc.boolean(), ([segments, edges], isForced) => {
        const bytes = concat(...segments);
        const options = isForced ? coer : {};
        const whole = cut(bytes, options);
        if (whole.report.bytes.text === 0) expectAccounted(whole.report, bytes.length);
        expect(cut(bytes, options, edges)).toEqual(whole);
        if (bytes.length < 700) {
          const each = Array.from(bytes, (_, at) => at);
          expect(cut(bytes, options, each)).toEqual(whole);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('no structure between others is lost, unless it is part of one that decodes', () => {
    const strong = fc.constantFrom(...structures);
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .tuple(strong, fc.nat(200))
        .map(([one, length]) => one.subarray(0, length))
        // Behind that, a certificate is the one that the message has attached.
        .filter((one) => !toHex(one).endsWith('810101')),
      fc.tuple(strong, fc.nat(200)).map(([one, start]) => one.subarray(start % one.length)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(junk, strong), { minLength: 1, maxLength: 6 }), (pairs) => {
        const { pieces } = cut(concat(...pairs.flat()), coer);
        // Random bytes may be a header of GeoNetworking, and then they are a layer.
        const found = (at: number, one: Uint8Array) =>
          pieces.some(({ offset, bytes }) => offset <= at && offset > at - 8 && toHex(bytes) === toHex(one));
        let at = 0;
        for (const [before, one] of pairs) {
          at += before.length;
          // The beginning of a certificate may fit the rest of the next one: then both together are a certificate.
          const around = pieces.find(({ offset, bytes }) => offset <= at && offset + bytes.length >= at + one.length);
          const isPart = around !== undefined && around.bytes.length > one.length && isWholeStructure(around.bytes);
          expect(isPart || found(at, one)).toBe(true);
          at += one.length;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('structures that decode are never cut up', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...structures, unsigned), { minLength: 1, maxLength: 12 }), (list) => {
        expect(cut(concat(...list), coer).pieces.map(({ bytes }) => toHex(bytes))).toEqual(list.map(toHex));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a live stream', () => {
  it('gives each record as soon as it has come', () => {
    const cutter = new RecordCutter();
    const given: string[] = [];
    for (const one of [attached, digest, wsm(attached), certificates[0]!, digest]) {
      const [part, rest] = [one.slice(0, 50), one.slice(50)];
      expect([...cutter.push(part)]).toEqual([]);
      given.push(...[...cutter.push(rest)].map(({ bytes }) => toHex(bytes)));
    }
    expect(given).toEqual([attached, digest, attached, certificates[0]!, digest].map(toHex));
    expect([...cutter.end()]).toEqual([]);
  });

  it('is read without being held: what it keeps is what it has not decided', async () => {
    let produced = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; ; produced++) yield concat(digest, attached);
    }
    let records = 0;
    for await (const { bytes } of readRecords(endless())) {
      records += bytes.length > 0 ? 1 : 0;
      if (records === 10_000) break;
    }
    expect(produced).toBeLessThanOrEqual(5001);
  });
});

describe('what an input may cost', () => {
  it('a stretch of noise is kept up to a bound, and counted to its end', () => {
    const rest = noise(MAX_KEPT_BYTES + 5000);
    const { pieces, report } = cut(concat(digest, rest, digest), coer);
    expect(pieces.map(({ bytes }) => bytes.length)).toEqual([digest.length, MAX_KEPT_BYTES, digest.length]);
    expect(pieces[1]!.unreadable).toContain(`${rest.length} bytes`);
    expect(pieces[1]!.unreadable).toContain(`only the first ${MAX_KEPT_BYTES} are kept`);
    expectAccounted(report, rest.length + 2 * digest.length);
  });

  it('a claim of many bytes is no reason to lose what follows', () => {
    for (const claim of [
      '0380847fffffff',
      '0381004003808420000000',
      '03808200ff',
      '0180810001000100',
      '000181038100',
    ]) {
      const { pieces } = cut(concat(digest, fromHex(claim), digest, attached), coer);
      expect(pieces.map((piece) => toHex(piece.bytes)).slice(-2)).toEqual([digest, attached].map(toHex));
    }
  });

  it('long lists behind damage are looked for until the credit is spent, messages always', () => {
    // Chain files that break off far behind their beginning, each inside the other: every one costs as much as the rest is long.
    const head = fromHex('01808000010000000000');
    const store = concat(...Array.from({ length: 400 }, () => certificates[0]!));
    const region = concat(...Array.from({ length: 200 }, () => concat(head, store.subarray(0, 193 * 2))));
    const { pieces } = cut(concat(digest, region, digest), coer);
    const found = pieces.map((piece) => toHex(piece.bytes));
    expect(found[0]).toBe(toHex(digest));
    expect(found.at(-1)).toBe(toHex(digest));
    expect(found.filter((one) => one === toHex(certificates[0]!))).toHaveLength(400);
  });
});

const scms = createScms({ seed: 'structures' });
const [signer] = [...pseudonyms(scms, { devices: 1, perWeek: 1 })];

it('messages of every length are found behind damage', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 5000]) {
    const message = signMessage(signer!, {
      psid: 32,
      payload: new Uint8Array(length).fill(3),
      generationTime: scms.at,
      signer: 'digest',
    });
    const { pieces } = cut(concat(noise(7), message, noise(9), message), coer);
    expect(pieces.map(({ bytes }) => bytes.length)).toEqual([7, message.length, 9, message.length]);
  }
});
