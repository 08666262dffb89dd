import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taiFromUnixMs } from '../../src/dot2/time.ts';
import { issueCrl } from '../../src/testbed/crls.ts';
import { applicationCertificate, type Credential } from '../../src/testbed/index.ts';
import { globalPolicy, localChainFile, quorumVote, vote } from '../../src/testbed/trust/index.ts';
import type { FileArtefact } from '../../src/trust/index.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  crl,
  ctl,
  D,
  DAY,
  elector,
  gccf,
  id,
  ids,
  pg,
  R1,
  removeElector,
  removeRoot,
  removes,
  scms,
  scms2,
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
    expect(shown.stdout).toContain(`removed   elector ${id(A)} was removed in revision 2 by the votes of`);
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
    // Room is a setting of devices: without a store an elector more is no finding.
    expect(await run(['trust', 'lint', addition(), ...named, ...flags])).toMatchObject({ stdout: '' });
    expect((await run(['trust', 'lint', addition(), ...flags])).stderr).toContain('neither --store nor --elector');
    // Votes by digest only, and no elector in the file: there is nothing to check against.
    expect((await run(['trust', 'lint', complete, ...flags])).status).toBe(2);
  });
});

describe("operators' mistakes", () => {
  const FUTURE = at(taiFromUnixMs(Date.now()) + 25n * 3600n * 1_000_000n);
  const SOON = at(taiFromUnixMs(Date.now()) + 23n * 3600n * 1_000_000n);

  test('what writes refuses a time more than 24 h ahead without --allow-future; what reads takes any', async () => {
    const init = ['trust', 'init', path('future'), '--elector', ...electors, '--quorum', '2', '--at', FUTURE];
    const refused = await run(init);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--allow-future'), stdout: '' });
    expect(refused.stderr).toMatch(/--at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ is more than 24 hours ahead/);
    expect((await run(['trust', 'show', path('future')])).status).toBe(4);
    const name = await store();
    const apply = ['trust', 'apply', name, removal()];
    expect((await run([...apply, '--at', FUTURE])).status).toBe(2);
    expect((await run([...apply, '--at', FUTURE, '--dry-run'])).status).toBe(0);
    expect((await run(['trust', 'settings', name, '--max-roots', '4', '--at', FUTURE])).status).toBe(2);
    expect((await run(['trust', 'show', name, '--at', '2099-01-01T00:00:00Z'])).status).toBe(0);
    const certs = ['certs', write('ica.oer', scms.ica.bytes), '--store', name, '--threads', '0'];
    expect((await run([...certs, '--at', '2030-01-01T00:00:00Z'])).status).toBe(0);
    // Nothing of it is in the store: an ordinary time is still taken.
    expect((await run([...apply, '--at', at(T0 + DAY)])).status).toBe(0);
    expect((await run(['trust', 'apply', name, '--at', SOON])).status).toBe(0);
    expect((await run(['trust', 'apply', name, '--at', FUTURE, '--allow-future'])).status).toBe(0);
    rmSync(join(name, 'states'), { recursive: true });
    const rebuilt = await run(['trust', 'rebuild', name]);
    expect(rebuilt).toMatchObject({ status: 2, stderr: expect.stringContaining('the latest time in its journal') });
    expect((await run(['trust', 'show', name])).status).toBe(4);
    expect((await run(['trust', 'rebuild', name, '--allow-future'])).status).toBe(0);
    expect((await run([...init, '--allow-future'])).status).toBe(0);
  }, 60_000);

  test('raising the quorum asks for --confirm, and says what lowering it again takes', async () => {
    const name = await store();
    const apply = ['trust', 'apply', name, '--quorum', '3', '--at', at(T0)];
    const asked = await run(apply);
    expect(asked).toMatchObject({ status: 2, stdout: '' });
    expect(asked.stderr).toContain('raises the quorum from 2');
    expect(asked.stderr).toContain('lowering the quorum again takes 3 votes');
    expect((await run([...apply, '--dry-run'])).status).toBe(0);
    expect((await run(['trust', 'log', name])).stdout.trim().split('\n')).toHaveLength(1);
    const raised = await run([...apply, '--confirm']);
    expect(jsonLines(raised.stdout).at(-1)).toMatchObject({ state: { quorum: 3, flags: ['DEGRADED'] } });
    const lowered = await run(['trust', 'apply', name, '--quorum', '2', '--at', at(T0)]);
    expect(jsonLines(lowered.stdout)[0]).toMatchObject({ code: 'B_QUORUM', detail: '0 of 3 votes' });
  });

  test('settings are shown, and changed where that is safe', async () => {
    const name = await store();
    const settings = async (...more: string[]) => run(['trust', 'settings', name, ...more, '--at', at(T0)]);
    const shown = jsonLines((await settings()).stdout);
    const usual = { maxElectors: 10, maxRoots: 10, raHostname: null, electorGroupId: null };
    expect(shown).toMatchObject([{ state: { settings: { ...usual, implicitRootRevocation: 'authenticated' } } }]);
    expect((await run(['trust', 'log', name])).stdout.trim().split('\n')).toHaveLength(1);
    const changed = await settings('--ra-hostname', 'ra.example', '--elector-group-id', 'FFFFFFFFFFFFFF00');
    expect(changed.status).toBe(0);
    expect(jsonLines(changed.stdout)).toMatchObject([
      { proposition: 'settings', decision: 'ACCEPT', code: 'OK' },
      { state: { revision: 2, settings: { raHostname: 'ra.example', electorGroupId: 'ffffffffffffff00' } } },
    ]);
    const table = await settings('--any-ra', '--elector-group-id', 'none', '--format', 'table');
    expect(table.stdout).toMatch(/RA +any\n +elector group +none: no CTL is accepted/);
    const tooFew = await settings('--max-electors', '2');
    expect(tooFew.status).toBe(1);
    expect(jsonLines(tooFew.stdout)[0]).toMatchObject({ decision: 'REJECT', code: 'S_ROOM' });
    expect((await settings('--any-ra', '--ra-hostname', 'x')).status).toBe(2);
    const withdrawn = await settings('--implicit-root-revocation', 'always');
    expect(withdrawn).toMatchObject({ status: 2, stderr: expect.stringContaining('off, authenticated') });
    expect((await run(['trust', 'log', name, '--verify'])).status).toBe(0);
  }, 60_000);

  test('lost states are rebuilt from the journal', async () => {
    const name = await store();
    await run(['trust', 'apply', name, removal(), addition(), '--at', at(T0 + DAY)]);
    const before = (await run(['trust', 'show', name, '--at', at(T0 + DAY)])).stdout;
    rmSync(join(name, 'states'), { recursive: true });
    const lost = await run(['trust', 'show', name]);
    expect(lost).toMatchObject({ status: 4, stderr: expect.stringContaining('scms-verify trust rebuild') });
    expect((await run(['trust', 'rebuild', name])).status).toBe(0);
    expect((await run(['trust', 'show', name, '--at', at(T0 + DAY)])).stdout).toBe(before);
    expect((await run(['trust', 'log', name, '--verify'])).stderr).toContain('2 entries follow from their artefacts');
    expect((await run(['trust', 'rebuild', path('nowhere')])).status).toBe(4);
  });

  test('times print as RFC 3339 everywhere', async () => {
    const name = await store();
    const later = removes([], [removeRoot(R1, [B, C], { effectiveTime: T0 + DAY })]);
    const list = issueCrl(scms, { kind: 'fullHashCrl', series: 3, issueDate: scms.start });
    await run(['trust', 'apply', name, addition(), write('later.oer', octetsOf(later)), '--at', at(T0)]);
    await run(['trust', 'apply', name, write('crl.oer', octetsOf(crl({ crls: [list] }))), '--at', at(T0)]);
    const back = await run(['trust', 'apply', name, '--at', at(T0 - DAY)]);
    const outputs = [
      back.stdout,
      ...(await Promise.all(
        ['ndjson', 'table'].flatMap((format) => [
          run(['trust', 'show', name, '--format', format, '--at', at(T0)]).then(({ stdout }) => stdout),
          run(['trust', 'log', name, '--format', format]).then(({ stdout }) => stdout),
        ]),
      )),
    ];
    for (const output of outputs) {
      expect(output).toMatch(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/);
      // Neither TAI seconds nor microseconds of these years, which hashes do not contain between other characters.
      expect(output.replace(/[0-9a-f]{16,}/g, '')).not.toMatch(/\b(6[3-9]|[78]\d)\d{7}(\d{6})?\b/);
    }
    expect(back.stdout).toContain('2024-01-01T00:00:00Z is before 2024-01-02T00:00:00Z');
  }, 60_000);
});

describe('trust show', () => {
  test('says which electors have expired or soon will, which flags there are, and what follows', async () => {
    const brief = elector('brief', { hours: 24 * 100, years: 0 });
    const name = path('expiring');
    const all = [...electors.slice(0, 1), write('brief.oer', brief.bytes)];
    await run(['trust', 'init', name, '--elector', ...all, '--quorum', '2', '--at', at(T0)]);
    const show = async (time: bigint) => {
      const [line] = jsonLines((await run(['trust', 'show', name, '--at', at(time)])).stdout);
      return (line as { state: { flags: string[]; notes: string[]; validity: { hashedId8: string; state: string }[] } })
        .state;
    };
    const stateOf = ({ validity }: Awaited<ReturnType<typeof show>>): string | undefined =>
      validity.find(({ hashedId8 }) => hashedId8 === id(brief))?.state;
    const now = await show(T0);
    expect([now.flags, stateOf(now)]).toEqual([['DEGRADED', 'NO_ROOT'], 'valid']);
    expect(now.notes.join()).toContain('if one more is lost, nothing can be changed in band any more');
    expect(now.notes.join()).toContain('until electors add a root, which they can do in band');
    const soon = await show(T0 + 30n * DAY);
    expect(stateOf(soon)).toBe('expiring');
    expect(soon.notes.at(-1)).toMatch(/expires on 2024-.*: then 1 can vote and the quorum is 2 \(FROZEN\)$/);
    const late = await show(T0 + 120n * DAY);
    expect([late.flags, stateOf(late)]).toEqual([['FROZEN', 'NO_ROOT'], 'expired']);
    expect(late.notes.join()).toContain('there is no recovery in band, the device has to be bootstrapped again');
    const table = await run(['trust', 'show', name, '--at', at(T0 + 120n * DAY), '--format', 'table']);
    expect(table.stdout).toContain(`elector   ${id(brief)}, until`);
    expect(table.stdout).toMatch(/EXPIRED\n/);
    expect(table.stdout).toContain('FROZEN: 1 electors can vote and the quorum is 2');
  }, 60_000);

  test('names every kind of artefact, and says who signed what, as show does', async () => {
    const list = issueCrl(scms, { kind: 'fullHashCrl' });
    const local = { gccfVersion: 3, lccfVersion: 2, raHostname: 'ra.example' };
    const artefacts: readonly [kind: string, octets: Uint8Array, text: RegExp][] = [
      ['vote', vote(A, { type: 'addElector', subject: D }), /a single vote: one elector says this/],
      ['ballot', addElector(D, [A, B]), /a ballot\n {2}addElector [0-9a-f]{16} D \(elector\)/],
      ['quorumVote', quorumVote(A, 7, 2), /quorum 2, sequence number 7, by elector [0-9a-f]{16}/],
      ['globalChainFile', octetsOf(gccf(3, adds([], [addRoot(R1, [A])]))), /\(GCCF\), version 3\n/],
      ['localChainFile', localChainFile(local, { ma: scms.ma }), /\(LCCF\), version 3.2 of RA ra.example\n {2}maCert/],
      [
        'compositeCrl',
        octetsOf(crl({ crls: [list], revokedElectors: [removeElector(A, [B])] })),
        /removeElector [0-9a-f]{16} A[\s\S]*fullHashCrl of [0-9a-f]{16}, series 1, signed by [0-9a-f]{16}, issued 2024/,
      ],
      ['crl', issueCrl(scms), /fullLinkedCrl of/],
      ['policy', globalPolicy(pg, { generationTime: T0 }), /global policy signed by [0-9a-f]{16}, generated 2024/],
      [
        'ctl',
        octetsOf(ctl(4, { electors: [A, B], signers: [A, B] })),
        /CTL 4 of elector group f{14}00, effective 2024[\s\S]*signed by [0-9a-f]{16}\n {4}signed by/,
      ],
    ];
    const names = artefacts.map(([kind, octets]) => write(`kind-${kind}.oer`, octets));
    const [lines, table, shown, tree] = await Promise.all([
      run(['trust', 'show', ...names]),
      run(['trust', 'show', ...names, '--format', 'table']),
      run(['show', ...names, '--format', 'json']),
      run(['show', ...names, '--format', 'tree']),
    ]);
    expect([lines, table, shown, tree].map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    const described = jsonLines(lines.stdout);
    expect(described).toMatchObject(artefacts.map(([kind], i) => ({ artefact: names[i], kind, problems: [] })));
    // `show` says the same, beside every byte.
    const artefactsShown = (JSON.parse(shown.stdout) as { artefact: object; error?: object }[]).map(
      ({ artefact, error }) => ({ artefact, error }),
    );
    expect(artefactsShown).toEqual(
      described.map(({ artefact: _name, ...artefact }) => ({ artefact, error: undefined })),
    );
    for (const [, , text] of artefacts) {
      expect(table.stdout).toMatch(text);
      expect(tree.stdout).toMatch(text);
    }
  }, 60_000);

  test('of a message it says that it is none, and of what does not decode where', async () => {
    const message = write('message.oer', messagesOf(scms, 1)[0] as Uint8Array);
    const none = await run(['trust', 'show', message, '--format', 'table']);
    expect(none).toMatchObject({ status: 1, stdout: expect.stringContaining('no artefact of root management') });
    const [shown] = JSON.parse((await run(['show', message, '--format', 'json'])).stdout);
    expect(shown.artefact).toBeUndefined();
    const cut = write('cut.oer', octetsOf(gccf(3)).slice(0, -1));
    const [line] = jsonLines((await run(['trust', 'show', cut])).stdout);
    expect(line).toMatchObject({ kind: 'globalChainFile', problems: [{ code: 'G_ENCODING' }] });
    expect((await run(['trust', 'show', path('missing')])).status).toBe(4);
    expect((await run(['trust', 'show', await store(), cut])).status).toBe(2);
  });

  test('tells nothing apart from what an attacker has written into it', async () => {
    const named = elector('\u001b[2Jcleared');
    const name = write('escape.oer', addElector(named, [A]));
    const { stdout } = await run(['trust', 'show', name, '--format', 'table']);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('\\u001b[2Jcleared');
  });
});

describe('verifying by a trust store', () => {
  test('takes its roots and certificates, and names its revision', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const messages = write('messages.hex', messagesOf(scms, 3).map(hex).join('\n'));
    const verified = await run(['messages', messages, '--store', name, '--at', at(T0), '--threads', '0']);
    expect(jsonLines(verified.stdout)).toMatchObject(Array(3).fill({ verdict: 'valid', trustRevision: 2 }));
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
    const verified = async (time: bigint) =>
      jsonLines((await run(['certs', pca, '--store', name, '--at', at(time), '--threads', '0'])).stdout)[0];
    expect(await verified(T0 + DAY - 1_000_000n)).toMatchObject({ verdict: 'valid', trustRevision: 3 });
    expect(await verified(T0 + DAY)).toMatchObject({ verdict: 'invalid', code: 'rootRemoved', trustRevision: 4 });
  });

  test('does not trust a root that the store has removed, though it is named beside it', async () => {
    const name = await store();
    const gone = write('gone.oer', octetsOf(removes([], [removeRoot(R1, [B, C])])));
    await run(['trust', 'apply', name, addition(), gone, '--at', at(T0)]);
    const ica = write('ica.oer', scms.ica.bytes);
    const verified = await run(['certs', ica, '--store', name, '--root', root, '--at', at(T0), '--threads', '0']);
    expect(jsonLines(verified.stdout)[0]).toMatchObject({ verdict: 'invalid', code: 'rootRemoved', resultCode: 9 });
    expect(verified.stderr).toContain('the trust store has removed it');
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
    expect(rows.at(-1)).toMatchObject({ verdict: 'invalid', code: 'rootRemoved', trustRevision: 4 });
  });

  test.each(['0', '2'])('follows a removal while a stream is verified with %s threads', async (threads) => {
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
    expect(rows.at(-1)).toMatchObject({ verdict: 'invalid', code: 'rootRemoved', trustRevision: 3 });
    for (const { verdict, trustRevision } of rows) expect(verdict === 'valid').toBe(trustRevision === 2);
    expect(outcome.status).toBe(1);
  });

  test('a forged chain file makes no verdict of a running certs --store flicker', async () => {
    const name = await store();
    await run(['trust', 'apply', name, addition(), '--at', at(T0)]);
    const forged = [
      write('no-votes.oer', octetsOf(gccf(60_000, { ma: scms.ica, certs: [] }))),
      write('foreign.oer', octetsOf(gccf(9, { ma: scms2.ma, certs: [scms2.ica] }))),
      write('no-cas.oer', octetsOf(gccf(61_000, { certs: [scms.ica] }))),
      write('noise.oer', Uint8Array.of(1, 0x80, 0x80, 0xff)),
    ];
    const pca = hex(scms.pca.bytes);
    const leaf = hex(applicationCertificate(scms, { label: 'leaf' }).bytes);
    const outcome = await run(['certs', '-', '--store', name, '--at', at(T0), '--threads', '0'], {
      during: async (child) => {
        for (const file of [undefined, ...forged, undefined]) {
          if (file) await run(['trust', 'apply', name, file, '--at', at(T0)]);
          for (let i = 0; i < 12; i++) {
            child.stdin?.write(`${pca}\n${leaf}\n`);
            await sleep(50);
          }
        }
        child.stdin?.end();
      },
    });
    const rows = jsonLines(outcome.stdout);
    expect(rows).toHaveLength(12 * 2 * (forged.length + 2));
    expect(rows.filter(({ verdict }) => verdict !== 'valid')).toEqual([]);
    // What changes nothing is no new revision either; the file without CAs names a version that is only shown.
    expect([...new Set(rows.map(({ trustRevision }) => trustRevision))]).toEqual([2, 3]);
    expect(outcome.status).toBe(0);
  }, 60_000);

  test('ends where the store is damaged while a stream is verified: what it trusted may have ended', async () => {
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

  test('says where the store is no more what it was, and verifies nothing', async () => {
    const name = await store();
    writeFileSync(join(name, 'journal', '000000000'), new Uint8Array(100));
    const outcome = await run(['messages', write('m.hex', messagesOf(scms, 1).map(hex).join('')), '--store', name]);
    expect(outcome.status).toBe(4);
    expect(outcome.stdout).toBe('');
  });
});
