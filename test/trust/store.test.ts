import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoredTrust, TrustStoreDamaged, TrustStoreError } from '../../src/trust/store/index.ts';
import { A, addElector, adds, B, C, CONTEXT, D, DAY, file, gccf, R1, removeElector, removes, T0 } from './support.ts';

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

/** Writes past the store, as a damaged disk or a forger would. */
function tamper(write: (root: ReturnType<typeof open<string, string>>) => void): void {
  const root = open<string, string>({ path: folder, noSubdir: false, maxDbs: 3, encoding: 'string' });
  root.transactionSync(() => write(root));
  void root.close();
}
const journalOf = (root: ReturnType<typeof open>): ReturnType<typeof root.openDB<string, number>> =>
  root.openDB<string, number>({ name: 'journal', encoding: 'string', keyEncoding: 'uint32' });

describe('a trust store', () => {
  test('is the same when it is opened again, and in another handle at once', () => {
    const store = create();
    const { state, head } = store.apply([removal], T0 + DAY, CONTEXT);
    expect(state.revision).toBe(2);
    const other = StoredTrust.open(folder, { readOnly: true });
    expect(other.state).toEqual(state);
    expect(other.head).toBe(head);
    const next = store.apply([addition], T0 + 2n * DAY, CONTEXT);
    expect(other.state).toEqual(next.state);
    other.close();
    store.close();
    const again = StoredTrust.open(folder);
    expect(again.state).toEqual(next.state);
    again.close();
  });

  test('changes nothing in a dry run', () => {
    const store = create();
    const { head, state } = store;
    expect(store.apply([removal], T0 + DAY, CONTEXT, { dryRun: true }).state.revision).toBe(2);
    expect(store.state).toEqual(state);
    expect(store.head).toBe(head);
    store.close();
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
    store.close();
  });

  test('is not made twice, nor where something else is', () => {
    create().close();
    expect(create).toThrow(TrustStoreError);
    writeFileSync(join(folder, '..', 'other'), '');
    expect(() => StoredTrust.create(join(folder, '..'), INIT, CONTEXT)).toThrow(/not an empty directory/);
    expect(() => StoredTrust.open(join(folder, 'missing'))).toThrow(TrustStoreError);
  });

  test('has nothing to do with what cannot be the start of anything, and leaves no trace of it', () => {
    expect(() => StoredTrust.create(folder, { ...INIT, quorum: 4 }, CONTEXT)).toThrow(RangeError);
    create().close();
  });
});

describe('a trust store that somebody changed', () => {
  beforeEach(() => {
    const store = create();
    store.apply([removal], T0 + DAY, CONTEXT);
    store.apply([addition], T0 + 2n * DAY, CONTEXT);
    store.close();
  });

  const replay = (): number => {
    const store = StoredTrust.open(folder, { readOnly: true });
    try {
      return store.verify(CONTEXT);
    } finally {
      store.close();
    }
  };

  test.each([0, 1, 2])('entry %i with another decision', (number) => {
    tamper((root) => {
      const journal = journalOf(root);
      const text = journal.get(number) as string;
      journal.putSync(number, text.replace('ACCEPT', 'REJECT'));
    });
    expect(replay).toThrow(TrustStoreDamaged);
  });

  test('an entry taken out', () => {
    tamper((root) => void journalOf(root).removeSync(1));
    expect(replay).toThrow(TrustStoreDamaged);
  });

  test('the last entry taken off, with the head set back to it', () => {
    tamper((root) => {
      const hash = (journalOf(root).get(1) as string).slice(0, 64);
      root.putSync('head', JSON.stringify({ hash, length: 2 }));
    });
    expect(() => StoredTrust.open(folder)).toThrow(/the state is not the last one/);
  });

  test('another state', () => {
    tamper((root) => root.putSync('state', (root.get('state') as string).replace('"quorum":2', '"quorum":1')));
    expect(() => StoredTrust.open(folder)).toThrow(TrustStoreDamaged);
  });

  test('an artefact of other octets', () => {
    tamper((root) => {
      const blobs = root.openDB<Uint8Array, string>({ name: 'blobs', encoding: 'binary' });
      for (const { key } of blobs.getRange()) blobs.putSync(key, Buffer.from('other'));
    });
    expect(replay).toThrow(/has another hash/);
  });
});
