import { type Cursor, DecodeFailure } from './cursor.ts';
import { readUint8 } from './integers.ts';
import { decodeOpen } from './open.ts';
import {
  type AnyValue,
  type ExtensionAdditions,
  isDefault,
  MAX_EXTENSION_BITS,
  type Plan,
  type PlannedField,
  REQUIRED,
} from './sequence-plan.ts';
import { nothing } from './strings.ts';

/**
 * The decoder of a plan. Where it has a literal, values are made from that, in straight code; what the literal cannot serve
 * (a trace, defaults, very many fields) is left to the loop over the plan, which gives the same values.
 */
export function sequenceDecoder(plan: Plan): (cursor: Cursor) => AnyValue {
  const fields = fieldsReader(plan);
  if (fields === undefined) return (cursor) => decodeByName(plan, cursor);
  return (cursor) => {
    if (cursor.trace !== undefined) return decodeByName(plan, cursor);
    const start = cursor.offset;
    const preamble = decodePreamble(plan, cursor);
    const value = fields(preamble | REQUIRED, cursor);
    if (preamble & plan.extensionBit) decodeAdditions(plan, value, cursor);
    if (plan.span) value.encoded = cursor.bytes.subarray(start, cursor.offset);
    return value;
  };
}

function decodePreamble(plan: Plan, cursor: Cursor): number {
  if (plan.preambleOctets === 0) return 0;
  const preamble = plan.preambleOctets === 1 ? readUint8(cursor) : cursor.uint(plan.preambleOctets);
  if (preamble & plan.paddingMask) {
    cursor.fail('preamblePadding', `preamble ${preamble.toString(16)}`, cursor.offset - 1);
  }
  return preamble;
}

/** Reads the fields whose bits are `present` and makes a value of them; the places of the additions stay undefined. */
type FieldsReader = (present: number, cursor: Cursor) => AnyValue;

const ABSENT: PlannedField = { name: '', schema: nothing, presence: 0, fallback: undefined };
const MOST_UNROLLED = 12;

/** Four sizes of the same code: what is passed beyond the fields of a type is undefined, as its additions are. */
function fieldsReader({ literal, fields }: Plan): FieldsReader | undefined {
  if (literal === undefined || fields.length > MOST_UNROLLED || fields.some(({ fallback }) => fallback))
    return undefined;
  const make = literal as (...values: unknown[]) => AnyValue;
  const at = (index: number): PlannedField => fields[index] ?? ABSENT;
  const [a, b, c, d, e, f] = [at(0), at(1), at(2), at(3), at(4), at(5)];
  if (fields.length <= 2) return (p, x) => make(read(a, p, x), read(b, p, x));
  if (fields.length <= 4) return (p, x) => make(read(a, p, x), read(b, p, x), read(c, p, x), read(d, p, x));
  const [g, h, i, j, k, l] = [at(6), at(7), at(8), at(9), at(10), at(11)];
  if (fields.length <= 8) {
    // biome-ignore format: one row
    return (p, x) => make(
      read(a, p, x), read(b, p, x), read(c, p, x), read(d, p, x),
      read(e, p, x), read(f, p, x), read(g, p, x), read(h, p, x));
  }
  // biome-ignore format: one row
  return (p, x) => make(
    read(a, p, x), read(b, p, x), read(c, p, x), read(d, p, x), read(e, p, x), read(f, p, x),
    read(g, p, x), read(h, p, x), read(i, p, x), read(j, p, x), read(k, p, x), read(l, p, x));
}

function read(field: PlannedField, present: number, cursor: Cursor): unknown {
  if ((present & field.presence) === 0) return undefined;
  try {
    return field.schema.decode(cursor);
  } catch (thrown) {
    throw DecodeFailure.inside(field.name, thrown);
  }
}

function decodeByName(plan: Plan, cursor: Cursor): AnyValue {
  const start = cursor.offset;
  const preamble = decodePreamble(plan, cursor);
  cursor.trace?.mark('preamble', start, cursor.offset);
  const present = preamble | REQUIRED;
  const value: AnyValue = {};
  for (const field of plan.fields) {
    const absent = (present & field.presence) === 0;
    value[field.name] = absent ? field.fallback?.value : decodeField(field, cursor);
  }
  for (const { name } of plan.additions) value[name] = undefined;
  if (preamble & plan.extensionBit) decodeAdditions(plan, value, cursor);
  if (plan.span) value.encoded = cursor.bytes.subarray(start, cursor.offset);
  return value;
}

function decodeField(field: PlannedField, cursor: Cursor): unknown {
  const start = cursor.offset;
  cursor.trace?.enter(field.name, start);
  try {
    const value = field.schema.decode(cursor);
    if (field.fallback && isDefault(field, cursor.bytes.subarray(start, cursor.offset))) {
      cursor.fail('defaultEncoded', `${field.name} is its default`, start);
    }
    cursor.trace?.leave(cursor.offset, value);
    return value;
  } catch (thrown) {
    throw DecodeFailure.inside(field.name, thrown);
  }
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
    const name = known?.name ?? `extension ${index}`;
    trace?.enter(name, cursor.offset);
    try {
      if (known !== undefined) value[known.name] = decodeOpen(known.schema, cursor);
      else additions.unknown.push({ index, octets: cursor.take(cursor.length()) });
    } catch (thrown) {
      throw DecodeFailure.inside(name, thrown);
    }
    trace?.leave(cursor.offset, known !== undefined ? value[known.name] : additions.unknown.at(-1)?.octets);
  }
  if (!any) cursor.fail('extensionsEmpty', 'no bit of the bitmap is set', start);
  value.extensionAdditions = additions;
}
