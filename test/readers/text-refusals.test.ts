/** Text that could be several things, that is nothing, or that is damaged: refused by name, and never read as other bytes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toHex } from '../support/octets.ts';
import { base64, SPELLINGS, wrapped } from './spellings.ts';
import { hexOf, messages, readOctets, structures } from './support.ts';

const message = messages[0]!;
const hex = toHex(message);
const pairs = (bytes: Uint8Array, separator: string) => toHex(bytes).match(/../g)!.join(separator);

async function only(text: string) {
  const records = await readOctets(text);
  expect(records).toHaveLength(1);
  return records[0]!;
}

describe('text that could be several things', () => {
  it.each([
    ['10 20 30 40', 'hex pairs or as decimal numbers'],
    ['10,20,30,40', 'hex pairs or as decimal numbers'],
    ['1020 3040 5060', 'hex or as little-endian words of 2 bytes'],
    ['100 200 300', 'looks like octal bytes'],
    ['100 299 300', 'not hex'],
    ['{0x1234, 0x5678}', 'hex or as little-endian words of 2 bytes'],
  ])('%s is refused with what it could be', async (text, problem) => {
    expect((await only(`${text}\n`)).unreadable).toContain(problem);
  });

  it('a list of decimal numbers is not hex, though all its digits are', async () => {
    for (const text of ['3 129 0 64 3 128 12', '3, 129, 0, 64, 3, 128, 12', '12 34 56 78 9', '3 12 0 64']) {
      const { bytes, unreadable } = await only(`${text}\n`);
      if (unreadable === undefined) expect(toHex(bytes)).not.toBe(text.replace(/\D/g, ''));
    }
    const decimal = Array.from(message, String).join(' ');
    expect(toHex((await only(decimal)).bytes)).toBe(hex);
  });

  it('hex with dashes is not base64url, damaged or not', async () => {
    const dashes = pairs(message, '-');
    expect(toHex((await only(dashes)).bytes)).toBe(hex);
    expect(toHex((await only(`ff${dashes.slice(2)}`)).bytes)).toBe(`ff${hex.slice(2)}`);
    expect(toHex((await only(`03-82${dashes.slice(5)}`)).bytes)).toBe(`0382${hex.slice(4)}`);
  });

  it('what decodes in two ways is refused', async () => {
    // As hex and as decimal numbers this is unsecured data of 16 bytes.
    const text = `3 128 10 ${Array(10).fill('16').join(' ')}`;
    const asHex = concat(Uint8Array.of(3, 128, 10), new Uint8Array(10).fill(16));
    expect(toHex((await only(text)).bytes)).toBe(toHex(asHex));
    const palindrome = '0380 8003 0380 8003';
    expect((await only(palindrome)).unreadable ?? 'read').toMatch(/ambiguous|read/);
  });

  it('offsets are never data', async () => {
    for (const [name, spell] of Object.entries(SPELLINGS)) {
      if (!/od|xxd|hexdump|Wireshark|tcpdump/.test(name)) continue;
      for (const record of await readOctets(spell(message))) expect(toHex(record.bytes)).toBe(hex);
    }
    // Not even if a line is missing, moved or short: the dump is one item then.
    for (const spelling of ['xxd', 'hexdump -C', 'od -t x1', 'od -x', 'od']) {
      const lines = SPELLINGS[spelling]!(message).split('\n');
      const without = [...lines.slice(0, 3), ...lines.slice(4)].join('\n');
      expect((await only(without)).unreadable).toMatch(/do not agree with their offsets/);
      const short = lines.with(2, lines[2]!.replace(/^(\S+ +)\S+ /, '$1')).join('\n');
      expect((await only(short)).unreadable).toMatch(/do not agree with their offsets/);
    }
  });

  it('a column of characters is never data, whatever it shows', async () => {
    const digits = (count: number) => Uint8Array.from({ length: count }, (_, i) => '03810040'.charCodeAt(i % 8));
    for (let count = 20; count < 60; count++) {
      const one = concat(Uint8Array.of(3, 0x80, count), digits(count));
      for (const spelling of ['xxd', 'xxd -g1', 'hexdump -C', 'Wireshark', 'tcpdump -X', 'Wireshark, C arrays']) {
        expect(hexOf(await readOctets(SPELLINGS[spelling]!(one)))).toEqual([toHex(one)]);
      }
    }
  });

  it('a dump that leaves lines out is refused, unless offsets say how many', async () => {
    expect((await only(' 03 80 82 01 00 5a 5a 5a\n 5a 5a 5a 5a 5a 5a 5a 5a\n*\n 5a 5a 5a\n')).unreadable).toContain(
      'od -v',
    );
    expect((await only('0000000  03 80 82 01\n*\n')).unreadable).toContain('offsets');
  });

  it('the named characters of od -a are refused', async () => {
    expect((await only('0000000 etx soh nul   @ etx nul   {\n0000007\n')).unreadable).toContain('od -a');
  });

  it('times, dates, identifiers and addresses are no bytes', async () => {
    for (const text of [
      '2024-01-02T00:00:00Z',
      'at 20240102000000 seq 00000000000000001234',
      'id 550e8400-e29b-41d4-a716-446655440000',
      'from 192.0.2.7:46800',
      'deadbeef cafebabe',
      'The quick brown fox jumps over the lazy dog',
    ]) {
      const records = await readOctets(`${text}\n${hex}\n`);
      expect(records.map(({ unreadable }) => unreadable === undefined)).toEqual([false, true]);
    }
  });
});

describe('documents', () => {
  it('name what looks like bytes and is not read', async () => {
    const damaged = toHex(message.with(0, 9));
    const record = await only(
      JSON.stringify({ a: { rawHex: damaged, b: base64(message.with(0, 9)) }, c: 'a name', d: 'bsmTx' }),
    );
    expect(record.unreadable).toContain('a.rawHex (looks like hex)');
    expect(record.unreadable).toContain('a.b (looks like base64)');
    expect(record.unreadable).not.toContain('a name');
    expect(record.unreadable).not.toMatch(/bsmTx|\bd\b/);
  });

  it('with two different structures under unknown names are refused', async () => {
    const record = await only(JSON.stringify({ x: hex, y: toHex(messages[1]!) }));
    expect(record.unreadable).toBe('ambiguous: x and y decode as different structures');
    expect(hexOf(await readOctets(JSON.stringify({ x: hex, y: base64(message) })))).toEqual([hex]);
  });

  it('show a message and what lies inside it as one', async () => {
    const certificate = structures[3]!;
    expect(hex).toContain(toHex(certificate));
    const document = { frame_raw: [hex, 0, message.length, 0, 1], certificate_raw: [toHex(certificate), 90, 80, 0, 1] };
    expect(hexOf(await readOctets(JSON.stringify(document)))).toEqual([hex]);
  });

  it.each([
    ['hex', { hex: base64(message) }, /^hex is not hex/],
    ['b64', { b64: '!' }, /^b64 is not base64/],
    ['metadata.asn1', { metadata: { asn1: 'zz' }, payload: { data: { bytes: hex } } }, /^metadata.asn1 is not hex/],
    ['payload.data.bytes', { payload: { data: { bytes: '0' } } }, /^payload.data.bytes is not hex/],
    ['another type', { hex: 7 }, /^none of hex, b64, metadata.asn1/],
    ['nothing', {}, /^none of hex, b64, metadata.asn1/],
  ])('refuse a member that is wrong: %s', async (_, document, problem) => {
    expect((await only(JSON.stringify(document))).unreadable).toMatch(problem);
  });

  it('take the first member of the list, as before', async () => {
    const other = toHex(messages[1]!);
    expect(hexOf(await readOctets(JSON.stringify({ asn1: other, b64: base64(messages[1]!), hex })))).toEqual([hex]);
    expect(hexOf(await readOctets(JSON.stringify({ hex, more: [{ hex: other }], inner: { hex: other } })))).toEqual([
      hex,
    ]);
    expect(hexOf(await readOctets(JSON.stringify({ payload: 'words', inner: { hex } })))).toEqual([hex]);
  });

  it('survive surrogates, escapes and bytes that are no UTF-8', async () => {
    expect(hexOf(await readOctets(`{"x":"\\ud800","y":"\\udc00\\ud83d\\ude00\\u0000","hex":"${hex}"}`))).toEqual([hex]);
    const escaped = hex.replace(/./g, (digit) => `\\u${digit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    expect(hexOf(await readOctets(`{"h\\u0065x":"${escaped}"}`))).toEqual([hex]);
    const invalid = concat(
      new TextEncoder().encode('{"x":"'),
      Uint8Array.of(0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80),
      new TextEncoder().encode(`","hex":"${hex}"}`),
    );
    expect(hexOf(await readOctets(invalid))).toEqual([hex]);
  });
});

describe('wrapped text', () => {
  it('is one damaged message if it does not decode', async () => {
    const damaged = message.with(message.length - 66, 0xff);
    for (const text of [wrapped(toHex(damaged), 60), wrapped(base64(damaged), 76)]) {
      expect(hexOf(await readOctets(`${text}\n`))).toEqual([toHex(damaged)]);
    }
    const cut = wrapped(hex, 60).split('\n').slice(0, -3).join('\n');
    expect(hexOf(await readOctets(cut))).toEqual([cut.replaceAll('\n', '')]);
  });

  it('with nothing between messages is cut where each ends', async () => {
    for (const width of [60, 64, 75, 80, 200]) {
      const all = structures.map((one) => wrapped(toHex(one), width)).join('');
      expect(hexOf(await readOctets(all))).toEqual(structures.map(toHex));
    }
    const lines = structures.map((one) => wrapped(base64(one), 76)).join('');
    expect(hexOf(await readOctets(lines))).toEqual(structures.map(toHex));
  });

  it('costs a damaged message only, between two that decode', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(message.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = message.with(at, message[at]! ^ change);
        const all = [structures[0]!, damaged, structures[1]!].map((one) => wrapped(toHex(one), 60)).join('');
        const found = hexOf(await readOctets(all));
        expect(found).toContain(toHex(structures[0]!));
        expect(found).toContain(toHex(structures[1]!));
      }),
      { numRuns: 150 },
    );
  });

  it('is as one with lines that are records', async () => {
    const text = `${hex}\n${wrapped(hex, 60)}${hex}\n${base64(message)}\n${hex.slice(0, 100)}\n${hex}\n`;
    expect(hexOf(await readOctets(text))).toEqual([hex, hex, hex, hex, hex.slice(0, 100), hex]);
  });
});

describe('a stream of lines', () => {
  /** Records as far as they come from a prefix of the input that ends behind so many lines. */
  async function behind(lines: readonly string[]): Promise<string[]> {
    const { createTextParser } = await import('../../src/readers/text/index.ts');
    const parser = createTextParser('hex');
    const found = [...parser.push(new TextEncoder().encode(lines.join('')))];
    return found.map(({ bytes, unreadable }) => unreadable ?? toHex(bytes));
  }

  it('gives each record as soon as its line has come', async () => {
    const lines = [`${hex}\n`, `{"hex":"${hex}"}\n`, `RX ${hex}\n`, `${base64(message)}\n`, `[${[...message]}]\n`];
    for (let count = 1; count <= lines.length; count++) {
      expect(await behind(lines.slice(0, count))).toEqual(Array(count).fill(hex));
    }
  });

  it('gives a wrapped message with its last line, if that is shorter', async () => {
    expect(await behind([wrapped(hex, 60)])).toEqual([hex]);
    expect(await behind([SPELLINGS['od -t x1']!(message)])).toEqual([hex]);
    expect(await behind([SPELLINGS.armour!(message)])).toEqual([hex]);
    expect(await behind([SPELLINGS['xxd -i']!(message)])).toEqual([hex]);
  });

  it('holds a damaged line for the next one at most', async () => {
    expect(await behind([`${hex.slice(0, 200)}\n`])).toEqual([]);
    expect(await behind([`${hex.slice(0, 200)}\n`, `${hex}\n`])).toEqual([hex.slice(0, 200), hex]);
    expect(await behind([`{"hex":"${hex.slice(0, 200)}\n`, `{"hex":"${hex}"}\n`])).toEqual([
      expect.stringContaining('not JSON'),
      hex,
    ]);
  });
});

describe('a table', () => {
  it('keeps a damaged row as what its column has', async () => {
    const damaged = toHex(message.with(0, 9));
    const rows = ['time,psid,payload', `1,32,${hex}`, `2,32,${damaged}`, '3,32,none', `4,32,${hex}`];
    const records = await readOctets(rows.join('\n'));
    expect(records.map(({ unreadable, line }) => [line, unreadable])).toEqual([
      [2, undefined],
      [3, undefined],
      [4, expect.stringContaining('column 3 is not hex')],
      [5, undefined],
    ]);
    expect(toHex(records[1]!.bytes)).toBe(damaged);
  });

  it('has names in its first line only if rows of as many columns follow', async () => {
    expect(await readOctets(`time,psid,payload\n1,32,${hex}\n`)).toHaveLength(1);
    expect(await readOctets(`time,psid,payload\n${hex}\n`)).toHaveLength(2);
    expect(await readOctets(`time,psid,payload\nno,data,here\n`)).toHaveLength(2);
    expect(await readOctets(`words\n${hex}\n`)).toHaveLength(2);
  });
});

describe('documents that are something else', () => {
  it.each([
    ['<?xml version="1.0"?>\n<a>\n <bytes>00</bytes>\n</a>\n', 'XML'],
    ['<!DOCTYPE html><html><head></head></html>\n', 'HTML'],
    ['<html>\n<body>\n</body>\n</html>\n', 'HTML'],
    ['HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n0381\r\n', 'HTTP'],
  ])('are one item that says what it is: %s', async (text, name) => {
    expect((await only(text)).unreadable).toContain(name);
    expect(
      hexOf(await readOctets(`${hex}\n${text.startsWith('HTTP') ? '' : text}${hex}\n`)).filter((one) => one === hex),
    ).toHaveLength(2);
  });
});
