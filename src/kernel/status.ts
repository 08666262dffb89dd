/**
 * The result of a kernel for one item. The numbers are shared with `assembly/status.ts`.
 * Zero is "not verified", so that memory that was not written can never be read as an acceptance.
 */
export const Status = {
  notJudged: 0,
  ok: 1,
  /** The equation does not hold, or R is the point at infinity. */
  badSignature: 2,
  /** r or s is zero or not below n (after reduction of r where the form of rSig asks for it). */
  scalarOutOfRange: 3,
  /** A public key, reconstruction value or compressed x is not a point of the curve. */
  notOnCurve: 4,
  /** ECQV reconstruction ended at the point at infinity. */
  infinity: 5,
  /** The equation does not hold over the input, and does over the alternative. */
  okAlternative: 6,
} as const;
export type Status = (typeof Status)[keyof typeof Status];
