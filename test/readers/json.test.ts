/** Streams of JSON: what is broken costs itself only, every bound is named, chunks do not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_JSON_DOCUMENT_BYTES,
  MAX_JSON_NESTING,
  MAX_JSON_TOKENS,
  MAX_NUMBER_CHARACTERS,
} from '../../src/readers/json/limits.ts';
import { DocumentScanner } from '../../src/readers/json/scanner.ts';
import type { Piece } from '../../src/readers/record.ts';
import { createTextParser } from '../../src/readers/text/index.ts';
import { toHex } from '../support/octets.ts';
import { hexOf, messages, readChunks, readOctets } from './support.ts';

const [a, b] = messages.map(toHex) as [string, string];
const [A, B] = [JSON.stringify({ hex: a }), JSON.stringify({ metadata: { asn1: b }, payload: { data: {} } })];
const bytesOf = (text: string) => new TextEncoder().encode(text);

function scan(text: string) {
  const scanner = new DocumentScanner();
  const bytes = bytesOf(text);
  const result = scanner.scan(bytes, 0, bytes.length, true);
  return { result, scanner, rest: text.slice(scanner.at) };
}

/** `ok` for a record that is read, else why it is not. */
async function outcomes(text: string | Uint8Array): Promise<string[]> {
  const records = await readOctets(text);
  return records.map(
    ({ bytes, unreadable }) => unreadable ?? (toHex(bytes) === a ? 'A' : toHex(bytes) === b ? 'B' : toHex(bytes)),
  );
}

describe('the scanner', () => {
  it('accepts what JSON.parse accepts, and ends where it ends', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n', '{}', ',1'), (json, rest) => {
        const { result, rest: left } = scan(json + rest);
        if (/^-?\d/.test(json) && rest !== '' && !/^[\s{,]/.test(rest)) return;
        expect(result).toBe('done');
        expect(left.trim()).toBe(rest.trim());
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const isJson = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '1.5e3',
      '.5',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
      '"\\u12"',
      '"\\x"',
      "'a'",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 9 }), (tokens) => {
        const text = tokens.join('');
        const { result, rest } = scan(text);
        expect(result === 'done' && rest.trim() === '').toBe(isJson(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is the same in any chunks', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const bytes = bytesOf(`${json} `);
        const scanner = new DocumentScanner();
        let result = 'more';
        let end = 0;
        while (result === 'more') result = scanner.scan(bytes, 0, ++end, end === bytes.length);
        expect(result).toBe('done');
        expect(scanner.at).toBe(scan(json).scanner.at);
      }),
      { numRuns: 300 },
    );
  });

  it('names its bounds', () => {
    const nested = (depth: number) => scan('['.repeat(depth) + ']'.repeat(depth));
    expect(nested(MAX_JSON_NESTING).result).toBe('done');
    expect(nested(MAX_JSON_NESTING + 1).scanner.problem).toContain(`more than ${MAX_JSON_NESTING} deep`);
    expect(scan('{"a":'.repeat(70)).scanner.problem).toContain(`more than ${MAX_JSON_NESTING} deep`);
    const digits = (count: number) => scan(`[${'1'.repeat(count)}]`);
    expect(digits(MAX_NUMBER_CHARACTERS).result).toBe('done');
    expect(digits(MAX_NUMBER_CHARACTERS + 1).scanner.problem).toContain(String(MAX_NUMBER_CHARACTERS));
    expect(scan(`[${'1,'.repeat(MAX_JSON_TOKENS)}1]`).scanner.problem).toContain(`more than ${MAX_JSON_TOKENS}`);
    const scanner = new DocumentScanner();
    const large = new Uint8Array(MAX_JSON_DOCUMENT_BYTES + 3).fill(0x61);
    large.set(bytesOf('["'));
    expect(scanner.scan(large, 0, large.length, true)).toBe('failed');
    expect(scanner.problem).toContain(`more than ${MAX_JSON_DOCUMENT_BYTES} bytes`);
  });
});

describe('what is broken', () => {
  const BROKEN = [
    '{"hex":"03',
    '{"hex":',
    '{"hex":"00",}',
    "{'hex': 1}",
    '{"a":1}}',
    '{"a" 1}',
    '{"a":[1,2}',
    '{"a":nul}',
    '{"a":"\\q"}',
    '{{"a":1}',
    '{"a":01}',
  ];

  it.each(BROKEN)('costs its line only: %s', async (broken) => {
    for (const [before, after] of [
      [A, B],
      [`${A}\n${A}`, `${B}\n${B}`],
    ] as const) {
      const found = await outcomes(`${before}\n${broken}\n${after}\n`);
      const ends = before.split('\n').length;
      expect(found.slice(0, ends)).toEqual(Array(ends).fill('A'));
      expect(found.slice(-ends)).toEqual(Array(ends).fill('B'));
      expect(found.length).toBeGreaterThan(2 * ends);
      expect(found.slice(ends, -ends).every((one) => one !== 'A' && one !== 'B')).toBe(true);
    }
  });

  it.each(BROKEN)('costs its element of a list only: %s', async (broken) => {
    for (const list of [
      `[${A},${broken},${B}]`,
      `[\n${A},\n${broken},\n${B}\n]`,
      `[\n  ${A},\n  ${broken},\n  ${B}\n]`,
    ]) {
      const found = await outcomes(list);
      expect([found[0], found.at(-1)]).toEqual(['A', 'B']);
      expect(found.length).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(BROKEN)('costs itself only between documents without separators: %s', async (broken) => {
    const found = await outcomes(`${A}${broken}${broken.endsWith('}') ? '' : '}'}${B}`);
    expect([found[0], found.at(-1)]).toEqual(['A', 'B']);
  });

  it('costs itself only among strings', async () => {
    expect(await outcomes(`["${a}","03,"${b}"]`)).toEqual([
      'A',
      expect.any(String),
      'B',
      expect.stringContaining('not JSON'),
    ]);
    expect(await outcomes(`["${a}","${b}]`)).toEqual(['A', expect.stringContaining('not JSON')]);
  });

  it('over several lines ends where the next document begins', async () => {
    const pretty = (hex: string) =>
      JSON.stringify({ metadata: { asn1: hex, list: [{ a: 1 }, { b: [] }] }, payload: {} }, null, 2);
    const broken = pretty(b).replace('"list": [', '"list": ');
    expect(await outcomes(`${pretty(a)}\n${broken}\n${pretty(b)}\n`)).toEqual([
      'A',
      expect.stringContaining('not JSON'),
      'B',
    ]);
    expect(await outcomes(`[\n${pretty(a)},\n${broken},\n${pretty(b)}\n]\n`)).toEqual([
      'A',
      expect.stringContaining('not JSON'),
      'B',
    ]);
    const cut = pretty(b).split('\n').slice(0, 4).join('\n');
    expect(await outcomes(`${pretty(a)}\n${cut}\n${pretty(b)}\n`)).toEqual([
      'A',
      expect.stringContaining('not JSON'),
      'B',
    ]);
    expect(await outcomes(`${broken}\n${a}\n${B}\n`)).toEqual([expect.stringContaining('not JSON'), 'A', 'B']);
  });

  it('is one piece with all of its text', async () => {
    const records = await readOctets(`${A}\n{"hex": oops}\n${B}\n`);
    expect(records[1]).toMatchObject({ line: 2, offset: A.length + 1 });
    expect(new TextDecoder().decode(records[1]!.bytes)).toBe('{"hex": oops}');
    const long = `{"x":"${'y'.repeat(5 << 20)}`;
    expect(await outcomes(`${A}\n${long}\n${B}\n`)).toEqual(['A', expect.stringContaining('not JSON'), 'B']);
  });

  it('never loses a document, however it is broken (random)', async () => {
    const junk = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', ' ', '"x"', '{"hex":"', '\\u'),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(junk, async (parts) => {
        const broken = parts.join('');
        const found = await outcomes(`${A}\n${broken}\n${B}\n`);
        expect(found[0]).toBe('A');
        expect(found).toContain('B');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('between documents', () => {
  it.each([
    ['text', `% Reached end of topic\n${A}\n% and more\n${B}`, 4],
    ['lines of hex', `${a}\n${A}\n${b}\n${B}\n`, 4],
    ['lists', `[${A}][${B}]\n[]\n[${A},${B}]`, 4],
    ['text in their line', `${A} and ${B}`, 2],
    ['a number and a time in brackets', `[  12.5] rx ${a}\n[2024-01-02 00:00:00] rx ${b}\n[main] rx ${a}\n`, 3],
  ])('%s', async (_, text, count) => {
    const records = await readOctets(text);
    expect(records).toHaveLength(count);
    const whole = records;
    expect(await readChunks(Array.from(bytesOf(text), (byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(hexOf(records)).toContain(a);
  });

  it('an index line of tshark -T ek is nothing', async () => {
    expect(await outcomes(`{"index":{"_index":"packets-2024-01-02","_type":"doc"}}\n${A}\n`)).toEqual(['A']);
  });
});

describe('a long list', () => {
  it('is read as it comes', () => {
    const parser = createTextParser('json');
    const found: Piece[] = [...parser.push(bytesOf('['))];
    for (let i = 1; i <= 100; i++) {
      found.push(...parser.push(bytesOf(`${A},`)));
      expect(found).toHaveLength(i);
    }
    found.push(...parser.push(bytesOf(`${B}]`)), ...parser.end());
    expect(found).toHaveLength(101);
    expect(found.every(({ unreadable }) => unreadable === undefined)).toBe(true);
  });
});

describe('a broken document', () => {
  it.each([' {\n"\n x', '  {"a":\n  1\n  x\n {', ' [\n{"\n x'])(
    'is the same pieces wherever the chunks are cut: %j',
    (text) => {
      const bytes = bytesOf(text);
      const read = (cut: number): Piece[] => {
        const parser = createTextParser('json');
        const head = [...parser.push(bytes.slice(0, cut))];
        return [...head, ...parser.push(bytes.slice(cut)), ...parser.end()];
      };
      for (let cut = 1; cut < bytes.length; cut++) expect(read(cut)).toEqual(read(0));
    },
  );
});
