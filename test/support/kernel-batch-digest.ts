import type { KernelBatch } from '../../src/kernel/kernel-batch.ts';

/** A digest of the round that a kernel batch has run. */
export function kernelBatchDigest(bench: KernelBatch, id: number): Uint8Array {
  const digest = new Uint8Array(32);
  bench.copyDigest(id, 32, digest, 0);
  return digest;
}
