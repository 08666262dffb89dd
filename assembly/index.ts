/** The release entry: the only functions and addresses the host sees. */
import { GENERATOR, keysInit } from './p256/keys';
import { feInit } from './p256/field';
import { batchInit } from './p256/batch';
import { pairInit } from './p256/pair';
import { pointInit } from './p256/point';
import { buildBaseTable } from './p256/verify-tables';

export {
  CAPACITY,
  COMPRESSED,
  DIGESTS,
  DIGEST_CAPACITY,
  HASH_CAPACITY,
  IMPLICIT_INPUT,
  INPUT,
  ISSUER_TABLES,
  KEY,
  KEY_TABLES,
  MESSAGES,
  MESSAGE_AT,
  MESSAGE_BYTES,
  MESSAGE_LENGTHS,
  MESSAGE_TO,
  MULTIPLIERS,
  ORDER,
  POINT_AT,
  POINT_ODD,
  POINT_OUT,
  ROUND_CAPACITY,
  R_FORM,
  R_VALUE,
  SHARED,
  SHARED_INDEX,
  SHARED_KEY,
  SIGNATURE_DATA,
  SIGNATURE_FORM,
  SIGNATURE_ISSUER,
  SIGNATURE_POINT,
  SIGNATURE_R,
  SIGNATURE_S,
  SIGNATURE_SIGNER,
  SIGNATURE_TBS,
  SIGNATURE_UPPER_ISSUER,
  SIGNATURE_UPPER_POINT,
  SIGNATURE_UPPER_TBS,
  STATUS,
  S_VALUE,
  TABLE_SLOT,
} from './memory';
export { equations, verifyByEquation } from './p256/batch';
export { checkPoints, randomOctetsFor } from './p256/curve-check';
export { decompress, reconstruct } from './p256/ecqv';
export { fieldWorks } from './p256/field';
export { verify, verifyEither, verifyImplicit } from './p256/verify';
export { verifyOne } from './p256/verify-one';
export { buildKeyTable, verifyByTables } from './p256/verify-tables';
export { placeImplicit, placeKeys, placePoints, placeSignatures, placeUpper } from './place';
export { hashMany, streamBegin, streamEnd, streamUpdate } from './sha256/stream';

/** Where the last static region ends; the host checks that the memory reaches that far. */
export const STATIC_END: usize = __heap_base;

/** Constants and the generator's table; once, before any other call but hashing. */
export function init(): void {
  feInit();
  pointInit();
  keysInit();
  pairInit();
  batchInit();
  buildBaseTable(GENERATOR);
}
