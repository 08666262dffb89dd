/** Where bytes come from: folders, names in any encoding, pipes, streams, packed files; and what costs only itself. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type InputRecord, ReaderError, type RecordSource, readRecords } from '../../src/readers/index.ts';
import { concat, toHex } from '../support/octets.ts';
import { messages, structures } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [attached, digest] = messages as [Uint8Array, Uint8Array];

async function read(
  source: RecordSource,
  options = {},
): Promise<{ records: InputRecord[]; warnings: readonly string[] }> {
  const stream = readRecords(source, options);
  const records: InputRecord[] = [];
  for await (const record of stream) records.push(record);
  return { records, warnings: stream.report.warnings };
}

describe('sources', () => {
  it('bytes, one chunk or many, and names give the same records', async () => {
    const bytes = concat(...structures);
    const path = join(folder, 'structures');
    writeFileSync(path, bytes);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.slice(at, at + 7);
    }
    const expected = structures.map(toHex);
    for (const source of [bytes, Buffer.from(bytes), chunks(), path, [path]]) {
      expect((await read(source)).records.map((record) => toHex(record.bytes))).toEqual(expected);
    }
    expect((await read(bytes, { name: 'dropped.oer' })).records[0]!.source).toBe('dropped.oer');
  });

  it('records keep their bytes when the chunk they came in is used again', async () => {
    const buffer = Buffer.alloc(4096);
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (const one of [attached, digest, attached]) {
        buffer.set(one);
        yield buffer.subarray(0, one.length);
        buffer.fill(0xee);
      }
    }
    const { records } = await read(reusing());
    expect(records.map(({ bytes }) => toHex(bytes))).toEqual([attached, digest, attached].map(toHex));
    expect(new Set(records.map(({ bytes }) => bytes.buffer)).size).toBe(3);
  });

  it('packed files in packed files are unpacked, up to a bound', async () => {
    const once = gzipSync(digest);
    expect((await read(gzipSync(once))).records.map(({ bytes }) => toHex(bytes))).toEqual([toHex(digest)]);
    const { records } = await read(gzipSync(gzipSync(once)));
    expect(records.map(({ unreadable }) => unreadable !== undefined)).toEqual([false]);
    const deepest = await read(gzipSync(gzipSync(gzipSync(gzipSync(once)))));
    expect(deepest.records[0]!.unreadable).toContain('an archive inside');
  });

  it.each([
    ['its checksum', -6],
    ['its length', -2],
    ['its last blocks', -20],
    ['a byte behind it', 0],
  ])('nothing in front of damage in a gzip stream is lost: %s', async (_, at) => {
    // Small, and larger than what is unpacked at a time.
    for (const count of [3, 4000]) {
      const all = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? attached : digest));
      const noisy = all.flatMap((one, i) => [
        one,
        Uint8Array.from({ length: 40 }, (_, j) => 0x88 + ((i * i + 31 * j * i) % 97)),
      ]);
      const packed = concat(gzipSync(concat(...noisy)), Uint8Array.of(0x55));
      const damaged = at === 0 ? packed : packed.slice(0, -1);
      if (at !== 0) damaged[damaged.length + at]! ^= 0x41;
      const { records } = await read(damaged);
      const found = records.filter(({ unreadable }) => unreadable === undefined).map(({ bytes }) => toHex(bytes));
      const undamaged = at === -20 ? Math.max(0, count - 500) : count;
      expect(found.slice(0, undamaged)).toEqual(all.slice(0, undamaged).map(toHex));
      expect(records.at(-1)!.unreadable).toMatch(/the gzip stream is damaged or breaks off after \d+ unpacked bytes/);
    }
  });

  it('the report goes on while records are read', async () => {
    const stream = readRecords(concat(digest, attached));
    expect(stream.report.size).toBe(0);
    await stream.next();
    await stream.next();
    expect(stream.report.bytes.records).toBe(digest.length + attached.length);
  });
});

describe('folders', () => {
  it('an entry that cannot be opened costs itself only', async () => {
    const root = join(folder, 'broken');
    mkdirSync(root);
    writeFileSync(join(root, 'a'), digest);
    symlinkSync('nowhere', join(root, 'b'));
    symlinkSync('loop', join(root, 'loop'));
    writeFileSync(join(root, 'c'), attached);
    const { records, warnings } = await read([root]);
    expect(records.map(({ bytes }) => toHex(bytes))).toEqual([digest, attached].map(toHex));
    expect(warnings).toEqual([
      `${join(root, 'b')}: ENOENT: no such file or directory`,
      expect.stringMatching(/loop: ELOOP/),
    ]);
  });

  it('a file that exceeds a bound costs itself only', async () => {
    const root = join(folder, 'bounded');
    mkdirSync(root);
    writeFileSync(join(root, 'a'), digest);
    writeFileSync(join(root, 'b'), gzipSync(new Uint8Array(20 << 20)));
    writeFileSync(join(root, 'c'), attached);
    const { records, warnings } = await read([root]);
    expect(records.filter(({ unreadable }) => unreadable === undefined)).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining('unfold to more than 100 times as many')]);
    await expect(read([join(root, 'b')])).rejects.toThrow(ReaderError);
  });

  it('what is no regular file is passed over', async () => {
    const root = join(folder, 'pipes');
    mkdirSync(root);
    writeFileSync(join(root, 'a'), digest);
    if (spawnSync('mkfifo', [join(root, 'fifo')]).status !== 0) return;
    expect((await read([root])).records).toHaveLength(1);
  });

  it('names that are not UTF-8 work, in folders and on the command line', async () => {
    const root = join(folder, 'latin1');
    mkdirSync(root);
    const name = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x67, 0x72, 0xfc, 0x6e])]);
    try {
      writeFileSync(name, digest);
    } catch {
      return; // a file system that takes UTF-8 only
    }
    const [record] = (await read([root])).records;
    expect(record).toMatchObject({ source: `${root}/gr\\xfcn`, bytes: digest });
    // What Node makes of such an argument.
    const argument = `${root}/gr\ufffdn`;
    expect((await read([argument])).records).toMatchObject([{ source: `${root}/gr\\xfcn` }]);
    expect(readdirSync(root)).toEqual(['gr\ufffdn']);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x67, 0x72, 0xfb, 0x6e])]), attached);
    await expect(read([argument])).rejects.toThrow('ENOENT');
  });
});

describe('errors', () => {
  it('name a path once, and no byte of a file that was never opened', async () => {
    const missing = join(folder, 'missing');
    await expect(read([missing])).rejects.toThrow(new RegExp(`^${missing}: ENOENT: no such file or directory$`));
    await expect(read([join(folder, 'structures', 'below')])).rejects.toThrow(/^[^:]*: ENOTDIR: not a directory$/);
  });

  it('say how far a stream came', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield digest;
      throw new Error('EIO: i/o error, read');
    }
    await expect(read(failing())).rejects.toThrow(`-, byte ${digest.length}: EIO: i/o error`);
  });
});

it('a pipe that stays open gives what has come', async () => {
  const fifo = join(folder, 'fifo');
  if (spawnSync('mkfifo', [fifo]).status !== 0) return;
  writeFileSync(join(folder, 'one'), digest);
  const writer = spawn('sh', ['-c', `exec 3>"${fifo}"; cat "${join(folder, 'one')}" >&3; sleep 30`], {
    stdio: 'ignore',
  });
  try {
    const stream = readRecords([fifo]);
    expect((await stream.next()).value).toMatchObject({ bytes: digest });
  } finally {
    writer.kill();
  }
  expect(execFileSync('ls', [folder]).toString()).toContain('fifo');
});
