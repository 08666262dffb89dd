/** The test entry: everything of the release, and the primitives below it. Never shipped. */
export * from './index';
export { BASE_POSITIONS, BASE_TABLE, BASE_WINDOW, ISSUER_WINDOW, KEY_WINDOW, DIGITS, JACOBIAN_BYTES, POINT_BYTES, WINDOW } from './memory';
export * from './p256/field';
export { LISTS, MAX_REFS, TERMS } from './memory';
export { MODULUS_N, MODULUS_P, invertOctets } from './p256/modular-inverse';
export { windowFor } from './p256/msm';
export { pairFromOctets, pairToMontgomery } from './p256/pair';
export * from './p256/pair-steps';
export { XX, ZY, singleAdd, singleBegin, singleDouble, singleIsExceptional } from './p256/verify-one';
export { gatherCompact, gatherCompactSigned, packCompact } from './p256/compact';
export { affineDoubleAnnounce, affineDoubleFinish, affineSumAnnounce, affineSumFinish } from './p256/affine';
export { inversesBegin, inversesRun } from './p256/shared-inverse';
export * from './p256/point';
export * from './p256/scalar';
export { compress } from './sha256/compress';

/** Room for the tests' own operands. */
export const SCRATCH_BYTES: i32 = 16384;
export const SCRATCH: usize = memory.data(SCRATCH_BYTES, 16);

// ---- Loops for bench/: n times the operation on LANES values, without a call from the host each time.

import { JACOBIAN_BYTES as JACOBIAN, POINT_BYTES as AFFINE } from './memory';
import { FE_BYTES, feInvert, feMul, feSqr, feSquareRoot } from './p256/field';
import { pointAddAffine } from './p256/point';

/** Eight operands in turn, so that one product does not wait for another. */
export function benchMul(n: i32): void {
  for (let i = 0; i < n; i++) {
    const at = SCRATCH + <usize>(i & 7) * FE_BYTES;
    feMul(at, at, SCRATCH + <usize>((i + 1) & 7) * FE_BYTES);
  }
}

export function benchSqr(n: i32): void {
  for (let i = 0; i < n; i++) {
    const at = SCRATCH + <usize>(i & 7) * FE_BYTES;
    feSqr(at, at);
  }
}

export function benchInvert(n: i32): void {
  for (let i = 0; i < n; i++) feInvert(SCRATCH, SCRATCH);
}

export function benchSquareRoot(n: i32): void {
  for (let i = 0; i < n; i++) feSquareRoot(SCRATCH, SCRATCH);
}

export function benchAdd(n: i32): void {
  for (let i = 0; i < n; i++) pointAddAffine(SCRATCH, SCRATCH, SCRATCH + JACOBIAN + <usize>(i & 3) * AFFINE);
}
