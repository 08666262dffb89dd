/** `crl expand`, `crl lookup`, `crl stats`: of CRLs, and of what was saved of them. */
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { Certificate } from '../../src/dot2/index.ts';
import { issueCrl } from '../../src/testbed/crls.ts';
import { pseudonyms, SERIES_PSEUDONYM } from '../../src/testbed/index.ts';
import { createFixture, type Fixture, hex, jsonLines, type Outcome, run, spoiled } from './support.ts';

let fixture: Fixture;
let crl: string;
let other: string;
let revoked: string;
let period: string;
/** Of the revoked device in its first week. */
let values: string[];

const crlRun = (name: string, ...args: string[]): Promise<Outcome> => run(['crl', name, ...args]);
const trusted = (...args: string[]): string[] => [...args, '--threads', '0', ...fixture.trust];

beforeAll(() => {
  fixture = createFixture();
  const { scms, write } = fixture;
  crl = write('crl.oer', issueCrl(scms, { series: SERIES_PSEUDONYM, devices: [0, 3] }));
  other = write('other.oer', issueCrl(scms, { series: SERIES_PSEUDONYM, devices: [4] }));
  const certificates = [...pseudonyms(scms, { devices: 2, perWeek: 2 })];
  revoked = write('certificates.hex', `${certificates.map(({ bytes }) => hex(bytes)).join('\n')}\n`);
  period = `${scms.firstPeriod}`;
  values = certificates.map(({ bytes }) => {
    const { id } = decodeOrThrow(Certificate, bytes).toBeSigned;
    return id.tag === 'linkageData' ? hex(id.value.linkageValue) : '';
  });
});
afterAll(() => fixture.remove());

describe('crl expand', () => {
  test('prints every value of every entry, and nothing that does not revoke', async () => {
    const { status, stdout, stderr } = await crlRun('expand', crl, ...trusted('--period', period));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines).toHaveLength(2 * 20);
    expect(Object.keys(lines[0] as object)).toEqual(['i', 'j', 'linkageValue', 'la1Id', 'la2Id', 'entry', 'crl']);
    expect(lines.map(({ j }) => j)).toEqual([0, 1].flatMap(() => Array.from({ length: 20 }, (_, j) => j)));
    const expanded = lines.map(({ linkageValue }) => linkageValue);
    expect(values.map((value) => expanded.includes(value))).toEqual([true, true, false, false]);
    expect(lines[20]).toMatchObject({ i: Number(period), j: 0, entry: 1, crl });
  });

  test('puts an index in the place of no folder and of no device, and says where there is no folder', async () => {
    const device = fixture.path('device');
    symlinkSync('/dev/null', device);
    for (const output of [fixture.folder, device, fixture.path('nowhere/week.index')]) {
      const args = trusted('--period', period, '--format', 'bin', '--output', output);
      const { status, stderr } = await crlRun('expand', crl, ...args);
      expect(status).toBe(3);
      expect(stderr).toContain(`error: --output ${output}: `);
    }
    expect(statSync(device).isFile()).toBe(false);
  });

  test.each([0, 1, 100, 2000, 4000, 'all'] as const)(
    'goes on after %s octets as if nothing had been',
    async (octets) => {
      const output = fixture.path(`values-${octets}`);
      const next = `${Number(period) + 1}`;
      const args = trusted('--period', `${period}..${next}`, '--output', output);
      expect((await crlRun('expand', crl, ...args)).status).toBe(0);
      const whole = readFileSync(output);
      expect(jsonLines(whole.toString())).toHaveLength(2 * 2 * 20);
      writeFileSync(output, whole.subarray(0, octets === 'all' ? whole.length : octets));
      expect((await crlRun('expand', crl, ...args, '--resume')).status).toBe(0);
      expect(readFileSync(output).equals(whole)).toBe(true);
    },
  );

  test('does not go on with what is not its own', async () => {
    const output = fixture.path('foreign');
    for (const text of [
      'something\n',
      '{"i":1}\n',
      `{"i":${period},"j":0,"linkageValue":"00","entry":0,"crl":"${crl}"}\n`,
    ]) {
      writeFileSync(output, text);
      const { status, stderr } = await crlRun(
        'expand',
        crl,
        ...trusted('--period', period, '--output', output, '--resume'),
      );
      expect(status, text).toBe(3);
      expect(stderr).toMatch(/cannot be resumed/);
      expect(readFileSync(output, 'utf8')).toBe(text);
    }
  });

  test('ignores CRLs that fail verification, and says so', async () => {
    const forged = fixture.write('forged.oer', spoiled(readFileSync(crl)));
    const both = await crlRun('expand', crl, forged, ...trusted('--period', period));
    expect(both.status).toBe(1);
    expect(both.stderr).toMatch(/forged\.oer: badSignature: .* \(ignored\)/);
    expect(jsonLines(both.stdout)).toHaveLength(40);
    const alone = await crlRun('expand', forged, ...trusted('--period', period));
    expect(alone).toMatchObject({ status: 4, stdout: '' });
  });

  test.each([
    [[], /--period/],
    [['--period', '5..4'], /I or I\.\.I2/],
    [['--period', '70000'], /I or I\.\.I2/],
    [['--period', '5', '--format', 'bin'], /needs --output/],
    [['--period', '5', '--resume'], /needs --output/],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await crlRun('expand', crl, ...trusted(...args));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('an index file', () => {
  test('answers what its CRLs answer, and names its periods', async () => {
    const index = fixture.path('index');
    const first = await crlRun('expand', crl, ...trusted('--period', period, '--format', 'bin', '--output', index));
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const asked = values.flatMap((value) => ['--value', value]);
    const byFile = await crlRun('lookup', '--index', index, ...asked);
    const byCrl = await crlRun('lookup', crl, ...trusted('--period', period, ...asked));
    expect(byFile).toEqual(byCrl);
    expect(byFile.status).toBe(1);
    expect(jsonLines(byFile.stdout)).toEqual([
      expect.objectContaining({
        result: 'hit',
        value: values[0],
        i: Number(period),
        source: crl,
        entry: 0,
        rule: 'linkageValue',
      }),
      expect.objectContaining({ result: 'hit', value: values[1] }),
      { result: 'miss', value: values[2] },
      { result: 'miss', value: values[3] },
    ]);
    const misses = await crlRun('lookup', '--index', index, '--value', values[2] as string);
    expect(misses.status).toBe(0);
    const next = `${period}..${Number(period) + 1}`;
    await crlRun('expand', crl, ...trusted('--period', next, '--format', 'bin', '--output', index, '--resume'));
    const stats = JSON.parse((await crlRun('stats', '--index', index)).stdout);
    expect(stats).toMatchObject({ periods: [Number(period), Number(period) + 1], values: 80 });
  });

  test('looks certificates up by what they say', async () => {
    const { status, stdout } = await crlRun('lookup', crl, ...trusted('--certificates', revoked));
    expect(status).toBe(1);
    expect(jsonLines(stdout).map(({ result, entry }) => [result, entry])).toEqual([
      ['hit', 0],
      ['hit', 0],
      ['miss', undefined],
      ['miss', undefined],
    ]);
    const junk = fixture.write('junk.hex', '0011\n');
    const unreadable = await crlRun('lookup', crl, ...trusted('--certificates', junk));
    expect(unreadable.status).toBe(1);
    expect(jsonLines(unreadable.stdout)[0]).toMatchObject({ result: 'unreadable', source: junk });
  });

  test('of other CRLs, or damaged, is refused', async () => {
    const index = fixture.path('index-of-one');
    await crlRun('expand', crl, ...trusted('--period', period, '--format', 'bin', '--output', index));
    const ask = ['--index', index, '--value', values[0] as string];
    expect((await crlRun('lookup', crl, ...trusted(...ask))).status).toBe(1);
    const foreign = await crlRun('lookup', other, ...trusted(...ask));
    expect(foreign.status).toBe(3);
    expect(foreign.stderr).toMatch(/not built of CRL/);
    writeFileSync(index, spoiled(readFileSync(index)));
    const damaged = await crlRun('lookup', ...ask);
    expect(damaged).toMatchObject({ status: 3, stdout: '' });
    expect(damaged.stderr).toMatch(/index-of-one: offset \d+: section \d+, .* is damaged/);
    const missing = await crlRun('stats', '--index', fixture.path('nowhere'));
    expect(missing.status).toBe(3);
  });

  test.each([
    [[], /nothing to look up/],
    [['--value', 'abc'], /9 bytes in hex/],
    [['--value', '00'.repeat(9)], /--value needs --period/],
  ])('lookup refuses %j', async (args, message) => {
    const { status, stderr } = await crlRun('lookup', crl, ...trusted(...args));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

test('crl stats counts entries, values, bytes and time', async () => {
  const { status, stdout } = await crlRun('stats', crl, ...trusted('--period', period));
  expect(status).toBe(0);
  const stats = JSON.parse(stdout);
  expect(stats).toMatchObject({
    crls: [{ source: crl, kind: 'fullLinkedCrl', entries: { individuals: 2, hashes: 0 }, periods: [{ values: 40 }] }],
    values: 40,
    bytes: { chains: 2 * 39, hashes: 0 },
  });
  expect(stats.bytes.total).toBe(stats.bytes.tables + stats.bytes.chains);
  expect(stats.peakRssBytes).toBeGreaterThan(stats.bytes.total);
  expect(stats.buildSeconds).toBeGreaterThanOrEqual(0);
});
