import type { Cursor } from './cursor.ts';
import { decodeOpen, encodeOpen } from './open.ts';
import { encode as encodeValue, type Infer, refuse, type Schema } from './schema.ts';
import type { Writer } from './writer.ts';

/** A field that may be absent. */
export interface Optional<T> {
  readonly kind: 'optional';
  readonly schema: Schema<T>;
}

/** A field with a DEFAULT: always present in values, never on the wire when it equals the default. */
export interface Defaulted<T> {
  readonly kind: 'default';
  readonly schema: Schema<T>;
  readonly value: T;
}

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ kind: 'optional', schema });
export const defaulted = <T>(schema: Schema<T>, value: T): Defaulted<T> => ({ kind: 'default', schema, value });

// biome-ignore lint/suspicious/noExplicitAny: schemas of any value type may stand side by side
type Field = Schema<any> | Optional<any> | Defaulted<any>;
export type Fields = Record<string, Field>;

type FieldValue<F> = F extends Optional<infer T> ? T : F extends Defaulted<infer T> ? T : Infer<F>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];
type Flatten<T> = { [K in keyof T]: T[K] };
type FieldValues<F> = { [K in Exclude<keyof F, OptionalKeys<F>>]: FieldValue<F[K]> } & {
  [K in OptionalKeys<F>]?: FieldValue<F[K]> | undefined;
};

/** Extension additions that this version of the schema does not know, and the width of the bitmap they came with. */
export interface ExtensionAdditions {
  bitmapBits: number;
  unknown: { index: number; octets: Uint8Array }[];
}

/** What every sequence value may carry beside its fields. */
interface Extras {
  /** The octets that this value was decoded from (only where the schema says `span`); encoding ignores it. */
  encoded?: Uint8Array | undefined;
  /** Present where extension additions were received, so that encoding gives the same octets back. */
  extensionAdditions?: ExtensionAdditions | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: schemas of any value type may stand side by side
type Additions = Record<string, Schema<any>>;
type AdditionValues<X> = { [K in keyof X]?: Infer<X[K]> | undefined };

export interface SequenceOptions<X extends Additions> {
  /** Extension additions in their order; giving this (even empty) says that the type has an extension marker. */
  readonly extensions?: X;
  /** Keep the octets of the value in `encoded`, for hashing. */
  readonly span?: boolean;
}

export type SequenceValue<F extends Fields, X extends Additions> = Flatten<FieldValues<F> & AdditionValues<X> & Extras>;

/** Widest extension bitmap that is read: far above any type of IEEE 1609.2. */
const MAX_EXTENSION_BITS = 256;

/**
 * SEQUENCE (X.696 §16): a preamble (extension bit, one bit for each OPTIONAL or DEFAULT field, zero padded), the fields,
 * then the extension additions as open types. Decoded values all have the same shape; absent fields are `undefined`.
 */
export function sequence<const F extends Fields, const X extends Additions = Record<never, never>>(
  fields: F,
  options: SequenceOptions<X> = {},
): Schema<SequenceValue<F, X>> {
  const plan = planOf(fields, options.extensions);
  const span = options.span === true;
  const schema: Schema<AnyValue> = {
    minBytes: plan.preambleOctets + plan.required.reduce((sum, field) => sum + field.schema.minBytes, 0),
    decode: (cursor) => decodeSequence(plan, span, cursor),
    encode: (value, writer) => encodeSequence(plan, value, writer),
  };
  return schema as unknown as Schema<SequenceValue<F, X>>;
}

type AnyValue = Record<string, unknown> & Extras;

interface PlannedField {
  readonly name: string;
  readonly schema: Schema<unknown>;
  /** Position of the presence bit in the preamble counted from its end; −1 for a required field. */
  readonly bit: number;
  /** Set where the field has a DEFAULT; its octets are what canonical encodings must leave out. */
  readonly fallback: { readonly value: unknown; readonly octets: Uint8Array } | undefined;
}

interface Plan {
  readonly fields: readonly PlannedField[];
  readonly required: readonly PlannedField[];
  readonly additions: readonly { name: string; schema: Schema<unknown> }[];
  readonly extensible: boolean;
  readonly preambleOctets: number;
  readonly extensionBit: number;
  readonly paddingMask: number;
  readonly shape: AnyValue;
}

function planOf(fields: Fields, extensions: Additions | undefined): Plan {
  const extensible = extensions !== undefined;
  const entries = Object.entries(fields);
  const bits = entries.filter(([, field]) => 'kind' in field).length + (extensible ? 1 : 0);
  const preambleOctets = Math.ceil(bits / 8);
  // The mask below lives in 32-bit integers; no type of 1609.2 has more than 10 optional fields.
  if (preambleOctets > 3) throw new RangeError('a sequence with more than 24 preamble bits');
  const padding = preambleOctets * 8 - bits;
  let bit = preambleOctets * 8 - 1 - (extensible ? 1 : 0);
  const planned = entries.map(([name, field]): PlannedField => {
    if (!('kind' in field)) return { name, schema: field, bit: -1, fallback: undefined };
    const fallback =
      field.kind === 'default' ? { value: field.value, octets: encodeValue(field.schema, field.value) } : undefined;
    return { name, schema: field.schema, bit: bit--, fallback };
  });
  const additions = Object.entries(extensions ?? {}).map(([name, schema]) => ({
    name,
    schema: schema as Schema<unknown>,
  }));
  const shape: AnyValue = {};
  for (const { name } of [...planned, ...additions]) shape[name] = undefined;
  return {
    fields: planned,
    required: planned.filter((field) => field.bit < 0),
    additions,
    extensible,
    preambleOctets,
    extensionBit: preambleOctets * 8 - 1,
    paddingMask: (1 << padding) - 1,
    shape,
  };
}

function decodeSequence(plan: Plan, span: boolean, cursor: Cursor): AnyValue {
  const start = cursor.offset;
  const trace = cursor.trace;
  const preamble = plan.preambleOctets === 0 ? 0 : cursor.uint(plan.preambleOctets);
  if (preamble & plan.paddingMask) {
    cursor.fail('preamblePadding', `preamble ${preamble.toString(16)}`, cursor.offset - 1);
  }
  trace?.mark('preamble', start, cursor.offset);
  const value: AnyValue = { ...plan.shape };
  for (const field of plan.fields) {
    if (field.bit >= 0 && ((preamble >> field.bit) & 1) === 0) {
      if (field.fallback) value[field.name] = field.fallback.value;
      continue;
    }
    const fieldStart = cursor.offset;
    trace?.enter(field.name, fieldStart);
    const decoded = field.schema.decode(cursor);
    if (field.fallback && sameOctets(field.fallback.octets, cursor.bytes.subarray(fieldStart, cursor.offset))) {
      cursor.fail('defaultEncoded', `${field.name} is its default`, fieldStart);
    }
    trace?.leave(cursor.offset, decoded);
    value[field.name] = decoded;
  }
  if (plan.extensible && (preamble >> plan.extensionBit) & 1) decodeAdditions(plan, value, cursor);
  if (span) value.encoded = cursor.bytes.subarray(start, cursor.offset);
  return value;
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

/** Extension additions (X.696 §16.4): length, unused-bits octet, presence bitmap, then an open type for each set bit. */
function decodeAdditions(plan: Plan, value: AnyValue, cursor: Cursor): void {
  const start = cursor.offset;
  const length = cursor.length();
  if (length < 2) cursor.fail('extensionBitmap', `${length} octet(s)`, start);
  const bitmap = cursor.take(length);
  const unusedBits = bitmap[0] as number;
  const bitmapBits = (length - 1) * 8 - unusedBits;
  if (unusedBits > 7 || bitmapBits > MAX_EXTENSION_BITS) {
    cursor.fail('extensionBitmap', `${bitmapBits} bits, ${unusedBits} unused`, start);
  }
  if ((bitmap[length - 1] as number) & ((1 << unusedBits) - 1)) {
    cursor.fail('extensionBitmapPadding', `${unusedBits} unused bits`, cursor.offset - 1);
  }
  const trace = cursor.trace;
  trace?.mark('extension bitmap', start, cursor.offset);
  const additions: ExtensionAdditions = { bitmapBits, unknown: [] };
  let any = false;
  for (let index = 0; index < bitmapBits; index++) {
    if ((((bitmap[1 + (index >> 3)] as number) >> (7 - (index & 7))) & 1) === 0) continue;
    any = true;
    const known = plan.additions[index];
    trace?.enter(known?.name ?? `extension ${index}`, cursor.offset);
    if (known !== undefined) value[known.name] = decodeOpen(known.schema, cursor);
    else additions.unknown.push({ index, octets: cursor.take(cursor.length()) });
    trace?.leave(cursor.offset, known !== undefined ? value[known.name] : additions.unknown.at(-1)?.octets);
  }
  if (!any) cursor.fail('extensionsEmpty', 'no bit of the bitmap is set', start);
  value.extensionAdditions = additions;
}

function encodeSequence(plan: Plan, value: AnyValue, writer: Writer): void {
  const unknown = value.extensionAdditions?.unknown ?? [];
  const present = plan.additions.map(({ name }) => value[name] !== undefined);
  if (!plan.extensible && unknown.length > 0) refuse('extensions of a type that has no extension marker');
  const extended = unknown.length > 0 || present.includes(true);
  let preamble = extended ? 2 ** plan.extensionBit : 0;
  const wanted = plan.fields.map((field) => isPresent(field, value[field.name]));
  plan.fields.forEach((field, i) => {
    if (field.bit >= 0 && wanted[i]) preamble += 2 ** field.bit;
  });
  writer.uint(preamble, plan.preambleOctets);
  plan.fields.forEach((field, i) => {
    if (wanted[i]) field.schema.encode(value[field.name], writer);
  });
  if (extended) encodeAdditions(plan, value, writer);
}

function isPresent(field: PlannedField, value: unknown): boolean {
  if (field.bit < 0) {
    if (value === undefined) refuse(`${field.name} is missing`);
    return true;
  }
  if (value === undefined) return false;
  return !(field.fallback && sameOctets(field.fallback.octets, encodeValue(field.schema, value)));
}

/** The unknown additions by their index; each must have a place of its own that no known one holds. */
function unknownAdditions(plan: Plan, value: AnyValue, width: number): Map<number, Uint8Array> {
  const unknown = new Map<number, Uint8Array>();
  for (const { index, octets } of value.extensionAdditions?.unknown ?? []) {
    if (!Number.isInteger(index) || index < plan.additions.length || index >= width || unknown.has(index)) {
      refuse(`unknown extension ${index} has no place in a bitmap of ${width} bits`);
    }
    unknown.set(index, octets);
  }
  return unknown;
}

function encodeAdditions(plan: Plan, value: AnyValue, writer: Writer): void {
  // A sender of an earlier version wrote a narrower bitmap: keep its width, so that the octets come back unchanged.
  const width = value.extensionAdditions?.bitmapBits ?? plan.additions.length;
  if (!Number.isInteger(width) || width < 1 || width > MAX_EXTENSION_BITS)
    refuse(`an extension bitmap of ${width} bits`);
  const unknown = unknownAdditions(plan, value, width);
  const bits = Math.max(plan.additions.length, width);
  const octets = Math.ceil(width / 8);
  const bitmap = new Uint8Array(octets);
  const bodies: (() => void)[] = [];
  for (let index = 0; index < bits; index++) {
    const known = plan.additions[index];
    const raw = unknown.get(index);
    if (known !== undefined ? value[known.name] === undefined : raw === undefined) continue;
    if (index >= width) refuse(`extension ${index} does not fit a bitmap of ${width} bits`);
    bitmap[index >> 3] = (bitmap[index >> 3] as number) | (0x80 >> (index & 7));
    bodies.push(() => {
      if (known !== undefined) return encodeOpen(known.schema, value[known.name], writer);
      writer.lengthOf((raw as Uint8Array).length);
      writer.bytes(raw as Uint8Array);
    });
  }
  writer.lengthOf(octets + 1);
  writer.u8(octets * 8 - width);
  writer.bytes(bitmap);
  for (const body of bodies) body();
}
