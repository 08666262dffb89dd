/** The same bytes in every form of text: the same bytes come back, from whatever chunks. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toHex } from '../support/octets.ts';
import { DOCUMENTS, EMBEDDED, SPELLINGS, starred } from './spellings.ts';
import { hexOf, readChunks, readOctets, structures } from './support.ts';

/** SCMS_FUZZ=N runs the long form. */
const RUNS = Math.max(60, Math.ceil(Number(process.env.SCMS_FUZZ ?? 0) / 100));

const text = (content: string) => new TextEncoder().encode(content);

/** Unsecured data around any bytes: a structure that decodes whatever they are. */
const anyStructure = fc.uint8Array({ minLength: 20, maxLength: 120 }).map((payload) => {
  return concat(Uint8Array.of(0x03, 0x80, payload.length), payload);
});
/** Bytes that text makes much of: digits, quotes, brackets, separators, line ends. */
const textual = fc
  .array(fc.constantFrom(...[...'03812aAfF \n\r\t"\'\\,:;-_+/=[]{}()<>|*.#x'].map((c) => c.charCodeAt(0))), {
    minLength: 20,
    maxLength: 120,
  })
  .map((payload) => concat(Uint8Array.of(0x03, 0x80, payload.length), Uint8Array.from(payload)));

describe.each(Object.entries({ ...SPELLINGS, ...EMBEDDED }))('%s', (_, spell) => {
  it('gives back structures', async () => {
    for (const one of structures) {
      const records = await readOctets(spell(one));
      expect(records.map(({ unreadable }) => unreadable)).toEqual([undefined]);
      expect(hexOf(records)).toEqual([toHex(one)]);
      expect(records[0]!.line).toBeGreaterThan(0);
    }
  });

  it('gives back any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyStructure, textual), async (bytes) => {
        expect(hexOf(await readOctets(spell(bytes)))).toEqual([toHex(bytes)]);
      }),
      { numRuns: RUNS },
    );
  });

  it('does not depend on where chunks are cut, nor on how lines end', async () => {
    const [, one] = structures;
    const input = text(spell(one!));
    const whole = await readOctets(input);
    expect(await readChunks(Array.from(input, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(input.length), { maxLength: 4 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), input.length];
        expect(await readChunks(edges.slice(1).map((edge, i) => input.subarray(edges[i], edge)))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
    expect(hexOf(await readOctets(spell(one!).replaceAll('\n', '\r\n')))).toEqual([toHex(one!)]);
  });

  it('is read behind a byte order mark, in UTF-16 of either order too', async () => {
    const [one] = structures;
    const plain = await readOctets(spell(one!));
    const little = Buffer.from(`\ufeff${spell(one!)}`, 'utf16le');
    const marked = await readOctets(`\ufeff${spell(one!)}`);
    expect(hexOf(marked)).toEqual([toHex(one!)]);
    expect(marked[0]!.offset).toBe(plain[0]!.offset + 3);
    for (const input of [new Uint8Array(little), new Uint8Array(Buffer.from(little).swap16())]) {
      const records = await readOctets(input);
      expect(hexOf(records)).toEqual([toHex(one!)]);
      expect(records[0]).toMatchObject({ offset: 2 + 2 * plain[0]!.offset, line: plain[0]!.line });
      expect(await readChunks(Array.from(input, (byte) => Uint8Array.of(byte)))).toEqual(records);
    }
  });

  it('stands twice in a file', async () => {
    const [first, , , , second] = structures;
    const records = await readOctets(`${spell(first!)}\n\n${spell(second!)}`);
    expect(hexOf(records.filter(({ unreadable }) => unreadable === undefined))).toEqual([
      toHex(first!),
      toHex(second!),
    ]);
    expect(records[0]!.offset).toBeLessThan(records.at(-1)!.offset);
    expect(records[0]!.line).toBeLessThan(records.at(-1)!.line!);
  });
});

describe.each(Object.entries(DOCUMENTS))('a JSON document with %s', (_, documentOf) => {
  const layouts: Record<string, (documents: unknown[]) => string> = {
    'one a line': (documents) => documents.map((one) => `${JSON.stringify(one)}\n`).join(''),
    'over several lines': (documents) => documents.map((one) => `${JSON.stringify(one, null, 2)}\n`).join(''),
    'over several lines that end in CR LF': (documents) =>
      documents.map((one) => `${JSON.stringify(one, null, 1)}\n`.replaceAll('\n', '\r\n')).join(''),
    'with nothing between': (documents) => documents.map((one) => JSON.stringify(one)).join(''),
    'with commas between': (documents) => documents.map((one) => JSON.stringify(one)).join(',\n'),
    'behind record separators': (documents) => documents.map((one) => `\x1e${JSON.stringify(one)}\n`).join(''),
    'in a list': (documents) => JSON.stringify(documents),
    'in a list over lines': (documents) => JSON.stringify(documents, null, 2),
    'in a list, one a line': (documents) => `[\n${documents.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`,
  };

  it.each(Object.entries(layouts))('%s', async (_, layout) => {
    const input = text(layout(structures.map(documentOf)));
    const records = await readOctets(input);
    expect(hexOf(records)).toEqual(structures.map(toHex));
    for (const { offset, line } of records) {
      expect(String.fromCharCode(input[offset]!)).toBe('{');
      expect(new TextDecoder().decode(input.subarray(0, offset)).split('\n')).toHaveLength(line!);
    }
    expect(await readChunks(Array.from(input, (byte) => Uint8Array.of(byte)))).toEqual(records);
  });

  it('gives back any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyStructure, textual), async (bytes) => {
        expect(hexOf(await readOctets(JSON.stringify(documentOf(bytes))))).toEqual([toHex(bytes)]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('lists', () => {
  it.each([
    ['of strings', JSON.stringify(structures.map(toHex))],
    ['of strings, one a line', `[\n${structures.map((one) => `  "${toHex(one)}"`).join(',\n')}\n]\n`],
    ['of base64', JSON.stringify(structures.map((one) => Buffer.from(one).toString('base64')))],
    ['of lists of numbers', JSON.stringify(structures.map((one) => [...one]))],
    ['of strings in a member', JSON.stringify({ messages: structures.map(toHex) })],
    ['behind each other', structures.map((one) => `${JSON.stringify([...one])}\n`).join('')],
    [
      'of bytes as strings',
      structures
        .map((one) => `${JSON.stringify(Array.from(one, (byte) => `0x${byte.toString(16).padStart(2, '0')}`))}\n`)
        .join(''),
    ],
    [
      'of records in a member',
      JSON.stringify({ BsmMessageContent: structures.map((one) => ({ payload: toHex(one) })) }),
    ],
  ])('%s', async (_, input) => {
    expect(hexOf(await readOctets(input))).toEqual(structures.map(toHex));
  });
});

/** Programs that dump, with the options that change what their output looks like. */
const PROGRAMS: readonly (readonly [string, ...string[]])[] = [
  ['xxd'],
  ['xxd', '-p'],
  ['xxd', '-i'],
  ['xxd', '-b'],
  ['xxd', '-e'],
  ['xxd', '-u'],
  ['xxd', '-g', '1'],
  ['xxd', '-g', '4'],
  ['xxd', '-c', '32'],
  ['xxd', '-a'],
  ['hexdump'],
  ['hexdump', '-C'],
  ['hexdump', '-b'],
  ['hexdump', '-c'],
  ['hexdump', '-d'],
  ['hexdump', '-o'],
  ['hexdump', '-x'],
  ['hexdump', '-v', '-C'],
  ['od'],
  ['od', '-x'],
  ['od', '-b'],
  ['od', '-c'],
  ['od', '-i'],
  ['od', '-t', 'x1'],
  ['od', '-A', 'x', '-t', 'x1z', '-v'],
  ['od', '-A', 'd', '-t', 'u1'],
  ['od', '-t', 'd1'],
  ['od', '-t', 'd2'],
  ['od', '-t', 'u4'],
  ['od', '-t', 'x8'],
  ['od', '-t', 'o8'],
  ['od', '-t', 'u8'],
  ['od', '--endian=big', '-t', 'x2'],
  ['od', '-A', 'n', '-v', '-t', 'x1'],
  ['od', '-A', 'n', '-v', '-t', 'd1'],
  ['od', '-A', 'n', '-v', '-x'],
  ['od', '-w24', '-t', 'x1'],
  ['base64'],
  ['base64', '-w', '0'],
  ['base32'],
];

describe('what programs print', () => {
  const padded = concat(Uint8Array.of(0x03, 0x80, 0x82, 0x01, 0x2c), new Uint8Array(300).fill(0x5a));

  it.each(PROGRAMS.map(([program, ...options]) => [`${program} ${options.join(' ')}`, program, options] as const))(
    '%s',
    async (_, program, options) => {
      for (const bytes of [...structures, padded]) {
        const { status, error, stdout } = spawnSync(program, options, { input: bytes });
        if (error) return console.warn(`skipped, not installed: ${program}`);
        expect(status).toBe(0);
        const records = await readOctets(new Uint8Array(stdout));
        if (program === 'base32') expect(hexOf(records)).not.toContain(toHex(bytes));
        else expect(hexOf(records)).toEqual([toHex(bytes)]);
      }
    },
  );

  it('stars for repeated lines', async () => {
    for (const spelling of ['hexdump -C', 'od -t x1', 'od -x', 'hexdump -c']) {
      const dump = starred(SPELLINGS[spelling]!(padded));
      expect(dump).toContain('\n*\n');
      expect(hexOf(await readOctets(dump))).toEqual([toHex(padded)]);
    }
  });
});
