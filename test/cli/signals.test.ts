/** SIGINT and SIGTERM: results so far are printed whole, the status names the signal, a second signal ends at once. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/testbed/crls.ts';
import { createFixture, type Fixture, hex, jsonLines, MAIN, messagesOf, type Outcome, run } from './support.ts';

const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof STATUS;
const WORD = { SIGINT: 'interrupted', SIGTERM: 'terminated' } as const;
const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM'];

let fixture: Fixture;
let messages: string[];
let fifos = 0;
beforeAll(() => {
  fixture = createFixture();
  messages = messagesOf(fixture.scms, 300).map((message) => `${hex(message)}\n`);
});
afterAll(() => fixture.remove());

/** Feeds the program and sends it a signal at its first output; its input never ends. */
function onFirstOutput(args: readonly string[], input: string, signal: Signal): Promise<Outcome> {
  return run(args, {
    during(child) {
      child.stdin?.write(input);
      child.stdout?.once('data', () => child.kill(signal));
    },
  });
}

/** Sends a signal while the program reads a FIFO, which both sides have opened and which does not end. */
async function whileReading(signal: Signal, argsOf: (fifo: string) => string[], content = ''): Promise<Outcome> {
  const fifo = fixture.path(`fifo-${fifos++}`);
  execFileSync('mkfifo', [fifo]);
  let child: ChildProcess | undefined;
  const ended = run(argsOf(fifo), {
    during(one) {
      child = one;
      one.stdin?.end();
    },
  });
  const file = await open(fifo, 'w');
  await file.write(content);
  child?.kill(signal);
  // The FIFO stays open: only the signal can end the run.
  const outcome = await ended;
  await file.close();
  return outcome;
}

describe.each(SIGNALS)('%s', (signal) => {
  const live = (...args: string[]): string[] => ['messages', '-', ...fixture.trust, ...args];

  it.each(['0', '2'])(
    'live messages: rows that were verified are printed, with a summary (%s threads)',
    async (threads) => {
      const { status, stdout, stderr } = await onFirstOutput(live('--threads', threads), messages.join(''), signal);
      expect(status).toBe(STATUS[signal]);
      const rows = jsonLines(stdout);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(({ code }) => code === 'ok')).toBe(true);
      expect(stderr).toContain(`${rows.length} items: ${rows.length} valid`);
      expect(stderr).toContain(`incomplete: ${WORD[signal]} before the end of the input`);
    },
  );

  it('JSON is whole: items and summary agree', async () => {
    const { status, stdout } = await onFirstOutput(
      live('--threads', '1', '--format', 'json'),
      messages.join(''),
      signal,
    );
    expect(status).toBe(STATUS[signal]);
    const { items, summary } = JSON.parse(stdout);
    expect(items.length).toBeGreaterThan(0);
    expect(summary).toMatchObject({ items: items.length, incomplete: `${WORD[signal]} before the end of the input` });
  });
});

describe('a signal to any other command', () => {
  const signal = 'SIGTERM';

  it('JSON is whole without any item, too', async () => {
    const args = ['--format', 'json', '--threads', '0'];
    const { status, stdout } = await whileReading(signal, (fifo) => ['certs', fifo, ...fixture.trust, ...args]);
    expect(status).toBe(STATUS[signal]);
    expect(JSON.parse(stdout)).toMatchObject({ items: [], summary: { items: 0 } });
  });

  it('--summary is printed', async () => {
    const args = ['--summary', '--threads', '0', '--format', 'ndjson'];
    const outcome = await whileReading(signal, (fifo) => ['messages', fifo, ...fixture.trust, ...args], messages[0]);
    expect(outcome.status).toBe(STATUS[signal]);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ incomplete: `${WORD[signal]} before the end of the input` });
  });

  it('show and crl lookup end behind a whole structure', async () => {
    const shown = await onFirstOutput(['show', '-', '--format', 'json'], messages.slice(0, 5).join(''), signal);
    expect(shown.status).toBe(STATUS[signal]);
    expect(JSON.parse(shown.stdout).length).toBeGreaterThan(0);
    expect(shown.stderr).toContain(WORD[signal]);
    const crl = fixture.write('crl.oer', issueCrl(fixture.scms, { devices: [1] }));
    const lookup = ['crl', 'lookup', crl, ...fixture.trust, '--certificates', '-', '--threads', '0'];
    const looked = await onFirstOutput(lookup, `${hex(fixture.scms.pca.bytes)}\n`, signal);
    expect(looked.status).toBe(STATUS[signal]);
    expect(jsonLines(looked.stdout)).toHaveLength(1);
  });

  it('crl check and crl show end while they read', async () => {
    const checked = await whileReading(signal, (fifo) => ['crl', 'check', fifo, ...fixture.trust, '--format', 'json']);
    expect(checked.status).toBe(STATUS[signal]);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      items: [],
      summary: { items: 0, incomplete: expect.any(String) },
    });
    const shown = await whileReading(signal, (fifo) => ['crl', 'show', fifo, '--format', 'json']);
    expect([shown.status, JSON.parse(shown.stdout)]).toEqual([STATUS[signal], []]);
  });

  it('JSON is whole while trust or CRLs are still being read', async () => {
    const input = fixture.write('input.hex', messages[0] as string);
    const json = ['--format', 'json', '--threads', '2'];
    for (const option of ['--root', '--crl']) {
      const root = option === '--root' ? [] : ['--root', fixture.path('root.oer')];
      const outcome = await whileReading(signal, (fifo) => ['messages', input, ...json, ...root, option, fifo]);
      expect(outcome.status).toBe(143);
      expect(JSON.parse(outcome.stdout)).toMatchObject({
        items: [],
        summary: { items: 0, incomplete: expect.any(String) },
      });
    }
    const check = await whileReading(signal, (fifo) => ['crl', 'check', input, '--root', fifo, '--format', 'json']);
    expect([check.status, JSON.parse(check.stdout).items]).toEqual([143, []]);
    const stats = await whileReading(signal, (fifo) => ['crl', 'stats', fifo, ...fixture.trust]);
    expect(stats).toMatchObject({ status: 143, stdout: '', stderr: `terminated before the end\n` });
  });

  it('crl expand ends behind a whole line, on standard output and in a file', async () => {
    const crl = fixture.write('large.oer', issueCrl(fixture.scms, { devices: [1], filler: 30_000 }));
    const args = ['crl', 'expand', crl, ...fixture.trust, '--period', `${fixture.scms.firstPeriod}`];
    const { status, stdout, stderr } = await onFirstOutput(args, '', signal);
    expect([status, stderr]).toEqual([STATUS[signal], `${WORD[signal]} before the end\n`]);
    expect(stdout.endsWith('\n')).toBe(true);
    expect(jsonLines(stdout).length).toBeLessThan(30_001 * 20);
  });

  it('demo says what it has verified', async () => {
    const { status, stdout, stderr } = await onFirstOutput(
      ['demo', '--items', '5000', '--format', 'table'],
      '',
      signal,
    );
    expect(status).toBe(STATUS[signal]);
    expect(stdout).toMatch(/incomplete: \w+; (\d[\d,]*) of \1 verdicts as expected/);
    expect(stderr).toContain(WORD[signal]);
  });

  it('rehearse: JSON is whole', async () => {
    const outcome = await whileReading(signal, (fifo) => ['rehearse', fifo, '--format', 'json']);
    expect(outcome.status).toBe(STATUS[signal]);
    expect(JSON.parse(outcome.stdout)).toEqual({ format: 1, incomplete: WORD[signal] });
  });

  it('trust apply changes nothing while it reads', async () => {
    const elector = fixture.write('elector.oer', fixture.scms.electors[0]?.bytes as Uint8Array);
    const store = fixture.path(`store-${signal}`);
    await run(['trust', 'init', store, '--elector', elector, '--quorum', '1', '--at', fixture.at]);
    const outcome = await whileReading(signal, (fifo) => ['trust', 'apply', store, fifo]);
    expect([outcome.status, outcome.stdout]).toEqual([STATUS[signal], '']);
    expect(outcome.stderr).toContain(`${WORD[signal]} before the end`);
    expect(jsonLines((await run(['trust', 'log', store])).stdout)).toHaveLength(1);
  });
});

describe('a second signal', () => {
  it.each(SIGNALS)('ends a run at once whose output is not read: %s', async (second) => {
    const input = fixture.write('many.hex', messages.join('').repeat(20));
    const fifo = fixture.path(`unread-${second}`);
    execFileSync('mkfifo', [fifo]);
    const args = [MAIN, 'messages', input, ...fixture.trust, '--threads', '0'];
    const command = ['-c', 'exec "$0" "$@" > "$FIFO"', process.execPath, ...args];
    const child = spawn('sh', command, { env: { ...process.env, FIFO: fifo }, stdio: 'ignore' });
    const ended = new Promise<unknown[]>((resolve) => child.on('close', (...how) => resolve(how)));
    const reader = await open(fifo, 'r');
    // In the middle of its output, which is far more than a pipe holds.
    await reader.read(Buffer.alloc(1), 0, 1);
    await stuck(child.pid as number);
    child.kill('SIGINT');
    // As often as it takes: one that comes while the first is pending is the same signal to the system.
    const again = setInterval(() => child.kill(second), 50);
    const [status, killedBy] = await ended;
    clearInterval(again);
    await reader.close();
    // As the system reports a process that did not listen: to a shell that is 130 or 143 all the same.
    expect([status, killedBy]).toEqual([null, second]);
  });

  /** Resolves when a process has used no processor time for a second. */
  async function stuck(pid: number): Promise<void> {
    const ticks = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join(' ');
    for (let quiet = 0, last = ''; quiet < 10; ) {
      const now = ticks();
      quiet = now === last ? quiet + 1 : 0;
      last = now;
      await sleep(100);
    }
  }
});
