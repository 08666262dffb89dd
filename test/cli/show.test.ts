/** `show`: JSON and the annotated tree. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture, hex, joined, jsonLines, messagesOf, run } from './support.ts';

let fixture: Fixture;
beforeAll(() => {
  fixture = createFixture();
  fixture.write('messages.oer', joined(messagesOf(fixture.scms, 2)));
});
afterAll(() => fixture.remove());

describe('JSON', () => {
  it('gives a certificate with its HashedId8, validity and fields', async () => {
    const { status, stdout } = await run(['show', fixture.path('pca.oer'), '--format', 'json']);
    const [shown] = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(shown).toMatchObject({
      structure: 'certificate',
      offset: 0,
      octets: fixture.scms.pca.bytes.length,
      hashedId8: expect.stringMatching(/^[0-9a-f]{16}$/),
      validity: { start: expect.stringMatching(/^20.*Z$/), end: expect.stringMatching(/^20.*Z$/) },
      value: { version: 3, type: 'explicit', toBeSigned: { id: { name: 'pca.testbed' } } },
    });
  });

  it('gives each of several structures back to back, one line each as ndjson', async () => {
    const { stdout } = await run(['show', fixture.path('messages.oer'), '--format', 'ndjson']);
    const [first, second] = jsonLines(stdout);
    expect(first).toMatchObject({ structure: 'data', content: 'signedData', psid: 32, signer: 'certificate' });
    expect(second).toMatchObject({ signer: 'digest', hashedId8: first?.hashedId8, expiryTime: null });
    expect(first?.generationTime).toMatch(/^2024-01-0\d.*Z$/);
  });

  it('reads hex from standard input', async () => {
    const { status, stdout } = await run(['show', '-'], { input: hex(fixture.scms.root.bytes) });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)[0]).toMatchObject({ structure: 'certificate', line: 1 });
  });

  it('says where octets do not decode', async () => {
    const { status, stdout } = await run(['show', '-'], { input: hex(fixture.scms.root.bytes.subarray(0, 30)) });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)[0]).toMatchObject({
      error: { code: 'truncated', offset: expect.any(Number) },
      value: null,
    });
  });
});

describe('the tree', () => {
  it('shows every octet once, with its offset', async () => {
    const { status, stdout } = await run(['show', fixture.path('pca.oer'), '--format', 'tree']);
    expect(status).toBe(0);
    const octets = stdout
      .split('\n')
      .slice(1)
      .map((line) => /^[0-9a-f]{6} {2}((?:[0-9a-f]{2} ?)+)/.exec(line)?.[1]?.replaceAll(' ', '') ?? '')
      .join('');
    expect(octets).toBe(hex(fixture.scms.pca.bytes));
  });

  it('says what fields mean', async () => {
    const { stdout } = await run(['show', fixture.path('messages.oer'), '--format', 'tree']);
    expect(stdout).toMatch(/psid {2}32, basic safety message/);
    expect(stdout).toMatch(/generationTime {2}2024-01-0\d/);
    expect(stdout).toMatch(/validityPeriod {2}2024-.* to 2024-/);
    expect(stdout).toMatch(/digest {2}[0-9a-f]{16}/);
  });

  it('goes up to the offending octet', async () => {
    const { status, stdout } = await run(['show', '-', '--format', 'tree'], {
      input: hex(fixture.scms.root.bytes.subarray(0, 30)),
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/<< here/);
    expect(stdout).toMatch(/error at byte \d+: truncated: toBeSigned/);
  });
});
