/** Published data through the command line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';
import { jsonLines, run, verify } from './support.ts';

const vector = (path: string): string => join(vectorsDir() as string, path);

describeWithVectors('the bluetech PKI', () => {
  const folder = 'keti/bluetech';
  const messages = ['pseudonym-certificate', 'pseudonym-digest', 'app-certificate', 'app-digest'].map((name) =>
    vector(`${folder}/spdu-${name}.oer`),
  );
  const trust = (): string[] => ['--root', vector(`${folder}/root.oer`), '--ca', vector(`${folder}/LCCF.oer`)];

  it('its four messages are valid on their day, and expired since', async () => {
    const then = await run(['messages', ...messages, ...trust(), '--at', '2023-03-07T09:10:00Z']);
    expect(then.status).toBe(0);
    expect(jsonLines(then.stdout).map(({ verdict }) => verdict)).toEqual(Array(4).fill('valid'));
    expect((await verify('messages', [...messages, ...trust()])).status).toBe(1);
  });

  it('a directory of pseudonym certificates is reconstructed', async () => {
    const args = [vector(`${folder}/pseudonym`), ...trust(), '--at-own-start'];
    const { status, stdout } = await verify('certs', [...args, '--accept-reconstructed']);
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(readdirSync(vector(`${folder}/pseudonym`)).length);
    expect((await verify('certs', args)).status).toBe(1);
  });

  it('its RA passes only where that leniency is asked for, and the verdict says so', async () => {
    const args = [vector(`${folder}/RA.oer`), ...trust(), '--at', '2023-03-07T09:10:00Z'];
    expect((await verify('certs', args)).status).toBe(1);
    const lenient = await verify('certs', [...args, '--lenient', 'min-chain-length']);
    expect(lenient.status).toBe(0);
    const [row] = jsonLines(lenient.stdout);
    expect(row).toMatchObject({ verdict: 'valid', lenient: ['min-chain-length'] });
    expect(Object.keys(row ?? {}).at(-1)).toBe('lenient');
  });

  it('shows its chain file', async () => {
    const { status, stdout } = await run(['show', vector(`${folder}/LCCF.oer`), '--format', 'tree']);
    expect(status).toBe(0);
    expect(stdout).toContain('maCertificate');
  });
});

describeWithVectors('lists of certificates', () => {
  const names = (): string[] =>
    readdirSync(vector('keti')).filter((name) => name.startsWith('certs-') && name.endsWith('.json'));

  it('every certificate of every list gets its HashedId8', async () => {
    const lists = names();
    const expected = lists.flatMap((name) => JSON.parse(readVector(`keti/${name}`)) as { h8: string }[]);
    const { stdout } = await verify('certs', [...lists.map((name) => vector(`keti/${name}`)), '--at-own-start']);
    expect(jsonLines(stdout).map(({ hashedId8 }) => hashedId8)).toEqual(expected.map(({ h8 }) => h8));
  });
});

describeWithVectors('device logs', () => {
  it('every signed message is valid under its pin', async () => {
    const logs = readdirSync(vector('field')).filter((name) => name.startsWith('rxMsg'));
    const args = logs.map((name) => vector(`field/${name}`));
    const { stdout, status } = await run(['messages', ...args, '--pins', vector('field/certificate-keys.json')]);
    const rows = jsonLines(stdout);
    expect(rows).toHaveLength(1118);
    expect(new Set(rows.map(({ verdict, trust }) => `${verdict} ${trust}`))).toEqual(new Set(['valid pinned']));
    expect(rows.every(({ unwrap }) => String(unwrap).startsWith('obulog'))).toBe(true);
    expect(status).toBe(0);
  });

  it('unsigned payloads are items of their own', async () => {
    const { status, stdout } = await verify('messages', [vector('field/bsmTx.gz')]);
    expect(status).toBe(1);
    expect(new Set(jsonLines(stdout).map(({ code }) => code))).toEqual(new Set(['notSigned']));
  });
});

describeWithVectors('hostile input', () => {
  it('a message nested 150 deep is refused by verifying and by showing', async () => {
    const file = vector('hostile/recursion-depth150.oer');
    const { status, stdout } = await verify('messages', [file]);
    expect(status).toBe(1);
    expect(jsonLines(stdout)[0]).toMatchObject({ verdict: 'invalid', code: 'nestingTooDeep' });
    expect((await run(['show', file, '--format', 'tree'])).status).toBe(1);
  });
});
