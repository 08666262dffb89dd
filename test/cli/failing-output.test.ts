/**
 * Standard output and files that cannot be written: a full disk, a size limit, a read-only descriptor. The status is 5, the error
 * names the place, and the summary is printed on standard error.
 */
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/testbed/crls.ts';
import { createFixture, type Fixture, hex, jsonLines, MAIN, messagesOf, type Outcome, run } from './support.ts';

const FULL = '/dev/full';
/** Blocks of 1024 bytes that `ulimit -f` of bash allows. */
const LIMIT_BLOCKS = 32;

let fixture: Fixture;
let messages: string;
beforeAll(async () => {
  fixture = createFixture();
  messages = fixture.write('messages.hex', messagesOf(fixture.scms, 200).map(hex).join('\n'));
  fixture.write('crl.oer', issueCrl(fixture.scms, { devices: [1], filler: 200 }));
  const elector = fixture.write('elector.oer', fixture.scms.electors[0]?.bytes as Uint8Array);
  await run(['demo', '--out', fixture.path('demo')]);
  await run(['trust', 'init', fixture.path('store'), '--elector', elector, '--quorum', '1', '--at', fixture.at]);
});
afterAll(() => fixture.remove());

/** A line of bash in which `"$@"` is the program with these arguments. */
function bash(line: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const command = ['-c', line, 'bash', process.execPath, MAIN, ...args];
    const child = execFile('bash', command, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}

const verified = (...args: string[]): string[] => ['messages', messages, ...fixture.trust, ...args];

describe.runIf(existsSync(FULL))('a full disk behind standard output', () => {
  const message = 'standard output cannot be written: ENOSPC: no space left on device';

  it.each([
    ['ndjson', '0'],
    ['ndjson', '2'],
    ['json', '0'],
    ['table', '1'],
  ])('is told with the summary, in whatever format: %s, %s threads', async (format, threads) => {
    const { status, stderr } = await bash(`"$@" > ${FULL}`, verified('--format', format, '--threads', threads));
    expect(status).toBe(5);
    expect(stderr).toMatch(/\d+ items?: \d+ valid/);
    expect(stderr).toContain(`incomplete: ${message}`);
    expect(stderr).not.toContain('internal error');
  });

  it('of a summary alone, of crl check, and behind unreadable input', async () => {
    const summary = await bash(`"$@" > ${FULL}`, verified('--summary', '--threads', '0'));
    expect(summary).toMatchObject({ status: 5, stderr: expect.stringMatching(/200 items: 200 valid/) });
    const check = await bash(`"$@" > ${FULL}`, ['crl', 'check', fixture.path('crl.oer'), ...fixture.trust]);
    expect(check).toMatchObject({ status: 5, stderr: expect.stringMatching(/1 item: 1 valid/) });
    expect(check.stderr).toContain(message);
    const unreadable = await bash(`"$@" > ${FULL}`, [...verified('--threads', '0'), '--', fixture.path('absent')]);
    expect(unreadable.status).toBeGreaterThanOrEqual(3);
  });

  it.each<[string, () => string[]]>([
    ['show', () => ['show', messages]],
    ['crl show', () => ['crl', 'show', fixture.path('crl.oer')]],
    ['crl stats', () => ['crl', 'stats', fixture.path('crl.oer'), ...fixture.trust, '--period', '1043']],
    [
      'crl expand',
      () => ['crl', 'expand', fixture.path('crl.oer'), ...fixture.trust, '--period', `${fixture.scms.firstPeriod}`],
    ],
    [
      'crl lookup',
      () => ['crl', 'lookup', fixture.path('crl.oer'), ...fixture.trust, '--certificates', fixture.path('pca.oer')],
    ],
    ['trust show', () => ['trust', 'show', fixture.path('store')]],
    ['trust log', () => ['trust', 'log', fixture.path('store')]],
    ['demo --out', () => ['demo', '--out', fixture.path('demo'), '--force']],
    ['--help', () => ['--help']],
    ['help crl check', () => ['help', 'crl', 'check']],
    ['--version', () => ['--version']],
  ])('%s says so', async (_, args) => {
    const { status, stderr } = await bash(`"$@" > ${FULL}`, args());
    expect({ status, stderr }).toEqual({ status: 5, stderr: `error: ${message}\n` });
  });

  it('ends live input at once', async () => {
    const full = openSync(FULL, 'w');
    const args = [MAIN, 'messages', '-', ...fixture.trust, '--threads', '0'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', full, 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Nothing ends the input: only the failure can end the run.
    child.stdin?.write(readFileSync(messages));
    expect(await ended).toBe(5);
    expect(stderr).toContain(`incomplete: ${message}`);
    closeSync(full);
  });
});

describe('a limit of the size of files', () => {
  /** The system takes part of a write there, and only the next one fails. */
  it('a short write to standard output is an error, not a loss', async () => {
    const file = fixture.path('limited.ndjson');
    const line = `ulimit -f ${LIMIT_BLOCKS}; "$@" > ${file}`;
    const { status, stderr } = await bash(line, verified('--threads', '0'));
    expect(status).toBe(5);
    expect(stderr).toMatch(/incomplete: standard output cannot be written: EFBIG/);
    expect(statSync(file).size).toBe(LIMIT_BLOCKS * 1024);
  });

  it.each<[string, string, () => string[]]>([
    [
      '--output',
      'values.ndjson',
      () => ['crl', 'expand', fixture.path('crl.oer'), ...fixture.trust, '--period', `${fixture.scms.firstPeriod}`],
    ],
    [
      '--output',
      'values.index',
      () => [
        ...['crl', 'expand', fixture.path('crl.oer'), ...fixture.trust, '--period', `${fixture.scms.firstPeriod}`],
        ...['--format', 'bin', '--threads', '0'],
      ],
    ],
    ['--html', 'report.html', () => ['rehearse', fixture.path('demo/my-region.json')]],
  ])('names the file of %s %s', async (option, name, args) => {
    const file = fixture.path(name);
    const { status, stderr } = await bash(`ulimit -f ${LIMIT_BLOCKS}; "$@" > /dev/null`, [...args(), option, file]);
    expect({ status, stderr }).toEqual({
      status: 5,
      stderr: expect.stringContaining(`error: ${option} ${file} cannot be written: EFBIG: file too large\n`),
    });
    expect(stderr.split(file)).toHaveLength(2);
  });

  it('names the file of demo --out', async () => {
    const { status, stderr } = await bash('ulimit -f 8; "$@"', ['demo', '--out', fixture.path('limited-demo')]);
    expect(status).toBe(5);
    expect(stderr).toMatch(/^error: --out \S+limited-demo\/\S+ cannot be written: EFBIG: file too large\n$/);
  });
});

describe('other kinds of standard output', () => {
  it('a descriptor that cannot be written to is an error', async () => {
    const readOnly = await bash(`"$@" 1< ${messages}`, verified('--threads', '0'));
    expect(readOnly).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('standard output cannot be written: EBADF'),
    });
    const folder = await bash('"$@" 1< /', verified('--threads', '0'));
    expect(folder).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('standard output cannot be written: E'),
    });
  });

  it('closed, it is /dev/null, and the status is that of the verdicts', async () => {
    const closed = await bash('"$@" >&-', verified('--threads', '0'));
    expect(closed).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining('200 items: 200 valid') });
    expect((await bash('"$@" >&- 2>&- <&-', verified('--threads', '0'))).status).toBe(0);
  });

  it('a file gets everything, also behind what is in it', async () => {
    const file = fixture.write('appended', 'before\n');
    await bash(`"$@" >> ${file}`, verified('--threads', '0'));
    const [first, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(first).toBe('before');
    expect(jsonLines(rows.join('\n'))).toHaveLength(200);
  });

  it('a pipe that standard error shares has the summary last', async () => {
    const { stdout } = await bash('"$@" 2>&1 | (sleep 0.3; cat)', verified('--threads', '0'));
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('{"index":'))).toHaveLength(200);
    expect(lines.slice(0, 200).every((line) => line.startsWith('{"index":'))).toBe(true);
    expect(lines.at(-1)).toMatch(/^verified in /);
  });

  it.runIf(existsSync(FULL))('standard error that takes nothing changes no status', async () => {
    for (const line of [`"$@" 2> ${FULL}`, '"$@" 2>&-', '"$@" 2> >(true)']) {
      const { status, stdout } = await bash(line, verified('--threads', '0'));
      expect([status, jsonLines(stdout).length]).toEqual([0, 200]);
    }
    const wrong = await bash(`"$@" 2> ${FULL}`, ['certs', 'x', '--kernel', 'gpu']);
    expect(wrong.status).toBe(2);
  });
});
