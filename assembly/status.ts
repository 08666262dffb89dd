/** What the core says of one item; the numbers are those of `Status` in src/kernel/kernel.ts. */
export const NOT_JUDGED: u8 = 0;
export const OK: u8 = 1;
export const BAD_SIGNATURE: u8 = 2;
export const SCALAR_OUT_OF_RANGE: u8 = 3;
export const NOT_ON_CURVE: u8 = 4;
export const INFINITY: u8 = 5;
export const OK_ALTERNATIVE: u8 = 6;

/** How r was encoded; the numbers are those of `RForm` in src/kernel/kernel.ts. Any other form than x-only reduces x mod n. */
export const R_FORM_X_ONLY: u8 = 0;
export const R_FORM_UNCOMPRESSED: u8 = 4;
