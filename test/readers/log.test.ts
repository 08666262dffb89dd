/** Device logs with damage in them: what is lost is one record. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCutter, unwrapOf } from '../../src/readers/index.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { cut, expectAccounted, hexOf, logRecord, messages, readChunks, readOctets, wsm } from './support.ts';

const options = { format: 'obulog' } as const;
const message = messages[0]!;
const good = logRecord(message);
const separated = logRecord(wsm(message), { separator: true });
const unreadables = (records: Awaited<ReturnType<typeof readOctets>>) =>
  records.map(({ unreadable }) => unreadable !== undefined);

describe('a damaged log', () => {
  it.each([
    ['at the end', 0],
    ['in the middle', 400],
  ])('a record that claims 53,249 octets %s costs only itself', async (_, behind) => {
    const liar = logRecord(message, { claim: 53_249, separator: true });
    const tail = Array(behind).fill(separated);
    const records = await readOctets(concat(separated, separated, liar, ...tail), options);
    expect(unreadables(records)).toEqual([false, false, true, ...tail.map(() => false)]);
    expect(records[2]!.unreadable).toContain('claims 53249 bytes');
    expect(records[2]!.offset).toBe(2 * separated.length);
    expect(toHex(records[2]!.bytes)).toBe(toHex(liar));
  });

  it('a lying length that leads exactly to a later record swallows none in between', async () => {
    const claim = message.length + 3 * good.length;
    const records = await readOctets(concat(good, logRecord(message, { claim }), good, good, good, good), options);
    expect(unreadables(records)).toEqual([false, true, false, false, false, false]);
  });

  it('noise of any length between records is one record', async () => {
    const random = new Random(7n);
    for (const length of [1, 25, 26, 27, 300, 5000]) {
      const noise = random.octets(length).map((octet) => octet | 8);
      const records = await readOctets(concat(good, noise, good, separated, good), options);
      expect(unreadables(records)).toEqual([false, true, false, false, false]);
      expect(toHex(records[1]!.bytes)).toBe(toHex(noise));
    }
  });

  it('a log that begins with noise is found again', async () => {
    const records = await readOctets(concat(fromHex('ffffffff'), good, good), options);
    expect(unreadables(records)).toEqual([true, false, false]);
  });

  it('a truncated last record is one record', async () => {
    for (let cut = 1; cut < good.length; cut += 7) {
      const records = await readOctets(concat(good, good.subarray(0, cut)), options);
      expect(unreadables(records)).toEqual([false, true]);
      expect(records[1]!.offset).toBe(good.length);
      expect(records[1]!.bytes.length).toBe(cut);
    }
  });

  it('an altered message stays a record of its own: only its header is needed', async () => {
    const altered = good.map((octet, i) => (i > 40 ? octet ^ 0xff : octet));
    const records = await readOctets(concat(good, altered, good), options);
    expect(unreadables(records)).toEqual([false, false, false]);
  });

  it('payloads that are no 1609.2 structure are found again by a chain of headers', async () => {
    const plain = logRecord(fromHex('0014aabbccddeeff'));
    const records = await readOctets(concat(plain, plain, fromHex('ffffffffff'), plain, plain, plain), options);
    // Nothing vouches for the second: it and the noise behind it are one stretch. The others are named for what they are.
    const isRecord = records.map(({ layers }) => layers.includes('obulog'));
    expect(isRecord).toEqual([true, false, true, true, true]);
    expect(toHex(records[0]!.bytes)).toBe('0014aabbccddeeff');
  });

  it('a clock that was never set does not matter where the message is whole', async () => {
    const records = await readOctets(concat(good, logRecord(message, { utc: 0 }), good), options);
    expect(unreadables(records)).toEqual([false, false, false]);
  });

  it('zeros are no records', async () => {
    const records = await readOctets(concat(good, new Uint8Array(500), good), options);
    expect(unreadables(records)).toEqual([false, true, false]);
  });

  it.each(['with', 'without'] as const)(
    'behind an odd byte keeps the form of its records, %s direction',
    (direction) => {
      const record = direction === 'with' ? separated : separated.subarray(1);
      const many = Array<Uint8Array>(20).fill(record);
      const inputs = [
        concat(Uint8Array.of(9), ...many),
        concat(Uint8Array.of(9), record, new Uint8Array(5), ...many),
        concat(Uint8Array.of(9, 9, 9, 1), ...many),
      ];
      for (const input of inputs) {
        const { pieces } = cut(input);
        const count = Math.floor(input.length / record.length);
        const found = pieces.filter(({ unreadable }) => unreadable === undefined);
        expect(found.map(({ bytes }) => toHex(bytes))).toEqual(Array(count).fill(toHex(message)));
        expect(pieces.length - found.length).toBeLessThanOrEqual(2);
      }
    },
  );

  it('is cut the same however it arrives, and no octet of it is lost', async () => {
    const part = fc.oneof(
      fc.constantFrom(good, separated, logRecord(message, { claim: 53_249 }), logRecord(message, { claim: 3 })),
      fc.uint8Array({ minLength: 1, maxLength: 70 }),
    );
    const input = fc.tuple(fc.array(part, { minLength: 1, maxLength: 8 }), fc.nat(5000), fc.boolean());
    await fc.assert(
      fc.asyncProperty(input, async ([parts, cut, big]) => {
        const filler = big ? Array(900).fill(separated) : [];
        const octets = concat(...parts, ...filler);
        const whole = await readOctets(octets, options);
        expect(await readChunks([octets.subarray(0, cut), octets.subarray(cut)], options)).toEqual(whole);
        expect(octetsAccounted(whole, octets)).toBe(octets.length);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

/** Adds up records and garbage: each begins where the one before it ended. */
function octetsAccounted(records: Awaited<ReturnType<typeof readOctets>>, octets: Uint8Array): number {
  let end = 0;
  for (const { offset, bytes, unreadable } of records) {
    expect(offset).toBe(end);
    end = unreadable ? offset + bytes.length : offset + 26 + octets[offset + 24]! + 256 * octets[offset + 25]!;
    if (!unreadable && octets[end] === 10) end++;
  }
  return end;
}

describe('a record that was cut short', () => {
  it('does not take the next one with it, however much is missing', () => {
    for (const record of [good, separated]) {
      for (let missing = 1; missing < record.length; missing += 3) {
        const bytes = concat(good, record.subarray(0, -missing), separated, good, good);
        const { pieces, report } = cut(bytes, options);
        const found = pieces.map((piece) => toHex(piece.bytes));
        expect(found.slice(-3), `${missing} missing`).toEqual(Array(3).fill(toHex(message)));
        expectAccounted(report, bytes.length);
      }
    }
  });
});

/** What V2X-Hub writes for SPaT: source, intersection and status, time, verification status, certificate, length. */
function spatRecord(payload: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(14));
  header.setUint8(0, 1);
  header.setUint16(1, 0x1a2e, true);
  header.setUint32(4, 1_700_000_000, true);
  header.setUint16(8, 500, true);
  header.setUint16(12, payload.length, true);
  return concat(new Uint8Array(header.buffer), payload);
}

describe('logs of other forms, told by their first records', () => {
  const noDirection = (payload: Uint8Array) => logRecord(payload).subarray(1);
  const j2735 = fromHex(`001425${'a5'.repeat(0x25)}`);

  it.each([
    ['with a direction', logRecord, 'obulog', 26],
    ['without a direction', noDirection, 'obulog', 25],
    ['of SPaT', spatRecord, 'spatlog', 14],
  ] as const)('%s', (_, record, layer, header) => {
    const bytes = concat(record(message), record(wsm(message)), record(j2735), record(message));
    const { pieces, report } = cut(bytes);
    expect(pieces.map(({ layers, offset }) => [layers?.join('/'), offset])).toEqual([
      [layer, 0],
      [`${layer}/wsmp3`, header + message.length],
      [layer, 2 * header + message.length + wsm(message).length],
      [layer, 3 * header + message.length + wsm(message).length + j2735.length],
    ]);
    expect(pieces.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, false, true, false]);
    expectAccounted(report, bytes.length);
    expect(cut(bytes, options)).toEqual(cut(bytes));
  });

  it.each([logRecord, noDirection, spatRecord])('behind a few odd bytes', (record) => {
    for (const odd of ['ff', 'e1e2e3', '0d0a', 'ffffffffffffffffff']) {
      const bytes = concat(fromHex(odd), record(message), record(message), record(message));
      const { pieces, report } = cut(bytes);
      expect(pieces.filter(({ layers }) => layers !== undefined && layers.length > 0)).toHaveLength(3);
      expect(pieces).toHaveLength(4);
      expectAccounted(report, bytes.length);
    }
  });

  it('a live log gives each record as soon as it has come', () => {
    for (const record of [logRecord, noDirection, spatRecord]) {
      const cutter = new RecordCutter();
      for (let i = 0; i < 4; i++) {
        const one = record(message);
        expect([...cutter.push(one.slice(0, 60))]).toHaveLength(0);
        expect([...cutter.push(one.slice(60))]).toHaveLength(1);
      }
    }
  });
});

describe('records behind each other', () => {
  it('name their layers and offsets', async () => {
    const records = await readOctets(concat(good, separated));
    expect(records.map((record) => [record.offset, unwrapOf(record), record.lowerLayerPsid])).toEqual([
      [0, 'obulog', undefined],
      [good.length, 'obulog/wsmp3', 32],
    ]);
    expect(hexOf(records)).toEqual([toHex(message), toHex(message)]);
  });
});
