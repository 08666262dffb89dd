/**
 * The map of linear memory. Its size is fixed when the module is built, nothing is allocated at run time, and memory never
 * grows, so a view on it stays valid for good.
 *
 * asc lays the regions out, in the order in which they are first used, behind the constant tables. Regions named IN are
 * written by the host between calls and only read here; OUT regions are cleared before a call works on them, so that
 * what was not written reads as NOT_JUDGED or zero. Small scratch elements belong to the file that uses them.
 */
import { FE_BYTES, LANES } from './p256/field';

/** Items of one call of verify, reconstruct or decompress: enough to make one shared inversion cheap. */
export const CAPACITY: i32 = 256;
/** Lock-step groups of LANES items in a full call. */
export const MAX_BLOCKS: i32 = CAPACITY / LANES;

/** An affine point: x, then y. */
export const POINT_BYTES: usize = 2 * FE_BYTES;
/** A Jacobian point: X, Y, Z. */
export const JACOBIAN_BYTES: usize = 3 * FE_BYTES;

// ---- Host side

/** IN: 64 octets an item (two hashes to be hashed once more), or 32 (a digest). */
export const INPUT: usize = memory.data(64 * CAPACITY, 16);
/** IN: one octet an item, the form of r. */
export const R_FORM: usize = memory.data(CAPACITY, 16);
/** IN: 32 big-endian octets an item. */
export const R_VALUE: usize = memory.data(32 * CAPACITY, 16);
/** IN: 32 big-endian octets an item. */
export const S_VALUE: usize = memory.data(32 * CAPACITY, 16);
/** IN: 64 octets an item, affine x ‖ y, big-endian: the key that verifies, or the issuer's in a reconstruction. */
export const KEY: usize = memory.data(64 * CAPACITY, 16);
/** IN: 33 octets an item, a SEC 1 compressed point. */
export const COMPRESSED: usize = memory.data(33 * CAPACITY, 16);
/** OUT: one status octet an item (status.ts). */
export const STATUS: usize = memory.data(CAPACITY, 16);
/** OUT: 64 octets an item, affine x ‖ y, big-endian. */
export const POINT_OUT: usize = memory.data(64 * CAPACITY, 16);

/** Messages of one call of hashMany. */
export const HASH_CAPACITY: i32 = 256;
/** Octets of messages of one call of hashMany, or of one streamed piece; a multiple of the block. */
export const MESSAGE_BYTES: i32 = 65536;
/** IN: messages back to back. */
export const MESSAGES: usize = memory.data(MESSAGE_BYTES, 16);
/** IN: u32 length of each message. */
export const MESSAGE_LENGTHS: usize = memory.data(4 * HASH_CAPACITY, 16);
/** OUT: 32 octets a message. */
export const DIGESTS: usize = memory.data(32 * HASH_CAPACITY, 16);

// ---- Working memory of p256/

/** Window width of the multiples of a caller's point, in bits, and how many digits that makes of 256. */
export const WINDOW: i32 = 5;
export const DIGITS: i32 = 52;
/** Odd multiples 1, 3 … 31 of each caller's point. */
export const TABLE_ENTRIES: i32 = 16;
/**
 * The same for the generator, whose table is made once: 11 bits make 24 digits, three more additions a verification than
 * 13 bits would, but a table of 80 KiB a lane, which stays in a second-level cache and is made in about a millisecond.
 */
export const BASE_WINDOW: i32 = 11;
export const BASE_DIGITS: i32 = 24;
export const BASE_ENTRIES: i32 = 1024;

/** The digest of each item, 32 octets. */
export const ITEM_DIGEST: usize = memory.data(32 * CAPACITY, 16);
/** Recoded digits, u16 each, item after item; see recode() in scalar.ts. */
export const POINT_DIGITS: usize = memory.data(2 * DIGITS * CAPACITY, 16);
export const BASE_POINT_DIGITS: usize = memory.data(2 * BASE_DIGITS * CAPACITY, 16);
/** Scalars (40 octets) an item: r, s and the prefix products of the shared inversion mod n. */
export const ITEM_R: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_S: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_PREFIX: usize = memory.data(40 * CAPACITY, 16);

/** The caller's point of each block, affine. */
export const BLOCK_POINT: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** A second point of each block: the issuer's key in a reconstruction. */
export const BLOCK_ADDEND: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** The result of each block, Jacobian. */
export const BLOCK_RESULT: usize = memory.data(<i32>(JACOBIAN_BYTES * MAX_BLOCKS), 16);
/** 2^k times the point of each block, while its table is made. */
export const BLOCK_POWER: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** Block after block, TABLE_ENTRIES affine points. */
export const BLOCK_TABLE: usize = memory.data(<i32>(POINT_BYTES * TABLE_ENTRIES * MAX_BLOCKS), 16);
/** BASE_ENTRIES affine points, every lane the same. */
export const BASE_TABLE: usize = memory.data(<i32>(POINT_BYTES * BASE_ENTRIES), 16);

/**
 * The stack of a shared inversion, two elements an entry. Its largest use is the last step of the callers' tables: for each
 * block eight sums; the generator's last step, 512 sums and no doubling, is smaller.
 */
export const INVERSE_ENTRIES: i32 = MAX_BLOCKS * 8;
export const INVERSE_STACK: usize = memory.data(2 * <i32>FE_BYTES * INVERSE_ENTRIES, 16);
