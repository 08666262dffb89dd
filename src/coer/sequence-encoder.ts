import { encodeOpen } from './open.ts';
import { encode, refuse } from './schema.ts';
import {
  type AnyValue,
  isDefault,
  MAX_EXTENSION_BITS,
  type Plan,
  type PlannedField,
  REQUIRED,
} from './sequence-plan.ts';
import type { Writer } from './writer.ts';

export function encodeSequence(plan: Plan, value: AnyValue, writer: Writer): void {
  const extended = isExtended(plan, value);
  let preamble = extended ? plan.extensionBit : 0;
  for (const field of plan.fields) {
    if (isPresent(field, value[field.name]) && field.presence !== REQUIRED) preamble |= field.presence;
  }
  writer.uint(preamble, plan.preambleOctets);
  const present = preamble | REQUIRED;
  for (const field of plan.fields) {
    if (present & field.presence) field.schema.encode(value[field.name], writer);
  }
  if (extended) encodeAdditions(plan, value, writer);
}

function isExtended(plan: Plan, value: AnyValue): boolean {
  const unknown = (value.extensionAdditions?.unknown ?? []).length > 0;
  if (!plan.extensible && unknown) refuse('extensions of a type that has no extension marker');
  return unknown || plan.additions.some(({ name }) => value[name] !== undefined);
}

function isPresent(field: PlannedField, value: unknown): boolean {
  if (field.presence === REQUIRED) {
    if (value === undefined) refuse(`${field.name} is missing`);
    return true;
  }
  if (value === undefined) return false;
  return field.fallback === undefined || !isDefault(field, encode(field.schema, value));
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
