/**
 * The contract of every arithmetic kernel (WASM scalar, WASM SIMD, native).
 *
 * A kernel is synchronous, batch-first and stateless between calls: packed arrays go in, one status octet per item comes
 * out. It knows octets and numbers, no certificates. All verification inputs are public, so variable time is allowed by
 * design. Kernels are not re-entrant: one call at a time per instance.
 */

import type { Workbench } from './workbench.ts';

/** The builds of the arithmetic that can be asked for. */
export type KernelName = 'scalar' | 'simd' | 'native';

/**
 * What a kernel says of one item. The numbers are shared with `assembly/status.ts`.
 * Zero is "not judged", so that memory nobody wrote can never be read as an acceptance.
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
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** How the x-coordinate of R was encoded (EccP256CurvePoint of IEEE 1609.2 §6.3.23); the numbers are the choice's own. */
export const RForm = { xOnly: 0, compressedY0: 2, compressedY1: 3, uncompressed: 4 } as const;
export type RForm = (typeof RForm)[keyof typeof RForm];

/** ECDSA P-256 / SHA-256 verifications, packed. Every array is big-endian octets, item after item. */
export interface VerifyBatch {
  readonly count: number;
  /**
   * What is signed: with `hashed: false` 64 octets an item, H(data) ‖ H(signer identifier), which ECDSA hashes once more
   * (IEEE 1609.2 §5.3.1); with `hashed: true` 32 octets an item, the ECDSA digest itself.
   */
  readonly input: Uint8Array;
  readonly hashed: boolean;
  /** One {@link RForm} an item. The y of R is a hint and never decides: valid means x(R) mod n = r. */
  readonly rForm: Uint8Array;
  /** 32 octets an item: r itself for x-only, else the x-coordinate of R (r = x mod n). */
  readonly r: Uint8Array;
  /** 32 octets an item. */
  readonly s: Uint8Array;
  /** 64 octets an item: affine x ‖ y. Checked to be on the curve. */
  readonly publicKey: Uint8Array;
}

/** ECQV public key reconstructions Q = e·P_U + Q_CA (IEEE 1609.2 §5.3.2: e has the full 256 bits, mod n). */
export interface ReconstructBatch {
  readonly count: number;
  /** 64 octets an item: H(toBeSigned) ‖ H(issuer certificate); the kernel hashes them to e. */
  readonly input: Uint8Array;
  /** 33 octets an item: the reconstruction value P_U, SEC 1 compressed (02/03 ‖ x). */
  readonly reconstructionValue: Uint8Array;
  /** 64 octets an item: the issuer's public key, affine x ‖ y. Checked to be on the curve. */
  readonly issuerKey: Uint8Array;
}

/** Points, one status each; where the status is not `ok` the octets of that point are zero. */
export interface PointResult {
  readonly status: Uint8Array;
  /** 64 octets an item: affine x ‖ y. */
  readonly points: Uint8Array;
}

export interface Kernel {
  readonly name: KernelName;
  /** Octets of linear memory, fixed at creation; 0 where the kernel has none. */
  readonly memoryBytes: number;
  /** SHA-256 of each message, 32 octets an item. Any number of messages of any length. */
  sha256(messages: readonly Uint8Array[]): Uint8Array;
  /** One {@link Status} an item. Any count: the kernel cuts the batch to its regions. */
  verify(batch: VerifyBatch): Uint8Array;
  reconstruct(batch: ReconstructBatch): PointResult;
  /** SEC 1 compressed points (33 octets each) to affine, with the curve check. */
  decompress(count: number, compressed: Uint8Array): PointResult;
  /** Whole rounds of judging in one call; its rounds and the calls above do not overlap. */
  readonly workbench: Workbench;
}
