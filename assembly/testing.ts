/** The test entry: everything of the release, and the primitives below it. Never shipped. */
export * from './index';
export { BASE_DIGITS, BASE_ENTRIES, BASE_TABLE, BASE_WINDOW, DIGITS, JACOBIAN_BYTES, POINT_BYTES, WINDOW } from './memory';
export * from './p256/field';
export * from './p256/point';
export * from './p256/scalar';
export { compress } from './sha256/compress';

/** Room for the tests' own operands. */
export const SCRATCH_BYTES: i32 = 16384;
export const SCRATCH: usize = memory.data(SCRATCH_BYTES, 16);
