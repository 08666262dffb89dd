/** Schemas at random, each with values at random: what the declarations can say, not only what they do say. */
import fc from 'fast-check';
import {
  choice,
  defaulted,
  enumerated,
  extensibleChoice,
  extensibleEnum,
  fixedOctets,
  int32,
  nothing,
  octets,
  openType,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  signed,
  uint8,
  uint8In,
  uint16,
  uint32,
  uint64,
  unsigned,
  utf8,
} from '../../src/coer/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas of any type stand side by side
type AnySchema = Schema<any>;

export interface Described {
  /** What a failure prints, so that it can be repeated by hand. */
  readonly text: string;
  readonly schema: AnySchema;
  readonly values: fc.Arbitrary<unknown>;
}

const described = (text: string, schema: AnySchema, values: fc.Arbitrary<unknown>): Described => ({
  text,
  schema,
  values,
});
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const unknownEnum = (known: number): fc.Arbitrary<string> =>
  fc.integer({ min: known, max: 127 }).map((n) => `unknown(${n})`);

const LEAVES: readonly Described[] = [
  described('u8', uint8, fc.integer({ min: 0, max: 255 })),
  described('u8 3..250', uint8In(3, 250), fc.integer({ min: 3, max: 250 })),
  described('u16', uint16, fc.integer({ min: 0, max: 65535 })),
  described('u32', uint32, fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  described('u64', uint64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  described('i32', int32, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  described('unsigned', unsigned, fc.oneof(fc.maxSafeNat(), fc.nat(300))),
  described(
    'signed',
    signed,
    fc.oneof(fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }), fc.integer({ min: -300, max: 300 })),
  ),
  described('octets[3]', fixedOctets(3), bytes(3, 3)),
  described('octets', octets(), fc.oneof(bytes(0, 8), bytes(120, 140))),
  described('octets 1..4', octets(1, 4), bytes(1, 4)),
  described(
    'utf8',
    utf8(20),
    fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => [...text].length <= 20),
  ),
  described('null', nothing, fc.constant(null)),
  described('enum', enumerated(['a', 'b', 'c']), fc.constantFrom('a', 'b', 'c')),
  described('enum…', extensibleEnum(['a', 'b']), fc.oneof(fc.constantFrom('a', 'b'), unknownEnum(2))),
];

type FieldKind = 'required' | 'optional' | 'default';
interface FieldPlan {
  readonly kind: FieldKind;
  readonly of: Described;
  readonly fallback: unknown;
}

function fieldPlans(inner: fc.Arbitrary<Described>, max: number): fc.Arbitrary<FieldPlan[]> {
  const kinds = fc.constantFrom<FieldKind>('required', 'optional', 'default');
  const one = fc.tuple(kinds, inner).chain(([kind, of]) => of.values.map((fallback) => ({ kind, of, fallback })));
  return fc.array(one, { maxLength: max });
}

function unknownAdditions(
  known: number,
): fc.Arbitrary<{ bitmapBits: number; unknown: { index: number; octets: Uint8Array }[] }> {
  return fc
    .record({
      extra: fc.integer({ min: known === 0 ? 1 : 0, max: 20 }),
      octets: fc.array(bytes(0, 4), { maxLength: 20 }),
      pick: fc.nat(),
    })
    .map(({ extra, octets: contents, pick }) => {
      const unknown = contents
        .slice(0, extra)
        .map((content, i) => ({ index: known + i, octets: content }))
        .filter(({ index }) => ((pick >> (index % 30)) & 1) === 1);
      return { bitmapBits: known + extra, unknown };
    });
}

function sequences(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  const extensions = fc.option(fc.array(inner, { maxLength: 3 }), { nil: undefined });
  return fc.tuple(fieldPlans(inner, 10), extensions, fc.boolean()).map(([fields, additions, withLiteral]) => {
    const name = (i: number): string => `f${i}`;
    const declared = Object.fromEntries(
      fields.map(({ kind, of, fallback }, i) => {
        if (kind === 'required') return [name(i), of.schema];
        return [name(i), kind === 'optional' ? optional(of.schema) : defaulted(of.schema, fallback)];
      }),
    );
    const known = Object.fromEntries((additions ?? []).map((of, i) => [`x${i}`, of.schema]));
    const names = [...Object.keys(declared), ...Object.keys(known)];
    const literal = (...values: unknown[]): object => Object.fromEntries(names.map((key, i) => [key, values[i]]));
    const schema = sequence(declared, {
      ...(additions ? { extensions: known } : {}),
      ...(withLiteral ? { literal } : {}),
    });
    const values: Record<string, fc.Arbitrary<unknown>> = {};
    fields.forEach(({ kind, of, fallback }, i) => {
      if (kind === 'optional') values[name(i)] = fc.option(of.values, { nil: undefined });
      else values[name(i)] = kind === 'default' ? fc.oneof(of.values, fc.constant(fallback)) : of.values;
    });
    additions?.forEach((of, i) => {
      values[`x${i}`] = fc.option(of.values, { nil: undefined });
    });
    const base = fc.record(values);
    const whole = additions
      ? fc.tuple(base, unknownAdditions(additions.length)).map(([value, extensionAdditions]) => {
          const extended =
            extensionAdditions.unknown.length > 0 || additions.some((_, i) => value[`x${i}`] !== undefined);
          return extended ? { ...value, extensionAdditions } : value;
        })
      : base;
    const text = fields.map(({ kind, of }) => `${kind} ${of.text}`).join(', ');
    return described(`{${text}${additions ? `, …${additions.map((of) => of.text)}` : ''}}`, schema, whole);
  });
}

function choices(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  const root = fc.array(inner, { minLength: 1, maxLength: 4 });
  const extensions = fc.option(fc.array(inner, { maxLength: 3 }), { nil: undefined });
  return fc.tuple(root, extensions).map(([alternatives, additions]) => {
    const all = [...alternatives, ...(additions ?? [])];
    const named = (list: readonly Described[], from: number): Record<string, AnySchema> =>
      Object.fromEntries(list.map((of, i) => [`a${from + i}`, of.schema]));
    const rootOf = named(alternatives, 0);
    const schema = additions ? extensibleChoice(rootOf, named(additions, alternatives.length)) : choice(rootOf);
    const known = all.map((of, i) => of.values.map((value): unknown => ({ tag: `a${i}`, value })));
    const unknown = fc
      .tuple(fc.integer({ min: all.length, max: 62 }), bytes(0, 5))
      .map(([index, value]): unknown => ({ tag: 'unknown', index, value }));
    const text = alternatives.map((of) => of.text).join(' | ');
    return described(
      `<${text}${additions ? ` | …${additions.map((of) => of.text)}` : ''}>`,
      schema,
      fc.oneof(...known, ...(additions ? [unknown] : [])),
    );
  });
}

function lists(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  return inner.map((of) =>
    described(`[${of.text}]`, sequenceOf(of.schema, 1, 300), fc.array(of.values, { minLength: 1, maxLength: 12 })),
  );
}

function schemas(depth: number): fc.Arbitrary<Described> {
  const leaf = fc.constantFrom(...LEAVES);
  if (depth === 0) return leaf;
  const inner = schemas(depth - 1);
  return fc.oneof(
    { arbitrary: leaf, weight: 1 },
    { arbitrary: sequences(inner), weight: 3 },
    { arbitrary: choices(inner), weight: 2 },
    { arbitrary: lists(inner), weight: 1 },
    {
      arbitrary: inner.map((of) => described(`open ${of.text}`, openType(of.schema), of.values)),
      weight: 1,
    },
  );
}

export interface Sample {
  readonly text: string;
  readonly schema: AnySchema;
  readonly value: unknown;
}

/** A schema and a value of it. */
export const samples: fc.Arbitrary<Sample> = schemas(3).chain(({ text, schema, values }) =>
  values.map((value) => ({ text, schema, value })),
);
