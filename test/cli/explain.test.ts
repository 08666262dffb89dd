/** `explain`: each item as `certs` and `messages` verify it in its place, and why. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/verifier/index.ts';
import { jsonLines, run, verify } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  expect((await run(['demo', '--out', join(folder, 'demo')])).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, 'demo', name);
const trust = (): string[] => ['--root', file('root.oer'), '--ca', file('chain.oer'), '--at', '2024-01-02'];
type Line = Explanation & { readonly index: number; readonly source: string };
const MEMBERS = [
  'kind',
  'hashedId8',
  'verdict',
  'code',
  'detail',
  'depth',
  'signature',
  'trust',
  'revocation',
] as const;

describe('explain', () => {
  it.each([
    ['messages', 'messages.oer', []],
    ['messages', 'rsu-log.gz', ['--receiver']],
    ['messages', 'messages.ndjson', ['--max-age', '2', '--replay-window', '60']],
    ['certs', 'certs/', ['--require-crl']],
    ['certs', 'certs.ndjson', ['--at-own-start']],
  ] as const)('%s %s: says of each item what the verdict says (%j)', async (command, name, more) => {
    const args = [file(name), ...trust(), '--crl', file('crls/'), ...more];
    const [explained, verified] = await Promise.all([
      run(['explain', ...args, '--format', 'ndjson']),
      verify(command, [...args, '--format', 'ndjson']),
    ]);
    const [lines, verdicts] = [jsonLines(explained.stdout) as unknown as Line[], jsonLines(verified.stdout)];
    expect(lines.map(({ index }) => index)).toEqual(verdicts.map((_, i) => i));
    let others = 0;
    lines.forEach(({ verdict }, i) => {
      // What is of the other kind, or hardly of any, is explained as what it looks like.
      if (verdict.kind !== verdicts[i]?.kind) {
        others++;
        expect(verdicts[i]?.verdict).not.toBe('valid');
        return;
      }
      for (const member of MEMBERS) expect(verdict[member], `${member} of ${i}`).toEqual(verdicts[i]?.[member]);
    });
    expect(others).toBeLessThan(4);
    expect(explained.status).toBe(verified.status);
    for (const { rules, verdict } of lines) {
      const failed = rules.filter(({ outcome, needed }) => outcome === 'failed' && needed);
      expect(failed.length === 0).toBe(verdict.verdict === 'valid');
    }
  });

  it('takes certificates and messages in one input, as one list of JSON', async () => {
    const { stdout, status } = await run([
      'explain',
      file('message.oer'),
      file('pca.oer'),
      ...trust(),
      '--format',
      'json',
    ]);
    const [message, certificate] = JSON.parse(stdout) as Line[];
    expect(status).toBe(0);
    expect(message).toMatchObject({ index: 0, source: file('message.oer'), verdict: { kind: 'message', code: 'ok' } });
    expect(certificate).toMatchObject({ index: 1, verdict: { kind: 'certificate', code: 'ok' } });
    expect(message?.rules.map(({ id }) => id)).toContain('headerPsid');
  });

  it('is text by default: the chain, every rule with its clause, and what failed', async () => {
    const { stdout, status } = await run([
      'explain',
      file('message.oer'),
      ...trust(),
      '--at',
      '2024-01-02T00:10:00Z',
      '--max-age',
      '1',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('message, invalid, generationTimeTooFarInPast');
    expect(stdout).toMatch(/FAILED +relevance +0 {2}generatedLately \(IEEE 1609\.2 §5\.2\.4\.2\.4\)/);
    expect(stdout).toMatch(/generationTimeTooFarInPast: generated 20/);
    expect(stdout).toMatch(/passed +ownSignature +0 {2}messageSignature/);
    expect(stdout).toMatch(/4 {2}[0-9a-f]{16} {2}explicit, issuer self/);
  });

  it('shows text of an item so that a terminal cannot take it for a command', async () => {
    const { stdout } = await run(['explain', '-', ...trust()], { input: Uint8Array.of(0x1b, 0x5b, 0x32, 0x4a) });
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('unreadableRecord');
  });

  it('refuses what it cannot do, and says what to do', async () => {
    for (const option of ['--resolve-late', '--summary']) {
      const { status, stderr } = await run(['explain', file('message.oer'), ...trust(), option]);
      expect(status).toBe(2);
      expect(stderr).toContain(option);
    }
    expect((await run(['explain', ...trust()])).stderr).toContain('no input');
    expect((await run(['explain', file('missing.oer'), ...trust()])).status).toBe(3);
    const empty = await run(['explain', '-', ...trust(), '--format', 'json'], { input: '' });
    expect(JSON.parse(empty.stdout)).toEqual([]);
  });
});
