/** Files, directories, standard input, trust files; and inputs that cannot be read. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ReaderError, readPins, readRecords, readWhole } from '../../src/readers/index.ts';
import { createParser } from '../../src/readers/parsers.ts';
import { concat, Random, toHex } from '../support/octets.ts';
import { certificates, hexOf, messages, readOctets, readPaths, structures } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'readers-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const certificate = certificates[0]!;

describe('inputs', () => {
  it('come in the order given, directories recursively and in natural order, hidden files left out', async () => {
    const directory = join(folder, 'batch');
    mkdirSync(join(directory, 'b'), { recursive: true });
    mkdirSync(join(directory, '.git'));
    for (const name of ['1A9_10', '1A9_2', '1A9_1', '.hidden', 'b/2', '.git/x', 'c']) {
      writeFileSync(join(directory, name), certificate);
    }
    writeFileSync(join(directory, 'empty'), '');
    symlinkSync(directory, join(directory, 'circle'));
    symlinkSync(join(directory, 'c'), join(directory, 'd'));
    const single = file('single', certificate);
    const records = await readPaths([single, directory]);
    expect(records.map(({ source }) => basename(source))).toEqual([
      'single',
      '1A9_1',
      '1A9_2',
      '1A9_10',
      '2',
      'c',
      'd',
    ]);
  });

  it('that do not exist are noticed before the first record', async () => {
    const first = await readRecords([file('there', certificate), join(folder, 'missing')])
      .next()
      .catch((error: unknown) => error);
    expect(first).toBeInstanceOf(ReaderError);
    expect((first as ReaderError).message).toBe(`${join(folder, 'missing')}: ENOENT: no such file or directory`);
    expect(first).toMatchObject({ source: join(folder, 'missing'), offset: 0 });
  });

  it.each([
    ['empty', ''],
    ['comments', '# nothing\n\n'],
  ])('without a record are refused: %s', async (name, content) => {
    await expect(readPaths([file(name, content)])).rejects.toThrow(`${join(folder, name)}: no records`);
    await expect(readOctets(content)).rejects.toThrow('-: no records');
  });

  it('an empty directory is refused, and standard input twice', async () => {
    mkdirSync(join(folder, 'nothing'));
    await expect(readPaths([join(folder, 'nothing')])).rejects.toThrow(ReaderError);
    await expect(readPaths(['-', '-'])).rejects.toThrow('only once');
  });

  it('a failing stream is a ReaderError that says how far it came', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${toHex(certificate)}\n`);
      throw new Error('EIO: i/o error, read');
    }
    const records = readRecords(['-'], { stdin: failing() });
    expect((await records.next()).value).toMatchObject({ bytes: certificate });
    await expect(records.next()).rejects.toMatchObject({ offset: 2 * certificate.length + 1, source: '-' });
  });

  it('a compressed file that breaks off gives all that came before, and says so', async () => {
    const line = (i: number) => `${toHex(concat(messages[0]!.subarray(0, -2), Uint8Array.of(i >> 8, i)))}\n`;
    const text = Array.from({ length: 3000 }, (_, i) => line(i)).join('');
    const packed = gzipSync(text);
    const whole = await readOctets(packed);
    expect(whole.length).toBe(3000);
    for (const cut of [packed.length - 1, packed.length >> 1, 25]) {
      const records = await readPaths([file('cut.gz', packed.subarray(0, cut)), file('after', certificate)]);
      const last = records.at(-2)!;
      expect(last.unreadable).toMatch(/gzip stream is damaged or breaks off/);
      expect(hexOf(records).at(-1)).toBe(toHex(certificate));
      const before = Math.max(0, records.length - 4);
      expect(hexOf(records.slice(0, before))).toEqual(hexOf(whole.slice(0, before)));
      if (cut > 25) expect(before).toBeGreaterThan(1000);
    }
    expect(await readOctets(concat(packed, packed))).toHaveLength(6000);
    expect(await readOctets(concat(packed, new Uint8Array(100_000)))).toHaveLength(3000);
  });

  it('a damaged compressed file is one record, and stops nothing', async () => {
    const packed = gzipSync(new Random(1n).octets(4000));
    packed[packed.length - 6]! ^= 1;
    const records = await readPaths([file('bad.gz', packed), file('after', certificate)]);
    expect(records.at(-2)!.unreadable).toContain('incorrect data check');
    expect(hexOf(records).at(-1)).toBe(toHex(certificate));
  });

  it('read whole are bounded, and the error names the bound', () => {
    const parser = createParser('zip', 'big.zip', 1000);
    parser.push(new Uint8Array(1000));
    expect(() => parser.push(new Uint8Array(1))).toThrow('big.zip, byte 1001: more than 1000 bytes');
  });

  it('are closed when the reader stops early', async () => {
    const path = file('many', `${toHex(certificate)}\n`.repeat(20_000));
    for await (const record of readRecords([path])) {
      expect(record.line).toBe(1);
      break;
    }
    let closed = false;
    async function* stdin(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new TextEncoder().encode(`${toHex(certificate)}\n`);
      } finally {
        closed = true;
      }
    }
    for await (const _ of readRecords(['-'], { stdin: stdin() })) break;
    expect(closed).toBe(true);
  });

  it('a line is given as soon as it has come', async () => {
    let asked = 0;
    async function* stdin(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked++;
        yield new TextEncoder().encode(`{"hex":"${toHex(certificate)}"}\n`);
      }
    }
    for await (const _ of readRecords(['-'], { stdin: stdin() })) break;
    expect(asked).toBe(1);
  });
});

describe('trust files', () => {
  const wrapped = (text: string, width: number) => text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n');
  const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');

  it.each([
    ['coer', concat(...certificates)],
    ['hex lines', certificates.map(toHex).join('\n')],
    ['wrapped hex', wrapped(toHex(concat(...certificates)), 60)],
    ['base64 lines', certificates.map(base64).join('\r\n')],
    ['wrapped base64', wrapped(base64(concat(...certificates)), 76)],
    ['JSON', JSON.stringify(certificates.map((one) => ({ hex: toHex(one) })))],
    ['gzip', gzipSync(concat(...certificates))],
  ])('%s', async (name, content) => {
    expect((await readWhole(file(name, content))).map(toHex)).toEqual(certificates.map(toHex));
  });

  it('what does not decode is handed on; what is no octets is refused', async () => {
    const broken = certificate.subarray(0, 20);
    expect(await readWhole(file('broken', broken))).toEqual([broken]);
    await expect(readWhole(file('words', 'no certificate at all!\n'))).rejects.toThrow(/words: not hex/);
    await expect(readWhole(file('none', ''))).rejects.toThrow('no records');
    await expect(readWhole(join(folder, 'missing'))).rejects.toThrow(ReaderError);
    await expect(readWhole(file('cut', gzipSync(structures[0]!).subarray(0, 30)))).rejects.toThrow(/gzip/);
  });
});

describe('pins', () => {
  const good = { certificate: toHex(certificates[3]!), publicKey: `02${'ab'.repeat(32)}`, hashedId8: 'whatever' };

  it('are read', async () => {
    const pins = await readPins(file('pins', JSON.stringify([good])));
    expect(pins.map((pin) => [toHex(pin.certificate), toHex(pin.publicKey)])).toEqual([
      [good.certificate, good.publicKey],
    ]);
  });

  it.each([
    ['[', 'not JSON'],
    ['{}', 'not a JSON list'],
    ['[]', 'no records'],
    [JSON.stringify([good, 7]), 'entry 2: not an object'],
    [JSON.stringify([good, good, { ...good, certificate: 'xx' }]), 'entry 3: certificate is missing or not hex'],
    [JSON.stringify([{ ...good, certificate: '0380' }]), 'entry 1: certificate is not a 1609.2 certificate'],
    [JSON.stringify([{ ...good, publicKey: undefined }]), 'entry 1: publicKey is missing or not hex'],
    [JSON.stringify([{ ...good, publicKey: '05' }]), 'entry 1: publicKey is not a SEC 1 point'],
  ])('are refused with the entry: %s', async (text, problem) => {
    await expect(readPins(file('pins', text))).rejects.toThrow(problem);
    await expect(readPins(file('pins', text))).rejects.toThrow(ReaderError);
  });
});
