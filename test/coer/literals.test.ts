/** Sequences that are made of a literal: the same values as those that are made field by field, for every number of fields. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annotate,
  decode,
  decodeOrThrow,
  defaulted,
  encode,
  optional,
  type Schema,
  sequence,
  uint8,
  uint16,
} from '../../src/coer/index.ts';
import { fromHex, toHex } from '../support/octets.ts';

const FIELDS = [...'abcdefghijklmnop'];

/** What a literal in the source does, for names that only a test knows. */
const literalOf =
  (names: readonly string[]) =>
  (...values: unknown[]): object =>
    Object.fromEntries(names.map((name, i) => [name, values[i]]));

type Plain = Schema<Record<string, unknown>>;

/** The same declaration twice; every third field is required. */
function twins(count: number, span: boolean): { plain: Plain; literal: Plain } {
  const names = FIELDS.slice(0, count);
  const fields = Object.fromEntries(names.map((name, i) => [name, i % 3 === 0 ? uint8 : optional(uint16)]));
  const extensions = { x: uint8, y: uint16 };
  const literal = literalOf([...names, 'x', 'y']);
  return {
    plain: sequence(fields, { extensions, span }) as unknown as Plain,
    literal: sequence(fields, { extensions, span, literal }) as unknown as Plain,
  };
}

describe('a sequence with a literal', () => {
  it.each(FIELDS.map((_, count) => count))('of %i fields decodes as it does without', (count) => {
    const both = [twins(count, true), twins(count, false)];
    const number = (i: number) => (i % 3 === 0 ? fc.nat(255) : fc.option(fc.nat(65_535), { nil: undefined }));
    const fields = Object.fromEntries(FIELDS.slice(0, count).map((name, i) => [name, number(i)]));
    const maybe = fc.option(fc.nat(255), { nil: undefined });
    const unknown = fc.constantFrom(undefined, { bitmapBits: 9, unknown: [{ index: 8, octets: Uint8Array.of(1, 2) }] });
    const values = fc.record({ ...fields, x: maybe, y: maybe, extensionAdditions: unknown });
    fc.assert(
      fc.property(values, fc.constantFrom(...both), fc.nat(), ({ extensionAdditions, ...known }, twin, cut) => {
        const octets = encode(twin.plain, extensionAdditions ? { ...known, extensionAdditions } : known);
        const expected = decodeOrThrow(twin.plain, octets);
        const decoded = decodeOrThrow(twin.literal, octets);
        expect(decoded).toStrictEqual(expected);
        expect(Object.keys(decoded)).toEqual(Object.keys(expected));
        expect(toHex(encode(twin.literal, decoded))).toBe(toHex(octets));
        expect(annotate(twin.literal, octets)).toStrictEqual(annotate(twin.plain, octets));
        const short = octets.subarray(0, cut % octets.length);
        expect(decode(twin.literal, short)).toStrictEqual(decode(twin.plain, short));
      }),
      { numRuns: 100 },
    );
  });

  it('has an object of its own for each value', () => {
    const Pair = sequence({ a: uint8, b: optional(uint8) }, { literal: (a, b) => ({ a, b }) });
    const [first, second] = [decodeOrThrow(Pair, fromHex('0001')), decodeOrThrow(Pair, fromHex('800203'))];
    expect(first).toStrictEqual({ a: 1, b: undefined });
    expect(second).toStrictEqual({ a: 2, b: 3 });
  });

  it('keeps to its defaults', () => {
    const Default = sequence({ a: uint8, b: defaulted(uint8, 7) }, { literal: (a, b) => ({ a, b }) });
    expect(decodeOrThrow(Default, fromHex('0001'))).toStrictEqual({ a: 1, b: 7 });
    expect(decode(Default, fromHex('800107'))).toMatchObject({
      ok: false,
      error: { code: 'defaultEncoded', path: 'b' },
    });
  });

  it.each([
    ['in another order', (a: unknown, b: unknown, c: unknown) => ({ b, a, c })],
    ['with two fields exchanged', (b: unknown, a: unknown, c: unknown) => ({ a, b, c })],
    ['that forgets a field', (a: unknown, _: unknown, c: unknown) => ({ a, c })],
    ['that forgets an extension', (a: unknown, b: unknown) => ({ a, b })],
    ['with one too many', (a: unknown, b: unknown, c: unknown) => ({ a, b, c, d: undefined })],
    ['that fills in a field', (a: unknown, b: unknown, c: unknown = 5) => ({ a, b, c })],
    ['under another name', (a: unknown, b: unknown, c: unknown) => ({ a, b, d: c })],
  ])('cannot be declared with a literal %s', (_, literal) => {
    const declare = (): unknown => sequence({ a: uint8, b: optional(uint8) }, { extensions: { c: uint8 }, literal });
    expect(declare).toThrow(TypeError);
    expect(declare).toThrow('for the fields a,b,c');
  });
});
