/** Bounds on what text may make us hold or do. Each is named in the error that it causes (DECISIONS D25). */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Text of one message over several lines: chain files and CRLs in hex of 32 MiB fit. */
export const MAX_BLOCK_BYTES = 64 * MIB;

/**
 * Bytes that the `*` lines of the dumps of an input may stand for, and how many more for each byte of text in them: buffers
 * of a few KiB that are mostly zero fit.
 */
export const MAX_REPEATED_BYTES = 512 * KIB;
export const REPEATED_BYTES_PER_BYTE = 32;

/**
 * A line of text that stands for more bytes than this is never the continuation of a damaged message: signed messages fit
 * on such lines, and each is a record of its own. Programs that wrap put fewer on a line (`xxd -p` 30, `base64` 57).
 */
export const MAX_WRAPPED_LINE_BYTES = 80;

/** Lines that are nothing known wait for so many bytes to show whether a frame around a message begins with them. */
export const MAX_UNDECIDED_BYTES = 128;
