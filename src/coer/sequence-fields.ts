/** How the fields of a sequence are declared. */
import type { Schema } from './schema.ts';

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

// biome-ignore lint/suspicious/noExplicitAny: schemas of any value type side by side
export type Field = Schema<any> | Optional<any> | Defaulted<any>;
export type Fields = Record<string, Field>;

// biome-ignore lint/suspicious/noExplicitAny: schemas of any value type side by side
export type Additions = Record<string, Schema<any>>;

export interface SequenceOptions<X extends Additions> {
  /** Extension additions in their order; giving this (even empty) says that the type has an extension marker. */
  readonly extensions?: X;
  /** Keep the octets of the value in `encoded`, for hashing. */
  readonly span?: boolean;
  /**
   * For types that are decoded often: the fields, then the extension additions, as the object literal that a value is, such as
   * `(id, ssp) => ({ id, ssp })`. It changes nothing but the time: engines make an object of a literal in one step, and
   * otherwise add each field by its name.
   */
  readonly literal?: Literal;
}

// biome-ignore lint/suspicious/noExplicitAny: the fields of any type, in their order
export type Literal = (...fields: any[]) => object;
