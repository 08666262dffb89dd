/** The release entry: the only functions and addresses the host sees. */
import { GENERATOR, keysInit } from './p256/keys';
import { feInit } from './p256/field';
import { pointInit } from './p256/point';
import { buildBaseTable } from './p256/verify-tables';

export {
  CAPACITY,
  COMPRESSED,
  DIGESTS,
  HASH_CAPACITY,
  IMPLICIT_INPUT,
  INPUT,
  KEY,
  MESSAGES,
  MESSAGE_BYTES,
  MESSAGE_LENGTHS,
  MULTIPLIERS,
  POINT_OUT,
  R_FORM,
  R_VALUE,
  SHARED,
  SHARED_INDEX,
  SHARED_KEY,
  STATUS,
  S_VALUE,
  TABLE_SLOT,
} from './memory';
export { equations, verifyByEquation } from './p256/batch';
export { decompress, reconstruct } from './p256/ecqv';
export { fieldWorks } from './p256/field';
export { verify } from './p256/verify';
export { buildKeyTable, verifyByTables } from './p256/verify-tables';
export { hashMany, streamBegin, streamEnd, streamUpdate } from './sha256/stream';

/** Where the last static region ends; the host checks that the memory reaches that far. */
export const STATIC_END: usize = __heap_base;

/** Constants and the generator's table; once, before any other call but hashing. */
export function init(): void {
  feInit();
  pointInit();
  keysInit();
  buildBaseTable(GENERATOR);
}
