/** The bounded cache of key tables: who gets one, who has to go, and that it never grows. */
import { describe, expect, it } from 'vitest';
import { type KeyState, KeyTables, TableKind } from '../../src/kernel/key-tables.ts';

interface Built {
  kind: number;
  slot: number;
  point: number;
}

function point(n: number): Uint8Array {
  const octets = new Uint8Array(64);
  new DataView(octets.buffer).setUint32(60, n);
  return octets;
}

function tablesWith(keyTables = 2, issuerTables = 1, onCurve: (n: number) => boolean = () => true) {
  const built: Built[] = [];
  const tables = new KeyTables({
    keyTables,
    issuerTables,
    build: (kind, slot, octets) => {
      const n = new DataView(octets.buffer, octets.byteOffset).getUint32(60);
      built.push({ kind, slot, point: n });
      return onCurve(n);
    },
  });
  /** One round in which keys are used so many times, and all of it verifies. */
  const round = (uses: Record<number, number>): KeyState[] => {
    tables.begin();
    const states = Object.keys(uses).map((n) => tables.ofPoint(point(Number(n))));
    for (const state of states) tables.need(state);
    Object.values(uses).forEach((count, i) => {
      for (let k = 0; k < count; k++) tables.use(states[i]!, 1);
    });
    for (const state of states) tables.provide(state);
    return states;
  };
  return { tables, built, round };
}

describe('key tables', () => {
  it('knows a key by its object, and objects of the same point as one key', () => {
    const { tables } = tablesWith();
    const key = { point: point(1) };
    expect(tables.of(key)).toBe(tables.of(key));
    expect(tables.of({ point: point(1) })).toBe(tables.of(key));
    expect(tables.of({ point: point(2) })).not.toBe(tables.of(key));
  });

  it('keeps its own copy of the point', () => {
    const { tables } = tablesWith();
    const octets = point(1);
    const state = tables.ofPoint(octets);
    octets.fill(9);
    expect(state.point).toEqual(point(1));
  });

  it('builds a table when uses have paid for it, over as many rounds as that takes', () => {
    const { round, built } = tablesWith();
    expect(round({ 1: 8 })[0]!.table).toBe(TableKind.none);
    expect(round({ 1: 9 })[0]!.table).toBe(TableKind.key);
    round({ 1: 100 });
    expect(built).toEqual([{ kind: 0, slot: 0, point: 1 }]);
  });

  it('does not build for keys that come once', () => {
    const { round, tables } = tablesWith();
    for (let n = 0; n < 5000; n++) round({ [n]: 1 });
    expect(tables.built).toBe(0);
  });

  it('gives the widest table to a key under which very much comes, and frees its small one', () => {
    const { round, tables } = tablesWith(1, 1);
    expect(round({ 1: 20 })[0]!.table).toBe(TableKind.key);
    expect(round({ 1: 5000 })[0]!.table).toBe(TableKind.issuer);
    expect(round({ 2: 20 })[0]!).toMatchObject({ table: TableKind.key, slot: 0 });
    expect(tables.evicted).toBe(0);
  });

  it('makes room only for a key with clearly more uses, and takes the table that was used least', () => {
    const { round, tables } = tablesWith(2);
    const [first] = round({ 1: 20 });
    const [second] = round({ 2: 200 });
    const [third] = round({ 3: 30 });
    expect([first!.table, second!.table, third!.table]).toEqual([0, 0, -1]);
    round({ 3: 30 });
    expect([first!.table, second!.table, third!.table]).toEqual([-1, 0, 0]);
    expect([third!.slot, first!.slot]).toEqual([0, -1]);
    expect(tables.evicted).toBe(1);
  });

  it('forgets uses of long ago, so that who stopped coming makes room', () => {
    const { round } = tablesWith(1);
    const [old] = round({ 1: 1000 });
    for (let i = 0; i < 600; i++) round({});
    const [fresh] = round({ 2: 40 });
    expect([old!.table, fresh!.table]).toEqual([-1, 0]);
  });

  it('never takes a table that the running round needs, before anything was verified with it', () => {
    const { round, tables } = tablesWith(1);
    const [first] = round({ 1: 20 });
    tables.begin();
    const second = tables.ofPoint(point(2));
    tables.use(second, 3000);
    tables.need(first!);
    tables.provide(second);
    expect([first!.table, second.table]).toEqual([0, -1]);
    tables.begin();
    tables.provide(second);
    expect([first!.table, second.table]).toEqual([-1, 0]);
  });

  it('counts nothing for a key that was only needed', () => {
    const { tables } = tablesWith(1);
    const state = tables.ofPoint(point(1));
    for (let i = 0; i < 100; i++) {
      tables.begin();
      tables.need(state);
      tables.provide(state);
    }
    expect(tables.built).toBe(0);
  });

  it('never builds twice for a key that is not on the curve, and has no table for it', () => {
    const { round, built } = tablesWith(1, 1, (n) => n !== 1);
    for (let i = 0; i < 5; i++) expect(round({ 1: 10_000 })[0]!.table).toBe(TableKind.none);
    expect(built.filter(({ point: n }) => n === 1).length).toBeLessThanOrEqual(2);
    // The slot that was tried is free for others.
    expect(round({ 2: 20 })[0]!.table).toBe(TableKind.key);
  });

  describe('lent for uses that did not verify', () => {
    /** One round in which signatures under keys fail so many times each. */
    const failing = ({ tables }: ReturnType<typeof tablesWith>, uses: Record<number, number>): KeyState[] => {
      tables.begin();
      const states = Object.keys(uses).map((n) => tables.ofPoint(point(Number(n))));
      for (const state of states) tables.need(state);
      Object.values(uses).forEach((count, i) => {
        for (let k = 0; k < count; k++) tables.try(states[i]!);
      });
      for (const state of states) tables.provide(state);
      return states;
    };

    it('takes a free place, and none before as many failed as verified ones pay for', () => {
      const room = tablesWith(1);
      expect(failing(room, { 1: 15 })[0]!.table).toBe(TableKind.none);
      expect(failing(room, { 1: 2 })[0]!.table).toBe(TableKind.key);
    });

    it('never takes the place of a key that paid, however much fails', () => {
      const room = tablesWith(1);
      const [paid] = room.round({ 1: 20 });
      for (let i = 0; i < 1000; i++) expect(failing(room, { 2: 1000 })[0]!.table).toBe(TableKind.none);
      expect(paid!.table).toBe(TableKind.key);
    });

    it('gives way to a key that pays, even in a round that fails under the holder', () => {
      const room = tablesWith(1);
      const [lent] = failing(room, { 1: 1000 });
      expect(lent!.table).toBe(TableKind.key);
      room.tables.begin();
      const paying = room.tables.ofPoint(point(2));
      for (let i = 0; i < 20; i++) room.tables.use(paying, 1);
      room.tables.need(lent!);
      room.tables.provide(paying);
      expect([lent!.table, lent!.slot, paying.table]).toEqual([TableKind.none, -1, TableKind.key]);
      // From now on it is the key's own.
      for (let i = 0; i < 100; i++) failing(room, { 3: 1000 });
      expect(paying.table).toBe(TableKind.key);
    });

    it('becomes the own table of a key that pays later', () => {
      const room = tablesWith(1);
      const [state] = failing(room, { 1: 20 });
      room.round({ 1: 20 });
      room.round({ 2: 20 });
      expect(state!.table).toBe(TableKind.key);
    });

    it('costs at most half as much again, however keys take turns', () => {
      const room = tablesWith(4);
      let failed = 0;
      for (let key = 0; key < 2000; key++) {
        for (let i = 0; i < 5; i++) failing(room, { [key]: 16 });
        failed += 80;
      }
      // A table costs as much as 35 verifications.
      expect(room.tables.built * 35).toBeLessThanOrEqual(failed / 2);
    });

    it('is built for eight keys in a round at most, whatever they are named by', () => {
      const room = tablesWith(64);
      const uses = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [n, 16]));
      for (let round = 1; round <= 8; round++) {
        failing(room, uses);
        expect(room.built).toHaveLength(8 * round);
      }
    });

    it('is built once at most for a key that is not on the curve', () => {
      const room = tablesWith(1, 1, (n) => n !== 1);
      for (let i = 0; i < 50; i++) expect(failing(room, { 1: 100 })[0]!.table).toBe(TableKind.none);
      expect(room.built.length).toBe(1);
    });
  });

  it('bounds what it knows, and keeps those with tables', () => {
    const { round, tables } = tablesWith(1);
    const [kept] = round({ 1: 20 });
    for (let n = 10; n < 40_010; n++) tables.ofPoint(point(n));
    expect(tables.ofPoint(point(1))).toBe(kept);
    expect(tables.known).toBeLessThanOrEqual(16_384);
  });
});
