import { describe, expect, it } from 'vitest';
import { hexOfRecords, sameSpan, wordsHash } from '../../src/verifier/octets.ts';

const octets = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 37 + (i >> 8));

describe('records in hex', () => {
  it.each([0, 1, 15, 16, 17, 32, 1000])('are as many texts as records: %i', (count) => {
    for (const width of [1, 8, 33]) {
      // Not at the start of its buffer.
      const records = octets(width * count + 5).subarray(5);
      const texts = Array.from({ length: count }, (_, i) =>
        Buffer.from(records.slice(width * i, width * (i + 1))).toString('hex'),
      );
      expect(hexOfRecords(records, width)).toEqual(texts);
    }
  });
});

describe('a hash of words', () => {
  it('depends on every octet, and not on where they lie', () => {
    for (const length of [0, 1, 3, 4, 5, 8, 150]) {
      const some = octets(length + 7);
      const hash = wordsHash(some, 7, length);
      expect(wordsHash(some.slice(7), 0, length)).toBe(hash);
      for (let i = 7; i < some.length; i++) {
        expect(wordsHash(some.with(i, (some[i] as number) ^ 1), 7, length)).not.toBe(hash);
      }
    }
  });
});

describe('a span', () => {
  it('is the same by its octets alone', () => {
    const some = octets(40);
    expect(sameSpan(some, 3, some.slice(3), 0, 37)).toBe(true);
    expect(sameSpan(some, 3, some, 4, 30)).toBe(false);
    expect(sameSpan(some, 3, some.with(39, 0), 3, 37)).toBe(false);
    expect(sameSpan(some, 3, some.with(39, 0), 3, 36)).toBe(true);
  });
});
