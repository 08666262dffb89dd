/** Help of nested commands, and the usage that follows an error about the command line. */
import { describe, expect, it } from 'vitest';
import { run } from './support.ts';

const GROUPS = {
  crl: ['check', 'show', 'expand', 'lookup', 'stats'],
  trust: ['init', 'apply', 'show', 'log', 'lint'],
} as const;
const COMMANDS: readonly (readonly string[])[] = [
  ['certs'],
  ['messages'],
  ['show'],
  ['demo'],
  ['rehearse'],
  ...Object.entries(GROUPS).flatMap(([group, names]) => [[group], ...names.map((name) => [group, name])]),
];

describe('help', () => {
  it.each(COMMANDS.map((names) => [names.join(' '), names] as const))('%s', async (text, names) => {
    const [help, option] = await Promise.all([run(['help', ...names]), run([...names, '--help'])]);
    expect(help).toEqual(option);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: scms-verify ${text} .*\\[options\\]\n`));
  });

  it('alone is that of the program', async () => {
    expect((await run(['help'])).stdout).toBe((await run(['--help'])).stdout);
  });

  it.each([
    [['help', 'nope'], "unknown command 'nope'", 'Usage: scms-verify certs'],
    [['help', 'crl', 'nope'], "unknown command 'nope'", 'Usage: scms-verify crl check'],
    [
      ['help', 'certs', 'nope'],
      "unknown command 'nope'",
      'Usage: scms-verify certs [FILE...] [options]\n(scms-verify help certs says more)',
    ],
  ])('%j is no command', async (args, error, usage) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${error}`);
    expect(stderr).toContain(usage);
  });

  it('says that relevance is off for files, and how a receiver verifies', async () => {
    for (const command of ['certs', 'messages']) {
      const { stdout } = await run([command, '--help']);
      for (const text of [
        'Relevance checks are off: a file is a record of its day',
        '--receiver',
        '--no-check-expiry',
      ]) {
        expect(stdout).toContain(text);
      }
    }
  });
});

describe('usage after an error', () => {
  it.each([
    ['no input', ['certs'], 'scms-verify certs [FILE...] [options]'],
    ['an unknown option', ['crl', 'check', '--frob'], 'scms-verify crl check [CRL...] [options]'],
    ['an invalid value', ['messages', 'x', '--max-future', 'soon'], 'scms-verify messages [FILE...] [options]'],
    [
      'options that do not go together',
      ['crl', 'expand', 'x', '--period', '1', '--format', 'bin'],
      'scms-verify crl expand [CRL...] --period <I[..I2]> [options]',
    ],
    [
      'a missing option',
      ['trust', 'init', 'x'],
      'scms-verify trust init <DIR> --elector <FILE...> --quorum <N> [options]',
    ],
    ['a missing argument', ['show'], 'scms-verify show <FILE...> [options]'],
    ['nothing to look up', ['crl', 'lookup', 'x'], 'scms-verify crl lookup [CRL...] [options]'],
    ['too much', ['demo', 'x'], 'scms-verify demo [options]'],
  ])('%s: that of the command, and only that', async (_, args, usage) => {
    const { status, stdout, stderr } = await run(args);
    const names = args.slice(0, GROUPS[args[0] as 'crl'] ? 2 : 1).join(' ');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr.endsWith(`\n\nUsage: ${usage}\n(scms-verify help ${names} says more)\n`)).toBe(true);
  });

  it('of a group: those of its commands', async () => {
    const { stderr } = await run(['trust', 'frob']);
    for (const name of GROUPS.trust) expect(stderr).toContain(`scms-verify trust ${name} `);
    expect(stderr).not.toContain('scms-verify crl');
  });
});
