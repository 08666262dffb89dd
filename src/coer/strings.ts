import { refuse, type Schema } from './schema.ts';

/** OCTET STRING (SIZE(n)): no length. The value is a view of the input. */
export function fixedOctets(size: number): Schema<Uint8Array> {
  return {
    minBytes: size,
    decode: (cursor) => cursor.take(size),
    encode(value, writer) {
      if (value.length !== size) refuse(`${value.length} octets where ${size} belong`);
      writer.bytes(value);
    },
  };
}

/** OCTET STRING with a variable size: length and content. The value is a view of the input. */
export function octets(min = 0, max = Number.POSITIVE_INFINITY): Schema<Uint8Array> {
  return {
    minBytes: 1 + min,
    decode(cursor) {
      const start = cursor.offset;
      const length = cursor.length();
      if (length < min || length > max) cursor.fail('sizeOutOfRange', `${length} octets, not ${min}..${max}`, start);
      return cursor.take(length);
    },
    encode(value, writer) {
      if (value.length < min || value.length > max) refuse(`${value.length} octets, not ${min}..${max}`);
      writer.lengthOf(value.length);
      writer.bytes(value);
    },
  };
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Octets of the longest character. */
const UTF8_WIDEST = 4;

/** UTF8String; its size counts characters, not octets (X.680 §51.5.3). */
export function utf8(max: number): Schema<string> {
  const raw = octets(0, max * UTF8_WIDEST);
  return {
    minBytes: 1,
    decode(cursor) {
      const start = cursor.offset;
      const encoded = raw.decode(cursor);
      const text = decodeText(encoded);
      if (text === undefined) return cursor.fail('utf8Invalid', `${encoded.length} octets`, start);
      if (encoded.length > max && charactersOf(text) > max) {
        cursor.fail('sizeOutOfRange', `${charactersOf(text)} characters, not 0..${max}`, start);
      }
      return text;
    },
    encode(value, writer) {
      const encoded = utf8Encoder.encode(value);
      // The encoder replaces a lone surrogate.
      if (decodeText(encoded) !== value) refuse('a text with half a character in it');
      if (charactersOf(value) > max) refuse(`${charactersOf(value)} characters, not 0..${max}`);
      raw.encode(encoded, writer);
    },
  };
}

function decodeText(encoded: Uint8Array): string | undefined {
  try {
    return utf8Decoder.decode(encoded);
  } catch {
    return undefined;
  }
}

const charactersOf = (text: string): number => [...text].length;

/** NULL: an empty encoding. */
export const nothing: Schema<null> = { minBytes: 0, decode: () => null, encode: () => {} };

/** The name of an enumeration value that this version of the schema does not know. */
export type UnknownEnum = `unknown(${number})`;

/** ENUMERATED without extension marker: one octet, 0..127. */
export function enumerated<const N extends string>(names: readonly N[]): Schema<N> {
  return {
    minBytes: 1,
    decode(cursor) {
      const name = names[enumValue(cursor.u8(), cursor)];
      return name ?? cursor.fail('enumUnknown', `${cursor.bytes[cursor.offset - 1]}`, cursor.offset - 1);
    },
    encode(value, writer) {
      const index = names.indexOf(value);
      if (index < 0) refuse(`${value} is none of ${names.join(', ')}`);
      writer.u8(index);
    },
  };
}

/** ENUMERATED with extension marker: values of later versions are kept as `unknown(n)`. */
export function extensibleEnum<const N extends string>(names: readonly N[]): Schema<N | UnknownEnum> {
  return {
    minBytes: 1,
    decode(cursor) {
      const value = enumValue(cursor.u8(), cursor);
      return names[value] ?? `unknown(${value})`;
    },
    encode(value, writer) {
      const index = names.indexOf(value as N);
      const number = index >= 0 ? index : Number(/^unknown\((\d+)\)$/.exec(value)?.[1] ?? Number.NaN);
      // `unknown(0)` would come back under the name that the schema has for it.
      const known = index >= 0 || number >= names.length;
      if (!known || !(number < 0x80)) refuse(`${value} is none of ${names.join(', ')}`);
      writer.u8(number);
    },
  };
}

function enumValue(octet: number, cursor: import('./cursor.ts').Cursor): number {
  if (octet >= 0x80) cursor.fail('enumLongForm', `octet ${octet}`, cursor.offset - 1);
  return octet;
}
