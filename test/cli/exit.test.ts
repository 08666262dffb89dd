/** Exit statuses, usage errors, help, and streams that end early. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createFixture,
  explicitPseudonyms,
  type Fixture,
  hex,
  jsonLines,
  MAIN,
  messagesOf,
  run,
  verify,
} from './support.ts';

let fixture: Fixture;
beforeAll(() => {
  fixture = createFixture();
  fixture.write(
    'certs.hex',
    explicitPseudonyms(fixture.scms, 2)
      .map(({ bytes }) => hex(bytes))
      .join('\n'),
  );
});
afterAll(() => fixture.remove());

describe('2, the command line is wrong', () => {
  const WRONG: readonly (readonly [string, readonly string[]])[] = [
    ['unknown command', ['verify']],
    ['unknown option', ['certs', 'x', '--frobnicate']],
    ['no input', ['certs', '--root', 'x']],
    ['bad time', ['certs', 'x', '--at', 'yesterday']],
    ['bad leniency', ['certs', 'x', '--lenient', 'everything']],
    ['bad kernel', ['certs', 'x', '--kernel', 'gpu']],
    ['bad format', ['certs', 'x', '--format', 'xml']],
    ['bad input format', ['messages', 'x', '--input-format', 'pdf']],
    ['bad number of threads', ['certs', 'x', '--threads', '-1']],
    ['no batch', ['messages', 'x', '--max-batch', '0']],
    ['bad wait', ['messages', 'x', '--max-wait', '-1']],
    ['bad age', ['messages', 'x', '--max-age', 'old']],
    ['position without distance', ['messages', 'x', '--position', '1,2']],
    ['impossible position', ['messages', 'x', '--position', '91,2', '--max-distance', '5']],
    ['standard input taken for a root', ['certs', '--root', 'x', '-']],
    ['standard input taken for a CRL', ['certs', '--crl', 'x', '-']],
    ['bad policy for overdue CRLs', ['certs', 'x', '--overdue', 'sometimes']],
    ['bad number of periods', ['messages', 'x', '--periods', '-1']],
    ['no items', ['demo', '--items', '0']],
  ];
  it.each(WRONG)('%s', async (_, args) => {
    const { status, stdout, stderr } = await run(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain('Usage: ');
  });
});

describe('3, input that cannot be read', () => {
  it('names the file, after the verdicts that could be given', async () => {
    const args = [fixture.path('certs.hex'), fixture.write('empty.oer', ''), ...fixture.trust];
    for (const outcome of [await verify('certs', args), await run(['certs', ...args])]) {
      expect(outcome.status).toBe(3);
      expect(jsonLines(outcome.stdout)).toHaveLength(2);
      expect(outcome.stderr).toContain('empty.oer');
    }
    expect((await run(['show', fixture.path('absent.oer')])).status).toBe(3);
  });
});

describe('4, trust that cannot be used', () => {
  it.each([
    ['absent root', () => ['--root', fixture.path('absent.oer')]],
    ['root that is no certificate', () => ['--root', fixture.write('noise.oer', Uint8Array.of(1, 2, 3, 4))]],
    ['absent pins', () => ['--pins', fixture.path('absent.json')]],
    ['pins that are none', () => ['--pins', fixture.write('pins.json', '[{"certificate":"00","publicKey":"00"}]')]],
    ['a chain file as root', () => ['--root', fixture.write('chains.oer', Uint8Array.of(1, 0x80, 0x81, 0))]],
    ['a root among many', () => ['--root', fixture.path('root.oer'), '--root', fixture.path('absent.oer')]],
  ])('%s', async (_, trust) => {
    const { status, stdout, stderr } = await verify('certs', [fixture.path('certs.hex'), ...trust()]);
    expect(status).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: --(root|pins)/);
  });

  it('is more than unreadable input', async () => {
    const both = await verify('certs', [fixture.path('absent.oer'), '--root', fixture.path('absent.oer')]);
    expect(both.status).toBe(4);
  });

  it('of a CA that cannot be opened or holds nothing usable is an error', async () => {
    const files = [
      fixture.path('absent-ca.oer'),
      fixture.write('noise.oer', Uint8Array.of(1, 2, 3, 4)),
      fixture.write('page.html', new TextEncoder().encode('<html><body>404</body></html>')),
      fixture.path('messages.hex'),
    ];
    for (const ca of files) {
      const { status, stdout, stderr } = await verify('certs', [
        fixture.path('certs.hex'),
        ...fixture.trust,
        '--ca',
        ca,
      ]);
      expect({ ca, status, stdout }).toEqual({ ca, status: 4, stdout: '' });
      expect(stderr).toMatch(/^error: --ca /);
    }
  });

  it('of a CA beside usable ones is a warning', async () => {
    const ca = fixture.write('some.hex', new TextEncoder().encode(`${hex(fixture.scms.pca.bytes)}\nnothing\n`));
    const { status, stderr } = await verify('certs', [fixture.path('certs.hex'), ...fixture.trust, '--ca', ca]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: --ca .*some\.hex, byte \d+: not hex/);
  });

  it('names with control and bidirectional characters are escaped, in errors and in every format', async () => {
    const name = fixture.write('a\u001b[31m\u009b\u202eb.oer', Uint8Array.of(1, 2, 3));
    const outputs = await Promise.all([
      ...['ndjson', 'json', 'table'].map((format) => verify('messages', [name, ...fixture.trust, '--format', format])),
      verify('messages', [`${name}\u2066absent`]),
      verify('messages', [fixture.path('messages.hex'), '--root', name]),
      verify('messages', [fixture.path('messages.hex'), '--at', '\u001b[31m\u202e']),
      run(['show', name]),
      run(['crl', 'check', name, ...fixture.trust]),
      run(['trust', 'show', name]),
      run(['rehearse', name]),
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
    for (const { stdout, stderr } of outputs) {
      expect(stderr + stdout).not.toMatch(controls);
      expect(stderr + stdout).toMatch(/\\u202e/);
    }
  });

  it('is not needed: without any, everything is undecided or invalid, and a hint says why', async () => {
    const { status, stderr } = await verify('certs', [fixture.path('certs.hex'), '--at', fixture.at]);
    expect(status).toBe(1);
    expect(stderr).toContain('hint: nothing is trusted');
  });
});

describe('0, asking for help', () => {
  it('teaches every option of every command', async () => {
    const options = {
      certs: ['--root', '--ca', '--pins', '--at', '--at-own-start', '--resolve-late', '--require-location'],
      messages: [
        '--accept-reconstructed',
        '--all-errors',
        '--lenient',
        '--threads',
        '--max-batch',
        '--max-wait',
        '--kernel',
        '--format',
        '--summary',
      ],
      show: ['--format', '--input-format'],
      demo: ['--items', '--seed', '--out', '--force', '--threads', '--kernel', '--format'],
    };
    for (const [command, names] of Object.entries(options)) {
      const { status, stdout } = await run([command, '--help']);
      expect(status).toBe(0);
      for (const text of [...names, 'Examples', 'Exit status', 'scms-verify']) expect(stdout).toContain(text);
    }
    const { status, stdout } = await run(['--help']);
    expect(status).toBe(0);
    for (const command of Object.keys(options)) expect(stdout).toContain(command);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('FILE… options accumulate, and -- ends them', async () => {
    const { path, at } = fixture;
    const cas = ['--ca', path('ica.oer'), '--ca', path('pca.oer')];
    const { status } = await verify('certs', [...cas, '--at', at, '--root', path('root.oer'), '--', path('certs.hex')]);
    expect(status).toBe(0);
  });
});

describe('streams', () => {
  it.each(['0', '2'])('a reader that goes away ends it quietly, with %s threads', async (threads) => {
    const many = fixture.write('many.hex', messagesOf(fixture.scms, 20).map(hex).join('\n').concat('\n').repeat(100));
    const program = `"${process.execPath}" "${MAIN}" messages ${many} ${fixture.trust.join(' ')} --threads ${threads}`;
    const shell = (pipe: string) =>
      promisify(execFile)('bash', ['-c', `${program} | ${pipe}; echo "status $\{PIPESTATUS[0]}" >&2`]);
    const head = await shell('head -n 1');
    expect(jsonLines(head.stdout)).toHaveLength(1);
    expect(head.stderr).toBe('status 141\n');
    // A slow reader gets everything.
    const slow = await shell('(sleep 1; wc -l)');
    expect(slow.stdout.trim()).toBe('2000');
    expect(slow.stderr).toMatch(/status 0\n$/);
  });

  it('SIGINT stops it with the summary of what was verified', async () => {
    const line = `${hex(messagesOf(fixture.scms, 1)[0] as Uint8Array)}\n`;
    const { status, stderr, stdout } = await run(['messages', '-', ...fixture.trust, '--threads', '0'], {
      during(child) {
        child.stdin?.write(line.repeat(300));
        child.stdout?.once('data', () => child.kill('SIGINT'));
      },
    });
    expect(status).toBe(130);
    expect(jsonLines(stdout).length).toBeGreaterThanOrEqual(256);
    expect(stderr).toMatch(/items: .* valid/);
    expect(stderr).toContain('interrupted');
  });
});

describe('demo', () => {
  it('finds every verdict as expected, in the pool', async () => {
    const { status, stdout } = await run(['demo', '--items', '400']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/✔ (\d+) of \1 verdicts as expected/);
    expect(stdout).toContain('badSignature');
  });

  it('says the same as JSON', async () => {
    const { status, stdout } = await run([
      'demo',
      '--items',
      '60',
      '--seed',
      'other',
      '--threads',
      '0',
      '--format',
      'json',
    ]);
    const report = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(report).toMatchObject({ made: { seed: 'other' }, differences: [] });
    expect(report.asExpected).toBe(report.verdicts);
  });
});
