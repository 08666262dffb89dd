/** Bounds on what an input may make us hold or do. Each is named in the error that it causes (DECISIONS D25). */

const KIB = 1024;
const MIB = 1024 * KIB;

/** A line of text: a 64 KiB message twice in hex inside an ODE document takes 256 KiB; chain files in hex need more. */
export const MAX_LINE_BYTES = 4 * MIB;

/** Files read whole (JSON documents, ZIP archives, trust files), and the structure that an input begins with. */
export const MAX_WHOLE_BYTES = 512 * MIB;

/** A structure that follows others. What claims to be longer would hold back all that comes behind it. */
export const MAX_STRUCTURE_BYTES = 64 * MIB;

/**
 * A record that was cut short takes the beginning of the next one for its own end. Up to this length it is looked into again if
 * what follows is no record.
 */
export const MAX_REEXAMINED_BYTES = 64 * KIB;

/** Data without a signature is taken as a message behind damage up to this: a datagram. */
export const MAX_UNSIGNED_BYTES = 64 * KIB;

/**
 * List elements of a message or certificate that is looked for behind damage. Deployed ones have some dozens. Longer ones, and
 * containers, are looked for as long as {@link SEARCH_CREDIT_BYTES} lasts.
 */
export const MAX_SEARCHED_ELEMENTS = 512;

/** Messages in each other that are taken for one message, though the decoder takes far fewer. */
export const MAX_SKIMMED_NESTING = 256;

/** Bytes of failed attempts to decode that an input may cost, beyond {@link SEARCH_BYTES_PER_BYTE} for each of its bytes. */
export const SEARCH_CREDIT_BYTES = 4 * MIB;
export const SEARCH_BYTES_PER_BYTE = 8;

/** What a compressed stream may unfold to: 64 GiB, a day of a busy roadside unit's log a thousand times over. */
export const MAX_DECOMPRESSED_BYTES = 64 * 1024 * MIB;

/** What unfolds beyond the first number of bytes may be at most so many times as long as what was packed. */
export const UNFOLDED_FREELY_BYTES = 16 * MIB;
export const MAX_UNFOLDING = 100;

/**
 * Packed data in which hardly anything is found may unfold to this many times as much, and to this many bytes more for each record found:
 * looking through bytes without records takes longest.
 */
export const MAX_FRUITLESS_UNFOLDING = 20;
export const UNFOLDED_PER_RECORD_BYTES = 4 * KIB;

/** Files in an archive, and archives (gzip counts as one) inside each other. */
export const MAX_ARCHIVE_ENTRIES = 100_000;
export const MAX_ARCHIVE_NESTING = 2;

/** Path of a file in an archive. */
export const MAX_ENTRY_NAME_BYTES = 4 * KIB;

/** A frame of a capture: what libpcap takes at most. */
export const MAX_FRAME_BYTES = 256 * KIB;

/** How much of a stretch that no record could be found in is handed on; more would only be repeated in memory. */
export const MAX_KEPT_BYTES = MIB;

/** How much of an input is looked at to tell its format: more than the largest device log record. */
export const SNIFF_BYTES = 96 * KIB;
