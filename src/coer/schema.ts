import { Cursor, DecodeFailure } from './cursor.ts';
import { CoerError, type CoerFailure } from './errors.ts';
import { Trace, type TraceNode } from './trace.ts';
import { Writer } from './writer.ts';

/**
 * One declaration that decodes strictly and encodes canonically. Decoding accepts exactly one encoding of each value, so
 * `encode(decode(x))` is `x`, byte for byte. Schemas hold no state: one instance serves everywhere.
 */
export interface Schema<T> {
  /** Fewest octets that any value takes: bounds list counts before anything is allocated. */
  readonly minBytes: number;
  /** Reads one value at the cursor; throws `DecodeFailure`, which only `decode` and its kin let out, as a value. */
  decode(cursor: Cursor): T;
  /** Appends the canonical encoding; throws `CoerError` for a value outside the schema. */
  encode(value: T, writer: Writer): void;
}

/** The TypeScript type of a schema's values. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** The value of a decoder, or the failure with its code and offset. */
export type DecodeResult<T> =
  | { readonly ok: true; readonly value: T; readonly end: number }
  | { readonly ok: false; readonly error: CoerFailure };

/** Decodes bytes that must hold exactly one value; `maxElements` bounds the elements of all its lists together. */
export function decode<T>(schema: Schema<T>, bytes: Uint8Array, maxElements?: number): DecodeResult<T> {
  return run(schema, new Cursor(bytes, 0, bytes.length, undefined, maxElements), true);
}

/** Decodes one value at `offset` and returns its end; the bytes behind it are not read. */
export function decodePrefix<T>(schema: Schema<T>, bytes: Uint8Array, offset = 0): DecodeResult<T> {
  return run(schema, new Cursor(bytes, offset), false);
}

/**
 * The end of the value at `offset`, or why none decodes there. For searching in bytes that are mostly of other kinds: unlike
 * {@link decodePrefix} it does not decode a second time to name the field.
 */
export function endOfValue(schema: Schema<unknown>, bytes: Uint8Array, offset = 0): number | DecodeFailure {
  const cursor = new Cursor(bytes, offset);
  try {
    schema.decode(cursor);
    return cursor.offset;
  } catch (thrown) {
    if (!(thrown instanceof DecodeFailure)) throw thrown;
    return thrown;
  }
}

/** As {@link decode}, for an encoding that the caller promises to be valid; throws `CoerError`. */
export function decodeOrThrow<T>(schema: Schema<T>, bytes: Uint8Array): T {
  const result = decode(schema, bytes);
  if (!result.ok) throw new CoerError(result.error);
  return result.value;
}

/** Encodes a value canonically. */
export function encode<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = new Writer();
  schema.encode(value, writer);
  return writer.finish();
}

/** The fields of an encoding as a tree with offsets; where decoding fails, the tree up to there and the failure. */
export function annotate<T>(schema: Schema<T>, bytes: Uint8Array): { tree: TraceNode; error?: CoerFailure } {
  const trace = new Trace();
  const cursor = new Cursor(bytes, 0, bytes.length, trace);
  try {
    const value = schema.decode(cursor);
    if (cursor.offset !== cursor.end) failTrailing(cursor);
    return { tree: trace.finish(cursor.offset, value) };
  } catch (thrown) {
    if (!(thrown instanceof DecodeFailure)) throw thrown;
    return { tree: trace.finish(cursor.offset, undefined), error: failureOf(thrown) };
  }
}

function run<T>(schema: Schema<T>, cursor: Cursor, whole: boolean): DecodeResult<T> {
  try {
    const value = schema.decode(cursor);
    if (whole && cursor.offset !== cursor.end) failTrailing(cursor);
    return { ok: true, value, end: cursor.offset };
  } catch (thrown) {
    if (!(thrown instanceof DecodeFailure)) throw thrown;
    return { ok: false, error: failureOf(thrown) };
  }
}

function failureOf({ code, offset, path, detail }: DecodeFailure): CoerFailure {
  return { code, offset, path, detail };
}

function failTrailing(cursor: Cursor): never {
  cursor.fail('trailingBytes', `${cursor.end - cursor.offset} octet(s) left over`);
}

/** Refuses a value on the encoding side. */
export function refuse(detail: string): never {
  throw new CoerError({ code: 'valueOutOfRange', offset: 0, path: '', detail });
}
