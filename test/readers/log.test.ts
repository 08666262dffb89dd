/** Device logs with damage in them: what is lost is one record. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapOf } from '../../src/readers/index.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { hexOf, logRecord, messages, readChunks, readOctets, wsm } from './support.ts';

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
