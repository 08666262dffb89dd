/**
 * The map of linear memory. Its size is fixed when the module is built, nothing is allocated at run time, and memory never
 * grows, so a view on it stays valid for good.
 *
 * asc lays the regions out, in the order in which they are first used, behind the constant tables. Regions named IN are
 * written by the host between calls and only read here; OUT regions are cleared before a call works on them, so that
 * what was not written reads as NOT_JUDGED or zero. Small scratch elements belong to the file that uses them.
 */
import { FE_BYTES, LANES } from './p256/field';

/** Items of one call. What is shared over a call (one inversion mod n, the buckets of the batch equation) gains until about here. */
export const CAPACITY: i32 = 1024;
/** Lock-step groups of LANES items in a full call. */
export const MAX_BLOCKS: i32 = CAPACITY / LANES;
/**
 * Items whose points are worked on together: so few that everything stays in the second-level cache, so many that an inversion
 * for each round of additions does not count.
 */
export const CHUNK_BLOCKS: i32 = 64 / LANES;

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
/** IN: u16 an item, the slot of its key's table. */
export const TABLE_SLOT: usize = memory.data(2 * CAPACITY, 16);
/** OUT: one status octet an item (status.ts). */
export const STATUS: usize = memory.data(CAPACITY, 16);
/** OUT: 64 octets an item, affine x ‖ y, big-endian. */
export const POINT_OUT: usize = memory.data(64 * CAPACITY, 16);

/** Messages of one call of hashMany: four for each signature of a full round. */
export const HASH_CAPACITY: i32 = 4096;
/** Octets of a round: messages to be hashed, with the signatures and keys in them. A multiple of the block. */
export const MESSAGE_BYTES: i32 = 1 << 19;
/** IN: octets, wherever the host puts them. */
export const MESSAGES: usize = memory.data(MESSAGE_BYTES, 16);
/** IN: u32 each, address and length of a message, and the digest that its hash becomes. */
export const MESSAGE_AT: usize = memory.data(4 * HASH_CAPACITY, 16);
export const MESSAGE_LENGTHS: usize = memory.data(4 * HASH_CAPACITY, 16);
export const MESSAGE_TO: usize = memory.data(4 * HASH_CAPACITY, 16);
/** Digests of a round: computed, or known to the host. */
export const DIGEST_CAPACITY: i32 = HASH_CAPACITY + 2048;
/** IN and OUT: 32 octets each. */
export const DIGESTS: usize = memory.data(32 * DIGEST_CAPACITY, 16);

// ---- Signatures of a round, described by where they lie; place.ts puts them where the calls above expect them

/** Signatures and points of a round: two of each for every item. */
export const ROUND_CAPACITY: i32 = 2048;
/** IN: digest ids (u16) of the data and the signer; addresses (u32) of r and s; form of r (u8). */
export const SIGNATURE_DATA: usize = memory.data(2 * ROUND_CAPACITY, 16);
export const SIGNATURE_SIGNER: usize = memory.data(2 * ROUND_CAPACITY, 16);
export const SIGNATURE_R: usize = memory.data(4 * ROUND_CAPACITY, 16);
export const SIGNATURE_S: usize = memory.data(4 * ROUND_CAPACITY, 16);
export const SIGNATURE_FORM: usize = memory.data(ROUND_CAPACITY, 16);
/** IN: for signatures under an implicit certificate's key, digest ids (u16) of its toBeSigned and of its issuer. */
export const SIGNATURE_TBS: usize = memory.data(2 * ROUND_CAPACITY, 16);
export const SIGNATURE_ISSUER: usize = memory.data(2 * ROUND_CAPACITY, 16);
/** IN: which point (u16) is a signature's key, or its reconstruction value. */
export const SIGNATURE_POINT: usize = memory.data(2 * ROUND_CAPACITY, 16);
/** IN: the same of the issuer's certificate, where that is an implicit one too. */
export const SIGNATURE_UPPER_TBS: usize = memory.data(2 * ROUND_CAPACITY, 16);
export const SIGNATURE_UPPER_ISSUER: usize = memory.data(2 * ROUND_CAPACITY, 16);
export const SIGNATURE_UPPER_POINT: usize = memory.data(2 * ROUND_CAPACITY, 16);
/** IN: address (u32) of a point's x, and whether its y is odd (u8). */
export const POINT_AT: usize = memory.data(4 * ROUND_CAPACITY, 16);
export const POINT_ODD: usize = memory.data(ROUND_CAPACITY, 16);
/** IN: u16 each, which of them a call is about, in the order of its items. */
export const ORDER: usize = memory.data(2 * ROUND_CAPACITY, 16);

// ---- Working memory of p256/

/** Window width of the multiples of a caller's point, in bits, and how many digits that makes of 256. */
export const WINDOW: i32 = 5;
export const DIGITS: i32 = 52;
/** Odd multiples 1, 3 … 31 of each caller's point. */
export const TABLE_ENTRIES: i32 = 16;
/**
 * Tables of fixed-table.ts: 256 / WINDOW positions of WINDOW bits, one more in the lowest 256 % WINDOW of them; 64 octets an entry.
 *
 * The generator's, made once at start-up: 18 positions, 11 MiB. With 15 bits for it and for issuers (18 MiB each) a verification takes some
 * 3 % less, with 16 bits 5 %, and a kernel 50 or 140 ms longer to start.
 */
export const BASE_WINDOW: i32 = 14;
export const BASE_POSITIONS: i32 = 256 / BASE_WINDOW;

/** Of keys that come back: 28 positions, 512 KiB, built in about 1.5 ms. */
export const KEY_WINDOW: i32 = 9;
const KEY_POSITIONS: i32 = 256 / KEY_WINDOW;
export const KEY_TABLES: i32 = 64;
/** Of keys under which very much comes, issuers: 18 positions, 11 MiB, built in about 30 ms. */
export const ISSUER_WINDOW: i32 = 14;
const ISSUER_POSITIONS: i32 = 256 / ISSUER_WINDOW;
export const ISSUER_TABLES: i32 = 2;
/** Most positions of a table: keys have the narrowest window. */
export const MAX_POSITIONS: i32 = KEY_POSITIONS;
/** Most references of one sum: the generator's and a key's. */
const MAX_TERMS: i32 = BASE_POSITIONS + KEY_POSITIONS;

/** The digest of each item, 32 octets. */
export const ITEM_DIGEST: usize = memory.data(32 * CAPACITY, 16);
/** Recoded digits of a chunk, u16 each, item after item; see recode() in scalar.ts. */
export const POINT_DIGITS: usize = memory.data(2 * DIGITS * LANES * CHUNK_BLOCKS, 16);
/** Scalars (40 octets) an item: r, s and its inverse, the two factors. */
export const ITEM_R: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_S: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_U1: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_U2: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_INVERSE: usize = memory.data(40 * CAPACITY, 16);

/** The caller's point of each block, affine. */
export const BLOCK_POINT: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** A second point of each block: the issuer's key in a reconstruction. */
export const BLOCK_ADDEND: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** A third one: the reconstruction value of an issuer that has an implicit certificate itself. */
export const BLOCK_ISSUER: usize = memory.data(<i32>(POINT_BYTES * MAX_BLOCKS), 16);
/** The result of each block, Jacobian. */
export const BLOCK_RESULT: usize = memory.data(<i32>(JACOBIAN_BYTES * MAX_BLOCKS), 16);
/** 2^k times the point of each block of a chunk, while its table is made. */
export const BLOCK_POWER: usize = memory.data(<i32>(POINT_BYTES * CHUNK_BLOCKS), 16);
/** Block after block of a chunk, TABLE_ENTRIES affine points. */
export const BLOCK_TABLE: usize = memory.data(<i32>(POINT_BYTES * TABLE_ENTRIES * CHUNK_BLOCKS), 16);
/** Digits and multiples of further points of each block of a chunk, where several products are made together. */
export const SECOND_DIGITS: usize = memory.data(2 * DIGITS * LANES * CHUNK_BLOCKS, 16);
export const SECOND_TABLE: usize = memory.data(<i32>(POINT_BYTES * TABLE_ENTRIES * CHUNK_BLOCKS), 16);
export const THIRD_DIGITS: usize = memory.data(2 * DIGITS * LANES * CHUNK_BLOCKS, 16);
export const THIRD_TABLE: usize = memory.data(<i32>(POINT_BYTES * TABLE_ENTRIES * CHUNK_BLOCKS), 16);

/** References of the fixed sums of a chunk: one u32 a lane, MAX_TERMS a block. */
export const REFERENCES: usize = memory.data(4 * LANES * MAX_TERMS * CHUNK_BLOCKS, 16);
/** The sums of pairs, affine, MAX_TERMS / 2 a block. */
export const SUMS: usize = memory.data(<i32>(POINT_BYTES * ((MAX_TERMS + 1) / 2) * CHUNK_BLOCKS), 16);
/** One octet a block of a chunk: not zero where its sum is of no use. */
export const BLOCK_EXCEPTIONAL: usize = memory.data(CHUNK_BLOCKS, 16);
/** 2^(window·i)·P for every position of a table that is being built, Jacobian at first. */
export const POSITIONS: usize = memory.data(<i32>(JACOBIAN_BYTES * (MAX_POSITIONS / LANES + 1)), 16);

/** The stack of a shared inversion: two elements an entry. Its largest use is the first round of the sums of a chunk,
 * at least 16 additions a block with windows of up to 16 bits; a reconstruction pushes its MAX_BLOCKS, 16 times CHUNK_BLOCKS. */
export const INVERSE_ENTRIES: i32 = CHUNK_BLOCKS * ((MAX_TERMS + 1) / 2);
export const INVERSE_STACK: usize = memory.data(2 * <i32>FE_BYTES * (INVERSE_ENTRIES + 1), 16);

// ---- Tables, compact points of 64 octets, each one line of the cache

export const BASE_TABLE: usize = memory.data((BASE_POSITIONS + 256 % BASE_WINDOW) * (64 << (BASE_WINDOW - 1)), 64);
export const KEY_TABLE_BYTES: usize = (KEY_POSITIONS + 256 % KEY_WINDOW) * (64 << (KEY_WINDOW - 1));
export const KEY_TABLE: usize = memory.data(<i32>KEY_TABLE_BYTES * KEY_TABLES, 64);
export const ISSUER_TABLE_BYTES: usize = (ISSUER_POSITIONS + 256 % ISSUER_WINDOW) * (64 << (ISSUER_WINDOW - 1));
export const ISSUER_TABLE: usize = memory.data(<i32>ISSUER_TABLE_BYTES * ISSUER_TABLES, 64);

// ---- The batch equation

/** Points that many items have in common: keys, and issuers of implicit certificates. */
export const SHARED: i32 = 256;
/** Terms of one multi-scalar multiplication: R and a key's point of each item, the shared ones, and G. */
export const TERMS: i32 = 2 * CAPACITY + SHARED + 1;
/** u32 a term: a reference to its packed point (lowest bit a sign), and the address of its scalar. */
export const TERM_POINT: usize = memory.data(4 * TERMS, 16);
export const TERM_SCALAR: usize = memory.data(4 * TERMS, 16);
/** Packed points of the items: R, and the key or the reconstruction value; then the shared ones. */
export const R_POINT: usize = memory.data(80 * CAPACITY, 16);
export const ITEM_POINT: usize = memory.data(80 * CAPACITY, 16);
export const SHARED_POINT: usize = memory.data(80 * SHARED, 16);
/** IN: 16 octets an item, the multipliers of the batch equation less one: unpredictable. */
export const MULTIPLIERS: usize = memory.data(16 * CAPACITY, 16);
/** IN: u8 an item, which shared point is its key or its issuer's. */
export const SHARED_INDEX: usize = memory.data(CAPACITY, 16);
/**
 * IN: 64 octets an item, what e of an implicit certificate is the hash of: H(toBeSigned) ‖ H(issuer). Or, as INPUT, what is tried where
 * that does not hold.
 */
export const IMPLICIT_INPUT: usize = memory.data(64 * CAPACITY, 16);
/** IN: where the issuer has an implicit certificate itself, the same of that one: 33 octets, a SEC 1 compressed point, and 64. */
export const ISSUER_COMPRESSED: usize = memory.data(33 * CAPACITY, 16);
export const ISSUER_INPUT: usize = memory.data(64 * CAPACITY, 16);
/** IN: 64 octets each, affine x ‖ y of the shared points. */
export const SHARED_KEY: usize = memory.data(64 * SHARED, 16);
/** Scalars (40 octets) an item: the multiplier, what G gets, what its own point gets, what its shared point gets. */
export const ITEM_Z: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_G: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_OWN: usize = memory.data(40 * CAPACITY, 16);
export const ITEM_SHARED: usize = memory.data(40 * CAPACITY, 16);
/** Scalars of the shared points and of G, summed up. */
export const SHARED_SCALAR: usize = memory.data(40 * (SHARED + 1), 16);

/** Lists of a multi-scalar multiplication, and their references, u32 each: bounds of msm.ts for TERMS terms. */
export const LISTS: i32 = 8192;
export const MAX_REFS: i32 = 90000;
export const OFFSETS: usize = memory.data(4 * LISTS, 16);
export const LENGTHS: usize = memory.data(4 * LISTS, 16);
export const REFS: usize = memory.data(4 * MAX_REFS, 16);
/** Places for sums, packed: a list of n references needs n / 2. */
export const SLOTS: usize = memory.data(80 * (MAX_REFS / 2), 16);
export const SLOTS_END: usize = SLOTS + 80 * (MAX_REFS / 2);
/** Additions that share an inversion: operands, where the sum goes, and where its reference stands. */
export const JOBS: i32 = 512;
export const JOB_A: usize = memory.data(4 * JOBS, 16);
export const JOB_B: usize = memory.data(4 * JOBS, 16);
export const JOB_TO: usize = memory.data(4 * JOBS, 16);
export const JOB_REF: usize = memory.data(4 * JOBS, 16);
/** Where sums go that nobody reads. */
export const TRASH: usize = memory.data(80, 16);
