/** Packed lists against the plain ones: the same octets are accepted, and refused at the same place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annotate,
  decode,
  decodeOrThrow,
  encode,
  fixedOctets,
  inTotal,
  packedSequenceOf,
  type Schema,
  sequence,
  sequenceOf,
  startOf,
  uint8,
  uint16,
} from '../../src/coer/index.ts';

const MAX = 1000;
const extensible = sequence({ id: uint16, tail: uint8 }, { extensions: {} });
const fixed = sequence({ id: uint16, tail: uint8 });
const plain = fixedOctets(3);
const KINDS: readonly [string, Schema<unknown>, boolean][] = [
  ['extensible elements', extensible, true],
  ['sequences without preamble', fixed, false],
  ['octets', plain, false],
];

const octets = fc.uint8Array({ maxLength: 60 });
const element = fc.record({ id: fc.nat(0xffff), tail: fc.nat(255), extended: fc.boolean() });

describe.each(KINDS)('%s', (_, schema, preamble) => {
  const packed = packedSequenceOf(schema, { max: MAX, preamble });
  const list = sequenceOf(schema, 0, MAX);

  it('are accepted exactly where the plain list is, and refused in the same way', () => {
    fc.assert(
      fc.property(fc.nat(20), octets, (count, rest) => {
        const bytes = Uint8Array.of(1, count, ...rest.map((octet, i) => (i % 4 === 0 ? octet & 0x81 : octet)));
        const [a, b] = [decode(packed, bytes), decode(list, bytes)];
        expect(a.ok).toBe(b.ok);
        if (!a.ok && !b.ok) expect({ ...a.error, path: '' }).toEqual({ ...b.error, path: '' });
        if (a.ok && b.ok) {
          expect(a.value.count).toBe(b.value.length);
          expect(encode(packed, a.value)).toEqual(bytes);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('leave out nothing in a trace', () => {
    const values = Array.from({ length: 40 }, (_unused, i) =>
      schema === plain ? new Uint8Array(3) : { id: i, tail: i },
    );
    const bytes = encode(list as Schema<unknown[]>, values);
    const { tree, error } = annotate(packed, bytes);
    expect(error).toBeUndefined();
    expect(tree.children.map(({ name }) => name)).toEqual([
      '(count)',
      ...Array.from({ length: 16 }, (_unused, i) => `[${i}]`),
      '(24 more)',
    ]);
    tree.children.forEach((child, i) => {
      expect(child.offset).toBe(i === 0 ? 0 : tree.children[i - 1]?.end);
    });
    expect(tree.children.at(-1)?.end).toBe(bytes.length);
  });
});

describe('elements with extensions', () => {
  const packed = packedSequenceOf(extensible, { max: MAX, preamble: true });

  it('stand where `starts` says, and the others too', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 30 }), (elements) => {
        const values = elements.map(({ extended, ...fields }) => ({
          ...fields,
          ...(extended
            ? { extensionAdditions: { bitmapBits: 2, unknown: [{ index: 1, octets: Uint8Array.of(7) }] } }
            : {}),
        }));
        const bytes = encode(sequenceOf(extensible, 0, MAX), values);
        const value = decodeOrThrow(packed, bytes);
        expect(value.starts !== undefined).toBe(elements.some(({ extended }) => extended));
        expect(encode(packed, value)).toEqual(bytes);
        elements.forEach(({ id }, i) => {
          const at = startOf(value, i) + 1;
          expect((value.octets[at] as number) * 256 + (value.octets[at + 1] as number)).toBe(id);
        });
      }),
    );
  });
});

describe('bounds', () => {
  it('name the most that a list may have', () => {
    const packed = packedSequenceOf(plain, { max: 2, preamble: false });
    const result = decode(packed, Uint8Array.of(1, 3, ...new Uint8Array(9)));
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'tooManyElements', detail: '3 elements, at most 2', offset: 0 },
    });
  });

  it('count over all lists of one decode, and for each decode anew', () => {
    const bounded = inTotal(3, 'leaves');
    const nested = sequenceOf(sequenceOf(bounded(uint8)));
    const good = Uint8Array.of(1, 2, 1, 1, 9, 1, 2, 9, 9);
    const bad = Uint8Array.of(1, 2, 1, 2, 9, 9, 1, 2, 9, 9);
    for (let again = 0; again < 3; again++) expect(decode(nested, good).ok).toBe(true);
    expect(decode(nested, bad)).toMatchObject({
      ok: false,
      error: { code: 'tooManyElements', detail: 'more than 3 leaves', offset: 9 },
    });
  });

  it('does not encode what is no list', () => {
    const packed = packedSequenceOf(extensible, { max: 2, preamble: true });
    const good = { count: 1, width: 4, octets: new Uint8Array(4) };
    expect(encode(packed, good)).toEqual(Uint8Array.of(1, 1, 0, 0, 0, 0));
    for (const change of [
      { count: 2 },
      { count: 0 },
      { octets: new Uint8Array(5) },
      { octets: Uint8Array.of(1, 0, 0, 0) },
    ]) {
      expect(() => encode(packed, { ...good, ...change })).toThrow(/not \d elements/);
    }
  });
});
