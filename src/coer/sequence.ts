import type { Infer, Schema } from './schema.ts';
import { sequenceDecoder } from './sequence-decoder.ts';
import { encodeSequence } from './sequence-encoder.ts';
import type { Additions, Defaulted, Fields, Optional, SequenceOptions } from './sequence-fields.ts';
import { type AnyValue, type Extras, planOf } from './sequence-plan.ts';

/** A field that may be absent. */
export const optional = <T>(schema: Schema<T>): Optional<T> => ({ kind: 'optional', schema });
/** A field with a default, which canonical encodings leave out. */
export const defaulted = <T>(schema: Schema<T>, value: T): Defaulted<T> => ({ kind: 'default', schema, value });

type FieldValue<F> = F extends Optional<infer T> ? T : F extends Defaulted<infer T> ? T : Infer<F>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];
type Flatten<T> = { [K in keyof T]: T[K] };
type FieldValues<F> = { [K in Exclude<keyof F, OptionalKeys<F>>]: FieldValue<F[K]> } & {
  [K in OptionalKeys<F>]?: FieldValue<F[K]> | undefined;
};

type AdditionValues<X> = { [K in keyof X]?: Infer<X[K]> | undefined };

/** The value of a sequence: its fields, its extension additions, and `encoded` as received. */
export type SequenceValue<F extends Fields, X extends Additions> = Flatten<FieldValues<F> & AdditionValues<X> & Extras>;

/**
 * SEQUENCE (X.696 §16): a preamble (extension bit, one bit for each OPTIONAL or DEFAULT field, zero padded), the fields,
 * then the extension additions as open types. Decoded values all have the same shape; absent fields are `undefined`.
 */
export function sequence<const F extends Fields, const X extends Additions = Record<never, never>>(
  fields: F,
  options: SequenceOptions<X> = {},
): Schema<SequenceValue<F, X>> {
  const plan = planOf(fields, options);
  const schema: Schema<AnyValue> = {
    minBytes: plan.preambleOctets + plan.required.reduce((sum, field) => sum + field.schema.minBytes, 0),
    decode: sequenceDecoder(plan),
    encode: (value, writer) => encodeSequence(plan, value, writer),
  };
  return schema as unknown as Schema<SequenceValue<F, X>>;
}
