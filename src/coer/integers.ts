import type { Cursor } from './cursor.ts';
import { refuse, type Schema } from './schema.ts';
import { unsignedOctets, type Writer } from './writer.ts';

/** Bounds of an integer type; both ends are included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export function readUint8(cursor: Cursor): number {
  cursor.need(1);
  return cursor.bytes[cursor.offset++] as number;
}

function readUint16(cursor: Cursor): number {
  cursor.need(2);
  const { bytes, offset } = cursor;
  cursor.offset = offset + 2;
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}

/** The four octets as the bits of a signed integer. */
function readInt32(cursor: Cursor): number {
  cursor.need(4);
  const { bytes, offset } = cursor;
  cursor.offset = offset + 4;
  const high = ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
  return (high << 16) | ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number);
}

const readUint32 = (cursor: Cursor): number => readInt32(cursor) >>> 0;

/** INTEGER with a finite unsigned range: fixed width, no length (X.696 §10.3). */
function fixedUnsigned(octets: 1 | 2 | 4, decode: (cursor: Cursor) => number, range?: Range): Schema<number> {
  const { min, max } = range ?? { min: 0, max: 256 ** octets - 1 };
  return {
    minBytes: octets,
    decode,
    encode(value, writer) {
      if (!Number.isInteger(value) || value < min || value > max) refuse(`${value} not in ${min}..${max}`);
      writer.uint(value, octets);
    },
  };
}

/** An unsigned integer of 8 bits. */
export const uint8 = fixedUnsigned(1, readUint8);
/** An unsigned integer of 16 bits, big-endian. */
export const uint16 = fixedUnsigned(2, readUint16);
/** An unsigned integer of 32 bits, big-endian. */
export const uint32 = fixedUnsigned(4, readUint32);

/** An unsigned integer of 8 bits with a range narrower than 0..255. */
export function uint8In(min: number, max: number): Schema<number> {
  const decode = (cursor: Cursor): number => {
    const start = cursor.offset;
    const value = readUint8(cursor);
    if (value < min || value > max) cursor.fail('valueOutOfRange', `${value} not in ${min}..${max}`, start);
    return value;
  };
  return fixedUnsigned(1, decode, { min, max });
}

/** Puts the halves of a 64-bit integer together: arithmetic on big integers would allocate each step. */
const halves = new DataView(new ArrayBuffer(8));

/** INTEGER (0..18446744073709551615): an unsigned integer of 64 bits. */
export const uint64: Schema<bigint> = {
  minBytes: 8,
  decode(cursor) {
    halves.setInt32(0, readInt32(cursor));
    halves.setInt32(4, readInt32(cursor));
    return halves.getBigUint64(0);
  },
  encode(value, writer) {
    if (value < 0n || value >= 1n << 64n) refuse(`${value} not in 0..2^64-1`);
    writer.uint(Number(value >> 32n), 4);
    writer.uint(Number(value & 0xffffffffn), 4);
  },
};

/** INTEGER with a finite signed range of 32 bits. */
export const int32: Schema<number> = {
  minBytes: 4,
  decode: readInt32,
  encode(value, writer) {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31) refuse(`${value} not in -2^31..2^31-1`);
    writer.uint(value >>> 0, 4);
  },
};

/** Octets of an integer that a JavaScript number holds exactly. */
const MAX_INTEGER_OCTETS = 7;

/** INTEGER (0..MAX): length and minimal unsigned octets (X.696 §10.3 d). Values up to 2^53 − 1. */
export const unsigned: Schema<number> = {
  minBytes: 2,
  decode: (cursor) => readUnsigned(cursor, 'integerNotMinimal'),
  encode(value, writer) {
    if (!Number.isSafeInteger(value) || value < 0) refuse(`${value} is not an unsigned integer`);
    writeUnsigned(value, writer);
  },
};

export function readUnsigned(cursor: Cursor, notMinimal: 'integerNotMinimal' | 'quantityForm'): number {
  const start = cursor.offset;
  const octets = cursor.length();
  if (octets === 1) return readUint8(cursor);
  if (octets === 0 || cursor.bytes[cursor.offset] === 0) {
    cursor.fail(notMinimal, `${octets} octet(s)`, start);
  }
  if (octets > MAX_INTEGER_OCTETS) cursor.fail('integerTooLarge', `${octets} octets`, start);
  const value = cursor.uint(octets);
  if (value > Number.MAX_SAFE_INTEGER) cursor.fail('integerTooLarge', 'above 2^53 − 1', start);
  return value;
}

export function writeUnsigned(value: number, writer: Writer): void {
  const octets = unsignedOctets(value);
  writer.lengthOf(octets);
  writer.uint(value, octets);
}

/** Octets of a signed integer: more than any type of 1609.2 needs. */
const MAX_SIGNED_OCTETS = 6;
const SIGNED_LIMIT = 256 ** MAX_SIGNED_OCTETS / 2;

/** INTEGER without bounds: length and minimal two's complement (X.696 §10.4 e). At most 48 bits. */
export const signed: Schema<number> = {
  minBytes: 2,
  decode(cursor) {
    const start = cursor.offset;
    const octets = cursor.length();
    if (octets === 0) cursor.fail('integerNotMinimal', 'no octet', start);
    if (octets > MAX_SIGNED_OCTETS) cursor.fail('integerTooLarge', `${octets} octets`, start);
    const first = cursor.bytes[cursor.offset] as number;
    const second = cursor.bytes[cursor.offset + 1] as number;
    if (octets > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      cursor.fail('integerNotMinimal', `${octets} octets`, start);
    }
    const value = cursor.uint(octets);
    return first >= 0x80 ? value - 256 ** octets : value;
  },
  encode(value, writer) {
    if (!Number.isInteger(value) || value < -SIGNED_LIMIT || value >= SIGNED_LIMIT) {
      refuse(`${value} is not an integer in -2^47..2^47-1`);
    }
    let octets = 1;
    while (value < -(256 ** octets) / 2 || value >= 256 ** octets / 2) octets++;
    writer.lengthOf(octets);
    writer.uint(value < 0 ? value + 256 ** octets : value, octets);
  },
};
