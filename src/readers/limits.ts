/** Bounds on what an input may make us hold or do. Each is named in the error that it causes (DECISIONS D25). */

const MIB = 1024 * 1024;

/** A line of text: a 64 KiB message twice in hex inside an ODE document takes 256 KiB; chain files in hex need more. */
export const MAX_LINE_OCTETS = 4 * MIB;

/** Files read whole (COER, JSON documents): a million certificates of 500 octets fit. */
export const MAX_WHOLE_OCTETS = 512 * MIB;

/** What a compressed stream may unfold to: 64 GiB, a day of a busy roadside unit's log a thousand times over. */
export const MAX_DECOMPRESSED_OCTETS = 64 * 1024 * MIB;

/** How much of a stretch that no record could be found in is handed on; more would only be repeated in memory. */
export const MAX_KEPT_GARBAGE_OCTETS = MIB;

/** How much of an input is looked at to tell its format: more than the largest device log record. */
export const SNIFF_OCTETS = 96 * 1024;
