/** What callers give and get back: tags, and the bytes of items, which are theirs again after the call. */
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../src/verifier/index.ts';
import { withTags } from '../../src/verifier/tags.ts';
import { traffic } from '../pool/support.ts';

const { options, items, verdicts } = traffic('tags', 240, 7);
const withoutTag = ({ tag: _, ...verdict }: (typeof verdicts)[number]) => verdict;

describe('tags of items', () => {
  it('come back as the same values on the fast and on the full path, and change nothing else', () => {
    const tags = items.map((_, i) => ({ i }));
    const verifier = createVerifier(options);
    const mine = items.map((item, i) => ({ ...item, tag: tags[i] }));
    const tagged = [0, 60, 120, 180].flatMap((from) => verifier.verify(mine.slice(from, from + 60)));
    expect(verifier.metrics.fast).toBeGreaterThan(0);
    expect(verifier.metrics.ordinary).toBeGreaterThan(0);
    tagged.forEach(({ tag }, i) => {
      expect(tag).toBe(tags[i]);
    });
    expect(tagged.map(withoutTag)).toEqual(verdicts);
  });

  it('belong to one verdict each if the same bytes come twice, and verdicts of items without one have none', () => {
    const item = items.find((_, i) => verdicts[i]?.code === 'ok') as (typeof items)[number];
    const found = createVerifier(options).verify([{ ...item, tag: 'a' }, item, { ...item, tag: 'b' }]);
    expect(found.map((verdict) => ('tag' in verdict ? verdict.tag : 'none'))).toEqual(['a', 'none', 'b']);
  });

  it('may be null, zero, functions: anything but undefined comes back', () => {
    const item = items[0] as (typeof items)[number];
    const tags = [null, 0, '', false, () => 1, Symbol('tag')];
    const found = createVerifier(options).verify(tags.map((tag) => ({ ...item, tag })));
    expect(found.map(({ tag }) => tag)).toEqual(tags);
  });
});

describe('withTags', () => {
  it('makes no verdicts: a run that was cancelled has fewer than items', () => {
    expect(withTags([{ tag: 1 }, { tag: 2 }], [])).toEqual([]);
  });
});

describe('bytes of items', () => {
  it('may be overwritten after verify: later verdicts are those of untouched bytes', () => {
    const verifier = createVerifier(options);
    const found = [0, 60, 120, 180].flatMap((from) => {
      const mine = items.slice(from, from + 60).map((item) => ({ ...item, bytes: item.bytes.slice() }));
      const some = verifier.verify(mine);
      for (const { bytes } of mine) bytes.fill(0xa5);
      return some;
    });
    expect(verifier.metrics.fast).toBeGreaterThan(0);
    expect(found).toEqual(verdicts);
  });
});
