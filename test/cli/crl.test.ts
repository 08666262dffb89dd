/** `crl show` and `crl check`: fields, exit statuses, what is left out of long lists. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compositeCrl, issueCrl } from '../../src/testbed/index.ts';
import { createFixture, type Fixture, hex, jsonLines, run, spoiled } from './support.ts';

let fixture: Fixture;
let good: Uint8Array;
const crl = (...args: string[]) => run(['crl', ...args]);

beforeAll(() => {
  fixture = createFixture();
  const { scms, write } = fixture;
  good = issueCrl(scms, { devices: [0, 1] });
  write('good.oer', good);
  write('good.hex', hex(good));
  write('good.oer.gz', gzipSync(good));
  write('bad.oer', spoiled(good));
  write('composite.oer', compositeCrl([good, issueCrl(scms, { kind: 'fullHashCrl', filler: 40 })]));
  write('newer.oer', issueCrl(scms, { issueDate: scms.start + 1, serial: 1 }));
  write('newer-cut.oer', issueCrl(scms, { issueDate: scms.start + 1, serial: 1 }).slice(0, -1));
  write('newer-forged.oer', spoiled(issueCrl(scms, { issueDate: scms.start + 1, serial: 1 })));
  write('delta.oer', issueCrl(scms, { kind: 'deltaLinkedCrl', issueDate: scms.start + 1, serial: 1 }));
});
afterAll(() => fixture.remove());

describe('check', () => {
  it('has the fields of a verdict and those of a CRL, in their order', async () => {
    const { status, stdout } = await crl('check', fixture.path('good.oer'), ...fixture.trust);
    const [row] = jsonLines(stdout);
    expect(status).toBe(0);
    expect(Object.keys(row as object)).toEqual(
      'index source offset kind hashedId8 verdict code depth detail signature resultCode resultName trust trustRevision revocation crlRevision regionChecked psid signer craca series entries issueDate nextCrl serial iRev'.split(
        ' ',
      ),
    );
    expect(row).toMatchObject({ kind: 'fullLinkedCrl', series: 1, entries: 2, verdict: 'valid', psid: 256 });
  });

  it.each(['good.hex', 'good.oer.gz'])('reads %s', async (name) => {
    const { status, stdout } = await crl('check', fixture.path(name), ...fixture.trust);
    expect([status, jsonLines(stdout)[0]?.code]).toEqual([0, 'ok']);
  });

  it('verifies each CRL of a composite file, and names its offset', async () => {
    const { status, stdout } = await crl('check', fixture.path('composite.oer'), ...fixture.trust);
    const rows = jsonLines(stdout);
    expect(status).toBe(0);
    expect(rows.map(({ kind, offset, entries }) => [kind, offset, entries])).toEqual([
      ['fullLinkedCrl', 3, 2],
      ['fullHashCrl', 3 + good.length, 40],
    ]);
  });

  it('leaves with 1 if one fails, and verifies the others', async () => {
    const files = ['bad.oer', 'good.oer'].map(fixture.path);
    const { status, stdout } = await crl('check', ...files, ...fixture.trust);
    expect([status, ...jsonLines(stdout).map(({ code }) => code)]).toEqual([1, 'badSignature', 'ok']);
  });

  it('refuses a rollback, and takes a delta onto what was in force before', async () => {
    const previous = (file: string, before: string) =>
      crl('check', fixture.path(file), '--previous', fixture.path(before), ...fixture.trust);
    const rollback = await previous('good.oer', 'newer.oer');
    expect([rollback.status, jsonLines(rollback.stdout)[0]?.code]).toEqual([1, 'crlRollback']);
    // Without the CRL that was in force before, nobody would notice.
    for (const damaged of ['newer-cut.oer', 'newer-forged.oer']) {
      expect(await previous('good.oer', damaged)).toMatchObject({ status: 4, stdout: '' });
    }
    const delta = await previous('delta.oer', 'good.oer');
    expect([delta.status, jsonLines(delta.stdout)[0]?.code]).toEqual([0, 'ok']);
  });

  it('asks the policy about overdue CRLs', async () => {
    const [root] = fixture.trust.slice(0, 2).slice(1) as [string];
    const later = ['--root', root, '--ca', fixture.path('crlg.oer'), '--at', '2024-03-01T00:00:00Z'];
    const codes = async (...more: string[]) => {
      const { status, stdout } = await crl('check', fixture.path('good.oer'), ...later, ...more);
      return [status, jsonLines(stdout)[0]?.verdict, jsonLines(stdout)[0]?.code];
    };
    expect(await codes()).toEqual([1, 'undecided', 'overdueCRL']);
    expect(await codes('--overdue', 'reject')).toEqual([1, 'invalid', 'overdueCRLRejected']);
    expect(await codes('--overdue', 'ignore')).toEqual([0, 'valid', 'ok']);
  });

  it('gives JSON and a table', async () => {
    const json = await crl('check', fixture.path('good.oer'), ...fixture.trust, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ items: [{ code: 'ok' }], summary: { items: 1, valid: 1 } });
    const table = await crl('check', fixture.path('good.oer'), ...fixture.trust, '--format', 'table');
    expect(table.stdout).toMatch(/kind, series, entries/);
    expect(table.stdout).toMatch(/fullLinkedCrl 1 2/);
  });

  it.each([
    ['no file', 2, []],
    ['a file that is not there', 3, ['nowhere.oer']],
    ['a previous one that is not there', 3, ['good.oer', '--previous', 'nowhere.oer']],
    ['an unknown policy', 2, ['good.oer', '--overdue', 'perhaps']],
    ['an unknown leniency', 2, ['good.oer', '--lenient', 'everything']],
    ['a root that is none', 4, ['good.oer', '--root', 'good.oer']],
  ] as const)('%s: leaves with %d', async (_, status, args) => {
    const named = args.map((arg) => (arg.endsWith('.oer') ? fixture.path(arg) : arg));
    expect((await crl('check', ...named)).status).toBe(status);
  });
});

describe('show', () => {
  it('has every octet of a CRL in its fields, the contents included', async () => {
    const { status, stdout } = await crl('show', fixture.path('good.oer'), '--format', 'ndjson');
    const [shown] = jsonLines(stdout) as [
      { fields: { path: string; offset: number; octets: number }[]; crls: object[] },
    ];
    expect(status).toBe(0);
    expect(shown.crls).toMatchObject([{ kind: 'fullLinkedCrl', series: 1, entries: 2, serial: 0 }]);
    let at = 0;
    for (const { path, offset, octets } of shown.fields) {
      expect(offset, path).toBe(at);
      at += octets;
    }
    expect(at).toBe(good.length);
    expect(shown.fields.filter(({ path }) => path.endsWith('linkageSeed1'))).toHaveLength(2);
  });

  it('counts the entries of a long list beyond the first', async () => {
    const { stdout } = await crl('show', fixture.path('composite.oer'), '--format', 'tree');
    expect(stdout).toMatch(/\(24 more\)/);
    expect(stdout.match(/ expiry /g)).toHaveLength(16);
  });

  it('names the octet at which a CRL does not decode, and leaves with 1', async () => {
    const { status, stdout } = await crl('show', fixture.write('cut.oer', good.subarray(0, 60)), '--format', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ error: { code: 'truncated' } }]);
  });

  it('teaches', async () => {
    for (const args of [['--help'], ['check', '--help'], ['show', '--help']]) {
      const { status, stdout } = await crl(...args);
      expect(status).toBe(0);
      expect(stdout).toMatch(/scms-verify crl (show|check) /);
    }
  });
});
