/** Saved indexes: what comes back is what was saved, or an error. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildRevocation } from '../../src/revocation/build.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import { RevocationIndex } from '../../src/revocation/revocation-index.ts';
import { saveRevocation } from '../../src/revocation/save.ts';
import { faultOf } from '../../src/revocation/save-check.ts';
import { IndexFileError, openRevocation } from '../../src/revocation/save-open.ts';
import { Random } from '../../src/testbed/random.ts';
import {
  acceptedCrl,
  hashEntries,
  linkageEntries,
  linkageQuery,
  octets,
  randomChains,
  SCOPE,
  valuesOf,
} from './support.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scms-index-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const random = new Random('saved');
const linked = acceptedCrl({
  iRev: 100,
  individuals: linkageEntries(2, [{ chains: randomChains(random.fork('a'), 2, 100), iMax: 120, jMax: 3 }]),
  singleSeeds: linkageEntries(1, [{ chains: randomChains(random.fork('b'), 1, 100), iMax: 120, jMax: 2 }]),
  groups: linkageEntries(2, [{ chains: randomChains(random.fork('c'), 2, 100), iMax: 120 }]),
});
const hashed = acceptedCrl({ hashes: hashEntries([octets('00112233445566778899'), octets('ff112233445566778899')]) });
const build = (): Promise<RevocationData> => buildRevocation([linked, hashed], { periods: [100, 101] });

describe('an index that was saved', () => {
  test('comes back as it was, in shared memory, and answers the same', async () => {
    const path = join(folder, 'index');
    const data = await build();
    await saveRevocation(data, path);
    const back = await openRevocation(path, {
      crls: [hashed.id, linked.id],
      roots: [SCOPE.root],
      inclusiveJMax: false,
    });
    expect(back).toEqual(data);
    expect(back.crls[0]?.tables[0]?.records.buffer).toBeInstanceOf(SharedArrayBuffer);
    const index = new RevocationIndex(back);
    for (const period of [100, 101, 102]) {
      for (const [value, entry] of valuesOf(linked, period)) {
        expect(index.check(linkageQuery(period, octets(value)))).toMatchObject({ state: 'revoked', hit: { entry } });
      }
    }
    // It is as good a start for the next week as the one that was built.
    const next = await buildRevocation([linked, hashed], { periods: [101, 102], previous: back });
    expect(next.crls[0]?.tables[0]).toBe(back.crls[0]?.tables[1]);
    expect(readdirSync(folder)).toEqual(['index']);
  });

  test('is refused wherever an octet was changed, cut off or added', async () => {
    const path = join(folder, 'index');
    await saveRevocation(await buildRevocation([linked], { periods: [100] }), path);
    const good = readFileSync(path);
    let opened = 0;
    const pending: Promise<void>[] = [];
    const refuse = async (octetsOfFile: Uint8Array): Promise<void> => {
      const damaged = join(folder, `damaged-${pending.length % 64}`);
      if (pending.length % 64 === 0) await Promise.all(pending);
      pending.push(isRefused(damaged, octetsOfFile));
    };
    const isRefused = async (damaged: string, octetsOfFile: Uint8Array): Promise<void> => {
      writeFileSync(damaged, octetsOfFile);
      try {
        await openRevocation(damaged);
        opened++;
      } catch (error) {
        if (!(error instanceof IndexFileError)) throw error;
        if (!error.message.startsWith(`${damaged}: offset `)) opened++;
      }
    };
    for (let at = 0; at < good.length; at++) {
      const changed = Uint8Array.from(good);
      (changed[at] as number) ^= 1 << (at % 8);
      await refuse(changed);
    }
    for (let length = 0; length < good.length; length += 1 + (length % 3)) await refuse(good.subarray(0, length));
    await refuse(Buffer.concat([good, Buffer.of(0)]));
    await Promise.all(pending);
    expect(opened).toBe(0);
    expect(pending.length).toBeGreaterThan(good.length);
    expect((await openRevocation(path)).crls).toHaveLength(1);
  });

  test('says which section is damaged, and where it is', async () => {
    const path = join(folder, 'index');
    await saveRevocation(await build(), path);
    const file = readFileSync(path);
    (file[file.length - 1] as number) ^= 1;
    writeFileSync(path, file);
    await expect(openRevocation(path)).rejects.toThrow(
      /index: offset \d+: section \d+, \d+ octets from here, is damaged/,
    );
  });

  test('is refused for other CRLs, other roots, the other reading of jMax, and as another file', async () => {
    const path = join(folder, 'index');
    await saveRevocation(await build(), path);
    await expect(openRevocation(path, { crls: [linked.id] })).rejects.toThrow(/was built of CRL .* too/);
    await expect(openRevocation(path, { crls: [linked.id, hashed.id, 'x'] })).rejects.toThrow(/not built of CRL x/);
    await expect(openRevocation(path, { roots: ['cc'] })).rejects.toThrow(/is under root a+, which is not trusted/);
    await expect(openRevocation(path, { inclusiveJMax: true })).rejects.toThrow(/without j = jMax/);
    writeFileSync(path, 'something else altogether');
    await expect(openRevocation(path)).rejects.toThrow(/offset 0: this is no revocation index/);
  });

  test('whose parts do not fit together is refused, hashes or not', async () => {
    const data = await build();
    const [first, second] = data.crls;
    const table = first?.tables[0];
    if (!first || !second || !table) throw new Error('no table');
    const withTable = (changed: object): RevocationData => ({
      ...data,
      crls: [{ ...first, tables: [{ ...table, ...changed }] }, second],
    });
    expect(faultOf(data)).toBeUndefined();
    expect(faultOf(withTable({ bucketBits: 3 }))).toMatch(/CRL 0: period 100: shape/);
    expect(faultOf(withTable({ offsets: table.offsets.map((n) => n + 1000) }))).toMatch(/order of offsets/);
    expect(faultOf(withTable({ offsets: table.offsets.toReversed() }))).toMatch(/order of offsets/);
    expect(faultOf(withTable({ records: new Uint16Array(1) }))).toMatch(/records/);
    expect(
      faultOf({ ...data, crls: [{ ...first, chains: [{ ...first.chains[0], count: 2 } as never] }, second] }),
    ).toMatch(/chains 0: chains/);
    expect(faultOf({} as RevocationData)).toBeDefined();
  });
});

/** A process that saves another index over one that is there, as large as it takes to be interrupted. */
const SAVER = `
const { buildRevocation } = await import(${JSON.stringify(new URL('../../dist/src/revocation/build.js', import.meta.url).href)});
const { saveRevocation } = await import(${JSON.stringify(new URL('../../dist/src/revocation/save.js', import.meta.url).href)});
const count = 1_000_000;
const data = await buildRevocation([{
  id: 'new', source: 'new', scope: { root: 'aa', cracaId: '000000', crlSeries: 1 }, craca: '00', kind: 'fullHashCrl',
  issueDate: 1, nextCrl: 2, serial: 0, lenient: [],
  hashes: { count, ids: new Uint8Array(10 * count), expiry: new Uint32Array(count) },
}], { periods: [] });
process.stdout.write('saving\\n');
try {
  await saveRevocation(data, process.argv[1]);
  process.stdout.write('saved\\n');
} catch (error) {
  process.stdout.write('failed: ' + error.code + '\\n');
}`;

describe('saving over an index', () => {
  test('that hits a limit of the disk leaves the old one, and nothing else', async () => {
    const path = join(folder, 'index');
    const data = await build();
    await saveRevocation(data, path);
    // Blocks of 1024 octets; the signal would end the process before it could say why.
    const command = `ulimit -f 1024; trap '' XFSZ; exec "$0" --input-type=module -e "$1" "$2"`;
    const { stdout } = spawnSync('bash', ['-c', command, process.execPath, SAVER, path], { encoding: 'utf8' });
    expect(stdout).toMatch(/saving\nfailed: EFBIG/);
    expect(await openRevocation(path)).toEqual(data);
    expect(readdirSync(folder)).toEqual(['index']);
  });

  test('that is killed leaves the old one, or the new one', async () => {
    const path = join(folder, 'index');
    const data = await build();
    for (const milliseconds of [0, 15, 60]) {
      await saveRevocation(data, path);
      const child = spawn(process.execPath, ['--input-type=module', '-e', SAVER, path], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const back = await openRevocation(path);
      expect(['new', linked.id]).toContain(back.crls[0]?.about.id);
      if (back.crls[0]?.about.id === linked.id) expect(back).toEqual(data);
    }
  });

  test('that is called off leaves the old one, and nothing else', async () => {
    const path = join(folder, 'index');
    const data = await build();
    await saveRevocation(data, path);
    await expect(saveRevocation(data, path, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await openRevocation(path)).toEqual(data);
    expect(readdirSync(folder)).toEqual(['index']);
  });
});
