import { Cursor, DecodeFailure } from './cursor.ts';
import { refuse, type Schema } from './schema.ts';

/**
 * A bound on how many of some structures one decode may meet in total, at any depth: bounds of nested lists multiply.
 * Wrap every schema that counts.
 */
export function inTotal(max: number, what: string): <T>(schema: Schema<T>) => Schema<T> {
  const met = new WeakMap<Cursor, number>();
  return (schema) => ({
    ...schema,
    decode(cursor) {
      const count = (met.get(cursor) ?? 0) + 1;
      if (count > max) cursor.fail('tooManyElements', `more than ${max} ${what}`);
      met.set(cursor, count);
      return schema.decode(cursor);
    },
  });
}

/** A structure that must decode, and is kept as received: for structures that are verified over their bytes. */
export function asOctets(schema: Schema<unknown>): Schema<Uint8Array> {
  return {
    minBytes: schema.minBytes,
    decode(cursor) {
      const start = cursor.offset;
      schema.decode(cursor);
      return cursor.bytes.subarray(start, cursor.offset);
    },
    encode(octets, writer) {
      if (!fills(schema, octets)) refuse(`${octets.length} octets that are not the structure which belongs there`);
      writer.bytes(octets);
    },
  };
}

function fills(schema: Schema<unknown>, octets: Uint8Array): boolean {
  const cursor = new Cursor(octets);
  try {
    schema.decode(cursor);
  } catch (thrown) {
    if (thrown instanceof DecodeFailure) return false;
    throw thrown;
  }
  return cursor.offset === octets.length;
}
