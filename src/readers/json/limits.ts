/** Bounds on JSON. Each is named in the error that it causes (DECISIONS D25). */

/** Objects and lists inside each other. */
export const MAX_JSON_NESTING = 64;

/** One document, or one element of a list around all documents: a list of 100,000 messages of 300 bytes in hex fits. */
export const MAX_JSON_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Names and values in one document: a chain file of 4 MB as a list of numbers fits. */
export const MAX_JSON_TOKENS = 4 * 1024 * 1024;

/** JSON in strings of JSON: each level doubles the backslashes of the one inside. */
export const MAX_JSON_IN_STRINGS = 4;

/** Characters in one number. */
export const MAX_NUMBER_CHARACTERS = 1024;
