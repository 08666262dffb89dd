import { encode, type Schema } from './schema.ts';
import type { Additions, Fields, Literal, SequenceOptions } from './sequence-fields.ts';

/** Extension additions that this version of the schema does not know, and the width of the bitmap they came with. */
export interface ExtensionAdditions {
  bitmapBits: number;
  unknown: { index: number; octets: Uint8Array }[];
}

/** What every sequence value may carry beside its fields. */
export interface Extras {
  /** The octets that this value was decoded from (only where the schema says `span`); encoding ignores it. */
  encoded?: Uint8Array | undefined;
  /** Present where extension additions were received, so that encoding gives the same octets back. */
  extensionAdditions?: ExtensionAdditions | undefined;
}

export type AnyValue = Record<string, unknown> & Extras;

/** Widest extension bitmap that is read or written: far above any type of IEEE 1609.2. */
export const MAX_EXTENSION_BITS = 256;

/** Above every bit of a preamble: set in the presence of all fields that cannot be absent. */
export const REQUIRED = 1 << 30;

export interface PlannedField {
  readonly name: string;
  readonly schema: Schema<unknown>;
  /** The presence bit in the preamble; `REQUIRED` for a field that has none. */
  readonly presence: number;
  /** Set where the field has a DEFAULT; its octets are what canonical encodings must leave out. */
  readonly fallback: { readonly value: unknown; readonly octets: Uint8Array } | undefined;
}

/** A declared sequence, with everything worked out that does not depend on a value. */
export interface Plan {
  readonly fields: readonly PlannedField[];
  readonly required: readonly PlannedField[];
  readonly additions: readonly { name: string; schema: Schema<unknown> }[];
  readonly extensible: boolean;
  readonly span: boolean;
  readonly literal: Literal | undefined;
  readonly preambleOctets: number;
  /** Set in the preamble where extension additions follow; 0 for a type without extension marker. */
  readonly extensionBit: number;
  readonly paddingMask: number;
}

export function planOf(fields: Fields, { extensions, span, literal }: SequenceOptions<Additions>): Plan {
  const extensible = extensions !== undefined;
  const entries = Object.entries(fields);
  const bits = entries.filter(([, field]) => 'kind' in field).length + (extensible ? 1 : 0);
  const preambleOctets = Math.ceil(bits / 8);
  // The masks live in 32-bit integers; no type of 1609.2 has more than 10 optional fields.
  if (preambleOctets > 3) throw new RangeError('a sequence with more than 24 preamble bits');
  const extensionBit = extensible ? 2 ** (preambleOctets * 8 - 1) : 0;
  let presence = 2 ** (preambleOctets * 8 - (extensible ? 1 : 0));
  const planned = entries.map(([name, field]): PlannedField => {
    if (!('kind' in field)) return { name, schema: field, presence: REQUIRED, fallback: undefined };
    const fallback =
      field.kind === 'default' ? { value: field.value, octets: encode(field.schema, field.value) } : undefined;
    presence /= 2;
    return { name, schema: field.schema, presence, fallback };
  });
  const additions = Object.entries(extensions ?? {}).map(([name, schema]) => ({
    name,
    schema: schema as Schema<unknown>,
  }));
  const names = [...planned, ...additions].map(({ name }) => name);
  if (literal !== undefined) checkLiteral(literal, names);
  return {
    fields: planned,
    required: planned.filter((field) => field.presence === REQUIRED),
    additions,
    extensible,
    span: span === true,
    literal,
    preambleOctets,
    extensionBit,
    paddingMask: 2 ** (preambleOctets * 8 - bits) - 1,
  };
}

/** Two exchanged fields would be a wrong decoder: each must come under its own name, and none from nowhere. */
function checkLiteral(literal: Literal, names: readonly string[]): void {
  const made = Object.entries(literal(...names));
  const named = made.length === names.length && made.every(([name, value], i) => name === names[i] && value === name);
  const invented = Object.values(literal()).some((value) => value !== undefined);
  if (!named || invented) throw new TypeError(`a literal of ${made.map(([name]) => name)} for the fields ${names}`);
}

/** Whether octets are those of the field's default, which has no encoding but absence. */
export function isDefault({ fallback }: PlannedField, octets: Uint8Array): boolean {
  if (fallback === undefined || fallback.octets.length !== octets.length) return false;
  return fallback.octets.every((octet, i) => octet === octets[i]);
}
