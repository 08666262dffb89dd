/**
 * The contract of every arithmetic kernel (WebAssembly with fused multiply-add, with SIMD, without, and native).
 *
 * A kernel is synchronous and batch-first: packed arrays go in, one status octet per item comes out. What it says does not depend
 * on the calls before; what it remembers, tables of keys, only saves time. It knows octets and numbers, no certificates. All
 * verification inputs are public, so variable time is allowed by
 * design. Kernels are not re-entrant: one call at a time per instance.
 */

import type { KernelBatch } from './kernel-batch.ts';
import type { KernelMetrics } from './metrics.ts';

/** The builds of the arithmetic that can be asked for. */
export type KernelName = 'scalar' | 'simd' | 'fma' | 'native';

export { Status } from './status.ts';

/** How the x-coordinate of R was encoded (EccP256CurvePoint of IEEE 1609.2 §6.3.23); the numbers are the choice's own. */
export const RForm = { xOnly: 0, compressedY0: 2, compressedY1: 3, uncompressed: 4 } as const;
export type RForm = (typeof RForm)[keyof typeof RForm];

/**
 * The ways in which a signature can be verified, which all say the same: by a table of its key; by one equation for many, which needs
 * the y of R; in lock-step with others; singly. `auto` takes what costs least; a name takes that way wherever it is possible.
 */
export type VerifyPath = 'auto' | 'table' | 'batch' | 'lockstep' | 'single';

/** ECDSA P-256 / SHA-256 verifications, packed. Every array is big-endian, item after item. */
export interface VerifyBatch {
  readonly count: number;
  /**
   * What is signed: with `hashed: false` 64 octets an item, H(data) ‖ H(signer identifier), which ECDSA hashes once more
   * (IEEE 1609.2 §5.3.1); with `hashed: true` 32 octets an item, the ECDSA digest itself.
   */
  readonly input: Uint8Array;
  readonly hashed: boolean;
  /** As `input`: tried for each item whose input does not hold, at a small part of the cost. */
  readonly alternative?: Uint8Array;
  /** One {@link RForm} an item. The y of R is a hint and never decides: valid means x(R) mod n = r. */
  readonly rForm: Uint8Array;
  /** 32 octets an item: r itself for x-only, else the x-coordinate of R (r = x mod n). */
  readonly r: Uint8Array;
  /** 32 octets an item. */
  readonly s: Uint8Array;
  /** 64 octets an item: affine x ‖ y. Checked to be on the curve. */
  readonly publicKey: Uint8Array;
  /** For tests and measurements; kernels with one way only take that. */
  readonly path?: VerifyPath;
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

/** Points, one status each; if the status is not `ok` the bytes of that point are zero. */
export interface PointResult {
  readonly status: Uint8Array;
  /** 64 octets an item: affine x ‖ y. */
  readonly points: Uint8Array;
}

/** The arithmetic of verification on packed arrays; synchronous, and not re-entrant. */
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
  /** Everything of a round in one call, where octets lie; what is put there is void after any other call. */
  readonly kernelBatch: KernelBatch;
  /** Counts since creation. */
  readonly metrics: KernelMetrics;
}
