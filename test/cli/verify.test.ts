/** `certs` and `messages`: fields, formats, order, summary. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createFixture,
  explicitPseudonyms,
  type Fixture,
  hex,
  joined,
  jsonLines,
  messagesOf,
  run,
  spoiled,
  verify,
} from './support.ts';

const COMMON = [
  'index',
  'source',
  'offset',
  'kind',
  'hashedId8',
  'verdict',
  'code',
  'depth',
  'detail',
  'signature',
  'resultCode',
  'resultName',
  'trust',
  'trustRevision',
  'revocation',
  'crlRevision',
  'regionChecked',
];

let fixture: Fixture;
let certificates: Uint8Array[];
let messages: Uint8Array[];

beforeAll(() => {
  fixture = createFixture();
  certificates = explicitPseudonyms(fixture.scms, 5).map(({ bytes }) => bytes);
  messages = messagesOf(fixture.scms, 5);
  fixture.write('certs.oer', joined(certificates));
  fixture.write('messages.oer', joined(messages));
  fixture.write('late.hex', [...messages.slice(1), messages[0] as Uint8Array].map(hex).join('\n'));
  fixture.write(
    'mixed.hex',
    [messages[0], spoiled(messages[1] as Uint8Array)].map((one) => hex(one as Uint8Array)).join('\n'),
  );
});
afterAll(() => fixture.remove());

describe('NDJSON', () => {
  it('has exactly the fields of a certificate, in their order, one line an item in input order', async () => {
    const { status, stdout, stderr } = await verify('certs', [fixture.path('certs.oer'), ...fixture.trust]);
    const rows = jsonLines(stdout);
    expect(status).toBe(0);
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(Object.keys(row)).toEqual([...COMMON, 'publicKey']);
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(rows.map(({ offset }) => offset)).toEqual(offsets(certificates));
    expect(rows[0]).toMatchObject({
      source: fixture.path('certs.oer'),
      kind: 'certificate',
      verdict: 'valid',
      code: 'ok',
    });
    expect(rows[0]).toMatchObject({ resultCode: 0, resultName: 'success', trust: 'root', revocation: 'notChecked' });
    expect(rows[0]?.publicKey).toMatch(/^0[23][0-9a-f]{64}$/);
    expect(stderr).toMatch(/5 items: 5 valid · 0 invalid · 0 undecided/);
  });

  it('has exactly the fields of a message, in their order', async () => {
    const { status, stdout } = await verify('messages', [fixture.path('messages.oer'), ...fixture.trust]);
    const rows = jsonLines(stdout);
    expect(status).toBe(0);
    for (const row of rows) expect(Object.keys(row)).toEqual([...COMMON, 'psid', 'generationTime', 'signer']);
    expect(rows.map(({ signer }) => signer)).toEqual(['certificate', 'digest', 'digest', 'digest', 'digest']);
    expect(rows[0]).toMatchObject({ psid: 32, generationTime: expect.stringMatching(/^2024-.*Z$/) });
  });

  it('adds line, errorOffset and errors where there is something to say, in this order', async () => {
    const lines = [hex(certificates[0] as Uint8Array), hex((certificates[1] as Uint8Array).subarray(0, -1))].join('\n');
    const { status, stdout } = await verify('certs', ['-', ...fixture.trust, '--all-errors'], { input: lines });
    const [good, cut] = jsonLines(stdout);
    expect(status).toBe(1);
    expect(Object.keys(good ?? {})).toEqual([...COMMON, 'publicKey', 'line', 'errors']);
    expect(Object.keys(cut ?? {})).toEqual([...COMMON, 'publicKey', 'line', 'errorOffset', 'errors']);
    expect(cut).toMatchObject({ line: 2, code: 'truncated', verdict: 'invalid', publicKey: null, hashedId8: null });
    expect(cut?.errors).toMatchObject([{ code: 'truncated' }]);
  });

  it('is the same for every number of threads and every kernel', async () => {
    const args = ['messages', fixture.path('mixed.hex'), fixture.path('messages.oer'), ...fixture.trust];
    const [inline, ...others] = await Promise.all([
      run([...args, '--threads', '0', '--kernel', 'scalar']),
      run([...args, '--threads', '1', '--kernel', 'native']),
      run(args),
    ]);
    for (const other of others) expect(other.stdout).toBe(inline?.stdout);
    expect(jsonLines(inline?.stdout ?? '')).toHaveLength(7);
  });
});

describe('other formats', () => {
  it('json is one document with every item and the summary', async () => {
    const { status, stdout, stderr } = await verify('messages', [
      fixture.path('mixed.hex'),
      ...fixture.trust,
      '--format',
      'json',
    ]);
    const document = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(document.items).toHaveLength(2);
    expect(document.summary).toMatchObject({
      items: 2,
      valid: 1,
      invalid: 1,
      undecided: 0,
      codes: { ok: 1, badSignature: 1 },
      threads: 0,
      trustRevision: 1,
      warnings: [],
    });
    expect(document.summary.rate).toBeGreaterThan(0);
    const { kernel, verifier, memoryBytes } = document.summary.metrics;
    expect(verifier.fast + verifier.ordinary).toBe(2);
    expect(kernel.table + kernel.equation + kernel.lockstep + kernel.single).toBeGreaterThanOrEqual(2);
    expect(memoryBytes).toBeGreaterThan(0);
    expect(document.summary.kernel).toMatch(/^(fma|simd|scalar)$/);
  });

  it('table has a line an item and no colours where nobody looks', async () => {
    const { stdout } = await verify('messages', [fixture.path('mixed.hex'), ...fixture.trust, '--format', 'table']);
    expect(stdout).toMatch(/index +verdict +code/);
    expect(stdout).toMatch(/0 +valid +ok/);
    expect(stdout).toMatch(/1 +invalid +badSignature/);
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    ['ndjson', (text: string) => JSON.parse(text)],
    ['json', (text: string) => JSON.parse(text).summary],
  ])('--summary as %s is the summary alone', async (format, read) => {
    const args = [fixture.path('mixed.hex'), ...fixture.trust, '--summary', '--format', format];
    const { status, stdout, stderr } = await verify('messages', args);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(read(stdout)).toMatchObject({ items: 2, codes: { ok: 1, badSignature: 1 } });
    expect(stdout).not.toContain('"index"');
  });
});

describe('verifying', () => {
  it('--resolve-late finds a certificate that comes later, and keeps the order', async () => {
    const args = [fixture.path('late.hex'), ...fixture.trust];
    const early = await verify('messages', args);
    expect(early.status).toBe(1);
    expect(jsonLines(early.stdout).map(({ code }) => code)).toEqual([...Array(4).fill('certificateNotFound'), 'ok']);
    const [late, pooled] = await Promise.all([
      verify('messages', [...args, '--resolve-late']),
      run(['messages', ...args, '--resolve-late', '--threads', '2']),
    ]);
    expect(late.status).toBe(0);
    expect(jsonLines(late.stdout).map(({ index, code }) => [index, code])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [i, 'ok']),
    );
    expect(pooled.stdout).toBe(late.stdout);
  });

  it('--accept-reconstructed lets implicit certificates pass the exit status, and nothing else', async () => {
    const [implicit] = jsonLines((await run(['show', fixture.path('messages.oer'), '--format', 'ndjson'])).stdout);
    expect(implicit).toMatchObject({ structure: 'data', signer: 'certificate' });
    const { pseudonyms } = await import('../../src/testbed/index.ts');
    const [device] = pseudonyms(fixture.scms, { devices: 1, perWeek: 1 });
    const octets = (device as { bytes: Uint8Array }).bytes;
    const input = hex(octets);
    const strict = await verify('certs', ['-', ...fixture.trust], { input });
    expect(strict.status).toBe(1);
    expect(jsonLines(strict.stdout)[0]).toMatchObject({ verdict: 'undecided', code: 'implicitReconstructed' });
    expect((await verify('certs', ['-', ...fixture.trust, '--accept-reconstructed'], { input })).status).toBe(0);
    const spoiledToo = `${input}\n${hex(spoiled(certificates[0] as Uint8Array))}`;
    const mixed = await verify('certs', ['-', ...fixture.trust, '--accept-reconstructed'], { input: spoiledToo });
    expect(mixed.status).toBe(1);
  });

  it('verifies at the time that is given, or at each start', async () => {
    const [, root, , ...cas] = fixture.trust.slice(0, -2);
    const trust = ['--root', root as string, '--ca', ...cas];
    const now = await verify('certs', [fixture.path('certs.oer'), ...trust]);
    expect(now.status).toBe(1);
    expect(jsonLines(now.stdout)[0]).toMatchObject({ code: 'certificateExpired' });
    expect((await verify('certs', [fixture.path('certs.oer'), ...trust, '--at-own-start'])).status).toBe(0);
    expect((await verify('certs', [fixture.path('certs.oer'), ...trust, '--at', '2024-01-02T00:00:00Z'])).status).toBe(
      0,
    );
  });

  it('takes relevance options', async () => {
    const relevance = async (...flags: string[]): Promise<unknown[]> => {
      const { stdout } = await verify('messages', [fixture.path('messages.oer'), ...fixture.trust, ...flags]);
      return jsonLines(stdout).map(({ code }) => code);
    };
    const later = `tai:${fixture.scms.at / 1_000_000n + 100n}`;
    expect((await relevance('--at', later, '--max-age', '5'))[0]).toBe('generationTimeTooFarInPast');
    expect((await relevance('--position', '-42.5,83.5', '--max-distance', '100'))[0]).toBe(
      'generationLocationNotAvailable',
    );
  });
});

function offsets(parts: readonly Uint8Array[]): number[] {
  let at = 0;
  return parts.map((part) => {
    const offset = at;
    at += part.length;
    return offset;
  });
}
