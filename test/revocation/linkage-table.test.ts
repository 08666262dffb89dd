/** Tables at their borders: values that look alike, lie at the ends, or crowd where nobody expects them. */
import { describe, expect, test } from 'vitest';
import { LinkageTableReader, MAX_TABLE_VALUES, shapeOf } from '../../src/revocation/linkage-table.ts';
import {
  BucketSorter,
  type OpenTable,
  openTable,
  overflowed,
  Scatterer,
} from '../../src/revocation/linkage-table-writer.ts';
import { Random } from '../../src/testbed/random.ts';
import { hex, octets } from './support.ts';

type Value = readonly [value: string, entry: number];

function wordsOf(values: readonly Value[]): Uint32Array {
  const words = new Uint32Array(3 * values.length);
  values.forEach(([value, entry], at) => {
    const view = new DataView(octets(value).buffer);
    words.set([view.getUint32(0), view.getUint32(4), view.getUint8(8) * 2 ** 24 + entry], 3 * at);
  });
  return words;
}

/** A table filled as the builder does it, in chunks; made again with exact sizes where that did not fit. */
function tableOf(values: readonly Value[], count = values.length): OpenTable {
  const fill = (open: OpenTable): OpenTable => {
    const scatterer = new Scatterer();
    for (let at = 0; at < values.length; at += 1000) {
      const some = values.slice(at, at + 1000);
      scatterer.scatter(open, wordsOf(some), some.length);
    }
    return open;
  };
  let open = fill(openTable(7, count));
  if (overflowed(open)) open = fill(openTable(7, count, open.filled));
  expect(overflowed(open)).toBe(false);
  const sorter = new BucketSorter();
  for (let partition = 0; partition < open.filled.length; partition++) sorter.sort(open, partition);
  return open;
}

function readerOf(values: readonly Value[], count?: number): LinkageTableReader {
  return new LinkageTableReader(tableOf(values, count).table);
}

/** All values are found, alone and together, and none of their neighbours that is not one itself. */
function expectExactly(reader: LinkageTableReader, values: readonly Value[]): void {
  const entries = new Map<string, number>();
  for (const [value, entry] of values) entries.set(value, Math.min(entry, entries.get(value) ?? entry));
  const asked = new Set(entries.keys());
  for (const value of [...entries.keys()].slice(0, 100)) for (const near of neighbours(value)) asked.add(near);
  const all = [...asked];
  const packed = octets(all.join(''));
  const found = new Int32Array(all.length);
  reader.findMany(packed, 0, 9, all.length, found);
  let wrong = 0;
  for (const [at, value] of all.entries()) {
    const wanted = entries.get(value) ?? -1;
    if (reader.find(packed, 9 * at) !== wanted || found[at] !== wanted) wrong++;
  }
  expect(wrong).toBe(0);
}

function neighbours(value: string): string[] {
  return Array.from({ length: 72 }, (_, bit) => {
    const near = octets(value);
    (near[bit >> 3] as number) ^= 0x80 >> (bit & 7);
    return hex(near);
  });
}

function randomValues(count: number, seed: string, prefix = ''): Value[] {
  const length = 18 - prefix.length;
  const text = hex(new Random(seed).bytes(Math.ceil((count * length) / 2)));
  return Array.from({ length: count }, (_, entry) => [
    prefix + text.slice(entry * length, (entry + 1) * length),
    entry,
  ]);
}

const ENDS: readonly Value[] = [
  ['00'.repeat(9), 0],
  ['ff'.repeat(9), 2 ** 24 - 1],
  ['7fffffffffffffffff', 2],
  ['800000000000000000', 3],
  ['00ffffffffffffffff', 4],
  ['010000000000000000', 5],
  ['fe0000000000000000', 6],
];

describe('a table of linkage values', () => {
  test('of none finds nothing', () => {
    const reader = readerOf([]);
    for (const [value] of ENDS) expect(reader.find(octets(value), 0)).toBe(-1);
  });

  test.each(ENDS)('of one value, %s, finds it and nothing beside it', (value, entry) => {
    expectExactly(readerOf([[value, entry]]), [[value, entry]]);
  });

  test.each([1, 2, 9, 15, 16, 100, 5_000, 60_000])('is exact at %i values', (count) => {
    const values = [...randomValues(count, `${count}`), ...ENDS];
    expectExactly(readerOf(values), values);
  });

  test('is exact where buckets imply octets', () => {
    const values = [...randomValues(30_000, 'short'), ...ENDS];
    const open = tableOf(values, 900_000);
    expect(open.table).toMatchObject({ partitionBits: 8 });
    expectExactly(new LinkageTableReader(open.table), values);
  });

  test.each(['', '00', 'ff', '0000', 'ffff', '123456', 'ffffffff', '0000000000000000'])(
    'is exact with most values behind the prefix %s',
    (prefix) => {
      // Whole buckets are searched from end to end.
      const count = prefix.length > 14 ? 256 : prefix.length > 2 ? 1000 : 20_000;
      const values = [...randomValues(count, prefix, prefix), ...randomValues(1000, 'others'), ...ENDS];
      expectExactly(readerOf(values), values);
      expectExactly(readerOf(values, 900_000), values);
    },
  );

  test('makes room where one partition gets what was meant for all', () => {
    const values = randomValues(12_000, 'crowd', 'ab');
    const open = openTable(7, 500_000);
    for (let part = 0; part < 12; part++) {
      const some = values.slice(1000 * part, 1000 * part + 1000);
      new Scatterer().scatter(open, wordsOf(some), some.length);
    }
    expect(overflowed(open)).toBe(true);
    expect(open.filled[0xab]).toBe(12_000);
    expectExactly(readerOf(values, 500_000), values);
  });

  test('answers the first of the entries that have the same value', () => {
    const twice: Value[] = [
      ['0123456789abcdef01', 9],
      ['0123456789abcdef01', 4],
      ['0123456789abcdef01', 6],
    ];
    for (const values of [twice, twice.toReversed()]) {
      expect(readerOf(values).find(octets('0123456789abcdef01'), 0)).toBe(4);
    }
  });

  test('reads at an offset, between other octets', () => {
    const reader = readerOf([['0123456789abcdef01', 9]]);
    const around = octets('ffffff0123456789abcdef01ffff');
    expect([0, 1, 2, 3, 4, 5].map((offset) => reader.find(around, offset))).toEqual([-1, -1, -1, 9, -1, -1]);
  });

  test('has a limit that it names', () => {
    expect(() => shapeOf(MAX_TABLE_VALUES + 1)).toThrow(/at most 350000000 fit/);
    expect(shapeOf(2 ** 24 * 20).bucketBits).toBeLessThanOrEqual(28);
  });
});
