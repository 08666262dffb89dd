import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SLOW = 180_000;

/** Two days of one elector's life: enough to print. */
function smallScenario(more: object = {}): string {
  const file = join(folder, `${Object.keys(more).join('-') || 'small'}.json`);
  const document = {
    format: 1,
    name: 'small',
    title: 'A small one',
    summary: 'C is removed.',
    form: 'ballots',
    quorum: 2,
    electors: ['A', 'B', 'C'],
    roots: ['R1'],
    parties: [{ name: 'SC', title: 'component', kind: 'component' }],
    days: [
      { title: 'before', text: 'nothing happens' },
      {
        title: 'after',
        text: 'C goes',
        actions: [
          { do: 'issue', artefact: 'crl', kind: 'compositeCrl', removeElectors: [{ subject: 'C', votes: ['A', 'B'] }] },
          { do: 'send', artefacts: ['crl'], from: 'CRL store', why: 'the votes' },
        ],
      },
    ],
    expect: [{ object: 'C trusted', parties: ['SC'], cells: ['Y', 'N'], check: { check: 'trusted', name: 'C' } }],
    ...more,
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

const wrong = {
  expect: [{ object: 'C trusted', parties: ['SC'], cells: ['Y', 'Y'], check: { check: 'trusted', name: 'C' } }],
};

describe('rehearse', () => {
  it(
    'prints a line of NDJSON for each answer',
    async () => {
      const { status, stdout, stderr } = await run(['rehearse', smallScenario()]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const cells = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(cells.map(({ day, expected, got, code }) => [day, expected, got, code])).toEqual([
        [1, 'Y', 'Y', 'OK'],
        [2, 'N', 'N', 'TOMBSTONE'],
      ]);
      expect(Object.keys(cells[0]).slice(0, 7)).toEqual([
        'scenario',
        'day',
        'party',
        'object',
        'expected',
        'got',
        'code',
      ]);
    },
    SLOW,
  );

  it(
    'leaves with 1 and a line for each answer that is not as expected',
    async () => {
      const { status, stdout, stderr } = await run(['rehearse', smallScenario(wrong), '--format', 'json']);
      expect(status).toBe(1);
      expect(stderr).toBe('small, day 2, SC, C trusted: expected Y, got N (TOMBSTONE: removed by votes)\n');
      const { summary } = JSON.parse(stdout);
      expect(summary).toMatchObject({ cells: 2, matched: 1 });
    },
    SLOW,
  );

  it(
    'plays the CTL form beside the ballots, and prints no line over 110 columns',
    async () => {
      const { status, stdout } = await run(['rehearse', 'elector', '--format', 'table']);
      expect(status).toBe(0);
      expect(stdout).toContain('(elector, with ballots)');
      expect(stdout).toContain('(elector-ctl, by CTL)');
      expect(stdout).toContain('Not in this form:');
      expect(stdout.match(/of \d+ answers are as expected/g)).toHaveLength(2);
      expect(stdout.split('\n').filter((line) => line.length > 110)).toEqual([]);
    },
    SLOW,
  );

  it(
    'says what happens on each day, which sentences it shows, and what a reset leaves',
    async () => {
      const { status, stdout } = await run(['rehearse', 'root', '--format', 'table']);
      expect(status).toBe(0);
      const text = stdout.replaceAll(/\n +/g, ' ');
      for (const line of [
        /\n2\.1 +The new root CA certificate is there and endorsed.* \(5 of 5 answers show it\)/,
        /\nmade +R2 - root certificate, \d+ bytes, HashedId8 [0-9a-f]{16}/,
        /\nmoves +gccf-4, .* PG -> RA: validated, to the RA/,
        /\nrefused +EU, EU -> RA: rootRemoved: /,
        /\naccepted +EU, EU -> RA: /,
        /\nCRL reset +in crl-5, below R2 - obe-continued \(linkage\): reissue K4, series 1, seeds of period \d+: /,
        / - rsu \(hash\): remove K1: /,
        / - series 3: empty, and issued all the same \(K10\)/,
        / ! NO_ROOT: no root is trusted/,
      ]) {
        expect(text).toMatch(line);
      }
      expect(stdout.split('\n').filter((line) => line.length > 110)).toEqual([]);
    },
    SLOW,
  );

  it(
    'writes a report',
    async () => {
      const file = join(folder, 'report.html');
      const { status } = await run(['rehearse', smallScenario(), '--html', file]);
      expect(status).toBe(0);
      expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*A small one/i);
    },
    SLOW,
  );

  it(
    'names the place of a mistake in a document',
    async () => {
      const { status, stderr } = await run(['rehearse', smallScenario({ quorum: 9 })]);
      expect(status).toBe(3);
      expect(stderr).toContain('$.quorum: quorum 9 of 3 electors can never be reached');
    },
    SLOW,
  );

  it(
    'names a file that is not there, and wants to be told what to play',
    async () => {
      const absent = await run(['rehearse', 'elektor']);
      expect(absent.status).toBe(3);
      expect(absent.stderr).toContain('elektor: neither a scenario of this package (elector, root) nor a file');
      expect((await run(['rehearse'])).status).toBe(2);
      expect((await run(['rehearse', 'root', '--format', 'html'])).status).toBe(2);
    },
    SLOW,
  );
});
