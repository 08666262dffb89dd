/** The rooms that multi-scalar multiplication takes are enough for every number of terms. */
import { describe, expect, it } from 'vitest';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

describe.each(CORE_NAMES)('multi-scalar multiplication, %s', (name) => {
  const core = new TestingCore(name);
  const [lists, refs, terms] = [core.constant('LISTS'), core.constant('MAX_REFS'), core.constant('TERMS')];

  it('has room for the lists and references of any number of terms', () => {
    for (let count = 1; count <= terms; count++) {
      const c = core.call.windowFor!(count);
      const windows = Math.floor(257 / c) + 1;
      const low = c >> 1;
      const [columns, rows] = [2 ** low - 1, 2 ** (c - 1 - low)];
      expect(windows * 2 ** (c - 1) + windows * (columns + rows) + windows * c).toBeLessThanOrEqual(lists);
      // Every digit of every scalar in a bucket of its own place, then what rows, columns and bits are given.
      const buckets = count * windows;
      const sides = windows * (columns * (rows + 1) + rows * (columns + 1));
      const bits = windows * (low * columns + (c - low) * rows);
      expect(buckets + sides + bits).toBeLessThanOrEqual(refs);
    }
  });
});
