/** The release entry: the only functions and addresses the host sees. */
import { keysInit } from './p256/keys';
import { feInit } from './p256/field';
import { pointInit } from './p256/point';
import { buildBaseTable } from './p256/table';

export {
  CAPACITY,
  COMPRESSED,
  DIGESTS,
  HASH_CAPACITY,
  INPUT,
  KEY,
  MESSAGES,
  MESSAGE_BYTES,
  MESSAGE_LENGTHS,
  POINT_OUT,
  R_FORM,
  R_VALUE,
  STATUS,
  S_VALUE,
} from './memory';
export { decompress, reconstruct } from './p256/ecqv';
export { fieldWorks } from './p256/field';
export { verify } from './p256/verify';
export { hashMany, streamBegin, streamEnd, streamUpdate } from './sha256/stream';

/** Where the last static region ends; the host checks that the memory reaches that far. */
export const STATIC_END: usize = __heap_base;

/** Constants and the generator's table; once, before any other call but hashing. */
export function init(): void {
  feInit();
  pointInit();
  keysInit();
  buildBaseTable();
}
