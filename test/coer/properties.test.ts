/** What holds for every declaration: strictness, canonicity, bounds, and a trace that loses no octet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COER_ERROR_CODES } from '../../src/coer/errors.ts';
import { annotate, type CoerFailure, decode, decodePrefix, encode, type TraceNode } from '../../src/coer/index.ts';
import { concat, toHex } from '../support/octets.ts';
import { type Sample, samples } from './schemas.ts';

const RUNS = { numRuns: 400 };

function expectFailureWithin(error: CoerFailure, length: number): void {
  expect(COER_ERROR_CODES).toHaveProperty(error.code);
  expect(error.offset).toBeGreaterThanOrEqual(0);
  expect(error.offset).toBeLessThanOrEqual(length);
}

/** Leaves of the tree in order must cover the octets exactly. */
function expectTiled(node: TraceNode, offset: number, end: number): void {
  expect(node.offset).toBe(offset);
  expect(node.end).toBe(end);
  if (node.children.length === 0) return;
  let at = offset;
  for (const child of node.children) {
    expectTiled(child, at, child.end);
    at = child.end;
  }
  expect(at).toBe(end);
}

interface Edit {
  readonly kind: 'replace' | 'flip' | 'insert' | 'remove' | 'cut' | 'copy';
  readonly at: number;
  readonly octet: number;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Edit['kind']>('replace', 'flip', 'insert', 'remove', 'cut', 'copy'),
    at: fc.nat(),
    octet: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0x82, 0xff)),
  }),
  { minLength: 1, maxLength: 3 },
);

function mutated(octets: Uint8Array, changes: readonly Edit[]): Uint8Array {
  let list = [...octets];
  for (const { kind, at, octet } of changes) {
    const i = list.length === 0 ? 0 : at % list.length;
    if (kind === 'insert') list.splice(i, 0, octet);
    else if (kind === 'remove') list.splice(i, 1);
    else if (kind === 'cut') list = list.slice(0, i);
    else if (kind === 'copy') list.splice(i, 0, ...list.slice(i, i + (octet % 8)));
    else if (list.length > 0) list[i] = kind === 'flip' ? (list[i] as number) ^ (1 << (octet & 7)) : octet;
  }
  return Uint8Array.from(list);
}

/** Canonicity: octets that decode are the only encoding of what they decode to. */
function expectCanonicalOrRefused(sample: Sample, octets: Uint8Array): boolean {
  const result = decode(sample.schema, octets);
  if (!result.ok) {
    expectFailureWithin(result.error, octets.length);
    const traced = annotate(sample.schema, octets);
    expect(traced.error).toEqual(result.error);
    expectTiled(traced.tree, 0, traced.tree.end);
    return false;
  }
  expect(toHex(encode(sample.schema, result.value))).toBe(toHex(octets));
  return true;
}

describe('for schemas and values at random', () => {
  it('decoding gives the value back, and encoding the octets', () => {
    fc.assert(
      fc.property(samples, ({ schema, value }) => {
        const octets = encode(schema, value);
        const result = decode(schema, octets);
        expect(result).toEqual({ ok: true, value, end: octets.length });
        if (result.ok) expect(toHex(encode(schema, result.value))).toBe(toHex(octets));
      }),
      RUNS,
    );
  });

  it('no value takes fewer octets than its schema says', () => {
    fc.assert(
      fc.property(samples, ({ schema, value }) => {
        expect(encode(schema, value).length).toBeGreaterThanOrEqual(schema.minBytes);
      }),
      RUNS,
    );
  });

  it('a changed encoding is refused with a place, or is the one encoding of another value', () => {
    let accepted = 0;
    fc.assert(
      fc.property(samples, edits, (sample, changes) => {
        const octets = mutated(encode(sample.schema, sample.value), changes);
        if (expectCanonicalOrRefused(sample, octets)) accepted++;
      }),
      { numRuns: 1_500 },
    );
    expect(accepted, 'too few mutants decode for this to mean anything').toBeGreaterThan(75);
  });

  it('octets at random are refused with a place, or are the one encoding of a value', () => {
    fc.assert(
      fc.property(samples, fc.uint8Array({ maxLength: 40 }), (sample, octets) => {
        expectCanonicalOrRefused(sample, octets);
      }),
      RUNS,
    );
  });

  it('a prefix ends where it ends, whatever follows, and nothing before or behind is read', () => {
    fc.assert(
      fc.property(
        samples,
        fc.uint8Array({ maxLength: 9 }),
        fc.uint8Array({ maxLength: 9 }),
        ({ schema, value }, before, behind) => {
          const octets = encode(schema, value);
          const result = decodePrefix(schema, concat(before, octets, behind), before.length);
          expect(result).toEqual({ ok: true, value, end: before.length + octets.length });
        },
      ),
      RUNS,
    );
  });

  it('a truncated encoding is refused, and the octets behind the end do not matter', () => {
    fc.assert(
      fc.property(samples, fc.nat(), fc.uint8Array({ maxLength: 300 }), ({ schema, value }, cut, behind) => {
        const octets = encode(schema, value);
        if (octets.length === 0) return;
        const length = cut % octets.length;
        const result = decode(schema, octets.slice(0, length));
        expect(result.ok).toBe(false);
        // The same octets as a view of a longer buffer: reading past the end would show.
        const view = concat(octets.subarray(0, length), behind).subarray(0, length);
        expect(decode(schema, view)).toEqual(result);
      }),
      RUNS,
    );
  });

  it('the annotated tree tiles the octets', () => {
    fc.assert(
      fc.property(samples, ({ schema, value }) => {
        const octets = encode(schema, value);
        const { tree, error } = annotate(schema, octets);
        expect(error).toBeUndefined();
        expectTiled(tree, 0, octets.length);
        expect(tree.value).toEqual(value);
      }),
      RUNS,
    );
  });
});
