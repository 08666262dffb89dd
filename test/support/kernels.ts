/** Kernels that misbehave, or see the world otherwise, around one that does not. */
import { createKernel } from '../../src/kernel/index.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { createPortableBatch } from '../../src/kernel/portable-batch.ts';
import { toHex } from './octets.ts';

export const KERNEL: Kernel = createKernel('auto');

/** KERNEL with some of its functions replaced. */
export function kernelWith(replaced: Partial<Kernel>): Kernel {
  const kernel: Omit<Kernel, 'kernelBatch'> = {
    name: KERNEL.name,
    memoryBytes: KERNEL.memoryBytes,
    metrics: KERNEL.metrics,
    sha256: (messages) => KERNEL.sha256(messages),
    verify: (batch) => KERNEL.verify(batch),
    reconstruct: (batch) => KERNEL.reconstruct(batch),
    decompress: (count, compressed) => KERNEL.decompress(count, compressed),
    ...replaced,
  };
  return { ...kernel, kernelBatch: replaced.kernelBatch ?? createPortableBatch(kernel) };
}

/**
 * A kernel under whose SHA-256 some certificates have the last octets that they are given, as if somebody had ground them.
 * Signatures are verified over their true hashes.
 */
export function kernelWithCollisions(tails: ReadonlyMap<Uint8Array, Uint8Array>): Kernel {
  const trueHash = new Map<string, Uint8Array>();
  const falseHash = new Map<string, Uint8Array>();
  for (const [octets, tail] of tails) {
    const digest = KERNEL.sha256([octets]).slice();
    const ground = digest.slice();
    ground.set(tail, ground.length - tail.length);
    trueHash.set(toHex(ground), digest);
    falseHash.set(toHex(octets), ground);
  }
  const restored = (input: Uint8Array): Uint8Array => {
    const out = input.slice();
    for (let at = 0; at < out.length; at += 32) {
      const digest = trueHash.get(toHex(out.subarray(at, at + 32)));
      if (digest) out.set(digest, at);
    }
    return out;
  };
  return kernelWith({
    sha256(messages) {
      const digests = KERNEL.sha256(messages);
      messages.forEach((message, i) => {
        const ground = falseHash.get(toHex(message));
        if (ground) digests.set(ground, 32 * i);
      });
      return digests;
    },
    verify: (batch) => KERNEL.verify({ ...batch, input: restored(batch.input) }),
    reconstruct: (batch) => KERNEL.reconstruct({ ...batch, input: restored(batch.input) }),
  });
}
