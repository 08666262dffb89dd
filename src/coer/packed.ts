import { Cursor, DecodeFailure } from './cursor.ts';
import { readUnsigned, writeUnsigned } from './integers.ts';
import { refuse, type Schema } from './schema.ts';

/**
 * A list of many small elements as received, without an object per element. Elements follow one another, each `width` bytes
 * wide, unless `starts` says where each one begins.
 */
export interface Packed {
  readonly count: number;
  readonly width: number;
  /** The elements without the count in front; a view of the received octets. */
  readonly octets: Uint8Array;
  /** Only if some element has extensions and is wider therefore. */
  readonly starts?: Uint32Array | undefined;
}

/** The offset of an element in {@link Packed.octets}. */
export function startOf({ width, starts }: Packed, index: number): number {
  return starts === undefined ? index * width : (starts[index] as number);
}

/** Elements that a trace shows one by one; the others are one stretch, because a list may have a million. */
const TRACED_ELEMENTS = 16;

/** How entries of a packed list are stored and bounded. */
export interface PackedOptions {
  /** Most elements; named in the error. */
  readonly max: number;
  /**
   * Elements have a preamble octet, and are as short as can be exactly where that is zero. Otherwise each element has the same
   * width, and any octets will do.
   */
  readonly preamble: boolean;
}

/**
 * SEQUENCE OF for lists that are long: decodes to {@link Packed}, and accepts exactly what `sequenceOf` would. Elements with
 * extensions take a slow path, through their own schema, which keeps only their offsets.
 */
export function packedSequenceOf(element: Schema<unknown>, options: PackedOptions): Schema<Packed> {
  return {
    minBytes: 2,
    decode(cursor) {
      const start = cursor.offset;
      const count = readUnsigned(cursor, 'quantityForm');
      if (count > options.max) cursor.fail('tooManyElements', `${count} elements, at most ${options.max}`, start);
      const left = cursor.end - cursor.offset;
      if (count * element.minBytes > left) cursor.fail('tooManyElements', `${count} elements in ${left} octets`, start);
      cursor.trace?.mark('count', start, cursor.offset);
      return readElements(element, options, count, cursor);
    },
    encode({ count, octets }, writer) {
      if (!isList(element, options, count, octets)) refuse(`${octets.length} octets that are not ${count} elements`);
      writeUnsigned(count, writer);
      writer.bytes(octets);
    },
  };
}

function readElements(element: Schema<unknown>, { preamble }: PackedOptions, count: number, cursor: Cursor): Packed {
  const { bytes, offset: first } = cursor;
  const width = element.minBytes;
  const shortest = preamble ? leadingShort(bytes, first, width, count) : count;
  const traced = cursor.trace === undefined ? 0 : Math.min(count, TRACED_ELEMENTS);
  for (let i = 0; i < traced; i++) {
    cursor.trace?.enter(`[${i}]`, cursor.offset);
    try {
      const value = element.decode(cursor);
      cursor.trace?.leave(cursor.offset, value);
    } catch (thrown) {
      throw DecodeFailure.inside(`[${i}]`, thrown);
    }
  }
  const restAt = cursor.offset;
  let starts: Uint32Array | undefined;
  if (shortest === count) {
    cursor.offset = first + count * width;
  } else {
    starts = new Uint32Array(count);
    for (let i = 0; i < shortest; i++) starts[i] = i * width;
    readWider(element, cursor, first + shortest * width, first, shortest, starts);
  }
  cursor.trace?.mark(`${count - traced} more`, restAt, cursor.offset);
  const octets = bytes.subarray(first, cursor.offset);
  return starts === undefined ? { count, width, octets } : { count, width, octets, starts };
}

/** How many elements in front have a preamble of zero; `count` of them are known to fit. */
function leadingShort(bytes: Uint8Array, first: number, width: number, count: number): number {
  for (let i = 0, at = first; i < count; i++, at += width) if (bytes[at] !== 0) return i;
  return count;
}

/** Decodes the elements from `index` on; a trace would only remember each of them. */
function readWider(
  element: Schema<unknown>,
  cursor: Cursor,
  from: number,
  first: number,
  index: number,
  starts: Uint32Array,
): void {
  const quiet = new Cursor(cursor.bytes, from, cursor.end);
  for (let i = index; i < starts.length; i++) {
    starts[i] = quiet.offset - first;
    try {
      element.decode(quiet);
    } catch (thrown) {
      throw DecodeFailure.inside(`[${i}]`, thrown);
    }
  }
  cursor.offset = quiet.offset;
}

function isList(element: Schema<unknown>, options: PackedOptions, count: number, octets: Uint8Array): boolean {
  if (!Number.isInteger(count) || count < 0 || count > options.max) return false;
  if (count * element.minBytes > octets.length) return false;
  const cursor = new Cursor(octets);
  try {
    readElements(element, options, count, cursor);
  } catch (thrown) {
    if (thrown instanceof DecodeFailure) return false;
    throw thrown;
  }
  return cursor.offset === octets.length;
}
