/** Each form of input: records, places, faults; told by content and forced. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, MAX_LINE_BYTES, ReaderError, sniffFormat, unwrapOf } from '../../src/readers/index.ts';
import { concat, toHex } from '../support/octets.ts';
import { certificates, hexOf, logRecord, messages, readChunks, readOctets, structures, wsm } from './support.ts';

const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
const octetsOf = (text: string) => new TextEncoder().encode(text);
const ode = (hex: string) => ({ metadata: { asn1: hex, recordType: 'bsmTx' }, payload: { data: { bytes: '00' } } });

/** The same structures in every form. */
const INPUTS: Partial<Record<Format, Uint8Array>> = {
  coer: concat(...structures),
  hex: octetsOf(structures.map((one) => `${toHex(one)}\n`).join('')),
  base64: octetsOf(structures.map((one) => `${base64(one)}\n`).join('')),
  ndjson: octetsOf(structures.map((one) => `${JSON.stringify({ hex: toHex(one) })}\n`).join('')),
  json: octetsOf(
    JSON.stringify(
      structures.map((one) => ({ hex: toHex(one), note: 'a "]" inside' })),
      null,
      1,
    ),
  ),
  obulog: concat(...structures.map((one) => logRecord(one))),
};

describe.each(Object.entries(INPUTS) as [Format, Uint8Array][])('%s', (format, octets) => {
  it('is told by its content', () => expect(sniffFormat(octets)).toBe(format));

  it.each([undefined, format])('gives every structure (format: %s)', async (forced) => {
    const records = await readOctets(octets, { format: forced });
    expect(hexOf(records)).toEqual(structures.map(toHex));
    expect(records.every(({ unreadable, source }) => unreadable === undefined && source === '-')).toBe(true);
  });

  it('is the same compressed', async () => {
    expect(await readOctets(gzipSync(octets))).toEqual(await readOctets(octets));
  });

  it('does not depend on where chunks are cut', async () => {
    const whole = await readOctets(octets);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(octets.length), { maxLength: 6 }), fc.boolean(), async (cuts, compress) => {
        const input = compress ? gzipSync(octets) : octets;
        const edges = [0, ...cuts.filter((cut) => cut <= input.length).sort((a, b) => a - b), input.length];
        const chunks = edges.slice(1).map((edge, i) => input.subarray(edges[i], edge));
        expect(await readChunks(chunks)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
    const single = Array.from(octets, (octet) => Uint8Array.of(octet));
    expect(await readChunks(single)).toEqual(whole);
  });
});

describe('coer', () => {
  it('gives N records with their offsets for N structures in any order', async () => {
    const list = fc.array(fc.constantFrom(...structures), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(list, async (chosen) => {
        let offset = 0;
        const expected = chosen.map((one) => ({
          source: '-',
          offset: (offset += one.length) - one.length,
          bytes: one,
          layers: [],
        }));
        expect(await readOctets(concat(...chosen))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on behind a structure that does not decode', async () => {
    const [first, second] = [structures[0]!, structures[1]!];
    const broken = concat(first, second.subarray(0, 40), structures[2]!);
    const records = await readOctets(broken);
    expect(records.map(({ offset, bytes, unreadable }) => [offset, toHex(bytes), unreadable])).toEqual([
      [0, toHex(first), undefined],
      [first.length, toHex(second.subarray(0, 40)), undefined],
      [first.length + 40, toHex(structures[2]!), undefined],
    ]);
  });

  it('reads wrapped messages back to back', async () => {
    const message = messages[0]!;
    const records = await readOctets(concat(wsm(message), Uint8Array.of(1), wsm(message), message));
    expect(records.map(unwrapOf)).toEqual(['wsmp3', 'vendor01/wsmp3', undefined]);
    expect(hexOf(records)).toEqual(Array(3).fill(toHex(message)));
  });
});

describe('lines', () => {
  it('skips blanks, comments and the byte order mark, and counts lines and octets', async () => {
    const hex = toHex(certificates[0]!);
    const text = `\ufeff# a comment\r\n\r\n${hex}\r\n  # another\n0x${hex.toUpperCase()}`;
    const records = await readOctets(text);
    expect(records.map(({ line, offset }) => [line, offset])).toEqual([
      [3, 18],
      [5, 18 + hex.length + 2 + 12],
    ]);
    expect(hexOf(records)).toEqual([hex, hex]);
  });

  it.each(['xyz', '038', '00 0g', '03–80'])(
    'keeps a bad hex line (%s) as one record, also at the beginning',
    async (bad) => {
      const hex = toHex(messages[0]!);
      const records = await readOctets(`${bad}\n${hex}\n${bad}\n${hex}`);
      expect(records.map(({ unreadable }) => unreadable !== undefined)).toEqual([true, false, true, false]);
      expect(new TextDecoder().decode(records[2]!.bytes)).toBe(bad);
    },
  );

  it.each(['QUJD=', 'A', '!!!!'])('keeps a bad base64 line (%s) as one record', async (bad) => {
    const records = await readOctets(`${bad}\n${base64(messages[0]!)}\n`);
    expect(records.map(({ unreadable }) => unreadable)).toEqual(['not base64', undefined]);
  });

  it('bounds a line and goes on behind it', async () => {
    const long = 'a'.repeat(MAX_LINE_BYTES + 2);
    const records = await readOctets(`${toHex(messages[0]!)}\n${long}\n${toHex(messages[1]!)}`);
    expect(records.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, true, false]);
    expect(records[1]!.unreadable).toContain(String(MAX_LINE_BYTES));
    expect(records[1]!.bytes.length).toBe(MAX_LINE_BYTES);
  });
});

describe('JSON', () => {
  const hex = toHex(messages[0]!);

  it.each([
    ['hex', { hex }],
    ['b64', { b64: base64(messages[0]!) }],
    ['ODE, asn1 first', ode(hex.toUpperCase())],
    ['ODE without asn1', { metadata: {}, payload: { data: { bytes: hex } } }],
  ])('finds the octets: %s', async (_, document) => {
    for (const text of [JSON.stringify(document), JSON.stringify([document]), JSON.stringify(document, null, 2)]) {
      expect(hexOf(await readOctets(text))).toEqual([hex]);
    }
  });

  it.each(['{"hex":', '{}', '[1]', '{"hex":"0"}', '{"b64":7}', '{"metadata":{"asn1":"zz"}}'])(
    'keeps a bad line (%s) as one record',
    async (bad) => {
      const records = await readOctets(`${JSON.stringify({ hex })}\n${bad}\n{"hex":"${hex}"}`);
      expect(records.map(({ unreadable, line }) => [line, unreadable !== undefined])).toEqual([
        [1, false],
        [2, true],
        [3, false],
      ]);
    },
  );

  it('reads lines as lines even if the first is broken', async () => {
    expect(sniffFormat(octetsOf(`{"hex":"03\n{"hex":"${hex}"}\n`))).toBe('ndjson');
  });

  it('keeps broken elements of a list, a missing end and what lies behind it', async () => {
    const good = JSON.stringify({ hex });
    const unreadable = async (text: string) => (await readOctets(text)).map((record) => record.unreadable);
    expect(await unreadable(`[${good}, oops, ${good}]`)).toEqual([undefined, 'not JSON: expected a value', undefined]);
    expect(await unreadable(`[${good}, ${good}`)).toEqual([undefined, undefined, 'the JSON list does not end']);
    expect(await unreadable(`[${good}] more`)).toEqual([undefined, 'not JSON']);
  });
});

describe('whatever arrives', () => {
  it('is read without any error but ReaderError, and none of it is lost', async () => {
    const parts = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(...structures),
      fc.constantFrom(...structures.map((one) => logRecord(one)), logRecord(messages[0]!, { claim: 60_000 })),
      fc.constantFrom('[', '{', '"', '\n', '{"hex":"00"}', '# x', '\\').map(octetsOf),
    );
    const format = fc.constantFrom(undefined, ...(Object.keys(INPUTS) as Format[]));
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 6 }), format, async (list, forced) => {
        const octets = concat(...list);
        const records = await readOctets(octets, { format: forced }).catch((error: unknown) => error);
        if (records instanceof ReaderError) expect(records.message).toMatch(/no records/);
        else expect(Array.isArray(records)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
