import { type Cursor, DecodeFailure } from './cursor.ts';
import { decodeOpen, encodeOpen } from './open.ts';
import { type Infer, refuse, type Schema } from './schema.ts';
import type { Writer } from './writer.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas of any value type may stand side by side
export type Alternatives = Record<string, Schema<any>>;

/** A chosen alternative: `tag` is its name in the ASN.1 module. */
export type Chosen<A extends Alternatives> = { [K in keyof A & string]: { tag: K; value: Infer<A[K]> } }[keyof A &
  string];

/** An alternative of a later version: kept as it came, so that it is hashed and encoded again unchanged. */
export interface UnknownAlternative {
  tag: 'unknown';
  index: number;
  value: Uint8Array;
}

/** CHOICE without extension marker: tag octet `0x80 | index`, then the value (X.696 §20). */
export function choice<const A extends Alternatives>(alternatives: A): Schema<Chosen<A>> {
  return buildChoice(alternatives, {}, false) as Schema<Chosen<A>>;
}

/**
 * CHOICE with an extension marker: alternatives behind the marker travel as open types, and unknown ones are kept.
 * Rules decide whether an unknown one is allowed, not the decoder.
 */
export function extensibleChoice<const A extends Alternatives, const X extends Alternatives = Record<never, never>>(
  alternatives: A,
  additions?: X,
): Schema<Chosen<A> | Chosen<X> | UnknownAlternative> {
  return buildChoice(alternatives, additions ?? {}, true) as Schema<Chosen<A> | Chosen<X> | UnknownAlternative>;
}

/** Says that the tag number is in the octets that follow; no type of 1609.2 has that many alternatives. */
const LONG_FORM = 0x3f;

type AnyChosen = { tag: string; value: unknown; index?: number };

function buildChoice(root: Alternatives, additions: Alternatives, extensible: boolean): Schema<AnyChosen> {
  const names = [...Object.keys(root), ...Object.keys(additions)];
  const schemas = [...Object.values(root), ...Object.values(additions)];
  const rootCount = Object.keys(root).length;

  function decode(cursor: Cursor): AnyChosen {
    const start = cursor.offset;
    const tag = cursor.u8();
    if ((tag & 0xc0) !== 0x80) cursor.fail('tagClass', `tag octet ${tag}`, start);
    const index = tag & 0x3f;
    if (index === LONG_FORM) cursor.fail('tagLongForm', `tag octet ${tag}`, start);
    if (index >= rootCount && !extensible) cursor.fail('choiceUnknown', `alternative ${index}`, start);
    const name = names[index] ?? 'unknown';
    const trace = cursor.trace;
    trace?.mark('tag', start, cursor.offset);
    trace?.enter(name, cursor.offset);
    const schema = schemas[index];
    let chosen: AnyChosen;
    try {
      if (schema === undefined) chosen = { tag: 'unknown', index, value: cursor.take(cursor.length()) };
      else chosen = { tag: name, value: index < rootCount ? schema.decode(cursor) : decodeOpen(schema, cursor) };
    } catch (thrown) {
      throw DecodeFailure.inside(name, thrown);
    }
    trace?.leave(cursor.offset, chosen.value);
    return chosen;
  }

  function encode(chosen: AnyChosen, writer: Writer): void {
    if (chosen.tag === 'unknown' && extensible) {
      const octets = chosen.value as Uint8Array;
      const index = chosen.index as number;
      if (!Number.isInteger(index) || index < names.length || index >= LONG_FORM) {
        refuse(`${index} is not the index of an unknown alternative`);
      }
      writer.u8(0x80 | index);
      writer.lengthOf(octets.length);
      writer.bytes(octets);
      return;
    }
    const index = names.indexOf(chosen.tag);
    if (index < 0) refuse(`${chosen.tag} is none of ${names.join(', ')}`);
    const schema = schemas[index] as Schema<unknown>;
    writer.u8(0x80 | index);
    if (index < rootCount) schema.encode(chosen.value, writer);
    else encodeOpen(schema, chosen.value, writer);
  }

  const fewest = Math.min(
    ...Object.values(root).map((schema) => schema.minBytes),
    extensible ? 1 : Number.POSITIVE_INFINITY,
  );
  return { minBytes: 1 + (Number.isFinite(fewest) ? fewest : 0), decode, encode };
}
