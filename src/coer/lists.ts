import { DecodeFailure } from './cursor.ts';
import { readUnsigned, writeUnsigned } from './integers.ts';
import { refuse, type Schema } from './schema.ts';

/** Elements of a list when its declaration says no less: far above anything deployed, far below what hurts. */
const DEFAULT_MAX_ELEMENTS = 4096;

/** SEQUENCE OF: a count, then the elements (X.696 §17). Bounded before anything is allocated. */
export function sequenceOf<T>(element: Schema<T>, min = 0, max = DEFAULT_MAX_ELEMENTS): Schema<T[]> {
  return {
    minBytes: 2 + min * element.minBytes,
    decode(cursor) {
      const start = cursor.offset;
      const count = readUnsigned(cursor, 'quantityForm');
      if (count < min) cursor.fail('sizeOutOfRange', `${count} element(s), at least ${min}`, start);
      if (count > max) cursor.fail('tooManyElements', `${count} elements, at most ${max}`, start);
      const left = cursor.end - cursor.offset;
      if (count * element.minBytes > left) cursor.fail('tooManyElements', `${count} elements in ${left} octets`, start);
      cursor.elementsLeft -= count;
      if (cursor.elementsLeft < 0) cursor.fail('tooManyElements', `${count} elements, too many in all`, start);
      const trace = cursor.trace;
      trace?.mark('count', start, cursor.offset);
      const list = new Array<T>(count);
      let i = 0;
      try {
        for (; i < count; i++) {
          trace?.enter(`[${i}]`, cursor.offset);
          const value = element.decode(cursor);
          trace?.leave(cursor.offset, value);
          list[i] = value;
        }
      } catch (thrown) {
        throw DecodeFailure.inside(`[${i}]`, thrown);
      }
      return list;
    },
    encode(list, writer) {
      if (list.length < min || list.length > max) refuse(`${list.length} elements, not ${min}..${max}`);
      writeUnsigned(list.length, writer);
      for (const value of list) element.encode(value, writer);
    },
  };
}
