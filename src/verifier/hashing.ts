import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { Kernel } from '../kernel/kernel.ts';
import { nodeCrypto } from '../kernel/node-crypto.ts';

/** Hash functions of signatures and certificates that this verifier computes. */
export type HashName = 'sha256' | 'sha384';

export interface HashJob {
  readonly algorithm: HashName;
  readonly octets: Uint8Array;
}

const platform = nodeCrypto();

/**
 * Octets from which on the platform hashes faster than the kernel: its lanes gain by messages of like length, and processors have
 * instructions for SHA-256 that WebAssembly has not.
 */
export const LONG = 1024;

/** Hashes many octet strings; short ones by SHA-256 in one kernel batch. */
export function hashAll(kernel: Kernel, jobs: readonly HashJob[]): Uint8Array[] {
  const inKernel = jobs.filter(isForKernel);
  const digests = kernel.sha256(inKernel.map(({ octets }) => octets));
  let next = 0;
  return jobs.map((job) => {
    if (!isForKernel(job)) return hashOf(job.algorithm, job.octets);
    const at = next++ * 32;
    return digests.subarray(at, at + 32);
  });
}

function isForKernel({ algorithm, octets }: HashJob): boolean {
  return algorithm === 'sha256' && (octets.length < LONG || platform === undefined);
}

/** One hash, where a batch of them would be no gain: by the platform, or in JavaScript in a browser. */
export function hashOf(algorithm: HashName, octets: Uint8Array): Uint8Array {
  if (platform !== undefined) return new Uint8Array(platform.hash(algorithm, octets, 'buffer'));
  return algorithm === 'sha384' ? sha384(octets) : sha256(octets);
}
