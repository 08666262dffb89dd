import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoredTrust, TrustStoreDamaged, TrustStoreError } from '../../src/trust/store/index.ts';
import { BEFORE_FIRST, type JournalEntry, sealed, sha256Hex } from '../../src/trust/store/journal.ts';
import {
  A,
  addElector,
  adds,
  B,
  C,
  CONTEXT,
  D,
  DAY,
  file,
  gccf,
  ids,
  R1,
  removeElector,
  removes,
  T0,
} from './support.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'scms-verify-trust-')), 'store');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const INIT = { electors: [A.bytes, B.bytes, C.bytes], roots: [R1.bytes], quorum: 2, at: T0 };
const removal = removes([removeElector(A, [B, C])]);
const addition = gccf(1, adds([addElector(D, [B, C])]));

function create(): StoredTrust {
  return StoredTrust.create(folder, INIT, CONTEXT);
}

test('a file is no store, and says so', () => {
  const path = join(folder, '..', 'file');
  writeFileSync(path, 'x');
  expect(() => StoredTrust.open(path)).toThrow(TrustStoreError);
  expect(() => StoredTrust.open(path)).toThrow(/no trust store/);
});

const entry = (number: number): string => join(folder, 'journal', number.toString().padStart(9, '0'));
/** The only state that was there before the newest one is kept too. */
const newestState = (): string => {
  const wanted = StoredTrust.open(folder).state;
  const states = readdirSync(join(folder, 'states')).map((name) => join(folder, 'states', name));
  return states.find((path) => readFileSync(path, 'utf8') === JSON.stringify(wanted)) as string;
};

describe('a trust store', () => {
  test('is the same when it is opened again, and in another handle at once', () => {
    const store = create();
    const { state, head } = store.apply([removal], T0 + DAY, CONTEXT);
    expect(state.revision).toBe(2);
    const other = StoredTrust.open(folder);
    expect(other.state).toEqual(state);
    expect(other.head).toBe(head);
    const next = store.apply([addition], T0 + 2n * DAY, CONTEXT);
    expect(other.state).toEqual(next.state);
    const again = StoredTrust.open(folder);
    expect(again.state).toEqual(next.state);
  });

  test('changes nothing in a dry run', () => {
    const store = create();
    const { head, state } = store;
    expect(store.apply([removal], T0 + DAY, CONTEXT, { dryRun: true }).state.revision).toBe(2);
    expect(store.state).toEqual(state);
    expect(store.head).toBe(head);
  });

  test('remembers what it refused, and every revision follows from the artefacts', () => {
    const store = create();
    store.apply([file('junk', Uint8Array.of(1, 2, 3))], T0, CONTEXT);
    store.apply([removal, addition], T0 + DAY, CONTEXT);
    store.apply([{ name: 'quorum', quorum: 3 }], T0 + 2n * DAY, CONTEXT);
    store.apply([], T0 + 3n * DAY, CONTEXT);
    store.apply([addition], T0, CONTEXT);
    const entries = [...store.records()].map(({ entry }) => entry);
    expect(entries.map(({ revision }) => revision)).toEqual([1, 1, 2, 3, 3, 3]);
    expect(entries[1]?.decisions).toMatchObject([{ artefact: 'junk', decision: 'REJECT' }]);
    expect(entries[5]?.decisions).toMatchObject([{ code: 'CLOCK_BACK' }]);
    expect(store.verify(CONTEXT)).toBe(6);
  });

  test('is not made twice, nor where something else is', () => {
    create();
    expect(create).toThrow(TrustStoreError);
    writeFileSync(join(folder, '..', 'other'), '');
    expect(() => StoredTrust.create(join(folder, '..'), INIT, CONTEXT)).toThrow(/not an empty directory/);
    expect(() => StoredTrust.open(join(folder, 'missing'))).toThrow(TrustStoreError);
  });

  test('has nothing to do with what cannot be the start of anything, and leaves no trace of it', () => {
    expect(() => StoredTrust.create(folder, { ...INIT, quorum: 4 }, CONTEXT)).toThrow(RangeError);
    create();
  });
});

describe('a trust store that somebody changed', () => {
  beforeEach(() => {
    const store = create();
    store.apply([removal], T0 + DAY, CONTEXT);
    store.apply([addition], T0 + 2n * DAY, CONTEXT);
  });

  const replay = (): number => StoredTrust.open(folder).verify(CONTEXT);

  test('is told from one that nobody did', () => {
    expect(replay()).toBe(3);
  });

  test.each([0, 1, 2])('entry %i with another decision', (number) => {
    const text = readFileSync(entry(number), 'utf8');
    writeFileSync(entry(number), text.replace('ACCEPT', 'REJECT'));
    expect(replay).toThrow(TrustStoreDamaged);
  });

  test('an entry taken out', () => {
    unlinkSync(entry(1));
    expect(() => StoredTrust.open(folder)).toThrow(/entry 1 is missing/);
  });

  test('another state', () => {
    const path = newestState();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"quorum":2', '"quorum":1'));
    expect(() => StoredTrust.open(folder)).toThrow(/the newest state has another hash/);
    unlinkSync(path);
    expect(() => StoredTrust.open(folder)).toThrow(/the newest state is missing/);
  });

  test('an artefact of other octets, or none', () => {
    for (const name of readdirSync(join(folder, 'octets'))) writeFileSync(join(folder, 'octets', name), 'other');
    expect(replay).toThrow(/has another hash/);
    for (const name of readdirSync(join(folder, 'octets'))) unlinkSync(join(folder, 'octets', name));
    expect(replay).toThrow(/is missing/);
  });

  test('the whole journal: no other store is made in its place', () => {
    for (const name of readdirSync(join(folder, 'journal'))) rmSync(join(folder, 'journal', name));
    for (const how of ['empty', 'missing']) {
      if (how === 'missing') rmSync(join(folder, 'journal'), { recursive: true });
      expect(() => StoredTrust.open(folder)).toThrow('its journal is lost');
      expect(() => create()).toThrow('its journal is lost');
    }
  });

  test('its empty folder, which copies leave out: it goes on', () => {
    const store = StoredTrust.open(folder);
    rmSync(join(folder, 'new'), { recursive: true });
    expect(store.apply([removal], T0 + 9n * DAY, CONTEXT).decisions).toMatchObject([{ code: 'OK' }]);
  });

  test('any octet of the newest entry or state', () => {
    for (const path of [entry(2), newestState()]) {
      const whole = readFileSync(path);
      for (let at = 0; at < whole.length; at += 7) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ 1;
        writeFileSync(path, changed);
        expect(() => StoredTrust.open(folder), `${path} octet ${at}`).toThrow(TrustStoreDamaged);
        writeFileSync(path, whole.subarray(0, at));
        expect(() => StoredTrust.open(folder), `${path} cut at ${at}`).toThrow(TrustStoreDamaged);
      }
      writeFileSync(path, whole);
    }
  });

  test('entries of another store in their place', () => {
    const other = join(folder, '..', 'other');
    const store = StoredTrust.create(other, { ...INIT, quorum: 3 }, CONTEXT);
    store.apply([removal], T0 + DAY, CONTEXT);
    writeFileSync(entry(1), readFileSync(join(other, 'journal', '000000001')));
    expect(replay).toThrow(TrustStoreDamaged);
  });
});

describe('a trust store that has lost its states', () => {
  const states = (): string => join(folder, 'states');

  test('is rebuilt from its journal, and is then the same', () => {
    const store = create();
    store.apply([removal], T0 + DAY, CONTEXT);
    const { state, head } = store.apply([addition], T0 + 2n * DAY, CONTEXT);
    rmSync(states(), { recursive: true });
    expect(() => StoredTrust.open(folder)).toThrow(/the newest state is missing \(scms-verify trust rebuild/);
    const rebuilt = StoredTrust.rebuild(folder, CONTEXT);
    expect([rebuilt.state, rebuilt.head]).toEqual([state, head]);
    expect(rebuilt.apply([], T0 + 3n * DAY, CONTEXT).state.electors).toEqual(state.electors);
    expect(StoredTrust.open(folder).verify(CONTEXT)).toBe(4);
  });

  test('is rebuilt too where another state stands in the place of the newest', () => {
    const { state } = create().apply([removal], T0 + DAY, CONTEXT);
    const path = newestState();
    writeFileSync(path, '{}');
    expect(() => StoredTrust.open(folder)).toThrow(/another hash/);
    expect(StoredTrust.rebuild(folder, CONTEXT).state).toEqual(state);
  });

  test('is not rebuilt from a journal that was changed, nor against a veto', () => {
    create().apply([removal], T0 + DAY, CONTEXT);
    rmSync(states(), { recursive: true });
    const veto = (): never => {
      throw new RangeError('too far ahead');
    };
    expect(() => StoredTrust.rebuild(folder, CONTEXT, veto)).toThrow(/too far ahead/);
    for (const name of readdirSync(join(folder, 'octets'))) writeFileSync(join(folder, 'octets', name), 'other');
    expect(() => StoredTrust.rebuild(folder, CONTEXT)).toThrow(TrustStoreDamaged);
    expect(() => StoredTrust.open(folder)).toThrow(TrustStoreDamaged);
    expect(() => StoredTrust.rebuild(join(folder, 'nowhere'), CONTEXT)).toThrow(TrustStoreError);
  });
});

describe('a trust store of an earlier release', () => {
  /** Makes the only entry one that follows other rules, with a setting that is withdrawn. */
  const makeOld = (): void => {
    create();
    const text = readFileSync(entry(0), 'utf8').slice(65);
    const state = JSON.parse(readFileSync(newestState(), 'utf8'));
    state.settings.implicitRootRevocation = 'always';
    const json = JSON.stringify(state);
    const { rules: _rules, ...old } = JSON.parse(text) as JournalEntry;
    const init = { ...old.init, implicitRootRevocation: 'always' };
    const { record } = sealed({ ...old, init, state: sha256Hex(json) } as JournalEntry, BEFORE_FIRST);
    writeFileSync(entry(0), record);
    for (const name of readdirSync(join(folder, 'states'))) unlinkSync(join(folder, 'states', name));
    writeFileSync(join(folder, 'states', sha256Hex(json)), json);
  };

  test("reads 'always' as 'authenticated', with a warning", () => {
    makeOld();
    const store = StoredTrust.open(folder);
    expect(store.state.settings.implicitRootRevocation).toBe('authenticated');
    expect(store.warnings).toEqual([
      "implicitRootRevocation is read as 'authenticated': 'always' is withdrawn, because an unauthenticated file would remove roots",
    ]);
    store.apply([gccf(9, { certs: [] })], T0 + DAY, CONTEXT);
    expect(store.state.roots).toHaveLength(1);
    expect(store.warnings).toEqual([]);
    expect(() =>
      StoredTrust.create(`${folder}2`, { ...INIT, implicitRootRevocation: 'always' as never }, CONTEXT),
    ).toThrow(/'always' is withdrawn/);
  });

  test('goes on from its newest state, and what came since is derived again', () => {
    makeOld();
    const store = StoredTrust.open(folder);
    expect(store.verify(CONTEXT)).toBe(0);
    store.apply([removal], T0 + DAY, CONTEXT);
    const { state } = store.apply([addition], T0 + 2n * DAY, CONTEXT);
    expect(StoredTrust.open(folder).verify(CONTEXT)).toBe(2);
    rmSync(join(folder, 'states'), { recursive: true });
    expect(StoredTrust.rebuild(folder, CONTEXT).state).toEqual(state);
  });

  test('cannot be rebuilt by other rules', () => {
    makeOld();
    rmSync(join(folder, 'states'), { recursive: true });
    expect(() => StoredTrust.rebuild(folder, CONTEXT)).toThrow(/an earlier release wrote its newest entry/);
  });

  test('is damaged if the state that it goes on from is missing or another', () => {
    makeOld();
    const base = JSON.stringify(JSON.parse(readFileSync(newestStateFile(), 'utf8')));
    StoredTrust.open(folder).apply([removal], T0 + DAY, CONTEXT);
    const path = join(folder, 'octets', sha256Hex(base));
    writeFileSync(path, base.replace('"quorum":2', '"quorum":1'));
    expect(() => StoredTrust.open(folder).verify(CONTEXT)).toThrow(/has another hash/);
    unlinkSync(path);
    expect(() => StoredTrust.open(folder).verify(CONTEXT)).toThrow(/is missing/);
  });

  const newestStateFile = (): string => join(folder, 'states', readdirSync(join(folder, 'states'))[0] as string);
});

describe('settings', () => {
  const change = (settings: object) => ({ name: 'settings', settings });

  test('are changed by the operator, and the change is in the journal', () => {
    const store = create();
    const { state, decisions } = store.apply([change({ maxRoots: 3, raHostname: 'ra' })], T0 + DAY, CONTEXT);
    expect(decisions).toMatchObject([
      { proposition: 'settings', decision: 'ACCEPT', code: 'OK', detail: 'maxRoots 3, raHostname ra' },
    ]);
    expect(state.settings).toMatchObject({ maxRoots: 3, maxElectors: 10, raHostname: 'ra' });
    expect(store.verify(CONTEXT)).toBe(2);
    rmSync(join(folder, 'states'), { recursive: true });
    expect(StoredTrust.rebuild(folder, CONTEXT).state.settings).toEqual(state.settings);
  });
});

describe('two writers', () => {
  test('do not overwrite each other', () => {
    const store = create();
    let raced = false;
    // Between reading and committing the first one, another changes the store.
    const context = new Proxy(CONTEXT, {
      get(target, name) {
        if (name === 'verifySignatures' && !raced) {
          raced = true;
          StoredTrust.open(folder).apply([removal], T0 + DAY, CONTEXT);
        }
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { state } = store.apply([addition], T0 + 2n * DAY, context);
    expect(raced).toBe(true);
    expect(state.revision).toBe(3);
    expect(state.electors.map(({ hashedId8 }) => hashedId8).sort()).toEqual(ids([B, C, D]));
    expect(store.verify(CONTEXT)).toBe(3);
  });
});

describe('a disk that does not take it', () => {
  test('leaves the store as it was', () => {
    const store = create();
    const { head } = store;
    // A file where a folder belongs: nothing can be written there, whoever tries.
    rmSync(join(folder, 'new'), { recursive: true });
    writeFileSync(join(folder, 'new'), '');
    expect(() => store.apply([removal], T0 + DAY, CONTEXT)).toThrow(TrustStoreError);
    expect(StoredTrust.open(folder).head).toBe(head);
    expect(StoredTrust.open(folder).verify(CONTEXT)).toBe(1);
  });
});
