import type { Cursor } from './cursor.ts';
import type { Schema } from './schema.ts';
import { Writer } from './writer.ts';

/** Reads an open type whose schema is known: a length, and a value that must fill it. */
export function decodeOpen<T>(schema: Schema<T>, cursor: Cursor): T {
  const start = cursor.offset;
  const length = cursor.length();
  cursor.trace?.mark('length', start, cursor.offset);
  const outerEnd = cursor.end;
  cursor.end = cursor.offset + length;
  const value = schema.decode(cursor);
  if (cursor.offset !== cursor.end) {
    cursor.fail('openTypeTrailing', `${cursor.end - cursor.offset} octet(s) left over`);
  }
  cursor.end = outerEnd;
  return value;
}

export function encodeOpen<T>(schema: Schema<T>, value: T, writer: Writer): void {
  const inner = new Writer();
  schema.encode(value, inner);
  const octets = inner.finish();
  writer.lengthOf(octets.length);
  writer.bytes(octets);
}

/** An open type as a field of its own (X.696 §30). */
export function openType<T>(schema: Schema<T>): Schema<T> {
  return {
    minBytes: 1 + schema.minBytes,
    decode: (cursor) => decodeOpen(schema, cursor),
    encode: (value, writer) => encodeOpen(schema, value, writer),
  };
}

/**
 * A structure that may contain itself. `maxDepth` counts the structures open at the same time, the outermost included: input
 * must not choose the depth of recursion.
 */
export function recursive<T>(resolve: () => Schema<T>, maxDepth: number): Schema<T> {
  let schema: Schema<T> | undefined;
  const target = (): Schema<T> => {
    schema ??= resolve();
    return schema;
  };
  return {
    // Asked for while the schema is still being declared; zero is always a correct lower bound.
    minBytes: 0,
    decode(cursor) {
      if (cursor.depth >= maxDepth) cursor.fail('nestingTooDeep', `more than ${maxDepth} levels`);
      cursor.depth++;
      const value = target().decode(cursor);
      cursor.depth--;
      return value;
    },
    encode: (value, writer) => target().encode(value, writer),
  };
}
