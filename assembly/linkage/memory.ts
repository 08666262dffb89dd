/** The map of linear memory that the host sees. Nothing is allocated at run time, and memory never grows. */

/** Chains of one call; a multiple of what is worked on together. */
export const CHAIN_CAPACITY: i32 = 2048;
/** Octets of a chain: la_id, then the seed. */
export const CHAIN_OCTETS: usize = 18;
export const LA_ID_OCTETS: usize = 2;
/** Linkage values of one call: at least 64 entries' with all 256 values of j. */
export const VALUE_CAPACITY: i32 = 16384;
/** Octets of a value with its entry's number. */
export const RECORD_OCTETS: usize = 12;
/** Octets of a value alone. */
export const VALUE_OCTETS: usize = 9;

/** IN and OUT. Whatever is worked on together is read to its end, so what is behind the chains of a call is read too. */
export const CHAINS: usize = memory.data(18 * CHAIN_CAPACITY, 16);
/** OUT: records of expand; values of groupValues, of which the last is followed by what belongs to none. */
export const VALUES: usize = memory.data(12 * VALUE_CAPACITY, 16);
