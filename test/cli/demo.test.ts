/** `demo --out`: its files, and every command of its README.txt run on them as it is; `npm run examples` runs those of the documents. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, MAIN, type Outcome, run } from './support.ts';

let folder: string;
let demo: string;
let made: Outcome;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scms-verify-demo-'));
  demo = join(folder, 'demo');
  made = await run(['demo', '--out', demo]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function filesOf(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), readFileSync(path).toString('hex')]));
}

/** A line of bash, in which the built program is `scms-verify`. */
function shell(line: string, cwd: string): Promise<Outcome> {
  const program = `scms-verify() { "${process.execPath}" "${MAIN}" "$@"; }`;
  return new Promise((resolve) => {
    execFile('bash', ['-c', `${program}; ${line}`], { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('demo --out', () => {
  it('says where it has written, when all of it is valid, and what to try', () => {
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('valid at 2024-01-02T00:00:00Z');
    expect(made.stdout).toContain(`cd ${demo}`);
    expect(readFileSync(join(demo, 'README.txt'), 'utf8')).toContain('2024-01-02T00:00:00Z (--at)');
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const again = join(folder, 'again');
    const outcome = await run(['demo', '--out', again, '--seed', 'demo', '--format', 'json']);
    expect(filesOf(again)).toEqual(filesOf(demo));
    const { files, at, seed } = JSON.parse(outcome.stdout);
    expect([files.toSorted(), at, seed]).toEqual([Object.keys(filesOf(demo)), '2024-01-02T00:00:00Z', 'demo']);
    const other = join(folder, 'other');
    await run(['demo', '--out', other, '--seed', 'other', '--items', '5']);
    expect(Object.keys(filesOf(other))).toEqual(Object.keys(filesOf(demo)));
    expect(readFileSync(join(other, 'root.oer'))).not.toEqual(readFileSync(join(demo, 'root.oer')));
    expect(readFileSync(join(other, 'messages.oer')).length).toBeLessThan(
      readFileSync(join(demo, 'messages.oer')).length,
    );
  });

  it('leaves a directory alone that is not empty, unless it is told to', async () => {
    const used = join(folder, 'used');
    mkdirSync(used);
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'mine');
    writeFileSync(join(used, 'mine.txt'), 'mine');
    symlinkSync(elsewhere, join(used, 'root.oer'));
    const refused = await run(['demo', '--out', used]);
    expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('not empty; --force') });
    expect(readdirSync(used).sort()).toEqual(['mine.txt', 'root.oer']);
    expect((await run(['demo', '--out', used, '--force'])).status).toBe(0);
    expect(readFileSync(join(used, 'mine.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(readFileSync(join(used, 'root.oer'))).toEqual(readFileSync(join(demo, 'root.oer')));
  });

  it('names what it cannot write to, once', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const outcome = await run(['demo', '--out', file]);
    expect(outcome.status).toBeGreaterThanOrEqual(3);
    expect(outcome.stderr).toMatch(/^error: --out .*a-file.*ENOTDIR/);
    expect(outcome.stderr.split('a-file')).toHaveLength(2);
  });
});

describe('its files', () => {
  const trust = ['--root', 'root.oer', '--ca', 'chain.oer', '--at', '2024-01-02'];
  const inDemo = (args: readonly string[]): string[] =>
    args.map((arg) => (/\.(oer|json|ndjson|gz)$|\/$/.test(arg) ? join(demo, arg) : arg));

  it.each(['messages', 'certs'])('%s.ndjson get the verdicts that they say', async (command) => {
    const args = inDemo([`${command}.ndjson`, ...trust, '--crl', 'crls/']);
    const expected = jsonLines(readFileSync(join(demo, `${command}.ndjson`), 'utf8'));
    const rows = jsonLines((await run([command, ...args, '--threads', '0'])).stdout);
    expect(rows.map(({ code }, i) => [expected[i]?.fault, code])).toEqual(
      expected.map(({ fault, expected: code }) => [fault, code]),
    );
    const codes = new Set(expected.map(({ expected: code }) => code));
    expect(codes).toContain('ok');
    expect(codes).toContain('certificateRevoked');
    expect(codes.size).toBeGreaterThan(30);
  });

  it('the same messages are in messages.oer and rsu-log.gz, and all are valid without CRLs', async () => {
    const [oer, log] = await Promise.all(
      ['messages.oer', 'rsu-log.gz'].map(async (name) =>
        jsonLines((await run(['messages', ...inDemo([name, ...trust])])).stdout),
      ),
    );
    const verdicts = (rows: typeof oer) =>
      rows?.map(({ code, generationTime, hashedId8 }) => [code, generationTime, hashedId8]);
    expect(verdicts(log)).toEqual(verdicts(oer));
    expect(oer?.every(({ verdict }) => verdict === 'valid')).toBe(true);
    expect(oer?.length).toBeGreaterThan(100);
  });

  it('certificates whose names say so are revoked, and no others', async () => {
    const { stdout } = await run(['certs', ...inDemo(['certs/', ...trust, '--crl', 'crls/'])]);
    const rows = jsonLines(stdout) as { source: string; code: string }[];
    for (const { source, code } of rows) {
      const name = source.slice(source.lastIndexOf('/') + 1);
      expect([name, code === 'certificateRevoked']).toEqual([name, name.startsWith('revoked')]);
    }
    expect(new Set(rows.map(({ code }) => code))).toEqual(
      new Set(['certificateRevoked', 'ok', 'implicitReconstructed']),
    );
  });
});

const LONG_ENOUGH = 600_000;

/** The commands of README.txt, in the order in which a reader pastes them. */
async function pasted(commands: readonly string[], cwd: string): Promise<void> {
  for (const command of commands) {
    const { status, stderr } = await shell(command, cwd);
    expect({ command, status, stderr: stderr.match(/^error: .*/m)?.[0] }).toEqual({
      command,
      status: status === 1 ? 1 : 0,
      stderr: undefined,
    });
  }
}

describe('commands run as pasted', () => {
  it(
    'of README.txt',
    async () => {
      const text = readFileSync(join(demo, 'README.txt'), 'utf8');
      const commands = text.match(/^ {2}scms-verify .*/gm) ?? [];
      expect(commands.length).toBeGreaterThan(15);
      await pasted(commands, demo);
      const { stdout } = await shell('scms-verify trust show store/ --at 2024-01-02 --format ndjson', demo);
      expect(JSON.parse(stdout)).toMatchObject({ state: { revision: 2, flags: [], crls: Array(4).fill({}) } });
    },
    LONG_ENOUGH,
  );
});
