/**
 * Hostile files in every place that reads one: no input of a mebibyte takes more than 400 MB of memory or 10 s of processor time, and
 * what must be a regular file is refused if it is none.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture, hex, MAIN, messagesOf } from './support.ts';

const MOST_SECONDS = 10;
const MOST_MEGABYTES = 400;
/** More than this is a run that hangs, however busy the machine is. */
const MOST_WAIT_MS = 240_000;

interface Cost {
  readonly status: number | null;
  readonly stderr: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Runs the program in a process that reports what it took when it leaves. */
function costOf(args: readonly string[]): Promise<Cost> {
  const report = `process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    process._rawDebug('\\nCOST ' + JSON.stringify([(user + system) / 1e6, process.resourceUsage().maxRSS / 1024]));
  });`;
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const child = spawn(process.execPath, ['--import', preload, MAIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
    timeout: MOST_WAIT_MS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) =>
    child.on('close', (status) => {
      const [seconds, megabytes] = JSON.parse(/^COST (.*)$/m.exec(stderr)?.[1] ?? '[null,null]') as [number, number];
      resolve({ status, stderr: stderr.replace(/\n?COST .*/, ''), seconds, megabytes });
    }),
  );
}

let fixture: Fixture;
let folder: string;
let store: string;
beforeAll(() => {
  fixture = createFixture();
  fixture.write('messages.hex', messagesOf(fixture.scms, 3).map(hex).join('\n'));
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  store = join(folder, 'store');
  execFileSync(process.execPath, [MAIN, 'demo', '--out', join(folder, 'demo')]);
  const electors = ['a', 'b', 'c'].map((name) => join(folder, 'demo', `elector-${name}.oer`));
  const init = ['trust', 'init', store, '--elector', ...electors, '--quorum', '2', '--at', '2024-01-01'];
  execFileSync(process.execPath, [MAIN, ...init, '--root', join(folder, 'demo', 'root.oer')]);
});
afterAll(() => {
  fixture.remove();
  rmSync(folder, { recursive: true });
});

const MIB = 1 << 20;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Each at most a mebibyte. */
const HOSTILE: Readonly<Record<string, () => Uint8Array>> = {
  brackets: () => text('['.repeat(MIB)),
  'objects in each other': () => text('{"a":'.repeat(MIB / 5)),
  'brackets in gzip, 100 to 1': () => gzipSync(text('['.repeat(15 * MIB))),
  'brackets in gzip, 1000 to 1': () => gzipSync(text('['.repeat(256 * MIB))),
  'zeros in gzip': () => gzipSync(new Uint8Array(256 * MIB)),
  'messages cut short': () => new Uint8Array(MIB).map((_, i) => [0x03, 0x81, 0x00, 0x40][i % 4] as number),
  'a list of numbers': () => text(`[${'1,'.repeat(MIB / 2 - 2)}1]`),
  'hex digits': () => text('0381'.repeat(MIB / 4)),
};

/** Where the program reads files that somebody else may have written. */
const PLACES: Readonly<Record<string, (file: string) => readonly string[]>> = {
  messages: (file) => ['messages', file, ...fixture.trust],
  '--root': (file) => ['messages', fixture.path('messages.hex'), '--root', file],
  '--ca': (file) => ['messages', fixture.path('messages.hex'), ...fixture.trust, '--ca', file],
  '--pins': (file) => ['messages', fixture.path('messages.hex'), '--pins', file],
  '--crl': (file) => ['messages', fixture.path('messages.hex'), ...fixture.trust, '--crl', file],
  '--crl-index': (file) => ['messages', fixture.path('messages.hex'), ...fixture.trust, '--crl-index', file],
  'crl check': (file) => ['crl', 'check', file, ...fixture.trust],
  show: (file) => ['show', file],
  'trust show': (file) => ['trust', 'show', file],
  'trust apply': (file) => ['trust', 'apply', store, file, '--dry-run', '--at', '2024-01-02'],
  rehearse: (file) => ['rehearse', file],
};

describe('no file of a mebibyte costs more than 10 s and 400 MB', () => {
  it.each(Object.keys(HOSTILE))(
    '%s',
    async (name) => {
      const file = join(folder, 'hostile');
      const bytes = (HOSTILE[name] as () => Uint8Array)();
      expect(bytes.length).toBeLessThanOrEqual(MIB);
      writeFileSync(file, bytes);
      for (const [place, args] of Object.entries(PLACES)) {
        const one = place === 'messages' ? ['--threads', '0'] : [];
        const { status, stderr, seconds, megabytes } = await costOf([...args(file), ...one]);
        const said = `${place}: status ${status}, ${stderr.slice(0, 300)}`;
        expect(status, said).toBeGreaterThan(0);
        expect(status, said).toBeLessThan(5);
        expect(seconds, said).toBeLessThan(MOST_SECONDS);
        expect(megabytes, said).toBeLessThan(MOST_MEGABYTES);
      }
    },
    20 * MOST_WAIT_MS,
  );

  it('is named by the bound that it exceeds', async () => {
    const file = join(folder, 'packed.gz');
    writeFileSync(file, gzipSync(new Uint8Array(64 * MIB)));
    for (const [place, expected] of [
      ['messages', 3],
      ['show', 3],
      ['--root', 4],
      ['--pins', 4],
      ['--crl', 4],
      ['rehearse', 3],
    ] as const) {
      const { status, stderr } = await costOf((PLACES[place] as (typeof PLACES)[string])(file));
      expect({ place, status }).toEqual({ place, status: expected });
      expect(stderr, place).toMatch(/unfold to more than 100 times as many/);
    }
    const nested = join(folder, 'nested.json');
    writeFileSync(nested, '['.repeat(65) + ']'.repeat(65));
    for (const place of ['--pins', 'rehearse']) {
      const { stderr } = await costOf((PLACES[place] as (typeof PLACES)[string])(nested));
      expect(stderr, place).toMatch(/more than 64/);
    }
  });
});

describe.runIf(process.platform !== 'win32')('stores and indexes are regular files', () => {
  const others = (): Readonly<Record<string, string>> => {
    const fifo = join(folder, 'fifo');
    const device = join(folder, 'device');
    rmSync(fifo, { force: true });
    rmSync(device, { force: true });
    execFileSync('mkfifo', [fifo]);
    symlinkSync('/dev/zero', device);
    return { fifo, device, folder: join(folder, 'demo') };
  };

  it('an index that is none is refused at once', async () => {
    for (const [kind, path] of Object.entries(others())) {
      const { status, stderr } = await costOf(PLACES['--crl-index']!(path));
      expect({ kind, status }).toEqual({ kind, status: 4 });
      expect(stderr, kind).toMatch(/not a regular file|EISDIR/);
    }
  });

  it.each(['journal', 'states', 'octets'])('a store whose %s is none is refused at once', async (part) => {
    for (const [kind, path] of Object.entries(others())) {
      const copy = join(folder, `store-${part}-${kind}`);
      cpSync(store, copy, { recursive: true });
      mkdirSync(join(copy, part), { recursive: true });
      for (const name of readdirSync(join(copy, part))) {
        rmSync(join(copy, part, name));
        symlinkSync(path, join(copy, part, name));
      }
      const args =
        part === 'octets' ? ['trust', 'log', copy, '--verify'] : ['trust', 'show', copy, '--at', '2024-01-02'];
      const { status, stderr } = await costOf(args);
      expect({ kind, status }).toEqual({ kind, status: 4 });
      expect(stderr, kind).toMatch(/not a regular file|EISDIR/);
    }
  });

  it('a FIFO in a folder of input is passed over', async () => {
    const mixed = join(folder, 'mixed');
    mkdirSync(mixed);
    writeFileSync(join(mixed, 'messages.hex'), readFileSync(fixture.path('messages.hex')));
    execFileSync('mkfifo', [join(mixed, 'fifo')]);
    expect((await costOf(['messages', mixed, ...fixture.trust])).status).toBe(0);
  });
});
