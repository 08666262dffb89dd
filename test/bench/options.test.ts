import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseOptions, UsageError } from '../../bench/options.ts';
import { runProgram } from '../../bench/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'scms-verify-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as its users do, but in this process. */
async function bench(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  const status = await runProgram(argv, {
    write: (text) => {
      output.stdout += text;
    },
    progress: (text) => {
      output.stderr += text;
    },
  });
  return { status, ...output };
}

describe('the command line', () => {
  test('means everything, thoroughly, when nothing is said', () => {
    const { only, ...rest } = parseOptions([]);
    expect(rest).toEqual({ quick: false, help: false, list: false, json: undefined, html: undefined });
    expect(only.test('anything at all')).toBe(true);
  });

  test('takes files, and a pattern in any case', () => {
    const json = join(folder, 'a.json');
    const { quick, only, ...rest } = parseOptions(['--quick', '--json', json, '--only', 'sha-256']);
    expect(rest.json).toBe(json);
    expect(quick).toBe(true);
    expect(only.test('kernels: SHA-256')).toBe(true);
    expect(only.test('peers: ECDSA')).toBe(false);
  });

  const wrong: [string[], RegExp][] = [
    [['--fast'], /--fast/],
    [['bench.json'], /bench\.json/],
    [['--json'], /--json/],
    [['--json', ''], /--json needs the name of a file/],
    [['--json', join(folder, 'nowhere', 'x.json')], /no directory/],
    [['--html', folder], /is a directory/],
    [['--json', join(folder, 'x'), '--html', `${folder}/./x`], /same file/],
    [['--only', '('], /--only: .*regular expression/],
    [['--only', 'no such group'], /matches no group.*kernels: SHA-256/s],
  ];
  test.each(wrong)('%j ends with status 2 and says why', async (argv, message) => {
    const { status, stdout, stderr } = await bench(...argv);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('--help');
    expect(stdout).toBe('');
  });

  test('usage errors are told from others by their class', () => {
    expect(() => parseOptions(['--fast'])).toThrow(UsageError);
  });
});

describe('what needs no measuring', () => {
  test('--help names every option and how to read the rows', async () => {
    const { status, stdout } = await bench('--help');
    expect(status).toBe(0);
    for (const word of ['--quick', '--only', '--list', '--json', '--html', 'ratio', 'target', 'loses to']) {
      expect(stdout).toContain(word);
    }
  });

  test('--list names each group once', async () => {
    const { status, stdout } = await bench('--list');
    const names = stdout.trim().split('\n');
    expect(status).toBe(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('pipeline: files to verdicts, '))).toHaveLength(7);
    for (const section of ['kernels', 'operations', 'under attack', 'pipeline', 'peers']) {
      expect(names.some((name) => name.startsWith(`${section}: `))).toBe(true);
    }
  });
});
