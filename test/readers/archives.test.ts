/** Files in archives: each an input of its own, with its path; bounds, damage, and what is left alone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { ReaderError, readRecords } from '../../src/readers/index.ts';
import { MAX_UNFOLDING, UNFOLDED_FREELY_BYTES } from '../../src/readers/limits.ts';
import { concat, Random, toHex } from '../support/octets.ts';
import { at } from './frame-cases.ts';
import { ethernet, pcap, WSMP } from './frames.ts';
import { certificates, cut, expectAccounted, logRecord, messages, readOctets, wsm } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'archives-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [attached, digest] = messages as [Uint8Array, Uint8Array];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Files of every form, as one finds them in archives. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  '413/413_0.cert': certificates[3]!,
  '413/413_0.s': new Uint8Array(32).fill(7),
  '413/413_1.cert': concat(certificates[3]!, new Uint8Array(10)),
  '413/1a_FF.S': new Uint8Array(32),
  empty: new Uint8Array(0),
  '.hidden/x': digest,
  '__MACOSX/._x': digest,
  'log.bin': concat(logRecord(digest), logRecord(attached)),
  'hex.txt': text(`${toHex(attached)}\n${toHex(digest)}\n`),
  'capture.pcap': pcap(1, [at(ethernet(WSMP, wsm(digest)))]),
  'back-to-back': concat(digest, attached, digest),
  noise: new Random(3n).octets(300).map((byte) => byte | 0x90),
};

const EXPECTED = [
  ['413/413_0.cert', 0, toHex(certificates[3]!), ''],
  ['413/413_1.cert', 0, toHex(certificates[3]!), 'zeroPadding'],
  ['log.bin', 0, toHex(digest), 'obulog'],
  ['log.bin', 26 + digest.length, toHex(attached), 'obulog'],
  ['hex.txt', 0, toHex(attached), ''],
  ['hex.txt', 2 * attached.length + 1, toHex(digest), ''],
  ['capture.pcap', 24, toHex(digest), 'ethernet/wsmp3'],
  ['back-to-back', 0, toHex(digest), ''],
  ['back-to-back', digest.length, toHex(attached), ''],
  ['back-to-back', digest.length + attached.length, toHex(digest), ''],
  ['noise', 0, toHex(FILES.noise!), ''],
];

function found(bytes: Uint8Array, edges: readonly number[] = []) {
  const { pieces, report } = cut(bytes, {}, edges);
  return {
    report,
    pieces,
    seen: pieces.map((piece) => [piece.entry, piece.offset, toHex(piece.bytes), (piece.layers ?? []).join('/')]),
  };
}

function filesBelow(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const root = join(folder, name);
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return root;
}

/** An archive that the system's own program wrote, with its files in the order given. */
function tarOf(files: Readonly<Record<string, Uint8Array>>, ...options: string[]): Uint8Array {
  const root = filesBelow(`tar-${Object.keys(files).length}-${options.join('')}`, files);
  return new Uint8Array(
    execFileSync('tar', [...options, '-cf', '-', ...Object.keys(files)], { cwd: root, maxBuffer: 1 << 28 }),
  );
}

const hasTar = spawnSync('tar', ['--version']).status === 0;
if (!hasTar) console.warn('skipped, tar is not installed: archives of another program');

describe.skipIf(!hasTar)('tar', () => {
  it.each(['gnu', 'ustar', 'posix', 'v7', 'oldgnu'])('%s: every file with its path', (format) => {
    const bytes = tarOf(FILES, `--format=${format}`);
    const { seen, report } = found(bytes);
    expect(seen).toEqual(EXPECTED);
    expect(report.privateKeyFiles).toBe(2);
    expect(report.unreadable).toBe(1);
    expectAccounted(report, bytes.length);
  });

  it.each(['gnu', 'posix'])('%s: long and foreign names', (format) => {
    const files = { [`${'long/'.repeat(40)}name`]: digest, 'größe/ü.oer': digest, [`${'n'.repeat(120)}.oer`]: digest };
    expect(found(tarOf(files, `--format=${format}`)).seen.map(([entry]) => entry)).toEqual(Object.keys(files));
  });

  it('the order in which chunks arrive does not matter', () => {
    const bytes = tarOf(FILES);
    const whole = found(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (edges) => {
        expect(found(bytes, edges)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
    const chunks = Array.from({ length: 64 }, (_, i) =>
      bytes.subarray((i * bytes.length) / 64, ((i + 1) * bytes.length) / 64),
    );
    expect(concat(...chunks).length).toBeLessThanOrEqual(bytes.length);
  });

  it('an archive that breaks off gives what is there, and says so', () => {
    const bytes = tarOf({ a: digest, b: attached, c: new Random(5n).octets(5000) });
    for (const length of [512, 600, 1100, 2048, 2600, 3000]) {
      const { seen, pieces, report } = found(bytes.subarray(0, length));
      expectAccounted(report, length);
      if (length >= 1024) expect(seen[0]).toEqual(['a', 0, toHex(digest), '']);
      const isWhole = length === 512 || length % 512 === 0;
      if (!isWhole) expect(pieces.at(-1)!.unreadable).toMatch(/breaks off/);
    }
  });

  it('a damaged header costs its file only', () => {
    const bytes = tarOf({ a: digest, b: attached, c: certificates[0]! });
    const damaged = bytes.slice();
    damaged[1024 + 3]! ^= 1;
    const { seen, pieces, report } = found(damaged);
    expect(seen.filter(([entry]) => entry !== undefined).map(([entry]) => entry)).toEqual(['a', 'c']);
    expect(pieces.find(({ entry }) => entry === undefined)!.unreadable).toContain('1024 byte(s) where a header');
    expectAccounted(report, bytes.length);
  });

  it('sparse files, links and folders are no files that are read', () => {
    const root = filesBelow('special', { a: digest });
    execFileSync('ln', ['-sf', 'a', join(root, 'link')]);
    execFileSync('truncate', ['-s', '1M', join(root, 'sparse')]);
    const bytes = new Uint8Array(execFileSync('tar', ['--sparse', '--format=gnu', '-cf', '-', '.'], { cwd: root }));
    const { pieces, report } = found(bytes);
    expect(pieces.map(({ entry, unreadable }) => [entry, unreadable === undefined]).sort()).toEqual([
      ['a', true],
      ['sparse', false],
    ]);
    expectAccounted(report, bytes.length);
  });
});

/** Whole blocks, of which none is the last. */
const FLUSHED = { finishFlush: zlib.constants.Z_SYNC_FLUSH };

describe('ZIP', () => {
  const bytes = zipSync(FILES);

  it.each([
    ['deflated', bytes],
    ['stored', zipSync(FILES, { level: 0 })],
    ['behind other bytes of its own', zipSync({ ...FILES }, { comment: 'a comment' } as object)],
  ])('%s: every file with its path', (_, archive) => {
    const { seen, report } = found(archive);
    expect(seen).toEqual(EXPECTED);
    expect(report.privateKeyFiles).toBe(2);
    const { records, skipped, otherFrames, framing, text: lines } = report.bytes;
    expect(records + skipped + otherFrames + framing + lines).toBe(report.size);
  });

  it('stored, every byte of the archive is accounted for', () => {
    const archive = zipSync(FILES, { level: 0 });
    expectAccounted(found(archive).report, archive.length);
  });

  it('what the checksum does not agree with is said', () => {
    const archive = zipSync({ a: attached, b: digest }, { level: 0 });
    const place = archive.indexOf(attached[40]!, 60);
    archive[place]! ^= 1;
    const { pieces } = found(archive);
    expect(pieces.map(({ entry, unreadable }) => [entry, unreadable ?? 'ok'])).toEqual([
      ['a', 'ok'],
      ['a', 'its checksum is wrong: it is damaged'],
      ['b', 'ok'],
    ]);
  });

  it('an archive that breaks off gives the files in front, and says so', () => {
    const { pieces } = found(zipSync({ a: digest, b: attached }).subarray(0, -30));
    expect(pieces.map(({ entry, unreadable }) => [entry, unreadable ?? 'ok'])).toEqual([
      ['a', 'ok'],
      ['b', 'ok'],
      [undefined, 'the archive has no directory at its end: it is damaged, or breaks off'],
    ]);
  });

  it.each([
    ['encrypted', 8, 1, 'encrypted'],
    ['of another method', 10, 14, 'LZMA'],
  ])('a file that is %s is named', (_, at, value, problem) => {
    const archive = zipSync({ a: digest, b: attached });
    // The central directory counts.
    const directory = archive.findIndex((byte, i) => byte === 0x50 && archive[i + 1] === 0x4b && archive[i + 2] === 1);
    archive[directory + at] = value;
    const { pieces } = found(archive);
    expect(pieces[0]!.unreadable).toContain(problem);
    expect(pieces.map(({ entry }) => entry)).toEqual(['a', 'b']);
  });

  it('files that share their data are refused', () => {
    const archive = zipSync({ a: digest, b: digest }, { level: 0 });
    const view = new DataView(archive.buffer, archive.byteOffset);
    const second = archive.lastIndexOf(0x62) - 46;
    view.setUint32(second + 42, 0, true);
    const { pieces } = found(archive);
    expect(pieces.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, true]);
    expect(pieces[1]!.unreadable).toContain('overlap');
  });

  it('whatever is changed in one, nothing but records and complaints comes out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const copy = bytes.slice();
          for (const [place, value] of changes) copy[place] = value;
          const { report } = found(copy);
          const { records, skipped, otherFrames, framing, text: lines } = report.bytes;
          expect(records + skipped + otherFrames + framing + lines).toBe(report.size);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('archives in archives', () => {
  const inner = zipSync({ 'x.oer': digest });

  it('are opened up to a bound, with the paths one behind the other', () => {
    const one = zipSync({ 'one.zip': inner });
    const two = zipSync({ 'two.zip': one });
    expect(found(one).seen.map(([entry]) => entry)).toEqual(['one.zip!/x.oer']);
    const deep = found(two);
    expect(deep.seen.map(([entry]) => entry)).toEqual(['two.zip!/one.zip']);
    expect(deep.pieces[0]!.unreadable).toContain('an archive inside 2 others, which is not opened');
  });

  it('gzip in an archive is unpacked', () => {
    const packed = new Uint8Array(zlib.gzipSync(concat(digest, attached)));
    expect(found(zipSync({ 'a.gz': packed })).seen.map(([, , hex]) => hex)).toEqual([digest, attached].map(toHex));
    const three = new Uint8Array(zlib.gzipSync(concat(digest, attached, digest), { level: 0 }));
    const damaged = found(
      zipSync({ 'a.gz': concat(three.subarray(0, -8), Uint8Array.of(0xff), three.subarray(-7), three) }),
    );
    expect(damaged.seen.map(([, , hex]) => hex).slice(0, 3)).toEqual([digest, attached, digest].map(toHex));
    const blocks = concat(
      ...[digest, attached].map((one) => new Uint8Array(zlib.deflateRawSync(one, FLUSHED))),
      Uint8Array.of(7),
    );
    const inBlocks = found(zipSync({ 'a.gz': concat(three.subarray(0, 10), blocks, new Uint8Array(8)) }));
    expect(inBlocks.seen.map(([, , hex]) => hex).slice(0, 2)).toEqual([digest, attached].map(toHex));
    expect(inBlocks.pieces.at(-1)!.unreadable).toMatch(/gzip data are damaged or break off/);
    const cutOff = found(zipSync({ 'a.gz': packed.subarray(0, -9), b: digest }));
    expect(cutOff.pieces.at(-2)!.unreadable).toMatch(/gzip data are damaged or break off/);
    expect(cutOff.seen.at(-1)![0]).toBe('b');
  });

  it('a wrong or missing checksum or length of gzip in an archive is named, behind what was unpacked', () => {
    const [one, other] = [digest, attached].map((bytes) => new Uint8Array(zlib.gzipSync(bytes))) as [
      Uint8Array,
      Uint8Array,
    ];
    const both = concat(one, other);
    const whole = found(zipSync({ 'a.gz': both }));
    expect(whole.pieces.map(({ unreadable }) => unreadable)).toEqual([undefined, undefined]);
    const ofTrailers = [...Array(8).keys()].flatMap((i) => [one.length - 8 + i, both.length - 8 + i]);
    for (const at of ofTrailers) {
      const { seen, pieces } = found(zipSync({ 'a.gz': both.map((byte, i) => (i === at ? byte ^ 1 : byte)) }));
      const expected = at < one.length ? [digest] : [digest, attached];
      expect(seen.map(([, , hex]) => hex).slice(0, -1), `byte ${at}`).toEqual(expected.map(toHex));
      expect(pieces.at(-1)!.unreadable).toMatch(/gzip data are damaged .*: the (checksum|length) is wrong/);
    }
    for (let cut = 1; cut <= 8; cut++) {
      const { seen, pieces } = found(zipSync({ 'a.gz': both.subarray(0, -cut) }));
      expect(seen.map(([, , hex]) => hex).slice(0, 2), `cut by ${cut}`).toEqual([digest, attached].map(toHex));
      expect(pieces.at(-1)!.unreadable).toMatch(/gzip data are damaged or break off/);
    }
  });

  it('a gzip header of any length between members is read', () => {
    const one = new Uint8Array(zlib.gzipSync(digest));
    const named = (bytes: number): Uint8Array => {
      const header = one.slice(0, 10);
      header[3] = 8;
      return concat(header, new Uint8Array(bytes).fill(0x61), Uint8Array.of(0), one.subarray(10));
    };
    for (const bytes of [0, 1, 2000, 2047, 2048, 4096, 6000]) {
      const { pieces } = found(zipSync({ 'a.gz': concat(one, named(bytes), named(bytes)) }));
      expect(pieces.map(({ unreadable }) => unreadable)).toEqual([undefined, undefined, undefined]);
    }
    const { pieces } = found(zipSync({ 'a.gz': concat(one, named(40_000)) }));
    expect(pieces.at(-1)!.unreadable).toMatch(/the checksum is missing/);
  });
});

describe('what an archive may unfold to', () => {
  const zeros = (mib: number): Uint8Array => new Uint8Array(mib << 20);

  it('up to 20 times as much beyond 16 MiB if hardly any record is in it, and 4 KiB more for each', async () => {
    // 30 bytes in a row, so that it packs to a thirtieth or less, and to more than a hundredth.
    const noise = (bytes: number): Uint8Array => {
      const text = new Uint8Array(bytes).fill(0x20);
      for (let at = 0; at < bytes; at += 200) text.set(Buffer.from(String(Math.imul(at, 0x9e3779b1) >>> 0)), at);
      return text;
    };
    const packed = new Uint8Array(zlib.gzipSync(noise(24 << 20)));
    expect((24 << 20) / packed.length).toBeGreaterThan(20);
    expect((24 << 20) / packed.length).toBeLessThan(100);
    await expect(readOctets(packed)).rejects.toThrow(/hardly any records/);
    await expect(readOctets(zipSync({ noise: noise(24 << 20) }))).rejects.toThrow(/hardly any records/);
    await expect(readOctets(zipSync({ 'a.gz': packed }))).rejects.toThrow(/hardly any records/);
    expect((await readOctets(new Uint8Array(zlib.gzipSync(noise(15 << 20))))).length).toBeGreaterThan(0);
    // A record in each 4 KiB pays for them.
    const random = new Random(29n);
    const lines = Array.from({ length: 8000 }, () => {
      const message = concat(digest.subarray(0, -64), random.octets(64));
      return `${toHex(message)}${' '.repeat(3200)}\n`;
    }).join('');
    const dense = new Uint8Array(zlib.gzipSync(lines));
    expect(lines.length).toBeGreaterThan(24 << 20);
    expect(lines.length / dense.length).toBeGreaterThan(20);
    expect(await readOctets(dense)).toHaveLength(8000);
  });

  it('up to 16 MiB anything, beyond that no more than 100 times as much', async () => {
    const allowed = found(zipSync({ zeros: zeros(15) }));
    expect(allowed.pieces).toHaveLength(1);
    expect(() => found(zipSync({ zeros: zeros(20) }))).toThrow(/unfold to more than 100 times as many/);
    expect(() => found(zipSync({ 'a.gz': new Uint8Array(zlib.gzipSync(zeros(20))) }))).toThrow(ReaderError);
    const packed = zlib.gzipSync(zeros(20));
    await expect(readOctets(packed)).rejects.toThrow(/unfold to more than 100 times as many/);
    await expect(readOctets(zlib.gzipSync(packed))).rejects.toThrow(/unfold to more than 100 times as many/);
    expect(MAX_UNFOLDING).toBe(100);
    expect(UNFOLDED_FREELY_BYTES).toBe(16 << 20);
  });

  it('what packs well, and is not suspicious, is read', async () => {
    const random = new Random(9n);
    const noise = concat(...Array.from({ length: 400 }, () => random.octets(100)));
    const bytes = concat(...Array.from({ length: 18 * 26 }, () => noise), digest);
    expect(bytes.length).toBeGreaterThan(17 << 20);
    const records = await readOctets(zlib.gzipSync(bytes));
    expect(toHex(records.at(-1)!.bytes)).toBe(toHex(digest));
  });
});

describe('files on disk', () => {
  it('name their archive and the path in it', async () => {
    const path = join(folder, 'batch.zip');
    writeFileSync(path, zipSync(FILES));
    const records = readRecords([path]);
    const sources: string[] = [];
    for await (const { source } of records) sources.push(source);
    expect(sources[0]).toBe(`${path}!/413/413_0.cert`);
    expect(records.report.privateKeyFiles).toBe(2);
  });

  it('private key files of a folder are left alone and counted, also when they are named', async () => {
    const root = filesBelow('keys', FILES);
    const records = readRecords([root]);
    for await (const { source } of records) expect(source).not.toMatch(/\.s$/i);
    expect(records.report.privateKeyFiles).toBe(2);
    const named = readRecords([join(root, '413/413_0.s'), join(root, '413/413_0.cert')]);
    expect((await named.next()).value).toMatchObject({ bytes: certificates[3]! });
    expect(named.report.privateKeyFiles).toBe(1);
    await named.return();
    await expect(readOctetsOf(join(root, '413/413_0.s'))).rejects.toThrow(/private key files, which are left alone: 1/);
  });

  it.runIf('zstdCompressSync' in zlib)('zstd is unpacked where Node can', async () => {
    const { zstdCompressSync } = zlib as unknown as { zstdCompressSync(bytes: Uint8Array): Buffer };
    const records = await readOctets(zstdCompressSync(concat(digest, attached)));
    expect(records.map(({ bytes }) => toHex(bytes))).toEqual([digest, attached].map(toHex));
    await expect(readOctets(zstdCompressSync(new Uint8Array(64 << 20)))).rejects.toThrow(/unfold to more than/);
  });
});

async function readOctetsOf(path: string): Promise<void> {
  for await (const _ of readRecords([path]));
}
