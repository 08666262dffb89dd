import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taiFromUnixMs } from '../../src/dot2/time.ts';
import type { Credential } from '../../src/testbed/index.ts';
import { quorumVote } from '../../src/testbed/trust/index.ts';
import type { FileArtefact } from '../../src/trust/index.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  D,
  DAY,
  elector,
  gccf,
  id,
  ids,
  R1,
  removeElector,
  removeRoot,
  removes,
  scms,
  T0,
} from '../trust/support.ts';
import { hex, jsonLines, messagesOf, run } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'scms-verify-trust-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
function write(name: string, content: Uint8Array | string): string {
  writeFileSync(path(name), content);
  return path(name);
}
const at = (micros: bigint): string => `tai:${micros / 1_000_000n}`;
const octetsOf = (artefact: unknown): Uint8Array => (artefact as FileArtefact).octets;

let electors: string[];
let root: string;
beforeAll(() => {
  electors = (
    [
      ['a', A],
      ['b', B],
      ['c', C],
    ] as [string, Credential][]
  ).map(([name, { bytes }]) => write(`${name}.oer`, bytes));
  root = write('root.oer', R1.bytes);
});

let stores = 0;
async function store(...more: string[]): Promise<string> {
  const name = path(`store${stores++}`);
  const made = await run([
    ...['trust', 'init', name, '--elector', ...electors, '--quorum', '2', '--root', root, '--at', at(T0), ...more],
  ]);
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
  return name;
}
const removal = (): string => write('removal.oer', octetsOf(removes([removeElector(A, [A, B, C])])));
const addition = (): string =>
  write('gccf.oer', octetsOf(gccf(1, adds([addElector(D, [B, C])], [addRoot(R1, [B, C])]))));

describe('trust init', () => {
  test('says what is trusted from now on', async () => {
    const name = path('first');
    const { stdout } = await run(['trust', 'init', name, '--elector', ...electors, '--quorum', '2', '--at', at(T0)]);
    expect(jsonLines(stdout)).toEqual([
      { state: { revision: 1, electors: expect.any(Array), roots: [], quorum: 2, flags: ['NO_ROOT'] } },
    ]);
    expect((jsonLines(stdout)[0] as { state: { electors: string[] } }).state.electors.sort()).toEqual(ids([A, B, C]));
    const again = await run(['trust', 'init', name, '--elector', ...electors, '--quorum', '2']);
    expect(again).toMatchObject({ status: 4, stderr: expect.stringContaining('a trust store is there already') });
  });

  test.each([
    ['a quorum below half', ['--quorum', '1'], 4, 'quorum 1 is not in 2..3'],
    ['no quorum', [], 2, "required option '--quorum"],
    ['a group that is none', ['--quorum', '2', '--elector-group-id', 'xyz'], 2, '16 hex digits'],
    ['a root that is not there', ['--quorum', '2', '--root', path('missing')], 4, 'missing'],
  ])('refuses %s', async (_, flags, status, message) => {
    const outcome = await run(['trust', 'init', path('never'), '--elector', ...electors, '--at', at(T0), ...flags]);
    expect(outcome).toMatchObject({ status, stderr: expect.stringContaining(message), stdout: '' });
    expect((await run(['trust', 'show', path('never')])).status).toBe(4);
  });
});

describe('trust apply', () => {
  test('decides part by part, vote by vote, and changes nothing in a dry run', async () => {
    const name = await store();
    const apply = ['trust', 'apply', name, removal(), addition(), '--at', at(T0 + DAY)];
    const dry = await run([...apply, '--dry-run']);
    const real = await run(apply);
    expect(real.stdout).toBe(dry.stdout);
    expect(real.status).toBe(0);
    const lines = jsonLines(real.stdout);
    expect(lines[0]).toMatchObject({
      artefact: path('removal.oer'),
      part: 'revokedElectors[0]',
      proposition: 'removeElector',
      subject: id(A),
      decision: 'ACCEPT',
      code: 'OK',
    });
    expect(lines[0]?.votes).toEqual([
      { voter: id(A), counted: false, code: 'V_SELF' },
      { voter: id(B), counted: true, code: 'OK' },
      { voter: id(C), counted: true, code: 'OK' },
    ]);
    expect(lines.at(-1)).toMatchObject({ state: { revision: 2, quorum: 2, roots: [id(R1)], flags: [] } });
    expect((lines.at(-1) as { state: { electors: string[] } }).state.electors.sort()).toEqual(ids([B, C, D]));
  });

  test('has status 1 where something is refused, 3 where nothing can be read, 4 without a store', async () => {
    const name = await store();
    const refused = write('refused.oer', octetsOf(removes([removeElector(A, [A, B])])));
    const outcome = await run(['trust', 'apply', name, refused, '--at', at(T0 + DAY)]);
    expect(outcome.status).toBe(1);
    expect(jsonLines(outcome.stdout)[0]).toMatchObject({ decision: 'REJECT', code: 'B_QUORUM' });
    const back = await run(['trust', 'apply', name, refused, '--at', at(T0)]);
    expect(jsonLines(back.stdout)[0]).toMatchObject({ decision: 'REJECT', code: 'CLOCK_BACK' });
    expect((await run(['trust', 'apply', name, path('missing')])).status).toBe(3);
    expect((await run(['trust', 'apply', path('nowhere'), refused])).status).toBe(4);
  });

  test('lowers the quorum by votes, and not without', async () => {
    const all = [...electors, write('d.oer', D.bytes), write('e.oer', elector('E').bytes)];
    const name = path('quorum');
    await run(['trust', 'init', name, '--elector', ...all, '--quorum', '4', '--at', at(T0)]);
    const without = await run(['trust', 'apply', name, '--quorum', '3', '--at', at(T0)]);
    expect(jsonLines(without.stdout)[0]).toMatchObject({ proposition: 'quorum', decision: 'REJECT', code: 'B_QUORUM' });
    const votes = [A, B, C, D].map((voter, i) => write(`vote${i}.oer`, quorumVote(voter, 1, 3)));
    const lowered = await run(['trust', 'apply', name, ...votes, '--quorum', '3', '--at', at(T0)]);
    expect(jsonLines(lowered.stdout)[0]).toMatchObject({ proposition: 'quorum', decision: 'ACCEPT', code: 'OK' });
    expect(jsonLines(lowered.stdout).at(-1)).toMatchObject({ state: { quorum: 3 } });
  });
});

describe('trust show, log and lint', () => {
  test('show what is there, and prove it', async () => {
    const name = await store();
    await run(['trust', 'apply', name, removal(), addition(), '--at', at(T0 + DAY)]);
    const shown = await run(['trust', 'show', name, '--format', 'table']);
    expect(shown.stdout).toContain(`removed   elector ${id(A)}`);
    const log = jsonLines((await run(['trust', 'log', name])).stdout);
    expect(log).toHaveLength(2);
    const { hash } = log[1] as { hash: string };
    expect((await run(['trust', 'log', name, '--verify', '--head', hash])).status).toBe(0);
    expect((await run(['trust', 'log', name, '--verify', '--head', '0'.repeat(64)])).status).toBe(4);
    expect((await run(['trust', 'log', name, '--head', hash])).status).toBe(2);
  });

  test('lint names what is missing, by rule', async () => {
    const name = await store();
    const incomplete = write('incomplete.oer', octetsOf(gccf(1, adds([], [addRoot(R1, [B])]))));
    const flags = ['--at', at(T0)];
    const found = await run(['trust', 'lint', incomplete, '--store', name, ...flags]);
    expect(found.status).toBe(1);
    expect(jsonLines(found.stdout)).toContainEqual(expect.objectContaining({ rule: 'G10', subject: id(R1) }));
    const complete = write('complete.oer', octetsOf(gccf(1, adds([], [addRoot(R1, [B, C])]))));
    expect(await run(['trust', 'lint', complete, '--store', name, ...flags])).toMatchObject({ status: 0, stdout: '' });
    const named = ['--elector', ...electors, '--quorum', '2', '--root', root];
    expect((await run(['trust', 'lint', complete, ...named, ...flags])).status).toBe(0);
    expect((await run(['trust', 'lint', addition(), ...flags])).stderr).toContain('neither --store nor --elector');
    // Votes by digest only, and no elector in the file: there is nothing to check against.
    expect((await run(['trust', 'lint', complete, ...flags])).status).toBe(2);
  });
});

describe('judging by a trust store', () => {
  test('takes its roots and certificates, and names its revision', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const messages = write('messages.hex', messagesOf(scms, 3).map(hex).join('\n'));
    const judged = await run(['messages', messages, '--store', name, '--at', at(T0), '--threads', '0']);
    expect(jsonLines(judged.stdout)).toMatchObject(Array(3).fill({ verdict: 'valid', trustRevision: 2 }));
    await run([
      'trust',
      'apply',
      name,
      write('r.oer', octetsOf(removes([], [removeRoot(R1, [B, C])]))),
      '--at',
      at(T0),
    ]);
    const after = await run(['messages', messages, '--store', name, '--at', at(T0), '--threads', '0']);
    expect(jsonLines(after.stdout).map(({ verdict }) => verdict)).not.toContain('valid');
    expect(jsonLines(after.stdout)[0]).toMatchObject({ trustRevision: 3 });
  });

  test('knows what has come into force since the store was written', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const later = removes([], [removeRoot(R1, [B, C], { effectiveTime: T0 + DAY })]);
    await run(['trust', 'apply', name, write('later.oer', octetsOf(later)), '--at', at(T0)]);
    const pca = write('pca.oer', scms.pca.bytes);
    const judged = async (time: bigint) =>
      jsonLines((await run(['certs', pca, '--store', name, '--at', at(time), '--threads', '0'])).stdout)[0];
    expect(await judged(T0 + DAY - 1_000_000n)).toMatchObject({ verdict: 'valid', trustRevision: 3 });
    expect(await judged(T0 + DAY)).toMatchObject({ code: 'issuerNotFound', trustRevision: 4 });
  });

  test('does not trust a root that the store has removed, though it is named beside it', async () => {
    const name = await store();
    const gone = write('gone.oer', octetsOf(removes([], [removeRoot(R1, [B, C])])));
    await run(['trust', 'apply', name, addition(), gone, '--at', at(T0)]);
    const ica = write('ica.oer', scms.ica.bytes);
    const judged = await run(['certs', ica, '--store', name, '--root', root, '--at', at(T0), '--threads', '0']);
    expect(jsonLines(judged.stdout)[0]).toMatchObject({ verdict: 'undecided', code: 'issuerNotFound' });
    expect(judged.stderr).toContain('the trust store has removed it');
  });

  test('notices in a running stream that what has waited is due', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const due = taiFromUnixMs(Date.now() + 10_000);
    const later = removes([], [removeRoot(R1, [B, C], { effectiveTime: due })]);
    await run(['trust', 'apply', name, write('due.oer', octetsOf(later))]);
    const [first, ...rest] = messagesOf(scms, 400).map(hex);
    let text = '';
    const outcome = await run(['messages', '-', '--store', name, '--threads', '0'], {
      during: async (child) => {
        child.stdout?.on('data', (chunk: string) => {
          text += chunk;
        });
        child.stdin?.write(`${first}\n`);
        for (let i = 0; i < rest.length && !text.includes('"trustRevision":4'); i++) {
          child.stdin?.write(`${rest[i]}\n`);
          await sleep(50);
        }
        child.stdin?.end();
      },
    });
    const rows = jsonLines(outcome.stdout);
    expect(rows[0]).toMatchObject({ verdict: 'valid', trustRevision: 3 });
    expect(rows.at(-1)).toMatchObject({ verdict: 'undecided', trustRevision: 4 });
  });

  test.each(['0', '2'])('follows a removal while a stream is judged with %s threads', async (threads) => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const [first, ...rest] = messagesOf(scms, 400).map(hex);
    let sent = 0;
    let text = '';
    const outcome = await run(['messages', '-', '--store', name, '--at', at(T0), '--threads', threads], {
      during: async (child) => {
        child.stdout?.on('data', (chunk: string) => {
          text += chunk;
        });
        child.stdin?.write(`${first}\n`);
        while (!text.includes('\n')) await once(child.stdout as NodeJS.ReadableStream, 'data');
        await run([
          'trust',
          'apply',
          name,
          write('r.oer', octetsOf(removes([], [removeRoot(R1, [B, C])]))),
          '--at',
          at(T0),
        ]);
        for (; sent < rest.length && !text.includes('"trustRevision":3'); sent++) {
          child.stdin?.write(`${rest[sent]}\n`);
          await sleep(50);
        }
        child.stdin?.end();
      },
    });
    const rows = jsonLines(outcome.stdout);
    expect(rows[0]).toMatchObject({ verdict: 'valid', trustRevision: 2 });
    expect(rows.at(-1)).toMatchObject({ verdict: 'undecided', trustRevision: 3 });
    for (const { verdict, trustRevision } of rows) expect(verdict === 'valid').toBe(trustRevision === 2);
    expect(outcome.status).toBe(1);
  });

  test('ends where the store is damaged while a stream is judged: what it trusted may have ended', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const [first, ...rest] = messagesOf(scms, 100).map(hex);
    let text = '';
    const outcome = await run(['messages', '-', '--store', name, '--at', at(T0), '--threads', '0'], {
      during: async (child) => {
        child.stdin?.on('error', () => {});
        child.stdout?.on('data', (chunk: string) => {
          text += chunk;
        });
        child.stdin?.write(`${first}\n`);
        while (!text.includes('\n')) await once(child.stdout as NodeJS.ReadableStream, 'data');
        writeFileSync(join(name, 'journal', '000000002'), 'junk');
        for (let i = 0; i < rest.length && child.exitCode === null; i++) {
          child.stdin?.write(`${rest[i]}\n`);
          await sleep(50);
        }
        child.stdin?.end();
      },
    });
    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toContain('damaged');
    expect(jsonLines(outcome.stdout).length).toBeLessThan(rest.length);
  });

  test('says where the store is no more what it was, and judges nothing', async () => {
    const name = await store();
    writeFileSync(join(name, 'journal', '000000000'), new Uint8Array(100));
    const outcome = await run(['messages', write('m.hex', messagesOf(scms, 1).map(hex).join('')), '--store', name]);
    expect(outcome.status).toBe(4);
    expect(outcome.stdout).toBe('');
  });
});
